/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sametime: handshake (0000, 8000), login (0001), a channel made (0002), from the
 * draft of the community client protocol.
 */
#define SAMETIME(len, type) "\x00\x00\x00" len type "\x00\x00" "\x00\x00\x00\x00"

static const struct dissect_vector sametime_vectors[] = {
	{ "handshake", CLIENT, IS(SAMETIME, PRESENCE, CLEAR, WATCH), .client = "Meanwhile",
	  BYTES(SAMETIME("\x1a", "\x00\x00") "\x00\x1e\x00\x1d\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x17\x00\x00\x00\x00\x00") },
	{ "handshake of the first client", CLIENT, IS(SAMETIME, PRESENCE, CLEAR, WATCH),
	  .client = "Sametime Connect",
	  BYTES(SAMETIME("\x1a", "\x00\x00") "\x00\x1e\x00\x17\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x10\x02\x0a\x00\x00\x01") },
	{ "handshake, answered", SERVER, IS(SAMETIME, PRESENCE, CLEAR, WATCH), .client = "",
	  BYTES(SAMETIME("\x18", "\x80\x00") "\x00\x1e\x00\x1d\xc0\x00\x02\x07"
		"\x00\x00\x00\x00\x00\x00\x00\x00") },

	{ "handshake of Sametime 8.5", CLIENT, IS(SAMETIME, PRESENCE, CLEAR, WATCH), .client = "",
	  BYTES("\0\0\0\x2a\0\0\0\0\0\0\0\0\0\x1e\x21\x3f\0\0\0\0\0\0\0\0\x13\2\xc0\0\2\1") },

	{ "another channel behind the version", CLIENT, IS_NONE,
	  BYTES("\0\0\0\x1a\0\0\0\0\0\0\0\0\0\x1e\0\x1d\0\0\0\1") },
	{ "too short", CLIENT, IS_NONE, BYTES("\0\0\0\x12\0\0\0\0\0\0\0\0\0\x1e\0\x1d\0\0\0\0") },
	{ "another version", CLIENT, IS_NONE,
	  BYTES(SAMETIME("\x1a", "\x00\x00") "\x00\x1f\x00\x1d\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x17\x00\x00\x00\x00\x00") },
	{ "another kind of client", CLIENT, IS_NONE,
	  BYTES(SAMETIME("\x1a", "\x00\x00") "\x00\x1e\x00\x1d\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x27\x00\x00\x00\x00\x00") },
	{ "SMB", CLIENT, IS_NONE, BYTES("\x00\x00\x00\x54\xff" "SMB\x72\x00\x00\x00\x00") },
	{ "zeroes", CLIENT, IS_NONE, BYTES("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },

	{ "password in clear", CLIENT, WATCHED(SAMETIME, PRESENCE, CLEAR),
	  IS(SAMETIME, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES(SAMETIME("\x19", "\x00\x01") "\x17\x00" "\x00\x03" "bob" "\x00\x00\x00\x04" "pass"
		"\x00\x00") },
	{ "password encrypted", CLIENT, WATCHED(SAMETIME, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  BYTES(SAMETIME("\x19", "\x00\x01") "\x17\x00" "\x00\x03" "bob" "\x00\x00\x00\x04" "\x9a\xc1\x03\x77"
		"\x00\x02") },
	/* As Meanwhile 1.1 sends it: two bytes more. */
	{ "password encrypted, and more behind it", CLIENT, WATCHED(SAMETIME, PRESENCE, CLEAR),
	  IS_NOTHING_NEW,
	  BYTES(SAMETIME("\x1b", "\x00\x01") "\x17\x00" "\x00\x03" "bob" "\x00\x00\x00\x04" "\x9a\xc1\x03\x77"
		"\x00\x02" "\x00\x00") },
	{ "password in clear, and more behind it", CLIENT, WATCHED(SAMETIME, PRESENCE, CLEAR),
	  IS(SAMETIME, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES(SAMETIME("\x1b", "\x00\x01") "\x17\x00" "\x00\x03" "bob" "\x00\x00\x00\x04" "pass"
		"\x00\x00" "\x00\x02") },
	{ "login whose password goes beyond it", CLIENT, WATCHED(SAMETIME, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  BYTES(SAMETIME("\x19", "\x00\x01") "\x17\x00" "\x00\x03" "bob" "\xff\xff\xff\xf4" "pass"
		"\x00\x00") },
	{ "messages", CLIENT, WATCHED(SAMETIME, PRESENCE, CLEAR), IS(SAMETIME, CHAT, CLEAR, WATCH),
	  BYTES("\x80\x80" SAMETIME("\x1b", "\x00\x02") "\x00\x00\x00\x00\x00\x00\x00\x01"
		"\x00\x03" "bob" "\x00\x00" "\x00\x00\x10\x00") },
	{ "file", CLIENT, WATCHED(SAMETIME, CHAT, CLEAR), IS(SAMETIME, FILE, CLEAR, WATCH),
	  BYTES(SAMETIME("\x1b", "\x00\x02") "\x00\x00\x00\x00\x00\x00\x00\x01"
		"\x00\x03" "bob" "\x00\x00" "\x00\x00\x00\x38") },
	{ "awareness", CLIENT, WATCHED(SAMETIME, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES(SAMETIME("\x1b", "\x00\x02") "\x00\x00\x00\x00\x00\x00\x00\x01"
		"\x00\x03" "bob" "\x00\x00" "\x00\x00\x00\x11") },
	{ "keep-alive", SERVER, WATCHED(SAMETIME, CHAT, CLEAR), IS_NOTHING_NEW, BYTES("\x80") },
};
#undef SAMETIME
