/* SPDX-License-Identifier: GPL-2.0-only */
/* Gnutella over TCP: protocol 0.4 and 0.6, pushed transfers, requests by hash. */
static const struct dissect_vector gnutella_vectors[] = {
	{ "0.6", CLIENT, IS(GNUTELLA, NONE, CLEAR, 0), .client = "LimeWire/4.18.8",
	  BYTES("GNUTELLA CONNECT/0.6\r\nX-Query-Routing: 0.2\r\nUser-Agent: LimeWire/4.18.8\r\n"
		"\r\n") },
	{ "0.6, answered", SERVER, IS(GNUTELLA, NONE, CLEAR, 0), .client = "gtk-gnutella/1.1",
	  BYTES("GNUTELLA/0.6 200 OK\r\nuser-agent: gtk-gnutella/1.1\r\n\r\n") },
	{ "0.4", CLIENT, IS(GNUTELLA, NONE, CLEAR, 0), .client = "",
	  BYTES("GNUTELLA CONNECT/0.4\n\n") },
	{ "0.4, answered", SERVER, IS(GNUTELLA, NONE, CLEAR, 0), BYTES("GNUTELLA OK\n\n") },
	{ "push", CLIENT, IS(GNUTELLA, FILE, CLEAR, 0),
	  BYTES("GIV 36:809BC12168A1852CFF5D7A785833F600/a.mp3\n\n") },
	{ "by hash", CLIENT, IS(GNUTELLA, FILE, CLEAR, 0),
	  BYTES("GET /uri-res/N2R?urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB HTTP/1.1\r\n") },
	{ "by hash, fields alone", CLIENT, IS(GNUTELLA, FILE, CLEAR, 0),
	  BYTES("HEAD /uri-res/N2R?urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB HTTP/1.1\r\n") },

	{ "another word", CLIENT, IS_NONE, BYTES("GNUTELLA SPEAKS/0.6\r\n") },
	{ "push without an id", CLIENT, IS_NONE, BYTES("GIV 36:809BC12168A1852C/a.mp3\n\n") },
	{ "push with a longer id", CLIENT, IS_NONE,
	  BYTES("GIV 36:809BC12168A1852CFF5D7A785833F6000/a.mp3\n\n") },
	{ "words", CLIENT, IS_NONE, BYTES("GIVE me this\r\n") },
};
