#!/usr/bin/env python3
"""Who gets in and who does not: tokens, passwords, links, ranks, asked from outside."""
import os
import re
import sys
import tempfile
import threading
import urllib.parse

import test_api as t
from test_api import Anlan, check, problem
from test_pictures import Browser

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def routes(s):
    for line in s.run("routes").stdout.splitlines():
        if m := re.match(r"(GET|POST) +(\S+) +(.*)", line):
            yield m.groups()


def filled(path, tenant, id_):
    for k, v in {"{tenant}": tenant, "{ledger}": "hazard", "{id}": id_, "{word}": "grade", "{rest}": "x"}.items():
        path = path.replace(k, v)
    return path


def bearer(s, method, path, token, body=None, **headers):
    return s.ask(method, path, raw=body, headers={"Authorization": "Bearer " + token, **headers})


def made(s, who, scopes, *more):
    return s.run("token", "add", who, "t", "--scopes", scopes, "--data", s.data, *more).stdout.split()[-1]


def reading_only(s, tenant, id_):
    """A token that reads may GET and HEAD; every other route there is refuses it, public ones too."""
    for who in "office", "admin", "manager":
        read, write = made(s, who, "read"), made(s, who, "read write sign")
        for method, path, need in routes(s):
            path = filled(path, tenant, id_)
            if method == "GET":
                check(bearer(s, "HEAD", path, read).status not in (401, 500), f"{who} may look: {path}")
                continue
            for kind in FORM, {"Content-Type": "application/json"}:
                a = bearer(s, method, path, read, b"", **kind)
                problem(a, 403, "denied", f"{who}: a token that reads sends nothing: {path}") if path.startswith("/api/") \
                    else check(a.status == 403, f"{who}: a token that reads sends nothing: {path}", a)
            if not path.startswith("/api/"):
                a = bearer(s, method, path, write, b"", **FORM)
                check(a.status == 403, f"{who}: a form is not for programs: {path}", a)


def took_over(s, tenant):
    """What an auditor did with a token of an administrator that may only read."""
    read = made(s, "admin", "read")
    people = bearer(s, "GET", f"/api/v1/{tenant}/person?limit=200", read).json["items"]
    for p in people[:3]:
        a = bearer(s, "POST", f"/t/{tenant}/person/{p['id']}/link", read, b"", **FORM)
        check(a.status == 403 and b"/once/" not in a.body, "no link comes of a token that reads", a)
    for path, body in (("/device/enrol", b"name=x"), ("/sign-out", b"everywhere=1"), (f"/t/{tenant}/seen", b"upto=1"),
                       (f"/t/{tenant}/messages/channel", b"kind=dingtalk&name=x"), (f"/t/{tenant}/hazard/import", b"")):
        check(bearer(s, "POST", path, read, body, **FORM).status == 403, "nor of " + path)


def scoped(s, api, tenant):
    narrow = made(s, "manager", "hazard:read hazard:report")
    check(bearer(s, "GET", api + "/hazard", narrow).status == 200, "hazard:read lists hazards")
    problem(bearer(s, "GET", api + "/notice", narrow), 403, "denied", "and no notices")
    check(bearer(s, "GET", f"/t/{tenant}", narrow).status == 403, "nor the board, which shows all")
    check(bearer(s, "GET", f"/t/{tenant}/hazard.csv", narrow).status == 403, "nor a file of them")
    check(bearer(s, "GET", "/api/v1/me", narrow).status == 200, "it may ask who it is")
    a = bearer(s, "POST", api + "/hazard", narrow, b'{"description":"d","place_text":"p","org":"%s"}' % s.org.encode(),
               **{"Content-Type": "application/json"})
    check(a.status == 201, "hazard:report reports", a)
    rec = a.json["record"]
    a = bearer(s, "POST", f"{api}/hazard/{rec['id']}/grade", narrow, b'{"rev":1,"grade":"general"}', **{"Content-Type": "application/json"})
    problem(a, 403, "denied", "and grades nothing")
    exporting = made(s, "manager", "hazard:read hazard:export")
    check(bearer(s, "GET", f"/t/{tenant}/hazard.csv", exporting).status == 200, "hazard:export takes the list out")
    for word in "hazard:dragon", "dragon:read", "read overwrite", ":", "hazard:":
        p = s.run("token", "add", "manager", "t", "--scopes", word, "--data", s.data, code=None)
        check(p.returncode == 2 and "scope" in p.stderr, "no scope: " + word, p)


def signing(s, api):
    """A step that asks a person for the password wants "sign" of a program."""
    js = {"Content-Type": "application/json"}
    write, sign = made(s, "principal", "read write"), made(s, "principal", "read write sign")
    body = b'{"org":"%s","title":"m","kind":"meeting","held_on":"2026-11-02","text":"x"}' % s.org.encode()
    a = bearer(s, "POST", api + "/minutes", write, body, **js)
    if not check(a.status == 201, "write keeps minutes", a):
        return
    at = f"{api}/minutes/{a.json['record']['id']}"
    check("sign" not in bearer(s, "GET", at, write).json["steps"], "signing is not offered to it")
    check("sign" in bearer(s, "GET", at, sign).json["steps"], "but to who has the scope")
    problem(bearer(s, "POST", at + "/sign", write, b'{"rev":1}', **js), 403, "denied", "write signs nothing")
    a = bearer(s, "POST", at + "/sign", sign, b'{"rev":1}', **js)
    check(a.status == 200, "sign does", a)


def shape(s):
    token = made(s, "manager", "read")
    check(re.fullmatch(r"anlan_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}", token), "the shape of a token", token)
    for at in (8, 30, 52):
        wrong = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1:]
        problem(bearer(s, "GET", "/api/v1/me", wrong), 401, "sign_in", f"mistyped at {at}")
    problem(bearer(s, "GET", "/api/v1/me", token[:-1]), 401, "sign_in", "cut short")
    if not os.path.exists(os.path.join(s.data, "anlan.db")):
        return  # its rows are elsewhere
    data = b"".join(open(os.path.join(s.data, n), "rb").read() for n in ("anlan.db", "anlan.db-wal"))
    check(token.encode() not in data and token[6:49].encode() not in data, "its text is nowhere in the database")


def own_page(s, tenant):
    b = Browser(s, "manager")
    page = b.get("/account/tokens").body.decode()
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]

    def make(**more):
        fields = {"csrf": csrf, "name": "timetable", "scopes": "read", "post": "", "days": "30", "password": "anlan-example", **more}
        return s.ask("POST", "/account/tokens", raw=urllib.parse.urlencode(fields).encode(), headers={**b.h, **FORM})
    check(make(password="wrong-password").status == 422, "a token wants the password")
    check(make(scopes="dragon:read").status == 422, "and known scopes")
    check(make(days="99999").status == 422, "and an end")
    check(make(post="1").status == 422, "and a post of one's own")
    a = make()
    found = re.search(r"anlan_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}", a.body.decode())
    if not check(a.status == 200 and found and a.headers["Cache-Control"] == "no-store", "made on a page", a):
        return
    check(bearer(s, "GET", "/api/v1/me", found[0]).status == 200, "it works")
    page = b.get("/account/tokens").body.decode()
    check("timetable" in page and "anlan_" not in page, "it is listed, not shown again")
    check(any("last used" in b.get("/account/tokens").body.decode() or s.ask("GET", "/healthz").status != 200 for _ in range(200)),
          "with its last use")
    ids = re.findall(r"/account/tokens/end\?id=(\d+)", b.get("/account/tokens").body.decode())
    check(ids, "each can be ended")
    other = Browser(s, "principal")
    csrf2 = re.search(r'name="csrf" value="([^"]+)"', other.get("/account/tokens").body.decode())[1]
    a = s.ask("POST", f"/account/tokens/end?id={ids[0]}", raw=b"csrf=" + csrf2.encode(), headers={**other.h, **FORM})
    check(a.status == 404, "not by somebody else", a)
    post = re.search(r'<option value="(\d+)">', page)[1]
    a = make(name="gate system", post=post)
    tool = re.search(r"anlan_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}", a.body.decode())[0]
    check(bearer(s, "GET", f"/api/v1/{tenant}/hazard", tool).status == 200, "an integration acts by its post")
    for i in ids:
        a = s.ask("POST", f"/account/tokens/end?id={i}", raw=b"csrf=" + csrf.encode(), headers={**b.h, **FORM})
        check(a.status == 303, "ended", a)
    problem(bearer(s, "GET", "/api/v1/me", found[0]), 401, "sign_in", "what was ended is over")


def post_over(s, api, tenant):
    """An integration ends with the post that it acts by."""
    b = Browser(s, "guard")
    page = b.get("/account/tokens").body.decode()
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    post = re.search(r'<option value="(\d+)">', page)[1]
    fields = {"csrf": csrf, "name": "barrier", "scopes": "read", "post": post, "days": "30", "password": "anlan-example"}
    a = s.ask("POST", "/account/tokens", raw=urllib.parse.urlencode(fields).encode(), headers={**b.h, **FORM})
    tool = re.search(r"anlan_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}", a.body.decode())[0]
    check(bearer(s, "GET", "/api/v1/me", tool).status == 200, "it acts by the post")
    rec = s.ask("GET", f"{api}/post/{post}", "office").json["record"]
    a = s.ask("POST", f"{api}/post/{post}/edit", "office", {"rev": rec["rev"], "to_on": "2026-01-31"})
    check(a.status == 200, "the post ends", a)
    problem(bearer(s, "GET", "/api/v1/me", tool), 401, "sign_in", "and with it the token")


def csrf_of(b):
    return re.search(r'name="csrf" value="([^"]+)"', b.get("/account").body.decode())[1]


def link(b, tenant, person, **more):
    fields = {"csrf": csrf_of(b), **more}
    return b.s.ask("POST", f"/t/{tenant}/person/{person}/link", raw=urllib.parse.urlencode(fields).encode(), headers={**b.h, **FORM})


def links(s, api, tenant):
    """A link to an account: by who stands above, on every node; once, however many use it; named and told."""
    people = {p["name"]: p for p in t.all_of(s, "admin", api + "/person?limit=200")}
    ids = {who: s.ask("GET", "/api/v1/me", who).json["person"] for who in ("admin", "office", "manager", "teacher", "principal")}
    office, admin = Browser(s, "office"), Browser(s, "admin")
    a = link(office, tenant, ids["teacher"])
    page = a.body.decode()
    check(a.status == 200 and "/once/" in page and "teacher" in page, "the office makes a link, which names whose it is", a)
    for who, target, want in (("office", "admin", 403), ("admin", "admin", 403), ("office", "office", 403), ("manager", "teacher", 404),
                              ("principal", "manager", 404), ("teacher", "teacher", 404)):
        a = link(Browser(s, who), tenant, ids[target])
        check(a.status == want and b"/once/" not in a.body, f"{who} makes no link for {target}", a)
    news = s.ask("GET", f"/t/{tenant}", "teacher").body.decode()
    check("one-time link to your account" in news or "一次性链接" in news, "who it is about is told")
    # a person of a school who also stands at the district
    other = people[next(n for n in people if people[n]["org"] == people[next(iter(people))]["org"])]
    school_admin = s.ask("POST", api + "/person", "admin", {"name": "Administrator of the school", "login": "schooladmin", "org": s.org})
    check(school_admin.status == 201, "a school gets an administrator", school_admin)
    sid = school_admin.json["record"]["id"]
    a = s.ask("POST", api + "/post", "admin", {"person": sid, "role": "admin", "org": s.org})
    check(a.status == 201, "with the post", a)
    first = re.search(r"/once/([0-9a-f]{64})", link(admin, tenant, sid).body.decode())[1]
    a = s.ask("POST", "/once/" + first, raw=b"password=vier+gute+alte+worte", headers=FORM)
    check(a.status == 303, "who sets the password", a)
    b = Browser(s, "office")
    a = s.ask("POST", "/sign-in", raw=b"login=schooladmin&password=vier+gute+alte+worte", headers=FORM)
    b.h = {"Cookie": a.headers["Set-Cookie"].split(";")[0] + "; lang=en"}
    a = link(b, tenant, ids["teacher"])
    check(a.status == 200, "makes links for the staff", a)
    a = s.ask("POST", api + "/post", "admin", {"person": ids["teacher"], "role": "inspector", "org": s.root})
    check(a.status == 201, "one of them becomes an inspector of the district", a)
    a = link(b, tenant, ids["teacher"])
    check(a.status == 403 and b"/once/" not in a.body, "and stands above the school's administrator", a)
    # of equal rank
    twin = s.ask("POST", api + "/person", "admin", {"name": "Second administrator", "login": "schooladmin2", "org": s.org}).json["record"]["id"]
    s.ask("POST", api + "/post", "admin", {"person": twin, "role": "admin", "org": s.org})
    a = link(b, tenant, twin)
    check(a.status == 422 and "sign_password" in a.body.decode() and b"/once/" not in a.body, "of equal rank: only by hand", a)
    a = link(b, tenant, twin, sign_password="wrong words here")
    check(a.status == 422 and b"/once/" not in a.body, "not with a wrong password", a)
    a = link(b, tenant, twin, sign_password="vier gute alte worte")
    check(a.status == 200 and b"/once/" in a.body, "with the right one", a)
    del other
    five_at_once(s, re.search(r"/once/([0-9a-f]{64})", a.body.decode())[1])


def five_at_once(s, word):
    got = []

    def use(i):
        got.append(s.ask("POST", "/once/" + word, raw=f"password=five+at+once+number+{i}".encode(), headers=FORM).status)
    many = [threading.Thread(target=use, args=(i,)) for i in range(5)]
    for x in many:
        x.start()
    for x in many:
        x.join()
    check(sorted(got) == [303, 404, 404, 404, 404], "a link works once, also for five at once", got)


def renewed(s):
    """A changed password ends other sessions and goes on under another cookie."""
    here, there = Browser(s, "middle"), Browser(s, "middle")
    fields = {"csrf": csrf_of(here), "old": "anlan-example", "password": "something quite new"}
    old = dict(here.h)
    a = s.ask("POST", "/account/password", raw=urllib.parse.urlencode(fields).encode(), headers={**here.h, **FORM})
    cookie = next((c.split(";")[0] for c in a.headers.get_all("Set-Cookie") or [] if "anlan=" in c), "")
    check(a.status == 303 and cookie and cookie not in old["Cookie"], "another cookie", a)
    check(s.ask("GET", "/account", headers={"Cookie": cookie}).status == 200, "which goes on")
    check(s.ask("GET", "/account", headers=old).status != 200, "the one before is over")
    check(there.get("/account").status != 200, "others too")


MOZILLA = {"User-Agent": "Mozilla/5.0 (Linux; Android 8)"}


def door_of(s, **headers):
    """The sign-in page as a browser has it: its cookies and the key of its form."""
    a = s.ask("GET", "/sign-in", headers={**MOZILLA, **headers})
    cookies = "; ".join(c.split(";")[0] for c in a.headers.get_all("Set-Cookie") or [])
    return cookies, re.search(r'name="csrf" value="([0-9a-f]+)"', a.body.decode())[1]


def door(s):
    """Nobody signs somebody in from another site; a program that is no browser has nothing to steal."""
    words = "login=teacher&password=anlan-example"
    cookies, key = door_of(s)
    _, other = door_of(s)

    def send(more="", **headers):
        return s.ask("POST", "/sign-in", raw=(words + more).encode(), headers={**FORM, **headers})
    check(send().status == 303, "a program without a browser's marks")
    check(send(**MOZILLA).status == 403, "a browser without the key")
    check(send("&csrf=" + key, **MOZILLA).status == 403, "a browser without its cookie")
    check(send("&csrf=" + other, Cookie=cookies, **MOZILLA).status == 403, "a browser with another one's key")
    check(send("&csrf=" + key, Cookie=cookies, **MOZILLA).status == 303, "a browser with its own")
    here = f"http://{s.host}:{s.port}"
    check(send("&csrf=" + key, Cookie=cookies, Origin=here, **MOZILLA).status == 303, "from this site")
    for origin in "https://evil.example", "http://evil.example", here + ".evil.example", "null":
        a = send(Origin=origin)
        check(a.status == 403 and "Set-Cookie" in a.headers and "anlan=" not in str(a.headers.get_all("Set-Cookie")), "from " + origin, a)
    for site in "cross-site", "same-site":
        a = send("&csrf=" + key, Cookie=cookies, **{"Sec-Fetch-Site": site})
        check(a.status == 403 and 'action="/sign-in"' in a.body.decode(), "a form of a site that is " + site, a)
    for path in "/pin", "/once/" + "0" * 64:
        check(s.ask("POST", path, raw=b"x=1", headers={**FORM, "Origin": "https://evil.example"}).status == 403, "nor " + path)


def measured(s):
    """The counters are for who runs the machine, not for who comes through a proxy."""
    check(s.ask("GET", "/metrics").status == 200, "asked on the machine itself")
    for h in {"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}, {"Via": "1.1 proxy"}, {"Host": "anlan.example.org"}:
        check(s.ask("GET", "/metrics", headers=h).status == 404, f"through something: {h}")
    for who, want in ("admin", 200), ("office", 404), ("teacher", 404):
        a = s.ask("GET", "/metrics", who, headers={"Host": "anlan.example.org"})
        check(a.status == want, f"the token of {who}", a)
    check(bearer(s, "GET", "/metrics", made(s, "admin", "hazard:read"), Host="anlan.example.org").status == 404, "a narrow token of an administrator")


def redirects(s):
    """Whoever signs in stays here, whatever address was carried along."""
    for to in ("//evil.example/", "/\\evil.example/", "https://evil.example/", "javascript:alert(1)", "\t//evil.example", "/%0d%0aX: y", "evil",
               "//evil.example\\@here/", "/\t/evil.example", "///evil.example"):
        for typed in "", "x":
            a = s.ask("POST", "/sign-in", raw=urllib.parse.urlencode({"login": "teacher", "password": "anlan-example", "to": to, "typed": typed}).encode(),
                      headers=FORM)
            where = a.headers["Location"] or ""
            check(a.status in (303, 422) and (a.status == 422 or where.startswith("/") and where[1:2] not in ("/", "\\")), f"signed in to {to!r}", a)
        a = s.ask("POST", "/language", raw=urllib.parse.urlencode({"lang": "en", "to": to}).encode(), headers=FORM)
        where = a.headers["Location"] or "/"
        check(where.startswith("/") and where[1:2] not in ("/", "\\"), f"another language at {to!r}", a)
    a = s.ask("POST", "/sign-in", raw=b"login=teacher&password=anlan-example&to=/t/whitefun", headers=FORM)
    check(a.headers["Location"] == "/t/whitefun", "a page of ours is reached", a)


def security_log(s, tenant):
    """What an operator and fail2ban read: each deed, with its request, and never a secret."""
    s.ask("POST", "/sign-in", raw=b"login=teacher&password=not+the+right+one", headers=FORM)
    a = s.ask("GET", f"/api/v1/{tenant}/hazard", headers={"Authorization": "Bearer anlan_" + "x" * 49})
    id_ = a.headers["X-Request-Id"]
    s.ask("POST", "/once/" + "0" * 64, raw=b"password=vier+gute+alte+worte", headers=FORM)
    for _ in range(200):  # what the server wrote arrives by a pipe
        if any("link-unknown" in x for x in s.log):
            break
        s.ask("GET", "/healthz")
    lines = [x for x in s.log if " security " in x]

    def said(what):
        return any(re.search(rf" security {what} from=127\.0\.0\.1 person=\d+ id=[0-9a-f]{{16}}", x) for x in lines)
    for what in ("sign-in", "sign-in-failed", "refused", "form-key-refused", "token-refused", "link-made", "password-set-by-link",
                 "password-changed", "password-wrong", "token-made", "token-ended", "link-unknown"):
        check(said(what), "the security log tells of " + what, lines[-3:])
    check(any(f"token-refused from=127.0.0.1 person=0 id={id_}" in x for x in s.log), "a line has the id of its answer", id_)
    text = "".join(s.log)
    for secret in [*s.tokens.values(), "anlan-example", "not the right one", "anlan_xxx", "vier gute"]:
        check(secret not in text and urllib.parse.quote_plus(secret) not in text, "no secret stands there: " + secret[:12])
    check(not re.search(r"/once/[0-9a-f]{8}", text), "nor a link")
    s.ask("POST", f"/report/{tenant}", raw=b"code=zzz&description=x", headers=FORM)
    check(not [x for x in s.log if "security" in x and "/report/" in x and "127.0.0.1" in x], "the public's door leaves no address")


def by_https(exe, d):
    """Where public-url is https, browsers are told to stay with it, and links lead there whatever Host says."""
    s = Anlan(exe, os.path.join(d, "https"), "--public-url", "https://safety.example.org/")
    try:
        a = s.ask("POST", "/sign-in", raw=b"login=office&password=anlan-example", headers=FORM)
        for c in a.headers.get_all("Set-Cookie"):
            check(c.startswith("__Host-") and c.endswith("; Secure") and "Path=/;" in c and "Domain" not in c, "a cookie of this host alone", c)
        check((a.headers["Strict-Transport-Security"] or "").startswith("max-age="), "HSTS", a.headers)
        cookie = a.headers.get_all("Set-Cookie")[0].split(";")[0]
        check(s.ask("GET", "/account", headers={"Cookie": cookie}).status == 200, "it signs in")
        check(s.ask("GET", "/account", headers={"Cookie": cookie.replace("__Host-", "")}).status != 200, "not under a name that others can set")
        me = s.ask("GET", "/api/v1/me", "teacher").json
        b = Browser.__new__(Browser)
        b.s, b.h = s, {"Cookie": cookie, "Host": "evil.example"}
        page = link(b, me["tenant"], me["person"]).body.decode()
        check("https://safety.example.org/once/" in page and "evil.example" not in page, "the link leads to public-url", page[-900:])
    finally:
        s.server.terminate()
        s.server.wait(20)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            s.root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
            api = "/api/v1/" + tenant
            id_ = s.ask("GET", api + "/hazard?limit=1", "manager").json["items"][0]["id"]
            shape(s)
            reading_only(s, tenant, id_)
            took_over(s, tenant)
            scoped(s, api, tenant)
            signing(s, api)
            links(s, api, tenant)
            renewed(s)
            own_page(s, tenant)
            door(s)
            redirects(s)
            measured(s)
            security_log(s, tenant)
            post_over(s, api, tenant)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", [x for x in s.log if "ERROR" in x.upper()])
        finally:
            s.server.terminate()
            s.server.wait(20)
        by_https(s.exe, d)
        for verb in "verify", "rebuild --check":
            p = s.run(*verb.split(), "--data", s.data, code=None)
            check(p.returncode == 0, verb, p.stdout + p.stderr)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
