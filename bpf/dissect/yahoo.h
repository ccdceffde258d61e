/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Yahoo! Messenger: YMSG packets (a header of 20 bytes, then pairs of key and
 * value between c0 80), the older YPNS and YHOO, and the webcam's streams.
 *
 * Watched: the service code of each packet that begins with a segment.
 */
#ifndef IMTC_DISSECT_YAHOO_H
#define IMTC_DISSECT_YAHOO_H

#include "scan.h"

#define YAHOO_HEADER_BYTES 20

struct yahoo_walk {
	u32 pos;
	u32 end;	/* of the packet, while its body is read */
	u8 feature;
	u8 packets;
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct yahoo_walk);

static __always_inline u8 yahoo_feature(u32 service)
{
	switch (service) {
	case 0x06:		/* message */
	case 0x18 ... 0x1d:	/* conference */
	case 0x20:		/* chat room message */
	case 0x96 ... 0xa8:	/* rooms */
		return IMTC_FEATURE_CHAT;
	case 0x28 ... 0x2a:
		return IMTC_FEATURE_GAME;
	case 0x46:
	case 0xdc ... 0xde:
		return IMTC_FEATURE_FILE;
	case 0x4a:
		return IMTC_FEATURE_VOICE;
	case 0x50:
		return IMTC_FEATURE_VIDEO;
	case 0xbc ... 0xc2:	/* pictures and avatars */
		return IMTC_FEATURE_IMAGE;
	case 0x01 ... 0x05:	/* logon, logoff, away, back, idle */
	case 0x12:		/* ping */
	case 0x4c:		/* verify */
	case 0x54 ... 0x57:	/* login */
	case 0x83 ... 0x8a:	/* contacts, keep-alive */
	case 0xf0 ... 0xf1:	/* status, contacts */
		return IMTC_FEATURE_PRESENCE;
	}
	return IMTC_FEATURE_NONE;
}

/* Notify and peer packets say what they are about in key 49. */
static __always_inline int yahoo_has_subject(u32 service)
{
	return service == 0x4b || service == 0x4d;
}

static __always_inline u8 yahoo_subject(const struct imtc_view *v, u32 i)
{
	if (imtc_has(v, i, "FILEXFER"))
		return IMTC_FEATURE_FILE;
	if (imtc_has(v, i, "WEBCAMINVITE"))
		return IMTC_FEATURE_VIDEO;
	if (imtc_has(v, i, "TYPING"))
		return IMTC_FEATURE_CHAT;
	if (imtc_has(v, i, "GAME"))
		return IMTC_FEATURE_GAME;
	return IMTC_FEATURE_NONE;
}

static __always_inline void yahoo_body(const struct imtc_view *v, struct yahoo_walk *w)
{
	u8 feature = IMTC_FEATURE_NONE;

	if (imtc_has(v, w->pos, "49\xc0\x80"))
		feature = yahoo_subject(v, w->pos + 4);
	else if (imtc_has(v, w->pos, "doodle;"))
		feature = IMTC_FEATURE_WHITEBOARD;
	w->feature = imtc_feature_grow(w->feature, feature);
	w->pos++;
}

static __always_inline long yahoo_end(struct yahoo_walk *w, u8 answer)
{
	w->answer = answer;
	return 1;
}

/* One packet's header. The label needs no more than its first twelve bytes. */
static __always_inline long yahoo_packet(const struct imtc_view *v, struct yahoo_walk *w)
{
	u32 version = imtc_be16(v, w->pos + 4), service = imtc_be16(v, w->pos + 10);
	int magic = imtc_match(v, w->pos, "YMSG");

	if (magic != IMTC_MATCH)
		return yahoo_end(w, (u8)magic);
	if (w->pos + 6 <= v->len) {
		/* Clients disagree on the byte order. */
		if ((version & 0xff) == 0)
			version >>= 8;
		if (version < 1 || version > 0x20)
			return yahoo_end(w, IMTC_NO);
	}
	if (w->pos + 12 > v->len)
		return yahoo_end(w, IMTC_MORE);
	w->packets = 1;
	w->feature = imtc_feature_grow(w->feature, yahoo_feature(service));
	w->end = w->pos + YAHOO_HEADER_BYTES + imtc_be16(v, w->pos + 8);
	w->pos = yahoo_has_subject(service) ? w->pos + YAHOO_HEADER_BYTES : w->end;
	return 0;
}

static long yahoo_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct yahoo_walk *w = imtc_walk(v);

	(void)turn;
	if (w->pos >= v->len)
		return 1;
	if (w->pos < w->end) {
		yahoo_body(v, w);
		return 0;
	}
	return yahoo_packet(v, w);
}

static __always_inline struct yahoo_walk *yahoo_walk(struct imtc_view *v)
{
	struct yahoo_walk *w = imtc_walk(v);

	*w = (struct yahoo_walk){ .feature = v->label.feature, .answer = IMTC_MORE };
	imtc_loop(v, IMTC_VIEW_BYTES, yahoo_turn);
	return w;
}

static __always_inline int yahoo_best(int a, int b)
{
	return a > b ? a : b;
}

/* The webcam's first words, and those of the protocol before YMSG. */
static __always_inline int yahoo_other(const struct imtc_view *v, u8 *ret_feature)
{
	*ret_feature = IMTC_FEATURE_NONE;
	if (imtc_byte(v, 0) == 'Y')
		return yahoo_best(imtc_match(v, 0, "YHOO1."),
				  yahoo_best(imtc_match(v, 0, "YPNS1."),
					     imtc_match(v, 0, "YPNS2.")));
	*ret_feature = IMTC_FEATURE_VIDEO;
	return yahoo_best(yahoo_best(imtc_match(v, 0, "<RVWCFG>"), imtc_match(v, 0, "<RUPCFG>")),
			  yahoo_best(imtc_match(v, 0, "<REQIMG>"), imtc_match(v, 0, "<SNDIMG>")));
}

IMTC_DISSECTOR(yahoo)(struct imtc_view *v)
{
	const struct yahoo_walk *w;
	u8 feature;
	int answer;

	if (!v)
		return IMTC_NO;
	answer = yahoo_other(v, &feature);
	if (answer == IMTC_MATCH) {
		imtc_label_set(v, IMTC_SERVICE_YAHOO, feature, IMTC_ENCRYPTION_CLEAR, 0);
		return IMTC_MATCH;
	}
	if (imtc_byte(v, 0) != 'Y')
		return answer;
	w = yahoo_walk(v);
	if (w->packets) {
		imtc_label_set(v, IMTC_SERVICE_YAHOO, w->feature, IMTC_ENCRYPTION_CLEAR,
			       IMTC_LABEL_WATCH);
		return IMTC_MATCH;
	}
	return yahoo_best(answer, w->answer);
}

IMTC_GLOBAL int imtc_watch_yahoo(struct imtc_view *v)
{
	struct imtc_label before;

	if (!v)
		return IMTC_NO;
	before = v->label;
	v->label.feature = yahoo_walk(v)->feature;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_YAHOO_H */
