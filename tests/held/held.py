#!/usr/bin/env python3
"""A mail server, chat robots and an SMS gateway that are held in the hand: good ones, slow ones, hostile ones.

	held.py LOG [CERT KEY]

Prints "SMTP HTTP" ports, then writes one JSON line to LOG for whatever arrives, until its standard input ends. How
it behaves is the first word of the address: grey.1@x is greylisted once, then taken.  With CERT it offers STARTTLS.
HELD_SHUT=N: the first N who come are greeted with 421.
"""
import json
import os
import re
import socketserver
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
seen = {}
shut = int(os.environ.get("HELD_SHUT", "0"))
out = open(sys.argv[1], "a", buffering=1)
tls = None
if len(sys.argv) > 2:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])


def log(**k):
    with lock:
        out.write(json.dumps(k, ensure_ascii=False) + "\n")


def times(key):
    """How often it was tried before."""
    with lock:
        n = seen.get(key, 0)
        seen[key] = n + 1
    return n


class Smtp(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text if isinstance(text, bytes) else text.encode() + b"\r\n")
        self.wfile.flush()

    def handle(self):
        try:
            self.talk()
        except (OSError, ValueError):
            pass

    def talk(self):
        if shut and times("greeting") < shut:
            return self.say("421 4.3.2 too busy")
        self.say("220 held")
        to, how, secure, first = "", "", False, 0
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").strip()
            verb = text[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.say(b"250-held\r\n" + (b"250-STARTTLS\r\n" if tls and not secure else b"") + b"250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n")
            elif verb == "STAR":
                self.say("220 go on")
                self.connection = tls.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile, secure = self.connection.makefile("rb"), self.connection.makefile("wb"), True
            elif verb == "AUTH":
                log(what="auth", secure=secure)
                if len(text.split()) < 3:
                    self.say("334 ")
                    self.rfile.readline()
                self.say("235 ok")
            elif verb == "RCPT":
                to = re.sub(r".*<(.*)>.*", r"\1", text)
                how = re.split(r"[.@]", to)[0]
                first = times(to)
                log(what="rcpt", to=to)
                if how == "grey" and first == 0:
                    self.say("451 4.7.1 come back later, " + to)
                elif how == "refuse":
                    self.say("550 5.1.1 no such reader: " + to)
                elif how == "busy" and first < 2:
                    self.say("421 4.3.2 shutting down")
                    return
                elif how == "garbage" and first == 0:
                    self.say(b"\x00\xff\xfe{}\r\nwhat?\r\n")
                    return
                elif how == "silent" and first == 0:
                    time.sleep(6)
                    return
                else:
                    self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if how == "close" and first == 0:
                    return
                data = b""
                while (l := self.rfile.readline()) not in (b".\r\n", b""):
                    data += l
                log(what="mail", to=to, data=data.decode("utf-8", "replace"), secure=secure)
                if how == "late" and first == 0:
                    return  # it was taken, but nobody was told
                self.say("552 too much" if how == "full" else "250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        how = re.search(r"(?:access_token=|key=|v2/hook/|how=)([a-z0-9]+)", self.path)
        how = how[1] if how else "ok"
        first = times(self.path.split("&")[0])
        log(what="http", how=how, path=self.path, body=body, type=self.headers.get("Content-Type"))
        code = 0
        if how == "limit" and first == 0:
            return self.answer(429, b"slow down", {"Retry-After": "7"})
        if how == "redirect":
            return self.answer(302, b"", {"Location": f"http://127.0.0.1:{self.server.server_port}/cgi-bin/?key=stolen"})
        if how == "garbage" and first == 0:
            return self.answer(200, b"\xff\xfe<html>")
        if how == "huge" and first == 0:
            return self.answer(200, b"{" + b" " * 1000000 + b"}")
        if how == "close" and first == 0:
            self.close_connection = True
            return None
        if how == "silent" and first == 0:
            time.sleep(6)
            self.close_connection = True
            return None
        if how == "broken" and first == 0:
            return self.answer(500, b"oops")
        if how == "fast" and first == 0:
            code = 130101
        if how == "bad":
            code = 310000
        return self.answer(200, json.dumps({"errcode": code, "errmsg": "token=secret", "code": code}).encode())

    do_GET = do_POST

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for k, v in (headers or {}).items():
            self.send_header(k, v)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


smtp, http = Server(("127.0.0.1", 0), Smtp), ThreadingHTTPServer(("127.0.0.1", 0), Http)
http.daemon_threads = True
for s in smtp, http:
    s.handle_error = lambda *a: None  # who breaks off is no news here
    threading.Thread(target=s.serve_forever, daemon=True).start()
print(smtp.server_address[1], http.server_address[1], flush=True)
sys.stdin.read()
