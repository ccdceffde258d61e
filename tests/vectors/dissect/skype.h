/* SPDX-License-Identifier: GPL-2.0-only */
/* Skype over TCP in a browser's clothes: RFC 5246 6.2.1 forbids what it begins with. */
static const struct dissect_vector skype_vectors[] = {
	{ "a handshake of no bytes", CLIENT, IS(SKYPE, NONE, ENCRYPTED, 0),
	  BYTES("\x16\x03\x01\x00\x00") },
	{ "and what follows", CLIENT, IS(SKYPE, NONE, ENCRYPTED, 0),
	  BYTES("\x16\x03\x01\x00\x00" "\x16\x03\x01\x00\xeb" "\x42\xcd\xef") },
	{ "data of no bytes", SERVER, IS(SKYPE, NONE, ENCRYPTED, 0),
	  BYTES("\x17\x03\x01\x00\x00") },

	{ "another version", CLIENT, IS_NONE, BYTES("\x16\x03\x02\x00\x00\x00") },
	{ "data from a server's middle", SERVER, .middle = 1, IS_NONE,
	  BYTES("\x17\x03\x01\x00\x00") },
	{ "a client's data", CLIENT, IS_NONE, BYTES("\x17\x03\x01\x00\x00") },
	{ "an alert", SERVER, IS_NONE, BYTES("\x15\x03\x01\x00\x02\x02\x28") },
};
