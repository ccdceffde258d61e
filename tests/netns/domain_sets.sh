#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Sets of domains on real traffic, changed while the policy runs: BPF-only, and by the module
# where tests/guest/domain_sets.sh runs this.
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
# The stream is opened "to" example.org.
talk() { in_ns client python3 "$TALK" client 10.77.1.2 80 "$@" | tail -1; }
in_ns server python3 "$TALK" server :: 80 &
netns_wait_port server 80
# shellcheck disable=SC2086 # none, or one word
check "attach" imctl attach "$DEV" ${SETS_ATTACH---no-module}

mkdir "$SCRATCH/domains" "$SCRATCH/sets"
printf '10.77.1.0/24\n' > "$SCRATCH/sets/partners.txt"
echo "# nobody yet" > "$SCRATCH/domains/blocked.txt"
printf 'Other.Example. # a name\n=im.example\n*.chat.example\n' > "$SCRATCH/domains/others.txt"
cat > "$SCRATCH/p.conf" <<END
sets = "$SCRATCH/sets/*.txt";
domain_sets = [ "$SCRATCH/domains/*.txt" ];
rules = ( { name = "others"; service = "xmpp"; domain = "@others"; verdict = "drop"; },
	{ name = "blocked"; service = "xmpp"; domain = [ "@blocked", "www.example.net" ];
	  verdict = "reject"; },
	{ name = "partners"; service = "xmpp"; remote = "@partners"; verdict = "allow"; } );
default = "drop";
END
check "a policy with sets of domains loads" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
is "$(imctl set list --json | field "[(s['set'], s['kind'], s['entries']) for s in d]")" \
	"[('partners', 'addresses', 1), ('blocked', 'domains', 0), ('others', 'domains', 3)]" \
	"sets are listed with their kinds"
is "$(imctl set list others | tr '\n' ' ')" "other.example =im.example *.chat.example " "and what is in one"
like "$(imctl policy show)" 'service xmpp, domain @others +drop' "policy show names them"
like "$(talk)" ok "a name in no set talks"

sed 's/"@others"/"@blocked"/' "$SCRATCH/p.conf" > "$SCRATCH/q.conf"
like "$(imctl policy diff "$SCRATCH/q.conf" | tr '\n' ' ')" 'domain @others.*domain @blocked' "diff too"

# --- a change, and a flow that is open ---------------------------------------------
epoch() { imctl policy show --json | field "d['policy']['epoch']"; }
talk --messages 300 --pause 50 --limit 30 > "$SCRATCH/long" &
long=$!
named() { imctl --json flows | grep -q '"domain": *"example.org"'; }
wait_for named
like "$(imctl set add blocked "*.org")" 'set "blocked": 1 added, 1 domain, epoch' "what is below org is added"
wait "$long"
like "$(cat "$SCRATCH/long")" reset "a flow that was open is judged again"
like "$(talk)" reset "new ones are refused"
check "it is taken out" imctl set del blocked "*.org"
like "$(talk)" ok "and talks again"
check "names below it are added" imctl set add blocked "*.example.org" "=org" "xample.org" "www.example.org"
like "$(talk)" ok "they are not the name itself"
check "the name alone is added" imctl set add blocked "=example.org"
like "$(talk)" reset "and is refused"
is "$(imctl policy show --json | field "d['rules'][1]['hits'] >= 3")" True "what was counted stays"
check "it is taken out again" imctl set del blocked "=EXAMPLE.org"
is "$(imctl set list partners)" 10.77.1.0/24 "sets of another kind keep what they have"

# --- what is refused changes nothing -----------------------------------------------
before="$(epoch) $(imctl set list blocked | tr '\n' ' ')"
imctl set add nobody a.example 2> "$SCRATCH/err"
is "$?" 1 "a set that is not there: status 1"
imctl set add blocked good.example 10.0.0.0/8 2> "$SCRATCH/err"
is "$?" 1 "an address behind a domain: status 1"
like "$(cat "$SCRATCH/err")" '"10.0.0.0/8" is no domain' "and said"
printf 'good.example\nbad..example\n' > "$SCRATCH/bad"
imctl set replace blocked "$SCRATCH/bad" 2> "$SCRATCH/err"
is "$?" 3 "a bad file: status 3"
like "$(cat "$SCRATCH/err")" "bad:2:1: error: \"bad..example\" is no domain" "with file and line"
awk 'BEGIN { for (i = 0; i < 524289; i++) print "d" i ".example" }' > "$SCRATCH/toomany"
imctl set replace blocked "$SCRATCH/toomany" 2> "$SCRATCH/err"
is "$?" 3 "more than there may be: status 3"
like "$(cat "$SCRATCH/err")" 'toomany:524289:1: error: more than 524288 words' "and said where"
# What is in the other sets counts as well.
head -524286 "$SCRATCH/toomany" > "$SCRATCH/nearly"
imctl set replace blocked "$SCRATCH/nearly" 2> "$SCRATCH/err"
is "$?" 1 "more than there may be with the other sets: status 1"
like "$(cat "$SCRATCH/err")" 'at most 524288 words|more than 524288 words' "and said"
is "$(epoch) $(imctl set list blocked | tr '\n' ' ')" "$before" "nothing has changed"

# --- many --------------------------------------------------------------------------
head -100000 "$SCRATCH/toomany" > "$SCRATCH/many"
begin=$(date +%s%N)
check "100,000 domains replace a set" imctl set replace others "$SCRATCH/many"
took=$((($(date +%s%N) - begin) / 1000000))
diag "it took $took ms"
is "$(imctl set list others | sha256sum)" "$(sha256sum < "$SCRATCH/many")" "all are there, in their order"
like "$(talk)" ok "who is not among them talks"
echo "=example.org" >> "$SCRATCH/many"
check "one more" imctl set replace others "$SCRATCH/many"
like "$(talk --limit 1)" timeout "who is among them does not"
explain() { imctl policy explain --policy "$SCRATCH/p.conf" service=xmpp "domain=$1" | grep 'rule 1'; }
like "$(explain a.chat.example)" matches "explain knows what is in the files"
like "$(explain chat.example)" 'wants domain @others' "and says what was wanted"
check "loaded again, the files hold" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
is "$(imctl set list --json | field "[s['entries'] for s in d]")" "[1, 0, 3]" "and nothing else"
cp "$SCRATCH/many" "$SCRATCH/domains/others.txt"
begin=$(date +%s%N)
check "a policy with 100,000 domains loads" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
took=$((($(date +%s%N) - begin) / 1000000))
diag "it took $took ms"
like "$(talk --limit 1)" timeout "and holds"
done_testing
