#!/usr/bin/env python3
"""HTML of every role through the Nu validator: no errors; ids are one of a kind and labels lead to their fields.

	pages.py ANLAN JAR [EACH]	EACH: pages of one address pattern a role (1); 0: all that are found"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "api"))
from test_api import Anlan  # noqa: E402
from test_pictures import Browser  # noqa: E402

SAMPLE = "office", "admin", "manager", "principal", "teacher", "guard", "inspector", "auditor"
PUBLIC = "/sign-in", "/about", "/api", "/receipt", "/report/whitefun", "/privacy/whitefun", "/t/whitefun/log"


def pattern(path):
    """Which template, and which state of it: a step's form, a filter, a tab are others."""
    path, _, query = path.partition("?")
    names = sorted(x.split("=")[0] for x in query.split("&") if x)
    return re.sub(r"\d{3,}|[0-9a-f]{16,}", "N", path) + "?" + "&".join(names)


def crawl(get, todo, each):
    """All pages that links lead to, so many of each pattern."""
    seen, kinds = set(), collections.Counter()
    todo = collections.deque(todo)
    while todo:
        path = todo.popleft()
        if path in seen or (each and kinds[pattern(path)] >= each):
            continue
        seen.add(path)
        kinds[pattern(path)] += 1
        a = get(path)
        if a.status in (301, 302, 303):
            todo.append(a.headers["Location"])
        elif "text/html" in (a.headers.get("Content-Type") or ""):
            yield path, a.body
            for link in re.findall(rb'href="(/[^"#]*)', a.body):
                link = link.decode().replace("&amp;", "&")
                if not link.startswith(("/static", "/sign-out")):
                    todo.append(link)


def everybody(s):
    page = s.ask("GET", "/sign-in").body.decode()
    return re.findall(r'name="login" value="([^"]+)"', page) or SAMPLE


def main():
    exe, jar, each = os.path.realpath(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as d:
        s = Anlan(exe, d + "/d")
        pages, at = d + "/pages", {}
        os.mkdir(pages)

        def keep(who, path, body):
            name = f"{len(at)}.html"
            at[name] = f"{who} {path}"
            with open(f"{pages}/{name}", "wb") as f:
                f.write(body)

        try:
            for path, body in crawl(lambda p: s.ask("GET", p), PUBLIC, each):
                keep("nobody", path, body)
            for i, who in enumerate(SAMPLE if each else everybody(s)):
                b = Browser(s, who, ("en", "zh")[i % 2])
                for path, body in crawl(b.get, ["/"], each):
                    keep(who, path, body)
        finally:
            s.server.terminate()
            s.server.wait(20)
        p = subprocess.run(["java", "-jar", jar, "--format", "json", "--skip-non-html", pages], capture_output=True, text=True, check=False)
        wrong = [m for m in json.loads(p.stderr)["messages"] if m["type"] != "info"]
        kinds = collections.defaultdict(list)
        for m in wrong:
            kinds[re.sub("“[^”]*”", "…", m["message"])].append(m)
        for kind, all_of in kinds.items():
            first = all_of[0]
            print(f'{len(all_of)} × {kind} {at[os.path.basename(first["url"])]}: {first["message"]} {first.get("extract", "")[:200]!r}')
        print(f"{len(at)} pages, {len(wrong)} errors")
        if len(at) < 200:
            print("too few pages were found: the crawl is broken")
        return bool(wrong) or len(at) < 200


if __name__ == "__main__":
    sys.exit(main())
