/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lotus Sametime (Virtual Places): messages of a length (BE), a type, options and
 * a channel. The first is a handshake whose version is 0x1e; keep-alive bytes 80
 * may stand before any message.
 *
 * Watched: a password in clear, and the services that channels are made for.
 * Source: the draft "Sametime community client protocol", as Meanwhile's
 * mw_message.h and mw_srvc_*.h document it.
 */
#ifndef IMTC_DISSECT_SAMETIME_H
#define IMTC_DISSECT_SAMETIME_H

#include "client.h"

#define SAMETIME_HANDSHAKE_BYTES 26
#define SAMETIME_HEAD_BYTES 12
#define SAMETIME_TURNS 128

struct sametime_walk {
	u32 pos;
	u32 whole;	/* behind the last message that is all there */
	u8 feature;
	u8 password;
	u8 messages;
	u8 answer;	/* NO: no message; MORE: one is cut; MATCH: they end with the view */
} IMTC_WALK;
IMTC_WALK_FITS(struct sametime_walk);

/* The client's handshake, or the server's answer to it. */
static __always_inline int sametime_handshake(const struct imtc_view *v)
{
	u32 len = imtc_be32(v, 0);
	int answer;

	if (v->len >= 4 && (len < 24 || len > 1024))
		return IMTC_NO;
	if (v->len < 5)
		return imtc_match(v, 0, "\0\0") == IMTC_NO ? IMTC_NO : IMTC_MORE;
	if (imtc_byte(v, 4) == 0x80)
		answer = imtc_match(v, 5, "\0\0\0\0\0\0\0\0\x1e");
	else
		answer = imtc_match(v, 4, "\0\0\0\0\0\0\0\0\0\x1e");
	if (answer != IMTC_MATCH || imtc_byte(v, 4) == 0x80)
		return answer;
	if (v->len > 16 && imtc_match(v, 16, "\0\0\0\0\0\0\0\0") == IMTC_NO)
		return IMTC_NO;
	if (v->len < SAMETIME_HANDSHAKE_BYTES)
		return IMTC_MORE;
	return imtc_byte(v, 24) >= 0x10 && imtc_byte(v, 24) <= 0x17 ? IMTC_MATCH : IMTC_NO;
}

/* The kind of client is a number; these have names. */
IMTC_GLOBAL int imtc_sametime_client(struct imtc_view *v)
{
	u32 kind;

	if (!v)
		return 0;
	kind = imtc_be16(v, 24);
	if (kind == 0x1002)
		imtc_client_add(v, "Sametime Connect");
	else if (kind >> 8 == 0x12)
		imtc_client_add(v, "Lotus Notes");
	else if (kind == 0x1700)
		imtc_client_add(v, "Meanwhile");
	return 0;
}

/* A channel is made: reserved, channel, whose (two strings), the service. */
static __always_inline u8 sametime_channel(const struct imtc_view *v, u32 body)
{
	u32 user = body + 8, community = user + 2 + imtc_be16(v, user);

	switch (imtc_be32(v, community + 2 + imtc_be16(v, community))) {
	case 0x00000038:
		return IMTC_FEATURE_FILE;
	case 0x00001000:	/* messages */
	case 0x80000010:	/* conferences */
	case 0x80000022:	/* places */
		return IMTC_FEATURE_CHAT;
	}
	return IMTC_FEATURE_PRESENCE;
}

/* A login: kind of client, name, password, kind of authentication, which is 0 in clear. */
static __always_inline int sametime_shows_password(const struct imtc_view *v, u32 body, u32 end)
{
	u32 password = body + 4 + imtc_be16(v, body + 2), len = imtc_be32(v, password);

	return len <= IMTC_VIEW_BYTES && password + 6 + len <= end &&
	       imtc_be16(v, password + 4 + len) == 0;
}

static long sametime_message(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct sametime_walk *w = imtc_walk(v);
	u32 len = imtc_be32(v, w->pos), type = imtc_be16(v, w->pos + 4);
	u32 body = w->pos + SAMETIME_HEAD_BYTES, end = w->pos + 4 + len;

	(void)turn;
	w->whole = w->pos;
	if (w->pos >= v->len) {
		w->answer = IMTC_MATCH;
		return 1;
	}
	if (imtc_byte(v, w->pos) == 0x80) {
		w->pos++;
		return 0;
	}
	w->answer = IMTC_MORE;
	if (body > v->len)
		return 1;
	if (len < 8 || len > 0x10000 || (type & 0x7f00)) {
		w->answer = IMTC_NO;
		return 1;
	}
	if (end > v->len)
		return 1;
	w->messages++;
	if (type == 0x0002 && !(imtc_be16(v, w->pos + 6) & 0x8000))
		w->feature = imtc_feature_grow(w->feature, sametime_channel(v, body));
	else if (type == 0x0001 && sametime_shows_password(v, body, end))
		w->password = 1;
	w->pos = end;
	return 0;
}

IMTC_DISSECTOR(sametime)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	answer = sametime_handshake(v);
	if (answer != IMTC_MATCH)
		return answer;
	imtc_label_set(v, IMTC_SERVICE_SAMETIME, IMTC_FEATURE_PRESENCE, IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH);
	if (v->direction == IMTC_DIR_CLIENT)
		imtc_sametime_client(v);
	return IMTC_MATCH;
}

/* New payload; a message that is cut is asked for again. */
IMTC_GLOBAL int imtc_watch_sametime(struct imtc_view *v)
{
	struct imtc_label before;
	struct sametime_walk *w;

	if (!v)
		return IMTC_NO;
	before = v->label;
	w = imtc_walk(v);
	*w = (struct sametime_walk){ .feature = v->label.feature };
	imtc_loop(v, SAMETIME_TURNS, sametime_message);
	if (w->answer == IMTC_NO && !w->messages)
		return IMTC_MORE;
	if (w->answer == IMTC_MORE)
		v->skip = w->whole;
	v->label.feature = w->feature;
	if (w->password && v->direction == IMTC_DIR_CLIENT)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_SAMETIME_H */
