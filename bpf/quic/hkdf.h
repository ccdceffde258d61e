/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HMAC-SHA-256 (RFC 2104) of one short message, which is all that HKDF (RFC
 * 5869) takes for secrets no longer than a hash. Keys and results are words, so
 * that one step's result is the next one's key as it stands.
 */
#ifndef IMTC_BPF_QUIC_HKDF_H
#define IMTC_BPF_QUIC_HKDF_H

#include <imtc/sha256.h>

#include "base.h"

/* The longest message: a block less its padding (0x80 and the length). */
#define HMAC_MESSAGE_BYTES 55

struct hkdf {
	struct imtc_sha256 sha;
	u32 key[8];		/* in: host order; 0 behind a shorter one */
	u32 inner[8];		/* the state behind the padded key */
	u32 outer[8];
	u32 result[8];		/* out: host order */
};

static __always_inline void hmac_pad(struct hkdf *h, u32 pad, u32 *state)
{
	for (u32 i = 0; i < 8; i++) {
		h->sha.block[i] = imtc_to_be32(h->key[i] ^ pad);
		h->sha.block[8 + i] = pad;	/* four times the same byte */
	}
	imtc_sha256_start(&h->sha);
	imtc_sha256_block(&h->sha);
	for (u32 i = 0; i < 8; i++)
		state[i] = h->sha.state[i];
}

/* Makes h->key the key of the messages that follow. */
IMTC_GLOBAL int hmac_key(struct hkdf *h)
{
	if (!h)
		return 0;
	hmac_pad(h, 0x36363636, h->inner);
	hmac_pad(h, 0x5c5c5c5c, h->outer);
	return 0;
}

/* An empty message, to be filled with hmac_byte(). */
static __always_inline void hmac_begin(struct hkdf *h)
{
	for (u32 i = 0; i < 16; i++)
		h->sha.block[i] = 0;
}

static __always_inline void hmac_byte(struct hkdf *h, u32 at, u8 byte)
{
	((u8 *)h->sha.block)[at & 63] = byte;
}

/* The HMAC of the first `len` (<= HMAC_MESSAGE_BYTES) bytes in the block, in h->result. */
IMTC_GLOBAL int hmac_end(struct hkdf *h, u32 len)
{
	if (!h)
		return 0;
	hmac_byte(h, len, 0x80);
	h->sha.block[15] = imtc_to_be32((64 + len) * 8);
	for (u32 i = 0; i < 8; i++)
		h->sha.state[i] = h->inner[i];
	imtc_sha256_block(&h->sha);
	for (u32 i = 0; i < 8; i++) {
		h->sha.block[i] = imtc_to_be32(h->sha.state[i]);
		h->sha.block[8 + i] = 0;
	}
	h->sha.block[8] = imtc_to_be32(0x80000000);
	h->sha.block[15] = imtc_to_be32((64 + 32) * 8);
	for (u32 i = 0; i < 8; i++)
		h->sha.state[i] = h->outer[i];
	imtc_sha256_block(&h->sha);
	for (u32 i = 0; i < 8; i++)
		h->result[i] = h->sha.state[i];
	return 0;
}

/*
 * HKDF-Expand-Label (RFC 8446 7.1) with no context and of at most one hash:
 * length, "tls13 " and the label with its length before it, no context, and the
 * counter of HKDF-Expand, 1. `info` is all of that, as a literal.
 */
#define hkdf_expand(h, info) hkdf_expand_bytes(h, info, sizeof(info) - 1)

static __always_inline void hkdf_expand_bytes(struct hkdf *h, const char *info, const u32 len)
{
	hmac_begin(h);
	IMTC_UNROLL
	for (u32 i = 0; i < len; i++)
		hmac_byte(h, i, (u8)info[i]);
	hmac_end(h, len);
}

#endif /* IMTC_BPF_QUIC_HKDF_H */
