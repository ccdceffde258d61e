/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chat connections in binary formats of their own, told by their first message:
 * WeChat (mmtls), QQ (OICQ), KakaoTalk (LOCO), Viber, Telegram where MTProto
 * begins in clear, Gadu-Gadu's login.
 */
#ifndef IMTC_DISSECT_CHATS_H
#define IMTC_DISSECT_CHATS_H

#include "scan.h"

static __always_inline u32 chats_le16(const struct imtc_view *v, u32 i)
{
	return imtc_byte(v, i) | (u32)imtc_byte(v, i + 1) << 8;
}

/*
 * A record as TLS's, of version f103 or f104; 16 is a handshake, 19 its early
 * form. Where it ends, the view ends or another such record begins.
 */
static __always_inline int chats_wechat(const struct imtc_view *v)
{
	u32 len = imtc_be16(v, 3), next = 5 + len;

	if (v->len > 1 && imtc_byte(v, 1) != 0xf1)
		return IMTC_NO;
	if (v->len > 2 && imtc_byte(v, 2) != 3 && imtc_byte(v, 2) != 4)
		return IMTC_NO;
	if (v->len < 5)
		return IMTC_MORE;
	if (len < 16 || len > IMTC_VIEW_BYTES - 16)
		return IMTC_NO;
	if (v->len <= next)
		return v->len == next ? IMTC_MATCH : IMTC_MORE;
	if (imtc_byte(v, next) < 0x15 || imtc_byte(v, next) > 0x19)
		return IMTC_NO;
	return v->len > next + 1 ? imtc_match(v, next + 1, "\xf1") : IMTC_MORE;
}

/* LOCO's key exchange: a key of 256 bytes, how it is encrypted, what it is for. */
static __always_inline int chats_kakaotalk(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\0\1\0\0");

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len > 4 && (imtc_byte(v, 4) < 12 || imtc_byte(v, 4) > 20))
		return IMTC_NO;
	answer = v->len > 5 ? imtc_match(v, 5, "\0\0\0") : IMTC_MORE;
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len > 8 && (imtc_byte(v, 8) < 1 || imtc_byte(v, 8) > 4))
		return IMTC_NO;
	return v->len > 9 ? imtc_match(v, 9, "\0\0\0") : IMTC_MORE;
}

/* Length (LE) of the whole, a sequence number, then fc ff, a version, 80. */
static __always_inline int chats_viber(const struct imtc_view *v)
{
	u32 len = chats_le16(v, 0);

	if (v->len >= 2 && (len < 16 || len > 2048))
		return IMTC_NO;
	if (v->len > 6 && imtc_match(v, 6, "\xfc\xff") == IMTC_NO)
		return IMTC_NO;
	if (v->len > 8 && (imtc_byte(v, 8) < 1 || imtc_byte(v, 8) > 15))
		return IMTC_NO;
	return v->len > 9 ? imtc_match(v, 9, "\x80") : IMTC_MORE;
}

/*
 * MTProto's transports (abridged; intermediate, plain or padded) with a message
 * that is not encrypted: a key of zeros. A client that has a key is not told
 * from random bytes by this, nor is the obfuscated transport.
 */
static __always_inline int chats_telegram(const struct imtc_view *v)
{
	u32 i = 8;
	int answer;

	if (imtc_byte(v, 0) == 0xef) {
		if (v->len > 1 && (imtc_byte(v, 1) < 10 || imtc_byte(v, 1) > 0x7e))
			return IMTC_NO;
		i = 2;
	} else {
		answer = imtc_byte(v, 0) == 0xee ? imtc_match(v, 0, "\xee\xee\xee\xee") :
						   imtc_match(v, 0, "\xdd\xdd\xdd\xdd");
		if (answer != IMTC_MATCH)
			return answer;
		if (v->len > 6 && imtc_be16(v, 6) != 0)
			return IMTC_NO;
	}
	return v->len > i ? imtc_match(v, i, "\0\0\0\0\0\0\0\0") : IMTC_MORE;
}

/* Login 8.0: type 31, length, number, "pl", the kind of hash. Login 7.0 has no language. */
static __always_inline int chats_gadugadu(const struct imtc_view *v)
{
	int answer = imtc_match(v, 1, "\0\0\0");

	if (answer != IMTC_MATCH)
		return v->len == 1 ? IMTC_MORE : answer;
	if (v->len > 5 && (chats_le16(v, 4) < 64 || chats_le16(v, 4) > 1024))
		return IMTC_NO;
	answer = v->len > 6 ? imtc_match(v, 6, "\0\0") : IMTC_MORE;
	if (answer != IMTC_MATCH)
		return answer;
	answer = v->len > 12 ? imtc_match(v, 12, "pl") : IMTC_MORE;
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < 15)
		return IMTC_MORE;
	return imtc_byte(v, 14) == 1 || imtc_byte(v, 14) == 2 ? IMTC_MATCH : IMTC_NO;
}

static __always_inline int chats_is_qq_command(u32 command)
{
	switch (command) {
	case 0x0001:	/* logout */
	case 0x0002:	/* keep-alive */
	case 0x000d:	/* status */
	case 0x0016:	/* message sent */
	case 0x0017:	/* message received */
	case 0x001d:	/* key */
	case 0x0022:	/* login */
	case 0x0026:	/* friends */
	case 0x0027:	/* friends online */
	case 0x0058:	/* keep-alive of later versions */
	case 0x0062:	/* token */
	case 0x0091:	/* touch */
	case 0x00ba:	/* captcha */
	case 0x00cd:	/* message sent */
	case 0x00ce:	/* message received */
	case 0x00dd:	/* password */
	case 0x00e5:
	case 0x0825:	/* touch */
	case 0x0828:	/* session */
	case 0x0836:	/* login */
		return 1;
	}
	return 0;
}

/* A datagram: 02, version, command, sequence, number; 03 ends it. */
static __always_inline int chats_qq(const struct imtc_view *v)
{
	if (v->l4 != IMTC_L4_UDP || v->len < 12 || imtc_byte(v, v->len - 1) != 3)
		return IMTC_NO;
	if (imtc_byte(v, 1) < 0x0a || imtc_byte(v, 1) > 0x3f)
		return IMTC_NO;
	return chats_is_qq_command(imtc_be16(v, 3)) ? IMTC_MATCH : IMTC_NO;
}

/* Each by its own first byte; Viber's may be any that a length has. */
static __always_inline int chats_ask(const struct imtc_view *v, u16 *ret_service)
{
	int answer = IMTC_NO;

	switch (imtc_byte(v, 0)) {
	case 0x16:
	case 0x19:
		*ret_service = IMTC_SERVICE_WECHAT;
		answer = chats_wechat(v);
		break;
	case 0x02:
		*ret_service = IMTC_SERVICE_QQ;
		answer = chats_qq(v);
		break;
	case 0x00:
		*ret_service = IMTC_SERVICE_KAKAOTALK;
		answer = chats_kakaotalk(v);
		break;
	case 0x31:
		*ret_service = IMTC_SERVICE_GADUGADU;
		answer = chats_gadugadu(v);
		break;
	case 0xef:
	case 0xee:
	case 0xdd:
		*ret_service = IMTC_SERVICE_TELEGRAM;
		answer = chats_telegram(v);
		break;
	case 0x18:
	case 0x60:
		*ret_service = IMTC_SERVICE_VIBER;
		answer = chats_viber(v);
		break;
	}
	return answer;
}

IMTC_DISSECTOR(chats)(struct imtc_view *v)
{
	u16 service = IMTC_SERVICE_NONE;
	int answer;

	if (!v)
		return IMTC_NO;
	answer = chats_ask(v, &service);
	if (answer == IMTC_MATCH && v->l4 == IMTC_L4_UDP && service != IMTC_SERVICE_QQ)
		return IMTC_NO;
	if (answer == IMTC_MATCH)
		imtc_label_set(v, service, IMTC_FEATURE_CHAT,
			       service == IMTC_SERVICE_GADUGADU ? IMTC_ENCRYPTION_CLEAR :
								  IMTC_ENCRYPTION_ENCRYPTED, 0);
	return answer;
}

#endif /* IMTC_DISSECT_CHATS_H */
