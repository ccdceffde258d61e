/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting what begins, for rules that ask for rates (imtc/rate.h). Asked once a flow
 * and rule: the decided path knows nothing of it. BPF-only; with the module it counts.
 */
#ifndef IMTC_BPF_RATE_H
#define IMTC_BPF_RATE_H

#include "maps.h"

/* The maps are known by name. */
struct rate_table;

/* CPUs that meet at one count this often take the number that is there. */
#define RATE_TRIES 4

static __always_inline u64 rate_look(struct rate_table *table, const struct imtc_rate_key *key)
{
	u64 *word = bpf_map_lookup_elem(&counted, key);

	(void)table;
	return word ? *word : 0;
}

static __always_inline void rate_keep(struct rate_table *table, const struct imtc_rate_key *key,
				      u64 word)
{
	(void)table;
	bpf_map_update_elem(&counted, key, &word, BPF_ANY);
}

static __always_inline u64 rate_more(struct rate_table *table, const struct imtc_rate_key *key,
				     u32 rate, u64 now_ms)
{
	u64 *word = bpf_map_lookup_elem(&rates, key), after = 0;

	(void)table;
	if (!word) {
		bpf_map_update_elem(&rates, key, &after, BPF_NOEXIST);
		word = bpf_map_lookup_elem(&rates, key);
		if (!word)
			return 0;
	}
	for (u32 i = 0; i < RATE_TRIES; i++) {
		u64 before = *(volatile u64 *)word;

		after = imtc_rate_more(before, rate, now_ms);
		if (__sync_val_compare_and_swap(word, before, after) == before)
			break;
	}
	return after;
}

#include <imtc/rate_count.h>

/* What is the same for all rules that the flow of the query in hand is asked about. */
static __always_inline void rate_begin(struct imtc_scratch *s, u64 loaded_ns)
{
	s->rate_key.local[0] = s->facts.local[0];
	s->rate_key.local[1] = s->facts.local[1];
	s->rate_key.ifindex = s->facts.ifindex;
	s->rate_key.loaded_ns = loaded_ns;
	s->rate_key.program = 0;
	s->rate_key.zero = 0;
}

/* The flow's number, or its peer's, among those that fit the rule; 0: it is not new. */
IMTC_GLOBAL u32 rate_number(u32 rule, u32 rate, u32 which, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_rate_key *key;
	struct imtc_query *q;

	if (!s)
		return 0;
	q = &s->event.query;
	key = &s->rate_key;
	if (!imtc_rate_is_new(q->first_ns, q->flow_flags, key->loaded_ns))
		return 0;
	key->remote[0] = s->facts.remote[0];
	key->remote[1] = s->facts.remote[1];
	key->first_ns = q->first_ns;
	key->ports = (u32)s->facts.remote_port << 16 | s->facts.local_port;
	key->l4 = q->l4;
	key->rule = rule;
	key->which = which;
	return imtc_rate_count(NULL, key, &s->rate_flow, rate, bpf_ktime_get_ns() / 1000000);
}

#endif /* IMTC_BPF_RATE_H */
