#!/usr/bin/env python3
"""An installation without an example: from `anlan init` on, what a browser gets, without JavaScript."""
import html
import io
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import zipfile

import place
import test_api as t
from test_api import check
from test_backups import Copy

WORDS = "four words are good"


class Person:
    """Somebody with a browser: cookies, forms as they stand in a page."""

    def __init__(self, s, lang="en"):
        self.s, self.cookies, self.at, self.page = s, {"lang": lang}, "", ""

    def ask(self, method, path, fields=None):
        raw = urllib.parse.urlencode(fields).encode() if fields is not None else None
        head = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if raw is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        a = self.s.ask(method, path, raw=raw, headers=head)
        for one in a.headers.get_all("Set-Cookie") or [] if a.status else []:
            name, value = one.split(";")[0].split("=", 1)
            self.cookies[name] = value
        self.at, self.status, self.page = path, a.status, a.body.decode("utf-8", "replace")
        return a

    def get(self, path):
        a = self.ask("GET", path)
        while a.status == 303:
            a = self.ask("GET", a.headers["Location"])
        return a

    def fill(self, action, fields):
        """Send the form of the page that goes there; follow where it leads."""
        form = re.search(r'<form method="post" action="' + re.escape(action) + r'[^"]*"[^>]*>(.*?)</form>', self.page, re.S)
        if not check(form, f"a form to {action} at {self.at}", self.page[-900:]):
            return None
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
        where = html.unescape(re.search(r'action="([^"]*)"', form[0])[1])
        a = self.ask("POST", where, {**hidden, **fields})
        return self.get(a.headers["Location"]) if a.status == 303 else a

    def text(self):
        return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<(head|header|nav|footer).*?</\1>", "", self.page, flags=re.S)))

    def options(self, name):
        """What a list of the page offers: {words: value}."""
        box = re.search(rf'<select[^>]* name="{name}".*?</select>', self.page, re.S)
        return {html.unescape(k).strip(): v for v, k in re.findall(r'<option value="([^"]+)"[^>]*>(.*?)</option>', box[0])} if box else {}

    def made(self, action, fields, text):
        """Add a record by its form; its id."""
        self.get(action + "/new")
        self.fill(action, fields)
        m = re.search(action + r"/(\d+)\?done=1$", self.at)
        check(m, text, self.text())
        return m[1] if m else "0"


def enter(s, link, lang="en"):
    """Open a one-time link, set the password, sign in."""
    p = Person(s, lang)
    path = urllib.parse.urlsplit(link).path
    p.get(path)
    p.fill(path, {"password": WORDS})
    return p


def sign_in(s, login, lang="en"):
    p = Person(s, lang)
    p.get("/sign-in")
    p.fill("/sign-in", {"login": login, "password": WORDS})
    return p


def first_link(s, link):
    """The page says whose link it is; a password that will not do leaves it open; then one is in."""
    path = urllib.parse.urlsplit(link).path
    for lang, words in ("en", ("Administrator", "Sign-in name", "admin", "East District")), ("zh", ("登录名", "admin", "东区学区")):
        p = Person(s, lang)
        p.get(path)
        check(all(w in p.text() for w in words), "whose link it is, in " + lang, p.text())
    p.fill(path, {"password": "short"})
    check(p.status == 422 and 'name="password"' in p.page and "至少" in p.text(), "a short password comes back to its form", p.text())
    p.fill(path, {"password": "administrator"})
    check(p.status == 422, "a common one too", p.text())
    p.fill(path, {"password": WORDS})
    check(p.status == 200 and p.at.startswith("/t/east?done=10") and "密码已设好" in p.text() and "anlan" in p.cookies,
          "a good one is set, and the person is in", (p.at, p.text()))
    check(Person(s).get(path).status == 404, "the link is used up")
    check('class="who"' in sign_in(s, "admin").page, "and the password is the one to sign in with")


def one(offered, words):
    """The value of the one choice whose words begin so."""
    fit = [v for k, v in offered.items() if k.startswith(words)]
    return fit[0] if len(fit) == 1 else ""


def links(p):
    return [html.unescape(x) for x in re.findall(r'<a [^>]*href="([^"]*)"', p.page[p.page.find("<main"):p.page.find("</main>")])]


def nothing_yet(s, home):
    """An empty district says what to do next, to whom it may do it."""
    for lang, words in ("en", "There is no school yet"), ("zh", "还没有学校"):
        p = sign_in(s, "admin", lang)
        p.get(home)
        check(words in p.text() and home + "/org/new" in links(p) and home + "/calendar/new" in links(p), "the board, in " + lang, p.text())
    p = sign_in(s, "admin")
    p.get(home + "/place")
    check("Nothing here yet" in p.text() and home + "/place/new" in links(p), "an empty list leads to its form", p.text())
    p.get(home + "/hazard")
    check('It begins with "Report a hazard"' in p.text() and home + "/hazard/new" not in links(p), "or says who fills it", p.text())
    p.get(home + "/org/new")
    check(len(p.options("parent")) == 1 and "selected" in p.page and 'name="org"' not in p.page, "a school is asked once what it belongs to",
          p.options("parent"))


def who_holds_no_post(s, home, person):
    """Signs in, and reads whom to ask; the board of who sets up names the person."""
    p = sign_in(s, "admin")
    p.get(home)
    check(f"{home}/post/new?from={person}" in links(p) and f"{home}/person/{person}#s-link" in links(p), "what is missing for a person", links(p))
    p.get(f"{home}/post/new?from={person}")
    check(f'<option value="{person}" selected>' in p.page, "the form of the post is about the person", p.options("person"))
    p.get(f"{home}/person/{person}")
    p.fill(f"{home}/person/{person}/link", {})
    q = enter(s, re.search(r"https?://\S+/once/[0-9a-f]{64}", p.page)[0])
    check("You hold no post here yet" in q.text(), "an empty board says why", q.text())
    p.get(home)
    check(f"{home}/person/{person}#s-link" not in links(p), "a password that was set is not asked for any more", links(p))


def people(s, home):
    """Who was entered a moment ago can be given a post, and named as head."""
    p = sign_in(s, "admin")
    p.get(home + "/org/new")
    root = next(iter(p.options("parent").values()))
    school = p.made(home + "/org", {"org": root, "name_en": "Hill School", "name_zh": "山上小学", "kind": "central_primary", "parent": root,
                                    "code": "HILL"}, "a school is added")
    other = p.made(home + "/org", {"org": root, "name_en": "Lake School", "name_zh": "湖边小学", "kind": "village_primary", "parent": root},
                   "and another")
    wang = p.made(home + "/person", {"org": school, "name": "王芳", "login": "wang"}, "a person is added")
    zhao = p.made(home + "/person", {"org": other, "name": "赵平", "login": "zhao"}, "and one of the other school")
    gone = p.made(home + "/person", {"org": school, "name": "钱走", "login": "gone"}, "and one who leaves again")
    p.fill(f"{home}/person/{gone}/end", {})
    p.get(f"{home}/post/new?org={school}")
    offered = p.options("person")
    check({wang, zhao} <= set(offered.values()), "both can be given a post", offered)
    check(gone not in offered.values(), "who has left cannot", offered)
    check(list(offered.values())[0] == wang and "(wang)" in list(offered)[0], "the school's own stand first, with their sign-in names", offered)
    check(any("赵平" in k and "Lake School" in k for k in offered), "others with their school", offered)
    check("admin" in " ".join(p.options("person")), "an administrator can be given another post, too", offered)
    p.get(f"{home}/org/{school}")
    check(wang in p.options("head").values(), "who holds no post yet can be named as legal representative", p.options("head"))
    p.made(home + "/post", {"org": school, "person": wang, "role": "principal"}, "the first post of somebody")
    p.get(f"{home}/post/new?org={school}")
    check(one(p.options("person"), "王芳") == wang, "who holds one can be given another", p.options("person"))
    p.get(f"{home}/person/{wang}")
    p.fill(f"{home}/person/{wang}/link", {})
    link = re.search(r"https?://\S+/once/[0-9a-f]{64}", p.page)
    check(link and "<svg" in p.page and "data-copy" in p.page and "wang" in p.text() and f"{home}/person/{wang}" in p.page,
          "a link for her: to be copied, as a QR code, with her sign-in name and the way back", p.text())
    check("public-url is not set" in p.text(), "that it opens here alone, where no address was set", p.text())
    p.get(home)
    check("public-url" in p.text(), "the administrator's board says so, too", p.text())
    p.made(home + "/place", {"org": school, "name_en": "Gate", "name_zh": "大门", "kind": "area"}, "a place is added")
    return school, other, wang, zhao


def paper(p, path):
    pdf = p.ask("GET", path).body
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True).stdout.decode()


def renamed(s, home, school):
    """The district's new name stands everywhere at once; the log keeps the old one as what it was."""
    p, zh = sign_in(s, "admin"), sign_in(s, "admin", "zh")
    p.get(home + "/org")
    root = min(int(x) for x in re.findall(home + r"/org/(\d+)", p.page))
    p.made(home + "/person", {"org": root, "name": "Officer", "login": "officer"}, "an officer")
    post = p.made(home + "/post", {"org": root, "person": max(p.get(home + "/post/new") and p.options("person").values(), key=int),
                                   "role": "district_officer"}, "with a post")
    check(post != "0", "of the district")
    p.get(f"{home}/org/{root}")
    p.fill(f"{home}/org/{root}/edit", {"name_en": "Two Rivers District", "name_zh": "两江学区", "kind": "district"})
    check("done=1" in p.at, "the district is renamed", p.text())
    for who, name in (p, "Two Rivers District"), (zh, "两江学区"):
        who.get(home)
        check(f'class="tenant">{name}<' in who.page, "the head of a page", re.findall('class="tenant">[^<]*', who.page))
        who.get("/about")
        check(name in who.text(), "the list of logs", who.text())
        for path in "/org.pdf", "/person.pdf":
            check(name in paper(who, home + path).replace("\n", ""), "a list on paper " + path, paper(who, home + path)[:200])
        book = zipfile.ZipFile(io.BytesIO(who.ask("GET", home + "/org.xlsx").body))
        check(name in "".join(book.read(x).decode() for x in book.namelist() if x.endswith(".xml")), "a workbook")
    public = Person(s)
    public.get("/report/east")
    check("Two Rivers District" in public.page, "the public's door")
    check("两江学区  Two Rivers District" in s.run("district", "list", "--data", s.data).stdout, "the command line")
    check(s.run("verify", "--data", s.data, code=None).returncode == 0, "and the log agrees")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    exe = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory() as d:
        s = Copy.__new__(Copy)
        s.exe, s.data, s.tokens = exe, os.path.join(d, "d"), {}
        made = t.Anlan.run(s, "init", "--data", s.data, "--code", "east", "--name", "East District", "--name-zh", "东区学区",
                           "--origin", "east.example/log", *place.options()).stdout
        s.serve()
        try:
            first_link(s, re.search(r"https?://\S+", made)[0])
            nothing_yet(s, "/t/east")
            school, _, _, zhao = people(s, "/t/east")
            who_holds_no_post(s, "/t/east", zhao)
            renamed(s, "/t/east", school)
        finally:
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
