/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The header of an HTTP/1.x message (RFC 9112 2.1): where it ends, and where the
 * values of the fields of interest begin. One walk for requests and replies.
 */
#ifndef IMTC_DISSECT_HTTP_WALK_H
#define IMTC_DISSECT_HTTP_WALK_H

#include "scan.h"

/* http_walk.at: where a field's value begins, 0: not seen */
enum http_field {
	HTTP_NOTHING_AT,
	HTTP_HOST_AT,
	HTTP_LENGTH_AT,
	HTTP_TYPE_AT,
	HTTP_UPGRADE_AT,
	HTTP_SUBPROTOCOL_AT,
	HTTP_PASSWORD_AT,
	HTTP_AGENT_AT,
	HTTP_FIELDS,		/* a power of two */
};

/* A number that is longer than this many bytes is no length of ours. */
#define HTTP_LENGTH_MAX 0xffffff

struct http_walk {
	u32 at[HTTP_FIELDS];
	u32 line;	/* where this line begins, 0: the first */
	u32 version;	/* where the last word of the request line begins */
	u32 body;	/* behind the blank line, 0: not seen */
	u32 length;	/* Content-Length */
	u8 password;	/* Basic (RFC 7617): a password in clear */
	u8 answer;	/* NO: no HTTP/1.x; else MORE */
} IMTC_WALK;
IMTC_WALK_FITS(struct http_walk);

/* The field whose name is at i, as an IMTC_WORD of enum http_field. */
IMTC_GLOBAL int imtc_http_field(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define HTTP_FIELD(literal, field) \
	(best = IMTC_TRY(imtc_match_nocase, v, i, literal, field, best))
	switch (imtc_lower(imtc_byte(v, i))) {
	case 'a':
		HTTP_FIELD("authorization: basic", HTTP_PASSWORD_AT);
		break;
	case 'c':
		HTTP_FIELD("content-length:", HTTP_LENGTH_AT);
		HTTP_FIELD("content-type:", HTTP_TYPE_AT);
		break;
	case 'h':
		HTTP_FIELD("host:", HTTP_HOST_AT);
		break;
	case 'p':
		HTTP_FIELD("proxy-authorization: basic", HTTP_PASSWORD_AT);
		break;
	case 's':
		HTTP_FIELD("sec-websocket-protocol:", HTTP_SUBPROTOCOL_AT);
		break;
	case 'u':
		HTTP_FIELD("upgrade:", HTTP_UPGRADE_AT);
		HTTP_FIELD("user-agent:", HTTP_AGENT_AT);
		break;
	}
#undef HTTP_FIELD
	return best;
}

static __always_inline u32 http_skip_blanks(const struct imtc_view *v, u32 i)
{
	IMTC_UNROLL
	for (u32 k = 0; k < 4; k++)
		if (imtc_byte(v, i) == ' ' || imtc_byte(v, i) == '\t')
			i++;
	return i;
}

/* At the first byte of a field line. */
static __always_inline long http_field_line(struct imtc_view *v, struct http_walk *w, u32 i)
{
	u8 c = imtc_byte(v, i);
	int word;

	if (c == '\r' || c == '\n') {
		w->body = i + (c == '\r' ? 2 : 1);
		return 1;
	}
	word = imtc_http_field(v, i);
	if (imtc_word_answer(word) != IMTC_MATCH)
		return 0;
	w->at[imtc_word_meaning(word) & (HTTP_FIELDS - 1)] =
		http_skip_blanks(v, i + imtc_word_len(word));
	if (imtc_word_meaning(word) == HTTP_LENGTH_AT)
		w->length = 0;
	if (imtc_word_meaning(word) == HTTP_PASSWORD_AT)
		w->password = 1;
	return 0;
}

static __always_inline void http_length_byte(struct http_walk *w, u32 i, u8 c)
{
	if (w->at[HTTP_LENGTH_AT] > w->line && i >= w->at[HTTP_LENGTH_AT] && imtc_is_digit(c) &&
	    w->length < HTTP_LENGTH_MAX)
		w->length = w->length * 10 + (c - '0');
}

static long http_byte(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct http_walk *w = imtc_walk(v);
	u8 c = imtc_byte(v, i);

	if (i && i == w->line)
		return http_field_line(v, w, i);
	http_length_byte(w, i, c);
	if (c == ' ' && !w->line)
		w->version = i + 1;
	if (c != '\n')
		return 0;
	/* A request's line ends so, a reply's begins so. */
	if (!w->line && !imtc_has(v, w->version, "HTTP/1.") && !imtc_has(v, 0, "HTTP/1.")) {
		w->answer = IMTC_NO;
		return 1;
	}
	w->line = i + 1;
	return 0;
}

/* Walks the header at the view's start, into the scratch words. */
IMTC_GLOBAL int imtc_http_walk(struct imtc_view *v)
{
	struct http_walk *w;

	if (!v)
		return IMTC_NO;
	w = imtc_walk(v);
	*w = (struct http_walk){ .answer = IMTC_MORE };
	imtc_loop(v, v->len, http_byte);
	return w->answer;
}

/* Is the header all there? */
static __always_inline int http_has_ended(const struct imtc_view *v, const struct http_walk *w)
{
	return w->body && w->body <= v->len;
}

#endif /* IMTC_DISSECT_HTTP_WALK_H */
