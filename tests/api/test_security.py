#!/usr/bin/env python3
"""Who gets in and who does not: tokens, passwords, links, ranks, asked from outside."""
import os
import re
import sys
import tempfile
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


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            api = "/api/v1/" + tenant
            id_ = s.ask("GET", api + "/hazard?limit=1", "manager").json["items"][0]["id"]
            shape(s)
            reading_only(s, tenant, id_)
            took_over(s, tenant)
            scoped(s, api, tenant)
            signing(s, api)
            own_page(s, tenant)
            post_over(s, api, tenant)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", [x for x in s.log if "ERROR" in x.upper()])
        finally:
            s.server.terminate()
            s.server.wait(20)
        for verb in "verify", "rebuild --check":
            p = s.run(*verb.split(), "--data", s.data, code=None)
            check(p.returncode == 0, verb, p.stdout + p.stderr)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
