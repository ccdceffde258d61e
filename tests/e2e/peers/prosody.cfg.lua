-- SPDX-License-Identifier: GPL-2.0-only
-- XMPP on port 80, in clear up to STARTTLS; @DIR@ is the lab's folder.
pidfile = "@DIR@/prosody.pid"
data_path = "@DIR@/data"
plugin_paths = {}
run_as_root = true
daemonize = false
log = { info = "@DIR@/log" }
interfaces = { "*", "::" }
c2s_ports = { 80 }
s2s_ports = {}
http_ports = {}
https_ports = {}
modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "offline" }
modules_disabled = { "s2s" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
ssl = { key = "@DIR@/key.pem", certificate = "@DIR@/cert.pem" }
VirtualHost "im.test"
