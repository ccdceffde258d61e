/* SPDX-License-Identifier: GPL-2.0-only */
/* HTTP/1.x: RFC 9112 3.2 (request targets), RFC 9110 7.2 (Host). */
static const struct dissect_vector http_vectors[] = {
	{ "Host", CLIENT, IS_NAMED("www.example.org", CLEAR),
	  BYTES("GET / HTTP/1.1\r\nUser-Agent: x\r\nhOST:  WWW.Example.org \r\nAccept: */*\r\n\r\n") },
	{ "Host with a port", CLIENT, IS_NAMED("a.example", CLEAR),
	  BYTES("POST /gateway HTTP/1.1\r\nHost: a.example:8080\r\n\r\n") },
	{ "CONNECT", CLIENT, IS_NAMED("chat.example.net", CLEAR),
	  BYTES("CONNECT chat.example.net:443 HTTP/1.1\r\n") },
	{ "absolute target", CLIENT, IS_NAMED("b.example", CLEAR),
	  BYTES("GET http://b.example/x HTTP/1.0\r\n") },

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
