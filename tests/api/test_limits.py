#!/usr/bin/env python3
"""What work costs whom: photographs and workbooks made to be slow, passwords tried many at once, doors that are flooded."""
import io
import os
import re
import struct
import sys
import tempfile
import threading
import time
import urllib.parse
import zipfile

import test_api as t
from test_api import Anlan, all_of, check, png, problem, public_form

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
                                                   f"198.51.{i}.7")) for i in range(12)]
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
    def look(data):
        a = s.upload(f"/t/{tenant}/hazard/import", "office", "old.xlsx", data)
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
            check(s.ask("GET", "/healthz").status == 200 and s.server.poll() is None, "it still serves")
        finally:
            s.server.terminate()
            s.server.wait(60)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
