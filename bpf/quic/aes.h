/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES-128 (FIPS 197), encryption only: that is all which header protection and
 * counter mode need. A round is four table look-ups a column; the tables are made
 * of the S-box by the preprocessor. The keys are public, so that it does not
 * matter what the cache tells of them.
 */
#ifndef IMTC_BPF_QUIC_AES_H
#define IMTC_BPF_QUIC_AES_H

#include "base.h"

#define AES_ROUNDS 10

struct aes128 {
	u32 key[4 * (AES_ROUNDS + 1)];	/* host order */
};

/* FIPS 197 5.1.1 */
#define AES_SBOX(S) \
	S(0x63) S(0x7c) S(0x77) S(0x7b) S(0xf2) S(0x6b) S(0x6f) S(0xc5) \
	S(0x30) S(0x01) S(0x67) S(0x2b) S(0xfe) S(0xd7) S(0xab) S(0x76) \
	S(0xca) S(0x82) S(0xc9) S(0x7d) S(0xfa) S(0x59) S(0x47) S(0xf0) \
	S(0xad) S(0xd4) S(0xa2) S(0xaf) S(0x9c) S(0xa4) S(0x72) S(0xc0) \
	S(0xb7) S(0xfd) S(0x93) S(0x26) S(0x36) S(0x3f) S(0xf7) S(0xcc) \
	S(0x34) S(0xa5) S(0xe5) S(0xf1) S(0x71) S(0xd8) S(0x31) S(0x15) \
	S(0x04) S(0xc7) S(0x23) S(0xc3) S(0x18) S(0x96) S(0x05) S(0x9a) \
	S(0x07) S(0x12) S(0x80) S(0xe2) S(0xeb) S(0x27) S(0xb2) S(0x75) \
	S(0x09) S(0x83) S(0x2c) S(0x1a) S(0x1b) S(0x6e) S(0x5a) S(0xa0) \
	S(0x52) S(0x3b) S(0xd6) S(0xb3) S(0x29) S(0xe3) S(0x2f) S(0x84) \
	S(0x53) S(0xd1) S(0x00) S(0xed) S(0x20) S(0xfc) S(0xb1) S(0x5b) \
	S(0x6a) S(0xcb) S(0xbe) S(0x39) S(0x4a) S(0x4c) S(0x58) S(0xcf) \
	S(0xd0) S(0xef) S(0xaa) S(0xfb) S(0x43) S(0x4d) S(0x33) S(0x85) \
	S(0x45) S(0xf9) S(0x02) S(0x7f) S(0x50) S(0x3c) S(0x9f) S(0xa8) \
	S(0x51) S(0xa3) S(0x40) S(0x8f) S(0x92) S(0x9d) S(0x38) S(0xf5) \
	S(0xbc) S(0xb6) S(0xda) S(0x21) S(0x10) S(0xff) S(0xf3) S(0xd2) \
	S(0xcd) S(0x0c) S(0x13) S(0xec) S(0x5f) S(0x97) S(0x44) S(0x17) \
	S(0xc4) S(0xa7) S(0x7e) S(0x3d) S(0x64) S(0x5d) S(0x19) S(0x73) \
	S(0x60) S(0x81) S(0x4f) S(0xdc) S(0x22) S(0x2a) S(0x90) S(0x88) \
	S(0x46) S(0xee) S(0xb8) S(0x14) S(0xde) S(0x5e) S(0x0b) S(0xdb) \
	S(0xe0) S(0x32) S(0x3a) S(0x0a) S(0x49) S(0x06) S(0x24) S(0x5c) \
	S(0xc2) S(0xd3) S(0xac) S(0x62) S(0x91) S(0x95) S(0xe4) S(0x79) \
	S(0xe7) S(0xc8) S(0x37) S(0x6d) S(0x8d) S(0xd5) S(0x4e) S(0xa9) \
	S(0x6c) S(0x56) S(0xf4) S(0xea) S(0x65) S(0x7a) S(0xae) S(0x08) \
	S(0xba) S(0x78) S(0x25) S(0x2e) S(0x1c) S(0xa6) S(0xb4) S(0xc6) \
	S(0xe8) S(0xdd) S(0x74) S(0x1f) S(0x4b) S(0xbd) S(0x8b) S(0x8a) \
	S(0x70) S(0x3e) S(0xb5) S(0x66) S(0x48) S(0x03) S(0xf6) S(0x0e) \
	S(0x61) S(0x35) S(0x57) S(0xb9) S(0x86) S(0xc1) S(0x1d) S(0x9e) \
	S(0xe1) S(0xf8) S(0x98) S(0x11) S(0x69) S(0xd9) S(0x8e) S(0x94) \
	S(0x9b) S(0x1e) S(0x87) S(0xe9) S(0xce) S(0x55) S(0x28) S(0xdf) \
	S(0x8c) S(0xa1) S(0x89) S(0x0d) S(0xbf) S(0xe6) S(0x42) S(0x68) \
	S(0x41) S(0x99) S(0x2d) S(0x0f) S(0xb0) S(0x54) S(0xbb) S(0x16)

/* A substituted byte by the column of MixColumns (FIPS 197 5.1.3): 2, 1, 1, 3. */
#define AES_DOUBLE(s) (((s) << 1 ^ ((s) >> 7) * 0x11bU) & 0xff)
#define AES_COLUMN(s) \
	(AES_DOUBLE(s) << 24 | (u32)(s) << 16 | (u32)(s) << 8 | (AES_DOUBLE(s) ^ (u32)(s)))
#define AES_TURN(x, bits) ((x) >> (bits) | (x) << (32 - (bits)))

#define AES_S(s) s,
#define AES_T0(s) AES_COLUMN(s),
#define AES_T1(s) AES_TURN(AES_COLUMN(s), 8),
#define AES_T2(s) AES_TURN(AES_COLUMN(s), 16),
#define AES_T3(s) AES_TURN(AES_COLUMN(s), 24),

static const u8 aes_sbox[256] = { AES_SBOX(AES_S) };
static const u32 aes_table[4][256] = {
	{ AES_SBOX(AES_T0) }, { AES_SBOX(AES_T1) }, { AES_SBOX(AES_T2) }, { AES_SBOX(AES_T3) },
};

static __always_inline u32 aes_substitute(u32 word)
{
	return (u32)aes_sbox[word >> 24] << 24 | (u32)aes_sbox[word >> 16 & 0xff] << 16 |
	       (u32)aes_sbox[word >> 8 & 0xff] << 8 | aes_sbox[word & 0xff];
}

/* FIPS 197 5.2: the first four words of `a` are the key. */
IMTC_GLOBAL int aes_expand(struct aes128 *a)
{
	u32 constant = 1;

	if (!a)
		return 0;
	for (u32 i = 4; i < 4 * (AES_ROUNDS + 1); i += 4) {
		u32 last = a->key[i - 1];
		u32 word = a->key[i - 4] ^ aes_substitute(last << 8 | last >> 24) ^ constant << 24;

		a->key[i] = word;
		a->key[i + 1] = word ^= a->key[i - 3];
		a->key[i + 2] = word ^= a->key[i - 2];
		a->key[i + 3] = word ^ a->key[i - 1];
		constant = AES_DOUBLE(constant);
	}
	return 0;
}

static __always_inline u32 aes_mix(u32 a, u32 b, u32 c, u32 d)
{
	return aes_table[0][a >> 24] ^ aes_table[1][b >> 16 & 0xff] ^
	       aes_table[2][c >> 8 & 0xff] ^ aes_table[3][d & 0xff];
}

static __always_inline u32 aes_last(u32 a, u32 b, u32 c, u32 d)
{
	return aes_substitute((a & 0xff000000) | (b & 0xff0000) | (c & 0xff00) | (d & 0xff));
}

struct aes_block {
	u32 word[4];	/* host order */
};

/* FIPS 197 5.1, in place. */
IMTC_GLOBAL int aes_encrypt(const struct aes128 *a, struct aes_block *block)
{
	u32 s0, s1, s2, s3;

	if (!a || !block)
		return 0;
	s0 = block->word[0] ^ a->key[0], s1 = block->word[1] ^ a->key[1];
	s2 = block->word[2] ^ a->key[2], s3 = block->word[3] ^ a->key[3];
	for (u32 i = 4; i < 4 * AES_ROUNDS; i += 4) {
		u32 t0 = aes_mix(s0, s1, s2, s3) ^ a->key[i];
		u32 t1 = aes_mix(s1, s2, s3, s0) ^ a->key[i + 1];
		u32 t2 = aes_mix(s2, s3, s0, s1) ^ a->key[i + 2];

		s3 = aes_mix(s3, s0, s1, s2) ^ a->key[i + 3];
		s0 = t0, s1 = t1, s2 = t2;
	}
	block->word[0] = aes_last(s0, s1, s2, s3) ^ a->key[4 * AES_ROUNDS];
	block->word[1] = aes_last(s1, s2, s3, s0) ^ a->key[4 * AES_ROUNDS + 1];
	block->word[2] = aes_last(s2, s3, s0, s1) ^ a->key[4 * AES_ROUNDS + 2];
	block->word[3] = aes_last(s3, s0, s1, s2) ^ a->key[4 * AES_ROUNDS + 3];
	return 0;
}

#endif /* IMTC_BPF_QUIC_AES_H */
