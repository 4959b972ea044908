#!/usr/bin/env python3
"""A data folder that version 0.1.0 left is taken over: its people, its tokens, its log hold as they were."""
import os
import sys
import tarfile
import tempfile

import test_api as t
from test_api import Anlan, check
from test_pictures import Browser

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "upgrade", "0.1.0.tar.gz")
# the tokens that were given out then; whoever wrote them down goes on with them
READS = "dca56dc0262eda4e961122a8a43e691a18336a789e016e46a685ff3a9bae1b98"
WRITES = "3108335af56894ff66731e910c6d13f0c24c3e3d5ed5bcb5f15c265f74a6a9cd"
LEDGERS = ("hazard", "inspection", "minutes", "person", "post", "org")


class Before(Anlan):
    def __init__(self, exe, data):
        self.exe, self.data = exe, data
        self.tokens = {("reads", ""): READS, ("writes", ""): WRITES}

    def ask(self, method, path, who=None, body=None, scopes="", **k):
        return super().ask(method, path, who, body, scopes=scopes, **k)


def main(exe):
    with tempfile.TemporaryDirectory() as data:
        with tarfile.open(FOLDER) as f:
            f.extractall(data)
        os.chmod(data, 0o700)
        s = Before(exe, data)
        s.run("migrate", "--data", data)
        v = s.run("verify", "--data", data, code=None)
        check(v.returncode == 0, "the log of 0.1.0 verifies", v.stdout + v.stderr)
        v = s.run("rebuild", "--check", "--data", data, code=None)
        check(v.returncode == 0, "rows rebuilt from the log of 0.1.0 are its rows", v.stdout + v.stderr)
        s.serve()
        for l in LEDGERS:
            a = s.ask("GET", f"/api/v1/whitefun/{l}", "reads")
            check(a.status == 200 and "items" in a.json, f"an old token reads {l}", a)
        a = s.ask("GET", "/t/whitefun/hazard.csv", "reads")
        check(a.status == 200 and a.body.count(b"\n") > 2, "and takes a list out, as it could", a)
        items = s.ask("GET", "/api/v1/whitefun/hazard", "reads").json["items"]
        one = s.ask("GET", f"/api/v1/whitefun/hazard/{items[0]['id']}", "writes")
        check(one.status == 200, "a record of then is read", one)
        add = {"what": "应急灯不亮", "place": "教学楼二层"}
        a = s.ask("POST", "/api/v1/whitefun/hazard", "reads", add)
        check(a.status == 403, "a token to read writes nothing", a)
        a = s.ask("POST", "/api/v1/whitefun/hazard", "writes", add)
        check(a.status in (201, 422), "a token to write is let in", a)
        for path in ("/account/tokens", "/t/whitefun/person"):
            a = s.ask("POST", path, "writes", {})
            check(a.status >= 400, f"but to no credential: {path}", a)
        b = Browser(s, "office")
        page = b.get("/account/tokens").body.decode()
        check("reads" in page and "writes" in page, "its owner sees both", page[:200])
        s.server.terminate()
        s.server.wait(20)
        v = s.run("verify", "--data", data, code=None)
        check(v.returncode == 0, "and the log verifies after new events", v.stdout + v.stderr)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
