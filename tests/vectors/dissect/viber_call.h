/* SPDX-License-Identifier: GPL-2.0-only */
/* Viber's calls, as bpf/dissect/viber_call.h describes them. */
#define TIME "\xb3\x39\x92\x91\x63\x01\x00\x00"

static const struct dissect_vector viber_call_vectors[] = {
	{ "time, 20 bytes", UDP, CLIENT, IS(VIBER, VOICE, ENCRYPTED, 0), PROVES(VIBER),
	  BYTES("\xed\xf6\x09\x00" TIME "01234567") },
	{ "time, 34 bytes", UDP, SERVER, IS(VIBER, VOICE, ENCRYPTED, 0), PROVES(VIBER),
	  BYTES("\xed\xf6\x0b\x00" TIME "0123456789abcdef012345") },
	{ "time, 76 bytes", UDP, SERVER, IS(VIBER, VOICE, ENCRYPTED, 0), PROVES(VIBER),
	  BYTES("\xed\xf6\x0c\x00" "0123456789abcdef" TIME
		"0123456789abcdef0123456789abcdef0123456789abcdef") },
	{ "a kind and a length", UDP, CLIENT, CLAIMS(VIBER, IMTC_CLAIM_NEVER),
	  BYTES("\xed\xf6\x19\x00" "0123456789abcdef0123456789abcd") },
	{ "the shortest", UDP, CLIENT, CLAIMS(VIBER, IMTC_CLAIM_NEVER),
	  BYTES("\xed\xf6\x03\x00" "01234567") },

	{ "a time before 2004", UDP, CLIENT, IS_NONE,
	  BYTES("\xed\xf6\x09\x00" "\xb3\x39\x92\x91\x63\x00\x00\x00" "01234567") },
	{ "a byte too short", UDP, CLIENT, IS_NONE, BYTES("\xed\xf6\x09\x00" TIME "0123456") },
	{ "big-endian", UDP, CLIENT, IS_NONE, BYTES("\xed\xf6\x00\x03" "01234567") },
};
#undef TIME
