#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A client that begins in clear and starts TLS, or does not, and an IRC server that can.

upgrade.py xmpp ADDR PORT tls|clear|sasl2	logs in as alice; RFC 6120 5 and 6
upgrade.py irc ADDR PORT tls|clear|pipelined	registers; IRCv3 tls
upgrade.py serve-irc PORT CERT KEY		answers CAP, STARTTLS, NICK

Prints how far a client came, as words, and how it ended: ok or reset.
"""

import base64
import socket
import ssl
import sys
import threading

LIMIT = 15
OPEN = (b"<?xml version='1.0'?><stream:stream to='im.test' xmlns='jabber:client' "
        b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
AUTH = (b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>"
        % base64.b64encode(b"\0alice\0secret"))
SASL2 = b"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>"
STARTTLS = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


class Talk:
    """A connection, and the words for how far it came."""

    def __init__(self, addr, port):
        self.words = []
        self.sock = socket.create_connection((addr, port), timeout=LIMIT)

    def say(self, data, *wanted):
        """Sends, and reads until one of what is wanted has come."""
        got = b""
        self.sock.sendall(data)
        while not any(word in got for word in wanted):
            part = self.sock.recv(65536)
            if not part:
                raise ConnectionResetError("closed")
            got += part
        return got

    def upgrade(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock)
        self.words.append("tls")


def xmpp(talk, how):
    talk.say(OPEN, b"</stream:features>")
    talk.words.append("features")
    if how == "tls":
        talk.say(STARTTLS, b"<proceed")
        talk.upgrade()
        talk.say(OPEN, b"</stream:features>")
    talk.say(SASL2 if how == "sasl2" else AUTH, b"<success")
    talk.words.append("login")


def irc(talk, how):
    nick = b"NICK alice\r\nUSER alice 0 * :Alice\r\n"
    if how == "pipelined":
        talk.say(b"CAP LS 302\r\n" + nick, b" 001 ")
    else:
        talk.say(b"CAP LS 302\r\n", b" CAP ")
        talk.words.append("capabilities")
    if how == "tls":
        talk.say(b"STARTTLS\r\n", b" 670 ")
        talk.upgrade()
    if how != "pipelined":
        talk.say(nick + b"CAP END\r\n", b" 001 ")
    talk.words.append("login")


def client(role, addr, port, how):
    words = []
    try:
        talk = Talk(addr, int(port))
        words = talk.words
        {"xmpp": xmpp, "irc": irc}[role](talk, how)
        words.append("ok")
    except ConnectionResetError:
        words.append("reset")
    except TimeoutError:
        words.append("timeout")
    print(*words)


def serve_one(sock, context):
    try:
        data = b""
        while True:
            while b"\r\n" not in data:
                part = sock.recv(4096)
                if not part:
                    return
                data += part
            line, data = data.split(b"\r\n", 1)
            if line.startswith(b"CAP LS"):
                sock.sendall(b":irc.im.test CAP * LS :tls\r\n")
            elif line == b"STARTTLS":
                sock.sendall(b":irc.im.test 670 * :STARTTLS successful\r\n")
                sock = context.wrap_socket(sock, server_side=True)
            elif line.startswith(b"NICK"):
                sock.sendall(b":irc.im.test 001 alice :Welcome\r\n")
    except OSError:
        pass
    finally:
        sock.close()


def serve_irc(port, cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with socket.create_server(("::", int(port)), family=socket.AF_INET6,
                              dualstack_ipv6=True) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve_one, args=(sock, context), daemon=True).start()


if __name__ == "__main__":
    if sys.argv[1] == "serve-irc":
        serve_irc(*sys.argv[2:])
    else:
        client(*sys.argv[1:])
