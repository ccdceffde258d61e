/* SPDX-License-Identifier: GPL-2.0-only */
/* Gnutella's datagrams: messages of protocol 0.4, Gnutella2's packets. */
#define GNUTELLA_ID "\x12\x34\x56\x78\x9a\xbc\xde\xf0\xff\x11\x22\x33\x44\x55\x66\x00"

static const struct dissect_vector gnutella_udp_vectors[] = {
	{ "ping", UDP, CLIENT, IS(GNUTELLA, NONE, CLEAR, 0),
	  BYTES(GNUTELLA_ID "\x00\x01\x00\x00\x00\x00\x00") },
	{ "ping with an extension", UDP, CLIENT, IS(GNUTELLA, NONE, CLEAR, 0),
	  BYTES(GNUTELLA_ID "\x00\x01\x00\x07\x00\x00\x00\xc3\x82SCP\x41\x01") },
	{ "pong", UDP, SERVER, IS(GNUTELLA, NONE, CLEAR, 0),
	  BYTES(GNUTELLA_ID "\x01\x01\x00\x0e\x00\x00\x00\xca\x18\xc0\x00\x02\x01" "12345678") },
	{ "Gnutella2", UDP, CLIENT, IS(GNUTELLA, NONE, CLEAR, 0),
	  BYTES("GND\x02\x12\x34\x01\x01PI") },
	{ "Gnutella2: acknowledged", UDP, SERVER, IS(GNUTELLA, NONE, CLEAR, 0),
	  BYTES("GND\x00\x12\x34\x01\x00") },

	{ "another length", UDP, CLIENT, IS_NONE, BYTES(GNUTELLA_ID "\x00\x01\x00\x01\x00\x00\x00") },
	{ "another type", UDP, CLIENT, IS_NONE, BYTES(GNUTELLA_ID "\x02\x01\x00\x00\x00\x00\x00") },
	{ "too many hops", UDP, CLIENT, IS_NONE, BYTES(GNUTELLA_ID "\x00\x20\x00\x00\x00\x00\x00") },
	{ "no id of a node", UDP, CLIENT, IS_NONE,
	  BYTES("0123456789abcdef\x00\x01\x00\x00\x00\x00\x00") },
	{ "a part beyond the parts", UDP, CLIENT, IS_NONE, BYTES("GND\x02\x12\x34\x02\x01PI") },
	{ "words", UDP, CLIENT, IS_NONE, BYTES("GND is ground") },
};
#undef GNUTELLA_ID
