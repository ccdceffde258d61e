/* SPDX-License-Identifier: GPL-2.0-only */
/* LINE's calls, as bpf/dissect/line_call.h describes them. */
static const struct dissect_vector line_call_vectors[] = {
	{ "a session begins", UDP, CLIENT, IS(LINE, VOICE, ENCRYPTED, 0),
	  BYTES("\xd8\x10\x00\x72" "\x06\x02" "0123456789abcd") },
	{ "the server's", UDP, SERVER, IS(LINE, VOICE, ENCRYPTED, 0),
	  BYTES("\xd8\x12\x02\x09" "\x06\x02" "0123456789abcdef") },
	{ "media", UDP, CLIENT, CLAIMS(LINE, 4),
	  BYTES("\xd0\x10\x00\x73" "\x18\x6e" "0123456789abcd") },
	{ "older", UDP, CLIENT, CLAIMS(LINE, 2), BYTES("\xb6\x09\x00\x0c" "0123456789ab") },

	{ "a byte too short", UDP, CLIENT, IS_NONE,
	  BYTES("\xd8\x10\x00\x72" "\x06\x02" "0123456789abc") },
	{ "another length", UDP, CLIENT, IS_NONE,
	  BYTES("\xd9\x10\x00\x72" "\x06\x02" "0123456789abcd") },
	{ "media that begins like a session", UDP, CLIENT, CLAIMS(LINE, 4),
	  BYTES("\xd0\x10\x00\x72" "\x06\x02" "0123456789abcd") },
	{ "older, of no kind", UDP, CLIENT, IS_NONE, BYTES("\xb6\x0a\x00\x0c" "0123456789ab") },
	{ "older, too short", UDP, CLIENT, IS_NONE, BYTES("\xb6\x09\x00\x0c" "0123456789a") },
};
