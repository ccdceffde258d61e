/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STUN: RFC 8489 5, 14; RFC 8656; [MS-ICE2] 2.2.3; the private messages and
 * attributes of services. ICE's checks and requests for a relay are calls of a
 * service not told; plain bindings are nothing. XOR addresses are announced.
 */
#define OPEN IMTC_LABEL_OPEN
#define INTEGRITY "\x00\x08\x00\x14" "0123456789abcdefghij"
#define FINGERPRINT "\x80\x28\x00\x04" "crc."
#define STUN(type, len) type "\x00" len "\x21\x12\xa4\x42" "transaction1"

static const struct dissect_vector stun_vectors[] = {
	{ "WhatsApp's allocation", UDP, CLIENT, IN_LAYER(TURN), IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x03", "\x28") "\x40\x00\x00\x24"
		"0123456789abcdef0123456789abcdefWXYZ") },
	{ "WhatsApp's own message", UDP, CLIENT, IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x08\x00", "\x08") "\x40\x02\x00\x04" "abcd") },
	{ "Teams", UDP, CLIENT, IS(TEAMS, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x01", "\x18") "\x00\x06\x00\x05" "ab:cd\x00\x00\x00"
		"\x80\x70\x00\x04\x00\x00\x00\x03" "\x00\x24\x00\x00") },
	{ "Zoom, before the cookie", UDP, CLIENT, IS(ZOOM, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x01\x00\x18" "0123456789abcdef" "\x01\x01\x00\x14"
		"1234567890123456789\x00") },
	{ "Google's realm", UDP, SERVER, IN_LAYER(TURN), IS(GOOGLEMEET, VOICE, ENCRYPTED, OPEN),
	  BYTES(STUN("\x01\x13", "\x18") "\x00\x14\x00\x11" "turn.l.google.com\x00\x00\x00") },
	{ "Signal's realm", UDP, SERVER, IS(SIGNAL, VOICE, ENCRYPTED, OPEN),
	  BYTES(STUN("\x01\x13", "\x18") "\x00\x14\x00\x14" "turn.voip.signal.org") },
	{ "Viber's realm", UDP, SERVER, IS(VIBER, VOICE, ENCRYPTED, OPEN),
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x09" "viber.com\x00\x00\x00") },
	{ "WhatsApp's relay answers", UDP, SERVER, IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x01\x03", "\x18") "\x00\x20\x00\x08" "\x00\x01\xee\x24\x71\xa6\x06\x72"
		"\x40\x02\x00\x08" "12345678") },
	{ "WhatsApp between peers", UDP, CLIENT, IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x01", "\x18") INTEGRITY) },
	{ "and its answer", UDP, SERVER, IS(WHATSAPP, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x01\x01", "\x18") INTEGRITY) },
	{ "MS-TURN's cookie", UDP, CLIENT, IN_LAYER(TURN), IS(TEAMS, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x04\x00\x08" "0123456789abcdef" "\x00\x0f\x00\x04\x72\xc6\x4b\xc6") },
	{ "Zoom answers, before the cookie", UDP, SERVER, IS(ZOOM, VOICE, ENCRYPTED, 0),
	  BYTES("\x00\x02\x00\x0c" "0123456789abcdef" "\x01\x03\x00\x08" "\x00\x01\xff\x75"
		"addr") },
	{ "Zoom in a browser", UDP, CLIENT, IS(ZOOM, VIDEO, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x01", "\x70") "\x00\x06\x00\x49" "E04D943F-C271-C96A-C27D-0123456789AB:"
		"7F420B35-B16A-05D7-12FA-BA9876543210" "\x00\x00\x00" "\x00\x24\x00\x04" "prio"
		INTEGRITY) },
	{ "Google answers with the user name", UDP, SERVER, IS(GOOGLEMEET, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x01\x01", "\x34") "\x00\x06\x00\x09" "user:name" "\x00\x00\x00"
		"\x00\x20\x00\x08" "\x00\x01\x0e\x97\x7c\x3d\x45\x04" INTEGRITY) },
	{ "Google's relay is asked", UDP, CLIENT, IS(GOOGLEMEET, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x03", "\x14") "\x00\x19\x00\x04\x11\x00\x00\x00"
		"\xff\x05\x00\x07" "TY_null" "\x00") },
	{ "Facebook's realm", UDP, SERVER, IS(MESSENGER, VOICE, ENCRYPTED, OPEN),
	  BYTES(STUN("\x01\x13", "\x14") "\x00\x14\x00\x0f" "turner.facebook\x00") },
	{ "Telegram's realm", UDP, SERVER, IS(TELEGRAM, VOICE, ENCRYPTED, OPEN),
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x0c" "telegram.org") },
	{ "Jitsi", UDP, CLIENT, IS(JITSI, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x01", "\x10") "\x80\x22\x00\x09" "ice4j.org\x00\x00\x00") },
	{ "a relay is asked", UDP, CLIENT, IN_LAYER(TURN), IS(VOIP, VOICE, UNKNOWN, OPEN),
	  BYTES(STUN("\x00\x03", "\x08") "\x00\x19\x00\x04\x11\x00\x00\x00") },
	{ "a relay is given", UDP, SERVER, IN_LAYER(TURN), IS(VOIP, VOICE, UNKNOWN, OPEN),
	  .expect = { { "192.0.2.33", 32853, IMTC_L4_UDP, IMTC_FEATURE_VOICE } },
	  BYTES(STUN("\x01\x03", "\x0c") "\x00\x16\x00\x08" "\x00\x01\xa1\x47\xe1\x12\xa6\x63") },
	{ "a relay is given, IPv6", UDP, SERVER, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  .expect = { { "2001:db8::1", 32853, IMTC_L4_UDP, IMTC_FEATURE_VOICE } },
	  BYTES(STUN("\x01\x03", "\x18") "\x00\x16\x00\x14" "\x00\x02\xa1\x47"
		"\x01\x13\xa9\xfa" "transaction0") },
	{ "a peer is told to the relay", UDP, CLIENT, IS(SIGNAL, VOICE, ENCRYPTED, OPEN),
	  .expect = { { "192.0.2.33", 32853, IMTC_L4_UDP, IMTC_FEATURE_VOICE } },
	  BYTES(STUN("\x00\x08", "\x24") "\x00\x12\x00\x08" "\x00\x01\xa1\x47\xe1\x12\xa6\x63"
		"\x00\x14\x00\x14" "turn.voip.signal.org") },
	{ "a channel to a peer", UDP, CLIENT, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  .expect = { { "192.0.2.33", 32853, IMTC_L4_UDP, IMTC_FEATURE_VOICE } },
	  BYTES(STUN("\x00\x09", "\x14") "\x00\x0c\x00\x04\x40\x00\x00\x00"
		"\x00\x12\x00\x08" "\x00\x01\xa1\x47\xe1\x12\xa6\x63") },
	{ "an ICE check", UDP, CLIENT, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  BYTES(STUN("\x00\x01", "\x38") "\x00\x06\x00\x09" "user:name" "\x00\x00\x00"
		"\x00\x24\x00\x04" "prio" INTEGRITY FINGERPRINT) },
	{ "an ICE check over TCP, framed", CLIENT, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  BYTES("\x00\x44" STUN("\x00\x01", "\x30") "\x00\x06\x00\x09" "user:name" "\x00\x00\x00"
		"\x00\x24\x00\x04" "prio" INTEGRITY) },
	{ "a relay is asked over TCP", CLIENT, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  BYTES(STUN("\x00\x03", "\x08") "\x00\x19\x00\x04\x11\x00\x00\x00") },
	{ "Teams over TCP, framed", CLIENT, IS(TEAMS, VOICE, ENCRYPTED, 0),
	  BYTES("\x02\x00\x00\x1c" STUN("\x00\x03", "\x08") "\x80\x55\x00\x04\x00\x01\x00\x00") },
	{ "Teams over TCP", CLIENT, IS(TEAMS, VOICE, ENCRYPTED, 0),
	  BYTES(STUN("\x00\x03", "\x08") "\x80\x55\x00\x04\x00\x01\x00\x00") },

	{ "plain binding", UDP, CLIENT, IS_NONE, BYTES(STUN("\x00\x01", "\x00")) },
	{ "another's realm", UDP, SERVER, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x0b" "example.org\x00") },
	{ "a realm that only ends alike", UDP, SERVER, IS(VOIP, VOICE, UNKNOWN, OPEN),
	  BYTES(STUN("\x01\x13", "\x10") "\x00\x14\x00\x09" "viber.con\x00\x00\x00") },
	{ "integrity with a fingerprint", UDP, CLIENT, IS_NONE,
	  BYTES(STUN("\x00\x01", "\x20") INTEGRITY FINGERPRINT) },
	{ "a permission for nobody", UDP, CLIENT, IS_NONE,
	  BYTES(STUN("\x00\x08", "\x0c") "\x00\x12\x00\x05" "\x00\x01\xa1\x47\xe1\x00\x00\x00") },
	{ "an answer without a user name", UDP, SERVER, IS_NONE,
	  BYTES(STUN("\x01\x01", "\x24") "\x00\x20\x00\x08" "\x00\x01\x0e\x97\x7c\x3d\x45\x04"
		INTEGRITY) },
	{ "a user name without ICE", UDP, CLIENT, IS_NONE,
	  BYTES(STUN("\x00\x01", "\x28") "\x00\x06\x00\x09" "user:name" "\x00\x00\x00" INTEGRITY) },
	{ "framed with another length", CLIENT, IS_NONE,
	  BYTES("\x00\x45" STUN("\x00\x01", "\x30") "\x00\x06\x00\x09" "user:name" "\x00\x00\x00"
		"\x00\x24\x00\x04" "prio" INTEGRITY) },
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
#undef OPEN
#undef INTEGRITY
#undef FINGERPRINT
