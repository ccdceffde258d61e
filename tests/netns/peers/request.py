#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Talks that ask for a feature, and a server that says what of it arrived.

request.py serve PORT				TCP and UDP
request.py client ADDR PORT KIND[:CUT]...	KIND: irc, long, chat, oscar, sip, sip-udp

CUT: the request goes in two segments, the second from that byte of it on. Prints for each kind
"sent" (as it was), "scrubbed" (all that was to be written over, and nothing else), "reset", "silence",
or what came.
"""

import concurrent.futures
import fcntl
import socket
import struct
import sys
import termios
import threading
import time

LIMIT = 4


def flap(channel, data):
    return struct.pack(">BBHH", 0x2A, channel, 7, len(data)) + data


def tlv(kind, data):
    return struct.pack(">HH", kind, len(data)) + data


def oscar():
    """A file is proposed in an ICBM of channel 2, between two messages of channel 1."""
    uuid = bytes.fromhex("094613434c7f11d18222444553540000")
    block = struct.pack(">H", 0) + b"cookie12" + uuid + tlv(10, b"\0\1") + \
        tlv(3, bytes([10, 77, 1, 1])) + tlv(5, struct.pack(">H", 5190))
    icbm = struct.pack(">HHHI", 4, 6, 0, 1) + b"cookie12" + struct.pack(">HB", 2, 3) + b"bob"
    talk = flap(2, struct.pack(">HHHI", 4, 6, 0, 1) + b"cookie34" + struct.pack(">HB", 1, 3) +
                b"bob" + tlv(2, b"hello"))
    before = flap(1, struct.pack(">I", 1) + tlv(1, b"alice")) + talk
    return before, flap(2, icbm + tlv(5, block)), talk, uuid, bytes(16)


def irc(filler):
    before = b"NICK alice\r\nUSER alice 0 * :Alice\r\n"
    talk = b"PRIVMSG bob :hello\r\n"
    offer = b"PRIVMSG bob :\x01DCC SEND plan.pdf 172884225 5000 1024\x01\r\n"
    return before, talk * filler + offer + talk * filler, talk, b"\x01DCC ", b"-----"


def chat():
    before, _, talk, _, _ = irc(0)
    return before, b"PRIVMSG bob :\x01DCC CHAT chat 172884225 5000\x01\r\n", talk, b"", b""


def sip(media):
    body = (b"v=0\r\no=- 1 1 IN IP4 10.77.1.1\r\ns=-\r\nc=IN IP4 10.77.1.1\r\nt=0 0\r\n"
            b"m=audio 40001 RTP/AVP 0\r\nm=video 40003 RTP/AVP 34\r\n")
    head = (b"sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/TCP 10.77.1.1;branch=z9hG4bK7\r\n"
            b"From: <sip:alice@im.test>;tag=7\r\nTo: <sip:bob@im.test>\r\nCall-ID: 7\r\n")
    invite = b"INVITE " + head + b"CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n" \
        b"Content-Length: %d\r\n\r\n" % len(body) + body
    message = b"MESSAGE " + head + b"CSeq: 2 MESSAGE\r\nContent-Type: text/plain\r\n" \
        b"Content-Length: 5\r\n\r\nhello"
    old, new = (b"m=%s 4000%d" % media, b"m=%s 00000" % media[:1])
    return message, invite, message, old, new


KINDS = {
    "irc": lambda: irc(0), "long": lambda: irc(600), "chat": chat, "oscar": oscar,
    "sip": lambda: sip((b"video", 3)), "sip-udp": lambda: sip((b"video", 3)),
}


def serve_one(sock):
    got = b""
    try:
        with sock:
            sock.settimeout(3 * LIMIT)
            while part := sock.recv(65536):
                got += part
            sock.sendall(got.hex().encode())
    except OSError:
        pass


def serve(port):
    datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    datagrams.bind(("::", port))
    listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)

    def answer():
        while True:
            data, peer = datagrams.recvfrom(65536)
            datagrams.sendto(data.hex().encode(), peer)

    threading.Thread(target=answer, daemon=True).start()
    while True:
        threading.Thread(target=serve_one, args=(listener.accept()[0],), daemon=True).start()


def wait_acked(sock):
    """Until all that was sent has arrived: what follows is a segment of its own (SIOCOUTQ)."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if not struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0]:
            return
        time.sleep(0.002)


def by_stream(addr, port, parts, cut):
    request = parts[1]
    cuts = [request] if cut is None else [request[:cut], request[cut:]]
    sock = socket.create_connection((addr, port), timeout=LIMIT)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for part in [parts[0], *cuts, parts[2]]:
        sock.sendall(part)
        wait_acked(sock)
    sock.shutdown(socket.SHUT_WR)
    got = b""
    while part := sock.recv(65536):
        got += part
    return bytes.fromhex(got.decode())


def by_datagrams(addr, port, parts):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    got = b""
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(LIMIT)
        for part in parts[:3]:
            sock.sendto(part, (addr, port))
            got += bytes.fromhex(sock.recv(65536).decode())
    return got


def ask(addr, port, kind, cut):
    parts = KINDS[kind]()
    sent = b"".join(parts[:3])
    try:
        if kind.endswith("-udp"):
            got = by_datagrams(addr, port, parts)
        else:
            got = by_stream(addr, port, parts, cut)
    except TimeoutError:
        return "silence"
    except OSError:
        return "reset"
    if got == sent:
        return "sent"
    return "scrubbed" if got == sent.replace(parts[3], parts[4]) else str(got)


def client(addr, port, kinds):
    asked = [kind.partition(":") for kind in kinds]
    with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
        print(*pool.map(lambda k: ask(addr, int(port), k[0], int(k[2]) if k[2] else None), asked))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    else:
        client(sys.argv[2], sys.argv[3], sys.argv[4:])
