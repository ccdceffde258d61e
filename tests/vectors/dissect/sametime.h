/* SPDX-License-Identifier: GPL-2.0-only */
/* Sametime: Handshake and HandshakeAck of the community protocol. */
static const struct dissect_vector sametime_vectors[] = {
	{ "handshake", CLIENT, IS(SAMETIME, CHAT, CLEAR, 0),
	  BYTES("\0\0\0\x1a\0\0\0\0\0\0\0\0\0\x1e\0\x1d\0\0\0\0\0\0\0\0\x17\0\xc0\0\2\1") },
	{ "handshake of Sametime 8.5", CLIENT, IS(SAMETIME, CHAT, CLEAR, 0),
	  BYTES("\0\0\0\x2a\0\0\0\0\0\0\0\0\0\x1e\x21\x3f\0\0\0\0\0\0\0\0\x13\2\xc0\0\2\1") },
	{ "answered", SERVER, IS(SAMETIME, CHAT, CLEAR, 0),
	  BYTES("\0\0\0\x20\x80\0\0\0\0\0\0\0\0\x1e\0\x1d\xc0\0\2\1") },

	{ "another version", CLIENT, IS_NONE,
	  BYTES("\0\0\0\x1a\0\0\0\0\0\0\0\0\0\x1f\0\x1d\0\0\0\0") },
	{ "another channel behind the version", CLIENT, IS_NONE,
	  BYTES("\0\0\0\x1a\0\0\0\0\0\0\0\0\0\x1e\0\x1d\0\0\0\1") },
	{ "too short", CLIENT, IS_NONE, BYTES("\0\0\0\x12\0\0\0\0\0\0\0\0\0\x1e\0\x1d\0\0\0\0") },
	{ "SMB", CLIENT, IS_NONE, BYTES("\0\0\0\x54\xff" "SMB\x72\0\0\0\0") },
};
