#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hints from a real DNS server, by UDP and TCP, to real clients; prefixes; and signature files that
# are read again under traffic, without a lost flow.
# timeout: 120

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v dnsmasq dig >/dev/null || skip_all "dnsmasq or dig is not installed"
scratch
netns_new client server
netns_link client server 1

TALK=$IMTC_TOP/tests/lib/talk.py
# On the client's side: a gateway's view is the same.
imctl() { imctl_in client "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
resolve() { in_ns client dig +short +time=2 +tries=2 @10.77.1.2 "$@"; }
# What the flow to that address is: service, feature, confidence.
label_of() { # ADDRESS
	imctl flows --json | field "[(f['service'],f['feature'],f['confidence']) for f in d if f['server']=='$1' and f['server_port']==700]"
}
talk() { in_ns client timeout 10 python3 "$TALK" client "$1" 700 --opening plain --messages 0 >/dev/null; }

# --- the servers -------------------------------------------------------------------------
for last in 3 4 5 6 7 8; do
	ip -n "$(ns server)" addr add "10.77.1.$last/24" dev toclient
done
ip -n "$(ns server)" -6 addr add fd77:1::9/64 dev toclient nodad
cat > "$SCRATCH/dns.conf" <<-END
	no-resolv
	no-hosts
	bind-interfaces
	listen-address=10.77.1.2
	pid-file=$SCRATCH/dns.pid
	user=root
	host-record=one.chat.test,10.77.1.3,fd77:1::9
	host-record=edge.cdn.test,10.77.1.4
	cname=two.chat.test,edge.cdn.test
	host-record=three.chat.test,10.77.1.5
	host-record=shop.test,10.77.1.6
	host-record=both.chat.test,10.77.1.7
	host-record=also.test,10.77.1.7
	host-record=late.talk.test,10.77.1.8
END
in_ns server dnsmasq -C "$SCRATCH/dns.conf"
on_exit "kill \$(cat '$SCRATCH/dns.pid') 2>/dev/null"
in_ns server python3 "$TALK" server :: 700 &
netns_wait_port server 53 udp
netns_wait_port server 700

mkdir "$SCRATCH/sig"
signatures() { printf 'services = ( %s );\n' "$1" > "$SCRATCH/sig/a.conf"; }
signatures '{ service = "slack"; feature = "chat"; domains = [ "chat.test" ]; }'
check "attach with signatures of the test's" imctl attach toserver --no-module --signatures "$SCRATCH/sig"

# --- DNS -----------------------------------------------------------------------------------
is "$(resolve one.chat.test A)" 10.77.1.3 "the name is resolved"
talk 10.77.1.3
is "$(label_of 10.77.1.3)" "[('slack', 'chat', 'dns')]" "a flow to its address is the service's"
is "$(resolve one.chat.test AAAA)" "fd77:1::9" "the name is resolved to IPv6"
talk fd77:1::9
is "$(label_of fd77:1::9)" "[('slack', 'chat', 'dns')]" "as well"
like "$(resolve two.chat.test A)" '10.77.1.4' "an alias is resolved"
talk 10.77.1.4
is "$(label_of 10.77.1.4)" "[('slack', 'chat', 'dns')]" "what it leads to is the service's"
is "$(resolve +tcp three.chat.test A)" 10.77.1.5 "a name is resolved by TCP"
talk 10.77.1.5
is "$(label_of 10.77.1.5)" "[('slack', 'chat', 'dns')]" "and learnt from"
is "$(resolve shop.test A)" 10.77.1.6 "a name that no signature knows is resolved"
talk 10.77.1.6
is "$(label_of 10.77.1.6)" "[('none', 'none', 'none')]" "and no IM"
resolve both.chat.test A >/dev/null
resolve also.test A >/dev/null
talk 10.77.1.7
is "$(label_of 10.77.1.7)" "[('none', 'none', 'none')]" "an address that two names lead to tells nothing"
is "$(imctl flows --json | field "[f['service'] for f in d if f['server_port']==53 and f['service']!='none']")" \
	"[]" "DNS itself is no IM"

# --- a policy by hints ------------------------------------------------------------------------
printf 'name = "t"; default = "allow"; rules = ( { name = "no slack"; service = "slack"; verdict = "reject"; } );\n' \
	> "$SCRATCH/policy.conf"
check "a policy against the service" imctl policy load --bpf-only "$SCRATCH/policy.conf"
refuse "ends a flow to its address" talk 10.77.1.3
check "and none to another" talk 10.77.1.6
check "no policy any more" imctl policy flush

# --- files read again under traffic --------------------------------------------------------------
in_ns client python3 "$TALK" client 10.77.1.2 700 --opening xmpp --messages 400 --pause 20 --limit 20 \
	> "$SCRATCH/long" &
long=$!
wait_for sh -c "ip netns exec '$(ns client)' ss -Htn dport = :700 | grep -q ESTAB"
before=$(imctl flows --json | field "len(d)")
signatures '{ service = "signal"; domains = [ "talk.test" ]; prefixes = [ "10.77.1.6/32" ]; }'
check "signatures load" imctl signatures load --signatures "$SCRATCH/sig"
num "$(imctl flows --json | field "len(d)")" -ge "$before" "no flow is lost"
is "$(label_of 10.77.1.3 | grep -c slack)" 1 "what was found stays"
resolve late.talk.test A >/dev/null
talk 10.77.1.8
is "$(label_of 10.77.1.8)" "[('signal', 'none', 'dns')]" "new names are found"
talk 10.77.1.6
like "$(label_of 10.77.1.6)" "\('signal', 'none', 'address'\)" "new prefixes too"
printf 'services = ( { service = "slakc"; domains = [ "a.example" ]; } );\n' > "$SCRATCH/sig/b.conf"
imctl signatures load --signatures "$SCRATCH/sig" 2>"$SCRATCH/err"
is $? 3 "a file with an error is refused"
like "$(cat "$SCRATCH/err")" 'b.conf:1' "file and line are said"
is "$(imctl status --json | field "d['signatures']")" 2 "and nothing is changed"
for i in $(seq 20); do
	rm -f "$SCRATCH/sig/b.conf"
	signatures "{ service = \"signal\"; domains = [ \"talk.test\", \"n$i.test\" ]; }"
	imctl signatures load --signatures "$SCRATCH/sig" >/dev/null || break
done
is "$i" 20 "twenty loads"
# --- a service of one's own ------------------------------------------------------------------------
cat > "$SCRATCH/sig/a.conf" <<-END
	own_services = ( { name = "acme-chat"; title = "ACME Chat"; } );
	services = ( { service = "acme-chat"; feature = "chat"; prefixes = [ "10.77.1.6/32" ]; } );
END
check "signatures that name a service" imctl signatures load --signatures "$SCRATCH/sig"
talk 10.77.1.6
like "$(label_of 10.77.1.6)" "\('acme-chat', 'chat', 'address'\)" "flows have its name"
printf 'name = "t"; default = "allow"; rules = ( { service = "acme-chat"; verdict = "reject"; } );\n' \
	> "$SCRATCH/policy.conf"
check "a policy may say it" imctl policy load --bpf-only "$SCRATCH/policy.conf"
refuse "and is obeyed" talk 10.77.1.6
check "no policy again" imctl policy flush
like "$(imctl signatures show acme-chat --signatures "$SCRATCH/sig")" '10.77.1.6 ' "it is shown by name"

wait "$long"
is $? 0 "a connection through all of it has all its bytes"
like "$(imctl flows --json | field "[f['service'] for f in d if f['server']=='10.77.1.2' and f['server_port']==700]")" \
	xmpp "and its label"
check "detach --all" imctl detach --all
done_testing
