/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters: outcomes, and packets and bytes a flow and a service.
 */
#ifndef IMTC_BPF_COUNT_H
#define IMTC_BPF_COUNT_H

#include "maps.h"

static __always_inline void count_outcome(u32 outcome)
{
	u64 *count = bpf_map_lookup_elem(&outcomes, &outcome);

	if (count)
		*count += 1;
}

/* A packet of the flow; in the slot that its flow has now. */
static __always_inline void count_packet(struct imtc_flow *flow, u32 sender, u32 out,
					 u64 packets, u64 bytes)
{
	struct imtc_counter *counter;
	u32 slot = flow->slot;

	__sync_fetch_and_add(&flow->packets[sender & 1], packets);
	__sync_fetch_and_add(&flow->bytes[sender & 1], bytes);
	counter = bpf_map_lookup_elem(&counters, &slot);
	if (!counter)
		return;
	counter->packets[out & 1] += packets;
	counter->bytes[out & 1] += bytes;
}

#endif /* IMTC_BPF_COUNT_H */
