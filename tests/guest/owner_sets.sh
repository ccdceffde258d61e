#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# kernels: 6.12
# Sets of users and of programs: rules by them on real traffic, changed while the policy runs,
# with 100,000 entries each, and refused without the module.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
need_bpffs
scratch
netns_new client server
netns_link client server 1

PEER=$IMTC_TOP/build/tests/kmod/im_peer
imctl() { imctl_in client "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
chmod 755 "$SCRATCH"
for name in approved other; do
	mkdir -p "$SCRATCH/opt/$name"
	cp "$PEER" "$SCRATCH/opt/$name/chat"
done
GOOD=$SCRATCH/opt/approved/chat
OTHER=$SCRATCH/opt/other/chat
mkdir "$SCRATCH/users" "$SCRATCH/programs"
printf '# whom we know\n4001 # one\nroot\n' > "$SCRATCH/users/contractors.txt"
echo "$GOOD" > "$SCRATCH/programs/approved.txt"
cat > "$SCRATCH/p.conf" <<END
user_sets = "$SCRATCH/users/*.txt";
program_sets = "$SCRATCH/programs/*.txt";
rules = ( { name = "folk"; service = "xmpp"; process = { user = ( "@contractors", 4002 ); exe = "@approved"; };
	    verdict = "allow"; },
	  { name = "the rest"; service = "xmpp"; verdict = "reject"; } );
END

# --- without the module ------------------------------------------------------------
if [ -d /sys/module/imtc ]; then rmmod imtc; fi
imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf" 2> "$SCRATCH/err"
is "$?" 4 "without the module: status 4"
like "$(cat "$SCRATCH/err")" 'rule "folk" needs imtc.ko: it is about a process' "and the rule is named"
need_module

in_ns server "$PEER" serve 5000 1 > "$SCRATCH/served" &
netns_wait_port server 5000
# talk USER PROGRAM
talk() {
	in_ns client setpriv --reuid "$1" --clear-groups "$2" talk tcp 10.77.1.2 5000 > /dev/null 2>&1
	case $? in 0) echo ok ;; 3) echo reset ;; *) echo "status $?" ;; esac
}
check "attach" imctl attach toserver
check "a policy with sets of users and programs loads" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
is "$(imctl set list --json | field "[(s['set'], s['kind'], s['entries']) for s in d]")" \
	"[('contractors', 'users', 2), ('approved', 'programs', 1)]" "sets are listed with their kinds"
is "$(imctl set list contractors | tr '\n' ' ')" "4001 0 " "users are numbers"
is "$(imctl set list approved)" "$GOOD" "programs are paths"
is "$(imctl policy show --json | field "[(c['exe'], c.get('user'), c.get('uid')) for c in d['rules'][0]['compiled']]")" \
	"[('@approved', None, 4002), ('@approved', '@contractors', None)]" "policy show names them"
sed 's/"@contractors", 4002/4002/' "$SCRATCH/p.conf" > "$SCRATCH/q.conf"
like "$(imctl policy diff "$SCRATCH/q.conf")" 'exe @approved, user @contractors' "diff says what would go"
is "$(talk 4001 "$GOOD")" ok "a user of the set, with a program of the set"
is "$(talk 0 "$GOOD")" ok "one that was named"
is "$(talk 4002 "$GOOD")" ok "one beside the set"
is "$(talk 4003 "$GOOD")" reset "another user"
is "$(talk 4001 "$OTHER")" reset "another program"
explain() { imctl policy explain --policy "$SCRATCH/p.conf" service=xmpp "$@" | grep 'rule 1'; }
like "$(explain user=4001 exe="$GOOD")" matches "explain knows what is in the files"
like "$(explain user=4003 exe="$GOOD")" 'wants user .*@contractors' "and which user was wanted"
like "$(explain user=4001 exe=/bin/sh)" 'wants exe @approved' "and which program"

# --- changes -----------------------------------------------------------------------
check "a user is added" imctl set add contractors 4003
is "$(talk 4003 "$GOOD")" ok "and may"
check "one is taken out" imctl set del contractors 4001
is "$(talk 4001 "$GOOD")" reset "and may not"
check "another program is added" imctl set add approved "$OTHER"
is "$(talk 4003 "$OTHER")" ok "and may"

# --- a process that goes on --------------------------------------------------------
TALK=$IMTC_TOP/tests/lib/talk.py
in_ns server python3 "$TALK" server :: 80 &
netns_wait_port server 80
check "Python is added" imctl set add approved "$(readlink -f "$(command -v python3)")"
in_ns client setpriv --reuid 4003 --clear-groups python3 "$TALK" client 10.77.1.2 80 --messages 3000 \
	--pause 50 --limit 200 > "$SCRATCH/long" &
long=$!
runs() {
	imctl --json flows | "$IMTC_TOP/tests/lib/jsonq" \
		'any(f["server_port"] == 80 and f["verdict"] == "pass" and f["rule"] == 1 for f in d)'
}
check "a process of that user talks" wait_for -t 60 runs
check "its user is taken out" imctl set del contractors 4003
wait "$long"
like "$(tail -1 "$SCRATCH/long")" reset "it is judged again: what was known of the process is not kept"
check "and added again" imctl set add contractors 4003

# --- what is refused changes nothing -----------------------------------------------
before="$(imctl policy show --json | field "d['policy']['epoch']")"
imctl set add approved "/opt/*/chat" 2> "$SCRATCH/err"
is "$?" 1 "a pattern is refused"
like "$(cat "$SCRATCH/err")" '"/opt/\*/chat" is a pattern' "and said"
printf '4001\nnobody-of-this-name\n' > "$SCRATCH/bad"
imctl set replace contractors "$SCRATCH/bad" 2> "$SCRATCH/err"
is "$?" 3 "a file with an unknown user: status 3"
like "$(cat "$SCRATCH/err")" 'bad:2:1: error: unknown user "nobody-of-this-name"' "with file and line"
is "$(imctl policy show --json | field "d['policy']['epoch']")" "$before" "nothing has changed"

# --- many --------------------------------------------------------------------------
seq 100000 199999 > "$SCRATCH/many-users"
seq -f "/opt/vendor/%.0f/bin/chat" 100000 > "$SCRATCH/many-programs"
for set in contractors:users approved:programs; do
	begin=$(date +%s%N)
	check "100,000 ${set#*:} replace a set" imctl set replace "${set%:*}" "$SCRATCH/many-${set#*:}"
	diag "it took $((($(date +%s%N) - begin) / 1000000)) ms"
	is "$(imctl set list "${set%:*}" | sha256sum)" "$(sha256sum < "$SCRATCH/many-${set#*:}")" "all are there"
done
is "$(talk 4003 "$GOOD")" reset "who is not among them may not"
check "one more user" imctl set add contractors 4003
check "one more program" imctl set add approved "$GOOD"
is "$(talk 4003 "$GOOD")" ok "who is among them may"
is "$(talk 4002 "$GOOD")" ok "and who is named besides"
is "$(talk 150000 "$GOOD")" ok "one of the 100,000"
is "$(talk 200000 "$GOOD")" reset "one behind them"
check "loaded again, the files hold" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
is "$(imctl set list --json | field "[s['entries'] for s in d]")" "[2, 1]" "and nothing else"
check "flush" imctl policy flush
check "detach" imctl detach --all
done_testing
