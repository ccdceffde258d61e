/* SPDX-License-Identifier: GPL-2.0-only */
/* Zalo's calls, and RIP (RFC 1058 3.1), which begins alike. */
static const struct dissect_vector zalo_call_vectors[] = {
	{ "26 bytes", UDP, CLIENT, CLAIMS(ZALO, 2),
	  BYTES("\x01\x01\x00\x00" "0123456789abcdef012345") },
	{ "52 bytes", UDP, SERVER, CLAIMS(ZALO, 2),
	  BYTES("\x02\x01\x00\x00" "0123456789abcdef0123456789abcdef0123456789abcdef") },

	{ "27 bytes of the other kind", UDP, SERVER, IS_NONE,
	  BYTES("\x02\x01\x00\x00" "0123456789abcdef0123456") },
	{ "RIP asks", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x01\x00\x00" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10") },
	{ "RIP answers", UDP, SERVER, IS_NONE,
	  BYTES("\x02\x01\x00\x00" "\0\x02\0\0\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
		"\0\x02\0\0\x0b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01") },
};
