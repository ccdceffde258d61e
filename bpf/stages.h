/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stages that are programs of their own, reached by a tail call: the dissectors
 * of a transport. The verifier has a budget a program and checks a program with
 * all that it may call; the hooks would need more than that together, and each
 * would pay for it again.
 *
 * An array of programs is emptied when the last descriptor and pin of it goes,
 * so that these are pinned as the programs are.
 */
#ifndef IMTC_BPF_STAGES_H
#define IMTC_BPF_STAGES_H

#include "slow.h"

int imtc_xdp_tcp(struct xdp_md *ctx);
int imtc_xdp_udp(struct xdp_md *ctx);
int imtc_tc_tcp(struct __sk_buff *skb);
int imtc_tc_udp(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, STAGE_MAX);
	__uint(key_size, sizeof(u32));
	__array(values, int (void *));
} stages_xdp SEC(".maps") = {
	.values = {
		[STAGE_TCP] = (void *)&imtc_xdp_tcp,
		[STAGE_UDP] = (void *)&imtc_xdp_udp,
	},
};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, STAGE_MAX);
	__uint(key_size, sizeof(u32));
	__array(values, int (void *));
} stages_tc SEC(".maps") = {
	.values = {
		[STAGE_TCP] = (void *)&imtc_tc_tcp,
		[STAGE_UDP] = (void *)&imtc_tc_udp,
	},
};

#endif /* IMTC_BPF_STAGES_H */
