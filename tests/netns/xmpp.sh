#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real XMPP peers, on ports not theirs: prosody over IPv4, ejabberd over IPv6; slixmpp and profanity,
# in clear and behind STARTTLS, chat, send files by IBB and by SOCKS5 bytes, and begin sessions of
# Jingle; BOSH and WebSocket. A policy ends the files: those that have a connection of their own with
# it alone, and the talk goes on.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
# Debian's Python: slixmpp is installed for it.
PYTHON=/usr/bin/python3
$PYTHON -c 'import slixmpp' 2> /dev/null || skip_all "no slixmpp (python3-slixmpp)"
for program in prosody ejabberdctl openssl; do
	command -v "$program" > /dev/null || skip_all "no $program"
done
scratch
chmod 755 "$SCRATCH"
PEERS=$IMTC_TOP/tests/netns/peers
netns_new client server
netns_link client server 1
declare -A ADDRESS=([prosody]=10.77.1.2 [ejabberd]=fd77:1::2)
# Who may be anybody sends a password as it is.
declare -A IN_CLEAR=([prosody]=False [ejabberd]=True)
declare -A PORT=([prosody]=80 [ejabberd]=25) PROXY=([prosody]=8081 [ejabberd]=8082)
HTTP=21
imctl() { imctl_in client "$@"; }
check "attach" imctl attach toserver --no-module

# told FILTER FORMAT: one line a kind of flow; both are Python about the flow f.
told() {
	imctl flows --json | $PYTHON -c '
import json, sys
print("\n".join(sorted({str(eval(sys.argv[2])) for f in json.load(sys.stdin) if eval(sys.argv[1])})))
' "$1" "$2"
}
LABEL="' '.join((f['service'], f['feature'], f['encryption'], str(f['credentials'])))"

# --- the servers, and bob -------------------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=im.test \
	-addext "subjectAltName=DNS:im.test,IP:${ADDRESS[ejabberd]}" -keyout "$SCRATCH/key.pem" -out "$SCRATCH/cert.pem" 2> /dev/null
cat "$SCRATCH/cert.pem" "$SCRATCH/key.pem" > "$SCRATCH/server.pem"
# configure SERVER TEMPLATE FILE
configure() {
	sed "s|@DIR@|$SCRATCH|g; s|@PORT@|${PORT[$1]}|; s|@PROXY@|${PROXY[$1]}|; s|@HTTP@|$HTTP|
		s|@ADDRESS@|${ADDRESS[$1]}|" "$PEERS/$2" > "$3"
}
configure prosody prosody.cfg.lua "$SCRATCH/prosody.cfg.lua"
for user in alice bob; do
	prosodyctl --root --config "$SCRATCH/prosody.cfg.lua" register $user im.test secret \
		> "$SCRATCH/register.$user" 2>&1
done
in_ns server prosody -F --root --config "$SCRATCH/prosody.cfg.lua" > "$SCRATCH/prosody.out" 2>&1 &
# It runs as a user of its own.
install -d -o ejabberd "$SCRATCH/ejabberd"
configure ejabberd ejabberd.yml "$SCRATCH/ejabberd/ejabberd.yml"
chmod 644 "$SCRATCH/server.pem"
in_ns server sysctl -qw net.ipv4.ip_unprivileged_port_start=0
in_ns server ejabberdctl --config-dir "$SCRATCH/ejabberd" --config "$SCRATCH/ejabberd/ejabberd.yml" \
	--spool "$SCRATCH/ejabberd" --logs "$SCRATCH/ejabberd" foreground > "$SCRATCH/ejabberd.out" 2>&1 &
listens() {
	mkdir "$SCRATCH/bob.$1"
	netns_wait_port server "${PORT[$1]}"
	in_ns server $PYTHON "$PEERS/xmpp.py" bob@im.test/home "${ADDRESS[$1]}" "${PORT[$1]}" \
		"$SCRATCH/cert.pem" tls listen "$SCRATCH/bob.$1" > "$SCRATCH/bob.$1.out" 2>&1 &
}
for server in prosody ejabberd; do listens $server; done
heard() { grep -qsx -e "$1" "$SCRATCH/bob.$server/heard"; }
for server in prosody ejabberd; do
	check "bob is on $server" wait_for -t 20 heard listening
done

# alice WORDS...: what she does, in $SCRATCH/alice.
alice() {
	in_ns client timeout 60 $PYTHON "$PEERS/xmpp.py" alice@im.test/here "${ADDRESS[$server]}" \
		"${PORT[$server]}" "$SCRATCH/cert.pem" "$@" > "$SCRATCH/alice" 2> "$SCRATCH/alice.err"
}
results() { grep -v ^port "$SCRATCH/alice"; }
# label N: of her N-th connection.
label() { told "f['client_port'] == $(grep ^port "$SCRATCH/alice" | sed -n "$1s/.* //p")" "${2:-$LABEL}"; }

# --- what a stream is for ---------------------------------------------------------------------
head -c 300000 /dev/urandom > "$SCRATCH/picture.jpg"
for server in prosody ejabberd; do
	alice tls chat "hidden $server" next clear chat "open $server" next plain chat "named $server" \
		next clear ibb "$SCRATCH/picture.jpg" next clear jingle audio next clear jingle video \
		next clear jingle file next clear socks "$SCRATCH/picture.jpg" chat "then $server"
	is "$(results)" $'chat done\nchat done\nchat done\nibb done\njingle done\njingle done
jingle done\nsocks done\nchat done' "$server: slixmpp does all that it is told"
	check "bob has heard the last of it" wait_for heard "then $server"
	is "$(label 1)" "xmpp chat encrypted False" "STARTTLS"
	is "$(label 1 "f['via']")" "['starttls']" "told as what the stream goes on in"
	is "$(label 2)" "xmpp chat clear ${IN_CLEAR[$server]}" "a chat in clear"
	is "$(label 3)" "xmpp chat clear True" "and with the password, as it is"
	like "$(label 2 "f.get('client_name')")" '^Slixmpp [0-9.]+' "the client says its name"
	is "$(label 4)" "xmpp file clear ${IN_CLEAR[$server]}" "a file within the stream"
	is "$(label 5)" "xmpp voice clear ${IN_CLEAR[$server]}" "a session of audio"
	is "$(label 6)" "xmpp video clear ${IN_CLEAR[$server]}" "of video"
	is "$(label 7)" "xmpp file clear ${IN_CLEAR[$server]}" "of a file"
	is "$(label 8)" "xmpp file clear ${IN_CLEAR[$server]}" "a file by SOCKS5 bytes"
	is "$(told "f['server_port'] == ${PROXY[$server]}" "f['service'] + ' ' + f['feature']")" \
		"xmpp file" "and the connection that carries it"
	check "bob has both" cmp "$SCRATCH/bob.$server/ibb" "$SCRATCH/bob.$server/socks"
done

# --- by way of a web server -------------------------------------------------------------------
server=prosody
for way in bosh websocket; do
	in_ns client timeout 20 $PYTHON "$PEERS/xmpp_web.py" $way 10.77.1.2 $HTTP "by $way" \
		> "$SCRATCH/alice" 2> "$SCRATCH/alice.err" || diag "$(cat "$SCRATCH/alice.err")"
	check "bob is told by way of $way" wait_for heard "by $way"
	is "$(label 1 "' '.join((f['service'], f['feature'], f['encryption'], *f['via']))")" \
		"xmpp chat clear $([ $way = bosh ] && echo http || echo $way)" "and the chat is seen in it"
	is "$(label 1 "f['credentials']")" True "and the password"
done
# --- profanity ----------------------------------------------------------------------------------
# person SERVER TLS: alice, who types.
person() {
	local home=$SCRATCH/profanity.$1.$2 socket=$SCRATCH/tmux.$1.$2
	mkdir "$home"
	in_ns client tmux -S "$socket" -f /dev/null new -d -x 120 -y 30 env HOME="$home" \
		XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" profanity
	on_exit "tmux -S '$socket' kill-server"
	shows "$socket" Profanity
	types "$socket" "/connect alice@im.test server ${ADDRESS[$1]} port ${PORT[$1]} tls $2"
	shows "$socket" password
	types "$socket" secret
	shows "$socket" 'logged in successfully'
	types "$socket" "/msg bob@im.test/home typed at $1 $2"
}
screen() { tmux -S "$1" capture-pane -p | grep -qi "$2"; }
shows() { wait_for screen "$1" "$2"; }
types() { tmux -S "$1" send-keys -l "$2" && tmux -S "$1" send-keys Enter; }
# The port of its connection.
port_of() { in_ns client ss -Htnp "dport = :$1" | awk '/"profanity"/ { n = split($4, a, ":"); print a[n] }'; }
if ! command -v profanity > /dev/null || ! command -v tmux > /dev/null; then
	skip "profanity" "no profanity, or no tmux"
else
	# ejabberd takes nothing but the password as it is, which profanity keeps for TLS.
	for talk in "prosody trust encrypted" "prosody disable clear" "ejabberd trust encrypted"; do
		read -r server tls encryption <<< "$talk"
		person "$server" "$tls"
		check "$server: bob hears profanity, tls $tls" wait_for heard "typed at $server $tls"
		is "$(told "f['client_port'] == $(port_of "${PORT[$server]}")" "$LABEL")" \
			"xmpp chat $encryption False" "its chat is $encryption"
		tmux -S "$SCRATCH/tmux.$server.$tls" kill-server
	done
fi

# --- a policy --------------------------------------------------------------------------------
cat > "$SCRATCH/policy.conf" <<'END'
name = "xmpp"; default = "allow";
rules = ( { name = "no files"; service = "xmpp"; feature = "file"; verdict = "reject"; } );
END
check "a policy against files" imctl policy load "$SCRATCH/policy.conf"
for server in prosody ejabberd; do
	rm "$SCRATCH/bob.$server"/{ibb,socks}
	# The proxy's request tells, though nobody sees what announces it.
	PATIENCE_S=3 alice tls socks "$SCRATCH/picture.jpg" chat "after socks by $server"
	is "$(results)" $'socks failed: TimeoutError\nchat done' "$server: a file is refused, the talk goes on"
	check "bob hears it" wait_for heard "after socks by $server"
	is "$(told "f['server_port'] == ${PROXY[$server]} and f['verdict'] == 'reject'" "f['feature']")" \
		file "it was the connection to the proxy"
	alice clear chat "before ibb by $server" ibb "$SCRATCH/picture.jpg" next tls chat "hidden again"
	like "$(results | head -n2 | tail -n1)" '^(ibb failed|lost)' "bytes within the stream end it"
	check "after what was said before" wait_for heard "before ibb by $server"
	check "and other streams go on" wait_for heard "hidden again"
	is "$(cd "$SCRATCH/bob.$server" && ls)" heard "bob has no file"
done
check "no policy any more" imctl policy flush
done_testing
