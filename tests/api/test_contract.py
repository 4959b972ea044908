#!/usr/bin/env python3
"""What a program that calls the API may rely on: parameters are honoured or refused, refusals say what to do."""
import datetime
import os
import sys
import tempfile

import test_api as t
from test_api import Anlan, all_of, check, png, problem


def made(s, api, who="manager", **more):
    a = s.ask("POST", api + "/hazard", who, {"org": s.org, "description": "A loose rail", "place_text": "yard", **more})
    check(a.status == 201, "a hazard is made", a)
    return a.json["record"]


def heads(s, api):
    """401 and 405 say how to do better, on pages too; the scheme's name is read in any case."""
    hz = api + "/hazard"
    a = s.ask("GET", hz)
    check(a.status == 401 and a.headers.get("WWW-Authenticate") == 'Bearer realm="Anlan"', "401 names the scheme", a.headers)
    a = s.ask("GET", hz, headers={"Authorization": "Bearer anlan_x"})
    check(a.status == 401 and 'error="invalid_token"' in (a.headers.get("WWW-Authenticate") or ""), "and says that the token is none", a.headers)
    token = s.token("manager")
    for word in "bearer", "BEARER", "Bearer":
        check(s.ask("GET", hz, headers={"Authorization": f"{word} {token}"}).status == 200, f"{word} is the scheme")
    for method, path, want in (("DELETE", hz, "GET, HEAD, POST"), ("PUT", hz + "/1", "GET, HEAD"), ("POST", "/api/v1/me", "GET, HEAD"),
                               ("PATCH", hz + "/1/grade", "POST"), ("GET", hz + "/1/grade", "POST"), ("PUT", "/sign-in", "GET, HEAD, POST"),
                               ("POST", api + "/report", "GET, HEAD"), ("OPTIONS", hz, "GET, HEAD, POST")):
        a = s.ask(method, path, "manager", {} if method == "POST" else None)
        check(a.status == 405 and a.headers.get("Allow") == want, f"{method} {path}: Allow: {want}", (a, a.headers.get("Allow")))
    a = s.ask("POST", "/account/password", raw=b"old=x", headers={"Content-Type": "application/x-www-form-urlencoded"})
    check(a.status == 401 and a.headers.get("WWW-Authenticate"), "a form without a session, too", a)
    a = s.ask("GET", hz + "?dragon=1", "manager")
    check(a.json.get("detail") == a.json.get("title") and a.json["type"] == "/api#invalid", "a problem has a type and a detail", a.json)


def parameters(s, api):
    """A parameter is honoured or refused with its name, on every address of the API."""
    hz = api + "/hazard"
    rec = made(s, api)
    for q in ("limit=201", "limit=500", "limit=0", "limit=-5", "limit=", "limit=x", "limit=1.5", "sort=deadline", "sort=-created_at", "sort=",
              "page=2", "done=1", "offset=5", "org=", "org=0", "org=-1", "org=x", "own=1", "overdue=2", "overdue=yes", "overdue=",
              "state=", "state=dragon", "state=open,", "state=Open", "place=x", "grade=", "grade=dragon", "grade=general,dragon",
              "programme=x", "programme=-1", "programme=1,", "after=0", "after=-1", "after=", "key=1", "found_on_from=yesterday",
              "found_on_from=2026-02-30", "found_on_to=", "created_at_from=2026-11-01T00:00:00Z", "changed_since=yesterday",
              "changed_since=2026-11-01", "changed_since=", "finder_from=2026-01-01", "description=x", "rev=1", "comment=x"):
        a = s.ask("GET", f"{hz}?{q}", "manager")
        problem(a, 422, "invalid", f"refused: {q}", q.split("=")[0] if not q.startswith("state") else "state")
    for q in "limit=1&limit=2", "q=a&q=b", "state=open&state=closed":
        problem(s.ask("GET", f"{hz}?{q}", "manager"), 422, "invalid", f"twice: {q}", q.split("=")[0])
    problem(s.ask("GET", f"{hz}?sort=due&after={rec['id']}", "manager"), 422, "invalid", "half a place in a list", "key")
    for q in "limit=200", "limit=1", "sort=new", "sort=old", "sort=due", f"org={s.org}", f"org={s.org}&own=1", "overdue=1", "overdue=0", "state=open,closed", "q=":
        check(s.ask("GET", f"{hz}?{q}", "manager").status == 200, f"honoured: {q}")
    new, old = (all_of(s, "manager", f"{hz}?sort={o}&limit=7") for o in ("new", "old"))
    check([x["id"] for x in new] == [x["id"] for x in reversed(old)] and len(new) > 7, "old is new from behind", (len(new), len(old)))
    at = f"{hz}/{rec['id']}"
    for path in at, at + "/history", "/api/v1/me", "/api/v1/openapi.json", api + "/files/1", api + "/files/1/small":
        problem(s.ask("GET", path + "?limit=5", "manager"), 422, "invalid", f"{path} takes no limit", "limit")
    for path, q in ((hz, "description=x"), (hz, "comment=x"), (hz, "key=x"), (hz, "limit=5"), (at + "/grade", "rev=1"), (at + "/grade", "grade=general"),
                    (api + "/files", "org=1"), (at + "/erase_words", "rev=1")):
        problem(s.ask("POST", f"{path}?{q}", "manager", {"rev": 1}), 422, "invalid", f"what belongs into the body: {path}?{q}", q.split("=")[0])


def every_route(s, api):
    """One mechanism for all: no address of the API ignores a parameter."""
    asked, tenant = 0, api.split("/")[3]
    for line in s.run("routes").stdout.splitlines():
        words = line.split()
        if len(words) < 3 or words[0] not in ("GET", "POST") or not words[1].startswith("/api/v1/"):
            continue
        path = words[1]
        for k, v in {"{tenant}": tenant, "{ledger}": "hazard", "{id}": "1", "{word}": "grade"}.items():
            path = path.replace(k, v)
        for q in "dragon=1", "dragon=", "csrf=1", "page=2", "rev=1":
            a = s.ask(words[0], f"{path}?{q}", "office", {} if words[0] == "POST" else None)
            asked += 1
            problem(a, 422, "invalid", f"{words[0]} {path}?{q}", q.split("=")[0])
    check(asked >= 80, "every address of the API", asked)


def bodies(s, api):
    """A body is read as what it says it is."""
    hz, raw = api + "/hazard", b'{"org":"%s","description":"x","place_text":"y"}' % s.org.encode()
    for kind in "text/plain", "application/xml", "application/jsonp", "application/octet-stream":
        problem(s.ask("POST", hz, "manager", raw=raw, headers={"Content-Type": kind}), 415, "type", f"a body of {kind}")
    for kind in "application/json", "application/json; charset=utf-8", "Application/JSON":
        check(s.ask("POST", hz, "manager", raw=raw, headers={"Content-Type": kind}).status == 201, f"a body of {kind}")
    a = s.ask("POST", hz, "manager", {"org": s.org, "description": "once", "place_text": "y", "key": "k"})
    b = s.ask("POST", hz, "manager", {"org": s.org, "description": "twice", "place_text": "y", "key": "k"})
    problem(b, 409, "conflict", "a key for something else names a member that exists", "key")
    check(a.status == 201, "and the first stands", a)


def days(s, api):
    """Lists by day and by the time of the last change."""
    hz = api + "/hazard"
    made(s, api, description="Found in March", found_on="2026-03-10")
    made(s, api, description="Found in April", found_on="2026-04-01")
    made(s, api, description="Found, nobody said when")

    def found(q):
        return {x["description"] for x in all_of(s, "manager", f"{hz}?limit=7&{q}")} & {"Found in March", "Found in April", "Found, nobody said when"}
    check(found("found_on_from=2026-03-10&found_on_to=2026-03-31") == {"Found in March"}, "a month", found("found_on_from=2026-03-10&found_on_to=2026-03-31"))
    check(found("found_on_to=2026-03-09") == set(), "the day before")
    check(found("found_on_to=2026-03-10") == {"Found in March"}, "the last day is in it")
    check(found("found_on_from=2026-03-11") == {"Found in April", "Found, nobody said when"}, "from a day on; who says nothing found it today")
    check(not all_of(s, "manager", f"{hz}?accepted_at_to=2099-01-01&state=reported"), "what has no such day is in no span")
    check(len(found("created_at_from=2026-01-01")) == 3 and not found("created_at_to=2026-01-01"), "days of entry")
    rec = made(s, api, description="Changed")
    at = f"{hz}/{rec['id']}"
    since = s.ask("GET", at, "manager").json["record"]["changed_at"]

    def changed(since):
        return [x["id"] for x in all_of(s, "manager", f"{hz}?changed_since={since.replace('+', '%2B')}")]
    got = changed(since)
    check(rec["id"] in got, "what changed since a moment, that one included", got)
    check(all(s.ask("GET", f"{hz}/{i}", "manager").json["record"]["changed_at"] >= since for i in got), "and nothing that did not", got)
    later = (datetime.datetime.fromisoformat(since.replace("Z", "+00:00")) + datetime.timedelta(milliseconds=1)).isoformat(timespec="milliseconds")
    check(rec["id"] not in changed(later), "not since the moment after", later)
    a = s.ask("POST", at + "/edit", "manager", {"rev": 1, "description": "Changed again"})
    check(a.status == 200 and rec["id"] in changed(later), "until it changes again", a)
    pages = all_of(s, "manager", f"{hz}?limit=5&created_at_from=2026-01-01")
    check(len(pages) == len({x["id"] for x in pages}) > 5, "pages of a span hold each once", len(pages))
    q = "&".join(f"{f}_from=2026-01-01" for f in ("found_on", "deadline", "created_at", "changed_at", "finished_on"))
    problem(s.ask("GET", f"{hz}?{q}", "manager"), 422, "invalid", "five spans at once", "finished_on")


def revisions(s, api):
    """Which revision was seen: 428 when nothing says so, 412 for a header that is old, 409 for a member that is."""
    rec = made(s, api, description="Rail, as reported")
    at = f"{api}/hazard/{rec['id']}"
    problem(s.ask("POST", at + "/grade", "manager", {"grade": "general"}), 428, "invalid", "neither rev nor If-Match", "rev")
    for tag in '"x"', "*", "3", '""', '"1", "2"':
        problem(s.ask("POST", at + "/grade", "manager", {"grade": "general"}, headers={"If-Match": tag}), 422, "invalid", f"If-Match: {tag}", "If-Match")
    problem(s.ask("POST", at + "/grade", "manager", {"grade": "general", "rev": 1}, headers={"If-Match": '"2"'}), 422, "invalid", "two revisions", "rev")
    a = s.ask("POST", at + "/edit", "manager", {"rev": 1, "description": "Rail, corrected", "comment": "typo"})
    check(a.status == 200, "corrected", a)
    a = s.ask("POST", at + "/grade", "manager", {"grade": "general"}, headers={"If-Match": 'W/"2"'})
    check(a.status == 200, "a weak tag, as a proxy that compresses makes it", a)
    for how, status in (({"headers": {"If-Match": '"1"'}}, 412), ({}, 409)):
        body = {"measures": "m", "deadline": "2099-01-01", "responsible_unit": "u", **({"rev": 1} if status == 409 else {})}
        a = s.ask("POST", at + "/assign", "manager", body, **how)
        problem(a, status, "conflict", f"an old revision: {status}", "rev")
        changes = {c["field"]: c for c in a.json.get("changes", [])}
        check(a.json.get("rev") == 3 and changes.get("description") == {"field": "description", "before": "Rail, as reported", "after": "Rail, corrected"}
              and changes.get("grade") == {"field": "grade", "before": None, "after": "general"}
              and changes.get("state") == {"field": "state", "before": "reported", "after": "graded"} and "place_text" not in changes,
              "and what has changed, field by field", a.json)
    a = s.ask("POST", at + "/assign", "manager", {"rev": 2, "measures": "m"})
    check("description" not in {c["field"] for c in a.json.get("changes", [])} and a.status == 409, "only what changed since that revision", a.json)


def histories(s, api):
    """The past with its values."""
    rec = made(s, api, description="One", found_on="2026-03-10", source="staff")
    at = f"{api}/hazard/{rec['id']}"
    s.ask("POST", at + "/edit", "manager", {"rev": 1, "description": "Two", "found_on": "2026-03-11", "comment": "typo"})
    ev = s.ask("GET", at + "/history", "manager").json["events"]
    first, second = ({c["field"]: c for c in e["changes"]} for e in ev)
    check(first["description"] == {"field": "description", "before": None, "after": "One"}, "as it came", first)
    check(second["description"] == {"field": "description", "before": "One", "after": "Two"}, "and changed", second)
    check(second["found_on"]["before"] == "2026-03-10" and second["found_on"]["after"] == "2026-03-11", "days as days", second)
    check(all(set(e["fields"]) == {c["field"] for c in e["changes"]} for e in ev), "the names are those of the changes")
    seen = {c["field"] for e in s.ask("GET", at + "/history", "auditor").json["events"] for c in e["changes"]}
    shown = set(s.ask("GET", at, "auditor").json["record"])
    check(seen <= shown, "nobody is told by the past what the record keeps from them", seen - shown)


def whole(s, api):
    """A list with all that may be read of each record, and no more than the record itself tells."""
    for who in "manager", "auditor", "police", "teacher":
        for ledger in "hazard", "person", "minutes", "notice":
            a = s.ask("GET", f"{api}/{ledger}?whole=1&limit=7", who)
            if a.status == 403:
                continue
            for x in a.json["items"]:
                alone = s.ask("GET", f"{api}/{ledger}/{x['id']}", who).json["record"]
                check(alone == x or alone["rev"] > x["rev"], f"{who}: {ledger} whole as alone", x)
            check(a.json["next"] is None or "whole=1" in a.json["next"], "and so is the next page", a.json["next"])
    rows, full = (all_of(s, "office", f"{api}/hazard?limit=50{q}") for q in ("", "&whole=1"))
    check([x["id"] for x in rows] == [x["id"] for x in full] and len(full[0]) > 3 * len(rows[0]), "the same records", (len(rows), len(full)))


def bulk(s, api):
    """Many at once: each made or refused by itself, answered by itself, sent again without harm."""
    one = {"org": s.org, "description": "Bulk", "place_text": "yard"}
    items = [{**one, "key": "b0"}, {**one, "dragon": 1}, {"org": s.org, "description": "no place"}, 7, {**one, "description": "Bulk last"}]
    a = s.ask("POST", api + "/bulk/hazard", "manager", {"items": items})
    got = a.json.get("items", [])
    check(a.status == 200 and [x["status"] for x in got] == [201, 422, 422, 422, 201], "five, each by itself", a)
    check(got[1]["problem"]["field"] == "dragon" and got[1]["problem"]["code"] == "invalid" and got[2]["problem"]["field"] == "place_text", "with what was wrong", got)
    ids = [got[0]["id"], got[4]["id"]]
    check(all(s.ask("GET", f"{api}/hazard/{i}", "manager").status == 200 for i in ids), "the others are there")
    b = s.ask("POST", api + "/bulk/hazard", "manager", {"items": [{**one, "key": "b0"}, {**one, "description": "other", "key": "b0"}]})
    check(b.json["items"][0]["id"] == ids[0] and b.json["items"][1]["problem"]["field"] == "key", "a key is one record", b)
    for _ in range(2):
        c = s.ask("POST", api + "/bulk/hazard", "manager", {"items": [one, {**one, "description": "x"}]}, headers={"Idempotency-Key": "call"})
        ids.extend(x["id"] for x in c.json["items"])
    check(ids[2:4] == ids[4:6] and len(set(ids[2:4])) == 2, "one key for the call serves all of it", ids)
    steps = [{"id": ids[0], "rev": 1, "grade": "general"}, {"id": ids[1], "grade": "general"}, {"id": "1", "rev": 1, "grade": "general"},
             {"rev": 1, "grade": "general"}, {"id": ids[0], "rev": 1, "grade": "major"}, {"id": ids[0], "rev": 2, "grade": "major", "clause": "2.1"}, {"id": "x", "rev": 1}]
    a = s.ask("POST", api + "/bulk/hazard/grade", "manager", {"items": steps})
    got = a.json["items"]
    check([x["status"] for x in got] == [200, 428, 404, 422, 409, 200, 422], "steps in their order", [x["status"] for x in got])
    changes = {c["field"]: c for c in got[4]["problem"].get("changes", [])}
    check(changes.get("grade") == {"field": "grade", "before": None, "after": "major"} and got[4]["problem"]["rev"] == 3, "what differs, field by field", changes)
    check(s.ask("GET", f"{api}/hazard/{ids[0]}", "manager").json["record"]["rev"] == 3, "each on what the one before left")
    a = s.ask("POST", api + "/bulk/hazard/not_hazard", "teacher", {"items": [{"id": ids[1], "rev": 1, "comment": "m"}]})
    check(a.json["items"][0]["status"] == 403, "rights are asked for each", a)
    a = s.ask("POST", api + "/bulk/hazard/grade", "manager", {"items": [{"id": ids[0], "rev": 1, "grade": "general"}] * 100})
    check(a.status == 200 and all(x["status"] == 409 and x["problem"]["changes"] for x in a.json["items"]), "a hundred that are old, each with what differs", a)
    for body in {"items": []}, {"items": [one] * 101}, {"items": one}, {}, {"items": [one], "more": 1}:
        problem(s.ask("POST", api + "/bulk/hazard", "manager", body), 422, "invalid", f"no such call: {str(body)[:40]}", "items")
    problem(s.ask("POST", api + "/bulk/hazard/grade", "manager", {"items": steps}, headers={"If-Match": '"1"'}), 422, "invalid", "one If-Match for many", "If-Match")
    check(s.ask("POST", api + "/bulk/hazard", "manager", {"items": [{**one, "description": str(i)} for i in range(100)]}).status == 200, "a hundred")
    problem(s.ask("POST", api + "/bulk/report", "manager", {"items": [one]}), 405, "method", "where nothing can be added")
    a = s.ask("POST", api + "/bulk/hazard/dragon", "manager", {"items": [{"id": ids[0], "rev": 2}]})
    check(a.json["items"][0]["status"] == 422, "an unknown step", a)
    narrow = s.token("manager", "hazard:read hazard:grade")
    a = s.ask("POST", api + "/bulk/hazard", raw=b'{"items":[{"org":"%s","description":"d","place_text":"p"}]}' % s.org.encode(), headers={"Authorization": "Bearer " + narrow})
    check(a.json["items"][0]["status"] == 403, "a token's scopes are asked for each", a)


def figures(s, api):
    """Figures and proofs, as the pages show them."""
    a, b = (s.ask("GET", api + "/figures?year=2026&quarter=q4", who) for who in ("office", "manager"))
    check(a.status == 200 and a.json["from"] == "2026-10-01" and a.json["to"] == "2026-12-31" and a.json["total"]["found"]["general"] > 0, "figures", a)
    check(sum(x["figures"]["found"]["general"] for x in a.json["schools"]) == a.json["total"]["found"]["general"], "their sum")
    mine, every = ({x["org"] for x in y.json["schools"]} for y in (b, a))
    check(s.org in mine < every, "each sees the own schools", (mine, every))
    other = sorted(every - mine - {x["org"] for x in s.ask("GET", "/api/v1/me", "office").json["posts"]})[0]
    check(s.ask("GET", f"{api}/figures?org={other}", "manager").status == 403, "and no other")
    for q, field in ("year=1999", "year"), ("year=0", "year"), ("year=", "year"), ("quarter=q5", "quarter"), ("quarter=", "quarter"), ("grade=major", "grade"), ("org=0", "org"):
        problem(s.ask("GET", f"{api}/figures?{q}", "office"), 422, "invalid", f"figures?{q}", field)
    o = s.ask("GET", api + "/overview", "manager").json["schools"]
    n = len(all_of(s, "manager", f"{api}/hazard?limit=200&state=open"))
    check({x["org"] for x in o} <= mine and sum(x["open"] for x in o) == n, "the overview counts what the list holds", (o, n))
    rec = made(s, api, description="To be proved")
    a, page = s.ask("GET", f"{api}/hazard/{rec['id']}/proof", "manager"), s.ask("GET", f"{api.replace('/api/v1/', '/t/')}/hazard/{rec['id']}/proof", "manager")
    check(a.status == 200 and a.body.split(b"\n")[0] == page.body.split(b"\n")[0] and b"tlog-proof" in a.body, "a proof, as the page gives it", a)
    check(s.ask("GET", f"{api}/hazard/{rec['id']}/proof", "police").status in (403, 404), "for who may read the record")
    a = s.ask("GET", f"{api}/hazard/{rec['id']}/proof", headers={"Authorization": "Bearer " + s.token("manager", "hazard:read")})
    check(a.status == 403, "a token takes it out with hazard:export")


def events_of(s, api, who, path=None, **k):
    """All events up to now, page by page, and where to go on."""
    got, path = [], path or api + "/events?limit=200"
    for _ in range(100):
        a = s.ask("GET", path, who, **k)
        if not check(a.status == 200, f"{who} reads {path}", a):
            break
        got += a.json["events"]
        path = a.json["next"]
        if not a.json["events"]:
            break
    return got, path


def feed(s, api):
    """What has changed, as far as each may read it now; ids and places tell nothing."""
    every, _ = events_of(s, api, "office")
    check(len(every) > 100 and len({e["id"] for e in every}) == len(every), "each event once", len(every))
    check(all(set(e) == {"id", "at", "ledger", "record", "rev", "verb", "actor", "address"} for e in every), "and no field's value", every[:1])
    few, _ = events_of(s, api, "office", api + "/events?limit=7&ledger=notice")
    check(few and few == [e for e in every if e["ledger"] == "notice"], "one ledger, by sevens", len(few))
    for who in t.ROLES:
        mine, _ = events_of(s, api, who)
        check({e["id"] for e in mine} <= {e["id"] for e in every}, f"{who} is told what happened, by the same ids")
        told = {e["address"] for e in mine}
        check(all(s.ask("GET", at, who).status == 200 for at in told), f"{who} may read each record that is told of")
        hidden = {e["address"] for e in every} - told
        check(all(s.ask("GET", at, who).status in (403, 404) for at in sorted(hidden)[:60]), f"and {who} none of the others")
    _, place = events_of(s, api, "manager")
    a, b = s.ask("GET", place, "manager"), s.ask("GET", place, "manager")
    check(not a.json["events"] and a.json["next"] != b.json["next"] and len(a.json["next"]) == len(b.json["next"]), "a place is never the same text", a)
    far = next(x["org"] for x in s.ask("GET", "/api/v1/me", "middle").json["posts"])
    x = s.ask("POST", api + "/hazard", "middle", {"org": far, "description": "elsewhere", "place_text": "y"})
    check(x.status == 201, "another school's", x)
    c = s.ask("GET", place, "manager")
    check(not c.json["events"] and len(c.json["next"]) == len(a.json["next"]) and set(c.json) == set(a.json), "others' changes leave no gap", c)
    rec = made(s, api, description="Told of")
    s.ask("POST", f"{api}/hazard/{rec['id']}/grade", "manager", {"rev": 1, "grade": "general"})
    got, after = events_of(s, api, "manager", place)
    got = [e for e in got if e["record"] == rec["id"]]
    check([(e["verb"], e["rev"], e["ledger"]) for e in got] == [("report", 1, "hazard"), ("grade", 2, "hazard")], "a report and a step, in their order", got)
    again, _ = events_of(s, api, "manager", f"{api}/events?after={got[0]['id']}")
    check([e["id"] for e in again if e["record"] == rec["id"]] == [got[1]["id"]], "an event's id is a place, too", again)
    _, now = events_of(s, api, "manager", f"{api}/events?after=latest")
    made(s, api, description="Later")
    check(len(events_of(s, api, "manager", now)[0]) == 1, "latest begins now")
    for q, field in (("after=x", "after"), ("after=" + "0" * 64, "after"), ("after=12", "after"), ("after=", "after"), ("ledger=dragon", "ledger"), ("limit=0", "limit"),
                     ("limit=201", "limit"), ("sort=new", "sort"), ("since=1", "since")):
        problem(s.ask("GET", f"{api}/events?{q}", "office"), 422, "invalid", f"events?{q}", field)
    narrow = {"Authorization": "Bearer " + s.token("office", "notice:read")}
    a = s.ask("GET", api + "/events?limit=200", headers=narrow)
    check(a.json["events"] and {e["ledger"] for e in a.json["events"]} == {"notice"}, "a token is told of what its scopes open", a)
    check(s.ask("GET", api + "/events").status == 401 and s.ask("GET", "/api/v1/installation/events", "office").status == 404, "and nobody of nothing")
    me = s.ask("POST", api + "/person", "admin", {"org": s.org, "name": "For a while", "login": "forawhile"}).json["record"]["id"]
    post = s.ask("POST", api + "/post", "admin", {"org": s.org, "person": me, "role": "staff"}).json["record"]["id"]
    check(events_of(s, api, "forawhile")[0], "with a post")
    a = s.ask("POST", f"{api}/post/{post}/end", "admin", {"rev": 1})
    a = s.ask("GET", api + "/events", "forawhile")
    check(a.status in (401, 403) or not a.json["events"], "rights are asked when it is read: without the post, nothing", a)
    check(not events_of(s, api, "forawhile", scopes="hazard:report")[0] if a.status == 200 else True, "nor by a token that reads nothing")


# ---- the description ----------------------------------------------------------------------


class Doc:
    def __init__(self, s):
        a = s.ask("GET", "/api/v1/openapi.json")
        check(a.status == 200, "the description", a)
        self.doc = a.json

    def at(self, ref):
        node = self.doc
        for word in ref[2:].split("/"):
            node = node[word.replace("~1", "/")]
        return node

    def plain(self, schema):
        return self.at(schema["$ref"]) if "$ref" in schema else schema

    def operation(self, method, path):
        return self.doc["paths"].get(path, {}).get(method)


def put_ids(doc, schema, value, known, name=""):
    """The example with ids of this district where it has any: by the ledger that the field names."""
    schema = doc.plain(schema)
    if isinstance(value, dict):
        return {k: put_ids(doc, schema.get("properties", {}).get(k, {}), v, known, k) for k, v in value.items()}
    if isinstance(value, list):
        return [put_ids(doc, schema.get("items", {}), v, known, name) for v in value]
    if value != EXAMPLE_ID:
        return value
    return known["upload"]() if schema.get("x-ledger") == "files" else known.get(schema.get("x-ledger"), value)


EXAMPLE_ID = "915256580159570293"
WHO = "principal", "office", "admin", "inspector", "manager", "teacher"


def try_example(s, doc, method, path, known, real):
    """Whoever may sends the example: 2xx, or what refused it."""
    op = doc.operation(method, path)
    media = op["requestBody"]["content"]["application/json"]
    for who in WHO:
        known["upload"] = lambda who=who: s.upload("/".join(real.split("/")[:4]) + "/files", who, "a.png", png(WHO.index(who))).json["files"][0]["id"]
        body = put_ids(doc, media["schema"], media["example"], known)
        if "rev" in body:
            body["rev"] = known["rev"]
        a = s.ask(method.upper(), real, who, body)
        if a.status not in (403, 404):
            break
    return a, who, body


def examples(s, api):
    """What the description shows is accepted: every creating body, and each step's where it is open."""
    doc, base = Doc(s), "/api/v1/{tenant}/"
    known = {"org": s.org}
    for ledger in "place", "person", "checklist", "hazard", "notice", "inspection", "calendar", "programme":
        items = s.ask("GET", f"{api}/{ledger}?limit=1&org={s.org}", "office").json.get("items") or s.ask("GET", f"{api}/{ledger}?limit=1", "office").json["items"]
        known[ledger] = items[0]["id"] if items else None
    made, taken, missed = [], set(), set()
    for path, ops in doc.doc["paths"].items():
        if "post" in ops and path.count("/") == 4 and "x-" not in path and "application/json" in ops["post"]["requestBody"]["content"]:
            ledger = path.split("/")[4]
            a, who, body = try_example(s, doc, "post", path, known, f"{api}/{ledger}")
            many = doc.operation("post", f"{base}bulk/{ledger}")["requestBody"]["content"]["application/json"]
            check(many["example"]["items"] == [ops["post"]["requestBody"]["content"]["application/json"]["example"]], f"one of many {ledger} is the same", many)
            if check(a.status == 201, f"the example of {path} is accepted", f"{a} {body}"):
                made.append((ledger, a.headers["Location"]))
    for ledger, at in made:
        for _ in range(12):
            open_to = {}
            for who in WHO:
                a = s.ask("GET", at, who)
                for verb in a.json.get("steps", []):
                    open_to.setdefault(verb, who)
                if a.status == 200:
                    known["rev"] = a.json["record"]["rev"]
            new = [v for v in open_to if (ledger, v) not in taken | missed]
            if not new:
                break
            verb = new[0]
            path = f"{base}{ledger}/{{id}}/{verb}"
            if not check(doc.operation("post", path), f"an open step is described: {path}"):
                missed.add((ledger, verb))
                continue
            a, who, body = try_example(s, doc, "post", path, known, f"{at}/{verb}")
            if (ledger, verb) == ("inspection", "submit"):  # answers are as the checklist asks
                check(a.status == 422 and a.json["field"] == "answers", "an inspection without answers", a)
                missed.add((ledger, verb))
                continue
            check(a.status in (200, 403, 409), f"the example of {path} is accepted", f"{a} {body}")
            (taken if a.status == 200 else missed).add((ledger, verb))
    scopes = {op["description"].rsplit(" ", 1)[-1] for ops in doc.doc["paths"].values() for op in ops.values() if ":" in op["description"].rsplit(" ", 1)[-1]}
    for word in scopes - {x for x in scopes if "{" in x}:
        check("is no scope" not in s.run("token", "add", "manager", "t", "--scopes", word, "--data", s.data, code=None).stderr, f"a scope that the description names: {word}")
    check(len(scopes) > 60, "each operation names its scope", len(scopes))
    check(len(taken) > 25, "many steps were taken by their examples", (sorted(taken), sorted(missed)))
    print(f"{len(made)} records and {len(taken)} steps by examples")


def viewer(s, api):
    """The same for people: every operation of the document stands on the page of its ledger, in both languages."""
    doc = Doc(s).doc
    for tag in doc["tags"]:
        for lang in "en", "zh":
            a = s.ask("GET", "/api?of=" + tag["name"], headers={"Accept-Language": lang})
            text = a.body.decode()
            want = {op["operationId"] for ops in doc["paths"].values() for op in ops.values() if op["tags"] == [tag["name"]]}
            check(a.status == 200 and all(f'id="{i}"' in text for i in want), f"{tag['name']} ({lang}) has its operations", a)
    codes = doc["components"]["schemas"]["problem"]["properties"]["code"]["enum"]
    text = s.ask("GET", "/api").body.decode()
    check(all(f'id="{c}"' in text for c in codes), "a problem's type leads to its meaning", codes)
    check(s.ask("GET", "/api?of=dragon").status == 404 and s.ask("GET", "/api?dragon=1").status == 422, "and nothing else")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"))
        try:
            me = s.ask("GET", "/api/v1/me", "manager").json
            s.org, api = me["posts"][0]["org"], "/api/v1/" + me["tenant"]
            for part in (heads, parameters, every_route, bodies, days, revisions, histories, whole, bulk, figures, feed, examples, viewer):
                part(s, api)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", s.log[-3:])
        finally:
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
