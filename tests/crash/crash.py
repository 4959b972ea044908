"""Kill the server at random moments while programs write to it, start it
again, and check that it kept its word:

- every change it acknowledged is there, at that revision or a later one;
- a request sent again with the same key gives the same record, no second one;
- nothing is half done: a record's revision is the number of its events, they
  count 1, 2, 3, and its searchable row, counters and log agree (anlan verify,
  where the program has it).

usage: crash.py ANLAN [ROUNDS] [SEED]
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TENANT = "whitefun"
WRITERS = ("teacher", "manager", "principal", "deputy", "middle", "middlehead",
           "boarding", "boardhead")


def fail(text):
    raise SystemExit("crash: " + text)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, anlan, data, env=None):
        self.anlan, self.data, self.port = anlan, data, free_port()
        self.env = env
        self.process, self.start_ms = None, []

    def start(self):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.anlan, "serve", "--data", self.data, "--port",
             str(self.port)], stdout=subprocess.DEVNULL, env=self.env,
            stderr=open(os.path.join(self.data, "serve.log"), "ab"))
        while True:
            try:
                c = http.client.HTTPConnection("127.0.0.1", self.port, 5)
                c.request("GET", "/healthz")
                if c.getresponse().status == 200:
                    break
            except OSError:
                pass
            if self.process.poll() is not None:
                fail("the server does not start again: " + open(
                    os.path.join(self.data, "serve.log")).read()[-2000:])
            if time.monotonic() - began > 20:
                fail("the server does not answer within 20 s")
            time.sleep(0.002)
        self.start_ms.append((time.monotonic() - began) * 1000)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(20) != 0:
            fail("a quiet stop ended with %d" % self.process.returncode)


class Client:
    """One person's program; keeps its connection."""

    def __init__(self, server, token):
        self.server, self.token, self.conn = server, token, None

    def call(self, method, path, body=None, key=None):
        if self.conn is None:
            self.conn = http.client.HTTPConnection("127.0.0.1",
                                                   self.server.port, 30)
        headers = {"Authorization": "Bearer " + self.token}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        if key:
            headers["Idempotency-Key"] = key
        try:
            self.conn.request(method, path, body, headers)
            answer = self.conn.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.conn.close()
            self.conn = None
            raise
        try:
            return answer.status, json.loads(text)
        except ValueError:
            fail("%s %s: no JSON: %r" % (method, path, text[:200]))


class Word:
    """What the server has said so far."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rev = {}       # id -> newest revision acknowledged
        self.keys = {}      # key -> (login, body, id or None when unknown)
        self.writes = 0
        self.broken = None  # what a writer found wrong

    def heard(self, record):
        with self.lock:
            i, rev = record["id"], int(record["rev"])
            self.rev[i] = max(self.rev.get(i, 0), rev)
            self.writes += 1


def record_of(answer):
    return answer["record"]


STEPS = (
    ("control", lambda n: {"control": "fenced off, %d" % n}),
    ("edit", lambda n: {"place_text": "corridor %d" % n}),
    ("grade", lambda n: {"grade": "general"}),
    ("assign", lambda n: {"measures": "replace it", "responsible_unit":
                          "logistics", "deadline": "2030-01-01"}),
    ("submit", lambda n: {"situation": "replaced"}),
    ("accept", lambda n: {}),
)


def writer(server, word, login, token, org, seed, tag, stop):
    rng = random.Random(seed)
    client = Client(server, token)
    mine = []
    n = 0
    while not stop.is_set():
        n += 1
        try:
            if not mine or rng.random() < 0.4:
                key = "%s-%d" % (tag, n)
                body = {"org": org, "description": "湿滑 wet floor " + key,
                        "place_text": "canteen"}
                word.keys[key] = (login, body, None)
                status, answer = client.call(
                    "POST", "/api/v1/%s/hazard" % TENANT, body, key)
                if status == 201:
                    record = record_of(answer)
                    word.keys[key] = (login, body, record["id"])
                    word.heard(record)
                    mine.append(record)
                elif status < 500:
                    word.broken = "a new hazard was refused: %d %s" % (
                        status, answer)
                    return
            else:
                at = rng.randrange(len(mine))
                verb, fields = rng.choice(STEPS)
                body = dict(fields(n), rev=int(mine[at]["rev"]))
                status, answer = client.call(
                    "POST", "/api/v1/%s/hazard/%s/%s"
                    % (TENANT, mine[at]["id"], verb), body,
                    "%s-%d" % (tag, n))
                if status == 200:
                    mine[at] = record_of(answer)
                    word.heard(mine[at])
            if status >= 500:
                time.sleep(0.02)  # the database is away: as people do, again
        except (OSError, http.client.HTTPException):
            return  # the server is gone; what was under way is unknown


def same(what, got, wanted):
    if got != wanted:
        fail("%s: %s, wanted %s" % (what, got, wanted))


def check_records(client, ids, word):
    for i in ids:
        path = "/api/v1/%s/hazard/%s" % (TENANT, i)
        status, answer = client.call("GET", path)
        if status != 200:
            fail("record %s was acknowledged and is gone (%d)" % (i, status))
        rev = int(record_of(answer)["rev"])
        if rev < word.rev.get(i, 0):
            fail("record %s: revision %d was acknowledged, %d is there"
                 % (i, word.rev[i], rev))
        events = client.call("GET", path + "/history")[1]["events"]
        same("revisions of the events of %s" % i,
             sorted(int(e["rev"]) for e in events), list(range(1, rev + 1)))


def check_keys(clients, keys, word):
    """Send again: known answers repeat, unknown ones become known."""
    for key, (login, body, known) in keys:
        for _ in range(2):
            status, answer = clients[login].call(
                "POST", "/api/v1/%s/hazard" % TENANT, body, key)
            same("a request sent again with its key", status, 201)
            got = record_of(answer)["id"]
            if known is not None:
                same("the record of a key", got, known)
            known = got
        word.keys[key] = (login, body, known)
        word.rev.setdefault(known, 1)


def check_count(client, word):
    """No record that nobody asked for: each description's key is ours."""
    seen, path = {}, "/api/v1/%s/hazard?limit=200" % TENANT
    while path:
        answer = client.call("GET", path)[1]
        for item in answer["items"]:
            if "wet floor " in item.get("description", ""):
                key = item["description"].split("wet floor ")[1]
                if key in seen:
                    fail("two records of the key " + key)
                seen[key] = item["id"]
        path = answer["next"]
    for key, (_, _, known) in word.keys.items():
        if known is not None and seen.get(key) != known:
            fail("the list lacks the record of " + key)


def verify(anlan, data):
    if subprocess.run([anlan, "verify", "--help"],
                      capture_output=True).returncode != 0:
        return False
    done = subprocess.run([anlan, "verify", "--data", data],
                          capture_output=True, text=True)
    if done.returncode != 0:
        fail("anlan verify:\n" + done.stdout[-3000:] + done.stderr[-3000:])
    return True


def one_round(server, word, tokens, orgs, rng, number):
    stop, threads = threading.Event(), []
    before = set(word.keys)
    for login in WRITERS:
        t = threading.Thread(target=writer, args=(
            server, word, login, tokens[login], orgs[login],
            rng.randrange(1 << 30), "%d-%s" % (number, login), stop))
        t.start()
        threads.append(t)
    time.sleep(rng.uniform(0.02, 0.6))
    server.kill()
    stop.set()
    for t in threads:
        t.join()
    if word.broken:
        fail(word.broken)
    server.start()
    clients = {login: Client(server, tokens[login]) for login in tokens}
    fresh = [k for k in word.keys if k not in before]
    check_keys(clients, [(k, word.keys[k]) for k in fresh
                         if word.keys[k][2] is None]
               + [(k, word.keys[k]) for k in
                  rng.sample(sorted(fresh), min(20, len(fresh)))], word)
    ids = [word.keys[k][2] for k in fresh]
    old = sorted(set(word.rev) - set(ids))
    check_records(clients["office"],
                  rng.sample(ids, min(150, len(ids)))
                  + rng.sample(old, min(20, len(old))), word)


def token(anlan, data, login):
    return subprocess.run(
        [anlan, "token", "add", login, "crash", "--scopes", "read write",
         "--data", data], check=True, capture_output=True,
        text=True).stdout.strip()


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    anlan = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    rng = random.Random(seed)
    data = tempfile.mkdtemp(prefix="anlan-crash-")
    print("crash: seed %d" % seed, flush=True)
    try:
        subprocess.run([anlan, "init", "--example", "--data", data],
                       check=True, capture_output=True)
        tokens = {w: token(anlan, data, w) for w in WRITERS + ("office",)}
        server, word, began = Server(anlan, data), Word(), time.monotonic()
        server.start()
        orgs = {}
        for login in WRITERS:
            me = Client(server, tokens[login]).call("GET", "/api/v1/me")[1]
            orgs[login] = me["posts"][0]["org"]
        try:
            for number in range(rounds):
                one_round(server, word, tokens, orgs, rng, number)
            check_count(Client(server, tokens["office"]), word)
            check_records(Client(server, tokens["office"]), list(word.rev),
                          word)
            server.stop()
        finally:
            if server.process.poll() is None:
                server.kill()
        verified = verify(anlan, data)
        starts = sorted(server.start_ms)
        print("crash: %d rounds, %d acknowledged writes, all there; restart "
              "%.0f ms median, %.0f ms at most; %s; %.0f s" % (
                  rounds, word.writes, starts[len(starts) // 2], starts[-1],
                  "verified" if verified else "no verb verify",
                  time.monotonic() - began))
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
