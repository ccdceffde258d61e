/* SPDX-License-Identifier: GPL-2.0-only */
/* eDonkey and eMule over TCP and UDP, Kad: the eMule protocol specification, opcodes.h. */
#define ED_HASH "\x1b\x42\xcd\x5b\x94\x0e\xd7\x79\xc2\x0a\xb7\x55\xfe\x25\x6f\x97"
#define ED_PORT "\x7d\x49\x67\xe3\x8a\x4d"	/* number, port */
#define ED_TAGS "\x02\x00\x00\x00" "\x02\x01\x00\x01\x02\x00xf" "\x03\x01\x00\x11\x3c\x00\x00\x00"
#define KAD_ID "0123456789abcdef"

static const struct dissect_vector edonkey_vectors[] = {
	{ "hello", CLIENT, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe3\x32\x00\x00\x00\x01\x10" ED_HASH ED_PORT ED_TAGS "\0\0\0\0\0\0") },
	{ "login to a server", CLIENT, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe3\x2b\x00\x00\x00\x01" ED_HASH ED_PORT ED_TAGS) },
	{ "hello, answered", SERVER, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe3\x31\x00\x00\x00\x4c" ED_HASH ED_PORT ED_TAGS "\0\0\0\0\0\0") },
	{ "the middle of a flow", SERVER, .middle = 1, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xc5\x06\x00\x00\x00\x87\x02\x73\x01\x5f\x1c" "\xc5\x4e\x00\x00\x00\x85\x4c") },
	{ "packed, in the middle", CLIENT, .middle = 1, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xd4\x04\x00\x00\x00\x40\x78\x9c\x01" "\xe3\x02\x00\x00\x00\x5c") },
	{ "Kad: request", UDP, CLIENT, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe4\x21\x0b" KAD_ID KAD_ID) },
	{ "Kad: answer", UDP, SERVER, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe4\x29" KAD_ID "\x01" KAD_ID "\xc0\x00\x02\x01\x12\x36\x12\x46\x08") },
	{ "Kad: begin, answered", UDP, SERVER, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe4\x09" KAD_ID "\x36\x12\x08\x01\x00" KAD_ID "\xc0\x00\x02\x01\x12\x36\x12\x46\x09") },
	{ "Kad: hello", UDP, CLIENT, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe4\x11" KAD_ID "\x36\x12\x08\x01\x09\x01\x00\xfe\x00") },
	{ "Kad: hello without tags", UDP, SERVER, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe4\x19" KAD_ID "\x36\x12\x09\x00") },
	{ "a server's state", UDP, CLIENT, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe3\x96\x12\x34\xaa\x55") },
	{ "a server's state, told", UDP, SERVER, IS(EDONKEY, NONE, CLEAR, 0),
	  BYTES("\xe3\x97\x12\x34\xaa\x55\x10\x27\0\0\x20\x4e\0\0") },

	{ "no tags", CLIENT, IS_NONE,
	  BYTES("\xe3\x27\x00\x00\x00\x01\x11" ED_HASH ED_PORT "\0\0\0\0\0\0\0\0\0\0") },
	{ "too many tags", CLIENT, IS_NONE,
	  BYTES("\xe3\x2b\x00\x00\x00\x4c" ED_HASH ED_PORT "\x40\x00\x00\x00\x02\x01\x00\x01") },
	{ "too long", CLIENT, IS_NONE, BYTES("\xe3\x32\x00\x00\x01\x01\x10") },
	{ "another operation", CLIENT, IS_NONE, BYTES("\xe3\x06\x00\x00\x00\x87\x02\x73") },
	{ "the middle, but a flow from its beginning", SERVER, IS_NONE,
	  BYTES("\xc5\x06\x00\x00\x00\x87\x02\x73\x01\x5f\x1c" "\xc5\x4e\x00\x00\x00\x85\x4c") },
	{ "the middle, then something else", SERVER, .middle = 1, IS_NONE,
	  BYTES("\xc5\x06\x00\x00\x00\x87\x02\x73\x01\x5f\x1c" "abcdefg") },
	{ "Kad: a shorter request", UDP, CLIENT, IS_NONE,
	  BYTES("\xe4\x21\x0b" KAD_ID "0123456789abcde") },
	{ "Kad: an answer with a contact too many", UDP, SERVER, IS_NONE,
	  BYTES("\xe4\x29" KAD_ID "\x02" KAD_ID "\xc0\x00\x02\x01\x12\x36\x12\x46\x08") },
	{ "a server's state, another challenge", UDP, CLIENT, IS_NONE,
	  BYTES("\xe3\x96\x12\x34\xaa\x56") },
	{ "text in UTF-8", CLIENT, IS_NONE, BYTES("\xe3\x81\x93\xe3\x82\x93\xe3\x81\xab") },
};
#undef ED_HASH
#undef ED_PORT
#undef ED_TAGS
#undef KAD_ID
