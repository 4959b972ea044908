#!/usr/bin/env python3
"""A file of very many rows is made beside: nobody's page waits, its owner sees how far it is, stops it, fetches it."""
import csv
import io
import os
import re
import sys
import tempfile
import time

import test_api as t
from test_api import Anlan, check
from test_pictures import Browser

ROWS = 5600


def filled(s, tenant):
    """An old ledger of thousands of rows, brought over."""
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(["序号", "隐患内容", "部位", "发现时间", "整改情况"])
    for i in range(ROWS):
        w.writerow([i + 1, f"第{i + 1}盏应急灯不亮", f"教学楼{i % 40}层", "2026-03-01", "未整改"])
    b = Browser(s, "office")
    a = b.upload(f"/t/{tenant}/hazard/import", "old.csv", out.getvalue().encode())
    check(a.status == 303, "the ledger is taken", a)
    at = a.headers["Location"]
    form = b.get(at).body.decode()
    fields = {"csrf": re.search(r'name="csrf" value="([^"]+)"', form)[1], "what": "all"}
    if m := re.search(r'name="head" value="([^"]+)"', form):
        fields["head"] = m[1]
    a = b.send(at, fields.items())
    until = time.monotonic() + 150
    while "data-reload" in b.get(at).body.decode() and time.monotonic() < until:
        time.sleep(0.1)
    n = len(list(csv.reader(io.StringIO(s.ask("GET", f"/t/{tenant}/hazard.csv", "office").body.decode("utf-8-sig")))))
    check(n > ROWS, "and brought over", (n, a.status))
    a = s.ask("GET", f"/api/v1/{tenant}/hazard?limit=200", "office")
    two = s.ask("GET", a.json["next"], "office")
    check(len(a.json["items"]) == len(two.json["items"]) == 200, "a program's next page is as long as it asked for", a.json["next"])
    return b


def page_of(b, at):
    a = b.get(at)
    return a, re.search(r'role="status">([^<]*)', a.body.decode())[1] if a.status == 200 else ""


def until_ready(b, at):
    for _ in range(100000):
        a, said = page_of(b, at)
        if a.headers["Refresh"] is None:
            return a, said
    return a, said


def stop(b, at):
    page = b.get(at).body.decode()
    return b.send(at + "/stop", [("csrf", re.search(r'name="csrf" value="([^"]+)"', page)[1])])


def made_beside(s, tenant, b):
    a = b.get(f"/t/{tenant}/hazard.pdf")
    at = a.headers["Location"] or ""
    if not check(a.status == 303 and re.fullmatch(rf"/t/{tenant}/export/[0-9a-f]{{32}}", at), "a large list is made beside", a):
        return
    check(b.get(f"/t/{tenant}/hazard.xlsx").headers["Location"] == at, "one at a time for each person")
    a, said = page_of(b, at)
    check(a.status == 200, "its page tells how far it is", said)
    for who in "manager", "admin", "principal":
        other = Browser(s, who)
        for more in "", "/file":
            check(other.get(at + more).status == 404, f"not to {who}{more}")
    check(s.ask("GET", at, "office").status in (200, 404), "a token of the same person is no stranger")
    check(s.ask("GET", f"/t/{tenant}/brief.pdf", "office").status == 200, "another paper does not wait for it")
    a, said = until_ready(b, at)
    check("5" in said and a.headers["Refresh"] is None and at + "/file" in a.body.decode(), "it is ready", said)
    f = b.get(at + "/file")
    check(f.status == 200 and f.headers["Content-Type"] == "application/pdf" and f.body[:5] == b"%PDF-" and b"%%EOF" in f.body[-16:], "and fetched", f)
    check(b.get(at + "/file").status == 200, "also twice: a telephone asks again")
    a = b.get(f"/t/{tenant}/hazard.csv")
    second = a.headers["Location"]
    check(second != at and b.get(at).status == 404, "the next one takes its place", a)
    until_ready(b, second)
    rows = list(csv.reader(io.StringIO(b.get(second + "/file").body.decode("utf-8-sig"))))
    said = page_of(b, second)[1]
    check(len(rows) > ROWS and re.search(r"\d+", said) and len(rows) - 1 == int(re.search(r"\d+", said)[0]), "every row, and how many are said",
          (len(rows), said))


def stopped(s, tenant, b):
    at = b.get(f"/t/{tenant}/hazard.pdf").headers["Location"]
    a = stop(b, at)
    check(a.status == 303, "it is stopped", a)
    a, said = until_ready(b, at)
    check(at + "/file" not in a.body.decode() and b.get(at + "/file").status == 404, "and there is no file", said)
    check(b.send(at + "/stop", [("csrf", "0" * 64)]).status == 403, "not without the form's key")
    a = b.get(f"/t/{tenant}/hazard.xlsx")
    check(a.status == 303 and a.headers["Location"] != at, "the next one may begin", a)
    until_ready(b, a.headers["Location"])


def other_posts(s, tenant, b):
    """What was made by a post is gone with the post."""
    api = f"/api/v1/{tenant}"
    me = s.ask("GET", "/api/v1/me", "office").json
    a = s.ask("POST", api + "/post", "admin", {"person": me["person"]["id"] if isinstance(me["person"], dict) else me["person"], "role": "staff",
                                               "org": me["posts"][0]["org"]})
    check(a.status == 201, "one more post", a)
    at = b.get(f"/t/{tenant}/hazard.csv").headers["Location"]
    until_ready(b, at)
    check(b.get(at + "/file").status == 200, "the file is fetched by the posts that it was made by")
    rec = a.json["record"]
    a = s.ask("POST", f"{api}/post/{rec['id']}/edit", "admin", {"rev": rec["rev"], "to_on": "2026-01-31"})
    check(a.status == 200, "the post ends", a)
    check(b.get(at).status == 404 and b.get(at + "/file").status == 404, "and nothing that was made by it is given out")
    at = b.get(f"/t/{tenant}/hazard.csv").headers["Location"]
    until_ready(b, at)
    check(b.get(at + "/file").status == 200, "by the posts that are left it is made anew")


def small(s, tenant, b):
    a = b.get(f"/t/{tenant}/hazard.csv?q=dragon")
    check(a.status == 200 and a.headers["Content-Type"].startswith("text/csv"), "a short list comes at once", a)
    a = s.ask("GET", f"/t/{tenant}/hazard.csv", "office")
    check(a.status == 200 and a.body.count(b"\n") > ROWS, "a program waits for its file", a)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            tenant = s.ask("GET", "/api/v1/me", "office").json["tenant"]
            b = filled(s, tenant)
            made_beside(s, tenant, b)
            stopped(s, tenant, b)
            other_posts(s, tenant, b)
            small(s, tenant, b)
            b.get(f"/t/{tenant}/hazard.pdf")  # under way when the server ends
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", [x for x in s.log if "ERROR" in x.upper()])
        finally:
            s.server.terminate()
            s.server.wait(20)
        check(not [x for x in os.listdir(s.data + "/tmp") if x.startswith("made-")], "nothing is left", os.listdir(s.data + "/tmp"))
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
