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
	{ "SNMP", UDP, CLIENT, IS_NONE,
	  BYTES("\x30\x26\x02\x01\x01\x04\x06" "public"
		"\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00"
		"\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00") },
	{ "an answer", UDP, SERVER, IS_NONE, BYTES("\x9b\x90\x02" "0123456789abcdef01234") },
	{ "too long", UDP, CLIENT, IS_NONE,
	  BYTES("\x7b\x90\x02" "0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789abcdef") },
};
