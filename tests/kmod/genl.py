# SPDX-License-Identifier: GPL-2.0-only
"""The module's netlink family in plain Python: enough for tests to ask who is who."""
import socket
import struct

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 16, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
STATUS_GET, PROCESS_GET = 1, 9
A_STATUS, A_PROCESS = 6, 7
STATUS = ("version epoch sockets sockets_max processes processes_max asked unowned lost_full "
          "lost_memory events events_lost hooks policies").split()
PROCESS = "handle pid start_ns uid gid comm exe cgroup alive decisions".split()


def attr(kind, payload):
    data = struct.pack("=HH", 4 + len(payload), kind) + payload
    return data + b"\0" * (-len(data) % 4)


def attrs(data):
    at = 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        yield kind & 0x3fff, data[at + 4:at + size]
        at += (size + 3) & ~3


def number(data):
    return int.from_bytes(data, "little")


def named(data, names, texts):
    """The attributes of a nest by name: numbers, or strings for those in texts."""
    out = {}
    for kind, value in attrs(data):
        if 1 <= kind <= len(names):
            name = names[kind - 1]
            out[name] = value.rstrip(b"\0").decode() if name in texts else number(value or b"\1")
    return out


class Family:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.seq = 0
        reply = self.ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, attr(2, b"imtc\0"))
        self.id = number(dict(attrs(reply[0]))[1])

    def ask(self, family, command, payload=b"", flags=NLM_F_ACK):
        """Attributes of each message that answers."""
        self.seq += 1
        body = struct.pack("=BBH", command, 1, 0) + payload
        self.sock.send(struct.pack("=IHHII", 16 + len(body), family, NLM_F_REQUEST | flags,
                                   self.seq, 0) + body)
        found = []
        while True:
            data = self.sock.recv(1 << 17)
            while data:
                size, kind, _, seq, _ = struct.unpack_from("=IHHII", data)
                message, data = data[16:size], data[(size + 3) & ~3:]
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    error = struct.unpack_from("=i", message)[0] if message else 0
                    if error:
                        raise OSError(-error, f"command {command} refused")
                    return found
                found.append(message[4:])

    def processes(self):
        out = {}
        for message in self.ask(self.id, PROCESS_GET, flags=NLM_F_DUMP):
            p = named(dict(attrs(message))[A_PROCESS], PROCESS, ("comm", "exe", "cgroup"))
            out[p["handle"]] = p
        return out

    def status(self):
        message = self.ask(self.id, STATUS_GET)[0]
        return named(dict(attrs(message))[A_STATUS], STATUS, ("version",))
