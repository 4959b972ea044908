#!/usr/bin/env python3
"""The nginx block that README gives, as it stands there: size, host, who asks, HTTPS and HSTS."""
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import test_api as t
from test_api import Anlan, check, png

HOST = "anlan.baile.example"
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def block(d, anlan, tls, plain):
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        text = f.read().split("<!-- nginx -->")[1]
    for old, new in (("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"), ("listen 80;", f"listen 127.0.0.1:{plain};"),
                     ("/etc/ssl/anlan.pem", d + "/cert.pem"), ("/etc/ssl/private/anlan.key", d + "/key.pem"),
                     ("127.0.0.1:8470", f"127.0.0.1:{anlan}")):
        check(text.count(old) == 1, f"README's block has {old} once", text)
        text = text.replace(old, new)
    return re.sub(r"\n\s*listen \[::\][^\n]*", "", text)


def ask(port, method, path, body=None, headers=None, secure=True):
    # from an address that is not the proxy's own
    k = {"timeout": 60, "source_address": ("127.0.0.2", 0)}
    c = (http.client.HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context(), **k) if secure
         else http.client.HTTPConnection("127.0.0.1", port, **k))
    c.request(method, path, body, {"Host": HOST, **(headers or {})})
    r = c.getresponse()
    return t.Answer(r.status, r.headers, r.read())


def asked(s, tls, plain):
    a = ask(tls, "GET", "/sign-in")
    check(a.status == 200 and a.headers["Strict-Transport-Security"] == "max-age=31536000", "HTTPS, and browsers stay with it", a)
    a = ask(plain, "GET", "/sign-in?to=/t/whitefun", secure=False)
    check(a.status == 301 and a.headers["Location"] == f"https://{HOST}/sign-in?to=/t/whitefun", "from HTTP to HTTPS, whole", a)
    a = ask(tls, "GET", "/")
    check(a.status in (302, 303) and a.headers["Location"].startswith("/"), "leads stay on the host", a)
    me = {"Authorization": "Bearer " + s.token("manager")}
    tenant = s.ask("GET", "/api/v1/me", "manager").json["tenant"]

    def form_of(mb):
        return (b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
                + png(1) + b"\0" * (mb << 20) + b"\r\n--XX--\r\n")

    a = ask(tls, "POST", f"/api/v1/{tenant}/files", form_of(30), {**me, "Content-Type": "multipart/form-data; boundary=XX"})
    check(a.status != 413 and "json" in a.headers["Content-Type"], "30 MB reach Anlan, which answers itself", a)
    a = ask(tls, "POST", f"/api/v1/{tenant}/files", form_of(60), {**me, "Content-Type": "multipart/form-data; boundary=XX"})
    check(a.status == 413 and a.json["code"] == "too_large", "what is too large is refused in Anlan's words", a)
    # limits count for whoever asks: guesses from one address slow no other
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(12):
        a = ask(tls, "POST", "/sign-in", b"login=manager&password=wrong", {**form, "X-Forwarded-For": "203.0.113.7"})
    check(a.status in (403, 429, 503, 422), "guessing ends", a)
    check("from=127.0.0.2" in "".join(x for x in s.log if "sign-in-failed" in x), "the proxy adds the address that it sees", s.log[-3:])


def main():
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    with tempfile.TemporaryDirectory() as d:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=" + HOST,
                        "-keyout", d + "/key.pem", "-out", d + "/cert.pem"], check=True, capture_output=True)
        tls, plain = free_port(), free_port()
        s = Anlan(os.path.realpath(sys.argv[1]), os.path.join(d, "d"), "--public-url", f"https://{HOST}", "--trusted-proxy", "127.0.0.1")
        with open(d + "/nginx.conf", "w", encoding="utf-8") as f:
            f.write(f"daemon off; pid {d}/pid; error_log {d}/error.log;\nevents {{}}\nhttp {{ access_log off;\n"
                    + "".join(f"{x}_temp_path {d}/{x};\n" for x in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
                    + block(d, s.port, tls, plain) + "}\n")
        p = subprocess.Popen([nginx, "-p", d, "-c", d + "/nginx.conf"], stderr=subprocess.PIPE, text=True)
        try:
            for _ in range(200):
                with socket.socket() as c:
                    if c.connect_ex(("127.0.0.1", tls)) == 0:
                        break
                time.sleep(.05)
            check(p.poll() is None, "nginx takes the block", p.poll() is not None and p.stderr.read())
            asked(s, tls, plain)
        finally:
            p.terminate()
            p.wait(20)
            s.server.terminate()
            s.server.wait(20)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed > 0


if __name__ == "__main__":
    sys.exit(main())
