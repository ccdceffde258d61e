#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 900
# imtc.ko comes and goes: again and again under traffic, never while programs use it, not with
# parameters that are wrong; and leaves nothing behind.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/e2e/lab.sh"
. "$IMTC_TOP/tests/stress/attribution.sh"
need_root
ko=build/kmod-$(uname -r)/imtc.ko
[ -e "$ko" ] || skip_all "no imtc.ko for $(uname -r)"

peer=$IMTC_TOP/build/tests/kmod/im_peer
jsonq=$IMTC_TOP/tests/lib/jsonq

scratch
LAB_DIR=$SCRATCH
cleanup() {
	touch "$SCRATCH/stop"
	sysctl -qw kernel.ftrace_enabled=1
	"$IMCTL" policy flush
	"$IMCTL" detach --all
	lab_down
	wait_for rmmod imtc
}
on_exit cleanup

is_loaded() { [ -d /sys/module/imtc ]; }
# unload: programs that are gone let go of the module a little later.
unload() { wait_for -t 5 rmmod imtc; }
# count NAME: a number of the module's status.
count() { "$IMCTL" status --json | "$jsonq" "d['module']['$1']"; }

# not_with NAME WORDS PARAMETER...: the module is not loaded with these, and nothing of it stays.
not_with() {
	local name=$1 words=$2 out
	shift 2
	out=$(insmod "$ko" "$@" 2>&1)
	if is_loaded; then not_ok "$name" "it was loaded"; rmmod imtc; return; fi
	like "$out" "$words" "$name"
}

lab_network
lab_in_server "$peer" serve 9300 2 > /dev/null 2>&1 & disown
lab_in_server "$ATTRIBUTE" sink 7777 & disown
check "the peers are up" lab_wait 30 lab_listening 9300

# --- parameters -------------------------------------------------------------------------------
not_with "event_rate that is no number" 'Invalid (parameters|argument)' event_rate=fast
not_with "event_rate below 0" 'Invalid (parameters|argument)' event_rate=-1
not_with "event_rate too large" '(Invalid (parameters|argument)|out of range|Numerical result)' \
	event_rate=4294967296
insmod "$ko" no_such=1
like "$(dmesg | tail -5)" "imtc: unknown parameter 'no_such' ignored" "an unknown one is told of"
check "and the module is there" unload
if sysctl -qw kernel.ftrace_enabled=0; then
	not_with "tracing switched off" 'busy' event_rate=100
	like "$(dmesg | tail -5)" 'imtc: cannot trace .*ftrace_enabled' "the kernel's log says why"
	sysctl -qw kernel.ftrace_enabled=1
else
	skip "tracing switched off" "this kernel has tracing always on"
fi
check "it loads when tracing is on" insmod "$ko" event_rate=100
is "$(cat /sys/module/imtc/parameters/event_rate)" 100 "event_rate is as given"
refuse "then tracing cannot be switched off" sysctl -w kernel.ftrace_enabled=0
check "unload" unload

# --- again and again --------------------------------------------------------------------------
talk() { "$peer" talk "$1" "$2" 9300 < /dev/null > /dev/null 2>&1; }
traffic() {
	while [ ! -e "$SCRATCH/stop" ]; do
		# A device may lose what is in its queue when programs come or go: that is said again.
		talk "$1" "$2" || { [ -e "$SCRATCH/programs" ] && talk "$1" "$2"; } ||
			echo "$1 $2" >> "$SCRATCH/broken"
		# The module has to get its turn in a slow guest.
		sleep 0.2
		echo >> "$SCRATCH/talks.$1"
	done
}
traffic tcp "$LAB_V4" & disown
traffic udp "$LAB_V6" & disown

loads() {
	local i
	for i in $(seq 10); do
		insmod "$ko" || { echo "load $i failed"; return 1; }
		"$IMCTL" status > /dev/null || { echo "load $i: it does not answer"; return 1; }
		rmmod imtc || { echo "unload $i failed"; return 1; }
	done
}
check "loaded and unloaded 10 times under traffic" loads
touch "$SCRATCH/programs"

loads_with_programs() {
	local i
	for i in 1 2; do
		insmod "$ko" && "$IMCTL" attach im0 && "$IMCTL" policy load tests/kmod/owners.conf || return 1
		wait_for sh -c "[ \$('$IMCTL' status --json | '$jsonq' 'd[\"module\"][\"asked\"]') -gt 3 ]" ||
			{ echo "round $i: nothing was asked"; return 1; }
		"$IMCTL" detach --all && unload || { echo "round $i: it does not unload"; return 1; }
	done
}
check "twice with programs attached" loads_with_programs

# --- in use -----------------------------------------------------------------------------------
check "load" insmod "$ko"
check "attach" "$IMCTL" attach im0
like "$(rmmod imtc 2>&1)" 'in use' "it cannot be unloaded while programs call it"
check "policy load" "$IMCTL" policy load tests/kmod/owners.conf
before=$(count asked)
asked_more() { [ "$(count asked)" -gt "$before" ]; }
check "it goes on judging" wait_for asked_more
check "detach" "$IMCTL" detach --all
check "then it can be unloaded" unload
touch "$SCRATCH/stop"
is "$(cat "$SCRATCH/broken" 2>/dev/null)" "" "no flow was broken by any of it"
num "$(wc -l < "$SCRATCH/talks.tcp")" -gt 10 "while connections came and went"
num "$(wc -l < "$SCRATCH/talks.udp")" -gt 10 "and datagrams"

# --- nothing stays ----------------------------------------------------------------------------
quiet() { ! pgrep -f "im_peer talk"; }
check "the traffic has ended" wait_for quiet
check "load" insmod "$ko"
is "$(count policies)" 1 "one policy object, the empty one"
sockets=$(count sockets) processes=$(count processes)
check "2,000 processes" "$ATTRIBUTE" run 2000 "$LAB_V4" "$LAB_V6" 7777 "$SCRATCH/truth"
num "$(count processes)" -gt "$processes" "the module has seen them"
# What is gone is remembered for a minute, for packets under way; the watch is kept twice a minute.
sockets_back() { [ "$(count sockets)" -le "$sockets" ]; }
processes_back() { [ "$(count processes)" -le "$processes" ]; }
check "sockets are as many as before" wait_for -t 30 sockets_back
check "processes are as many as before" wait_for -t 30 processes_back
is "$(count lost_full) $(count lost_memory)" "0 0" "none was lost"
check "unload" unload
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
