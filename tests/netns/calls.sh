#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real peers of calls, on ports not theirs, told by the data path: coturn, as a service's relay
# over UDP and TCP and as nobody's, OpenDHT's node, Mumble's server asked as its clients ask,
# and Tox, whose clients look for each other.
# timeout: 300

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1
SERVER=10.77.1.2
# Broadcasts need a route.
for side in client server; do
	ip -n "$(ns $side)" route add default dev "$([ $side = client ] && echo toserver || echo toclient)"
done
check "attach" imctl_in client attach toserver --no-module

# services PORT [L4]: of the flows to it, each once.
services() {
	imctl_in client flows --json | python3 -c '
import json, sys
port, l4 = int(sys.argv[1]), sys.argv[2]
print(" ".join(sorted({f["service"] for f in json.load(sys.stdin)
                       if port in (f["server_port"], f["client_port"]) and l4 in ("", f["l4"])})))
' "$1" "${2:-}"
}
# layers PORT: of the flows to it, each kind once.
layers() {
	imctl_in client flows --json | python3 -c '
import json, sys
print(" ".join(sorted({"+".join(f["via"]) for f in json.load(sys.stdin)
                       if f["server_port"] == int(sys.argv[1])})))
' "$1"
}
has_service() { services "$1" | grep -qw "$2"; }

# --- coturn --------------------------------------------------------------------------
# relay PORT REALM
relay() {
	in_ns server turnserver -n -p "$1" -L $SERVER -E $SERVER -a -u alice:secret -r "$2" --no-tls \
		--no-dtls --no-cli --log-file stdout --pidfile "$SCRATCH/turn.$1.pid" \
		--userdb "$SCRATCH/turn.$1.db" >"$SCRATCH/turn.$1.log" 2>&1 &
	netns_wait_port server "$1" udp
}
# call PORT OPTION...: two ends that talk to each other through the relay.
call() {
	in_ns client timeout 30 turnutils_uclient -u alice -w secret -p "$1" -n 2 -m 1 -y "${@:2}" \
		$SERVER >"$SCRATCH/call.log" 2>&1 || diag "$(tail -n 3 "$SCRATCH/call.log")"
}
if ! command -v turnserver >/dev/null; then
	skip "coturn" "no turnserver (coturn)"
else
	relay 7443 turn.voip.signal.org
	relay 7553 relay.example.org
	call 7443
	is "$(services 7443 udp)" signal "a relay with Signal's realm is Signal's"
	call 7443 -t
	is "$(services 7443 tcp)" signal "and over TCP"
	call 7553
	is "$(services 7553 udp)" voip "a relay that says no name is a call"
	is "$(layers 7443) $(layers 7553)" "turn turn" "by way of a relay"
fi

# --- OpenDHT --------------------------------------------------------------------------
if ! command -v dhtnode >/dev/null; then
	skip "OpenDHT" "no dhtnode"
else
	# They end with their input.
	mkfifo "$SCRATCH/dht.input"
	exec 9<>"$SCRATCH/dht.input"
	in_ns server dhtnode -p 6011 <&9 >"$SCRATCH/dht.server" 2>&1 &
	netns_wait_port server 6011 udp
	in_ns client timeout 60 dhtnode -p 6012 -b $SERVER:6011 <&9 >"$SCRATCH/dht.client" 2>&1 &
	check "OpenDHT's nodes are Jami's" wait_for -t 30 has_service 6011 jami
fi

# --- Mumble ---------------------------------------------------------------------------
# Called murmurd up to its version 1.3.
MUMBLE=$(command -v mumble-server || command -v murmurd)
if [ -z "$MUMBLE" ]; then
	skip "Mumble" "no mumble-server"
else
	printf '%s\n' port=7444 host=$SERVER "database=$SCRATCH/mumble.sqlite" users=5 uname=root \
		logfile= bonjour=False > "$SCRATCH/mumble.ini"
	in_ns server "$MUMBLE" -fg -ini "$SCRATCH/mumble.ini" >"$SCRATCH/mumble.log" 2>&1 &
	netns_wait_port server 7444 udp
	in_ns client python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.sendto(b"\0\0\0\0identity", (sys.argv[1], 7444))
s.recv(64)' $SERVER
	is "$(services 7444 udp)" mumble "a server of Mumble answers a ping"
fi

# --- Tox ------------------------------------------------------------------------------
if ! command -v toxic >/dev/null || ! command -v tmux >/dev/null; then
	skip "Tox" "no toxic, or no tmux"
else
	for side in client server; do
		mkdir "$SCRATCH/$side"
		HOME=$SCRATCH/$side in_ns $side tmux -S "$SCRATCH/$side/tmux" new -d -x 100 -y 30 \
			"toxic -f '$SCRATCH/$side/profile' -c '$SCRATCH/$side/config'"
		on_exit "tmux -S '$SCRATCH/$side/tmux' kill-server 2>/dev/null"
	done
	asks() { tmux -S "$SCRATCH/$1/tmux" capture-pane -p | grep -q 'encrypt it'; }
	for side in client server; do
		wait_for -t 20 asks $side && tmux -S "$SCRATCH/$side/tmux" send-keys n Enter
	done
	check "clients of Tox look for each other" wait_for -t 60 has_service 33445 tox
fi

done_testing
