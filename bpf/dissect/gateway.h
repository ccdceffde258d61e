/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IM by way of plain HTTP requests, which is how the services of the 2000s went
 * through proxies, told by what is posted:
 *
 *	MSN	"/gateway/gateway.dll", content type application/x-msn-messenger
 *	Yahoo	a YMSG packet, as over TCP
 *	OSCAR	a FLAP frame, or a packet of the proxies of AIM and ICQ: length, version
 *		0x0443, type (5: a FLAP frame is inside), six more bytes
 *	XMPP	BOSH (XEP-0124, XEP-0206): <body xmlns='http://jabber.org/protocol/httpbind'>
 *	GroupWise speaks in nothing else (groupwise.h)
 */
#ifndef IMTC_DISSECT_GATEWAY_H
#define IMTC_DISSECT_GATEWAY_H

#include "groupwise.h"
#include "http_walk.h"
#include "xmpp.h"

#define GATEWAY_OSCAR_VERSION 0x0443
#define GATEWAY_OSCAR_BYTES 14
#define GATEWAY_OSCAR_FLAP 5
#define GATEWAY_OSCAR_TYPE_MAX 7
/* Bytes of a body that tell what it is, but for XML. */
#define GATEWAY_BODY_BYTES 8
/* BOSH's namespace stands among the first attributes. */
#define GATEWAY_TAG_BYTES 768

struct gateway_find {
	u32 from;
	u8 answer;	/* NO: the tag ended without the namespace */
} IMTC_WALK;

static long gateway_find_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct gateway_find *f = imtc_walk_inner(v);
	u8 byte = imtc_byte(v, f->from + i);

	if (f->from + i >= v->len)
		return 1;
	if (byte == '>' || byte == 0)
		f->answer = IMTC_NO;
	else if (byte == 'j' && imtc_has(v, f->from + i, "jabber.org/protocol/httpbind"))
		f->answer = IMTC_MATCH;
	return f->answer != IMTC_MORE;
}

/* Is the tag whose attributes begin at i that of BOSH? */
static __always_inline int gateway_is_bosh(struct imtc_view *v, u32 i)
{
	struct gateway_find *f = imtc_walk_inner(v);

	f->from = i;
	f->answer = IMTC_MORE;
	imtc_loop(v, GATEWAY_TAG_BYTES, gateway_find_byte);
	return f->answer == IMTC_MORE && v->len > i + GATEWAY_TAG_BYTES ? IMTC_NO : f->answer;
}

static __always_inline int gateway_bosh(struct imtc_view *v, u32 body)
{
	int answer = gateway_is_bosh(v, body + 5);

	if (answer != IMTC_MATCH)
		return answer;
	v->layer = IMTC_LAYER_HTTP;
	imtc_label_set(v, IMTC_SERVICE_XMPP, IMTC_FEATURE_PRESENCE, IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH);
	imtc_xmpp_look(v, body);
	return IMTC_MATCH;
}

static __always_inline int gateway_peel(struct imtc_view *v, u32 skip)
{
	v->layer = IMTC_LAYER_HTTP;
	v->skip = skip;
	return IMTC_PEEL;
}

/* A packet of the proxies of AIM and ICQ, which fills the body. */
static __always_inline int gateway_oscar(struct imtc_view *v, const struct http_walk *w)
{
	u32 body = w->body, type = imtc_be16(v, body + 4);

	if (imtc_be16(v, body + 2) != GATEWAY_OSCAR_VERSION || type > GATEWAY_OSCAR_TYPE_MAX ||
	    (u32)imtc_be16(v, body) + 2 > w->length)
		return IMTC_NO;
	if (type == GATEWAY_OSCAR_FLAP)
		return gateway_peel(v, body + GATEWAY_OSCAR_BYTES);
	v->layer = IMTC_LAYER_HTTP;
	imtc_label_set(v, IMTC_SERVICE_OSCAR, IMTC_FEATURE_PRESENCE, IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH);
	return IMTC_MATCH;
}

static __always_inline int gateway_msn(struct imtc_view *v)
{
	v->layer = IMTC_LAYER_HTTP;
	imtc_label_set(v, IMTC_SERVICE_MSN, IMTC_FEATURE_PRESENCE, IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH);
	return IMTC_MATCH;
}

struct gateway_path {
	u32 from;
	u8 found;
} IMTC_WALK;

static long gateway_path_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct gateway_path *p = imtc_walk_inner(v);
	u8 byte = imtc_byte(v, p->from + i);

	if (byte == '/' && imtc_has(v, p->from + i, "/gateway/gateway.dll?"))
		p->found = 1;
	return p->found || byte <= ' ';
}

/* The target's path, behind a host where it has one. */
static __always_inline int gateway_is_msn(struct imtc_view *v, const struct http_walk *w,
					  u32 target)
{
	struct gateway_path *p = imtc_walk_inner(v);

	if (w->at[HTTP_TYPE_AT] &&
	    imtc_has_nocase(v, w->at[HTTP_TYPE_AT], "application/x-msn-messenger"))
		return 1;
	p->from = target;
	p->found = 0;
	imtc_loop(v, 128, gateway_path_byte);
	return p->found;
}

/*
 * A POST whose header has ended and was walked. NO: an ordinary request. No function
 * of its own: with the walk over XMPP inside, the verifier's eight frames are all used.
 */
static __always_inline int imtc_http_gateway(struct imtc_view *v, u32 target)
{
	const struct http_walk *w;
	u32 body;

	if (!v)
		return IMTC_NO;
	w = imtc_walk(v);
	body = w->body;
	if (gateway_is_msn(v, w, target))
		return gateway_msn(v);
	if (!w->at[HTTP_LENGTH_AT])
		return imtc_has(v, w->version, "HTTP/1.0") ? imtc_groupwise(v, target, body) :
							     IMTC_NO;
	if (w->length < GATEWAY_BODY_BYTES)
		return IMTC_NO;
	if (v->len < body + GATEWAY_BODY_BYTES)
		return v->complete ? IMTC_NO : IMTC_MORE;
	if (imtc_has(v, body, "<body"))
		return gateway_bosh(v, body);
	if (imtc_has(v, body, "YMSG") ||
	    (imtc_byte(v, body) == 0x2a && imtc_byte(v, body + 1) - 1U < 5))
		return gateway_peel(v, body);
	return gateway_oscar(v, w);
}

#endif /* IMTC_DISSECT_GATEWAY_H */
