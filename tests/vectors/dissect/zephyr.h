/* SPDX-License-Identifier: GPL-2.0-only */
/* Zephyr: notices of version 0.2 as libzephyr forms them. */
static const struct dissect_vector zephyr_vectors[] = {
	{ "notice", UDP, CLIENT, IS(ZEPHYR, CHAT, CLEAR, 0),
	  BYTES("ZEPH0.2\0" "0x00000013\0" "0x00000002\0" "0x12345678 0x9ABCDEF0\0") },
	{ "answered", UDP, SERVER, IS(ZEPHYR, CHAT, CLEAR, 0),
	  BYTES("ZEPH0.2\0" "0x00000013\0" "0x00000006\0") },

	{ "words", UDP, CLIENT, IS_NONE, BYTES("ZEPHYR is a wind") },
	{ "no version", UDP, CLIENT, IS_NONE, BYTES("ZEPH0.x\0" "0x00000013\0") },
	{ "no number", UDP, CLIENT, IS_NONE, BYTES("ZEPH0.2\0" "13\0") },
};
