/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting flows and peers (imtc/rate.h), the same in the module, in BPF and in tests.
 * Whoever includes it has a table of words by keys, struct rate_table, and before this
 * these functions:
 *
 * static u64 rate_look(struct rate_table *table, const struct imtc_rate_key *key);
 *	The word of a flow or peer, 0: none.
 * static void rate_keep(struct rate_table *table, const struct imtc_rate_key *key, u64 word);
 *	Stores it.
 * static u64 rate_more(struct rate_table *table, const struct imtc_rate_key *key, u32 rate,
 *			u64 now_ms);
 *	imtc_rate_more() of a count; its word after that. 0: it could not be stored.
 *
 * Tables are bounded. What was not used for longest goes: a count begins anew, a flow
 * or peer is counted again.
 */
#ifndef IMTC_RATE_COUNT_H
#define IMTC_RATE_COUNT_H

#include <imtc/flow.h>
#include <imtc/rate.h>

/* Is a flow new to a policy? Only such are counted. */
static __always_inline int imtc_rate_is_new(u64 first_ns, u32 flow_flags, u64 loaded_ns)
{
	return first_ns >= loaded_ns && !(flow_flags & IMTC_FLOW_MIDDLE);
}

static __always_inline void imtc_rate_as_count(struct imtc_rate_key *key)
{
	key->remote[0] = key->remote[1] = key->first_ns = 0;
	key->ports = key->l4 = 0;
}

static __always_inline void imtc_rate_as_peer(struct imtc_rate_key *key,
					      const struct imtc_rate_flow *flow)
{
	imtc_rate_as_count(key);
	key->remote[0] = flow->remote[0];
	key->remote[1] = flow->remote[1];
}

static __always_inline void imtc_rate_as_flow(struct imtc_rate_key *key,
					      const struct imtc_rate_flow *flow)
{
	key->remote[0] = flow->remote[0];
	key->remote[1] = flow->remote[1];
	key->first_ns = flow->first_ns;
	key->ports = flow->ports;
	key->l4 = flow->l4;
}

/*
 * The number that the flow of this key has in its period, or its peer has; 0: not known.
 * flow is room that the caller gives: BPF has little of its own.
 */
static __always_inline u32 imtc_rate_count(struct rate_table *table, struct imtc_rate_key *key,
					   struct imtc_rate_flow *flow, u32 rate, u64 now_ms)
{
	u64 word = rate_look(table, key);

	if (word)
		return imtc_rate_number(word);
	flow->remote[0] = key->remote[0];
	flow->remote[1] = key->remote[1];
	flow->first_ns = key->first_ns;
	flow->ports = key->ports;
	flow->l4 = key->l4;
	if (key->which == IMTC_RATE_PEERS) {
		imtc_rate_as_peer(key, flow);
		word = rate_look(table, key);
		if (!imtc_rate_is_current(word, rate, now_ms))
			word = 0;
	}
	if (!word) {
		imtc_rate_as_count(key);
		word = rate_more(table, key, rate, now_ms);
		if (!word)
			return 0;
		if (key->which == IMTC_RATE_PEERS) {
			imtc_rate_as_peer(key, flow);
			rate_keep(table, key, word);
		}
	}
	imtc_rate_as_flow(key, flow);
	rate_keep(table, key, word);
	return imtc_rate_number(word);
}

#endif /* IMTC_RATE_COUNT_H */
