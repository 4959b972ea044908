#!/usr/bin/env python3
"""Single bits of the database file change, one at a time; whatever a statement can read then is named by anlan verify.

A flip counts when a walk over a table or over the index of words gives something else, or fails, or SQLite's own check of
indexes complains. Named: verify says so, or that the file is damaged. What no log and no seal covers (BESIDE) is passed over
and counted: docs/adr/0021-what-verify-names.md.

usage: flips.py ANLAN [FLIPS] [SEED]
"""
import atexit
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "api"))
from test_api import Anlan, make

# Tables of work under way, settings of people, caches; and marks of how far a thing has come.
BESIDE = {"above", "bucket", "delivery_item", "draft", "failure", "import", "import_seen", "known_network", "lease", "mapping",
          "mark", "message_head", "version", "wish"}
MARKS = {("session", "used_at"), ("outbox", "seen_at"), ("token", "used_at"), ("migration", "at_ms"), ("setting", "value")} | {
    ("delivery", c) for c in ("state", "next_at", "tries", "tried_at", "done_at", "reason", "answer")}
# Pieces of the index of words: what they say is asked of the index itself.
PIECES = {"search_data", "search_idx", "search_config", "search_content"}


def life(exe, data):
    """An installation in use: what an example has, some messages, a proof's checkpoint."""
    s = Anlan(exe, data)
    atexit.register(lambda: s.server.kill())
    me = s.ask("GET", "/api/v1/me", "manager").json
    s.org, api = me["posts"][0]["org"], "/api/v1/" + me["tenant"]
    for i in range(5):
        make(s, api, "manager", "hazard", {"description": f"wet floor {i} 食堂地面湿滑", "place_text": "canteen"},
             ("manager", "assign", {"measures": "mats", "responsible_unit": "office", "deadline": "2099-01-01"}))
    while s.ask("GET", f"/log/{me['tenant']}/checkpoint").status != 200:
        pass
    s.server.terminate()
    s.server.wait(20)
    return s


def walk(path):
    """{(table, column): hash}, what complains."""
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    db.text_factory = bytes
    said, seen = [], {}
    try:
        tables = [r[0].decode() for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        seen["", "schema"] = repr(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall())
        said = [r[0] for r in db.execute("PRAGMA integrity_check(1)")]
    except (sqlite3.Error, ValueError) as e:
        return seen, [str(e)]
    for table in tables:
        if table in PIECES or table == "search":
            continue
        try:
            columns = [r[1].decode() for r in db.execute(f"PRAGMA table_info({table})")]
            rows = db.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()
        except (sqlite3.Error, ValueError) as e:
            return seen, [str(e)]
        for i, column in enumerate(columns):
            seen[table, column] = hashlib.sha256(repr([r[i] for r in rows]).encode()).digest()
    try:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)")
        seen["search", "words"] = hashlib.sha256(repr(db.execute("SELECT term, doc FROM words").fetchall()).encode()).digest()
    except (sqlite3.Error, ValueError) as e:
        said.append(str(e))
    return seen, said


def main():
    if os.environ.get("TEST_DATABASE"):
        print("0 flips: PostgreSQL watches over its own pages")
        return 0
    exe, flips, seed = os.path.abspath(sys.argv[1]), int((sys.argv + ["60"])[2]), int((sys.argv + ["", "7"])[3] or 7)
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as d:
        s = life(exe, d + "/d")
        path, kept = s.data + "/anlan.db", d + "/kept.db"
        shutil.copy(path, kept)
        before, said = walk(kept)
        assert said == [b"ok"], said
        p = s.run("verify", "--data", s.data, code=None)
        if p.returncode != 0:
            sys.exit("it does not verify at first: " + p.stdout + p.stderr)
        size, same, beside, named, bad = os.path.getsize(kept), 0, 0, 0, 0
        for _ in range(flips):
            at, bit = rng.randrange(size), rng.randrange(8)
            shutil.copy(kept, path)
            with open(path, "r+b") as f:
                f.seek(at)
                byte = f.read(1)[0]
                f.seek(at)
                f.write(bytes([byte ^ 1 << bit]))
            after, said = walk(path)
            other = {k for k in before if after.get(k) != before[k]} | {k for k in after if k not in before}
            if said == [b"ok"] and not other:
                same += 1
                continue
            if said == [b"ok"] and all(k[0] in BESIDE or k in MARKS for k in other):
                beside += 1
                continue
            p = subprocess.run([exe, "verify", "--data", s.data], capture_output=True, timeout=120)
            if p.returncode < 0:
                sys.exit(f"byte {at} bit {bit}: verify ended by signal {-p.returncode}")
            if p.returncode == 0:
                bad += 1
                print(f"byte {at} bit {bit}: not named: {sorted(other)} {said}")
            else:
                named += 1
            for name in ("-wal", "-shm"):
                if os.path.exists(path + name):
                    os.unlink(path + name)
        print(f"{flips} flips of {size} bytes, seed {seed}: {same} change nothing that can be read, {beside} stand beside the log, "
              f"{named} named, {bad} not")
    return bad > 0 or named == 0


if __name__ == "__main__":
    sys.exit(main())
