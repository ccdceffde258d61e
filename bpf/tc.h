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
#include "stages.h"
#include "xdp.h"

/* The verdict, carried out. Returns TC_ACT_*. */
IMTC_GLOBAL int tc_end(struct __sk_buff *skb, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u32 argument = 0;
	int verdict;

	if (!s)
		return TC_ACT_UNSPEC;
	verdict = slow_end(skb, IMTC_CONTEXT_SKB, s, &argument);
	if (verdict <= IMTC_VERDICT_PASS)
		return TC_ACT_UNSPEC;
	return tc_act(skb, verdict, argument, hook);
}

/* A stage learns the hook from the skb's control block, which is given back. */
IMTC_GLOBAL int tc_slow(struct __sk_buff *skb, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	int stage;

	if (!s)
		return TC_ACT_UNSPEC;
	stage = slow_begin(skb, IMTC_CONTEXT_SKB, hook, s);
	if (stage == STAGE_NO_FLOW)
		return TC_ACT_UNSPEC;
	if (stage < STAGE_MAX) {
		s->cb = skb->cb[0];
		skb->cb[0] = hook;
		bpf_tail_call(skb, &stages_tc, stage);
		skb->cb[0] = s->cb;
		count_outcome(IMTC_OUTCOME_STAGE_LOST);
	}
	return tc_end(skb, hook);
}

static __always_inline int tc_stage(struct __sk_buff *skb, const enum slow_stage stage)
{
	u32 hook = skb->cb[0];
	struct imtc_scratch *s = imtc_scratch(hook);

	if (!s)
		return TC_ACT_UNSPEC;
	skb->cb[0] = s->cb;
	slow_inspect(skb, IMTC_CONTEXT_SKB, s, stage);
	return tc_end(skb, hook);
}

SEC("tc")
int imtc_tc_tcp(struct __sk_buff *skb)
{
	return tc_stage(skb, STAGE_TCP);
}

SEC("tc")
int imtc_tc_udp(struct __sk_buff *skb)
{
	return tc_stage(skb, STAGE_UDP);
}

static __always_inline int tc_run(struct __sk_buff *skb, const u32 hook)
{
	struct imtc_fast fast = {
		.ctx = skb,
		.end = (void *)(long)skb->data_end,
		.hook = hook,
		.pass = TC_ACT_UNSPEC,
		.drop = TC_ACT_SHOT,
	};

	return fast_run((void *)(long)skb->data, &fast);
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
 * A datagram of a flow with the verdict SCRUB that XDP has let through: it is looked at
 * again, for what is to be written over has no sequence number to be known by.
 * Nothing is counted twice.
 */
static __always_inline int tc_act_again(struct __sk_buff *skb, struct imtc_scratch *s,
					const struct imtc_flow *flow)
{
	struct imtc_packet *p = &s->packet;

	p->direction = flow_direction(flow, p->sender);
	p->segments = p->bytes = 0;
	s->step = 0;
	scrub_reset(s);
	s->cb = skb->cb[0];
	skb->cb[0] = IMTC_HOOK_TC_INGRESS;
	bpf_tail_call(skb, &stages_tc, STAGE_UDP);
	skb->cb[0] = s->cb;
	count_outcome(IMTC_OUTCOME_STAGE_LOST);
	return TC_ACT_SHOT;
}

/*
 * What XDP has judged and counted: the verdict is in the flow. A packet that is
 * shown without its Ethernet header (see struct imtc_mark) cannot be sent
 * elsewhere - to give it one, past the misplaced metadata, makes the kernel warn -
 * and is treated as by XDP without metadata.
 */
IMTC_GLOBAL int tc_act_marked(struct __sk_buff *skb)
{
	struct imtc_scratch *s = imtc_scratch(IMTC_HOOK_TC_INGRESS);
	struct imtc_flow *flow;

	if (!s || parse(skb, IMTC_CONTEXT_SKB, IMTC_HOOK_TC_INGRESS, s) != PARSED)
		return TC_ACT_UNSPEC;
	flow = flow_find(&s->packet);
	if (!flow)
		return TC_ACT_UNSPEC;
	if (flow->verdict == IMTC_VERDICT_SCRUB && s->packet.protocol == IPPROTO_UDP &&
	    s->packet.take)
		return tc_act_again(skb, s, flow);
	if (!s->packet.has_mac)
		return act_headless(skb, s, flow->verdict, flow->argument);
	return tc_act(skb, flow->verdict, flow->argument, IMTC_HOOK_TC_INGRESS);
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
