#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# require-encryption on real traffic: clients of prosody and ngIRCd begin in clear, and go on where they
# start TLS; what goes on in clear is reset at once. Over IPv4 and IPv6.
# timeout: 120

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v prosody >/dev/null || skip_all "no prosody"
command -v ngircd >/dev/null || skip_all "no ngircd"
scratch
chmod 755 "$SCRATCH"
netns_new client server
netns_link client server 1
PEER=$IMTC_TOP/tests/netns/peers/upgrade.py
E2E=$IMTC_TOP/tests/e2e/peers
export PYTHONDONTWRITEBYTECODE=1
in_ns server sysctl -qw net.ipv4.ip_unprivileged_port_start=0

mkdir -p "$SCRATCH/data"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=im.test \
	-keyout "$SCRATCH/key.pem" -out "$SCRATCH/cert.pem" 2>/dev/null
sed "s|@DIR@|$SCRATCH|g" "$E2E/prosody.cfg.lua" > "$SCRATCH/prosody.cfg.lua"
sed "s|@DIR@|$SCRATCH|g" "$E2E/ngircd.conf" > "$SCRATCH/ngircd.conf"
prosodyctl --root --config "$SCRATCH/prosody.cfg.lua" register alice im.test secret >/dev/null 2>&1
in_ns server prosody -F --root --config "$SCRATCH/prosody.cfg.lua" > "$SCRATCH/prosody.out" 2>&1 &
in_ns server ngircd --nodaemon --config "$SCRATCH/ngircd.conf" > "$SCRATCH/ngircd.out" 2>&1 &
in_ns server python3 "$PEER" serve-irc 7000 "$SCRATCH/cert.pem" "$SCRATCH/key.pem" &
for port in 80 443 7000; do
	check "a server listens on port $port" netns_wait_port server $port
done
imctl() { imctl_in client "$@"; }
told() { imctl flows --json | "$IMTC_TOP/tests/lib/jsonq" \
	"sorted((f['encryption'], f['verdict']) for f in d if f['service'] == '$1')[-1]"; }
peer() { in_ns client timeout 30 python3 "$PEER" "$@"; }
check "attach" imctl attach toserver --no-module

cat > "$SCRATCH/p.conf" <<'CONF'
rules = (
	{ name = "no words in clear"; service = [ "xmpp", "irc" ]; verdict = "require-encryption"; }
);
CONF
# Without it both talk in clear.
is "$(peer xmpp 10.77.1.2 80 clear)" "features login ok" "prosody takes a login in clear"
is "$(peer irc 10.77.1.2 443 clear)" "capabilities login ok" "ngIRCd takes one too"
check "load" imctl policy load "$SCRATCH/p.conf"
like "$(imctl policy show)" 'no words in clear .*require-encryption' "policy show says so"
for address in 10.77.1.2 fd77:1::2; do
	is "$(peer xmpp $address 80 tls)" "features tls login ok" "XMPP: STARTTLS goes on, $address"
	is "$(told xmpp)" "('encrypted', 'pass')" "XMPP: and is told"
	is "$(peer xmpp $address 80 clear)" "features reset" "XMPP: a login in clear is reset, $address"
	is "$(peer xmpp $address 80 sasl2)" "features reset" "XMPP: one by SASL2 too, $address"
	is "$(peer irc $address 7000 tls)" "capabilities tls login ok" "IRC: STARTTLS goes on, $address"
	is "$(peer irc $address 443 clear)" "capabilities reset" \
		"IRC: a registration in clear is reset, $address"
	is "$(peer irc $address 443 pipelined)" "reset" \
		"IRC: so is one behind capabilities in one segment, $address"
done
num "$(imctl stats --json | "$IMTC_TOP/tests/lib/jsonq" "d['rules'][0]['decisions']")" -ge 14 \
	"the decisions are the rule's"
sed -i 's/verdict/mode = "observe"; verdict/' "$SCRATCH/p.conf"
check "load, only observed" imctl policy load "$SCRATCH/p.conf"
is "$(peer xmpp 10.77.1.2 80 clear)" "features login ok" "observed, a login in clear goes on"
like "$(imctl flows)" 'observe:reject' "and flows say what would be done"
done_testing
