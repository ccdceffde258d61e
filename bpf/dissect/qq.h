/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QQ: OICQ packets (02 ... 03) as datagrams, over TCP with their length in front;
 * the SSO packets of the mobile client, as the projects that speak it (mirai,
 * oicq) describe them.
 */
#ifndef IMTC_DISSECT_QQ_H
#define IMTC_DISSECT_QQ_H

#include "scan.h"

#define QQ_HEADER 11	/* 02, version, command, number, the user's number */
#define QQ_SSO_MAX 0x100000

static __always_inline int qq_is_command(u32 command)
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

/* Is there an OICQ packet of len bytes at i? What has not come yet agrees. */
static __always_inline int qq_packet(const struct imtc_view *v, u32 i, u32 len)
{
	u32 command = imtc_be16(v, i + 3), body = len - QQ_HEADER - 1;

	if (v->len > i && imtc_byte(v, i) != 2)
		return IMTC_NO;
	if (v->len > i + 1 && (imtc_byte(v, i + 1) < 0x0a || imtc_byte(v, i + 1) > 0x3f))
		return IMTC_NO;
	if (v->len > i + 4 && !qq_is_command(command))
		return IMTC_NO;
	if (v->len < i + len)
		return IMTC_MORE;
	/* What is encrypted comes in blocks of 8 bytes; later versions put more before it. */
	if (command < 0x0800 && body > 1 && body % 8)
		return IMTC_NO;
	return imtc_byte(v, i + len - 1) == 3 && imtc_be32(v, i + 7) >= 10000 ? IMTC_MATCH :
										 IMTC_NO;
}

static __always_inline int qq_stream(const struct imtc_view *v)
{
	u32 len = imtc_be16(v, 0);

	if (v->len < 2)
		return IMTC_MORE;
	if (len < 2 + QQ_HEADER + 1 || len > IMTC_VIEW_BYTES / 2)
		return IMTC_NO;
	return qq_packet(v, 2, len - 2);
}

/* 0, length of the number and of itself, the user's number in digits. */
static __always_inline int qq_sso_user(const struct imtc_view *v, u32 i)
{
	u32 len = imtc_be32(v, i + 1);

	if (v->len > i && imtc_byte(v, i))
		return IMTC_NO;
	if (v->len < i + 5)
		return IMTC_MORE;
	if (len < 4 + 5 || len > 4 + 11)
		return IMTC_NO;
	IMTC_UNROLL
	for (u32 k = 0; k < 5; k++) {
		if (i + 5 + k >= v->len)
			return IMTC_MORE;
		if (!imtc_is_digit(imtc_byte(v, i + 5 + k)))
			return IMTC_NO;
	}
	return IMTC_MATCH;
}

/*
 * Length of the whole, kind (10 login, 11 the rest), how it is encrypted; the
 * session's ticket with its length (10) or a number (11) from the client.
 */
static __always_inline int qq_sso(const struct imtc_view *v)
{
	u32 len = imtc_be32(v, 0), kind = imtc_byte(v, 7), at = 9;

	if (v->len >= 4 && (len < 24 || len > QQ_SSO_MAX))
		return IMTC_NO;
	if (v->len > 4 && imtc_match(v, 4, "\0\0\0") == IMTC_NO)
		return IMTC_NO;
	if (v->len < 9)
		return IMTC_MORE;
	if ((kind != 10 && kind != 11) || imtc_byte(v, 8) > 2)
		return IMTC_NO;
	if (v->direction == IMTC_DIR_CLIENT) {
		if (v->len < 13)
			return IMTC_MORE;
		len = imtc_be32(v, 9);
		if (kind == 10 && (len < 4 || len > 256))
			return IMTC_NO;
		at += kind == 10 ? len : 4;
	}
	return qq_sso_user(v, at);
}

IMTC_DISSECTOR(qq)(struct imtc_view *v)
{
	int answer, other;

	if (!v)
		return IMTC_NO;
	if (v->l4 == IMTC_L4_UDP) {
		answer = v->len > QQ_HEADER ? qq_packet(v, 0, v->len) : IMTC_NO;
	} else {
		answer = qq_stream(v);
		other = imtc_byte(v, 0) ? IMTC_NO : qq_sso(v);
		if (other > answer)
			answer = other;
	}
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_QQ, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_ENCRYPTED,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_QQ_H */
