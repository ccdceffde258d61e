/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STUN: RFC 8489 5, 14; RFC 8656; [MS-ICE2] 2.2.3; the private messages and
 * attributes of services. Call flows that only speak plain STUN stay unnamed.
 */
#define STUN(type, len) type "\x00" len "\x21\x12\xa4\x42" "transaction1"

static const struct dissect_vector stun_vectors[] = {
	{ "WhatsApp's allocation", UDP, CLIENT, IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x03", "\x28") "\x40\x00\x00\x24" "0123456789abcdef0123456789abcdefWXYZ") },
	{ "WhatsApp's own message", UDP, CLIENT, IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x08\x00", "\x08") "\x40\x02\x00\x04" "abcd") },
	{ "Teams", UDP, CLIENT, IS(TEAMS, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x01", "\x18") "\x00\x06\x00\x05" "ab:cd\x00\x00\x00"
		"\x80\x70\x00\x04\x00\x00\x00\x03" "\x00\x24\x00\x00") },
	{ "Zoom, before the cookie", UDP, CLIENT, IS(ZOOM, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x01\x00\x18" "0123456789abcdef" "\x01\x01\x00\x14" "1234567890123456789\x00") },
	{ "Google's realm", UDP, SERVER, IS(GOOGLEMEET, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x01\x13", "\x18") "\x00\x14\x00\x11" "turn.l.google.com\x00\x00\x00") },
	{ "Signal's realm", UDP, SERVER, IS(SIGNAL, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x01\x13", "\x18") "\x00\x14\x00\x14" "turn.voip.signal.org") },
	{ "Viber's realm", UDP, SERVER, IS(VIBER, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x09" "viber.com\x00\x00\x00") },
	{ "Teams over TCP", CLIENT, IS(TEAMS, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x03", "\x08") "\x80\x55\x00\x04\x00\x01\x00\x00") },

	{ "plain binding", UDP, CLIENT, IS_NONE, BYTES(STUN("\x00\x01", "\x00")) },
	{ "another's realm", UDP, SERVER, IS_NONE,
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x0b" "example.org\x00") },
	{ "a realm that only ends alike", UDP, SERVER, IS_NONE,
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x09" "viber.con\x00\x00\x00") },
	{ "attribute past the end", UDP, CLIENT, IS_NONE,
	  BYTES(STUN("\x00\x01", "\x08") "\x80\x70\x00\xff\x00\x00\x00\x03") },
	{ "attribute behind the end", UDP, CLIENT, IS_NONE,
	  BYTES(STUN("\x00\x01", "\x00") "\x80\x70\x00\x04\x00\x00\x00\x03") },
	{ "no cookie", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x03\x00\x08" "0123456789abcdef" "\x80\x55\x00\x04\x00\x01\x00") },
	{ "DNS", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example\x03" "org\x00"
		"\x00\x01\x00\x01") },
};
#undef STUN
