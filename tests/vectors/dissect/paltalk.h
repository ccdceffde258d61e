/* SPDX-License-Identifier: GPL-2.0-only */
/* Paltalk: the hellos of both sides, packets of kind, version and length. */
static const struct dissect_vector paltalk_vectors[] = {
	{ "hello", CLIENT, IS(PALTALK, CHAT, CLEAR, 0), BYTES("\xff\x9c\x00\x1d\x00\x00") },
	{ "hello of other versions", CLIENT, IS(PALTALK, CHAT, CLEAR, 0),
	  BYTES("\xfb\x96\x00\x0e\x00\x00") },
	{ "server's hello", SERVER, IS(PALTALK, CHAT, CLEAR, 0),
	  BYTES("\xff\x8b\x00\x0e\x00\x12Hello-From:PaLTALK") },

	{ "hello with content", CLIENT, IS_NONE, BYTES("\xff\x9c\x00\x1d\x00\x01x") },
	{ "no version", CLIENT, IS_NONE, BYTES("\xff\x9c\x00\x00\x00\x00") },
	{ "another kind", CLIENT, IS_NONE, BYTES("\xff\x9d\x00\x1d\x00\x00") },
	{ "another greeting", SERVER, IS_NONE, BYTES("\xff\x8b\x00\x0e\x00\x12Hello, World!") },
	{ "telnet", SERVER, IS_NONE, BYTES("\xff\xfb\x01\xff\xfb\x03") },
};
