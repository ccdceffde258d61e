/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 (FIPS 180-4), one block at a time, also for BPF. Padding is the caller's
 * (imtc/sha256_bytes.h). The state is in host order.
 */
#ifndef IMTC_SHA256_H
#define IMTC_SHA256_H

#include <imtc/view.h>

struct imtc_sha256 {
	u32 state[8];
	u32 block[16];		/* __be32: the message, as it lies in memory */
	u32 schedule[64];
};

/* FIPS 180-4 4.2.2 */
static const u32 imtc_sha256_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

/* Three rotations of one word: a doubled word is rotated by a shift. */
static __always_inline u32 imtc_sha256_rotations(u32 x, u32 a, u32 b, u32 c)
{
	u64 twice = (u64)x << 32 | x;

	return (u32)(twice >> a ^ twice >> b ^ twice >> c);
}

static __always_inline u32 imtc_sha256_rotations_shift(u32 x, u32 a, u32 b, u32 shift)
{
	u64 twice = (u64)x << 32 | x;

	return (u32)(twice >> a ^ twice >> b) ^ x >> shift;
}

static __always_inline void imtc_sha256_start(struct imtc_sha256 *s)
{
	s->state[0] = 0x6a09e667;
	s->state[1] = 0xbb67ae85;
	s->state[2] = 0x3c6ef372;
	s->state[3] = 0xa54ff53a;
	s->state[4] = 0x510e527f;
	s->state[5] = 0x9b05688c;
	s->state[6] = 0x1f83d9ab;
	s->state[7] = 0x5be0cd19;
}

/* FIPS 180-4 6.2.2, step 1. A function of its own, so that the words stay in memory. */
IMTC_GLOBAL int imtc_sha256_schedule(struct imtc_sha256 *s)
{
	u32 *w;

	if (!s)
		return 0;
	w = s->schedule;
	for (u32 i = 0; i < 16; i++)
		w[i] = imtc_to_be32(s->block[i]);
	for (u32 i = 16; i < 64; i++)
		w[i] = imtc_sha256_rotations_shift(w[i - 2], 17, 19, 10) + w[i - 7] +
		       imtc_sha256_rotations_shift(w[i - 15], 7, 18, 3) + w[i - 16];
	return 0;
}

/* Takes s->block into s->state. */
IMTC_GLOBAL int imtc_sha256_block(struct imtc_sha256 *s)
{
	u32 a, b, c, d, e, f, g, h;

	if (!s)
		return 0;
	imtc_sha256_schedule(s);
	a = s->state[0], b = s->state[1], c = s->state[2], d = s->state[3];
	e = s->state[4], f = s->state[5], g = s->state[6], h = s->state[7];
	for (u32 i = 0; i < 64; i++) {
		u32 one = h + imtc_sha256_rotations(e, 6, 11, 25) + (g ^ (e & (f ^ g))) +
			  imtc_sha256_k[i] + s->schedule[i];
		u32 two = imtc_sha256_rotations(a, 2, 13, 22) + ((a & b) | (c & (a | b)));

		h = g, g = f, f = e, e = d + one;
		d = c, c = b, b = a, a = one + two;
	}
	s->state[0] += a, s->state[1] += b, s->state[2] += c, s->state[3] += d;
	s->state[4] += e, s->state[5] += f, s->state[6] += g, s->state[7] += h;
	return 0;
}

#endif /* IMTC_SHA256_H */
