#!/usr/bin/env python3
"""An import that a stop of the server cuts off: it says how far it is, goes on without doubling anything, or is ended."""
import os
import re
import sqlite3
import sys
import tempfile

import test_api as t
from test_api import Anlan, check
from test_backups import Copy
from test_pictures import Browser

ROWS = 6000


def ledger(word):
    return ("\ufeff序号,隐患内容,部位\r\n" + "".join(f"{i},{word} {i} is loose,place {i}\r\n" for i in range(ROWS))).encode()


def page(s, at):
    return Browser(s, "office").get(at).body.decode()


def begin(s, word):
    a = Browser(s, "office").upload(f"/t/{s.tenant}/hazard/import", word + ".csv", ledger(word))
    check(a.status == 303, "a ledger is taken", a)
    at = a.headers["Location"]
    a = Browser(s, "office").post(at, {"what": "all"})
    check(a.status == 303, "and run", a)
    return at


def some_rows(s, at):
    """How many are in, when there are some."""
    for _ in range(5000):
        if m := re.search(r"Under way: (\d+) rows", page(s, at)):
            if int(m[1]) > 0:
                return int(m[1])
        else:
            break
    return 0


def ended(s, at):
    for _ in range(5000):
        text = page(s, at)
        if "Under way" not in text:
            return text
    return text


def count(s, word):
    db = sqlite3.connect(f"file:{s.data}/anlan.db?mode=ro", uri=True)
    n, = db.execute("SELECT count(*) FROM hazard WHERE description LIKE ?", (word + " %",)).fetchone()
    db.close()
    return n


def cut_off(s, word, how):
    at = begin(s, word)
    n = some_rows(s, at)
    check(0 < n < ROWS, "it is under way", n)
    how(s.server)
    s.server.wait(30)
    x = Copy(s.exe, s.data)
    text = page(x, at)
    m = re.search(r"Cut off when the server stopped: (\d+) rows are in", text)
    check(m and n <= int(m[1]) < ROWS, "after the next start it says how far it is", text[-1500:])
    check('value="on"' in text and "/cancel" in text and "data-reload" not in text, "and offers to go on, and to stop")
    check(m and count(x, word) == int(m[1]), "as many as it says are there", m)
    return x, at


def goes_on(s, word, how):
    x, at = cut_off(s, word, how)
    a = Browser(x, "office").post(at, {"what": "on"})
    check(a.status == 303, "it goes on", a)
    text = ended(x, at)
    check(f"Finished: {ROWS} rows brought over, 0 left out" in text, "to its end", re.findall(r'role="status"[^>]*>([^<]*)', text))
    check(count(x, word) == ROWS, "and nothing is doubled", count(x, word))
    check(Browser(x, "office").post(at, {"what": "on"}).status == 409, "once")
    a = x.ask("GET", f"/t/{x.tenant}/hazard.pdf", "office")
    check(a.status == 200 and a.body.startswith(b"%PDF") and b"%%EOF" in a.body[-20:], "a paper holds all of it", (a.status, a.body[:20]))
    check(x.ask("GET", f"/t/{x.tenant}/hazard.xlsx", "office").status == 200, "and XLSX holds it")
    return x


def only_where_a_reader_is(s):
    """A list of schools or people is not read as a list of hazards."""
    b = Browser(s, "office")
    for l in "org person post place calendar rule notice minutes".split():
        at = f"/t/{s.tenant}/{l}/import"
        check(b.get(at).status == 404 and b.upload(at, "a.csv", ledger("caracal")).status == 404, "no reader of " + l)
    check(b.get(f"/t/{s.tenant}/hazard/import").status == 200 and count(s, "caracal") == 0, "and no hazard came of it")


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        me = s.ask("GET", "/api/v1/me", "manager").json
        Anlan.tenant, Anlan.api = me["tenant"], "/api/v1/" + me["tenant"]
        try:
            only_where_a_reader_is(s)
            s = goes_on(s, "ocelot", lambda p: p.kill())
            s = goes_on(s, "margay", lambda p: p.terminate())
            s, at = cut_off(s, "serval", lambda p: p.kill())
            n = count(s, "serval")
            check(Browser(s, "guard").post(at + "/cancel", {}).status == 404, "others cannot end it")
            check(Browser(s, "office").post(at + "/cancel", {}).status == 303, "it can be ended")
            text = page(s, at)
            check(f"Stopped: {n} rows were brought over and stay" in text and 'value="on"' not in text, "and says so", text[-900:])
            check(count(s, "serval") == n, "what is in stays")
            check(not [x for x in s.log if "error" in x], "no errors", s.log)
        finally:
            s.server.terminate()
            s.server.wait(20)
        for verb in ("verify",), ("rebuild", "--check"):
            check(s.run(*verb, "--data", s.data, code=None).returncode == 0, " ".join(verb))
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
