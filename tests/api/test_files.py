#!/usr/bin/env python3
"""Files that an office works with: tables that reckon, every record, names that say what they are, nothing cut unseen."""
import csv
import datetime
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import test_api as t
from test_api import NOTICE, Anlan, all_of, check, make, pdf_text, take
from test_pictures import Browser

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FUNDS = 1234567.8


class Sheet:
    """The only sheet of a workbook: cells as (value, number format), by heading."""

    def __init__(self, body):
        self.zip = zipfile.ZipFile(io.BytesIO(body))
        self.xml = self.part("xl/worksheets/sheet1.xml")
        styles = self.part("xl/styles.xml")
        codes = {"0": "General", "1": "0", "4": "#,##0.00"} | {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
        self.formats = [codes[x.get("numFmtId")] for x in styles.find(MAIN + "cellXfs")]
        self.rows = {int(r.get("r")): {re.match("[A-Z]+", c.get("r"))[0]: self.cell(c) for c in r} for r in self.xml.iter(MAIN + "row")}
        self.table = self.xml.find(MAIN + "autoFilter")
        if self.table is None:
            self.first, self.last = 2, max(self.rows) - 1
        else:
            self.first, self.last = map(int, re.fullmatch(r"A(\d+):[A-Z]+(\d+)", self.table.get("ref")).groups())
        self.column = {v[0]: k for k, v in self.rows[self.first].items()}

    def part(self, name):
        return ElementTree.fromstring(self.zip.read(name))

    def cell(self, c):
        v = c.find(MAIN + "v")
        number = c.get("t", "n") == "n" and v is not None
        return float(v.text) if number else "".join(c.itertext()), self.formats[int(c.get("s", 0))]

    def values(self, heading):
        return [self.rows[r].get(self.column[heading], ("", "")) for r in range(self.first + 1, self.last + 1)]


def get(s, path, who="office", lang="en"):
    a = s.ask("GET", path, who, headers={"Accept-Language": lang})
    check(a.status == 200, path, a)
    return a


def table(s, path, lang="en"):
    return list(csv.DictReader(io.StringIO(get(s, path, lang=lang).body.decode("utf-8-sig"))))


def day(number):
    return (datetime.date(1899, 12, 30) + datetime.timedelta(int(number))).isoformat()


def minute(number):
    at = datetime.datetime(1899, 12, 30) + datetime.timedelta(minutes=round(number * 1440))
    return at.strftime("%Y-%m-%dT%H:%M+08:00")


def reckons(s, api, tenant):
    """Amounts add up, days are days, times say whose they are; CSV and XLSX hold the same."""
    make(s, api, "manager", "hazard", {"description": "dear roof", "place_text": "p", "found_on": "2026-01-31"},
         ("manager", "assign", {"measures": "m", "deadline": "2099-01-01", "responsible_unit": "U", "funds_need": "needed", "funds": "1234567.80"}))
    x = Sheet(get(s, f"/t/{tenant}/hazard.xlsx").body)
    rows = table(s, f"/t/{tenant}/hazard.csv")
    check(len(rows) == x.last - x.first == len(all_of(s, "office", api + "/hazard?limit=200")), "every record, in both", (len(rows), x.first, x.last))
    for head, form, said in (("Amount", "#,##0.00", lambda v: f"{v:.2f}"), ("Found on", "yyyy-mm-dd", day), ("Deadline", "yyyy-mm-dd", day),
                             ("Due", "yyyy-mm-dd", day), ("Accepted", "yyyy-mm-dd hh:mm", minute)):
        got = x.values(head)
        full = [v for v in got if v[0] != ""]
        check(full and all(isinstance(v, float) and f == form for v, f in full), f"{head} can be reckoned with", full[:3])
        check([said(v) if isinstance(v, float) else v for v, _ in got] == [r[head] for r in rows], f"{head} is the same in CSV",
              [(v, r[head]) for (v, _), r in zip(got, rows) if v != ""][:3])
    check(FUNDS in [v for v, _ in x.values("Amount")] and sum(v or 0 for v, _ in x.values("Amount")) >= FUNDS, "SUM adds them up")
    check(not any(re.search("[¥￥]", v) for r in rows for v in r.values()) and "1234567.80" in [r["Amount"] for r in rows], "no sign, no marks")
    check(all(isinstance(v, str) and v for v, _ in x.values("Record number")), "numbers of records stay text", x.values("Record number")[:2])
    people = Sheet(get(s, f"/t/{tenant}/person.xlsx").body)
    check(all(isinstance(v, str) for v, _ in people.values("Telephone")) if "Telephone" in people.column else people.column, "telephones stay text")
    pupils = [v for v in Sheet(get(s, f"/t/{tenant}/org.xlsx").body).values("Pupils") if v[0] != ""]
    check(pupils and all(isinstance(v, float) and f == "0" for v, f in pupils), "counts are numbers", pupils[:2])


def statements(s, api, tenant):
    """A figure that is none is 0, in the workbook and in CSV."""
    make(s, api, "principal", "statistic", {"year": 2025, "quarter": "q3"}, ("principal", "sign", {}))
    x = Sheet(get(s, f"/t/{tenant}/statistic.xlsx").body)
    figures = [h for h in x.column if h.endswith((", general", ", major"))]
    cells = [v for h in figures for v in x.values(h)]
    check(len(figures) >= 30 and cells and all(isinstance(v, float) for v, _ in cells) and any(v == 0 for v, _ in cells), "figures are numbers", cells[:5])
    rows = table(s, f"/t/{tenant}/statistic.csv")
    check(rows and all(re.fullmatch(r"\d+(\.\d\d)?", r[h]) for r in rows for h in figures) and any(r[h] == "0" for r in rows for h in figures),
          "and in CSV", [r[h] for r in rows for h in figures][:9])
    check(any(v for v, _ in x.values("Signed")) and all(isinstance(v, float) for v, _ in x.values("Signed") if v != ""), "signed at a time", x.values("Signed"))


def laid_out(s, tenant):
    """Filters, headings on each sheet of paper, and what the list was narrowed by; nothing stands in the table that is no record."""
    for lang, name, narrowed, cell in (("en", "Hazards", "Category: School buildings", "Asia/Shanghai (UTC+08:00)"), ("zh", "隐患", "类别：", "Asia/Shanghai (UTC+08:00)")):
        x = Sheet(get(s, f"/t/{tenant}/hazard.xlsx?category=building&state=open", lang=lang).body)
        book = x.part("xl/workbook.xml")
        sheet = book.find(f".//{MAIN}sheet").get("name")
        check(name in sheet, "the sheet is called as the list", sheet)
        names = {d.get("name"): d.text for d in book.iter(MAIN + "definedName")}
        check(names.get("_xlnm.Print_Titles", "").endswith(f"!${x.first}:${x.first}"), "headings on each page", names)
        check(x.table is not None, "it can be filtered")
        core = x.zip.read("docProps/core.xml").decode()
        check(re.search("<dc:title>[^<]*" + name, core) and re.search("<dc:creator>[^<]+<", core), "title and author", core)
        above = " ".join(v for r in x.rows if r < x.first for v, _ in x.rows[r].values())
        check(narrowed.lower() in above.lower() and cell in above, "what it was narrowed by, and the zone", above)
        below = [r for r in x.rows if r > x.last]
        check(len(below) == 1 and below[0] > x.last + 1, "a free row between the table and what is below", (x.last, below))
    x = Sheet(get(s, f"/t/{tenant}/hazard.xlsx?q=nothingofthekind").body)
    check(x.first == x.last and "nothingofthekind" in x.rows[1]["A"][0], "an empty list is a heading", x.rows)


def in_order(s, api, tenant):
    """By due time: what has none stands behind, the newest first; page by page, in each file, and nothing twice."""
    for ledger in "inspection", "hazard", "statistic", "schedule":
        every = {r["id"] for r in all_of(s, "office", f"{api}/{ledger}?limit=200")}
        for limit in 7, 200:
            got = all_of(s, "office", f"{api}/{ledger}?limit={limit}&sort=due")
            due = [r["due_at"] or "" for r in got]
            n = sum(map(bool, due))
            check([r["id"] for r in got[n:]] == sorted((r["id"] for r in got[n:]), key=int, reverse=True) and due[:n] == sorted(due[:n])
                  and not any(due[n:]), f"{ledger} in order, {limit} at once", due)
            check(len(got) == len(every) and {r["id"] for r in got} == every, f"every {ledger} once, {limit} at once", (len(got), len(every)))
        rows = table(s, f"/t/{tenant}/{ledger}.csv?sort=due")
        x = Sheet(get(s, f"/t/{tenant}/{ledger}.xlsx?sort=due").body)
        check(len(rows) == len(every) == x.last - x.first, f"every {ledger} in the files", (len(rows), len(every)))
        days = [r["Due"] for r in rows]
        n = sum(map(bool, days))
        check(days[:n] == sorted(days[:n]) and not any(days[n:]), f"{ledger} as CSV in order", days)
        check("due first" in x.rows[1]["A"][0], "the order is said", x.rows[1])
    late = all_of(s, "office", f"{api}/hazard?sort=due&overdue=1")
    check(late and all(r["due_at"] for r in late), "what is overdue has a due time", late[:1])
    one = all_of(s, "office", f"{api}/hazard?sort=due&limit=3&org={s.org}&state=open,closed")
    check(len(one) == len({r["id"] for r in one}) == len(all_of(s, "office", f"{api}/hazard?org={s.org}&state=open,closed")), "of one school, too", len(one))


def long_texts(s, api, tenant):
    """What has no room says so: on paper, in the history, before and after an import."""
    text = "前" * 1500 + "旧" + "后" * 400
    at = f"{api}/hazard/" + make(s, api, "manager", "hazard", {"description": text, "place_text": "p"})
    words = pdf_text(get(s, f"/t/{tenant}/hazard.pdf").body).decode()
    bare = re.sub(r"\s", "", words)
    check("前…" in bare and 300 < bare.count("前") < 600 and "后" not in bare.split("前…")[0], "a text on paper ends with a mark, on its page",
          bare.count("前"))
    check(re.search(r"cut for want of room[^:]*: 1\b", re.sub(r"\s+", " ", words)), "and the page says so", words[-300:])
    check(text in get(s, f"/t/{tenant}/hazard.csv").body.decode(), "CSV has it whole")
    a = take(s, api, "manager", at.removeprefix(api + "/"), "edit", description=text.replace("旧", "新"))
    check(a.status == 200, "the text changes far behind", a)
    page = get(s, f"/t/{tenant}/hazard/" + at.rsplit("/", 1)[1], "manager").body.decode()
    check("…" + "前" * 60 + "旧后" in page and "…" + "前" * 60 + "新后" in page and "后…" in page, "the history shows where")
    out, long, unit = io.StringIO(), "长" * 734, "某" * 79 + "人员"
    csv.writer(out).writerows([["序号", "隐患内容", "部位", "整改措施", "责任人", "整改情况"],
                               ["1", long, "楼" * 201, "措" * 1000, unit, "未整改"]])
    b = Browser(s, "office")
    a = b.upload(f"/t/{tenant}/hazard/import", "old.csv", out.getvalue().encode())
    form = b.get(a.headers["Location"]).body.decode()
    check("长" * 299 + "…" in form and "长" * 300 not in form and "措" * 199 + "…" in form, "the preview marks what it leaves out")
    fields = {"csrf": re.search(r'name="csrf" value="([^"]+)"', form)[1], "what": "all"}
    if m := re.search(r'name="head" value="([^"]+)"', form):
        fields["head"] = m[1]
    b.send(a.headers["Location"], fields.items())
    until = time.monotonic() + 60
    while "data-reload" in b.get(a.headers["Location"]).body.decode() and time.monotonic() < until:
        pass
    got = [s.ask("GET", f"{api}/hazard/{r['id']}", "office").json["record"] for r in all_of(s, "office", api + "/hazard?limit=5&q=" + quote("长" * 9))]
    check(len(got) == 1 and got[0]["description"] == long and got[0]["measures"] == "措" * 1000, "what a field has room for comes in whole",
          [len(str(r.get(k))) for r in got for k in ("description", "measures")])
    check(got and got[0]["responsible_unit"] == unit[:79] + "…" and got[0]["place_text"] == "楼" * 199 + "…", "the rest is marked",
          got and (got[0].get("responsible_unit"), got[0].get("place_text")))


def named(s, api, tenant):
    """A file's name says what it is, of which record and day, in the reader's language; and what older programs read."""
    here = datetime.timezone(datetime.timedelta(hours=8))
    today = datetime.datetime.now(here).date().isoformat()
    notice = make(s, api, "manager", "notice", NOTICE)
    no = s.ask("GET", f"{api}/notice/{notice}", "office").json["record"]["no"]
    place = all_of(s, "office", api + "/place?limit=5")[0]["id"]
    for path, en, zh in (("hazard.xlsx?state=open", "Hazards-DAY.xlsx", "隐患台账-DAY.xlsx"), ("hazard.csv", "Hazards-DAY.csv", "隐患台账-DAY.csv"),
                         ("hazard.pdf", "Hazards-DAY.pdf", "隐患台账-DAY.pdf"), (f"notice/{notice}/paper", f"Rectification-notice-{no}-DAY.pdf", f"整改通知书-{no}-DAY.pdf"),
                         ("brief.pdf", "Safety-brief-DAY.pdf", "安全简报-DAY.pdf"), ("board.png", "Overview-DAY.png", "总览-DAY.png"), (f"notice/{notice}/picture", None, f"-{no}-DAY.png"), ("hazard.png?state=open", "Hazards-DAY.png", "隐患台账-DAY.png"),
                         (f"place/{place}/paper", None, "-DAY.pdf")):
        for lang, want in ("en", en), ("zh", zh):
            if want is None:
                continue
            said = get(s, f"/t/{tenant}/{path}", lang=lang).headers["Content-Disposition"]
            m = re.fullmatch(r"(attachment|inline); filename=\"([A-Za-z0-9._-]+)\"; filename\*=UTF-8''([A-Za-z0-9._%-]+)", said)
            name = unquote(m[3]) if m else ""
            days = {today, datetime.datetime.now(here).date().isoformat()}  # it may have ended meanwhile
            whole = want if want[0] != "-" else name[:len(name) - len(want) + len("DAY") - len(today)] + want
            check(m and name in {whole.replace("DAY", d) for d in days} and (lang == "zh" or m[2] == name), f"{path} in {lang}", said)
            check(m and re.match("[a-zA-Z]+-", m[2]) and m[2][-14:] == name[-14:], f"{path} in {lang}, in ASCII", said)


def on_paper(s, tenant):
    """A list on paper names itself, and breaks neither a day nor a number."""
    for path in "hazard", "notice", "inspection", "schedule":
        data = get(s, f"/t/{tenant}/{path}.pdf").body
        bare = pdf_text(data).decode()
        rows = table(s, f"/t/{tenant}/{path}.csv")
        days = {d for r in rows for h, d in r.items() if h in ("Due", "Deadline", "Planned on", "Issued on") and d}
        numbers = {r["Record number"] for r in rows if r["Record number"]}
        broken = [x for x in days | numbers if x not in bare]
        check(rows and (days or numbers) and not broken, f"{path}: days and numbers stand in one line", broken[:5])
    info = subprocess.run(["pdfinfo", "-"], input=get(s, f"/t/{tenant}/hazard.pdf?state=closed", lang="zh").body, capture_output=True, check=True).stdout.decode()
    check(re.search("Title:.*隐患台账 · 状态：已", info) and re.search(r"Author: +\S", info), "title, filter and author", info)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "office").json
            tenant, s.org = me["tenant"], s.ask("GET", "/api/v1/me", "teacher").json["posts"][0]["org"]
            api = f"/api/v1/{tenant}"
            reckons(s, api, tenant)
            statements(s, api, tenant)
            laid_out(s, tenant)
            in_order(s, api, tenant)
            named(s, api, tenant)
            on_paper(s, tenant)
            long_texts(s, api, tenant)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", [x for x in s.log if "ERROR" in x.upper()])
        finally:
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
