#!/usr/bin/env python3
"""Dated copies: what they share, when they go, and that what was erased does not come back with an older one."""
import datetime
import fcntl
import glob
import os
import re
import shutil
import sqlite3
import sys
import tempfile

import test_api as t
from test_api import Anlan, all_of, check, make, png

NAME = r"\d{4}-\d\d-\d\dT\d{6}Z"


def days_ago(n):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=n)).strftime("%Y-%m-%dT%H%M%SZ")


def copies(folder):
    return sorted(x for x in os.listdir(folder) if re.fullmatch(NAME, x) and not x.startswith("2019-"))


def age(folder, name, days):
    to = days_ago(days)
    os.rename(os.path.join(folder, name), os.path.join(folder, to))
    return to


def files_of(copy):
    return {os.path.basename(p): os.stat(p).st_ino for p in glob.glob(copy + "/files/*/*/*")}


def cells(data, word):
    """(table, column) of an installation in one folder that hold these letters."""
    db = sqlite3.connect(f"file:{data}/anlan.db?mode=ro", uri=True)
    found = []
    for table, column in db.execute("SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p"
                                    " WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'").fetchall():
        if db.execute(f'SELECT count(*) FROM "{table}" WHERE instr(CAST("{column}" AS BLOB), CAST(? AS BLOB)) > 0',
                      (word,)).fetchone()[0]:
            found.append((table, column))
    db.close()
    return found


class Copy(Anlan):
    """A server on a folder that is there."""

    def run(self, *args, code=0):
        return super().run(*args, code=code) if args[0] != "init" else None


def dated(s, folder):
    run = lambda *more: s.run("backup", folder, "--data", s.data, *more, code=None)
    for bad in "0", "-3", "soon", "99999999999999999999":
        check(run("--keep", bad).returncode == 2, "misuse: --keep " + bad)
    p = run("--keep", "30")
    check(p.returncode == 0 and len(copies(folder)) == 1 and copies(folder)[0] in p.stdout, "the first copy", p)
    first = age(folder, copies(folder)[0], 3)
    p = run("--keep", "30")
    check(p.returncode == 0 and len(copies(folder)) == 2, "the second", p)
    a, b = (files_of(os.path.join(folder, x)) for x in copies(folder))
    check(a and a == b, "shares the bytes of its attachments", (a, b))
    for x in copies(folder):
        check(s.run("verify", "--data", os.path.join(folder, x), code=None).returncode == 0, "each verifies by itself")
    others = ["notes", "2019-01-01", "2019-01-01T000000Z-mine", "2019-13-41T000000Z", "x2019-01-01T000000Z"]
    for x in others + ["2019-01-01T000000Z.tmp"]:
        os.mkdir(os.path.join(folder, x))
    os.rename(os.path.join(folder, copies(folder)[-1]), os.path.join(folder, days_ago(2)))
    first = age(folder, first, 31)
    p = run("--keep", "30")
    check(p.returncode == 0 and first in copies(folder), "three whole ones stay, however old they are", p)
    age(folder, copies(folder)[-1], 1)
    p = run("--keep", "30")
    check(p.returncode == 0 and first in p.stdout and len(copies(folder)) == 3, "what is over its time goes", p)
    check(all(os.path.isdir(os.path.join(folder, x)) for x in others), "and nothing else", os.listdir(folder))
    check(not glob.glob(folder + "/*.tmp"), "but for halves", os.listdir(folder))
    check(all(s.run("verify", "--data", os.path.join(folder, x), code=None).returncode == 0 for x in copies(folder)),
          "the others are whole still")
    with open(folder + "-file", "w", encoding="ascii") as f:
        f.write("x")
    p = s.run("backup", folder + "-file", "--data", s.data, "--keep", "3", code=None)
    check(p.returncode == 1 and p.stderr, "a file is no folder of copies", p)


def rotten(s, api, folder):
    """One bad byte spoils neither a copy nor those after it."""
    run = lambda: s.run("backup", folder, "--data", s.data, "--keep", "30", code=None)
    whole = lambda x: s.run("verify", "--data", os.path.join(folder, x), code=None)
    f = s.upload(api + "/files", "manager", "a.png", png(61)).json["files"][0]
    make(s, api, "manager", "hazard", {"description": "rot", "place_text": "p", "photos_before": [f["id"]]})
    sha, newest = f["sha256"], lambda: os.path.join(folder, copies(folder)[-1])
    here = glob.glob(f"{s.data}/files/*/*/{sha}")[0]
    there = lambda: glob.glob(f"{newest()}/files/*/*/{sha}")[0]

    def write(path, data):
        with open(path, "wb") as out:
            out.write(data)
    step(folder)
    check(run().returncode == 0 and not os.path.exists(newest() + "/incomplete"), "a whole copy")
    # the last copy rots, the installation is good: the next copy takes it anew
    write(there(), png(62))
    step(folder)
    p = run()
    check(p.returncode == 0 and whole(copies(folder)[-1]).returncode == 0, "a rotten copy is not shared", p)
    # the installation rots, the copy is good
    write(here, png(62))
    for _ in range(2):
        step(folder)
        p = run()
        check(p.returncode == 1 and sha in p.stdout and "keeps the good ones" in p.stdout, "a rotten file of the installation is told", p)
        check(whole(copies(folder)[-1]).returncode == 0 and not os.path.exists(newest() + "/incomplete"), "and the copy is whole")
    # both are bad: all the rest is there
    for text, spoil in ("damaged", lambda x: write(x, png(62))), ("missing", os.unlink):
        for x in [here] + glob.glob(f"{folder}/*/files/*/*/{sha}"):
            if os.path.exists(x):
                spoil(x)
        step(folder)
        p = run()
        check(p.returncode == 1 and "All is" not in p.stdout, f"{text} everywhere: exit code 1", p)
        with open(newest() + "/incomplete", encoding="utf-8") as x:
            lines = x.read().splitlines()
        check(len(lines) == 1 and sha in lines[0] and str(f["id"]) in lines[0] and text in lines[0]
              and api.split("/")[-1] in lines[0], "the copy says what it lacks", lines)
        p = whole(copies(folder)[-1])
        check(p.returncode == 1 and "1 things are wrong" in p.stdout, "and all else is there", p)
        to = newest() + ".back"
        p = s.run("restore", newest(), "--data", to, code=None)
        check(p.returncode == 1 and sha in p.stdout and os.path.exists(to + "/anlan.db"), "it can be put back", p)
        shutil.rmtree(to)
    plain = os.path.join(os.path.dirname(folder), "plain")
    p = s.run("backup", plain, "--data", s.data, code=None)
    check(p.returncode == 1 and os.path.exists(plain + "/incomplete") and os.path.exists(plain + "/anlan.db"), "a copy without a date, too", p)
    shutil.rmtree(plain)
    write(here, png(61))
    step(folder)
    p = run()
    check(p.returncode == 0 and whole(copies(folder)[-1]).returncode == 0, "healed, the next one is whole", p)


def step(folder):
    """Time goes on: the copies are an hour older."""
    if os.path.isdir(folder):
        for name in copies(folder):
            t = datetime.datetime.strptime(name, "%Y-%m-%dT%H%M%SZ") - datetime.timedelta(hours=1)
            os.rename(os.path.join(folder, name), os.path.join(folder, t.strftime("%Y-%m-%dT%H%M%SZ")))


def leftovers(s, folder):
    """A run that failed or was killed leaves nothing in the way; one that is at work is left alone."""
    key = os.path.join(s.data, "log.key")
    tmp = os.path.join(folder, days_ago(0) + ".tmp")
    shutil.copytree(os.path.join(folder, copies(folder)[-1]), tmp)
    busy = os.path.join(folder, days_ago(2) + ".tmp")
    shutil.copytree(os.path.join(folder, copies(folder)[-1]), busy)
    fd = os.open(busy, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    step(folder)
    p = s.run("backup", folder, "--data", s.data, "--keep", "30", code=None)
    check(p.returncode == 0 and not os.path.exists(tmp) and os.path.exists(busy), "what a killed run left goes at the next", p)
    os.close(fd)
    plain = os.path.join(os.path.dirname(folder), "plain")
    shutil.copytree(os.path.join(folder, copies(folder)[-1]), plain + ".tmp")
    p = s.run("backup", plain, "--data", s.data, code=None)
    check(p.returncode == 0 and not os.path.exists(plain + ".tmp"), "that of a copy without a date, too", p)
    shutil.rmtree(plain)
    os.mkdir(plain + ".tmp")
    with open(plain + ".tmp/thesis.odt", "w", encoding="ascii") as x:
        x.write("mine")
    p = s.run("backup", plain, "--data", s.data, code=None)
    check(p.returncode == 1 and os.path.exists(plain + ".tmp/thesis.odt"), "but nothing of anybody else", p)
    shutil.rmtree(plain + ".tmp")
    empty = os.path.join(os.path.dirname(folder), "no-installation")
    os.mkdir(empty)
    step(folder)
    p = s.run("backup", folder, "--data", empty, "--keep", "30", code=None)
    check(p.returncode == 1 and not [x for x in glob.glob(folder + "/*.tmp") if x != busy], "a run that fails takes its half away", (p, os.listdir(folder)))
    p = s.run("backup", plain, "--data", empty, code=None)
    check(p.returncode == 1 and not glob.glob(plain + "*"), "in a plain copy, too", p)
    check(os.path.exists(key), "the installation is untouched")


def things(s, api):
    """A hazard with a photograph and a contractor; one with a name in its words; a guard."""
    f = s.upload(api + "/files", "manager", "a.png", png(3)).json["files"][0]["id"]
    one = make(s, api, "manager", "hazard", {"description": "leak", "place_text": "p", "photos_before": [f]},
               ("manager", "assign", {"measures": "m", "deadline": "2099-01-01", "contractor": "Firm Zquagga"}))
    two = make(s, api, "manager", "hazard", {"description": "Zquokka fell", "place_text": "p"})
    guard = next(p for p in all_of(s, "office", api + "/person?limit=200") if p.get("login") == "guard")
    return one, two, guard


def erase(s, api, ledger, id_, *steps):
    for verb, more in steps:
        rev = s.ask("GET", f"{api}/{ledger}/{id_}", "office").json["record"]["rev"]
        a = s.ask("POST", f"{api}/{ledger}/{id_}/{verb}", "office", {"rev": rev, "comment": "asked for", **more})
        check(a.status == 200, f"{verb} on a {ledger}", a)


def forget(s, api, one, two, guard):
    erase(s, api, "hazard", one, ("erase", {}), ("erase_files", {}))
    erase(s, api, "hazard", two, ("erase_words", {"words": "Zquokka"}))
    erase(s, api, "person", guard["id"], ("end", {}), ("erase", {}))


def again(s, api, folder, old, one, two, guard):
    new = os.path.join(os.path.dirname(folder), "new")
    p = s.run("restore", folder, "--data", new, code=None)
    check(p.returncode == 1 and os.path.join(folder, copies(folder)[-1]) in p.stderr, "a folder of copies is not one: it names the newest", p)
    p = s.run("restore", os.path.join(folder, "none"), "--data", new, code=None)
    check(p.returncode == 1 and not os.path.exists(new + ".tmp"), "what is no copy leaves nothing in the way", p)
    p = s.run("restore", os.path.join(folder, old), "--data", new, code=None)
    check(p.returncode == 0 and cells(new, "Zquagga") and cells(new, "Zquokka"), "an older copy brings it all back", p)
    p = s.run("restore", "--erase-again", "--data", new, code=None)
    check("can only be read" in p.stdout and os.path.exists(new + "/erased"), "not while it may only be read", p)
    p = s.run("restore", "--new-origin", "elsewhere.example/anlan", "--data", new, code=None)
    check(p.returncode == 0 and "goes on under the name elsewhere.example/anlan" in p.stdout and "Erased again, as before: 2" in p.stdout, "it goes on, and they are erased again", p)
    check(not cells(new, "Zquagga"), "the firm is nowhere", cells(new, "Zquagga"))
    check(p.stdout.count("by hand") == 2 and f"person {guard['id']} erase" in p.stdout and f"hazard {two} erase_words" in p.stdout,
          "what only people can do is said", p)
    x = Copy(s.exe, new)
    try:
        rec = x.ask("GET", f"{api}/hazard/{one}", "office").json["record"]
        check(not rec.get("contractor"), "it stays erased", rec)
        check(all(x.ask("GET", f"{api}/files/{f}", "office").status in (404, 410) for f in rec["photos_before"]), "the photograph too", rec)
        check(any("erased" in line and "--erase-again" in line for line in x.log), "the start tells of what is left", x.log)
        erase(x, api, "hazard", two, ("erase_words", {"words": "Zquokka"}))
        erase(x, api, "person", guard["id"], ("end", {}))
    finally:
        x.server.terminate()
        x.server.wait(20)
    p = s.run("restore", "--erase-again", "--data", new, code=None)
    check(p.returncode == 0 and "Erased again, as before: 1" in p.stdout and not os.path.exists(new + "/erased"), "then nothing is left to do", p)
    check(not cells(new, "Zquokka"), "and nothing of it is there", cells(new, "Zquokka"))
    p = s.run("verify", "--data", new, code=None)
    check(p.returncode == 0, "and it verifies", p)
    p = s.run("rebuild", "--check", "--data", new, code=None)
    check(p.returncode == 0, "and is what its log tells", p)


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            api, s.org = "/api/v1/" + me["tenant"], me["posts"][0]["org"]
            folder = os.path.join(d, "copies")
            one, two, guard = things(s, api)
            dated(s, folder)
            rotten(s, api, folder)
            leftovers(s, folder)
            forget(s, api, one, two, guard)
            old = copies(folder)[-1]
            old = age(folder, old, 1)
            p = s.run("backup", folder, "--data", s.data, "--keep", "30", code=None)
            check(p.returncode == 0, "a copy after it", p)
            with open(folder + "/erased", encoding="utf-8") as f:
                list_ = f.read()
            check(len(list_.splitlines()) == 4 and guard["name"] not in list_, "the list beside names four, and nobody", list_)
            again(s, api, folder, old, one, two, guard)
            check(not [x for x in s.log if "error" in x], "no errors in the log", [x for x in s.log if "error" in x])
        finally:
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
