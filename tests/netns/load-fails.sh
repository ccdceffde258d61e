#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A load that fails half-way, BPF-only: calls to the kernel's maps and to the files of the
# history fail, one a load. Either the load says that it failed, and what ran before runs
# on, whole; or it says that it did not, and the new policy runs.
# timeout: 120
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip_all "no strace"
on_exit "$IMCTL detach --all"
state=$SCRATCH/state
for name in one two; do
	verdict=$([ $name = one ] && echo drop || echo reject)
	on_failure=$([ $name = one ] && echo closed || echo open)
	mkdir "$SCRATCH/$name" && echo 192.0.2.1 > "$SCRATCH/$name/$name-set.txt"
	printf 'name = "%s"; on_failure = "%s"; sets = "%s/*.txt";\nrules = ( { remote = "@%s-set"; verdict = "%s"; } );\n' \
		$name $on_failure "$SCRATCH/$name" $name $verdict > "$SCRATCH/$name.conf"
done
load() { "$IMCTL" policy load --bpf-only --state-dir "$state" "$SCRATCH/$1.conf" >/dev/null 2>&1; }

# All that can be asked of what runs but who loaded it when, and what is pinned.
whole() {
	"$IMCTL" --json policy show 2>&1 | grep -v '"epoch"\|"loaded\|"loader\|"hits"'
	find /sys/fs/bpf/imtc -mindepth 1 | sed 's|policy/8[0-9a-f]*|policy/EPOCH|' | sort
}
# Each load waits for the programs under way; the kernel can be asked to hurry.
expedited=/sys/kernel/rcu_expedited
if [ -w "$expedited" ]; then
	on_exit "echo $(cat "$expedited") > $expedited"
	echo 1 > "$expedited"
fi
load one && load two
two=$(whole)
check "a policy runs" load one
one=$(whole)
like "$one" '"on_failure": ?"closed"' "and can be asked for"
isnt "$one" "$two" "as can another, which differs"

steps=0 failed=0 broken=
# fail_each CALLS ERROR STRIDE
fail_each() {
	local total step was=$one want=two status now
	strace -f -o "$SCRATCH/trace" -e trace="$1" "$IMCTL" policy load --bpf-only --state-dir "$state" \
		"$SCRATCH/two.conf" >/dev/null 2>&1
	load one
	total=$(grep -c '(' "$SCRATCH/trace")
	for ((step = 1; step <= total; step += $3)); do
		strace -f -o /dev/null -e trace="$1" -e inject="$1:error=$2:when=$step" \
			"$IMCTL" policy load --bpf-only --state-dir "$state" "$SCRATCH/$want.conf" >/dev/null 2>&1
		status=$?
		now=$(whole)
		steps=$((steps + 1))
		if [ $status = 0 ]; then
			was=${!want}
			want=$([ $want = one ] && echo two || echo one)
		else
			failed=$((failed + 1))
		fi
		[ "$now" = "$was" ] || broken+="$1 $step: status $status, and $(diff <(echo "$was") <(echo "$now") | head -3)"$'\n'
	done
	load one
}
fail_each bpf ENOMEM 2
num $failed -ge 8 "$failed of $steps calls are such that a load cannot do without them"
is "$broken" "" "after each of them what is said is what runs"
steps=0 failed=0 broken=
fail_each write,fsync,rename,mkdir ENOSPC 2
is "$broken" "" "so after each of $steps calls for files ($failed of the loads failed)"
check "and a policy loads after it" load two
is "$(whole)" "$two" "whole"
done_testing
