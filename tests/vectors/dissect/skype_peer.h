/* SPDX-License-Identifier: GPL-2.0-only */
/* Skype between peers: a number, 02, and what is encrypted; only a claim. */
static const struct dissect_vector skype_peer_vectors[] = {
	{ "a probe", UDP, CLIENT, CLAIMS(SKYPE, 3),
	  BYTES("\x9b\x90\x02" "0123456789abcdef01234") },
	{ "the shortest", UDP, CLIENT, CLAIMS(SKYPE, 3),
	  BYTES("\x9c\xf4\x02" "0123456789abcde") },

	{ "another kind", UDP, CLIENT, IS_NONE,
	  BYTES("\x9b\x90\x03" "0123456789abcdef01234") },
	{ "too short", UDP, CLIENT, IS_NONE,
	  BYTES("\x9b\x90\x02" "0123456789abcd") },
	{ "an answer", UDP, SERVER, IS_NONE, BYTES("\x9b\x90\x02" "0123456789abcdef01234") },
	{ "too long", UDP, CLIENT, IS_NONE,
	  BYTES("\x7b\x90\x02" "0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789abcdef") },
};
