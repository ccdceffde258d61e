/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Yahoo! Messenger: YMSG packets (a header of 20 bytes, then pairs of key and
 * value between c0 80), the older YPNS and YHOO, and the webcam's streams.
 *
 * Watched: the service code of each packet, and in its body what it is about, the
 * client's version and where a file is fetched. Sources: "Yahoo Messenger Protocol
 * v9" (venkydude.com), libyahoo2's notes on services and keys.
 */
#ifndef IMTC_DISSECT_YAHOO_H
#define IMTC_DISSECT_YAHOO_H

#include "client.h"
#include "expect.h"

#define YAHOO_HEADER_BYTES 20

struct yahoo_walk {
	u32 pos;
	u32 end;	/* of the packet, while its body is read */
	u32 whole;	/* behind the last packet that is all there */
	u32 version;	/* key 135: the client's; these are offset + 1, 0: not seen */
	u32 relay;	/* key 250: address of the relay that has the file */
	u32 url;	/* key 20: where a peer has it */
	u8 feature;
	u8 packets;
	u8 value;	/* in a value, not in a key */
	u8 begins;	/* the next byte is the first of a key or a value */
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct yahoo_walk);

static __always_inline u8 yahoo_feature(u32 service)
{
	switch (service) {
	case 0x06:		/* message */
	case 0x0c:		/* invitation to a room */
	case 0x18 ... 0x1d:	/* conference */
	case 0x1e ... 0x20:	/* chat room */
	case 0xd0:		/* audible */
	case 0x2ea:		/* SMS */
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
	case 0xc7:
	case 0xd2:		/* photographs shared */
		return IMTC_FEATURE_IMAGE;
	case 0x01 ... 0x05:	/* logon, logoff, away, back, idle */
	case 0x12:		/* ping */
	case 0x4c:		/* verify */
	case 0x54 ... 0x57:	/* login */
	case 0x83 ... 0x8a:	/* contacts, keep-alive */
	case 0xc5 ... 0xc6:	/* visibility, status */
	case 0xf0 ... 0xf1:	/* status, contacts */
		return IMTC_FEATURE_PRESENCE;
	}
	return IMTC_FEATURE_NONE;
}

/* Key 49 of notify and peer packets. */
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

/* At the first byte of a key; its value stands behind c0 80. */
static __always_inline void yahoo_key(const struct imtc_view *v, struct yahoo_walk *w, u32 i)
{
	u8 feature = IMTC_FEATURE_NONE;

	if (imtc_has(v, i, "49\xc0\x80"))
		feature = yahoo_subject(v, i + 4);
	else if (imtc_has(v, i, "63\xc0\x80" "doodle;"))
		feature = IMTC_FEATURE_WHITEBOARD;
	else if (imtc_has(v, i, "135\xc0\x80") && v->direction == IMTC_DIR_CLIENT)
		w->version = i + 5 + 1;
	else if (imtc_has(v, i, "250\xc0\x80"))
		w->relay = i + 5 + 1;
	else if (imtc_has(v, i, "20\xc0\x80" "http://"))
		w->url = i + 11 + 1;
	w->feature = imtc_feature_grow(w->feature, feature);
}

static __always_inline void yahoo_body(const struct imtc_view *v, struct yahoo_walk *w)
{
	u32 i = w->pos;

	if (w->begins && !w->value)
		yahoo_key(v, w, i);
	w->begins = 0;
	if (imtc_byte(v, i) == 0x80 && imtc_byte(v, i - 1) == 0xc0) {
		w->begins = 1;
		w->value ^= 1;
	}
	w->pos = i + 1;
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
	w->pos += YAHOO_HEADER_BYTES;
	w->value = 0;
	w->begins = 1;
	return 0;
}

static long yahoo_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct yahoo_walk *w = imtc_walk(v);

	(void)turn;
	if (w->pos >= w->end && w->end <= v->len)
		w->whole = w->end;
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

/* A port that is cut would be another port: offset + 1 of what lies in a whole packet. */
static __always_inline u32 yahoo_known(const struct yahoo_walk *w, u32 at)
{
	return at <= w->whole ? at : 0;
}

/* The file's URL: an address, and a port where it is not HTTP's. */
IMTC_GLOBAL int imtc_yahoo_url(struct imtc_view *v, u32 from)
{
	u32 len, port = 80;

	if (!v)
		return 0;
	len = (u32)imtc_address_read(v, from);
	if (!len)
		return 0;
	if (imtc_byte(v, from + len) == ':')
		port = imtc_port_read(v, from + len + 1);
	imtc_address_read(v, from);
	return imtc_expect_read(v, port, IMTC_L4_TCP, IMTC_FEATURE_FILE);
}

static __always_inline void yahoo_said(struct imtc_view *v, const struct yahoo_walk *w)
{
	u32 version = yahoo_known(w, w->version), relay = yahoo_known(w, w->relay);
	u32 url = yahoo_known(w, w->url);

	if (version)
		imtc_client_take(v, version - 1, IMTC_CLIENT_BYTES);
	if (relay)
		imtc_yahoo_url(v, relay - 1);
	if (url)
		imtc_yahoo_url(v, url - 1);
}

/* New payload; a packet that is cut is asked for again. */
IMTC_GLOBAL int imtc_watch_yahoo(struct imtc_view *v)
{
	struct imtc_label before;
	const struct yahoo_walk *w;

	if (!v)
		return IMTC_NO;
	before = v->label;
	w = yahoo_walk(v);
	v->label.feature = w->feature;
	if (w->answer == IMTC_MORE)
		v->skip = w->whole;
	yahoo_said(v, w);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_YAHOO_H */
