#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scrub on real traffic: requests for files and calls become nothing where they stand, and the talk goes
# on. Seen at both ends of imtc (on the way out by tc, on the way in by XDP and tc), over IPv4 and IPv6,
# with segmentation offload and without, byte by byte at the other end. irc.sh has it with real clients.
# timeout: 180

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v ethtool >/dev/null || skip_all "no ethtool"
scratch
chmod 755 "$SCRATCH"
netns_new client server
netns_link client server 1
PEER=$IMTC_TOP/tests/netns/peers/request.py
export PYTHONDONTWRITEBYTECODE=1
in_ns server python3 "$PEER" serve 7000 &
check "the server listens" netns_wait_port server 7000
imctl() { imctl_in "$side" "$@"; }
peer() { in_ns client timeout 30 python3 "$PEER" client "$1" 7000 "${@:2}"; }
outcome() { imctl stats --json | "$IMTC_TOP/tests/lib/jsonq" \
	"sum(o['count'] for o in d['outcomes'] if o['outcome'] == '$1')"; }

cat > "$SCRATCH/p.conf" <<'CONF'
rules = (
	{ name = "no files"; service = [ "irc", "aim", "icq", "oscar" ]; feature = "file"; verdict = "scrub"; },
	{ name = "no video"; service = "sip"; feature = "video"; verdict = "scrub"; }
);
CONF
offload() { # on|off: also whether checksums are left to the device
	in_ns client ethtool -K toserver tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1
	in_ns server ethtool -K toclient tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1
}
for side in client server; do
	device=toserver
	[ $side = client ] || device=toclient
	check "attach at the $side" imctl attach $device --no-module
	is "$(peer 10.77.1.2 irc sip-udp)" "sent sent" "without a rule a request arrives as it was sent"
	check "load" imctl policy load "$SCRATCH/p.conf"
	for offload in on off; do
		offload $offload
		for address in 10.77.1.2 fd77:1::2; do
			is "$(peer $address irc long oscar sip sip-udp)" "scrubbed scrubbed scrubbed scrubbed scrubbed" \
				"IRC, much of it, OSCAR, SIP by TCP and UDP, at the $side, $address, offload $offload"
		done
	done
	is "$(peer 10.77.1.2 chat)" sent "what the rule is not about arrives, at the $side"
	is "$(peer 10.77.1.2 irc:10 oscar:20 sip:40)" "scrubbed scrubbed scrubbed" \
		"cut in front of what is written over, requests are scrubbed"
	is "$(peer 10.77.1.2 irc:30 oscar:70 sip:320)" "reset reset reset" \
		"cut behind it, they end the connection"
	num "$(outcome scrubbed)" -ge 23 "requests are counted"
	is "$(outcome unscrubbed)" 3 "and those that could not be"
	is "$(outcome act-failed)" 0 "nothing failed"
	imctl detach --all >/dev/null 2>&1
	imctl policy flush >/dev/null 2>&1
done
done_testing
