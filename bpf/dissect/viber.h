/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Viber's chat connection: frames that begin with the length of the whole (LE).
 * The first of a connection is told by its head; what follows is encrypted but
 * for the length and a number that counts the frames.
 */
#ifndef IMTC_DISSECT_VIBER_H
#define IMTC_DISSECT_VIBER_H

#include "scan.h"

#define VIBER_FRAME_MIN 16
#define VIBER_FRAME_MAX 2048

/* Length (24 or 96 are seen), a key's number, then fc ff, a version, 80. */
static __always_inline int viber_first(const struct imtc_view *v)
{
	u32 len = imtc_le16(v, 0);

	if (imtc_byte(v, 0) != 24 && imtc_byte(v, 0) != 96)
		return IMTC_NO;
	if (v->len >= 2 && (len < VIBER_FRAME_MIN || len > VIBER_FRAME_MAX))
		return IMTC_NO;
	if (v->len > 6 && imtc_match(v, 6, "\xfc\xff") == IMTC_NO)
		return IMTC_NO;
	if (v->len > 8 && (imtc_byte(v, 8) < 1 || imtc_byte(v, 8) > 15))
		return IMTC_NO;
	return v->len > 9 ? imtc_match(v, 9, "\x80") : IMTC_MORE;
}

/* A frame and the head of the next, whose number is one more. */
static __always_inline int viber_middle(const struct imtc_view *v)
{
	u32 len = imtc_le16(v, 0), number = imtc_le16(v, 2), next;

	if (v->len < 6)
		return IMTC_MORE;
	if (len < VIBER_FRAME_MIN || len > VIBER_FRAME_MAX || !number || imtc_be16(v, 4))
		return IMTC_NO;
	if (v->len < len + 6)
		return IMTC_MORE;
	next = imtc_le16(v, len);
	if (next < VIBER_FRAME_MIN || next > VIBER_FRAME_MAX || imtc_be16(v, len + 4))
		return IMTC_NO;
	return imtc_le16(v, len + 2) == number + 1 ? IMTC_MATCH : IMTC_NO;
}

IMTC_DISSECTOR(viber)(struct imtc_view *v)
{
	int answer, middle;

	if (!v)
		return IMTC_NO;
	answer = viber_first(v);
	middle = v->middle && answer != IMTC_MATCH ? viber_middle(v) : IMTC_NO;
	if (answer != IMTC_MATCH && middle != IMTC_MATCH)
		return middle > answer ? middle : answer;
	imtc_label_set(v, IMTC_SERVICE_VIBER, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_ENCRYPTED, 0);
	/* Others may count their frames so: whatever is known of the address is surer. */
	if (answer != IMTC_MATCH)
		v->label.confidence = IMTC_CONFIDENCE_ADDRESS;
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_VIBER_H */
