/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DTLS ClientHellos: RFC 6347 4.2.1 (the cookie), 4.2.2 (fragments), 4.3.1 (records);
 * RFC 9147 5.3; RFC 5764 4.1.1 (use_srtp); RFC 6066 3 (the name).
 */
#define DTLS_RECORD(len) "\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00" len
#define DTLS_HEAD(len) "\x01\x00\x00" len "\x00\x00\x00\x00\x00\x00\x00" len
#define DTLS_RANDOM "\xfe\xfd" "0123456789abcdef0123456789abcdef"
#define DTLS_SUITES "\x00\x02\xc0\x2b\x01\x00"
#define DTLS_SRTP "\x00\x0e\x00\x05\x00\x02\x00\x01\x00"
#define DTLS_NAME "\x00\x00\x00\x0e\x00\x0c\x00\x00\x09" "a.example"
#define DTLS_GROUPS "\x00\x0a\x00\x04\x00\x02\x00\x1d"

static const struct dissect_vector dtls_vectors[] = {
	{ "a call's hello", UDP, CLIENT, IS(VOIP, VOICE, ENCRYPTED, IMTC_LABEL_OPEN),
	  BYTES(DTLS_RECORD("\x41") DTLS_HEAD("\x35") DTLS_RANDOM "\x00\x00" DTLS_SUITES
		"\x00\x09" DTLS_SRTP) },
	{ "from the side that was called", UDP, SERVER, IS(VOIP, VOICE, ENCRYPTED, IMTC_LABEL_OPEN),
	  BYTES(DTLS_RECORD("\x49") DTLS_HEAD("\x3d") DTLS_RANDOM "\x00\x00" DTLS_SUITES
		"\x00\x11" DTLS_GROUPS DTLS_SRTP) },
	{ "with a cookie", UDP, CLIENT, IS(VOIP, VOICE, ENCRYPTED, IMTC_LABEL_OPEN),
	  BYTES(DTLS_RECORD("\x55") DTLS_HEAD("\x49") DTLS_RANDOM "\x00\x14" "cookiecookiecookie!!"
		DTLS_SUITES "\x00\x09" DTLS_SRTP) },
	{ "version 1.2 in the record", UDP, CLIENT, IS(VOIP, VOICE, ENCRYPTED, IMTC_LABEL_OPEN),
	  BYTES("\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x41" DTLS_HEAD("\x35") DTLS_RANDOM
		"\x00\x00" DTLS_SUITES "\x00\x09" DTLS_SRTP) },
	{ "a first fragment", UDP, CLIENT, IS(VOIP, VOICE, ENCRYPTED, IMTC_LABEL_OPEN),
	  BYTES(DTLS_RECORD("\x41") "\x01\x00\x05\x00" "\x00\x00\x00\x00\x00" "\x00\x00\x35"
		DTLS_RANDOM "\x00\x00" DTLS_SUITES "\x04\x80" DTLS_SRTP) },
	{ "a name", UDP, CLIENT, IS_NAMED("a.example", ENCRYPTED),
	  BYTES(DTLS_RECORD("\x4a") DTLS_HEAD("\x3e") DTLS_RANDOM "\x00\x00" DTLS_SUITES
		"\x00\x12" DTLS_NAME) },
	{ "a name and a call", UDP, CLIENT, IS_NAMED("a.example", ENCRYPTED),
	  .service = IMTC_SERVICE_VOIP,	/* by what stands in front of the name */
	  BYTES(DTLS_RECORD("\x53") DTLS_HEAD("\x47") DTLS_RANDOM "\x00\x00" DTLS_SUITES
		"\x00\x1b" DTLS_SRTP DTLS_NAME) },

	{ "neither name nor call", UDP, CLIENT, IS_NONE,
	  BYTES(DTLS_RECORD("\x40") DTLS_HEAD("\x34") DTLS_RANDOM "\x00\x00" DTLS_SUITES
		"\x00\x08" DTLS_GROUPS) },
	{ "no extensions", UDP, CLIENT, IS_NONE,
	  BYTES(DTLS_RECORD("\x36") DTLS_HEAD("\x2a") DTLS_RANDOM "\x00\x00" DTLS_SUITES) },
	{ "a later fragment", UDP, CLIENT, IS_NONE,
	  BYTES(DTLS_RECORD("\x41") "\x01\x00\x05\x00" "\x00\x00\x00\x00\x10" "\x00\x00\x35"
		DTLS_RANDOM "\x00\x00" DTLS_SUITES "\x04\x80" DTLS_SRTP) },
	{ "a fragment longer than its record", UDP, CLIENT, IS_NONE,
	  BYTES(DTLS_RECORD("\x20") DTLS_HEAD("\x35") DTLS_RANDOM "\x00\x00" DTLS_SUITES
		"\x00\x09" DTLS_SRTP) },
	{ "a ServerHello", UDP, SERVER, IS_NONE,
	  BYTES(DTLS_RECORD("\x41") "\x02\x00\x00\x35\x00\x00\x00\x00\x00\x00\x00\x35" DTLS_RANDOM
		"\x00\x00" DTLS_SUITES "\x00\x09" DTLS_SRTP) },
	{ "encrypted", UDP, CLIENT, IS_NONE,
	  BYTES("\x16\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x00\x00\x41" DTLS_HEAD("\x35") DTLS_RANDOM
		"\x00\x00" DTLS_SUITES "\x00\x09" DTLS_SRTP) },
	{ "no version of DTLS", UDP, CLIENT, IS_NONE,
	  BYTES("\x16\xfe\xfc\x00\x00\x00\x00\x00\x00\x00\x00\x00\x41" DTLS_HEAD("\x35") DTLS_RANDOM
		"\x00\x00" DTLS_SUITES "\x00\x09" DTLS_SRTP) },
	{ "TLS in a datagram", UDP, CLIENT, IS_NONE,
	  BYTES("\x16\x03\x01\x00\x5a\x01\x00\x00\x56\x03\x03" "0123456789abcdef") },
};
#undef DTLS_RECORD
#undef DTLS_HEAD
#undef DTLS_RANDOM
#undef DTLS_SUITES
#undef DTLS_SRTP
#undef DTLS_NAME
#undef DTLS_GROUPS
