# SPDX-License-Identifier: GPL-2.0-only
# The lab of the end-to-end tests and of the demo: this host is the client, a network namespace
# holds real IM servers on ports that are not theirs. Source it; lab_up, then use the peers.
# shellcheck shell=bash
#
#	host:   im0 10.88.0.1 fd88::1	(where imtc is attached)	cap0 -- cap1 (capture device)
#	server: im1 10.88.0.2 fd88::2	XMPP (prosody) :80, IRC (ngIRCd) :443, OSCAR :21, SIP (SIPp) :25
#
# No package of Debian serves OSCAR: that listener is the tests' own (oscar.py). Its client is
# BarnOwl; where there is no IPv4, which is all that BarnOwl's AIM speaks, oscar.py is both ends.

LAB_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LAB_NS=imtc-lab
LAB_V4=10.88.0.2
LAB_V6=fd88::2
# Made here and not in lab_up: a test may run that in a subshell.
LAB_DIR=$(mktemp -d /tmp/imtc-lab.XXXXXX)
chmod 755 "$LAB_DIR"
# Time limits are for a quick machine; guests are emulated, and say so.
LAB_SLOW=${IMTC_SLOW:-1}

lab_peer() { echo "$LAB_TOP/tests/e2e/peers/$1"; }
lab_in_server() { nsenter --net="/run/netns/$LAB_NS" "$@"; }

# lab_wait SECONDS COMMAND...: until it succeeds.
lab_wait() {
	local until=$((SECONDS + $1 * LAB_SLOW))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}

lab_up() {
	export PYTHONDONTWRITEBYTECODE=1
	lab_network && lab_aim_route && lab_users && lab_prosody && lab_ngircd && lab_oscar_server && lab_sip
}

lab_network() {
	ip netns add "$LAB_NS"
	ip link add im0 type veth peer name im1 netns "$LAB_NS"
	ip link add cap0 type veth peer name cap1
	sysctl -qw net.ipv6.conf.im0.accept_dad=0 2>/dev/null
	ip addr add 10.88.0.1/24 dev im0
	ip -6 addr add fd88::1/64 dev im0 nodad
	ip link set im0 up
	ip link set cap0 up
	ip link set cap1 up
	# ngIRCd binds its port after it has given up root.
	lab_in_server sysctl -qw net.ipv4.ip_unprivileged_port_start=0
	ip -n "$LAB_NS" link set lo up
	ip -n "$LAB_NS" addr add "$LAB_V4/24" dev im1
	ip -n "$LAB_NS" -6 addr add "$LAB_V6/64" dev im1 nodad
	ip -n "$LAB_NS" link set im1 up
	# Client and server share one resolver file: names, not addresses, as users have them.
	grep -q 'im[.]test' /etc/hosts || printf '%s im.test\n%s im6.test\n' "$LAB_V4" "$LAB_V6" >> /etc/hosts
}

# AIM clients of the time know one server, by name, on port 5190: both lead to the lab's. The port
# is changed before the packets reach im0, so that only 21 is seen there.
lab_aim_route() {
	grep -q 'login[.]oscar' /etc/hosts || echo "$LAB_V4 login.oscar.aol.com" >> /etc/hosts
	nft -f - <<-END
		table ip imtc_lab
		delete table ip imtc_lab
		table ip imtc_lab {
			chain output {
				type nat hook output priority -100;
				ip daddr $LAB_V4 tcp dport 5190 dnat to $LAB_V4:21
			}
		}
	END
}

# Two ordinary users, for rules by user.
lab_users() {
	local user
	for user in alice bob; do
		id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$LAB_DIR/$user" \
			--create-home --shell /bin/sh "$user" || return 1
	done
}

lab_listening() { lab_in_server ss -H -ltn "sport = :$1" | grep -q .; }

lab_prosody() {
	mkdir -p "$LAB_DIR/prosody/data"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=im.test \
		-addext subjectAltName=DNS:im.test,DNS:im6.test \
		-keyout "$LAB_DIR/prosody/key.pem" -out "$LAB_DIR/prosody/cert.pem" 2>/dev/null
	sed "s|@DIR@|$LAB_DIR/prosody|g" "$(lab_peer prosody.cfg.lua)" > "$LAB_DIR/prosody/prosody.cfg.lua"
	local user
	for user in alice bob; do
		prosodyctl --root --config "$LAB_DIR/prosody/prosody.cfg.lua" \
			register "$user" im.test secret >/dev/null 2>&1
	done
	lab_in_server prosody -F --root --config "$LAB_DIR/prosody/prosody.cfg.lua" \
		> "$LAB_DIR/prosody/out" 2>&1 & disown
	lab_wait 60 lab_listening 80
}

lab_ngircd() {
	sed "s|@DIR@|$LAB_DIR|g" "$(lab_peer ngircd.conf)" > "$LAB_DIR/ngircd.conf"
	lab_in_server ngircd --nodaemon --config "$LAB_DIR/ngircd.conf" > "$LAB_DIR/ngircd.out" 2>&1 & disown
	lab_wait 30 lab_listening 443
}

lab_oscar_server() {
	lab_in_server python3 "$(lab_peer oscar.py)" serve 21 "$LAB_DIR/oscar.log" > "$LAB_DIR/oscar.out" 2>&1 & disown
	lab_wait 30 lab_listening 21
}

# SIPp answers MESSAGE and INVITE on UDP, IPv4 and IPv6.
lab_sip() {
	local address
	for address in "$LAB_V4" "[$LAB_V6]"; do
		(cd "$LAB_DIR" && exec nsenter --net="/run/netns/$LAB_NS" sipp -sf "$(lab_peer sip-server.xml)" \
			-i "$address" -p 25 -nostdin -bg >/dev/null 2>&1)
	done
	lab_wait 30 sh -c "nsenter --net=/run/netns/$LAB_NS ss -H -lun 'sport = :25' | grep -q ."
}

lab_down() {
	local pids
	pids=$(ip netns pids "$LAB_NS" 2>/dev/null)
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill $pids 2>/dev/null
	ip netns del "$LAB_NS" 2>/dev/null
	ip link del im0 2>/dev/null
	ip link del cap0 2>/dev/null
	nft delete table ip imtc_lab 2>/dev/null
	rm -rf "$LAB_DIR"
}

# --- What the clients do. Each returns 0 when the client itself says it succeeded. ---

# lab_xmpp CLIENT HOST: signs on as alice. go-sendxmpp sends one message to bob and leaves;
# profanity, a program for people, is typed at through tmux and read off its screen.
lab_xmpp() {
	case $1 in
	go-sendxmpp)
		echo "hello" | timeout $((15 * LAB_SLOW)) go-sendxmpp --no-tls-verify --timeout $((8 * LAB_SLOW)) \
			-u alice@im.test -p secret -j "$2:80" bob@im.test >/dev/null 2>&1 ;;
	profanity) lab_profanity "$2" ;;
	esac
}

lab_profanity() {
	local home socket=$LAB_DIR/tmux.$RANDOM rc
	home=$(mktemp -d "$LAB_DIR/profanity.XXXXXX")
	tmux -S "$socket" -f /dev/null new-session -d -x 120 -y 30 env HOME="$home" \
		XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" profanity
	lab_wait 10 lab_screen "$socket" Profanity
	tmux -S "$socket" send-keys "/connect alice@im.test server $1 port 80 tls trust" Enter
	lab_wait 5 lab_screen "$socket" password
	tmux -S "$socket" send-keys secret Enter
	lab_wait 8 lab_screen "$socket" 'logged in successfully\|failed\|lost'
	lab_screen "$socket" 'logged in successfully'
	rc=$?
	tmux -S "$socket" kill-server 2>/dev/null
	return "$rc"
}

lab_screen() { tmux -S "$1" capture-pane -p | grep -qi "$2"; }

# lab_irc USER HOST: connects with weechat; true once the server has welcomed it (RFC 2812 5.1).
lab_irc() {
	local home
	home=$(mktemp -d "$LAB_DIR/irc.XXXXXX")
	chown "$1" "$home"
	timeout $((8 * LAB_SLOW)) setpriv --reuid "$1" --regid "$1" --clear-groups env HOME="$home" TERM=dumb \
		weechat-headless --dir "$home/weechat" \
		-r "/server add lab $2/443 -nicks=$1 -notls" \
		-r "/set irc.server.lab.command /quit" -r "/connect lab" \
		-r "/wait $((4 * LAB_SLOW))s /quit" > "$home/out" 2>&1
	grep -qs 'Welcome to the Internet Relay Network' "$home/weechat/logs/irc.server.lab.weechatlog"
}

# lab_oscar CLIENT HOST NAME: signs on to AIM; barnowl's server is the one of lab_aim_route.
lab_oscar() {
	case $1 in
	barnowl) lab_barnowl "$3" ;;
	oscar.py) python3 "$(lab_peer oscar.py)" login "$2" 21 "$3" ;;
	esac
}

lab_barnowl() {
	local home socket=$LAB_DIR/tmux.$RANDOM rc
	home=$(mktemp -d "$LAB_DIR/barnowl.XXXXXX")
	sed "s|@NAME@|$1|g" "$(lab_peer barnowl.pl)" > "$home/barnowl.pl"
	tmux -S "$socket" -f /dev/null new-session -d -x 120 -y 30 env HOME="$home" TMPDIR="$home" \
		sh -c "exec barnowl -n -c '$home/barnowl.pl' 3</dev/null"
	lab_wait 20 lab_screen "$socket" 'Welcome to BarnOwl'
	lab_wait 8 lab_screen "$socket" "$1 logged in"
	rc=$?
	tmux -S "$socket" kill-server 2>/dev/null
	return "$rc"
}

# lab_sip_message FROM TO: one MESSAGE, answered.
lab_sip_message() {
	(cd "$LAB_DIR" && sipp -sf "$(lab_peer sip-message.xml)" -i "$1" -p $((6100 + RANDOM % 800)) \
		-m 1 -nostdin "$2:25" >/dev/null 2>&1)
}
