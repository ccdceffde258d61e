#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The criteria of where a flow is, each with real traffic: ports, device, direction on a gateway, what
# is inside, and how sure the finding is. IMTC_ENGINE= leaves the verdicts to the module.
# timeout: 180

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client gate server
netns_link client gate 1
netns_link gate server 2
netns_router gate
netns_route client 10.77.2.0/24 10.77.1.2
netns_route client fd77:2::/64 fd77:1::2
netns_route server 10.77.1.0/24 10.77.2.1
netns_route server fd77:1::/64 fd77:2::1

TALK=$IMTC_TOP/tests/lib/talk.py
ENGINE=${IMTC_ENGINE---no-module}
for port in 7000 7001 7002; do
	ip netns exec "$(ns server)" python3 "$TALK" server :: "$port" &
	ip netns exec "$(ns gate)" python3 "$TALK" server :: "$port" &
	netns_wait_port server "$port"
	netns_wait_port gate "$port"
done

# talk NAMESPACE ADDRESS PORT [OPENING]: how the talk ends: ok, reset, timeout.
talk() {
	in_ns "$1" timeout 20 python3 "$TALK" client "$2" "$3" --opening "${4:-irc}" --messages 1 \
		--limit "${LIMIT:-10}" | sed 's/.*, //'
}

# policy RULES [HEAD]: loaded where imctl runs.
policy() {
	printf '%s\nrules = (\n%s\n);\n' "${2:-}" "$1" > "$SCRATCH/policy.conf"
	imctl policy load "$SCRATCH/policy.conf" > "$SCRATCH/load.out" 2>&1 ||
		not_ok "the policy loads" "$1" "$(cat "$SCRATCH/load.out")"
}

# --- an end's own traffic ---------------------------------------------------------------------
imctl() { imctl_in client "$@"; }
# shellcheck disable=SC2086 # none, or one word
check "attach on the client" imctl attach togate $ENGINE

policy '{ service = "irc"; remote_port = ( 7000, "7002-7100" ); verdict = "reject"; }'
is "$(talk client 10.77.2.2 7000)" reset "remote_port: the port is refused"
is "$(talk client fd77:2::2 7000)" reset "remote_port: by IPv6 too"
is "$(talk client 10.77.2.2 7001)" ok "remote_port: the one beside it is not"
is "$(talk client 10.77.2.2 7002)" reset "remote_port: the first of a range is refused"
is "$(talk client 10.77.2.2 7000 xmpp)" ok "remote_port: another service is not"

ports=$(in_ns client sysctl -n net.ipv4.ip_local_port_range)
in_ns client sysctl -qw net.ipv4.ip_local_port_range="30000 30999"
policy '{ service = "irc"; local_port = "30000-30999"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001)" reset "local_port: within the range is refused"
in_ns client sysctl -qw net.ipv4.ip_local_port_range="31000 31999"
is "$(talk client 10.77.2.2 7001)" ok "local_port: above it is not"
in_ns client sysctl -qw net.ipv4.ip_local_port_range="$ports"

policy '{ service = "irc"; peer = "inside"; verdict = "reject"; },
	{ service = "xmpp"; peer = "outside"; verdict = "reject"; }' \
	'inside = [ "10.77.2.0/24", "fd77:1::/64" ];'
is "$(talk client 10.77.2.2 7001)" reset "peer: inside is refused"
is "$(talk client fd77:2::2 7001)" ok "peer: outside is not"
is "$(talk client fd77:2::2 7001 xmpp)" reset "peer: outside is refused"
is "$(talk client 10.77.2.2 7001 xmpp)" ok "peer: inside is not"
is "$(imctl --json policy show | "$IMTC_TOP/tests/lib/jsonq" 'd["policy"]["inside"]')" \
	"['10.77.2.0/24', 'fd77:1::/64']" "show names what is inside"

policy '{ service = "irc"; interface = "togate"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001)" reset "interface: at the device is refused"
policy '{ service = "irc"; interface = "lo"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001)" ok "interface: at another is not"
printf 'rules = ( { interface = "nodevice"; verdict = "drop"; } );\n' > "$SCRATCH/gone.conf"
like "$(imctl policy load "$SCRATCH/gone.conf" 2>&1)" 'there is no device "nodevice"' \
	"interface: one that is not there is refused"

policy '{ name = "no talk"; service = "@talk"; verdict = "reject"; tags = [ "a b", "c" ]; },
	{ service = "@federated"; verdict = "allow"; }' \
	'groups = { talk = [ "silc", "@more" ]; more = "irc"; };'
imctl monitor --count 1 --timeout 20 > "$SCRATCH/event.out" 2>&1 &
monitor=$!
# It is ready once it takes an event: talk until it has ended.
for _ in $(seq 10); do
	talk client 10.77.2.2 7001 > "$SCRATCH/talk.out"
	kill -0 $monitor 2>/dev/null || break
done
wait $monitor
is "$(cat "$SCRATCH/talk.out")" reset "groups: a service of the policy's own group is refused"
is "$(talk client 10.77.2.2 7001 xmpp)" ok "groups: another service is not"
like "$(cat "$SCRATCH/event.out")" 'rule "no talk" \[a b, c\]' "tags: an event has those of its rule"
is "$(imctl --json policy show | "$IMTC_TOP/tests/lib/jsonq" '[r.get("tags") for r in d["rules"]]')" \
	"[['a b', 'c'], None]" "tags: show has them"

# The stream is opened "to" example.org.
policy '{ service = "xmpp"; domain = "example.org"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001 xmpp)" reset "domain: the name itself is refused"
is "$(talk client fd77:2::2 7001 xmpp)" reset "domain: by IPv6 too"
is "$(talk client 10.77.2.2 7001 irc)" ok "domain: a flow without a name is not"
policy '{ domain = [ "*.example.org", "=org", "notexample.org" ]; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001 xmpp)" ok "domain: other names than the flow's are not"
policy '{ domain = [ "chat.test", "org" ]; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001 xmpp)" reset "domain: what is below one of a list is refused"
is "$(imctl --json policy show | "$IMTC_TOP/tests/lib/jsonq" '[c["domain"] for c in d["rules"][0]["compiled"]]')" \
	"['chat.test', 'org']" "domain: show names them"
policy '{ service = "irc"; verdict = "reject"; }'
in_ns client timeout 30 python3 "$TALK" client 10.77.2.2 7001 --messages 300 --pause 50 \
	> "$SCRATCH/long.out" &
long=$!
named() { imctl --json flows | grep -q '"domain": *"example.org"'; }
wait_for named
policy '{ domain = "=example.org"; verdict = "reject"; }'
wait $long
like "$(cat "$SCRATCH/long.out")" reset "domain: of a flow that is open it is known to a new policy"
like "$(imctl policy explain service=xmpp domain=a.example.org)" 'wants domain =example.org' \
	"domain: explain says what was wanted"

policy '{ service = "irc"; direction = "forward"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001)" ok "forward: an end's own flow is not"

policy '{ service = [ "irc", "xmpp" ]; verdict = "require-encryption"; }'
is "$(talk client 10.77.2.2 7001)" reset "require-encryption: IRC in clear is refused"
is "$(talk client fd77:2::2 7001 xmpp)" reset "require-encryption: XMPP that goes on in clear too"
check "require-encryption: when it is seen to" "$IMTC_TOP/tests/lib/jsonq" \
	"any(f['service'] == 'xmpp' and f['encryption'] == 'clear' and f['verdict'] == 'reject' for f in d)" \
	<<< "$(imctl --json flows)"

REQUEST=$IMTC_TOP/tests/netns/peers/request.py
PYTHONDONTWRITEBYTECODE=1 ip netns exec "$(ns server)" python3 "$REQUEST" serve 7003 &
netns_wait_port server 7003
policy '{ service = "irc"; feature = "file"; verdict = "scrub"; }'
is "$(in_ns client python3 "$REQUEST" client 10.77.2.2 7003 irc irc:30)" "scrubbed reset" \
	"scrub: a request becomes nothing, one that cannot ends the connection"
imctl detach --all >/dev/null 2>&1

# --- confidence -------------------------------------------------------------------------------
mkdir "$SCRATCH/sig"
printf 'services = ( { service = "slack"; feature = "chat"; prefixes = [ "10.77.2.2/32" ]; } );\n' \
	> "$SCRATCH/sig/a.conf"
# shellcheck disable=SC2086
check "attach with a prefix" imctl attach togate $ENGINE --signatures "$SCRATCH/sig"
policy '{ confidence = "name"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001 plain)" ok "confidence: what its address alone tells is left"
is "$(talk client 10.77.2.2 7001 irc)" reset "confidence: what its content tells is refused"
policy '{ confidence = "address"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001 plain)" reset "confidence: the least takes all"
imctl detach --all >/dev/null 2>&1

# --- a gateway --------------------------------------------------------------------------------
imctl() { imctl_in gate "$@"; }
for device in toserver toclient; do
	# shellcheck disable=SC2086
	check "attach on the gateway's $device" imctl attach $device $ENGINE
done
policy '{ service = "irc"; direction = "forward"; interface = "toserver"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001)" reset "forward: what goes out by the device is refused"
is "$(talk client fd77:2::2 7001)" reset "forward: by IPv6 too"
is "$(talk gate 10.77.2.2 7001)" ok "forward: the gateway's own flow is not"
is "$(talk client 10.77.1.2 7001)" ok "forward: nor one to the gateway"
policy '{ service = "irc"; direction = "forward"; interface = "toclient"; verdict = "reject"; }'
is "$(talk client 10.77.2.2 7001)" reset "forward: what comes in at the device is refused"
is "$(talk client fd77:2::2 7001)" reset "forward: by IPv6 too"
is "$(talk client 10.77.1.2 7001)" ok "forward: what is for the gateway is not"
done_testing
