/* SPDX-License-Identifier: GPL-2.0-only */
/* RFC 1928 7: datagrams by way of a SOCKS5 proxy. */
static const struct dissect_vector socks_udp_vectors[] = {
	{ "to an address", UDP, CLIENT, IS_PEELED(SOCKS5, 10),
	  BYTES("\0\0\0\1\xc0\0\2\1\x14\x66payload") },
	{ "to a name", UDP, CLIENT, IS_PEELED(SOCKS5, 16), .domain = "chat.test",
	  BYTES("\0\0\0\3\11chat.test\x14\x66" "x") },
	{ "from IPv6", UDP, SERVER, IS_PEELED(SOCKS5, 22),
	  BYTES("\0\0\0\4\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x14\x66" "x") },

	{ "a fragment", UDP, CLIENT, IS_NONE, BYTES("\0\0\1\1\xc0\0\2\1\x14\x66payload") },
	{ "to nowhere", UDP, CLIENT, IS_NONE, BYTES("\0\0\0\1\0\0\2\1\x14\x66payload") },
	{ "to a group", UDP, CLIENT, IS_NONE, BYTES("\0\0\0\1\xe0\0\2\1\x14\x66payload") },
	{ "to port 0", UDP, CLIENT, IS_NONE, BYTES("\0\0\0\1\xc0\0\2\1\0\0payload") },
	{ "to what is no name", UDP, CLIENT, IS_NONE, BYTES("\0\0\0\3\4a\0bc\x14\x66payload") },
	{ "nothing in it", UDP, CLIENT, IS_NONE, BYTES("\0\0\0\1\xc0\0\2\1\x14\x66") },
};
