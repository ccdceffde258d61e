#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Verdicts on real traffic, BPF-only: what becomes of the packets, seen by both ends, and what
# imctl says of it.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1
DEV=toclient
TALK=$IMTC_TOP/tests/lib/talk.py
imctl() { imctl_in server "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
talk() { in_ns client python3 "$TALK" client "$@"; }
in_ns server python3 "$TALK" server :: 80 &
netns_wait_port server 80
check "attach" imctl attach "$DEV" --no-module

# rule SETTINGS: one rule for XMPP in force; IRC passes.
rule() {
	printf 'rules = ( { name = "one"; service = "xmpp"; %s } );\n' "$1" > "$SCRATCH/p.conf"
	imctl policy load "$SCRATCH/p.conf" > "$SCRATCH/load" 2>&1 || diag "$(cat "$SCRATCH/load")"
}
xmpp_flow() { imctl flows --service xmpp --json | field "d[0].get('$1')"; }

# --- observe -----------------------------------------------------------------------
imctl monitor --json --level notice --count 1 --timeout 20 > "$SCRATCH/events" 2>&1 &
monitor=$!
wait_for sh -c "grep -q . /proc/$monitor/wchan"
rule 'verdict = "drop"; mode = "observe"; log = "warning";'
check "XMPP goes on where its rule is only observed" talk 10.77.1.2 80
is "$(xmpp_flow verdict) $(xmpp_flow observed) $(xmpp_flow reason)" "pass drop rule" \
	"flows say what would have been done"
like "$(imctl flows)" ' observe:drop ' "for people too"
wait "$monitor"
is "$(field "(d['verdict'], d['observed'], d['level'])" < "$SCRATCH/events")" \
	"('pass', 'drop', 'warning')" "monitor tells it, by its level"
num "$(imctl stats --json | field "sum(s['packets_in'] for s in d['services'] if s['verdict']=='observe')")" \
	-ge 4 "packets are counted as observed"
num "$(imctl stats --json | field "d['rules'][0]['decisions']")" -ge 1 "and the decision as the rule's"
like "$(imctl policy show)" 'drop, observe, log warning' "policy show says so"
rule 'verdict = "drop";'
talk 10.77.1.2 80 --limit 1 > "$SCRATCH/out"
like "$(cat "$SCRATCH/out")" 'timeout' "enforced, the same rule drops"
printf 'mode = "observe"; default = "reject"; rules = ();\n' > "$SCRATCH/p.conf"
check "load a policy that is only observed" imctl policy load "$SCRATCH/p.conf"
check "nothing of it is carried out, the default neither" talk fd77:1::2 80
is "$(xmpp_flow observed) $(xmpp_flow reason)" "reject default" "and flows say what it says"
is "$(imctl policy show --json | field "d['policy']['mode']")" observe "its mode is shown"

# --- mark ---------------------------------------------------------------------------
# What the server's kernel sees behind tc ingress; what the client sees of what goes out.
in_ns server nft -f - <<'NFT'
table inet seen {
	counter marked { }
	counter class { }
	chain in {
		type filter hook input priority 0
		meta mark & 0xff0 == 0x120 counter name marked
		meta mark & 0xff0 == 0x120 ip dscp ef counter name class
		meta mark & 0xff0 == 0x120 ip6 dscp ef counter name class
	}
}
NFT
in_ns client nft -f - <<'NFT'
table inet seen {
	counter class { }
	chain in {
		type filter hook input priority 0
		ip dscp ef counter name class
		ip6 dscp ef counter name class
	}
}
NFT
same_seen() { [ "$(seen server "$1")" = "$(seen server "$2")" ]; }
seen() { in_ns "$1" nft -j list counter inet seen "$2" | field "d['nftables'][1]['counter']['packets']"; }
rule 'verdict = "mark"; mark = 0x120; mask = 0xff0; priority = "1:2"; dscp = "ef";'
check "marked, XMPP goes on over IPv4" talk 10.77.1.2 80
check "and over IPv6" talk fd77:1::2 80
# Packets may still come: no two readings are of the same time.
num "$(seen server marked)" -ge 6 "packets have the mark where they come in"
check "and the DSCP with it" wait_for same_seen class marked
num "$(seen client class)" -ge 6 "and those that go out have it on the wire"
unlike "$(imctl stats --json | field "[o['count'] for o in d['outcomes'] if o['outcome']=='act-failed']")" \
	'[1-9]' "nothing failed"
like "$(imctl policy show)" 'mark 0x120/0xff0, priority 1:2, dscp 46' "policy show says what is set"

# --- mirror -------------------------------------------------------------------------
in_ns server ip link add cap0 type veth peer name cap1
in_ns server sysctl -qw net.ipv6.conf.cap0.disable_ipv6=1 net.ipv6.conf.cap1.disable_ipv6=1
in_ns server ip link set cap0 up
in_ns server ip link set cap1 up
rule 'verdict = "mirror"; device = "cap0";'
copies() { in_ns server cat /sys/class/net/cap1/statistics/rx_packets; }
before=$(copies)
check "mirrored, XMPP goes on over IPv4" talk 10.77.1.2 80
check "and over IPv6" talk fd77:1::2 80
num "$(copies)" -ge $((before + 12)) "copies of both directions come out of the device"
packets=$(imctl flows --service xmpp --json | field "max(f['packets'] for f in d if f['verdict']=='mirror')")
num "$packets" -ge 6 "flows say mirror"

# --- limit --------------------------------------------------------------------------
cat > "$SCRATCH/flood.py" <<'PY'
import socket, sys, time
role, addr, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET, socket.SOCK_DGRAM)
if role == "send":
    for i in range(count):
        s.sendto(b"MESSAGE sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
                 b"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>\r\nCall-ID: %d\r\n"
                 b"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n" % i, (addr, port))
else:
    s.bind((addr, port))
    s.settimeout(float(count))
    n = 0
    try:
        while s.recv(4096):
            n += 1
    except TimeoutError:
        print(n)
PY
flood() { # ADDRESS COUNT: how many of them arrive
	in_ns server python3 "$SCRATCH/flood.py" receive "$1" 5999 2 > "$SCRATCH/arrived" &
	local receiver=$!
	netns_wait_port server 5999 udp
	in_ns client python3 "$SCRATCH/flood.py" send "$1" 5999 "$2"
	wait $receiver
	cat "$SCRATCH/arrived"
}
printf 'rules = ( { service = "sip"; verdict = "limit"; rate = 1; burst = 20; } );\n' > "$SCRATCH/p.conf"
check "load a limit" imctl policy load "$SCRATCH/p.conf"
for address in 10.77.1.2 fd77:1::2; do
	arrived=$(flood $address 300)
	num "$arrived" -ge 20 "$address: the burst arrives"
	num "$arrived" -le 26 "$address: what is above it does not"
done
num "$(imctl stats --json | field "[o['count'] for o in d['outcomes'] if o['outcome']=='limited'][0]")" \
	-ge 540 "and is counted"
check "what the rule is not about goes on" talk 10.77.1.2 80

done_testing
