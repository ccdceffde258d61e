/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows that the verdict ASK holds, and the answers to them, as stored in the BPF
 * maps "held" and "answers". The programs make an entry of "held" where a flow is
 * held and never change it again; imctl writes `answer` into it.
 */
#ifndef IMTC_HELD_H
#define IMTC_HELD_H

#include <imtc/kfunc.h>

/* A flow: its ends as in imtc_query, zone and protocol as in imtc_flow_key4. */
struct imtc_held_key {
	u64 client[2];
	u64 server[2];
	u16 client_port;	/* __be16 */
	u16 server_port;	/* __be16 */
	u32 zone_l4;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_held_key) == 40);

struct imtc_held {
	u64 first_ns;		/* imtc_flow.first_ns: ports may have been used before */
	u64 deadline_ns;	/* CLOCK_MONOTONIC; from then on the rule's own answer holds */
	u32 answer;		/* PASS, DROP or REJECT; 0: none yet */
	u32 zero;
	struct imtc_query query;	/* as it was asked, and answered with ASK */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_held) == 392);

/* An answer for all flows of a process that speak a service: value u32, as imtc_held.answer. */
struct imtc_answer_key {
	u64 owner;		/* handle of the module, not 0 */
	u32 service;
	u32 zero;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_answer_key) == 16);

#endif /* IMTC_HELD_H */
