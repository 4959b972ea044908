#!/usr/bin/env python3
"""Whatever is searched for is no error; what the database says when it fails is for the log alone."""
import os
import re
import sqlite3
import sys
import tempfile
import time
import urllib.parse

import test_api as t
from test_api import Anlan, check

TYPED = ("5÷2", "हिन्दी", "เด็ก", "x˝y", "🔥", "a\u0301", "'; --", '"', '"a', "a AND", "NEAR(a b", "a*", "-a", "(a", "a:b", "^a",
         "\u0000a", "\u200fא", "ꟸ", "A" * 10000, "灭" * 3000, '"' * 5000, "%", "_", "\\", "{a}", "+", "OR", "5÷2 OR 1=1")


def searches(s, api, tenant):
    rec = s.ask("POST", f"{api}/hazard", "manager", {"org": s.org, "description": "5÷2 हिन्दी เด็ก x˝y zorilla",
                                                     "place_text": "gate"}).json["record"]
    for typed in TYPED:
        q = urllib.parse.quote(typed)
        for path in (f"{api}/hazard?q={q}", f"/t/{tenant}/hazard?q={q}", f"/t/{tenant}/hazard.csv?q={q}"):
            a = s.ask("GET", path, "manager")
            refused = (414, 431) if len(typed) > 2000 else (400,) if "\0" in typed else ()  # no HTTP
            check(a.status == 200 or a.status in refused, f"{path[:60]} is no error", a)
    for typed in "5÷2", "हिन्दी", "เด็ก", "x˝y", "zorilla":
        a = s.ask("GET", f"{api}/hazard?q={urllib.parse.quote(typed)}", "manager")
        check(rec["id"] in [x["id"] for x in a.json.get("items", ())], f"{typed} is found", a)
    for typed in TYPED[:12]:
        a = s.ask("POST", f"{api}/hazard/{rec['id']}/duplicate", "manager", {"duplicate_of": typed, "rev": rec["rev"]})
        check(400 <= a.status < 500, f"a reference {typed} is refused", a)
    check(not [x for x in s.log if "failed" in x], "nobody was run again", [x for x in s.log if "failed" in x])


def failures(s, api, tenant):
    """The table of hazards is away."""
    def once(sql):
        db = sqlite3.connect(s.data + "/anlan.db", timeout=20)
        db.execute("PRAGMA legacy_alter_table = ON")
        db.execute(sql)
        db.commit()
        db.close()

    once("ALTER TABLE hazard RENAME TO away")
    seen = []
    for method, path, body in (("GET", f"{api}/hazard", None), ("GET", f"{api}/hazard?q=wet", None),
                               ("GET", f"/t/{tenant}/hazard", None), ("GET", f"/t/{tenant}/hazard.csv", None),
                               ("GET", f"{api}/hazard/77", None),
                               ("POST", f"{api}/hazard", {"org": s.org, "description": "wet", "place_text": "here"})):
        a = s.ask(method, path, "manager", body)
        said = a.json.get("title") or re.sub(r"<[^>]*>", " ", re.search(rb"<main.*</main>", a.body, re.S)[0].decode()
                                             if b"<main" in a.body else a.body.decode())
        check(a.status == 500, f"{method} {path} fails", a)
        check("log" in said or "日志" in said, f"{method} {path}: says where the cause is", said)
        check(not re.search(r"SELECT|WHERE|no such|anlan\.db|sqlite|INSERT", said), f"{method} {path}: and no more than that", said)
        seen.append(said)
    once("ALTER TABLE away RENAME TO hazard")
    check(s.ask("GET", f"{api}/hazard", "manager").status == 200, "it is there again")
    check(any("no such table" in x for x in s.log), "the log knows why", s.log[-3:])


class Again(Anlan):
    """A server on a folder that is there."""

    def run(self, *args, code=0):
        return super().run(*args, code=code) if args[0] != "init" else None


def update(s, exe, api):
    """A folder whose index a program before has made: it is made anew while the server runs."""
    s.server.terminate()
    s.server.wait(20)
    db = sqlite3.connect(s.data + "/anlan.db")
    db.execute("DROP TABLE search")
    db.execute("CREATE VIRTUAL TABLE search USING fts5 (words, content = '', detail = none, tokenize = 'unicode61')")
    tables = [x[0] for x in db.execute("SELECT name FROM sqlite_master WHERE name IN ('setting', 'migration')")]
    gone = sum(db.execute(f"DELETE FROM {x} WHERE name LIKE '0035%'").rowcount for x in tables)
    check(gone == 1, "the migration has not run", gone)
    db.commit()
    db.close()
    x = Again(exe, s.data)
    try:
        for _ in range(400):
            a = x.ask("GET", f"{api}/hazard?q=zorilla", "manager")
            if a.json.get("items"):
                break
            time.sleep(0.05)
        check(len(a.json.get("items", ())) == 1, "what was there before is found", a)
        edit = a.json["items"][0]
        a = x.ask("POST", f"{api}/hazard/{edit['id']}/edit", "manager", {"place_text": "bandicoot", "rev": edit["rev"]})
        check(a.status == 200, "and can be changed", a)
        a = x.ask("GET", f"{api}/hazard?q=bandicoot", "manager")
        check(len(a.json.get("items", ())) == 1, "and found as it is now", a)
    finally:
        x.server.terminate()
        x.server.wait(20)
    p = s.run("rebuild", "--check", "--data", s.data, code=None)
    check(p.returncode == 0 and " 0 tables would" in p.stdout, "the index is what a rebuild makes", p)


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            searches(s, "/api/v1/" + tenant, tenant)
            if not os.environ.get("TEST_DATABASE"):
                failures(s, "/api/v1/" + tenant, tenant)
                update(s, os.path.realpath(sys.argv[1]), "/api/v1/" + tenant)
        finally:
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
