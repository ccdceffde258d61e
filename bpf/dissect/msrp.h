/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSRP (RFC 4975 7.1): "MSRP id method", then To-Path with an msrp or msrps URI.
 * What it carries, text or a file, its Content-Type and Content-Disposition tell.
 * Watched: those of each later message; what is cut is not waited for, as a chunk
 * may be of any length.
 */
#ifndef IMTC_DISSECT_MSRP_H
#define IMTC_DISSECT_MSRP_H

#include "scan.h"

/* RFC 4975 9: an identifier of up to 32 bytes, a method or a status and its comment. */
#define MSRP_LINE_BYTES 128

struct msrp_walk {
	u32 line;	/* the second line begins here, 0: not yet */
	u32 content;	/* the line of the content's type begins here, 0: not yet */
	u8 feature;
	u8 over;	/* the header has ended */
} IMTC_WALK;
IMTC_WALK_FITS(struct msrp_walk);

/* Text, its envelope (RFC 3862), "is composing" (RFC 3994): all else is a file. */
static __always_inline u8 msrp_content(const struct imtc_view *v, u32 i)
{
	return imtc_has_nocase(v, i, "content-type: text/") ||
	       imtc_has_nocase(v, i, "content-type: message/") ||
	       imtc_has_nocase(v, i, "content-type: application/im-") ?
	       IMTC_FEATURE_CHAT : IMTC_FEATURE_FILE;
}

static long msrp_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msrp_walk *w = imtc_walk(v);

	if (imtc_byte(v, i) != '\n')
		return 0;
	if (!w->line)
		w->line = i + 1;
	/* Read once its line is whole: cut in the middle, all would be files. */
	if (w->content) {
		w->over = 1;
		return 1;
	}
	if (imtc_has_nocase(v, i + 1, "content-type:")) {
		w->content = i + 1;
		return 0;
	}
	/* The line of dashes ends a message without a body. */
	if (imtc_has(v, i + 1, "-------") || imtc_has(v, i + 1, "\r\n"))
		w->over = 1;
	return w->over & 1;
}

IMTC_DISSECTOR(msrp)(struct imtc_view *v)
{
	struct msrp_walk *w;
	int answer;

	if (!v)
		return IMTC_NO;
	answer = imtc_match(v, 0, "MSRP ");
	if (answer != IMTC_MATCH)
		return answer;
	w = imtc_walk(v);
	*w = (struct msrp_walk){ .feature = IMTC_FEATURE_CHAT };
	imtc_loop(v, v->len, msrp_byte);
	if (w->content)
		w->feature = msrp_content(v, w->content);
	if (!w->line)
		return v->len > MSRP_LINE_BYTES ? IMTC_NO : IMTC_MORE;
	/* The same answer, however much was there when the line was asked for. */
	if (w->line > MSRP_LINE_BYTES + 1)
		return IMTC_NO;
	answer = imtc_match_nocase(v, w->line, "to-path: msrp");
	if (answer != IMTC_MATCH || (!w->over && !v->complete))
		return answer == IMTC_NO ? IMTC_NO : IMTC_MORE;
	imtc_label_set(v, IMTC_SERVICE_MSRP, w->feature, IMTC_ENCRYPTION_CLEAR, IMTC_LABEL_WATCH);
	return IMTC_MATCH;
}

static long msrp_watch_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msrp_walk *w = imtc_walk(v);
	u8 feature = IMTC_FEATURE_NONE;

	if (imtc_byte(v, i) != '\n')
		return 0;
	w->line = i + 1;
	if (imtc_has_nocase(v, i + 1, "content-type:"))
		feature = msrp_content(v, i + 1);
	else if (imtc_has_nocase(v, i + 1, "content-disposition: attachment"))
		feature = IMTC_FEATURE_FILE;
	w->feature = imtc_feature_grow(w->feature, feature);
	return 0;
}

/* New payload, which may begin anywhere; a field that is cut is shown again. */
IMTC_GLOBAL int imtc_watch_msrp(struct imtc_view *v)
{
	struct imtc_label before;
	struct msrp_walk *w;

	if (!v)
		return IMTC_NO;
	before = v->label;
	w = imtc_walk(v);
	*w = (struct msrp_walk){ .feature = v->label.feature };
	imtc_loop(v, v->len, msrp_watch_byte);
	if (w->line && v->len - w->line < MSRP_LINE_BYTES)
		v->skip = w->line - 1;
	v->label.feature = w->feature;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_MSRP_H */
