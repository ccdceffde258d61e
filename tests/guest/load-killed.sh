#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 200
# kernels: 6.1
# A loader that is killed, or whose message is lost, at any step of its transaction with the module:
# what ran before runs on, nothing of the other policy is left, and the next load succeeds.
. "$(dirname "$0")/../lib/tap.sh"
need_root
command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip_all "no strace"
scratch
need_module
jsonq=$IMTC_TOP/tests/lib/jsonq
state=$SCRATCH/state
on_exit "$IMCTL policy flush"

# Rules for more than one message.
policy() { # NAME VERDICT
	awk -v name="$1" -v verdict="$2" 'BEGIN {
		printf "name = \"%s\"; default = \"%s\";\nrules = (\n", name, verdict
		for (i = 0; i < 300; i++)
			printf "%s{ remote = \"10.0.%d.%d\"; process = { user = %d; }; verdict = \"%s\"; }\n",
				i ? "," : "", i / 250, i % 250, i % 10, verdict
		print ");" }' > "$SCRATCH/$1.conf"
}
policy one drop
policy two reject
load() { "$IMCTL" policy load --state-dir "$state" "$SCRATCH/$1.conf" >/dev/null 2>&1; }
# What runs, and how many of its 300 rules say what: a drop in "one", a reject in "two".
running() {
	"$IMCTL" policy show > "$SCRATCH/shown"
	echo "$(sed -n 's/^policy: *//p' "$SCRATCH/shown") $(grep -c ' drop  *0$' "$SCRATCH/shown") $(grep -c ' reject  *0$' "$SCRATCH/shown")"
}
objects() { "$IMCTL" status --json | "$jsonq" 'd["module"]["policies"] == 1'; }

check "a policy runs" load one
is "$(running)" "one 300 0" "and is whole"
strace -f -o "$SCRATCH/trace" -e trace=sendmsg,sendto "$IMCTL" policy load --state-dir "$state" \
	"$SCRATCH/two.conf" >/dev/null 2>&1
is "$(running)" "two 0 300" "another under strace"
load one
total=$(grep -c 'send.*(' "$SCRATCH/trace")
num "$total" -ge 5 "a load is $total messages"

killed=0 failed=0 broken=
for inject in signal=KILL error=ENOBUFS; do
	for ((step = 1; step <= total; step++)); do
		strace -f -o /dev/null -e trace=sendmsg,sendto -e inject=sendmsg,sendto:$inject:when=$step \
			"$IMCTL" policy load --state-dir "$state" "$SCRATCH/two.conf" >/dev/null 2>&1
		status=$?
		now=$(running)
		case $status in
		0) want="two 0 300" ;;
		*) want="one 300 0" ;;
		esac
		[ $status = 137 ] && killed=$((killed + 1))
		[ $status = 1 ] && failed=$((failed + 1))
		# Killed after the commit was sent, it cannot say so.
		[ "$now" = "$want" ] || [ "$status $now" = "137 two 0 300" ] ||
			broken+="$inject at $step: status $status, $now runs; "
		[ "$now" = "one 300 0" ] || load one || broken+="$inject at $step: no load after it; "
	done
	wait_for objects || broken+="$inject: policies are left; "
done
is "$broken" "" "at each of $total messages what ran before runs on, or what was loaded"
num $killed -ge 5 "$killed loaders died"
num $failed -ge 3 "$failed said that they failed"
check "and a policy loads" load two
is "$(running)" "two 0 300" "which runs"
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
