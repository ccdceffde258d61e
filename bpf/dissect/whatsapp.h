/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WhatsApp's chat connection, which is not TLS on any port: the client begins
 * with "WA", a version and a dictionary, newer ones with "ED", 0, 1, a length
 * and routing data before that. Then, as the server's first, frames with a
 * length of three bytes that hold a Noise handshake (protobuf) or, before 2016,
 * FunXMPP.
 */
#ifndef IMTC_DISSECT_WHATSAPP_H
#define IMTC_DISSECT_WHATSAPP_H

#include "scan.h"

/* "WA" at i. Two letters prove little: the frame behind them is waited for. */
static __always_inline int whatsapp_header(const struct imtc_view *v, u32 i)
{
	int answer = imtc_match(v, i, "WA");
	u8 version = imtc_byte(v, i + 2);

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len > i + 2 && (version < 1 || version > 16 || imtc_byte(v, i + 3) > 31))
		return IMTC_NO;
	/* Handshake frames are small: the high byte of the length is 0. */
	if (imtc_byte(v, i + 4) > (version == 1 ? 0x10 : 0))
		return IMTC_NO;
	if (v->len < i + 8)
		return IMTC_MORE;
	if (version == 1)
		return imtc_byte(v, i + 7) >= 0xf8 ? IMTC_MATCH : IMTC_NO;
	return imtc_byte(v, i + 7) == 0x12 && imtc_be16(v, i + 5) >= 32 ? IMTC_MATCH : IMTC_NO;
}

static __always_inline int whatsapp_routed(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "ED\0\1");
	u32 len = imtc_be24(v, 4);

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < 7)
		return IMTC_MORE;
	if (len > 1024)
		return IMTC_NO;
	return v->len <= 7 + len ? IMTC_MORE : whatsapp_header(v, 7 + len);
}

/* The server's hello: protobuf field 3, in it field 1 with a key of 32 bytes. */
static __always_inline int whatsapp_server(const struct imtc_view *v)
{
	u32 len = imtc_be24(v, 0);

	if (v->len >= 3 && (len < 40 || len > 2048))
		return IMTC_NO;
	if (v->len >= 4 && imtc_byte(v, 3) != 0x1a)
		return IMTC_NO;
	if (v->len < 8)
		return IMTC_MORE;
	/* The length of the field is a varint of two bytes, or of one. */
	if (imtc_byte(v, 4) & 0x80)
		return imtc_match(v, 6, "\x0a\x20");
	return imtc_match(v, 5, "\x0a\x20");
}

IMTC_DISSECTOR(whatsapp)(struct imtc_view *v)
{
	int answer = IMTC_NO;

	if (!v)
		return IMTC_NO;
	if (v->direction == IMTC_DIR_SERVER)
		answer = imtc_byte(v, 0) ? IMTC_NO : whatsapp_server(v);
	else if (imtc_byte(v, 0) == 'W')
		answer = whatsapp_header(v, 0);
	else if (imtc_byte(v, 0) == 'E')
		answer = whatsapp_routed(v);
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_WHATSAPP, IMTC_FEATURE_CHAT,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
	return answer;
}

#endif /* IMTC_DISSECT_WHATSAPP_H */
