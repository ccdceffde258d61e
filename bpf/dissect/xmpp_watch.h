/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows an XMPP stream's open tag: STARTTLS (RFC 6120 5), stanzas in clear,
 * PLAIN passwords, the client's name, and what is negotiated: XEP-0095/0096 stream
 * initiation, XEP-0047 in-band bytes, XEP-0065 SOCKS5 bytes, XEP-0234 and XEP-0167
 * Jingle, Google's older calls; where peers say that they listen.
 */
#ifndef IMTC_DISSECT_XMPP_WATCH_H
#define IMTC_DISSECT_XMPP_WATCH_H

#include "client.h"
#include "expect.h"

/* xmpp_look.found */
#define XMPP_STANZA 0x01	/* something that STARTTLS would have hidden */
#define XMPP_PASSWORD 0x02
#define XMPP_KNOWN 0x04		/* any element of XMPP */

/* xmpp_look.in: the element whose attributes are read */
enum xmpp_in {
	XMPP_IN_OTHER,
	XMPP_IN_CANDIDATE,	/* of Jingle (XEP-0176, XEP-0260) or of Google's calls */
	XMPP_IN_STREAMHOST,	/* of SOCKS5 bytes (XEP-0065) */
	XMPP_IN_CAPS,		/* <c/>, entity capabilities (XEP-0115) */
};

#define XMPP_ENDS 2

/* Where a peer says that it listens. Offsets of the attributes' values, 0: not seen. */
struct xmpp_end {
	u16 host;
	u16 port;
	u8 l4;
	u8 file;
};

struct xmpp_look {
	u32 from;
	u32 open;		/* where the tag begins that is not yet closed, + 1; 0: none */
	u16 hold;		/* so the element whose text is wanted */
	u16 query;		/* and so that of jabber:iq:version, until it ends */
	u16 name;		/* texts of jabber:iq:version (XEP-0092), of <bind/>, of <c/> */
	u16 version;
	u16 resource;
	u16 node;
	struct xmpp_end end[XMPP_ENDS];
	struct xmpp_end now;	/* of the tag that is read */
	u8 ends;		/* entries in end */
	u8 in;
	u8 asks_version;	/* jabber:iq:version was seen */
	u8 bytes;		/* the tag's namespace is that of SOCKS5 bytes */
	u8 sid;			/* the tag names a session */
	u8 google;		/* a namespace that Google's servers alone have */
	u8 feature;
	u8 found;
} IMTC_WALK;
IMTC_WALK_FITS(struct xmpp_look);

static __always_inline void xmpp_feature(struct xmpp_look *l, u8 feature)
{
	l->feature = imtc_feature_grow(l->feature, feature);
}

/* The text behind an opening tag is wanted: all of it must be seen. */
static __always_inline u16 xmpp_text(struct xmpp_look *l, u32 i, u32 tag)
{
	l->hold = (u16)i;
	return (u16)(i + tag);
}

#define XMPP_PREFIX_BYTES 16

/*
 * The tag at i: MATCH where a client says it before TLS too - its stream, STARTTLS
 * (RFC 6120 4.2, 5.4), RFC 7395's <open/>, the end of a tag - MORE where it is cut.
 */
IMTC_GLOBAL int imtc_xmpp_may_precede(struct imtc_view *v, u32 i)
{
	int word;

	if (!v)
		return IMTC_NO;
	if (i >= v->len)
		return IMTC_MORE;
	if (imtc_byte(v, i) == '/' || imtc_byte(v, i) == '?')
		return IMTC_MATCH;
	word = IMTC_TRY(imtc_match, v, i, "starttls", 0, IMTC_NO);
	word = IMTC_TRY(imtc_match, v, i, "stream", 0, word);
	word = IMTC_TRY(imtc_match, v, i, "open ", 0, word);
	/* The stream's namespace may have another prefix. */
	for (u32 k = 0; k < XMPP_PREFIX_BYTES && imtc_word_answer(word) == IMTC_NO; k++) {
		u8 c = imtc_byte(v, i + k);

		if (c == ':')
			return imtc_match(v, i + k + 1, "stream");
		if (i + k >= v->len)
			return IMTC_MORE;
		if (c <= ' ' || c == '>' || c == '/')
			break;
	}
	return imtc_word_answer(word);
}

/* At a <. Global, as those below: verified once, not once a way that leads here. */
IMTC_GLOBAL int imtc_xmpp_element(struct imtc_view *v, u32 i)
{
	struct xmpp_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
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
		else if (imtc_has(v, i, "candidate "))
			l->in = XMPP_IN_CANDIDATE;
		else if (imtc_byte(v, i + 1) == ' ')
			l->in = XMPP_IN_CAPS;
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
	case 'n':
		if (imtc_has(v, i, "name>"))
			l->name = xmpp_text(l, i, 5);
		break;
	case 'r':
		if (imtc_has(v, i, "response "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		else if (imtc_has(v, i, "resource>"))
			l->resource = xmpp_text(l, i, 9);
		break;
	case 's':
		if (imtc_has(v, i, "success "))
			l->found |= XMPP_STANZA | XMPP_KNOWN;
		else if (imtc_has(v, i, "stream:features"))
			l->found |= XMPP_KNOWN;
		else if (imtc_has(v, i, "streamhost "))
			l->in = XMPP_IN_STREAMHOST;
		break;
	case 'v':
		if (imtc_has(v, i, "version>"))
			l->version = xmpp_text(l, i, 8);
		break;
	}
	return 0;
}

/* At the value of an xmlns or a profile: what is asked for, not what is able to be. */
IMTC_GLOBAL int imtc_xmpp_namespace(struct imtc_view *v, u32 i)
{
	struct xmpp_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
	if (imtc_has(v, i, "http://jabber.org/protocol/")) {
		i += sizeof("http://jabber.org/protocol/") - 1;
		if (imtc_has(v, i, "si/profile/file-transfer") || imtc_has(v, i, "ibb"))
			xmpp_feature(l, IMTC_FEATURE_FILE);
		else if (imtc_has(v, i, "bytestreams"))
			l->bytes = 1;
	} else if (imtc_has(v, i, "urn:xmpp:jingle:apps:file-transfer") ||
		   imtc_has(v, i, "urn:xmpp:http:upload:") ||	/* XEP-0363 */
		   imtc_has(v, i, "jabber:iq:oob")) {		/* XEP-0066 */
		xmpp_feature(l, IMTC_FEATURE_FILE);
	} else if (imtc_has(v, i, "jabber:iq:version")) {
		l->asks_version = 1;
		if (v->direction == IMTC_DIR_CLIENT)
			l->query = (u16)l->open;
	} else if (imtc_has(v, i, "google:")) {
		l->google = v->direction == IMTC_DIR_SERVER;
	} else if (imtc_has(v, i, "http://www.google.com/session/")) {
		i += sizeof("http://www.google.com/session/") - 1;
		if (imtc_has(v, i, "phone"))
			xmpp_feature(l, IMTC_FEATURE_VOICE);
		else if (imtc_has(v, i, "video"))
			xmpp_feature(l, IMTC_FEATURE_VIDEO);
		else if (imtc_has(v, i, "share"))
			xmpp_feature(l, IMTC_FEATURE_FILE);
	}
	return 0;
}

/* Ends of candidates: ip or address, host; port; protocol, which is UDP where not told. */
IMTC_GLOBAL int imtc_xmpp_candidate(struct imtc_view *v, u32 i)
{
	struct xmpp_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
	if (imtc_has(v, i - 5, " port"))
		l->now.port = (u16)(i + 2);
	else if (imtc_has(v, i - 3, " ip") || imtc_has(v, i - 5, " host") ||
		 imtc_has(v, i - 8, " address"))
		l->now.host = (u16)(i + 2);
	else if (imtc_has(v, i - 9, " protocol") && imtc_has(v, i + 2, "tcp"))
		l->now.l4 = IMTC_L4_TCP;
	return 0;
}

/* At the = of an attribute whose value begins at i + 2. */
static __always_inline void xmpp_pair(struct imtc_view *v, struct xmpp_look *l, u32 i)
{
	if (i < 9)
		return;
	if (imtc_has(v, i - 5, "xmlns") || imtc_has(v, i - 7, "profile")) {
		imtc_xmpp_namespace(v, i + 2);
	} else if (imtc_has(v, i - 4, " sid")) {
		l->sid = 1;
	} else if (imtc_has(v, i - 5, "media")) {
		if (imtc_has(v, i + 2, "audio"))
			xmpp_feature(l, IMTC_FEATURE_VOICE);
		else if (imtc_has(v, i + 2, "video"))
			xmpp_feature(l, IMTC_FEATURE_VIDEO);
	} else if (imtc_has(v, i - 9, "mechanism") && imtc_has(v, i + 2, "PLAIN")) {
		l->found |= XMPP_PASSWORD;
	} else if (l->in == XMPP_IN_CAPS) {
		if (imtc_has(v, i - 5, " node"))
			l->node = (u16)(i + 2);
	} else if (l->in != XMPP_IN_OTHER) {
		imtc_xmpp_candidate(v, i);
	}
}

/* At a >: a candidate that has an end is kept. */
static __always_inline void xmpp_close(const struct imtc_view *v, struct xmpp_look *l, u32 i)
{
	/* Asked, in an element without content, or answered. */
	if (l->query && (imtc_byte(v, i - 1) == '/' || imtc_has(v, l->open, "/query")))
		l->query = 0;
	l->open = 0;
	/* Without a session a proxy is asked where it is: no bytes yet (XEP-0065 6.2). */
	if (l->bytes && l->sid)
		xmpp_feature(l, IMTC_FEATURE_FILE);
	if (l->in == XMPP_IN_STREAMHOST)
		l->now.l4 = IMTC_L4_TCP;
	l->now.file = l->in == XMPP_IN_STREAMHOST;
	if (l->now.host && l->now.port && l->ends < XMPP_ENDS) {
		l->end[l->ends & (XMPP_ENDS - 1)] = l->now;
		l->ends++;
	}
	l->in = XMPP_IN_OTHER;
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
	if (c == '<') {
		l->open = i + 1;
		l->hold = 0;
		l->bytes = 0;
		l->sid = 0;
		l->in = XMPP_IN_OTHER;
		l->now = (struct xmpp_end){ .l4 = IMTC_L4_UDP };
		if (v->direction == IMTC_DIR_CLIENT &&
		    v->label.encryption == IMTC_ENCRYPTION_PENDING &&
		    imtc_xmpp_may_precede(v, i + 1) == IMTC_NO)
			l->found |= XMPP_STANZA;
		imtc_xmpp_element(v, i + 1);
	} else if (c == '>') {
		xmpp_close(v, l, i);
	} else if (c == '=') {
		xmpp_pair(v, l, i);
	}
	return 0;
}

/*
 * Reads on from `from`, in clear, and grows the label; returns XMPP_* of what it
 * found. A tag that is cut is asked for again, and so is a text that is wanted.
 */
IMTC_GLOBAL int imtc_xmpp_look(struct imtc_view *v, u32 from)
{
	struct xmpp_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
	*l = (struct xmpp_look){ .from = from, .feature = v->label.feature };
	imtc_loop(v, IMTC_VIEW_BYTES, xmpp_look_byte);
	if (l->query)
		v->skip = l->query - 1U;
	else if (l->hold)
		v->skip = l->hold - 1U;
	else if (l->open)
		v->skip = l->open - 1U;
	v->label.feature = l->feature;
	if (l->google && v->label.service == IMTC_SERVICE_XMPP)
		v->label.service = IMTC_SERVICE_GTALK;
	if (l->found & XMPP_PASSWORD)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	if ((l->found & XMPP_STANZA) && v->label.encryption != IMTC_ENCRYPTION_ENCRYPTED)
		v->label.encryption = IMTC_ENCRYPTION_CLEAR;
	return l->found;
}

/* --- what was found --------------------------------------------------------------- */

/* The client's answer to jabber:iq:version, or the node of its capabilities, or its resource. */
IMTC_GLOBAL int imtc_xmpp_client(struct imtc_view *v)
{
	const struct xmpp_look *l;
	u32 version;

	if (!v)
		return 0;
	l = imtc_walk(v);
	version = l->version;
	if (l->asks_version && l->name) {
		imtc_client_text(v, l->name, IMTC_CLIENT_MAX, '<');
		if (version) {
			imtc_client_put(v, ' ');
			imtc_client_text(v, version, IMTC_CLIENT_MAX, '<');
		}
	} else if (l->node) {
		imtc_client_text(v, l->node, IMTC_CLIENT_MAX, imtc_byte(v, l->node - 1U));
	} else if (l->resource) {
		imtc_client_text(v, l->resource, IMTC_CLIENT_MAX, '<');
	}
	return 0;
}

/* Announces one end. */
IMTC_GLOBAL int imtc_xmpp_end(struct imtc_view *v, u32 n)
{
	const struct xmpp_end *end;
	const struct xmpp_look *l;
	u32 port, feature;

	if (!v)
		return 0;
	l = imtc_walk(v);
	end = &l->end[n & (XMPP_ENDS - 1)];
	feature = v->label.feature;
	if (end->file || feature == IMTC_FEATURE_CHAT)
		feature = IMTC_FEATURE_FILE;
	port = imtc_port_read(v, end->port);
	return imtc_address_read(v, end->host) ? imtc_expect_read(v, port, end->l4, feature) : 0;
}

/* New payload, which may begin anywhere. */
IMTC_GLOBAL int imtc_watch_xmpp(struct imtc_view *v)
{
	const struct xmpp_look *l;
	struct imtc_label before;
	int answer;

	if (!v)
		return IMTC_NO;
	before = v->label;
	if (v->label.encryption == IMTC_ENCRYPTION_PENDING) {
		answer = imtc_watch_tls(v);
		if (answer == IMTC_MATCH)
			v->label.feature = imtc_feature_grow(v->label.feature, IMTC_FEATURE_CHAT);
		if (answer != IMTC_NO)
			return answer;
	}
	imtc_xmpp_look(v, 0);
	l = imtc_walk(v);
	if (!l->hold && !l->query && v->direction == IMTC_DIR_CLIENT)
		imtc_xmpp_client(v);
	if (l->ends > 0)
		imtc_xmpp_end(v, 0);
	if (l->ends > 1)
		imtc_xmpp_end(v, 1);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_XMPP_WATCH_H */
