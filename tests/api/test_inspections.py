#!/usr/bin/env python3
"""Checklists, schedules, inspections and programmes from outside: what is done, and what is hostile or broken."""
import hashlib
import html
import io
import json
import os
import re
import struct
import sys
import tempfile
import threading
import zipfile

import test_api as t
from test_api import Anlan, check, png, problem
from test_pictures import Browser, hidden

LISTS = "../data/ledgers/checklists"
ITEMS = [
    {"section": {"en": "Kitchen", "zh": "厨房"}, "text": {"en": "Floor dry", "zh": "地面干燥"}, "weight": 2},
    {"text": {"en": "Fridge", "zh": "冰箱"}, "kind": "number", "low": "0", "high": "8", "unit": "°C"},
    {"text": {"en": "Labels", "zh": "标签"}, "critical": True, "clause": "第四十条"},
    {"text": {"en": "Clean", "zh": "卫生"}, "kind": "choice", "choices": {"en": "clean; dirty!", "zh": "干净; 脏!"}},
    {"text": {"en": "What was done", "zh": "如何处理"}, "kind": "text", "when": "3=fail"},
    {"text": {"en": "Signed", "zh": "签名"}, "kind": "sign"},
]
GOOD = [{"id": 1, "verdict": "pass"}, {"id": 2, "value": "4"}, {"id": 3, "verdict": "pass"},
        {"id": 4, "value": "1"}, {"id": 6, "verdict": "pass"}]
SIGNED = [{"id": 6, "name": "Teacher Li"}]


class Page(Browser):
    def get(self, path, **more):
        return super().get(path, **more).body.decode()

    def status(self, path):
        return super().get(path).status

    def raw(self, path):
        return super().get(path).body

    def post(self, path, fields, files=()):
        return self.send(path, hidden(self.get(path)) + list(fields.items()), files).body.decode()

    def upload(self, path, name, data):
        csrf = [f for f in hidden(self.get(path)) if f[0] == "csrf"]
        return self.send(path, csrf, [("file", name, data)]).body.decode()


def make(s, who, path, **body):
    a = s.ask("POST", path, who, body)
    check(a.status == 201, f"{who} makes {path}", a)
    return a.json.get("record", {})


def checklists(s, api, root):
    p = api + "/checklist"
    c = make(s, "office", p, org=root, title={"en": "Canteen", "zh": "食堂"}, topic="canteen", items=ITEMS)
    check([i["id"] for i in c["items"]] == [1, 2, 3, 4, 5, 6], "items get numbers of their own", c["items"])
    at = f"{p}/{c['id']}"
    for name, items, code in (
            ("a condition on a later item", [{"text": {"en": "a"}, "when": "2=fail"}, {"text": {"en": "b"}}], "invalid"),
            ("a condition on itself", [{"id": 1, "text": {"en": "a"}, "when": "1=fail"}], "invalid"),
            ("two of one number", [{"id": 3, "text": {"en": "a"}}, {"id": 3, "text": {"en": "b"}}], "invalid"),
            ("an item without text", [{"kind": "pass"}], "invalid"),
            ("a kind that is none", [{"text": {"en": "a"}, "kind": "dragon"}], "invalid"),
            ("301 items", [{"text": {"en": str(i)}} for i in range(301)], "invalid"),
            ("limits the wrong way round", [{"text": {"en": "a"}, "kind": "number", "low": "9", "high": "1"}], "invalid"),
            ("one choice only", [{"text": {"en": "a"}, "kind": "choice", "choices": {"en": "x"}}], "invalid"),
            ("a separator in a text", [{"text": {"en": "a\x1e9\x1f2=b"}}], "invalid"),
            ("an unknown member", [{"text": {"en": "a"}, "sql": "1"}], "invalid"),
            ("items that are no objects", ["a", 3], "invalid"),
            ("items that are no list", {"a": 1}, "invalid")):
        a = s.ask("POST", at + "/edit", "office", {"rev": 1, "items": items})
        check(a.status in (400, 422) and a.json.get("code") == code, name, a)
    a = s.ask("POST", at + "/publish", "teacher", {"rev": 1})
    check(a.status in (403, 404), "a teacher makes no checklist live", a)
    a = s.ask("POST", at + "/publish", "office", {"rev": 1})
    check(a.json.get("record", {}).get("state") == "live", "it goes live", a)
    problem(s.ask("POST", at + "/edit", "office", {"rev": 2, "items": []}), 409, "conflict", "what is live is not changed")
    a = s.ask("GET", at, "guard")
    check(a.status == 200 and len(a.json["record"]["items"]) == 6, "a school reads the district's checklist", a)
    a = s.ask("POST", at + "/renew", "office", {"rev": 2})
    new = s.ask("GET", p + "?state=draft&topic=canteen", "office").json["items"]
    check(len(new) == 1 and new[0]["version"] == 2, "a new version begins as a draft", new)
    draft = s.ask("GET", f"{p}/{new[0]['id']}", "office").json["record"]
    check([i["text"] for i in draft["items"]] == [i["text"] for i in c["items"]], "with the same items", draft)
    return c["id"], draft["id"]


def doing(s, api, root, live):
    p = api + "/inspection"
    i = make(s, "manager", p, org=s.org, checklist=live)
    at = f"{p}/{i['id']}"
    a = s.ask("POST", p, "manager", {"org": s.org, "checklist": i["id"]})
    check(a.status == 422, "an inspection is no checklist", a)
    for name, answers in (
            ("an unknown item", GOOD + [{"id": 9, "verdict": "pass"}]),
            ("nothing", []), ("half of it", GOOD[:2]),
            ("no reason", [{**GOOD[0], "verdict": "fail"}] + GOOD[1:]),
            ("words for a number", [GOOD[0], {"id": 2, "value": "warm", "comment": "x"}] + GOOD[2:]),
            ("a choice that is none", GOOD[:3] + [{"id": 4, "value": "9"}] + GOOD[4:]),
            ("a verdict that is none", [{"id": 1, "verdict": "perhaps"}] + GOOD[1:]),
            ("a hazard that is none", [{"id": 1, "verdict": "fail", "hazard": live}] + GOOD[1:]),
            ("the same item twice", GOOD + [GOOD[0]]),
            ("a file that is none", [{**GOOD[0], "files": ["123456789"]}] + GOOD[1:])):
        a = s.ask("POST", at + "/submit", "manager", {"rev": 1, "answers": answers, "signatures": SIGNED})
        check(a.status == 422 and a.json.get("title"), f"refused: {name}", a)
    a = s.ask("POST", at + "/submit", "manager", {"rev": 1, "answers": GOOD})
    check(a.status == 422 and a.json.get("field") == "signatures", "nobody signed", a)
    a = s.ask("POST", at + "/submit", "manager", {"rev": 1, "signatures": SIGNED, "answers": GOOD[:4] + [{"id": 6, "value": "Teacher Li"}]})
    check(a.status == 422, "a name among the answers", a)
    check(s.ask("GET", at, "manager").json["record"]["rev"] == 1, "and nothing of it was kept")
    a = s.upload(api + "/files", "manager", "a.png", png(7))
    file = a.json["files"][0]["id"]
    bad = [{"id": 1, "verdict": "fail", "comment": "积水", "files": [file]}, {"id": 2, "value": "12.5", "comment": "too warm"},
           {"id": 3, "verdict": "fail", "comment": "没有标签"}, GOOD[3], {"id": 5, "value": "thrown away"}, GOOD[4]]
    body = {"rev": 1, "answers": bad, "signatures": SIGNED}
    both = [None, None]

    def send(k):
        both[k] = s.ask("POST", at + "/submit", "manager", body, {"Idempotency-Key": "once"})
    two = [threading.Thread(target=send, args=(k,)) for k in (0, 1)]
    [x.start() for x in two]
    [x.join() for x in two]
    check([x.status for x in both] == [200, 200], "sent twice at once, it was sent", [str(x) for x in both])
    r = s.ask("GET", at, "manager").json["record"]
    check((r["state"], r["failed"], r["result"], r["score"]) == ("submitted", 3, "critical", "42.9"), "it adds up", r)
    found = s.ask("GET", f"{api}/hazard?inspection={i['id']}", "manager")
    h = [x for x in s.ask("GET", api + "/hazard?source=inspection&limit=50", "manager").json["items"]
         if any(w in x["description"] for w in ("积水", "too warm", "没有标签"))]
    check(len(h) == 3, "each that is not in order became one hazard", [x["description"] for x in h] + [str(found)])
    wet = next((s.ask("GET", f"{api}/hazard/{x['id']}", "manager").json["record"] for x in h if "积水" in x["description"]), {})
    check(wet.get("inspection") == i["id"] and wet.get("item") == 1 and wet.get("category") == "food", "with the way back", wet)
    check(wet.get("photos_before") and wet["photos_before"] != [file], "and a copy of its photograph", wet)
    p1 = s.ask("GET", f"{api}/files/{wet['photos_before'][0]}", "manager").body if wet.get("photos_before") else b""
    check(p1 == s.ask("GET", f"{api}/files/{file}", "manager").body and p1 == png(7), "the same bytes")
    a = s.ask("GET", at, "auditor")
    check(a.status == 200 and b"Teacher Li" not in a.body, "the auditor sees no signature", a)
    a = s.ask("POST", at + "/return", "manager", {"rev": 2, "comment": "again"})
    check(a.status in (403, 422), "nobody sends back what he sent in", a)
    a = s.ask("POST", at + "/return", "principal", {"rev": 2, "comment": "once more"})
    check(a.json.get("record", {}).get("state") == "returned", "sent back", a)
    a = s.ask("POST", at + "/submit", "manager", {"rev": 3, "answers": bad, "signatures": SIGNED})
    check(a.status == 200, "done once more", a)
    n = [x for x in s.ask("GET", api + "/hazard?source=inspection&limit=50", "manager").json["items"] if "积水" in x["description"]]
    check(len(n) == 1, "what became a hazard stays one", n)
    a = s.ask("POST", at + "/notify", "inspector", {"rev": 4})
    check(a.status == 200, "a notice from the findings", a)
    drafts = s.ask("GET", api + "/notice?state=draft", "inspector").json["items"]
    on = s.ask("GET", f"{api}/hazard/{wet['id']}", "manager").json["record"]["notice"]
    check(drafts and on == drafts[0]["id"], "with its hazards on it", (drafts, on))
    # a hazard that is open already says the same: no second one
    j = make(s, "manager", p, org=s.org, checklist=live)
    a = s.ask("POST", f"{p}/{j['id']}/submit", "manager",
              {"rev": 1, "answers": [{"id": 1, "verdict": "fail", "hazard": wet["id"]}] + GOOD[1:], "signatures": SIGNED})
    check(a.status == 200 and a.json["record"]["failed"] == 1, "the hazard that is open is named", a)
    n = s.ask("GET", api + "/hazard?source=inspection&limit=50", "manager").json["items"]
    check(not [x for x in n if x.get("inspection") == j["id"]], "and no second one made", n)
    # found again and nothing new: a notice with it all the same, and only one
    known = make(s, "manager", api + "/hazard", org=s.org, description="again the quoll", place_text="yard")
    k = make(s, "manager", p, org=s.org, checklist=live)
    a = s.ask("POST", f"{p}/{k['id']}/submit", "manager",
              {"rev": 1, "answers": [{"id": 1, "verdict": "fail", "hazard": known["id"]}] + GOOD[1:], "signatures": SIGNED})
    check(a.status == 200, "all that failed was known", a)
    a = s.ask("POST", f"{p}/{k['id']}/notify", "inspector", {"rev": 2})
    check(a.status == 200, "a notice of it", a)
    first = s.ask("GET", f"{api}/hazard/{known['id']}", "manager").json["record"]["notice"]
    drafts = s.ask("GET", api + "/notice?state=draft", "inspector").json["items"]
    check(first and first in [x["id"] for x in drafts], "with the hazard that was known", (first, drafts))
    a = s.ask("POST", f"{p}/{k['id']}/notify", "inspector", {"rev": 3})
    check(a.status == 409 and len(s.ask("GET", api + "/notice?state=draft", "inspector").json["items"]) == len(drafts), "and no second draft", a)
    page = s.ask("GET", f"/t/{api.split('/')[-1]}/inspection/{k['id']}", "inspector").body.decode()
    check(f"/notice/{first}" in page, "the inspection leads to its notice")
    a = s.ask("POST", f"{api}/notice/{first}/drop", "inspector", {"rev": 1, "comment": "not yet"})
    a = s.ask("POST", f"{p}/{k['id']}/notify", "inspector", {"rev": 3})
    check(a.status == 200, "after that one is dropped, another", a)
    a = s.ask("GET", at, "middle")
    check(a.status == 404, "another school does not see it", a)
    a = s.ask("POST", f"{p}/{j['id']}/submit", "teacher", {"rev": 2, "answers": GOOD, "signatures": SIGNED})
    check(a.status == 409, "what is done is done", a)


def forgotten(s, api, live):
    """A name in answers, in who came along and in a signature is found, and taken out with their history."""
    who = next(p for p in s.ask("GET", api + "/person?limit=200", "office").json["items"] if p.get("login") == "guard")
    find = f"{api}/person/{who['id']}/words?q=Quoll"
    signed = [{"id": 6, "name": "Quoll Ranger"}]
    i = make(s, "manager", api + "/inspection", org=s.org, checklist=live, company="Quoll Ranger")
    at = f"{api}/inspection/{i['id']}"
    said = [{"id": 1, "verdict": "fail", "comment": "Quoll Ranger dropped it", "where": "beside the door"}] + GOOD[1:]
    a = s.ask("POST", at + "/submit", "manager", {"rev": 1, "answers": said, "signatures": signed})
    check(a.status == 200, "sent in", a)
    s.ask("POST", at + "/return", "principal", {"rev": 2, "comment": "say it again"})
    said[0] = {**said[0], "comment": "Quoll fell"}
    a = s.ask("POST", at + "/submit", "manager", {"rev": 3, "answers": said, "signatures": signed})
    check(a.status == 200, "sent in once more", a)
    found = {x["id"]: x for x in s.ask("GET", find, "office").json["items"]}
    x = found.get(i["id"], {})
    check(set(x.get("fields", [])) == {"answers", "company", "signatures"} and x["rows"] and x["personal"] and x["may"],
          "found in the answers, and in what is told of people", found)
    check({v["ledger"] for v in found.values()} == {"inspection", "hazard"}, "the hazard that was made of it as well", found)
    body = {"words": "Quoll", "comment": "asked for"}
    for v in found.values():
        a = s.ask("POST", f"{api}/{v['ledger']}/{v['id']}/erase_words", "office", {**body, "rev": v["rev"] + 7})
        check(a.status == 409, "somebody else was faster", a)
        a = s.ask("POST", f"{api}/{v['ledger']}/{v['id']}/erase_words", "office", {**body, "rev": v["rev"]})
        check(a.status == 200, "taken out", a)
    check(s.ask("GET", find, "office").json["items"] == [], "it stands nowhere any more")
    r = s.ask("GET", at, "manager").json["record"]
    one = next((n for n in r["answers"] if n["id"] == 1), {})
    check(one == {"id": 1, "verdict": "fail", "where": "beside the door", "comment": "… fell"}, "the answer stays, without the words", one)
    check(len(r["answers"]) == len(said) and not r.get("signatures") and (r["state"], r["failed"]) == ("submitted", 1), "and all else", r)
    for path in (at, f"/t/{api.split('/')[3]}/inspection/{i['id']}", f"/t/{api.split('/')[3]}/inspection/{i['id']}/history"):
        for by in "manager", "office":
            check(b"Quoll" not in s.ask("GET", path, by).body, f"{by} finds nothing on {path}")


def known(s, api, root):
    """A failed item names the hazard that is open from it at that place, whichever version of the checklist found it."""
    p = api + "/inspection"
    item = {"section": {"en": "", "zh": ""}, "text": {"en": "Lamp", "zh": "灯"}}
    c = make(s, "manager", api + "/checklist", org=s.org, title={"en": "Lamps", "zh": "灯具"}, topic="daily",
             items=[item, {"text": {"en": "Door", "zh": "门"}}])
    at = f"{api}/checklist/{c['id']}"
    s.ask("POST", at + "/publish", "manager", {"rev": 1})
    places = [x["id"] for x in s.ask("GET", f"{api}/place?org={s.org}&limit=50", "manager").json["items"] if x["org"] == s.org][:2]

    def look(place, list_, *answers, **more):
        i = make(s, "manager", p, org=s.org, checklist=list_, place=place, **more)
        before = s.ask("GET", f"{p}/{i['id']}", "manager").json
        a = s.ask("POST", f"{p}/{i['id']}/submit", "manager", {"rev": 1, "answers": answers}) if answers else None
        return i["id"], before.get("known"), a

    def made(i):
        return [x["id"] for x in s.ask("GET", f"{api}/hazard?limit=200", "manager").json["items"]
                if s.ask("GET", f"{api}/hazard/{x['id']}", "manager").json["record"].get("inspection") == i]
    one, offered, a = look(places[0], c["id"], {"id": 1, "verdict": "fail", "comment": "dark"}, {"id": 2, "verdict": "pass"})
    check(a.status == 200 and not [k for k in offered if k["item"]], "nothing is open from these items yet", (a, offered))
    lamp = made(one)[0]
    other, _, a = look(places[0], c["id"], {"id": 2, "verdict": "fail", "comment": "jammed"}, {"id": 1, "verdict": "pass"})
    door = made(other)[0]
    s.ask("POST", at + "/renew", "manager", {"rev": 2})
    new = next(x for x in s.ask("GET", api + "/checklist?state=draft&limit=100", "manager").json["items"] if x["title"]["en"] == "Lamps")
    a = s.ask("POST", f"{api}/checklist/{new['id']}/publish", "manager", {"rev": 1})
    check(a.status == 200, "the next version goes live", a)
    two, offered, _ = look(places[0], new["id"])
    check({k["hazard"]: k["item"] for k in offered if k["item"]} == {lamp: 1, door: 2}, "the new version knows what the old one found", offered)
    _, offered, _ = look(places[1], new["id"])
    check(not [k for k in offered if k["item"]], "another place has nothing to do with it", offered)
    b = Page(s, "manager")
    page = b.get(f"/t/whitefun/inspection/{two}/do")
    pick = re.findall(r'name="hazard.1" value="(\w+)"( checked)?', page)
    check([v for v, _ in pick][:2] == [lamp, "new"] and door in [v for v, _ in pick][2:] and not any(on for _, on in pick),
          "the form offers it first, then a new one, and means neither; others stand apart", pick)
    unsaid = [f for f in hidden(page)] + [("what", "send"), ("verdict.1", "fail"), ("comment.1", "dark"), ("verdict.2", "pass")]
    b.send(f"/t/whitefun/inspection/{two}/do", unsaid)
    r = s.ask("GET", f"{p}/{two}", "manager").json
    check(r["record"]["state"] == "pending" and not made(two), "what is not said is not taken for granted", r["record"]["state"])
    page = b.get(f"/t/whitefun/inspection/{two}/do")
    fields = [f for f in hidden(page)] + [("what", "send"), ("verdict.1", "fail"), ("hazard.1", lamp), ("verdict.2", "pass"), ("hazard.2", door)]
    b.send(f"/t/whitefun/inspection/{two}/do", fields)
    r = s.ask("GET", f"{p}/{two}", "manager").json
    check(r["record"]["state"] == "submitted" and r["record"]["answers"][0].get("hazard") == lamp, "sent in without a script", r)
    check(not r["record"]["answers"][1].get("hazard") and "known" not in r, "what is in order names none", r)
    check(not made(two), "and no second hazard came of it", made(two))
    h = s.ask("GET", f"{api}/hazard/{lamp}", "manager").json["record"]
    a = s.ask("POST", f"{api}/hazard/{lamp}/not_hazard", "manager", {"rev": h["rev"], "comment": "it was switched off"})
    check(a.status == 200, "it is closed", a)
    three, offered, a = look(places[0], new["id"], {"id": 1, "verdict": "fail", "hazard": lamp}, {"id": 2, "verdict": "pass"})
    check(lamp not in [k["hazard"] for k in offered], "what is closed is not offered", offered)
    check(a.status == 422 and a.json.get("field") == "answers", "and cannot be named", a)
    whole, _, a = look("0", new["id"], {"id": 1, "verdict": "fail", "comment": "dark everywhere"}, {"id": 2, "verdict": "pass"}, place_text="West wing")
    lamps = made(whole)
    far, _, a = look("0", new["id"], {"id": 1, "verdict": "fail", "comment": "dark again", "where": "Attic, left"},
                     {"id": 2, "verdict": "pass"})
    attic = s.ask("GET", f"{api}/hazard/{made(far)[0]}", "manager").json["record"]
    check(attic["place_text"] == "Attic, left", "an item says where exactly", attic)
    _, offered, _ = look("0", new["id"], place_text="West wing")
    check(lamps and lamps[0] in [k["hazard"] for k in offered if k["item"] == 1], "a place in words is a place, too", (lamps, offered))
    _, offered, _ = look("0", new["id"], place_text="East wing")
    check(not [k for k in offered if k["item"] == 1], "and other words another", offered)


def last_days(s, p, base):
    """The 31st: patterns put it on the last day, rules of one's own say so or leave it out."""
    b = Page(s, "manager")
    page = lambda r: b.get(f"/t/whitefun/schedule/{r['id']}")
    skip = "RSCALE=GREGORIAN;SKIP=BACKWARD"
    a = s.ask("POST", p, "manager", {**base, "pattern": "monthly"})
    r = a.json["record"]
    check(a.status == 201 and r["rrule"] == "FREQ=MONTHLY;" + skip, "a pattern is written as a rule", a)
    check("2027-02-31" not in page(r) and "last_day" not in page(r), "and leaves nothing out")
    a = s.ask("POST", f"{p}/{r['id']}/edit", "manager", {"rev": r["rev"], "pattern": "quarter", "rrule": r["rrule"]})
    r = a.json.get("record", {})
    check(r.get("rrule") == "FREQ=MONTHLY;INTERVAL=3;" + skip, "another pattern, another rule", a)
    a = s.ask("POST", p, "manager", {**base, "pattern": "weekly", "rrule": "FREQ=DAILY"})
    check(a.status == 422 and a.json.get("field") == "rrule", "a rule that would not count is refused", a)
    a = s.ask("POST", p, "manager", {**base, "rrule": "FREQ=WEEKLY;BYDAY=1MO"})
    check(a.status == 422 and a.json.get("field") == "rrule", "half a rule is none", a)
    r = s.ask("POST", p, "manager", {**base, "rrule": "FREQ=MONTHLY"}).json["record"]
    text = page(r)
    check(all(f"2027-{m}-31" in text for m in ("02", "04", "06", "09", "11")) and "2027-03-31" not in text, "its page says what is left out", text)
    check(f"/schedule/{r['id']}?step=last_day#s-last_day" in text, "and offers the change", text)
    a = s.ask("POST", f"{p}/{r['id']}/last_day", "manager", {"rev": r["rev"]})
    r = a.json.get("record", {})
    check(r.get("rrule") == "FREQ=MONTHLY;" + skip and "2027-02-31" not in page(r), "it is changed", a)
    a = s.ask("POST", f"{p}/{r['id']}/last_day", "manager", {"rev": r["rev"]})
    check(a.status in (409, 422), "once is enough", a)


def planning(s, api, root, live, draft):
    p = api + "/schedule"
    me = s.ask("GET", "/api/v1/me", "manager").json["person"]
    base = dict(org=s.org, checklist=live, responsible=me, pattern="own", from_on="2027-03-01", to_on="2027-07-01")
    for name, change in (
            ("one that never ends", {"to_on": "2099-01-01"}), ("one without an end", {"to_on": None}),
            ("a recurrence bomb", {"rrule": "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 200)}),
            ("every second", {"rrule": "FREQ=SECONDLY"}), ("a rule that is none", {"rrule": "daily please"}),
            ("days that never come", {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}),
            ("the end before the beginning", {"to_on": "2027-02-01"}), ("nobody", {"responsible": None}),
            ("a draft", {"checklist": draft})):
        body = {k: v for k, v in {**base, "rrule": "FREQ=DAILY", **change}.items() if v is not None}
        a = s.ask("POST", p, "manager", body)
        check(a.status == 422 and a.json.get("title"), f"no schedule: {name}", a)
    a = s.ask("POST", p, "manager", {**base, "rrule": "FREQ=WEEKLY;BYDAY=TU"})
    check(a.json.get("record", {}).get("next_on") == "2027-03-02", "the first Tuesday", a)
    for rule, on in (("freq=monthly;byday=2TU,4TU", "2027-03-09"), ("FREQ=YEARLY;BYMONTH=4;BYDAY=1MO", "2027-04-05"),
                     ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-03-31")):
        a = s.ask("POST", p, "manager", {**base, "rrule": rule, "days": "any"})
        check(a.json.get("record", {}).get("next_on") == on, rule, a)
    key = make(s, "office", api + "/calendar", org=root, name={"en": "Exams"}, kind="key", from_on="2027-06-14", to_on="2027-06-18")
    a = s.ask("POST", p, "manager", {**base, "rrule": "FREQ=DAILY", "period": key["id"]})
    check(a.json.get("record", {}).get("next_on") == "2027-06-14", "in a key period only then", a)
    a = s.ask("POST", p, "manager", {**base, "rrule": "FREQ=DAILY", "to_on": "2027-06-01", "period": key["id"]})
    check(a.status == 422, "never in that period", a)
    last_days(s, p, {**base, "days": "any", "from_on": "2027-01-31", "to_on": "2027-12-31"})
    a = s.ask("POST", p, "teacher", {**base, "rrule": "FREQ=DAILY"})
    check(a.status in (403, 404), "a teacher plans for nobody", a)


def programmes(s, api, root, live):
    p = api + "/programme"
    c = make(s, "office", p, org=root, title="食堂专项整治", topic="canteen", from_on="2026-01-01", to_on="2099-12-31",
             tasks=[{"text": {"zh": "自查"}, "checklist": live, "times": 2}])
    a = s.ask("POST", f"{p}/{c['id']}/start", "manager", {"rev": 1})
    check(a.status in (403, 404), "a school starts no programme of the district", a)
    a = s.ask("POST", f"{p}/{c['id']}/start", "office", {"rev": 1})
    check(a.json.get("record", {}).get("state") == "running", "it starts", a)
    got = s.ask("GET", f"{api}/inspection?programme={c['id']}&limit=100", "office").json["items"]
    check(len(got) == 14, "seven schools, twice each", len(got))
    mine = s.ask("GET", f"{api}/inspection?programme={c['id']}&limit=100", "middle").json["items"]
    check(len(mine) == 2, "each school sees its own", len(mine))
    b = Page(s, "middle")
    page = b.get(f"/t/whitefun/programme/{c['id']}/board")
    check("Baile Junior" in page and "Baile Central Primary" not in page, "the board shows one's own school only", page[-800:])
    closing(s, api, c["id"])
    page = Page(s, "office").get("/t/whitefun/compliance")
    check("Baile Central Primary" in page and "Baile Junior" in page, "who keeps which rule, school by school")
    page = b.get("/t/whitefun/compliance")
    check("Baile Central Primary" not in page, "a school sees its own rules only")


def closing(s, api, id):
    """The closing report is drafted from figures that stay as they were taken; each leads to its records."""
    p = api + "/programme"

    def mine(who):
        return s.ask("GET", f"{api}/inspection?programme={id}&state=pending&limit=100", who).json["items"]
    one, two = [i for i in mine("manager") if i["org"] == s.org]
    a = s.ask("POST", f"{api}/inspection/{one['id']}/submit", "manager", {"rev": one["rev"], "signatures": SIGNED,
              "answers": [{"id": 1, "verdict": "fail", "comment": "a draught"}, {"id": 2, "value": "99", "comment": "far too warm"}] + GOOD[2:]})
    check(a.status == 200, "one is done", a)
    found = s.ask("GET", f"{api}/hazard?programme={id}&limit=50", "manager").json["items"]
    check(len(found) == 2, "its hazards belong to the programme", found)
    h = f"{api}/hazard/{found[0]['id']}"
    a = s.ask("POST", h + "/grade", "manager", {"rev": 1, "grade": "major", "clause": "17"})
    check(a.status == 200, "one is major", a)
    a = s.ask("POST", f"{api}/hazard/{found[1]['id']}/not_hazard", "manager", {"rev": 1, "comment": "the thermometer was wrong"})
    check(a.status == 200, "the other is none", a)
    a = s.ask("POST", f"{api}/inspection/{mine('middle')[0]['id']}/excuse", "office", {"rev": 1, "comment": "closed for repairs"})
    check(a.status == 200, "one is excused", a)
    a = s.ask("POST", f"{p}/{id}/compose", "manager", {"rev": 2})
    check(a.status in (403, 404), "a school drafts no report of the district", a)
    a = s.ask("POST", f"{p}/{id}/compose", "office", {"rev": 2, "figures": "1:9"})
    check(a.status == 422, "nobody brings figures of his own", a)
    a = s.ask("POST", f"{p}/{id}/compose", "office", {"rev": 2})
    r = a.json.get("record", {})
    for words in ("Schools: 7. Inspections planned: 14, done: 1 (late: 0)", "excused: 1, still to be done: 12.",
                  "Hazards found: 1 (general: 0, major: 1)", "No money was needed",
                  "- Baile Central Primary School: inspections missed: 0, still to be done: 1;"):
        check(words in r.get("report", ""), f"the draft says: {words}", r.get("report"))
    for words in ("共 7 所学校", "重大隐患 1 处", "自查：完成 2／14 次"):
        check(words in r.get("report_zh", ""), f"the Chinese draft says: {words}", r.get("report_zh"))
    b = Page(s, "office")
    page = b.get(f"/t/whitefun/programme/{id}")
    links = {(html.unescape(u), int(n)) for u, n in re.findall(r'href="([^"]*programme=[^"]*)"[^>]*>(\d+)<', page)}
    check(len(links) > 20, "numbers are links", len(links))
    for url, n in sorted(links):
        rows = s.ask("GET", url.replace("/t/", "/api/v1/") + "&limit=200", "office")
        check(rows.status == 200 and len(rows.json["items"]) == n, f"{url} shows {n}", rows)
    s.ask("POST", f"{api}/inspection/{two['id']}/submit", "manager", {"rev": two["rev"], "signatures": SIGNED, "answers": GOOD})
    a = s.ask("POST", f"{p}/{id}/close", "office", {"rev": 3, "report": r["report"] + "\nNext year we begin earlier.", "report_zh": r["report_zh"]})
    done = a.json.get("record", {})
    check(done.get("state") == "closed" and "begin earlier" in done["report"] and done["as_of"] == r["as_of"], "closed with the author's words", a)
    check("Inspections planned: 14, done: 1 (" in done["report"] and done.get("figures") == r.get("figures"), "and the figures as they were taken")
    problem(s.ask("POST", f"{p}/{id}/compose", "office", {"rev": 4}), 409, "conflict", "what is closed stays")
    check(b.raw(f"/t/whitefun/programme/{id}/paper")[:5] == b"%PDF-", "and is printed")


def forms(s, api, live):
    """As a telephone does it: kept as one goes, sent in once."""
    i = make(s, "manager", api + "/inspection", org=s.org, checklist=live)
    b = Page(s, "manager")
    at = f"/t/whitefun/inspection/{i['id']}/do"
    b.get(at)
    page = b.post(at, {"what": "save", "verdict.1": "fail", "comment.1": "half a sentence", "note": "so far"})
    page = b.get(at)
    check("half a sentence" in page and "so far" in page, "what was answered is there again", page[-500:])
    check("half a sentence" not in Page(s, "principal").get(at), "a draft is its writer's alone")
    check(s.ask("GET", f"{api}/inspection/{i['id']}", "manager").json["record"]["rev"] == 1, "and no part of the record")
    page = b.post(at, {"what": "send", "verdict.1": "fail", "comment.1": "kept all the same"})
    page = b.get(at)
    check("kept all the same" in page, "what was refused is kept", page[-300:])
    own = hidden(b.get(at)) + [("what", "send"), ("verdict.1", "pass"), ("comment.1", "cut off")]
    half = b.send(at, own, [("files.1", "a.png", png(9))], cut=30)
    check(half.status in (0, 400, 422), "half a photograph is none", half)
    check("kept all the same" in b.get(at), "and what was kept stays", half)
    broken = b.send(at, own, [("files.1", "a.png", png(9)[:40])])
    check(broken.status in (413, 415, 422) and "a.png" in broken.body.decode(), "a damaged photograph is named", broken)
    page = b.get(at)
    check("cut off" in page, "and the words beside it are kept", page[-300:])
    b.send(at, hidden(page) + [("what", "save"), ("verdict.1", "pass")], [("files.1", "b.png", png(11))])
    page = b.get(at)
    ids = re.findall(r'name="files\.1" value="(\d+)"', page)
    check(len(ids) == 1, "a photograph stands in the form by its number", ids)
    other = make(s, "manager", api + "/inspection", org=s.org, checklist=live, place_text="two windows")
    window = f"/t/whitefun/inspection/{other['id']}/do"
    pages = [hidden(b.get(window)) + [("what", "send"), ("verdict.1", "pass"), ("value.2", "4"), ("verdict.3", "pass"), ("value.4", "1"),
                                      ("value.6", "Li")] for _ in (0, 1)]
    got = [b.send(window, x) for x in pages]
    check([x.status for x in got] == [303, 303] and "done=6" in str(got[1].headers.get("Location")), "two windows: the second is led to what was sent",
          [(x.status, x.headers.get("Location")) for x in got])
    huge = b.send(at, hidden(b.get(at)) + [("what", "send"), ("verdict.1", "fail"), ("comment.1", "beside a film")],
                  [("files.1", "film.mp4", os.urandom(50 << 20))])
    check(huge.status == 413 and "beside a film" in huge.body.decode(), "a film has no room, the words beside it stay", huge)
    check("beside a film" in b.get(at), "also for the next time")
    stolen = Page(s, "teacher")
    mine = make(s, "teacher", api + "/inspection", org=s.org, checklist=live)
    a = s.ask("POST", f"{api}/inspection/{mine['id']}/submit", "teacher",
              {"rev": 1, "answers": [{**GOOD[0], "files": ids}] + GOOD[1:], "signatures": SIGNED})
    check(a.status == 422, "nobody takes another's photograph", a)
    page = stolen.upload(f"/t/whitefun/checklist/{live}/parts/items", "x.csv", b"1")
    check("class=\"error\"" in page or "error" in page, "rows of what is live stay", page[-200:])
    for name, path in (("an item of the checklist", f"/t/whitefun/checklist/{live}/parts/items"),
                       ("a field that has no rows", f"/t/whitefun/checklist/{live}/parts/title"),
                       ("another ledger", f"/t/whitefun/hazard/{live}/do")):
        check(b.status(path) in (403, 404), f"no page: {name}", b.status(path))


def files(s, api):
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), LISTS)
    b = Page(s, "office")
    page = b.get("/t/whitefun/checklist/library")
    check(len(set(re.findall(r"/checklist/library/([a-z]+)", page))) == 16, "sixteen checklists ship")
    for one in sorted(set(re.findall(r"/checklist/library/([a-z]+)", page))):
        check(b.get(f"/t/whitefun/checklist/library/{one}").count('class="part') >= 8, f"the library's {one}")
    c = s.ask("GET", api + "/checklist?state=live&topic=fire", "office").json["items"][0]
    full = s.ask("GET", f"{api}/checklist/{c['id']}", "office").json["record"]
    for end in "csv", "xlsx":
        a = b.raw(f"/t/whitefun/checklist/{c['id']}/items.{end}")
        with tempfile.NamedTemporaryFile(suffix="." + end) as f:
            f.write(a)
            f.flush()
            p = s.run("import", "--ledger", "checklist", "--dry-run", "--json", f.name)
        back = json.loads(p.stdout)
        check([x["text_zh"] for x in back["items"]] == [x["text"]["zh"] for x in full["items"]] and not back["doubts"],
              f"taken out as {end} and read again", back["doubts"])
    if os.path.isdir(here):
        for name in sorted(os.listdir(here)):
            with open(os.path.join(here, name), "rb") as f:
                page = b.upload("/t/whitefun/checklist/library", name, f.read())
            check('class="part' in page, f"{name} is read", page[-300:])
    for name, data in (("nothing.csv", b""), ("noise.xlsx", os.urandom(3000)), ("noise.csv", os.urandom(3000)), ("text.csv", "你好".encode())):
        page = b.upload("/t/whitefun/checklist/library", name, data)
        check("error" in page and "class=\"parts\"" not in page, f"{name} gets a clear message", re.sub(r"(?s)<[^>]*>", " ", page)[-900:])


def media(xlsx):
    with zipfile.ZipFile(io.BytesIO(xlsx)) as z:
        return {hashlib.sha256(z.read(n)).hexdigest()[:16]: z.read(n) for n in z.namelist() if n.startswith("xl/media/")}


def swapped(xlsx, change):
    """The workbook with other bytes for its pictures, and the name in its cells that these bytes ask for."""
    out = io.BytesIO()
    old = media(xlsx)
    new = {k: change(v) for k, v in old.items()}
    with zipfile.ZipFile(io.BytesIO(xlsx)) as z, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as o:
        for n in z.namelist():
            b = z.read(n)
            if n.startswith("xl/media/"):
                b = change(b)
            for k, v in new.items():
                b = b.replace(k.encode(), hashlib.sha256(v).hexdigest()[:16].encode()) if n.endswith(".xml") else b
            o.writestr(n, b)
    return out.getvalue()


def items_page(s, api, root):
    """The page of a checklist's items, without a script: its photograph stays, goes, and is not lost with a refused form."""
    c = make(s, "office", api + "/checklist", org=root, title={"en": "By hand", "zh": "手工"}, topic="daily", items=[])
    b = Page(s, "office")
    at = f"/t/whitefun/checklist/{c['id']}/parts/items"

    def items():
        return s.ask("GET", f"{api}/checklist/{c['id']}", "office").json["record"].get("items") or []

    def save(row, fields, files=()):
        page = b.get(f"{at}?at={row}") if row else b.get(at)
        keys = dict(re.findall(r'<input type="hidden" name="(csrf|key|rev)" value="([^"]*)"', page[page.find('id="new"'):]))
        return b.send(f"{at}?at={row}&after=0", [*keys.items(), *fields], files)
    words = [("text_en", "Handrail"), ("text_zh", "扶手")]
    bad = save(0, [("text_en", ""), ("text_zh", ""), ("standard_en", "does not move")], [("photo", "rail.png", png(31))])
    page = bad.body.decode()
    ids = re.findall(r'name="photo" value="(\d+)"', page)
    check(bad.status == 422 and len(ids) == 1 and "does not move" in page, "a refused item keeps its photograph", (bad.status, ids))
    a = save(0, words + [("photo", x) for x in ids])
    check(a.status in (302, 303) and items()[0].get("photo") == ids, "it is there with the next try", (a, items()))
    page = b.get(at)
    check(f"/file/{ids[0]}/small" in page, "the list of items shows it", page[-900:])
    page = b.get(f"{at}?at=1")
    check(f'name="photo" value="{ids[0]}" checked' in page, "so does the form")
    save(1, [("text_en", "Handrail, left"), ("text_zh", "左扶手"), ("photo", ids[0])])
    check(items()[0].get("photo") == ids and items()[0]["text"]["en"] == "Handrail, left", "another word leaves it", items())
    save(1, words + [("photo", ids[0])], [("photo", "new.png", png(250))])
    new = items()[0].get("photo")
    check(new and new != ids and len(new) == 1, "a new one takes its place", items())
    bad = save(1, words + [("photo", new[0])], [("photo", "half.png", png(33)[:40])])
    check(bad.status in (415, 422) and items()[0].get("photo") == new, "a damaged one is refused", bad)
    huge = save(1, words + [("standard_en", "typed for long")], [("photo", "film.mp4", os.urandom(50 << 20))])
    check(huge.status == 413 and "typed for long" in huge.body.decode(), "a film has no room, the words beside it stay", huge)
    save(1, words)
    check(not items()[0].get("photo"), "unticked it is gone", items())


def photographs(s, api, root):
    """Guidance photographs travel with the checklist's file, and come back as the same bytes."""
    ids = [s.upload(api + "/files", "office", f"{n}.png", png(n)).json["files"][0]["id"] for n in (20, 220)]
    c = make(s, "office", api + "/checklist", org=root, title={"en": "With photographs", "zh": "带照片"}, topic="daily",
             items=[{"text": {"en": "One", "zh": "一"}, "photo": ids[0]}, {"text": {"en": "None", "zh": "无"}},
                    {"text": {"en": "Two", "zh": "二"}, "photo": ids[1]}])
    b = Page(s, "office")

    def out(id, end):
        return b.raw(f"/t/whitefun/checklist/{id}/items.{end}")

    def back(data, name="with.xlsx"):
        page = b.upload("/t/whitefun/checklist/library", name, data)
        fields = hidden(page) + [("items", html.unescape(x)) for x in re.findall(r'name="items" value="([^"]*)"', page)]
        a = b.send("/t/whitefun/checklist", [f for f in fields if f[0] != "org"] + [
            ("org", root), ("title_en", "Back again"), ("title_zh", "又回来"), ("topic", "daily"), ("frequency", "daily")])
        found = re.search(r"/checklist/(\d+)", str(a.headers.get("Location", "")) + a.body.decode())
        return page, s.ask("GET", f"{api}/checklist/{found.group(1)}", "office").json["record"]
    first = out(c["id"], "xlsx")
    check(len(media(first)) == 2, "two pictures stand in the file", list(media(first)))
    check(all(x[:2] == b"\xff\xd8" and b"Exif" not in x for x in media(first).values()), "clean ones")
    text = out(c["id"], "csv").decode()
    check(all(f"{k}.jpg" in text for k in media(first)), "the CSV names them", text)
    page, r = back(first)
    check([bool(i.get("photo")) for i in r["items"]] == [True, False, True], "they come back with their items", re.sub(r"(?s)<[^>]*>", " ", page)[-1500:])
    got = [s.ask("GET", f"{api}/files/{i['photo'] if isinstance(i['photo'], str) else i['photo'][0]}", "office").body
           for i in r["items"] if i.get("photo")]
    check(sorted(got) == sorted(media(first).values()), "as the same bytes")
    again = out(r["id"], "xlsx")
    check(media(again) == media(first), "and go out again as the same bytes", (list(media(again)), list(media(first))))
    page, r = back(out(c["id"], "csv"), "with.csv")
    check(not any(i.get("photo") for i in r["items"]) and "did not come with this file" in page, "a CSV brings none, and says so")
    deep = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 60000, 60000) + b"\x08\x02\0\0\0" + b"\0" * 900
    for name, change in (("noise", lambda x: os.urandom(5000)), ("half of one", lambda x: x[:len(x) // 2]),
                         ("a page", lambda x: b"<html><script>alert(1)</script>" + os.urandom(9)), ("far too many pixels", lambda x: deep + x[-9:])):
        page, r = back(swapped(first, change))
        check(not any(i.get("photo") for i in r["items"]) and "did not come with this file" in page, f"refused, and the rest read: {name}", r)
    left = [f for f in os.listdir(os.path.join(s.data, "tmp")) if "upload" in f]
    check(not left, "nothing stays behind", left)


def main():
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            api, s.org = "/api/v1/" + me["tenant"], me["posts"][0]["org"]
            root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
            live, draft = checklists(s, api, root)
            doing(s, api, root, live)
            forgotten(s, api, live)
            known(s, api, root)
            planning(s, api, root, live, draft)
            programmes(s, api, root, live)
            forms(s, api, live)
            files(s, api)
            items_page(s, api, root)
            photographs(s, api, root)
            check(not [x for x in s.log if "error" in x], "no errors in the log", [x for x in s.log if "error" in x])
        finally:
            s.server.terminate()
            s.server.wait(20)
        p = s.run("rebuild", "--check", "--data", s.data, code=None)
        check(p.returncode == 0, "rebuild arrives at the same", p)
        p = s.run("verify", "--data", s.data, code=None)
        check(p.returncode == 0, "and verifies", p)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
