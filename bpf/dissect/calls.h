/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams by which services begin a call, in formats of their own, each told
 * by one of them: Discord's address discovery and keep-alive, Telegram's
 * reflectors, TeamSpeak 2 and 3, imo, Jami's hash table, Mumble's ping. And one
 * that takes several: TeamSpeak 3's servers in the public list.
 */
#ifndef IMTC_DISSECT_CALLS_H
#define IMTC_DISSECT_CALLS_H

#include "scan.h"

struct calls_zeros {
	u32 bits;
} IMTC_WALK;

static long calls_zero_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct calls_zeros *z = imtc_walk(v);

	z->bits |= imtc_byte(v, 8 + i);
	return 0;
}

/* Type 1 or 2, length 70, SSRC, address, port; asked with an address of zeros. */
static __always_inline int calls_discord(struct imtc_view *v)
{
	struct calls_zeros *z = imtc_walk(v);

	if (v->len == 8)
		return imtc_match(v, 0, "\x13\x37\xca\xfe");
	if (v->len != 74 || imtc_be16(v, 2) != 70)
		return IMTC_NO;
	if (imtc_be16(v, 0) == 2)	/* answered with a dotted address */
		return imtc_is_digit(imtc_byte(v, 8)) && imtc_byte(v, 71) == 0 ? IMTC_MATCH :
									       IMTC_NO;
	z->bits = 0;
	imtc_loop(v, 66, calls_zero_byte);
	return imtc_be16(v, 0) == 1 && !z->bits ? IMTC_MATCH : IMTC_NO;
}

/* The tag of the peer (16 bytes), then -1, -1, -1, -2. */
static __always_inline int calls_telegram(const struct imtc_view *v)
{
	if (v->len < 40)
		return IMTC_NO;
	return imtc_match(v, 16, "\xff\xff\xff\xff\xff\xff\xff\xff"
				"\xff\xff\xff\xff\xfe\xff\xff\xff");
}

/*
 * TeamSpeak 3 begins with its name. TeamSpeak 2's login has 180 bytes and its
 * answer 436, each with a class and a type, both little-endian.
 */
static __always_inline int calls_teamspeak(const struct imtc_view *v)
{
	if (imtc_has(v, 0, "TS3INIT1"))
		return IMTC_MATCH;
	if (v->len == 180)
		return imtc_match(v, 0, "\xf4\xbe\x03\x00");
	return v->len == 436 ? imtc_match(v, 0, "\xf4\xbe\x04\x00") : IMTC_NO;
}

/*
 * A server enters the public list (port 2010): 1, a number (LE) that grows by one, 1,
 * to which the list answers with a key; then the next number, 2, the key, its port,
 * and what it has. The list's answers have the numbers that they are for. Each side is
 * told by two of its own, and a flow by both sides.
 */
static __always_inline void calls_teamspeak_list(struct imtc_view *v)
{
	const u32 first = v->direction == IMTC_DIR_CLIENT ? 4 : 8;
	const u32 second = v->direction == IMTC_DIR_CLIENT ? 16 : 5;
	u8 kind = imtc_byte(v, 3);

	if (imtc_byte(v, 0) != 1 ||
	    !((kind == 1 && v->len == first) || (kind == 2 && v->len == second)))
		return;
	if (v->len == 5 && imtc_byte(v, 4))	/* taken */
		return;
	v->claim = (struct imtc_claim){
		.serial = (u16)imtc_le16(v, 1), .step = 2, .needed = 2, .is_mutual = 1,
		.service = IMTC_SERVICE_TEAMSPEAK, .feature = IMTC_FEATURE_VOICE,
		.encryption = IMTC_ENCRYPTION_CLEAR };
}

/* 09 02 or 00 09 03, a counter (LE) that is far from its end, four zeros. */
static __always_inline int calls_imo(const struct imtc_view *v)
{
	if (v->len == 10 && imtc_be16(v, 0) == 0x0902)
		return imtc_match(v, 5, "\0\0\0\0\0");
	if (v->len == 11 && imtc_be24(v, 0) == 0x000903)
		return imtc_match(v, 6, "\0\0\0\0\0");
	return IMTC_NO;
}

/*
 * OpenDHT's messages are MessagePack maps of four to six entries. The first is
 * what is asked ("a") or answered ("r"), a map that begins with the sender's
 * "id", 20 bytes.
 */
static __always_inline int calls_jami(const struct imtc_view *v)
{
	if (imtc_byte(v, 0) < 0x83 || imtc_byte(v, 0) > 0x86 || imtc_byte(v, 1) != 0xa1 ||
	    (imtc_byte(v, 2) != 'a' && imtc_byte(v, 2) != 'r') ||
	    (imtc_byte(v, 3) & 0xf0) != 0x80)
		return IMTC_NO;
	return imtc_match(v, 4, "\xa2id\xc4\x14");
}

/*
 * The server's answer to a ping (Mumble protocol, "UDP ping"): version 1.x,
 * the asker's eight bytes, users, how many there may be, bits a second.
 */
static __always_inline int calls_mumble(const struct imtc_view *v)
{
	u32 users = imtc_be32(v, 12), most = imtc_be32(v, 16), rate = imtc_be32(v, 20);

	if (v->len != 24 || imtc_be16(v, 0) != 1 || imtc_byte(v, 2) < 2 || imtc_byte(v, 2) > 9)
		return IMTC_NO;
	return users <= most && most && most < 100000 && rate >= 8000 && rate < 10000000 ?
	       IMTC_MATCH : IMTC_NO;
}

/* The service, or 0; apart, so that what follows is checked once and not once a service. */
IMTC_GLOBAL int calls_service(struct imtc_view *v)
{
	if (!v)
		return IMTC_SERVICE_NONE;
	if (calls_discord(v) == IMTC_MATCH)
		return IMTC_SERVICE_DISCORD;
	if (calls_teamspeak(v) == IMTC_MATCH)
		return IMTC_SERVICE_TEAMSPEAK;
	if (calls_telegram(v) == IMTC_MATCH)
		return IMTC_SERVICE_TELEGRAM;
	if (calls_imo(v) == IMTC_MATCH)
		return IMTC_SERVICE_IMO;
	if (calls_jami(v) == IMTC_MATCH)
		return IMTC_SERVICE_JAMI;
	if (calls_mumble(v) == IMTC_MATCH)
		return IMTC_SERVICE_MUMBLE;
	return IMTC_SERVICE_NONE;
}

IMTC_DISSECTOR(calls)(struct imtc_view *v)
{
	u8 feature = IMTC_FEATURE_VOICE, encryption = IMTC_ENCRYPTION_ENCRYPTED;
	int service;

	if (!v)
		return IMTC_NO;
	service = calls_service(v);
	if (service == IMTC_SERVICE_NONE) {
		calls_teamspeak_list(v);
		return IMTC_NO;
	}
	if (service == IMTC_SERVICE_JAMI) {
		feature = IMTC_FEATURE_PRESENCE;
		encryption = IMTC_ENCRYPTION_CLEAR;
	} else if (service == IMTC_SERVICE_MUMBLE) {
		encryption = IMTC_ENCRYPTION_CLEAR;
	}
	imtc_label_set(v, (u16)service, feature, encryption, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_CALLS_H */
