#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# The whole way from a packet to its owner, as imctl shows it: flows of real programs, behind the
# data path's own dissectors, in every way a socket comes to a process. kmod-owner.sh asks the
# module alone, packet by packet.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/e2e/lab.sh"
need_root
[ -e "build/kmod-$(uname -r)/imtc.ko" ] || skip_all "no imtc.ko for $(uname -r)"

peer=$IMTC_TOP/build/tests/kmod/im_peer
jsonq=$IMTC_TOP/tests/lib/jsonq
CT_NS=imtc-ct
HOST_V4=10.88.0.1 HOST_V6=fd88::1
CT_V4=10.89.0.2 CT_V6=fd89::2

scratch
LAB_DIR=$SCRATCH
cleanup() {
	# shellcheck disable=SC2046 # a list
	kill $(jobs -p) $(ip netns pids "$CT_NS")
	"$IMCTL" policy flush
	"$IMCTL" detach --all
	nft delete table inet imtc_test
	lab_down
	ip netns del "$CT_NS"
	ip link del ctbr
	wait_for rmmod imtc
}
on_exit cleanup

in_container() { nsenter --net="/run/netns/$CT_NS" "$@"; }
# As a container engine has it: pids of its own too.
in_pid_namespace() { in_container unshare --pid --fork "$@"; }

# The container: behind a bridge of the host, which forwards to the uplink im0.
container_up() {
	ip netns add "$CT_NS"
	ip link add ctbr type bridge
	ip link add vh0 type veth peer name eth0 netns "$CT_NS"
	ip link set vh0 master ctbr
	ip link set vh0 up
	ip link set ctbr up
	ip addr add 10.89.0.1/24 dev ctbr
	ip -6 addr add fd89::1/64 dev ctbr nodad
	ip -n "$CT_NS" link set lo up
	ip -n "$CT_NS" link set eth0 up
	ip -n "$CT_NS" addr add "$CT_V4/24" dev eth0
	ip -n "$CT_NS" -6 addr add "$CT_V6/64" dev eth0 nodad
	ip -n "$CT_NS" route add default via 10.89.0.1
	ip -n "$CT_NS" -6 route add default via fd89::1
	ip -n "$LAB_NS" route add 10.89.0.0/24 via "$HOST_V4"
	ip -n "$LAB_NS" -6 route add fd89::/64 via "$HOST_V6"
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# owned NAME L4 CLIENT-PORT PID: there is a flow, recognised, and that process has the newest such.
# An earlier client of the same name space may have had that port too, to another of the servers.
owned() {
	local flows
	flows=$("$IMCTL" flows --json 2>&1)
	if "$jsonq" "(lambda s: bool(s) and (s[-1]['service'] in ('xmpp', 'sip')) and
			s[-1].get('pid') == $4)(sorted((f for f in d if f['l4'] == '$2' and
			f['client_port'] == $3), key=lambda f: f['first_ns']))" \
			<<< "$flows" 2>/dev/null; then
		ok "$1"
	else
		not_ok "$1" "want owner $4 of $2 from port $3" \
			"$("$jsonq" "[f for f in d if f['client_port'] == $3]" <<< "$flows" 2>&1)"
	fi
}

# client NAME WAY ADDRESS PORT [COMMAND...]: speaks, run by COMMAND; who spoke is the owner.
client() {
	local name=$1 way=$2 address=$3 port=$4 line
	shift 4
	if line=$("$@" "$peer" talk "$way" "$address" "$port" < /dev/null 2>&1); then
		# shellcheck disable=SC2086 # three words
		owned "$name" $line
	else
		not_ok "$name" "it was not answered: $line"
	fi
}

# server NAME WAY ADDRESS PORT LOG LISTENER [COMMAND...]: is spoken to; the owner is who answers,
# as LOG says, and for TCP not the process that listens.
server() {
	local name=$1 way=$2 address=$3 port=$4 log=$5 listener=$6 line l4 own pid
	shift 6
	line=$("$@" "$peer" talk "$way" "$address" "$port" < /dev/null 2>&1) ||
		{ not_ok "$name" "it was not answered: $line"; return; }
	answered "$name" "$line" "$log" "$listener"
}

# answered NAME LINE LOG LISTENER: LINE is what the client said.
answered() {
	local l4 own pid
	read -r l4 own pid <<< "$2"
	wait_for grep -q "^$l4 $own " "$3"
	pid=$(sed -n "s/^$l4 $own //p" "$3" | tail -1)
	if [ "$l4" = tcp ] && [ "$pid" = "$4" ]; then not_ok "$1" "the listener answered"; return; fi
	owned "$1" "$l4" "$own" "${pid:-0}"
}

# older NAME WAY ADDRESS PORT [COMMAND...]: connects now, speaks when speak_now says so.
older() {
	local name=$1 way=$2 address=$3 port=$4
	shift 4
	mkfifo "$SCRATCH/$name.in"
	"$@" "$peer" talk "$way" "$address" "$port" < "$SCRATCH/$name.in" \
		> "$SCRATCH/$name.out" 2> "$SCRATCH/$name.err" &
	exec {older_fd}> "$SCRATCH/$name.in"
	older_fds[$name]=$older_fd
	wait_for grep -q connected "$SCRATCH/$name.err"
}

speak_now() {
	echo >&"${older_fds[$1]}"
	exec {older_fds[$1]}>&-
	wait_for -t 20 test -s "$SCRATCH/$1.out"
}

declare -A older_fds
lab_network
container_up
# Each name space has client ports of its own: a flow is found by its client's port below.
sysctl -qw net.ipv4.ip_local_port_range="32768 41999"
in_container sysctl -qw net.ipv4.ip_local_port_range="42000 50999"
lab_in_server sysctl -qw net.ipv4.ip_local_port_range="51000 60999"
lab_in_server "$peer" serve 9300 4 > "$SCRATCH/lab.log" 2>&1 &
"$peer" serve 9400 4 > "$SCRATCH/old.log" 2>&1 &
old_listener=$!
check "the peers are up" lab_wait 30 lab_listening 9300
wait_for sh -c 'ss -H -ltn "sport = :9403" | grep -q .'

# --- older than the module --------------------------------------------------------------------
for v in 4 6; do
	address=LAB_V$v host=HOST_V$v
	older "tcp$v" later "${!address}" 9300
	older "udp$v" udp-later "${!address}" 9300
	older "ct$v" later "${!address}" 9300 in_container
	older "accepted$v" later "${!host}" 9400 lab_in_server
done
check "the module loads" insmod "build/kmod-$(uname -r)/imtc.ko"
check "attach to the uplink" "$IMCTL" attach im0
check "policy load" "$IMCTL" policy load tests/kmod/owners.conf
for v in 4 6; do
	for what in "tcp$v:connection" "udp$v:UDP socket" "ct$v:connection of a container"; do
		speak_now "${what%%:*}"
		# shellcheck disable=SC2046 # three words
		owned "IPv$v: a ${what#*:} older than the module" $(cat "$SCRATCH/${what%%:*}.out")
	done
	speak_now "accepted$v"
	answered "IPv$v: accepted by a child before the module came" \
		"$(cat "$SCRATCH/accepted$v.out")" "$SCRATCH/old.log" "$old_listener"
done

# --- the host's own ---------------------------------------------------------------------------
"$peer" serve 9500 4 > "$SCRATCH/new.log" 2>&1 &
new_listener=$!
wait_for sh -c 'ss -H -ltn "sport = :9503" | grep -q .'
for v in 4 6; do
	address=LAB_V$v host=HOST_V$v
	client "IPv$v: connect" tcp "${!address}" 9301
	client "IPv$v: connect, in a pid namespace" tcp "${!address}" 9301 unshare --pid --fork
	client "IPv$v: UDP client" udp "${!address}" 9301
	client "IPv$v: descriptor passed" passed "${!address}" 9301
	client "IPv$v: descriptor passed, UDP" udp-passed "${!address}" 9301
	client "IPv$v: fork and exec after connect" exec "${!address}" 9301
	server "IPv$v: accepted by a forked child" tcp "${!host}" 9501 "$SCRATCH/new.log" \
		"$new_listener" lab_in_server
	server "IPv$v: accepted by a child of a listener older than the module" tcp "${!host}" 9401 \
		"$SCRATCH/old.log" "$old_listener" lab_in_server
	server "IPv$v: UDP server" udp "${!host}" 9502 "$SCRATCH/new.log" "$new_listener" \
		lab_in_server
	server "IPv$v: UDP server older than the module" udp "${!host}" 9402 "$SCRATCH/old.log" \
		"$old_listener" lab_in_server
done

# --- a container, seen at the uplink ----------------------------------------------------------
container_cases() {
	local v address
	for v in 4 6; do
		address=LAB_V$v
		client "$1, IPv$v: connect" tcp "${!address}" 9302 in_pid_namespace
		client "$1, IPv$v: UDP" udp "${!address}" 9302 in_pid_namespace
		client "$1, IPv$v: descriptor passed" passed "${!address}" 9302 in_pid_namespace
		client "$1, IPv$v: fork and exec" exec "${!address}" 9302 in_pid_namespace
	done
}

container_cases "container, uplink"
nft -f - <<'END'
table inet imtc_test {
	chain out {
		type nat hook postrouting priority srcnat
		oifname "im0" masquerade
	}
}
END
container_cases "container, uplink, masquerade"
like "$("$IMCTL" flows --json | "$jsonq" "[f['client'] for f in d if f['server_port'] == 9302]")" \
	"$HOST_V4" "the uplink saw the host's address"

# A client on another machine has no socket here. The lab's is hidden behind address translation of
# its own, which this host's conntrack knows nothing of.
lab_in_server nft -f - <<'END'
table inet imtc_test {
	chain out {
		type nat hook postrouting priority srcnat
		ip saddr 10.90.0.1 masquerade
		ip6 saddr fd90::1 masquerade
	}
}
END
ip -n "$LAB_NS" addr add 10.90.0.1/32 dev lo
ip -n "$LAB_NS" -6 addr add fd90::1/128 dev lo nodad
ip -n "$LAB_NS" route replace 10.89.0.0/24 via "$HOST_V4" src 10.90.0.1
ip -n "$LAB_NS" -6 route replace fd89::/64 via "$HOST_V6" src fd90::1
in_container "$peer" serve 9600 2 > "$SCRATCH/ct.log" 2>&1 &
ct_listener=$!
wait_for in_container sh -c 'ss -H -ltn "sport = :9601" | grep -q .'
for v in 4 6; do
	address=CT_V$v
	server "container, uplink, IPv$v: server" tcp "${!address}" 9600 "$SCRATCH/ct.log" \
		"$ct_listener" lab_in_server
	server "container, uplink, IPv$v: UDP server" udp "${!address}" 9601 "$SCRATCH/ct.log" \
		"$ct_listener" lab_in_server
done

lab_in_server nft delete table inet imtc_test
ip -n "$LAB_NS" route replace 10.89.0.0/24 via "$HOST_V4"
ip -n "$LAB_NS" -6 route replace fd89::/64 via "$HOST_V6"

# --- a container, seen at the host's end of its veth ------------------------------------------
check "detach" "$IMCTL" detach --all
check "attach to the veth" "$IMCTL" attach vh0
container_cases "container, veth, masquerade"
nft delete table inet imtc_test
container_cases "container, veth"

pids=$("$IMCTL" ps --json | "$jsonq" "len({p['pid'] for p in d})" 2>&1)
num "$pids" -gt 30 "ps shows who spoke"
"$IMCTL" status --json > "$SCRATCH/status"
check "every verdict had an owner" "$jsonq" "d['module']['unowned'] == 0" < "$SCRATCH/status"
done_testing
