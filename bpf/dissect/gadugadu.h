/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gadu-Gadu: packets of a type, a length (both LE) and a body. A connection begins
 * with the server's seed, which many a protocol could say: the proof is the
 * client's login, of any version from 4 to 11, or what the server says next. Peers:
 * the old direct connection ("UDAG") and the relay of versions 7 on.
 *
 * Watched: messages, files and calls (DCC7), and where a peer listens. Source:
 * toxygen.net/libgadu/protocol, "Protokol Gadu-Gadu".
 */
#ifndef IMTC_DISSECT_GADUGADU_H
#define IMTC_DISSECT_GADUGADU_H

#include "client.h"
#include "expect.h"

#define GADU_HEADER_BYTES 8
#define GADU_PACKET_BYTES 65536
#define GADU_PACKETS 64

struct gadu_walk {
	u32 pos;
	u32 whole;	/* behind the last packet that is all there */
	u32 info;	/* where a peer's address stands as text, 0: nowhere */
	u8 feature;
	u8 call;	/* feature of the transfer that was proposed */
	u8 packets;	/* known ones */
	u8 answer;	/* NO: no packet; MORE: one is cut; MATCH: they end with the view */
} IMTC_WALK;
IMTC_WALK_FITS(struct gadu_walk);

/* A state (0x01 to 0x22, a bit for friends alone) and a version with its flags. */
static __always_inline int gadu_is_status(const struct imtc_view *v, u32 i)
{
	u32 status = imtc_le32(v, i), version = imtc_le32(v, i + 4);

	return (status & 0xff) && (status & 0xff) <= 0x22 && !(status & 0xffff7f00) &&
	       (version & 0xff) >= 0x0b && !(version & 0x00ffff00);
}

/* Is the packet at 0, whose header is there, a login? */
static __always_inline int gadu_login(const struct imtc_view *v)
{
	u32 type = imtc_le32(v, 0), len = imtc_le32(v, 4), body = GADU_HEADER_BYTES;
	int answer = IMTC_NO;

	switch (type) {
	case 0x0c:
	case 0x13:
	case 0x15:
		if (len < 22 || len > 256)
			return IMTC_NO;
		if (v->len < body + 16)
			return IMTC_MORE;
		answer = gadu_is_status(v, body + 8) ? IMTC_MATCH : IMTC_NO;
		break;
	case 0x19:
		if (len < 92 || len > 512)
			return IMTC_NO;
		if (v->len < body + 77)
			return IMTC_MORE;
		if (imtc_byte(v, body + 4) != 1 && imtc_byte(v, body + 4) != 2)
			return IMTC_NO;
		answer = gadu_is_status(v, body + 69) ? IMTC_MATCH : IMTC_NO;
		break;
	case 0x29:
	case 0x31:
		if (len < 64 || len > 1024)
			return IMTC_NO;
		if (v->len < body + 7)
			return imtc_match(v, body + 4, "pl") == IMTC_NO ? IMTC_NO : IMTC_MORE;
		if (imtc_byte(v, body + 6) != 1 && imtc_byte(v, body + 6) != 2)
			return IMTC_NO;
		answer = imtc_match(v, body + 4, "pl");
		break;
	case 0x83:	/* fields of protocol buffers: a language, a number as text */
		if (len < 32 || len > 1024)
			return IMTC_NO;
		answer = imtc_match(v, body, "\x0a\2pl\x12");
		break;
	}
	return answer;
}

static __always_inline u8 gadu_feature(u32 type)
{
	switch (type) {
	case 0x0a:	/* received, sent: of each version */
	case 0x0b:
	case 0x2d:
	case 0x2e:
	case 0x59:	/* typing */
	case 0x7d:
	case 0x7e:
	case 0x5a:
		return IMTC_FEATURE_CHAT;
	}
	return IMTC_FEATURE_PRESENCE;
}

static __always_inline int gadu_is_known(u32 type)
{
	return (type && type <= 0x48) || (type >= 0x59 && type <= 0x6a) ||
	       (type >= 0x75 && type <= 0xa0);
}

static long gadu_packet(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct gadu_walk *w = imtc_walk(v);
	u32 type = imtc_le32(v, w->pos), len = imtc_le32(v, w->pos + 4);
	u32 body = w->pos + GADU_HEADER_BYTES, kind;

	(void)turn;
	w->whole = w->pos;
	if (w->pos >= v->len) {
		w->answer = IMTC_MATCH;
		return 1;
	}
	w->answer = IMTC_MORE;
	if (body > v->len)
		return 1;
	if (!gadu_is_known(type) || len > GADU_PACKET_BYTES) {
		w->answer = IMTC_NO;
		return 1;
	}
	if (body + len > v->len)
		return 1;
	w->packets++;
	w->feature = imtc_feature_grow(w->feature, gadu_feature(type));
	if (type == 0x20 && len >= 20) {		/* proposed: a call, a file */
		kind = imtc_le32(v, body + 16);
		w->call = kind == 1 ? IMTC_FEATURE_VOICE : IMTC_FEATURE_FILE;
		w->feature = imtc_feature_grow(w->feature, w->call);
	} else if (type == 0x1f && len >= 48 && imtc_le32(v, body + 4) == 1) {
		w->info = body + 16;			/* "192.168.1.2 1550" */
	}
	w->pos = body + len;
	return 0;
}

static __always_inline struct gadu_walk *gadu_walk(struct imtc_view *v)
{
	struct gadu_walk *w = imtc_walk(v);

	*w = (struct gadu_walk){ .feature = v->label.feature };
	imtc_loop(v, GADU_PACKETS, gadu_packet);
	return w;
}

/* Login 8.0 ends with the client's name: length, "Gadu-Gadu Client build 8.0.0.8731". */
static __always_inline void gadu_client(struct imtc_view *v)
{
	u32 len = imtc_le32(v, 105);

	if (imtc_le32(v, 0) == 0x31 && len && len < 256 && 109 + len <= v->len)
		imtc_client_take(v, 109, len);
}

/* Peers' first words: the old one's answer, the relay's greeting with a number. */
static __always_inline int gadu_peer(const struct imtc_view *v)
{
	int answer;

	if (imtc_byte(v, 0) == 'U')
		return imtc_match(v, 0, "UDAG");
	answer = imtc_match(v, 0, "\xbe\xba\xde\xc0");
	return answer == IMTC_MATCH && v->len < 12 ? IMTC_MORE : answer;
}

/* The server's seed, and behind it a packet that answers a login. */
static __always_inline int gadu_server(struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\1\0\0\0\4\0\0\0");
	u32 type = imtc_le32(v, 12), len = imtc_le32(v, 16);

	if (answer != IMTC_MATCH || v->len < 20)
		return answer == IMTC_NO ? IMTC_NO : IMTC_MORE;
	return (type == 0x03 || type == 0x09 || type == 0x14 || type == 0x35 || type == 0x43 ||
		type == 0x9d) && len <= 1024 ? IMTC_MATCH : IMTC_NO;
}

IMTC_DISSECTOR(gadugadu)(struct imtc_view *v)
{
	u8 feature = IMTC_FEATURE_PRESENCE;
	int answer;

	if (!v)
		return IMTC_NO;
	if (imtc_byte(v, 0) == 'U' || imtc_byte(v, 0) == 0xbe) {
		answer = gadu_peer(v);
		if (answer == IMTC_MATCH)
			imtc_label_set(v, IMTC_SERVICE_GADUGADU, IMTC_FEATURE_FILE,
				       IMTC_ENCRYPTION_CLEAR, 0);
		return answer;
	}
	if (imtc_byte(v, 0) == 1) {
		answer = gadu_server(v);
	} else {
		answer = imtc_match(v, 1, "\0\0\0");
		if (answer == IMTC_MATCH && v->len >= 8)
			answer = gadu_login(v);
		else if (answer == IMTC_MATCH)
			answer = IMTC_MORE;
	}
	if (answer != IMTC_MATCH)
		return answer;
	imtc_label_set(v, IMTC_SERVICE_GADUGADU, feature, IMTC_ENCRYPTION_CLEAR, IMTC_LABEL_WATCH);
	gadu_client(v);
	return IMTC_MATCH;
}

/* New payload; a packet that is cut is asked for again. */
IMTC_GLOBAL int imtc_watch_gadugadu(struct imtc_view *v)
{
	struct imtc_label before;
	struct gadu_walk *w;
	u32 info, len, port;
	u8 feature;

	if (!v)
		return IMTC_NO;
	before = v->label;
	w = gadu_walk(v);
	if (w->answer == IMTC_NO && !w->packets)
		return IMTC_MORE;
	if (w->answer == IMTC_MORE)
		v->skip = w->whole;
	feature = w->feature;
	v->label.feature = feature;
	info = w->info;
	len = info ? (u32)imtc_address_read(v, info) : 0;
	if (len && imtc_byte(v, info + len) == ' ') {
		port = imtc_port_read(v, info + len + 1);
		imtc_address_read(v, info);
		imtc_expect_read(v, port, IMTC_L4_TCP,
				 feature == IMTC_FEATURE_VOICE ? feature : IMTC_FEATURE_FILE);
	}
	gadu_client(v);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_GADUGADU_H */
