/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of dissectors and the two entries to them:
 *
 *	int imtc_dissect(struct imtc_view *v)
 *
 * v->candidates is kept by the caller between calls for one direction of a
 * flow, and is IMTC_CANDIDATES_ALL at the first. Answers:
 *
 *	NO	no dissector is left: the direction is not IM
 *	MORE	some are left: ask again with these bytes and those that follow
 *	MATCH	v->label is set (and v->domain, with IMTC_LABEL_DOMAIN)
 *	NAMED	v->domain is set, v->label.encryption and confidence too: look the
 *		domain up. Where it means nothing and v->candidates is not 0, take
 *		it as MORE: the message goes on and may still tell (a long
 *		ClientHello); where v->candidates is 0, as NO.
 *
 *	PEEL	v->skip bytes are a layer (view.h); v->candidates is
 *		IMTC_CANDIDATES_ALL again, for what follows
 *
 * For a flow whose label has a service and IMTC_LABEL_WATCH only that service's
 * second face is asked: MATCH with a changed label, or MORE. It is shown what has
 * come since (the first time also what made the label), and says in v->skip how
 * much of it is done with: from there on it is shown again, with what follows. It
 * is given v->skip = v->len: a face that works on any cut leaves it so. A message
 * that never ends is not kept: when the view is full, all of it counts as seen.
 * When the label has lost IMTC_LABEL_WATCH, it is final.
 */
#ifndef IMTC_DISSECT_H
#define IMTC_DISSECT_H

#include "scan.h"
#include "bittorrent.h"
#include "calls.h"
#include "certificate.h"
#include "dtls.h"
#include "edonkey.h"
#include "gadugadu.h"
#include "gnutella.h"
#include "gnutella_udp.h"
#include "groupwise.h"
#include "http.h"
#include "icq.h"
#include "irc.h"
#include "kakaotalk.h"
#include "line.h"
#include "line_call.h"
#include "media.h"
#include "mqtt.h"
#include "msn.h"
#include "msrp.h"
#include "oscar.h"
#include "paltalk.h"
#include "qq.h"
#include "quic.h"
#include "proxy.h"
#include "sametime.h"
#include "silc.h"
#include "sip.h"
#include "socks.h"
#include "skype.h"
#include "stun.h"
#include "teamspeak_query.h"
#include "telegram.h"
#include "tls.h"
#include "torrent_udp.h"
#include "tox.h"
#include "viber.h"
#include "viber_call.h"
#include "wechat.h"
#include "websocket.h"
#include "wechat_call.h"
#include "whatsapp.h"
#include "xmpp.h"
#include "yahoo.h"
#include "zalo_call.h"
#include "zephyr.h"
#include "zoom.h"

#define IMTC_CANDIDATES_ALL (~0ULL)
/* No dissector: the caller's own, who asks byte patterns after them. */
#define IMTC_CANDIDATE_PATTERN (1ULL << 63)

/*
 * D(name, transports, directions, first, t): `first` says of the first byte b
 * whether the protocol may begin so. The first to match is the label: those
 * whose proof is the payload stand before those that only name a host.
 */
#define IMTC_DISSECTORS(D, b, t) \
	D(oscar, IMTC_D_TCP, IMTC_D_EITHER, \
	  (b) == 0x2a || (b) == 0 || (b) == 'F' || (b) == 'O', t) \
	D(yahoo, IMTC_D_TCP, IMTC_D_EITHER, (b) == 'Y' || (b) == '<', t) \
	D(whatsapp, IMTC_D_TCP, IMTC_D_EITHER, (b) == 'W' || (b) == 'E' || (b) == 0, t) \
	D(xmpp, IMTC_D_TCP, IMTC_D_EITHER, \
	  (b) == '<' || (b) == ' ' || (b) == '\t' || (b) == '\r' || (b) == '\n' || (b) == 0xef, t) \
	D(msn, IMTC_D_TCP, IMTC_D_EITHER, \
	  (b) == 'V' || (b) == 'U' || (b) == 'A' || (b) == 'C' || (b) == 'X' || (b) == 4 || \
	  (b) == 'P' || (b) == 'Q' || (b) == 'M' || (b) == 'B' || (b) == 'F' || (b) == 'I' || \
	  (b) == 'J' || (b) == 'N' || (b) == 'R', t) \
	D(irc, IMTC_D_TCP, IMTC_D_EITHER, \
	  IMTC_D_LETTER(b, 'n') || IMTC_D_LETTER(b, 'u') || IMTC_D_LETTER(b, 'p') || \
	  IMTC_D_LETTER(b, 'c') || IMTC_D_LETTER(b, 's') || IMTC_D_LETTER(b, 'a') || \
	  IMTC_D_LETTER(b, 'w') || IMTC_D_LETTER(b, 'e') || IMTC_D_LETTER(b, 'j') || \
	  IMTC_D_LETTER(b, 'k') || IMTC_D_LETTER(b, 'm') || IMTC_D_LETTER(b, 't') || \
	  (b) == ':' || (b) == '@' || \
	  (b) == '\r' || (b) == '\n', t) \
	D(sip, IMTC_D_BOTH, IMTC_D_EITHER, \
	  (b) == 'I' || (b) == 'A' || (b) == 'O' || (b) == 'B' || (b) == 'C' || (b) == 'R' || \
	  (b) == 'S' || (b) == 'U' || (b) == 'N' || (b) == 'P' || (b) == 'M' || (b) == '\r' || \
	  (b) == '\n', t) \
	D(msrp, IMTC_D_TCP, IMTC_D_EITHER, (b) == 'M', t) \
	D(wechat, IMTC_D_TCP, IMTC_D_EITHER, (b) == 0x16 || (b) == 0x19 || (b) == 0, t) \
	D(qq, IMTC_D_BOTH, IMTC_D_EITHER, (b) < 8, t) \
	D(kakaotalk, IMTC_D_TCP, IMTC_D_EITHER, (b) < 3 || (b) == 0xe8, t) \
	D(telegram, IMTC_D_TCP, IMTC_D_CLIENT, \
	  (b) == 0xef || (b) == 0xee || (b) == 0xdd || (b) == 0x34, t) \
	D(line, IMTC_D_TCP, IMTC_D_EITHER, (b) == 0x80, t) \
	D(mqtt, IMTC_D_TCP, IMTC_D_CLIENT, (b) == 0x10, t) \
	D(paltalk, IMTC_D_TCP, IMTC_D_EITHER, (b) == 0xff || (b) == 0xfb, t) \
	D(viber, IMTC_D_TCP, IMTC_D_EITHER, !IMTC_D_COMMON(b), t) \
	D(sametime, IMTC_D_TCP, IMTC_D_EITHER, (b) == 0, t) \
	D(silc, IMTC_D_TCP, IMTC_D_EITHER, (b) < 2, t) \
	D(zephyr, IMTC_D_UDP, IMTC_D_EITHER, (b) == 'Z', t) \
	D(icq, IMTC_D_UDP, IMTC_D_EITHER, (b) == 2 || (b) == 3 || (b) == 5, t) \
	D(gadugadu, IMTC_D_TCP, IMTC_D_EITHER, \
	  (b) == 1 || (b) == 0x0c || (b) == 0x13 || (b) == 0x15 || (b) == 0x19 || (b) == 0x29 || \
	  (b) == 0x31 || (b) == 0x83 || (b) == 0xbe || (b) == 'U', t) \
	D(stun, IMTC_D_BOTH, IMTC_D_EITHER, \
	  (b) == 0x00 || (b) == 0x01 || (b) == 0x08 || (b) == 0x02, t) \
	D(bittorrent, IMTC_D_TCP, IMTC_D_EITHER, (b) == 0x13 || (b) == 'G', t) \
	D(torrent_udp, IMTC_D_UDP, IMTC_D_EITHER, \
	  (b) == 0x41 || (b) == 0x01 || (b) == 'd' || (b) == 'B' || (b) == 0, t) \
	D(gnutella, IMTC_D_TCP, IMTC_D_EITHER, (b) == 'G' || (b) == 'H', t) \
	D(gnutella_udp, IMTC_D_UDP, IMTC_D_EITHER, 1, t) \
	D(edonkey, IMTC_D_BOTH, IMTC_D_EITHER, \
	  (b) == 0xe3 || (b) == 0xc5 || (b) == 0xd4 || (b) == 0xe4, t) \
	D(calls, IMTC_D_UDP, IMTC_D_EITHER, 1, t) \
	D(certificate, IMTC_D_TCP, IMTC_D_SERVER, (b) == 0x16, t) \
	D(viber_call, IMTC_D_UDP, IMTC_D_EITHER, 1, t) \
	D(skype_peer, IMTC_D_UDP, IMTC_D_CLIENT, 1, t) \
	D(skype, IMTC_D_TCP, IMTC_D_EITHER, (b) == 0x16 || (b) == 0x17, t) \
	D(zoom, IMTC_D_UDP, IMTC_D_EITHER, \
	  ((b) >= 1 && (b) <= 5) || (b) == 13 || (b) == 15 || (b) == 16 || (b) == 30 || \
	  (b) == 31, t) \
	D(line_call, IMTC_D_UDP, IMTC_D_EITHER, ((b) & 0xf4) == 0xd0 || (b) == 0xb6, t) \
	D(tox, IMTC_D_UDP, IMTC_D_EITHER, \
	  (b) <= 2 || (b) == 4 || (b) == 0x18 || (b) == 0x21, t) \
	D(wechat_call, IMTC_D_UDP, IMTC_D_EITHER, (b) == 0xd1, t) \
	D(zalo_call, IMTC_D_UDP, IMTC_D_EITHER, (b) == 1 || (b) == 2, t) \
	D(dtls, IMTC_D_UDP, IMTC_D_EITHER, (b) == 0x16, t) \
	D(teamspeak_query, IMTC_D_TCP, IMTC_D_SERVER, (b) == 'T', t) \
	D(media, IMTC_D_UDP, IMTC_D_EITHER, (b) >= 0x80 && (b) <= 0xbf, t) \
	D(tls, IMTC_D_TCP, IMTC_D_CLIENT, (b) == 0x16, t) \
	D(quic, IMTC_D_UDP, IMTC_D_EITHER, 0, t) \
	D(http, IMTC_D_TCP, IMTC_D_EITHER, (b) == 'G' || (b) == 'P' || (b) == 'H' || \
	  (b) == 'C' || (b) == 'O' || (b) == 'D', t) \
	D(websocket, IMTC_D_TCP, IMTC_D_EITHER, \
	  ((b) & 0x7f) <= 2 || ((b) >= 0x88 && (b) <= 0x8a) || ((b) >= 0xc0 && (b) <= 0xc2), t) \
	D(socks, IMTC_D_TCP, IMTC_D_EITHER, (b) == 5 || (b) == 4 || (b) == 1 || (b) == 0, t) \
	D(socks_udp, IMTC_D_UDP, IMTC_D_EITHER, (b) == 0, t) \
	D(proxy, IMTC_D_TCP, IMTC_D_CLIENT, (b) == 'P' || (b) == '\r', t)
/* First bytes of what is most of a network's TCP: TLS, HTTP, SSH, SMTP. */
#define IMTC_D_COMMON(b) \
	(((b) >= 0x14 && (b) <= 0x17) || (b) == 'G' || (b) == 'P' || (b) == 'H' || \
	 (b) == 'C' || (b) == 'D' || (b) == 'O' || (b) == 'S' || (b) == 'E' || (b) == '2')
#define IMTC_D_LETTER(b, letter) ((b) == (letter) || (b) == (letter) - 32)

/* Transports and directions a dissector is for, one bit a pair. */
#define IMTC_D_CLIENT 0x5
#define IMTC_D_SERVER 0xa
#define IMTC_D_EITHER 0xf
#define IMTC_D_TCP 0x3
#define IMTC_D_UDP 0xc
#define IMTC_D_BOTH 0xf

enum imtc_dissector {
#define IMTC_D_NUMBER(name, transports, directions, first, t) IMTC_DISSECTOR_##name,
	IMTC_DISSECTORS(IMTC_D_NUMBER, 0, 0)
	IMTC_DISSECTOR_MAX
};
IMTC_STATIC_ASSERT(IMTC_DISSECTOR_MAX < 64);

#define IMTC_D_FIRST(name, transports, directions, first, t) \
	((first) ? 1ULL << IMTC_DISSECTOR_##name : 0) |
#define IMTC_FIRST(b) IMTC_DISSECTORS(IMTC_D_FIRST, b, 0) 0ULL
#define IMTC_FIRST4(b) IMTC_FIRST(b), IMTC_FIRST(b + 1), IMTC_FIRST(b + 2), IMTC_FIRST(b + 3)
#define IMTC_FIRST16(b) \
	IMTC_FIRST4(b), IMTC_FIRST4(b + 4), IMTC_FIRST4(b + 8), IMTC_FIRST4(b + 12)
#define IMTC_FIRST64(b) \
	IMTC_FIRST16(b), IMTC_FIRST16(b + 16), IMTC_FIRST16(b + 32), IMTC_FIRST16(b + 48)

/* Which dissectors a first byte leaves: one load settles most flows that are not IM. */
static const u64 imtc_first[256] = {
	IMTC_FIRST64(0), IMTC_FIRST64(64), IMTC_FIRST64(128), IMTC_FIRST64(192),
};

#define IMTC_D_ALLOWED(name, transports, directions, first, t) \
	((transports) & (directions) & (t) ? 1ULL << IMTC_DISSECTOR_##name : 0) |
#define IMTC_ALLOWED(t) (IMTC_DISSECTORS(IMTC_D_ALLOWED, 0, t) 0ULL)

static __always_inline u64 imtc_candidates_first(const struct imtc_view *v)
{
	u64 left = imtc_first[imtc_byte(v, 0)];

	if (v->l4 == IMTC_L4_TCP)
		return left & (v->direction == IMTC_DIR_CLIENT ? IMTC_ALLOWED(0x1) :
								 IMTC_ALLOWED(0x2));
	return left & (v->direction == IMTC_DIR_CLIENT ? IMTC_ALLOWED(0x4) : IMTC_ALLOWED(0x8));
}

/*
 * Takes a dissector's answer into account; true where it settles the view. The
 * label of a name cannot say that more is to come: candidates do. They are kept
 * in the view, not in a variable, so that the verifier has one state to follow
 * behind each dissector and not one for each set of those that are left.
 */
static __always_inline int imtc_settles(struct imtc_view *v, int answer, u64 bit)
{
	if (answer == IMTC_MORE && !v->complete)
		return 0;
	v->candidates &= ~bit;
	if (answer < IMTC_MATCH)
		return 0;
	if (answer == IMTC_MATCH) {
		v->candidates = 0;
	} else if (answer == IMTC_PEEL) {
		v->candidates = IMTC_CANDIDATES_ALL;
	} else if (v->label.flags & IMTC_LABEL_WATCH) {
		v->label.flags &= (u8)~IMTC_LABEL_WATCH;
		if (!v->complete)
			v->candidates |= bit;
	}
	return 1;
}

/* The second faces. A service that has none is never watched; over UDP only SIP is. */
static __always_inline int imtc_watch_tcp(struct imtc_view *v)
{
	int framed;

	/* Of WebSocket first the frame goes; what was in it is shown as a message. */
	if (v->via & IMTC_LAYER_WEBSOCKET && !v->body) {
		framed = imtc_websocket_frame(v);
		if (framed == IMTC_MORE)
			v->skip = 0;
		return framed;
	}
	switch (v->label.service) {
	case IMTC_SERVICE_XMPP:
	case IMTC_SERVICE_GTALK:
	case IMTC_SERVICE_BONJOUR:
	case IMTC_SERVICE_MESSENGER:
		return imtc_watch_xmpp(v);
	case IMTC_SERVICE_IRC:
		return imtc_watch_irc(v);
	case IMTC_SERVICE_AIM:
	case IMTC_SERVICE_ICQ:
	case IMTC_SERVICE_OSCAR:
		return imtc_watch_oscar(v);
	case IMTC_SERVICE_MSN:
		return imtc_watch_msn(v);
	case IMTC_SERVICE_YAHOO:
		return imtc_watch_yahoo(v);
	case IMTC_SERVICE_SIP:
		return imtc_watch_sip(v);
	case IMTC_SERVICE_MSRP:
		return imtc_watch_msrp(v);
	case IMTC_SERVICE_GADUGADU:
		return imtc_watch_gadugadu(v);
	case IMTC_SERVICE_SAMETIME:
		return imtc_watch_sametime(v);
	case IMTC_SERVICE_GROUPWISE:
		return imtc_watch_groupwise(v);
	}
	return IMTC_NO;
}

static __always_inline int imtc_watch_udp(struct imtc_view *v)
{
	switch (v->label.service) {
	case IMTC_SERVICE_SIP:
		return imtc_watch_sip(v);
	case IMTC_SERVICE_ICQ:
		return imtc_watch_icq(v);
	}
	return IMTC_NO;
}

/* What a dissector has said; a host that wants to explain a label listens here. */
#ifndef imtc_said
#define imtc_said(v, dissector, answer) ((void)0)
#endif

#define IMTC_D_ASK(name, transports, directions, first, t) \
	if ((transports) & (t) && v->candidates & 1ULL << IMTC_DISSECTOR_##name) { \
		int answer = imtc_dissect_##name(v); \
		\
		imtc_said(v, IMTC_DISSECTOR_##name, answer); \
		if (imtc_settles(v, answer, 1ULL << IMTC_DISSECTOR_##name)) \
			return answer; \
	}

static __always_inline int imtc_is_watched(const struct imtc_view *v)
{
	return v->label.service && v->label.flags & IMTC_LABEL_WATCH;
}

/* 0: there is nothing yet to begin with. */
static __always_inline int imtc_begins(struct imtc_view *v)
{
	if (v->candidates != IMTC_CANDIDATES_ALL)
		return 1;
	if (!v->len)
		return 0;
	v->candidates = imtc_candidates_first(v);
	return 1;
}

/* A function a transport: a BPF program is verified with all that it may call. */
IMTC_GLOBAL int imtc_dissect_tcp(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	if (imtc_is_watched(v))
		return imtc_watch_tcp(v);
	if (!imtc_begins(v))
		return v->complete ? IMTC_NO : IMTC_MORE;
	IMTC_DISSECTORS(IMTC_D_ASK, 0, IMTC_D_TCP)
	return v->candidates ? IMTC_MORE : IMTC_NO;
}

IMTC_GLOBAL int imtc_dissect_udp(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	if (imtc_is_watched(v))
		return imtc_watch_udp(v);
	if (!imtc_begins(v))
		return v->complete ? IMTC_NO : IMTC_MORE;
	IMTC_DISSECTORS(IMTC_D_ASK, 0, IMTC_D_UDP)
	return v->candidates ? IMTC_MORE : IMTC_NO;
}

/* As v->l4 says. */
static __always_inline int imtc_dissect(struct imtc_view *v)
{
	return v->l4 == IMTC_L4_TCP ? imtc_dissect_tcp(v) : imtc_dissect_udp(v);
}

#endif /* IMTC_DISSECT_H */
