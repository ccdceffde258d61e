#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Two ends that talk: an echo server, and a client that counts what comes back.

talk.py server ADDR PORT
talk.py client ADDR PORT [--opening xmpp|irc|plain] [--messages N] [--pause MS] [--limit S]

The client ends with 0 when all its bytes came back in time, 1 when not; its last
line says "sent N, back N, END" where END is ok, reset, timeout or refused.
"""

import argparse
import socket
import sys
import threading
import time

OPENINGS = {
    "xmpp": b"<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' "
            b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
    "irc": b"NICK alice\r\nUSER alice 0 * :Alice\r\n",
    "plain": b"\x00\x01\x02\x03 nothing that anyone speaks \xff\xfe\r\n",
}
MESSAGE = b"<message to='bob@example.org'><body>message %06d</body></message>"


def echo(connection):
    with connection:
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            pass


def server(args):
    family = socket.AF_INET6 if ":" in args.addr else socket.AF_INET
    with socket.create_server((args.addr, args.port), family=family,
                              dualstack_ipv6=args.addr == "::") as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=echo, args=(connection,), daemon=True).start()


class Client:
    def __init__(self, args):
        self.args = args
        self.sent = self.back = 0
        self.end = "ok"

    def exchange(self, connection, data):
        connection.sendall(data)
        self.sent += len(data)
        while self.back < self.sent:
            got = connection.recv(65536)
            if not got:
                raise ConnectionResetError("closed")
            self.back += len(got)

    def run(self):
        try:
            with socket.create_connection((self.args.addr, self.args.port),
                                          timeout=self.args.limit) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.exchange(connection, OPENINGS[self.args.opening])
                for i in range(self.args.messages):
                    self.exchange(connection, MESSAGE % i)
                    time.sleep(self.args.pause / 1000)
        except ConnectionRefusedError:
            self.end = "refused"
        except TimeoutError:
            self.end = "timeout"
        except OSError:
            self.end = "reset"
        print(f"sent {self.sent}, back {self.back}, {self.end}", flush=True)
        return 0 if self.end == "ok" else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=("server", "client"))
    parser.add_argument("addr")
    parser.add_argument("port", type=int)
    parser.add_argument("--opening", choices=OPENINGS, default="xmpp")
    parser.add_argument("--messages", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0)
    parser.add_argument("--limit", type=float, default=5)
    args = parser.parse_args()
    if args.role == "server":
        return server(args)
    return Client(args).run()


if __name__ == "__main__":
    sys.exit(main())
