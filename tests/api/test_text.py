#!/usr/bin/env python3
"""Text that every writer can carry: what no door lets in, and what is stored already and must spoil no file."""
import io
import os
import re
import sqlite3
import sys
import tempfile
import urllib.parse
import zipfile
from xml.etree import ElementTree

import test_api as t
from test_api import Anlan, all_of, check, pdf_text, png, public_form, public_send, workbook
from test_pictures import Browser

# noncharacters, C0, DEL, C1, marks of direction; what is left of them; and what stays as it is
GONE = "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x9f\u200e\u200f\u202a\u202e\u2066\u2069\u061c"
STAYS = "𠮷田㙍 阿卜杜•买买提 👩\u200d👧 क्\u200dष ＡＢＣ１２ \uf900 é \ufeff\ufffd"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def dirty(text):
    return GONE + text[:4] + GONE + text[4:] + GONE


def post(s, path, fields):
    return s.ask("POST", path, raw=urllib.parse.urlencode(fields).encode(), headers=FORM)


def hazard(s, api, word):
    got = all_of(s, "office", f"{api}/hazard?q={urllib.parse.quote(word)}")
    return s.ask("GET", f"{api}/hazard/{got[0]['id']}", "office").json["record"] if got else {}


def doors(s, api, tenant):
    """Page, public door, API, receipt, file name: the words, and nothing that a writer cannot carry."""
    want = f"narwhal ⼀ {STAYS}".replace("⼀", "一")
    a = Browser(s, "teacher").post(f"/t/{tenant}/hazard", {"org": s.org, "description": dirty(f"narwhal ⼀ {STAYS}"),
                                                           "place_text": dirty("attic"), "comment": dirty("seen")})
    h = hazard(s, api, "narwhal")
    check(a.status == 303 and h.get("description") == want.strip() and h.get("place_text") == "attic", "a page's form", [a.status, h])
    a = s.ask("POST", f"{api}/hazard?org={s.org}", "teacher", {"description": dirty(f"dugong ⺟ {STAYS}"), "place_text": dirty("cellar")})
    h = hazard(s, api, "dugong")
    check(a.status == 201 and h.get("description") == f"dugong 母 {STAYS}".strip() and h.get("place_text") == "cellar", "the API", [a, h])
    a = s.ask("POST", f"{api}/org?org={s.root}", "office", {"name": {"en": dirty("Tapir School"), "zh": dirty("貘学校")}, "kind": "teaching_point", "parent": s.root})
    check(a.status == 201 and a.json["record"]["name"] == {"en": "Tapir School", "zh": "貘学校"}, "both sides of a name by the API", a)
    form = public_form(s, f"/report/{tenant}") | {"school": s.org, "place_text": dirty("gate"), "description": dirty("quagga loose")}
    a = public_send(s, tenant, form, False)
    h = hazard(s, api, "quagga")
    check(a.status == 303 and h.get("description") == "quagga loose" and h.get("place_text") == "gate", "the public's door", [a, h])
    code = a.headers["Location"].split("/receipt/")[1].split("?")[0]
    a = post(s, f"/receipt/{code}", {"what": "reply", "rev": h["rev"], "comment": dirty("it is worse now")})
    past = s.ask("GET", f"{api}/hazard/{h['id']}/history", "office").body.decode()
    check(a.status == 303 and "it is worse now" in past and not re.search("[\ufdd0\ufffe\x7f\u202e]|\\\\u00", past), "a receipt's answer", past[-600:])
    wide = "".join(chr(ord(c) + 0xfee0) if c.isalnum() or c == "-" else c for c in code)
    a = post(s, "/receipt", {"code": wide + "\u200b"})
    check(a.status == 303 and a.headers["Location"] == f"/receipt/{code}", "a code in full width is the code", a)
    name = "poly\u202egpj\ufdd0\t.html"
    a = s.upload(api + "/files", "teacher", name, b"GIF89a" + bytes(40))
    got = s.ask("GET", f"{api}/files/{a.json['files'][0]['id']}", "teacher").headers["Content-Disposition"]
    check(urllib.parse.unquote(got.split("''")[1]) == "polygpj .html.gif", "the name of a file, with the ending of what it is", got)
    for sent, want in ("a.JPEG", "a.JPEG.png"), ("b.PNG", "b.PNG"), ("c", "c.png"), ("图.png", "图.png"):
        a = s.upload(api + "/files", "teacher", sent, png(7))
        got = s.ask("GET", f"{api}/files/{a.json['files'][0]['id']}", "teacher").headers["Content-Disposition"]
        check(urllib.parse.unquote(got.split("''")[1]) == want, "the ending of " + sent, got)


def imported(s, api, tenant):
    """Cells of CSV and XLSX come in as they are kept."""
    def run(name, data, word):
        a = Browser(s, "office").upload(f"/t/{tenant}/hazard/import", name, data)
        if not check(a.status == 303, "a ledger is taken: " + name, a):
            return {}
        at = a.headers["Location"]
        a = Browser(s, "office").post(at, {"what": "all"})
        check(a.status == 303, "and run", a)
        for _ in range(5000):
            if b"/cancel" not in s.ask("GET", at, "office").body:
                return hazard(s, api, word)
        return {}
    head, row = ["序号", "隐患内容", "部位"], ["1", dirty("ocelot ⼀号楼 loose railing"), dirty("attic")]
    text = "\ufeff" + ",".join(head) + "\r\n" + ",".join(row) + "\r\n"
    h = run("old.csv", text.encode(), "ocelot")
    check(h.get("description") == "ocelot 一号楼 loose railing" and h.get("place_text") == "attic", "cells of a CSV file", h)
    legal = re.sub("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", dirty("margay ⼀号楼 loose railing"))
    cells = "".join(f'<row r="{r}">' + "".join(f'<c r="{"ABC"[c]}{r}" t="inlineStr"><is><t>{w}</t></is></c>' for c, w in enumerate(ws)) + "</row>"
                    for r, ws in ((1, head), (2, ["1", legal + "_x0008__xFFFE_", "attic_xFDD0_"])))
    h = run("old.xlsx", workbook([("隐患", "visible", cells)]), "margay")
    check(h.get("description") == "margay 一号楼 loose railing" and h.get("place_text") == "attic", "cells of a workbook, escapes as well", h)


def names(s, api):
    """A sign-in name is one, however it is written; one that looks like another is none."""
    def add(login):
        return s.ask("POST", f"{api}/person?org={s.org}", "office", {"name": "Somebody", "login": login})
    a = add("ＯＫＡＰＩ１")
    check(a.status == 201 and a.json["record"]["login"] == "okapi1", "a name in full width is kept plain", a)
    at = f"{api}/person/{a.json['record']['id']}"
    for login in "okapi1", "Okapi1", "okapi\u200b1", "OFFICE", "оffice", "offіce", "𝐨ffice", "of fice":
        a = add(login)
        check(a.status == 422 and a.json.get("field") == "login", "no such name: " + ascii(login), a)
    rev = s.ask("GET", at, "office").json["record"]["rev"]
    check(s.ask("POST", at + "/edit", "office", {"rev": rev, "login": "ОКАРІ"}).status == 422, "nor by an edit")
    for login in "office", "OFFICE", "Ｏffice", " office":
        a = post(s, "/sign-in", {"login": login, "password": "anlan-example"})
        check(a.status == 303, "who types " + ascii(login) + " is let in", a)


def spoil(s):
    """What older versions let in, straight into the rows; the numbers of the records."""
    db = sqlite3.connect(os.path.join(s.data, "anlan.db"))
    rows = db.execute("SELECT id, no FROM hazard ORDER BY id DESC LIMIT 3").fetchall()
    for (key, _), text in zip(rows, ("bad \ufdd0 one", "bad \uffff\ufffe two", "bad \x08 three _x0041_ \U0010ffff")):
        db.execute("UPDATE hazard SET description = ?, place_text = ? WHERE id = ?", (text, "at \ufdd1", key))
    db.commit()
    db.close()
    return [no for _, no in rows]


def written(s, api, tenant):
    """A list with a bad record comes out whole, and names it."""
    total = len(all_of(s, "office", api + "/hazard?limit=200"))
    bad = spoil(s)
    a = s.ask("GET", f"/t/{tenant}/hazard.xlsx", "office")
    if check(a.status == 200, "the workbook is written", a):
        z = zipfile.ZipFile(io.BytesIO(a.body))
        parts = [z.read(n).decode() for n in z.namelist() if n.endswith(".xml")]
        try:
            sheet = ElementTree.fromstring(z.read("xl/worksheets/sheet1.xml"))
            rows = [["".join(c.itertext()) for c in r] for r in sheet.iter(SHEET + "row")]
        except ElementTree.ParseError as e:
            rows = [[str(e)]]
        text = "\n".join(parts)
        check(len(rows) == total + 3, f"with its {total} rows, a title, headings and the number of rows", len(rows))
        check("bad \ufffd one" in text and "bad \ufffd\ufffd two" in text, "what cannot be carried stands as U+FFFD", rows[2:5])
        check("_x005F_x0041_" in text and "_x0041_ " not in text.replace("_x005F_x0041_", ""), "what looks like an escape is escaped")
        check(all(no in rows[-1][0] for no in bad), "and the records are named", rows[-1])
    a = s.ask("GET", f"/t/{tenant}/hazard.pdf", "office")
    if check(a.status == 200, "the list on paper is written", a):
        check(all(no.encode() in pdf_text(a.body) for no in bad), "with all its records")
    a = s.ask("GET", f"/t/{tenant}/hazard.csv", "office")
    check(a.status == 200 and "bad \ufffd one" in a.body.decode() and not re.search("[\ufdd0\ufffe\uffff\x08]", a.body.decode())
          and len(a.body.decode().splitlines()) >= total + 1, "and the list as CSV", a)
    check(all(any(no in line and "replaced" in line for line in s.log) for no in bad), "the log names them, too", s.log[-5:])
    a = s.ask("GET", f"/t/{tenant}/hazard.png", "office")
    check(a.status in (200, 404) and a.json.get("code") != "disk_full", "a picture of the list", a)


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            s.root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
            tenant, s.org = me["tenant"], me["posts"][0]["org"]
            api = "/api/v1/" + tenant
            doors(s, api, tenant)
            imported(s, api, tenant)
            names(s, api)
            if not os.environ.get("TEST_DATABASE"):
                written(s, api, tenant)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", s.log)
        finally:
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
