#!/usr/bin/env python3
"""A server that is killed between "this was signed" and the signature's leaving has given nothing away, and goes on.

usage: heads.py ANLAN DIE_AT.SO
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "api"))
import test_api as t
from test_api import Anlan, check, make


def sizes(data):
    """What log.head says, by log."""
    with open(data + "/log.head", encoding="ascii") as f:
        return {line.split()[0]: int(line.split()[1]) for line in f}


def start(s, env=None):
    s.server = subprocess.Popen([s.exe, "serve", "--data", s.data, "--port", str(s.port)], stderr=subprocess.PIPE,
                                text=True, env=env)
    for line in s.server.stderr:
        if "serving on" in line:
            return
    sys.exit("the server did not start")


def stop(s):
    s.server.terminate()
    s.server.wait(20)


def main():
    if os.environ.get("TEST_DATABASE"):
        print("0 passed: one engine is enough")
        return 0
    exe, so = map(os.path.abspath, sys.argv[1:3])
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(exe, d + "/d")
        atexit.register(lambda: s.server.kill())
        me = s.ask("GET", "/api/v1/me", "manager").json
        tenant, s.org = me["tenant"], me["posts"][0]["org"]
        api = f"/api/v1/{tenant}"
        hazard = lambda words: make(s, api, "manager", "hazard", {"description": words, "place_text": "p"})
        rec = hazard("wet")
        proof = f"/t/{tenant}/hazard/{rec}/proof"
        stop(s)
        start(s, {**os.environ, "LD_PRELOAD": so, "DIE_AT": "/log.head", "DIE_WHEN": d + "/die"})
        a = s.ask("GET", proof, "manager")
        check(a.status == 200 and b"tlog-proof" in a.body, "a proof", a)
        log = max(sizes(s.data), key=lambda name: name.endswith("/" + tenant))
        was = sizes(s.data)[log]
        check(s.ask("GET", proof, "manager").status == 200 and sizes(s.data)[log] >= was, "and the same again")
        hazard("leak")
        open(d + "/die", "w").close()
        a = s.ask("GET", proof, "manager")
        check(a.status == 0 and s.server.wait(20) == -9, "killed when it was noted and before it was answered", a)
        noted = sizes(s.data)[log]
        check(noted > was, "it was noted", noted)
        start(s)
        a = s.ask("GET", proof, "manager")
        check(a.status == 200 and b"tlog-proof" in a.body, "the server goes on and signs", a)
        a = s.ask("GET", f"/log/{tenant}/checkpoint")
        check(a.status == 200, "checkpoints too", a)
        with open(d + "/kept", "wb") as f:
            f.write(a.body)
        with open(d + "/kept2", "wb") as f:
            f.write(s.ask("GET", "/log/installation/checkpoint").body)
        check(s.run("verify", "--data", s.data, code=None).returncode == 0, "and verifies")
        s.run("backup", d + "/copy", "--data", s.data, "--with-key")
        stop(s)
        s.run("restore", d + "/copy", "--data", d + "/new")
        on = ("restore", "--continue", "--checkpoint", d + "/kept", d + "/kept2", "--data", d + "/new")
        p = s.run(*on, code=None)
        check(p.returncode == 1 and "Put log.head back" in p.stderr, "no backup has the file", p)
        shutil.copy(s.data + "/log.head", d + "/new")
        p = s.run(*on, code=None)
        check(p.returncode == 0, "a copy that reaches what was noted goes on", p)
        p = s.run("verify", "--data", d + "/new", code=None)
        check(p.returncode == 0, "and verifies", p)
        with open(d + "/new/log.head", encoding="ascii") as f:
            lines = f.read().replace(f"{log} ", f"{log} 9")
        with open(d + "/new/log.head", "w", encoding="ascii") as f:
            f.write(lines)
        p = s.run("verify", "--data", d + "/new", code=None)
        check(p.returncode == 1 and "an older database was put back" in p.stdout, "verify tells when the file says more", p)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
