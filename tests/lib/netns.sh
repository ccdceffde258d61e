# SPDX-License-Identifier: GPL-2.0-only
# Network namespaces for tests: random names, veth pairs with v4 and v6 addresses, clean exit.
# Source after tap.sh.
# shellcheck shell=bash
#
#	netns_new client server
#	netns_link client server 1	# 10.77.1.1 -- 10.77.1.2, fd77:1::1 -- fd77:1::2
#	in_ns client ping -c1 10.77.1.2
#
#	own_mounts "$@"			# first, where imctl attaches
#	imctl_in client flows

NETNS_RUN=imtc$$-$(od -An -N2 -tx2 /dev/urandom | tr -d ' ')

# ns NAME: the real name of a namespace given by its short name.
ns() { echo "$NETNS_RUN-$1"; }

# in_ns NAME COMMAND...
in_ns() {
	local where
	where=$(ns "$1")
	shift
	ip netns exec "$where" "$@"
}

# own_mounts ARGUMENTS...: needs root and imctl; goes on in a mount namespace of the test's own, with
# a bpf file system of its own: pins and bind mounts are nobody else's, and end with the test.
own_mounts() {
	need_root
	[ -x "$IMCTL" ] || skip_all "no $IMCTL"
	[ -n "${IMTC_TEST_MOUNTS:-}" ] ||
		IMTC_TEST_MOUNTS=1 exec unshare --mount --propagation private "$IMTC_TEST" "$@"
	mount -t bpf bpf /sys/fs/bpf || skip_all "cannot mount a bpf file system"
	# What the test loads is no history of this host's.
	mkdir -p /var/lib/imtc && mount -t tmpfs imtc /var/lib/imtc || skip_all "cannot mount a tmpfs"
}

# imctl_in NAME ARGUMENTS...: ip netns exec would hide the bpf file system behind a /sys of its own.
imctl_in() {
	local where
	where=$(ns "$1")
	shift
	nsenter --net="/run/netns/$where" "$IMCTL" "$@"
}

# netns_new NAME...: made with loopback up, removed at exit together with what runs inside.
netns_new() {
	local name real
	for name in "$@"; do
		real=$(ns "$name")
		ip netns add "$real" || return 1
		on_exit "netns_del '$real'"
		# Addresses are usable at once: tests do not wait for duplicate detection.
		ip netns exec "$real" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
			net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0 2>/dev/null
		ip -n "$real" link set lo up
	done
}

netns_del() {
	local pids
	pids=$(ip netns pids "$1" 2>/dev/null)
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill -9 $pids 2>/dev/null
	ip netns del "$1" 2>/dev/null
}

# netns_link A B [NET]: a veth pair "toB" in A and "toA" in B, on 10.77.NET.0/24 and
# fd77:NET::/64; A has .1, B has .2. Offloads stay as the kernel sets them.
netns_link() {
	local a b net=${3:-1} da db
	a=$(ns "$1") b=$(ns "$2") da="to$2" db="to$1"
	ip link add "${da:0:15}" netns "$a" type veth peer name "${db:0:15}" netns "$b" || return 1
	netns_addr "$a" "${da:0:15}" "$net" 1
	netns_addr "$b" "${db:0:15}" "$net" 2
}

netns_addr() {
	ip -n "$1" addr add "10.77.$3.$4/24" dev "$2"
	ip -n "$1" -6 addr add "fd77:$3::$4/64" dev "$2" nodad
	ip -n "$1" link set "$2" up
}

# netns_route NAME DEST VIA: a route, v4 or v6 by the look of it.
netns_route() {
	ip -n "$(ns "$1")" route add "$2" via "$3"
}

# netns_router NAME: forwards v4 and v6.
netns_router() {
	in_ns "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# netns_wait_port NAME PORT [udp]: until something listens there.
netns_wait_port() {
	local real flag=-ltn
	real=$(ns "$1")
	[ "${3:-tcp}" = tcp ] || flag=-lun
	wait_for sh -c "ip netns exec '$real' ss -H $flag 'sport = :$2' | grep -q ."
}
