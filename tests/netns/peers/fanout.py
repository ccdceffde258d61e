#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""IRC connections to many peers, one after the other, each open until the end.

fanout.py PORT ADDRESS...

Each says an opening and waits for its echo. Then, once all have been tried, those that
had one say something more. The last line is "began N, refused N, go on N".
"""

import socket
import sys

OPENING = b"NICK alice\r\nUSER alice 0 * :Alice\r\n"
LIMIT_S = 20


def says(connection, what):
    """Does it come back?"""
    got = b""
    try:
        connection.sendall(what)
        while len(got) < len(what):
            part = connection.recv(4096)
            if not part:
                return False
            got += part
    except OSError:
        return False
    return True


def main():
    port, open_ones, refused = int(sys.argv[1]), [], 0
    for address in sys.argv[2:]:
        connection = socket.create_connection((address, port), timeout=LIMIT_S)
        if says(connection, OPENING):
            open_ones.append(connection)
        else:
            refused += 1
    go_on = sum(says(connection, b"PING 1\r\n") for connection in open_ones)
    print(f"began {len(open_ones)}, refused {refused}, go on {go_on}")


if __name__ == "__main__":
    main()
