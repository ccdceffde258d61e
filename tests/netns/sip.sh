#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real SIP peers, on ports not theirs, over UDP and TCP, IPv4 and IPv6: SIPp registers, publishes,
# subscribes, sends messages and calls; baresip registers, and calls with video. What they announce is
# told by its announcement. A policy ends the calls, and messages go on.
# timeout: 300

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v sipp >/dev/null || skip_all "no sipp (sip-tester)"
scratch
netns_new client server
netns_link client server 1
PEERS=$IMTC_TOP/tests/netns/peers
declare -A CLIENT=([4]=10.77.1.1 [6]='[fd77:1::1]') SERVER=([4]=10.77.1.2 [6]='[fd77:1::2]')
check "attach" imctl_in client attach toserver --no-module

# flows FILTER FORMAT: one line a kind of flow; both are Python about the flow f.
flows() {
	imctl_in client flows --json | python3 -c '
import json, sys
print("\n".join(sorted({str(eval(sys.argv[2])) for f in json.load(sys.stdin) if eval(sys.argv[1])})))
' "$1" "$2"
}
# told PORT: of the flow from the client's port.
told() { flows "f['client_port'] == $1" "f['service'] + ' ' + f['feature'] + ' ' + f['confidence']"; }
# sipp_in SIDE ARGUMENTS...: it writes where it stands.
sipp_in() {
	local where
	where=$(ns "$1")
	shift
	(cd "$SCRATCH" && exec ip netns exec "$where" timeout 60 sipp -nostdin "$@")
}

# media FIRST LAST: what is told of the datagrams to those ports of the client's or the server's.
media() {
	flows "f['l4'] == 'udp' and ($1 <= f['client_port'] <= $2 or $1 <= f['server_port'] <= $2)" \
		"f['service'] + ' ' + f['feature'] + ' ' + f['confidence']"
}
# --- SIPp: what is no call ----------------------------------------------------------------
PRESENCE="<?xml version='1.0'?><presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:alice@im.test'/>"
port=9000
rtp=30000
# request METHOD EXTRA BODY WANT
request() {
	port=$((port + 1))
	# No key of SIPp's may be a method.
	sed "s/METHOD/$1/" "$PEERS/sip-client.xml" > "$SCRATCH/$1.xml"
	check "$1 over $mode, IPv$ip" sipp_in client -sf "$SCRATCH/$1.xml" -t "$mode" -m 1 \
		-i "${CLIENT[$ip]}" -p $port -key extra "$2" -key body "$3" "${SERVER[$ip]}:$listen"
	is "$(told $port)" "sip $4 payload" "is for $4"
}
for mode in u1 t1; do
	for ip in 4 6; do
		listen=81$ip${mode:1}
		[ $mode = u1 ] || listen=82$ip${mode:1}
		sipp_in server -sf "$PEERS/sip-server.xml" -t $mode -i "${SERVER[$ip]}" -p "$listen" \
			> "$SCRATCH/server.$listen" 2>&1 &
		netns_wait_port server "$listen" "$([ $mode = u1 ] && echo udp || echo tcp)"
		request REGISTER "Expires: 60" "" login
		request SUBSCRIBE "Event: presence" "" presence
		request PUBLISH "Event: presence" "$PRESENCE" presence
		request MESSAGE "Content-Type: text/plain" "hello" chat
	done
done
is "$(flows "f['service'] == 'sip'" "(f['encryption'], f['credentials'], f['client_name'])")" \
	"('clear', False, 'Tester/1.2')" "all in clear, without a password, and the client says its name"
request REGISTER "Authorization: Basic YWxpY2U6c2VjcmV0" "" login
is "$(flows "f['client_port'] == $port" "f['credentials']")" True "a password in clear is told"
# --- SIPp: calls ----------------------------------------------------------------------------
for mode in u1 t1; do
	for ip in 4 6; do
		listen=83$ip${mode:1} port=$((port + 1)) rtp=$((rtp + 100))
		[ $mode = u1 ] || listen=84$ip${mode:1}
		sipp_in server -sn uas -rtp_echo -t $mode -i "${SERVER[$ip]}" -p "$listen" \
			-mp $((rtp + 50)) > "$SCRATCH/server.$listen" 2>&1 &
		netns_wait_port server "$listen" "$([ $mode = u1 ] && echo udp || echo tcp)"
		check "a call over $mode, IPv$ip" sipp_in client -sf "$PEERS/sip-call.xml" -t $mode -m 1 \
			-i "${CLIENT[$ip]}" -p $port -mp "$rtp" "${SERVER[$ip]}:$listen"
		is "$(told $port)" "sip voice payload" "is for voice"
		is "$(media "$rtp" $((rtp + 51)))" "sip voice port" "so are its datagrams, by their announcement"
	done
done

# --- a policy ---------------------------------------------------------------------------------
cat > "$SCRATCH/policy.conf" <<'END'
name = "sip"; default = "allow";
rules = ( { name = "no calls"; service = "sip"; feature = [ "voice", "video" ]; verdict = "drop"; } );
END
check "a policy against calls" imctl_in client policy load "$SCRATCH/policy.conf"
for mode in u1 t1; do
	ip=4 listen=814${mode:1}
	[ $mode = u1 ] || listen=824${mode:1}
	request MESSAGE "Content-Type: text/plain" "hello" chat
	port=$((port + 1)) listen=$((listen + 200))
	sipp_in client -sf "$PEERS/sip-call.xml" -t $mode -m 1 -timeout 4 -i "${CLIENT[4]}" -p $port \
		-mp 32000 "${SERVER[4]}:$listen" > "$SCRATCH/refused.log" 2>&1
	like "$(cat "$SCRATCH/refused.log")" 'Successful call +[|] +0 +[|] +0 ' \
		"a call over $mode does not come about"
	is "$(flows "f['client_port'] == $port" "f['verdict']")" drop "by its rule"
done
check "no policy any more" imctl_in client policy flush

# --- baresip: video calls ---------------------------------------------------------------------
if ! command -v baresip >/dev/null; then
	skip "baresip" "no baresip (baresip-core)"
	done_testing
fi
# phone SIDE LISTEN RTP ACCOUNT CONTACT: its tone, its picture and its answer are made up.
phone() {
	mkdir -p "$SCRATCH/$1"
	cat > "$SCRATCH/$1/config" <<-END
		sip_listen $2
		rtp_ports $3-$(($3 + 98))
		audio_source ausine,440
		audio_player aufile,$SCRATCH/$1/heard.wav
		audio_alert aufile,$SCRATCH/$1/alert.wav
		ausrc_srate 48000
		ausrc_channels 2
		video_source fakevideo,nil
		video_display fakevideo,nil
		video_size 176x144
		video_fps 10
		module_path /usr/lib/baresip/modules
		module g711.so
		module vp8.so
		module ausine.so
		module aufile.so
		module fakevideo.so
		module_tmp account.so
		module_app menu.so
		module_app contact.so
		module_app presence.so
	END
	echo "$4" > "$SCRATCH/$1/accounts"
	echo "$5" > "$SCRATCH/$1/contacts"
}
# phone_in SIDE IP SECONDS COMMAND...: media go by the same IP as the rest.
phone_in() {
	local side=$1 ip=$2 seconds=$3 commands=()
	shift 3
	for command in "$@"; do commands+=(-e "$command"); done
	in_ns "$side" baresip "-$ip" -f "$SCRATCH/$side" -v -t "$seconds" "${commands[@]}" </dev/null
}
# calls TRANSPORT IP PORT RTP: bob answers for a while; alice calls, and hears and sees him.
calls() {
	local bob="sip:bob@${SERVER[$2]}:$3;transport=$1"
	phone server "${SERVER[$2]}:$3" $(($4 + 100)) \
		"<sip:bob@${SERVER[$2]}:$3>;regint=0;answermode=auto" ""
	phone client "${CLIENT[$2]}:$(($3 + 1))" "$4" \
		"<sip:alice@${CLIENT[$2]}:$(($3 + 1))>;regint=0" "\"Bob\" <$bob>;presence=p2p"
	phone_in server "$2" 8 > "$SCRATCH/bob.log" 2>&1 &
	netns_wait_port server "$3" "$1"
	phone_in client "$2" 5 "/message $bob hello" "/dial $bob" > "$SCRATCH/alice.log" 2>&1
	wait $!
}
heard() { grep -c "incoming rtp for '$1' established" "$SCRATCH/alice.log"; }

port=7070 rtp=20000
for transport in udp tcp; do
	for ip in 4 6; do
		port=$((port + 10)) rtp=$((rtp + 200))
		calls $transport $ip $port $rtp
		is "$(heard audio) $(heard video)" "1 1" "a video call over $transport, IPv$ip: alice hears and sees"
		# The message goes by UDP, whatever bob's address says.
		is "$(flows "f['server_port'] == $port and f['l4'] == '$transport'" \
			"(f['l4'], f['service'], f['feature'], f['client_name'].split()[0])")" \
			"('$transport', 'sip', 'video', 'baresip')" "is for video"
		is "$(media $rtp $((rtp + 198)))" $'sip video port\nsip voice port' \
			"so are its datagrams and the reports on them"
	done
done
done_testing
