/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Yahoo! Messenger: the YMSG header (magic, version, vendor, length, service,
 * status, session) and its service codes; keys and values between c0 80.
 */
#define YMSG(len, service) \
	"YMSG\x00\x10\x00\x00\x00" len service "\x00\x00\x00\x00\x00\x00\x00\x00"

static const struct dissect_vector yahoo_vectors[] = {
	{ "verify", CLIENT, IS(YAHOO, PRESENCE, CLEAR, WATCH), BYTES(YMSG("\x00", "\x00\x4c")) },
	{ "login", CLIENT, IS(YAHOO, PRESENCE, CLEAR, WATCH),
	  BYTES(YMSG("\x09", "\x00\x57") "1\xc0\x80" "alic\xc0\x80") },
	{ "login, answered", SERVER, IS(YAHOO, PRESENCE, CLEAR, WATCH),
	  BYTES(YMSG("\x09", "\x00\x57") "1\xc0\x80" "alic\xc0\x80") },
	{ "other byte order of the version", CLIENT, IS(YAHOO, PRESENCE, CLEAR, WATCH),
	  BYTES("YMSG\x0a\x00\x00\x00\x00\x00\x00\x57\x00\x00\x00\x00\x00\x00\x00\x00") },
	{ "message", CLIENT, IS(YAHOO, CHAT, CLEAR, WATCH),
	  BYTES(YMSG("\x08", "\x00\x06") "14\xc0\x80hi\xc0\x80") },
	{ "unknown service", CLIENT, IS(YAHOO, NONE, CLEAR, WATCH), BYTES(YMSG("\x00", "\x03\xe7")) },
	{ "older protocol", CLIENT, IS(YAHOO, NONE, CLEAR, 0), BYTES("YPNS2.0\0\x81\0\0\0") },
	{ "webcam, watched", CLIENT, IS(YAHOO, VIDEO, CLEAR, 0), BYTES("<RVWCFG>\x08\x00\x01") },
	{ "webcam, stream", CLIENT, IS(YAHOO, VIDEO, CLEAR, 0), BYTES("<REQIMG>\x08\x00\x01") },

	{ "another version", CLIENT, IS_NONE,
	  BYTES("YMSG\x50\x10\x00\x00\x00\x00\x00\x57\x00\x00\x00\x00") },
	{ "letters", CLIENT, IS_NONE, BYTES("YMCA, it's fun\r\n") },
	{ "tag", CLIENT, IS_NONE, BYTES("<REQUEST/>") },

	{ "file", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, FILE, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\x46")) },
	{ "file, version 15", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, FILE, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\xdc")) },
	{ "file between peers", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, FILE, CLEAR, WATCH),
	  BYTES(YMSG("\x0e", "\x00\x4d") "49\xc0\x80" "FILEXFER\xc0\x80") },
	{ "whiteboard between peers", CLIENT, WATCHED(YAHOO, CHAT, CLEAR),
	  IS(YAHOO, WHITEBOARD, CLEAR, WATCH),
	  BYTES(YMSG("\x22", "\x00\x4d") "49\xc0\x80" "IMVIRONMENT\xc0\x80" "63\xc0\x80"
		"doodle;106\xc0\x80") },
	{ "whiteboard in a notice", CLIENT, WATCHED(YAHOO, CHAT, CLEAR),
	  IS(YAHOO, WHITEBOARD, CLEAR, WATCH),
	  BYTES(YMSG("\x20", "\x00\x4b") "49\xc0\x80" "IMVIRONMENT\xc0\x80" "63\xc0\x80"
		"doodle;1\xc0\x80") },
	{ "a value that looks like a key", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES(YMSG("\x12", "\x00\x06") "14\xc0\x80" "49\xc0\x80" "FILEXFER\xc0\x80") },
	{ "what client it is", CLIENT, WATCHED(YAHOO, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  .client = "9.0.0.2162",
	  BYTES(YMSG("\x11", "\x00\x54") "135\xc0\x80" "9.0.0.2162\xc0\x80") },
	{ "relay of a file", SERVER, WATCHED(YAHOO, FILE, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "203.0.113.80", 80, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES(YMSG("\x13", "\x00\xdd") "250\xc0\x80" "203.0.113.80\xc0\x80") },
	{ "file of a peer", SERVER, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, FILE, CLEAR, WATCH),
	  .expect = { { "192.0.2.9", 5101, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES(YMSG("\x25", "\x00\x46") "20\xc0\x80" "http://192.0.2.9:5101/Messenger.1\xc0\x80") },
	{ "voice", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, VOICE, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\x4a")) },
	{ "webcam", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, VIDEO, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\x50")) },
	{ "game", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, GAME, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\x28")) },
	{ "picture", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS(YAHOO, IMAGE, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\xbe")) },
	{ "conference", CLIENT, WATCHED(YAHOO, PRESENCE, CLEAR), IS(YAHOO, CHAT, CLEAR, WATCH),
	  BYTES(YMSG("\x00", "\x00\x18")) },
	{ "two packets in a segment", CLIENT, WATCHED(YAHOO, CHAT, CLEAR),
	  IS(YAHOO, FILE, CLEAR, WATCH),
	  BYTES(YMSG("\x08", "\x00\x06") "14\xc0\x80hi\xc0\x80" YMSG("\x00", "\x00\x46")) },
	{ "typing", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES(YMSG("\x0c", "\x00\x4b") "49\xc0\x80" "TYPING\xc0\x80") },
	{ "rest of a packet", CLIENT, WATCHED(YAHOO, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("hi\xc0\x80") },
};
#undef YMSG
