#!/usr/bin/env python3
"""Everything that shares state in the server, at once: drive.py BASE-URL ANLAN DATA. Prints how much was asked."""
import http.client
import json
import re
import subprocess
import sys
import threading
import urllib.parse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
base, exe, data = sys.argv[1:4]
host = urllib.parse.urlparse(base).netloc
bad, asked, lock = [], [0], threading.Lock()


def ask(method, path, body=None, headers=None, may=(200, 201, 303)):
    c = http.client.HTTPConnection(host, timeout=120)
    try:
        c.request(method, path, body.encode() if isinstance(body, str) else body, headers or {})
        r = c.getresponse()
        text = r.read().decode("utf-8", "replace")
        with lock:
            asked[0] += 1
            if r.status not in may:
                bad.append(f"{method} {path}: {r.status}")
        return r, text
    finally:
        c.close()


def form(**fields):
    return urllib.parse.urlencode(fields)


def sign_in(who, password="anlan-example", may=(303,)):
    r, _ = ask("POST", "/sign-in", form(login=who, password=password), FORM, may)
    cookie = next((c.split(";")[0] for c in r.headers.get_all("Set-Cookie") or [] if c.startswith("anlan=")), "")
    return {"Cookie": cookie}


def csrf(h):
    return re.search(r'name="csrf" value="([^"]+)"', ask("GET", "/account", headers=h)[1])[1]


def upload(path, h, name, text, key):
    b = (f'--XX\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{key}\r\n'
         f'--XX\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{text}\r\n--XX--\r\n')
    return ask("POST", path, b, {**h, "Content-Type": "multipart/form-data; boundary=XX"})


def imports(k):
    """Begun, looked at, stopped, gone on with, by two at a time."""
    h = sign_in("office")
    key = csrf(h)
    for i in range(3):
        rows = "序号,隐患内容,部位\r\n" + "".join(f"{n},race {k} {i} {n},place\r\n" for n in range(1500))
        r, _ = upload("/t/whitefun/hazard/import", h, "a.csv", rows, key)
        at = r.headers["Location"]
        ask("GET", at, headers=h)
        ask("POST", at, form(csrf=key, what="all"), {**h, **FORM}, (303, 503))
        for n in range(6):
            ask("GET", at, headers=h)
            if n == 2:
                ask("POST", at + "/cancel", form(csrf=key), {**h, **FORM})
        ask("POST", at, form(csrf=key, what="all"), {**h, **FORM}, (303, 409, 503))


def exports(k):
    h = sign_in("manager")
    for _ in range(4):
        for kind in "csv", "xlsx", "pdf":
            ask("GET", f"/t/whitefun/hazard.{kind}", headers=h, may=(200, 413))
        ask("GET", "/t/whitefun/brief.pdf", headers=h)


def public(k):
    """Reports by strangers, and how they stand."""
    for i in range(6):
        _, text = ask("GET", "/report/whitefun")
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        school = re.search(r'<option value="(\d+)"', text)
        if school:
            fields["org"] = school[1]
        r, text = ask("POST", "/report/whitefun", form(**{**fields, "description": f"race {k} {i}", "place_text": "x", "school": "x"}), FORM, (200, 303, 422, 429))
        ask("GET", "/receipt/" + "0" * 26, may=(404, 422, 429))
        ask("GET", "/t/whitefun/checkpoint", may=(200, 303, 404))
        ask("GET", "/log/whitefun/checkpoint", may=(200, 404))


def doors(k):
    """Signing in, failing to, and out again."""
    for i in range(8):
        h = sign_in(("teacher", "guard", "principal")[i % 3], may=(303, 429, 503))
        sign_in(f"nobody{k}", "wrong", (403, 429, 503))
        if h["Cookie"]:
            _, text = ask("GET", "/account", headers=h)
            m = re.search(r'name="csrf" value="([^"]+)"', text)
            if m:
                ask("POST", "/sign-out", form(csrf=m[1]), {**h, **FORM})


def tokens(k):
    """Made, used by two at once, and ended."""
    for i in range(3):
        p = subprocess.run([exe, "token", "add", "office", f"race{k}{i}", "--scopes", "read write", "--data", data],
                           capture_output=True, text=True, check=False, timeout=120)
        h = {"Authorization": "Bearer " + p.stdout.split()[-1]}
        both = [threading.Thread(target=lambda: [ask("GET", "/api/v1/whitefun/hazard", headers=h) for _ in range(4)]) for _ in range(2)]
        for x in both:
            x.start()
        _, text = ask("GET", "/api/v1/me", headers=h)
        org = json.loads(text)["posts"][0]["org"]
        ask("POST", "/api/v1/whitefun/hazard", json.dumps({"org": org, "description": f"race {k} {i}", "place_text": "x"}),
            {**h, "Content-Type": "application/json"})
        for x in both:
            x.join()


def watch(k):
    for _ in range(60):
        ask("GET", "/metrics", may=(200, 404))
        ask("GET", "/healthz", may=(200, 503))


def run(job, k):
    try:
        job(k)
    except Exception as e:  # what went wrong is what this is about
        with lock:
            bad.append(f"{job.__name__}: {e!r}")


def main():
    all_ = [threading.Thread(target=run, args=(job, k)) for k in range(2) for job in (imports, exports, public, doors, tokens, watch)]
    for x in all_:
        x.start()
    for x in all_:
        x.join()
    print(f"{asked[0]} requests by {len(all_)} clients")
    for line in sorted(set(bad))[:20]:
        print("failed:", line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
