/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LINE's clients of 2012 to 2016 spoke SPDY version 2 without TLS to their
 * gateway ("LEGY"), with the content encrypted by themselves. Nothing else is
 * known to speak that in clear. Frames as in SPDY draft 2: control bit and
 * version, kind, flags, length.
 */
#ifndef IMTC_DISSECT_LINE_H
#define IMTC_DISSECT_LINE_H

#include "scan.h"

#define SPDY_HEADER 8
#define SPDY_SYN_STREAM 1
#define SPDY_SETTINGS 4
#define SPDY_PING 6

/* The client's first stream is 1, and those after it are odd. */
static __always_inline int spdy_syn_stream(const struct imtc_view *v, u32 len)
{
	if (imtc_byte(v, 4) > 3 || len < 12)
		return IMTC_NO;
	if (v->len < SPDY_HEADER + 8)
		return IMTC_MORE;
	if (imtc_be24(v, SPDY_HEADER) || !(imtc_byte(v, SPDY_HEADER + 3) & 1))
		return IMTC_NO;
	return imtc_be32(v, SPDY_HEADER + 4) ? IMTC_NO : IMTC_MATCH;
}

/* A count, and eight bytes for each of so many. */
static __always_inline int spdy_settings(const struct imtc_view *v, u32 len)
{
	if (imtc_byte(v, 4) > 1 || len < 12 || len > 4 + 8 * 16)
		return IMTC_NO;
	if (v->len < SPDY_HEADER + 4)
		return IMTC_MORE;
	return imtc_be32(v, SPDY_HEADER) * 8 + 4 == len ? IMTC_MATCH : IMTC_NO;
}

static __always_inline int spdy_ping(const struct imtc_view *v, u32 len)
{
	if (imtc_byte(v, 4) || len != 4)
		return IMTC_NO;
	if (v->len < SPDY_HEADER + 4)
		return IMTC_MORE;
	return imtc_be24(v, SPDY_HEADER) ? IMTC_NO : IMTC_MATCH;
}

IMTC_DISSECTOR(line)(struct imtc_view *v)
{
	int answer;
	u32 len;

	if (!v)
		return IMTC_NO;
	answer = imtc_match(v, 0, "\x80\2\0");
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < SPDY_HEADER)
		return IMTC_MORE;
	len = imtc_be24(v, 5);
	if (len > IMTC_VIEW_BYTES)
		return IMTC_NO;
	switch (imtc_byte(v, 3)) {
	case SPDY_SYN_STREAM:
		answer = spdy_syn_stream(v, len);
		break;
	case SPDY_SETTINGS:
		answer = spdy_settings(v, len);
		break;
	case SPDY_PING:
		answer = spdy_ping(v, len);
		break;
	default:
		return IMTC_NO;
	}
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_LINE, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_ENCRYPTED,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_LINE_H */
