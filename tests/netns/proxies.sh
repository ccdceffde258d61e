#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real proxies: what goes through squid (CONNECT), dante (SOCKS5, SOCKS4) and nginx (WebSocket)
# is told as if it went alone, and dropped by a policy about it.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
for program in squid danted nginx curl openssl; do
	command -v "$program" > /dev/null || skip_all "no $program"
done
# Squid's shared memory has fixed names.
mount -t tmpfs -o mode=1777 none /dev/shm
scratch
chmod 755 "$SCRATCH"
netns_new client server
netns_link client server 1
DEV=toclient
SERVER=10.77.1.2
IM_NAME=gateway.discord.gg	# of a service in the signatures
printf '127.0.0.1 localhost\n%s %s far.test\n' "$SERVER" "$IM_NAME" > "$SCRATCH/hosts"
mount --bind "$SCRATCH/hosts" /etc/hosts
imctl() { imctl_in server "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
in_client() { in_ns client timeout 15 "$@"; }

# --- what the proxies lead to: greets as IRC's servers do, and parts once it was told who it is --
cat > "$SCRATCH/irc.py" <<'EOF'
import socket, threading
def talk(s):
    with s:
        s.sendall(b":irc.test NOTICE * :*** Looking up your hostname\r\n")
        said = b""
        while b"USER" not in said and (part := s.recv(4096)):
            said += part
        s.sendall(b"ERROR :Closing link\r\n")
listener = socket.create_server(("10.77.1.2", 16667))
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
EOF
in_ns server python3 "$SCRATCH/irc.py" &

# --- the proxies -------------------------------------------------------------------------
# Squid gives up being root, and writes there.
install -d -m 1777 "$SCRATCH/open"
cat > "$SCRATCH/squid.conf" <<EOF
http_port $SERVER:13128
acl ssl_ports port 1-65535
http_access allow all
pid_filename $SCRATCH/open/squid.pid
cache_log $SCRATCH/open/squid.log
access_log none
cache deny all
coredump_dir $SCRATCH/open
hosts_file /etc/hosts
shutdown_lifetime 0 seconds
netdb_filename none
pinger_enable off
EOF
in_ns server squid -N -f "$SCRATCH/squid.conf" > "$SCRATCH/squid.out" 2>&1 &
cat > "$SCRATCH/danted.conf" <<EOF
logoutput: $SCRATCH/danted.log
internal: $SERVER port = 11080
external: $SERVER
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: nobody
client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
EOF
in_ns server danted -f "$SCRATCH/danted.conf" -p "$SCRATCH/danted.pid" > "$SCRATCH/danted.out" 2>&1 &
cat > "$SCRATCH/ws.py" <<'EOF'
# A WebSocket server (RFC 6455 4.2.2) behind nginx: upgrades, then keeps quiet. It knows no TLS.
import base64, hashlib, socket, threading
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
def talk(s):
    with s:
        head = b""
        while b"\r\n\r\n" not in head:
            head += s.recv(4096)
            if head[:1] in (b"", b"\x16"):
                return
        key = [l.split(b": ")[1] for l in head.split(b"\r\n")
               if l.lower().startswith(b"sec-websocket-key")][0]
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        s.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                  b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        while s.recv(4096):
            pass
listener = socket.create_server(("127.0.0.1", 18081))
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
EOF
in_ns server python3 "$SCRATCH/ws.py" &
cat > "$SCRATCH/nginx.conf" <<EOF
daemon off; pid $SCRATCH/nginx.pid; error_log $SCRATCH/nginx.log; user root; worker_processes 1;
events { worker_connections 64; }
http {
	access_log off;
	server {
		listen $SERVER:18080;
		location / {
			proxy_pass http://127.0.0.1:18081;
			proxy_http_version 1.1;
			proxy_set_header Upgrade \$http_upgrade;
			proxy_set_header Connection upgrade;
		}
	}
}
EOF
in_ns server nginx -p "$SCRATCH" -c "$SCRATCH/nginx.conf" > "$SCRATCH/nginx.out" 2>&1 &

# What a client says in a WebSocket: each argument is a frame of text, masked.
cat > "$SCRATCH/wsclient.py" <<'EOF'
import os, socket, sys, time
s = socket.create_connection(("10.77.1.2", 18080))
s.sendall(b"GET /chat HTTP/1.1\r\nHost: far.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
if b" 101 " not in s.recv(4096):
    sys.exit("no upgrade")
for text in sys.argv[1:]:
    payload, key = text.encode(), os.urandom(4)
    n = len(payload)
    size = bytes([0x80 | n]) if n < 126 else bytes([0xfe, n >> 8, n & 255])
    s.sendall(b"\x81" + size + key + bytes(b ^ key[i & 3] for i, b in enumerate(payload)))
    time.sleep(0.05)
time.sleep(0.2)
EOF

netns_wait_port server 16667 && netns_wait_port server 13128 && netns_wait_port server 11080 &&
	netns_wait_port server 18080 || { diag "$(cat "$SCRATCH"/*.out "$SCRATCH"/*.log "$SCRATCH"/open/*.log)"; \
	not_ok "the proxies run"; done_testing; }
check "attach" imctl attach "$DEV" --no-module

# The flows to a port: "service feature layer+layer".
told() {
	imctl flows --json | field "' '.join(sorted({f['service']+' '+f['feature']+' '+'+'.join(f['via'])
		for f in d if f['server_port']==$1}))"
}
tells() { [ "$(told "$1")" = "$2" ]; }
anew() { imctl detach --all > /dev/null; imctl attach "$DEV" --no-module > /dev/null; }

# --- squid --------------------------------------------------------------------------------
say_irc() { printf 'NICK me\r\nUSER me 0 * :me\r\n'; sleep 1; }
say_irc | in_client curl -sN -p -x "http://$SERVER:13128" telnet://$SERVER:16667 > "$SCRATCH/out" 2>&1
like "$(cat "$SCRATCH/out")" 'Looking up' "squid opens a tunnel to an IRC server"
is "$(told 13128)" "irc chat connect" "which is told inside of CONNECT"
anew
in_client openssl s_client -proxy "$SERVER:13128" -connect 127.0.0.1:18081 \
	-servername "$IM_NAME" < /dev/null > /dev/null 2>&1
like "$(told 13128)" '^discord .*connect' "the name in TLS inside of CONNECT"

# --- dante --------------------------------------------------------------------------------
anew
say_irc | in_client curl -sN --socks5-hostname "$SERVER:11080" telnet://far.test:16667 \
	> "$SCRATCH/out" 2>&1
like "$(cat "$SCRATCH/out")" 'Looking up' "dante opens a connection to an IRC server"
is "$(told 11080)" "irc chat socks5" "which is told inside of SOCKS5"
anew
say_irc | in_client curl -sN --socks4 "$SERVER:11080" telnet://$SERVER:16667 > "$SCRATCH/out" 2>&1
like "$(cat "$SCRATCH/out")" 'Looking up' "and by SOCKS4"
is "$(told 11080)" "irc chat socks4" "which is told inside of SOCKS4"
anew
say_irc | in_client curl -sN -p --preproxy "socks5h://$SERVER:11080" -x "http://$SERVER:13128" \
	telnet://$SERVER:16667 > "$SCRATCH/out" 2>&1
like "$(cat "$SCRATCH/out")" 'Looking up' "squid behind dante"
is "$(told 11080)" "irc chat socks5+connect" "told through both"

# --- nginx --------------------------------------------------------------------------------
check "a WebSocket by way of nginx" in_client python3 "$SCRATCH/wsclient.py" \
	"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='im.test' version='1.0'/>"
like "$(told 18080)" '^xmpp .* websocket$' "XMPP is told in its frames"
anew
check "and one that offers a file" in_client python3 "$SCRATCH/wsclient.py" \
	"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='im.test' version='1.0'/>" \
	"<iq type='set' id='1' to='b@im.test'><si xmlns='http://jabber.org/protocol/si' profile='http://jabber.org/protocol/si/profile/file-transfer'/></iq>"
is "$(told 18080)" "xmpp file websocket" "the file is seen through the mask"

# --- a policy -----------------------------------------------------------------------------
cat > "$SCRATCH/policy.conf" <<'EOF'
name = "proxied"; default = "allow";
rules = ( { name = "no irc"; service = "irc"; verdict = "reject"; } );
EOF
anew
check "a policy about IRC" imctl policy load "$SCRATCH/policy.conf"
say_irc | in_client curl -sN -p -x "http://$SERVER:13128" telnet://$SERVER:16667 > "$SCRATCH/out" 2>&1
is $? 56 "cuts the tunnel"
is "$(imctl flows --json | field "[f['verdict'] for f in d if f['server_port']==13128]")" \
	"['reject']" "by its rule"
check "a page through the same proxy" sh -c "printf 'plain\n' | timeout 15 ip netns exec \
	'$(ns client)' curl -sN -m 2 -p -x 'http://$SERVER:13128' telnet://127.0.0.1:18081; [ \$? -ne 56 ]"
done_testing
