/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frames of an Initial packet (RFC 9000 19): what CRYPTO frames carry is put
 * where it belongs in the handshake, whatever order, size and overlap they come
 * in. The first copy of a byte wins, as in a stream of TCP.
 */
#ifndef IMTC_BPF_QUIC_CRYPTO_FRAMES_H
#define IMTC_BPF_QUIC_CRYPTO_FRAMES_H

#include "state.h"

/* The frames that an Initial may hold (RFC 9000 12.4, table 3), but CONNECTION_CLOSE. */
#define QUIC_FRAME_PADDING 0x00
#define QUIC_FRAME_PING 0x01
#define QUIC_FRAME_ACK 0x02
#define QUIC_FRAME_ACK_ECN 0x03
#define QUIC_FRAME_CRYPTO 0x06

/* Bytes of the handshake that are kept; a word can be written at each of them. */
#define QUIC_HELLO_BYTES (IMTC_VIEW_BYTES - 8)
#define QUIC_HAVE_WORDS (IMTC_VIEW_BYTES / 64)

struct quic_put {
	const struct imtc_quic *quic;
	struct imtc_stream *stream;
	u32 from;		/* in quic->plain */
	u32 to;			/* in the handshake */
	u32 len;
	u32 differs;
};

/* A bit a byte becomes 0xff a byte; the lowest bit stands for the first in memory. */
static __always_inline u64 quic_spread(u32 bits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const u64 diagonal = 0x8040201008040201ULL;
#else
	const u64 diagonal = 0x0102040810204080ULL;
#endif
	u64 spread = (u64)(bits & 0xff) * 0x0101010101010101ULL & diagonal;

	return ((spread + 0x7f7f7f7f7f7f7f7fULL) >> 7 & 0x0101010101010101ULL) * 0xff;
}

/* Eight bytes of a frame, each only where none is yet. */
static long quic_put_word(u32 i, void *context)
{
	struct quic_put *put = context;
	struct imtc_stream *stream = put->stream;
	u32 done = 8 * i, left = put->len - done, to = put->to + done;
	u32 shift = to & 63, wanted = left < 8 ? (1U << left) - 1 : 0xff, had, word;
	u64 *have, *next, old, new, fresh;

	if (done >= put->len || to > QUIC_HELLO_BYTES)
		return 1;
	word = to / 64;
	have = &stream->have[word & (QUIC_HAVE_WORDS - 1)];
	next = &stream->have[(word + 1) & (QUIC_HAVE_WORDS - 1)];
	had = (u32)(*have >> shift) & 0xff;
	if (shift > 56)
		had |= (u32)(*next << (64 - shift)) & 0xff;
	fresh = wanted & ~had;
	old = quic_get64(stream->view.data + to);
	new = quic_get64(put->quic->plain + ((put->from + done) & IMTC_VIEW_MASK));
	put->differs |= ((old ^ new) & quic_spread(wanted & had)) != 0;
	quic_put64(stream->view.data + to,
		   (new & quic_spread((u32)fresh)) | (old & ~quic_spread((u32)fresh)));
	*have |= fresh << shift;
	if (shift > 56)
		*next |= fresh >> (64 - shift);
	return 0;
}

/* `len` bytes at `from` of q->plain are those from `to` on. */
IMTC_GLOBAL int quic_put(struct imtc_quic *q, struct imtc_stream *stream, u32 from, u32 to, u32 len)
{
	struct quic_put put = {
		.quic = q, .stream = stream, .from = from, .to = to, .len = len,
	};

	if (!q || !stream || to > QUIC_HELLO_BYTES)
		return 0;
	quic_repeat((len + 7) / 8, quic_put_word, &put);
	q->frames.differs |= put.differs;
	return 0;
}

struct quic_frame_walk {
	struct imtc_quic *quic;
	struct imtc_stream *stream;
};

/* A number of the frame; false where it is not all there. Larger ones are ~0. */
static __always_inline int quic_frame_number(struct imtc_quic *q, u32 *ret_value)
{
	struct quic_frames *f = &q->frames;
	u64 eight = imtc_to_be64(quic_get64(q->plain + (f->at & IMTC_VIEW_MASK)));
	u32 bytes = 1U << (eight >> 62);
	u64 value = eight << 2 >> 2 >> (64 - 8 * bytes);

	if (f->at >= f->len || bytes > f->len - f->at)
		return 0;
	f->at += bytes;
	*ret_value = value > 0xffff ? ~0U : (u32)value;
	return 1;
}

static __always_inline long quic_crypto_frame(struct quic_frame_walk *walk)
{
	struct quic_frames *f = &walk->quic->frames;
	u32 offset, len;

	if (!quic_frame_number(walk->quic, &offset) || !quic_frame_number(walk->quic, &len) ||
	    len > f->len - f->at)
		return 1;
	quic_put(walk->quic, walk->stream, f->at, offset, len);
	f->at += len;
	return 0;
}

/* RFC 9000 19.3: the numbers in front of the ranges, and how many those hold. */
static __always_inline long quic_ack_frame(struct imtc_quic *q, u8 type)
{
	u32 number, ranges;

	if (!quic_frame_number(q, &number) || !quic_frame_number(q, &number) ||
	    !quic_frame_number(q, &ranges) || !quic_frame_number(q, &number) ||
	    ranges > q->frames.len)
		return 1;
	q->frames.skip = 2 * ranges + (type == QUIC_FRAME_ACK_ECN ? 3 : 0);
	return 0;
}

/* One frame, a number of an ACK frame, or some padding. */
static long quic_frame(u32 turn, void *context)
{
	struct quic_frame_walk *walk = context;
	struct imtc_quic *q = walk->quic;
	struct quic_frames *f = &q->frames;
	u32 number;
	u8 type;

	(void)turn;
	if (f->at >= f->len)
		return 1;
	if (f->skip) {
		f->skip--;
		return !quic_frame_number(q, &number);
	}
	type = q->plain[f->at & IMTC_VIEW_MASK];
	if (type == QUIC_FRAME_PADDING) {
		/* Bytes behind the payload count for padding: the walk ends there. */
		f->at += quic_get64(q->plain + (f->at & IMTC_VIEW_MASK)) ? 1 : 8;
		return 0;
	}
	f->at++;
	switch (type) {
	case QUIC_FRAME_PING:
		return 0;
	case QUIC_FRAME_ACK:
	case QUIC_FRAME_ACK_ECN:
		return quic_ack_frame(q, type);
	case QUIC_FRAME_CRYPTO:
		return quic_crypto_frame(walk);
	}
	/* The end of the connection, or what no Initial may hold. */
	return 1;
}

/* Zero bits below the lowest that is set. Not the builtin: clang 14 has none for BPF. */
static __always_inline u32 quic_zeroes(u64 bits)
{
	u32 n = 0;

	IMTC_UNROLL
	for (u32 half = 32; half; half /= 2) {
		if (bits & ((1ULL << half) - 1))
			continue;
		bits >>= half;
		n += half;
	}
	return n;
}

static long quic_advance(u32 turn, void *context)
{
	struct imtc_stream *stream = ((struct quic_frame_walk *)context)->stream;
	u32 len = stream->view.len;
	u64 missing;

	(void)turn;
	if (len >= QUIC_HELLO_BYTES)
		return 1;
	missing = ~(stream->have[(len / 64) & (QUIC_HAVE_WORDS - 1)] >> (len & 63));
	/* A word's own end counts as missing, and is where the next turn goes on. */
	stream->view.len = len + (missing ? quic_zeroes(missing) : 64);
	return stream->view.len & 63 ? 1 : 0;
}

/*
 * Takes the frames of the packet that was opened last into the stream; true when
 * its gapless part grew.
 */
IMTC_GLOBAL int quic_take_frames(struct imtc_quic *q, struct imtc_stream *stream)
{
	struct quic_frame_walk walk = { .quic = q, .stream = stream };
	u32 before;

	if (!q || !stream)
		return 0;
	before = stream->view.len;
	quic_repeat(q->frames.len, quic_frame, &walk);
	quic_repeat(QUIC_HAVE_WORDS + 1, quic_advance, &walk);
	return stream->view.len != before;
}

#endif /* IMTC_BPF_QUIC_CRYPTO_FRAMES_H */
