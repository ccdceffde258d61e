/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between the BPF programs and imtc.ko: three kfuncs and the one
 * struct they exchange. Unstable: both sides are built from the same tree.
 */
#ifndef IMTC_KFUNC_H
#define IMTC_KFUNC_H

#include <imtc/flow.h>
#include <imtc/view.h>

enum imtc_hook {
	IMTC_HOOK_XDP = 1,
	IMTC_HOOK_TC_INGRESS = 2,
	IMTC_HOOK_TC_EGRESS = 3,
};

/*
 * imtc_query.answer_flags
 * AGAIN: the owner may still change (a connection not yet accepted): the
 * program asks again with the next payload packet, without waiting for the
 * epoch.
 */
#define IMTC_ANSWER_AGAIN 0x01
/* Mask: the rule's enum imtc_log, times 2; for the events of BPF-only hosts. */
#define IMTC_ANSWER_LOG 0x0e

/* Held in a per-CPU map value: too large for the BPF stack. */
struct imtc_query {
	/* Asked. Addresses in network byte order, IPv4 as ::ffff:a.b.c.d. */
	u64 client[2];
	u64 server[2];
	u16 client_port;	/* __be16 */
	u16 server_port;	/* __be16 */
	u8 l4;			/* enum imtc_l4 */
	u8 family;		/* 4 or 6 */
	u8 hook;		/* enum imtc_hook */
	u8 flow_flags;		/* IMTC_FLOW_* */
	u32 ifindex;
	u32 first_ifindex;	/* of the flow's first packet (imtc_flow.ifindex) */
	struct imtc_label label;
	u64 owner;		/* handle from an earlier answer, or 0 */
	u64 first_ns;		/* CLOCK_MONOTONIC at the flow's first packet */
	char domain[IMTC_DOMAIN_BYTES];	/* NUL-terminated, "" where none was seen */
	/* Answered. */
	u64 answer_owner;	/* handle of the process, 0: none */
	u32 epoch;
	u32 argument;		/* as in imtc_flow */
	u32 rule;
	u8 verdict;
	u8 reason;
	u8 answer_flags;	/* IMTC_ANSWER_* */
	u8 answer_reserved;
	u32 parameters[IMTC_PARAMETERS];	/* as in imtc_flow */
	u32 answer_zero;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_query) == 368);

/*
 * u32 imtc_epoch(void)
 *	The epoch of the running policy. Called for each decided packet: cheap.
 *
 * int imtc_verdict_skb(struct __sk_buff *skb, struct imtc_query *q, u32 q__sz)
 *	From tc. Fills the answer. The owner is that of skb->sk where there is
 *	one, else of the socket the tuple belongs to in the device's namespace,
 *	else in any namespace of the host, else through conntrack's original
 *	tuple.
 *
 * int imtc_verdict_xdp(struct xdp_md *xdp, struct imtc_query *q, u32 q__sz)
 *	From XDP: as above, by tuple.
 *
 * Both return 0, or -EINVAL when q__sz is not sizeof(struct imtc_query) or a
 * field is out of range (nothing is answered then). They never sleep.
 */

#endif /* IMTC_KFUNC_H */
