#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Sets of addresses on real traffic, changed while the policy runs: BPF-only, and by the module
# where tests/guest/sets.sh runs this.
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
# shellcheck disable=SC2086 # none, or one word
check "attach" imctl attach "$DEV" ${SETS_ATTACH---no-module}

mkdir "$SCRATCH/sets"
echo "# nobody yet" > "$SCRATCH/sets/blocked.txt"
printf '203.0.113.0/24 # a test net\n2001:db8::/32\n' > "$SCRATCH/sets/others.txt"
cat > "$SCRATCH/p.conf" <<END
sets = [ "$SCRATCH/sets/*.txt" ];
rules = ( { name = "others"; service = "xmpp"; remote = "@others"; verdict = "drop"; },
	{ name = "blocked"; service = "xmpp"; remote = [ "@blocked", "198.51.100.1" ]; verdict = "reject"; },
	{ name = "elsewhere"; service = "xmpp"; interface = "lo"; verdict = "drop"; },
	{ name = "outside"; service = "xmpp"; peer = "outside"; verdict = "drop"; },
	{ name = "named"; service = "xmpp"; domain = "*.example.org"; verdict = "drop"; },
	{ name = "the rest"; service = "xmpp"; verdict = "allow"; } );
inside = [ "10.77.1.0/24", "fd77:1::/64" ];
END
check "a policy with sets loads" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
is "$(imctl set list --json | field "[(s['set'], s['prefixes']) for s in d]")" "[('blocked', 0), ('others', 2)]" \
	"sets are listed, an empty one too"
is "$(imctl set list others | sort | tr '\n' ' ')" "2001:db8::/32 203.0.113.0/24 " "and what is in one"
like "$(imctl policy show)" 'service xmpp, remote @others +drop' "policy show names them"
check "who is in no set talks" talk 10.77.1.2 80

# --- a change, and a flow that is open ---------------------------------------------
epoch() { imctl policy show --json | field "d['policy']['epoch']"; }
before=$(epoch)
talk 10.77.1.2 80 --messages 300 --pause 50 --limit 30 > "$SCRATCH/long" &
long=$!
wait_for in_ns client grep -q ' 01 0' /proc/net/tcp	# established
check "an address is added" imctl set add blocked 10.77.1.1
wait "$long"
like "$(tail -1 "$SCRATCH/long")" 'reset' "a flow that was open is judged again"
talk 10.77.1.2 80 > "$SCRATCH/out"
like "$(tail -1 "$SCRATCH/out")" 'reset' "new ones are refused"
check "the other family talks on" talk fd77:1::2 80
is "$(imctl policy show --json | field "[r['compiled'][0].get(k) for r, k in zip(d['rules'][2:], ('interface', 'peers', 'domain'))]")" \
	"['lo', ['outside'], '*.example.org']" "criteria of other rules stay"
num "$(epoch)" -gt "$before" "the epoch has moved"
hits=$(imctl policy show --json | field "d['rules'][1]['hits']")
num "$hits" -ge 2 "the rule has decided"
check "a prefix around the other family is added" imctl set add blocked fd77::/16
talk fd77:1::2 80 > "$SCRATCH/out"
like "$(tail -1 "$SCRATCH/out")" 'reset' "and holds"
num "$(imctl policy show --json | field "d['rules'][1]['hits']")" -gt "$hits" "what was counted stays"
check "an address is taken out" imctl set del blocked 10.77.1.1
check "and talks again" talk 10.77.1.2 80

# --- what is refused changes nothing -----------------------------------------------
before=$(epoch)
imctl set add nobody 192.0.2.1 2> "$SCRATCH/err"
is "$?" 1 "a set that is not there: status 1"
like "$(cat "$SCRATCH/err")" 'the running policy has no set "nobody"' "and said"
imctl set add blocked 10.77.1.1 10.0.0.1/8 2> "$SCRATCH/err"
is "$?" 1 "a bad prefix behind a good one: status 1"
printf '10.77.1.1\n10.77.1.300\n' > "$SCRATCH/bad"
imctl set replace blocked "$SCRATCH/bad" 2> "$SCRATCH/err"
is "$?" 3 "a bad file: status 3"
like "$(cat "$SCRATCH/err")" "bad:2:1: error: \"10.77.1.300\" is not an address" "with file and line"
is "$(epoch) $(imctl set list blocked)" "$before fd77::/16" "nothing has changed"

# --- many --------------------------------------------------------------------------
python3 -c "for i in range(100000): print(f'11.{i >> 14 & 255}.{i >> 6 & 255}.{(i & 63) * 4}')" > "$SCRATCH/many"
begin=$(date +%s%N)
check "100,000 addresses replace a set" imctl set replace others "$SCRATCH/many"
took=$((($(date +%s%N) - begin) / 1000000))
diag "it took $took ms"
is "$(imctl set list --json | field "[s['prefixes'] for s in d]")" "[1, 100000]" "all are there"
is "$(imctl set list others | sha256sum)" "$(sha256sum < "$SCRATCH/many")" "in their order"
check "who is not among them talks" talk 10.77.1.2 80
echo 10.77.0.0/16 >> "$SCRATCH/many"
check "one more" imctl set replace others "$SCRATCH/many"
talk 10.77.1.2 80 --limit 1 > "$SCRATCH/out"
like "$(tail -1 "$SCRATCH/out")" 'timeout' "who is among them does not"
check "loaded again, the files hold" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
is "$(imctl set list --json | field "[s['prefixes'] for s in d]")" "[0, 2]" "and nothing else"
check "flush" imctl policy flush --state-dir "$SCRATCH/state"
imctl set list 2> "$SCRATCH/err"
is "$?" 1 "without a policy there are no sets"
done_testing
