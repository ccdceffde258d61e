/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a packet only pass through this host? Asked where a flow may begin. On
 * egress the kernel has noted where the packet came in; on ingress the routing
 * table says where it will go. What conntrack translates is seen as it is on the
 * wire: an answer to a masqueraded flow is to this host. Of what is in a tunnel
 * the routes here say nothing, and it does not count as passing through.
 */
#ifndef IMTC_BPF_FORWARD_H
#define IMTC_BPF_FORWARD_H

#include "count.h"

#define FORWARD_AF_INET 2
#define FORWARD_AF_INET6 10

static __always_inline void forward_question(struct bpf_fib_lookup *fib,
					     const struct imtc_packet *p)
{
	__builtin_memset(fib, 0, sizeof(*fib));
	fib->ifindex = p->ifindex;
	fib->l4_protocol = p->protocol;
	fib->sport = p->source_port;
	fib->dport = p->destination_port;
	if (p->family == 4) {
		fib->family = FORWARD_AF_INET;
		fib->ipv4_src = (u32)(p->source[1] >> 32);
		fib->ipv4_dst = (u32)(p->destination[1] >> 32);
	} else {
		fib->family = FORWARD_AF_INET6;
		__builtin_memcpy(fib->ipv6_src, p->source, sizeof(p->source));
		__builtin_memcpy(fib->ipv6_dst, p->destination, sizeof(p->destination));
	}
}

/* Neither an unknown neighbour nor a small MTU is a reason not to be on the way. */
static __always_inline bool forward_answer(long answer)
{
	return answer == BPF_FIB_LKUP_RET_SUCCESS || answer == BPF_FIB_LKUP_RET_NO_NEIGH ||
	       answer == BPF_FIB_LKUP_RET_FRAG_NEEDED || answer == BPF_FIB_LKUP_RET_UNSUPP_LWT;
}

static __always_inline int forward_note(void *ctx, const enum imtc_context kind,
					struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;

	p->forward = 0;
	if (kind == IMTC_CONTEXT_SKB && p->hook == IMTC_HOOK_TC_EGRESS) {
		p->forward = ((struct __sk_buff *)ctx)->ingress_ifindex != 0;
	} else if (!p->is_inner) {
		forward_question(&s->fib, p);
		p->forward = forward_answer(bpf_fib_lookup(ctx, &s->fib, sizeof(s->fib), 0));
	}
	return 0;
}

IMTC_GLOBAL int forward_note_xdp(struct xdp_md *ctx)
{
	struct imtc_scratch *s = imtc_scratch(IMTC_HOOK_XDP);

	return s ? forward_note(ctx, IMTC_CONTEXT_XDP, s) : 0;
}

IMTC_GLOBAL int forward_note_skb(struct __sk_buff *ctx, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	return s ? forward_note(ctx, IMTC_CONTEXT_SKB, s) : 0;
}

#endif /* IMTC_BPF_FORWARD_H */
