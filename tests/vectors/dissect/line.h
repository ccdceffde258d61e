/* SPDX-License-Identifier: GPL-2.0-only */
/* LINE: SPDY version 2 in clear (SPDY draft 2, frames). */
static const struct dissect_vector line_vectors[] = {
	{ "stream", CLIENT, IS(LINE, CHAT, ENCRYPTED, 0),
	  BYTES("\x80\2\0\1\0\0\0\x5c\0\0\0\1\0\0\0\0\0\0") },
	{ "settings", CLIENT, IS(LINE, CHAT, ENCRYPTED, 0),
	  BYTES("\x80\2\0\4\0\0\0\x0c\0\0\0\1\0\0\0\4\0\0\3\xe8") },
	{ "ping", SERVER, IS(LINE, CHAT, ENCRYPTED, 0), BYTES("\x80\2\0\6\0\0\0\4\0\0\0\1") },

	{ "version 3", CLIENT, IS_NONE, BYTES("\x80\3\0\1\0\0\0\x5c\0\0\0\1\0\0\0\0") },
	{ "SSLv2", CLIENT, IS_NONE, BYTES("\x80\x2e\1\0\2\0\x15\0\0\0\x10") },
	{ "the server's stream", CLIENT, IS_NONE, BYTES("\x80\2\0\1\0\0\0\x5c\0\0\0\2\0\0\0\0") },
	{ "settings of another length", CLIENT, IS_NONE,
	  BYTES("\x80\2\0\4\0\0\0\x14\0\0\0\1\0\0\0\4\0\0\3\xe8") },
	{ "ping with more in it", CLIENT, IS_NONE, BYTES("\x80\2\0\6\0\0\0\5\0\0\0\1") },
	{ "another kind", CLIENT, IS_NONE, BYTES("\x80\2\0\2\0\0\0\4\0\0\0\1") },
};
