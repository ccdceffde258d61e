/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Viber's calls, by observation; little-endian: a number that one client puts into
 * all its datagrams, a kind, and what the kind holds. Four kinds hold the time of
 * day in milliseconds, whose upper three bytes are 01 00 00 from 2004 to 2039.
 */
#ifndef IMTC_DISSECT_VIBER_CALL_H
#define IMTC_DISSECT_VIBER_CALL_H

#include "scan.h"

/* Where a kind of datagram has the time, 0: nowhere. */
static __always_inline u32 viber_call_time(u32 kind, u32 len)
{
	switch (kind) {
	case 0x0100:
		return len > 200 ? 34 : 0;
	case 0x0900:
		return len == 20 ? 4 : 0;
	case 0x0b00:
		return len == 34 ? 4 : 0;
	case 0x0c00:
		return len == 76 ? 20 : 0;
	}
	return 0;
}

/* Kinds that are told by their length alone: true of who has sent one with a time. */
static __always_inline int viber_call_is_short(u32 kind, u32 len)
{
	switch (kind) {
	case 0x0300:
	case 0x0400:
		return len == 12 || len == 16;
	case 0x1100:
		return len == 18;
	case 0x1900:
	case 0x1b00:
		return len == 34;
	case 0x1a00:
		return len == 20;
	}
	return 0;
}

static __always_inline void viber_call_claim(struct imtc_view *v, u8 needed)
{
	v->claim = (struct imtc_claim){
		.id = imtc_be16(v, 0), .service = IMTC_SERVICE_VIBER, .needed = needed,
		.feature = IMTC_FEATURE_VOICE, .encryption = IMTC_ENCRYPTION_ENCRYPTED };
}

IMTC_DISSECTOR(viber_call)(struct imtc_view *v)
{
	u32 kind, at;

	if (!v || v->len < 12)
		return IMTC_NO;
	kind = imtc_be16(v, 2);
	at = viber_call_time(kind, v->len);
	if (at && imtc_be24(v, at + 5) == 0x010000) {
		/* The client's other flows have its number too. */
		viber_call_claim(v, 0);
		imtc_label_set(v, IMTC_SERVICE_VIBER, IMTC_FEATURE_VOICE,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
		return IMTC_MATCH;
	}
	if (viber_call_is_short(kind, v->len))
		viber_call_claim(v, IMTC_CLAIM_NEVER);
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_VIBER_CALL_H */
