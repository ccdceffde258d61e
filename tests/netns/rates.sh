#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How much begins, with real traffic: a program that fans out to many peers, one that opens many
# connections to one, and the talk within the rate, which goes on. IMTC_ENGINE= leaves the counting
# to the module, which counts each program for itself.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1
imctl() { imctl_in client "$@"; }
field() { "$IMTC_TOP/tests/lib/jsonq" "$1"; }

ENGINE=${IMTC_ENGINE---no-module}
TALK=$IMTC_TOP/tests/lib/talk.py
FANOUT=$IMTC_TOP/tests/netns/peers/fanout.py
peers4=() peers6=()
for i in $(seq 10 41); do
	ip -n "$(ns server)" addr add "10.77.1.$i/24" dev toclient
	ip -n "$(ns server)" -6 addr add "fd77:1::$i/64" dev toclient nodad
	peers4+=("10.77.1.$i") peers6+=("fd77:1::$i")
done
ip netns exec "$(ns server)" python3 "$TALK" server :: 6667 &
netns_wait_port server 6667

# fanout ADDRESS...: "began N, refused N, go on N"
fanout() { in_ns client timeout 120 "${PYTHON:-python3}" "$FANOUT" 6667 "$@" | tail -1; }

# policy RULE
policy() {
	printf 'rules = (\n%s\n);\n' "$1" > "$SCRATCH/policy.conf"
	check "load $2" imctl policy load "$SCRATCH/policy.conf"
}

# shellcheck disable=SC2086 # none, or one word
check "attach" imctl attach toserver $ENGINE

# A talk from before the policy, and one that begins under it.
in_ns client python3 "$TALK" client 10.77.1.2 6667 --opening irc --messages 100000 --pause 100 \
	--limit 1000000 > "$SCRATCH/before" &
before=$!
knows_irc() { imctl --json flows | grep -q '"irc"'; }
wait_for knows_irc

policy '{ name = "fans out"; service = "irc"; direction = "out"; verdict = "reject";
	new_peers = { more_than = 8; per = "minute"; }; }' "a rate of peers"
like "$(imctl policy show)" 'new peers more than 8 a minute' "show says it"
is "$(fanout "${peers4[@]}")" "began 8, refused 24, go on 8" "eight peers a minute, the others are refused"
is "$(fanout "${peers4[0]}" "${peers4[0]}" "${peers4[7]}")" "began 3, refused 0, go on 3" \
	"more to those that there were"
is "$(fanout "${peers6[0]}" "${peers6[@]}")" "began 9, refused 24, go on 9" \
	"the host's other address has a count of its own"
check "the talk from before goes on" kill -0 $before
is "$(imctl --json policy show | field "d['rules'][0]['hits']")" 48 "hits are counted"

policy '{ name = "floods"; service = "irc"; verdict = "reject";
	new_flows = { more_than = 5; per = "minute"; }; }' "a rate of flows"
same=() ; for i in $(seq 12); do same+=(10.77.1.20); done
is "$(fanout "${same[@]}")" "began 5, refused 7, go on 5" "five flows a minute to one peer"

policy '{ name = "fast"; service = "irc"; verdict = "reject";
	new_flows = { more_than = 1000; }; }' "a rate of a second that nobody reaches"
is "$(fanout "${same[@]}")" "began 12, refused 0, go on 12" "is in nobody's way"
check "the talk from before still goes on" kill -0 $before
kill $before

if [ -z "$ENGINE" ]; then
	# Another program is none of the first one's business.
	cp "$(readlink -f "$(command -v python3)")" "$SCRATCH/other"
	policy '{ name = "fans out"; service = "irc"; verdict = "reject";
		new_peers = { more_than = 4; per = "minute"; }; }' "a rate, of each program"
	is "$(fanout "${peers4[@]:0:10}")" "began 4, refused 6, go on 4" "one program"
	is "$(fanout "${peers4[@]:0:10}")" "began 4, refused 6, go on 4" "the same in another process"
	PYTHON=$SCRATCH/other
	is "$(fanout "${peers4[@]:10:10}")" "began 4, refused 6, go on 4" "another program"
fi

done_testing
