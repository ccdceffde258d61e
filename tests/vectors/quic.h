/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes Initial packets of QUIC clients (RFC 9000 17.2.2, RFC 9001 5) with
 * OpenSSL's cryptography, so that what reads them is checked by another's hand.
 */
#ifndef IMTC_TESTS_VECTORS_QUIC_H
#define IMTC_TESTS_VECTORS_QUIC_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include <imtc/types.h>

#define QUIC_PACKET_BYTES 2048
#define QUIC_V1 0x00000001U
#define QUIC_V2 0x6b3343cfU
#define QUIC_DRAFT_29 0xff00001dU
#define QUIC_DRAFT_27 0xff00001bU

struct quic_initial {
	u32 version;
	const void *dcid;
	u32 dcid_len;
	const void *first_dcid;		/* that the keys are made of; NULL: dcid */
	u32 first_dcid_len;
	u32 scid_len;
	u32 token_len;
	u32 number;
	u32 number_len;			/* 0: 4 */
	u32 type;			/* as version 1 numbers them; 0: Initial */
	u32 reserved_bits;
};

struct quic_secrets {
	u8 initial[32];
	u8 client[32];
	u8 key[16];
	u8 iv[12];
	u8 hp[16];
};

/* --- keys ----------------------------------------------------------------------- */

static inline void quic_hmac(const u8 *key, u32 key_len, const u8 *data, u32 len, u8 out[32])
{
	if (!HMAC(EVP_sha256(), key, (int)key_len, data, len, out, NULL))
		abort();
}

static inline void quic_expand(const u8 secret[32], const char *label, u8 *out, u32 out_len)
{
	u8 info[64] = { 0, (u8)out_len, (u8)(6 + strlen(label)) }, hash[32];
	u32 len = 3;

	memcpy(info + len, "tls13 ", 6);
	len += 6;
	memcpy(info + len, label, strlen(label));
	len += (u32)strlen(label);
	info[len++] = 0;
	info[len++] = 1;
	quic_hmac(secret, 32, info, len, hash);
	memcpy(out, hash, out_len);
}

static inline void quic_secrets_of(u32 version, const u8 *dcid, u32 len, struct quic_secrets *s)
{
	static const char *const salts[] = {
		"\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a",
		"\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9",
		"\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99",
		"\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02",
	};
	const char *salt = version == QUIC_V1 ? salts[0] : version == QUIC_V2 ? salts[1] :
			   version == QUIC_DRAFT_29 ? salts[2] : salts[3];
	bool v2 = version == QUIC_V2;

	quic_hmac((const u8 *)salt, 20, dcid, len, s->initial);
	quic_expand(s->initial, "client in", s->client, 32);
	quic_expand(s->client, v2 ? "quicv2 key" : "quic key", s->key, 16);
	quic_expand(s->client, v2 ? "quicv2 iv" : "quic iv", s->iv, 12);
	quic_expand(s->client, v2 ? "quicv2 hp" : "quic hp", s->hp, 16);
}

/* --- frames --------------------------------------------------------------------- */

static inline u32 quic_varint(u8 *at, u64 value, u32 bytes)
{
	for (u32 i = 0; i < bytes; i++)
		at[i] = (u8)(value >> 8 * (bytes - 1 - i));
	at[0] |= (u8)(bytes == 1 ? 0 : bytes == 2 ? 0x40 : bytes == 4 ? 0x80 : 0xc0);
	return bytes;
}

/* A CRYPTO frame (RFC 9000 19.6); returns its length. */
static inline u32 quic_crypto(u8 *at, u32 offset, const u8 *data, u32 len)
{
	u32 n = 0;

	at[n++] = 6;
	n += quic_varint(at + n, offset, offset < 64 ? 1 : 2);
	n += quic_varint(at + n, len, len < 64 ? 1 : 2);
	memcpy(at + n, data, len);
	return n + len;
}

/* --- the packet ------------------------------------------------------------------- */

static inline u32 quic_put_header(const struct quic_initial *i, u32 payload_len, u8 *out)
{
	u32 type = i->version == QUIC_V2 ? (i->type + 1) & 3 : i->type;
	u32 number_len = i->number_len ? i->number_len : 4, n = 0;

	out[n++] = (u8)(0xc0 | type << 4 | i->reserved_bits << 2 | (number_len - 1));
	for (int shift = 24; shift >= 0; shift -= 8)
		out[n++] = (u8)(i->version >> shift);
	out[n++] = (u8)i->dcid_len;
	memcpy(out + n, i->dcid, i->dcid_len);
	n += i->dcid_len;
	out[n++] = (u8)i->scid_len;
	memset(out + n, 0x5c, i->scid_len);
	n += i->scid_len;
	if (i->type == 0) {
		n += quic_varint(out + n, i->token_len, i->token_len < 64 ? 1 : 2);
		memset(out + n, 0x70, i->token_len);
		n += i->token_len;
	}
	n += quic_varint(out + n, number_len + payload_len + 16, 2);
	for (u32 k = 0; k < number_len; k++)
		out[n++] = (u8)(i->number >> 8 * (number_len - 1 - k));
	return n;
}

static inline void quic_gcm(const struct quic_secrets *s, const u8 nonce[12], const u8 *header,
			    u32 header_len, const u8 *frames, u32 len, u8 *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;

	if (!c || !EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), NULL, s->key, nonce) ||
	    !EVP_EncryptUpdate(c, NULL, &n, header, (int)header_len) ||
	    !EVP_EncryptUpdate(c, out, &n, frames, (int)len) ||
	    !EVP_EncryptFinal_ex(c, out + n, &n) ||
	    !EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, out + len))
		abort();
	EVP_CIPHER_CTX_free(c);
}

static inline void quic_ecb(const u8 key[16], const u8 in[16], u8 out[16])
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;

	if (!c || !EVP_EncryptInit_ex(c, EVP_aes_128_ecb(), NULL, key, NULL) ||
	    !EVP_EncryptUpdate(c, out, &n, in, 16))
		abort();
	EVP_CIPHER_CTX_free(c);
}

/* Seals `frames` as they are, with no padding; returns the packet's length. */
static inline u32 quic_seal(const struct quic_initial *i, const u8 *frames, u32 len, u8 *out)
{
	const u8 *first = i->first_dcid ? i->first_dcid : i->dcid;
	u32 first_len = i->first_dcid ? i->first_dcid_len : i->dcid_len;
	u32 header = quic_put_header(i, len, out), number_len = i->number_len ? i->number_len : 4;
	struct quic_secrets s;
	u8 nonce[12], mask[16];

	quic_secrets_of(i->version, first, first_len, &s);
	memcpy(nonce, s.iv, sizeof(nonce));
	for (u32 k = 0; k < 4; k++)
		nonce[8 + k] ^= (u8)(i->number >> (24 - 8 * k));
	quic_gcm(&s, nonce, out, header, frames, len, out + header);
	quic_ecb(s.hp, out + header - number_len + 4, mask);
	out[0] ^= mask[0] & 0x0f;
	for (u32 k = 0; k < number_len; k++)
		out[header - number_len + k] ^= mask[1 + k];
	return header + len + 16;
}

/* The same with PADDING behind the frames, so that the packet has `total` bytes. */
static inline u32 quic_seal_padded(const struct quic_initial *i, const u8 *frames, u32 len,
				   u32 total, u8 *out)
{
	u8 header[QUIC_PACKET_BYTES], padded[QUIC_PACKET_BYTES] = { 0 };
	u32 around = quic_put_header(i, len, header) + 16;

	memcpy(padded, frames, len);
	if (around + len < total)
		len = total - around;
	return quic_seal(i, padded, len, out);
}

#endif /* IMTC_TESTS_VECTORS_QUIC_H */
