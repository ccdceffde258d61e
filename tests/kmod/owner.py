#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Who owns a flow, asked of the module packet by packet (tests/kmod/owner.bpf.c),
against who really acted. Prints TAP. Needs root, and a machine to itself: it
makes two namespaces behind veths, and loads and unloads imtc.ko.
"""
import ctypes
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

from genl import Family

PORT = 5222
XDP, INGRESS, EGRESS = 1, 2, 3
HOOKS = {XDP: "XDP", INGRESS: "tc ingress", EGRESS: "tc egress"}
AGAIN = 1
HOST4, A4, HOST6, A6 = "10.77.1.1", "10.77.1.2", "fd77:1::1", "fd77:1::2"
HOSTB4, B4 = "10.77.2.1", "10.77.2.2"
BPF = "/sys/fs/bpf/imtc-owner-test"
MPTCP = 262
SLOW = float(os.environ.get("IMTC_SLOW", "1"))
libc = ctypes.CDLL(None, use_errno=True)
results = {"count": 0, "failed": 0}
children = []


def result(good, name, *details):
    results["count"] += 1
    print(f"{'ok' if good else 'not ok'} {results['count']} - {name}", flush=True)
    if not good:
        results["failed"] += 1
        for line in details:
            print(f"# {line}", flush=True)


def run(command):
    subprocess.run(["bash", "-ec", command], check=True)


def until(condition, seconds=10):
    end = time.monotonic() + seconds * SLOW
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    return condition()


def enter(namespace):
    """Moves this process to a network namespace; None: stays."""
    if namespace:
        with open(f"/run/netns/{namespace}") as f:
            if libc.setns(f.fileno(), 0x40000000):
                raise OSError(ctypes.get_errno(), "setns")


class Process:
    """A forked process that runs body(self); both ends talk lines over a socket pair."""

    def __init__(self, body, namespace=None):
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        self.link = ours if self.pid else theirs
        if self.pid:
            theirs.close()
            children.append(self.pid)
            return
        ours.close()
        status = 1
        try:
            enter(namespace)
            body(self)
            status = 0
        except Exception as e:  # the parent must not go on as two
            print(f"# process: {e!r}", flush=True)
        finally:
            os._exit(status)

    def say(self, line=""):
        self.link.sendall(line.encode() + b"\n")

    def hear(self):
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.link], [], [], 30 * SLOW)
            byte = self.link.recv(1) if ready else b""
            if not byte:
                raise RuntimeError("no word from the other process")
            line += byte
        return line[:-1].decode()

    def end(self):
        """Waits until the process is gone."""
        self.link.close()
        os.waitpid(self.pid, 0)
        children.remove(self.pid)


def stream(address, protocol=0):
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                         socket.SOCK_STREAM, protocol)


def connect(address, protocol=0):
    s = stream(address, protocol)
    s.connect((address, PORT))
    return s


def echo(process):
    """
    Answers whatever comes, over TCP, MPTCP and UDP, IPv4 and IPv6. By UDP: "late" is answered
    after a while, "push" makes it speak on each connection.
    """
    servers = {stream("0.0.0.0"), stream("::", MPTCP)}
    for server in servers:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if server.family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        else:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        server.bind(("::" if server.family == socket.AF_INET6 else "0.0.0.0", PORT))
        server.listen(64)
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    udp.bind(("::", PORT))
    open_sockets = servers | {udp}
    process.say("ready")
    while True:
        for s in select.select(list(open_sockets), [], [])[0]:
            if s in servers:
                open_sockets.add(s.accept()[0])
            elif s is udp:
                data, peer = s.recvfrom(2048)
                if data == b"late":
                    time.sleep(0.3 * SLOW)
                if data == b"push":
                    for stream_socket in open_sockets - servers - {udp}:
                        stream_socket.send(b"pushed")
                s.sendto(b"pong", peer)
            else:
                try:
                    if s.recv(2048):
                        s.sendall(b"pong")
                        continue
                except OSError:
                    pass
                open_sockets.discard(s)
                s.close()


def answers(device):
    out = subprocess.run(["bpftool", "-j", "map", "dump", "pinned", f"{BPF}/{device}/maps/answers"],
                         capture_output=True, check=True).stdout
    found = {}
    for entry in json.loads(out or "[]"):
        key = bytes(int(b, 16) for b in entry["key"])
        value = bytes(int(b, 16) for b in entry["value"])
        port, hook, from_client = struct.unpack("=HBB", key)
        owner, epoch, asked, error, verdict, reason, flags, calls = struct.unpack_from(
            "=QIIiBBBB", value)
        found[port, hook, from_client] = {
            "owner": owner, "epoch": epoch, "asked": asked, "error": error, "verdict": verdict,
            "reason": reason, "flags": flags, "calls": calls}
    return found


def expect(name, device, port, hook, from_client, pid, flags=0, **facts):
    """The last packet of that kind was answered with this process. flags None: either way."""
    key = (port, hook, from_client)
    wanted = dict(facts, pid=pid)
    seen = {}

    def good():
        a = answers(device).get(key)
        seen["answer"] = a
        if not a or a["error"]:
            return False
        seen["process"] = p = Family().processes().get(a["owner"], {})
        return flags in (None, a["flags"]) and all(p.get(k) == v for k, v in wanted.items())

    result(until(good, 3), f"{name}: {HOOKS[hook]}, {'from' if from_client else 'to'} the client",
           f"want {wanted}, flags {flags}", f"got {seen}")


def speaker(make, then=None):
    """A client process: connects by make(), says its port, sends, waits for the answer."""
    def body(process):
        s = make()
        s.settimeout(30 * SLOW)
        s.send(b"ping")
        process.say(str(s.getsockname()[1]))
        s.recv(16)
        process.say("answered")
        process.hear()
        if then:
            then(process, s)
    return body


def start_client(make, namespace=None, then=None):
    client = Process(speaker(make, then), namespace)
    port = int(client.hear())
    client.hear()
    return client, port


# --- cases ---------------------------------------------------------------------------------


def case_connect():
    for name, address, protocol in (("TCP", A4, 0), ("TCP over IPv6", A6, 0), ("MPTCP", A6, MPTCP)):
        client, port = start_client(lambda: connect(address, protocol))
        for hook, from_client in ((EGRESS, 1), (INGRESS, 0), (XDP, 0)):
            expect(name, "a0", port, hook, from_client, client.pid)
        client.say()
        client.end()


def case_fast_open():
    def make():
        s = stream(A4)
        s.sendto(b"ping", socket.MSG_FASTOPEN, (A4, PORT))
        return s
    # The first one fetches the cookie, the second sends in its SYN.
    for name in ("TCP Fast Open, no cookie yet", "TCP Fast Open"):
        client, port = start_client(make)
        expect(name, "a0", port, EGRESS, 1, client.pid)
        client.say()
        client.end()


def case_udp():
    def sendto(address, data):
        def body(process):
            s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                              socket.SOCK_DGRAM)
            s.sendto(data, (address, PORT))
            process.say(str(s.getsockname()[1]))
        return body
    for name, address in (("UDP sendto, then exit", A4), ("UDP over IPv6, then exit", A6)):
        client = Process(sendto(address, b"late"))
        port = int(client.hear())
        client.end()
        expect(name, "a0", port, EGRESS, 1, client.pid)
        # The answer comes when nobody is there any more.
        expect(name, "a0", port, XDP, 0, client.pid)


def case_gone():
    def body(process):
        s = connect(A4)
        s.send(b"ping")
        process.say(str(s.getsockname()[1]))
        os._exit(0)
    client = Process(body)
    port = int(client.hear())
    client.end()
    expect("TCP, process gone", "a0", port, EGRESS, 1, client.pid)


def case_passed():
    ours, theirs = socket.socketpair()

    def second(process):
        _, fds, _, _ = socket.recv_fds(theirs, 16, 1)
        process.hear()
        with socket.socket(fileno=fds[0]) as s:
            s.send(b"mine")
            process.say()
            process.hear()
            with open("/etc/passwd", "rb") as f:
                os.sendfile(s.fileno(), f.fileno(), 0, 64)
            process.say()
            process.hear()

    def first(process):
        s = connect(A4)
        s.send(b"ping")
        socket.send_fds(ours, [b"x"], [s.fileno()])
        process.say(str(s.getsockname()[1]))
        process.hear()
        s.send(b"mine again")
        process.say()
        process.hear()

    taker, giver = Process(second), Process(first)
    port = int(giver.hear())
    expect("descriptor passed, not used yet", "a0", port, EGRESS, 1, giver.pid)
    taker.say()
    taker.hear()
    expect("descriptor passed and used", "a0", port, EGRESS, 1, taker.pid)
    giver.say()
    giver.hear()
    expect("descriptor passed, the giver speaks", "a0", port, EGRESS, 1, giver.pid)
    taker.say()
    taker.hear()
    expect("descriptor passed, sendfile", "a0", port, EGRESS, 1, taker.pid)
    for p in (taker, giver):
        p.say()
        p.end()


def case_exec():
    def then(process, s):
        s.set_inheritable(True)
        process.link.set_inheritable(True)
        link = process.link.fileno()
        os.execv("/bin/sh", ["sh", "-c",
                             f"echo mine >&{s.fileno()}; echo >&{link}; read x <&{link}"])
    client, port = start_client(lambda: connect(A4), then=then)
    expect("before exec", "a0", port, EGRESS, 1, client.pid, exe=os.path.realpath(sys.executable))
    client.say()
    client.hear()
    expect("after exec", "a0", port, EGRESS, 1, client.pid, exe=os.path.realpath("/bin/sh"),
           comm="sh")
    client.say()
    client.end()


def case_setuid():
    def then(process, s):
        os.setgid(1234)
        os.setuid(4321)
        s.send(b"mine")
        process.say()
        process.hear()
    client, port = start_client(lambda: connect(A4), then=then)
    expect("as root", "a0", port, EGRESS, 1, client.pid, uid=0, gid=0)
    client.say()
    client.hear()
    expect("after setuid", "a0", port, EGRESS, 1, client.pid, uid=4321, gid=1234)
    client.say()
    client.end()


def case_accept():
    def child(server):
        def body(process):
            process.hear()
            s, _ = server.accept()
            process.say()
            process.hear()
            s.send(b"pong")
            process.say()
            process.hear()
        return body

    def parent(process):
        server = stream(HOST4)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HOST4, PORT))
        server.listen(8)
        accepter = Process(child(server))
        process.say(str(accepter.pid))
        for _ in range(2):
            process.hear()
            accepter.say()
            accepter.hear()
            process.say()
        process.hear()
        accepter.say()
        accepter.end()

    def client_body(process):
        s = connect(HOST4)
        s.send(b"ping")
        process.say(str(s.getsockname()[1]))
        while process.hear():
            s.send(b"more")
            process.say()

    server = Process(parent)
    accepter = int(server.hear())
    client = Process(client_body, "imtc-a")
    port = int(client.hear())
    expect("not accepted yet", "a0", port, XDP, 1, server.pid, AGAIN)
    expect("not accepted yet", "a0", port, INGRESS, 1, server.pid, AGAIN)
    server.say()
    server.hear()
    client.say("more")
    client.hear()
    expect("accepted by a forked child", "a0", port, XDP, 1, accepter)
    server.say()
    server.hear()
    expect("answered by a forked child", "a0", port, EGRESS, 0, accepter)
    server.say()
    server.end()
    client.say("")
    client.end()


def case_namespace():
    def bound():
        s = stream(B4)
        s.setsockopt(socket.SOL_SOCKET, 25, b"a1\0")  # SO_BINDTODEVICE
        s.connect((B4, PORT))
        return s

    for name, make in (("behind a veth", lambda: connect(B4)),
                       ("behind a veth, bound to a device", bound)):
        client, port = start_client(make, "imtc-a")
        for device, hook, from_client in (("a0", XDP, 1), ("a0", INGRESS, 1), ("b0", EGRESS, 1)):
            expect(f"{name}, {device}", device, port, hook, from_client, client.pid)
        client.say()
        client.end()

    def udp(process):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b"ping", (B4, PORT))
        process.say(str(s.getsockname()[1]))
    client = Process(udp, "imtc-a")
    port = int(client.hear())
    client.end()
    expect("UDP behind a veth", "a0", port, XDP, 1, client.pid)


def case_answer_translated():
    """An answer from outside: nobody here sent it, only conntrack knows whose it is."""
    port = PORT + 1
    set_port("b0", port)

    def ask(process):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b"ping", (B4, port))
        process.say(str(s.getsockname()[1]))
        process.hear()

    def forge(process):
        to = int(process.hear())
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        udp = struct.pack("!HHHH", port, to, 12, 0) + b"pong"
        raw.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                               socket.inet_aton(B4), socket.inet_aton(HOSTB4)) + udp, (HOSTB4, 0))
    client, outside = Process(ask, "imtc-a"), Process(forge, "imtc-b")
    client_port = int(client.hear())
    expect("UDP behind masquerading", "b0", client_port, EGRESS, 1, client.pid)
    outside.say(str(client_port))
    expect("answer to UDP behind masquerading", "b0", client_port, XDP, 0, client.pid)
    client.say()
    for p in (client, outside):
        p.end()
    set_port("b0", PORT)


def case_translated(server_in_a):
    run("nft -f - <<EOF\n"
        "table ip imtc_test {\n"
        " chain out { type nat hook postrouting priority 100; oifname b0 masquerade; }\n"
        " chain in { type nat hook prerouting priority -100;"
        f" iifname b0 tcp dport {PORT} dnat to {A4}; }}\n"
        "}\nEOF")
    client, port = start_client(lambda: connect(B4), "imtc-a")
    expect("behind masquerading", "b0", port, EGRESS, 1, client.pid)
    client.say()
    client.end()
    case_answer_translated()

    # What a container engine does: a proxy listens on the host, the packets go past it.
    def proxy(process):
        server = stream(HOSTB4)
        server.bind((HOSTB4, PORT))
        server.listen(8)
        process.say()
        process.hear()
    listener = Process(proxy)
    listener.hear()
    client, port = start_client(lambda: connect(HOSTB4), "imtc-b")
    # The server may not have accepted yet when the first packet came.
    expect("published port", "b0", port, XDP, 1, server_in_a.pid, flags=None)
    expect("published port", "b0", port, EGRESS, 0, server_in_a.pid)
    for p in (client, listener):
        p.say()
        p.end()
    run("nft delete table ip imtc_test")


def start_older():
    """Processes and sockets that are there before the module."""
    server = Process(echo, "imtc-a")
    server.hear()

    def idle(process):
        s = connect(A4)
        process.say(str(s.getsockname()[1]))
        process.hear()
        s.send(b"ping")
        process.say()
        process.hear()

    def receive(process):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((HOST4, PORT))
        process.say()
        process.hear()

    client, receiver = Process(idle), Process(receive)
    port = int(client.hear())
    receiver.hear()
    return server, client, port, receiver


def case_older(older):
    """Found by the sweep alone: nobody acts on these sockets before their packets come."""
    _, client, port, receiver = older

    def send(address, data):
        def body(process):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.sendto(data, (address, PORT))
            process.say(str(s.getsockname()[1]))
        return body
    sender = Process(send(HOST4, b"ping"), "imtc-a")
    udp_port = int(sender.hear())
    sender.end()
    expect("UDP receiver older than the module", "a0", udp_port, XDP, 1, receiver.pid)
    sender = Process(send(A4, b"push"))
    sender.hear()
    sender.end()
    expect("connection older than the module", "a0", port, XDP, 0, client.pid)
    client.say()
    client.hear()
    expect("connection older than the module, speaks", "a0", port, EGRESS, 1, client.pid)
    for p in (client, receiver):
        p.say()
        p.end()


# --- the lab -------------------------------------------------------------------------------


def network_up():
    for name, device, host, inside in (("imtc-a", "a", HOST4, A4), ("imtc-b", "b", HOSTB4, B4)):
        run(f"ip netns add {name};"
            f"ip link add {device}0 type veth peer name {device}1 netns {name};"
            f"ip addr add {host}/24 dev {device}0; ip link set {device}0 up;"
            f"ip -n {name} addr add {inside}/24 dev {device}1; ip -n {name} link set {device}1 up;"
            f"ip -n {name} link set lo up; ip -n {name} route add default via {host}")
    run(f"ip addr add {HOST6}/64 dev a0 nodad; ip -n imtc-a addr add {A6}/64 dev a1 nodad;"
        "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.tcp_fastopen=3;"
        "ip netns exec imtc-a sysctl -qw net.ipv4.tcp_fastopen=3")


def set_port(device, port):
    run(f"bpftool map update pinned {BPF}/{device}/maps/settings key 0 0 0 0 "
        f"value {port & 255} {port >> 8} 0 0")


def attach(device):
    run(f"mkdir -p {BPF}/{device};"
        f"bpftool prog loadall build/bpf/owner.bpf.o {BPF}/{device}/programs "
        f"pinmaps {BPF}/{device}/maps;"
        f"tc qdisc add dev {device} clsact;"
        f"tc filter add dev {device} egress bpf da pinned {BPF}/{device}/programs/owner_egress;"
        f"tc filter add dev {device} ingress bpf da pinned {BPF}/{device}/programs/owner_ingress;"
        f"ip link set {device} xdpgeneric pinned {BPF}/{device}/programs/owner_xdp")
    set_port(device, PORT)


def detach(device):
    run(f"ip link set {device} xdpgeneric off; tc qdisc del dev {device} clsact;"
        f"rm -r {BPF}/{device}")


def unload(module):
    return subprocess.run(["rmmod", module], capture_output=True, text=True)


def main():
    ko = sys.argv[1]
    network_up()
    older = start_older()
    run(f"insmod {ko}")
    for device in ("a0", "b0"):
        attach(device)
    refused = unload("imtc")
    result(refused.returncode != 0 and "in use" in refused.stderr,
           "the module cannot be unloaded while programs use it", refused.stderr)

    server_b = Process(echo, "imtc-b")
    server_b.hear()
    case_older(older)
    case_connect()
    case_fast_open()
    case_udp()
    case_gone()
    case_passed()
    case_exec()
    case_setuid()
    case_accept()
    case_namespace()
    case_translated(older[0])

    status = Family().status()
    result(status["lost_full"] == 0 and status["lost_memory"] == 0, "no owner was lost", status)
    result(status["unowned"] == 0, "no flow was without an owner", status)
    for device in ("a0", "b0"):
        detach(device)
    gone = until(lambda: unload("imtc").returncode == 0)
    result(gone, "the module unloads when the programs are gone", unload("imtc").stderr)
    print(f"1..{results['count']}", flush=True)
    return results["failed"]


if __name__ == "__main__":
    status = 1
    try:
        status = 1 if main() else 0
    finally:
        for pid in list(children):
            os.kill(pid, signal.SIGKILL)
    sys.exit(status)
