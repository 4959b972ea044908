"""Two servers on one PostgreSQL, and every round something is taken away while
programs write through both: the database is stopped at once and started again,
all of its connections are cut, or one of the two servers is killed. Then:

- every change that was acknowledged by either is there, whoever is asked;
- a request sent again with the same key, to the other server, gives the same
  record, no second one; nothing is half done; anlan verify finds nothing;
- one server leads at a time, and another does within 15 s of a kill.

usage: servers.py ANLAN POSTGRES.SH [ROUNDS] [SEED]
"""

import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from crash import (Client, Server, Word, WRITERS, check_count, check_keys,
                   check_records, fail, token, verify, writer)


def metric(server, name):
    c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)
    c.request("GET", "/metrics")
    found = re.search(rf"^{name} (\d+)$", c.getresponse().read().decode(), re.M)
    return int(found[1]) if found else 0


def leaders(servers):
    return [s for s in servers if metric(s, "anlan_leads") == 1]


def wait_for_leader(servers, seconds):
    began = time.monotonic()
    while True:
        now = leaders(servers)
        if len(now) == 1:
            return time.monotonic() - began
        if time.monotonic() - began > seconds:
            fail("%d servers lead after %d s" % (len(now), seconds))
        time.sleep(0.1)


class Cluster:
    def __init__(self, script):
        self.script, self.dir = script, tempfile.mkdtemp(prefix="anlan-pg-")
        os.chmod(self.dir, 0o755)
        self.url = self.run("start", self.dir).strip()

    def run(self, *args):
        return subprocess.run([self.script, *args], check=True, text=True,
                              stdout=subprocess.PIPE, timeout=90).stdout

    def sql(self, text):
        subprocess.run(["psql", "-qXd", self.url, "-c", text], check=True,
                       stdout=subprocess.DEVNULL, timeout=60)

    def crash(self):
        self.run("stop", self.dir, "immediate")
        self.run("again", self.dir)

    def cut(self):
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                 "application_name = 'anlan'")


def one_round(number, fault, servers, cluster, word, tokens, orgs, rng, took):
    stop, threads = threading.Event(), []
    before = set(word.keys)
    for i, login in enumerate(WRITERS):
        t = threading.Thread(target=writer, args=(
            servers[i % 2], word, login, tokens[login], orgs[login],
            rng.randrange(1 << 30), "%d-%s" % (number, login), stop))
        t.start()
        threads.append(t)
    time.sleep(rng.uniform(0.05, 0.5))
    if fault == "crash":
        cluster.crash()
    elif fault == "cut":
        for _ in range(3):
            cluster.cut()
            time.sleep(rng.uniform(0, 0.2))
    else:
        gone = servers[rng.randrange(2)]
        led = gone in leaders(servers)
        gone.kill()
        if led and len(took) < 2:  # it costs ten seconds each
            took.append(wait_for_leader([s for s in servers if s is not gone], 15))
    time.sleep(0.2)
    stop.set()
    for t in threads:
        t.join()
    if word.broken:
        fail(word.broken)
    if fault == "kill":
        gone.start()
    clients = [{login: Client(s, tokens[login]) for login in tokens} for s in servers]
    fresh = [k for k in word.keys if k not in before]
    rng.shuffle(fresh)
    unknown = [k for k in fresh if word.keys[k][2] is None]
    for half, c in ((0, clients[0]), (1, clients[1])):
        check_keys(c, [(k, word.keys[k]) for k in unknown[half::2] + fresh[:10]], word)
    ids = [word.keys[k][2] for k in fresh]
    for c in clients:
        check_records(c["office"], rng.sample(ids, min(60, len(ids))), word)


def sign_in(server, login, password):
    c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)
    c.request("POST", "/sign-in", "login=%s&password=%s" % (login, password),
              {"Content-Type": "application/x-www-form-urlencoded"})
    return c.getresponse().status


def failures_count_together(servers):
    """Who fails at one server has no tries left at the other."""
    for _ in range(30):
        if sign_in(servers[0], "boarding", "wrong") == 429:
            break
    else:
        fail("thirty wrong passwords, and no end")
    began = time.monotonic()
    while sign_in(servers[1], "boarding", "anlan-example") != 429:
        if time.monotonic() - began > 10:
            fail("the other server does not know of the failures")
        time.sleep(0.3)


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    anlan, script = map(os.path.abspath, sys.argv[1:3])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 6
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time())
    rng = random.Random(seed)
    data = tempfile.mkdtemp(prefix="anlan-servers-")
    cluster = Cluster(script)
    servers, took, began = [], [], time.monotonic()
    print("servers: seed %d" % seed, flush=True)
    try:
        subprocess.run([anlan, "init", "--example", "--data", data, "--database", cluster.url],
                       check=True, capture_output=True)
        tokens = {w: token(anlan, data, w) for w in WRITERS + ("office",)}
        word = Word()
        for _ in range(2):
            servers.append(Server(anlan, data))
            servers[-1].start()
        wait_for_leader(servers, 15)
        failures_count_together(servers)
        orgs = {}
        for login in WRITERS:
            me = Client(servers[0], tokens[login]).call("GET", "/api/v1/me")[1]
            orgs[login] = me["posts"][0]["org"]
        for number in range(rounds):
            fault = ("crash", "cut", "kill")[number % 3]
            one_round(number, fault, servers, cluster, word, tokens, orgs, rng, took)
        wait_for_leader(servers, 15)
        for s in servers:
            check_count(Client(s, tokens["office"]), word)
        check_records(Client(servers[0], tokens["office"]), list(word.rev), word)
        for s in servers:
            s.stop()
        verified = verify(anlan, data)
        done = subprocess.run([anlan, "rebuild", "--check", "--data", data],
                              capture_output=True, text=True)
        if done.returncode != 0:
            fail("anlan rebuild --check:\n" + done.stdout + done.stderr)
        print("servers: %d rounds, %d acknowledged writes on two servers, all there once; "
              "another leads after %s s; %s; %.0f s" % (
                  rounds, word.writes, ", ".join("%.1f" % t for t in took) or "-",
                  "verified" if verified else "no verb verify", time.monotonic() - began))
    finally:
        for s in servers:
            if s.process.poll() is None:
                s.kill()
        cluster.run("remove", cluster.dir)
        if "KEEP" not in os.environ:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
