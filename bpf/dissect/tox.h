/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tox (c-toxcore, "The Tox Reference", DHT and network crypto): a kind, the
 * sender's public key, a nonce of 24 bytes, and what is encrypted, of a length
 * that the kind tells. A key is the same in all that its owner sends: two such
 * datagrams of one port are proof.
 */
#ifndef IMTC_DISSECT_TOX_H
#define IMTC_DISSECT_TOX_H

#include "scan.h"

#define TOX_KEY_BYTES 32
/* Three bytes of a key being zero happens once in three thousand keys. */
#define TOX_ZEROS_MAX 2

/* Does a datagram of that kind have that length? */
static __always_inline int tox_fits(u8 kind, u32 len)
{
	switch (kind) {
	case 0x00:	/* ping, pong: kind, number */
	case 0x01:
		return len == 82;
	case 0x02:	/* nodes near a key, number */
		return len == 113;
	case 0x04:	/* up to four nodes, each 39 bytes (IPv4) or 51 (IPv6) */
		return len >= 82 + 39 && len <= 82 + 4 * 51;
	case 0x18:	/* cookie: two keys, number */
		return len == 145;
	case 0x21:	/* LAN discovery: the key alone */
		return len == 33;
	}
	return 0;
}

/* Of 32 random bytes, fewer than four have their upper bit once in half a million keys. */
#define TOX_HIGH_MIN 4

struct tox_key {
	u32 zeros;
	u32 high;
} IMTC_WALK;

static long tox_key_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct tox_key *k = imtc_walk(v);

	k->zeros += !imtc_byte(v, 1 + i);
	k->high += imtc_byte(v, 1 + i) >> 7;
	return 0;
}

IMTC_DISSECTOR(tox)(struct imtc_view *v)
{
	struct tox_key *k;

	if (!v || !tox_fits(imtc_byte(v, 0), v->len))
		return IMTC_NO;
	/* A key is random; what counts, has flags (DNS) or is text is not. */
	k = imtc_walk(v);
	k->zeros = k->high = 0;
	imtc_loop(v, TOX_KEY_BYTES, tox_key_byte);
	if (k->zeros > TOX_ZEROS_MAX || k->high < TOX_HIGH_MIN)
		return IMTC_NO;
	/* The nonce tells one from the same again. */
	v->claim = (struct imtc_claim){
		.id = imtc_be32(v, 1) ^ imtc_be32(v, 5), .serial = imtc_be16(v, 1 + TOX_KEY_BYTES),
		.needed = 2, .service = IMTC_SERVICE_TOX,
		.feature = IMTC_FEATURE_PRESENCE, .encryption = IMTC_ENCRYPTION_ENCRYPTED };
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_TOX_H */
