#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""XMPP by way of a web server: signs on as alice, with PLAIN, and says TEXT to bob.

    xmpp_web.py bosh|websocket HOST PORT TEXT

BOSH is XEP-0124 and XEP-0206, WebSocket is RFC 7395 in RFC 6455. Prints "port N", its own.
"""

import base64
import http.client
import os
import re
import socket
import sys

PLAIN = base64.b64encode(b"\0alice\0secret").decode()
AUTH = f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{PLAIN}</auth>"
BIND = ("<iq xmlns='jabber:client' type='set' id='1'>"
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind></iq>")
MESSAGE = "<message xmlns='jabber:client' to='bob@im.test/home' type='chat'><body>%s</body></message>"


class Bosh:
    def __init__(self, host, port):
        self.http = http.client.HTTPConnection(host, port, timeout=10)
        self.http.connect()
        self.sock = self.http.sock
        self.rid, self.sid = 1000, ""

    def post(self, inside="", attributes=""):
        self.rid += 1
        sid = f" sid='{self.sid}'" if self.sid else ""
        self.http.request("POST", "/http-bind", (
            f"<body xmlns='http://jabber.org/protocol/httpbind' rid='{self.rid}'{sid}{attributes}>"
            f"{inside}</body>"), {"Host": "im.test", "Content-Type": "text/xml; charset=utf-8"})
        return self.http.getresponse().read().decode()

    def open(self):
        answer = self.post("", " to='im.test' wait='1' hold='1' ver='1.6' content='text/xml'"
                               " xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'")
        self.sid = re.search(r"sid=['\"]([^'\"]+)", answer)[1]

    def restart(self):
        self.post("", " to='im.test' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'")

    def ask(self, stanza, until):
        answer = self.post(stanza)
        while until not in answer:
            answer = self.post()

    def say(self, stanza):
        self.post(stanza)


class WebSocket:
    OPEN = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='im.test' version='1.0'/>"

    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port), timeout=10)
        self.held = b""
        self.sock.sendall(b"GET /xmpp-websocket HTTP/1.1\r\nHost: im.test\r\nUpgrade: websocket\r\n"
                          b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          b"Sec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Key: "
                          + base64.b64encode(os.urandom(16)) + b"\r\n\r\n")
        self.wait("\r\n\r\n")

    def wait(self, until):
        """What a server sends is not masked: its text can be looked for as it is."""
        while until.encode() not in self.held:
            more = self.sock.recv(4096)
            if not more:
                sys.exit(f"closed before {until}")
            self.held += more
        self.held = b""

    def say(self, text):
        payload, key = text.encode(), os.urandom(4)
        size = len(payload)
        head = bytes([0x81]) + (bytes([0x80 | size]) if size < 126 else
                                bytes([0xfe, size >> 8, size & 255]))
        self.sock.sendall(head + key + bytes(b ^ key[i & 3] for i, b in enumerate(payload)))

    def open(self):
        self.say(self.OPEN)
        self.wait("features>")

    restart = open

    def ask(self, stanza, until):
        self.say(stanza)
        self.wait(until)


def main():
    way, host, port, text = sys.argv[1:]
    stream = (Bosh if way == "bosh" else WebSocket)(host, int(port))
    print("port", stream.sock.getsockname()[1], flush=True)
    stream.open()
    stream.ask(AUTH, "success")
    stream.restart()
    stream.ask(BIND, "web")
    stream.say(MESSAGE % text)


if __name__ == "__main__":
    main()
