#!/usr/bin/env python3
"""The installed package, as root on a machine that may be thrown away: made, started, asked, copied, moved to PostgreSQL.

	inside.py fresh		nothing is installed yet but the package
	inside.py upgraded	the package of before has left an example district in /var/lib/anlan
	inside.py postgres	moves what is there to a PostgreSQL on this machine, and asks again"""
import glob
import http.client
import json
import os
import re
import subprocess
import sys
import urllib.parse
import zlib
import struct

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import unit  # noqa: E402

DATA, UNITS = "/var/lib/anlan", "/lib/systemd/system"
passed = 0


def check(ok, text, seen=""):
    global passed
    if not ok:
        sys.exit(f"FAILED: {text}: {seen!r:.2000}")
    passed += 1


def run(*args, user=None, ok=True):
    p = subprocess.run(["runuser", "-u", user, "--", *args] if user else args, capture_output=True, text=True, timeout=600)
    if ok:
        check(p.returncode == 0, " ".join(args), p.stdout + p.stderr)
    return p.stdout + p.stderr


def ask(method, path, body=None, **headers):
    c = http.client.HTTPConnection("127.0.0.1", 8470, timeout=120)
    c.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    r = c.getresponse()
    return r.status, r.headers, r.read()


def png(side):
    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * 5 % 256, y * 7 % 256, 90)[i] for x in range(side) for i in range(3)) for y in range(side))
    return (b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b""))


def upload(path, name, data, fields=(), **headers):
    b = b"".join(f'--XX\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields)
    b += (f'--XX\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
          "Content-Type: image/png\r\n\r\n").encode() + data + b"\r\n--XX--\r\n"
    return ask("POST", path, b, Content_Type="multipart/form-data; boundary=XX", **headers)


def asked(tenant, token):
    """What an hour of work asks: probes, a page, a record, a photograph with its small copy, a paper."""
    status, _, body = ask("GET", "/healthz")
    check(status == 200 and json.loads(body)["status"] == "ok", "healthz", body)
    check(ask("GET", "/readyz")[0] == 200, "readyz")
    check(ask("GET", "/sign-in")[0] == 200, "a page")
    me = {"Authorization": "Bearer " + token}
    api = f"/api/v1/{tenant}"
    org = json.loads(ask("GET", "/api/v1/me", **me)[2])["posts"][0]["org"]
    status, _, body = upload(api + "/files", "file", png(400), **me)
    check(status in (200, 201), "a photograph is taken", (status, body))
    photo = re.search(rb'"id":\s*"?(\d+)', body)[1].decode()
    status, head, body = ask("GET", f"{api}/files/{photo}/small", **me)
    check(status == 200 and head["Content-Type"] == "image/jpeg" and body[:2] == b"\xff\xd8", "drawn anew by the locked program", (status, body[:300]))
    new = {"org": org, "description": "The package lights no lamp", "place_text": "Hall", "category": "fire", "photos_before": photo}
    status, _, body = ask("POST", api + "/hazard", json.dumps(new), Content_Type="application/json", **me)
    check(status == 201, "a hazard", (status, body))
    hazard = json.loads(body)["record"]["id"]
    status, head, body = ask("GET", f"/t/{tenant}/hazard.pdf?q=lamp", **me)
    check(status == 200 and body.startswith(b"%PDF") and b"%%EOF" in body[-16:], "a paper, with fonts of the package", (status, body[:300]))
    status, _, body = ask("GET", f"/t/{tenant}/hazard.xlsx?q=lamp", **me)
    check(status == 200 and body[:2] == b"PK", "a workbook", status)
    return hazard


def owners():
    strange = [p for p in glob.glob(DATA + "/**", recursive=True) if not os.path.islink(p) and os.stat(p).st_uid != os.stat(DATA).st_uid]
    check(not strange, "all files are the service's user's", strange)


def copied():
    before = set(os.listdir("/var/backups/anlan"))
    b = unit.Started(UNITS + "/anlan-backup.service")
    check(b.p.wait(300) == 0, "the timer's command, under its filter", b.p.returncode)
    new = [x for x in set(os.listdir("/var/backups/anlan")) - before if x != "erased"]
    check(len(new) == 1, "one more copy", new)
    said = run("anlan", "verify", "--data", "/var/backups/anlan/" + new[0], user="anlan")
    check("All is as the log says" in said, "which verifies", said)


def served(tenant, login):
    s = unit.Started(UNITS + "/anlan.service")
    try:
        check("serving on http://127.0.0.1:8470" in s.heard, "READY when it serves", s.heard)
        token = run("anlan", "token", "add", login, "test", "--scopes", "read write", "--data", DATA).split()[-1]
        hazard = asked(tenant, token)
        copied()
        owners()
        return hazard, token
    finally:
        check(s.stop() == 0, "it stops when asked to", s.p.returncode)


def fresh():
    check(not unit.conditions_hold(unit.read(UNITS + "/anlan.service")), "nothing starts before there is an installation")
    conf = os.stat("/etc/anlan/anlan.conf")
    check(conf.st_mode & 0o777 == 0o640 and os.path.realpath(DATA + "/anlan.conf") == "/etc/anlan/anlan.conf",
          "settings in /etc, for nobody else to read, and the data lead there", oct(conf.st_mode))
    said = run("anlan", "init", "--data", DATA, "--code", "xin", "--name", "Xin District", "--name-zh", "新学区",
               "--origin", "anlan.xin.example/log", "--login", "admin", "--public-url", "https://anlan.xin.example")
    owners()
    check("https://anlan.xin.example/once/" in said and "public-url = https://anlan.xin.example" in open("/etc/anlan/anlan.conf").read(),
          "the address goes into the settings and the link", said)
    link = re.search(r"/once/[0-9a-f]+", said)[0]
    s = unit.Started(UNITS + "/anlan.service")
    status, _, page = ask("GET", link)
    check(status == 200 and b'name="password"' in page, "the one-time link opens", (status, page[:500]))
    check(s.stop() == 0, "stopped")
    for page in "anlan.1", "anlan.conf.5":
        check(glob.glob(f"/usr/share/man/man?/{page}*") or os.path.exists("/etc/dpkg/dpkg.cfg.d/docker"), "manual " + page)
    check(subprocess.run(["bash", "-n", "/usr/share/bash-completion/completions/anlan"], check=False).returncode == 0, "completion")


def upgraded():
    check(os.path.exists("/etc/anlan/anlan.conf") and "mail-per-minute = 7" in open("/etc/anlan/anlan.conf").read(),
          "settings that lay beside the data came along")
    check(os.path.islink(DATA + "/anlan.conf"), "and stand in one place")
    served("whitefun", "manager")
    said = run("anlan", "verify", "--data", DATA, user="anlan")
    check("All is as the log says" in said, "the log of before verifies", said)


def postgres():
    url = "postgresql://anlan@/anlan?host=/var/run/postgresql"
    said = run("anlan", "copy", "--from", "sqlite:" + DATA, "--to", url, user="anlan")
    check(not os.path.exists(DATA + "/anlan.db") and os.path.exists(DATA + "/database"), "moved", said)
    served("whitefun", "manager")


if __name__ == "__main__":
    {"fresh": fresh, "upgraded": upgraded, "postgres": postgres}[sys.argv[1]]()
    print(f"{passed} passed, 0 failed")
