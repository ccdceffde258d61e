/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Initial packets of QUIC (RFC 9000 17.2): finds them in a datagram, takes off
 * the header's protection, checks the tag and decrypts (RFC 9001 5). A packet
 * whose tag is wrong is none: nothing else is mistaken for QUIC, and nobody puts
 * a name into the client's mouth that the server will not read.
 */
#ifndef IMTC_BPF_QUIC_INITIAL_H
#define IMTC_BPF_QUIC_INITIAL_H

#include "state.h"

#define QUIC_RESERVED_BITS 0x0c
#define QUIC_TAG_BYTES 16
#define QUIC_SAMPLE_BYTES 16
/* A word can be read at the last byte of whatever ends before this. */
#define QUIC_DATAGRAM_MAX (IMTC_VIEW_BYTES - 8)
/*
 * A client's Initial comes in a datagram no shorter; a server discards it else
 * (RFC 9000 14.1). It also makes it dear to have keys derived for nothing.
 */
#define QUIC_DATAGRAM_MIN 1200

/* Answer of quic_header(). */
enum quic_kind {
	QUIC_KIND_END,		/* no packet of a length that is told: the rest is left alone */
	QUIC_KIND_OTHER,	/* 0-RTT or Handshake */
	QUIC_KIND_INITIAL,
};

/* A variable-length integer (RFC 9000 16) at `at`; what a datagram cannot hold is ~0. */
static __always_inline u32 quic_number(u64 first_eight, u32 *ret_len)
{
	u32 bytes = 1U << (first_eight >> 62);
	u64 value = first_eight << 2 >> 2 >> (64 - 8 * bytes);

	*ret_len = bytes;
	return value > 0xffff ? ~0U : (u32)value;
}

static __always_inline u64 quic_view64(const struct imtc_view *v, u32 at)
{
	at += v->start;
	if (at > IMTC_VIEW_BYTES - 8)
		return 0;
	return imtc_to_be64(quic_get64(v->data + at));
}

/* Does the datagram begin as one that may hold an Initial? Two loads for most that do not. */
static __always_inline int quic_may_begin(const struct imtc_view *v)
{
	u64 head;

	if (v->len < QUIC_DATAGRAM_MIN)
		return 0;
	head = quic_view64(v, 0);
	return head >> 63 && quic_is_known((u32)(head >> 24));
}

/* Up to eight bytes at `at` as a number, zeroes behind the first `left`. */
static __always_inline u64 quic_part(const struct imtc_view *v, u32 at, u32 left)
{
	u64 word = quic_view64(v, at);

	if (left >= 8)
		return word;
	return left ? word & ~0ULL << (64 - 8 * left) : 0;
}

/* The connection ID of `len` bytes at `at`, and zeroes up to the longest. */
static __always_inline void quic_take_cid(const struct imtc_view *v, u32 at, u32 len, u32 *to)
{
	u64 first = quic_part(v, at, len), second = quic_part(v, at + 8, len > 8 ? len - 8 : 0);

	to[0] = imtc_to_be32((u32)(first >> 32));
	to[1] = imtc_to_be32((u32)first);
	to[2] = imtc_to_be32((u32)(second >> 32));
	to[3] = imtc_to_be32((u32)second);
	to[4] = imtc_to_be32((u32)(quic_part(v, at + 16, len > 16 ? len - 16 : 0) >> 32));
}

/*
 * The long header at p->at (RFC 9000 17.2, RFC 9369 3.2), of a packet that ends at
 * or before `limit`. Returns enum quic_kind.
 */
IMTC_GLOBAL int quic_header(const struct imtc_view *v, struct quic_packet *p, u32 limit)
{
	u32 at, type, value, bytes;
	u64 head;

	if (!v || !p || limit > v->len || limit > QUIC_DATAGRAM_MAX)
		return QUIC_KIND_END;
	at = p->at;
	head = quic_view64(v, at);
	p->version = (u32)(head >> 24);
	p->dcid_len = head >> 16 & 0xff;
	if (!(head >> 63) || !quic_is_known(p->version) || p->dcid_len > QUIC_CID_BYTES)
		return QUIC_KIND_END;
	type = head >> 60 & 3;
	if (p->version == QUIC_VERSION_2)
		type = (type - 1) & 3;
	quic_take_cid(v, at + 6, p->dcid_len, p->dcid);
	at += 6 + p->dcid_len;
	if (type == 3 || imtc_byte(v, at) > QUIC_CID_BYTES)	/* Retry has no length */
		return QUIC_KIND_END;
	at += 1 + imtc_byte(v, at);
	if (type == 0) {
		value = quic_number(quic_view64(v, at), &bytes);
		if (value > limit)
			return QUIC_KIND_END;
		at += bytes + value;
	}
	value = quic_number(quic_view64(v, at), &bytes);
	if (value > limit)
		return QUIC_KIND_END;
	p->number_at = at + bytes;
	p->end = p->number_at + value;
	if (p->end > limit)
		return QUIC_KIND_END;
	return type == 0 ? QUIC_KIND_INITIAL : QUIC_KIND_OTHER;
}

/* --- header protection (RFC 9001 5.4) ------------------------------------------ */

static __always_inline void quic_flip(struct imtc_view *v, u32 at, u32 bits)
{
	v->data[(v->start + at) & IMTC_VIEW_MASK] ^= (u8)bits;
}

/* Takes the protection off the header, or puts it on again. */
static __always_inline void quic_flip_header(struct imtc_view *v, struct quic_packet *p)
{
	quic_flip(v, p->at, p->mask[0] >> 24 & 0xf);
	quic_flip(v, p->number_at, p->mask[0] >> 16);
	if (p->number_len > 1)
		quic_flip(v, p->number_at + 1, p->mask[0] >> 8);
	if (p->number_len > 2)
		quic_flip(v, p->number_at + 2, p->mask[0]);
	if (p->number_len > 3)
		quic_flip(v, p->number_at + 3, p->mask[1] >> 24);
}

/* The whole packet number, by what is expected (RFC 9000 A.3). */
static __always_inline u32 quic_whole_number(u32 number, u32 number_len, u32 expected)
{
	u64 window = 1ULL << 8 * number_len;
	u64 whole = (expected & ~(window - 1)) | number;

	if (whole + window / 2 <= expected)
		return (u32)(whole + window);
	if (whole > expected + window / 2 && whole >= window)
		return (u32)(whole - window);
	return (u32)whole;
}

static __always_inline void quic_aes_key(struct imtc_quic *q, const u32 *key)
{
	for (u32 i = 0; i < 4; i++)
		q->aes.key[i] = key[i];
	aes_expand(&q->aes);
}

/* False: the packet is too short, or these are not its keys; the header is as it was. */
static __always_inline int quic_unprotect(struct imtc_view *v, struct imtc_quic *q,
					  const struct quic_keys *keys)
{
	struct quic_packet *p = &q->packet;
	u32 sample = p->number_at + 4;
	u64 high = quic_view64(v, sample), low = quic_view64(v, sample + 8);

	if (sample + QUIC_SAMPLE_BYTES > p->end)
		return 0;
	quic_aes_key(q, keys->hp);
	q->block.word[0] = (u32)(high >> 32);
	q->block.word[1] = (u32)high;
	q->block.word[2] = (u32)(low >> 32);
	q->block.word[3] = (u32)low;
	aes_encrypt(&q->aes, &q->block);
	p->mask[0] = q->block.word[0];
	p->mask[1] = q->block.word[1];
	p->number_len = ((imtc_byte(v, p->at) ^ p->mask[0] >> 24) & 3) + 1;
	quic_flip_header(v, p);
	p->payload = p->number_at + p->number_len;
	p->tag = p->end - QUIC_TAG_BYTES;
	p->number = quic_whole_number(imtc_be32(v, p->number_at) >> (32 - 8 * p->number_len),
				      p->number_len, keys->next);
	/* RFC 9000 17.2: "0 prior to protection" */
	if (!(imtc_byte(v, p->at) & QUIC_RESERVED_BITS))
		return 1;
	quic_flip_header(v, p);
	return 0;
}

/* --- the payload: AES-128-GCM (RFC 9001 5.3, NIST SP 800-38D 7) ------------------- */

struct quic_walk {
	struct imtc_view *view;
	struct imtc_quic *quic;
};

/* Sixteen bytes of what the tag is for: of the header first, then of the payload. */
static long quic_sum_block(u32 i, void *context)
{
	struct quic_walk *walk = context;
	struct quic_packet *p = &walk->quic->packet;
	u32 blocks = (p->payload - p->at + 15) / 16;
	u32 at = i < blocks ? p->at + 16 * i : p->payload + 16 * (i - blocks);
	u32 left = (i < blocks ? p->payload : p->tag) - at;

	ghash_add(&walk->quic->ghash, quic_part(walk->view, at, left),
		  quic_part(walk->view, at + 8, left > 8 ? left - 8 : 0));
	return 0;
}

static __always_inline void quic_counter(struct imtc_quic *q, u32 counter)
{
	q->block.word[0] = q->nonce[0];
	q->block.word[1] = q->nonce[1];
	q->block.word[2] = q->nonce[2];
	q->block.word[3] = counter;
	aes_encrypt(&q->aes, &q->block);
}

static __always_inline u64 quic_block_high(const struct imtc_quic *q)
{
	return (u64)q->block.word[0] << 32 | q->block.word[1];
}

static __always_inline u64 quic_block_low(const struct imtc_quic *q)
{
	return (u64)q->block.word[2] << 32 | q->block.word[3];
}

/* Is the tag what these keys make of the packet? */
IMTC_GLOBAL int quic_is_authentic(struct imtc_view *v, struct imtc_quic *q)
{
	struct quic_walk walk = { .view = v, .quic = q };
	struct quic_packet *p;
	u32 header, payload;

	if (!v || !q)
		return 0;
	p = &q->packet;
	header = p->payload - p->at;
	payload = p->tag - p->payload;
	for (u32 i = 0; i < 4; i++)
		q->block.word[i] = 0;
	aes_encrypt(&q->aes, &q->block);
	ghash_start(&q->ghash, quic_block_high(q), quic_block_low(q));
	quic_repeat((header + 15) / 16 + (payload + 15) / 16, quic_sum_block, &walk);
	ghash_add(&q->ghash, (u64)header * 8, (u64)payload * 8);
	quic_counter(q, 1);
	return quic_view64(v, p->tag) == (q->ghash.sum.high ^ quic_block_high(q)) &&
	       quic_view64(v, p->tag + 8) == (q->ghash.sum.low ^ quic_block_low(q));
}

static long quic_decrypt_block(u32 i, void *context)
{
	struct quic_walk *walk = context;
	struct imtc_quic *q = walk->quic;
	u32 at = q->packet.payload + 16 * i, to = 16 * (i & (IMTC_VIEW_BYTES / 16 - 1));

	quic_counter(q, 2 + i);
	quic_put64(q->plain + to, imtc_to_be64(quic_view64(walk->view, at) ^ quic_block_high(q)));
	quic_put64(q->plain + to + 8,
		   imtc_to_be64(quic_view64(walk->view, at + 8) ^ quic_block_low(q)));
	return 0;
}

/*
 * Opens the Initial at q->packet with these keys: its frames in q->plain and
 * q->frames. 0: they are not its keys, and the datagram is as it was.
 */
IMTC_GLOBAL int quic_open(struct imtc_view *v, struct imtc_quic *q, const struct quic_keys *keys)
{
	struct quic_walk walk = { .view = v, .quic = q };
	struct quic_packet *p;

	if (!v || !q || !keys || !quic_unprotect(v, q, keys))
		return 0;
	p = &q->packet;
	quic_aes_key(q, keys->key);
	/* RFC 9001 5.3: the number, padded to the left, on the vector. */
	q->nonce[0] = keys->iv[0];
	q->nonce[1] = keys->iv[1];
	q->nonce[2] = keys->iv[2] ^ p->number;
	if (!quic_is_authentic(v, q)) {
		quic_flip_header(v, p);
		return 0;
	}
	q->frames.at = q->frames.skip = 0;
	q->frames.len = p->tag - p->payload;
	quic_repeat((q->frames.len + 15) / 16, quic_decrypt_block, &walk);
	return 1;
}

#endif /* IMTC_BPF_QUIC_INITIAL_H */
