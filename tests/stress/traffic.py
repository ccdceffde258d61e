# SPDX-License-Identifier: GPL-2.0-only
"""Traffic that a policy refuses and traffic that it lets through, and what became of each.

traffic.py serve FILE		IRC on 7001, XMPP on 7002; FILE: the IRC bytes that arrived
traffic.py talk HOST STOP OUT	until the file STOP is there; then the counts, as JSON, in OUT

IRC is to be reset at its first payload, always; the XMPP connections stay open and go to and fro.
"""
import json
import os
import socket
import sys
import threading

STREAM = (b"<?xml version='1.0'?><stream:stream to='im.test' xmlns='jabber:client' "
          b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
GREETING = b"NICK bob\r\nUSER bob 0 * :Bob\r\n"
TALKERS = 4


def echo(stream):
    try:
        while data := stream.recv(4096):
            stream.sendall(data)
    except OSError:
        pass


def swallow(stream, path):
    try:
        while data := stream.recv(4096):
            with open(path, "a", encoding="ascii") as out:
                out.write(f"{len(data)}\n")
            stream.sendall(b":irc.test 001 bob :Welcome\r\n")
    except OSError:
        pass


def accept(port, serve):
    with socket.create_server(("::", port), family=socket.AF_INET6, backlog=128,
                              dualstack_ipv6=True) as listener:
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def read_exactly(stream, count):
    while count:
        data = stream.recv(count)
        if not data:
            raise ConnectionError("closed")
        count -= len(data)


def talk(host, stop, counts):
    try:
        with socket.create_connection((host, 7002), timeout=20) as stream:
            message = STREAM
            while not os.path.exists(stop):
                stream.sendall(message)
                read_exactly(stream, len(message))
                message = b"<message to='a@im.test'><body>hello</body></message>"
                counts["echoes"] += 1
    except OSError as error:
        counts["broken"].append(str(error))


def knock(host, stop, counts):
    while not os.path.exists(stop):
        try:
            with socket.create_connection((host, 7001), timeout=20) as stream:
                stream.sendall(GREETING)
                counts["passed" if stream.recv(100) else "closed"] += 1
        except ConnectionResetError:
            counts["reset"] += 1
        except OSError as error:
            counts["broken"].append(str(error))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "serve":
        threading.Thread(target=accept, args=(7002, echo), daemon=True).start()
        accept(7001, lambda stream: swallow(stream, sys.argv[2]))
    if len(sys.argv) != 5 or sys.argv[1] != "talk":
        sys.exit(__doc__)
    host, stop, out = sys.argv[2:]
    counts = {"echoes": 0, "passed": 0, "closed": 0, "reset": 0, "broken": []}
    threads = [threading.Thread(target=talk, args=(host, stop, counts)) for _ in range(TALKERS)]
    threads.append(threading.Thread(target=knock, args=(host, stop, counts)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open(out, "w", encoding="ascii") as text:
        json.dump(counts, text)


main()
