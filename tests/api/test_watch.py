#!/usr/bin/env python3
"""What operators see of a server: version, /readyz, /metrics, its log, systemd's socket, SIGHUP, how old the newest backup is."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import test_api as t
from test_api import Anlan, check
from test_pictures import Browser

KINDS = {"counter", "gauge", "histogram"}


def until(cond):
    for _ in range(400):
        if cond():
            return True
        time.sleep(.05)
    return False


def families(text):
    """The text format as Prometheus reads it: HELP, TYPE, samples, nothing twice, nothing without."""
    told, seen, name = {}, set(), None
    for line in text.splitlines():
        if m := re.fullmatch(r"# HELP (\w+) (\S.*)", line):
            name = m[1]
            check(name not in told and not re.search(r"\\(?![\\n])", m[2]), f"HELP of {name} once", line)
            told[name] = None
        elif m := re.fullmatch(r"# TYPE (\w+) (\w+)", line):
            check(m[1] == name and told.get(name, 0) is None and m[2] in KINDS, f"TYPE of {name} behind its HELP", line)
            told[name] = m[2]
        elif m := re.fullmatch(r"(\w+)(\{[^}]*\})? (-?\d+(?:\.\d+)?)", line):
            base = re.sub(r"_(bucket|sum|count)$", "", m[1]) if told.get(name) == "histogram" else m[1]
            check(base == name and (m[1], m[2]) not in seen, f"{m[1]} belongs to its family, once", line)
            check(told[name] != "counter" or name.endswith("_total"), f"a counter is a total: {name}")
            seen.add((m[1], m[2]))
        else:
            check(False, "a line of the format", line)
    check(all(told.values()), "every family has a type", told)
    return told


def value(text, name):
    return float(re.search(rf"^{name} (\S+)$", text, re.M)[1])


def measured(s):
    text = s.ask("GET", "/metrics").body.decode()
    families(text)
    version = s.run("--version").stdout.split()
    check(version[0] == "anlan" and re.fullmatch(r"\d+\.\d+\.\d+", version[1]), "--version", version)
    check(s.run("-V").stdout.split() == version and s.run("-h").stdout == s.run("--help").stdout, "and in short")
    check(f'anlan_build_info{{version="{version[1]}",engine="' in text, "the version that runs", text[:200])
    check(any(x.endswith(f" info anlan {version[1]}\n") for x in s.log), "where the log says that it starts", s.log[:3])
    check(version[1] in s.ask("GET", "/about").body.decode(), "and on its page")
    check(abs(value(text, "anlan_start_time_seconds") - time.time()) < 600, "when it started")
    # a histogram: cumulative, its last bucket is its count, which grows with each answer
    steps = [int(x) for x in re.findall(r'^anlan_request_seconds_bucket\{le="[^"]+"\} (\d+)$', text, re.M)]
    n = value(text, "anlan_request_seconds_count")
    check(steps == sorted(steps) and len(steps) > 10 and steps[-1] == n, "buckets grow up to the count", steps)
    text = s.ask("GET", "/metrics").body.decode()
    n, before = value(text, "anlan_request_seconds_count"), value(text, "anlan_requests_total")
    for _ in range(5):
        s.ask("GET", "/about")
    text = s.ask("GET", "/metrics").body.decode()
    check(value(text, "anlan_request_seconds_count") >= n + 5 and value(text, "anlan_requests_total") == before + 6, "each answer counts")
    check(value(text, "anlan_write_queue") >= 0 and value(text, "anlan_last_checkpoint_time_seconds") >= 0, "queue and checkpoint")
    check(s.ask("GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status == 404, "not to who comes through a proxy")


def ready(s):
    a = s.ask("GET", "/readyz")
    check(a.status == 200 and a.json == {"ready": True}, "ready", a)


def backups(s, d):
    b = Browser(s, "admin")
    tenant = s.ask("GET", "/api/v1/me", "admin").json["tenant"]
    check("No whole backup" in b.get(f"/t/{tenant}/setup").body.decode(), "no backup is said to the administrator")
    check("backup" not in Browser(s, "teacher").get(f"/t/{tenant}").body.decode(), "and to nobody else")
    with open(s.data + "/anlan.conf", "w") as f:
        f.write("log-level = info\n")
    said = s.run("backup", os.path.join(d, "copy"), "--data", s.data).stdout
    check("Not in the copy: log.key" in said and open(os.path.join(d, "copy", "anlan.conf")).read() == "log-level = info\n",
          "settings go with it, and what does not is said", said)
    text = s.ask("GET", "/metrics").body.decode()
    check(abs(value(text, "anlan_last_backup_time_seconds") - time.time()) < 300, "when the newest was made")
    check("Newest whole backup" in b.get(f"/t/{tenant}/setup").body.decode(), "and on the page")
    # a copy that was put back can be read and says so to everybody
    back = os.path.join(d, "back")
    s.run("restore", os.path.join(d, "copy"), "--data", back)
    x = Anlan.__new__(Anlan)
    x.exe, x.data, x.tokens = s.exe, back, {}
    x.serve()
    try:
        check("put back from a copy" in Browser(x, "teacher").get(f"/t/{tenant}").body.decode(), "a banner on each page")
        check(x.ask("GET", "/readyz").status == 503 and x.ask("GET", "/healthz").status == 200, "it is up, and takes no changes")
    finally:
        x.server.terminate()
        x.server.wait(20)


def systemd(s, d):
    """As Type=notify with a watchdog and a reload."""
    s.server.terminate()
    s.server.wait(20)
    path = os.path.join(d, "notify")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    sock.settimeout(20)
    os.environ.update(NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
    try:
        s.serve()
    finally:
        del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
    first = sock.recv(4096).decode()
    check(first.startswith("READY=1\nSTATUS=serving on http://") and str(s.port) in first, "READY when it serves", first)
    check([sock.recv(4096) for _ in range(2)] == [b"WATCHDOG=1"] * 2, "the watchdog hears of it")
    conf = s.data + "/anlan.conf"
    with open(conf, "w") as f:
        f.write("access-log = yes\nlog-format = json\nupload-mb = 10\n")
    s.server.send_signal(signal.SIGHUP)
    check(until(lambda: any("settings were read again" in x for x in s.log)), "SIGHUP reads the settings again", s.log[-3:])
    check(any("upload-mb is new in the settings" in x for x in s.log), "and names what waits for a start", s.log[-3:])
    told = []
    while b"READY=1" not in told:
        told.append(sock.recv(4096))
    check(any(x.startswith(b"RELOADING=1\nMONOTONIC_USEC=") for x in told), "systemd is told", told)
    a = s.ask("GET", "/once/0123456789abcdef")
    want = a.headers["X-Request-Id"]
    check(until(lambda: any(want in x for x in s.log)), "a line for each request", s.log[-3:])
    line = json.loads(next(x for x in s.log if want in x))
    check(re.fullmatch(rf"GET /once/{{word}} {a.status} \d+\.\d{{3}} ms \(id={want}\)", line["text"]) and line["level"] == "info"
          and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), "which page, without the secret in its address", line)
    with open(conf, "w") as f:
        f.write("log-level = loud\n")
    s.server.send_signal(signal.SIGHUP)
    check(until(lambda: any("stay as they were" in x and "log-level" in x for x in s.log)), "a file that will not do changes nothing", s.log[-2:])
    with open(conf, "w") as f:
        f.write("log-level = error\n")
    while sock.recv(4096) != b"READY=1":  # of the one before
        pass
    s.server.send_signal(signal.SIGHUP)
    while sock.recv(4096) != b"READY=1":
        pass
    n = len(s.log)
    s.ask("GET", "/about")
    check(s.log[n:] == [], "from errors on nothing else is written", s.log[n:])
    s.server.terminate()
    while (last := sock.recv(4096)) == b"WATCHDOG=1" or last.startswith(b"RE"):
        pass
    check(last == b"STOPPING=1" and s.server.wait(20) == 0, "and of its end", last)
    p = s.run("serve", "--data", s.data, "--log-format", "xml", code=2)
    check("log-format: A line of the log is text or json" in p.stderr, "another format is refused", p.stderr)
    os.unlink(conf)


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            measured(s)
            ready(s)
            backups(s, d)
            systemd(s, d)
        finally:
            if s.server.poll() is None:
                s.server.terminate()
                s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
