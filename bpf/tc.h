/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tc:
 *
 *	imtc_tc_egress	all that goes out: fast path, slow path, act
 *	imtc_tc_ingress	the same for what comes in, where XDP cannot be attached
 *	imtc_tc_act	beside XDP: carries out what XDP marked, lets the rest go on
 *
 * On doubt the packet passes. TC_ACT_UNSPEC lets other programs of the hook see
 * it.
 */
#ifndef IMTC_BPF_TC_H
#define IMTC_BPF_TC_H

#include "act_tc.h"
#include "fast.h"
#include "slow.h"
#include "xdp.h"

IMTC_GLOBAL int tc_slow(struct __sk_buff *skb, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u32 argument = 0;
	int verdict;

	if (!s)
		return TC_ACT_UNSPEC;
	verdict = slow_run(skb, IMTC_CONTEXT_SKB, hook, s, &argument);
	if (verdict <= IMTC_VERDICT_PASS)
		return TC_ACT_UNSPEC;
	return tc_act(skb, verdict, argument, hook);
}

static __always_inline int tc_run(struct __sk_buff *skb, const u32 hook)
{
	struct imtc_fast fast = {
		.ctx = skb,
		.end = (void *)(long)skb->data_end,
		.ifindex = skb->ifindex,
		.epoch = ident_epoch(),
		.hook = hook,
		.pass = TC_ACT_UNSPEC,
		.drop = TC_ACT_SHOT,
	};
	int answer = fast_run((void *)(long)skb->data, &fast);

	return answer == FAST_SLOW ? tc_slow(skb, hook) : answer;
}

SEC("tc")
int imtc_tc_egress(struct __sk_buff *skb)
{
	return tc_run(skb, IMTC_HOOK_TC_EGRESS);
}

SEC("tc")
int imtc_tc_ingress(struct __sk_buff *skb)
{
	return tc_run(skb, IMTC_HOOK_TC_INGRESS);
}

/*
 * Puts the Ethernet header, which is in s->mac, back in front of a packet that is
 * shown without it (see struct imtc_mark): what is sent elsewhere needs one.
 */
static __always_inline long restore_mac(struct __sk_buff *skb, struct imtc_scratch *s)
{
	return bpf_skb_change_head(skb, ETH_HLEN, 0) ||
	       bpf_skb_store_bytes(skb, 0, s->mac, ETH_HLEN, 0);
}

static __always_inline bool parse_marked(struct __sk_buff *skb, struct imtc_scratch *s)
{
	u32 outcome = parse(skb, IMTC_CONTEXT_SKB, IMTC_HOOK_TC_INGRESS, s);

	if (outcome == PARSED && s->packet.has_mac)
		return true;
	return !restore_mac(skb, s) &&
	       parse(skb, IMTC_CONTEXT_SKB, IMTC_HOOK_TC_INGRESS, s) == PARSED;
}

/* What XDP has judged and counted: the verdict is in the flow. */
IMTC_GLOBAL int tc_act_marked(struct __sk_buff *skb)
{
	struct imtc_scratch *s = imtc_scratch(IMTC_HOOK_TC_INGRESS);
	struct imtc_mark *mark = (void *)(long)skb->data_meta;
	struct imtc_flow *flow;

	if (!s || (void *)(mark + 1) > (void *)(long)skb->data)
		return TC_ACT_UNSPEC;
	__builtin_memcpy(s->mac, (void *)mark + IMTC_MARK_MAC_AT, ETH_HLEN);
	if (!parse_marked(skb, s))
		return act_failed();
	flow = flow_find(&s->packet);
	return flow ? tc_act(skb, flow->verdict, flow->argument, IMTC_HOOK_TC_INGRESS) :
		      TC_ACT_UNSPEC;
}

SEC("tc")
int imtc_tc_act(struct __sk_buff *skb)
{
	struct imtc_mark *mark = (void *)(long)skb->data_meta;

	if ((void *)(mark + 1) > (void *)(long)skb->data || mark->magic != IMTC_MARK_MAGIC)
		return TC_ACT_UNSPEC;
	return tc_act_marked(skb);
}

#endif /* IMTC_BPF_TC_H */
