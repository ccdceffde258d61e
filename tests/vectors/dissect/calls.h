/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * First datagrams of calls: Discord's IP discovery and keep-alive, Zoom's hello,
 * Telegram's reflectors, TeamSpeak 3's init.
 */
#define ZERO8 "\x00\x00\x00\x00\x00\x00\x00\x00"
#define MINUS8 "\xff\xff\xff\xff\xff\xff\xff\xff"

static const struct dissect_vector calls_vectors[] = {
	{ "Discord asks for its address", UDP, CLIENT, IS(DISCORD, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x01\x00\x46\x00\x1a\x7e\x73" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
		"\x00\x00") },
	{ "Discord answers", UDP, SERVER, IS(DISCORD, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x02\x00\x46\x00\x1a\x7e\x73" "192.0.2." "145\x00\x00\x00\x00\x00" ZERO8 ZERO8
		ZERO8 ZERO8 ZERO8 ZERO8 "\xd3\xda") },
	{ "Discord's keep-alive", UDP, CLIENT, IS(DISCORD, VOICE, ENCRYPTED, 0),
	  BYTES("\x13\x37\xca\xfe\x01\x00\x00\x00") },
	{ "Zoom's hello", UDP, CLIENT, IS(ZOOM, VIDEO, ENCRYPTED, 0),
	  BYTES("\x01\x00\x02" "token-of-16-byte" "\x00\x00\x00\x00\x00\x00\x00\x02"
		"\x00\x7a\x00\x2a\x00\x7a\x00\x2a\x00\x00\x00\x40" "0123456789abcdef01234567") },
	{ "Telegram's reflector", UDP, CLIENT, IS(TELEGRAM, VOICE, ENCRYPTED, 0),
	  BYTES("peer-tag16-bytes" MINUS8 "\xff\xff\xff\xff\xfe\xff\xff\xff" "\x28\xf9\x46\x11"
		"\x26\x01\xa2\xf0") },
	{ "TeamSpeak 3", UDP, CLIENT, IS(TEAMSPEAK, VOICE, ENCRYPTED, 0),
	  BYTES("TS3INIT1\x00\x65\x00\x00\x88\x0d\xd0\x57\x66\x00") },

	{ "an address where zeros are asked for", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x01\x00\x46\x00\x1a\x7e\x73" ZERO8 ZERO8 ZERO8 ZERO8 "x" ZERO8 ZERO8 ZERO8
		"\x00\x00\x00\x00\x00\x00\x00" "\x00\x00") },
	{ "a byte too short", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x01\x00\x46\x00\x1a\x7e\x73" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
		"\x00") },
	{ "eleven times ff", UDP, CLIENT, IS_NONE,
	  BYTES("peer-tag16-bytes" MINUS8 "\xff\xff\xff\xfe\xfe\xff\xff\xff" "\x28\xf9\x46\x11"
		"\x26\x01\xa2\xf0") },
	{ "over TCP", CLIENT, IS_NONE, BYTES("TS3INIT1\x00\x65\x00\x00\x88\x0d\xd0\x57\x66\x00") },
	{ "RTP", UDP, CLIENT, IS_NONE, BYTES("\x80\x78\x48\xb6\xd1\x7f\x3d\x75\x00\x1a\x7e\x73voice") },
	{ "QUIC", UDP, CLIENT, IS_NONE, BYTES("\xc3\x00\x00\x00\x01\x08" "01234567\x00\x00\x44\xd0") },
	{ "NTP", UDP, CLIENT, IS_NONE, BYTES("\x23\x00\x06\x20" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 "abcd") },
};
#undef ZERO8
#undef MINUS8
