/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XMPP (RFC 6120, RFC 6121): the stream's open tag between client and server or
 * two servers, either side's, and the <open/> of RFC 7395. The peer's domain is
 * the client's `to`, or the server's own `from`.
 *
 * Watched: STARTTLS (RFC 6120 5), stanzas in clear, PLAIN passwords, and what
 * is negotiated: XEP-0095/0096 stream initiation, XEP-0047 in-band bytes,
 * XEP-0065 SOCKS5 bytes, XEP-0234 and XEP-0167 Jingle, Google's older calls.
 */
#ifndef IMTC_DISSECT_XMPP_H
#define IMTC_DISSECT_XMPP_H

#include "scan.h"

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

/* <stream>, <any:stream>, <open>; whose it is the namespaces tell. */
static __always_inline int xmpp_is_stream(const struct imtc_view *v, u32 start, u32 end)
{
	u32 len = end - start;

	if (len == 4)
		return imtc_has(v, start, "open");
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
		w->state = XMPP_VALUE;
	} else if (c != '=' && !imtc_is_space(c)) {
		return xmpp_refuse(w);
	}
	return 0;
}

static __always_inline long xmpp_value(struct imtc_view *v, struct xmpp_walk *w, u32 i, u8 c)
{

	if (c != w->quote)
		return 0;
	w->state = XMPP_TAG;
	if (v->direction == IMTC_DIR_CLIENT ? w->name_len == 2 && imtc_has(v, w->name, "to") :
	    w->name_len == 4 && imtc_has(v, w->name, "from")) {
		w->domain = w->start;
		w->domain_len = i - w->start;
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

/* --- what follows the open tag ------------------------------------------------ */

/* xmpp_look.found */
#define XMPP_STANZA 0x01	/* something that STARTTLS would have hidden */
#define XMPP_PASSWORD 0x02
#define XMPP_KNOWN 0x04		/* any element of XMPP */

struct xmpp_look {
	u32 from;
	u8 feature;
	u8 found;
} IMTC_WALK;

static __always_inline void xmpp_feature(struct xmpp_look *l, u8 feature)
{
	l->feature = imtc_feature_grow(l->feature, feature);
}

/* At a <. */
static __always_inline void xmpp_element(struct imtc_view *v, struct xmpp_look *l, u32 i)
{

	switch (imtc_byte(v, i)) {
	case 'a':
		if (imtc_has(v, i, "auth "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		break;
	case 'b':
		if (imtc_has(v, i, "body>")) {
			l->found |= XMPP_STANZA;
			xmpp_feature(l, IMTC_FEATURE_CHAT);
		}
		break;
	case 'c':
		if (imtc_has(v, i, "challenge "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		break;
	case 'd':
		if (imtc_has(v, i, "db:result "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		break;
	case 'i':
		if (imtc_has(v, i, "iq "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		break;
	case 'm':
		if (imtc_has(v, i, "message "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		break;
	case 'p':
		if (imtc_has(v, i, "presence")) {
			l->found |= XMPP_STANZA | XMPP_KNOWN;
			xmpp_feature(l, IMTC_FEATURE_PRESENCE);
		} else if (imtc_has(v, i, "password>")) {
			l->found |= XMPP_STANZA | XMPP_PASSWORD;
		}
		break;
	case 'r':
		if (imtc_has(v, i, "response "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		break;
	case 's':
		if (imtc_has(v, i, "success "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		else if (imtc_has(v, i, "stream:features"))
			l->found |= XMPP_KNOWN;
		break;
	}
}

/* At the value of an xmlns or a profile: what is asked for, not what is able to be. */
static __always_inline void xmpp_namespace(struct imtc_view *v, struct xmpp_look *l, u32 i)
{

	if (imtc_has(v, i, "http://jabber.org/protocol/")) {
		i += sizeof("http://jabber.org/protocol/") - 1;
		if (imtc_has(v, i, "si/profile/file-transfer") ||
		    imtc_has(v, i, "bytestreams") || imtc_has(v, i, "ibb"))
			xmpp_feature(l, IMTC_FEATURE_FILE);
	} else if (imtc_has(v, i, "urn:xmpp:jingle:apps:file-transfer")) {
		xmpp_feature(l, IMTC_FEATURE_FILE);
	} else if (imtc_has(v, i, "http://www.google.com/session/")) {
		i += sizeof("http://www.google.com/session/") - 1;
		if (imtc_has(v, i, "phone"))
			xmpp_feature(l, IMTC_FEATURE_VOICE);
		else if (imtc_has(v, i, "video"))
			xmpp_feature(l, IMTC_FEATURE_VIDEO);
		else if (imtc_has(v, i, "share"))
			xmpp_feature(l, IMTC_FEATURE_FILE);
	}
}

/* At the = of an attribute whose value begins at i + 2. */
static __always_inline void xmpp_pair(struct imtc_view *v, struct xmpp_look *l, u32 i)
{

	if (i < 9)
		return;
	if (imtc_has(v, i - 5, "xmlns") || imtc_has(v, i - 7, "profile")) {
		xmpp_namespace(v, l, i + 2);
	} else if (imtc_has(v, i - 5, "media")) {
		if (imtc_has(v, i + 2, "audio"))
			xmpp_feature(l, IMTC_FEATURE_VOICE);
		else if (imtc_has(v, i + 2, "video"))
			xmpp_feature(l, IMTC_FEATURE_VIDEO);
	} else if (imtc_has(v, i - 9, "mechanism") && imtc_has(v, i + 2, "PLAIN")) {
		l->found |= XMPP_PASSWORD;
	}
}

static long xmpp_look_byte(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct xmpp_look *l = imtc_walk(v);
	u8 c;

	i += l->from;
	if (i >= v->len)
		return 1;
	c = imtc_byte(v, i);
	if (c == '<')
		xmpp_element(v, l, i + 1);
	else if (c == '=')
		xmpp_pair(v, l, i);
	return 0;
}

/* Reads on from `from`, in clear, and grows the label; returns XMPP_* of what it found. */
IMTC_GLOBAL int imtc_xmpp_look(struct imtc_view *v, u32 from)
{
	struct xmpp_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
	*l = (struct xmpp_look){ .from = from, .feature = v->label.feature };
	imtc_loop(v, IMTC_VIEW_BYTES, xmpp_look_byte);
	v->label.feature = l->feature;
	if (l->found & XMPP_PASSWORD)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	if ((l->found & XMPP_STANZA) && v->label.encryption != IMTC_ENCRYPTION_ENCRYPTED)
		v->label.encryption = IMTC_ENCRYPTION_CLEAR;
	return l->found;
}

/* A flow older than imtc: a stanza, or the stream's end, where a segment begins. */
static __always_inline int xmpp_middle(struct imtc_view *v)
{
	struct imtc_label before = v->label;
	int word = IMTC_TRY(imtc_match, v, 0, "<message ", 0, IMTC_NO);

	word = IMTC_TRY(imtc_match, v, 0, "<presence", 0, word);
	word = IMTC_TRY(imtc_match, v, 0, "<iq ", 0, word);
	word = IMTC_TRY(imtc_match, v, 0, "</stream:stream>", 1, word);
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

IMTC_DISSECTOR(xmpp)(struct imtc_view *v)
{
	struct xmpp_walk *w;
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
	if (w->domain_len)
		imtc_domain_take(v, w->domain, w->domain_len);
	imtc_label_set(v, IMTC_SERVICE_XMPP, IMTC_FEATURE_PRESENCE, IMTC_ENCRYPTION_PENDING,
		       IMTC_LABEL_WATCH);
	if (w->end && w->end < v->len)
		imtc_xmpp_look(v, w->end);
	return IMTC_MATCH;
}

/* Watched: new payload, which may begin anywhere. */
IMTC_GLOBAL int imtc_watch_xmpp(struct imtc_view *v)
{
	struct imtc_label before;

	if (!v)
		return IMTC_NO;
	before = v->label;
	if (v->label.encryption == IMTC_ENCRYPTION_PENDING && imtc_byte(v, 0) == 0x16 &&
	    imtc_byte(v, 1) == 3) {
		/* What is said in there is not seen: the session carries chat. */
		v->label.encryption = IMTC_ENCRYPTION_ENCRYPTED;
		v->label.feature = imtc_feature_grow(v->label.feature, IMTC_FEATURE_CHAT);
		v->label.flags &= (u8)~IMTC_LABEL_WATCH;
		return IMTC_MATCH;
	}
	imtc_xmpp_look(v, 0);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_XMPP_H */
