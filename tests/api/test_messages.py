#!/usr/bin/env python3
"""Messages as their readers, their office and a stranger find them; past a mail server and robots that are held."""
import email
import email.policy
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import test_api as t
from test_api import Anlan, check
from test_pictures import Browser

HERE = os.path.dirname(os.path.abspath(__file__))
SECRET, TOKEN, PASSWORD = "SECverysecret", "tokenverysecret", "passwordverysecret"
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token="


class Held:
    def __init__(self, d, *tls):
        self.log = os.path.join(d, f"held{len(tls)}.log")
        self.p = subprocess.Popen([sys.executable, os.path.join(HERE, "../held/held.py"), self.log, *tls],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.smtp, self.http = map(int, self.p.stdout.readline().split())

    def got(self, what):
        with open(self.log) as f:
            return [x for x in map(json.loads, f) if x["what"] == what]

    def stop(self):
        self.p.stdin.close()
        self.p.wait(10)


def certificates(d):
    """An authority of our own, and a server that it vouches for."""
    run = lambda *a: subprocess.run(["openssl", *a], cwd=d, check=True, capture_output=True)
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Held", "-days", "2")
    run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=localhost")
    with open(os.path.join(d, "ext"), "w") as f:
        f.write("subjectAltName=DNS:localhost\n")
    run("x509", "-req", "-in", "csr.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "cert.pem", "-days", "2",
        "-extfile", "ext")
    return [os.path.join(d, x) for x in ("ca.pem", "cert.pem", "key.pem")]


class Person(Browser):
    """Knows the key of its forms."""

    def key(self):
        return re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/account").body.decode())[1]

    def post(self, path, **fields):
        body = urllib.parse.urlencode({"csrf": self.key(), **fields}).encode()
        return self.s.ask("POST", path, raw=body, headers={**self.h, "Content-Type": "application/x-www-form-urlencoded"})


def wait(fn, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if x := fn():
            return x
        time.sleep(0.05)
    return fn()


def person(s, tenant, who):
    for p in t.all_of(s, "office", f"/api/v1/{tenant}/person?limit=100"):
        if p.get("login") == who:
            return p["id"]
    sys.exit("nobody is " + who)


def address(s, tenant, who, mail):
    me = person(s, tenant, who)
    at = f"/api/v1/{tenant}/person/{me}"
    rev = s.ask("GET", at, "office").json["record"]["rev"]
    a = s.ask("POST", at + "/edit", "office", {"email": mail, "phone": "138 0000-0000", "lang": "en", "rev": rev})
    check(a.status == 200, f"{who} gets an address", a)
    return me


def addresses_are_looked_at(s, tenant):
    """What a message could never reach is refused when it is entered, in words, on every way in."""
    me = person(s, tenant, "teacher")
    at = f"/api/v1/{tenant}/person/{me}"
    rev = lambda: s.ask("GET", at, "office").json["record"]["rev"]
    for field, bad in (("email", "a＠b.cn"), ("email", "a@b.cn。"), ("email", "a@b.cn, c@d.cn"), ("email", "mailto:a@b.cn"), ("email", "a"),
                       ("phone", "0871-6512345转8012"), ("phone", "13800000000/13900000000"), ("phone", "ask at the gate"), ("phone", "110")):
        a = s.ask("POST", at + "/edit", "office", {field: bad, "rev": rev()})
        check(a.status == 422 and a.json.get("field") == field and bad in a.body.decode(), f"{field} {bad}", a)
    b = Person(s, "office")
    form = {"name": "Somebody New", "email": "a@b.cn。", "org": s.ask("GET", at, "office").json["record"]["org"]}
    a = b.post(f"/t/{tenant}/person", **form)
    check(a.status == 422 and "is not an e-mail address" in a.body.decode() and "Somebody New" in a.body.decode(),
          "the form comes back with it", a)
    a = s.ask("POST", at + "/edit", "office", {"email": " teacher@d.example ", "phone": "+86 138 0000 0000", "rev": rev()})
    check(a.status == 200 and a.json["record"]["email"] == "teacher@d.example", "what is one is taken", a)
    check(s.ask("POST", at + "/edit", "office", {"name": "Teacher Li", "rev": rev()}).status == 200, "the rest can be changed")
    org = f"/api/v1/{tenant}/org/" + str(s.ask("GET", at, "office").json["record"]["org"])
    for phone, want in ("0871-6512345转8012", 200), ("see the door", 422):
        a = s.ask("POST", org + "/edit", "office", {"phone": phone, "rev": s.ask("GET", org, "office").json["record"]["rev"]})
        check(a.status == want, "of a school, which people dial: " + phone, a)


def names_by_language(s, h, tenant):
    """The sender's name is in the language of whoever reads it."""
    at = f"/api/v1/{tenant}/person/{person(s, tenant, 'office')}"
    b, home = Person(s, "office"), f"/t/{tenant}/messages"
    for lang, name in ("zh", "白乐学区"), ("en", "White Fun School District"):
        rev = s.ask("GET", at, "office").json["record"]["rev"]
        check(s.ask("POST", at + "/edit", "office", {"lang": lang, "rev": rev}).status == 200, "reads " + lang)
        n = len(h.got("mail"))
        b.post(home + "/test", channel=1)
        m = wait(lambda: h.got("mail")[n:])
        check(m and name in text_of(m[0])["From"], f"a mail in {lang} is from {name}", m)


def sent(page):
    """The newest of the delivery log: its state and details."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("What was sent")[1].split('class="deliveries"')[-1].split("</li>")[0]))


def by_tls(exe, d):
    """Without a trusted certificate nothing is said, neither name nor address nor password."""
    ca, cert, key = certificates(d)
    password = os.path.join(d, "password")
    with open(password, "w") as f:
        f.write(PASSWORD + "\n")
    for i, (tls, trusted, words) in enumerate([((cert, key), True, "sent"), ((cert, key), False, "certificate is not to be trusted"),
                                               ((), True, "offers no TLS")]):
        sub = os.path.join(d, f"t{i}")
        os.mkdir(sub)
        h = Held(sub, *tls)
        s = Anlan(exe, os.path.join(sub, "d"), "--smtp-url", f"smtp://localhost:{h.smtp}", "--mail-from", "anlan@d.example", "--smtp-user",
                  "anlan", "--smtp-password-file", password, *(["--ca-file", ca] if trusted else []))
        try:
            tenant = s.ask("GET", "/api/v1/me", "office").json["tenant"]
            address(s, tenant, "office", "ok.office@d.example")
            b, home = Person(s, "office"), f"/t/{tenant}/messages"
            check(b.post(home + "/test", channel=1).status == 303, "a test is taken")
            wait(lambda: "not yet sent" not in sent(b.get(home).body.decode()))
            page = b.get(home).body.decode()
            check(words in sent(page), f"TLS: {words}", sent(page))
            if i == 0:
                check(h.got("mail")[0]["secure"] and h.got("auth")[0]["secure"], "by TLS alone")
            else:
                check(not any(h.got(x) for x in ("mail", "rcpt", "auth")), "nothing was said in the clear")
            check(PASSWORD not in page and PASSWORD not in "".join(s.log), "the password stands nowhere")
        finally:
            s.server.terminate()
            s.server.wait(20)
            h.stop()


def text_of(m):
    return email.message_from_string(m["data"], policy=email.policy.default)


def mails(s, h, tenant):
    b, home = Person(s, "office"), f"/t/{tenant}/messages"
    b.post(home + "/test", channel=1)
    m = wait(lambda: h.got("mail"))
    if not check(len(m) == 1, "a mail arrives", m):
        return None
    m = text_of(m[0])
    check(m["To"] == "ok.office@d.example" and m["Subject"] == "Anlan: a test" and m["Message-ID"].startswith("<anlan."), "its head", m)
    link = re.search(r"https://anlan\.example(/stop/\S+)", m.get_content())[1]
    check(m["List-Unsubscribe"] == f"<https://anlan.example{link}>" and m["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click",
          "it can be left", m)
    wait(lambda: " sent " in sent(b.get(home).body.decode()))
    check("SMTP 250" in sent(b.get(home).body.decode()), "the log says so", sent(b.get(home).body.decode()))
    return link


def leaving(s, link, tenant):
    """Without an account; looking changes nothing; what is a duty stays."""
    b = Person(s, "office")
    on = lambda: re.findall(r'name="(on_\w+)" value="1" checked', b.get("/account").body.decode())
    before = on()
    a = s.ask("GET", link)
    check(a.status == 200 and len(before) == 5 and "ok.office" not in a.body.decode() and "Zhang" not in a.body.decode(),
          "the page names nobody", a)
    check(on() == before, "a look changes nothing")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    a = s.ask("POST", link, raw=b"on_waiting=1&on_news=1", headers=form)
    check(a.status == 303 and sorted(on()) == ["on_news", "on_waiting"], "some are turned off", on())
    a = s.ask("POST", link, raw=b"List-Unsubscribe=One-Click", headers=form)
    check(a.status == 200 and "Location" not in a.headers and on() == [], "one click turns all off that may be, without a redirect", a)
    b.post("/account/messages", digest_at="07:00", quiet_from="22:00", quiet_until="06:00", on_news=1)
    a = s.ask("POST", link, raw=b'--XX\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--XX--\r\n',
              headers={"Content-Type": "multipart/form-data; boundary=XX"})
    check(a.status == 200 and on() == [], "a mail program may send it as multipart, too", a)
    b.post("/account/messages", digest_at="07:00", quiet_from="22:00", quiet_until="06:00", on_news=1)
    a = s.ask("POST", link, raw=b"none=1", headers=form)
    check(a.status == 303 and on() == [], "the page's own button leads back to the page", a)
    for bad in (link[:-1] + ("0" if link[-1] != "0" else "1"), "/stop/1-2-3", "/stop/x", re.sub(r"/stop/\d+", "/stop/9", link)):
        check(s.ask("GET", bad).status == 404 and s.ask("POST", bad, raw=b"none=1", headers=form).status == 404, "a wrong link: " + bad)
    a = b.post("/account/messages", digest_at="06:15", quiet_from="22:00", quiet_until="06:00", on_accepted=1, sms=1)
    page = b.get("/account").body.decode()
    check(a.status == 303 and on() == ["on_accepted"] and 'value="06:15"' in page, "the account page sets it, too", a)
    for wrong in ("25:00", "", "nine", "7", "07:30:00:00", "-1:30"):
        check(b.post("/account/messages", digest_at=wrong, quiet_from="22:00", quiet_until="06:00").status == 422, "no time: " + wrong)
    check(b.post("/account/messages", digest_at="07:00", quiet_from="07:00", quiet_until="06:00").status == 422, "nobody is quiet for a day")


def robots(s, h, tenant):
    b, home = Person(s, "office"), f"/t/{tenant}/messages"
    root = s.ask("GET", "/api/v1/me", "office").json["posts"][0]["org"]
    add = lambda **k: b.post(home + "/channel", **{"kind": "dingtalk", "unit": root, "name": "District", "lang": "en", "on_overdue": 1, **k})
    for url in ("https://evil.example/robot", "http://127.0.0.1/", "", "https://oapi.dingtalk.com.evil.example/x", ROBOT + "a b"):
        a = add(url=url)
        check(a.status == 422 and "District" in a.body.decode(), "no robot's address: " + url, a)
    a = add(url=ROBOT + TOKEN, secret=SECRET)
    check(a.status == 303, "a robot is added", a)
    check(add(url=ROBOT + TOKEN).status == 422, "not twice")
    page = b.get(home).body.decode()
    at = re.search(rf'href="({home}/\d+)"', page)[1]
    pages = page + b.get(at).body.decode() + b.get("/account").body.decode() + b.get(f"/t/{tenant}/setup").body.decode()
    pages += "".join(str(s.ask("GET", f"/api/v1/{tenant}/{l}", "office").body) for l in ("org", "hazard", "person"))
    check(SECRET not in pages and TOKEN not in pages, "its address and secret are shown nowhere")
    channel = at.rsplit("/", 1)[1]
    b.post(home + "/test", channel=channel)
    x = wait(lambda: h.got("http"))
    check(len(x) == 1 and "&sign=" in x[0]["path"] and "This is a test" in x[0]["body"], "it is asked, signed", x)
    check(b.post(home + "/channel", key=channel, name="Renamed", lang="zh", off=1).status == 303, "it is turned off")
    page = b.get(home).body.decode()
    check("Renamed" in page and f'value="{channel}"' not in page, "and offers no test", page[:0])
    for who in ("teacher", "manager", "principal"):
        p = Person(s, who)
        for x in (p.get(home), p.get(home + "/new"), p.get(at), p.post(home + "/test", channel=1), p.post(home + "/again", id=1),
                  p.post(home + "/channel", kind="wecom", unit=root, name="x", url="https://qyapi.weixin.qq.com/cgi-bin/x", lang="en")):
            check(x.status == 403, f"{who} has no business there", x)
    check(s.ask("GET", home).status in (303, 401), "nor has a stranger")
    check(SECRET not in "".join(s.log) and TOKEN not in "".join(s.log), "the log of the server holds neither")


def dead(s, h, tenant):
    b, home = Person(s, "office"), f"/t/{tenant}/messages"
    address(s, tenant, "office", "refuse.office@d.example")
    b.post(home + "/test", channel=1)
    wait(lambda: "given up" in sent(b.get(home + "?state=dead").body.decode()).replace("all given up", ""))
    page = b.get(home + "?state=dead").body.decode()
    check("SMTP 550" in page and "refused by the mail server" in page and "refuse.office" not in page, "a dead letter is visible", sent(page))
    text = s.ask("GET", "/metrics").body.decode()
    check(re.search(r"^anlan_messages_dead [1-9]", text, re.M) and re.search(r"^anlan_messages_waiting \d+$", text, re.M)
          and tenant not in text and set(re.findall(r"[{,](\w+)=", text)) == {"version", "engine", "le"}, "dead ones are counted, of no district and no kind apart", text)
    one = re.search(r'name="id" value="(\d+)"', page)[1]
    address(s, tenant, "office", "ok.later@d.example")
    check(b.post(home + "/again", id=one).status == 303, "and can be tried again")
    check(wait(lambda: [m for m in h.got("mail") if m["to"] == "ok.later@d.example"]), "then it arrives")
    check(b.post(home + "/again", id=one).status == 409, "but not twice")


def slow(s, tenant):
    """A mail server that says nothing: the pages do not wait for it."""
    b, home = Person(s, "office"), f"/t/{tenant}/messages"
    address(s, tenant, "office", "silent.office@d.example")
    took = lambda path: (time.monotonic(), b.get(path), time.monotonic())
    paths = (f"/t/{tenant}", f"/t/{tenant}/hazard")
    quiet = sorted(z - a for p in paths * 20 for a, _, z in [took(p)])
    b.post(home + "/test", channel=1)
    busy = sorted(z - a for p in paths * 20 for a, _, z in [took(p)])
    wrote = time.monotonic()
    a = s.ask("POST", f"/api/v1/{tenant}/hazard", "office",
              {"description": "x", "place_text": "y", "org": s.ask("GET", "/api/v1/me", "manager").json["posts"][0]["org"]})
    wrote = time.monotonic() - wrote
    check(a.status == 201 and wrote < 1, f"writing goes on: {wrote:.3f} s", a)
    check("not yet sent" in sent(b.get(home).body.decode()), "the mail is still under way", sent(b.get(home).body.decode()))
    check(busy[20] < 5 * quiet[20] + 0.05, f"pages stay fast: {quiet[20] * 1000:.1f} ms alone, {busy[20] * 1000:.1f} ms beside")


def copies(s, tenant):
    b = Person(s, "manager")
    page = b.get(f"/t/{tenant}/hazard").body.decode()
    grab = lambda page: re.search(r"<textarea readonly[^>]*>([^<]*)</textarea>", page)[1]
    text = grab(page)
    check(len(text.rsplit("\n", 1)[0]) <= 200 and text.endswith(f"https://anlan.example/t/{tenant}/hazard"), "a list for a chat", text)
    rows = text.split("\n")[1:-1]
    check(rows and all(re.search(r" · (due |\d+ days? late|late )", x) for x in rows), "a line has room for when it is due", rows)
    stranger = "校门口地砖松动"  # what the public wrote, and nobody at the school has looked at yet
    found = b.get(f"/t/{tenant}/hazard?source=public&state=reported").body.decode()
    check(stranger in found and stranger not in grab(found), "a list does not carry a stranger's words into a chat", grab(found))
    rec = next(x for x in s.ask("GET", f"/api/v1/{tenant}/hazard?source=public&state=reported", "manager").json["items"] if stranger in x["description"])
    hz = f"/hazard/{rec['id']}"
    a = s.ask("POST", f"/api/v1/{tenant}{hz}/not_hazard", "manager", {"rev": rec["rev"], "comment": "看过了"})
    for path in f"/t/{tenant}/hazard?source=public&state=not_hazard", f"/t/{tenant}{hz}":
        found = b.get(path).body.decode()
        check(a.status == 200 and stranger in found and stranger not in grab(found), "nor once they are ruled out: " + path, grab(found))
    org = s.ask("GET", "/api/v1/me", "manager").json["posts"][0]["org"]
    s.ask("POST", f"/api/v1/{tenant}/hazard", "manager", {"description": "stairs \u202egnp.exe", "place_text": "y", "org": org})
    text = grab(b.get(f"/t/{tenant}/hazard").body.decode())
    check("stairs gnp.exe · " in text, "a due date does not read backwards", text)
    at = re.search(rf'href="(/t/{tenant}/hazard/\d+)"', page)[1]
    text = grab(b.get(at).body.decode())
    check(len(text.rsplit("\n", 1)[0]) <= 200 and text.endswith("https://anlan.example" + at), "a record for a chat", text)
    text = grab(b.get(f"/t/{tenant}").body.decode())
    check(text.endswith(f"https://anlan.example/t/{tenant}"), "the board for a chat", text)
    text = t.pdf_text(b.get(f"/t/{tenant}/org/{org}/paper").body).decode()
    check(f"https://anlan.example/report/{tenant}/{org}" in text and "public-url" not in text, "a poster that can hang", text)
    a = b.get(at + "/picture")
    check(a.status == 200 and a.body.startswith(b"\x89PNG") and a.headers["Content-Type"] == "image/png", "as a picture", a.status)
    for more in "", "?state=open&sort=due", "?q=%E7%81%AD%E7%81%AB%E5%99%A8":
        a = b.get(f"/t/{tenant}/hazard.png" + more)
        check(a.status == 200 and a.body.startswith(b"\x89PNG"), "a list as a picture", a.status)
    board = b.get(f"/t/{tenant}").body.decode()
    pictures = set(re.findall(rf'href="(/t/{tenant}/[^"]*(?:\.png|/picture)[^"]*)"', board))
    check(f"/t/{tenant}/board.png" in pictures and any("news=" in x for x in pictures)
          and any("hazard.png?" in x for x in pictures), "the board, its news and what is due as pictures", pictures)
    for path in pictures:
        a = b.get(html.unescape(path))
        check(a.status == 200 and a.body.startswith(b"\x89PNG"), "a picture " + path, a.status)
    o = Person(s, "office")
    board = re.search(rf'href="(/t/{tenant}/programme/\d+)"', o.get(f"/t/{tenant}/programme?state=running").body.decode())
    for path in ("overview", "figures?quarter=year", "figures/found?quarter=year&grade=general", "causes", "compliance", "risks",
                 *([board[1].split("/", 3)[3] + "/board"] if board else [])):
        page = o.get(f"/t/{tenant}/{path}").body.decode()
        text = html.unescape(grab(page))
        words, link = text.rsplit("\n", 1)
        check(len(words) <= 200 and words.count("\n") > 1, f"{path}: a text for a chat", text)
        check(o.get(link.replace("https://anlan.example", "")).status == 200 and f"/{path.split('?')[0]}" in link, f"{path}: its link leads there", link)
        picture = html.unescape(re.search(r'<details class="more chat">.*?href="([^"]+)"', page, re.S)[1])
        a = o.get(picture)
        check(a.status == 200 and a.body.startswith(b"\x89PNG"), f"{path}: as a picture", (picture, a.status))
        check(stranger not in text, f"{path}: not a stranger's words", text)
    check(Person(s, "teacher").get(f"/t/{tenant}/figures.png").status == 403, "no picture of what one may not see")
    check(b.get(at + "/picture?news=dragon").status == 200, "news of a step that is none")
    check(b.get(f"/t/{tenant}/report.png").status in (403, 404), "not of what one may not read")
    check(Browser(s, "middle").get(at + "/picture").status == 404, "not for another school")


def main():
    exe = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory() as d:
        by_tls(exe, d)
        h = Held(d)
        s = Anlan(exe, os.path.join(d, "d"), "--smtp-url", f"smtp://127.0.0.1:{h.smtp}", "--smtp-plain", "yes", "--mail-from",
                  "anlan@d.example", "--chat-relay", f"http://127.0.0.1:{h.http}", "--public-url", "https://anlan.example",
                  "--message-seconds", "5")
        try:
            tenant = s.ask("GET", "/api/v1/me", "office").json["tenant"]
            address(s, tenant, "office", "ok.office@d.example")
            if link := mails(s, h, tenant):
                leaving(s, link, tenant)
                names_by_language(s, h, tenant)
                addresses_are_looked_at(s, tenant)
            robots(s, h, tenant)
            dead(s, h, tenant)
            copies(s, tenant)
            slow(s, tenant)
            check(not [x for x in s.log if "ERROR" in x.upper()], "no errors in the log", s.log)
        finally:
            began = time.monotonic()
            s.server.terminate()
            s.server.wait(20)
            check(time.monotonic() - began < 3, "stopping does not wait for a slow server")
            h.stop()
        for verb in ("verify",), ("rebuild", "--check"):
            p = s.run(*verb, "--data", s.data, code=None)
            check(p.returncode == 0, " ".join(verb), p)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
