#!/usr/bin/env python3
"""Photographs as a stranger would try them: what is shown, to whom, what is refused, what is not lost."""
import glob
import os
import re
import struct
import subprocess
import sys
import tempfile
import urllib.parse
import zlib

import test_api as t
from test_api import Anlan, check, png, problem

HERE = os.path.dirname(os.path.abspath(__file__))


def sample(name):
    with open(os.path.join(HERE, "../data/pictures", name), "rb") as f:
        return f.read()


def jpeg_size(b):
    at = 2
    while at + 9 < len(b) and b[at] == 0xff:
        if b[at + 1] == 0xc0:
            return int.from_bytes(b[at + 7:at + 9], "big"), int.from_bytes(b[at + 5:at + 7], "big")
        at += 2 + int.from_bytes(b[at + 2:at + 4], "big")
    return 0, 0


class Browser:
    """A person with cookies and forms, without JavaScript."""

    def __init__(self, s, who, lang="en"):
        a = s.ask("POST", "/sign-in", raw=f"login={who}&password=anlan-example".encode(),
                  headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.s, self.h = s, {"Cookie": a.headers["Set-Cookie"].split(";")[0] + "; lang=" + lang}

    def get(self, path, **more):
        return self.s.ask("GET", path, headers={**self.h, **more})

    def csrf(self):
        return re.search(r'name="csrf" value="([^"]+)"', self.get("/account").body.decode())[1]

    def post(self, path, fields):
        return self.send(path, [("csrf", self.csrf()), *fields.items()])

    def upload(self, path, name, data, key="file"):
        return self.send(path, [("csrf", self.csrf())], [(key, name, data)])

    def form(self, path):
        """The hidden fields of the record's form."""
        return hidden(self.get(path).body.decode())

    def send(self, path, fields, files=(), cut=0):
        b = b"".join(f'--XX\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields)
        for n, name, data in files:
            b += f'--XX\r\nContent-Disposition: form-data; name="{n}"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        b += b"--XX--\r\n"
        b = b[:len(b) - cut]
        return self.s.ask("POST", path, raw=b, headers={**self.h, "Content-Type": "multipart/form-data; boundary=XX"})


def hidden(page):
    page = page[page.find('<form method="post" action="/t/'):]
    return [(n, v) for n, v in re.findall(r'<input type="hidden" name="(csrf|key|rev)" value="([^"]*)"', page)][:3]


def kept(page):
    return re.findall(r'<input type="checkbox" name="photos_before" value="(\d+)" checked>', page)


def tidy(s):
    """Nothing lies about; what was sent goes just after its answer."""
    return any(not glob.glob(s.data + "/tmp/upload-*") or not s.ask("GET", "/healthz") for _ in range(200))


def shown(s, api, tenant):
    one = sample("turned.jpg")
    f = s.upload(api + "/files", "manager", "走廊.jpg", one).json["files"][0]
    at = f"{api}/files/{f['id']}"
    for who in "office", "teacher":
        for word in "", "/small", "/large":
            problem(s.ask("GET", at + word, who), 404, "missing", f"{who}: an unclaimed photograph {word}")
    s.ask("POST", api + "/hazard", "manager", {"description": "d", "place_text": "p", "org": s.org, "photos_before": [f["id"]]})
    for word in "small", "large":
        for path in at, f"/t/{tenant}/file/{f['id']}":
            path += "/" + word
            a = s.ask("GET", path, "teacher")
            if not check(a.status == 200 and a.headers["Content-Type"] == "image/jpeg" and jpeg_size(a.body) == (48, 64),
                         "an upright JPEG: " + path, a):
                continue
            check(b"Exif" not in a.body and b"Camera" not in a.body and b"Exif" in one, "without what the camera wrote")
            check(a.headers["X-Content-Type-Options"] == "nosniff" and a.headers["Cache-Control"].startswith("private")
                  and "Cookie" in a.headers["Vary"] and "default-src 'none'" in a.headers["Content-Security-Policy"]
                  and a.headers["Cross-Origin-Resource-Policy"] == "same-origin", "its headers", dict(a.headers))
            b = s.ask("GET", path, "teacher", headers={"If-None-Match": a.headers["ETag"]})
            check(b.status == 304 and b.body == b"", "the same again is not sent again", b)
            check(s.ask("GET", path, "middle", headers={"If-None-Match": a.headers["ETag"]}).status == 404,
                  "another school learns nothing by its tag")
            check(s.ask("GET", path, "middle").status == 404 and s.ask("GET", path).status in (303, 401), "others do not see it")
    a = s.ask("GET", f"/t/{tenant}/file/{f['id']}", "teacher")
    check(a.body == one and "attachment" in a.headers["Content-Disposition"]
          and urllib.parse.quote("走廊.jpg") in a.headers["Content-Disposition"], "the original, byte for byte, to be saved", a)
    problem(s.ask("GET", at + "/huge", "teacher"), 404, "missing", "another size")
    for name in "phone.heic", "lossy.webp", "plain.png", "interlaced.png", "progressive.jpg":
        f = s.upload(api + "/files", "manager", name, sample(name)).json["files"][0]
        a = s.ask("GET", f"{api}/files/{f['id']}/small", "manager")
        check(a.status == 200 and jpeg_size(a.body) == (64, 48), name + " is shown as JPEG", a)
    f = s.upload(api + "/files", "manager", "a.pdf", b"%PDF-1.4\n").json["files"][0]
    problem(s.ask("GET", f"{api}/files/{f['id']}/small", "manager"), 404, "missing", "a PDF has no picture")


def cache(s, api):
    """The copies may be removed at any time: they are made again."""
    f = s.upload(api + "/files", "manager", "b.png", png(77)).json["files"][0]
    path = f"{api}/files/{f['id']}/small"
    before = s.ask("GET", path, "manager")
    for p in glob.glob(s.data + "/cache/*/*/*"):
        os.unlink(p)
    after = s.ask("GET", path, "manager")
    check(after.status == 200 and after.body == before.body and glob.glob(s.data + "/cache/*/*/*.s"), "made again at a look", after)
    # one that came before pictures were looked at, and cannot be read: tried once, then only a file to save
    for p in glob.glob(s.data + "/cache/*/*/*"):
        os.unlink(p)
    where = glob.glob(f"{s.data}/files/*/*/{f['sha256']}")[0]
    with open(where, "wb") as out:
        out.write(png(77)[:50])
    for _ in range(2):
        problem(s.ask("GET", path, "manager"), 404, "missing", "no picture of a broken one")
    check(len(glob.glob(s.data + "/cache/*/*/*.x")) == 1, "that is remembered")
    with open(where, "wb") as out:
        out.write(png(77))


def damaged(s, api):
    """What lies on the disk empty, cut or gone is told at once, and the same photograph sent again heals it."""
    f = s.upload(api + "/files", "manager", "a.png", png(91)).json["files"][0]
    where = glob.glob(f"{s.data}/files/*/*/{f['sha256']}")[0]
    for text, bytes_ in ("empty", b""), ("cut", png(91)[:30]), ("longer", png(91) * 2), ("gone", None), ("rotten", png(91)[:-1] + b"x"):
        os.unlink(where)
        if bytes_ is not None:
            with open(where, "wb") as out:
                out.write(bytes_)
        if text != "rotten":
            a = s.ask("GET", f"{api}/files/{f['id']}", "manager")
            problem(a, 404, "missing", f"a file that is {text} on the disk answers in words")
            check("send it again" in a.json.get("title", ""), "and says what to do", a)
        a = s.upload(api + "/files", "manager", "a.png", png(91))
        check(a.status == 201, "it is sent again", a)
        for one in f, a.json["files"][0]:
            check(s.ask("GET", f"{api}/files/{one['id']}", "manager").body == png(91), f"what was {text} is whole again")
    said = [x for x in s.log if "ERROR" in x.upper()]
    check(len(said) == 4 and all(f["sha256"] in x for x in said), "the log names each", said)
    s.log[:] = [x for x in s.log if x not in said]


def large(s, api):
    """A photograph of 40 megapixels is kept as it is and shown small, in little memory."""
    w, h = 8000, 5000
    row = b"\0" + bytes((x * 7 + c * 85) & 255 for x in range(w) for c in range(3))
    body = zlib.compressobj(1)
    idat = b"".join(body.compress(row) for _ in range(h)) + body.flush()

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    one = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0))
           + chunk(b"IDAT", idat) + chunk(b"IEND", b""))
    a = s.upload(api + "/files", "manager", "forty.png", one)
    if not check(a.status == 201, "40 megapixels are taken", a):
        return
    at = f"{api}/files/{a.json['files'][0]['id']}"
    check(s.ask("GET", at, "manager").body == one, "and given back byte for byte")
    big = s.ask("GET", at + "/large", "manager")
    check(big.status == 200 and max(jpeg_size(big.body)) <= 2000 and len(big.body) < 2 << 20, "and shown in a size for a phone", big)


def refused(s, api):
    up = lambda name, data: s.upload(api + "/files", "manager", name, data)
    problem(up("bomb.png", sample("bomb.png")), 413, "too_large", "60,000 by 60,000 pixels")
    for name in "plain.png", "phone.heic", "lossy.webp":
        one = sample(name)
        problem(up(name, one[:len(one) * 2 // 3]), 415, "type", "a part of " + name)
    problem(up("a.jpg", b"\xff\xd8\xff\xe0" + b"MZ" * 100), 415, "type", "a program that begins like a photograph")
    problem(up("a.jpg", b""), 422, "invalid", "an empty file")
    a = up("b.png", png(5)[:40])
    check("damaged" in a.json.get("detail", str(a.body)), "it says what is wrong", a)
    check(tidy(s), "no halves lie about")


def forms(s, api, tenant):
    new, post = f"/t/{tenant}/hazard/new", f"/t/{tenant}/hazard"
    b = Browser(s, "teacher")
    words = [("description", "走廊积水"), ("place_text", "")]
    photo = ("photos_before", "走廊.png", png(41))
    a = b.send(post, b.form(new) + words, [photo, ("photos_before", "two.jpg", sample("turned.jpg"))])
    page, ids = a.body.decode(), kept(a.body.decode())
    if not check(a.status == 422 and len(ids) == 2 and "走廊.png" in page and "走廊积水" in page, "the photographs come back", a):
        return
    check(f"/t/{tenant}/file/{ids[1]}/small" in page and 'width="48" height="64"' in page, "with a small picture of its size")
    check(b.get(f"/t/{tenant}/file/{ids[0]}/small").status == 200, "who sent it sees it")
    other = Browser(s, "manager")
    check(other.get(f"/t/{tenant}/file/{ids[0]}/small").status == 404, "nobody else does")
    fields = [("description", "mine"), ("place_text", "p"), ("photos_before", ids[0])]
    x = other.send(post, other.form(new) + fields)
    check(x.status == 422 and not kept(x.body.decode()), "nobody else claims it by its number", x)
    x = b.send(post, hidden(page) + words + [("photos_before", i) for i in ids], [("photos_before", "no.jpg", b"MZ")])
    page = x.body.decode()
    check(x.status == 415 and kept(page) == ids and "no.jpg" in page, "refused again, they are still there", x)
    form = hidden(page) + [("description", "走廊积水"), ("place_text", "二楼"), ("photos_before", ids[0])]
    again = [b.send(post, form, [("photos_before", "three.png", png(42))]) for _ in range(2)]
    where = {x.headers.get("Location") for x in again}
    check([x.status for x in again] == [303, 303] and len(where) == 1, "sent twice, one record", again[1])
    at = where.pop().split("?")[0]
    r = s.ask("GET", api + at.removeprefix(f"/t/{tenant}"), "teacher").json["record"]
    check(len(r["photos_before"]) == 2 and r["photos_before"][0] == ids[0] and ids[1] not in r["photos_before"],
          "what was unticked is left out, what was chosen is there", r)
    page = b.get(at).body.decode()
    check(f'href="/t/{tenant}/file/{ids[0]}/large"' in page and f'src="/t/{tenant}/file/{ids[0]}/small"' in page
          and f'href="/t/{tenant}/file/{ids[0]}"' in page and 'width="1" height="1"' in page,
          "the record shows the small one, links to the large one and the original")
    # somebody was faster: 409
    m = Browser(s, "manager")
    mine = dict(m.form(at))
    s.ask("POST", api + at.removeprefix(f"/t/{tenant}") + "/control", "teacher", {"control": "x", "in_use": "stopped", "rev": int(mine["rev"])})
    x = m.send(at + "/fix", list(mine.items()) + [("situation", "ok")], [("photos_after", "after.png", png(43))])
    check(x.status == 409 and 'name="photos_after" value=' in x.body.decode(), "409 keeps the photograph too", x)


def sizes(s, tenant):
    b, post = Browser(s, "teacher", "zh"), f"/t/{tenant}/hazard"
    fields = b.form(post + "/new")
    words = [("description", "很大的照片"), ("place_text", "二楼")]
    x = b.send(post, fields + words, [("photos_before", "ok.png", png(44)), ("photos_before", "big.jpg", b"\xff\xd8\xff" + bytes(3 << 20))])
    page = x.body.decode()
    check(x.status == 413 and "2 MB" in page and "合计太大" in page, "too large is said, with the limit", x)
    check("很大的照片" in page and len(kept(page)) == 1, "what was typed and what had room is there", page[:0])
    x = s.upload(f"/api/v1/{tenant}/files", "teacher", "big.jpg", bytes(3 << 20))
    problem(x, 413, "too_large", "the API says so, too")
    x = b.send(post, fields + words, [("photos_before", "cut.png", png(45))], cut=20)
    check(x.status == 422 and "没有完整送达" in x.body.decode(), "half a form says what to do", x)
    check(tidy(s), "and leaves nothing behind")


def caged(exe):
    """While it waits for its picture it is locked in already."""
    p = subprocess.Popen([os.path.join(os.path.dirname(exe), "anlan-image")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for _ in range(100000):
        with open(f"/proc/{p.pid}/status") as f:
            status = f.read()
        if re.search(r"Seccomp:\s*2", status) or p.poll() is not None:
            break
    check(re.search(r"Seccomp:\s*2", status) and re.search(r"NoNewPrivs:\s*1", status), "a filter stands", status)
    try:
        with open(f"/proc/{p.pid}/limits") as f:
            limits = f.read()
        check(re.search(r"Max open files\s+3\s", limits) and re.search(r"Max file size\s+0\s", limits)
              and re.search(r"Max cpu time\s+15\s", limits) and re.search(r"Max core file size\s+0\s", limits), "limits stand", limits)
    except PermissionError:
        pass  # it cannot even be looked at
    out, _ = p.communicate(png(1))
    check(out.startswith(b"ANLP\1\0"), "and it still decodes", out[:20])


def main():
    exe = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(exe, os.path.join(d, "d"), "--upload-mb", "2")
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            api = "/api/v1/" + tenant
            shown(s, api, tenant)
            cache(s, api)
            damaged(s, api)
            large(s, api)
            refused(s, api)
            forms(s, api, tenant)
            sizes(s, tenant)
            caged(exe)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", s.log)
        finally:
            s.server.terminate()
            s.server.wait(20)
        for verb in ("verify",), ("rebuild", "--check"):
            p = s.run(*verb, "--data", s.data, code=None)
            check(p.returncode == 0, " ".join(verb), p)
        p = s.run("backup", os.path.join(d, "copy"), "--data", s.data, code=None)
        check(p.returncode == 0 and not os.path.exists(os.path.join(d, "copy/cache")), "copies are in no backup", p)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
