#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Verdicts on real traffic, BPF-only: what becomes of the packets, seen by both ends, and what
# imctl says of it.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1
DEV=toclient
TALK=$IMTC_TOP/tests/lib/talk.py
imctl() { imctl_in server "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
talk() { in_ns client python3 "$TALK" client "$@"; }
in_ns server python3 "$TALK" server :: 80 &
netns_wait_port server 80
check "attach" imctl attach "$DEV" --no-module

# rule SETTINGS: one rule for XMPP in force; IRC passes.
rule() {
	printf 'rules = ( { name = "one"; service = "xmpp"; %s } );\n' "$1" > "$SCRATCH/p.conf"
	imctl policy load "$SCRATCH/p.conf" > "$SCRATCH/load" 2>&1 || diag "$(cat "$SCRATCH/load")"
}
xmpp_flow() { imctl flows --service xmpp --json | field "d[0].get('$1')"; }

# --- observe -----------------------------------------------------------------------
imctl monitor --json --level notice --count 1 --timeout 20 > "$SCRATCH/events" 2>&1 &
monitor=$!
wait_for sh -c "grep -q . /proc/$monitor/wchan"
rule 'verdict = "drop"; mode = "observe"; log = "warning";'
check "XMPP goes on where its rule is only observed" talk 10.77.1.2 80
is "$(xmpp_flow verdict) $(xmpp_flow observed) $(xmpp_flow reason)" "pass drop rule" \
	"flows say what would have been done"
like "$(imctl flows)" ' observe:drop ' "for people too"
wait "$monitor"
is "$(field "(d['verdict'], d['observed'], d['level'])" < "$SCRATCH/events")" \
	"('pass', 'drop', 'warning')" "monitor tells it, by its level"
num "$(imctl stats --json | field "sum(s['packets_in'] for s in d['services'] if s['verdict']=='observe')")" \
	-ge 4 "packets are counted as observed"
num "$(imctl stats --json | field "d['rules'][0]['decisions']")" -ge 1 "and the decision as the rule's"
like "$(imctl policy show)" 'observe: drop +warning' "policy show says so"
rule 'verdict = "drop";'
talk 10.77.1.2 80 --limit 1 > "$SCRATCH/out"
like "$(cat "$SCRATCH/out")" 'timeout' "enforced, the same rule drops"
printf 'mode = "observe"; default = "reject"; rules = ();\n' > "$SCRATCH/p.conf"
check "load a policy that is only observed" imctl policy load "$SCRATCH/p.conf"
check "nothing of it is carried out, the default neither" talk fd77:1::2 80
is "$(xmpp_flow observed) $(xmpp_flow reason)" "reject default" "and flows say what it says"
is "$(imctl policy show --json | field "d['policy']['mode']")" observe "its mode is shown"

done_testing
