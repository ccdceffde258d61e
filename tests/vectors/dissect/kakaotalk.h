/* SPDX-License-Identifier: GPL-2.0-only */
/* KakaoTalk's LOCO: key exchange and a frame behind it, packets in clear. */
#define LOCO_32 "\x85\xbb\x8e\x1d\xe9\xe2\x91\x5b\xcc\x44\x70\x1f\xd4\x9c\x10\x32" \
	"\xdb\x8c\x5e\xfa\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc"
#define LOCO_256 LOCO_32 LOCO_32 LOCO_32 LOCO_32 LOCO_32 LOCO_32 LOCO_32 LOCO_32

static const struct dissect_vector kakaotalk_vectors[] = {
	{ "key exchange", CLIENT, IS(KAKAOTALK, CHAT, ENCRYPTED, 0),
	  BYTES("\0\1\0\0\x0c\0\0\0\2\0\0\0" LOCO_256 "\x3d\1\0\0" "0123456789abcdef") },
	{ "older key exchange", CLIENT, IS(KAKAOTALK, CHAT, ENCRYPTED, 0),
	  BYTES("\0\1\0\0\5\0\0\0\2\0\0\0" LOCO_256 "\x3d\1\0\0" "0123456789abcdef") },
	{ "in clear", CLIENT, IS(KAKAOTALK, CHAT, CLEAR, 0),
	  BYTES("\1\0\0\0\0\0" "CHECKIN\0\0\0\0" "\0" "\x40\0\0\0" "\x40\0\0\0" "\x10userId\0") },
	{ "in clear, answered", SERVER, IS(KAKAOTALK, CHAT, CLEAR, 0),
	  BYTES("\xe8\3\0\0\0\0" "GETCONF\0\0\0\0" "\0" "\x40\0\0\0" "\x40\0\0\0" "\x10status\0") },

	{ "a key of zeros", CLIENT, IS_NONE,
	  BYTES("\0\1\0\0\x0c\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "another length of the key", CLIENT, IS_NONE, BYTES("\0\2\0\0\x0c\0\0\0\2\0\0\0") },
	{ "no cipher", CLIENT, IS_NONE, BYTES("\0\1\0\0\x0c\0\0\0\0\0\0\0") },
	{ "no frame behind the key", CLIENT, IS_NONE,
	  BYTES("\0\1\0\0\x0c\0\0\0\2\0\0\0" LOCO_256 "\0\0\0\1") },
	{ "another method", CLIENT, IS_NONE, BYTES("\1\0\0\0\0\0" "CHECKOUT\0\0\0" "\0") },
	{ "another length of the document", CLIENT, IS_NONE,
	  BYTES("\1\0\0\0\0\0" "CHECKIN\0\0\0\0" "\0" "\x40\0\0\0" "\x41\0\0\0") },
};
#undef LOCO_32
#undef LOCO_256
