#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real IRC peers, on ports not theirs, told by the gateway between them, over IPv4 and IPv6: ngIRCd,
# irssi and WeeChat. They chat, and send files and chat by DCC both ways; the connections that they
# announce are told by their announcements. A policy ends the files, another their offers, and the
# chat goes on.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
for program in ngircd irssi weechat-headless tmux; do
	command -v "$program" > /dev/null || skip_all "no $program"
done
compgen -G '/usr/lib/*/weechat/plugins/fifo.so' > /dev/null || skip_all "no weechat-plugins"
scratch
chmod 755 "$SCRATCH"
# Alice has irssi, bob has WeeChat. The server is the router between them, and imtc's place.
netns_new alice bob server
netns_link alice server 1
netns_link bob server 2
netns_router server
for side in alice:1 bob:2; do
	netns_route "${side%:*}" default "10.77.${side#*:}.2"
	netns_route "${side%:*}" default "fd77:${side#*:}::2"
done
declare -A SERVER=([4]=10.77.1.2 [6]=fd77:1::2) ALICE=([4]=10.77.1.1 [6]=fd77:1::1)
declare -A BOB=([4]=10.77.2.1 [6]=fd77:2::1) PORT=([4]=443 [6]=21)
imctl() { imctl_in server "$@"; }
# Devices of one zone: a flow between alice and bob is one flow.
check "attach" imctl attach toalice --zone 1 --no-module
check "attach" imctl attach tobob --zone 1 --no-module

# told FILTER FORMAT: one line a kind of flow; both are Python about the flow f.
told() {
	imctl flows --json | python3 -c '
import json, sys
print("\n".join(sorted({str(eval(sys.argv[2])) for f in json.load(sys.stdin) if eval(sys.argv[1])})))
' "$1" "$2"
}
# of PORT FORMAT: the flows to or from that port.
of() { told "$1 in (f['client_port'], f['server_port'])" "$2"; }
LABEL="' '.join((f['service'], f['feature'], f['confidence'], f['encryption'], str(f['credentials'])))"

# --- the peers ----------------------------------------------------------------------------
sed "s|Ports = .*|Ports = ${PORT[4]},${PORT[6]}|; s|\[Limits\]|Password = secret\n&\nMaxPenaltyTime = 0|" \
	tests/e2e/peers/ngircd.conf > "$SCRATCH/ngircd.conf"
# It binds its ports after it has given up root.
in_ns server sysctl -qw net.ipv4.ip_unprivileged_port_start=0
in_ns server ngircd --nodaemon --config "$SCRATCH/ngircd.conf" > "$SCRATCH/ngircd.out" 2>&1 &
check "ngIRCd listens" netns_wait_port server "${PORT[4]}"

tmux_in() { tmux -S "$SCRATCH/tmux.$1" "${@:2}"; }
alice() { tmux_in "$ip" send-keys -l "$1"; tmux_in "$ip" send-keys Enter; }
bob() { printf 'irc.server.lab */%s\n' "$1" > "$SCRATCH/bob$ip.fifo"; }
# said SIDE TEXT: in what the client keeps of its talks, or on alice's screen.
said() {
	grep -rqs -e "$2" "$SCRATCH/$1$ip/logs" && return
	[ "$1" = alice ] && tmux_in "$ip" capture-pane -p | grep -q -e "$2"
}
# hears NAME SIDE TEXT
hears() { check "IPv$ip: $1" wait_for said "$2" "$3"; }

start_alice() {
	local home=$SCRATCH/alice$ip
	mkdir -p "$home/logs" "$home/files"
	cat > "$home/config" <<-END
		servers = ({ address = "${SERVER[$ip]}"; chatnet = "lab"; port = "${PORT[$ip]}";
			password = "secret"; autoconnect = "yes"; });
		chatnets = { lab = { type = "IRC"; }; };
		settings = {
			core = { real_name = "alice"; user_name = "alice"; nick = "alice"; };
			"irc/core" = { cmd_queue_speed = "1msec"; };
			"fe-common/core" = { autolog = "yes"; autolog_path = "$home/logs/\$0.log"; };
			"irc/dcc" = { dcc_autoget = "yes"; dcc_download_path = "$home/files";
				dcc_autochat_masks = "*!*@*"; dcc_port = "$1"; dcc_own_ip = "${ALICE[$ip]}"; };
		};
	END
	HOME=$home in_ns alice tmux -S "$SCRATCH/tmux.$ip" -f /dev/null new -d -x 120 -y 30 \
		irssi --home="$home"
	on_exit "tmux -S '$SCRATCH/tmux.$ip' kill-server"
}
start_bob() {
	local home=$SCRATCH/bob$ip options=() option
	for option in "xfer.file.auto_accept_files on" "xfer.file.auto_accept_chats on" \
		"xfer.file.download_path $home/files" "xfer.network.own_ip ${BOB[$ip]}" \
		"xfer.network.port_range $1" "fifo.file.path $SCRATCH/bob$ip.fifo" \
		"logger.file.flush_delay 0"; do
		options+=(-r "/set $option")
	done
	mkdir -p "$home/files"
	# The fifo is made anew where its option changes: the plug-in is loaded by then.
	in_ns bob timeout 120 weechat-headless --dir "$home" "${options[@]}" \
		-r "/server add lab ${SERVER[$ip]}/${PORT[$ip]} -nicks=bob -password=secret -notls" \
		-r "/connect lab" > "$home.out" 2>&1 &
}
stop() {
	alice /quit
	bob quit
	wait_for sh -c "! ip netns pids '$(ns bob)' | grep -q ."
}

# --- chat and DCC ----------------------------------------------------------------------------
head -c 300000 /dev/urandom > "$SCRATCH/picture.jpg"
# has SIDE NAME: the file came over whole.
has() { cmp -s "$SCRATCH/picture.jpg" "$SCRATCH/$1$ip/files/$2"; }
sends_files() {
	alice "/dcc send bob $SCRATCH/picture.jpg"
	check "IPv$ip: bob gets alice's file" wait_for has bob alice.picture.jpg
	is "$(of "${first}10" "$LABEL")" "irc file port unknown False" "by a connection that is told"
	bob "dcc send alice $SCRATCH/picture.jpg"
	check "IPv$ip: alice gets bob's file" wait_for has alice picture.jpg
	is "$(of "${first}20" "$LABEL")" "irc file port unknown False" "by another that is told"
}
chats_by_dcc() {
	alice "/dcc chat bob"
	check "IPv$ip: alice offers DCC CHAT" wait_for said bob 'connected to alice .* via xfer chat'
	alice "/msg =bob hello behind the server"
	hears "bob hears alice there" bob "hello behind the server"
	# The port was that of a file before.
	is "$(of "${first}10" "f['feature'] + ' ' + f['confidence']")" $'chat port\nfile port' \
		"by a connection that is told"
}
# What is announced may be refused, and who announces it talks on.
cat > "$SCRATCH/policy.conf" <<'END'
name = "irc"; default = "allow";
rules = (
	{ name = "talks"; service = "irc"; confidence = "payload"; verdict = "allow"; },
	{ name = "no files"; service = "irc"; feature = "file"; verdict = "reject"; }
);
END
refuses_files() {
	check "a policy against files" imctl policy load "$SCRATCH/policy.conf"
	cp "$SCRATCH/picture.jpg" "$SCRATCH/plan.pdf"
	alice "/dcc send bob $SCRATCH/plan.pdf"
	check "IPv$ip: bob's client says that alice's file failed" wait_for said bob \
		'file plan.pdf .*from alice .*: \(FAILED\|ABORTED\)'
	is "$(of "${first}10" "f['verdict']" | tail -n1)" reject "its connection was refused"
	bob "dcc send alice $SCRATCH/plan.pdf"
	hears "so does bob's" bob 'file plan.pdf .*to alice .*: \(FAILED\|ABORTED\)'
	is "$(has alice plan.pdf && echo alice; has bob alice.plan.pdf && echo bob)" "" \
		"nobody has the file"
	alice "/msg bob no file then"
	hears "and they chat on" bob "no file then"
	check "no policy any more" imctl policy flush
}
# An offer that is written over is none, and the connection that carried it goes on.
printf 'rules = ( { name = "no offers"; service = "irc"; feature = "file"; verdict = "scrub"; } );\n' \
	> "$SCRATCH/scrub.conf"
scrubbed() { imctl stats --json | "$IMTC_TOP/tests/lib/jsonq" \
	"sum(o['count'] for o in d['outcomes'] if o['outcome'] == 'scrubbed')"; }
scrubs_offers() {
	local before
	check "a policy that scrubs offers of files" imctl policy load "$SCRATCH/scrub.conf"
	before=$(scrubbed)
	cp "$SCRATCH/picture.jpg" "$SCRATCH/secret.pdf"
	alice "/dcc send bob $SCRATCH/secret.pdf"
	alice "/msg bob take this"
	hears "what alice says after her offer is heard" bob "take this"
	bob "dcc send alice $SCRATCH/secret.pdf"
	bob "msg alice take that"
	hears "and what bob says after his" alice "take that"
	num "$(scrubbed)" -ge $((before + 2)) "both offers were written over"
	is "$(said bob 'file secret.pdf .*from alice' && echo bob; said alice 'DCC SEND from bob.*secret' &&
		echo alice)" "" "neither client saw one"
	is "$(has alice secret.pdf && echo alice; has bob alice.secret.pdf && echo bob)" "" \
		"and nobody has the file"
	check "no policy any more" imctl policy flush
}
for ip in 4 6; do
	first=9$ip
	start_alice "${first}10"
	start_bob "${first}20-${first}29"
	check "IPv$ip: alice is welcomed" wait_for -t 20 said alice 'Welcome to the Internet Relay'
	check "IPv$ip: bob is welcomed" wait_for -t 20 said bob 'Welcome to the Internet Relay'
	alice "/msg bob hello bob"
	hears "bob hears alice" bob "hello bob"
	bob "msg alice hello alice"
	hears "alice hears bob" alice "hello alice"
	is "$(of "${PORT[$ip]}" "$LABEL")" "irc chat payload clear True" "a chat, with a password"
	bob "ctcp alice version"
	sends_files
	chats_by_dcc
	hears "irssi has answered CTCP VERSION" bob 'reply from alice: VERSION irssi'
	like "$(of "${PORT[$ip]}" "f.get('client_name')")" '^irssi v[0-9.]+$' "and is told by it"
	refuses_files
	scrubs_offers
	stop
done
done_testing
