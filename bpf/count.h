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

/* In the slot that the flow has now. */
static __always_inline void count_service(const struct imtc_flow *flow, u32 out, u64 packets,
					  u64 bytes)
{
	u32 slot = flow->slot;
	struct imtc_counter *counter = bpf_map_lookup_elem(&counters, &slot);

	if (!counter)
		return;
	counter->packets[out & 1] += packets;
	counter->bytes[out & 1] += bytes;
}

/* A packet of the flow. */
static __always_inline void count_packet(struct imtc_flow *flow, u32 sender, u32 out,
					 u64 packets, u64 bytes)
{
	__sync_fetch_and_add(&flow->packets[sender & 1], packets);
	__sync_fetch_and_add(&flow->bytes[sender & 1], bytes);
	count_service(flow, out, packets, bytes);
}

#endif /* IMTC_BPF_COUNT_H */
