/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * OSCAR, the protocol of AIM and of ICQ from version 6 on: FLAP frames, of
 * which the first each side sends is a sign-on (channel 1, version 1). AIM and
 * ICQ are told apart by the client's own name (TLV 3), the screen name (all
 * digits: ICQ), ICQ's SNAC family and the families that a client lists. TOC
 * (FLAPON), the peer sessions OFT2 and ODC2, and the relay (044a) as well.
 *
 * Watched: until the two are told apart, and for what is negotiated
 * (oscar_snac.h).
 */
#ifndef IMTC_DISSECT_OSCAR_H
#define IMTC_DISSECT_OSCAR_H

#include "oscar_snac.h"

/* A frame header, a TLV or a part of an ICBM is a turn. */
#define OSCAR_TURNS 512
/* Servers keep FLAP data to 8 KiB; a sign-on is far shorter. */
#define OSCAR_SIGNON_BYTES 2048

static __always_inline long oscar_refuse(struct oscar_walk *w)
{
	w->answer = IMTC_NO;
	return 1;
}

enum oscar_toc {
	OSCAR_TOC_NONE,	/* not TOC */
	OSCAR_TOC_OTHER,
	OSCAR_TOC_LOGIN,
	OSCAR_TOC_CHAT,
};

/*
 * TOC's commands are text in the data channel (AOL's TiK: PROTOCOL); returns enum oscar_toc.
 * A function of its own for the verifier, which follows each literal's outcomes once, here, and
 * not in each turn of the walk.
 */
IMTC_GLOBAL int imtc_oscar_toc(const struct imtc_view *v, u32 i)
{
	if (!v)
		return OSCAR_TOC_NONE;
	if (imtc_has(v, i, "toc_signon ") || imtc_has(v, i, "toc2_signon ") ||
	    imtc_has(v, i, "toc2_login "))
		return OSCAR_TOC_LOGIN;
	if (imtc_has(v, i, "toc_send_im ") || imtc_has(v, i, "toc2_send_im ") ||
	    imtc_has(v, i, "toc_chat_") || imtc_has(v, i, "IM_IN:") ||
	    imtc_has(v, i, "IM_IN2:") || imtc_has(v, i, "CHAT_"))
		return OSCAR_TOC_CHAT;
	if (imtc_has(v, i, "toc_") || imtc_has(v, i, "toc2_") ||
	    imtc_has(v, i, "SIGN_ON:TOC") || imtc_has(v, i, "CONFIG:") ||
	    imtc_has(v, i, "UPDATE_BUDDY:") || imtc_has(v, i, "NICK:"))
		return OSCAR_TOC_OTHER;
	return OSCAR_TOC_NONE;
}

/* True: the frame's data at i is TOC's. */
static __always_inline int oscar_is_toc(const struct imtc_view *v, struct oscar_walk *w, u32 i)
{
	int toc = imtc_oscar_toc(v, i);

	if (toc == OSCAR_TOC_NONE)
		return 0;
	if (toc == OSCAR_TOC_LOGIN) {
		w->password = 1;	/* XORed with a fixed text, in hexadecimal */
		oscar_feature(w, IMTC_FEATURE_PRESENCE);
	} else if (toc == OSCAR_TOC_CHAT) {
		oscar_feature(w, IMTC_FEATURE_CHAT);
	}
	oscar_service(w, IMTC_SERVICE_AIM, 2);
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
		oscar_tlvs_at(w, i + 4, w->end, OSCAR_IN_LOGIN);
	} else if (channel == 2 && !oscar_is_toc(v, w, i)) {
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

	w->whole = w->pos;
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
	if (w->step == OSCAR_FAMILY)
		return oscar_family(v, w);
	return oscar_frame(v, w);
}

static __always_inline struct oscar_walk *oscar_walk(struct imtc_view *v)
{
	struct oscar_walk *w = imtc_walk(v);

	*w = (struct oscar_walk){ .feature = v->label.feature, .answer = IMTC_MATCH };
	imtc_loop(v, OSCAR_TURNS, oscar_turn);
	return w;
}

/* --- other first bytes of the family ---------------------------------------------- */

/*
 * Peer sessions do not say whose they are: what an announcement has told stays,
 * else it is AIM, where they come from (ICQ has them since version 6).
 */
static __always_inline int oscar_peer(struct imtc_view *v, u8 feature)
{
	u16 known = v->label.service;

	imtc_label_set(v, known == IMTC_SERVICE_ICQ || known == IMTC_SERVICE_OSCAR ?
			  known : IMTC_SERVICE_AIM, feature, IMTC_ENCRYPTION_CLEAR, 0);
	return IMTC_MATCH;
}

/* The relay: length of what follows, version 044a, a command, zeroes, flags. */
static __always_inline int oscar_relay(struct imtc_view *v)
{
	if (v->len > 1 && (imtc_byte(v, 1) < 10 || imtc_byte(v, 1) > 200))
		return IMTC_NO;
	if (v->len > 2 && imtc_match(v, 2, "\x04\x4a\0") == IMTC_NO)
		return IMTC_NO;
	if (v->len > 5 && (imtc_byte(v, 5) < 1 || imtc_byte(v, 5) > 5))
		return IMTC_NO;
	if (v->len > 6 && imtc_match(v, 6, "\0\0\0\0") == IMTC_NO)
		return IMTC_NO;
	/* The command is one message: it ends with the view. */
	if (v->len > 2U + imtc_byte(v, 1))
		return IMTC_NO;
	return v->len < 2U + imtc_byte(v, 1) ? IMTC_MORE : oscar_peer(v, IMTC_FEATURE_FILE);
}

static __always_inline int oscar_other(struct imtc_view *v)
{
	u8 feature = imtc_byte(v, 1) == 'F' ? IMTC_FEATURE_FILE : IMTC_FEATURE_IMAGE;
	int answer;

	if (imtc_byte(v, 0) == 0)
		return oscar_relay(v);
	if (imtc_byte(v, 0) == 'F') {
		answer = imtc_match(v, 0, "FLAPON\r\n\r\n");
		if (answer == IMTC_MATCH)
			imtc_label_set(v, IMTC_SERVICE_AIM, IMTC_FEATURE_PRESENCE,
				       IMTC_ENCRYPTION_CLEAR, IMTC_LABEL_WATCH);
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
	return oscar_peer(v, feature);
}

/* --- faces ------------------------------------------------------------------------ */

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
	/*
	 * The sign-on is the proof; its TLVs tell whose it is, so they are waited for. Frames
	 * that prove nothing (keep-alives) may be followed by some that do.
	 */
	if (!w->frames && !(v->complete && answer == IMTC_MATCH))
		return v->complete ? IMTC_NO : IMTC_MORE;
	oscar_label(v, w);
	if (v->label.feature == IMTC_FEATURE_NONE)
		v->label.feature = IMTC_FEATURE_PRESENCE;
	return IMTC_MATCH;
}

/* New payload: read where it begins with a frame; one that is cut is asked for again. */
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
	if (w->answer == IMTC_MORE)
		v->skip = w->whole;
	v->label.feature = w->feature;
	if (w->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	if (w->sure == 2 || (w->sure && v->label.service == IMTC_SERVICE_OSCAR))
		v->label.service = w->service;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_OSCAR_H */
