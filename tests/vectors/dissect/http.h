/* SPDX-License-Identifier: GPL-2.0-only */
/* HTTP/1.x: RFC 9112 3.2 (request targets), RFC 9110 7.2 (Host). */
static const struct dissect_vector http_vectors[] = {
	{ "Host", CLIENT, IS_NAMED("www.example.org", CLEAR),
	  BYTES("GET / HTTP/1.1\r\nUser-Agent: x\r\nhOST:  WWW.Example.org \r\nAccept: */*\r\n\r\n") },
	{ "Host with a port", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("POST /gateway HTTP/1.1\r\nHost: a.example:8080\r\n\r\n") },
	{ "CONNECT", CLIENT, IS_PEELED(CONNECT, 41), .domain = "chat.example.net",
	  BYTES("CONNECT chat.example.net:443 HTTP/1.1\r\n\r\n\x16\x03\x01") },
	{ "CONNECT with a password", CLIENT, IS_PEELED(CONNECT, 99), .flags = PASSWORD,
	  .domain = "a.example",
	  BYTES("CONNECT a.example:5222 HTTP/1.1\r\nHost: a.example\r\n"
		"proxy-authorization: Basic Ym9iOmhlbGxv\r\nX: y\r\n\r\n") },
	{ "CONNECT to an address", CLIENT, IS_PEELED(CONNECT, 42),
	  BYTES("CONNECT 192.0.2.1:5190 HTTP/1.0\r\nX: yz\r\n\r\n") },
	{ "the tunnel is open", SERVER, INSIDE(CONNECT), IS_PEELED(CONNECT, 58),
	  BYTES("HTTP/1.1 200 Connection established\r\nContent-Length: 9\r\n\r\n:irc") },
	{ "it wants a password first", SERVER, INSIDE(CONNECT), IS_PEELED(CONNECT, 45),
	  BYTES("HTTP/1.1 407 Auth\r\nContent-Length: 5\r\n\r\nsorryHTTP/1.1 200") },
	{ "WebSocket", CLIENT, IS_PEELED(WEBSOCKET, 57), .domain = "a.example",
	  BYTES("GET /ws HTTP/1.1\r\nHost: a.example\r\nUpgrade: WebSocket\r\n\r\n\r\n") },
	{ "WebSocket with XMPP", CLIENT, IS_PEELED(WEBSOCKET, 87), .domain = "a.example",
	  .service = IMTC_SERVICE_XMPP, .encryption = IMTC_ENCRYPTION_CLEAR,
	  BYTES("GET /ws HTTP/1.1\r\nSec-WebSocket-Protocol: xmpp\r\nHost: a.example\r\n"
		"Upgrade: websocket\r\n\r\n") },
	{ "WebSocket with something", CLIENT, IS_PEELED(WEBSOCKET, 90), .domain = "a.example",
	  BYTES("GET /ws HTTP/1.1\r\nSec-WebSocket-Protocol: xmpping\r\nHost: a.example\r\n"
		"Upgrade: websocket\r\n\r\n") },
	{ "the upgrade", SERVER, INSIDE(WEBSOCKET), IS_PEELED(WEBSOCKET, 56),
	  BYTES("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\5") },
	{ "absolute target", CLIENT, IS_NAMED("b.example", CLEAR),
	  BYTES("GET http://b.example/x HTTP/1.0\r\n") },

	{ "MSN's gateway", CLIENT, IS(MSN, PRESENCE, CLEAR, WATCH), .domain = "gateway.test",
	  BYTES("POST http://gateway.test/gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
		"Host: gateway.test\r\nContent-Length: 0\r\n\r\n") },
	{ "MSN's gateway by its type", CLIENT, IS(MSN, PRESENCE, CLEAR, WATCH),
	  .domain = "gateway.test",
	  BYTES("POST /x HTTP/1.1\r\nContent-Type: application/x-msn-messenger\r\n"
		"Host: gateway.test\r\n\r\n") },
	{ "YMSG posted", CLIENT, IS_PEELED(HTTP, 63), .domain = "shttp.test",
	  BYTES("POST /notify HTTP/1.1\r\nHost: shttp.test\r\nContent-Length: 20\r\n\r\n"
		"YMSG\0\x0a\0\0\0\0\0\x57\0\0\0\0\0\0\0\0") },
	{ "FLAP posted", CLIENT, IS_PEELED(HTTP, 59), .domain = "aim.test",
	  BYTES("POST /data HTTP/1.1\r\nHost: aim.test\r\nContent-Length: 10\r\n\r\n"
		"*\1\0\1\0\4\0\0\0\1") },
	{ "FLAP in a packet of the proxies", CLIENT, IS_PEELED(HTTP, 73), .domain = "icq.test",
	  BYTES("POST /data HTTP/1.1\r\nHost: icq.test\r\nContent-Length: 24\r\n\r\n"
		"\0\x16\4\x43\0\5\0\0\0\0\0\0\0\1*\1\0\1\0\4\0\0\0\1") },
	{ "the proxies' login", CLIENT, IS(OSCAR, PRESENCE, CLEAR, WATCH), .domain = "icq.test",
	  BYTES("POST /data HTTP/1.1\r\nHost: icq.test\r\nContent-Length: 14\r\n\r\n"
		"\0\x0c\4\x43\0\3\0\0\0\0\0\0\0\1") },
	{ "BOSH", CLIENT, IS(XMPP, PRESENCE, CLEAR, WATCH), .domain = "bosh.test",
	  BYTES("POST /http-bind HTTP/1.1\r\nHost: bosh.test\r\nContent-Length: 74\r\n\r\n"
		"<body rid='1' to='im.test' xmlns='http://jabber.org/protocol/httpbind'/>\n\n") },

	{ "GroupWise: login", CLIENT, IS(GROUPWISE, PRESENCE, CLEAR, WATCH | PASSWORD),
	  .domain = "gw.test",
	  BYTES("POST /login HTTP/1.0\r\nHost: gw.test:8300\r\n\r\n"
		"&tag=NM_A_SZ_USERID&cmd=0&val=bob&type=10"
		"&tag=NM_A_SZ_CREDENTIALS&cmd=0&val=hello&type=10\r\n") },
	{ "GroupWise: no password yet", CLIENT, IS(GROUPWISE, PRESENCE, CLEAR, WATCH),
	  .domain = "gw.test",
	  BYTES("POST /login HTTP/1.0\r\nHost: gw.test:8300\r\n\r\n&tag=NM_A_SZ_USERID") },
	{ "GroupWise: a message", CLIENT, IS(GROUPWISE, CHAT, CLEAR, WATCH),
	  BYTES("POST /sendmessage HTTP/1.0\r\n\r\n&tag=NM_A_FA_CONVERSATION&cmd=0") },
	{ "GroupWise: another command", CLIENT, IS(GROUPWISE, PRESENCE, CLEAR, WATCH),
	  BYTES("POST /getdetails HTTP/1.0\r\n\r\n&tag=NM_A_SZ_DN&cmd=0") },
	{ "a form without a length", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("POST /login HTTP/1.0\r\nHost: a.example\r\n\r\n&tag=NM_B_SZ_USERID") },
	{ "GroupWise, watched: a message", CLIENT, WATCHED(GROUPWISE, PRESENCE, CLEAR),
	  IS(GROUPWISE, CHAT, CLEAR, WATCH),
	  BYTES("POST /getdetails HTTP/1.0\r\n\r\n&tag=NM_A_SZ_DN&cmd=0&val=x&type=13\r\n"
		"POST /sendmessage HTTP/1.0\r\n\r\n&tag=NM_A_FA_CONVERSATION&cmd=0\r\n") },
	{ "GroupWise, watched: signing in", CLIENT, WATCHED(GROUPWISE, PRESENCE, CLEAR),
	  IS(GROUPWISE, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES("&tag=NM_A_SZ_CREDENTIALS&cmd=0&val=hello&type=10\r\n") },
	{ "GroupWise, watched: an answer", SERVER, WATCHED(GROUPWISE, PRESENCE, CLEAR),
	  IS_NOTHING_NEW, BYTES("HTTP/1.0 200 OK\r\n\r\n") },

	{ "a program on a host", CLIENT, IS_NAMED("a.example", CLEAR), .client = "Chat/1.2 (Linux)",
	  BYTES("GET / HTTP/1.1\r\nUser-Agent: Chat/1.2 (Linux)\r\nHost: a.example\r\n\r\n") },
	{ "a program on an address", CLIENT, IS_NAMED(NULL, CLEAR), .client = "Chat",
	  BYTES("GET / HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: Chat\r\n\r\n") },
	{ "Matrix", CLIENT, IS(MATRIX, CHAT, CLEAR, 0), .domain = "hs.example", .client = "Client",
	  BYTES("PUT /_matrix/client/v3/rooms/x/send/m.room.message/1 HTTP/1.1\r\n"
		"User-Agent: Client\r\nHost: hs.example\r\n\r\n") },
	{ "Matrix: media", CLIENT, IS(MATRIX, FILE, CLEAR, 0), .domain = "hs.example",
	  BYTES("POST /_matrix/media/v3/upload HTTP/1.1\r\nHost: hs.example\r\n\r\n") },
	{ "Matrix: another server", CLIENT, IS(MATRIX, CHAT, CLEAR, 0), .domain = "hs.example",
	  BYTES("GET /_matrix/federation/v1/version HTTP/1.1\r\nHost: hs.example\r\n\r\n") },
	{ "Mattermost", CLIENT, IS(MATTERMOST, CHAT, CLEAR, 0), .domain = "team.example",
	  BYTES("GET /api/v4/websocket HTTP/1.1\r\nHost: team.example\r\n"
		"Upgrade: websocket\r\n\r\n") },
	{ "WeChat: mmtls over HTTP", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("POST /mmtls/0a1b2c3d HTTP/1.1\r\nHost: 192.0.2.1\r\n"
		"Upgrade: mmtls\r\nContent-Length: 9\r\n\r\n\x16\xf1\x03" "012345") },

	{ "Mattermost's path without the upgrade", CLIENT, IS_NAMED("team.example", CLEAR),
	  BYTES("GET /api/v4/websocket HTTP/1.1\r\nHost: team.example\r\n\r\n") },
	{ "a path that looks like mmtls", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("POST /mmtls/ HTTP/1.1\r\nHost: a.example\r\nUpgrade: h2c\r\n\r\n") },
	{ "a path like Matrix's", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("GET /matrix/client/ HTTP/1.1\r\nHost: a.example\r\n\r\n") },
	{ "a body that is a page's", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 30\r\n\r\n"
		"<body class='x'><p>jabber.org/protocol/httpbind</p>") },
	{ "a form", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 11\r\n\r\n"
		"name=YMSG&a") },
	{ "a tunnel nobody asked for", SERVER, IS_NONE, BYTES("HTTP/1.1 200 OK\r\n\r\n") },
	{ "refused, with no end", SERVER, INSIDE(CONNECT), IS_NONE,
	  BYTES("HTTP/1.1 403 Forbidden\r\n\r\n<html>") },
	{ "no Host", CLIENT, IS_NONE, BYTES("GET / HTTP/1.0\r\nAccept: */*\r\n\r\n") },
	{ "an address", CLIENT, IS_NONE, BYTES("GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n") },
	{ "HTTP/0.9", CLIENT, IS_NONE, BYTES("GET /index.html\r\n") },
	{ "a sentence", CLIENT, IS_NONE, BYTES("GET me out of here\r\n") },
	{ "a response", SERVER, IS_NONE, BYTES("HTTP/1.1 200 OK\r\nHost: a.example\r\n\r\n") },
	{ "HTTP/2 in clear", CLIENT, IS_NONE, BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") },
	{ "no request", CLIENT, IS_NONE, BYTES("HELO there\r\n") },
	{ "MySQL", SERVER, IS_NONE, BYTES("\x4a\x00\x00\x00\x0a" "8.0.36\x00") },
	{ "git", CLIENT, IS_NONE, BYTES("0032git-upload-pack /p\0host=a.example\0") },
};
