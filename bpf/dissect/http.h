/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP/1.x requests (RFC 9112 3): the host that is asked, from the request's
 * target (absolute form, CONNECT) or the Host field. Answers NAMED. Responses
 * are of no interest.
 */
#ifndef IMTC_DISSECT_HTTP_H
#define IMTC_DISSECT_HTTP_H

#include "scan.h"

struct http_walk {
	u32 host;	/* where the host begins, 0: not seen */
	u32 line;	/* where this line begins */
	u32 version;	/* where the last word of the request line begins */
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct http_walk);

/* Is it a request method? MORE where the view ends inside one. */
static __always_inline int http_method(const struct imtc_view *v, u32 *ret_len)
{
	int more = IMTC_NO;
#define HTTP_METHOD(word) do { \
		int answer = imtc_match(v, 0, word " "); \
		\
		if (answer == IMTC_MATCH) \
			*ret_len = sizeof(word); \
		if (answer > more) \
			more = answer; \
	} while (0)
	switch (imtc_byte(v, 0)) {
	case 'G':
		HTTP_METHOD("GET");
		break;
	case 'P':
		HTTP_METHOD("POST");
		HTTP_METHOD("PUT");
		HTTP_METHOD("PATCH");
		HTTP_METHOD("PROPFIND");
		break;
	case 'H':
		HTTP_METHOD("HEAD");
		break;
	case 'D':
		HTTP_METHOD("DELETE");
		break;
	case 'O':
		HTTP_METHOD("OPTIONS");
		break;
	case 'C':
		HTTP_METHOD("CONNECT");
		break;
	}
#undef HTTP_METHOD
	return more;
}

/* At the end of the request line: `... HTTP/1.x`. */
static __always_inline long http_request_line(struct imtc_view *v, struct http_walk *w)
{
	if (imtc_has(v, w->version, "HTTP/1."))
		return 0;
	w->answer = IMTC_NO;
	return 1;
}

/* At the first byte of a field line. */
static __always_inline long http_field(struct imtc_view *v, struct http_walk *w, u32 i)
{
	u8 c = imtc_byte(v, i);

	if (c == '\r' || c == '\n') {
		w->answer = IMTC_NO;	/* the fields end without a Host */
		return 1;
	}
	if (!imtc_has_nocase(v, i, "host:"))
		return 0;
	w->host = i + 5;
	return 0;
}

static long http_byte(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct http_walk *w = imtc_walk(v);
	u8 c = imtc_byte(v, i);

	if (w->host) {
		/* Wait for the end of the line: the name may go on. */
		if (c != '\n')
			return 0;
		w->answer = IMTC_MATCH;
		return 1;
	}
	if (i && i == w->line)
		return http_field(v, w, i);
	if (c == ' ' && !w->line)
		w->version = i + 1;
	if (c != '\n')
		return 0;
	if (!w->line && http_request_line(v, w))
		return 1;
	w->line = i + 1;
	return 0;
}

static __always_inline u32 http_skip_blanks(const struct imtc_view *v, u32 i)
{
	IMTC_UNROLL
	for (u32 k = 0; k < 4; k++)
		if (imtc_byte(v, i) == ' ' || imtc_byte(v, i) == '\t')
			i++;
	return i;
}

IMTC_DISSECTOR(http)(struct imtc_view *v)
{
	struct http_walk *w;
	u32 target = 0;
	int answer;

	if (!v)
		return IMTC_NO;
	answer = http_method(v, &target);
	if (answer != IMTC_MATCH)
		return answer;
	w = imtc_walk(v);
	*w = (struct http_walk){ .answer = IMTC_MORE };
	imtc_loop(v, v->len, http_byte);
	if (w->answer == IMTC_NO && !w->line)
		return IMTC_NO;
	if (!w->line)
		return IMTC_MORE;
	/* The target's own authority, where it has one, is what a proxy will ask. */
	if (imtc_byte(v, 0) == 'C')
		w->host = target;
	else if (imtc_has_nocase(v, target, "http://"))
		w->host = target + 7;
	else if (w->answer != IMTC_MATCH)
		return w->answer;
	if (!imtc_domain_find(v, http_skip_blanks(v, w->host)))
		return IMTC_NO;
	v->label.encryption = IMTC_ENCRYPTION_CLEAR;
	v->label.confidence = IMTC_CONFIDENCE_NAME;
	return IMTC_NAMED;
}

#endif /* IMTC_DISSECT_HTTP_H */
