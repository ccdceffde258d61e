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

/* What a domain suffix means. */
struct imtc_domain_value {
	u16 service;
	u8 feature;
	u8 encryption;	/* enum imtc_encryption, 0: as the carrier says */
	u32 reserved;
};

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
