/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STUN and TURN (RFC 8489, RFC 8656) as carriers of calls. STUN itself is no IM,
 * many things ask for their address by it. A service is told by what it alone puts
 * in: private messages and attributes, the realm of its relays, its user names.
 *
 *	WhatsApp	messages 0x0800..0x0805; attributes 0x4000..0x4007 where relays
 *			are asked; between peers, bindings with MESSAGE-INTEGRITY alone
 *	Teams, Skype	MS-TURN's magic cookie; MS-ICE2 and MS-TURN attributes
 *	Zoom		attributes 0x0101 and 0x0103 without the cookie; user names that
 *			are two UUIDs
 *	Google Meet	attributes 0xff03, 0xff05; USERNAME in the answer to a binding, as
 *			before RFC 5389
 *	Jitsi		SOFTWARE "ice4j.org"
 *
 * What asks for a relay, and ICE's checks between peers (RFC 8445 7), are a call
 * of a service not told: an open label, for what follows may tell.
 */
#ifndef IMTC_DISSECT_STUN_H
#define IMTC_DISSECT_STUN_H

#include "scan.h"

#define STUN_HEADER_BYTES 20
#define STUN_COOKIE 0x2112a442
#define STUN_ATTRIBUTES 32

/* Messages (RFC 8489 18.2, RFC 8656 17). */
#define STUN_BINDING 0x0001
#define STUN_BOUND 0x0101
#define STUN_ALLOCATE 0x0003
#define STUN_ALLOCATED 0x0103
#define STUN_ALLOCATE_FAILED 0x0113
#define STUN_REFRESH 0x0004
#define STUN_CREATE_PERMISSION 0x0008
#define STUN_BIND_CHANNEL 0x0009
#define STUN_SEND 0x0016
#define STUN_DATA 0x0017
/* RFC 8489 5: the bits of a type that are not its class; Send, of which there are indications. */
#define STUN_METHOD 0x3eef
#define STUN_METHOD_SEND 0x0006

/* [MS-TURN] 2.2.2.7: the value of its attribute 0x000f. */
#define STUN_MICROSOFT 0x72c64bc6

/* stun_walk.seen */
#define STUN_SEEN_INTEGRITY 0x01
#define STUN_SEEN_ICE 0x02	/* RFC 8445 16.1 */
#define STUN_SEEN_TRANSPORT 0x04
#define STUN_SEEN_RELAYED 0x08
#define STUN_SEEN_PEER 0x10

struct stun_walk {
	u32 base;	/* the message begins here: behind the framing of a stream */
	u32 pos;
	u32 end;
	u32 realm;	/* where it stands, 0: not there; and its end */
	u32 realm_end;
	u32 user;
	u32 user_end;
	u16 type;
	u8 service;
	u8 feature;
	u8 has_cookie;
	u8 seen;
	u8 attributes;
} IMTC_WALK;
IMTC_WALK_FITS(struct stun_walk);

/* --- attributes ----------------------------------------------------------------- */

/*
 * RFC 8489 14.2: the port and the address, covered by the cookie and the transaction.
 * Returns whether they are one.
 */
static __always_inline int stun_expect(struct imtc_view *v, const struct stun_walk *w, u32 len)
{
	struct imtc_expect *e = &v->expect[v->expects & (IMTC_EXPECTS_MAX - 1)];
	u8 *port = (u8 *)&e->port, *address = (u8 *)e->addr;
	u32 family = imtc_byte(v, w->pos + 5), at = w->pos + 8, key = w->base + 4;

	if ((family == 1 && len != 8) || (family == 2 && len != 20) || family < 1 || family > 2 ||
	    !w->has_cookie)
		return 0;
	if (v->expects >= IMTC_EXPECTS_MAX)
		return 1;
	__builtin_memset(e, 0, sizeof(*e));
	port[0] = imtc_byte(v, w->pos + 6) ^ imtc_byte(v, key);
	port[1] = imtc_byte(v, w->pos + 7) ^ imtc_byte(v, key + 1);
	if (family == 1) {
		address[10] = address[11] = 0xff;
		IMTC_UNROLL
		for (u32 i = 0; i < 4; i++)
			address[12 + i] = imtc_byte(v, at + i) ^ imtc_byte(v, key + i);
	} else {
		IMTC_UNROLL
		for (u32 i = 0; i < 16; i++)
			address[i] = imtc_byte(v, at + i) ^ imtc_byte(v, key + i);
	}
	e->l4 = IMTC_L4_UDP;
	e->feature = IMTC_FEATURE_VOICE;
	v->expects++;
	return 1;
}

/* What a private attribute is the mark of. */
static __always_inline u8 stun_private(const struct imtc_view *v, struct stun_walk *w, u32 type,
				       u32 len)
{
	switch (type) {
	case 0x000f:
		return len == 4 && imtc_be32(v, w->pos + 4) == STUN_MICROSOFT ? IMTC_SERVICE_TEAMS :
										IMTC_SERVICE_NONE;
	case 0x8054:
	case 0x8055:
	case 0x8070:
	case 0x8095:
		return IMTC_SERVICE_TEAMS;
	case 0xff03:
		return IMTC_SERVICE_GOOGLEMEET;
	case 0xff05:
		return imtc_has(v, w->pos + 4, "TY_") ? IMTC_SERVICE_GOOGLEMEET : IMTC_SERVICE_NONE;
	case 0x0101:
		return !w->has_cookie && imtc_has(v, w->pos + 4, "1234567890") ? IMTC_SERVICE_ZOOM :
										IMTC_SERVICE_NONE;
	case 0x0103:
		return !w->has_cookie && w->type == 2 && len == 8 &&
		       imtc_be16(v, w->pos + 4) == 1 ? IMTC_SERVICE_ZOOM : IMTC_SERVICE_NONE;
	case 0x8022:
		return len == 9 && imtc_has(v, w->pos + 4, "ice4j.org") ? IMTC_SERVICE_JITSI :
									 IMTC_SERVICE_NONE;
	}
	if (type >= 0x4000 && type <= 0x4007 && w->has_cookie && len >= 8 &&
	    (w->type == STUN_ALLOCATE || w->type == STUN_ALLOCATED))
		return IMTC_SERVICE_WHATSAPP;
	return IMTC_SERVICE_NONE;
}

/* What a standard attribute adds (RFC 8489 18.3, RFC 8656 18, RFC 8445 16.1). */
static __always_inline void stun_standard(struct imtc_view *v, struct stun_walk *w, u32 type,
					  u32 len)
{
	switch (type) {
	case 0x0006:	/* USERNAME */
		w->user = w->pos + 4;
		w->user_end = w->user + len;
		break;
	case 0x0008:
		w->seen |= STUN_SEEN_INTEGRITY;
		break;
	case 0x0012:	/* XOR-PEER-ADDRESS */
		if (stun_expect(v, w, len))
			w->seen |= STUN_SEEN_PEER;
		break;
	case 0x0014:	/* REALM */
		w->realm = w->pos + 4;
		w->realm_end = w->realm + len;
		break;
	case 0x0016:	/* XOR-RELAYED-ADDRESS */
		if (stun_expect(v, w, len))
			w->seen |= STUN_SEEN_RELAYED;
		break;
	case 0x0019:
		w->seen |= STUN_SEEN_TRANSPORT;
		break;
	case 0x0024:	/* PRIORITY, USE-CANDIDATE, ICE-CONTROLLED, ICE-CONTROLLING */
	case 0x0025:
	case 0x8029:
	case 0x802a:
		w->seen |= STUN_SEEN_ICE;
		break;
	}
}

static long stun_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct stun_walk *w = imtc_walk(v);
	u32 type = imtc_be16(v, w->pos), len = imtc_be16(v, w->pos + 2);

	(void)turn;
	if (w->pos + 4 > w->end || w->pos + 4 + len > w->end)
		return 1;
	w->attributes++;
	w->service = stun_private(v, w, type, len);
	stun_standard(v, w, type, len);
	w->pos += 4 + ((len + 3) & ~3U);
	return w->service != IMTC_SERVICE_NONE;
}

/* --- what they say together ------------------------------------------------------ */

/* The service whose relays have that realm. */
IMTC_GLOBAL int stun_realm(const struct imtc_view *v, u32 start, u32 end)
{
	if (!v || end < start + 8)
		return IMTC_SERVICE_NONE;
	if (imtc_has(v, start, "telegram"))
		return IMTC_SERVICE_TELEGRAM;
	if (end >= start + 9 && imtc_has(v, end - 9, "viber.com"))
		return IMTC_SERVICE_VIBER;
	if (end >= start + 10 && imtc_has(v, end - 10, "signal.org"))
		return IMTC_SERVICE_SIGNAL;
	if (end == start + 15 && imtc_has(v, start, "turner.facebook"))
		return IMTC_SERVICE_MESSENGER;
	if (end == start + 17 && imtc_has(v, start, "turn.l.google.com"))
		return IMTC_SERVICE_GOOGLEMEET;
	if (end >= start + 18 && imtc_has(v, end - 18, "whispersystems.org"))
		return IMTC_SERVICE_SIGNAL;
	return IMTC_SERVICE_NONE;
}

/* Hyphens where a UUID has them (RFC 9562 4), upper case where letters are. */
static __always_inline int stun_is_uuid(const struct imtc_view *v, u32 at)
{
	return imtc_byte(v, at + 8) == '-' && imtc_byte(v, at + 13) == '-' &&
	       imtc_byte(v, at + 18) == '-' && imtc_byte(v, at + 23) == '-' &&
	       imtc_byte(v, at) <= 'F' && imtc_byte(v, at + 35) <= 'F';
}

/* By what is said in the message as a whole. */
static __always_inline u8 stun_service(const struct imtc_view *v, const struct stun_walk *w)
{
	u32 user = w->user_end - w->user;

	if (!w->has_cookie)
		return IMTC_SERVICE_NONE;
	if (w->realm)
		return (u8)stun_realm(v, w->realm, w->realm_end);
	/* With a password there is a user to whom it belongs (RFC 8489 9.1.2): not here. */
	if ((w->type == STUN_BINDING || w->type == STUN_BOUND) && w->attributes == 1 &&
	    w->seen == STUN_SEEN_INTEGRITY && w->end == w->base + STUN_HEADER_BYTES + 24)
		return IMTC_SERVICE_WHATSAPP;
	if (w->type == STUN_BOUND && user && w->seen == STUN_SEEN_INTEGRITY)
		return IMTC_SERVICE_GOOGLEMEET;
	if (w->type == STUN_BINDING && user == 73 && imtc_byte(v, w->user + 36) == ':' &&
	    stun_is_uuid(v, w->user) && stun_is_uuid(v, w->user + 37))
		return IMTC_SERVICE_ZOOM;
	return IMTC_SERVICE_NONE;
}

/* A call, whosever it is. */
static __always_inline int stun_is_call(const struct stun_walk *w)
{
	if (!w->has_cookie)
		return 0;
	switch (w->type) {
	case STUN_BINDING:
		return w->user && w->seen & STUN_SEEN_ICE && w->seen & STUN_SEEN_INTEGRITY;
	case STUN_ALLOCATE:
		return w->seen & STUN_SEEN_TRANSPORT;
	case STUN_ALLOCATED:
		return w->seen & STUN_SEEN_RELAYED;
	case STUN_ALLOCATE_FAILED:
		return w->realm != 0;
	case STUN_CREATE_PERMISSION:
	case STUN_BIND_CHANNEL:
	case STUN_SEND:
	case STUN_DATA:
		return w->seen & STUN_SEEN_PEER;
	}
	return 0;
}

/* --- the message ------------------------------------------------------------------ */

/*
 * The header: two zero bits, a type, the length of what follows in words, the
 * cookie. `base` bytes of framing stand in front of it.
 */
IMTC_GLOBAL int stun_header(const struct imtc_view *v, u32 base)
{
	u32 len;

	if (!v)
		return IMTC_NO;
	len = imtc_be16(v, base + 2);
	if (imtc_byte(v, base) > 0x3f || (v->len > base + 1 && imtc_be16(v, base) == 0))
		return IMTC_NO;
	if (v->l4 == IMTC_L4_TCP && v->len > base + 4 &&
	    imtc_match(v, base + 4, "\x21\x12\xa4\x42") == IMTC_NO)
		return IMTC_NO;
	if (v->len >= base + 4 && len & 3 && imtc_byte(v, base + 1) != 0x13 &&
	    imtc_byte(v, base + 1) != 0x03)
		return IMTC_NO;	/* Teams' relays count no padding in their responses */
	if (v->len < base + STUN_HEADER_BYTES)
		return IMTC_MORE;
	/* Without the cookie (RFC 3489) a message must at least be the whole datagram. */
	if (imtc_be32(v, base + 4) != STUN_COOKIE &&
	    (v->l4 != IMTC_L4_UDP || v->len != STUN_HEADER_BYTES + len))
		return IMTC_NO;
	return v->len < base + STUN_HEADER_BYTES + len ? IMTC_MORE : IMTC_MATCH;
}

/*
 * Over TCP a message stands alone (RFC 8489 6.2.2), behind its length (RFC 4571 2,
 * which ICE uses: RFC 6544 3), or behind type, zero and length ([MS-TURN] 2.1).
 */
static __always_inline int stun_begin(const struct imtc_view *v, struct stun_walk *w)
{
	int answer = stun_header(v, 0), framed;

	if (v->l4 != IMTC_L4_TCP || answer == IMTC_MATCH)
		return answer;
	w->base = imtc_byte(v, 0) == 0x02 ? 4 : 2;
	if (w->base == 4 && v->len > 1 && imtc_byte(v, 1))
		return answer;
	framed = stun_header(v, w->base);
	if (framed == IMTC_MATCH && imtc_be16(v, w->base - 2) !=
				    STUN_HEADER_BYTES + imtc_be16(v, w->base + 2))
		return IMTC_NO;
	return framed > answer ? framed : answer;
}

/* Methods of a relay (RFC 8656 17), in any class (RFC 8489 5): the call goes through it. */
static __always_inline int stun_is_turn(const struct stun_walk *w)
{
	u16 method = w->type & STUN_METHOD;

	return method == STUN_ALLOCATE || method == STUN_REFRESH ||
	       (method >= STUN_METHOD_SEND && method <= STUN_BIND_CHANNEL);
}

static __always_inline int stun_label(struct imtc_view *v, const struct stun_walk *w)
{
	if (!w->service && !stun_is_call(w))
		return IMTC_NO;
	if (stun_is_turn(w))
		v->layer = IMTC_LAYER_TURN;
	if (w->service) {
		/* What asks a relay goes on to tell it the peers: asked on, for their addresses. */
		imtc_label_set(v, w->service, w->feature, IMTC_ENCRYPTION_ENCRYPTED,
			       w->realm && v->l4 == IMTC_L4_UDP ? IMTC_LABEL_OPEN : 0);
		return IMTC_MATCH;
	}
	imtc_label_set(v, IMTC_SERVICE_VOIP, IMTC_FEATURE_VOICE, IMTC_ENCRYPTION_UNKNOWN,
		       IMTC_LABEL_OPEN);
	return IMTC_MATCH;
}

IMTC_DISSECTOR(stun)(struct imtc_view *v)
{
	struct stun_walk *w;
	int answer;

	if (!v)
		return IMTC_NO;
	w = imtc_walk(v);
	*w = (struct stun_walk){ .feature = IMTC_FEATURE_VOICE };
	answer = stun_begin(v, w);
	if (answer != IMTC_MATCH)
		return answer;
	w->type = imtc_be16(v, w->base);
	w->pos = w->base + STUN_HEADER_BYTES;
	w->end = w->pos + imtc_be16(v, w->base + 2);
	w->has_cookie = imtc_be32(v, w->base + 4) == STUN_COOKIE;
	if (w->has_cookie && w->type >= 0x0800 && w->type <= 0x0805)
		w->service = IMTC_SERVICE_WHATSAPP;
	else
		imtc_loop(v, STUN_ATTRIBUTES, stun_turn);
	if (!w->service)
		w->service = stun_service(v, w);
	/* Zoom's user names are those of meetings in a browser. */
	if (w->service == IMTC_SERVICE_ZOOM && w->has_cookie)
		w->feature = IMTC_FEATURE_VIDEO;
	return stun_label(v, w);
}

#endif /* IMTC_DISSECT_STUN_H */
