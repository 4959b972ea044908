#!/usr/bin/env python3
"""anlan rebuild where an index is damaged: a check never calls well what it could not make, and there is a way back."""
import os
import sqlite3
import sys
import tempfile

import test_api as t
from test_api import Anlan, check


def forget_in_indexes(path):
    """One hazard's entries are missing from every index; the row is there."""
    def once(*steps):
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("PRAGMA writable_schema = ON")
        got = [db.execute(*x).fetchall() for x in steps]
        db.close()
        return got

    row = once(("SELECT * FROM hazard ORDER BY id LIMIT 1",))[0][0]
    marks = ", ".join("?" * len(row))
    kept = once(("DELETE FROM hazard WHERE id = (SELECT min(id) FROM hazard)",),
                ("SELECT * FROM sqlite_master WHERE type = 'index' AND tbl_name = 'hazard' AND sql NOT NULL",),
                ("DELETE FROM sqlite_master WHERE type = 'index' AND tbl_name = 'hazard' AND sql NOT NULL",))[1]
    once((f"INSERT INTO hazard VALUES ({marks})", row))
    once(*[("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", index) for index in kept])
    return len(kept)


def main():
    if os.environ.get("TEST_DATABASE"):
        print("0 passed: an index of PostgreSQL is its own affair")
        return 0
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        s.server.terminate()
        s.server.wait(20)
        run = lambda *args: s.run(*args, "--data", s.data, code=None)
        p = run("rebuild", "--check")
        check(p.returncode == 0 and " 0 tables would become different" in p.stdout, "a sound one", p)
        check(forget_in_indexes(s.data + "/anlan.db") > 3, "indexes are damaged")
        p = run("verify")
        check(p.returncode == 1 and "missing from index hazard_by_due" in p.stdout and '"anlan rebuild" makes' in p.stdout
              and "restore" not in p.stdout, "verify names each index, and the way back", p)
        p = run("rebuild", "--check")
        check(p.returncode == 1 and p.stdout == "" and "nothing was compared" in p.stderr and "anlan rebuild" in p.stderr,
              "a check that failed says so, and what helps", p)
        p = run("rebuild")
        check(p.returncode == 0, "rebuild makes indexes anew", p)
        p = run("rebuild", "--check")
        check(p.returncode == 0 and " 0 tables would become different" in p.stdout, "then all is as the log says", p)
        p = run("verify")
        check(p.returncode == 0, "and verifies", p)
        db = sqlite3.connect(s.data + "/anlan.db")
        said = db.execute("PRAGMA integrity_check").fetchone()[0]
        db.close()
        check(said == "ok", "and the indexes are whole", said)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
