/* SPDX-License-Identifier: GPL-2.0-only */
/* SILC: the start of the key exchange (draft-riikonen-silc-pp 2.3, -ke-auth 2.1.1). */
#define SILC_COOKIE "0123456789abcdef"

static const struct dissect_vector silc_vectors[] = {
	{ "client", CLIENT, IS(SILC, CHAT, ENCRYPTED, 0),
	  BYTES("\0\x60\0\x0d\4\0\0\0\0\0\0\0" "pad!" "\0\0\0\x50" SILC_COOKIE "\0\x10"
		"SILC-1.2-1.1.10 ") },
	{ "server", SERVER, IS(SILC, CHAT, ENCRYPTED, 0),
	  BYTES("\0\x70\0\x0d\0\0\0\4\0\0\1" "addr\0" "\0\0\0\x50" SILC_COOKIE "\0\x10"
		"SILC-1.2-1.1.10 ") },

	{ "another type", CLIENT, IS_NONE, BYTES("\0\x60\0\x0e\4\0\0\0\0\0\0\0") },
	{ "flags", CLIENT, IS_NONE, BYTES("\0\x60\1\x0d\4\0\0\0\0\0\0\0") },
	{ "an id too long", CLIENT, IS_NONE, BYTES("\0\x60\0\x0d\4\0\0\x40\0\0\0\0") },
	{ "another protocol's version", CLIENT, IS_NONE,
	  BYTES("\0\x60\0\x0d\0\0\0\0\0\0\0\0" "\0\0\0\x50" SILC_COOKIE "\0\x10" "SILK-1.2") },
};
#undef SILC_COOKIE
