#!/usr/bin/env python3
"""What work costs whom: photographs and workbooks made to be slow, passwords tried many at once, doors that are flooded."""
import io
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zipfile

import test_api as t
from test_api import Anlan, all_of, check, png, problem, public_form
from test_pictures import Browser

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def many_scans(side, scans):
    """A grey progressive JPEG of few bytes: a run of 32,767 empty blocks is 15 bits, yet each scan goes over all of them."""
    def bits(text):
        text += "1" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")
    blocks = ((side + 7) // 8) ** 2
    out = (b"\xff\xd8\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", side, side) + b"\1\1\x11\0"
           + b"\xff\xc4\0\x14\0" + b"\1" + bytes(15) + b"\0" + b"\xff\xc4\0\x14\x10" + b"\1" + bytes(15) + b"\xe0"
           + b"\xff\xda\0\x08\1\1\0\0\0\0" + bits("0" * blocks))
    ac = b"\xff\xda\0\x08\1\1\0\1\x3f\0" + bits("011111111111111" * -(-blocks // 32767))
    return out + ac * (scans - 1) + b"\xff\xd9"


def at_once(n, what):
    """The answers of n calls that begin together."""
    gate, got = threading.Barrier(n), [None] * n

    def one(i):
        gate.wait()
        got[i] = what(i)
    threads = [threading.Thread(target=one, args=(i,)) for i in range(n)]
    for x in threads:
        x.start()
    for x in threads:
        x.join(300)
    return got


def form_of(fields, files):
    b = b"".join(f'--XX\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items())
    for name, data in files:
        b += f'--XX\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
    return b + b"--XX--\r\n"


def report(s, tenant, fields, files=(), peer=None):
    return s.ask("POST", f"/report/{tenant}", raw=form_of(fields, files), headers={
        "Content-Type": "multipart/form-data; boundary=XX", **({"X-Forwarded-For": peer} if peer else {})})


def photographs(s, api, tenant):
    """Pictures that cost seconds are nobody's delay but their sender's."""
    slow = many_scans(7680, 400)
    check(len(slow) < 180_000, "a small file of many scans", len(slow))
    fields = public_form(s, f"/report/{tenant}") | {"school": s.org, "place_text": "yard", "description": "many scans"}
    a = report(s, tenant, fields, [("a.jpg", slow)], "198.51.100.7")
    check(a.status == 413 and b"too many pixels" in a.body and b"many scans" in a.body, "it is refused, the words stay", a)
    begun = time.monotonic()
    a = report(s, tenant, fields | {"code": "no code of ours"}, [(f"{i}.jpg", slow) for i in range(9)], "198.51.100.7")
    foreign = time.monotonic() - begun
    check(a.status == 422, "a form that is none is refused", a)
    a = report(s, tenant, fields, [(f"{i}.png", png(i)) for i in range(10)], "198.51.100.7")
    check(a.status == 422 and b"At most 9 photographs" in a.body and b"many scans" in a.body, "ten photographs are too many", a)
    a = report(s, tenant, fields | {"description": "with one"}, [("a.png", png(9))], "198.51.100.7")
    check(a.status == 303, "an honest photograph goes with its report", a)
    # somebody fills the strangers' queue: staff never wait for it
    flood = [threading.Thread(target=report, args=(s, tenant, fields, [(f"{i}{k}.jpg", many_scans(7000 + i, 20)) for k in range(9)],
                                                   f"198.51.{i}.7")) for i in range(6)]
    for x in flood:
        x.start()
    begun = time.monotonic()
    a = s.upload(api + "/files", "teacher", "a.png", png(120))
    took, busy = time.monotonic() - begun, sum(x.is_alive() for x in flood)
    check(a.status == 201, "a teacher's photograph is taken meanwhile", a)
    check(busy > 0, "while strangers' wait", busy)
    for x in flood:
        x.join(120)
    print(f"a form that is none with nine slow pictures {foreign:.2f} s; a teacher's photograph beside {busy} forms {took:.2f} s")
    told = [report(s, tenant, fields, [("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50))], "203.0.113.9") for _ in range(45)]
    check(told[0].status == 415 and told[-1].status == 429 and "Retry-After" in told[-1].headers, "damaged pictures are counted, too",
          [x.status for x in told])


def book_of(parts, sheet):
    """A workbook of so many parts of so many bytes, nearly all of them blanks: 30 MB are 30 kB."""
    out = io.BytesIO()
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="str"><v>{w}</v></c><c r="B{r}" t="str"><v>{w}</v></c></row>'
                   for r, w in ((1, "隐患内容"), (2, "灯坏")))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        names = "".join(f'<sheet name="s{i}" sheetId="{i + 1}" r:id="r{i}"/>' for i in range(len(parts)))
        z.writestr("xl/workbook.xml", f'<workbook xmlns:r="urn:r"><sheets>{names}</sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(
            f'<Relationship Id="r{i}" Type="x/worksheet" Target="worksheets/{p}.xml"/>' for i, p in enumerate(parts)) + "</Relationships>")
        for p in sorted(set(parts)):
            z.writestr(f"xl/worksheets/{p}.xml", "<worksheet><sheetData>" + rows + f'<row r="{sheet}">' + "<c/>" * 9 + "</row>"
                       + " " * (15 << 20) + "</sheetData></worksheet>")
    return out.getvalue()


def workbooks(s, api, tenant):
    """What a workbook costs is what it really is, and somebody's paper does not wait for it."""
    b = Browser(s, "office")

    def look(data):
        a = b.upload(f"/t/{tenant}/hazard/import", "old.xlsx", data)
        if a.status != 303:
            return a, 0
        begun = time.monotonic()
        return s.ask("GET", a.headers["Location"], "office"), time.monotonic() - begun
    a, took = look(book_of(["a"] * 20, 3))
    check(a.status == 415 and b"same part" in a.body, "twenty sheets of one part", a)
    a, took = look(book_of([f"p{i}" for i in range(40)], 3))
    check(a.status == 413 and b"unpacks to far more" in a.body, "forty parts of 15 MB in a small file", a)
    print(f"forty parts of 15 MB: {took:.2f} s")
    a, took = look(book_of(["a"], 3))
    check(a.status == 200 and "灯坏" in a.body.decode(), "one of them is read", a)


def counted(answers):
    told = {}
    for a in answers:
        told[a.status] = told.get(a.status, 0) + 1
    return told


def sign_in(s, login, password, peer, cookie=""):
    return s.ask("POST", "/sign-in", raw=urllib.parse.urlencode({"login": login, "password": password}).encode(),
                 headers={**FORM, "X-Forwarded-For": peer, "Cookie": cookie})


def cookies(a):
    return "; ".join(c.split(";")[0] for c in a.headers.get_all("Set-Cookie") or [])


def device(a):
    return "; ".join(c.split(";")[0] for c in a.headers.get_all("Set-Cookie") or [] if c.startswith("device="))


def passwords(s):
    """Tries are counted before the password is looked at, by what one line gets, and never against who is known."""
    home = sign_in(s, "manager", "anlan-example", "192.0.2.7")
    check(home.status == 303 and device(home), "a browser is marked when somebody signs in", home)
    told = counted(at_once(50, lambda i: sign_in(s, "manager", f"wrong {i}", "198.51.100.7")))
    check(told.get(403, 0) <= 6 and told.get(429, 0) >= 30 and set(told) <= {403, 429, 503}, "fifty passwords at once are six tries", told)
    a = sign_in(s, "MANAGER", "anlan-example", "198.51.100.9")
    check(a.status == 429 and 1 <= int(a.headers["Retry-After"]) <= 60, "the next of that network waits, and is told how long", a.headers.items())
    a = sign_in(s, "manager", "anlan-example", "198.51.100.9", device(home))
    check(a.status == 303 and device(a) != device(home), "the known browser does not, and gets a new mark", a)
    told = counted([sign_in(s, "teacher", f"wrong {i}", f"2001:db8:1:2::{i:x}") for i in range(1, 151)])
    check(told.get(403, 0) <= 8 and told.get(429, 0) >= 140, "a /64 is one network", told)
    check(sign_in(s, "teacher", "anlan-example", "2001:db8:1:3::1").status == 303, "another /64 is another")
    told = counted([sign_in(s, f"nobody{i}", "wrong", "203.0.113.5") for i in range(100)])
    check(told.get(403, 0) <= 61 and told.get(429, 0) >= 39, "names tried one after the other count for the network", told)
    a = sign_in(s, "principal", "anlan-example", "203.0.113.6")
    check(a.status == 429, "which slows a stranger there", a)
    return device(home)


def school_network(s, mine):
    """Where three of a school signed in, a flood of strangers slows itself."""
    net = "192.0.2."
    for who in "manager", "teacher", "principal":
        check(sign_in(s, who, "anlan-example", net + "20").status == 303, f"{who} signs in at school")
    told = counted([sign_in(s, f"nobody{i}", "wrong", net + "66") for i in range(120)])
    check(told.get(403, 0) <= 61 and told.get(429, 0) >= 59, "somebody there tries many names and is slowed", told)
    told = counted([sign_in(s, "guard", f"wrong {i}", net + "66") for i in range(12)])
    check(told.get(429, 0) >= 5, "and one of them many times: that one is slowed", told)
    seen = s.ask("GET", "/sign-in", headers={"X-Forwarded-For": net + "30"})
    a = sign_in(s, "guard", "anlan-example", net + "30", cookies(seen))
    check(a.status == 303, "the person itself, in a browser of its own, is let in", a)
    for i in range(40):
        sign_in(s, "manager", f"wrong {i}", net + "66")
    a = sign_in(s, "manager", "anlan-example", net + "31", mine)
    check(a.status == 303, "as is who is known", a)


def restarted(s, mine):
    """Marks of browsers outlive the server."""
    s.server.terminate()
    s.server.wait(60)
    s.server = subprocess.Popen([s.exe, "serve", "--data", s.data, "--port", "0", "--trusted-proxy", "127.0.0.1"],
                                stderr=subprocess.PIPE, text=True)
    for line in s.server.stderr:
        if m := re.search(r"serving on http://([^:]+):(\d+)", line):
            s.host, s.port = m[1], int(m[2])
            break
    threading.Thread(target=lambda: s.log.extend(s.server.stderr), daemon=True).start()
    told = counted([sign_in(s, "manager", f"wrong {i}", "198.51.100.70") for i in range(10)])
    check(told.get(429, 0) >= 3, "a flood after a restart", told)
    check(sign_in(s, "manager", "anlan-example", "198.51.100.71", mine).status == 303, "a browser marked before it passes")


def pins(s):
    """The password asked for a PIN, the PIN, the code of a receipt: no limit passes many at once."""
    a = sign_in(s, "guard", "anlan-example", "192.0.2.99")
    cookie = cookies(a)
    page = s.ask("GET", "/device", headers={"Cookie": cookie}).body.decode()
    csrf = re.search(r'name="csrf" value="([^"]*)"', page)[1]

    def set_pin(password, pin="480273"):
        return s.ask("POST", "/device/pin", raw=urllib.parse.urlencode({"password": password, "pin": pin, "csrf": csrf}).encode(),
                     headers={**FORM, "Cookie": cookie})
    check(set_pin("anlan-example").status == 303, "a PIN is set")
    told = counted(at_once(40, lambda i: set_pin(f"wrong {i}")))
    check(told.get(422, 0) <= 6 and told.get(429, 0) >= 20, "forty passwords at once for a PIN", told)
    told = counted(at_once(40, lambda i: s.ask("POST", "/account/password", raw=urllib.parse.urlencode(
        {"old": f"wrong {i}", "password": "something quite new", "csrf": csrf}).encode(), headers={**FORM, "Cookie": cookie})))
    check(told.get(422, 0) + told.get(403, 0) <= 6 and told.get(429, 0) >= 20, "forty passwords at once for a new one", told)
    m = cookies(sign_in(s, "manager", "anlan-example", "192.0.2.99"))
    page = s.ask("GET", "/device", headers={"Cookie": m}).body.decode()
    a = s.ask("POST", "/device/enrol", raw=urllib.parse.urlencode(
        {"name": "gate", "csrf": re.search(r'name="csrf" value="([^"]*)"', page)[1]}).encode(), headers={**FORM, "Cookie": m})
    shared = cookies(a)
    page = s.ask("GET", "/sign-in", headers={"Cookie": shared}).body.decode()
    who = re.search(r'name="person"[^>]*value="(\d+)"|<option value="(\d+)"', page)
    if check(a.status == 303 and who, "a device is shared", page[-1500:]):
        person = who[1] or who[2]
        told = counted(at_once(50, lambda i: s.ask("POST", "/pin", raw=urllib.parse.urlencode(
            {"person": person, "pin": f"{i:06}"}).encode(), headers={**FORM, "Cookie": shared})))
        check(told.get(403, 0) <= 5 and told.get(429, 0) >= 30, "fifty PINs at once are five tries", told)
    told = counted(at_once(90, lambda i: s.ask("GET", f"/receipt/{i:024d}{i:02d}", headers={"X-Forwarded-For": f"2001:db8:9:9::{i + 1:x}"})))
    check(told.get(404, 0) + told.get(422, 0) <= 40 and told.get(429, 0) >= 50, "ninety codes at once out of one /64", told)


def door(s, tenant):
    """A flood out of one line slows itself; a report from elsewhere passes."""
    fields = public_form(s, f"/report/{tenant}") | {"school": s.org, "place_text": "yard"}
    told = counted([report(s, tenant, fields | {"description": f"flood {i}"}, (), f"2001:db8:7:7::{i + 1:x}") for i in range(300)])
    check(55 <= told.get(303, 0) <= 70 and told.get(429, 0) >= 230, "three hundred reports out of one /64", told)
    a = report(s, tenant, fields | {"description": "flood again"}, (), "2001:db8:7:7::ffff")
    check(a.status == 429 and 1 <= int(a.headers["Retry-After"]) <= 60 and f"Wait {a.headers['Retry-After']} seconds" in a.body.decode(),
          "it is told how long to wait, in words and as a header", a)
    check(report(s, tenant, fields | {"description": "honest"}, (), "2001:db8:8:1::1").status == 303, "another line passes")


def held(s):
    """Bodies that never end hold little, and not for long; who has no session sends no megabyte."""

    def memory():
        with open(f"/proc/{s.server.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1]) // 1024
    big = b"login=a&password=b&typed=" + b"c" * 200_000
    for path in "/sign-in", "/receipt", "/pin", "/report/whitefun":
        a = s.ask("POST", path, raw=big, headers=FORM)
        check(a.status == 413, f"two hundred kB from a stranger to {path}", a)
    seen = cookies(s.ask("GET", "/sign-in"))
    check(s.ask("POST", "/sign-in", raw=big, headers={**FORM, "Cookie": seen}).status == 403, "a browser that was shown the form brings back what it typed")
    before, open_ = memory(), []
    for _ in range(150):
        c = socket.create_connection((s.host, s.port))
        c.sendall(b"POST /t/whitefun/hazard HTTP/1.1\r\nHost: a\r\nCookie: anlan=x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                  b"Content-Length: 1000000\r\n\r\n" + b"a" * 700_000)
        open_.append(c)
    after = memory()
    for c in open_:
        c.close()
    print(f"150 unfinished bodies of 700 kB: +{after - before} MB")
    check(s.ask("GET", "/healthz").status == 200, "it answers beside them")


def quotas(s, api):
    """Files that no record names have a quota; those that one names do not count."""
    files = [(f"{i}.png", png(i)) for i in range(20)]
    body = b"".join(f'--XX\r\nContent-Disposition: form-data; name="file"; filename="{n}"\r\n\r\n'.encode() + d + b"\r\n" for n, d in files) + b"--XX--\r\n"

    def put(who):
        return s.ask("POST", api + "/files", who, raw=body, headers={"Content-Type": "multipart/form-data; boundary=XX"})
    told = [put("auditor") for _ in range(5)]
    check([a.status for a in told] == [201, 201, 201, 429, 429] and int(told[3].headers["Retry-After"]) > 80000,
          "a hundred files that nothing names", [str(a) for a in told])
    told = counted(at_once(8, lambda i: put("police")))
    check(told.get(201, 0) <= 3, "nor many at once", told)
    ids = [f["id"] for _ in range(3) for f in put("teacher").json.get("files", [])]
    check(len(ids) >= 40 and put("teacher").status == 429, "a teacher's", len(ids))
    a = s.ask("POST", f"{api}/hazard?org={s.org}", "teacher", {"description": "with nine", "place_text": "x", "photos_before": ids[:9]})
    check(a.status == 201, "nine are named in a record", a)
    a = put("teacher")
    check(a.status == (201 if len(ids) == 40 else 429), "and make room", a)


def words(s):
    """A password that is tried first is not taken."""
    a = sign_in(s, "principal", "anlan-example", "192.0.2.200")
    cookie = cookies(a)
    csrf = re.search(r'name="csrf" value="([^"]*)"', s.ask("GET", "/account", headers={"Cookie": cookie}).body.decode())[1]
    for word in "1234567890", "password123", "qwertyuiop", "aaaaaaaaaa", " " * 12, "woaini1314", "school2026", "principal2026":
        a = s.ask("POST", "/account/password", raw=urllib.parse.urlencode({"old": "anlan-example", "password": word, "csrf": csrf}).encode(),
                  headers={**FORM, "Cookie": cookie})
        check(a.status == 422, f"nobody takes {word!r}", a)
    a = s.ask("POST", "/account/password", raw=urllib.parse.urlencode({"old": "anlan-example", "password": "tulip gravel umbrella", "csrf": csrf}).encode(),
              headers={**FORM, "Cookie": cookie})
    check(a.status == 303, "three words are taken", a)


def one_address(exe, d):
    """What one address holds has an end, be each of its bodies small enough."""
    s = Anlan(exe, os.path.join(d, "direct"))
    try:
        head = (b"POST /t/whitefun/hazard HTTP/1.1\r\nHost: a\r\nCookie: anlan=x\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n")
        sockets = [socket.create_connection((s.host, s.port)) for _ in range(100)]
        for c in sockets:
            try:
                c.sendall(head + b"a" * 900_000)
            except ConnectionError:
                pass
        closed, end = 0, time.monotonic() + 20
        while closed < 30 and time.monotonic() < end:
            closed = 0
            for c in sockets:
                c.settimeout(0.01)
                try:
                    closed += c.recv(1) == b""
                except TimeoutError:
                    pass
                except ConnectionError:
                    closed += 1
        check(30 <= closed < 100, "of a hundred bodies of 0.9 MB those that go beyond 32 MB are let go", closed)
        check(s.ask("GET", "/healthz").status == 200, "and it answers")
        for c in sockets:
            c.close()
    finally:
        s.server.terminate()
        s.server.wait(60)


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"), "--trusted-proxy", "127.0.0.1", "--threads", "2")
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            s.root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            api = "/api/v1/" + tenant
            photographs(s, api, tenant)
            workbooks(s, api, tenant)
            mine = passwords(s)
            school_network(s, mine)
            restarted(s, mine)
            pins(s)
            door(s, tenant)
            held(s)
            quotas(s, api)
            words(s)
            check(s.ask("GET", "/healthz").status == 200 and s.server.poll() is None, "it still serves")
        finally:
            s.server.terminate()
            s.server.wait(60)
        one_address(s.exe, d)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
