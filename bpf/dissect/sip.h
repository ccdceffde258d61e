/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SIP and SIMPLE (RFC 3261, RFC 3428, RFC 3856, RFC 3903), over UDP and TCP: a
 * request or status line. What it is for is told by the method, and for INVITE
 * by the session description (sdp.h) or Lync's file transfer
 * (text/x-msmsgsinvite).
 *
 * Over TCP the whole message is waited for. Watched: each later message.
 */
#ifndef IMTC_DISSECT_SIP_H
#define IMTC_DISSECT_SIP_H

#include "sdp.h"

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
		SIP_METHOD("REGISTER", IMTC_FEATURE_LOGIN);
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
		else if (imtc_has_nocase(v, i, "content-type: application/vnd.gsma.rcs-ft-http"))
			sdp_feature(w, IMTC_FEATURE_FILE);	/* GSMA RCC.07 3.2.5 */
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
	if (imtc_has_nocase(v, i, "user-agent: "))
		w->agent = i + 12;
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

static __always_inline void sip_take(struct sip_walk *w, u32 i, u8 c)
{
	if (w->take == SIP_TAKE_LENGTH && imtc_is_digit(c) && w->length < 100000)
		w->length = w->length * 10 + (c - '0');
	else if (w->take == SIP_TAKE_METHOD && imtc_is_letter(c) && i == w->word)
		w->cseq = (u16)i;
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
		sdp_line(v, w, i);
	else if (w->part == SIP_FIELDS)
		sip_take(w, i, c);
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
	int word;

	if (!v)
		return IMTC_NO;
	w = imtc_walk(v);
	*w = (struct sip_walk){ .line = from, .part = (u8)part, .answer = IMTC_MORE };
	imtc_loop(v, v->len, sip_byte);
	if (w->answer == IMTC_MORE && w->body && w->has_length && v->len >= w->body + w->length)
		w->answer = IMTC_MATCH;
	if (w->feature == IMTC_FEATURE_NONE && w->cseq) {
		word = imtc_sip_method(v, w->cseq);
		if (imtc_word_answer(word) == IMTC_MATCH)
			w->feature = (u8)imtc_word_meaning(word);
	}
	return w->answer;
}

/*
 * A call, whatever its media: an offer may come as late as in the answer (RFC 3261
 * 13.2.1), and only a call is cancelled (9.1). Voice until more is said: a rule
 * about calls is not to wait for the media.
 */
static __always_inline int sip_is_call(const struct imtc_view *v, u32 method)
{
	return imtc_has(v, method, "INVITE") || imtc_has(v, method, "CANCEL");
}

static __always_inline int sip_has_body(const struct imtc_view *v, const struct sip_walk *w)
{
	return w->has_length ? w->length != 0 : w->body < v->len;
}

/* What else a message says that is all there: who its client is, where media will be. */
static __always_inline void sip_said(struct imtc_view *v)
{
	const struct sip_walk *w = imtc_walk(v);

	if (w->agent && v->direction == IMTC_DIR_CLIENT)
		imtc_client_take(v, w->agent, IMTC_CLIENT_BYTES);
	sdp_said(v);
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
	if (!feature && !sip_has_body(v, w) &&
	    (sip_is_call(v, from) || (w->cseq && sip_is_call(v, w->cseq))))
		feature = IMTC_FEATURE_VOICE;
	if (w->password)
		flags |= IMTC_LABEL_CREDENTIALS;
	if (w->answer == IMTC_MATCH || v->complete)
		sip_said(v);
	if (imtc_word_len(start))
		sip_domain(v, from + imtc_word_len(start));
	imtc_label_set(v, IMTC_SERVICE_SIP, feature, IMTC_ENCRYPTION_CLEAR, flags);
	return IMTC_MATCH;
}

/*
 * One message at `from` of what a watched flow says, or the rest of one, of which
 * the body's lines count. Grows the label. Where it ends: v->len or less; `from`
 * where it is cut.
 */
IMTC_GLOBAL int imtc_sip_message(struct imtc_view *v, u32 from)
{
	struct sip_walk *w;
	u32 part = SIP_BODY, end;
	u8 feature = IMTC_FEATURE_NONE;
	int start;

	if (!v)
		return 0;
	end = v->len;
	start = imtc_sip_start(v, from);
	if (imtc_word_answer(start) == IMTC_MORE && !v->complete)
		return (int)from;
	if (imtc_word_answer(start) == IMTC_MATCH) {
		part = SIP_START;
		feature = (u8)imtc_word_meaning(start);
	}
	imtc_sip_walk(v, from, part);
	w = imtc_walk(v);
	if (part == SIP_START && w->answer == IMTC_MORE && !v->complete)
		end = from;
	else if (part == SIP_START && w->answer == IMTC_MATCH && w->body + w->length < end)
		end = w->body + w->length;
	if (part == SIP_BODY) {
		if (w->feature)
			v->scrub_lost = (u16)~0U;
		w->medias = 0;	/* of a description that is not seen whole */
		if (!v->complete)
			end = w->line;
	}
	if (w->feature)
		feature = w->feature;
	/* An answer is to what has been seen: it says no more than its media. */
	else if (part == SIP_START && !feature && !sip_has_body(v, w) && sip_is_call(v, from))
		feature = IMTC_FEATURE_VOICE;
	v->label.feature = imtc_feature_grow(v->label.feature, feature);
	if (w->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	return (int)end;
}

/* New payload. On TCP a message that is cut is asked for again. */
IMTC_GLOBAL int imtc_watch_sip(struct imtc_view *v)
{
	struct imtc_label before;
	u32 from, end;

	if (!v)
		return IMTC_NO;
	before = v->label;
	from = sip_skip_blank(v);
	end = (u32)imtc_sip_message(v, from);
	if (end > from)
		sip_said(v);
	if (end > from && end < v->len) {
		from = end;
		end = (u32)imtc_sip_message(v, from);
		if (end > from)
			sip_said(v);
	}
	v->skip = end;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_SIP_H */
