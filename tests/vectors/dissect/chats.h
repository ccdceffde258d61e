/* SPDX-License-Identifier: GPL-2.0-only */
/* Gadu-Gadu's login. */
static const struct dissect_vector chats_vectors[] = {
	{ "Gadu-Gadu", CLIENT, IS(GADUGADU, CHAT, CLEAR, 0),
	  BYTES("\x31\x00\x00\x00\x74\x00\x00\x00\x6c\x93\xde\x02pl\x02") },

	{ "number one and text", CLIENT, IS_NONE, BYTES("1\r\n") },
	{ "another language", CLIENT, IS_NONE,
	  BYTES("\x31\x00\x00\x00\x74\x00\x00\x00\x6c\x93\xde\x02xx\x02") },
	{ "LDAP", CLIENT, IS_NONE, BYTES("\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00") },
};
