/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XDP, ingress:
 *
 *	fast path	settled flow: count, pass or drop
 *	slow path	parse, flow, stream, classify, verdict
 *	act		pass, drop; the other verdicts are left to imtc_tc_act,
 *			which finds a mark in the packet's metadata
 *
 * On doubt the packet passes. Where a driver has no metadata, a rejected TCP
 * packet becomes a RST to this host's end alone, and anything else is dropped.
 */
#ifndef IMTC_BPF_XDP_H
#define IMTC_BPF_XDP_H

#include "fast.h"
#include "stages.h"

/*
 * What XDP leaves in front of the packet for imtc_tc_act. Twice, an Ethernet
 * header apart: where generic XDP has copied the packet (since 6.9), tc is shown it
 * without that header, takes the metadata for that much later than it lies, and
 * so finds the second magic where the first should be.
 */
struct imtc_mark {
	u32 magic;
	u8 more[10];
	u8 magic_again[4];
	u8 end[6];	/* the size of metadata is a multiple of four */
};
IMTC_STATIC_ASSERT(__builtin_offsetof(struct imtc_mark, magic_again) == ETH_HLEN);
IMTC_STATIC_ASSERT(sizeof(struct imtc_mark) % 4 == 0);

#define IMTC_MARK_MAGIC 0x696d7463

static __always_inline bool xdp_mark(struct xdp_md *ctx)
{
	const u32 magic = IMTC_MARK_MAGIC;
	struct imtc_mark *mark;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*mark)))
		return false;
	mark = (void *)(long)ctx->data_meta;
	if ((void *)(mark + 1) > (void *)(long)ctx->data)
		return false;
	__builtin_memset(mark, 0, sizeof(*mark));
	mark->magic = magic;
	__builtin_memcpy(mark->magic_again, &magic, sizeof(magic));
	return true;
}

/* Turns the packet into a RST, in place. */
static __always_inline int xdp_reset(struct xdp_md *ctx, struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	int shrink = (int)(p->l4 + sizeof(struct tcphdr)) - (int)bpf_xdp_get_buff_len(ctx);

	reset_make(s, IMTC_RESET_ONWARD, IMTC_CHECKSUM_WHOLE);
	if (bpf_xdp_adjust_tail(ctx, shrink))
		return XDP_DROP;
	if (p->family == 4 ? bpf_xdp_store_bytes(ctx, p->l3, s->new_ip, sizeof(struct iphdr)) :
			     bpf_xdp_store_bytes(ctx, p->l3, s->new_ip, sizeof(struct ipv6hdr)))
		return XDP_DROP;
	if (bpf_xdp_store_bytes(ctx, p->l4, s->transport, sizeof(struct tcphdr)))
		return XDP_DROP;
	return XDP_PASS;
}

static __always_inline int xdp_reject(struct xdp_md *ctx, struct imtc_scratch *s)
{
	if (is_reset(&s->packet) || (!s->packet.is_inner && xdp_mark(ctx)))
		return XDP_PASS;
	if (may_reset(&s->packet) && xdp_reset(ctx, s) == XDP_PASS)
		return XDP_PASS;
	count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return XDP_DROP;
}

static __always_inline int xdp_redirect(struct xdp_md *ctx)
{
	if (xdp_mark(ctx))
		return XDP_PASS;
	count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return XDP_DROP;
}

/* The verdict, carried out. Returns enum xdp_action. */
IMTC_GLOBAL int xdp_end(struct xdp_md *ctx)
{
	struct imtc_scratch *s = imtc_scratch(IMTC_HOOK_XDP);
	u32 argument = 0;

	if (!s)
		return XDP_PASS;
	switch (slow_end(ctx, IMTC_CONTEXT_XDP, s, &argument)) {
	case IMTC_VERDICT_DROP:
	case IMTC_VERDICT_ASK:
		return XDP_DROP;
	case IMTC_VERDICT_REJECT:
		return xdp_reject(ctx, s);
	case IMTC_VERDICT_REDIRECT:
		return xdp_redirect(ctx);
	case IMTC_VERDICT_MIRROR:
	case IMTC_VERDICT_MARK:
		/* XDP can do neither; the packet passes in any case. */
		if (!xdp_mark(ctx))
			count_outcome(IMTC_OUTCOME_ACT_FAILED);
		return XDP_PASS;
	case IMTC_VERDICT_SCRUB:
		/* Checksums that are not complete are told at tc alone; without it, none goes on. */
		return xdp_mark(ctx) ? XDP_PASS : xdp_reject(ctx, s);
	}
	return XDP_PASS;
}

IMTC_GLOBAL int xdp_slow(struct xdp_md *ctx)
{
	struct imtc_scratch *s = imtc_scratch(IMTC_HOOK_XDP);
	int stage;

	if (!s)
		return XDP_PASS;
	stage = slow_begin(ctx, IMTC_CONTEXT_XDP, IMTC_HOOK_XDP, s);
	if (stage == STAGE_NO_FLOW)
		return XDP_PASS;
	if (stage < STAGE_MAX) {
		bpf_tail_call(ctx, &stages_xdp, stage);
		count_outcome(IMTC_OUTCOME_STAGE_LOST);
	}
	return xdp_end(ctx);
}

static __always_inline int xdp_stage(struct xdp_md *ctx, const enum slow_stage stage)
{
	struct imtc_scratch *s = imtc_scratch(IMTC_HOOK_XDP);

	if (!s)
		return XDP_PASS;
	slow_inspect(ctx, IMTC_CONTEXT_XDP, s, stage);
	return xdp_end(ctx);
}

SEC("xdp.frags")
int imtc_xdp_tcp(struct xdp_md *ctx)
{
	return xdp_stage(ctx, STAGE_TCP);
}

SEC("xdp.frags")
int imtc_xdp_udp(struct xdp_md *ctx)
{
	return xdp_stage(ctx, STAGE_UDP);
}

SEC("xdp.frags")
int imtc_xdp(struct xdp_md *ctx)
{
	struct imtc_fast fast = {
		.ctx = ctx,
		.end = (void *)(long)ctx->data_end,
		.hook = IMTC_HOOK_XDP,
		.pass = XDP_PASS,
		.drop = XDP_DROP,
	};

	return fast_run((void *)(long)ctx->data, &fast);
}

#endif /* IMTC_BPF_XDP_H */
