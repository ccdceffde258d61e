/* SPDX-License-Identifier: GPL-2.0-only */
/* WeChat's keep-alive of a call; only a claim. */
static const struct dissect_vector wechat_call_vectors[] = {
	{ "keep-alive", UDP, CLIENT, CLAIMS(WECHAT, 2),
	  BYTES("\xd1\x0a\x2e\x0a" "0123456789abcdef0123456789abcdef0123456789") },
	{ "answered", UDP, SERVER, CLAIMS(WECHAT, 2),
	  BYTES("\xd1\x0a\x2b\x0a" "0123456789abcdef0123456789abcdef0123456789") },

	{ "no length it has", UDP, CLIENT, IS_NONE,
	  BYTES("\xd1\x0a\x30\x0a" "0123456789abcdef0123456789abcdef0123456789") },
	{ "shorter than it says", UDP, CLIENT, IS_NONE,
	  BYTES("\xd1\x0a\x2e\x0a" "0123456789abcdef") },
	{ "another byte", UDP, CLIENT, IS_NONE,
	  BYTES("\xd1\x0a\x2e\x0b" "0123456789abcdef0123456789abcdef0123456789") },
};
