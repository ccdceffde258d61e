#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The first bytes of Telegram's own client, Telegram Desktop, on a port not theirs: the addresses of
# its data centres lead to a listener, and the port is changed before imtc sees it. They are told by
# the address, a policy refuses them, and what else goes to that port goes on.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v telegram-desktop > /dev/null || skip_all "no telegram-desktop"
compgen -G '/usr/lib/*/qt*/plugins/platforms/libqoffscreen.so' > /dev/null ||
	skip_all "no Qt without a screen"
scratch
PORT=2525
NETS=(149.154.160.0/20 91.108.4.0/22 91.108.8.0/22 91.108.12.0/22 91.108.16.0/22 91.108.56.0/22
	91.105.192.0/23 95.161.64.0/20)
netns_new client server
netns_link client server 1
for net in "${NETS[@]}"; do
	netns_route client "$net" 10.77.1.2
	ip -n "$(ns server)" route add local "$net" dev lo
done
in_ns client nft -f - <<END
table ip port {
	chain output {
		type nat hook output priority -100
		ip daddr { $(IFS=,; echo "${NETS[*]}") } tcp dport { 80, 443, 5222 } dnat to :$PORT
	}
}
END
# What clients say, in hexadecimal, a line a part; IRC is answered.
cat > "$SCRATCH/listener.py" <<'END'
import socket, sys, threading
def talk(s):
    with s:
        try:
            while part := s.recv(4096):
                print(part.hex(), flush=True)
                if part.startswith(b"NICK"):
                    s.sendall(b":irc.test 001 me :Welcome\r\n")
        except OSError:
            pass
listener = socket.create_server(("", int(sys.argv[1])))
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
END
in_ns server python3 "$SCRATCH/listener.py" "$PORT" > "$SCRATCH/first" 2> "$SCRATCH/listener.err" &
netns_wait_port server "$PORT"
imctl() { imctl_in server "$@"; }
check "attach" imctl attach toclient --no-module

starts() {
	export HOME=$SCRATCH/home.$1 XDG_RUNTIME_DIR=$SCRATCH/home.$1 QT_QPA_PLATFORM=offscreen
	mkdir -m 700 "$HOME"
	ip netns exec "$(ns client)" telegram-desktop -workdir "$HOME/" > "$HOME/out" 2>&1 &
	CLIENT=$!
}
stops() { kill -9 "$CLIENT"; wait "$CLIENT" 2> /dev/null; }
# told FORMAT: one line a kind of flow to that port; Python about the flow f.
told() {
	imctl flows --json | python3 -c '
import json, sys
print("\n".join(sorted({str(eval(sys.argv[2])) for f in json.load(sys.stdin)
                        if f["server_port"] == int(sys.argv[1])})))' "$PORT" "$1"
}
irc() {
	in_ns client timeout 20 python3 -c '
import socket, sys
s = socket.create_connection(("10.77.1.2", int(sys.argv[1])), 15)
s.sendall(b"NICK me\r\nUSER me 0 * :me\r\n")
print(s.recv(100).decode())' "$PORT" | grep -q Welcome
}

starts first
wait_for -t 60 grep -q . "$SCRATCH/first" || {
	diag "$(tail -n5 "$HOME/out")"
	stops
	skip_all "telegram-desktop said nothing within a minute"
}
ok "Telegram Desktop speaks"
tells() { told "f['service']" | grep -qx telegram; }
check "and is told" wait_for tells
stops
is "$(told "' '.join((f['service'], f['confidence'], f['encryption']))")" \
	"telegram address encrypted" "by the address, which is all that it shows"

# --- a policy --------------------------------------------------------------------------------
printf 'rules = ( { name = "no Telegram"; service = "telegram"; verdict = "reject"; } );\n' \
	> "$SCRATCH/policy.conf"
check "a policy against it" imctl policy load "$SCRATCH/policy.conf"
decisions() { imctl stats --json | python3 -c 'import json, sys
print(sum(r["decisions"] for r in json.load(sys.stdin)["rules"]))'; }
decided() { [ "$(decisions)" -ge 3 ]; }
: > "$SCRATCH/first"
starts second
check "it tries again and again" wait_for -t 60 decided
stops
# It tries HTTP too. The head is not decided upon before it is known what is behind it.
is "$(grep -v '^504f5354202f617069.*0d0a0d0a$' "$SCRATCH/first")" "" \
	"and nothing of it arrives but the heads of requests by HTTP"
check "IRC at the same port goes on" irc
is "$(told "f['service'] + ' ' + f['verdict']" | grep -v 'telegram pass')" \
	"irc pass
telegram reject" "as flows say"
done_testing
