/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GHASH (NIST SP 800-38D 6.4), the sum by which GCM tells a forged packet: a
 * byte at a time out of a table of the 256 multiples of H. 6.3 there: bit 0 of
 * the field is the leftmost of the block, so that a multiplication by x is a
 * shift to the right.
 */
#ifndef IMTC_BPF_QUIC_GHASH_H
#define IMTC_BPF_QUIC_GHASH_H

#include "base.h"

struct ghash_word {
	u64 high;	/* the block's first eight bytes as a number */
	u64 low;
};

struct ghash {
	struct ghash_word table[256];	/* H times each byte, as the block's first */
	struct ghash_word sum;
};

/* x^128 = x^7 + x^2 + x + 1, in the order of bits that 6.3 uses. */
#define GHASH_REDUCE (0xe1ULL << 56)

static long ghash_table_step(u32 i, void *context)
{
	struct ghash *g = *(struct ghash **)context;
	u32 top = i, to;

	/* The highest bit of i alone; the rest of i is in the table already. */
	top |= top >> 1;
	top |= top >> 2;
	top |= top >> 4;
	top ^= top >> 1;
	to = i & 255;
	g->table[to].high = g->table[top & 255].high ^ g->table[(i ^ top) & 255].high;
	g->table[to].low = g->table[top & 255].low ^ g->table[(i ^ top) & 255].low;
	return 0;
}

/* Makes the table for H, and the sum 0. */
IMTC_GLOBAL int ghash_start(struct ghash *g, u64 high, u64 low)
{
	struct ghash *context = g;

	if (!g)
		return 0;
	g->sum = g->table[0] = (struct ghash_word){ 0, 0 };
	for (u32 bit = 128; bit; bit >>= 1) {
		u64 carry = low & 1 ? GHASH_REDUCE : 0;

		g->table[bit & 255] = (struct ghash_word){ high, low };
		low = low >> 1 | high << 63;
		high = high >> 1 ^ carry;
	}
	/* Powers of two are written again as the sum of themselves and 0. */
	quic_repeat(256, ghash_table_step, &context);
	return 0;
}

/* The sum, with the block added, times H. */
static __always_inline void ghash_add(struct ghash *g, u64 high, u64 low)
{
	u64 h = g->sum.high ^ high, l = g->sum.low ^ low, zh = 0, zl = 0;

	/* Horner's rule, from the last byte to the first. */
	for (u32 i = 0; i < 16; i++) {
		u64 out = zl & 0xff;
		u32 byte = (i < 8 ? l >> 8 * i : h >> 8 * (i - 8)) & 0xff;

		zl = (zl >> 8 | zh << 56) ^ g->table[byte].low;
		/* What a shift by eight drops, times 0xe1 without carries. */
		zh = zh >> 8 ^ (out << 8 ^ out << 7 ^ out << 6 ^ out << 1) << 48 ^
		     g->table[byte].high;
	}
	g->sum.high = zh;
	g->sum.low = zl;
}

#endif /* IMTC_BPF_QUIC_GHASH_H */
