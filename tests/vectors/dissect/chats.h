/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binary chat connections: mmtls record headers, LOCO's key exchange, Viber's
 * frames, MTProto's transports with an unencrypted first message
 * (core.telegram.org/mtproto/mtproto-transports), Gadu-Gadu's login, OICQ.
 */
static const struct dissect_vector chats_vectors[] = {
	{ "WeChat", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\x16\xf1\x03\x00\x20" "0123456789abcdef0123456789abcdef") },
	{ "WeChat, answered", SERVER, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\x16\xf1\x03\x00\x10" "0123456789abcdef" "\x17\xf1\x03\x00\x20") },
	{ "WeChat, early data", CLIENT, IS(WECHAT, CHAT, ENCRYPTED, 0),
	  BYTES("\x19\xf1\x04\x00\x10" "0123456789abcdef") },
	{ "KakaoTalk", CLIENT, IS(KAKAOTALK, CHAT, ENCRYPTED, 0),
	  BYTES("\x00\x01\x00\x00\x0c\x00\x00\x00\x02\x00\x00\x00") },
	{ "Viber", CLIENT, IS(VIBER, CHAT, ENCRYPTED, 0),
	  BYTES("\x18\x00\x00\x00\x00\x00\xfc\xff\x05\x80") },
	{ "Telegram, abridged", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\xef\x0a\x00\x00\x00\x00\x00\x00\x00\x00") },
	{ "Telegram, intermediate", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\xee\xee\xee\xee\x28\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
	{ "Telegram, padded", CLIENT, IS(TELEGRAM, CHAT, ENCRYPTED, 0),
	  BYTES("\xdd\xdd\xdd\xdd\x31\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
	{ "Gadu-Gadu", CLIENT, IS(GADUGADU, CHAT, CLEAR, 0),
	  BYTES("\x31\x00\x00\x00\x74\x00\x00\x00\x6c\x93\xde\x02pl\x02") },
	{ "QQ's keep-alive", UDP, CLIENT, IS(QQ, CHAT, ENCRYPTED, 0),
	  BYTES("\x02\x3b\x0b\x00\x02\x31\x56\x1f\x0c\x7b\x00\x03") },

	{ "TLS without a name", CLIENT, IS_NONE,
	  BYTES("\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03"
		"0123456789abcdef0123456789abcdef" "\x00\x00\x02\x13\x01\x01\x00\x00\x00") },
	{ "mmtls of no length", CLIENT, IS_NONE, BYTES("\x16\xf1\x03\x00\x02") },
	{ "mmtls, too long", CLIENT, IS_NONE, BYTES("\x16\xf1\x03\xff\xff" "0123") },
	{ "random behind ef", CLIENT, IS_NONE, BYTES("\xef\x0a\x12\x00\x00\x00\x00\x00\x00\x00") },
	{ "ee thrice", CLIENT, IS_NONE, BYTES("\xee\xee\xee\x00\x28\x00\x00\x00") },
	{ "number one and text", CLIENT, IS_NONE, BYTES("1\r\n") },
	{ "another language", CLIENT, IS_NONE,
	  BYTES("\x31\x00\x00\x00\x74\x00\x00\x00\x6c\x93\xde\x02xx\x02") },
	{ "QQ without its end", UDP, CLIENT, IS_NONE,
	  BYTES("\x02\x3b\x0b\x00\x02\x31\x56\x1f\x0c\x7b\x00\x04") },
	{ "QQ with another command", UDP, CLIENT, IS_NONE,
	  BYTES("\x02\x3b\x0b\x77\x02\x31\x56\x1f\x0c\x7b\x00\x03") },
	{ "ef over UDP", UDP, CLIENT, IS_NONE, BYTES("\xef\x0a\x00\x00\x00\x00\x00\x00\x00\x00") },
	{ "LDAP", CLIENT, IS_NONE, BYTES("\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00") },
	{ "SMB", CLIENT, IS_NONE, BYTES("\x00\x00\x00\x54\xff" "SMB\x72\x00\x00\x00\x00") },
	{ "PostgreSQL", CLIENT, IS_NONE, BYTES("\x00\x00\x00\x08\x04\xd2\x16\x2f") },
};
