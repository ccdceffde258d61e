/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict LIMIT: so many packets or bytes a second or minute, and a burst, by rule and
 * peer, of both directions and all flows together.
 *
 * A bucket is one number, the time by which all that went through would have gone
 * through at the rule's rate (the virtual scheduling form of ITU-T I.371's generic
 * cell rate algorithm): no lock is needed, and nothing fills it up.
 */
#ifndef IMTC_BPF_LIMIT_H
#define IMTC_BPF_LIMIT_H

#include "count.h"

/* CPUs that meet at one bucket this often let the packet through, uncounted. */
#define LIMIT_TRIES 4

#define LIMIT_SECOND_NS 1000000000ULL
#define LIMIT_MINUTE 60		/* seconds */
#define LIMIT_LONGEST_NS (1ULL << 56)

/* The other end of the packet's flow. */
static __always_inline void limit_peer(struct imtc_limit_key *key, const struct imtc_flow *flow,
				       const struct imtc_packet *p)
{
	u32 local = flow->flags & IMTC_FLOW_LOCAL_1 ? 1 : 0;
	bool from_local = p->sender == local;

	key->peer[0] = from_local ? p->destination[0] : p->source[0];
	key->peer[1] = from_local ? p->destination[1] : p->source[1];
}

/* Takes what the packet costs; false: there is not as much. */
static __always_inline bool limit_take(u64 *bucket, u64 cost_ns, u64 burst_ns)
{
	u64 now = bpf_ktime_get_ns();

	for (u32 i = 0; i < LIMIT_TRIES; i++) {
		u64 before = *(volatile u64 *)bucket, from = before > now ? before : now;

		/* A packet larger than the bucket goes where that is full. */
		if (from > now && from + cost_ns - now > burst_ns)
			return false;
		if (__sync_val_compare_and_swap(bucket, before, from + cost_ns) == before)
			break;
	}
	return true;
}

/* The time that so many units take at the flow's rate; what is beyond 64 bits is as good as ever. */
static __always_inline u64 limit_ns(const struct imtc_flow *flow, u64 units)
{
	u64 ns = units * LIMIT_SECOND_NS / flow->argument;

	if (!flow->parameters[IMTC_LIMIT_MINUTE])
		return ns;
	return (ns < LIMIT_LONGEST_NS ? ns : LIMIT_LONGEST_NS) * LIMIT_MINUTE;
}

/* May the packet of a flow with the verdict LIMIT pass? Counts those that may not. */
IMTC_GLOBAL int limit_allows(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u64 units, begin = 0, *bucket;

	if (!s || !flow || !flow->argument)
		return 1;
	limit_peer(&s->limit_key, flow, &s->packet);
	s->limit_key.epoch = flow->epoch;
	s->limit_key.rule = flow->rule;
	bucket = bpf_map_lookup_elem(&limits, &s->limit_key);
	if (!bucket) {
		bpf_map_update_elem(&limits, &s->limit_key, &begin, BPF_NOEXIST);
		bucket = bpf_map_lookup_elem(&limits, &s->limit_key);
		if (!bucket)
			return 1;
	}
	units = flow->parameters[IMTC_LIMIT_BYTES] ? s->packet.bytes : s->packet.segments;
	if (limit_take(bucket, limit_ns(flow, units),
		       limit_ns(flow, flow->parameters[IMTC_LIMIT_BURST])))
		return 1;
	count_outcome(IMTC_OUTCOME_LIMITED);
	return 0;
}

#endif /* IMTC_BPF_LIMIT_H */
