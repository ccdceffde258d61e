/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LINE's calls, by observation: six bits of kind and ten of length, without the
 * header's four bytes; a sequence number; then what the kind holds, which is 06 02
 * where a session begins. Older ones have a first byte b6, a kind, and the length.
 */
#ifndef IMTC_DISSECT_LINE_CALL_H
#define IMTC_DISSECT_LINE_CALL_H

#include "scan.h"

#define LINE_CALL_HEADER_BYTES 4U

static __always_inline int line_call_is_old(const struct imtc_view *v)
{
	u8 kind = imtc_byte(v, 1);

	return imtc_byte(v, 0) == 0xb6 && v->len == LINE_CALL_HEADER_BYTES + imtc_be16(v, 2) &&
	       (kind == 0x07 || kind == 0x09 || kind == 0x12 || kind == 0x13 || kind == 0x18);
}

static __always_inline int line_call_is_new(const struct imtc_view *v)
{
	u8 kind = imtc_byte(v, 0) & 0xfc;

	return (kind == 0xd0 || kind == 0xd8) &&
	       v->len == LINE_CALL_HEADER_BYTES + (imtc_be16(v, 0) & 0x3ffU);
}

static __always_inline void line_call_claim(struct imtc_view *v, u8 step, u8 needed)
{
	v->claim = (struct imtc_claim){
		.serial = step ? imtc_be16(v, 2) : 0, .step = step, .needed = needed,
		.service = IMTC_SERVICE_LINE, .feature = IMTC_FEATURE_VOICE,
		.encryption = IMTC_ENCRYPTION_ENCRYPTED };
}

IMTC_DISSECTOR(line_call)(struct imtc_view *v)
{
	if (!v || v->len <= LINE_CALL_HEADER_BYTES)
		return IMTC_NO;
	if (line_call_is_new(v) && imtc_byte(v, 0) >= 0xd8 && imtc_be16(v, 4) == 0x0602) {
		imtc_label_set(v, IMTC_SERVICE_LINE, IMTC_FEATURE_VOICE,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
		return IMTC_MATCH;
	}
	if (line_call_is_old(v))
		line_call_claim(v, 0, 2);
	else if (line_call_is_new(v))
		line_call_claim(v, 8, 4);
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_LINE_CALL_H */
