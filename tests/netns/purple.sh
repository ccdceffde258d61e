#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The clients of libpurple (Pidgin, Finch), at one port that is none of theirs: IRC, SIMPLE, Sametime,
# Gadu-Gadu, and GroupWise behind a gateway that ends its TLS. Each is told by what it says; a policy
# refuses one of them, and the others at the same port go on.
# timeout: 300

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
python3 -c 'import ctypes; ctypes.CDLL("libpurple.so.0")' 2> /dev/null || skip_all "no libpurple (libpurple-bin)"
command -v openssl > /dev/null || skip_all "no openssl"
scratch
PEERS=$IMTC_TOP/tests/netns/peers
PORT=443
GADU=10.77.1.3	# its server speaks first, so it has an address of its own
netns_new client gateway server
netns_link client server 1
netns_link gateway server 2
netns_link client gateway 3
ip -n "$(ns server)" addr add "$GADU/24" dev toclient
printf '127.0.0.1 localhost\n%s appmsg.gadu-gadu.pl\n' "$GADU" > "$SCRATCH/hosts"
mount --bind "$SCRATCH/hosts" /etc/hosts
# Nobody answers there, and says so at once: SIMPLE asks for its server first.
echo 'nameserver 127.0.0.1' > "$SCRATCH/resolv.conf"
mount --bind "$SCRATCH/resolv.conf" /etc/resolv.conf
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=gateway.test \
	-keyout "$SCRATCH/key.pem" -out "$SCRATCH/cert.pem" 2> /dev/null
cat "$SCRATCH/cert.pem" "$SCRATCH/key.pem" > "$SCRATCH/gateway.pem"
imctl() { imctl_in server "$@"; }
check "attach" imctl attach toclient --no-module
check "attach" imctl attach togateway --no-module

# serves NAMESPACE ARGUMENTS...
serves() {
	in_ns "$1" python3 "$PEERS/purple_server.py" "${@:2}" >> "$SCRATCH/heard" 2>> "$SCRATCH/server.err" &
	netns_wait_port "$1" "$PORT"
}
serves server gadu "$GADU" "$PORT"
serves gateway tls 10.77.3.2 "$PORT" "$SCRATCH/gateway.pem" 10.77.2.2 "$PORT"
for address in 10.77.1.2 10.77.2.2; do serves server serve "$address" "$PORT"; done
listen() { [ "$(in_ns server ss -H -ltn "sport = :$PORT" | wc -l)" = 3 ]; }
check "the servers listen" wait_for listen

declare -A ACCOUNT=(
	[irc]="prpl-irc alice@10.77.1.2 port=$PORT"
	[sip]="prpl-simple alice@lab.test useproxy=true proxy=10.77.1.2 port=$PORT"
	[sametime]="prpl-meanwhile alice server=10.77.1.2 port=$PORT"
	[gadu-gadu]="prpl-gg 1000 encryption=none"
	[groupwise]="prpl-novell alice server=10.77.3.2 port=$PORT"
)
declare -A TO=([irc]=bob [sip]=sip:bob@lab.test [sametime]=bob [gadu-gadu]=1001 [groupwise]=bob)
# What the client hears, or the server of one that gets no answer.
declare -A HEARD=([sametime]="of a channel for 1000" [groupwise]="of a conference")
# A client knows the server whose certificate it has kept.
PINS=certificates/x509/tls_peers
export PATIENCE_S=$((20 * ${IMTC_SLOW:-1}))

# starts SERVICE TEXT: a client, in the background; what it says in $SCRATCH/SERVICE.
starts() {
	local home=$SCRATCH/home.$1
	: > "$SCRATCH/$1"
	mkdir -p "$home/$PINS"
	cp "$SCRATCH/cert.pem" "$home/$PINS/10.77.3.2"
	# shellcheck disable=SC2086 # words
	HOME=$home ip netns exec "$(ns client)" python3 "$PEERS/purple.py" "$home" ${ACCOUNT[$1]} to "${TO[$1]}" "$2" \
		> "$SCRATCH/$1" 2> "$SCRATCH/$1.err" &
	CLIENT=$!
}
ends() { kill "$CLIENT" 2> /dev/null; wait "$CLIENT" 2> /dev/null; }
heard() { grep -qsxF "$1" "$2"; }
# talks SERVICE TEXT: true where it came to a talk.
talks() {
	: > "$SCRATCH/heard"
	starts "$1" "$2"
	if [ -n "${HEARD[$1]:-}" ]; then
		wait_for -t 20 heard "$1 heard ${HEARD[$1]}" "$SCRATCH/heard"
	else
		wait_for -t 20 heard "heard and hello to you" "$SCRATCH/$1" &&
			heard "$1 heard $2" "$SCRATCH/heard"
	fi
	local rc=$?
	[ "$rc" = 0 ] || diag "$(tail -n5 "$SCRATCH/$1" "$SCRATCH/$1.err" "$SCRATCH/heard" "$SCRATCH/server.err")"
	ends
	return "$rc"
}
# told FILTER FORMAT: one line a kind of flow; both are Python about the flow f.
told() {
	imctl flows --json | python3 -c '
import json, sys
print("\n".join(sorted({str(eval(sys.argv[2])) for f in json.load(sys.stdin) if eval(sys.argv[1])})))
' "$1" "$2"
}
LABEL="' '.join((f['service'], f['feature'], f['confidence'], f['encryption'], str(f['credentials'])))"
decisions() { imctl stats --json | python3 -c 'import json,sys
print(sum(r["decisions"] for r in json.load(sys.stdin)["rules"] if r["name"] == sys.argv[1]))' "$1"; }

rejected() { [ "$(told "f['service'] == '$service' and f['verdict'] != 'pass'" "f['verdict']")" = reject ]; }

# Not every release has all of them.
declare -A PLUGIN=([irc]=irc [sip]=simple [sametime]=sametime [gadu-gadu]=gg [groupwise]=novell)
declare -A SAYS_PASSWORD=([irc]=True [groupwise]=True)
services=() labels=()
for service in gadu-gadu groupwise irc sametime sip; do
	if compgen -G "/usr/lib/*/purple-2/lib${PLUGIN[$service]}.so" > /dev/null; then
		services+=("$service")
		labels+=("$service chat payload clear ${SAYS_PASSWORD[$service]:-False}")
	else
		skip "$service" "this libpurple does not have it"
	fi
done
for service in "${services[@]}"; do
	check "$service: the client has a talk" talks "$service" "hello from $service"
done
is "$(told "f['server_port'] == $PORT and f['service'] != '-'" "$LABEL")" \
	"$(printf '%s\n' "${labels[@]}")" "all of them are told, at one port"
is "$(told "f['service'] == 'sametime'" "f.get('client_name')")" "Meanwhile" "and the client by its kind"
is "$(told "f['service'] == 'sip'" "f.get('domain')")" lab.test "and SIMPLE's domain"

# --- a policy about each ----------------------------------------------------------------------
for service in "${services[@]}"; do
	[ "$service" != irc ] || continue
	printf 'rules = ( { name = "no %s"; service = "%s"; verdict = "reject"; } );\n' \
		"$service" "$service" > "$SCRATCH/policy.conf"
	check "a policy against $service" imctl policy load "$SCRATCH/policy.conf"
	starts "$service" "refused"
	check "its flow is rejected" wait_for -t 20 rejected
	num "$(decisions "no $service")" -ge 1 "by the rule"
	if [ "$service" = sip ]; then	# whose client tries again, and says nothing
		is "$(cat "$SCRATCH/sip")" "" "its client has not signed on"
	else
		check "its client says that it failed" wait_for -t 20 grep -q '^failed: ' "$SCRATCH/$service"
	fi
	ends
	check "IRC at the same port goes on" talks irc "while there is no $service"
done
check "no policy any more" imctl policy flush
for service in "${services[@]}"; do
	check "$service is let again" talks "$service" "again $service"
done
done_testing
