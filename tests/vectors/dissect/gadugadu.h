/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gadu-Gadu: logins of versions 6, 7, 8 and 11, the server's seed, messages, DCC,
 * as libgadu's description of the protocol has them.
 */
#define GG_HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct dissect_vector gadugadu_vectors[] = {
	{ "login 8.0", CLIENT, IS(GADUGADU, PRESENCE, CLEAR, WATCH),
	  BYTES("\x31\x00\x00\x00\x74\x00\x00\x00\x6c\x93\xde\x02pl\x02") },
	{ "login 8.0 and what client", CLIENT, IS(GADUGADU, PRESENCE, CLEAR, WATCH),
	  .client = "Gadu-Gadu Client build 8.0.0.8731",
	  BYTES("\x31\x00\x00\x00\x8a\x00\x00\x00\x6c\x93\xde\x02pl\x02" GG_HASH
		"\x02\x00\x00\x00\x00\x00\x80\x00\x07\x00\x00\x00" "\x00\x00\x00\x00\x00\x00"
		"\x00\x00\x00\x00\x00\x00\xff\x64" "\x21\x00\x00\x00"
		"Gadu-Gadu Client build 8.0.0.8731" "\x00\x00\x00\x00") },
	{ "login 11", CLIENT, IS(GADUGADU, PRESENCE, CLEAR, WATCH),
	  BYTES("\x83\x00\x00\x00\x60\x00\x00\x00\x0a\x02pl\x12\x0a\x00\x08" "12345678") },
	{ "login 7.0", CLIENT, IS(GADUGADU, PRESENCE, CLEAR, WATCH),
	  BYTES("\x19\x00\x00\x00\x5c\x00\x00\x00\x6c\x93\xde\x02\x02" GG_HASH
		"\x02\x00\x00\x00\x2a\x00\x00\x40\x00") },
	{ "login 6.0", CLIENT, IS(GADUGADU, PRESENCE, CLEAR, WATCH),
	  BYTES("\x15\x00\x00\x00\x1f\x00\x00\x00\x6c\x93\xde\x02\x11\x22\x33\x44"
		"\x02\x80\x00\x00\x20\x00\x00\x00\x00") },
	{ "seed, then welcome", SERVER, IS(GADUGADU, PRESENCE, CLEAR, WATCH),
	  BYTES("\x01\x00\x00\x00\x04\x00\x00\x00\x9a\x31\x77\x02"
		"\x35\x00\x00\x00\x04\x00\x00\x00\x01\x00\x00\x00") },
	{ "direct connection", SERVER, IS(GADUGADU, FILE, CLEAR, 0), BYTES("UDAG") },
	{ "relay", CLIENT, IS(GADUGADU, FILE, CLEAR, 0),
	  BYTES("\xbe\xba\xde\xc0" "\x01\x02\x03\x04\x05\x06\x07\x08") },

	{ "seed, then nothing of it", SERVER, IS_NONE,
	  BYTES("\x01\x00\x00\x00\x04\x00\x00\x00\x9a\x31\x77\x02"
		"\x77\x00\x00\x00\x04\x00\x00\x00\x01\x00\x00\x00") },
	{ "number one and text", CLIENT, IS_NONE, BYTES("1\r\n") },
	{ "another language", CLIENT, IS_NONE,
	  BYTES("\x31\x00\x00\x00\x74\x00\x00\x00\x6c\x93\xde\x02xx\x02") },
	{ "no state", CLIENT, IS_NONE,
	  BYTES("\x0c\x00\x00\x00\x16\x00\x00\x00\x6c\x93\xde\x02\x11\x22\x33\x44"
		"\x99\x00\x00\x00\x20\x00\x00\x00") },
	{ "letters", SERVER, IS_NONE, BYTES("UDAXG") },

	{ "message", CLIENT, WATCHED(GADUGADU, PRESENCE, CLEAR), IS(GADUGADU, CHAT, CLEAR, WATCH),
	  BYTES("\x2d\x00\x00\x00\x04\x00\x00\x00\x01\x02\x03\x04") },
	{ "message behind a ping", SERVER, WATCHED(GADUGADU, PRESENCE, CLEAR),
	  IS(GADUGADU, CHAT, CLEAR, WATCH),
	  BYTES("\x08\x00\x00\x00\x00\x00\x00\x00" "\x0a\x00\x00\x00\x02\x00\x00\x00\x01\x02") },
	{ "file", CLIENT, WATCHED(GADUGADU, CHAT, CLEAR), IS(GADUGADU, FILE, CLEAR, WATCH),
	  BYTES("\x20\x00\x00\x00\x14\x00\x00\x00" "01234567" "\x6c\x93\xde\x02\x6d\x93\xde\x02"
		"\x04\x00\x00\x00") },
	{ "call", CLIENT, WATCHED(GADUGADU, CHAT, CLEAR), IS(GADUGADU, VOICE, CLEAR, WATCH),
	  BYTES("\x20\x00\x00\x00\x14\x00\x00\x00" "01234567" "\x6c\x93\xde\x02\x6d\x93\xde\x02"
		"\x01\x00\x00\x00") },
	{ "where the peer listens", SERVER, WATCHED(GADUGADU, FILE, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "192.168.1.2", 1550, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES("\x1f\x00\x00\x00\x30\x00\x00\x00\x6c\x93\xde\x02\x01\x00\x00\x00" "01234567"
		"192.168.1.2 1550" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "rest of a packet", CLIENT, WATCHED(GADUGADU, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("hello there") },
};
#undef GG_HASH
