/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict SCRUB: requests for a feature are made of no meaning where they stand,
 * and all else of the flow goes on. What dissectors say of requests (view.scrub) is
 * noted in the scratch as places in the packet; where the verdict is SCRUB they are
 * kept by sequence number, so that a segment that is sent again is written over
 * again. What writes is act_scrub.h, at tc.
 *
 * A request that cannot be written over - it began in a segment that has passed, or
 * nobody knows how - ends a TCP connection, and drops a datagram.
 */
#ifndef IMTC_BPF_SCRUB_H
#define IMTC_BPF_SCRUB_H

#include "count.h"

/* Where the payload of the packet in hand begins: sequence number, or 0 for a datagram. */
static __always_inline u32 scrub_base(const struct imtc_packet *p)
{
	return p->protocol == IPPROTO_TCP ? p->seq + !!(p->tcp_flags & TCP_SYN) : 0;
}

/*
 * Where the view begins, counted as above. What is shown of a datagram is its end:
 * layers in front of it may have been peeled.
 */
static __always_inline u32 scrub_view(const struct imtc_packet *p, const struct imtc_flow *flow,
				      const struct imtc_view *v)
{
	if (p->protocol == IPPROTO_TCP)
		return flow->seq[p->direction & 1];
	return p->data - p->payload + p->take - v->len;
}

static __always_inline void scrub_reset(struct imtc_scratch *s)
{
	s->scrubs.count = 0;
	s->scrubs.feature = s->scrubs.covered = s->scrubs.lost = 0;
}

/* A view may be shown twice: by the dissector, then by what watches. */
static __always_inline bool scrub_is_noted(const struct imtc_scrubs *found, u32 at)
{
	bool noted = false;

	for (u32 i = 0; i < IMTC_SCRUBS_PACKET; i++)
		if (i < found->count && found->range[i].at == at)
			noted = true;
	return noted;
}

/* Takes note of what the view's dissector has found to write over. */
IMTC_GLOBAL int scrub_note(const struct imtc_view *v, const struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_scrubs *found;
	u32 view;

	if (!s || !v || !flow)
		return 0;
	found = &s->scrubs;
	found->lost |= v->scrub_lost;
	view = scrub_view(&s->packet, flow, v);
	for (u32 i = 0; i < IMTC_SCRUBS_MAX; i++) {
		const struct imtc_scrub *scrub = &v->scrub[i];
		u32 n = found->count;

		if (i >= v->scrubs)
			break;
		if (scrub_is_noted(found, view + scrub->at))
			continue;
		/* A message in a frame is not on the wire as it is shown (masked, in chunks). */
		if (s->turns.body || n >= IMTC_SCRUBS_PACKET) {
			found->lost |= 1 << (scrub->feature & 15);
			continue;
		}
		found->range[n & (IMTC_SCRUBS_PACKET - 1)] = (struct imtc_scrub){
			.at = view + scrub->at, .len = scrub->len, .fill = scrub->fill,
			.feature = scrub->feature,
		};
		found->count = n + 1;
		found->covered |= 1 << (scrub->feature & 15);
	}
	return 0;
}

static __always_inline void scrub_key(struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	struct imtc_scrub_key *key = &s->scrub_key;

	__builtin_memset(key, 0, sizeof(*key));
	if (p->family == 4)
		key->flow4 = p->key4;
	else
		key->flow6 = p->key6;
	key->sender = p->sender;
}

/* Is the whole request in the packet in hand? */
static __always_inline bool scrub_is_here(const struct imtc_packet *p,
					  const struct imtc_scrub *scrub)
{
	u32 from = scrub->at - scrub_base(p);

	return from < p->payload_len && scrub->len <= p->payload_len - from;
}

/* Of what was noted: can all that is wanted be written over? */
static __always_inline bool scrub_is_able(const struct imtc_scratch *s, u32 wanted)
{
	const struct imtc_scrubs *found = &s->scrubs;
	bool able = true;

	if (wanted & (found->lost | (found->feature & ~found->covered)))
		return false;
	for (u32 i = 0; i < IMTC_SCRUBS_PACKET; i++) {
		const struct imtc_scrub *scrub = &found->range[i];

		if (i < found->count && wanted >> (scrub->feature & 15) & 1 &&
		    (s->packet.is_inner || !scrub_is_here(&s->packet, scrub)))
			able = false;
	}
	return able;
}

/* Keeps the ranges of a TCP packet for tc, and for when it is sent again. -1: no memory. */
static __always_inline int scrub_keep(struct imtc_scratch *s, u32 wanted)
{
	const struct imtc_scrubs *found = &s->scrubs;
	struct imtc_scrubbed *kept;

	scrub_key(s);
	kept = bpf_map_lookup_elem(&scrubs, &s->scrub_key);
	if (!kept) {
		__builtin_memset(&s->scrubbed, 0, sizeof(s->scrubbed));
		bpf_map_update_elem(&scrubs, &s->scrub_key, &s->scrubbed, BPF_NOEXIST);
		kept = bpf_map_lookup_elem(&scrubs, &s->scrub_key);
		if (!kept)
			return -1;
	}
	for (u32 i = 0; i < IMTC_SCRUBS_PACKET; i++) {
		const struct imtc_scrub *scrub = &found->range[i];
		u32 next = kept->next;

		if (i >= found->count || !(wanted >> (scrub->feature & 15) & 1))
			continue;
		kept->range[next & (IMTC_SCRUBS_KEPT - 1)] = *scrub;
		kept->next = next + 1;
		count_outcome(IMTC_OUTCOME_SCRUBBED);
	}
	return 0;
}

/*
 * A packet of a flow with the verdict SCRUB: what becomes of it. SCRUB: tc has to see
 * whether there is something to be written over.
 */
IMTC_GLOBAL int scrub_place(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_packet *p;
	u32 wanted;

	if (!s || !flow)
		return IMTC_VERDICT_DROP;
	p = &s->packet;
	wanted = flow->argument;
	if (!p->payload_len)
		return IMTC_VERDICT_PASS;
	/* Neither what it holds nor where it stands is known. */
	if (p->fragment != IMTC_FRAGMENT_NONE) {
		count_outcome(IMTC_OUTCOME_ACT_FAILED);
		return IMTC_VERDICT_DROP;
	}
	if (scrub_is_able(s, wanted) &&
	    (p->protocol != IPPROTO_TCP || !s->scrubs.count || !scrub_keep(s, wanted)))
		return IMTC_VERDICT_SCRUB;
	count_outcome(IMTC_OUTCOME_UNSCRUBBED);
	if (p->protocol != IPPROTO_TCP)
		return IMTC_VERDICT_DROP;
	stream_forget(s, flow);
	flow->slot = imtc_counter_slot(flow->label.service, flow->label.feature,
				       IMTC_VERDICT_REJECT);
	flow_settle(flow, IMTC_FLOW_DECIDED, IMTC_VERDICT_REJECT, flow->flags,
		    IMTC_REASON_UNSCRUBBED);
	return IMTC_VERDICT_REJECT;
}

#endif /* IMTC_BPF_SCRUB_H */
