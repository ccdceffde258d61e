/* SPDX-License-Identifier: GPL-2.0-only */
/* Viber's frames: the first of a connection, two in a row in the middle of one. */
static const struct dissect_vector viber_vectors[] = {
	{ "first frame", CLIENT, IS(VIBER, CHAT, ENCRYPTED, 0),
	  BYTES("\x18\x00\x00\x00\x00\x00\xfc\xff\x05\x80") },
	{ "longer first frame", CLIENT, IS(VIBER, CHAT, ENCRYPTED, 0),
	  BYTES("\x60\x00\xad\xd4\xdc\x17\xfc\xff\x03\x80\x59\x00\x0a\x00") },
	{ "the middle of a flow", CLIENT, .middle = 1, IS(VIBER, CHAT, ENCRYPTED, 0),
	  BYTES("\x1a\x00\x0a\x00\x00\x00" "twenty bytes of them" "\x38\x00\x0b\x00\x00\x00\x95\xd6") },

	{ "another mark", CLIENT, IS_NONE, BYTES("\x18\x00\x00\x00\x00\x00\xfc\xfe\x05\x80") },
	{ "no version", CLIENT, IS_NONE, BYTES("\x18\x00\x00\x00\x00\x00\xfc\xff\x00\x80") },
	{ "too long", CLIENT, IS_NONE, BYTES("\x18\x10\x00\x00\x00\x00\xfc\xff\x05\x80") },
	{ "two frames of a flow from its beginning", CLIENT, IS_NONE,
	  BYTES("\x1a\x00\x0a\x00\x00\x00" "twenty bytes of them" "\x38\x00\x0b\x00\x00\x00") },
	{ "two frames out of order", CLIENT, .middle = 1, IS_NONE,
	  BYTES("\x1a\x00\x0a\x00\x00\x00" "twenty bytes of them" "\x38\x00\x0c\x00\x00\x00") },
};
