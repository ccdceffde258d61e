-- SPDX-License-Identifier: GPL-2.0-only
-- XMPP in clear and with STARTTLS on @PORT@; BOSH, WebSocket and uploads on @HTTP@; SOCKS5 bytes by
-- a proxy on @PROXY@; @DIR@ is the test's folder.
pidfile = "@DIR@/prosody.pid"
data_path = "@DIR@/data"
plugin_paths = {}
run_as_root = true
daemonize = false
log = { info = "@DIR@/log" }
interfaces = { "*", "::" }
c2s_ports = { @PORT@ }
s2s_ports = {}
http_ports = { @HTTP@ }
http_interfaces = { "*", "::" }
https_ports = {}
proxy65_ports = { @PROXY@ }
modules_enabled = {
	"roster", "saslauth", "tls", "disco", "ping", "offline", "version", "bosh", "websocket"
}
modules_disabled = { "s2s" }
c2s_require_encryption = false
consider_bosh_secure = true
consider_websocket_secure = true
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
ssl = { key = "@DIR@/key.pem", certificate = "@DIR@/cert.pem" }
VirtualHost "im.test"
	http_host = "im.test"
Component "proxy.im.test" "proxy65"
	proxy65_address = "@ADDRESS@"
	proxy65_acl = { "im.test" }
