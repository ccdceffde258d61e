/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * eDonkey 2000 as eMule speaks it: e3 (eDonkey), c5 (eMule), d4 (packed), a
 * length (LE), an operation; Kad's datagrams begin with e4. Facts: the eMule
 * protocol specification (Kulbak, Bickson 2005) and eMule's opcodes.h.
 * Obfuscated connections look like random bytes and are not told.
 */
#ifndef IMTC_DISSECT_EDONKEY_H
#define IMTC_DISSECT_EDONKEY_H

#include "scan.h"

#define EDONKEY_PACKET_MAX 0x300000
#define EDONKEY_HELLO 0x01	/* to a peer; to a server it is the login */
#define EDONKEY_HELLO_ANSWER 0x4c
#define EDONKEY_TAGS_MAX 32

#define KAD_BOOTSTRAP_ANSWER 0x09
#define KAD_HELLO 0x11
#define KAD_HELLO_ANSWER 0x19
#define KAD_REQUEST 0x21
#define KAD_ANSWER 0x29
#define KAD_CONTACT 25		/* id, address, two ports, version */
#define KAD_VERSION_MAX 12

static __always_inline int edonkey_is_protocol(u8 c)
{
	return c == 0xe3 || c == 0xc5 || c == 0xd4;
}

/* The number of tags at i, and the kind of the first. MORE, NO, MATCH. */
static __always_inline int edonkey_tags(const struct imtc_view *v, u32 i)
{
	u32 count = imtc_le32(v, i);
	u8 kind = imtc_byte(v, i + 4) & 0x7f;

	if (v->len < i + 5)
		return IMTC_MORE;
	if (count == 0 || count > EDONKEY_TAGS_MAX || kind == 0 || kind > 0x20)
		return IMTC_NO;
	return IMTC_MATCH;
}

/* Hash of the user, number, port, tags; a hello to a peer has the hash's length first. */
static __always_inline int edonkey_hello(const struct imtc_view *v)
{
	u8 operation = imtc_byte(v, 5);
	int peer, server;

	if (operation != EDONKEY_HELLO && operation != EDONKEY_HELLO_ANSWER)
		return IMTC_NO;
	server = edonkey_tags(v, 28);
	if (operation == EDONKEY_HELLO_ANSWER || imtc_byte(v, 6) != 16 || server == IMTC_MATCH)
		return server;
	peer = edonkey_tags(v, 29);
	return peer > server ? peer : server;
}

/* In the middle of a flow: a packet, and behind it the head of another. */
static __always_inline int edonkey_middle(const struct imtc_view *v, u32 next)
{
	u8 operation = imtc_byte(v, 5);

	if (operation < 0x01 || operation > 0xab)
		return IMTC_NO;
	if (v->len < next + 6)
		return IMTC_MORE;
	if (!edonkey_is_protocol(imtc_byte(v, next)))
		return IMTC_NO;
	return imtc_le32(v, next + 1) - 1 < EDONKEY_PACKET_MAX ? IMTC_MATCH : IMTC_NO;
}

static __always_inline int edonkey_tcp(const struct imtc_view *v)
{
	u32 len = imtc_le32(v, 1);
	int answer = IMTC_NO;

	if (v->len > 4 && imtc_byte(v, 4))	/* the high byte of a length is 0 */
		return IMTC_NO;
	if (v->len < 6)
		return IMTC_MORE;
	if (!len || len > EDONKEY_PACKET_MAX)
		return IMTC_NO;
	if (imtc_byte(v, 0) == 0xe3)
		answer = edonkey_hello(v);
	if (answer == IMTC_NO && v->middle)
		answer = edonkey_middle(v, 5 + len);
	return answer;
}

/* Does the first of n contacts at i have a version, and do they fill the datagram? */
static __always_inline int kad_contacts(const struct imtc_view *v, u32 i, u32 n)
{
	u8 version = imtc_byte(v, i + KAD_CONTACT - 1);

	return n && v->len == i + n * KAD_CONTACT && version && version <= KAD_VERSION_MAX;
}

/* Id, port, version, number of tags; a tag has a kind and a name of one letter. */
static __always_inline int kad_hello(const struct imtc_view *v)
{
	u8 version = imtc_byte(v, 20), tags = imtc_byte(v, 21);

	if (v->len < 22 || version < 2 || version > KAD_VERSION_MAX)
		return 0;
	if (!tags)
		return v->len == 22;
	return tags < 8 && imtc_byte(v, 22) < 0x20 && imtc_be16(v, 23) == 0x0100;
}

static __always_inline int edonkey_kad(const struct imtc_view *v)
{
	u8 kind = imtc_byte(v, 2);

	switch (imtc_byte(v, 1)) {
	case KAD_REQUEST:	/* how many to name, the target, the one asked */
		return v->len == 35 && (kind == 2 || kind == 4 || kind == 11);
	case KAD_ANSWER:	/* the target, a count, contacts */
		return kad_contacts(v, 19, imtc_byte(v, 18));
	case KAD_BOOTSTRAP_ANSWER: /* id, port, version, a count (LE), contacts */
		return imtc_byte(v, 22) == 0 && kad_contacts(v, 23, imtc_byte(v, 21));
	case KAD_HELLO:
	case KAD_HELLO_ANSWER:
		return kad_hello(v);
	}
	return 0;
}

/* A server's state, asked for and told: the challenge ends in aa 55. */
static __always_inline int edonkey_server_udp(const struct imtc_view *v)
{
	u8 operation = imtc_byte(v, 1);

	if (imtc_byte(v, 0) != 0xe3 || imtc_be16(v, 4) != 0xaa55)
		return 0;
	return operation == 0x96 ? v->len == 6 : operation == 0x97 && v->len >= 14;
}

IMTC_DISSECTOR(edonkey)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	if (v->l4 == IMTC_L4_TCP)
		answer = edonkey_is_protocol(imtc_byte(v, 0)) ? edonkey_tcp(v) : IMTC_NO;
	else if (imtc_byte(v, 0) == 0xe4)
		answer = edonkey_kad(v) ? IMTC_MATCH : IMTC_NO;
	else
		answer = edonkey_server_udp(v) ? IMTC_MATCH : IMTC_NO;
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_EDONKEY, IMTC_FEATURE_NONE, IMTC_ENCRYPTION_CLEAR,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_EDONKEY_H */
