#!/usr/bin/env python3
"""Nobody sees by a list, a picker, a counter, a search, a form that comes back, a file or an error what they could not open.

Words that stand nowhere else are put into the people, places, records and files of another school and of another district; then
everybody asks every route there is, by every channel, and the words must not come. LONG=1 asks with every ledger and record."""
import os
import re
import sys
import tempfile

import test_api as t
from test_api import Anlan, all_of, check, png
from test_pictures import Browser
from test_security import routes

LONG = bool(os.environ.get("LONG"))
# what stands in the other school, by kind
NAME, PLACE, WORDS, FILE, LOGIN, UNIT = "Quxzorro", "Vlimpost", "Wobbegong", "Krakatuk", "quxzorro", "Tlaxolotl"
SEEK = "zanzibarium"  # stands beside them: an answer says again what was sought
NOT_MINE = re.compile("|".join((NAME, PLACE, WORDS, FILE, LOGIN)).encode())


def strange_school(s, api):
    """A school with a person, a place, a hazard with a photograph, minutes."""
    def add(ledger, org, **fields):
        a = s.ask("POST", f"{api}/{ledger}", fields.pop("who", "office"), {"org": org, **fields})
        if not check(a.status == 201, f"another school's {ledger}", a):
            sys.exit(1)
        return a.json["record"]["id"]
    org = add("org", s.root, name={"en": UNIT + " School", "zh": UNIT + "小学"}, kind="junior", code="TLAX", parent=s.root)
    ids = {"org": org}
    ids["person"] = add("person", org, name=f"{NAME} {SEEK}", login=LOGIN)
    ids["post"] = add("post", org, person=ids["person"], role="principal", title=WORDS + " post")
    ids["place"] = add("place", org, name={"en": PLACE + " hall", "zh": PLACE + "楼"}, kind="building")
    f = s.upload(api + "/files", "office", FILE + ".png", png(77)).json["files"][0]["id"]
    ids["file"] = f
    ids["hazard"] = add("hazard", org, description=f"{WORDS} {SEEK} loose", place=ids["place"], photos_before=[f])
    ids["minutes"] = add("minutes", org, title=f"{WORDS} {SEEK}", kind="meeting", held_on="2026-11-02", text=f"{WORDS} {SEEK}")
    return ids


def ask_all(s, tenant, who, browser, own, strange, what):
    """Every route with the other school's records, its unit, its place, its words."""
    ledgers = s.ledgers if LONG else ["hazard", "person", "place", "org", "minutes", "notice", "risk", "inspection"]
    asked = 0
    for method, path, _ in s.routes:
        if path in ("/sign-in", "/pin"):
            continue  # an example's door names everybody
        of = ledgers if "{ledger}" in path else ["hazard"]
        for ledger in of:
            for id_ in {strange.get(ledger, strange["hazard"]), own.get(ledger) or own["hazard"]}:
                full = path
                for k, v in {"{tenant}": tenant, "{ledger}": ledger, "{id}": id_, "{word}": "edit" if method == "POST" else "small",
                             "{rest}": "0/000"}.items():
                    full = full.replace(k, v)
                for q in queries(path, strange):
                    if method == "GET":
                        if "/files/" in path or "/file/" in path:
                            full = full.replace(id_, strange["file"])
                        answers = [browser.get(full + q)]
                        if path.startswith("/api"):
                            answers.append(s.ask("GET", full + q, who))
                    elif path in ("/sign-out", "/account/password"):
                        continue
                    else:
                        fields = {"fill": "1", "org": strange["org"], "at": strange["org"], "place": strange["place"], "rev": "1",
                                  "school": strange["org"], "responsible": strange["person"]}
                        answers = [browser.post(full, {k: v for k, v in fields.items() if re.search(rf"\b{k}\b", accepts(path, k))})]
                    for a in answers:
                        asked += 1
                        m = NOT_MINE.search(a.body)
                        check(a.status < 500 and not m, f"{what} ({who}) is told {m and m[0]} by {method} {full}{q}", a.body[max(0, m.start() - 200):][:300] if m else a)
    return asked


def accepts(path, key):
    """A form is refused as a whole for what it does not know, which tells nothing: only what it takes."""
    if path.endswith(("/{ledger}", "/round", "/together")):
        return "fill org"
    if path.endswith("/{id}/{word}"):
        return "fill rev responsible place"
    return "at"


def queries(path, strange):
    yield ""
    if path.endswith("/{ledger}") or "{ledger}.csv" in path:
        yield f"?org={strange['org']}"
        yield f"?q={SEEK}"
    elif path.endswith(("/new", "/compliance", "/causes", "/risks", "/plan", "/figures", "/brief.pdf", "/overview")):
        yield f"?org={strange['org']}"
        yield f"?at={strange['org']}"


def two_posts(s, api, other):
    """A teacher here who also guards another school: rights here do not travel there."""
    a = s.ask("POST", api + "/person", "admin", {"org": s.org, "name": "Two posts", "login": "twoposts"})
    pid = a.json["record"]["id"]
    for role, org in ("class_teacher", s.org), ("guard", other):
        check(s.ask("POST", api + "/post", "admin", {"org": org, "person": pid, "role": role}).status == 201, "a post")
    return entered(s, "twoposts")


def entered(s, login):
    word = re.search(r"/once/([0-9a-f]{64})", s.run("user", "link", login, "--data", s.data).stdout)[1]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    s.ask("POST", "/once/" + word, raw=b"password=vier+gute+alte+worte", headers=form)
    a = s.ask("POST", "/sign-in", raw=f"login={login}&password=vier+gute+alte+worte".encode(), headers=form)
    b = Browser.__new__(Browser)
    b.s, b.h = s, {"Cookie": a.headers["Set-Cookie"].split(";")[0] + "; lang=en"}
    return b


def strangers_named(s, api, strange):
    """Nobody of another school is named as responsible: he would read and step the record."""
    rec = s.ask("POST", f"{api}/hazard", "manager", {"org": s.org, "description": "own", "place_text": "p"}).json["record"]
    rec = s.ask("POST", f"{api}/hazard/{rec['id']}/grade", "manager", {"rev": rec["rev"], "grade": "general"}).json["record"]
    a = s.ask("POST", f"{api}/hazard/{rec['id']}/assign", "manager",
              {"rev": rec["rev"], "measures": "m", "deadline": "2098-01-01", "responsible": strange["person"]})
    check(a.status == 422 and a.json.get("field") == "responsible" and NAME not in a.body.decode(), "a stranger as responsible", a)
    me = s.ask("GET", "/api/v1/me", "teacher").json["person"]
    a = s.ask("POST", f"{api}/hazard/{rec['id']}/assign", "manager", {"rev": rec["rev"], "measures": "m", "deadline": "2098-01-01", "responsible": me})
    check(a.status == 200, "somebody of the school", a)


def auditor_below(s, api, tenant):
    """An auditor of a school reads what is shared from above, without the people in it."""
    a = s.ask("POST", api + "/person", "admin", {"org": s.org, "name": "Auditor below", "login": "auditorbelow"})
    s.ask("POST", api + "/post", "admin", {"org": s.org, "person": a.json["record"]["id"], "role": "auditor"})
    b = entered(s, "auditorbelow")
    people = [p["name"] for p in all_of(s, "office", api + "/person?limit=200") if p.get("name")]
    seen = 0
    for ledger in s.ledgers:
        a = s.ask("GET", f"{api}/{ledger}?limit=50", "auditorbelow")
        for rec in (a.json.get("items") or [])[:10 if LONG else 3]:
            for path in f"{api}/{ledger}/{rec['id']}", f"{api}/{ledger}/{rec['id']}/history", f"/t/{tenant}/{ledger}/{rec['id']}":
                body = (s.ask("GET", path, "auditorbelow") if path.startswith("/api") else b.get(path)).body.decode()
                seen += 1
                told = [p for p in people if p in body and p != "Auditor below"]
                check(not told, f"an auditor below is told who: {path}", told)
    check(seen > 10, "an auditor below reads something", seen)


def second_district(exe, d):
    """Nothing of another district, by its own addresses or by its ids under ours."""
    data = os.path.join(d, "two")
    s = Anlan(exe, data)
    s.server.terminate()
    s.server.wait(20)
    word = re.search(r"/once/([0-9a-f]{64})", s.run("district", "add", "other", "--name", UNIT, "--login", "otheradmin", "--data", data).stdout)[1]
    s = Anlan.__new__(Anlan)
    s.exe, s.data, s.tokens = exe, data, {}
    s.serve()
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        s.ask("POST", "/once/" + word, raw=b"password=vier+gute+alte+worte", headers=form)
        api = "/api/v1/other"
        s.root = s.ask("GET", "/api/v1/me", "otheradmin").json["posts"][0]["org"]
        a = s.ask("POST", api + "/person", "otheradmin", {"org": s.root, "name": "Officer of the other", "login": "otheroffice"})
        s.ask("POST", api + "/post", "otheradmin", {"org": s.root, "person": a.json["record"]["id"], "role": "district_officer"})
        s.tokens["office", "read write sign"] = s.token("otheroffice")  # strange_school() speaks as the office
        s.org = s.root
        strange = strange_school(s, api)
        s.tokens.clear()
        me = s.ask("GET", "/api/v1/me", "manager").json
        s.routes = list(routes(s))
        s.ledgers = sorted({x.split()[0] for x in s.run("routes").stdout.splitlines() if re.match(r"[a-z_]+ [a-z_]+:", x)})
        own = {n: next((x["id"] for x in s.ask("GET", f"/api/v1/{me['tenant']}/{n}?limit=1", "manager").json.get("items") or []), None)
               for n in s.ledgers}
        own["hazard"] = own["hazard"] or strange["hazard"]
        asked = 0
        for who in ("manager", "office", "admin") if LONG else ("office",):
            b = Browser(s, who)
            asked += ask_all(s, me["tenant"], who, b, own, strange, "somebody of this district")
            asked += ask_all(s, "other", who, b, own, strange, "somebody of this district, at the other")
            for path in "/t/other", "/t/other/hazard", "/t/other/hazard/" + strange["hazard"], "/t/other/person/" + strange["person"]:
                check(b.get(path).status == 404, f"{who}: there is no {path}")
        check(asked > 800, "all was asked at two districts", asked)
    finally:
        s.server.terminate()
        s.server.wait(20)
    return asked


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            api = "/api/v1/" + tenant
            s.root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
            s.routes = list(routes(s))
            s.ledgers = sorted({x.split()[0] for x in s.run("routes").stdout.splitlines() if re.match(r"[a-z_]+ [a-z_]+:", x)})
            strange = strange_school(s, api)
            own = {n: next((x["id"] for x in s.ask("GET", f"{api}/{n}?limit=1&org={s.org}", "manager").json.get("items") or []), None) for n in s.ledgers}
            strangers_named(s, api, strange)
            auditor_below(s, api, tenant)
            asked = 0
            for who in "guard", "teacher", "manager", "principal", "police":
                asked += ask_all(s, tenant, who, Browser(s, who), own, strange, "somebody of one school")
            b = two_posts(s, api, s.ask("GET", "/api/v1/me", "middle").json["posts"][0]["org"])
            asked += ask_all(s, tenant, "teacher", b, own, strange, "somebody of two schools")
            check(asked > 1500, "everything was asked", asked)
            print(f"{asked} answers read")
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", [x for x in s.log if "ERROR" in x.upper()][:3])
        finally:
            s.server.terminate()
            s.server.wait(20)
        print(f"{second_district(s.exe, d)} answers read of two districts")
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
