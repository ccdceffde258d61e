/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The slow path: everything that is not a plain packet of a settled flow. The
 * stages in their order, for both kinds of hook; what they have in common but
 * the context. Ends with the verdict; the hook acts. Between two stages all that
 * is known is in the scratch: they may be programs of their own (stages.h).
 */
#ifndef IMTC_BPF_SLOW_H
#define IMTC_BPF_SLOW_H

#include "act.h"
#include "held.h"
#include "limit.h"
#include "forward.h"
#include "quic/stage.h"

enum slow_stage {
	STAGE_TCP,	/* look at the payload */
	STAGE_UDP,
	STAGE_MAX,	/* bound of the programs' index */
	STAGE_END = STAGE_MAX,
	STAGE_NO_FLOW,
};

/* Loads what stream_place() left of the payload. -1: it cannot be read. */
static __always_inline int load_payload(void *ctx, const enum imtc_context kind,
					struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	u32 len = bounded_len(p->take, IMTC_VIEW_BYTES);

	if (!len)
		return -1;
	s->stream.view.len = len;
	return packet_load(ctx, kind, p->data, s->stream.view.data, len) ? -1 : 0;
}

/*
 * The next part of a TCP payload: read, and put into the stream where one is needed.
 * FEED_*.
 */
static __always_inline int slow_load_part(void *ctx, const enum imtc_context kind,
					  struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	if (!s || !flow)
		return FEED_NOTHING;
	s->packet.left = s->packet.moved = 0;
	if (!stream_place(s, flow) || load_payload(ctx, kind, s))
		return FEED_NOTHING;
	return stream_feed(flow, hook);
}

/*
 * Functions of their own, a kind of context: in the loop that calls them they would
 * be checked once a turn, and with all that a turn before has left behind.
 */
IMTC_GLOBAL int slow_load_part_xdp(struct xdp_md *ctx, struct imtc_flow *flow, u32 hook)
{
	return slow_load_part(ctx, IMTC_CONTEXT_XDP, flow, hook);
}

IMTC_GLOBAL int slow_load_part_skb(struct __sk_buff *skb, struct imtc_flow *flow, u32 hook)
{
	return slow_load_part(skb, IMTC_CONTEXT_SKB, flow, hook);
}

/* Shows what a part has made: the stream, or the bytes of the packet. INSPECT_*. */
static __always_inline int slow_show_part(struct imtc_scratch *s, struct imtc_flow *flow, int fed)
{
	struct imtc_stream *stream;
	int answer;

	if (fed == FEED_PACKET)
		return classify_tcp(&s->stream, flow, s->packet.hook);
	stream = stream_find(s);
	if (!stream)
		return INSPECT_NOTHING;
	answer = classify_tcp(stream, flow, s->packet.hook);
	stream_release(stream);
	return answer;
}

/* Is there a part left, for which there is room now? It is the next one then. */
static __always_inline bool slow_next_part(struct imtc_packet *p, const struct imtc_flow *flow)
{
	if (!p->left || !p->moved || flow_state_ahead(flow) == IMTC_FLOW_DECIDED)
		return false;
	p->data += p->take;
	p->data_seq += p->take;
	p->take = p->left;
	return true;
}

/*
 * All of a TCP payload, of which a view may not hold all: the next part follows
 * where the first was done with. Of an undecided flow no more than a view is
 * looked at between two layers.
 */
static __always_inline int slow_inspect_tcp(void *ctx, const enum imtc_context kind,
					    struct imtc_scratch *s, struct imtc_flow *flow)
{
	int answer = INSPECT_NOTHING, fed, found;
	u32 hook = s->packet.hook;

	for (u32 i = 0; i < IMTC_PARTS_MAX; i++) {
		fed = kind == IMTC_CONTEXT_XDP ? slow_load_part_xdp(ctx, flow, hook) :
						 slow_load_part_skb(ctx, flow, hook);
		if (fed != FEED_NOTHING) {
			found = slow_show_part(s, flow, fed);
			classified(flow, (u32)fed, (u32)found, hook);
			answer |= found;
		}
		if (!slow_next_part(&s->packet, flow))
			break;
	}
	return answer;
}

static __always_inline int slow_inspect_udp(void *ctx, const enum imtc_context kind,
					    struct imtc_scratch *s, struct imtc_flow *flow)
{
	int answer;

	stream_cut(&s->packet, IMTC_VIEW_BYTES);
	if (load_payload(ctx, kind, s))
		return INSPECT_NOTHING;
	if (quic_may_begin(&s->stream.view) && flow->state == IMTC_FLOW_UNDECIDED) {
		u32 segment = kind == IMTC_CONTEXT_SKB ? ((struct __sk_buff *)ctx)->gso_size : 0;
		int fed = quic_feed(flow, segment, s->packet.hook);

		if (fed != QUIC_NONE)
			return quic_inspect(s, flow, fed);
	}
	stream_feed_packet(s);
	answer = classify_udp(&s->stream, flow, s->packet.hook);
	classified(flow, FEED_NOTHING, answer, s->packet.hook);
	return answer;
}

/*
 * Has another socket of this host taken over the ports of a UDP flow? Nothing on
 * the wire tells; the process behind it may be another one.
 */
static __always_inline bool slow_socket_changed(void *ctx, const struct imtc_packet *p,
						struct imtc_flow *flow)
{
	u32 socket, before = flow->seq[0];

	if (p->hook != IMTC_HOOK_TC_EGRESS || p->protocol != IPPROTO_UDP)
		return false;
	socket = bpf_get_socket_cookie(ctx);
	if (!socket || socket == before)
		return false;
	flow->seq[0] = socket;
	return before && flow->verdict != IMTC_VERDICT_NONE;
}

static __always_inline void slow_note_forward(void *ctx, const enum imtc_context kind, u32 hook)
{
	if (kind == IMTC_CONTEXT_XDP)
		forward_note_xdp(ctx);
	else
		forward_note_skb(ctx, hook);
}

/*
 * First stage: parses, finds or makes the flow, finds what is to be done. The stage
 * that comes next, or STAGE_NO_FLOW where there is nothing to judge.
 */
static __always_inline int slow_begin(void *ctx, const enum imtc_context kind, u32 hook,
				      struct imtc_scratch *s)
{
	u32 outcome = parse(ctx, kind, hook, s);
	struct imtc_flow *flow;

	if (outcome != PARSED) {
		count_outcome(outcome);
		return STAGE_NO_FLOW;
	}
	flow = flow_find(&s->packet);
	if (!flow || s->packet.tcp_flags & TCP_SYN)
		slow_note_forward(ctx, kind, hook);
	if (!flow) {
		/* A later fragment is no beginning. */
		if (s->packet.fragment == IMTC_FRAGMENT_LATER || flow_create(hook))
			return STAGE_NO_FLOW;
		flow = flow_find(&s->packet);
		if (!flow)
			return STAGE_NO_FLOW;
	}
	s->step = flow_step(flow, ident_epoch(), hook);
	if (s->step)
		__builtin_memset(s->event.query.domain, 0, IMTC_DOMAIN_BYTES);
	scrub_reset(s);
	if (!(s->step & STEP_INSPECT))
		return STAGE_END;
	return s->packet.protocol == IPPROTO_TCP ? STAGE_TCP : STAGE_UDP;
}

/* Second stage, where the payload is to be looked at. */
static __always_inline void slow_inspect(void *ctx, const enum imtc_context kind,
					 struct imtc_scratch *s, const enum slow_stage stage)
{
	struct imtc_flow *flow = flow_find(&s->packet);
	int answer;

	if (!flow)
		return;
	if (stage == STAGE_TCP)
		answer = slow_inspect_tcp(ctx, kind, s, flow);
	else
		answer = slow_inspect_udp(ctx, kind, s, flow);
	if (answer & INSPECT_LABEL)
		s->step |= STEP_ASK;
}

/*
 * Last stage: the flow's verdict after this packet, with all that it takes to have
 * one. The flow's argument in *ret_argument.
 */
static __always_inline int slow_end(void *ctx, const enum imtc_context kind,
				    struct imtc_scratch *s, u32 *ret_argument)
{
	u32 hook = s->packet.hook, epoch = ident_epoch();
	struct imtc_flow *flow = flow_find(&s->packet);
	int error;

	if (!flow)
		return IMTC_VERDICT_PASS;
	if (kind == IMTC_CONTEXT_SKB && s->step && slow_socket_changed(ctx, &s->packet, flow)) {
		flow->owner = 0;
		s->step |= STEP_ASK;
	}
	if (s->step & STEP_ASK) {
		verdict_prepare(flow, hook);
		error = verdict_ask(ctx, kind, s, epoch);
		verdict_settle(flow, error, epoch, hook);
	}
	count_packet(flow, s->packet.sender, hook == IMTC_HOOK_TC_EGRESS,
		     s->packet.segments, s->packet.bytes);
	*ret_argument = flow->argument;
	if (flow->verdict == IMTC_VERDICT_SCRUB)
		return scrub_place(flow, hook);
	if (flow->verdict == IMTC_VERDICT_LIMIT)
		return limit_allows(flow, hook) ? IMTC_VERDICT_PASS : IMTC_VERDICT_DROP;
	if (flow->verdict == IMTC_VERDICT_ASK)
		return held_verdict(flow, hook);
	return flow->verdict;
}

#endif /* IMTC_BPF_SLOW_H */
