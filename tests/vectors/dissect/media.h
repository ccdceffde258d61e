/* SPDX-License-Identifier: GPL-2.0-only */
/* RTP (RFC 3550 5.1, RFC 3551 6): only a claim, and one that both ends must make. */
static const struct dissect_vector media_vectors[] = {
	{ "PCMU", UDP, CLIENT, CLAIMS(VOIP, 3),
	  BYTES("\x80\x00\x48\xb6" "time" "\x00\x1a\x7e\x73" "voice") },
	{ "H.263", UDP, SERVER, CLAIMS(VOIP, 3),
	  BYTES("\x80\xa2\x48\xb6" "time" "\x00\x1a\x7e\x73" "video") },
	{ "agreed upon, two contributors", UDP, CLIENT, CLAIMS(VOIP, 3),
	  BYTES("\x82\x6f\x48\xb6" "time" "\x00\x1a\x7e\x73" "onetwo!!" "opus") },

	{ "television", UDP, CLIENT, IS_NONE,
	  BYTES("\x80\x21\x48\xb6" "time" "\x00\x1a\x7e\x73" "G...") },
	{ "RTCP", UDP, CLIENT, IS_NONE,
	  BYTES("\x80\xc8\x00\x06" "time" "\x00\x1a\x7e\x73" "report") },
	{ "no payload", UDP, CLIENT, IS_NONE,
	  BYTES("\x80\x00\x48\xb6" "time" "\x00\x1a\x7e\x73") },
	{ "no source", UDP, CLIENT, IS_NONE,
	  BYTES("\x80\x00\x48\xb6" "time" "\x00\x00\x00\x00" "voice") },
};
