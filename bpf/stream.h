/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Streams: bytes of a direction of a TCP flow, put together by sequence number
 * from the first that nobody is done with. The first copy of a byte wins, as in
 * the receiver's own queue. Most flows never have one: it is begun when a
 * dissector has said MORE, when a watched flow's message is cut, or when a segment
 * comes before its time.
 */
#ifndef IMTC_BPF_STREAM_H
#define IMTC_BPF_STREAM_H

#include "count.h"
#include "stream_bytes.h"

/* Answer of stream_feed(): what the dissectors are to be shown. */
#define FEED_NOTHING 0
#define FEED_PACKET 1	/* s->stream.view: the packet's own bytes */
#define FEED_STREAM 2	/* the stream's view; the stream is held: stream_release() */

/* Offsets of bytes before the base are negative: farther than half the numbers. */
#define SEQ_HALF (1U << 31)

static __always_inline void stream_key(struct imtc_scratch *s, u32 direction)
{
	struct imtc_packet *p = &s->packet;

	if (p->family == 4) {
		s->stream_key4.flow = p->key4;
		s->stream_key4.direction = direction;
	} else {
		s->stream_key6.flow = p->key6;
		s->stream_key6.direction = direction;
	}
}

/* The stream of the packet's direction. */
static __always_inline struct imtc_stream *stream_find(struct imtc_scratch *s)
{
	stream_key(s, s->packet.direction);
	if (s->packet.family == 4)
		return bpf_map_lookup_elem(&streams4, &s->stream_key4);
	return bpf_map_lookup_elem(&streams6, &s->stream_key6);
}

static __always_inline void stream_delete(struct imtc_scratch *s, struct imtc_flow *flow,
					  u32 direction)
{
	if (!(flow->prefix & IMTC_PREFIX_STREAM << direction))
		return;
	flow->prefix &= (u8)~(IMTC_PREFIX_STREAM << direction);
	/* Already gone when the map was full. */
	stream_key(s, direction);
	if (s->packet.family == 4)
		bpf_map_delete_elem(&streams4, &s->stream_key4);
	else
		bpf_map_delete_elem(&streams6, &s->stream_key6);
}

/* Once the flow is decided. */
static __always_inline void stream_forget(struct imtc_scratch *s, struct imtc_flow *flow)
{
	if (!(flow->prefix & (IMTC_PREFIX_STREAM | IMTC_PREFIX_STREAM << 1)))
		return;
	stream_delete(s, flow, IMTC_DIR_CLIENT);
	stream_delete(s, flow, IMTC_DIR_SERVER);
}

/* --- one CPU at a time -------------------------------------------------------- */

static long stream_try(u32 i, void *context)
{
	struct imtc_stream **stream = context;

	(void)i;
	return !__sync_val_compare_and_swap(&(*stream)->busy, 0, 1);
}

/*
 * Payload of one direction is met by one CPU at a time but in rare moments (the
 * sender moved to another CPU). False: the other one did not let go.
 */
static __always_inline bool stream_hold(struct imtc_stream *stream)
{
	struct imtc_stream *context = stream;

	return bpf_loop(IMTC_STREAM_SPINS, stream_try, &context, 0) < IMTC_STREAM_SPINS;
}

static __always_inline void stream_release(struct imtc_stream *stream)
{
	__sync_lock_test_and_set(&stream->busy, 0);
}

/* --- begin -------------------------------------------------------------------- */

/*
 * Begins the stream of the packet's direction at flow->seq, with the first
 * s->stream.view.len bytes of the scratch in it. -1: it cannot be kept.
 */
IMTC_GLOBAL int stream_begin(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u32 direction;
	long error;

	if (!s || !flow)
		return -1;
	direction = s->packet.direction & 1;
	s->stream.busy = 0;
	s->stream.base = flow->seq[direction];
	s->stream.end = ~0U;
	s->stream.pieces = 0;
	stream_key(s, direction);
	if (s->packet.family == 4)
		error = bpf_map_update_elem(&streams4, &s->stream_key4, &s->stream, BPF_ANY);
	else
		error = bpf_map_update_elem(&streams6, &s->stream_key6, &s->stream, BPF_ANY);
	count_outcome(error ? IMTC_OUTCOME_STREAM_FULL : IMTC_OUTCOME_STREAM_NEW);
	if (error)
		return -1;
	flow->prefix |= IMTC_PREFIX_STREAM << direction;
	return 0;
}

/* --- feed --------------------------------------------------------------------- */

/* Bytes are lost to imtc: it goes on at `seq`, which may be anywhere in a message. */
static __always_inline void stream_lost(struct imtc_flow *flow, u32 direction, u32 seq)
{
	flow->seq[direction & 1] = seq;
	if (flow->state == IMTC_FLOW_UNDECIDED)
		flow->flags |= IMTC_FLOW_MIDDLE;
}

/* Cuts what is to be shown down to the room there is; the rest may be shown after it. */
static __always_inline void stream_cut(struct imtc_packet *p, u32 room)
{
	if (p->take <= room)
		return;
	p->left = p->take - room;
	p->take = room;
}

/*
 * Before the payload is loaded: where its bytes belong. Cuts off what lies
 * before the base (already seen) and beyond the prefix. False: nothing of it is
 * of use.
 */
static __always_inline bool stream_place(struct imtc_scratch *s, struct imtc_flow *flow)
{
	struct imtc_packet *p = &s->packet;
	u32 direction = p->direction & 1, at, seen;

	if (!(flow->prefix & IMTC_PREFIX_SEQ << direction)) {
		flow->seq[direction] = p->data_seq;
		flow->prefix |= IMTC_PREFIX_SEQ << direction;
	}
	at = p->data_seq - flow->seq[direction];
	if (at >= SEQ_HALF) {
		seen = -at;
		if (seen >= p->take)
			return false;
		p->data += seen;
		p->data_seq += seen;
		p->take -= seen;
		at = 0;
	}
	if (at < IMTC_VIEW_BYTES) {
		stream_cut(p, IMTC_VIEW_BYTES - at);
		return true;
	}
	count_outcome(IMTC_OUTCOME_STREAM_GAP);
	if (++flow->gaps < IMTC_GAPS_MAX)
		return false;
	/* The hole will not be filled here: go on behind it, as in a flow's middle. */
	stream_delete(s, flow, direction);
	flow->gaps = 0;
	stream_lost(flow, direction, p->data_seq);
	stream_cut(p, IMTC_VIEW_BYTES);
	return true;
}

/* A segment for a stream that exists. Returns FEED_*. */
static __always_inline int stream_feed_one(struct imtc_scratch *s, struct imtc_stream *stream)
{
	struct imtc_packet *p = &s->packet;
	u32 at = p->data_seq - stream->base;
	bool grew;

	if (at >= IMTC_VIEW_BYTES || !stream_hold(stream)) {
		count_outcome(IMTC_OUTCOME_STREAM_GAP);
		return FEED_NOTHING;
	}
	grew = stream_add(stream, &s->stream.view, at);
	if (p->tcp_flags & TCP_FIN && !p->left)
		stream->end = at + p->take;
	if (!grew) {
		stream_release(stream);
		return FEED_NOTHING;
	}
	stream_complete(stream);
	return FEED_STREAM;
}

/* The packet's own bytes as a stream that is not kept. Returns FEED_PACKET. */
static __always_inline int stream_feed_packet(struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	bool ends = p->protocol == IPPROTO_UDP || (p->tcp_flags & TCP_FIN && !p->left);

	s->stream.pieces = 0;
	s->stream.end = ends ? s->stream.view.len : ~0U;
	stream_complete(&s->stream);
	return FEED_PACKET;
}

/* The loaded segment of an undecided or watched flow. Returns FEED_*. */
IMTC_GLOBAL int stream_feed(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_stream *stream;
	struct imtc_packet *p;
	u32 direction, len;

	if (!s || !flow)
		return FEED_NOTHING;
	p = &s->packet;
	direction = p->direction & 1;
	if (!(flow->prefix & IMTC_PREFIX_STREAM << direction)) {
		if (p->data_seq == flow->seq[direction])
			return stream_feed_packet(s);
		/* Before its time: kept until what belongs in front of it has come. */
		len = s->stream.view.len;
		s->stream.view.len = 0;
		if (stream_begin(flow, hook))
			return FEED_NOTHING;
		s->stream.view.len = len;
	}
	stream = stream_find(s);
	if (!stream) {
		/* The map was full: on with what follows. */
		flow->prefix &= (u8)~(IMTC_PREFIX_STREAM << direction);
		stream_lost(flow, direction, p->data_seq);
		return stream_feed_packet(s);
	}
	return stream_feed_one(s, stream);
}

#endif /* IMTC_BPF_STREAM_H */
