/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STUN and TURN (RFC 8489, RFC 8656) as carriers of calls. STUN itself is no IM:
 * a match needs what one service alone puts in: private attributes or the realm
 * of its relays. All else is NO to that datagram; a later one may tell.
 *
 *	WhatsApp	messages 0x0800..0x0805, attribute 0x4000 in Allocate
 *	Teams, Skype	MS-ICE2 and MS-TURN attributes (0x8054, 0x8055, 0x8070)
 *	Zoom		attribute 0x0101 of digits, in a message without the cookie
 *	Google Meet	attribute 0xff03
 */
#ifndef IMTC_DISSECT_STUN_H
#define IMTC_DISSECT_STUN_H

#include "scan.h"

#define STUN_HEADER_BYTES 20
#define STUN_COOKIE 0x2112a442
#define STUN_ATTRIBUTES 32
#define STUN_REALM 0x0014
#define STUN_ALLOCATE 0x0003

struct stun_walk {
	u32 pos;
	u32 end;
	u32 realm;	/* where it stands, and its end */
	u32 realm_end;
	u16 type;
	u8 service;
	u8 cookie;
} IMTC_WALK;
IMTC_WALK_FITS(struct stun_walk);

static __always_inline u8 stun_attribute(const struct imtc_view *v, struct stun_walk *w, u32 type,
					 u32 len)
{
	switch (type) {
	case 0x8054:
	case 0x8055:
	case 0x8070:
		return IMTC_SERVICE_TEAMS;
	case 0xff03:
		return IMTC_SERVICE_GOOGLEMEET;
	case 0x4000:
		return w->type == STUN_ALLOCATE && w->cookie && len >= 32 ? IMTC_SERVICE_WHATSAPP :
									    IMTC_SERVICE_NONE;
	case 0x0101:
		return !w->cookie && imtc_has(v, w->pos + 4, "1234567890") ? IMTC_SERVICE_ZOOM :
									     IMTC_SERVICE_NONE;
	case STUN_REALM:
		w->realm = w->pos + 4;
		w->realm_end = w->realm + len;
		return IMTC_SERVICE_NONE;
	}
	return IMTC_SERVICE_NONE;
}

static long stun_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct stun_walk *w = imtc_walk(v);
	u32 type = imtc_be16(v, w->pos), len = imtc_be16(v, w->pos + 2);
	u8 service;

	(void)turn;
	if (w->pos + 4 > w->end || w->pos + 4 + len > w->end)
		return 1;
	service = stun_attribute(v, w, type, len);
	if (service)
		w->service = service;
	w->pos += 4 + ((len + 3) & ~3U);
	return service != IMTC_SERVICE_NONE;
}

/* The service whose relays have that realm. */
static __always_inline u8 stun_realm(const struct imtc_view *v, u32 start, u32 end)
{
	if (end < start + 9)
		return IMTC_SERVICE_NONE;
	if (imtc_has(v, end - 9, "viber.com"))
		return IMTC_SERVICE_VIBER;
	if (end < start + 10)
		return IMTC_SERVICE_NONE;
	if (imtc_has(v, end - 10, "signal.org"))
		return IMTC_SERVICE_SIGNAL;
	if (imtc_has(v, start, "turn.l.google.com"))
		return IMTC_SERVICE_GOOGLEMEET;
	if (imtc_has(v, start, "turner.facebook"))
		return IMTC_SERVICE_MESSENGER;
	if (imtc_has(v, start, "telegram"))
		return IMTC_SERVICE_TELEGRAM;
	if (end >= start + 18 && imtc_has(v, end - 18, "whispersystems.org"))
		return IMTC_SERVICE_SIGNAL;
	return IMTC_SERVICE_NONE;
}

/* The header: two zero bits, a type, the length of what follows in words, the cookie. */
static __always_inline int stun_header(const struct imtc_view *v)
{
	u32 len = imtc_be16(v, 2);

	if (imtc_byte(v, 0) > 0x3f || (v->len > 1 && imtc_be16(v, 0) == 0))
		return IMTC_NO;
	if (v->l4 == IMTC_L4_TCP && v->len > 4 &&
	    imtc_match(v, 4, "\x21\x12\xa4\x42") == IMTC_NO)
		return IMTC_NO;
	if (v->len >= 4 && len & 3 && imtc_byte(v, 1) != 0x13 && imtc_byte(v, 1) != 0x03)
		return IMTC_NO;	/* Teams' relays count no padding in their responses */
	if (v->len < STUN_HEADER_BYTES)
		return IMTC_MORE;
	/* Without the cookie (RFC 3489) a message must at least be the whole datagram. */
	if (imtc_be32(v, 4) != STUN_COOKIE &&
	    (v->l4 != IMTC_L4_UDP || v->len != STUN_HEADER_BYTES + len))
		return IMTC_NO;
	return v->len < STUN_HEADER_BYTES + len ? IMTC_MORE : IMTC_MATCH;
}

IMTC_DISSECTOR(stun)(struct imtc_view *v)
{
	struct stun_walk *w;
	int answer;

	if (!v)
		return IMTC_NO;
	answer = stun_header(v);
	if (answer != IMTC_MATCH)
		return answer;
	w = imtc_walk(v);
	*w = (struct stun_walk){ .pos = STUN_HEADER_BYTES, .type = imtc_be16(v, 0) };
	w->end = STUN_HEADER_BYTES + imtc_be16(v, 2);
	w->cookie = imtc_be32(v, 4) == STUN_COOKIE;
	if (w->cookie && w->type >= 0x0800 && w->type <= 0x0805)
		w->service = IMTC_SERVICE_WHATSAPP;
	else
		imtc_loop(v, STUN_ATTRIBUTES, stun_turn);
	if (!w->service && w->realm && w->cookie)
		w->service = stun_realm(v, w->realm, w->realm_end);
	if (!w->service)
		return IMTC_NO;
	imtc_label_set(v, w->service, IMTC_FEATURE_VOICE, IMTC_ENCRYPTION_ENCRYPTED, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_STUN_H */
