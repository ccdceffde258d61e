#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 400
# imctl with the module: attach asks it, owners in flows, monitor and metrics, programs exchanged
# for those without it and back under traffic, and the module is free again at the end.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
need_bpffs
scratch
need_module
netns_new client server
netns_link client server 1

TALK=$IMTC_TOP/tests/lib/talk.py
DEV=toserver
# The client is this host's side: its processes own the flows.
imctl() { nsenter --net="/run/netns/$(ns client)" "$IMCTL" "$@"; }
imctl_exec() { exec nsenter --net="/run/netns/$(ns client)" "$IMCTL" "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
talk() { in_ns client python3 "$TALK" client 10.77.1.2 80 "$@"; }
in_ns server python3 "$TALK" server :: 80 &
netns_wait_port server 80
exe=$(readlink -f "$(command -v python3)")
[ -x "$(python3 -c 'import sys; print(sys.executable)')" ] && exe=$(readlink -f "$(python3 -c 'import sys; print(sys.executable)')")

check "attach" imctl attach "$DEV"
status=$(imctl status --json)
is "$(field "d['mode']" <<< "$status")" module "the programs ask the module"
is "$(field "d['module']['loaded'] and d['module']['btf']" <<< "$status")" True "which is loaded, with BTF"
like "$(imctl status)" 'module: +loaded, version' "and is said to people"
num "$(field "len([t for t in d['tables'] if t['table'] in ('sockets','processes') and t['max']])" <<< "$status")" -eq 2 \
	"the module's tables are among the tables"
refuse "the module is held while programs call it" rmmod imtc

cat > "$SCRATCH/policy.conf" <<END
name = "owners"; default = "allow"; on_failure = "closed";
rules = ( { name = "that program"; service = "xmpp"; process = { exe = "$exe"; }; verdict = "allow"; log = true; },
	  { name = "no other"; service = "xmpp"; verdict = "reject"; } );
END
check "load a policy about processes" imctl policy load "$SCRATCH/policy.conf"
imctl_exec monitor -v --json --count 1 --timeout 60 > "$SCRATCH/event" 2> "$SCRATCH/err" &
monitor=$!
wait_for grep -q listening "$SCRATCH/err"
in_ns client python3 "$TALK" client 10.77.1.2 80 --messages 100000000 --limit 60 > "$SCRATCH/talk" &
talker=$!
wait "$monitor"
is $? 0 "monitor hears of the decision"
is "$(field "(d['verdict'],d['service'],d['rule_name'],d['log'],d['direction'])" < "$SCRATCH/event")" \
	"('pass', 'xmpp', 'that program', True, 'out')" "and says what it was"
is "$(field "d['process']['exe']" < "$SCRATCH/event")" "$exe" "and of which program"
pid=$(field "d['process']['pid']" < "$SCRATCH/event")
like "$(tr '\0' ' ' < "/proc/$pid/cmdline")" 'talk.py client' "in this very process"
is "$(imctl flows --process "$pid" --json | field "[(f['service'],f['pid']) for f in d]")" \
	"[('xmpp', $pid)]" "flows --process finds its flow"
like "$(imctl metrics)" '^imtc_decisions_total\{service="xmpp",verdict="pass"\} [1-9]' "metrics have the module's decisions"
like "$(imctl metrics)" '^imtc_module_used 1$' "and that it is asked"
like "$(imctl metrics)" '^imtc_rule_decisions_total\{id="1",rule="that program",verdict="pass"\} [1-9]' "and those of rules"
num "$(imctl stats --json | field "sum(c['count'] for c in d['decisions'] if c['service']=='xmpp')")" -ge 1 \
	"so do stats"

# The other engine and back, under traffic: the flow stays the one it was.
packets() { imctl flows --service xmpp --json | field "sum(f['packets'] for f in d)"; }
first=$(imctl flows --service xmpp --json | field "[f['first_ns'] for f in d]")
check "attach --no-module under traffic" imctl attach "$DEV" --no-module
is "$(imctl status --json | field "d['mode']")" bpf-only "the programs do without it"
like "$(imctl status)" 'attach DEV' "which status finds worth a word"
before=$(packets)
wait_for sh -c "sleep 0.5; [ \$(nsenter --net=/run/netns/$(ns client) '$IMCTL' flows --service xmpp --json | python3 -c 'import json,sys; print(sum(f[\"packets\"] for f in json.load(sys.stdin)))') -gt $before ]"
check "traffic goes on" test "$(packets)" -gt "$before"
check "attach again" imctl attach "$DEV"
is "$(imctl status --json | field "d['mode']")" module "they ask it again"
is "$(imctl flows --service xmpp --json | field "[f['first_ns'] for f in d]")" "$first" "the flow is the one it was"
kill "$talker"
# What ip netns exec started is in its own process.
pkill -P "$talker" 2>/dev/null
kill "$pid" 2>/dev/null
wait "$talker" 2>/dev/null

cp "$exe" "$SCRATCH/other-program"
PYTHONHOME=$(python3 -c 'import sys; print(sys.prefix)') in_ns client "$SCRATCH/other-program" "$TALK" \
	client 10.77.1.2 80 > "$SCRATCH/talk"
like "$(cat "$SCRATCH/talk")" 'reset' "the same client in another program is cut off"
check "the first one still may" talk

check "detach --all" imctl detach --all
check "nothing is pinned" test ! -e /sys/fs/bpf/imtc
wait_for rmmod imtc
check "the module can be unloaded" test ! -d /sys/module/imtc
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
