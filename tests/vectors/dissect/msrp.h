/* SPDX-License-Identifier: GPL-2.0-only */
/* MSRP: RFC 4975 4, 7.1, RFC 5547. */
static const struct dissect_vector msrp_vectors[] = {
	{ "message", CLIENT, IS(MSRP, CHAT, CLEAR, WATCH),
	  BYTES("MSRP a786hjs2 SEND\r\nTo-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp\r\n"
		"From-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp\r\n"
		"Message-ID: 87652491\r\nByte-Range: 1-25/25\r\nContent-Type: text/plain\r\n") },
	{ "message in an envelope", CLIENT, IS(MSRP, CHAT, CLEAR, WATCH),
	  BYTES("MSRP a786 SEND\r\nTo-Path: msrps://a.example:1/x;tcp\r\n"
		"Content-Type: message/cpim\r\n") },
	{ "file", CLIENT, IS(MSRP, FILE, CLEAR, WATCH),
	  BYTES("MSRP d93kswow SEND\r\nTo-Path: msrp://b.example:12763/x;tcp\r\n"
		"Byte-Range: 1-2048/4385\r\nContent-Type: image/jpeg\r\n") },
	{ "opened without a body", CLIENT, IS(MSRP, CHAT, CLEAR, WATCH),
	  BYTES("MSRP a786 SEND\r\nTo-Path: msrp://b.example:1/x;tcp\r\n-------a786$\r\n") },
	{ "response", SERVER, IS(MSRP, CHAT, CLEAR, WATCH),
	  BYTES("MSRP a786hjs2 200 OK\r\nTo-Path: msrp://a.example:7654/x;tcp\r\n"
		"From-Path: msrp://b.example:12763/y;tcp\r\n-------a786hjs2$\r\n") },

	{ "file in a later message", CLIENT, WATCHED(MSRP, CHAT, CLEAR), IS(MSRP, FILE, CLEAR, WATCH),
	  BYTES("\r\n-------a786$\r\nMSRP d93k SEND\r\nTo-Path: msrp://b.example:1/x;tcp\r\n"
		"Content-Type: image/jpeg\r\n\r\n") },
	{ "file in an envelope", CLIENT, WATCHED(MSRP, CHAT, CLEAR), IS(MSRP, FILE, CLEAR, WATCH),
	  BYTES("MSRP d93k SEND\r\nContent-Type: message/cpim\r\n\r\n"
		"Content-Disposition: attachment; filename=\"a\"\r\n") },
	{ "composing", CLIENT, WATCHED(MSRP, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("MSRP d93k SEND\r\nContent-Type: application/im-iscomposing+xml\r\n\r\n") },

	{ "no path", CLIENT, IS_NONE, BYTES("MSRP a786hjs2 SEND\r\nHost: a\r\n\r\n") },
	{ "another path", CLIENT, IS_NONE, BYTES("MSRP a786hjs2 SEND\r\nTo-Path: http://a\r\n\r\n") },
	{ "a sentence", CLIENT, IS_NONE, BYTES("MSRP is a price\r\nof things\r\n") },
};
