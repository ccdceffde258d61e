/* SPDX-License-Identifier: GPL-2.0-only */
/* HAProxy's proxy-protocol.txt 2.1 and 2.2. */
static const struct dissect_vector proxy_vectors[] = {
	{ "version 1", CLIENT, IS_PEELED(PROXY, 46),
	  BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 40000 5222\r\n<stream:stream") },
	{ "version 1, IPv6", CLIENT, IS_PEELED(PROXY, 39),
	  BYTES("PROXY TCP6 2001:db8::1 ::1 40000 5222\r\n") },
	{ "version 1, unknown", CLIENT, IS_PEELED(PROXY, 15), BYTES("PROXY UNKNOWN\r\nNICK") },
	{ "version 2", CLIENT, IS_PEELED(PROXY, 28),
	  BYTES("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\1\xc6\x33\x64\2\x9c\x40\x14\x66YMSG") },
	{ "version 2, local", CLIENT, IS_PEELED(PROXY, 16),
	  BYTES("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0") },

	{ "no family", CLIENT, IS_NONE, BYTES("PROXY TCP5 192.0.2.1 198.51.100.2 1 2\r\n") },
	{ "a line too long", CLIENT, IS_NONE,
	  BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 40000 5222                        "
		"                                           \r\n") },
	{ "binary in the line", CLIENT, IS_NONE, BYTES("PROXY TCP4 192.0.2.1\0\r\n") },
	{ "version 3", CLIENT, IS_NONE, BYTES("\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x0c") },
	{ "blank lines", CLIENT, IS_NONE, BYTES("\r\n\r\n\0QUIT") },
	{ "from the server", SERVER, IS_NONE, BYTES("PROXY UNKNOWN\r\n") },
};
