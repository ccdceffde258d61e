#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Loads, diff, history and rollback, BPF-only; and that a loader killed at any step leaves the
# running policy and the history whole.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
imctl() { "$IMCTL" "$@"; }
on_exit "$IMCTL detach --all"
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
running() { imctl policy show --json 2>/dev/null | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p'; }
sum_of() { sha256sum < "$1" | cut -d' ' -f1; }
policy() { # NAME RULES
	printf 'name = "%s";\nrules = (\n%s\n);\n' "$1" "$2" > "$SCRATCH/$1.conf"
}
rule() { printf '{ name = "%s"; service = "%s"; verdict = "%s"; }' "$1" "$2" "$3"; }

policy one "$(rule a irc drop), $(rule b xmpp drop), $(rule c sip drop)"
policy two "$(rule c sip drop), $(rule a irc drop), $(rule b xmpp reject), $(rule d aim drop)"
policy three "$(rule a irc allow)"

# --- nothing yet -------------------------------------------------------------------
refuse "no history yet" imctl policy history
refuse "nothing to roll back to" imctl policy rollback
check "a dry run" imctl policy load --dry-run --bpf-only "$SCRATCH/one.conf"
check "leaves no history" test ! -e /var/lib/imtc/policies

# --- loads and their records -------------------------------------------------------
check "load" imctl policy load --bpf-only "$SCRATCH/one.conf"
is "$(running)" "$(sum_of "$SCRATCH/one.conf")" "runs, with the file's SHA-256"
is "$(imctl policy history --json | field "[(d[0][k]) for k in ('number', 'action', 'policy', 'digest', 'file', 'uid', 'running')]")" \
	"[1, 'load', 'one', '$(running)', '$SCRATCH/one.conf', 0, True]" "is the first entry"
is "$(SUDO_USER=ann imctl policy load -q --json --bpf-only "$SCRATCH/two.conf" >/dev/null
	imctl policy history --json | field "(d[1]['sudo_user'], d[1]['exe'].endswith('bash'))")" \
	"('ann', True)" "the record says who, through sudo, and with which program"
cmp -s "$SCRATCH/two.conf" /var/lib/imtc/policies/00000002.conf
is $? 0 "the text is kept"
is "$(stat -c %a /var/lib/imtc/policies)" 700 "for root alone"

# --- diff ---------------------------------------------------------------------------
is "$(imctl policy diff "$SCRATCH/two.conf")" "$SCRATCH/two.conf says what runs" "no difference"
is "$(imctl policy diff "$SCRATCH/one.conf" | tail -n +3)" '-policy "two", default allow, on failure open
+policy "one", default allow, on failure open
-"c": service sip -> drop
 "a": service irc -> drop
-"b": service xmpp -> reject
+"b": service xmpp -> drop
-"d": service aim -> drop
+"c": service sip -> drop' "diff: changed, moved, removed"
is "$(imctl policy diff --json "$SCRATCH/three.conf" | field "(d['differs'], [(r['name'], r['change']) for r in d['rules']])")" \
	"(True, [('c', 'removed'), ('a', 'changed'), ('b', 'removed'), ('d', 'removed')])" "in JSON"
sed -i 's/aim/icq/' "$SCRATCH/two.conf"
like "$(imctl policy diff)" '^\+"d": service icq' "without a file: the one loaded last, as it is now"
imctl policy diff "$SCRATCH/none.conf" >/dev/null 2>&1
is $? 1 "a file that is not there"

# --- rollback ------------------------------------------------------------------------
check "rollback" imctl policy rollback
is "$(running)" "$(sum_of "$SCRATCH/one.conf")" "to the policy before"
refuse "no further back" imctl policy rollback
imctl policy load -q --bpf-only "$SCRATCH/three.conf" >/dev/null
check "rollback by a number" imctl policy rollback 2
is "$(imctl policy show --json | field "d['policy']['name']")" two "is that entry's policy, as it was"
check "rollback goes on" imctl policy rollback
is "$(running)" "$(sum_of "$SCRATCH/one.conf")" "from there"
check "rollback by a digest" imctl policy rollback "$(sum_of "$SCRATCH/three.conf" | cut -c1-10)"
is "$(running)" "$(sum_of "$SCRATCH/three.conf")" "is that one"
is "$(imctl policy history --json | field "[(r['action'], r.get('of')) for r in d][-3:]")" \
	"[('rollback', 2), ('rollback', 1), ('rollback', 4)]" "rollbacks are in the history"
refuse "a number that is not there" imctl policy rollback 99
imctl policy rollback xyz 2>/dev/null
is $? 2 "neither a number nor a digest"
echo "# more" >> /var/lib/imtc/policies/00000001.conf
like "$(imctl policy rollback 1 2>&1)" 'not what was loaded' "a text that was changed is refused"
is "$(running)" "$(sum_of "$SCRATCH/three.conf")" "and changes nothing"
imctl policy flush >/dev/null
check "rollback after a flush" imctl policy rollback
is "$(running)" "$(sum_of "$SCRATCH/three.conf")" "is the policy before it"

# What was included is kept with it.
printf '%s' "$(rule inner irc drop)" > "$SCRATCH/inner.inc"
printf 'name = "outer";\nrules = (\n@include "inner.inc"\n);\n' > "$SCRATCH/outer.conf"
imctl policy load -q --bpf-only "$SCRATCH/outer.conf" >/dev/null
outer=$(running)
imctl policy load -q --bpf-only "$SCRATCH/one.conf" >/dev/null
rm "$SCRATCH/inner.inc"
check "a policy with an include that is gone" imctl policy rollback
is "$(running)" "$outer" "has the digest that it had"

# --- where it cannot be kept ----------------------------------------------------------
like "$(imctl policy load --bpf-only --state-dir /proc/no "$SCRATCH/one.conf" 2>&1)" 'does not keep this' \
	"a history that cannot be written is warned of"
is "$(running)" "$(sum_of "$SCRATCH/one.conf")" "and the policy runs"
# As long as there is only one policy, they all repeat it.
for _ in $(seq 70); do imctl policy load -q --bpf-only --state-dir "$SCRATCH/many" "$SCRATCH/one.conf"; done >/dev/null
is "$(imctl policy history --json --state-dir "$SCRATCH/many" | field "(len(d), d[-1]['number'])")" \
	"(64, 70)" "64 are kept"
is "$(find "$SCRATCH/many" -name '*.conf' | wc -l)" 64 "and no file of another"

# --- killed at every step ----------------------------------------------------------------
whole() { # everything a reader can ask is of one policy, and each entry says what it is
	local digest
	digest=$(running)
	[ "$digest" = "$1" ] || [ "$digest" = "$2" ] || { echo "runs $digest"; return; }
	imctl policy history --json --state-dir "$SCRATCH/kill" 2>/dev/null | python3 -c "
import hashlib, json, sys
for r in json.load(sys.stdin):
    text = open('$SCRATCH/kill/policies/%08d.conf' % r['number'], 'rb').read()
    if hashlib.sha256(text).hexdigest() != r['digest']:
        print('entry', r['number'], 'is torn')" 2>&1
}
one=$(sum_of "$SCRATCH/one.conf") three=$(sum_of "$SCRATCH/three.conf")
load_traced() { # FILE STRACE-OPTIONS...
	local file=$SCRATCH/$1.conf
	shift
	strace -f "$@" "$IMCTL" policy load -q --bpf-only --state-dir "$SCRATCH/kill" "$file" >/dev/null 2>&1
}
# kill_at CALLS STRIDE: the first of these calls ends the loader, then the one STRIDE further, ...
kill_at() {
	local total step want fault was
	load_traced three -o "$SCRATCH/trace" -e trace="$1"
	total=$(grep -c '(' "$SCRATCH/trace")
	for ((step = 1; step <= total; step += $2)); do
		want=$([ $((step / $2 % 2)) = 0 ] && echo one || echo three)
		steps=$((steps + 1))
		load_traced "$want" -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$step" || killed=$((killed + 1))
		fault=$(whole "$one" "$three")
		[ -z "$fault" ] || broken="$broken $1 $step: $fault;"
		was=$(running)
		# The next load settles it: both what ran and what is loaded now are there.
		imctl policy load -q --bpf-only --state-dir "$SCRATCH/kill" "$SCRATCH/$want.conf" >/dev/null ||
			broken="$broken $1 $step: no load after it;"
		grep -q "$was" "$SCRATCH"/kill/policies/*.json || unrecorded=$((unrecorded + 1))
	done 2>/dev/null
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	broken= killed=0 unrecorded=0 steps=0
	imctl policy load -q --bpf-only --state-dir "$SCRATCH/kill" "$SCRATCH/one.conf" >/dev/null
	# Every call that changes a file; of those to the kernel's maps each third, as there are many.
	kill_at write,fsync,rename,mkdir,unlink 1
	kill_at bpf 3
	is "$broken" "" "a loader killed at $steps steps: policy and history are whole ($killed died)"
	num "$killed" -gt $((steps / 2)) "most of them died"
	is "$unrecorded" 0 "and what ran is in the history"
	is "$(find "$SCRATCH/kill" -name '*.part' -o -name '*.new' | wc -l)" 0 "nothing is left over"
else
	skip "a loader killed at any step" "no strace"
fi
done_testing
