#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# imctl against this kernel, BPF-only: attach in every way, counters and flows of real traffic,
# policies under traffic, monitor, metrics, and what is left behind.
# timeout: 300

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server

PINS=/sys/fs/bpf/imtc
# Emulation is slow: a guest does the same in fewer rounds.
LOADS=50 KILLED_LOADS=40 KILLED_ATTACHES=8
[ "${IMTC_SLOW:-1}" = 1 ] || LOADS=5 KILLED_LOADS=6 KILLED_ATTACHES=2
TALK=$IMTC_TOP/tests/lib/talk.py
imctl() { imctl_in server "$@"; }
# To be put in the background and killed: the process is imctl itself, not a shell around it.
imctl_exec() { exec nsenter --net="/run/netns/$(ns server)" "$IMCTL" "$@"; }
pins() { find "$PINS" -type f 2>/dev/null | wc -l; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
attachment() { imctl status --json | field "[(a['ingress'],a['egress']) for a in d['attachments'] if a['device']=='$1']"; }
# The TAP library polls by commands: these are its questions.
talk() { in_ns client python3 "$TALK" client "$@"; }

link() {
	netns_link client server 1
	in_ns server python3 "$TALK" server :: 80 &
	netns_wait_port server 80
}
link
DEV=toclient
# Before 6.6 there is no tcx.
TC=clsact
[ "$(printf '6.6\n%s\n' "$(uname -r)" | sort -V | head -1)" = 6.6 ] && TC=tcx
# Links pinned for a device: three with tcx, else XDP's alone.
LINKS=$([ $TC = tcx ] && echo 3 || echo 1)

# --- nothing yet -----------------------------------------------------------------
like "$(imctl status)" 'mode: +not loaded' "status before anything: not loaded"
refuse "stats before anything is refused" imctl stats
like "$(imctl stats 2>&1)" 'imctl attach' "and says what to do"
refuse "attach of a device that is not there" imctl attach nodevice
is "$(pins)" 0 "which leaves nothing pinned"
imctl attach --xdp fast "$DEV" 2>/dev/null
is $? 2 "a wrong option is wrong usage"

# --- attach in every way ---------------------------------------------------------
check "attach" imctl attach "$DEV" --no-module
is "$(attachment "$DEV")" "[('xdp-native', '$TC')]" "native XDP and $TC where the device takes them"
like "$(in_ns server ip -d link show "$DEV")" 'prog/xdp' "the kernel says so too"
before=$(find "$PINS/links" -type f | sort)
check "attach again" imctl attach "$DEV" --no-module
is "$(find "$PINS/links" -type f | sort)" "$before" "changes nothing"
check "attach --xdp generic" imctl attach "$DEV" --no-module --xdp generic
is "$(attachment "$DEV")" "[('xdp-generic', '$TC')]" "is generic XDP"
check "attach --tc" imctl attach "$DEV" --no-module --tc
is "$(attachment "$DEV")" "[('$TC', '$TC')]" "is tc alone"
unlike "$(in_ns server ip -d link show "$DEV")" 'prog/xdp' "with no XDP left"
check "attach --xdp native" imctl attach "$DEV" --no-module --xdp native --zone 77
is "$(imctl status --json | field "d['attachments'][0]['zone']")" 77 "in its zone"
check "a second device" imctl attach lo --no-module
is "$(attachment lo)" "[('$TC', '$TC')]" "loopback has no XDP of its own: fell back"
check "detach it" imctl detach lo
is "$(attachment lo)" "[]" "is gone"
refuse "detach again" imctl detach lo
in_ns server tc qdisc add dev lo clsact
check "a device with a qdisc of another's" imctl attach lo --no-module
check "detach --all" imctl detach --all
is "$(in_ns server tc qdisc show dev lo | grep -c clsact)" 1 "leaves the qdisc of another"
is "$(pins)" 0 "leaves nothing pinned"
check "nor a folder" test ! -e "$PINS"
unlike "$(in_ns server ip -d link show "$DEV")" 'prog/xdp' "nor XDP"
is "$(in_ns server tc qdisc show dev "$DEV" | grep -c clsact)" 0 "nor a qdisc"
check "detach --all once more" imctl detach --all

# --- a device that goes away ------------------------------------------------------
in_ns server ip link add gone type veth peer name gone2
check "attach a device" imctl attach gone --no-module
in_ns server ip link del gone
is "$(imctl status --json | field "len(d['attachments'])")" 0 "removed: no attachment is shown"
check "attach another" imctl attach "$DEV" --no-module
is "$(find "$PINS/links" -type f | wc -l)" "$LINKS" "the pins of the one that went are gone"

# --- another namespace, the same number -------------------------------------------
peer=$(in_ns client cat "/sys/class/net/toserver/ifindex")
mine=$(in_ns server cat "/sys/class/net/$DEV/ifindex")
if [ "$peer" = "$mine" ]; then
	refuse "a device of another namespace with the same number" imctl_in client attach toserver
	is "$(attachment "$DEV")" "[('xdp-native', '$TC')]" "leaves this one as it was"
else
	imctl_in client attach toserver --no-module >/dev/null
	is "$(imctl status --json | field "sorted(a['here'] for a in d['attachments'])")" \
		"[False, True]" "a device of another namespace is shown as not here"
	imctl_in client detach toserver >/dev/null
fi

# --- bad signatures, all or nothing ------------------------------------------------
imctl detach --all >/dev/null
mkdir "$SCRATCH/bad"
printf 'services = ( { service = "slakc"; domains = [ "a.example" ]; } );\n' > "$SCRATCH/bad/x.conf"
imctl attach "$DEV" --signatures "$SCRATCH/bad" 2>"$SCRATCH/err"
is $? 3 "a bad signature file ends attach with its own status"
like "$(cat "$SCRATCH/err")" 'x.conf:1.*slakc.*slack' "file, line and what was meant are said"
is "$(pins)" 0 "and nothing is loaded"

# --- traffic ------------------------------------------------------------------------
check "attach for traffic" imctl attach "$DEV" --no-module
check "talk XMPP on port 80 over IPv4" talk 10.77.1.2 80
check "talk XMPP on port 80 over IPv6" talk fd77:1::2 80
check "talk nothing that is IM" talk 10.77.1.2 80 --opening plain
flows=$(imctl flows --json)
is "$(field "sorted((f['family'],f['service'],f['direction']) for f in d if f['service']=='xmpp')" <<< "$flows")" \
	"[(4, 'xmpp', 'in'), (6, 'xmpp', 'in')]" "both flows are in the table, by content"
is "$(field "all(f['packets']>=f['packets_client']>0 and f['bytes']>f['packets']*40 for f in d if f['service']=='xmpp')" <<< "$flows")" \
	True "with packets and bytes of both directions"
is "$(imctl flows --service xmpp --json | field "len(d)")" 2 "flows --service chooses"
stats=$(imctl stats --json)
num "$(field "sum(s['packets_in'] for s in d['services'] if s['service']=='xmpp')" <<< "$stats")" -ge 8 \
	"stats count packets that came in"
num "$(field "sum(s['packets_out'] for s in d['services'] if s['service']=='xmpp')" <<< "$stats")" -ge 8 \
	"and that went out"
like "$(imctl stats)" 'xmpp' "stats for people too"
like "$(imctl flows --process 1 2>&1)" 'needs the module' "flows --process says what it needs"

# --- policies ------------------------------------------------------------------------
policy() { # NAME VERDICT
	printf 'name = "%s"; default = "allow";\nrules = ( { name = "%s rule"; service = "xmpp"; verdict = "%s"; log = true; } );\n' \
		"$1" "$1" "$2" > "$SCRATCH/$1.conf"
}
policy pass allow
policy stop reject
policy mute drop
is "$(imctl status --json | field "d['policy']")" None "no policy yet"
check "load a policy" imctl policy load "$SCRATCH/stop.conf"
is "$(imctl status --json | field "d['policy']['name']")" stop "status names it"
talk 10.77.1.2 80 > "$SCRATCH/out"
is $? 1 "XMPP is cut off"
like "$(cat "$SCRATCH/out")" 'reset' "by a reset"
check "what is no XMPP goes on" talk 10.77.1.2 80 --opening plain
num "$(imctl stats --json | field "[r['decisions'] for r in d['rules'] if r['name']=='stop rule'][0]")" -ge 1 \
	"the rule's decisions are counted"
imctl policy load "$SCRATCH/mute.conf" >/dev/null
is "$(imctl stats --json | field "d['rules']")" \
	"[{'id': 1, 'name': 'mute rule', 'verdict': 'drop', 'decisions': 0}]" \
	"a new policy counts from 0"
talk 10.77.1.2 80 --limit 1 > "$SCRATCH/out"
like "$(cat "$SCRATCH/out")" 'timeout' "dropped: the client waits in vain"
epoch=$(imctl status --json | field "d['policy']['epoch']")
printf 'rules = ( { name = "p"; service = "xmpp"; process = { comm = "x"; }; verdict = "drop"; } );\n' > "$SCRATCH/proc.conf"
refuse "a policy about processes is refused without the module" imctl policy load "$SCRATCH/proc.conf"
is "$(imctl status --json | field "d['policy']['epoch']")" "$epoch" "and changes nothing"
flow=$(imctl flows --json | field "' '.join(('tcp', f['client'] + ':' + str(f['client_port']), f['server'] + ':80')) if (f := [f for f in d if f['service'] == 'xmpp' and f['family'] == 4][0]) else ''")
# shellcheck disable=SC2086 # words
like "$(imctl policy explain --flow $flow)" 'verdict: drop, by rule 1 "mute rule" \(.*mute.conf:2\)' \
	"explain: a flow of the table by the policy that runs, with file and line"
# shellcheck disable=SC2086
like "$(imctl policy explain --policy "$SCRATCH/pass.conf" --flow ${flow#tcp } comm=x)" 'comm x.*|verdict: allow, by rule 1 "pass rule"' \
	"or by another, with what is said of it"
refuse "explain: no such flow" imctl policy explain --flow 10.9.9.9:1 10.9.9.9:2
check "flush" imctl policy flush
check "XMPP passes again" talk 10.77.1.2 80
imctl policy load "$SCRATCH/pass.conf" >/dev/null
num "$(imctl status --json | field "d['policy']['epoch']")" -gt "$epoch" "epochs do not come again after a flush"

# --- reload under traffic --------------------------------------------------------------
imctl detach --all >/dev/null
imctl attach "$DEV" --no-module >/dev/null
imctl policy load "$SCRATCH/pass.conf" >/dev/null
sed 's/"pass/"other/' "$SCRATCH/pass.conf" > "$SCRATCH/other.conf"
in_ns client python3 "$TALK" client 10.77.1.2 80 --messages 10000000 --limit 60 > "$SCRATCH/talk.out" &
talker=$!
wait_for sh -c "nsenter --net=/run/netns/$(ns server) '$IMCTL' flows --service xmpp --json | grep -q xmpp"
failed=0
for i in $(seq "$LOADS"); do
	imctl policy load -q "$SCRATCH/other.conf" >/dev/null || failed=$((failed + 1))
	imctl policy load -q "$SCRATCH/pass.conf" >/dev/null || failed=$((failed + 1))
done
is "$failed" 0 "$((2 * LOADS)) loads under traffic"
before=$(imctl flows --service xmpp --json | field "d[0]['packets']")
check "a second attach under traffic" imctl attach "$DEV" --no-module
wait_for sh -c "[ \$(nsenter --net=/run/netns/$(ns server) '$IMCTL' flows --service xmpp --json | python3 -c 'import json,sys; print(json.load(sys.stdin)[0][\"packets\"])') -gt $((before + 50)) ]"
flows=$(imctl flows --service xmpp --json)
is "$(field "len(d)" <<< "$flows")" 1 "it is still the one flow"
num "$(field "d[0]['packets']" <<< "$flows")" -gt "$before" "which goes on, with its counters"
is "$(imctl stats --json | field "[o['count'] for o in d['outcomes'] if o['outcome']=='ask-failed'][0]")" 0 \
	"no packet was judged by neither policy"
is "$(imctl stats --json | field "sorted({s['verdict'] for s in d['services'] if s['service']=='xmpp'})")" \
	"['pass']" "every packet of the flow was allowed"
imctl policy load "$SCRATCH/stop.conf" >/dev/null
wait "$talker"
like "$(cat "$SCRATCH/talk.out")" 'reset' "a policy that rejects ends it under way"
is "$(find "$PINS/policy" -type f | wc -l)" 1 "one policy's names are kept"

# --- killed at random ---------------------------------------------------------------------
{
	echo 'name = "big"; default = "allow"; rules = ('
	for i in $(seq 2000); do
		echo "{ name = \"big $i\"; service = \"irc\"; remote = \"10.$((i / 250)).$((i % 250)).0/24\"; verdict = \"drop\"; },"
	done
	echo '{ name = "big last"; service = "xmpp"; verdict = "allow"; } );'
} > "$SCRATCH/big.conf"
check "a policy of 2001 rules" imctl policy load "$SCRATCH/big.conf"
check "lets XMPP pass by its last" talk 10.77.1.2 80
torn=0
dead=0
for i in $(seq "$KILLED_LOADS"); do
	imctl_exec policy load "$SCRATCH/$([ $((i % 2)) = 0 ] && echo big || echo pass).conf" >/dev/null 2>&1 &
	victim=$!
	sleep "0.0$((RANDOM % 10))"
	kill -9 "$victim" 2>/dev/null
	# Set apart so that the shell does not tell of the kill.
	{ wait "$victim"; } 2>/dev/null || dead=$((dead + 1))
	imctl policy show --json 2>>"$SCRATCH/torn" | python3 -c "
import json, sys
d = json.load(sys.stdin)
name, rules = d['policy']['name'], d['rules']
assert all(r['name'].startswith(name) for r in rules), (name, rules[0])
assert len(rules) == {'big': 2001, 'pass': 1}[name]" 2>>"$SCRATCH/torn" || torn=$((torn + 1))
done
is "$torn" 0 "$KILLED_LOADS loads killed at random: the policy that runs is whole ($dead died)"
[ "$torn" = 0 ] || diag "$(tail -5 "$SCRATCH/torn")"
num "$dead" -gt 0 "some were killed before their end"
check "and it judges" talk 10.77.1.2 80
bad=0
for i in $(seq "$KILLED_ATTACHES"); do
	imctl detach --all >/dev/null 2>&1
	imctl_exec attach "$DEV" --no-module >/dev/null 2>&1 &
	victim=$!
	sleep "$(awk -v r=$RANDOM 'BEGIN { printf "%.2f", r % 250 / 100 }')"
	kill -9 "$victim" 2>/dev/null
	{ wait "$victim"; } 2>/dev/null
	imctl attach "$DEV" --no-module >/dev/null 2>&1 &&
		[ "$(attachment "$DEV")" = "[('xdp-native', '$TC')]" ] || bad=$((bad + 1))
done
is "$bad" 0 "attach killed at random: the next attach mends it"

# --- monitor ---------------------------------------------------------------------------------
imctl policy load "$SCRATCH/stop.conf" >/dev/null
monitor() { # OUT ARGUMENT...: in the background, from when it listens
	local out=$1
	shift
	rm -f "$out.err"
	imctl_exec monitor -v "$@" >"$out" 2>"$out.err" &
	monitor_pid=$!
	wait_for grep -q listening "$out.err"
}
monitor "$SCRATCH/events" --count 1 --timeout 20 --json
refuse "a second reader of the ring is told so" imctl monitor --timeout 1
talk 10.77.1.2 80 >/dev/null
wait "$monitor_pid"
is $? 0 "monitor ends after its count"
is "$(field "(d['verdict'],d['service'],d['server'],d['server_port'],d['rule_name'],d['log'],d['direction'],d['l4'])" < "$SCRATCH/events")" \
	"('reject', 'xmpp', '10.77.1.2', 80, 'stop rule', True, 'in', 'tcp')" "the event says what was decided"
monitor "$SCRATCH/events" --count 1 --timeout 20
talk fd77:1::2 80 >/dev/null
wait "$monitor_pid"
like "$(cat "$SCRATCH/events")" '^[0-9-]+T[0-9:.]+Z reject xmpp/[a-z]+ \[fd77:1::1\]:[0-9]+ -> \[fd77:1::2\]:80 - rule "stop rule"' \
	"and a line for people"
monitor "$SCRATCH/events"
kill -INT "$monitor_pid"
wait "$monitor_pid"
is $? 0 "an interrupted monitor ends well"
monitor "$SCRATCH/events" --timeout 1
wait "$monitor_pid"
is $? 0 "so does one whose time is up"

# --- metrics ---------------------------------------------------------------------------------
imctl metrics > "$SCRATCH/metrics"
like "$(cat "$SCRATCH/metrics")" '^imtc_packets_total\{service="xmpp",feature="[a-z]+",verdict="[a-z]+",direction="in"\} [0-9]+$' \
	"packets are there"
like "$(cat "$SCRATCH/metrics")" '^imtc_rule_decisions_total\{id="1",rule="stop rule",verdict="reject"\} [1-9]' "decisions too"
is "$(tail -1 "$SCRATCH/metrics")" "# EOF" "the text has its end"
# Debian's own Python, which has Debian's module.
if /usr/bin/python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
	check "a strict OpenMetrics parser takes it" /usr/bin/python3 -c "
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(open('$SCRATCH/metrics').read()))
assert len(families) > 10, len(families)"
else
	skip "a strict OpenMetrics parser takes it" "no python3-prometheus-client"
fi
check "metrics --output" imctl metrics --output "$SCRATCH/imtc.prom"
is "$(grep -c '^# EOF' "$SCRATCH/imtc.prom")" 1 "writes the whole text"
is "$(find "$SCRATCH" -name 'imtc.prom?*' | wc -l)" 0 "and leaves nothing beside it"
refuse "metrics to where nothing can be written" imctl metrics --output /proc/nowhere/x
for address in 127.0.0.1:9750 '[::1]:9751'; do
	rm -f "$SCRATCH/listen"
	imctl_exec metrics --listen "$address" 2>"$SCRATCH/listen" &
	serving=$!
	wait_for grep -q listening "$SCRATCH/listen"
	in_ns server curl -sg -D "$SCRATCH/head" -o "$SCRATCH/body" "http://$address/metrics"
	like "$(cat "$SCRATCH/head")" '^Content-Type: application/openmetrics-text; version=1.0.0' "$address: the content type"
	like "$(cat "$SCRATCH/body")" '^# EOF$' "$address: the text"
	is "$(in_ns server curl -sgo /dev/null -w '%{http_code}' "http://$address/other")" 404 "$address: 404 elsewhere"
	is "$(in_ns server curl -sgo /dev/null -w '%{http_code}' -d x "http://$address/metrics")" 405 "$address: 405 for POST"
	kill "$serving"
	wait "$serving"
	is $? 0 "$address: ends on a signal"
done
imctl metrics --listen localhost 2>/dev/null
is $? 2 "an address without a port is wrong usage"

# --- signatures ------------------------------------------------------------------------------
mkdir "$SCRATCH/sig"
printf 'services = ( { service = "slack"; domains = [ "one.example" ]; } );\n' > "$SCRATCH/sig/a.conf"
count() { imctl status --json | field "d['signatures']"; }
check "signatures load" imctl signatures load --signatures "$SCRATCH/sig"
is "$(count)" 1 "leaves what the files say, and no more"
imctl attach "$DEV" --no-module >/dev/null
num "$(count)" -gt 20 "attach brings the usual ones back"

# --- without root ------------------------------------------------------------------------------
for command in status stats flows monitor metrics "attach $DEV" "detach $DEV"; do
	# shellcheck disable=SC2086 # words
	out=$(setpriv --reuid 65534 --clear-groups "$IMCTL" $command 2>&1)
	is $? 1 "$command without root is refused"
	like "$out" 'needs (root|CAP)' "and says what it needs"
done

check "detach" imctl detach "$DEV"
check "detach --all at the end" imctl detach --all
is "$(pins)" 0 "nothing is left"
done_testing
