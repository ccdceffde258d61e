/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * OSCAR, the protocol of AIM and of ICQ from version 6 on: FLAP frames, of
 * which the first each side sends is a sign-on (channel 1, version 1). AIM and
 * ICQ are told apart by the client's own name (TLV 3), the screen name (all
 * digits: ICQ) and ICQ's SNAC family. TOC's FLAPON and the peer sessions'
 * OFT2 and ODC2 as well.
 *
 * Watched: until the two are told apart, and for what is negotiated: ICBM
 * channel 2 proposes a rendezvous by the UUID of a capability.
 */
#ifndef IMTC_DISSECT_OSCAR_H
#define IMTC_DISSECT_OSCAR_H

#include "scan.h"

#define OSCAR_FLAP_BYTES 6
#define OSCAR_SNAC_BYTES 10
/* A frame header, a TLV or a part of an ICBM is a turn. */
#define OSCAR_TURNS 512
/* Servers keep FLAP data to 8 KiB; a sign-on is far shorter. */
#define OSCAR_SIGNON_BYTES 2048

enum oscar_step {
	OSCAR_FRAME,	/* at a FLAP header */
	OSCAR_TLV,	/* at a TLV of the frame */
};

/* oscar_walk.where: whose TLVs these are */
enum oscar_where {
	OSCAR_IN_LOGIN,
	OSCAR_IN_ICBM,
};

struct oscar_walk {
	u32 pos;
	u32 end;	/* of the frame */
	u8 step;
	u8 where;
	u8 service;	/* told by the strongest sign so far */
	u8 sure;	/* of the service: 1 the screen name, 2 the client's name or family */
	u8 feature;
	u8 password;
	u8 frames;	/* sign-ons and SNACs, whole and valid, so far */
	u8 answer;	/* NO: not FLAP; MORE: a frame is cut; MATCH: frames end with the view */
} IMTC_WALK;
IMTC_WALK_FITS(struct oscar_walk);

static __always_inline void oscar_service(struct oscar_walk *w, u8 service, u8 sure)
{
	if (sure > w->sure) {
		w->service = service;
		w->sure = sure;
	}
}

static __always_inline void oscar_feature(struct oscar_walk *w, u8 feature)
{
	w->feature = imtc_feature_grow(w->feature, feature);
}

/* The feature of a capability 0946xxxx-4c7f-11d1-8222-444553540000. */
static __always_inline u8 oscar_capability(u32 number)
{
	switch (number) {
	case 0x0100:
	case 0x0101:
	case 0x0102:
		return IMTC_FEATURE_VIDEO;
	case 0x0103:
	case 0x0104:
	case 0x0105:
	case 0x1341:
		return IMTC_FEATURE_VOICE;
	case 0x1343:
	case 0x1348:
		return IMTC_FEATURE_FILE;
	case 0x1345:
	case 0x1346:
		return IMTC_FEATURE_IMAGE;
	case 0x134a:
		return IMTC_FEATURE_GAME;
	case 0xf004:
		return IMTC_FEATURE_SCREEN;
	}
	return IMTC_FEATURE_NONE;
}

/* Screen names of ICQ are numbers. */
static __always_inline u8 oscar_screen_name(const struct imtc_view *v, u32 i, u32 len)
{
	for (u32 k = 0; k < 16 && k < len; k++) {
		if (!imtc_is_digit(imtc_byte(v, i + k)))
			return IMTC_SERVICE_AIM;
	}
	return IMTC_SERVICE_ICQ;
}

/* The client's own name: "ICQ Inc. - Product of ICQ (TM)...", "AOL Instant Messenger". */
static __always_inline void oscar_client(const struct imtc_view *v, struct oscar_walk *w, u32 i)
{
	if (imtc_has_nocase(v, i, "icq"))
		oscar_service(w, IMTC_SERVICE_ICQ, 2);
	else if (imtc_has_nocase(v, i, "aol") || imtc_has_nocase(v, i, "aim"))
		oscar_service(w, IMTC_SERVICE_AIM, 2);
}

static __always_inline void oscar_login_tlv(const struct imtc_view *v, struct oscar_walk *w,
					    u32 type, u32 i, u32 len)
{
	if (type == 1 && len > 0)
		oscar_service(w, oscar_screen_name(v, i, len), 1);
	else if (type == 2 && len > 0)
		w->password = 1;	/* XORed with a fixed text: as good as clear */
	else if (type == 3)
		oscar_client(v, w, i);
}

/* TLV 5 of a channel 2 ICBM: status 0 (propose), cookie, capability. */
static __always_inline void oscar_rendezvous(const struct imtc_view *v, struct oscar_walk *w,
					     u32 i)
{
	if (imtc_be16(v, i + 10) == 0x0946 && imtc_be32(v, i + 14) == 0x4c7f11d1)
		oscar_feature(w, oscar_capability(imtc_be16(v, i + 12)));
}

static __always_inline long oscar_tlv(const struct imtc_view *v, struct oscar_walk *w)
{
	u32 type = imtc_be16(v, w->pos), len = imtc_be16(v, w->pos + 2), i = w->pos + 4;

	if (w->pos + 4 > w->end || i + len > w->end) {
		w->pos = w->end;	/* not a TLV: no more is read of this frame */
		w->step = OSCAR_FRAME;
		return 0;
	}
	if (w->where == OSCAR_IN_LOGIN)
		oscar_login_tlv(v, w, type, i, len);
	else if (type == 5 && len >= 26)
		oscar_rendezvous(v, w, i);
	w->pos = i + len;
	return 0;
}

static __always_inline void oscar_tlvs_at(struct oscar_walk *w, u32 pos, u8 where)
{
	w->pos = pos;
	w->where = where;
	w->step = OSCAR_TLV;
}

/* ICBM: cookie, channel, screen name; from the server also warning level and a count. */
static __always_inline void oscar_icbm(const struct imtc_view *v, struct oscar_walk *w, u32 i,
				       u32 subtype)
{
	u32 name_len = imtc_byte(v, i + 10), tlvs = i + 11 + name_len;

	if (subtype != 6 && subtype != 7)
		return;
	if (imtc_be16(v, i + 8) == 1)
		oscar_feature(w, IMTC_FEATURE_CHAT);
	if (imtc_be16(v, i + 8) == 2)
		oscar_tlvs_at(w, subtype == 7 ? tlvs + 4 : tlvs, OSCAR_IN_ICBM);
}

/* A SNAC; i is where its data begins. */
static __always_inline void oscar_snac(const struct imtc_view *v, struct oscar_walk *w, u32 i,
				       u32 family, u32 subtype)
{
	switch (family) {
	case 0x01:
		if (subtype == 0x0f)	/* about oneself: length, screen name */
			oscar_service(w, oscar_screen_name(v, i + 1, imtc_byte(v, i)), 1);
		oscar_feature(w, IMTC_FEATURE_PRESENCE);
		break;
	case 0x02:
	case 0x03:
	case 0x09:
	case 0x13:
		oscar_feature(w, IMTC_FEATURE_PRESENCE);
		break;
	case 0x04:
		oscar_icbm(v, w, i, subtype);
		break;
	case 0x0e:
		oscar_feature(w, IMTC_FEATURE_CHAT);
		break;
	case 0x10:
		oscar_feature(w, IMTC_FEATURE_IMAGE);
		break;
	case 0x15:
		oscar_service(w, IMTC_SERVICE_ICQ, 2);
		break;
	case 0x17:
		oscar_feature(w, IMTC_FEATURE_PRESENCE);
		if (subtype == 2 || subtype == 6)
			oscar_tlvs_at(w, i, OSCAR_IN_LOGIN);
		break;
	}
}

/* SNAC families that any client or server uses. */
static __always_inline int oscar_is_family(u32 family)
{
	return (family > 0 && family <= 0x18) || family == 0x22 || family == 0x25;
}

static __always_inline long oscar_refuse(struct oscar_walk *w)
{
	w->answer = IMTC_NO;
	return 1;
}

static __always_inline long oscar_channel(const struct imtc_view *v, struct oscar_walk *w,
					  u8 channel, u32 len)
{
	u32 i = w->pos + OSCAR_FLAP_BYTES;
	u32 family = imtc_be16(v, i), subtype = imtc_be16(v, i + 2);

	w->pos = w->end;
	if (channel <= 2 && w->frames < 255)
		w->frames++;
	if (channel == 1 && len >= 4) {
		if (imtc_be32(v, i) != 1)
			return oscar_refuse(w);
		oscar_tlvs_at(w, i + 4, OSCAR_IN_LOGIN);
	} else if (channel == 2) {
		if (len < OSCAR_SNAC_BYTES || !oscar_is_family(family))
			return oscar_refuse(w);
		oscar_snac(v, w, i + OSCAR_SNAC_BYTES, family, subtype);
	}
	return 0;
}

static __always_inline long oscar_frame(const struct imtc_view *v, struct oscar_walk *w)
{
	u32 len = imtc_be16(v, w->pos + 4);
	u8 channel = imtc_byte(v, w->pos + 1);

	if (w->pos == v->len) {
		w->answer = IMTC_MATCH;
		return 1;
	}
	if (imtc_byte(v, w->pos) != 0x2a || (w->pos + 1 < v->len && (channel < 1 || channel > 5)))
		return oscar_refuse(w);
	w->end = w->pos + OSCAR_FLAP_BYTES + len;
	if (w->pos + OSCAR_FLAP_BYTES > v->len || w->end > v->len) {
		w->answer = IMTC_MORE;
		return 1;
	}
	return oscar_channel(v, w, channel, len);
}

static long oscar_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct oscar_walk *w = imtc_walk(v);

	(void)turn;
	if (w->step == OSCAR_TLV)
		return oscar_tlv(v, w);
	return oscar_frame(v, w);
}

static __always_inline struct oscar_walk *oscar_walk(struct imtc_view *v)
{
	struct oscar_walk *w = imtc_walk(v);

	*w = (struct oscar_walk){ .feature = v->label.feature, .answer = IMTC_MATCH };
	imtc_loop(v, OSCAR_TURNS, oscar_turn);
	return w;
}

/* Other first bytes of the family. */
static __always_inline int oscar_other(struct imtc_view *v)
{
	u8 feature = imtc_byte(v, 1) == 'F' ? IMTC_FEATURE_FILE : IMTC_FEATURE_IMAGE;
	int answer;

	if (imtc_byte(v, 0) == 'F') {
		answer = imtc_match(v, 0, "FLAPON\r\n\r\n");
		if (answer == IMTC_MATCH)
			imtc_label_set(v, IMTC_SERVICE_AIM, IMTC_FEATURE_PRESENCE,
				       IMTC_ENCRYPTION_CLEAR, 0);
		return answer;
	}
	answer = feature == IMTC_FEATURE_FILE ? imtc_match(v, 0, "OFT2") : imtc_match(v, 0, "ODC2");
	/* Then the length of the header, which is never short, and a type. */
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < 6)
		return IMTC_MORE;
	if (imtc_be16(v, 4) < 44 || imtc_be16(v, 4) > 2048)
		return IMTC_NO;
	imtc_label_set(v, IMTC_SERVICE_OSCAR, feature, IMTC_ENCRYPTION_CLEAR, 0);
	return IMTC_MATCH;
}

/* What the first ten bytes can settle: the sign-on. */
static __always_inline int oscar_signon(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\x2a\x01");

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len >= 6 && (imtc_be16(v, 4) < 4 || imtc_be16(v, 4) > OSCAR_SIGNON_BYTES))
		return IMTC_NO;
	return imtc_match(v, 6, "\0\0\0\1");
}

static __always_inline void oscar_label(struct imtc_view *v, const struct oscar_walk *w)
{
	u16 service = w->sure ? w->service : IMTC_SERVICE_OSCAR;

	imtc_label_set(v, service, w->feature, IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH | (w->password ? IMTC_LABEL_CREDENTIALS : 0));
}

IMTC_DISSECTOR(oscar)(struct imtc_view *v)
{
	const struct oscar_walk *w;
	int answer;

	if (!v)
		return IMTC_NO;
	if (imtc_byte(v, 0) != 0x2a)
		return oscar_other(v);
	answer = oscar_signon(v);
	if (answer == IMTC_MORE || (answer == IMTC_NO && !v->middle))
		return answer;
	w = oscar_walk(v);
	if (w->answer == IMTC_NO && (answer != IMTC_MATCH || !w->frames))
		return IMTC_NO;
	/* The sign-on is the proof; its TLVs tell whose it is, so they are waited for. */
	if (!w->frames && !(v->complete && answer == IMTC_MATCH))
		return w->answer == IMTC_MORE ? IMTC_MORE : IMTC_NO;
	oscar_label(v, w);
	if (v->label.feature == IMTC_FEATURE_NONE)
		v->label.feature = IMTC_FEATURE_PRESENCE;
	return IMTC_MATCH;
}

/* New payload: read where it begins with a frame. */
IMTC_GLOBAL int imtc_watch_oscar(struct imtc_view *v)
{
	struct imtc_label before;
	struct oscar_walk *w;

	if (!v)
		return IMTC_NO;
	before = v->label;
	if (imtc_byte(v, 0) != 0x2a)
		return IMTC_MORE;
	w = oscar_walk(v);
	if (w->answer == IMTC_NO && !w->frames)
		return IMTC_MORE;
	v->label.feature = w->feature;
	if (w->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	if (w->sure == 2 || (w->sure && v->label.service == IMTC_SERVICE_OSCAR))
		v->label.service = w->service;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_OSCAR_H */
