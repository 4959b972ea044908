#!/usr/bin/env python3
"""Each verb of the command line: well 0, something wrong 1, misuse 2; what it says in each case; words for a program are JSON."""
import json
import os
import pty
import re
import sys
import tempfile

import place
import test_api as t
from test_api import Anlan, check

VERBS = ("serve init import district user token migrate verify rebuild backup restore copy doctor routes settings man completion").split()


class Verbs(Anlan):
    def __init__(self, exe, data):
        self.exe, self.data, self.tokens = exe, data, {}

    def does(self, code, words, *args):
        """Runs it, asks for the exit code and for words of what it printed; gives its output."""
        p = self.run(*args, code=None)
        said = p.stdout + p.stderr
        check(p.returncode == code and words in said, f"anlan {' '.join(args)}: {code}, \"{words}\"", (p.returncode, said))
        return p.stdout

    def on(self, code, words, *args):
        return self.does(code, words, *args, "--data", self.data)


def every_verb(s):
    s.does(2, "anlan VERB --help tells more")
    s.does(0, "anlan VERB --help tells more", "--help")
    s.does(0, "anlan VERB --help tells more", "help")
    s.does(2, 'no verb "dance"', "dance")
    for v in VERBS:
        s.does(0, "usage: anlan " + v, v, "--help")
        s.does(2, "usage: anlan " + v, v, "--no-such-option")
    for v in "token verify rebuild backup user migrate".split():
        s.does(2, "a value is missing after --data", v, "--data")
    s.does(2, "too many arguments", "rebuild", "a", "b", "c")
    s.does(0, ".SH EXIT STATUS", "man")
    s.does(0, "public-url", "settings")
    s.does(0, "/healthz", "routes")


def nothing_there(s, d):
    none = os.path.join(d, "none")
    for args in (["verify"], ["rebuild"], ["token", "list", "whitefun"], ["district", "list"], ["user", "link", "office"]):
        s.does(1, none, *args, "--data", none)
    check(not os.path.exists(none), "and no folder is made for the asking")
    s.does(1, none, "backup", os.path.join(d, "copy"), "--data", none)


def on_a_terminal(exe, args, answers):
    """Exit code and screen of a run whose questions, which end with ": ", are answered one by one."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(exe, [exe, *args])
    screen = b""
    while True:
        try:
            screen += os.read(fd, 4096)
        except OSError:  # it has ended
            break
        if screen.endswith(b": ") and answers:
            os.write(fd, answers.pop(0).encode() + b"\n")
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), screen.decode()


def asked(s, d):
    """What is for ever is asked for, or its absence is told; it is never guessed."""
    new = os.path.join(d, "new")
    for given, missing in (([], "--code, --name, --origin"), (["--code", "east"], "--name, --origin"),
                           (["--code", "east", "--name-zh", "东区"], "--origin"), (["--origin", "x.example/log"], "--code, --name"),
                           (["--code", "", "--name", "", "--origin", ""], "--code, --name, --origin")):
        s.does(2, "anlan init: missing " + missing + "\n", "init", "--data", new, *given)
    s.does(2, "for ever", "init", "--data", new)
    full = ["--data", new, "--code", "east", "--name", "East", "--origin", "east.example/log"]
    s.does(2, "--public-url is an address", "init", *full, "--public-url", "east.example")
    check(not os.path.exists(new), "and nothing was made")
    code, screen = on_a_terminal(s.exe, ["init", "--data", new], ["East!", "east", "东区学区", "", "east+example", "east.example/log",
                                                                 "https://safety.east.example/", "n"])
    check(code == 2 and "nothing was made" in screen and not os.path.exists(new), "who does not agree has nothing", screen)
    check(screen.count("That will not do") == 2 and "for ever" in screen, "an answer that will not do is asked for again", screen)
    code, screen = on_a_terminal(s.exe, ["init", "--data", new, *place.options()],
                                 ["east", "东区学区", "", "east.example/log", "https://safety.east.example/", "y"])
    check(code == 0 and "https://safety.east.example/once/" in screen and "\u2588\u2588" in screen,
          "who does has a link with the right host, and a QR code", screen)
    for verb in ["user", "link", "admin"], ["user", "add", "li", "east", "auditor"], ["district", "add", "er", "--name", "Er", "--login", "er-admin"]:
        s.does(0, "https://safety.east.example/once/", *verb, "--data", new)
    s.does(0, "east  东区学区  东区学区", "district", "list", "--data", new)
    with open(os.path.join(new, "anlan.conf")) as f:
        check(f.read() == "public-url = https://safety.east.example/\n", "the settings know the address")
    for there, code, words in (("port = 0", 0, "https://a.example/once/"), ("public-url = https://b.example\n", 1, "https://b.example")):
        other = os.path.join(d, "other" + there[:4])
        os.mkdir(other)
        with open(os.path.join(other, "anlan.conf"), "w") as f:
            f.write(there)
        s.does(code, words, "init", "--data", other, "--code", "east", "--name", "East", "--origin", "east.example/log",
               "--public-url", "https://a.example", *place.options())
    s.does(0, "https://b.example/once/", "init", "--data", other, "--code", "east", "--name", "East", "--origin", "east.example/log", *place.options())


def district(s, d):
    s.does(0, "Made.", "init", "--data", s.data, "--code", "xin", "--name", "Xin\u202e District", "--name-zh", "新学区",
           "--origin", "xin.example/log", *place.options())
    s.on(1, "There is an installation here already", "init")
    said = s.on(0, "xin  新学区  Xin District", "district", "list")
    s.on(1, "There is an installation here already", "init", "--code", "xin", "--name", "Xin", "--origin", "xin.example/log")
    check("\u202e" not in said, "a mark that turns the line is not kept", said)
    s.on(2, "usage: anlan district", "district", "add", "er")
    s.on(1, "stands in addresses", "district", "add", "Zwei!", "--name", "Zwei", "--login", "zwei")
    s.on(1, "no time zone", "district", "add", "er", "--name", "Er", "--login", "er-admin", "--zone", "Mars/North")
    s.on(0, "/once/", "district", "add", "er", "--name", "Er District", "--login", "er-admin")
    s.on(1, 'There is a district "er" here already', "district", "add", "er", "--name", "Er District", "--login", "er-admin2")
    s.on(0, "er  Er District  Er District", "district", "list")
    bad = os.fsencode("--name"), b"\xff\xfe"
    p = s.run("district", "add", "san", bad[0], os.fsdecode(bad[1]), "--login", "san-admin", "--data", s.data, code=None)
    check(p.returncode == 1 and "UTF-8" in p.stderr, "bytes that are no text are refused", p)


def people(s):
    s.on(2, "usage: anlan user", "user", "dance", "admin")
    s.on(0, "/once/", "user", "link", "admin")
    s.on(1, 'Nobody signs in as "nobody-of-that-name"', "user", "link", "nobody-of-that-name")
    s.on(1, "no such role", "user", "add", "li", "xin", "king")
    s.on(1, "no such district", "user", "add", "li", "wu", "admin")
    s.on(0, "/once/", "user", "add", "li", "xin", "district_officer")


def tokens(s):
    text = s.on(0, "anlan_", "token", "add", "admin", "timetable").strip()
    check(re.fullmatch(r"anlan_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}", text), "the text of a token", text)
    s.on(0, "anlan_", "token", "add", "admin", "export", "--scopes", "read *:export hazard:files", "--days", "10")
    for days in "-1", "4000", "soon":
        s.on(2, "usage: anlan token", "token", "add", "admin", "x", "--days", days)
    s.on(2, '"*:everything" is no scope', "token", "add", "admin", "x", "--scopes", "everything please")
    s.on(2, "usage: anlan token", "token", "add", "admin")
    s.on(2, "usage: anlan token", "token", "add", "admin", "x", "--post", "mine")
    s.on(1, "An integration acts by one of your posts", "token", "add", "admin", "x", "--post", "12345")
    s.on(1, "name", "token", "add", "admin", "")
    s.on(1, 'Nobody signs in as "nobody-of-that-name"', "token", "add", "nobody-of-that-name", "x")
    said = s.on(0, "timetable", "token", "list", "xin")
    check(text not in said and "until 20" in said and "revoked" not in said, "a list shows no token", said)
    one = next(x.split()[0] for x in said.splitlines() if "timetable" in x)
    s.on(1, "no such district", "token", "list", "wu")
    s.on(2, "usage: anlan token", "token", "revoke", "xin", "the-first")
    s.on(1, "no such token", "token", "revoke", "xin", "17")
    s.on(0, "", "token", "revoke", "xin", one)
    s.on(0, "revoked", "token", "list", "xin")
    s.on(1, "no such token", "token", "revoke", "er", one)


def log(s, d):
    s.on(0, "All is as the log says", "verify")
    j = json.loads(s.on(0, "", "verify", "--json"))
    check(j["findings"] == [] and j["complete"] and j["tenants"] >= 3, "and to a program", j)
    s.on(2, "--proof needs --vkey", "verify", "--proof", "x")
    s.on(2, "usage: anlan verify", "verify", "x")
    s.on(1, "cannot be read", "verify", "--checkpoint", os.path.join(d, "no-such-file"))
    odd = os.path.join(d, "odd")
    with open(odd, "wb") as f:
        f.write(b"\0no note at all")
    s.on(1, "is no checkpoint that a log of this installation signed", "verify", "--checkpoint", odd)
    s.on(2, "usage: anlan verify", "verify", "--proof", odd, "--vkey", "k", "--checkpoint", odd)
    s.on(1, "This is no public key of a log", "verify", "--proof", odd, "--vkey", "no key")
    s.on(0, "", "rebuild", "--check")
    s.on(0, "", "rebuild")
    s.on(0, "All is as the log says", "verify")
    s.on(0, "", "migrate")


def copies(s, d):
    s.on(2, "usage: anlan backup", "backup")
    s.on(2, "usage: anlan backup", "backup", os.path.join(d, "c"), "--keep", "many")
    one = os.path.join(d, "one")
    s.on(0, "", "backup", one)
    s.on(1, "is there already", "backup", one)
    s.does(0, "All is as the log says", "verify", "--data", one)
    back = os.path.join(d, "back")
    s.does(2, "usage: anlan restore", "restore")
    s.does(2, "usage: anlan restore", "restore", "--data", back)
    s.does(1, "is not empty", "restore", one, "--data", one)
    s.does(0, "", "restore", one, "--data", back)
    s.does(1, "cannot be read", "restore", "--continue", "--checkpoint", os.path.join(d, "no-such"), "--data", back)
    s.does(0, "goes on under the name anlan.example/2", "restore", "--new-origin", "anlan.example/2", "--data", back)
    s.does(0, "", "verify", "--data", back)
    s.does(2, "usage: anlan copy", "copy")
    s.does(2, "usage: anlan copy", "copy", "--from", "sqlite:" + back, "--to", "sqlite:" + one)
    s.does(2, "usage: anlan copy", "copy", "--from", "sqlite:", "--to", "postgresql://x/y")
    s.does(1, "The database cannot be reached", "copy", "--from", "sqlite:" + back, "--to", "postgresql://127.0.0.1:1/none")
    s.does(0, "All is as the log says", "verify", "--data", back)


def doctor(s, d):
    data = os.path.join(d, "doctor")
    s.does(0, "/once/", "init", "--data", data, "--code", "san", "--name", "San District", "--name-zh", "三学区",
           "--origin", "anlan.san.example/log", *place.options())
    look = "doctor", "--data", data
    said = s.does(1, "no whole one was made", *look, "--public-url", "https://anlan.san.example")
    check("WRONG  proxy" in said and "WRONG  address" not in said, "what a new one still wants", said)
    with open(os.path.join(data, "anlan.conf"), "w") as f:
        f.write("public-url = https://anlan.san.example\ntrusted-proxy = 127.0.0.1\n")
    x = Served(s.exe, data)
    x.server.terminate()
    x.server.wait(20)
    s.does(0, "", "backup", os.path.join(d, "doctor-copy"), "--data", data)
    said = s.does(0, "0 wrong", *look)
    j = json.loads(s.does(0, '"wrong":0', *look, "--json"))
    check(len(j["looked"]) == said.count("well ") and all(x["ok"] for x in j["looked"]), "the same to a program", j)
    os.chmod(data, 0o755)
    s.does(1, "can be entered by others", *look)
    os.chmod(data, 0o700)
    s.does(1, "mend that line", *look, "--smtp-url", "ftp://x")
    s.does(2, "usage: anlan doctor", *look, "--no-such", "x")
    s.does(1, "is not there", "doctor", "--data", os.path.join(d, "nowhere"))
    if os.path.exists(os.path.join(data, "anlan.db")):
        os.chmod(os.path.join(data, "row.key"), 0o644)
        s.does(1, "WRONG  row.key", *look)
        os.rename(os.path.join(data, "anlan.db"), os.path.join(data, "away"))
        s.does(1, "WRONG  database", *look)


class Served(Anlan):
    def __init__(self, exe, data):
        self.exe, self.data, self.tokens = exe, data, {}
        self.serve()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Verbs(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        every_verb(s)
        nothing_there(s, d)
        asked(s, d)
        district(s, d)
        people(s)
        tokens(s)
        log(s, d)
        copies(s, d)
        doctor(s, d)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
