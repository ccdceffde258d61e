/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SIP and SIMPLE (RFC 3261, RFC 3428, RFC 3856, RFC 3903), over UDP and TCP: a
 * request or status line. What it is for is told by the method, and for INVITE
 * by the session description (RFC 4566): m= lines, RFC 5547's file-selector,
 * MSRP (RFC 4975), Lync's file transfer (text/x-msmsgsinvite).
 *
 * Over TCP the whole message is waited for. Watched: each later message.
 */
#ifndef IMTC_DISSECT_SIP_H
#define IMTC_DISSECT_SIP_H

#include "scan.h"

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

struct sip_walk {
	u32 line;		/* where the line begins */
	u32 word;		/* where its last word begins */
	u32 body;		/* where the body begins, 0: not yet */
	u32 length;		/* Content-Length */
	u8 part;
	u8 take;
	u8 feature;		/* of the body */
	u8 method;		/* its feature */
	u8 password;
	u8 has_length;
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct sip_walk);

/* The method at i, as an IMTC_WORD of the feature it is for. */
IMTC_GLOBAL int imtc_sip_method(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define SIP_METHOD(literal, use) (best = IMTC_TRY(imtc_match, v, i, literal, use, best))
	switch (imtc_byte(v, i)) {
	case 'I':
		SIP_METHOD("INVITE", IMTC_FEATURE_NONE);
		SIP_METHOD("INFO", IMTC_FEATURE_NONE);
		break;
	case 'A':
		SIP_METHOD("ACK", IMTC_FEATURE_NONE);
		break;
	case 'O':
		SIP_METHOD("OPTIONS", IMTC_FEATURE_NONE);
		break;
	case 'B':
		SIP_METHOD("BYE", IMTC_FEATURE_NONE);
		SIP_METHOD("BENOTIFY", IMTC_FEATURE_PRESENCE);
		break;
	case 'C':
		SIP_METHOD("CANCEL", IMTC_FEATURE_NONE);
		break;
	case 'R':
		SIP_METHOD("REGISTER", IMTC_FEATURE_PRESENCE);
		SIP_METHOD("REFER", IMTC_FEATURE_NONE);
		break;
	case 'S':
		SIP_METHOD("SUBSCRIBE", IMTC_FEATURE_PRESENCE);
		SIP_METHOD("SERVICE", IMTC_FEATURE_PRESENCE);
		break;
	case 'U':
		SIP_METHOD("UPDATE", IMTC_FEATURE_NONE);
		break;
	case 'N':
		SIP_METHOD("NOTIFY", IMTC_FEATURE_PRESENCE);
		SIP_METHOD("NEGOTIATE", IMTC_FEATURE_NONE);
		break;
	case 'P':
		SIP_METHOD("PUBLISH", IMTC_FEATURE_PRESENCE);
		SIP_METHOD("PRACK", IMTC_FEATURE_NONE);
		break;
	case 'M':
		SIP_METHOD("MESSAGE", IMTC_FEATURE_CHAT);
		break;
	}
#undef SIP_METHOD
	return best;
}

/* A rank of what a session is for: a file offer is told by more than an m= line. */
static __always_inline void sip_feature(struct sip_walk *w, u8 feature)
{
	if (w->feature == IMTC_FEATURE_FILE ||
	    (w->feature == IMTC_FEATURE_VIDEO && feature != IMTC_FEATURE_FILE))
		return;
	if (w->feature != IMTC_FEATURE_NONE && feature == IMTC_FEATURE_CHAT)
		return;
	w->feature = feature;
}

/* An m= line whose port is 0 offers nothing. */
static __always_inline int sip_is_offered(const struct imtc_view *v, u32 port)
{
	return imtc_byte(v, port) != '0' || imtc_is_digit(imtc_byte(v, port + 1));
}

static __always_inline void sip_body_line(const struct imtc_view *v, struct sip_walk *w, u32 i)
{
	if (imtc_has(v, i, "m=audio ") && sip_is_offered(v, i + 8))
		sip_feature(w, IMTC_FEATURE_VOICE);
	else if (imtc_has(v, i, "m=video ") && sip_is_offered(v, i + 8))
		sip_feature(w, IMTC_FEATURE_VIDEO);
	else if (imtc_has(v, i, "m=message ") && sip_is_offered(v, i + 10))
		sip_feature(w, IMTC_FEATURE_CHAT);
	else if (imtc_has(v, i, "a=file-selector:") ||
		 imtc_has(v, i, "Application-Name: File Transfer"))
		sip_feature(w, IMTC_FEATURE_FILE);
	else if (imtc_has(v, i, "m=applicationsharing "))
		sip_feature(w, IMTC_FEATURE_SCREEN);
}

/* At the first byte of a line of the header. */
static __always_inline void sip_field(const struct imtc_view *v, struct sip_walk *w, u32 i)
{
	w->take = SIP_TAKE_NOTHING;
	switch (imtc_lower(imtc_byte(v, i))) {
	case '\r':
	case '\n':
		w->body = i + (imtc_byte(v, i) == '\r' ? 2 : 1);
		w->part = SIP_BODY;
		break;
	case 'a':
		if (imtc_has_nocase(v, i, "authorization: basic"))
			w->password = 1;
		break;
	case 'c':
		if (imtc_has_nocase(v, i, "content-length"))
			w->take = SIP_TAKE_LENGTH;
		else if (imtc_has_nocase(v, i, "cseq"))
			w->take = SIP_TAKE_METHOD;
		break;
	case 'l':
		if (imtc_byte(v, i + 1) == ':' || imtc_byte(v, i + 1) == ' ')
			w->take = SIP_TAKE_LENGTH;
		break;
	case 'p':
		if (imtc_has_nocase(v, i, "proxy-authorization: basic"))
			w->password = 1;
		break;
	}
	if (w->take == SIP_TAKE_LENGTH) {
		w->length = 0;
		w->has_length = 1;
	}
}

static __always_inline long sip_end(struct sip_walk *w, u8 answer)
{
	w->answer = answer;
	return 1;
}

/* The end of the first line: a request's says which protocol it is. */
static __always_inline long sip_start_end(const struct imtc_view *v, struct sip_walk *w, u32 end)
{
	if (imtc_byte(v, end - 1) == '\r')
		end--;
	if (end < w->line + 8)
		return sip_end(w, IMTC_NO);
	if (imtc_has(v, w->line, "SIP/2.0 ") ||
	    (end == w->word + 7 && imtc_has(v, w->word, "SIP/2.0"))) {
		w->part = SIP_FIELDS;
		return 0;
	}
	return sip_end(w, IMTC_NO);
}

static __always_inline void sip_take(struct imtc_view *v, struct sip_walk *w, u32 i, u8 c)
{
	int word;

	if (w->take == SIP_TAKE_LENGTH && imtc_is_digit(c) && w->length < 100000) {
		w->length = w->length * 10 + (c - '0');
	} else if (w->take == SIP_TAKE_METHOD && imtc_is_letter(c) && i == w->word) {
		word = imtc_sip_method(v, i);
		if (imtc_word_answer(word) == IMTC_MATCH)
			w->method = (u8)imtc_word_meaning(word);
	}
}

static long sip_byte(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct sip_walk *w = imtc_walk(v);
	u8 c = imtc_byte(v, i);

	if (i < w->line)
		return 0;	/* blank lines before the message */
	if (w->body && w->has_length && i >= w->body + w->length)
		return sip_end(w, IMTC_MATCH);
	if (i == w->line && w->part == SIP_FIELDS)
		sip_field(v, w, i);
	else if (i == w->line && w->part == SIP_BODY)
		sip_body_line(v, w, i);
	else if (w->part == SIP_FIELDS)
		sip_take(v, w, i, c);
	if (c == ' ')
		w->word = i + 1;
	if (c != '\n')
		return 0;
	if (w->part == SIP_START && sip_start_end(v, w, i))
		return 1;
	w->line = i + 1;
	return 0;
}

/* Walks the message at `from`, into the scratch words; the part it begins in as given. */
IMTC_GLOBAL int imtc_sip_walk(struct imtc_view *v, u32 from, u32 part)
{
	struct sip_walk *w;

	if (!v)
		return IMTC_NO;
	w = imtc_walk(v);
	*w = (struct sip_walk){ .line = from, .part = (u8)part, .answer = IMTC_MORE };
	imtc_loop(v, v->len, sip_byte);
	if (w->answer == IMTC_MORE && w->body && w->has_length && v->len >= w->body + w->length)
		w->answer = IMTC_MATCH;
	if (w->feature == IMTC_FEATURE_NONE)
		w->feature = w->method;
	return w->answer;
}

/* Clients keep connections open with blank lines (RFC 5626 3.5.1). */
static __always_inline u32 sip_skip_blank(const struct imtc_view *v)
{
	u32 i = 0;

	IMTC_UNROLL
	for (u32 k = 0; k < 8; k++)
		if (imtc_byte(v, i) == '\r' || imtc_byte(v, i) == '\n')
			i++;
	return i;
}

/*
 * Does a start line begin at i? An IMTC_WORD: the length is that up to where a
 * request's URI begins, 0 for a status line; the meaning is the method's.
 */
IMTC_GLOBAL int imtc_sip_start(struct imtc_view *v, u32 i)
{
	int status, word;
	u32 uri;

	if (!v)
		return IMTC_NO;
	if (i >= v->len)
		return IMTC_MORE;
	status = imtc_match(v, i, "SIP/2.0 ");
	if (status == IMTC_MATCH)
		return IMTC_WORD(IMTC_MATCH, 0, IMTC_FEATURE_NONE);
	word = imtc_sip_method(v, i);
	if (imtc_word_answer(word) != IMTC_MATCH)
		return word == IMTC_NO ? status : IMTC_MORE;
	uri = i + imtc_word_len(word) + 1;
	if (uri <= v->len && imtc_byte(v, uri - 1) != ' ')
		return IMTC_NO;
	/* A scheme, never HTTP's path or FTP's text: sip, sips, tel, im, pres, urn, http. */
	if (uri < v->len && !imtc_is_letter(imtc_byte(v, uri)))
		return IMTC_NO;
	if (uri >= v->len)
		return IMTC_MORE;
	return IMTC_WORD(IMTC_MATCH, imtc_word_len(word) + 1, (int)imtc_word_meaning(word));
}

struct sip_uri {
	u32 from;
	u32 host;
} IMTC_WALK;

static long sip_uri_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct sip_uri *u = imtc_walk(v);
	u8 byte = imtc_byte(v, u->from + i);

	if (byte == '@' || (byte == ':' && !u->host))
		u->host = u->from + i + 1;
	return byte <= ' ' || byte == '>' || byte == '?';
}

/* The host of the request's URI is the peer's domain. */
static __always_inline void sip_domain(struct imtc_view *v, u32 uri)
{
	struct sip_uri *u = imtc_walk(v);

	u->from = uri;
	u->host = 0;
	imtc_loop(v, 512, sip_uri_byte);
	if (u->host)
		imtc_domain_find(v, u->host);
}

IMTC_DISSECTOR(sip)(struct imtc_view *v)
{
	const struct sip_walk *w;
	u8 feature, flags = IMTC_LABEL_WATCH;
	u32 from;
	int start;

	if (!v)
		return IMTC_NO;
	from = sip_skip_blank(v);
	start = imtc_sip_start(v, from);
	if (imtc_word_answer(start) != IMTC_MATCH)
		return start;
	imtc_sip_walk(v, from, SIP_START);
	w = imtc_walk(v);
	if (w->answer == IMTC_NO)
		return IMTC_NO;
	if (w->part == SIP_START || (w->answer == IMTC_MORE && !v->complete))
		return IMTC_MORE;
	feature = w->feature ? w->feature : (u8)imtc_word_meaning(start);
	if (w->password)
		flags |= IMTC_LABEL_CREDENTIALS;
	if (imtc_word_len(start))
		sip_domain(v, from + imtc_word_len(start));
	imtc_label_set(v, IMTC_SERVICE_SIP, feature, IMTC_ENCRYPTION_CLEAR, flags);
	return IMTC_MATCH;
}

/* New payload: a message, or the rest of one, of which the body's lines count. */
IMTC_GLOBAL int imtc_watch_sip(struct imtc_view *v)
{
	struct imtc_label before;
	const struct sip_walk *w;
	u32 from, part = SIP_BODY;
	u8 feature = IMTC_FEATURE_NONE;
	int start;

	if (!v)
		return IMTC_NO;
	before = v->label;
	from = sip_skip_blank(v);
	start = imtc_sip_start(v, from);
	if (imtc_word_answer(start) == IMTC_MATCH) {
		part = SIP_START;
		feature = (u8)imtc_word_meaning(start);
	}
	imtc_sip_walk(v, from, part);
	w = imtc_walk(v);
	if (w->feature)
		feature = w->feature;
	v->label.feature = imtc_feature_grow(v->label.feature, feature);
	if (w->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_SIP_H */
