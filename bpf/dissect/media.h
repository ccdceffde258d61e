/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RTP (RFC 3550 5.1) of a call that nobody announced: a version, a sequence number
 * and a source are no proof in one datagram, and none of a call in one direction
 * (cameras and television send RTP too). They are where both ends send it.
 */
#ifndef IMTC_DISSECT_MEDIA_H
#define IMTC_DISSECT_MEDIA_H

#include "scan.h"

#define RTP_HEADER_BYTES 12

/* RFC 3551 6, for what calls use; those from 96 on are agreed upon, and may be either. */
static __always_inline int media_is_call(u8 type)
{
	return type <= 18 || type == 34 || type >= 96;
}

static __always_inline u8 media_feature(u8 type)
{
	if (type >= 96)
		return IMTC_FEATURE_NONE;
	return type == 34 ? IMTC_FEATURE_VIDEO : IMTC_FEATURE_VOICE;
}

IMTC_DISSECTOR(media)(struct imtc_view *v)
{
	u8 type, sources;

	if (!v)
		return IMTC_NO;
	type = imtc_byte(v, 1) & 0x7f;
	sources = imtc_byte(v, 0) & 0x0f;
	if (v->len <= RTP_HEADER_BYTES + 4U * sources || imtc_byte(v, 0) >> 6 != 2 ||
	    !media_is_call(type) || !imtc_be32(v, 8))
		return IMTC_NO;
	v->claim = (struct imtc_claim){
		.id = imtc_be32(v, 8), .serial = imtc_be16(v, 2), .step = 8, .needed = 3,
		.is_mutual = 1, .service = IMTC_SERVICE_VOIP, .feature = media_feature(type) };
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_MEDIA_H */
