/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Novell's GroupWise Messenger: requests in the form of HTTP's POST, of version 1.0
 * and without a length, whose body is fields ("&tag=NM_A_...&cmd=0&val=...&type=10").
 * Clients speak it inside TLS; it is seen where that is ended or was not asked for.
 *
 * Watched: the commands of later requests (messages, conferences).
 *
 * Sources: Novell's own client code, published for Gaim in 2004: nmconn.c has the form
 * of a request, nmfield.h the fields, nmuser.c the commands (each by its nm_send_*).
 */
#ifndef IMTC_DISSECT_GROUPWISE_H
#define IMTC_DISSECT_GROUPWISE_H

#include "scan.h"

/* A login's fields: user, password, program. */
#define GROUPWISE_FIELDS_BYTES 1024

/* The feature of a command, as an IMTC_WORD: "/sendmessage HTTP/1.0". */
IMTC_GLOBAL int imtc_groupwise_command(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define GROUPWISE_COMMAND(literal, feature) \
	(best = IMTC_TRY(imtc_match, v, i, literal " HTTP/1.0\r\n", feature, best))
	switch (imtc_byte(v, i + 1)) {
	case 'l':
		GROUPWISE_COMMAND("/login", IMTC_FEATURE_PRESENCE);
		break;
	case 'c':
		GROUPWISE_COMMAND("/createconf", IMTC_FEATURE_CHAT);
		break;
	case 'j':
		GROUPWISE_COMMAND("/joinconf", IMTC_FEATURE_CHAT);
		break;
	case 's':
		GROUPWISE_COMMAND("/sendmessage", IMTC_FEATURE_CHAT);
		GROUPWISE_COMMAND("/sendtyping", IMTC_FEATURE_CHAT);
		GROUPWISE_COMMAND("/setstatus", IMTC_FEATURE_PRESENCE);
		break;
	}
#undef GROUPWISE_COMMAND
	return best;
}

static __always_inline u8 groupwise_feature(struct imtc_view *v, u32 target)
{
	int word = imtc_groupwise_command(v, target);

	return imtc_word_answer(word) == IMTC_MATCH ? (u8)imtc_word_meaning(word) :
						      (u8)IMTC_FEATURE_PRESENCE;
}

struct groupwise_look {
	u32 from;
	u32 line;	/* where the last line begins */
	u8 feature;
	u8 password;
} IMTC_WALK;

static long groupwise_field_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct groupwise_look *l = imtc_walk_inner(v);
	u32 at = l->from + i;

	if (at >= v->len)
		return 1;
	if (imtc_byte(v, at) != '&')
		return imtc_byte(v, at) == '\r';
	if (imtc_has(v, at, "&tag=NM_A_SZ_CREDENTIALS&"))
		l->password = 1;
	return 0;
}

/*
 * The body of a POST whose header has ended and gave no length: is it one of these
 * requests? The target begins at `target`.
 */
static __always_inline int imtc_groupwise(struct imtc_view *v, u32 target, u32 body)
{
	struct groupwise_look *l = imtc_walk_inner(v);
	u8 feature, flags = IMTC_LABEL_WATCH;
	int answer = imtc_match(v, body, "&tag=NM_A_");

	if (answer != IMTC_MATCH)
		return v->complete ? IMTC_NO : answer;
	feature = groupwise_feature(v, target);
	*l = (struct groupwise_look){ .from = body };
	imtc_loop(v, GROUPWISE_FIELDS_BYTES, groupwise_field_byte);
	if (l->password)
		flags |= IMTC_LABEL_CREDENTIALS;
	imtc_label_set(v, IMTC_SERVICE_GROUPWISE, feature, IMTC_ENCRYPTION_CLEAR, flags);
	return IMTC_MATCH;
}

static long groupwise_watch_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct groupwise_look *l = imtc_walk_inner(v);

	if (i == l->line && imtc_has(v, i, "POST /"))
		l->feature = imtc_feature_grow(l->feature, groupwise_feature(v, i + 5));
	if (imtc_byte(v, i) == '\n')
		l->line = i + 1;
	if (imtc_byte(v, i) == '&' && imtc_has(v, i, "&tag=NM_A_SZ_CREDENTIALS&"))
		l->password = 1;
	return 0;
}

/* What the client asks for later; a line that is cut is asked for again. */
IMTC_GLOBAL int imtc_watch_groupwise(struct imtc_view *v)
{
	struct groupwise_look *l;
	struct imtc_label before;

	if (!v)
		return IMTC_NO;
	if (v->direction != IMTC_DIR_CLIENT)
		return IMTC_MORE;
	before = v->label;
	l = imtc_walk_inner(v);
	*l = (struct groupwise_look){ .feature = v->label.feature };
	imtc_loop(v, v->len, groupwise_watch_byte);
	v->skip = l->line;
	v->label.feature = l->feature;
	if (l->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_GROUPWISE_H */
