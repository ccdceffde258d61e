/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WhatsApp: the header of the chat connection and the first Noise_XX frame
 * (protobuf HandshakeMessage) of either side; FunXMPP of before 2016.
 */
#define WA_KEY "0123456789abcdef0123456789ABCDEF"

static const struct dissect_vector whatsapp_vectors[] = {
	{ "hello", CLIENT, IS(WHATSAPP, CHAT, ENCRYPTED, 0),
	  BYTES("WA\x06\x03\x00\x00\x24\x12\x22\x0a\x20" WA_KEY) },
	{ "longer hello, to be resumed", CLIENT, IS(WHATSAPP, CHAT, ENCRYPTED, 0),
	  BYTES("WA\x06\x03\x00\x01\x20\x12\x9d\x02\x0a\x20" WA_KEY) },
	{ "with routing", CLIENT, IS(WHATSAPP, CHAT, ENCRYPTED, 0),
	  BYTES("ED\x00\x01\x00\x00\x04\x08\x02\x08\x05" "WA\x05\x02\x00\x00\x24\x12\x22\x0a\x20" WA_KEY) },
	{ "with longer routing", CLIENT, IS(WHATSAPP, CHAT, ENCRYPTED, 0),
	  BYTES("ED\x00\x01\x00\x00\x07" "routing" "WA\x06\x02\x00\x00\x24\x12") },
	{ "FunXMPP", CLIENT, IS(WHATSAPP, CHAT, ENCRYPTED, 0),
	  BYTES("WA\x01\x02\x00\x00\x19\xf8\x05\x01\xc8\xab\xa5\xfc") },
	{ "server's hello", SERVER, IS(WHATSAPP, CHAT, ENCRYPTED, 0),
	  BYTES("\x00\x01\x5e\x1a\xdb\x02\x0a\x20" WA_KEY) },

	{ "words", CLIENT, IS_NONE, BYTES("WATCH OUT\r\n") },
	{ "another version", CLIENT, IS_NONE, BYTES("WA\x40\x02\x00\x00\x24\x12\x22") },
	{ "not a frame", CLIENT, IS_NONE, BYTES("WA\x06\x03" "hello, world") },
	{ "not a handshake", CLIENT, IS_NONE, BYTES("WA\x06\x03\x00\x00\x24\x99\x22\x0a\x20") },
	{ "EDNS", CLIENT, IS_NONE, BYTES("ED\x00\x02\x00\x00\x04") },
	{ "routing, then something else", CLIENT, IS_NONE,
	  BYTES("ED\x00\x01\x00\x00\x02xxHELLO") },
	{ "DNS over TCP", CLIENT, IS_NONE,
	  BYTES("\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example\x03" "com\x00"
		"\x00\x01\x00\x01") },
	{ "DNS over TCP, answered", SERVER, IS_NONE,
	  BYTES("\x00\x1d\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example\x03" "com\x00"
		"\x00\x01\x00\x01") },
};
#undef WA_KEY
