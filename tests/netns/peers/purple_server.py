#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Servers for libpurple's clients, as far as a client needs to sign on and to say something.

    purple_server.py serve ADDRESS PORT       IRC, SIMPLE, Sametime and GroupWise, all at one port:
                                              by the client's first byte it is seen which
    purple_server.py gadu ADDRESS PORT        Gadu-Gadu, and at port 80 the web page that tells
                                              its clients where to go
    purple_server.py tls ADDRESS PORT CERTIFICATE TO TO-PORT
                                              ends TLS, and passes on what was inside

Prints what it is told: "SERVICE heard TEXT". Answers it with "and hello to you", in IRC, SIMPLE and
Gadu-Gadu; of Sametime and GroupWise it knows as much as that a talk is begun.
"""

import re
import socket
import ssl
import struct
import sys
import threading
import time

ANSWER = b"and hello to you"


def heard(service, what):
    print(service, "heard", what.decode(errors="replace"), flush=True)


def take(s, n):
    got = b""
    while len(got) < n:
        part = s.recv(n - len(got))
        if not part:
            raise EOFError
        got += part
    return got


# --- IRC --------------------------------------------------------------------------------------
def irc(s):
    nick = b"alice"
    for line in s.makefile("rb"):
        word, _, rest = line.strip().partition(b" ")
        if word == b"NICK":
            nick = rest.lstrip(b":")
        elif word == b"USER":
            s.sendall(b":irc.test 001 %s :Welcome\r\n:irc.test 376 %s :End\r\n" % (nick, nick))
        elif word == b"PING":
            s.sendall(b":irc.test PONG irc.test %s\r\n" % rest)
        elif word == b"PRIVMSG":
            heard("irc", rest.partition(b":")[2])
            s.sendall(b":bob!bob@lab PRIVMSG %s :%s\r\n" % (nick, ANSWER))


# --- SIMPLE (RFC 3261, RFC 3428) ----------------------------------------------------------------
def nudge(s):
    """Blank lines (RFC 5626 3.5.1): of messages that come together libpurple takes one, and the next
    when more comes."""
    try:
        while True:
            time.sleep(0.2)
            s.sendall(b"\r\n\r\n")
    except OSError:
        pass


def sip(s):
    threading.Thread(target=nudge, args=(s,), daemon=True).start()
    head = b""
    while True:
        head += take(s, 1)
        if not head.endswith(b"\r\n\r\n"):
            continue
        lines = head.strip().split(b"\r\n")
        head = b""
        fields = [line.partition(b":") for line in lines[1:]]
        length = [int(value) for name, _, value in fields if name.lower() == b"content-length"]
        body = take(s, length[0] if length else 0)
        if lines[0].startswith((b"SIP/2.0", b"ACK")):
            continue
        kept = (b"via", b"from", b"to", b"call-id", b"cseq", b"contact")
        answer = [line + (b";tag=lab" if line.lower().startswith(b"to:") and b"tag=" not in line else b"")
                  for line in lines[1:] if line.partition(b":")[0].lower() in kept]
        s.sendall(b"\r\n".join([b"SIP/2.0 200 OK"] + answer +
                               [b"Expires: 600", b"Content-Length: 0", b"", b""]))
        if not lines[0].startswith(b"MESSAGE"):
            continue
        heard("sip", body)
        s.sendall(b"\r\n".join([
            b"MESSAGE sip:alice@lab.test SIP/2.0", b"Via: SIP/2.0/TCP 10.77.1.2;branch=z9hG4bKlab",
            b"From: <sip:bob@lab.test>;tag=lab", b"To: <sip:alice@lab.test>", b"Call-ID: lab",
            b"CSeq: 1 MESSAGE", b"Content-Type: text/plain",
            b"Content-Length: %d" % len(ANSWER), b"", ANSWER]))


# --- Sametime: messages of a length, a type, options, a channel -----------------------------------
def sametime(s):
    def string(what):
        return struct.pack(">H", len(what)) + what

    def send(kind, body):
        s.sendall(struct.pack(">IHHI", 8 + len(body), kind, 0, 0) + body)

    while True:
        first = take(s, 1)
        if first[0] & 0x80:     # keeps the connection
            continue
        length, = struct.unpack(">I", first + take(s, 3))
        message = take(s, length)
        kind, = struct.unpack(">H", message[:2])
        if kind == 0x0000:      # handshake: version 1e.17, which knows no keys to agree on
            send(0x8000, struct.pack(">HHI", 0x1e, 0x17, 0))
        elif kind == 0x0001:    # login: who it is, no privacy list, available
            who = string(b"login") + struct.pack(">H", 0x1700)
            who += string(b"alice") + string(b"Alice") + string(b"lab") + b"\0"
            send(0x8001, who + struct.pack(">BI", 0, 0) + struct.pack(">HI", 0x20, 0) + string(b""))
        elif kind == 0x0002:    # a channel
            user, = struct.unpack(">H", message[16:18])
            at = 18 + user
            at += 2 + struct.unpack(">H", message[at:at + 2])[0]
            heard("sametime", b"of a channel for %x" % struct.unpack(">I", message[at:at + 4]))


# --- GroupWise: requests as HTTP's, answers of fields ----------------------------------------------
def groupwise(s):
    def field(kind, tag, value):
        return struct.pack("<BBI", kind, 0, len(tag) + 1) + tag + b"\0" + value

    def string(tag, value):
        return field(10, tag, struct.pack("<I", len(value) + 1) + value + b"\0")

    def array(tag, one):
        return field(9, tag, struct.pack("<I", 1) + one)

    request = b""
    while True:
        request += take(s, 1)
        found = re.match(rb"POST /(\w+) HTTP/1.0\r\n(?:.+\r\n)*\r\n(&.*)\r\n$", request)
        if not found:
            continue
        request = b""
        command, fields = found.groups()
        answer = string(b"NM_A_SZ_RESULT_CODE", b"0")
        number = re.search(rb"NM_A_SZ_TRANSACTION_ID&cmd=\d+&val=(\d+)", fields)
        answer += string(b"NM_A_SZ_TRANSACTION_ID", number[1] if number else b"1")
        if command == b"getdetails":
            answer += array(b"NM_A_FA_RESULTS", string(b"NM_A_SZ_DN", b"CN=bob"))
        elif command == b"createconf":
            heard("groupwise", b"of a conference")
        s.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + answer + b"\0")


# --- Gadu-Gadu 11: packets of a type, a length and fields of protocol buffers ------------------------
def field_of(body, wanted):
    """The bytes of a field that has a length; numbers before it are passed over."""
    at = 0
    while at < len(body):
        tag, at = body[at], at + 1
        if tag & 7 == 2:
            if tag >> 3 == wanted:
                return body[at + 1:at + 1 + body[at]]
            at += 1 + body[at]
        elif tag & 7 == 5:
            at += 4
        else:
            while body[at] & 0x80:
                at += 1
            at += 1
    return b""


def gadu(s):
    def send(kind, body=b""):
        s.sendall(struct.pack("<II", kind, len(body)) + body)

    send(0x0001, struct.pack("<I", 0x1234))
    while True:
        kind, length = struct.unpack("<II", take(s, 8))
        body = take(s, length)
        if kind == 0x0083:      # login: who it is, the time
            send(0x009d, b"\x08\1\x12\0\x18\1\x25\0\0\0\0")
        elif kind == 0x007d:    # a message: its answer is from whom it was for
            heard("gadu-gadu", field_of(body, 5))
            peer = field_of(body, 1)
            send(0x007e, b"\x0a" + bytes([len(peer)]) + peer + b"\x10\x08\x18\1\x25\0\0\0\0" +
                 b"\x2a" + bytes([len(ANSWER)]) + ANSWER)


def hub(address, port):
    def tell(s):
        request = b""
        while b"\r\n\r\n" not in request:
            request += take(s, 1)
        s.sendall(b"HTTP/1.0 200 OK\r\n\r\n0 0 %s:%d %s\r\n" % (address, port, address))
        s.close()
    listen("", 80, tell)


# --- who is it? ---------------------------------------------------------------------------------
def first_byte(s):
    first = s.recv(1, socket.MSG_PEEK)
    if first == b"\0":
        return sametime(s)
    if first == b"R":
        return sip(s)
    return groupwise(s) if s.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL) == b"POST " else irc(s)


def end_tls(certificate, to):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def one_way(source, sink):
        try:
            while part := source.recv(4096):
                sink.sendall(part)
        except OSError:
            pass
        # Whoever ends: both are told.
        for s in (source, sink):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def talk(s):
        inner = context.wrap_socket(s, server_side=True)
        outer = socket.create_connection(to)
        threading.Thread(target=one_way, args=(outer, inner), daemon=True).start()
        one_way(inner, outer)
    return talk


def listen(address, port, talk):
    def run(s):
        try:
            talk(s)
        except (EOFError, OSError):
            pass
        s.close()
    listener = socket.create_server((address, port))
    while True:
        threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()


def main():
    kind, address, port, *rest = sys.argv[1:]
    port = int(port)
    if kind == "serve":
        listen(address, port, first_byte)
    elif kind == "gadu":
        threading.Thread(target=hub, args=(address.encode(), port), daemon=True).start()
        listen(address, port, gadu)
    elif kind == "tls":
        listen(address, port, end_tls(rest[0], (rest[1], int(rest[2]))))


main()
