#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# kernels: 6.12
# Rules by the program's path, its cgroup, unit and container: one client, copied under several
# names, in cgroups as systemd and docker make them, by IPv4 and IPv6.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
need_bpffs
scratch
need_module
netns_new client server
netns_link client server 1

PEER=$IMTC_TOP/build/tests/kmod/im_peer
ID=4f5a0c9e8b7d6f3a2c1b0e9d8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a
CHAT=$SCRATCH/opt/acme/bin/chat-2
DEEP=$SCRATCH/opt/acme/lib/bin/chat-2
CGROUPS=$SCRATCH/cgroup
imctl() { imctl_in client "$@"; }

for copy in "$CHAT" "$DEEP"; do
	mkdir -p "${copy%/*}"
	cp "$PEER" "$copy"
done
mkdir "$CGROUPS"
mount -t cgroup2 none "$CGROUPS" || skip_all "no cgroup2"
on_exit umount "$CGROUPS"
SERVICE=system.slice/prosody.service
SCOPE=system.slice/docker-$ID.scope
USERS=user.slice/user-1000.slice/session-3.scope
mkdir -p "$CGROUPS/$SERVICE/worker" "$CGROUPS/$SCOPE" "$CGROUPS/$USERS"
in_ns server "$PEER" serve 5000 1 > "$SCRATCH/served" &
netns_wait_port server 5000

# talk PROGRAM [CGROUP]: how it ended by IPv4 and by IPv6.
talk() {
	local end ends=""
	# shellcheck disable=SC2016 # the inner shell's own
	for end in $(nsenter --net="/run/netns/$(ns client)" \
			${UNDER:+"$UNDER" -c '"$@"; exit $?' sh} sh -c 'echo $$ > "$1/cgroup.procs"
			for address in 10.77.1.2 fd77:1::2; do
				"$2" talk tcp $address 5000 > /dev/null 2>&1; echo $?
			done' sh "$CGROUPS/${2:-}" "$1"); do
		case $end in
		0) ends+="ok " ;;
		3) ends+="reset " ;;
		*) ends+="$end " ;;
		esac
	done
	echo "${ends% }"
}

# policy PROCESS: XMPP of such a process is refused.
policy() {
	printf 'rules = ( { name = "such"; service = "xmpp"; process = { %s }; verdict = "reject"; } );\n' \
		"$1" > "$SCRATCH/policy.conf"
	imctl policy load "$SCRATCH/policy.conf" > "$SCRATCH/load.out" 2>&1 ||
		not_ok "the policy loads" "$1" "$(cat "$SCRATCH/load.out")"
}

check "attach" imctl attach toserver

policy "exe = \"$SCRATCH/opt/*/bin/chat*\";"
is "$(talk "$CHAT")" "reset reset" "exe: the pattern's program is refused"
is "$(talk "$DEEP")" "ok ok" "exe: one a folder deeper is not"
is "$(talk "$PEER")" "ok ok" "exe: nor the same program by another name"
like "$(imctl policy show)" "exe $SCRATCH/opt/\*/bin/chat\*" "exe: show has the pattern"
policy "exe = [ \"/nothing\", \"$SCRATCH/opt/**\" ];"
is "$(talk "$CHAT") $(talk "$DEEP")" "reset reset reset reset" "exe: ** goes deeper"

# The shell that talk() runs the client by has a copy of the shell above it.
policy "under = \"$SCRATCH/opt/acme/bin/sh\";"
ABOVE=$SCRATCH/opt/acme/bin/sh
cp "$(readlink -f "$(command -v sh)")" "$ABOVE"
is "$(talk "$PEER")" "ok ok" "under: one that descends from another shell is let"
is "$(UNDER=$ABOVE talk "$PEER")" "reset reset" "under: a grandchild of the shell is refused"
is "$(imctl --json ps | "$IMTC_TOP/tests/lib/jsonq" \
	"sum('$ABOVE' in p.get('under', []) for p in d)")" 2 "under: ps names the shell"
policy "under = \"$CHAT\";"
is "$(UNDER=$ABOVE talk "$CHAT")" "ok ok" "under: nobody descends from itself"
policy "under = \"$SCRATCH/opt/acme/**\"; exe = \"$PEER\";"
is "$(UNDER=$ABOVE talk "$PEER")" "reset reset" "under: a pattern, with exe"
is "$(UNDER=$ABOVE talk "$CHAT")" "ok ok" "under: exe alone does not hold"

policy 'cgroup = "/user.slice/*/session-[0-9].scope";'
is "$(talk "$PEER" "$USERS")" "reset reset" "cgroup: the pattern's is refused"
is "$(talk "$PEER" user.slice/user-1000.slice)" "ok ok" "cgroup: one above it is not"

policy 'unit = "prosody.service";'
is "$(talk "$PEER" "$SERVICE")" "reset reset" "unit: its processes are refused"
is "$(talk "$PEER" "$SERVICE/worker")" "reset reset" "unit: those of a cgroup below it too"
is "$(talk "$PEER" "$SCOPE")" "ok ok" "unit: another is not"
like "$(imctl policy show)" "unit prosody.service" "unit: show names it"

policy "container = \"${ID:0:12}\";"
is "$(talk "$PEER" "$SCOPE")" "reset reset" "container: by the beginning of its id"
is "$(talk "$PEER" "$SERVICE")" "ok ok" "container: what is in none is not"
policy "container = \"$ID\"; exe = \"$CHAT\";"
is "$(talk "$CHAT" "$SCOPE")" "reset reset" "container and exe: both hold"
is "$(talk "$PEER" "$SCOPE")" "ok ok" "container and exe: one alone does not"
is "$(imctl --json policy show | "$IMTC_TOP/tests/lib/jsonq" \
	'd["rules"][0]["compiled"][0]["container"], d["rules"][0]["hits"]')" "('$ID', 2)" "the rule counts its decisions"
imctl detach --all > /dev/null 2>&1
done_testing
