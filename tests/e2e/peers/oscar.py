#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""An OSCAR login server for the tests, which no package of Debian is, and a client for IPv6.

oscar.py serve PORT LOG     accept logins; a line "login SCREENNAME" in LOG for each
oscar.py login HOST PORT SCREENNAME   sign on; exit 0 when the server answered the login

FLAP framing, channel 1 sign-on, SNAC 17/06 (key request), 17/07 (key), 17/02 (login with MD5)
and 17/03 (answer) as OSCAR clients from AIM 4 and ICQ 2000 on send them.
"""
import hashlib
import socket
import struct
import sys
import threading

KEY = b"1234567890"


def flap(channel, sequence, data):
    return struct.pack(">BBHH", 0x2A, channel, sequence & 0xFFFF, len(data)) + data


def snac(family, subtype, data):
    return struct.pack(">HHHI", family, subtype, 0, 0) + data


def tlv(kind, data):
    return struct.pack(">HH", kind, len(data)) + data


def read_exactly(stream, count):
    data = b""
    while len(data) < count:
        piece = stream.recv(count - len(data))
        if not piece:
            raise ConnectionError("closed")
        data += piece
    return data


def read_flap(stream):
    marker, channel, _, length = struct.unpack(">BBHH", read_exactly(stream, 6))
    if marker != 0x2A:
        raise ConnectionError("not FLAP")
    return channel, read_exactly(stream, length)


def find_tlv(data, wanted):
    while len(data) >= 4:
        kind, length = struct.unpack(">HH", data[:4])
        if kind == wanted:
            return data[4:4 + length]
        data = data[4 + length:]
    return b""


def talk(stream, log):
    with stream:
        try:
            stream.sendall(flap(1, 1, struct.pack(">I", 1)))
            read_flap(stream)
            read_flap(stream)
            stream.sendall(flap(2, 2, snac(0x17, 7, struct.pack(">H", len(KEY)) + KEY)))
            name = find_tlv(read_flap(stream)[1][10:], 1).decode("ascii", "replace")
            with open(log, "a", encoding="ascii") as out:
                out.write(f"login {name}\n")
            stream.sendall(flap(2, 3, snac(0x17, 3, tlv(1, name.encode()) +
                                           tlv(5, b"10.88.0.2:21") + tlv(6, b"cookie"))))
        except OSError:
            pass


def serve(port, log):
    with socket.create_server(("::", port), family=socket.AF_INET6,
                              dualstack_ipv6=True) as listener:
        while True:
            stream, _ = listener.accept()
            threading.Thread(target=talk, args=(stream, log), daemon=True).start()


def login(host, port, name):
    with socket.create_connection((host, port), timeout=6) as stream:
        stream.sendall(flap(1, 1, struct.pack(">I", 1)))
        read_flap(stream)
        stream.sendall(flap(2, 2, snac(0x17, 6, tlv(1, name.encode()))))
        answer = read_flap(stream)[1][10:]
        key = answer[2:2 + struct.unpack(">H", answer[:2])[0]]
        digest = hashlib.md5(key + b"secret" + b"AOL Instant Messenger (SM)").digest()
        stream.sendall(flap(2, 3, snac(0x17, 2, tlv(1, name.encode()) + tlv(0x25, digest) +
                                       tlv(3, b"AOL Instant Messenger, version 5.1/WIN32"))))
        if not find_tlv(read_flap(stream)[1][10:], 5):
            raise ConnectionError("no BOS address")
    print("signed on")


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "serve":
        serve(int(sys.argv[2]), sys.argv[3])
    elif len(sys.argv) == 5 and sys.argv[1] == "login":
        try:
            login(sys.argv[2], int(sys.argv[3]), sys.argv[4])
        except OSError as error:
            sys.exit(f"oscar: {error}")
    else:
        sys.exit(__doc__)


main()
