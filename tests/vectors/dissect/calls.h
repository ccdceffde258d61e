/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * First datagrams of calls: Discord's IP discovery and keep-alive, Telegram's
 * reflectors, TeamSpeak's init and list, imo, Jami, Mumble.
 */
#define ZERO8 "\x00\x00\x00\x00\x00\x00\x00\x00"
#define NINES "nine-byte"
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
	{ "Telegram's reflector", UDP, CLIENT, IS(TELEGRAM, VOICE, ENCRYPTED, 0),
	  BYTES("peer-tag16-bytes" MINUS8 "\xff\xff\xff\xff\xfe\xff\xff\xff" "\x28\xf9\x46\x11"
		"\x26\x01\xa2\xf0") },
	{ "TeamSpeak 3", UDP, CLIENT, IS(TEAMSPEAK, VOICE, ENCRYPTED, 0),
	  BYTES("TS3INIT1\x00\x65\x00\x00\x88\x0d\xd0\x57\x66\x00") },

	{ "TeamSpeak 2's login", UDP, CLIENT, IS(TEAMSPEAK, VOICE, ENCRYPTED, 0),
	  BYTES("\xf4\xbe\x03\x00" "nick" NINES NINES NINES NINES NINES NINES NINES NINES NINES
		NINES NINES NINES NINES NINES NINES NINES NINES NINES NINES "x") },
	{ "a server of TeamSpeak 3 for the list", UDP, CLIENT, CLAIMS(TEAMSPEAK, 2),
	  BYTES("\x01\x81\x84\x02" "key!" "\x03\x27\x20\x00\x00\x00\x00\x00") },
	{ "and what comes before it", UDP, CLIENT, CLAIMS(TEAMSPEAK, 2),
	  BYTES("\x01\x80\x84\x01") },
	{ "the list has taken it", UDP, SERVER, CLAIMS(TEAMSPEAK, 2),
	  BYTES("\x01\x81\x84\x02\x00") },
	{ "the list gives a key", UDP, SERVER, CLAIMS(TEAMSPEAK, 2),
	  BYTES("\x01\x80\x84\x01" "key!") },
	{ "the list has not taken it", UDP, SERVER, IS_NONE, BYTES("\x01\x81\x84\x02\x01") },
	{ "the list's answer, from the client", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x80\x84\x01" "key!") },
	{ "imo, ten bytes", UDP, CLIENT, IS(IMO, VOICE, ENCRYPTED, 0),
	  BYTES("\x09\x02\xdc\x9a\x02\x00\x00\x00\x00\x00") },
	{ "imo, eleven bytes", UDP, CLIENT, IS(IMO, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x09\x03\x21\x9a\x02\x00\x00\x00\x00\x00") },
	{ "OpenDHT asks", UDP, CLIENT, IS(JAMI, PRESENCE, CLEAR, 0),
	  BYTES("\x85\xa1" "a" "\x82\xa2" "id" "\xc4\x14" "20-bytes-of-node-id-" "\xa6" "target"
		"\xc4\x14" "20-bytes-of-a-target" "\xa1" "q\xa4" "find" "\xa1" "t\xce" "1234"
		"\xa1" "y\xa1" "q\xa1" "v\xa4" "RNG1") },
	{ "OpenDHT answers", UDP, SERVER, IS(JAMI, PRESENCE, CLEAR, 0),
	  BYTES("\x84\xa1" "r" "\x82\xa2" "id" "\xc4\x14" "20-bytes-of-node-id-" "\xa2" "sa"
		"\xc4\x04" "1234" "\xa1" "t\xce" "1234" "\xa1" "y\xa1" "r\xa1" "v\xa4" "RNG1") },
	{ "Mumble's server answers a ping", UDP, SERVER, IS(MUMBLE, VOICE, CLEAR, 0),
	  BYTES("\x00\x01\x03\x04" "identity" "\x00\x00\x00\x03" "\x00\x00\x00\x64"
		"\x00\x01\x1b\x4c") },

	{ "an imo counter that is none", UDP, CLIENT, IS_NONE,
	  BYTES("\x09\x02\xdc\x9a\x02\x01\x00\x00\x00\x00") },
	{ "MessagePack that is no OpenDHT", UDP, CLIENT, IS_NONE,
	  BYTES("\x82\xa1" "a" "\x82\xa2" "id" "\xc4\x14" "20-bytes-of-node-id-") },
	{ "an id of another length", UDP, CLIENT, IS_NONE,
	  BYTES("\x85\xa1" "a" "\x82\xa2" "id" "\xc4\x10" "20-bytes-of-node-id-") },
	{ "more users than may be", UDP, SERVER, IS_NONE,
	  BYTES("\x00\x01\x03\x04" "identity" "\x00\x00\x00\x65" "\x00\x00\x00\x64"
		"\x00\x01\x1b\x4c") },
	{ "a ping of Mumble's, which proves nothing", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x00\x00\x00" "identity") },
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
	{ "RTP", UDP, CLIENT, CLAIMS(VOIP, 3),
	  BYTES("\x80\x78\x48\xb6\xd1\x7f\x3d\x75\x00\x1a\x7e\x73voice") },
	{ "QUIC", UDP, CLIENT, IS_NONE,
	  BYTES("\xc3\x00\x00\x00\x01\x08" "01234567\x00\x00\x44\xd0") },
	{ "NTP", UDP, CLIENT, IS_NONE,
	  BYTES("\x23\x00\x06\x20" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 "abcd") },
};
#undef ZERO8
#undef NINES
#undef MINUS8
