/* SPDX-License-Identifier: GPL-2.0-only */
/* WeChat: mmtls records, the long connection of before mmtls. */
static const struct dissect_vector wechat_vectors[] = {
	{ "mmtls", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\x16\xf1\x03\x00\x20" "0123456789abcdef0123456789abcdef") },
	{ "mmtls, answered", SERVER, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\x16\xf1\x03\x00\x10" "0123456789abcdef" "\x17\xf1\x03\x00\x20") },
	{ "mmtls, early data", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\x19\xf1\x04\x00\x10" "0123456789abcdef") },
	{ "heartbeat", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\0\0\0\x10\0\x10\0\1\0\0\0\6\xff\xff\xff\xff") },
	{ "request", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\0\0\0\x15\0\x10\0\1\0\0\0\xc8\0\0\0\1" "abcde") },

	{ "TLS without a name", CLIENT, IS_NONE,
	  BYTES("\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03"
		"0123456789abcdef0123456789abcdef" "\x00\x00\x02\x13\x01\x01\x00\x00\x00") },
	{ "mmtls of no length", CLIENT, IS_NONE, BYTES("\x16\xf1\x03\x00\x02") },
	{ "mmtls, too long", CLIENT, IS_NONE, BYTES("\x16\xf1\x03\xff\xff" "0123") },
	{ "another header", CLIENT, IS_NONE,
	  BYTES("\0\0\0\x14\0\x14\0\1\0\0\0\6\xff\xff\xff\xff") },
	{ "another version", CLIENT, IS_NONE,
	  BYTES("\0\0\0\x10\0\x10\0\2\0\0\0\6\xff\xff\xff\xff") },
	{ "no command", CLIENT, IS_NONE,
	  BYTES("\0\0\0\x10\0\x10\0\1\0\0\0\0\0\0\0\1") },
	{ "SMB", CLIENT, IS_NONE, BYTES("\0\0\0\x54\xff" "SMB\x72\0\0\0\0") },
	{ "PostgreSQL", CLIENT, IS_NONE, BYTES("\0\0\0\x08\x04\xd2\x16\x2f") },
};
