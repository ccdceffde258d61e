/* SPDX-License-Identifier: GPL-2.0-only */
/* MTProto over TCP (core.telegram.org/mtproto/mtproto-transports). */
#define MTPROTO_ID "\x30\x31\x32\x33\x34\x35\x36\x67"

static const struct dissect_vector telegram_vectors[] = {
	{ "abridged, no key yet", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\xef\x0a\x00\x00\x00\x00\x00\x00\x00\x00") },
	{ "intermediate", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\xee\xee\xee\xee\x28\x00\x00\x00") },
	{ "padded", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\xdd\xdd\xdd\xdd\x31\x00\x00\x00") },
	{ "full, no key yet", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\x34\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" MTPROTO_ID "\x14\0\0\0\xf1\x8e\x7e\xbe") },
	{ "full, the older request", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\x34\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" MTPROTO_ID "\x14\0\0\0\x78\x97\x46\x60") },

	{ "random behind ef", CLIENT, IS_NONE, BYTES("\xef\x0a\x12\x00\x00\x00\x00\x00\x00\x00") },
	{ "ee thrice", CLIENT, IS_NONE, BYTES("\xee\xee\xee\x00\x28\x00\x00\x00") },
	{ "ee and no whole words", CLIENT, IS_NONE, BYTES("\xee\xee\xee\xee\x29\x00\x00\x00") },
	{ "ee on and on", CLIENT, IS_NONE, BYTES("\xee\xee\xee\xee\xee\xee\xee\xee\xee\xee") },
	{ "dd on and on", CLIENT, IS_NONE, BYTES("\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd") },
	{ "full, another request", CLIENT, IS_NONE,
	  BYTES("\x34\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" MTPROTO_ID "\x14\0\0\0\xf1\x8e\x7e\xbf") },
	{ "a letter of one line", CLIENT, IS_NONE, BYTES("4\r\n") },
};
#undef MTPROTO_ID
