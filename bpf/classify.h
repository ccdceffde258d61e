/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From payload to label: shows bytes to the dissectors, for as long as there is
 * something to peel off, and keeps what has to be shown again. Takes no verdict.
 */
#ifndef IMTC_BPF_CLASSIFY_H
#define IMTC_BPF_CLASSIFY_H

#include "claim.h"
#include "client.h"
#include "dns.h"
#include "flow.h"
#include "hints.h"
#include "label.h"
#include "pattern.h"
#include "scrub.h"

/* Answer of inspect() and classify(), a set of bits. */
#define INSPECT_NOTHING 0	/* nothing that calls for a verdict */
#define INSPECT_MORE 0x1	/* the bytes must be kept: more are to follow */
#define INSPECT_LABEL 0x2	/* the flow has a label, or another one than before */
#define INSPECT_PEEL 0x4	/* view.skip bytes are a layer: to be shown without them */

/* --- layers -------------------------------------------------------------------- */

/* Is the flow's label such that second faces are shown what comes? */
static __always_inline bool is_watched(const struct imtc_flow *flow)
{
	return flow_state_ahead(flow) == IMTC_FLOW_WATCHED;
}

/*
 * The host that a layer leads to, where the signatures know it, or what the
 * dissector has made of the layer itself: a label for the time being.
 */
static __always_inline bool peel_label(struct imtc_scratch *s, struct imtc_flow *flow,
				       struct imtc_view *v)
{
	if (is_watched(flow))
		return false;
	if (name_is_known(v, s, flow))
		name_means(v, s);
	if (!v->label.service)
		return false;
	v->label.flags = (v->label.flags & (u8)~IMTC_LABEL_WATCH) | IMTC_LABEL_OPEN;
	return label_take(s, flow, v);
}

/* Takes note of a layer; what is behind its v->skip bytes is classified anew. INSPECT_*. */
static __always_inline int peel_take(struct imtc_scratch *s, struct imtc_flow *flow,
				     struct imtc_view *v)
{
	struct imtc_packet *p = &s->packet;
	u32 direction = p->direction & 1, shift = direction * 4;
	bool counts = p->protocol == IPPROTO_TCP && flow->state == IMTC_FLOW_UNDECIDED;

	if (!v->skip || v->skip > IMTC_SKIP_MAX ||
	    (counts && (flow->layers >> shift & 15) >= IMTC_PEELS_MAX)) {
		flow->candidates[direction] = 0;
		return INSPECT_NOTHING;
	}
	/* Datagrams, and what a watched flow says, are bounded by their bytes. */
	if (counts)
		flow->layers += 1 << shift;
	flow->via |= v->layer;
	flow->label.flags |= v->label.flags & IMTC_LABEL_CREDENTIALS;
	flow->candidates[direction] = IMTC_CANDIDATES_ALL;
	return INSPECT_PEEL | (peel_label(s, flow, v) ? INSPECT_LABEL : 0);
}

/* --- asking the dissectors ----------------------------------------------------- */

static __always_inline void view_prepare(struct imtc_scratch *s, const struct imtc_flow *flow,
					 struct imtc_view *v)
{
	struct imtc_packet *p = &s->packet;

	v->candidates = flow->candidates[p->direction & 1];
	v->start = 0;
	v->skip = v->len;
	v->body = s->turns.body;
	v->layer = 0;
	v->via = flow->via;
	v->direction = p->direction & 1;
	v->l4 = p->protocol;
	v->middle = !!(flow->flags & IMTC_FLOW_MIDDLE);
	/* What an open label says is nothing that a dissector could build on. */
	v->label = flow->label;
	if (v->label.flags & IMTC_LABEL_OPEN)
		v->label = (struct imtc_label){
			.flags = flow->label.flags & IMTC_LABEL_CREDENTIALS };
	v->expects = v->alpn_len = v->scrubs = 0;
	v->scrub_lost = 0;
	v->domain_len = 0;
	__builtin_memset(v->domain, 0, sizeof(v->domain));
	v->claim = (struct imtc_claim){};
	client_reset(v);
}

/* The patterns are asked once the dissectors have said no. */
static __always_inline int ask_patterns(const struct imtc_flow *flow, struct imtc_view *v)
{
	int answer = IMTC_NO;

	v->candidates &= ~IMTC_CANDIDATE_PATTERN;
	if (v->candidates)
		return IMTC_MORE;
	if (flow->state == IMTC_FLOW_UNDECIDED && !flow->label.service)
		answer = pattern_find(v);
	if (answer == IMTC_MORE)
		v->candidates = IMTC_CANDIDATE_PATTERN;
	return answer == IMTC_MATCH && !may_be_label(&v->label) ? IMTC_NO : answer;
}

/*
 * A match: who is behind a call or a SIP agent may be told by more than the
 * payload; what it announces is expected from now on.
 */
static __always_inline void match_refine(struct imtc_scratch *s, const struct imtc_flow *flow,
					 struct imtc_view *v)
{
	if (v->label.service == IMTC_SERVICE_SIP && agent_find(v, s->packet.hook) &&
	    s->named.service)
		v->label.service = s->named.service;
	hint_names_call(v, flow, s);
}

/* DNS is learnt from and shown to no dissector. -1: it is none. */
static __always_inline int inspect_dns(struct imtc_scratch *s, struct imtc_flow *flow,
				       struct imtc_view *v)
{
	int answer = dns_show(v, flow, s->packet.hook);

	if (answer == DNS_OTHER)
		return -1;
	/* It does not run out: every answer is to be seen. */
	flow->payload_packets = 0;
	if (answer == DNS_MORE)
		return INSPECT_MORE;
	return s->packet.protocol == IPPROTO_TCP ? INSPECT_PEEL : INSPECT_NOTHING;
}

/* Nobody knows the bytes, or not yet: what hints say, and what is to be kept. */
static __always_inline int inspect_open(struct imtc_scratch *s, struct imtc_flow *flow,
					struct imtc_view *v, int answer)
{
	u32 direction = s->packet.direction & 1, labelled = INSPECT_NOTHING;
	bool ended = answer != IMTC_MORE || v->complete;

	if (flow->state != IMTC_FLOW_UNDECIDED)
		return INSPECT_NOTHING;
	if (hint_fills_in(v, flow, s, ended) && label_take(s, flow, v))
		labelled = INSPECT_LABEL;
	if (s->packet.protocol == IPPROTO_UDP)
		return labelled;
	flow->candidates[direction] = ended ? 0 : v->candidates;
	return labelled | (ended ? INSPECT_NOTHING : INSPECT_MORE);
}

/*
 * Shows a view to the dissectors, one that may be cut down to a message
 * (s->turns.body). An undecided flow's direction keeps the candidates that are left;
 * a datagram stands alone, so UDP begins anew.
 */
static __always_inline int inspect(struct imtc_view *v, struct imtc_flow *flow, u32 hook,
				   const enum imtc_l4 l4)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_packet *p;
	int answer;

	if (!v || !s || !flow)
		return INSPECT_NOTHING;
	p = &s->packet;
	s->turns.watched = is_watched(flow);
	view_prepare(s, flow, v);
	if (is_dns_port(p) && flow->state == IMTC_FLOW_UNDECIDED) {
		answer = inspect_dns(s, flow, v);
		if (answer >= 0)
			return answer;
	}
	answer = l4 == IMTC_L4_TCP ? imtc_dissect_tcp(v) : imtc_dissect_udp(v);
	if (l4 == IMTC_L4_UDP)
		answer = claim_take(v, answer, p->hook);
	if (v->client_len && (answer == IMTC_MATCH || flow->label.service))
		client_note(v, flow, p->hook);
	if (answer == IMTC_PEEL)
		return peel_take(s, flow, v);
	if (answer == IMTC_NAMED)
		answer = name_label(v, s, flow);
	if (answer < IMTC_MATCH)
		answer = ask_patterns(flow, v);
	if (answer == IMTC_MATCH)
		match_refine(s, flow, v);
	if (v->expects)
		hints_expect(v);
	if (v->scrubs || v->scrub_lost)
		scrub_note(v, flow, hook);
	if (answer == IMTC_MATCH) {
		flow->via |= v->layer;
		return label_take(s, flow, v) ? INSPECT_LABEL : INSPECT_NOTHING;
	}
	return inspect_open(s, flow, v, answer);
}

/* Functions of their own: in the loop that calls them they would be checked once a turn. */
IMTC_GLOBAL int inspect_tcp(struct imtc_view *v, struct imtc_flow *flow, u32 hook)
{
	return inspect(v, flow, hook, IMTC_L4_TCP);
}

IMTC_GLOBAL int inspect_udp(struct imtc_view *v, struct imtc_flow *flow, u32 hook)
{
	return inspect(v, flow, hook, IMTC_L4_UDP);
}

/* The first n bytes are done with. */
static __always_inline void classify_use(struct imtc_scratch *s, struct imtc_flow *flow,
					 struct imtc_stream *stream, u32 n)
{
	if (s->packet.protocol == IPPROTO_TCP)
		flow->seq[s->packet.direction & 1] += n;
	s->packet.moved = 1;
	stream_shift(stream, n);
}

/*
 * After a watched flow's view was shown: what is to be shown again stays. Of a
 * datagram nothing is.
 */
static __always_inline void classify_watched(struct imtc_scratch *s, struct imtc_flow *flow,
					     struct imtc_stream *stream)
{
	u32 n = stream->view.skip;

	if (stream->view.complete || n > stream->view.len || !is_watched(flow))
		n = stream->view.len;
	if (n && s->packet.protocol == IPPROTO_TCP)
		classify_use(s, flow, stream, n);
}

/*
 * Takes a layer away. Where a message of its own follows, the view is cut down to
 * it, which may be longer than what there is of it.
 */
static __always_inline void classify_peel(struct imtc_scratch *s, struct imtc_flow *flow,
					  struct imtc_stream *stream)
{
	u32 body = stream->view.body;

	classify_use(s, flow, stream, stream->view.skip);
	s->turns.behind = 0;
	if (!body || !stream->view.len)
		return;
	if (body < stream->view.len) {
		s->turns.behind = stream->view.len - body;
		stream->view.len = body;
	}
	stream->view.complete = 1;
	s->turns.body = body;
}

/* The message was shown, and is passed over whatever it was. */
static __always_inline void classify_message(struct imtc_scratch *s, struct imtc_flow *flow,
					     struct imtc_stream *stream)
{
	stream->view.len += s->turns.behind;
	flow->candidates[s->packet.direction & 1] = IMTC_CANDIDATES_ALL;
	classify_use(s, flow, stream, s->turns.body);
	s->turns.body = 0;
}

/*
 * Behind inspect(), whose answer is given: what it has dealt with goes. Returns
 * whether what is left is to be shown in another turn. A function of its own, with
 * its state in the scratch: in the loop it would be checked once a turn.
 */
IMTC_GLOBAL int classify_turn(struct imtc_stream *stream, struct imtc_flow *flow, u32 answer,
			      u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	if (!stream || !s || !flow)
		return 0;
	s->turns.answer |= answer & INSPECT_LABEL;
	if (s->turns.body) {
		classify_message(s, flow, stream);
	} else if (answer & INSPECT_PEEL) {
		classify_peel(s, flow, stream);
	} else if (s->turns.watched) {
		classify_watched(s, flow, stream);
		return 0;
	} else if (!(answer & INSPECT_LABEL) || !is_watched(flow)) {
		s->turns.answer |= answer & INSPECT_MORE;
		return 0;
	}
	/* Labelled, and watched from now on: what is already there is shown again. */
	return flow_state_ahead(flow) != IMTC_FLOW_DECIDED;
}

/*
 * Shows the bytes of a direction for as long as there is something to peel off
 * them: s->stream, which is the packet's own, or a stream that is kept. Returns
 * INSPECT_MORE and INSPECT_LABEL, of which both may be.
 */
static __always_inline int classify(struct imtc_stream *stream, struct imtc_flow *flow, u32 hook,
				    const enum imtc_l4 l4)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	int answer;

	if (!stream || !s || !flow)
		return INSPECT_NOTHING;
	s->turns = (struct imtc_turns){};
	for (u32 i = 0; i <= IMTC_TURNS_MAX; i++) {
		/* A message whose frame is gone is shown in any case. */
		if (!stream->view.len || (i == IMTC_TURNS_MAX && !s->turns.body))
			break;
		answer = l4 == IMTC_L4_TCP ? inspect_tcp(&stream->view, flow, hook) :
					     inspect_udp(&stream->view, flow, hook);
		if (!classify_turn(stream, flow, (u32)answer, hook))
			break;
	}
	s->packet.rest = stream->view.len | stream->pieces;
	return (int)s->turns.answer;
}

IMTC_GLOBAL int classify_tcp(struct imtc_stream *stream, struct imtc_flow *flow, u32 hook)
{
	return classify(stream, flow, hook, IMTC_L4_TCP);
}

IMTC_GLOBAL int classify_udp(struct imtc_stream *stream, struct imtc_flow *flow, u32 hook)
{
	return classify(stream, flow, hook, IMTC_L4_UDP);
}

/* The other direction of a flow that is watched from now on: where does it stand? */
static __always_inline void watch_begins(struct imtc_flow *flow, u32 other)
{
	/* Given up earlier, its bytes have not been followed. */
	if (!flow->candidates[other & 1] && !(flow->prefix & IMTC_PREFIX_STREAM << other))
		flow->prefix &= (u8)~(IMTC_PREFIX_SEQ << other);
}

/*
 * After classify(): keeps the bytes that have to be shown again, and lets go of
 * what is of no more use.
 */
IMTC_GLOBAL int classified(struct imtc_flow *flow, u32 fed, u32 answer, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u32 direction, state;
	bool keep;

	if (!s || !flow)
		return 0;
	direction = s->packet.direction & 1;
	state = flow_state_ahead(flow);
	if (state == IMTC_FLOW_DECIDED) {
		stream_forget(s, flow);
		return 0;
	}
	if (s->packet.protocol == IPPROTO_TCP) {
		keep = s->packet.rest && (state == IMTC_FLOW_WATCHED || answer & INSPECT_MORE ||
					  (fed == FEED_STREAM && flow->candidates[direction]));
		if (state == IMTC_FLOW_WATCHED && flow->state == IMTC_FLOW_UNDECIDED)
			watch_begins(flow, !direction);
		if (keep && fed == FEED_PACKET && stream_begin(flow, hook))
			/* Not to be kept: on with what follows. */
			stream_lost(flow, direction, flow->seq[direction] + s->stream.view.len);
		if (!keep && fed != FEED_NOTHING)
			stream_delete(s, flow, direction);
	}
	if (flow->state == IMTC_FLOW_UNDECIDED && state == IMTC_FLOW_UNDECIDED &&
	    flow_gives_up(flow, &s->packet))
		flow_is_not_im(s, flow);
	return 0;
}

#endif /* IMTC_BPF_CLASSIFY_H */
