/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How domain suffixes are keyed in the BPF map "domains": a 128-bit keyed hash
 * of the suffix, taken from the last byte to the first, so that one pass over
 * a name has the hash of each of its suffixes ready at each dot. Lower-case, no
 * trailing dot, no leading dot. The seeds are drawn at random when the
 * programs are loaded: nobody can prepare a colliding name.
 */
#ifndef IMTC_SIGNATURE_H
#define IMTC_SIGNATURE_H

#include <imtc/label.h>

struct imtc_domain_key {
	u64 hash[2];
};

/*
 * ALPN values and user agents lie in the same map: their hash begins with one of
 * these bytes, which no domain has, and goes on from the first byte to the last.
 * A user agent is told by as much of it as ends before one of "/ (;" or at the end.
 */
#define IMTC_NAME_ALPN 0x01
#define IMTC_NAME_AGENT 0x02

/* What a domain suffix means. */
struct imtc_domain_value {
	u16 service;
	u8 feature;
	u8 encryption;	/* enum imtc_encryption, 0: as the carrier says */
	u32 reserved;
};

/*
 * Bytes that a payload has, for services that need no code. The map "patterns"
 * has two halves, so that a new set is written beside the one in use and taken
 * with one store to imtc_control.patterns.
 */
#define IMTC_PATTERN_BYTES 16
#define IMTC_PATTERNS_MAX 128
#define IMTC_PATTERNS_UPPER 0x8000

struct imtc_pattern {
	u8 value[IMTC_PATTERN_BYTES];	/* no bit outside of the mask */
	u8 mask[IMTC_PATTERN_BYTES];
	u16 offset;		/* of value[0] in a direction's bytes, or in the datagram */
	u16 min, max;		/* bytes of the datagram; 0: any. UDP alone */
	u8 len;			/* bytes of value that are looked at, from 1 */
	u8 l4;			/* enum imtc_l4; 0: either */
	u8 directions;		/* bit an enum imtc_direction */
	u8 reserved[3];
	struct imtc_domain_value means;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_pattern) == 52);

static __always_inline void imtc_domain_start(struct imtc_domain_key *k, const u64 seed[2])
{
	k->hash[0] = seed[0];
	k->hash[1] = seed[1];
}

static __always_inline void imtc_domain_step(struct imtc_domain_key *k, u8 byte)
{
	k->hash[0] = (k->hash[0] ^ byte) * 0x9e3779b97f4a7c15ULL;
	k->hash[0] ^= k->hash[0] >> 29;
	k->hash[1] = (k->hash[1] + byte) * 0xd6e8feb86659fd93ULL;
	k->hash[1] ^= k->hash[1] >> 32;
}

#endif /* IMTC_SIGNATURE_H */
