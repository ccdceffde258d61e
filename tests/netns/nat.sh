#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A call's socket behind NAT: what its payload told of one flow holds for its other flows, seen on
# either side of a gateway that translates addresses, and for no other client's.
# timeout: 120

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v nft >/dev/null || skip_all "nft is not installed"
scratch
netns_new alice bob gate server
netns_link alice gate 1
netns_link bob gate 2
netns_link gate server 3
netns_router gate
for net in 1 2; do
	side=$([ $net = 1 ] && echo alice || echo bob)
	netns_route $side default 10.77.$net.2
	netns_route $side ::/0 fd77:$net::2
done
check "the gateway translates" in_ns gate nft -f - <<-END
	table inet nat {
		chain out { type nat hook postrouting priority 100; oifname "toserver" masquerade; }
	}
END

# Takes datagrams on two ports and answers; what came from where is told.
cat > "$SCRATCH/server.py" <<'EOF'
import select, socket
socks = []
for port in (7001, 7002):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(("::", port))
    socks.append(s)
while True:
    for s in select.select(socks, [], [])[0]:
        data, peer = s.recvfrom(2048)
        s.sendto(b"\x91" * 40, peer)
EOF
# One socket: Discord's address discovery to port 7001 where "call" is said, then to port 7002 what
# tells nothing. Returns 0 where both were answered.
cat > "$SCRATCH/client.py" <<'EOF'
import socket, sys
address, port, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.bind(("", port))
s.settimeout(5)
discovery = b"\0\1\0\x46" + b"\0\0\4\xd2" + bytes(66)
for to, data in ((7001, discovery if kind == "call" else b"\x91" * 50), (7002, b"\x92" * 60)):
    s.sendto(data, (address, to))
    s.recvfrom(2048)
EOF
in_ns server python3 "$SCRATCH/server.py" &
netns_wait_port server 7002 udp

# told: of each flow, "server-port service feature confidence", each once.
told() {
	imctl_in gate flows --json | tests/lib/jsonq '" / ".join(sorted({"%d %s %s %s" %
		(f["server_port"], f["service"], f["feature"], f["confidence"])
		for f in d if f["server_port"] in (7001, 7002)}))'
}
anew() { # DEVICE
	imctl_in gate detach --all >/dev/null 2>&1
	imctl_in gate attach "$1" --no-module >/dev/null
}
say() { in_ns "$1" timeout 20 python3 "$SCRATCH/client.py" "${@:2}"; }
CALL="7001 discord voice payload / 7002 discord voice port"

for server in 10.77.3.2 fd77:3::2; do
	anew toserver
	check "outside, $server: a call" say alice "$server" 40001 call
	is "$(told)" "$CALL" "its other flow is the call's, by its socket"
	anew toalice
	check "inside, $server: a call" say alice "$server" 40002 call
	is "$(told)" "$CALL" "its other flow is the call's there as well"
	# The same port of another client: the gateway gives it another, and it is another socket.
	anew toserver
	say alice "$server" 40003 call
	check "outside, $server: another client with the same port" say bob "$server" 40003 other
	is "$(told)" "7001 discord voice payload / 7001 none none none / 7002 discord voice port / 7002 none none none" \
		"is not taken for the call"
done
check "detach" imctl_in gate detach --all
done_testing
