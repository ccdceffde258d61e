/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XMPP (RFC 6120, RFC 6121): the stream's open tag between client and server or
 * two servers, either side's, the <open/> of RFC 7395 and the <body/> of BOSH
 * (XEP-0124). The peer's domain is the client's `to`, or the server's own `from`:
 * Google Talk, Facebook's chat and the first WhatsApp are told by it. Where it is
 * a user's address the stream is Bonjour's, between two hosts (XEP-0174).
 *
 * Watched: xmpp_watch.h.
 */
#ifndef IMTC_DISSECT_XMPP_H
#define IMTC_DISSECT_XMPP_H

#include "xmpp_watch.h"

enum xmpp_state {
	XMPP_OUTSIDE,		/* before a tag */
	XMPP_OPEN,		/* after < */
	XMPP_DECLARATION,	/* in <?xml ... ?> */
	XMPP_NAME,		/* of the element */
	XMPP_TAG,		/* between attributes */
	XMPP_ATTRIBUTE,		/* its name */
	XMPP_EQUALS,		/* after the = */
	XMPP_VALUE,
};

struct xmpp_walk {
	u32 start;		/* of the token */
	u32 name;		/* of the attribute: where, and how long */
	u32 name_len;
	u32 domain;
	u32 domain_len;
	u32 end;		/* behind the > of the tag */
	u8 state;
	u8 quote;
	u8 stream;		/* a namespace of XMPP was seen */
	u8 declared;		/* the one XML declaration was seen */
	u8 at;			/* the value holds an @ */
	u8 user;		/* so does that of the domain */
	u8 http;		/* the namespace is BOSH's */
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct xmpp_walk);

static __always_inline int xmpp_is_name_byte(u8 c)
{
	return imtc_is_letter(c) || imtc_is_digit(c) || c == ':' || c == '-' || c == '_' ||
	       c == '.';
}

static __always_inline long xmpp_refuse(struct xmpp_walk *w)
{
	w->answer = IMTC_NO;
	return 1;
}

static __always_inline long xmpp_outside(struct xmpp_walk *w, u32 i, u8 c)
{
	if (c == '<')
		w->state = XMPP_OPEN;
	else if (!imtc_is_space(c) && !(i == 0 && c == 0xef) && !(i == 1 && c == 0xbb) &&
		 !(i == 2 && c == 0xbf))	/* a byte order mark */
		return xmpp_refuse(w);
	return 0;
}

static __always_inline long xmpp_open(struct xmpp_walk *w, u32 i, u8 c)
{
	w->start = i;
	if (c == '?' && !w->declared) {
		w->state = XMPP_DECLARATION;
		w->declared = 1;
	} else if (imtc_is_letter(c)) {
		w->state = XMPP_NAME;
	} else {
		return xmpp_refuse(w);
	}
	return 0;
}

static __always_inline long xmpp_declaration(struct imtc_view *v, struct xmpp_walk *w, u32 i, u8 c)
{
	if (i == w->start + 1 && imtc_match(v, i, "xml") == IMTC_NO)
		return xmpp_refuse(w);
	if (c == '>' && imtc_byte(v, i - 1) == '?')
		w->state = XMPP_OUTSIDE;
	return 0;
}

/* <stream>, <any:stream>, <open>, <body>; whose it is the namespaces tell. */
static __always_inline int xmpp_is_stream(const struct imtc_view *v, u32 start, u32 end)
{
	u32 len = end - start;

	if (len == 4)
		return imtc_has(v, start, "open") || imtc_has(v, start, "body");
	if (len < 6 || !imtc_has(v, end - 6, "stream"))
		return 0;
	return len == 6 || imtc_byte(v, end - 7) == ':';
}

static __always_inline long xmpp_tag(struct xmpp_walk *w, u32 i, u8 c)
{
	if (c == '>') {
		w->end = i + 1;
		w->answer = w->stream ? IMTC_MATCH : IMTC_NO;
		return 1;
	}
	if (imtc_is_letter(c)) {
		w->name = i;
		w->state = XMPP_ATTRIBUTE;
	} else if (imtc_is_space(c) || c == '/') {
		w->state = XMPP_TAG;
	} else {
		return xmpp_refuse(w);
	}
	return 0;
}

static __always_inline long xmpp_name(struct imtc_view *v, struct xmpp_walk *w, u32 i, u8 c)
{
	if (xmpp_is_name_byte(c))
		return i - w->start < 64 ? 0 : xmpp_refuse(w);
	if (!xmpp_is_stream(v, w->start, i))
		return xmpp_refuse(w);
	return xmpp_tag(w, i, c);
}

static __always_inline long xmpp_attribute(struct xmpp_walk *w, u32 i, u8 c)
{
	if (xmpp_is_name_byte(c))
		return 0;
	if (c != '=' && !imtc_is_space(c))
		return xmpp_refuse(w);
	w->name_len = i - w->name;
	w->state = XMPP_EQUALS;
	return 0;
}

static __always_inline long xmpp_equals(struct xmpp_walk *w, u32 i, u8 c)
{
	if (c == '\'' || c == '"') {
		w->quote = c;
		w->start = i + 1;
		w->at = 0;
		w->state = XMPP_VALUE;
	} else if (c != '=' && !imtc_is_space(c)) {
		return xmpp_refuse(w);
	}
	return 0;
}

static __always_inline long xmpp_value(struct imtc_view *v, struct xmpp_walk *w, u32 i, u8 c)
{
	if (c == '@')
		w->at = 1;
	if (c != w->quote)
		return 0;
	w->state = XMPP_TAG;
	if (v->direction == IMTC_DIR_CLIENT ? w->name_len == 2 && imtc_has(v, w->name, "to") :
	    w->name_len == 4 && imtc_has(v, w->name, "from")) {
		w->domain = w->start;
		w->domain_len = i - w->start;
		w->user = w->at;
	} else if (imtc_has(v, w->start, "http://jabber.org/protocol/httpbind")) {
		w->stream = 1;
		w->http = 1;
	} else if (imtc_has(v, w->start, "http://etherx.jabber.org/streams") ||
		   imtc_has(v, w->start, "jabber:client") ||
		   imtc_has(v, w->start, "jabber:server") ||
		   imtc_has(v, w->start, "jabber:component:") ||
		   imtc_has(v, w->start, "urn:ietf:params:xml:ns:xmpp-framing")) {
		w->stream = 1;
	}
	return 0;
}

static long xmpp_byte(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct xmpp_walk *w = imtc_walk(v);
	u8 c = imtc_byte(v, i);

	switch (w->state) {
	case XMPP_OUTSIDE:
		return xmpp_outside(w, i, c);
	case XMPP_OPEN:
		return xmpp_open(w, i, c);
	case XMPP_DECLARATION:
		return xmpp_declaration(v, w, i, c);
	case XMPP_NAME:
		return xmpp_name(v, w, i, c);
	case XMPP_TAG:
		return xmpp_tag(w, i, c);
	case XMPP_ATTRIBUTE:
		return xmpp_attribute(w, i, c);
	case XMPP_EQUALS:
		return xmpp_equals(w, i, c);
	}
	return xmpp_value(v, w, i, c);
}

/* A flow older than imtc: a stanza, or the stream's end, where a segment begins. */
static __always_inline int xmpp_middle(struct imtc_view *v)
{
	struct imtc_label before = v->label;
	int word = IMTC_TRY(imtc_match, v, 0, "<message ", 0, IMTC_NO);

	word = IMTC_TRY(imtc_match, v, 0, "<presence", 0, word);
	word = IMTC_TRY(imtc_match, v, 0, "<iq ", 0, word);
	word = IMTC_TRY(imtc_match, v, 0, "</stream:stream>", 1, word);
	word = IMTC_TRY(imtc_match, v, 0, "<r xmlns='urn:xmpp:sm:", 1, word);	/* XEP-0198 */
	word = IMTC_TRY(imtc_match, v, 0, "<a xmlns='urn:xmpp:sm:", 1, word);
	if (imtc_word_answer(word) != IMTC_MATCH)
		return word;
	v->label.feature = IMTC_FEATURE_PRESENCE;
	if (!imtc_word_meaning(word) && !(imtc_xmpp_look(v, 0) & XMPP_KNOWN)) {
		v->label = before;
		return IMTC_NO;
	}
	imtc_label_set(v, IMTC_SERVICE_XMPP, v->label.feature, IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH);
	return IMTC_MATCH;
}

/* Is the view's domain that name? */
#define xmpp_domain_is(v, name) xmpp_domain_is_bytes(v, name, sizeof(name) - 1)

static __always_inline int xmpp_domain_is_bytes(const struct imtc_view *v, const char *name,
						const u32 len)
{
	if (v->domain_len != len)
		return 0;
	IMTC_UNROLL
	for (u32 k = 0; k < len; k++)
		if (v->domain[k] != name[k])
			return 0;
	return 1;
}

/* The service whose domain the stream is for. */
IMTC_GLOBAL int imtc_xmpp_service(struct imtc_view *v)
{
	if (!v)
		return IMTC_SERVICE_XMPP;
	if (xmpp_domain_is(v, "gmail.com") || xmpp_domain_is(v, "googlemail.com") ||
	    xmpp_domain_is(v, "talk.google.com"))
		return IMTC_SERVICE_GTALK;
	if (xmpp_domain_is(v, "chat.facebook.com"))
		return IMTC_SERVICE_MESSENGER;
	if (xmpp_domain_is(v, "s.whatsapp.net") || xmpp_domain_is(v, "c.whatsapp.net"))
		return IMTC_SERVICE_WHATSAPP;
	return IMTC_SERVICE_XMPP;
}

IMTC_DISSECTOR(xmpp)(struct imtc_view *v)
{
	u16 service = IMTC_SERVICE_XMPP;
	struct xmpp_walk *w;
	u32 end;
	u8 encryption;
	int answer;

	if (!v)
		return IMTC_NO;
	if (v->middle) {
		answer = xmpp_middle(v);
		if (answer != IMTC_NO)
			return answer;
	}
	w = imtc_walk(v);
	*w = (struct xmpp_walk){ .answer = IMTC_MORE };
	imtc_loop(v, v->len, xmpp_byte);
	if (w->answer == IMTC_NO)
		return IMTC_NO;
	if (w->answer == IMTC_MORE && !(v->complete && w->stream))
		return IMTC_MORE;
	end = w->end;
	encryption = w->http ? IMTC_ENCRYPTION_CLEAR : IMTC_ENCRYPTION_PENDING;
	if (w->user)
		service = IMTC_SERVICE_BONJOUR;
	else if (w->domain_len && imtc_domain_take(v, w->domain, w->domain_len))
		service = (u16)imtc_xmpp_service(v);
	imtc_label_set(v, service, IMTC_FEATURE_PRESENCE, encryption,
		       service == IMTC_SERVICE_WHATSAPP ? 0 : IMTC_LABEL_WATCH);
	if (end && end < v->len)
		imtc_xmpp_look(v, end);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_XMPP_H */
