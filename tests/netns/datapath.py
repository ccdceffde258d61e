#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 400
"""Verdicts on real traffic over veth, BPF-only: what both ends of a connection feel.

Namespace "inner" has the programs on its device; payload goes out of it or comes in. Every hook
(native XDP, generic XDP, tc), IPv4 and IPv6, TCP and UDP, with all offloads, without GSO, and
without checksum offload: then each checksum is made by the kernel's software and checked by the
receiver, whatever the program found in the packet.
"""

import contextlib
import ctypes
import os
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
IMCTL = os.environ.get("IMCTL", os.path.join(TOP, "build/imctl"))
RUN = f"imtc{os.getpid()}"
SLOW = float(os.environ.get("IMTC_SLOW", "1"))
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3

STREAM = (b"<stream:stream to='im.test' xmlns='jabber:client' "
          b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
SIP = (b"MESSAGE sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.1.1;branch=z9hG4bK1\r\n"
       b"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>\r\nCall-ID: 1\r\n"
       b"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n")
ADDRESS = {("inner", 4): "10.77.1.1", ("outer", 4): "10.77.1.2",
           ("inner", 6): "fd77:1::1", ("outer", 6): "fd77:1::2"}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}

count = failed = 0
headless = False  # see degraded()


def result(good, name, *details):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}", flush=True)
    if not good:
        for detail in details:
            print(f"# {detail}", flush=True)


def finish():
    print(f"1..{count}", flush=True)
    sys.exit(1 if failed else 0)


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def sh(command, check=True):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


# --- the place -----------------------------------------------------------------------------

def private_mounts():
    """Pins and namespaces of the test's own, that end with it."""
    if os.environ.get("IMTC_TEST_MOUNTS") is None:
        os.environ["IMTC_TEST_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private",
                              sys.executable, os.path.abspath(__file__)])
    sh("mount -t bpf bpf /sys/fs/bpf")


def make_place():
    """inner -- outer, and in inner the device "cap0" whose other end is "capture"."""
    for name in ("inner", "outer", "capture"):
        sh(f"ip netns add {RUN}-{name}")
        sh(f"ip netns exec {RUN}-{name} sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
           "net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0")
        sh(f"ip -n {RUN}-{name} link set lo up")
    sh(f"ip link add dev0 netns {RUN}-inner type veth peer name dev0 netns {RUN}-outer")
    sh(f"ip link add cap0 netns {RUN}-inner type veth peer name cap1 netns {RUN}-capture")
    for name, last in (("inner", 1), ("outer", 2)):
        sh(f"ip -n {RUN}-{name} addr add 10.77.1.{last}/24 dev dev0")
        sh(f"ip -n {RUN}-{name} -6 addr add fd77:1::{last}/64 dev dev0 nodad")
        sh(f"ip -n {RUN}-{name} link set dev0 up")
    sh(f"ip -n {RUN}-inner link set cap0 up; ip -n {RUN}-capture link set cap1 up")


def remove_place():
    for name in ("inner", "outer", "capture"):
        sh(f"ip netns del {RUN}-{name}", check=False)


@contextlib.contextmanager
def inside(name):
    """Sockets made in here belong to that namespace, and stay there."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as home, open(f"/run/netns/{RUN}-{name}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


def imctl(*arguments):
    return subprocess.run(["nsenter", f"--net=/run/netns/{RUN}-inner", IMCTL, *arguments],
                          capture_output=True, text=True)


def attach(mode):
    done = imctl("attach", "dev0", "--no-module", *mode)
    result(done.returncode == 0, f"attach {' '.join(mode)}", done.stdout, done.stderr)


def load_policy(verdict):
    more = ' device = "cap0";' if verdict == "redirect" else ""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as policy:
        policy.write(f'name = "test"; rules = ( {{ name = "all"; service = [ "xmpp", "sip" ]; '
                     f'verdict = "{verdict}";{more} }} );\n')
        policy.flush()
        done = imctl("policy", "load", policy.name)
    if done.returncode:
        raise RuntimeError(f"policy load: {done.stderr}")


def offloads(words):
    for name in ("inner", "outer"):
        sh(f"ip netns exec {RUN}-{name} ethtool -K dev0 {words}")


# --- what the ends feel --------------------------------------------------------------------

def feel(end, seconds=3.0):
    """What reading gives: ("reset", 0), ("refused", 0), ("end", bytes), ("nothing", bytes)."""
    end.settimeout(seconds * SLOW)
    got = 0
    try:
        while True:
            data = end.recv(65536)
            got += len(data)
            if not data:
                return "end", got
            if end.type == socket.SOCK_DGRAM:
                return "data", got
    except ConnectionResetError:
        return "reset", got
    except ConnectionRefusedError:
        return "refused", got
    except (TimeoutError, socket.timeout):
        return "nothing", got


def connection(family):
    """A TCP connection that inner opens; {"inner": socket, "outer": socket}."""
    with inside("outer"):
        listener = socket.create_server((ADDRESS["outer", family], 0), family=FAMILY[family])
    with inside("inner"):
        opener = socket.create_connection(listener.getsockname()[:2], timeout=5 * SLOW)
    listener.settimeout(5 * SLOW)
    accepted, _ = listener.accept()
    listener.close()
    return {"inner": opener, "outer": accepted}


def datagrams(family):
    """Two connected UDP sockets."""
    ends = {}
    for name in ("inner", "outer"):
        with inside(name):
            ends[name] = socket.socket(FAMILY[family], socket.SOCK_DGRAM)
            ends[name].bind((ADDRESS[name, family], 0))
    ends["inner"].connect(ends["outer"].getsockname()[:2])
    ends["outer"].connect(ends["inner"].getsockname()[:2])
    return ends


def close(ends):
    for end in ends.values():
        end.close()


def send(end, payload, seconds=1.0):
    """True where the connection was reset under it."""
    end.settimeout(seconds * SLOW)
    try:
        end.sendall(payload)
    except (ConnectionResetError, BrokenPipeError):
        return True
    except TimeoutError:
        pass
    return False


OTHER = {"inner": "outer", "outer": "inner"}
WAY = {"inner": "out", "outer": "in"}


def degraded(sender):
    """Generic XDP that copies packets leaves tc unable to send them elsewhere (bpf/xdp.h): what
    comes in is then reset at this end alone, or dropped."""
    return sender == "outer" and headless


def reject_tcp(where, family, sender, payload):
    """Both ends feel the reset, at once, and the receiver none of the payload."""
    ends = connection(family)
    start = time.monotonic()
    was_reset = send(ends[sender], payload, 0.2 if degraded(sender) else 1.0)
    felt = ("reset", 0) if was_reset or degraded(sender) else feel(ends[sender])
    felt = felt, feel(ends[OTHER[sender]])
    seconds = time.monotonic() - start
    close(ends)
    size = "small" if len(payload) < 1000 else "large"
    result(felt[0][0] == "reset" and felt[1] == ("reset", 0) and seconds < 1 * SLOW,
           f"{where}: TCP/IPv{family}, {size} payload going {WAY[sender]}: both ends are reset",
           f"sender felt {felt[0]}, receiver {felt[1]}, after {seconds:.2f} s")


def reject_udp(where, family, sender):
    """The sender is refused, at once, and the receiver gets nothing."""
    ends = datagrams(family)
    start = time.monotonic()
    send(ends[sender], SIP)
    felt = ("refused", 0) if degraded(sender) else feel(ends[sender])
    seconds = time.monotonic() - start
    other = feel(ends[OTHER[sender]], 0.05)
    close(ends)
    result(felt[0] == "refused" and other == ("nothing", 0) and seconds < 1 * SLOW,
           f"{where}: UDP/IPv{family} going {WAY[sender]}: the sender is refused",
           f"sender felt {felt}, receiver {other}, after {seconds:.2f} s")


def drop(where, family, sender):
    ends = connection(family)
    send(ends[sender], STREAM)
    felt = feel(ends[OTHER[sender]], 0.3)
    close(ends)
    result(felt == ("nothing", 0), f"{where}: TCP/IPv{family} going {WAY[sender]}: dropped",
           f"receiver felt {felt}")


def allow(where, family, sender):
    """The same payload arrives when it may: what the others show is the verdict's doing."""
    ends = connection(family)
    payload = STREAM + b" " * 150000
    send(ends[sender], payload)
    ends[sender].close()
    felt = feel(ends[OTHER[sender]])
    ends[OTHER[sender]].close()
    result(felt == ("end", len(payload)),
           f"{where}: TCP/IPv{family} going {WAY[sender]}: passes", f"receiver felt {felt}")


def redirect(where, family, sender):
    """The receiver gets nothing, the capture device the packet as it was."""
    with inside("capture"):
        capture = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        capture.bind(("cap1", 0))
    ends = connection(family)
    send(ends[sender], STREAM)
    felt = feel(ends[OTHER[sender]], 0.2)
    seen = False
    capture.settimeout(2 * SLOW)
    with contextlib.suppress(TimeoutError):
        while not seen and not degraded(sender):
            seen = STREAM in capture.recv(65536)
    close(ends)
    capture.close()
    result((seen or degraded(sender)) and felt == ("nothing", 0),
           f"{where}: TCP/IPv{family} going {WAY[sender]}: redirected",
           f"captured: {seen}, receiver felt {felt}")


def not_im(where, family):
    """What is no IM passes both ways under a policy that rejects."""
    ends = connection(family)
    for name in ("outer", "inner"):
        ends[name].sendall(b"SSH-2.0-nothing\r\n" * 5000)
        ends[name].shutdown(socket.SHUT_WR)
    felt = feel(ends["inner"]), feel(ends["outer"])
    close(ends)
    result(felt == (("end", 85000), ("end", 85000)), f"{where}: TCP/IPv{family}: no IM passes",
           f"felt {felt}")


# --- the cases -----------------------------------------------------------------------------

CASES = [(family, sender) for family in (4, 6) for sender in ("inner", "outer")]


def rejects(where):
    load_policy("reject")
    for family, sender in CASES:
        reject_tcp(where, family, sender, STREAM)
        reject_tcp(where, family, sender, STREAM + b" " * 150000)
        reject_udp(where, family, sender)


def others(where):
    for family in (4, 6):
        not_im(where, family)
    for verdict, case in (("allow", allow), ("drop", drop), ("redirect", redirect)):
        load_policy(verdict)
        for family, sender in CASES:
            case(where, family, sender)


def failures():
    """Verdicts that could not be carried out, by imctl's own count."""
    for line in imctl("metrics").stdout.splitlines():
        if "act-failed" in line and not line.startswith("#"):
            return float(line.split()[-1])
    return None


def is_headless():
    """Does this kernel's generic XDP copy packets of veth so that tc cannot send them on?"""
    load_policy("reject")
    before = failures()
    ends = datagrams(4)
    send(ends["outer"], SIP)
    felt = feel(ends["outer"], 0.5)
    close(ends)
    if felt[0] == "refused":
        return False
    result(failures() == before + 1, "generic XDP hides packets from tc: dropped, and counted",
           f"sender felt {felt}, failures from {before} to {failures()}")
    return True


def main():
    global headless
    if os.geteuid():
        skip_all("needs root")
    if not os.access(IMCTL, os.X_OK):
        skip_all(f"no {IMCTL}")
    private_mounts()
    try:
        make_place()
        for mode in (["--xdp", "native"], ["--tc"], ["--xdp", "generic"]):
            where = mode[-1].strip("-")
            attach(mode)
            if where == "generic":
                result(failures() == 0, "each verdict could be carried out",
                       imctl("metrics").stdout, imctl("metrics").stderr)
                headless = is_headless()
            rejects(where)
            others(where)
            for words in ("gso off tso off gro off", "tx off"):
                offloads(words)
                rejects(f"{where}, {words}")
            offloads("tx on gso on tso on gro off")
    finally:
        remove_place()
    finish()


if __name__ == "__main__":
    main()
