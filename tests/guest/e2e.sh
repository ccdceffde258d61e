#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 900
# End to end with the module: real clients and servers on ports that are not theirs, allowed and
# disallowed, over IPv4 and IPv6; evidence from the clients' own results and from imctl.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/e2e/lab.sh"

jsonq=$IMTC_TOP/tests/lib/jsonq
events=/tmp/e2e-events.$$

cleanup() {
	"$IMCTL" policy flush >/dev/null 2>&1
	"$IMCTL" detach --all >/dev/null 2>&1
	lab_down
	rmmod imtc 2>/dev/null
	rm -f "$events"
}
on_exit cleanup

# asks KIND EXPRESSION NAME: a statement about what imctl reports.
asks() {
	local out
	out=$("$IMCTL" $1 --json 2>&1)
	if "$jsonq" "$2" <<< "$out" >/dev/null 2>&1; then
		ok "$3"
	else
		not_ok "$3" "imctl $1 --json; $2" "${out:0:3000}"
	fi
}

check "the lab is up" lab_up
check "before imtc: the other XMPP client gets in" lab_xmpp profanity im.test
check "before imtc: bob gets into IRC" lab_irc bob im.test
check "before imtc: AIM signs on" lab_oscar barnowl im.test before
check "before imtc: and over IPv6" lab_oscar oscar.py im6.test before

check "the module loads" insmod "build/kmod-$(uname -r)/imtc.ko"
check "attach" "$IMCTL" attach im0
check "policy load" "$IMCTL" policy load demo/policy.conf
asks status 'd["module"]["loaded"] == True' "status: the module is there"

"$IMCTL" monitor --json > "$events" 2>/dev/null & disown
monitor=$!
tcpdump -i cap1 -U -w "/tmp/e2e-cap.$$" >/dev/null 2>&1 & disown
tcpdump=$!
sleep 1
: > "$LAB_DIR/oscar.log"

for host in im.test im6.test; do
	check "$host: the managed XMPP client talks" lab_xmpp go-sendxmpp "$host"
	refuse "$host: the other XMPP client is cut off" lab_xmpp profanity "$host"
	check "$host: alice talks IRC" lab_irc alice "$host"
	refuse "$host: bob's IRC is dropped" lab_irc bob "$host"
done
refuse "im.test: AIM does not sign on" lab_oscar barnowl im.test to-im
refuse "im6.test: OSCAR does not sign on" lab_oscar oscar.py im6.test to-im6
check "SIP MESSAGE over IPv4 is answered" lab_sip_message 10.88.0.1 "$LAB_V4"
check "SIP MESSAGE over IPv6 is answered" lab_sip_message '[fd88::1]' "[$LAB_V6]"

is "$(cat "$LAB_DIR/oscar.log")" "" "the OSCAR server saw no login"
kill "$tcpdump" 2>/dev/null
wait_for test -s "/tmp/e2e-cap.$$"
captured() { tcpdump -nr "/tmp/e2e-cap.$$" -A "$1 and tcp dst port 21" 2>/dev/null | grep -q '\*[.]'; }
check "the capture device saw OSCAR's packets, IPv4" captured ip
check "the capture device saw OSCAR's packets, IPv6" captured ip6

"$IMCTL" stats --json > /tmp/e2e-stats.$$ 2>&1
counted='sum(c["packets_in"] + c["packets_out"] for c in d["services"] if c["service"] in %s and c["verdict"] == "%s")'
for row in "('xmpp',) pass" "('xmpp',) reject" "('irc',) pass" "('irc',) drop" \
	"('aim','icq','oscar') redirect" "('sip',) pass"; do
	got=$("$jsonq" "$(printf "$counted" "${row% *}" "${row##* }")" < /tmp/e2e-stats.$$ 2>/dev/null)
	if [ "${got:-0}" -gt 0 ]; then ok "stats: ${row% *} ${row##* } counted ($got packets)"
	else not_ok "stats: $row counted" "$(head -c 3000 /tmp/e2e-stats.$$)"; fi
done

asks ps 'any(p["exe"] == "/usr/bin/go-sendxmpp" and p["service"] == "xmpp" and p["verdicts"].get("pass", 0) >= 2 for p in d)' \
	"ps: the managed client, its XMPP passed"
asks ps 'any(p["exe"] == "/usr/bin/profanity" and p["verdicts"].get("reject", 0) >= 1 for p in d)' \
	"ps: the other client, rejected"
asks ps 'any(p["user"] == "bob" and p["service"] == "irc" and p["verdicts"].get("drop", 0) >= 1 for p in d)' \
	"ps: bob's IRC, dropped"
asks ps 'any(p["exe"] == "/usr/bin/barnowl" and p["verdicts"].get("redirect", 0) >= 1 for p in d)' \
	"ps: the AIM client, diverted, though its port was translated"
asks ps 'not any(p["user"] == "alice" and "drop" in p["verdicts"] for p in d)' \
	"ps: alice's IRC is not among what was dropped"

kill -INT "$monitor" 2>/dev/null
said() {
	if "$jsonq" "$1" < "$events" >/dev/null 2>&1; then ok "$2"
	else not_ok "$2" "$1" "$(head -c 3000 "$events")"; fi
}
said 'any(e["rule_name"] == "no other XMPP" and e["verdict"] == "reject" and e["process"]["exe"] == "/usr/bin/profanity" for e in d if "process" in e and "rule_name" in e)' \
	"monitor: the reject names rule and program"
said 'any(e["rule_name"] == "no IRC for bob" and e["verdict"] == "drop" for e in d if "rule_name" in e)' \
	"monitor: the drop names its rule"
said 'all(e["process"]["exe"] == "/usr/bin/go-sendxmpp" for e in d if e.get("rule_name") == "XMPP by the managed client")' \
	"monitor: nobody else went through the managed client's rule"

refuse "the module cannot be unloaded while programs use it" rmmod imtc
check "detach" "$IMCTL" detach --all
check "the module unloads once they are gone" rmmod imtc
check "after imtc: the other XMPP client gets in" lab_xmpp profanity im.test
done_testing
