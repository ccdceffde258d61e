/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zoom's datagrams (Michel et al., "Enabling Passive Measurement of Zoom
 * Performance in Production Networks", IMC 2022, and observation):
 *
 *	hello	1, 0, kind, a token of 16 bytes, then 2 as a number of eight bytes
 *	media	to and from a server: 5, sequence number, four bytes that stay the
 *		same, direction (0 to it, 4 from it); then, between peers the first,
 *		the kind of media, its sequence number and time, and RTP at a distance
 *		that the kind tells
 *	P2P	1f, 2, 1: before media between peers, in both directions
 *	probe	3 or 4, three zeros, number, time, the same four bytes, 1, 5
 *
 * Only the hello proves anything by itself.
 */
#ifndef IMTC_DISSECT_ZOOM_H
#define IMTC_DISSECT_ZOOM_H

#include "scan.h"

#define ZOOM_SERVER_BYTES 8
#define ZOOM_PROBE_BYTES 81

static __always_inline int zoom_hello(const struct imtc_view *v)
{
	if (v->len < 60 || (imtc_be24(v, 0) != 0x010002 && imtc_be24(v, 0) != 0x010003))
		return IMTC_NO;
	return imtc_match(v, 19, "\0\0\0\0\0\0\0\2");
}

/* What the kind of media is, and where its RTP begins; 0: no kind of media. */
static __always_inline u32 zoom_kind(u8 kind, u8 *ret_feature)
{
	switch (kind) {
	case 13:
		*ret_feature = IMTC_FEATURE_SCREEN;
		return 27;
	case 15:
		*ret_feature = IMTC_FEATURE_VOICE;
		return 19;
	case 16:
		*ret_feature = IMTC_FEATURE_VIDEO;
		return 24;
	case 30:
		*ret_feature = IMTC_FEATURE_SCREEN;
		return 20;
	}
	return 0;
}

/* RTP's version, sequence number and source, where the kind of media has them. */
static __always_inline int zoom_media(struct imtc_view *v, u32 at)
{
	u8 feature = IMTC_FEATURE_NONE;
	u32 rtp = zoom_kind(imtc_byte(v, at), &feature);

	if (!rtp || v->len < at + rtp + 12 || imtc_byte(v, at + rtp) >> 6 != 2)
		return 0;
	v->claim = (struct imtc_claim){
		.id = imtc_be32(v, at + rtp + 8), .serial = imtc_be16(v, at + rtp + 2),
		.step = 16, .needed = 3, .service = IMTC_SERVICE_ZOOM, .feature = feature,
		.encryption = IMTC_ENCRYPTION_ENCRYPTED };
	return 1;
}

static __always_inline void zoom_peer(struct imtc_view *v)
{
	if (imtc_be24(v, 0) != 0x1f0201)
		return;
	v->claim = (struct imtc_claim){
		.needed = 3, .is_mutual = 1, .service = IMTC_SERVICE_ZOOM,
		.feature = IMTC_FEATURE_VIDEO, .encryption = IMTC_ENCRYPTION_ENCRYPTED };
}

static __always_inline void zoom_probe(struct imtc_view *v)
{
	if (v->len != ZOOM_PROBE_BYTES || imtc_be24(v, 1) || imtc_be16(v, 13) != 0x0105 ||
	    !imtc_be32(v, 9))
		return;
	v->claim = (struct imtc_claim){
		.id = imtc_be32(v, 9), .needed = 3, .service = IMTC_SERVICE_ZOOM,
		.feature = IMTC_FEATURE_VIDEO, .encryption = IMTC_ENCRYPTION_ENCRYPTED };
}

IMTC_DISSECTOR(zoom)(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	switch (imtc_byte(v, 0)) {
	case 1:
		if (zoom_hello(v) != IMTC_MATCH)
			return IMTC_NO;
		imtc_label_set(v, IMTC_SERVICE_ZOOM, IMTC_FEATURE_VIDEO,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
		return IMTC_MATCH;
	case 3:
	case 4:
		zoom_probe(v);
		return IMTC_NO;
	case 0x1f:
		zoom_peer(v);
		return IMTC_NO;
	case 5:
		if (imtc_byte(v, 7) == 0 || imtc_byte(v, 7) == 4)
			zoom_media(v, ZOOM_SERVER_BYTES);
		return IMTC_NO;
	}
	zoom_media(v, 0);
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_ZOOM_H */
