/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams by which services begin a call, in formats of their own: Discord's
 * address discovery and keep-alive, Zoom's first word to a meeting's server,
 * Telegram's reflectors, TeamSpeak 3's init.
 */
#ifndef IMTC_DISSECT_CALLS_H
#define IMTC_DISSECT_CALLS_H

#include "scan.h"

struct calls_zeros {
	u32 bits;
} IMTC_WALK;

static long calls_zero_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct calls_zeros *z = imtc_walk(v);

	z->bits |= imtc_byte(v, 8 + i);
	return 0;
}

/* Type 1 or 2, length 70, SSRC, address, port; asked with an address of zeros. */
static __always_inline int calls_discord(struct imtc_view *v)
{
	struct calls_zeros *z = imtc_walk(v);

	if (v->len == 8)
		return imtc_match(v, 0, "\x13\x37\xca\xfe");
	if (v->len != 74 || imtc_be16(v, 2) != 70)
		return IMTC_NO;
	if (imtc_be16(v, 0) == 2)	/* answered with a dotted address */
		return imtc_is_digit(imtc_byte(v, 8)) && imtc_byte(v, 71) == 0 ? IMTC_MATCH :
									       IMTC_NO;
	z->bits = 0;
	imtc_loop(v, 66, calls_zero_byte);
	return imtc_be16(v, 0) == 1 && !z->bits ? IMTC_MATCH : IMTC_NO;
}

/* 1, 0, kind, a token of 16 bytes, then 2 as a number of eight bytes. */
static __always_inline int calls_zoom(const struct imtc_view *v)
{
	if (v->len < 60 || (imtc_be24(v, 0) != 0x010002 && imtc_be24(v, 0) != 0x010003))
		return IMTC_NO;
	return imtc_match(v, 19, "\0\0\0\0\0\0\0\2");
}

/* The tag of the peer (16 bytes), then -1, -1, -1, -2. */
static __always_inline int calls_telegram(const struct imtc_view *v)
{
	if (v->len < 40)
		return IMTC_NO;
	return imtc_match(v, 16, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff");
}

IMTC_DISSECTOR(calls)(struct imtc_view *v)
{
	u16 service = IMTC_SERVICE_NONE;
	u8 feature = IMTC_FEATURE_VOICE;

	if (!v)
		return IMTC_NO;
	if (calls_discord(v) == IMTC_MATCH) {
		service = IMTC_SERVICE_DISCORD;
	} else if (calls_zoom(v) == IMTC_MATCH) {
		service = IMTC_SERVICE_ZOOM;
		feature = IMTC_FEATURE_VIDEO;
	} else if (imtc_match(v, 0, "TS3INIT1") == IMTC_MATCH) {
		service = IMTC_SERVICE_TEAMSPEAK;
	} else if (calls_telegram(v) == IMTC_MATCH) {
		service = IMTC_SERVICE_TELEGRAM;
	}
	if (service == IMTC_SERVICE_NONE)
		return IMTC_NO;
	imtc_label_set(v, service, feature, IMTC_ENCRYPTION_ENCRYPTED, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_CALLS_H */
