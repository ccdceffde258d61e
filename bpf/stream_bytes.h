/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bytes of a stream (stream.h): a segment goes in where none is yet, the end of
 * the gapless part moves on, and what has been dealt with is taken away.
 */
#ifndef IMTC_BPF_STREAM_BYTES_H
#define IMTC_BPF_STREAM_BYTES_H

#include "packet.h"

/* --- adding a segment --------------------------------------------------------- */

struct stream_copy {
	struct imtc_stream *stream;
	const struct imtc_view *from;	/* the segment */
	u32 at;				/* its offset in the stream */
	u32 differs;			/* bytes that were there with other content */
};

/* Eight bytes, aligned or not: BPF stores them so, C must be told. */
static __always_inline void stream_put_word(u8 *to, const u8 *from)
{
#ifdef __bpf__
	*(u64 *)to = *(const u64 *)from;
#else
	__builtin_memcpy(to, from, sizeof(u64));
#endif
}

/* In order, nothing ahead: eight bytes a turn. */
static long stream_copy_word(u32 i, void *context)
{
	struct stream_copy *copy = context;
	u32 from = i * 8, to = copy->at + from;

	if (from > IMTC_VIEW_BYTES - 8 || to > IMTC_VIEW_BYTES - 8)
		return 1;
	stream_put_word(copy->stream->view.data + to, copy->from->data + from);
	return 0;
}

/* Anything else: byte by byte, each only where none is yet. */
static long stream_copy_byte(u32 i, void *context)
{
	struct stream_copy *copy = context;
	struct imtc_stream *stream = copy->stream;
	u32 to = copy->at + i;
	u64 bit = 1ULL << (to & 63);
	u64 *have;
	u8 byte;

	if (i >= IMTC_VIEW_BYTES || to >= IMTC_VIEW_BYTES)
		return 1;
	byte = copy->from->data[i & IMTC_VIEW_MASK];
	have = &stream->have[(to / 64) & (IMTC_VIEW_BYTES / 64 - 1)];
	if (to < stream->view.len || *have & bit) {
		copy->differs += stream->view.data[to & IMTC_VIEW_MASK] != byte;
		return 0;
	}
	stream->view.data[to & IMTC_VIEW_MASK] = byte;
	*have |= bit;
	return 0;
}

/* Moves the end of the gapless part over one byte that is there. */
static long stream_advance(u32 i, void *context)
{
	struct stream_copy *copy = context;
	struct imtc_stream *stream = copy->stream;
	u32 len = stream->view.len;

	(void)i;
	if (len >= IMTC_VIEW_BYTES ||
	    !(stream->have[(len / 64) & (IMTC_VIEW_BYTES / 64 - 1)] >> (len & 63) & 1))
		return 1;
	stream->view.len = len + 1;
	return 0;
}

/*
 * Adds the segment in s->stream.view, whose first byte is at offset `at` of the
 * stream. True when the gapless part grew. The words of the quick way may carry
 * up to seven bytes beyond the segment: they lie beyond view.len, where nobody
 * reads, and are written over by what comes next.
 */
static __always_inline bool stream_add(struct imtc_stream *stream, const struct imtc_view *segment,
				       u32 at)
{
	struct stream_copy copy = { .stream = stream, .from = segment, .at = at };
	u32 before = stream->view.len, len = segment->len;

	if (at == before && !stream->pieces && at + len + 8 <= IMTC_VIEW_BYTES) {
		bpf_loop((len + 7) / 8, stream_copy_word, &copy, 0);
		stream->view.len = at + len;
		return true;
	}
	bpf_loop(len, stream_copy_byte, &copy, 0);
	stream->pieces = 1;
	if (copy.differs)
		count_outcome(IMTC_OUTCOME_STREAM_OVERLAP);
	bpf_loop(IMTC_VIEW_BYTES, stream_advance, &copy, 0);
	return stream->view.len != before;
}

/* --- taking away -------------------------------------------------------------- */

struct stream_move {
	struct imtc_stream *stream;
	u32 by;
	u64 any;	/* bits of `have` that are left */
};

static long stream_move_bytes(u32 i, void *context)
{
	struct stream_move *move = context;
	u8 *data = move->stream->view.data;

	IMTC_UNROLL
	for (u32 k = 0; k < 8; k++)
		data[(i * 8 + k) & IMTC_VIEW_MASK] = data[(i * 8 + k + move->by) & IMTC_VIEW_MASK];
	return 0;
}

static long stream_move_have(u32 i, void *context)
{
	const u32 words = IMTC_VIEW_BYTES / 64;
	struct stream_move *move = context;
	u64 *have = move->stream->have, word = 0;
	u32 from = i + move->by / 64, bits = move->by & 63;

	if (from < words)
		word = have[from & (words - 1)] >> bits;
	if (bits && from + 1 < words)
		word |= have[(from + 1) & (words - 1)] << (64 - bits);
	have[i & (words - 1)] = word;
	move->any |= word;
	return 0;
}

/* FIN, a datagram's end or a full view: what said "more" will get none. */
static __always_inline void stream_complete(struct imtc_stream *stream)
{
	stream->view.complete = stream->view.len >= IMTC_VIEW_BYTES ||
				stream->view.len >= stream->end;
}

/*
 * Takes the first `by` bytes away: they have been dealt with, or are not to be
 * looked at where they have yet to come.
 */
IMTC_GLOBAL int stream_shift(struct imtc_stream *stream, u32 by)
{
	struct stream_move move = { .by = by };
	struct stream_copy copy = {};
	u32 bytes;

	if (!stream)
		return 0;
	move.stream = copy.stream = stream;
	bytes = stream->pieces ? IMTC_VIEW_BYTES : stream->view.len;
	stream->base += by;
	stream->view.len = stream->view.len > by ? stream->view.len - by : 0;
	if (stream->end != ~0U)
		stream->end = stream->end > by ? stream->end - by : 0;
	if (by < bytes)
		bpf_loop((bytes - by + 7) / 8, stream_move_bytes, &move, 0);
	if (stream->pieces) {
		bpf_loop(IMTC_VIEW_BYTES / 64, stream_move_have, &move, 0);
		stream->pieces = !!move.any;
		bpf_loop(IMTC_VIEW_BYTES, stream_advance, &copy, 0);
	}
	stream_complete(stream);
	return 0;
}

#endif /* IMTC_BPF_STREAM_BYTES_H */
