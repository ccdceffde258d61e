/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * OSCAR: FLAP (2a, channel, sequence, length), sign-on TLVs, BUCP (SNAC family
 * 17), ICBM (family 4) with rendezvous capabilities; TOC 1.0; OFT2 and ODC2.
 */
#define FLAP(channel, len) "\x2a" channel "\x12\x34\x00" len
#define SNAC(family, subtype) "\x00" family "\x00" subtype "\x00\x00\x00\x00\x00\x07"
#define RENDEZVOUS(number) \
	FLAP("\x02", "\x41") SNAC("\x04", "\x06") "cookie12\x00\x02\x03" "bob" \
	"\x00\x05\x00\x25\x00\x00" "cookie12" "\x09\x46" number \
	"\x4c\x7f\x11\xd1\x82\x22\x44\x45\x53\x54\x00\x00" "\x00\x0a\x00\x02\x00\x01" \
	"\x00\x0f\x00\x01\x00" "\x00\x03\x00\x00"
/* A rendezvous with 22 bytes of TLVs. */
#define OFFER(status, number, tlvs) \
	FLAP("\x02", "\x4c") SNAC("\x04", "\x06") "cookie12\x00\x02\x03" "bob" \
	"\x00\x05\x00\x30\x00" status "cookie12" "\x09\x46" number \
	"\x4c\x7f\x11\xd1\x82\x22\x44\x45\x53\x54\x00\x00" tlvs

static const struct dissect_vector oscar_vectors[] = {
	{ "server's sign-on", SERVER, IS(OSCAR, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x04") "\x00\x00\x00\x01") },
	{ "client's sign-on, bare", CLIENT, IS(OSCAR, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x04") "\x00\x00\x00\x01") },
	{ "sign-on with a cookie", CLIENT, IS(OSCAR, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x0c") "\x00\x00\x00\x01\x00\x06\x00\x04\xde\xad\xbe\xef") },
	{ "ICQ with a roasted password", CLIENT, IS(ICQ, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES(FLAP("\x01", "\x26") "\x00\x00\x00\x01\x00\x01\x00\x06" "123456"
		"\x00\x02\x00\x04\x82\x47\xe1\xa4\x00\x03\x00\x0c" "ICQ Inc. - P") },
	{ "ICQ by its number alone", CLIENT, IS(ICQ, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES(FLAP("\x01", "\x16") "\x00\x00\x00\x01\x00\x01\x00\x06" "123456"
		"\x00\x02\x00\x04\x82\x47\xe1\xa4") },
	{ "AIM by its client", CLIENT, IS(AIM, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x22") "\x00\x00\x00\x01\x00\x01\x00\x05" "chris"
		"\x00\x03\x00\x11" "AOL Instant Messe") },
	{ "ICQ client with a mail address", CLIENT, IS(ICQ, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x1d") "\x00\x00\x00\x01\x00\x01\x00\x07" "a@b.com"
		"\x00\x03\x00\x0a" "ICQ Client") },
	{ "sign-on, then a BUCP request", CLIENT, IS(AIM, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x04") "\x00\x00\x00\x01"
		FLAP("\x02", "\x16") SNAC("\x17", "\x06") "\x00\x01\x00\x08" "jsmith99") },
	{ "file session", CLIENT, IS(AIM, FILE, CLEAR, 0),
	  BYTES("OFT2\x01\x00\x01\x01") },
	{ "direct session", CLIENT, IS(AIM, IMAGE, CLEAR, 0),
	  BYTES("ODC2\x00\x4c\x00\x01") },
	{ "TOC", CLIENT, IS(AIM, PRESENCE, CLEAR, WATCH), BYTES("FLAPON\r\n\r\n") },
	{ "SNAC in the middle", CLIENT, .middle = 1, IS(AIM, CHAT, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x1e") SNAC("\x04", "\x06") "cookie12\x00\x01\x03" "bob"
		"\x00\x02\x00\x02\x05\x01") },

	{ "SNAC behind a keep-alive", CLIENT, .middle = 1, IS(AIM, CHAT, CLEAR, WATCH),
	  BYTES(FLAP("\x05", "\x00")
		FLAP("\x02", "\x1e") SNAC("\x04", "\x06") "cookie12\x00\x01\x03" "bob"
		"\x00\x02\x00\x02\x05\x01") },

	{ "client by its name and version", CLIENT, IS(ICQ, PRESENCE, CLEAR, WATCH),
	  .client = "ICQ Client 20.52.0.3010",
	  BYTES(FLAP("\x01", "\x34") "\x00\x00\x00\x01\x00\x01\x00\x06" "123456"
		"\x00\x03\x00\x0a" "ICQ Client" "\x00\x17\x00\x02\x00\x14"
		"\x00\x18\x00\x02\x00\x34" "\x00\x19\x00\x02\x00\x00"
		"\x00\x1a\x00\x02\x0b\xc2") },
	{ "version within the client's name", CLIENT, IS(AIM, PRESENCE, CLEAR, WATCH),
	  .client = "AOL Instant Messenger, version 5.9.3702/WIN32",
	  BYTES(FLAP("\x01", "\x47") "\x00\x00\x00\x01\x00\x01\x00\x02" "ab"
		"\x00\x03\x00\x2d" "AOL Instant Messenger, version 5.9.3702/WIN32"
		"\x00\x17\x00\x02\x00\x05" "\x00\x18\x00\x02\x00\x09") },
	{ "relay, opened", CLIENT, IS(AIM, FILE, CLEAR, 0),
	  BYTES("\x00\x1f\x04\x4a\x00\x02\x00\x00\x00\x00\x00\x00" "\x04" "anna"
		"cookie12" "\x00\x01\x00\x10" "\x09\x46\x13\x43") },
	{ "relay of another version", CLIENT, IS_NONE,
	  BYTES("\x00\x27\x04\x4b\x00\x02\x00\x00\x00\x00\x00\x00") },
	{ "SNAC at the start of a new flow", CLIENT, IS_NONE,
	  BYTES(FLAP("\x02", "\x0a") SNAC("\x01", "\x17")) },
	{ "another version", CLIENT, IS_NONE, BYTES(FLAP("\x01", "\x04") "\x00\x00\x00\x02") },
	{ "channel that is none", CLIENT, IS_NONE, BYTES(FLAP("\x07", "\x04") "\x00\x00\x00\x01") },
	{ "too short for a sign-on", CLIENT, IS_NONE, BYTES(FLAP("\x01", "\x02") "\x00\x00") },
	{ "a star and text", CLIENT, IS_NONE, BYTES("*1\r\n$4\r\nPING\r\n") },
	{ "sign-on, then no FLAP", CLIENT, IS(OSCAR, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x01", "\x04") "\x00\x00\x00\x01" "hello") },
	{ "OFT2 with a header that is too short", CLIENT, IS_NONE, BYTES("OFT2\x00\x04\x01\x01") },
	{ "OPTIONS", CLIENT, IS_NONE, BYTES("OPTIONS * HTTP/1.1\r\n\r\n") },

	{ "BUCP request", CLIENT, WATCHED(OSCAR, PRESENCE, CLEAR), IS(ICQ, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x14") SNAC("\x17", "\x06") "\x00\x01\x00\x06" "987654") },
	{ "BUCP login by an AIM client", CLIENT, WATCHED(OSCAR, PRESENCE, CLEAR),
	  IS(AIM, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x28") SNAC("\x17", "\x02") "\x00\x01\x00\x05" "chris"
		"\x00\x03\x00\x11" "AOL Instant Messe") },
	{ "who one is", SERVER, WATCHED(OSCAR, PRESENCE, CLEAR), IS(ICQ, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x15") SNAC("\x01", "\x0f") "\x06" "123456" "\x00\x00\x00\x00") },
	{ "ICQ's family", CLIENT, WATCHED(OSCAR, PRESENCE, CLEAR), IS(ICQ, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x0e") SNAC("\x15", "\x02") "\x00\x01\x00\x00") },
	{ "message", CLIENT, WATCHED(AIM, PRESENCE, CLEAR), IS(AIM, CHAT, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x1e") SNAC("\x04", "\x06") "cookie12\x00\x01\x03" "bob"
		"\x00\x02\x00\x02\x05\x01") },
	{ "file offered", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, FILE, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\x13\x43")) },
	{ "file offered, relayed", SERVER, WATCHED(AIM, CHAT, CLEAR), IS(AIM, FILE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x45") SNAC("\x04", "\x07") "cookie12\x00\x02\x03" "bob"
		"\x00\x00\x00\x02" "\x00\x01\x00\x02\x00\x10"
		"\x00\x05\x00\x1f\x00\x00" "cookie12" "\x09\x46\x13\x43"
		"\x4c\x7f\x11\xd1\x82\x22\x44\x45\x53\x54\x00\x00" "\x00\x0a\x00\x01\x00") },
	{ "folder offered", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, FILE, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\x13\x48")) },
	{ "talk", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, VOICE, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\x13\x41")) },
	{ "video", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, VIDEO, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\x01\x00")) },
	{ "game", CLIENT, WATCHED(ICQ, CHAT, CLEAR), IS(ICQ, GAME, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\x13\x4a")) },
	{ "direct images", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, IMAGE, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\x13\x45")) },
	{ "screen", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, SCREEN, CLEAR, WATCH),
	  BYTES(RENDEZVOUS("\xf0\x04")) },
	{ "file offered: where to", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, FILE, CLEAR, WATCH),
	  .expect = { { "192.168.0.7", 5190, IMTC_L4_TCP, IMTC_FEATURE_FILE },
		      { "203.0.113.9", 5190, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES(OFFER("\x00", "\x13\x43", "\x00\x03\x00\x04\xc0\xa8\x00\x07"
		"\x00\x04\x00\x04\xcb\x00\x71\x09" "\x00\x05\x00\x02\x14\x46")) },
	{ "file offered by the relay", CLIENT, WATCHED(AIM, CHAT, CLEAR),
	  IS(AIM, FILE, CLEAR, WATCH),
	  .expect = { { "64.12.201.5", 5190, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES(OFFER("\x00", "\x13\x43", "\x00\x10\x00\x00" "\x00\x02\x00\x04\x40\x0c\xc9\x05"
		"\x00\x04\x00\x00" "\x00\x05\x00\x02\x0b\x7b")) },
	{ "file offer withdrawn", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES(OFFER("\x01", "\x13\x43", "\x00\x03\x00\x04\xc0\xa8\x00\x07"
		"\x00\x04\x00\x04\xcb\x00\x71\x09" "\x00\x05\x00\x02\x14\x46")) },
	{ "loopback is nowhere", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, IMAGE, CLEAR, WATCH),
	  BYTES(OFFER("\x00", "\x13\x45", "\x00\x03\x00\x04\x7f\x00\x00\x01"
		"\x00\x04\x00\x04\x00\x00\x00\x00" "\x00\x05\x00\x02\x14\x46")) },
	{ "ICQ's file request", CLIENT, WATCHED(ICQ, CHAT, CLEAR), IS(ICQ, FILE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x6b") SNAC("\x04", "\x06") "cookie12\x00\x02\x06" "123456"
		"\x00\x05\x00\x4c\x00\x00" "cookie12" "\x09\x46\x13\x49"
		"\x4c\x7f\x11\xd1\x82\x22\x44\x45\x53\x54\x00\x00" "\x27\x11\x00\x2e"
		"\x1b\x00\x08\x00" "0123456789abcdef" "\x00\x00\x03\x00\x00\x00\x04\xff\xff"
		"\x0e\x00\xff\xff" "0123456789ab" "\x03") },
	{ "client ready, of AIM", CLIENT, WATCHED(OSCAR, PRESENCE, CLEAR),
	  IS(AIM, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x1a") SNAC("\x01", "\x02") "\x00\x01\x00\x03\x01\x10\x06\x29"
		"\x00\x13\x00\x03\x01\x10\x06\x29") },
	{ "client ready, of ICQ", CLIENT, WATCHED(OSCAR, PRESENCE, CLEAR),
	  IS(ICQ, PRESENCE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x1a") SNAC("\x01", "\x02") "\x00\x01\x00\x03\x01\x10\x06\x29"
		"\x00\x15\x00\x01\x01\x10\x06\x29") },
	{ "buddy icon", CLIENT, WATCHED(AIM, PRESENCE, CLEAR), IS(AIM, IMAGE, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x0a") SNAC("\x10", "\x04")) },
	{ "TOC's password", CLIENT, WATCHED(AIM, PRESENCE, CLEAR),
	  IS(AIM, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES(FLAP("\x02", "\x28") "toc_signon login.oscar.aol.com 5190 a 0x") },
	{ "TOC's message", SERVER, WATCHED(AIM, PRESENCE, CLEAR), IS(AIM, CHAT, CLEAR, WATCH),
	  BYTES(FLAP("\x02", "\x0c") "IM_IN:bob:F:") },
	{ "two frames in a segment", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS(AIM, FILE, CLEAR, WATCH),
	  BYTES(FLAP("\x05", "\x00") RENDEZVOUS("\x13\x43")) },
	{ "keep-alive", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES(FLAP("\x05", "\x00")) },
	{ "rest of a frame", CLIENT, WATCHED(AIM, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("\x09\x46\x13\x43\x4c\x7f\x11\xd1") },
};
#undef FLAP
#undef SNAC
#undef RENDEZVOUS
#undef OFFER
