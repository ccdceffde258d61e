/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QUIC in the slow path: a datagram that may hold a client's Initial is read, and
 * what its CRYPTO frames have given so far is shown to the dissectors as the
 * handshake it is. A handshake that one datagram does not hold is kept as a stream
 * (stream.h), with its keys: once the server has answered, the client's packets
 * name the connection by the server's choice, but the keys stay (RFC 9001 5.2).
 */
#ifndef IMTC_BPF_QUIC_STAGE_H
#define IMTC_BPF_QUIC_STAGE_H

#include "../classify.h"
#include "crypto_frames.h"
#include "initial.h"

/* Answer of quic_feed(). */
#define QUIC_NONE 0	/* no Initial that can be read: a datagram like any other */
#define QUIC_QUIET 1	/* one, but it tells nothing new */
#define QUIC_FRESH 2	/* quic_scratch()->stream: a handshake that begins here */
#define QUIC_KEPT 3	/* the stream of the flow, which is held: stream_release() */

/* Answer of quic_read(), bits. */
#define QUIC_OPENED 1
#define QUIC_GREW 2

static __always_inline struct imtc_quic *quic_scratch(u32 hook)
{
	u32 out = hook == IMTC_HOOK_TC_EGRESS;

	return bpf_map_lookup_elem(&quic, &out);
}

static __always_inline bool quic_is_cid(const struct quic_keys *keys, const struct quic_packet *p)
{
	return keys->version == p->version && keys->dcid_len == p->dcid_len &&
	       keys->dcid[0] == p->dcid[0] && keys->dcid[1] == p->dcid[1] &&
	       keys->dcid[2] == p->dcid[2] && keys->dcid[3] == p->dcid[3] &&
	       keys->dcid[4] == p->dcid[4];
}

/* The keys of the packet's own connection ID, in q->keys. */
static __always_inline void quic_own_keys(struct imtc_quic *q)
{
	struct quic_packet *p = &q->packet;

	if (quic_is_cid(&q->keys, p))
		return;
	q->keys.version = p->version;
	q->keys.dcid_len = p->dcid_len;
	for (u32 i = 0; i < QUIC_CID_WORDS; i++)
		q->keys.dcid[i] = p->dcid[i];
	quic_derive(&q->hkdf, &q->keys);
}

/* A stream without a byte, for the connection whose keys are in q->keys. */
static __always_inline void quic_restart(struct imtc_quic *q, struct imtc_stream *stream)
{
	__builtin_memset(stream->have, 0, sizeof(stream->have));
	stream->view.len = 0;
	stream->view.complete = 0;
	/* Not asked yet: nobody is, while the first bytes are missing. */
	stream->view.candidates = 1ULL << IMTC_DISSECTOR_quic;
	stream->keys = q->keys;
}

/*
 * Opens the packet with the connection's keys; where they are not its, with those
 * of its own connection ID: after a Retry the client begins again with another
 * (RFC 9001 5.2), and another connection may come from the same port.
 */
static __always_inline bool quic_open_either(struct imtc_view *v, struct imtc_quic *q,
					     struct imtc_stream *stream)
{
	struct quic_packet *p = &q->packet;

	if (stream->keys.version == p->version && quic_open(v, q, &stream->keys))
		return true;
	if (quic_is_cid(&stream->keys, p))
		return false;
	quic_own_keys(q);
	if (!quic_open(v, q, &q->keys))
		return false;
	quic_restart(q, stream);
	return true;
}

/* The Initial at q->packet: its frames go into the stream. QUIC_OPENED, QUIC_GREW. */
IMTC_GLOBAL int quic_take_packet(struct imtc_stream *stream, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_quic *q = quic_scratch(hook);

	if (!stream || !s || !q || !quic_open_either(&s->stream.view, q, stream))
		return 0;
	if (q->packet.number >= stream->keys.next)
		stream->keys.next = q->packet.number + 1;
	if (!quic_take_frames(q, stream))
		return QUIC_OPENED;
	stream->view.complete = stream->view.len >= QUIC_HELLO_BYTES;
	return QUIC_OPENED | QUIC_GREW;
}

/*
 * Is the packet of the same connection as the first of its datagram? Others are
 * ignored (RFC 9000 12.2), so that a datagram costs the derivation of keys once.
 */
IMTC_GLOBAL int quic_belongs(struct imtc_quic *q)
{
	struct quic_packet *p;

	if (!q)
		return false;
	p = &q->packet;
	if (q->first.version)
		return quic_is_cid(&q->first, p);
	q->first.version = p->version;
	q->first.dcid_len = p->dcid_len;
	for (u32 i = 0; i < QUIC_CID_WORDS; i++)
		q->first.dcid[i] = p->dcid[i];
	return true;
}

/*
 * Goes on to what follows the packet that was read, or to the next datagram where
 * the sender gave the kernel several at once (`segment` bytes each, 0: one). False:
 * that was all.
 */
static __always_inline bool quic_next(struct imtc_quic *q, u32 kind, u32 segment, u32 len)
{
	if (kind != QUIC_KIND_END && q->packet.end < q->limit) {
		q->packet.at = q->packet.end;
		return true;
	}
	if (!segment || q->limit >= len)
		return false;
	q->packet.at = q->limit;
	q->limit = q->limit + segment < len ? q->limit + segment : len;
	q->first.version = 0;
	return true;
}

/*
 * Reads the datagram in the scratch. QUIC_OPENED, QUIC_GREW. Not a function of its
 * own: eight calls deep is the most that the verifier takes.
 */
static __always_inline u32 quic_read(struct imtc_scratch *s, struct imtc_quic *q,
				     struct imtc_stream *stream, u32 segment)
{
	u32 found = 0, kind, len = s->stream.view.len;

	q->packet.at = q->frames.differs = 0;
	q->limit = segment && segment < len ? segment : len;
	q->first.version = 0;
	for (u32 i = 0; i < IMTC_QUIC_PACKETS_MAX; i++) {
		kind = quic_header(&s->stream.view, &q->packet, q->limit);
		if (kind == QUIC_KIND_INITIAL && quic_belongs(q))
			found |= quic_take_packet(stream, s->packet.hook);
		if (!quic_next(q, kind, segment, len))
			break;
	}
	if (found && q->frames.differs)
		count_outcome(IMTC_OUTCOME_STREAM_OVERLAP);
	return found;
}

/*
 * Reads the datagram into the flow's handshake, or into one that begins here. The
 * answer of a server cannot be read, and once a direction has said its hello, the
 * other one will not.
 */
IMTC_GLOBAL int quic_feed(struct imtc_flow *flow, u32 segment, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_quic *q = quic_scratch(hook);
	struct imtc_stream *stream;
	u32 direction, found;

	if (!s || !q || !flow)
		return QUIC_NONE;
	direction = s->packet.direction & 1;
	if (flow->prefix & IMTC_PREFIX_HELLO << !direction)
		return QUIC_NONE;
	stream = flow->prefix & IMTC_PREFIX_STREAM << direction ? stream_find(s) : NULL;
	if (stream) {
		if (!stream_hold(stream)) {
			count_outcome(IMTC_OUTCOME_STREAM_GAP);
			return QUIC_NONE;
		}
		found = quic_read(s, q, stream, segment);
		if (found & QUIC_GREW)
			return QUIC_KEPT;
		stream_release(stream);
		return found ? QUIC_QUIET : QUIC_NONE;
	}
	q->stream.keys.version = 0;
	found = quic_read(s, q, &q->stream, segment);
	if (!found)
		return QUIC_NONE;
	flow->prefix &= (u8)~(IMTC_PREFIX_STREAM << direction);
	flow->via |= IMTC_LAYER_QUIC;
	return QUIC_FRESH;
}

/* Keeps the handshake that began with this datagram. */
IMTC_GLOBAL int quic_keep(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_quic *q = quic_scratch(hook);
	u32 direction;
	long error;

	if (!s || !q || !flow)
		return 0;
	direction = s->packet.direction & 1;
	stream_key(s, direction);
	if (s->packet.family == 4)
		error = bpf_map_update_elem(&streams4, &s->stream_key4, &q->stream, BPF_ANY);
	else
		error = bpf_map_update_elem(&streams6, &s->stream_key6, &q->stream, BPF_ANY);
	count_outcome(error ? IMTC_OUTCOME_STREAM_FULL : IMTC_OUTCOME_STREAM_NEW);
	if (!error)
		flow->prefix |= IMTC_PREFIX_STREAM << direction;
	return 0;
}

/* Shows the handshake to its dissector; no other is asked. INSPECT_*. */
static __always_inline int quic_show(struct imtc_scratch *s, struct imtc_flow *flow,
				     struct imtc_stream *stream)
{
	u32 direction = s->packet.direction & 1;
	u64 candidates = flow->candidates[direction];
	int answer;

	flow->candidates[direction] = 1ULL << IMTC_DISSECTOR_quic;
	answer = classify_udp(stream, flow, s->packet.hook);
	flow->candidates[direction] = candidates;
	/* Nobody asks for more: the hello is over. */
	if (stream->view.candidates)
		flow->prefix &= (u8)~(IMTC_PREFIX_HELLO << direction);
	else
		flow->prefix |= IMTC_PREFIX_HELLO << direction;
	return answer;
}

/* What quic_feed() has found is shown, and kept as long as it may tell more. INSPECT_*. */
static __always_inline int quic_inspect(struct imtc_scratch *s, struct imtc_flow *flow, int fed)
{
	u32 hook = s->packet.hook, direction = s->packet.direction & 1;
	struct imtc_quic *q = quic_scratch(hook);
	struct imtc_stream *stream;
	int answer = INSPECT_NOTHING;

	if (fed == QUIC_KEPT) {
		stream = stream_find(s);
		if (!stream)
			return INSPECT_NOTHING;
		answer = quic_show(s, flow, stream);
		stream_release(stream);
		if (flow->prefix & IMTC_PREFIX_HELLO << direction)
			stream_delete(s, flow, direction);
	} else if (fed == QUIC_FRESH && q) {
		answer = quic_show(s, flow, &q->stream);
		if (!(flow->prefix & IMTC_PREFIX_HELLO << direction) &&
		    flow_state_ahead(flow) == IMTC_FLOW_UNDECIDED)
			quic_keep(flow, hook);
	}
	classified(flow, FEED_NOTHING, answer, hook);
	return answer;
}

#endif /* IMTC_BPF_QUIC_STAGE_H */
