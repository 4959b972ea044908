#!/usr/bin/env python3
"""The running program asked from outside: rights, refusals, files, forms, verbs."""
import base64
import csv
import datetime
import hashlib
import html
import http.client
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import zipfile
import zlib

import place

passed = failed = 0


def check(truth, text, got=""):
    global passed, failed
    if truth:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {text} {str(got)[:300]}", flush=True)
    return truth


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = {}

    def __str__(self):
        return f"-> {self.status} {self.body[:200]!r}"


def png(seed):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" + bytes([seed, 1, 2]))) + chunk(b"IEND", b""))


class Anlan:
    def __init__(self, exe, data, *options):
        self.exe, self.data, self.tokens = exe, data, {}
        self.run("init", "--example", "--data", data, *place.options())
        self.serve(*options)

    def serve(self, *options):
        self.server = subprocess.Popen([self.exe, "serve", "--data", self.data, "--port", "0", *options],
                                       stderr=subprocess.PIPE, text=True)
        self.log = []
        for line in self.server.stderr:
            self.log.append(line)
            if m := re.search(r"serving on http://([^:]+):(\d+)", line):
                self.host, self.port = m[1], int(m[2])
                break
        else:
            sys.exit("the server did not start: " + "".join(self.log))
        threading.Thread(target=lambda: self.log.extend(self.server.stderr), daemon=True).start()

    def run(self, *args, code=0):
        p = subprocess.run([self.exe, *args], capture_output=True, text=True, timeout=120)
        if code is not None and p.returncode != code:
            sys.exit(f"{args}: {p.returncode} {p.stderr}")
        return p

    def token(self, who, scopes="read write sign"):
        if (who, scopes) not in self.tokens:
            p = self.run("token", "add", who, "test", "--scopes", scopes, "--data", self.data)
            self.tokens[who, scopes] = p.stdout.split()[-1]
        return self.tokens[who, scopes]

    def ask(self, method, path, who=None, body=None, headers=None, scopes="read write sign", raw=None):
        h = dict(headers or {})
        if who:
            h["Authorization"] = "Bearer " + self.token(who, scopes)
        if raw is not None:
            body = raw
            h.setdefault("Content-Type", "application/json")
        elif body is not None:
            body = json.dumps(body).encode()
            h["Content-Type"] = "application/json"
        c = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            c.request(method, path, body, h)
            r = c.getresponse()
            return Answer(r.status, r.headers, r.read())
        except (ConnectionError, http.client.HTTPException) as e:
            return Answer(0, {}, repr(e).encode())
        finally:
            c.close()

    def upload(self, path, who, name, data, fields=(), key="file", **k):
        b = b"".join(f'--XX\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields)
        b += (f'--XX\r\nContent-Disposition: form-data; name="{key}"; filename="{name}"\r\n'
              "Content-Type: image/png\r\n\r\n").encode() + data + b"\r\n--XX--\r\n"
        return self.ask("POST", path, who, raw=b, headers={"Content-Type": "multipart/form-data; boundary=XX"}, **k)


def problem(a, status, code, text, field=None):
    return check(a.status == status and a.json.get("code") == code
                 and "problem+json" in (a.headers.get("Content-Type") or "")
                 and (field is None or a.json.get("field") == field), text, a)


def all_of(s, who, path):
    got, pages = [], 0
    while path and pages < 100:
        a = s.ask("GET", path, who)
        if not check(a.status == 200, f"{who} reads {path}", a):
            break
        got += a.json["items"]
        path, pages = a.json["next"], pages + 1
    return got


def refusals(s, api):
    hz = api + "/hazard"
    problem(s.ask("GET", hz), 401, "sign_in", "nobody may not list")
    problem(s.ask("GET", hz, headers={"Authorization": "Bearer " + "0" * 64}), 401, "sign_in", "an unknown token")
    problem(s.ask("GET", hz, headers={"Authorization": "Bearer x"}), 401, "sign_in", "a short token")
    problem(s.ask("POST", hz, "manager", {"description": "a", "place_text": "b", "org": s.org}, scopes="read"), 403, "denied",
            "a read-only token may not write")
    problem(s.upload(api + "/files", "manager", "a.png", png(9), scopes="read"), 403, "denied",
            "a read-only token may not add files")
    for path in "/api/v1/nowhere/hazard", api + "/dragon", hz + "/999999999", hz + "/0", hz + "/-1", \
            hz + "/99999999999999999999", hz + "/1/history/2/3":
        problem(s.ask("GET", path, "manager"), 404, "missing", "there is no " + path)
    problem(s.ask("DELETE", hz, "manager"), 405, "method", "DELETE of a list")
    problem(s.ask("PUT", hz + "/1", "manager", {}), 405, "method", "PUT of a record")
    problem(s.ask("GET", hz + "?dragon=1", "manager"), 422, "invalid", "an unknown parameter", "dragon")
    a = s.ask("GET", hz + "?%ff=1", "manager")
    check(a.status in (400, 422) and a.body.decode("utf-8", "ignore").encode() == a.body, "a name that is not UTF-8", a)
    problem(s.ask("POST", hz, "manager", {"description": "a", "place_text": "b", "org": s.org}, scopes="read"),
            403, "denied", "a token that may only read")
    for scopes in "read overwrite", "", "writ":
        p = s.run("token", "add", "manager", "t", "--scopes", scopes, "--data", s.data, code=None)
        check(p.returncode == 2 and p.stderr, "a scope that is none: " + scopes, p)
    for q in "after=x", "limit=x", "grade=dragon", "state=dragon", "sort=%00", "q=%ff", "org=x":
        a = s.ask("GET", hz + "?" + q, "manager")
        check(400 <= a.status < 500, "a bad parameter " + q, a)


def bodies(s, hz):
    good = {"description": "d", "place_text": "p", "org": s.org}
    deep = b'{"description":' + b"[" * 10000 + b"]" * 10000 + b"}"
    for text, raw, want in (
            ("not JSON", b"hello", {422}), ("an array", b"[1]", {422}), ("a number", b"7", {422}),
            ("nothing", b"", {422}), ("two members of a name", b'{"description":"a","description":"b","place_text":"c"}', {422}),
            ("2 MB", b'{"description":"' + b"a" * (2 << 20) + b'"}', {413}),
            ("bytes that are not UTF-8", b'{"description":"\xff\xfe","place_text":"c"}', {422}),
            ("NUL", b'{"description":"a\\u0000b","place_text":"c"}', {422}),
            ("half a surrogate", b'{"description":"a\\ud800b","place_text":"c"}', {422}),
            ("10,000 deep", deep, {422}), ("something after the end", b'{"description":"a","place_text":"c"} x', {422}),
            ("an object where text belongs", b'{"description":{"a":"b"},"place_text":"c"}', {422}),
            ("an empty object where text belongs", b'{"description":"a","place_text":"b","source":{}}', {422}),
            ("an array where text belongs", b'{"description":["a","b"],"place_text":"c"}', {422}),
            ("an object in a list", b'{"description":"a","place_text":"c","photos_before":[{}]}', {422}),
            ("a whole number too large", b'{"description":"a","place_text":"c","place":99999999999999999999}', {422})):
        a = s.ask("POST", f"{hz}?org={s.org}", "manager", raw=raw)
        check(a.status in want and a.json.get("code"), "a body of " + text, a)
    for field, value in (("dragon", "1"), ("state", "closed"), ("deadline", "2023-02-28"), ("found_on", "2023-02-29"),
                         ("found_on", "2999-01-01"), ("found_on", 5), ("source", "dragon"), ("source", 99),
                         ("place", "x"), ("place", 999999), ("finder", "1.5"), ("finder", 999999),
                         ("photos_before", ["999999"]), ("photos_before", "x"), ("description", "x" * 2001),
                         ("description", ""), ("description", None), ("org", "x"), ("rev", "x"), ("what", "x"), ("to", "x")):
        a = s.ask("POST", hz, "manager", {**good, field: value})
        problem(a, 422, "invalid", f"{field} = {str(value)[:20]}", field)


def life(s, api, manager_org):
    hz = api + "/hazard"
    a = s.ask("POST", hz, "manager", {"description": "门坏了 zebra", "place_text": "gate", "org": manager_org})
    if not check(a.status == 201 and a.headers.get("Location", "").startswith(hz + "/") and a.headers.get("ETag") == '"1"',
                 "a record is made", a):
        return None
    at, tag = a.headers["Location"], a.headers["ETag"]
    b = s.ask("GET", at, "manager")
    check(b.status == 200 and b.json == a.json and b.headers.get("ETag") == tag, "GET gives what POST gave", b)
    rec = b.json["record"]
    check("grade" in b.json["steps"], "the steps open are named", b)
    check(s.ask("HEAD", at, "manager").status == 200, "HEAD")
    for sort in "", "&sort=due":
        seen = [x["id"] for x in all_of(s, "manager", hz + "?limit=3" + sort)]
        whole = [x["id"] for x in all_of(s, "manager", hz + "?limit=200" + sort)]
        check(seen == whole and len(set(seen)) == len(seen) and rec["id"] in seen,
              "pages of three hold every record once, in order" + sort, (seen, whole))
    check(rec["id"] in [x["id"] for x in all_of(s, "manager", hz + "?q=zebra")], "search finds it")
    problem(s.ask("POST", at + "/grade", "manager", {"grade": "general"}), 428, "invalid", "a step needs rev", "rev")
    problem(s.ask("POST", at + "/dragon", "manager", {"rev": 1}), 422, "invalid", "an unknown step")
    problem(s.ask("POST", at + "/grade", "manager", {"rev": 1, "dragon": 1}), 422, "invalid", "an unknown field", "dragon")
    problem(s.ask("POST", at + "/grade", "manager", {"rev": 1}), 422, "invalid", "a field left out", "grade")
    for tag2 in '"x"', "*", '"', 'W/"1', '""':
        a = s.ask("POST", at + "/grade", "manager", {"grade": "general"}, headers={"If-Match": tag2})
        check(a.status in (400, 412, 422), "If-Match " + tag2, a)
    a = s.ask("POST", at + "/grade", "manager", {"grade": "general"}, headers={"If-Match": tag})
    check(a.status == 200 and a.json["record"]["rev"] == 2 and a.headers.get("ETag") == '"2"', "If-Match serves as rev", a)
    problem(s.ask("POST", at + "/grade", "manager", {"grade": "general"}, headers={"If-Match": tag}), 412, "conflict",
            "a stale If-Match", "rev")
    problem(s.ask("POST", at + "/grade", "manager", {"grade": "general", "rev": 1}), 409, "conflict", "a stale rev", "rev")
    step = {"rev": 2, "measures": "m", "deadline": "2099-01-01", "responsible_unit": "u", "contractor": "Firm Quagga 555"}
    for money in "-5", -5, "1.234", 1.239, "1e9", "9" * 30, "x", [1], True:
        a = s.ask("POST", at + "/assign", "manager", {**step, "funds": money})
        problem(a, 422, "invalid", f"funds = {money!r}", "funds")
    problem(s.ask("POST", at + "/assign", "manager", {**step, "deadline": "2023-02-29"}), 422, "invalid",
            "29 February 2023", "deadline")
    problem(s.ask("POST", at + "/assign", "teacher", step), 403, "denied", "a teacher does not assign")
    a = s.ask("POST", at + "/assign", "manager", {**step, "funds": 12.5, "funds_need": "self"})
    if a.status == 422 and a.json.get("field") == "funds_need":
        a = s.ask("POST", at + "/assign", "manager", {**step, "funds": 12.5})
    check(a.status == 200 and a.json["record"]["funds"] == "12.50" and a.json["record"].get("contractor"), "a number as money", a)
    return at


def keys(s, hz):
    body = {"description": "once", "place_text": "p", "org": s.org}
    for how in "header", "member":
        def send(b, who="manager"):
            if how == "header":
                return s.ask("POST", hz, who, b, headers={"Idempotency-Key": "key-h"})
            return s.ask("POST", hz, who, {**b, "key": "key-m"})
        a, b = send(body), send(body)
        check(a.status == 201 and b.status in (200, 201) and b.json["record"]["id"] == a.json["record"]["id"],
              f"a key ({how}) sent twice makes one record", b)
        problem(send({**body, "description": "other"}), 409, "conflict", f"a key ({how}) with another body")
        c = send(body, "teacher")
        check(c.status == 201 and c.json["record"]["id"] != a.json["record"]["id"], f"somebody else's key ({how}) is another", c)
    a = s.ask("POST", hz, "manager", body, headers={"Idempotency-Key": "k" * 129})
    problem(a, 422, "invalid", "a key that is too long")


def numbers(s, api):
    """A reference is answered with a record's number; what one may not read does not exist."""
    hz = api + "/hazard"

    def new(who, org):
        return s.ask("POST", hz, who, {"description": "ocelot", "place_text": "p", "org": org}).json["record"]
    first, far = new("manager", s.org), new("middle", s.middle)
    wide = first["no"].translate({i: i + 0xfee0 for i in range(0x30, 0x7b)}).replace("-", "\u2011")
    for no in first["no"], first["no"].lower(), " " + wide + " ", first["id"]:
        a = new("manager", s.org)
        a = s.ask("POST", f"{hz}/{a['id']}/duplicate", "manager", {"rev": 1, "comment": "same", "duplicate_of": no})
        check(a.status == 200 and a.json["record"]["duplicate_of"] == first["id"], "the number " + no, a)
    at, said = f"{hz}/{new('manager', s.org)['id']}/duplicate", set()
    for no in "XX-YH-2026-9999", far["no"], far["id"], "999999999", "zebra", "%", first["no"] + "x", "a" * 3000, "\u0130-1":
        a = s.ask("POST", at, "manager", {"rev": 1, "comment": "same", "duplicate_of": no})
        problem(a, 422, "invalid", "a number that is none of one's own: " + no[:20], "duplicate_of")
        said.add(a.json.get("title"))
    check(len(said) == 1, "the same words for a number that nobody has and for one that is not open", said)
    one = {"description": "ocelot", "place_text": "p", "org": s.org}
    key = {"Idempotency-Key": "by-number"}
    rec = s.ask("POST", hz, "manager", one).json["record"]
    body = {"rev": 1, "comment": "same", "duplicate_of": first["no"]}
    a, b = (s.ask("POST", f"{hz}/{rec['id']}/duplicate", "manager", body, headers=key) for _ in range(2))
    check(a.status == 200 and b.status == 200 and b.json["record"]["rev"] == 2, "a number under a key, sent twice", b)


def schools(s, api, tenant, at):
    """`at` is of the primary school: the middle school sees nothing of it."""
    hz, id_ = api + "/hazard", at.rsplit("/", 1)[1]
    for path in at, at + "/history", f"/t/{tenant}/hazard/{id_}", f"/t/{tenant}/hazard/{id_}/proof":
        check(s.ask("GET", path, "middle").status == 404, "another school's " + path)
        check(s.ask("GET", path, "manager").status == 200, "one's own " + path)
    for verb in "grade", "control", "dragon":
        problem(s.ask("POST", f"{at}/{verb}", "middle", {"rev": 1}), 404, "missing", "a step on another school's record")
    problem(s.ask("POST", hz, "middle", {"description": "d", "place_text": "p", "org": s.middle, "duplicate_of": id_}), 422, "invalid", "a field of another step")
    for q in "", "&q=zebra", "&q=YH", "&overdue=1":
        ids = [x["id"] for x in all_of(s, "middle", hz + "?limit=200" + q)]
        check(id_ not in ids, "another school's record is not listed " + q)
    org = s.ask("GET", at, "manager").json["record"]["org"]
    a = s.ask("GET", hz + f"?org={org}", "middle")
    check(a.status in (403, 404) or a.json.get("items") == [], "another school's list", a)
    problem(s.ask("POST", hz, "middle", {"description": "d", "place_text": "p", "org": org}), 403, "denied",
            "a report at another school")


def hidden(s, api, at):
    id_ = at.rsplit("/", 1)[1]
    names = ("finder", "contractor", "finder_name")
    check("contractor" in s.ask("GET", at, "manager").json["record"], "the manager sees the contractor")
    for who in "teacher", "guard", "auditor":
        a = s.ask("GET", at, who)
        check(a.status == 200 and not set(names) & set(a.json["record"]), f"{who} does not see people", a)
        h = s.ask("GET", at + "/history", who)
        check(h.status == 200 and all(f'"{n}"' not in h.body.decode() for n in names), f"{who}: history", h)
        check("Quagga" not in h.body.decode(), f"{who}: history text", h)
        for x in all_of(s, who, api + "/hazard?limit=200"):
            check(not set(names) & set(x), f"{who}: list", x)
        check(not all_of(s, who, api + "/hazard?q=Quagga"), f"{who}: search does not betray the contractor")
        page = s.ask("GET", at.replace("/api/v1/", "/t/"), who)
        check(page.status == 200 and b"Quagga" not in page.body, f"{who}: page", page)
    people = all_of(s, "office", api + "/person?limit=200")
    office = next(p for p in people if p.get("login") == "principal")
    check(any(p.get("login") for p in people), "the office sees sign-in names")
    e = s.ask("POST", f"{api}/person/{office['id']}/edit", "office", {"rev": office["rev"], "phone": "13900007777"})
    check(e.status == 200 and e.json["record"]["phone"] == "13900007777", "the office enters a telephone", e)
    for who in "teacher", "guard":
        me = s.ask("GET", "/api/v1/me", who).json["person"]
        for x in all_of(s, who, api + "/person?limit=200"):
            check(x["id"] == me or not {"login", "phone", "email"} & set(x), f"{who}: people", x)
        a = s.ask("GET", f"{api}/person/{office['id']}", who)
        check(not {"login", "phone", "email"} & set(a.json.get("record", {})), f"{who}: a person", a)
        check(not all_of(s, who, api + "/person?q=13900007777"), f"{who}: no search by telephone")
        a = s.ask("POST", f"{api}/person/{office['id']}/edit", who, {"rev": 2, "phone": "1"})
        check(a.status in (403, 404), f"{who} edits nobody", a)


ROLES = "office manager teacher guard auditor inspector police principal middle".split()


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return b"".join(z.read(n) for n in z.namelist())


def pdf_text(data):
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout


def channels(api, ledger, id_):
    """Every way by which a record's values leave the house, and how its bytes are read."""
    page = api.replace("/api/v1/", "/t/")
    for path in (f"{api}/{ledger}/{id_}", f"{api}/{ledger}/{id_}/history", f"{api}/{ledger}?limit=200",
                 f"{page}/{ledger}/{id_}", f"{page}/{ledger}", f"{page}/{ledger}?sort=due", f"{page}/{ledger}/new",
                 f"{page}/{ledger}.csv", page, f"{page}/overview",
                 f"{api}/events?limit=200&ledger={ledger}", f"{api}/overview", f"{api}/figures"):
        yield path, bytes
    yield f"{page}/{ledger}.xlsx", unzipped
    yield f"{page}/{ledger}.pdf", pdf_text


def law(s, api, ledger, id_, secrets):
    """role x field x channel: what the record does not show to a role comes to it by no other way either."""
    shown = {n: 0 for n in secrets}
    for who in ROLES:
        a = s.ask("GET", f"{api}/{ledger}/{id_}", who)
        rec = a.json["record"] if a.status == 200 else {}
        for name, value in secrets.items():
            may = rec.get(name) == value
            shown[name] += may
            for path, read in channels(api, ledger, id_):
                a = s.ask("GET", path, who)
                got = a.status == 200 and value.encode() in read(a.body)
                check(may or not got, f"{who} does not learn {ledger}.{name} by {path}")
            a = s.ask("GET", f"{api}/{ledger}?q={urllib.parse.quote(value)}", who)
            check(a.status == 403 or a.status == 200 and not a.json["items"], f"{who} finds nothing by {ledger}.{name}", a)
    for name, n in shown.items():
        check(0 < n < len(ROLES), f"{ledger}.{name} is shown to some and not to all", n)


def files(s, api, tenant):
    one = png(1)
    a = s.upload(api + "/files", "manager", "门.png", one)
    f = (a.json.get("files") or [{}])[0]
    if not check(a.status == 201 and f.get("sha256") == hashlib.sha256(one).hexdigest() and f["type"] == "image/png",
                 "a file is kept", a):
        return
    at = f"{api}/files/{f['id']}"
    b = s.ask("GET", at, "manager")
    check(b.status == 200 and b.body == one, "its own bytes", b)
    for who in "office", "teacher", "middle":
        problem(s.ask("GET", at, who), 404, "missing", f"{who}: somebody else's unclaimed file")
        problem(s.ask("POST", api + "/hazard", who, {"description": "d", "place_text": "p", "photos_before": [f["id"]],
                "org": s.middle if who == "middle" else s.org}), 422, "invalid", f"{who} claims it", "photos_before")
    h = s.ask("POST", api + "/hazard", "manager", {"description": "d", "place_text": "p", "org": s.org, "photos_before": [f["id"]]})
    check(h.status == 201 and h.json["record"]["photos_before"] == [f["id"]], "a record names it", h)
    check(s.ask("GET", at, "teacher").status == 200, "the school sees it")
    for path in at, f"/t/{tenant}/file/{f['id']}":
        check(s.ask("GET", path, "middle").status == 404, "another school does not: " + path)
        check(s.ask("GET", path).status in (302, 303, 401), "nobody does not: " + path)
    problem(s.ask("POST", api + "/hazard", "manager", {"description": "e", "place_text": "p", "org": s.org, "photos_before": [f["id"]]}),
            422, "invalid", "a file belongs to one record", "photos_before")
    problem(s.upload(api + "/files", "manager", "a.png", b"MZ\x90\0" + b"\0" * 200), 415, "type", "an executable")
    problem(s.upload(api + "/files", "manager", "a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), 415, "type", "SVG")
    problem(s.ask("POST", api + "/files", "manager", {}), 422, "invalid", "no file at all")
    h = s.upload(api + "/hazard", "manager", "b.png", png(2), (("description", "m"), ("place_text", "p"), ("org", s.org)), "photos_before")
    check(h.status == 201 and len(h.json["record"]["photos_before"]) == 1, "a record with its file in one request", h)
    corrected(s, api, tenant, h.json["record"])


def at_once(s, api, tenant):
    """Reported and put right in one step; who reports is not told to everybody."""
    photo = s.upload(api + "/files", "teacher", "a.png", png(7)).json["files"][0]["id"]
    fields = {"description": "loose ibex shelf", "place_text": "library", "org": s.org}
    problem(s.ask("POST", api + "/hazard", "teacher", fields | {"situation": "screwed down"}), 422, "invalid",
            "put right without a photograph", "photos_after")
    problem(s.ask("POST", api + "/hazard", "teacher", fields | {"photos_after": [photo]}), 422, "invalid", "nor without words", "situation")
    h = s.ask("POST", api + "/hazard", "teacher", fields | {"situation": "screwed down", "photos_after": [photo]})
    rec = h.json.get("record", {})
    check(h.status == 201 and rec["state"] == "submitted" and rec["on_spot"], "it waits for somebody's look", h)
    a = s.ask("POST", f"{api}/hazard/{rec['id']}/accept", "manager", {"rev": 1})
    check(a.status == 200 and a.json["record"]["state"] == "closed", "somebody else confirms it", a)
    rec = s.ask("POST", api + "/hazard", "teacher", fields | {"description": "loose oryx shelf"}).json["record"]
    at = f"{api}/hazard/{rec['id']}"
    me = s.ask("GET", "/api/v1/me", "teacher").json
    for who, knows in ("manager", True), ("teacher", True), ("guard", False), ("auditor", False):
        got = s.ask("GET", at, who).json["record"].get("created_by")
        actor = s.ask("GET", at + "/history", who).json["events"][0]["actor"]
        page = s.ask("GET", f"/t/{tenant}/hazard/{rec['id']}", who).body.decode().split('class="history"')[-1]
        check((got == me["person"]) == knows and (actor == me["person"]) == knows and (me["name"] in page) == knows,
              f"{who} knows who reported: {knows}", (got, actor))
    page = s.ask("GET", f"/t/{tenant}/hazard/new", "teacher").body.decode()
    door = re.search(r'href="(/report/[^"]*)"', page)
    check(door and s.ask("GET", door[1]).status == 200, "who does not want to be known finds the other door")


def small_school(s, api, tenant):
    """A teaching point has two teachers: who is above it hears, and its places are its own."""
    me = s.ask("GET", "/api/v1/me", "point").json
    org = me["posts"][0]["org"]
    h = s.ask("POST", api + "/hazard", "point", {"description": "the well has no lid", "place_text": "yard", "org": org})
    for who, hears in ("manager", True), ("principal", True), ("middle", False):
        news = s.ask("GET", f"/t/{tenant}", who).body.decode().split('class="news"')[-1]
        check((h.json["record"]["id"] in news) == hears, f"{who} hears of a teaching point: {hears}")
    place = next(p for p in all_of(s, "office", api + "/place?limit=200") if p["org"] == org)
    fields = {"description": "x", "place": place["id"]}
    problem(s.ask("POST", api + "/hazard", "manager", fields | {"org": s.org}), 422, "invalid", "another school's place", "place")
    check(s.ask("POST", api + "/hazard", "manager", fields | {"org": org}).status == 201, "its own school's place")
    a = s.ask("POST", "/sign-in", raw=b"login=principal&password=anlan-example",
              headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": "shared=" + "0" * 64})
    cookie = next(c for c in a.headers.get_all("Set-Cookie") if c.startswith("anlan="))
    check("Max-Age=7200" in cookie, "who signs in on a shared device is gone after two hours", cookie)


def corrected(s, api, tenant, rec):
    """The form of a correction brings the photographs that are there: they stay, unless somebody unticks them."""
    from test_pictures import Browser
    at, b = f"/t/{tenant}/hazard/{rec['id']}", Browser(s, "manager")

    def form():
        page = b.get(at).body.decode()
        part = page[page.find(f'action="{at}/edit"'):].split("</form>")[0]
        return [(n, v) for n, v in re.findall(r'<input type="(?:hidden|checkbox)" name="([^"]*)" value="([^"]*)"', part)]
    fields = form() + [("description", "m"), ("place_text", "p")]
    first = rec["photos_before"]
    check(("photos_before", first[0]) in fields, "a form shows the photographs of the record", fields)
    a = b.send(at + "/edit", fields, [("photos_before", "c.png", png(3))])
    both = s.ask("GET", f"{api}/hazard/{rec['id']}", "manager").json["record"]["photos_before"]
    check(a.status == 303 and both[:1] == first and len(both) == 2, "a photograph is added to the others", both)
    fields = [x for x in form() if x[1] != first[0]] + [("description", "m"), ("place_text", "p")]
    for want in both[1:], []:
        a = b.send(at + "/edit", fields)
        rec = s.ask("GET", f"{api}/hazard/{rec['id']}", "manager").json["record"]
        check(a.status == 303 and rec["photos_before"] == want, "what is unticked is taken out", rec)
        fields = [x for x in form() if x[0] != "photos_before" or not x[1]] + [("description", "m"), ("place_text", "p")]


def secure(a, text, personal=False):
    h = a.headers
    check("default-src 'none'" in (h.get("Content-Security-Policy") or "") and h.get("X-Content-Type-Options") == "nosniff",
          "headers: " + text, dict(h))
    if personal:
        check("no-store" in (h.get("Cache-Control") or ""), "no-store: " + text, dict(h))


def standing(s, api, rk, tenant, lec):
    """A hazard that stays becomes a risk point: what is known of it comes along."""
    a = s.ask("POST", api + "/hazard", "teacher", {"org": s.org, "description": "The wall by the pond is low", "place_text": "pond",
                                                   "category": "nature"})
    at = f"{api}/hazard/{a.json['record']['id']}"
    form = f"/t/{tenant}/risk/new?from={a.json['record']['id']}"
    page = s.ask("GET", form, "manager")
    check(page.status == 409, "not from a hazard that is to be rectified", page)
    s.ask("POST", at + "/grade", "manager", {"rev": 1, "grade": "general"})
    a = s.ask("POST", at + "/stand", "manager", {"rev": 2, "control": "A rope and a sign", "comment": "the pond is the village's"})
    h = a.json.get("record", {})
    check(h.get("state") == "standing", "it stands", a)
    page = s.ask("GET", form, "manager").body.decode()
    check(all(w in page for w in ("The wall by the pond is low", 'value="pond"', 'value="natural" selected', f'value="{h["no"]}"')),
          "the form begins with what is known", re.sub(r"(?s)<[^>]*>", " ", page)[-900:])
    check(s.ask("GET", form, "middle").status == 404, "of a hazard that one may read")
    check(s.ask("GET", form, "teacher").status == 403, "by who may enter risk points")
    a = s.ask("POST", rk, "manager", {"org": s.org, "title": "Pond", "type": "natural", "harm": "A child drowns", "hazard": h["id"], **lec})
    r = a.json.get("record", {})
    check(a.status == 201 and (r["management"], r["place_text"], r["hazard"]) == ("A rope and a sign", "pond", h["id"]),
          "its place and controls come along", a)
    page = s.ask("GET", f"/t/{tenant}/hazard/{h['id']}", "manager").body.decode()
    check(f"/risk/{r['id']}" in page and f"risk/new?from={h['id']}" not in page, "the hazard leads to it, and asks for no second one")


def risks(s, api, tenant):
    """Risk points: the grade follows from the inputs, plans are for who may read the school's records."""
    rk = api + "/risk"
    base = {"title": "Boiler", "type": "equipment", "harm": "It bursts", "place_text": "cellar", "org": s.org}
    lec = {"method": "lec", "lec_l": "3", "lec_e": "6", "lec_c": "15"}
    for field in "lec_l", "lec_e", "lec_c":
        a = s.ask("POST", rk, "manager", {**base, **{k: v for k, v in lec.items() if k != field}})
        problem(a, 422, "invalid", "a grade without " + field, field)
    problem(s.ask("POST", rk, "manager", {**base, **lec, "lec_l": "4"}), 422, "invalid", "a number that is in no table", "lec_l")
    problem(s.ask("POST", rk, "manager", {**base, **lec, "grade": "low"}), 422, "invalid", "a grade is computed", "grade")
    problem(s.ask("POST", rk, "teacher", {**base, **lec}), 403, "denied", "a teacher grades nothing")
    a = s.ask("POST", rk, "manager", {**base, **lec})
    rec = a.json.get("record", {})
    check(a.status == 201 and rec["score"] == "270" and rec["grade"] == "larger" and "risk.lec.major@1" in rec["graded_by"]
          and rec["due_at"], "LEC", a)
    ls = s.ask("POST", rk, "manager", {**base, "method": "ls", "ls_l": "4", "ls_s": "5"})
    check(ls.json["record"]["grade"] == "major" and ls.json["record"]["score"] == "20", "the matrix", ls)
    at = f"{rk}/{rec['id']}"
    step = {"emergency": "Shut it off", "responsible": s.ask("GET", "/api/v1/me", "manager").json["person"], "patrol": "daily"}
    problem(s.ask("POST", at + "/control", "manager", {**step, "rev": 1}), 422, "invalid", "no control is named", "management")
    a = s.ask("POST", at + "/control", "manager", {**step, "rev": 1, "engineering": "Safety valve", "residual": "low"})
    check(a.status == 200 and a.json["record"]["state"] == "controlled", "controls are in force", a)
    problem(s.ask("POST", at + "/pin", "manager", {"rev": 2, "x": 0, "y": 10}), 422, "invalid", "a pin beside the picture", "x")
    problem(s.ask("POST", at + "/pin", "manager", {"rev": 2, "x": 1001, "y": 10}), 422, "invalid", "a pin beside the picture", "x")
    a = s.ask("POST", at + "/pin", "manager", {"rev": 2, "x": 400, "y": 10})
    check(a.status == 200 and a.json["record"]["x"] == 400, "a pin", a)
    a = s.ask("POST", at + "/reidentify", "manager", {"rev": 3, "lec_l": "1"})
    check(a.status == 200 and a.json["record"]["score"] == "90" and a.json["record"]["grade"] == "general", "identified anew", a)
    h = s.ask("GET", at + "/history", "manager")
    check(h.status == 200 and [x["verb"] for x in h.json["events"]][-4:] == ["identify", "control", "pin", "reidentify"],
          "what was stays in the history", h)
    standing(s, api, rk, tenant, lec)
    plan = f"/t/{tenant}/plan?org={s.org}"
    file = s.ask("GET", f"{api}/org/{s.org}", "manager").json["record"]["plan"]
    file = file if isinstance(file, str) else str(file[0]["id"] if isinstance(file[0], dict) else file[0])
    for path in plan, f"/t/{tenant}/risks", f"/t/{tenant}/file/{file}", f"/t/{tenant}/file/{file}/large", f"{api}/files/{file}":
        a = s.ask("GET", path)
        check(a.status in (302, 303, 401, 404), "a floor plan is not public: " + path, a)
    for who in "middle", "police":
        a = s.ask("GET", f"{api}/files/{file}", who)
        check(a.status == 404, f"nor for {who}", a)
        problem(s.ask("GET", at, who), 404, "missing", f"nor its risk points for {who}")
    check(s.ask("GET", f"{api}/files/{file}", "teacher").status == 200, "who works there may see it")


def pages(s, api, tenant, at):
    id_ = at.rsplit("/", 1)[1]
    put = {"{tenant}": tenant, "{ledger}": "hazard", "{id}": id_, "{word}": "grade", "{rest}": "x"}
    c = s.ask("POST", "/sign-in", raw=b"login=manager&password=anlan-example",
              headers={"Content-Type": "application/x-www-form-urlencoded"})
    cookie = (c.headers.get("Set-Cookie") or "").split(";")[0]
    check(c.status in (302, 303) and cookie.startswith("anlan=") and "HttpOnly" in c.headers["Set-Cookie"]
          and "SameSite" in c.headers["Set-Cookie"], "sign-in gives a cookie", c)
    for line in s.run("routes").stdout.splitlines():
        m = re.match(r"(GET|POST) +(\S+) +(.*)", line)
        if not m:
            continue
        method, path, need = m.groups()
        for k, v in put.items():
            path = path.replace(k, v)
        if method == "GET":
            a = s.ask("GET", path)
            if "anybody" in need:
                check(a.status in (200, 302, 303, 404, 410, 429), "anybody: " + path, a)
            else:
                check(a.status in (401, 404) or a.status in (302, 303) and a.headers["Location"].startswith("/sign-in"),
                      "refused: " + path, a)
            secure(a, path)
            if "anybody" not in need:
                b = s.ask("GET", path, headers={"Cookie": cookie})
                check(b.status < 500, "signed in: " + path, b)
                if b.status == 200 and "text/html" in b.headers["Content-Type"]:
                    secure(b, path, True)
                b = s.ask("GET", path, "manager")
                if b.status == 200 and path.startswith("/api") and "/files" not in path:
                    secure(b, path, True)
        else:
            a = s.ask("POST", path, raw=b"", headers={"Content-Type": "application/x-www-form-urlencoded"})
            check(a.status < 500, "POST of nobody: " + path, a)
            if "anybody" not in need:
                check(a.status in (302, 303, 401, 403, 404), "POST refused: " + path, a)
                for raw in b"", b"csrf=" + b"0" * 64:
                    b = s.ask("POST", path, raw=raw, headers={"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
                    check(b.status == 403, "a form without its key: " + path, b)
                    secure(b, path)
    secure(s.ask("GET", "/nowhere"), "404")
    secure(s.ask("DELETE", "/"), "405")
    secure(s.ask("POST", api + "/hazard", "manager", raw=b"a" * (2 << 20)), "413")
    check(s.ask("GET", "/healthz").status == 200, "healthz")
    a = s.ask("GET", "/metrics")
    check(a.status == 200 and not re.search(rf"{tenant}|BLZX|org=|hazard", a.body.decode()), "metrics tell nothing of a school", a)


def hidden_everywhere(s, api, at):
    law(s, api, "hazard", at.rsplit("/", 1)[1], {"contractor": "Firm Quagga 555"})
    who = next(p for p in all_of(s, "office", api + "/person?limit=200") if p.get("login") == "principal")
    a = s.ask("POST", f"{api}/person/{who['id']}/edit", "office",
              {"rev": who["rev"], "phone": "13911112222", "email": "okapi@example.org"})
    check(a.status == 200, "telephone and address for the law", a)
    law(s, api, "person", who["id"], {"phone": "13911112222", "email": "okapi@example.org"})


def every_page(s, api, tenant, who):
    """What somebody can open without knowing more: lists, their records, exports, papers, the office's pages."""
    home = f"/t/{tenant}"
    for path in "", "/overview", "/figures", "/causes", "/rules", "/privacy", "/brief.pdf", "/setup", "/messages":
        yield home + path
    yield "/account"
    for ledger in LEDGERS:
        for tail in "", ".csv", ".xlsx", ".pdf", "/new", "/round", "/together":
            yield f"{home}/{ledger}{tail}"
        yield f"{api}/{ledger}?limit=200"
        a = s.ask("GET", f"{api}/{ledger}?limit=40", who)
        for x in a.json.get("items", []):
            at = f"{ledger}/{x['id']}"
            yield f"{api}/{at}"
            yield f"{api}/{at}/history"
            yield f"{home}/{at}"
            yield f"{home}/{at}/proof"
            yield f"{home}/{at}/paper"


LEDGERS = "hazard notice sweep statistic blank campaign minutes org person post place calendar rule report".split()


def readable(a):
    kind = a.headers.get("Content-Type") or ""
    body = unzipped(a.body) if "spreadsheet" in kind else pdf_text(a.body) if "pdf" in kind else a.body
    return body.decode("utf-8", "replace") + (" " + b64(body) if "text/plain" in kind else "")


def b64(body):
    out = []
    for line in body.split():
        try:
            out.append(base64.b64decode(line, validate=True).decode("utf-8", "replace"))
        except ValueError:
            pass
    return " ".join(out)


def make(s, api, who, ledger, fields, *steps):
    a = s.ask("POST", f"{api}/{ledger}", who, {"org": s.org, **fields})
    if not check(a.status == 201, f"{who} makes a {ledger} for the law", a):
        return "0"
    rec = a.json["record"]
    for by, verb, more in steps:
        a = s.ask("POST", f"{api}/{ledger}/{rec['id']}/{verb}", by, {"rev": rec["rev"], **more})
        if check(a.status == 200, f"{by} takes the step {verb} for the law", a):
            rec = a.json["record"]
    return rec["id"]


def way_back(s, tenant):
    """Who is refused gets back to where he came from, and nowhere else."""
    here, at = f"http://{s.host}:{s.port}", f"/t/{tenant}/hazard/1"
    for ref, want in ((f"{here}/t/{tenant}/hazard?q=x", f'href="/t/{tenant}/hazard?q=x"'), (here + at, None), (here + "//evil.example/", None),
                      ("http://evil.example/t/a", None), (f"{here}.evil.example/t/a", None), (f"{here}/\\evil", None), ("x", None), (here, None)):
        a = s.ask("GET", at, "manager", headers={"Referer": ref})
        links = re.findall(r'class="button" href="[^"]*"', a.body.decode())
        check(a.status == 404 and len(links) == (2 if want else 1) and (not want or want in links[0]), "the way back to " + ref, links)


def presets(s, tenant):
    """An empty form offers what the day tells: today, and the quarter that has ended."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    ended = (now.month - 1) // 3
    for ledger, field in ("sweep", "looked_on"), ("minutes", "held_on"), ("notice", "inspected_on"):
        page = s.ask("GET", f"/t/{tenant}/{ledger}/new?org={s.org}", "manager").body.decode()
        tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', page)
        check(tag and f'value="{now.date()}"' in tag[0], f"{ledger}.{field} is today", tag)
    page = s.ask("GET", f"/t/{tenant}/statistic/new?org={s.org}", "manager").body.decode()
    tag = re.search(r'<input[^>]*name="year"[^>]*>', page)
    check(tag and f'value="{now.year - (ended == 0)}"' in tag[0], "the year of the quarter that has ended", tag)
    check(re.search(rf'<option value="q{ended or 4}" selected', page) or re.search(rf'value="q{ended or 4}"[^>]* checked', page),
          "the quarter that has ended", re.findall(r'<[^>]*value="q\d"[^>]*>', page))


def second_notice(s, api, tenant):
    """A second notice takes over what is open; the first one's paper stays what it was."""
    def notice_of(hz):
        return s.ask("GET", f"{api}/hazard/{hz}", "manager").json["record"]["notice"]

    first = make(s, api, "principal", "notice", {"title": "First of two", "inspected_on": "2026-01-05", "requirement": "mend the bandicoots",
                                                 "deadline": "2099-01-01", "inspectors": "one, and another"})
    open_one, done_one = (make(s, api, "manager", "hazard", {"description": d, "place_text": "p"}) for d in ("loose bandicoot", "mended bandicoot"))
    for hz in open_one, done_one:
        a = s.ask("POST", f"{api}/hazard/{hz}/put_on_notice", "principal", {"rev": 1, "notice": first})
        check(a.status == 200, "a hazard on the notice", a)
    at = f"{api}/notice/{first}"
    for rev, verb, more in ((1, "issue", {"doc_no": "1"}), (2, "serve", {"served": "left", "served_on": today(), "witness": "w"})):
        a = s.ask("POST", f"{at}/{verb}", "principal", {"rev": rev, **more})
        check(a.status == 200, "the first notice: " + verb, a)
    a = s.ask("POST", f"{api}/hazard/{done_one}/not_hazard", "manager", {"rev": 2, "comment": "is none"})
    late = make(s, api, "manager", "hazard", {"description": "late bandicoot", "place_text": "p"})
    a = s.ask("POST", f"{api}/hazard/{late}/put_on_notice", "principal", {"rev": 1, "notice": first})
    check(a.status == 409, "nothing is added to what was issued", a)
    a = s.ask("POST", f"{at}/second", "principal", {"rev": 3, "comment": "not done"})
    check(a.status == 200 and a.json["record"]["state"] == "served", "until a second one is issued it stands", a)
    paper = pdf_text(s.ask("GET", f"/t/{tenant}/notice/{first}/paper", "principal").body).decode()
    check(all(x in paper for x in ("Issued by", "Witness: w", "Opinion of the re-check", "In three copies", "Inspectors (signatures): one")) and
          "no longer valid" not in paper, "the paper has its lines, and the witness of what was left", paper)
    problem(s.ask("POST", f"{at}/second", "principal", {"rev": 4, "comment": "twice"}), 409, "conflict", "and there is one second")
    dropped = notice_of(open_one)
    a = s.ask("POST", f"{api}/notice/{dropped}/drop", "principal", {"rev": 1, "comment": "not yet"})
    check(a.status == 200 and notice_of(open_one) == first, "a second one that is dropped gives back what it took", a)
    a = s.ask("POST", f"{at}/second", "principal", {"rev": 4, "comment": "not done"})
    check(a.status == 200, "and another may be drafted", a)
    second = notice_of(open_one)
    check(second != first and notice_of(done_one) == first, "what is open moves over, what is done stays", second)
    rec = s.ask("GET", f"{api}/notice/{second}", "principal").json["record"]
    check((rec["state"], rec["previous"], rec["requirement"], rec["inspected_on"]) == ("draft", first, "mend the bandicoots", today()),
          "the second notice is drafted", rec)
    page = s.ask("GET", f"/t/{tenant}/notice/{first}", "principal").body.decode()
    check("loose bandicoot" in page and "mended bandicoot" in page and f"/notice/{second}" in page,
          "the first one shows what stood on it, and leads to the second", page[:200])
    code = s.ask("GET", at, "principal").json["record"]["code"]
    valid = s.ask("GET", f"/check/{tenant}/{code}").body
    a = s.ask("POST", f"{api}/notice/{second}/issue", "principal", {"rev": 1, "doc_no": "2"})
    check(a.status == 422 and a.json["field"] == "deadline", "the second needs a deadline of its own", a)
    s.ask("POST", f"{api}/notice/{second}/edit", "principal", {"rev": 1, "deadline": "2099-02-01"})
    a = s.ask("POST", f"{api}/notice/{second}/issue", "principal", {"rev": 2, "doc_no": "2"})
    check(a.status == 200, "the second is issued", a)
    check(s.ask("GET", at, "principal").json["record"]["state"] == "replaced", "then it replaces the first")
    one, two = (pdf_text(s.ask("GET", f"/t/{tenant}/notice/{n}/paper", "principal").body).decode() for n in (first, second))
    check("Replaced by 2: no longer valid" in one and "Second notice, in place of 1" in two, "each paper names the other", one[:300] + two[:300])
    check(s.ask("GET", f"/check/{tenant}/{code}").body != valid, "and whoever checks the first one's code learns it")


def today():
    return str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date())


def on_notice(s, api, who, hz, notice):
    rev = s.ask("GET", f"{api}/hazard/{hz}", "manager").json["record"]["rev"]
    return s.ask("POST", f"{api}/hazard/{hz}/put_on_notice", who, {"rev": rev, "notice": notice})


def take(s, api, who, at, verb, **more):
    """A step on a record as it stands now."""
    rev = s.ask("GET", f"{api}/{at}", "office").json["record"]["rev"]
    return s.ask("POST", f"{api}/{at}/{verb}", who, {"rev": rev, **more})


def steps_of(s, api, who, at):
    return set(s.ask("GET", f"{api}/{at}", who).json["steps"])


NOTICE = {"title": "Notice", "inspected_on": "2026-01-05", "requirement": "mend it", "deadline": "2099-01-01", "inspectors": "Teacher Li, Teacher Wang"}


def whose_notice(s, api):
    """Who stands for the issuer of a notice decides about it; it is not in order while a hazard on it is open."""
    judge = {"recheck", "second", "refer"}
    theirs = make(s, api, "inspector", "notice", NOTICE)
    hz = make(s, api, "manager", "hazard", {"description": "loose wambenger", "place_text": "p"})
    at = f"notice/{theirs}"
    check(on_notice(s, api, "inspector", hz, theirs).status == 200, "a hazard on the inspector's notice")
    for verb, more in ("edit", {"requirement": "less"}), ("issue", {}), ("drop", {"comment": "no"}):
        problem(take(s, api, "principal", at, verb, **more), 403, "denied", f"the school may not {verb} a draft from above")
    for verb, who, more in (("issue", "inspector", {}), ("serve", "inspector", {"served": "signed", "served_on": today(), "receiver": "r"}),
                            ("reply", "manager", {"situation": "done", "replied_by": "r"})):
        check(take(s, api, who, at, verb, **more).status == 200, f"{who} may {verb}")
    check(not steps_of(s, api, "principal", at) & judge and judge <= steps_of(s, api, "inspector", at) and judge <= steps_of(s, api, "office", at),
          "the school is not offered to judge a notice from above", steps_of(s, api, "principal", at))
    for verb, more in ("recheck", {"opinion": "fine"}), ("second", {"comment": "c"}), ("refer", {"referred_to": "x", "comment": "c"}), ("replaced", {}):
        problem(take(s, api, "principal", at, verb, **more), 403, "denied", f"nor to {verb} it")
    a = take(s, api, "inspector", at, "recheck", opinion="fine")
    problem(a, 409, "conflict", "nothing is in order while a hazard is open")
    check("1 of 1" in a.json.get("title", ""), "and the refusal says how many", a.json)
    take(s, api, "manager", f"hazard/{hz}", "not_hazard", comment="none")
    check(take(s, api, "inspector", at, "recheck", opinion="fine").status == 200, "then it is re-checked")
    ours = make(s, api, "principal", "notice", {**NOTICE, "inspectors": "Principal", "problems": "a ladder"},
                ("principal", "issue", {}), ("manager", "serve", {"served": "signed", "served_on": today(), "receiver": "r"}),
                ("manager", "reply", {"situation": "done", "replied_by": "r"}))
    check(judge <= steps_of(s, api, "principal", f"notice/{ours}") and not steps_of(s, api, "manager", f"notice/{ours}") & judge,
          "a school's own notice is the principal's to judge")
    check(take(s, api, "principal", f"notice/{ours}", "recheck", opinion="fine").status == 200, "and so it is closed")


def one_notice(s, api, tenant):
    """A hazard stands on one notice in force; the second takes from it what is still open."""
    def issued(mark, *hazards):
        n = make(s, api, "inspector", "notice", {**NOTICE, "title": mark})
        for h in hazards:
            check(on_notice(s, api, "inspector", h, n).status == 200, f"a hazard on {mark}")
        for verb, more in ("issue", {}), ("serve", {"served": "signed", "served_on": today(), "receiver": "r"}):
            check(take(s, api, "inspector", f"notice/{n}", verb, **more).status == 200, f"{mark}: {verb}")
        return n

    one, two = (make(s, api, "manager", "hazard", {"description": d, "place_text": "p"}) for d in ("zorilla stairs", "zorilla roof"))
    first = issued("First", one)
    other = make(s, api, "inspector", "notice", {**NOTICE, "title": "Other"})
    problem(on_notice(s, api, "inspector", one, other), 409, "conflict", "what stands on a notice in force stands on no other", "notice")
    page = s.ask("GET", f"/t/{tenant}/hazard/together?verb=put_on_notice&notice={other}&org={s.org}", "inspector").body.decode()
    check("zorilla roof" in page and "zorilla stairs" not in page, "nor is it offered")
    check(take(s, api, "inspector", f"notice/{first}", "second", comment="not done").status == 200, "a second notice for what is open")
    second = s.ask("GET", f"{api}/hazard/{one}", "manager").json["record"]["notice"]
    check(second not in (first, other), "it takes the hazard over", second)
    problem(on_notice(s, api, "inspector", one, other), 409, "conflict", "what the second has taken over goes nowhere else", "notice")
    check(on_notice(s, api, "inspector", two, second).status == 200, "what was found later is put on the second")
    a = take(s, api, "inspector", f"notice/{second}", "drop", comment="not yet")
    check(a.status == 200, "a second one that holds more than the first can be dropped", a)
    check(s.ask("GET", f"{api}/hazard/{one}", "manager").json["record"]["notice"] == first, "and gives back what it took")
    check(on_notice(s, api, "inspector", two, other).status == 200, "the later one is free again")


def empty_notice(s, api):
    """What is signed names a problem, and who looked."""
    n = make(s, api, "inspector", "notice", {**NOTICE, "inspectors": "张老师", "problems": "p"})
    for one in "张老师", "Teacher Li":
        check(take(s, api, "inspector", f"notice/{n}", "edit", inspectors=one).status == 200, "one name")
        problem(take(s, api, "inspector", f"notice/{n}", "issue"), 422, "invalid", f"{one}: one inspector is not enough for the district's", "inspectors")
    check(take(s, api, "inspector", f"notice/{n}", "edit", problems="").status == 200, "no problem any more")
    for names in "张老师、李老师", "张老师，李老师", "张老师 李老师":
        check(take(s, api, "inspector", f"notice/{n}", "edit", inspectors=names).status == 200, "two names")
        problem(take(s, api, "inspector", f"notice/{n}", "issue"), 422, "invalid", f"{names}: a notice without a problem is not signed", "problems")
    check(take(s, api, "inspector", f"notice/{n}", "edit", problems="扶手松动").status == 200, "a problem in words")
    check(take(s, api, "inspector", f"notice/{n}", "issue").status == 200, "then it is issued")


def numbered_later(s, api, tenant):
    """A number that is given by hand comes after the issue: once, then it is corrected with a reason."""
    n = make(s, api, "inspector", "notice", {**NOTICE, "problems": "p"}, ("inspector", "issue", {}))
    at = f"notice/{n}"
    problem(take(s, api, "manager", at, "number", doc_no="X 1"), 403, "denied", "the school gives no number to a notice from above")
    problem(take(s, api, "inspector", at, "number", doc_no=""), 422, "invalid", "a number is something", "doc_no")
    check(take(s, api, "inspector", at, "number", doc_no="学安改〔2026〕7 号").status == 200, "the number is entered")
    problem(take(s, api, "inspector", at, "number", doc_no="8"), 409, "conflict", "once")
    problem(take(s, api, "inspector", at, "renumber", doc_no="8"), 422, "invalid", "a correction says why", "comment")
    check(take(s, api, "inspector", at, "renumber", doc_no="学安改〔2026〕8 号", comment="misread").status == 200, "and may be made")
    code = s.ask("GET", f"{api}/{at}", "inspector").json["record"]["code"]
    check("学安改〔2026〕8 号" in s.ask("GET", f"/check/{tenant}/{code}").body.decode(), "the page of the QR code shows it")


def told_by_code(s, api, tenant):
    """The page of a QR code tells validity, not what became of the hazards; lists and files say what happened."""
    n = make(s, api, "principal", "notice", {**NOTICE, "problems": "p", "title": "Told by code"}, ("principal", "issue", {"doc_no": "Told 1"}),
             ("manager", "serve", {"served": "refused", "served_on": today(), "witness": "Wit Dibbler"}))
    code = s.ask("GET", f"{api}/notice/{n}", "manager").json["record"]["code"]
    told = s.ask("GET", f"/check/{tenant}/{code}").body
    page = s.ask("GET", f"/t/{tenant}/notice/{n}", "manager", headers={"Accept-Language": "zh"}).body.decode()
    check("已送达" in page and 'state-served">已签收' not in page, "what was refused is served, not received")
    for verb, more in ("reply", {"situation": "done", "replied_by": "Rep Dibbler"}), ("recheck", {"opinion": "fine"}):
        check(take(s, api, "principal", f"notice/{n}", verb, **more).status == 200, verb)
    check(s.ask("GET", f"/check/{tenant}/{code}").body == told, "a re-check is not told to whoever scans the code")
    rows = list(csv.DictReader(io.StringIO(s.ask("GET", f"/t/{tenant}/notice.csv?q=Told", "manager").body.decode("utf-8-sig"))))
    check(rows and rows[0]["Document number"] == "Told 1" and rows[0]["Received on"] == rows[0]["Answered on"] == today(),
          "number, receipt and answer go out with the list", rows[:1])
    heads = s.ask("GET", f"/t/{tenant}/hazard.csv", "manager").body.decode("utf-8-sig").splitlines()[0]
    check(all(x in heads for x in ("Found on", "Source", "Finished on", "Accepted", "Money spent")) and "Found by" not in heads,
          "a list of hazards says when, from where, for how much", heads)
    a = s.ask("GET", f"/t/{tenant}/statistic.csv", "manager")
    check("Carried over, general" in a.body.decode("utf-8-sig"), "statements go out with their figures", a)
    a = take(s, api, "office", f"notice/{n}", "erase", comment="asked for")
    rec = s.ask("GET", f"{api}/notice/{n}", "office").json["record"]
    check(a.status == 200 and not any(rec.get(k) for k in ("inspectors", "receiver", "witness", "replied_by")), "names on a notice can be erased", rec)
    page = s.ask("GET", f"/t/{tenant}/privacy", "manager", headers={"Accept-Language": "zh"}).body.decode()
    for x in "整改通知", "会议纪要", "登录", "备份", "见证人":
        check(x in page, f"what is kept about people lists {x}")
    check("10 年" in page and "3650" not in page, "years, where they are whole")


def names(s, api, tenant):
    """The auditor reads everything but who people are: no name by any way, the post instead."""
    notice = make(s, api, "principal", "notice", {"title": "Notice for the law", "inspected_on": "2026-01-05", "requirement": "r",
                                                  "deadline": "2099-01-01", "problems": "p", "inspectors": "Ins Pangolin"},
                  ("principal", "issue", {"doc_no": "1"}),
                  ("principal", "serve", {"served": "refused", "served_on": today(), "receiver": "Rec Pangolin", "witness": "Wit Pangolin"}),
                  ("manager", "reply", {"situation": "done", "replied_by": "Rep Pangolin"}))
    law(s, api, "notice", notice, {"inspectors": "Ins Pangolin", "receiver": "Rec Pangolin", "witness": "Wit Pangolin", "replied_by": "Rep Pangolin"})
    sweep = make(s, api, "manager", "sweep", {"looked_at": "roof", "looked_on": "2026-01-05", "result": "none", "company": "Com Pangolin"})
    law(s, api, "sweep", sweep, {"company": "Com Pangolin"})
    minutes = make(s, api, "principal", "minutes", {"title": "m", "held_on": "2026-01-05", "text": "t", "kind": "meeting", "present": "Pre Pangolin"})
    law(s, api, "minutes", minutes, {"present": "Pre Pangolin"})
    plan = make(s, api, "principal", "campaign", {"title": "c", "from_on": "2026-01-05", "to_on": "2026-02-05", "leader": "Lea Pangolin",
                                                  "deputies": "Dep Pangolin", "members": "Mem Pangolin"})
    law(s, api, "campaign", plan, {"leader": "Lea Pangolin", "deputies": "Dep Pangolin", "members": "Mem Pangolin"})
    hazard = make(s, api, "manager", "hazard", {"description": "for the law", "place_text": "p"},
                  ("manager", "assign", {"measures": "m", "deadline": "2099-01-01", "responsible_unit": "Uni Pangolin"}))
    law(s, api, "hazard", hazard, {"responsible_unit": "Uni Pangolin"})
    people = [p for p in all_of(s, "office", api + "/person?limit=200") if p.get("login") != "auditor"]
    known = [p["name"] for p in people if len(p["name"]) > 3] + ["Pangolin", "13911112222"]
    check(len(known) > 20, "there are names to look for", known)
    n = 0
    for path in every_page(s, api, tenant, "auditor"):
        a = s.ask("GET", path, "auditor")
        check(a.status < 500, "the auditor asks for " + path, a)
        if a.status == 200 and not (a.headers.get("Content-Type") or "").startswith("image"):
            words = readable(a)
            n += 1
            check(not [k for k in known if k in words], "the auditor learns a name by " + path, [k for k in known if k in words])
    check(n > 60, "many ways were tried", n)
    page = s.ask("GET", f"/t/{tenant}/hazard/{hazard}", "auditor").body.decode()
    check("chool safety manager" in page or "安全主任" in page or "安全管理" in page, "the post stands for the name", page[:200])
    for p in people[:3]:
        check(s.ask("GET", f"{api}/person/{p['id']}", "auditor").status in (403, 404), "the auditor opens nobody's record")
        check(s.ask("GET", f"/t/{tenant}/person/{p['id']}", "auditor").status in (403, 404), "nor the page")


def looks(s, api, tenant):
    """Who looked at whom: for the person and the administrator."""
    people = all_of(s, "office", api + "/person?limit=200")
    canteen = next(p for p in people if p.get("login") == "canteen")

    def told(who, path="/account"):
        return re.findall(r"<li><p>(.*?)</p></li>", s.ask("GET", path, who).body.decode().split("class=\"history\"")[-1], re.S)
    page, before = f"/t/{tenant}/person/{canteen['id']}", len(told("canteen"))
    check(s.ask("GET", page, "manager").status == 200 and s.ask("GET", f"{api}/person/{canteen['id']}", "manager").status == 200, "the manager looks")
    mine = [x for x in told("canteen") if "Manager Wang" in x and "list" not in x and "名单" not in x]
    check(len(told("canteen")) > before and len(mine) == 1 and "2" in mine[0], "the person reads who looked, and how often", told("canteen"))
    check(s.ask("GET", page, "canteen").status == 200 and len([x for x in told("canteen") if "Canteen A" in x]) == 0, "one's own looks are none", told("canteen"))
    check(any("Manager Wang" in x for x in told("admin", page)), "the administrator reads it too")
    check(not any("read this record" in x for x in told("manager", page)), "nobody else does")
    for path in f"/t/{tenant}/person.csv", f"/t/{tenant}/person", api + "/person":
        check(s.ask("GET", path, "admin").status == 200, "the administrator takes the list " + path)
    check(any("Administrator" in x for x in told("canteen")), "a list that was taken out is told", told("canteen"))


def colleagues(s, api, tenant):
    """Two people with the same post read the same list, but for their own telephone."""
    for n in "1", "2":
        who = make(s, api, "office", "person", {"name": "Colleague " + n, "login": "colleague" + n, "phone": "1370000000" + n})
        make(s, api, "office", "post", {"person": who, "role": "doctor"})
    for n, other in ("1", "2"), ("2", "1"):
        page = s.ask("GET", f"/t/{tenant}/person", "colleague" + n).body.decode()
        check("1370000000" + n in page and "1370000000" + other not in page, "one's own telephone, not the colleague's")


def taken_out(s, api, tenant):
    """What is taken out holds when it is due and the five implementations; signs alone find nothing."""
    rows = list(csv.reader(io.StringIO(s.ask("GET", f"/t/{tenant}/hazard.csv", "office").body.decode("utf-8-sig"))))
    for head in "Due", "Responsible person", "Measures", "Funds", "Deadline", "Contingency plan", "Record number":
        check(head in rows[0], "taken out: " + head, rows[0])
    at = {h: i for i, h in enumerate(rows[0])}
    law_row = next((r for r in rows if r[0] == "for the law"), None)
    check(law_row and law_row[at["Responsible person"]] == "Uni Pangolin" and law_row[at["Measures"]] == "m"
          and law_row[at["Due"]] == "2099-01-01", "a row of it", law_row)
    check(all(len(r) == len(rows[0]) for r in rows), "every row is whole")
    for q in "%", "*", '"', "%%%", "_", "-", "' OR 1=1 --", "。，":
        a = s.ask("GET", f"{api}/hazard?q={urllib.parse.quote(q)}", "office")
        check(a.status == 200 and not a.json["items"], "signs alone find nothing: " + q, a)
    a = s.ask("GET", "/about")
    check(b"anlan verify" in a.body and f"/t/{tenant}/log".encode() in a.body, "the page about Anlan says how to check the log", a)


def counted(s, api, tenant):
    """The list behind a figure holds every hazard that it counts, page by page."""
    org = s.ask("GET", "/api/v1/me", "nine").json["posts"][0]["org"]
    for i in range(130):
        s.ask("POST", api + "/hazard", "nine", {"description": f"many {i}", "place_text": "p", "org": org})
    path, seen, pages = f"/t/{tenant}/figures/found?quarter=year&org={org}", [], []
    while path and len(pages) < 9:
        a = s.ask("GET", path, "nine")
        if not check(a.status == 200, "a page of what counts " + path, a):
            return
        body = html.unescape(a.body.decode())
        rows = re.findall(rf'href="/t/{tenant}/hazard/(\d+)"', body.split("<main", 1)[1])
        pages.append(len(rows))
        seen += rows
        m = re.search(r'<a class="button" href="([^"]*)" rel="next"', body)
        path = m and m[1]
    total = int(re.search(r"Hazards: (\d+)", body)[1])
    check(len(pages) > 1 and pages[0] == 100 and len(seen) == len(set(seen)) == total > 130, "every one, once", (pages, total))
    check(s.ask("GET", f"/t/{tenant}/figures/found?after=x", "nine").status == 422, "a place that is none")


def workbook(sheets):
    """Sheets as (name, state, XML of its rows)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        names = "".join(f'<sheet name="{n}" sheetId="{i}" state="{st}" r:id="r{i}"/>' for i, (n, st, _) in enumerate(sheets, 1))
        z.writestr("xl/workbook.xml", f'<workbook xmlns:r="urn:r"><sheets>{names}</sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(
            f'<Relationship Id="r{i}" Type="x/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1))
            + "</Relationships>")
        for i, (_, _, rows) in enumerate(sheets, 1):
            z.writestr(f"xl/worksheets/sheet{i}.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return out.getvalue()


def blanks(s, api, tenant):
    """Every sheet of the authority's own table is filled as somebody said; the rest is left alone."""
    def words(*cells):
        return "".join(f'<c r="{r}" t="inlineStr"><is><t>{w}</t></is></c>' for r, w in cells)
    rows = [("代码", "hidden", f'<row r="1">{words(("A1", "填报单位"))}<c r="B1"/></row>'),
            ("一般", "visible", f'<row r="1">{words(("A1", "一般隐患排查数"), ("B1", "一般隐患整改数"), ("C1", "整改率"))}</row>'),
            ("重大", "visible", f'<row r="1">{words(("A1", "重大隐患排查数"))}<c r="B1"/></row>')]
    a = s.upload(api + "/files", "office", "a.xlsx", workbook(rows))
    if not check(a.status == 201, "a workbook is taken", a):
        return
    a = s.ask("POST", api + "/blank", "office", {"org": s.root, "title": "three sheets", "file": [a.json["files"][0]["id"]]})
    if not check(a.status == 201, "a blank of three sheets", a):
        return
    at, web = f"{api}/blank/{a.json['record']['id']}", f"/t/{tenant}/blank/{a.json['record']['id']}"

    def sheets(text):
        a = s.ask("GET", web + "/filled.xlsx?quarter=year", "office")
        if not check(a.status == 200, text, a):
            return [""] * 3
        z = zipfile.ZipFile(io.BytesIO(a.body))
        return [z.read(f"xl/worksheets/sheet{i}.xml").decode() for i in (1, 2, 3)]
    check(s.ask("GET", web + "/filled.xlsx?quarter=year", "office").status == 409, "what nobody has looked at is not filled")
    page = s.ask("GET", web, "office").body.decode()
    check("/filled" not in page and "/map" in page, "nor is that offered", page[:200])
    for text, sent, filled in (
            ("an older map", "first=2 B=found_g", (False, True, False)),
            ("a map of the third", "first=2 3!first=0 3!B1=found_m", (False, False, True)),
            ("a map of all", "1!first=0 1!B1=unit first=2 A=found_g 3!first=0 3!B1=found_m", (True, True, True))):
        rev = s.ask("GET", at, "office").json["record"]["rev"]
        a = s.ask("POST", at + "/map", "office", {"rev": rev, "map": sent})
        check(a.status == 200, text, a)
        got = sheets(text)
        for i, (one, want) in enumerate(zip(got, filled)):
            check((f"<sheetData>{rows[i][2]}</sheetData>" not in one) == want, f"{text}: sheet {i + 1}", one)
    page = s.ask("GET", web + "/filled?quarter=year", "office").body.decode()
    check("/figures/found?" in page and "B1" in page and "/filled.xlsx?" in page and "quarter=q3" in page, "every figure leads to its hazards", page[:300])
    page = s.ask("GET", web, "office").body.decode()
    check("/filled?" in page, "and the record leads there", page[:300])
    a = s.ask("GET", web + "/map?sheet=3", "office")
    check(a.status == 200 and b'name="sheet" value="3"' in a.body and a.body.count(b"map?sheet=") >= 3, "a page for each sheet", a)
    check(re.search(rb'value="found_m"[^>]* selected', a.body), "what the third means is shown", a)
    for no, want in ("9", 404), ("-1", 200), ("x", 422):
        check(s.ask("GET", f"{web}/map?sheet={no}", "office").status == want, "a sheet that is none: " + no)
    check(s.ask("GET", web + "/map?sheet=3", "teacher").status in (403, 404), "a teacher maps nothing")


def public_form(s, path):
    page = s.ask("GET", path)
    check(page.status == 200, "the form for everybody " + path, page)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.body.decode().split('action="/report', 1)[-1]))


def public_send(s, tenant, fields, photo=True):
    path = f"/report/{tenant}"
    if photo:
        return s.upload(path, None, "IMG_0001.png", png(99), list(fields.items()), key="photos")
    return s.ask("POST", path, raw=urllib.parse.urlencode(fields).encode(),
                 headers={"Content-Type": "application/x-www-form-urlencoded"})


def public_comes_back(s, api, tenant, place):
    """A form that came back, or that changes its language, has lost nothing."""
    form = public_form(s, f"/report/{tenant}/{place['id']}") | {"description": "slippery quokka step"}
    hidden = {k: v for k, v in form.items() if k in ("place", "school", "at")}
    for name, data, text in (("x.jpg", b"MZ" + bytes(200), "a program that is called a photograph"), ("x.jpg", b"", "an empty file"),
                             ("x.pdf", b"%PDF-1.4 " + bytes(200), "a PDF file"), ("x.jpg", bytes(42 << 20), "files without end")):
        a = s.upload(f"/report/{tenant}", None, name, data, list(form.items()), key="photos")
        check(a.status in (413, 415, 422) and b"slippery quokka step" in a.body and
              all(f'name="{k}" value="{v}"'.encode() in a.body for k, v in hidden.items()), text + " loses neither words nor place", a)
    a = s.upload(f"/report/{tenant}", None, "x.png", png(98), list((form | {"fill": "3"}).items()), key="photos")
    check(a.status == 200 and b'lang="zh' in a.body and b"slippery quokka step" in a.body and b'name="kept"' in a.body and
          all(f'name="{k}" value="{v}"'.encode() in a.body for k, v in hidden.items()), "the form in Chinese, with the words and the photograph", a)
    check(not all_of(s, "manager", api + "/hazard?q=quokka"), "and nothing was sent yet")
    top = next(o["id"] for o in all_of(s, "office", api + "/org?limit=50") if o["kind"] == "district")
    made = s.ask("POST", f"{api}/org?org={top}", "office", {"name": {"en": "Hill Branch", "zh": "山口校区"}, "kind": "teaching_point", "parent": top})
    office = s.ask("POST", f"{api}/org?org={s.org}", "office", {"name": {"en": "Kitchen staff", "zh": "膳食科"}, "kind": "department", "parent": s.org})
    if not check(made.status == 201 and office.status == 201, "a school and a department", made.body + office.body):
        return
    org, unit = made.json["record"]["id"], office.json["record"]["id"]
    room = s.ask("POST", f"{api}/place?org={unit}", "office", {"name": {"en": "Cold store", "zh": "冷库"}, "kind": "room"})
    check(room.status == 201, "a place of the department", room)
    form = public_form(s, f"/report/{tenant}/{room.json['record']['id']}") | {"description": "ice on the floor, said the dugong"}
    a = public_send(s, tenant, form, False)
    check(a.status == 303 and len(all_of(s, "manager", api + "/hazard?q=dugong")) == 1, "the poster of a department reports to its school", a)
    a = s.ask("POST", f"{api}/org/{org}/end", "office", {"rev": 1, "comment": "merged"})
    check(a.status == 200, "a school is closed", a)
    a = s.ask("GET", f"/report/{tenant}/{org}")
    check(a.status == 200 and b'<select id="f-school"' in a.body, "the poster of a closed school asks for the school", a)


def reworded(s, api, tenant, place):
    """Moderation: a stranger's words and photographs are covered; the danger stays known, and so does why."""
    form = public_form(s, f"/report/{tenant}/{place['id']}") | {"description": "that pangolin of a cook left the gas on"}
    at = public_send(s, tenant, form).headers["Location"].split("?")[0]
    s.ask("POST", at, raw=b"what=reply&comment=a+real+pangolin", headers={"Content-Type": "application/x-www-form-urlencoded"})
    id_ = all_of(s, "manager", api + "/hazard?q=pangolin")[0]["id"]
    hz = f"{api}/hazard/{id_}"
    rec = s.ask("GET", hz, "teacher").json["record"]
    photo = f"{api}/files/{rec['photos_before'][0]}"
    check("pangolin" in rec["description"] and s.ask("GET", photo, "teacher").status == 200, "at first staff read what was reported", rec)
    new = {"rev": rec["rev"], "description": "gas was left on in the kitchen", "photos_before": []}
    check(s.ask("POST", hz + "/reword", "teacher", new | {"comment": "x"}).status == 403, "not everybody covers words")
    check(s.ask("POST", hz + "/reword", "manager", new).status == 422, "nor without a reason")
    a = s.ask("POST", hz + "/reword", "manager", new | {"comment": "no abuse, please"})
    check(a.status == 200 and a.json["record"]["photos_before"] == [], "words are covered", a)
    for who in ROLES:
        behind = who in ("office", "manager", "principal", "inspector")
        for path, read in channels(api, "hazard", id_):
            x = s.ask("GET", path, who)
            check(x.status != 200 or behind or b"pangolin" not in read(x.body), f"{who} does not read them by {path}")
        found = s.ask("GET", api + "/hazard?q=pangolin", who)
        check(found.status == 403 or found.json["items"] == [], f"{who} does not find them", found)
        check(s.ask("GET", photo, who).status == (200 if behind else 404), f"{who} and the photograph")
        proof = s.ask("GET", f"/t/{tenant}/hazard/{id_}/proof", who)
        opened = "pangolin" in b64(proof.body)
        check(opened == behind if proof.status == 200 else not behind, f"{who} and the proof", proof)
    a = s.ask("GET", f"/t/{tenant}/hazard/{id_}", "teacher").body
    check(b"gas was left on" in a and b"no abuse, please" in a, "staff still read the danger, and why the words changed")
    check(b"pangolin" in s.ask("GET", f"/t/{tenant}/hazard/{id_}", "manager").body, "who decides still reads what was said")
    a = s.ask("GET", at).body
    check(b"no abuse, please" in a and b"a real pangolin" in a, "the reporter is told, and reads the own answer", a)
    check(id_ in s.ask("GET", f"/t/{tenant}", "office").body.decode().split('class="news"')[-1], "the district is told, too")


def public(s, api, tenant):
    """A report without an account, from the poster to the objection."""
    place = next(p for p in all_of(s, "office", api + "/place?limit=200") if p["org"] == s.org)
    form = public_form(s, f"/report/{tenant}/{place['id']}")
    form |= {"description": "wobbly numbat railing", "who": "Mrs Tapir", "contact": "tapir@example.org"}
    a = public_send(s, tenant, form)
    if not check(a.status == 303 and a.headers["Location"].startswith("/receipt/"), "a report is taken", a):
        return
    at = a.headers["Location"].split("?")[0]
    check(not a.headers.get("Set-Cookie"), "no cookie stays with the reporter", a.headers)
    b = public_send(s, tenant, form)
    check(b.status == 303 and b.headers["Location"] == a.headers["Location"], "the same form twice is one report", b)
    b = public_send(s, tenant, form | {"description": "a bilby in the well", "who": ""}, False)
    check(b.status == 303 and b.headers["Location"] != a.headers["Location"] and len(all_of(s, "manager", api + "/hazard?q=bilby")) == 1,
          "another danger on the same form is not lost", b)
    for headers, path in ({}, "/report/" + tenant), ({"Cookie": "lang=en"}, f"/report/{tenant}/{place['id']}"):
        page = s.ask("GET", path, headers=headers)
        check(page.headers["Cache-Control"] == "private, no-cache" and not page.headers.get("Set-Cookie"), "the browser's history keeps the empty form", page.headers)
    check(public_send(s, tenant, form | {"description": ""}, False).headers["Cache-Control"] == "no-store", "but no form with words in it")
    mine = all_of(s, "manager", api + "/hazard?q=numbat")
    if not check(len(mine) == 1, "the school has it once", mine):
        return
    hz = f"{api}/hazard/{mine[0]['id']}"
    rec = s.ask("GET", hz, "manager").json["record"]
    check(rec["source"] == "public" and rec["place"] == place["id"] and not rec.get("finder"), "with place and source", rec)
    photo = s.ask("GET", f"{api}/files/{rec['photos_before'][0]}", "manager")
    check(photo.status == 200 and photo.body.startswith(b"\xff\xd8\xff") and b"Exif" not in photo.body,
          "the photograph is kept as a clean copy, the original is not", photo)
    rep = all_of(s, "office", api + "/report?limit=50")
    rep = [x for x in rep if x["who"] == "Mrs Tapir"]
    check(len(rep) == 1, "the district sees that there is a reporter", rep)
    for who in ROLES:
        if who != "office":
            check(s.ask("GET", api + "/report", who).status == 403, f"{who} does not see reporters")
            check(s.ask("GET", f"{api}/report/{rep[0]['id']}", who).status in (403, 404), f"{who} does not see the reporter")
            for path, read in channels(api, "hazard", mine[0]["id"]):
                x = s.ask("GET", path, who)
                check(x.status != 200 or b"tapir" not in read(x.body).lower(), f"{who} learns nobody by {path}")
    check(s.ask("GET", f"{api}/report/{rep[0]['id']}", "office").json["record"]["who"] == "Mrs Tapir", "the district knows the name")
    page = s.ask("GET", at)
    check(page.status == 200 and b"numbat" in page.body and b"tapir" not in page.body.lower(), "the receipt shows the report, not the name", page)
    low = s.ask("POST", "/receipt", raw=b"code=" + at.rsplit("/", 1)[1].replace("-", " ").lower().encode().replace(b" ", b"+"),
                headers={"Content-Type": "application/x-www-form-urlencoded"})
    check(low.status == 303 and low.headers["Location"] == at, "typed by hand", low)
    low = s.ask("POST", "/receipt", raw=urllib.parse.urlencode({"code": f"http://school.example{at}?done=8"}).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"})
    check(low.status == 303 and low.headers["Location"] == at, "the address pasted", low)
    pic = s.ask("GET", at + "/picture")
    check(pic.status == 200 and pic.body.startswith(b"\x89PNG"), "the receipt as a picture", pic)

    def say(what, words):
        return s.ask("POST", at, raw=urllib.parse.urlencode({"what": what, "comment": words}).encode(),
                     headers={"Content-Type": "application/x-www-form-urlencoded"})
    rev = s.ask("GET", hz, "manager").json["record"]["rev"]
    a = s.ask("POST", hz + "/ask", "manager", {"rev": rev, "comment": "which storey?"})
    check(a.status == 200 and b"which storey?" in s.ask("GET", at).body, "the school asks", a)
    for _ in range(2):
        check(say("reply", "the second").status == 303, "the reporter answers")
    check(s.ask("GET", hz + "/history", "manager").body.decode().count("the second") == 1, "the same answer twice is one")
    check(say("reply", "").status == 422, "an empty answer is none")
    a = say("object", "no, a wombat")
    check(a.status in (409, 422) and b"no, a wombat" in a.body, "no objection while it is open; the words come back", a)
    check("the second" in s.ask("GET", hz + "/history", "manager").body.decode(), "the school reads it")
    check(s.ask("POST", hz + "/reply", "manager", {"rev": 3, "comment": "x"}).status in (403, 404), "nobody answers for the reporter")
    a = s.ask("POST", hz + "/not_hazard", "manager", {"rev": 3, "comment": "it is meant to wobble"})
    page = s.ask("GET", at).body
    check(a.status == 200 and b"meant to wobble" in page and b">not a hazard<" in page, "the reason reaches the reporter", page)
    check(say("object", "it is not").status == 303, "the reporter objects")
    board = s.ask("GET", f"/t/{tenant}", "office").body.decode()
    check(mine[0]["id"] in board.split('class="news"')[-1], "and the district is told, as the page promises")
    check(s.ask("GET", hz, "manager").json["record"]["state"] == "reported", "and it is looked at again")
    for code in "0" * 26, "x", "U" * 26, at.rsplit("/", 1)[1][:-1] + "08"[at[-1] == "0"], "%00", "1" * 400:
        check(s.ask("GET", "/receipt/" + code).status in (404, 422, 400, 429), "a code that is none " + code)
    answered(s, api, tenant, place)
    doubled(s, api, tenant, place)
    alike(s, api, tenant)
    posters(s, tenant, place)
    poster_sheets(s, api, tenant)
    guessed(s)
    check(s.ask("GET", at).status == 200, "while a right code goes on working")
    reworded(s, api, tenant, place)
    public_comes_back(s, api, tenant, place)
    a = s.ask("GET", f"/report/{tenant}/12345")
    check(a.status == 404 and b'name="description"' in a.body and b"<select" in a.body, "a code that leads nowhere asks for the school", a)
    check(s.ask("GET", "/report/nowhere").status == 404, "a district that is none")
    for change in {"code": "short"}, {"school": "5"}, {"description": ""}, {"place": "77"}, {"description": "a" * 5000}:
        check(public_send(s, tenant, form | {"code": public_form(s, f"/report/{tenant}")["code"]} | change, False).status == 422,
              "refused in words " + str(list(change)))
    again = form | {"code": public_form(s, f"/report/{tenant}")["code"]}
    a = public_send(s, tenant, again | {"description": ""})
    kept = re.findall(r'name="kept" value="([^"]*)"', a.body.decode())
    check(a.status == 422 and len(kept) == 1, "the photograph of a form that came back is kept", a)
    forged = kept[0][:-1] + ("0" if kept[0][-1] != "0" else "1")
    for value, want in (forged, 0), (kept[0], 1):
        a = public_send(s, tenant, again | {"kept": value, "code": again["code"] if want else public_form(s, f"/report/{tenant}")["code"]}, False)
        check(a.status == 303, "and goes with the next try", a)
        rec = s.ask("GET", hz.rsplit("/", 1)[0] + "/" + all_of(s, "manager", api + "/hazard?q=numbat&limit=1")[0]["id"], "manager").json["record"]
        check(len(rec["photos_before"]) == want, "only by its seal", rec["photos_before"])
    check(s.upload(f"/report/{tenant}", None, "a.png", b"MZ\x90\0 not a picture", list((form | {"code": "0" * 26}).items()),
                   key="photos").status == 415, "a program is no photograph")
    a = s.ask("POST", api + "/place/" + place["id"] + "/end", "manager", {"rev": place["rev"], "comment": "gone"})
    check(a.status == 200, "a place is closed", a)
    check(s.ask("GET", f"/report/{tenant}/{place['id']}").status == 200, "a poster of a place that was closed")
    flooded(s, tenant)


def answered(s, api, tenant, place):
    """Many answers by one receipt: a handful are taken, the next wait with their words; another receipt does not."""
    at, other = (public_send(s, tenant, public_form(s, f"/report/{tenant}/{place['id']}") | {"description": f"{x} echidna"}, False)
                 .headers["Location"].split("?")[0] for x in ("first", "second"))
    id_ = all_of(s, "manager", api + "/hazard?q=echidna")[1]["id"]

    def say(at, words):
        return s.ask("POST", at, raw=urllib.parse.urlencode({"what": "reply", "comment": words}).encode(),
                     headers={"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"})
    told = [say(at, f"answer no {n}") for n in range(12)]
    taken = [a for a in told if a.status == 303]
    check(3 < len(taken) < 12 and {a.status for a in told} == {303, 429}, "many answers by one receipt are not all taken", [a.status for a in told])
    check(b"answer no 11" in told[-1].body and re.search(rb"wait \d+ seconds", told[-1].body), "the words come back, and how long to wait", told[-1])
    for typed in at.replace("-", ""), at.replace("-", " ").replace(" ", "%20"):
        check(say(typed, "typed otherwise").status == 429, "the code written otherwise is the same receipt")
    check(say(other, "and mine").status == 303, "another receipt from the same address goes on")
    h = s.ask("GET", f"{api}/hazard/{id_}/history", "manager").body.decode()
    check(h.count("answer no ") == len(taken), "what was refused is not kept", h)
    news = s.ask("GET", f"/t/{tenant}", "manager").body.decode().split('class="news"')[-1]
    check(news.count(f"/hazard/{id_}\"") == 2, "the report and its answers are a row each on the board", news)


def doubled(s, api, tenant, place):
    """A duplicate's receipt follows the other hazard: its state and nothing else; no receipt tells a number."""
    recs, at = [], []
    for words in "loose numbat tile", "a bilby was here first", "the bilby again":
        form = public_form(s, f"/report/{tenant}/{place['id']}") | {"description": words, "place_text": "corner " + words[:3]}
        at.append(public_send(s, tenant, form, False).headers["Location"].split("?")[0])
        recs.append(s.ask("GET", api + "/hazard/" + all_of(s, "manager", api + "/hazard?limit=1")[0]["id"], "manager").json["record"])

    def told(n):
        return html.unescape(s.ask("GET", at[n], headers={"Accept-Language": "en"}).body.decode())

    def step(n, verb, by="manager", **fields):
        a = s.ask("POST", f"{api}/hazard/{recs[n]['id']}/{verb}", by, {"rev": recs[n]["rev"]} | fields)
        check(a.status == 200, verb, a)
        recs[n] = a.json["record"]
    check(not [r["no"] for n, r in enumerate(recs) if r["no"] in told(n)], "no receipt tells the running number")
    for n in 1, 2:
        step(n, "duplicate", duplicate_of=recs[n - 1]["no"], comment="known")
    for n in 1, 2:
        page = told(n)
        check(re.search(r"reported before: to be verified, since 20\d\d-", page), "a duplicate tells how the other stands", page)
        check("numbat" not in page and "corner loo" not in page and recs[0]["no"] not in page, "and nothing else of it", page)
    step(0, "not_hazard", comment="the tile is meant to be loose")
    for n in 1, 2:
        page = told(n)
        check("reported before: not a hazard, since" in page and "meant to be" not in page, "later as well, without the reason", page)
    check("reported before:" not in told(0), "the other itself has no such line")
    step(0, "object", "office", comment="look again")
    step(0, "duplicate", "principal", duplicate_of=recs[2]["no"], comment="in a circle")
    check("reported before:" not in told(1) and s.ask("GET", at[1]).status == 200, "a circle of duplicates says nothing")


def posters(s, tenant, place):
    """A poster whose code leads nowhere says so, as the start of the server does."""
    check([x for x in s.log if " warn codes on posters lead to this machine itself" in x], "the start warns", s.log)
    for path in f"place/{place['id']}", f"org/{s.org}":
        a = s.ask("GET", f"/t/{tenant}/{path}/paper", "office")
        text = " ".join(pdf_text(a.body).decode().split())
        check(a.status == 200 and "public-url" in text and "Do not hang this up yet" in text and "暂勿张贴" in text, "a poster with a code to nowhere says so", text[-400:])


def poster_sheets(s, api, tenant):
    """One paper holds a school's poster and those of all its open places, its departments' too; Setup leads to it."""
    places = [x for x in all_of(s, "office", api + "/place?limit=200") if x["org"] == s.org and x["state"] == "active"]
    check(f'href="/t/{tenant}/posters"' in s.ask("GET", f"/t/{tenant}/setup", "office").body.decode(), "Setup leads to the posters")
    page = s.ask("GET", f"/t/{tenant}/posters", "office").body.decode()
    check(f'href="/t/{tenant}/org/{s.org}/paper"' in page and f"/org/{s.middle}/paper" in page, "a paper for each school", page)
    page = s.ask("GET", f"/t/{tenant}/posters", "manager").body.decode()
    check(f"/org/{s.org}/paper" in page and f"/org/{s.middle}/paper" not in page, "a school finds its own", page)
    page = s.ask("GET", f"/t/{tenant}/org/{s.org}", "office").body.decode()
    check(0 < page.find(f'/org/{s.org}/paper"') < page.find('class="history"'), "on the school's page it stands above the history", page)
    sheets = pdf_text(s.ask("GET", f"/t/{tenant}/org/{s.org}/paper", "office").body).decode().split("\f")[:-1]
    check(len(sheets) >= 1 + len(places) > 2, "a sheet for the school and one for each place", len(sheets))
    for x in [{"id": s.org}, *places]:
        mine = [sheet for sheet in sheets if re.search(rf"/report/{tenant}/{x['id']}\b", sheet)]
        lines = [line.strip() for sheet in mine for line in sheet.split("\n")]
        check(len(mine) == 1 and not [line for line in lines if re.fullmatch(r"120。|\S{1,5}", line) or "…" in line or "⋯" in line], "one sheet, and no lone word on it", lines)


def alike(s, api, tenant):
    """A probable duplicate is hinted at, also where one side says neither place nor kind."""
    room = s.ask("POST", f"{api}/place?org={s.org}", "office", {"name": {"en": "Boiler house", "zh": "锅炉房"}, "kind": "room"}).json["record"]
    at = {}
    for name, fields in {"fire": {"place": room["id"], "category": "fire"}, "food": {"place": room["id"], "category": "food"},
                         "nowhere": {"place_text": "by the boiler", "category": "fire"}}.items():
        a = s.ask("POST", api + "/hazard", "manager", {"description": "dunnart " + name, "org": s.org} | fields)
        at[name] = a.json["record"]["id"]
    public_send(s, tenant, public_form(s, f"/report/{tenant}/{room['id']}") | {"description": "dunnart smoke"}, False)
    at["report"] = all_of(s, "manager", api + "/hazard?limit=1")[0]["id"]
    for name, like in ("report", {"fire", "food"}), ("fire", {"report", "nowhere"}), ("food", {"report"}), ("nowhere", {"fire"}):
        page = s.ask("GET", f"/t/{tenant}/hazard/{at[name]}", "manager").body.decode()
        hint = page.split('class="card hintbox"')[-1].split("</section>")[0] if "hintbox" in page else ""
        found = {k for k in at if f'/hazard/{at[k]}"' in hint}
        check(found == like, f"like {name}", (found, like))


def flooded(s, tenant):
    """Who finds the allowance of the network used up is told so, and loses neither words nor photographs kept before."""
    form = public_form(s, f"/report/{tenant}") | {"school": s.org, "place_text": "yard", "description": "quoll in the yard"}
    mine = public_form(s, f"/report/{tenant}") | {"school": s.org, "place_text": "yard", "description": ""}
    kept = re.findall(r'name="kept" value="([^"]*)"', public_send(s, tenant, mine).body.decode())
    check(len(kept) == 1, "a photograph of a form that came back", kept)
    for _ in range(80):
        if (a := public_send(s, tenant, form, False)).status != 303:
            break
    check(a.status == 429, "a network's allowance of reports has an end", a)
    a = public_send(s, tenant, mine | {"description": "my own quoll", "kept": kept[0]})
    page = a.body.decode()
    check(a.status == 429 and "my own quoll" in page and re.search(r"from this network .* once more\. Wait \d+ seconds", page),
          "others' reports are not held against anybody: what is there, what is not, how long", page[-3000:])
    check(re.findall(r'name="kept" value="([^"]*)"', page) == kept, "the photograph that was kept stays", page)


def guessed(s):
    """Ten thousand guesses at receipt codes find nothing, and say nothing of how near one was."""
    c, told = http.client.HTTPConnection(s.host, s.port, timeout=30), {}
    for n in range(10000):
        c.request("GET", f"/receipt/{n:024d}{n * 7919 % 100:02d}")
        a = c.getresponse()
        a.read()
        told[a.status] = told.get(a.status, 0) + 1
        if a.headers.get("Connection", "").lower() == "close":
            c.close()
    c.close()
    check(set(told) <= {404, 422, 429} and told.get(429, 0) > 9900, "ten thousand guesses find nothing, and are slowed down", told)
    check(s.ask("GET", "/receipt/" + "Z" * 24 + "00").status == 429, "the next as well")


def erased(s, api, at):
    """One person's data goes everywhere; the log still verifies (checked at the end of all)."""
    for who in "manager", "principal", "auditor":
        rev = s.ask("GET", at, "office").json["record"]["rev"]
        a = s.ask("POST", at + "/erase", who, {"rev": rev, "comment": "asked for"})
        check(a.status in (403, 404), f"{who} erases nothing", a)
    a = s.ask("POST", at + "/erase", "office", {"rev": rev})
    check(a.status == 422, "erasing needs a reason", a)
    a = s.ask("POST", at + "/erase", "office", {"rev": rev, "comment": "asked for by the firm"})
    check(a.status == 200 and not a.json["record"].get("contractor"), "the contractor is erased", a)
    id_ = at.rsplit("/", 1)[1]
    for who in ROLES:
        for path, read in channels(api, "hazard", id_):
            x = s.ask("GET", path, who)
            check(x.status != 200 or b"Quagga" not in read(x.body), f"{who} finds nothing of it by {path}")
    at = api + "/hazard/" + next(x["id"] for x in all_of(s, "office", api + "/hazard?q=numbat"))
    rec = s.ask("GET", at, "office").json["record"]
    files = rec["photos_before"] + rec["photos_after"]
    check(files, "there are photographs to erase")
    a = s.ask("POST", at + "/erase_files", "office", {"rev": rec["rev"], "comment": "a face"})
    check(a.status == 200, "photographs are erased", a)
    for f in files:
        for tail in "", "/small", "/large":
            check(s.ask("GET", f"{api}/files/{f}{tail}", "manager").status in (404, 410), "a photograph that was erased")
    check(s.ask("GET", at.replace("/api/v1/", "/t/"), "manager").status == 200, "the page still stands")
    people = all_of(s, "office", api + "/person?limit=200")
    who = next(p for p in people if p.get("login") == "guard")
    a = s.ask("POST", f"{api}/person/{who['id']}/erase", "office", {"rev": who["rev"], "comment": "x"})
    check(a.status == 409, "who works here is not erased", a)
    leave = "end"
    a = s.ask("POST", f"{api}/person/{who['id']}/{leave}", "office", {"rev": who["rev"], "comment": "left"})
    check(a.status == 200, "the guard leaves", a)
    a = s.ask("POST", f"{api}/person/{who['id']}/erase", "office", {"rev": a.json["record"]["rev"], "comment": "asked for"})
    check(a.status == 200 and who["name"] not in a.body.decode(), "and is erased", a)
    check(not [x for x in all_of(s, "office", f"{api}/person?q={urllib.parse.quote(who['name'][:2])}") if x["id"] == who["id"]],
          "no search finds the name")
    h = s.ask("GET", f"/t/{api.split('/')[3]}/person/{who['id']}", "office")
    check(h.status == 200 and who["name"] not in h.body.decode(), "nor does the history", h)


def mentioned(s, api):
    """A name in free words is shown to who erases the person, and taken out of everything (verified at the end of all)."""
    people = all_of(s, "office", api + "/person?limit=200")
    who = next(p for p in people if p.get("login") == "teacher")
    name = who["name"].split(" (")[0]
    hz = api + "/hazard"
    a = s.ask("POST", hz, "manager", {"description": f"{name} saw a wombat", "place_text": "yard", "org": s.org})
    rec = a.json["record"]
    at = f"{hz}/{rec['id']}"
    a = s.ask("POST", at + "/not_hazard", "manager", {"rev": 1, "comment": f"{name} was mistaken"})
    check(a.status == 200, "a remark with a name", a)
    path = f"{api}/person/{who['id']}/words"
    for other in "manager", "auditor", "teacher":
        check(s.ask("GET", path, other).status in (403, 404), f"{other} looks for no names")
    check(s.ask("GET", path + "?q=%ff", "office").status in (400, 422), "words that are none")
    a = s.ask("GET", path, "office")
    mine = [x for x in a.json.get("items", []) if x["id"] == rec["id"]]
    check(a.status == 200 and len(mine) == 1 and mine[0]["fields"] == ["description"] and mine[0]["comment"] and mine[0]["may"],
          "the name is found in a field and a remark", a)
    page = s.ask("GET", f"/t/{api.split('/')[3]}/person/{who['id']}/words", "office")
    check(page.status == 200 and f"/hazard/{rec['id']}/erase_words".encode() in page.body, "and shown on the page", page)
    give = {"words": name, "comment": "asked for"}
    for by, body, want in (("manager", {**give, "rev": 2}, 403), ("office", give, 428), ("office", {**give, "rev": 1}, 409),
                           ("office", {"words": name, "rev": 2}, 422), ("office", {**give, "words": "x", "rev": 2}, 422),
                           ("office", {**give, "words": "aardvark", "rev": 2}, 409), ("office", {**give, "rev": 2}, 200),
                           ("office", {**give, "rev": 3}, 409)):
        a = s.ask("POST", at + "/erase_words", by, body)
        check(a.status == want, f"{by} takes words out: {want}", a)
    check(s.ask("GET", at, "office").json["record"]["description"] == "… saw a wombat", "the danger stays, without the name")
    check(not [x for x in s.ask("GET", path, "office").json["items"] if x["id"] == rec["id"]], "it is found no more")
    for by in ROLES:
        for where, read in channels(api, "hazard", rec["id"]):
            x = s.ask("GET", where, by)
            if x.status == 200 and "/hazard/" in where:
                check(name.encode() + b" saw" not in read(x.body) and name.encode() + b" was" not in read(x.body), f"{by} finds nothing of it by {where}")
    check(not all_of(s, "office", hz + "?q=" + urllib.parse.quote(name)), "no search finds it")
    p = s.run("verify", "--data", s.data, code=None)
    check(p.returncode == 0, "and the log verifies", p)


def openapi(s, api, tenant, at):
    a = s.ask("GET", "/api/v1/openapi.json")
    doc = a.json
    if not check(a.status == 200 and doc.get("openapi", "").startswith("3") and doc.get("paths"), "OpenAPI", a):
        return
    n = 0
    for path, ops in doc["paths"].items():
        for method in ops:
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            p = path if path.startswith("/api") else "/api/v1" + path
            ledger = next((w for w in p.split("/") if w in s.ids), None)
            p = p.replace("{tenant}", tenant).replace("{id}", s.ids.get(ledger) or "1")
            p = re.sub(r"\{[^}]*\}", "x", p)
            if ledger is None or ("{id}" in path and not s.ids[ledger]):
                continue
            a = s.ask(method.upper(), p, "office", {} if method == "post" else None)
            check(a.status not in (0, 404, 405) and a.status < 500, f"{method} {p}", a)
            n += 1
    check(n > 30, "many addresses", n)


def above(s, tenant):
    """Who stands above districts sees each of them as a job counted it, and nothing else."""
    home = s.ask("GET", "/t/installation", "bureau")
    check(home.status == 303 and home.headers["Location"] == "/t/installation/overview", "an authority's board", home)
    a = s.ask("GET", "/t/installation/overview", "bureau", headers={"Accept-Language": "en"})
    text = a.body.decode()
    check(a.status == 200 and "White Fun School District" in text and "As of" in text, "a county sees its districts", a)
    check(f"/t/{tenant}/" not in text and "/t/installation/hazard" not in text, "no way into a district's ledgers", text)
    check(s.ask("GET", f"/t/{tenant}/overview", "bureau").status == 404, "nor another")
    for at in "1", "x", "-1", str(2 ** 63):
        a = s.ask("GET", f"/t/installation/overview?at={at}", "bureau")
        check(a.status == (422 if at in ("x", str(2 ** 63)) else 404), f"no node {at}", a)
    check(s.ask("GET", "/t/installation/overview", "office").status == 404, "a district does not look up")


def districts(s):
    """Further districts in one installation; the server is stopped."""
    p = s.run("district", "add", "second", "--name", "Second", "--login", "second-admin", "--data", s.data)
    check("/once/" in p.stdout, "a second district and its administrator", p)
    for words in (("add", "second", "--name", "S", "--login", "x2"), ("add", "Bad Code", "--name", "S", "--login", "x3")):
        p = s.run("district", *words, "--data", s.data, code=None)
        check(p.returncode == 1, f"refused: district {words}", p)
    for words in (), ("add",), ("add", "third"), ("dragon",):
        p = s.run("district", *words, "--data", s.data, code=None)
        check(p.returncode == 2, f"misuse: district {words}", p)
    check("second" in s.run("district", "list", "--data", s.data).stdout, "districts are listed")
    check("/once/" in s.run("user", "add", "eye", "second", "auditor", "--data", s.data).stdout, "a person there")
    for words in ("eye", "second", "dragon"), ("eye2", "nowhere", "auditor"):
        p = s.run("user", "add", *words, "--data", s.data, code=None)
        check(p.returncode == 1, f"refused: user add {words}", p)


def verbs(s):
    r = s.run("--help")
    for v in re.findall(r"^  anlan (\w+)", r.stdout, re.M):
        p = s.run(v, "--help", code=None)
        check(p.returncode == 0 and p.stdout, f"anlan {v} --help", p)
        p = s.run(v, "--dragon", code=None)
        check(p.returncode == 2 and p.stderr, f"anlan {v} --dragon", p)
    for args in ("dragon",), ("--dragon",), (), ("token",), ("user",), ("user", "dragon"), ("serve", "--port", "x", "--data", s.data):
        p = s.run(*args, code=None)
        check(p.returncode == 2 and p.stderr, f"anlan {' '.join(args)}", p)
    p = s.run("token", "add", "nobody", "t", "--data", s.data, code=None)
    check(p.returncode == 1 and p.stderr, "a token for nobody", p)
    p = s.run("verify", "--data", s.data, code=None)
    check(p.returncode == 0, "all of it verifies", p)


def periods(s, tenant):
    """A quarter that is none is not silently the one that runs."""
    for path in "figures", "figures/found", "figures.png":
        a = s.ask("GET", f"/t/{tenant}/{path}?year=2026&quarter=q9", "office")
        check(a.status == 422, f"{path} of a fifth quarter", a.status)
        a = s.ask("GET", f"/t/{tenant}/{path}?year=2026&quarter=", "office")
        check(a.status == 200, f"{path} without a quarter", a.status)


def funded(s, api, tenant):
    """What to fund first is not the newest: a list is cut at its newest rows."""
    def needs(words, deadline):
        rec = s.ask("POST", f"{api}/hazard", "manager", {"org": s.org, "description": words, "place_text": "p"}).json["record"]
        for verb, more in (("grade", {"grade": "general"}),
                           ("assign", {"measures": "m", "deadline": deadline, "responsible_unit": "u", "funds_need": "needed", "funds": 1})):
            a = s.ask("POST", f"{api}/hazard/{rec['id']}/{verb}", "manager", {"rev": rec["rev"], **more})
            if a.status != 200:
                return a
            rec = a.json["record"]
    a = needs("Longest without money", "2090-01-01")
    check(a is None, "money is needed", a)
    bad = [a for a in (needs(f"Newer {i}", "2098-01-01") for i in range(501)) if a]
    check(not bad, "and needed", bad[:1])
    page = s.ask("GET", f"/t/{tenant}/causes", "manager").body.decode()
    check("Longest without money" in page, "what is due first is among what to fund first")
    n = s.ask("GET", f"{api}/hazard?funds_need=needed&state=open&limit=1", "manager")
    check(re.search(r"(money which is not there|未销号隐患共) ?:? ?(50[2-9]|51\d)\b", page), "and all are counted", (n, page[-1500:]))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            s.root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            s.middle = s.ask("GET", "/api/v1/me", "middle").json["posts"][0]["org"]
            api = "/api/v1/" + tenant
            refusals(s, api)
            bodies(s, api + "/hazard")
            at = life(s, api, s.org)
            keys(s, api + "/hazard")
            files(s, api, tenant)
            small_school(s, api, tenant)
            at_once(s, api, tenant)
            if at:
                schools(s, api, tenant, at)
                numbers(s, api)
                hidden(s, api, at)
                hidden_everywhere(s, api, at)
                names(s, api, tenant)
                way_back(s, tenant)
                presets(s, tenant)
                second_notice(s, api, tenant)
                whose_notice(s, api)
                one_notice(s, api, tenant)
                empty_notice(s, api)
                numbered_later(s, api, tenant)
                told_by_code(s, api, tenant)
                looks(s, api, tenant)
                colleagues(s, api, tenant)
                taken_out(s, api, tenant)
                counted(s, api, tenant)
                blanks(s, api, tenant)
                public(s, api, tenant)
                risks(s, api, tenant)
                pages(s, api, tenant, at)
                s.ids = {n: next((x["id"] for x in all_of(s, "office", f"{api}/{n}?limit=1")), None)
                         for n in "hazard campaign minutes org person post place calendar".split()}
                openapi(s, api, tenant, at)
            if at:
                mentioned(s, api)
                erased(s, api, at)
            above(s, tenant)
            verbs(s)
            periods(s, tenant)
            funded(s, api, tenant)
            check(s.ask("GET", "/healthz").status == 200 and s.server.poll() is None, "it still serves")
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", [x for x in s.log if "ERROR" in x.upper()])
        finally:
            s.server.terminate()
            s.server.wait(20)
        districts(s)
        p = s.run("rebuild", "--check", "--data", s.data, code=None)
        check(p.returncode == 0, "rebuild arrives at the same", p)
        p = s.run("verify", "--data", s.data, code=None)
        check(p.returncode == 0, "and verifies", p)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
