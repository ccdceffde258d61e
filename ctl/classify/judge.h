/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands for bpf/verdict.h and bpf/act.h on the host: a label is asked for no
 * verdict, and no packet is acted upon. Only what a verdict does to the flow's
 * state is done.
 */
#ifndef IMCTL_CLASSIFY_JUDGE_H
#define IMCTL_CLASSIFY_JUDGE_H

#define IMTC_BPF_VERDICT_H
#define IMTC_BPF_ACT_H

static inline int verdict_prepare(struct imtc_flow *flow, u32 hook)
{
	(void)flow, (void)hook;
	return 0;
}

static inline int verdict_ask(void *ctx, const enum imtc_context kind, struct imtc_scratch *s,
			      u32 epoch)
{
	(void)ctx, (void)kind, (void)s, (void)epoch;
	return 0;
}

static inline int verdict_settle(struct imtc_flow *flow, int error, u32 epoch, u32 hook)
{
	(void)error, (void)hook;
	flow->epoch = epoch;
	flow_settle(flow, flow_state_of(&flow->label), IMTC_VERDICT_PASS,
		    flow->flags & (u8)~IMTC_FLOW_AGAIN, IMTC_REASON_NO_POLICY);
	return 0;
}

#endif /* IMCTL_CLASSIFY_JUDGE_H */
