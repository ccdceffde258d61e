/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Session descriptions (RFC 8866) in the body of SIP: what the media are for (m=
 * lines, RFC 5547's file-selector, MSRP of RFC 4975) and where they will be sent
 * (c= lines): RTP and MSRP flows to those ends are SIP's. The walk is sip.h's.
 */
#ifndef IMTC_DISSECT_SDP_H
#define IMTC_DISSECT_SDP_H

#include "client.h"
#include "expect.h"

#define SDP_MEDIA_MAX 4

/* sip_walk.part */
enum sip_part {
	SIP_START,		/* the request or status line */
	SIP_FIELDS,
	SIP_BODY,
};

/* sip_walk.take: what the rest of the line is read for */
enum sip_take {
	SIP_TAKE_NOTHING,
	SIP_TAKE_LENGTH,
	SIP_TAKE_METHOD,
};

struct sdp_media {
	u16 port;		/* where the port stands, and the address */
	u16 address;		/* 0: not seen */
	u8 l4;
	u8 feature;
};

struct sip_walk {
	u32 line;		/* where the line begins */
	u32 word;		/* where its last word begins */
	u32 body;		/* where the body begins, 0: not yet */
	u32 length;		/* Content-Length */
	u32 agent;		/* where User-Agent's value begins, 0: not seen */
	struct sdp_media media[SDP_MEDIA_MAX];
	u16 address;		/* of the session: where it stands, 0: not seen */
	u16 cseq;		/* where the method stands that a response is to */
	u8 medias;		/* entries in media */
	u8 part;
	u8 take;
	u8 feature;		/* of the body */
	u8 password;
	u8 has_length;
	u8 more;		/* media than there is room for */
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct sip_walk);

/* A rank of what a session is for: a file offer is told by more than an m= line. */
static __always_inline void sdp_feature(struct sip_walk *w, u8 feature)
{
	if (w->feature == IMTC_FEATURE_FILE ||
	    (w->feature == IMTC_FEATURE_VIDEO && feature != IMTC_FEATURE_FILE))
		return;
	if (w->feature != IMTC_FEATURE_NONE && feature == IMTC_FEATURE_CHAT)
		return;
	w->feature = feature;
}

/* The entry of the m= line that was read last. */
static __always_inline struct sdp_media *sdp_last(struct sip_walk *w)
{
	u32 n = w->medias - 1U;

	__asm__ volatile("" : "+r"(n));
	return &w->media[n & (SDP_MEDIA_MAX - 1)];
}

/* An m= line whose port is 0 offers nothing (RFC 3264 6). */
static __always_inline void sdp_offer(const struct imtc_view *v, struct sip_walk *w, u32 port,
				      u8 l4, u8 feature)
{
	struct sdp_media *media;

	if (imtc_byte(v, port) == '0' && !imtc_is_digit(imtc_byte(v, port + 1)))
		return;
	sdp_feature(w, feature);
	if (w->medias >= SDP_MEDIA_MAX) {
		w->more = 1;
		return;
	}
	w->medias++;
	media = sdp_last(w);
	media->port = (u16)port;
	media->address = w->address;
	media->l4 = l4;
	media->feature = feature;
}

/* "c=IN IP4 192.0.2.1": of the session, or of the media it stands behind. */
static __always_inline void sdp_connection(struct sip_walk *w, u32 i)
{
	if (w->medias)
		sdp_last(w)->address = (u16)(i + 9);
	else
		w->address = (u16)(i + 9);
}

/* At the first byte of a line of the body. */
static __always_inline void sdp_line(const struct imtc_view *v, struct sip_walk *w, u32 i)
{
	switch (imtc_byte(v, i)) {
	case 'c':
		if (imtc_has(v, i, "c=IN IP4 ") || imtc_has(v, i, "c=IN IP6 "))
			sdp_connection(w, i);
		break;
	case 'm':
		if (imtc_has(v, i, "m=audio "))
			sdp_offer(v, w, i + 8, IMTC_L4_UDP, IMTC_FEATURE_VOICE);
		else if (imtc_has(v, i, "m=video "))
			sdp_offer(v, w, i + 8, IMTC_L4_UDP, IMTC_FEATURE_VIDEO);
		else if (imtc_has(v, i, "m=message "))
			sdp_offer(v, w, i + 10, IMTC_L4_TCP, IMTC_FEATURE_CHAT);
		else if (imtc_has(v, i, "m=applicationsharing "))
			sdp_feature(w, IMTC_FEATURE_SCREEN);
		break;
	case 'a':
		if (imtc_has(v, i, "a=file-selector:"))
			sdp_feature(w, IMTC_FEATURE_FILE);
		break;
	case 'A':
		if (imtc_has(v, i, "Application-Name: File Transfer"))
			sdp_feature(w, IMTC_FEATURE_FILE);
		break;
	}
}

/*
 * Announces one media, or its reports: RTCP goes to the port above RTP's (RFC 3550
 * 11). What a file is offered over carries the file.
 */
IMTC_GLOBAL int imtc_sdp_media(struct imtc_view *v, u32 n, u32 reports)
{
	const struct sdp_media *media;
	const struct sip_walk *w;
	u32 port, feature;

	if (!v)
		return 0;
	w = imtc_walk(v);
	media = &w->media[n & (SDP_MEDIA_MAX - 1)];
	feature = media->feature;
	if (feature == IMTC_FEATURE_CHAT && w->feature == IMTC_FEATURE_FILE)
		feature = IMTC_FEATURE_FILE;
	if (!media->address || (reports && media->l4 != IMTC_L4_UDP))
		return 0;
	port = imtc_port_read(v, media->port);
	if (port && reports)
		port++;
	return imtc_address_read(v, media->address) ?
	       imtc_expect_read(v, port, media->l4, feature) : 0;
}

/*
 * The port of an m= line, which says that nothing is offered where it is 0 (RFC 3264 5.1,
 * 6). A file by a link (RCS) or Lync's own invitation has no such line.
 */
IMTC_GLOBAL int imtc_sdp_scrub(struct imtc_view *v, u32 n)
{
	const struct sdp_media *media;
	const struct sip_walk *w;
	u32 port, feature;

	if (!v)
		return 0;
	w = imtc_walk(v);
	media = &w->media[n & (SDP_MEDIA_MAX - 1)];
	feature = media->feature;
	port = media->port;
	if (feature == IMTC_FEATURE_CHAT && w->feature == IMTC_FEATURE_FILE)
		feature = IMTC_FEATURE_FILE;
	return feature == IMTC_FEATURE_CHAT ? 0 :
	       imtc_scrub_add(v, port, (u32)imtc_decimal_read(v, port),
			      IMTC_SCRUB_WITH('0', feature));
}

static __always_inline void sdp_scrubs(struct imtc_view *v)
{
	const struct sip_walk *w = imtc_walk(v);

	if (w->more)
		v->scrub_lost = (u16)~0U;
	if (w->feature == IMTC_FEATURE_FILE && !w->medias)
		v->scrub_lost |= 1 << IMTC_FEATURE_FILE;
	if (w->feature == IMTC_FEATURE_SCREEN)
		v->scrub_lost |= 1 << IMTC_FEATURE_SCREEN;
	if (w->medias > 0)
		imtc_sdp_scrub(v, 0);
	if (w->medias > 1)
		imtc_sdp_scrub(v, 1);
	if (w->medias > 2)
		imtc_sdp_scrub(v, 2);
	if (w->medias > 3)
		imtc_sdp_scrub(v, 3);
}

static __always_inline void sdp_said(struct imtc_view *v)
{
	const struct sip_walk *w = imtc_walk(v);

	sdp_scrubs(v);

	if (w->medias > 0)
		imtc_sdp_media(v, 0, 0);
	if (w->medias > 1)
		imtc_sdp_media(v, 1, 0);
	if (w->medias > 2)
		imtc_sdp_media(v, 2, 0);
	if (w->medias > 3)
		imtc_sdp_media(v, 3, 0);
	/* Where there is room. */
	if (w->medias > 0)
		imtc_sdp_media(v, 0, 1);
	if (w->medias > 1)
		imtc_sdp_media(v, 1, 1);
}

#endif /* IMTC_DISSECT_SDP_H */
