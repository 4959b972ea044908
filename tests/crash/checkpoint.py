#!/usr/bin/env python3
"""Checkpoints and commits that would destroy the database if they ever met.

Programs write to a server in bursts and pauses, verbs write and read beside it,
and every checkpoint stands still for a while where SQLite before 3.51.3 must
not meet a commit (slow_vfs.c). Then:

- no checkpoint overlapped a transaction that writes, in whatever process, and
  there were fewer checkpoints than such transactions;
- what was acknowledged is there, the file is whole, anlan verify is content;
- the write-ahead log stayed short, and is gone behind a quiet stop.

usage: checkpoint.py ANLAN SLOW_VFS.SO [SECONDS] [SEED]
"""

import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

from crash import (Client, Server, TENANT, Word, WRITERS, check_count, check_records,
                   fail, token, verify, writer)

SLOW_MS = 100
LOG_LIMIT = 65 << 20  # bytes, where nobody reads for long


class State:
    """What slow_vfs.c counts, in the order of its struct."""

    NAMES = ("writing", "moving", "overlaps", "writes", "checkpoints")

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as f:
            f.write(bytes(8 * len(self.NAMES)))

    def read(self):
        with open(self.path, "rb") as f:
            return dict(zip(self.NAMES, struct.unpack(
                "%dq" % len(self.NAMES), f.read())))


def beside(anlan, data, env, rng, stop, bad):
    """Verbs beside the server: one that writes, and some that read."""
    n = 0
    while not stop.is_set():
        n += 1
        to = os.path.join(data, "..", "copy-%d" % n)
        verb = (["backup", "--data", data, to] if n % 12 == 6 else
                ["verify", "--data", data] if n % 12 == 0 else
                ["user", "link", rng.choice(WRITERS), "--data", data])
        p = subprocess.run([anlan, *verb], env=env, capture_output=True,
                           text=True)
        shutil.rmtree(to, ignore_errors=True)
        if p.returncode != 0:
            bad.append("%s: %s" % (" ".join(verb), p.stdout + p.stderr))
            return


def burst(server, word, tokens, orgs, rng, number):
    stop, threads = threading.Event(), []
    for login in WRITERS:
        t = threading.Thread(target=writer, args=(
            server, word, login, tokens[login], orgs[login],
            rng.randrange(1 << 30), "%d-%s" % (number, login), stop))
        t.start()
        threads.append(t)
    time.sleep(rng.choice((0.02, 0.1, 0.4, 1.2)))
    stop.set()
    for t in threads:
        t.join()
    time.sleep(rng.choice((0, 0.3, 0.5, 0.7)))


def load(server, word, tokens, orgs, rng, seconds, bad):
    number, end = 0, time.monotonic() + seconds
    while time.monotonic() < end and not bad and not word.broken:
        number += 1
        burst(server, word, tokens, orgs, rng, number)
        if number % 5 == 0:
            known = sorted(word.rev)
            check_records(Client(server, tokens["office"]),
                          rng.sample(known, min(20, len(known))), word)


def log_is_short(server, state, word, token_, org):
    """What long readers have let it grow to is given back when it begins anew:
    at the first commit behind a checkpoint that nobody was in the way of."""
    client, path = Client(server, token_), server.data + "/anlan.db-wal"
    for n in range(20):
        before = state.read()["checkpoints"]
        status, answer = client.call(
            "POST", "/api/v1/%s/hazard" % TENANT,
            {"org": org, "description": "湿滑 wet floor last-%d" % n,
             "place_text": "canteen"}, "last-%d" % n)
        if status != 201:
            fail("a new hazard was refused: %d %s" % (status, answer))
        word.heard(answer["record"])
        if os.path.getsize(path) <= LOG_LIMIT:
            return
        while state.read()["checkpoints"] == before:
            time.sleep(0.05)
    fail("the write-ahead log stays at %d bytes" % os.path.getsize(path))


def check_file(data):
    if os.path.exists(data + "/anlan.db-wal"):
        fail("the write-ahead log is there behind a quiet stop")
    db = sqlite3.connect(data + "/anlan.db")
    said = db.execute("PRAGMA integrity_check").fetchone()[0]
    db.close()
    if said != "ok":
        fail("the database is damaged: " + said)


def run(anlan, so, d, seconds, rng):
    data, state = d + "/data", State(d + "/state")
    env = dict(os.environ, LD_PRELOAD=so, SLOW_DB=data + "/anlan.db",
               SLOW_STATE=state.path, SLOW_MS=str(SLOW_MS))
    subprocess.run([anlan, "init", "--example", "--data", data], check=True,
                   capture_output=True)
    tokens = {w: token(anlan, data, w) for w in WRITERS + ("office",)}
    server, word, stop, bad = Server(anlan, data, env), Word(), threading.Event(), []
    server.start()
    orgs = {w: Client(server, tokens[w]).call("GET", "/api/v1/me")[1]["posts"][0]["org"]
            for w in WRITERS}
    verbs = threading.Thread(target=beside, args=(
        anlan, data, env, random.Random(rng.random()), stop, bad))
    verbs.start()
    try:
        load(server, word, tokens, orgs, rng, seconds, bad)
        stop.set()
        verbs.join()
        if bad or word.broken:
            fail((bad + [word.broken])[0])
        log_is_short(server, state, word, tokens["teacher"], orgs["teacher"])
        office = Client(server, tokens["office"])
        check_records(office, sorted(word.rev), word)
        check_count(office, word)
        server.stop()
    finally:
        stop.set()
        if server.process.poll() is None:
            server.kill()
    check_file(data)
    verify(anlan, data)
    seen = state.read()
    if seen["overlaps"] > 0:
        fail("%(overlaps)d of %(checkpoints)d checkpoints met a transaction" % seen)
    if not 0 < seen["checkpoints"] <= seen["writes"]:
        fail("%(checkpoints)d checkpoints of %(writes)d transactions" % seen)
    print("checkpoint: %d acknowledged writes, all there; %d transactions, %d "
          "checkpoints, none met" % (
              word.writes, seen["writes"], seen["checkpoints"]))


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    anlan, so = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time())
    print("checkpoint: seed %d" % seed, flush=True)
    d = tempfile.mkdtemp(prefix="anlan-checkpoint-")
    try:
        run(anlan, so, d, seconds, random.Random(seed))
    finally:
        shutil.rmtree(d, ignore_errors=True)


if __name__ == "__main__":
    main()
