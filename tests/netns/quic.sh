#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real QUIC clients on ports not theirs, told by the name in their first datagrams, and dropped:
# ngtcp2's in version 1 and draft 29, and Chromium, whose post-quantum hello takes two datagrams.
# There is no server: what the clients say before one answers is all that is needed.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1

IM_NAME=gateway.discord.gg	# of a service in the signatures
OTHER_NAME=www.example.org
PORT=5353
printf '127.0.0.1 localhost\n10.77.1.2 %s %s\n' "$IM_NAME" "$OTHER_NAME" > "$SCRATCH/hosts"
mount --bind "$SCRATCH/hosts" /etc/hosts
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
# The services of the flows to the port, as imctl in SIDE sees them.
services() {
	imctl_in "$1" flows --json |
		field "' '.join(sorted({f['service'] for f in d if f['server_port']==$PORT}))"
}
has_service() { services "$1" | grep -qw "$2"; }

# A server that takes datagrams and says nothing; one line each in $SCRATCH/arrived.
cat > "$SCRATCH/silent.py" <<'EOF'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", int(sys.argv[1])))
with open(sys.argv[2], "a", buffering=1) as out:
    while True:
        print(len(s.recv(65536)), file=out)
EOF
in_ns server python3 "$SCRATCH/silent.py" $PORT "$SCRATCH/arrived" &
netns_wait_port server $PORT udp
arrived() { grep -c . "$SCRATCH/arrived"; }
attach() { # SIDE DEVICE OPTION...
	: > "$SCRATCH/arrived"
	imctl_in client detach --all >/dev/null 2>&1
	imctl_in server detach --all >/dev/null 2>&1
	check "attach $*" imctl_in "$1" attach "$2" --no-module "${@:3}"
}

# client COMMAND...: in the background; no shell stands between it and the one who stops it.
client() {
	(exec ip netns exec "$(ns client)" timeout -k 1 60 "$@" >"$SCRATCH/client.log" 2>&1) &
	CLIENT=$!
}
# ngtcp2 NAME VERSION: it asks again until it is stopped.
ngtcp2() { client gtlsclient -v "$2" "$1" $PORT "https://$1/"; }
chromium_to() { # NAME
	client chromium --headless=new --no-sandbox --disable-gpu --no-first-run \
		--user-data-dir="$(mktemp -d -p "$SCRATCH")" --disable-background-networking \
		--disable-component-update --host-resolver-rules="MAP * 10.77.1.2" \
		--origin-to-force-quic-on="$1:$PORT" "https://$1:$PORT/"
}
stop_client() { kill "$CLIENT" 2>/dev/null; wait "$CLIENT" 2>/dev/null; }
has_arrived() { [ "$(arrived)" -ge "$1" ]; }
# A policy for the server's side that drops the service.
drop() {
	printf 'name = "quic"; default = "allow";\nrules = ( { name = "no"; service = "%s"; verdict = "drop"; } );\n' \
		"$1" > "$SCRATCH/drop.conf"
	check "a policy against it" imctl_in server policy load "$SCRATCH/drop.conf"
}

# told SIDE DEVICE CLIENT-FUNCTION WHAT: by its name, as imctl in SIDE sees it.
told() {
	attach "$1" "$2"
	"$3" $IM_NAME
	check "$4: told at the $1" wait_for -t 30 has_service "$1" discord
	stop_client
}
# passed CLIENT-FUNCTION WHAT: another name is nothing.
passed() {
	attach server toclient
	"$1" $OTHER_NAME
	check "$2: another name arrives, and again" wait_for -t 30 has_arrived 4
	stop_client
	is "$(services server)" none "$2: and is nothing"
}
# held CLIENT-FUNCTION WHAT: told and dropped.
held() {
	attach server toclient
	drop discord
	"$1" $IM_NAME
	check "$2: told and dropped" wait_for -t 30 has_dropped 3
	stop_client
}
dropped() {
	imctl_in server stats --json |
		field "sum(s['packets_in'] for s in d['services'] if s['service']=='discord' and s['verdict']=='drop')"
}
has_dropped() { [ "$(dropped)" -ge "$1" ]; }

# --- ngtcp2 --------------------------------------------------------------------------
if ! command -v gtlsclient >/dev/null; then
	skip "ngtcp2" "no gtlsclient (ngtcp2-client)"
else
	version_1() { ngtcp2 "$1" 0x1; }
	draft_29() { ngtcp2 "$1" 0xff00001d; }
	told client toserver version_1 "ngtcp2, version 1"
	told server toclient version_1 "ngtcp2, version 1"
	passed version_1 "ngtcp2, version 1"
	held version_1 "ngtcp2, version 1"
	is "$(arrived)" 0 "not one of its datagrams arrives"
	told server toclient draft_29 "ngtcp2, draft 29"
fi

# --- Chromium ------------------------------------------------------------------------
if ! command -v chromium >/dev/null; then
	skip "Chromium" "no chromium"
else
	held chromium_to "Chromium"
	# Its hello is whole with the second datagram: the first of each connection arrives.
	num "$(arrived)" -le "$(imctl_in server flows --json | field "sum(f['server_port']==$PORT for f in d)")" \
		"of each of its connections one datagram arrives at most"
fi

done_testing
