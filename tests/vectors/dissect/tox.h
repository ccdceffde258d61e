/* SPDX-License-Identifier: GPL-2.0-only */
/* Tox: kinds and lengths of c-toxcore's DHT and network crypto; only claims. */
#define KEY "\xc3\x9a\xf0\x81" "456789abcdef0123456789ABCDEF"
#define NONCE "nonce-of-24-bytes-so-it-"

static const struct dissect_vector tox_vectors[] = {
	{ "ping", UDP, CLIENT, CLAIMS(TOX, 2),
	  BYTES("\x00" KEY NONCE "0123456789abcdef012345678") },
	{ "pong", UDP, SERVER, CLAIMS(TOX, 2),
	  BYTES("\x01" KEY NONCE "0123456789abcdef012345678") },
	{ "nodes asked for", UDP, CLIENT, CLAIMS(TOX, 2),
	  BYTES("\x02" KEY NONCE "0123456789abcdef0123456789abcdef0123456789abcdef01234567") },
	{ "a cookie asked for", UDP, CLIENT, CLAIMS(TOX, 2),
	  BYTES("\x18" KEY NONCE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		"0123456789abcdef01234567") },
	{ "found on the LAN", UDP, CLIENT, CLAIMS(TOX, 2), BYTES("\x21" KEY) },

	{ "a ping too long", UDP, CLIENT, IS_NONE,
	  BYTES("\x00" KEY NONCE "0123456789abcdef0123456789") },
	{ "a key of zeros", UDP, CLIENT, IS_NONE,
	  BYTES("\x21" "0123456789abcdef" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "a text as long as a key: NMEA", UDP, CLIENT, IS_NONE,
	  BYTES("!AIVDM,1,1,,A,H42O55i18tMET00,0*6") },
	{ "as long as a ping: mDNS", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00" "\x1f"
		"a-name-of-thirty-one-bytes-here"
		"\x1d" "and-one-of-twenty-nine-bytes-" "\x02" "l1" "\x00" "\x00\x0c") },
};
#undef KEY
#undef NONCE
