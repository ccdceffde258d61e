/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP/1.x (RFC 9112 3): the host that is asked, from the request's target
 * (absolute form) or the Host field. Answers NAMED; before the header has ended with
 * IMTC_LABEL_WATCH, for the rest of it may tell more.
 *
 * CONNECT (RFC 9110 9.3.6) and its reply are peeled, as are an upgrade to
 * WebSocket (RFC 6455 1.3) and its reply. What IM services make of plain requests
 * is in gateway.h and http_path.h. User-Agent is the client's name, and by itself an
 * answer where no host is named: the signatures know programs too.
 */
#ifndef IMTC_DISSECT_HTTP_H
#define IMTC_DISSECT_HTTP_H

#include "http_walk.h"
#include "gateway.h"
#include "http_path.h"

/*
 * The request's method, as an IMTC_WORD with the length of what stands before its
 * target. A function of its own: no method multiplies what the verifier follows.
 */
IMTC_GLOBAL int imtc_http_method(struct imtc_view *v)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define HTTP_METHOD(word) (best = IMTC_TRY(imtc_match, v, 0, word " ", 0, best))
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
	return best;
}

static __always_inline int http_peel(struct imtc_view *v, const struct http_walk *w, u16 layer)
{
	v->label.encryption = IMTC_ENCRYPTION_UNKNOWN;
	if (w->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	v->layer = layer;
	v->skip = w->body;
	return IMTC_PEEL;
}

/* The whole of a CONNECT request is waited for: nothing gets through before it. */
static __always_inline int http_connect(struct imtc_view *v, const struct http_walk *w, u32 target)
{
	int named;

	if (!http_has_ended(v, w) && !v->complete)
		return IMTC_MORE;
	named = imtc_domain_find(v, target);
	if (http_has_ended(v, w))
		return http_peel(v, w, IMTC_LAYER_CONNECT);
	v->label.confidence = IMTC_CONFIDENCE_NAME;
	return named ? IMTC_NAMED : IMTC_NO;
}

/* The service of a registered subprotocol, as an IMTC_WORD. */
IMTC_GLOBAL int imtc_http_subprotocol(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define HTTP_SUBPROTOCOL(literal, service) \
	(best = IMTC_TRY(imtc_match_nocase, v, i, literal, service, best))
	HTTP_SUBPROTOCOL("xmpp", IMTC_SERVICE_XMPP);			/* RFC 7395 3.1 */
	HTTP_SUBPROTOCOL("sip", IMTC_SERVICE_SIP);			/* RFC 7118 4.1 */
	HTTP_SUBPROTOCOL("msrp", IMTC_SERVICE_MSRP);			/* RFC 7977 4.1 */
	HTTP_SUBPROTOCOL("text.ircv3.net", IMTC_SERVICE_IRC);		/* IRCv3 WebSocket */
	HTTP_SUBPROTOCOL("binary.ircv3.net", IMTC_SERVICE_IRC);
#undef HTTP_SUBPROTOCOL
	return best;
}

/* A name that no signature knows may still be that of a service by its subprotocol. */
static __always_inline int http_upgrade(struct imtc_view *v, const struct http_walk *w)
{
	int word = IMTC_NO;
	u8 next;

	if (w->at[HTTP_SUBPROTOCOL_AT])
		word = imtc_http_subprotocol(v, w->at[HTTP_SUBPROTOCOL_AT]);
	if (imtc_word_answer(word) == IMTC_MATCH) {
		next = imtc_byte(v, w->at[HTTP_SUBPROTOCOL_AT] + imtc_word_len(word));
		if (next == '\r' || next == '\n' || next == ' ' || next == ',') {
			imtc_label_set(v, (u16)imtc_word_meaning(word), IMTC_FEATURE_CHAT,
				       IMTC_ENCRYPTION_CLEAR, 0);
			v->label.confidence = IMTC_CONFIDENCE_NAME;
		}
	}
	v->layer = IMTC_LAYER_WEBSOCKET;
	v->skip = w->body;
	return IMTC_PEEL;
}

/* Where the name of the host begins that is asked; 0: nowhere, or its line is cut. */
static __always_inline u32 http_host(const struct imtc_view *v, const struct http_walk *w,
				     u32 target)
{
	if (imtc_has_nocase(v, target, "http://"))
		return target + 7;
	return w->at[HTTP_HOST_AT] < w->line ? w->at[HTTP_HOST_AT] : 0;
}

static __always_inline int http_named(struct imtc_view *v, const struct http_walk *w, u32 target)
{
	u32 host = http_host(v, w, target);

	if (!(host && imtc_domain_find(v, host)) && !(v->client_len && http_has_ended(v, w)))
		return http_has_ended(v, w) ? IMTC_NO : IMTC_MORE;
	v->label.encryption = IMTC_ENCRYPTION_CLEAR;
	v->label.confidence = IMTC_CONFIDENCE_NAME;
	if (!http_has_ended(v, w))
		v->label.flags |= IMTC_LABEL_WATCH;
	return IMTC_NAMED;
}

static __always_inline int http_request(struct imtc_view *v)
{
	const struct http_walk *w = imtc_walk(v);
	int answer, method = imtc_http_method(v);
	u32 target = imtc_word_len(method), host;

	if (imtc_word_answer(method) != IMTC_MATCH)
		return imtc_word_answer(method);
	imtc_http_walk(v);
	if (!w->line)
		return w->answer;
	if (imtc_byte(v, 0) == 'C')
		return http_connect(v, w, target);
	if (w->at[HTTP_AGENT_AT] && w->at[HTTP_AGENT_AT] < w->line)
		imtc_client_take(v, w->at[HTTP_AGENT_AT], IMTC_CLIENT_BYTES);
	if (!http_has_ended(v, w))
		return http_named(v, w, target);
	host = http_host(v, w, target);
	answer = http_path(v, w, target);
	if (answer == IMTC_NO && imtc_has_nocase(v, w->at[HTTP_UPGRADE_AT], "websocket"))
		answer = http_upgrade(v, w);
	else if (answer == IMTC_NO && imtc_byte(v, 1) == 'O')
		answer = imtc_http_gateway(v, target);
	if (answer == IMTC_NO)
		return http_named(v, w, target);
	if (host && answer != IMTC_MORE)
		imtc_domain_find(v, host);
	return answer;
}

/*
 * A reply: to CONNECT "2xx" opens the tunnel (RFC 9110 9.3.6); another status, of
 * which the body is known, is followed by a better request. "101" is the upgrade.
 */
static __always_inline int http_reply(struct imtc_view *v)
{
	const struct http_walk *w = imtc_walk(v);
	int answer = imtc_match(v, 0, "HTTP/1.");

	if (!(v->via & (IMTC_LAYER_CONNECT | IMTC_LAYER_WEBSOCKET)))
		return IMTC_NO;
	if (answer != IMTC_MATCH)
		return answer;
	imtc_http_walk(v);
	if (!http_has_ended(v, w))
		return w->answer;
	v->skip = w->body;
	if (v->via & IMTC_LAYER_WEBSOCKET && imtc_has(v, 9, "101")) {
		v->layer = IMTC_LAYER_WEBSOCKET;
		return IMTC_PEEL;
	}
	if (!(v->via & IMTC_LAYER_CONNECT))
		return IMTC_NO;
	v->layer = IMTC_LAYER_CONNECT;
	if (imtc_byte(v, 9) == '2')
		return IMTC_PEEL;
	if (!w->at[HTTP_LENGTH_AT])
		return IMTC_NO;
	v->skip += w->length;
	return IMTC_PEEL;
}

IMTC_DISSECTOR(http)(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	return v->direction == IMTC_DIR_SERVER ? http_reply(v) : http_request(v);
}

#endif /* IMTC_DISSECT_HTTP_H */
