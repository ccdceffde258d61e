/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a frame of any shape to struct imtc_packet: the link, what is around IP
 * (tunnel.h), IP and its transport (network.h), and the key of the flow. Only
 * parses: knows no flow.
 *
 * The flow is that of the innermost packet. Where that cannot be told - an inner
 * packet that is no TCP or UDP, or does not fit - the one around it is judged as
 * itself.
 */
#ifndef IMTC_BPF_PARSE_H
#define IMTC_BPF_PARSE_H

#include "tunnel.h"

/*
 * The type of what lies at p->l3. tun and WireGuard devices have no Ethernet
 * header; the skb's own protocol tells, where the frame's bytes contradict it.
 */
static __always_inline u16 parse_link(void *ctx, const enum imtc_context kind,
				      struct imtc_packet *p)
{
	struct ethhdr eth;

	if (packet_load(ctx, kind, 0, &eth, sizeof(eth)))
		return 0;
	if (kind == IMTC_CONTEXT_SKB) {
		u16 type = ((struct __sk_buff *)ctx)->protocol;

		if (eth.h_proto != type && !is_vlan(eth.h_proto) &&
		    (type == bpf_htons(ETH_P_IP) || type == bpf_htons(ETH_P_IPV6)))
			return type;
	}
	p->has_mac = 1;
	p->l3 = sizeof(eth);
	return open_tags(ctx, kind, p, eth.h_proto);
}

/* --- one step: global functions, which the verifier checks once for all depths -- */

static __always_inline u32 parse_ip(void *ctx, const enum imtc_context kind,
				    struct imtc_scratch *s, u16 type)
{
	if (type == bpf_htons(ETH_P_IP))
		return parse_ip4(ctx, kind, s);
	if (type == bpf_htons(ETH_P_IPV6))
		return parse_ip6(ctx, kind, s);
	return IMTC_OUTCOME_NOT_IP;
}

/* Parses the IP packet at p->l3, and opens it where it is a tunnel. */
static __always_inline u32 parse_step(void *ctx, const enum imtc_context kind,
				      struct imtc_scratch *s, u32 depth)
{
	struct imtc_packet *p = &s->packet;
	u32 outcome = parse_ip(ctx, kind, s, p->type);

	p->type = 0;
	if (outcome == PARSED && p->depth < depth)
		p->type = tunnel_open(ctx, kind, p);
	return outcome;
}

IMTC_GLOBAL int parse_step_xdp(struct xdp_md *ctx, u32 hook, u32 depth)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	return s ? parse_step(ctx, IMTC_CONTEXT_XDP, s, depth) : IMTC_OUTCOME_MALFORMED;
}

IMTC_GLOBAL int parse_step_skb(struct __sk_buff *ctx, u32 hook, u32 depth)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	return s ? parse_step(ctx, IMTC_CONTEXT_SKB, s, depth) : IMTC_OUTCOME_MALFORMED;
}

/* --- the frame ------------------------------------------------------------------ */

/* The key of both directions, from what has been parsed. */
static __always_inline void parse_key(struct imtc_packet *p, u32 zone)
{
	u32 zone_l4 = zone << 8 | p->protocol;
	const struct address6 *source = (const void *)p->source;
	const struct address6 *destination = (const void *)p->destination;
	u32 from = ((u32 *)p->source)[3], to = ((u32 *)p->destination)[3];

	if (p->family == 4) {
		p->sender = from > to || (from == to && p->source_port > p->destination_port);
		p->key4.addr[p->sender & 1] = from;
		p->key4.addr[!p->sender] = to;
		p->key4.port[p->sender & 1] = p->source_port;
		p->key4.port[!p->sender] = p->destination_port;
		p->key4.zone_l4 = zone_l4;
	} else {
		p->sender = key6_swaps(source, destination, p->source_port,
				       p->destination_port);
		key6_set(&p->key6, p->sender & 1, source, p->source_port);
		key6_set(&p->key6, !p->sender, destination, p->destination_port);
		p->key6.zone_l4 = zone_l4;
	}
}

/* No more than `depth` tunnels deep; p->depth tells how many were opened. */
static __always_inline u32 parse_frame(void *ctx, const enum imtc_context kind, u32 hook,
				       struct imtc_scratch *s, u32 depth)
{
	struct imtc_packet *p = &s->packet;
	u32 outcome = IMTC_OUTCOME_NOT_IP;

	__builtin_memset(p, 0, sizeof(*p));
	p->hook = hook;
	if (kind == IMTC_CONTEXT_XDP) {
		p->ifindex = ((struct xdp_md *)ctx)->ingress_ifindex;
		p->segments = 1;
	} else {
		p->ifindex = ((struct __sk_buff *)ctx)->ifindex;
		p->segments = ((struct __sk_buff *)ctx)->gso_segs ?: 1;
	}
	p->type = parse_link(ctx, kind, p);
	for (int i = 0; i <= IMTC_TUNNELS_MAX && p->type; i++) {
		outcome = kind == IMTC_CONTEXT_XDP ? parse_step_xdp(ctx, hook, depth) :
						     parse_step_skb(ctx, hook, depth);
		if (outcome != PARSED)
			return outcome;
	}
	if (outcome == PARSED)
		outcome = parse_transport(ctx, kind, s);
	p->is_carrier = p->protocol == IPPROTO_UDP && (is_tunnel_port(p->source_port) ||
						       is_tunnel_port(p->destination_port));
	return outcome;
}

IMTC_GLOBAL int parse_frame_xdp(struct xdp_md *ctx, u32 hook, u32 depth)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	return s ? parse_frame(ctx, IMTC_CONTEXT_XDP, hook, s, depth) : IMTC_OUTCOME_MALFORMED;
}

IMTC_GLOBAL int parse_frame_skb(struct __sk_buff *ctx, u32 hook, u32 depth)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	return s ? parse_frame(ctx, IMTC_CONTEXT_SKB, hook, s, depth) : IMTC_OUTCOME_MALFORMED;
}

/* Fills s->packet. PARSED, or the outcome that says why not. */
static __always_inline u32 parse(void *ctx, const enum imtc_context kind, u32 hook,
				 struct imtc_scratch *s)
{
	u32 outcome = IMTC_OUTCOME_MALFORMED, depth = IMTC_TUNNELS_MAX;

	for (int i = 0; i <= IMTC_TUNNELS_MAX; i++) {
		outcome = kind == IMTC_CONTEXT_XDP ? parse_frame_xdp(ctx, hook, depth) :
						     parse_frame_skb(ctx, hook, depth);
		if (outcome == PARSED || !s->packet.depth)
			break;
		/* The tunnel's own packet, then. */
		depth = s->packet.depth - 1;
	}
	if (outcome == PARSED)
		parse_key(&s->packet, zone_of(s->packet.ifindex));
	return outcome;
}

#endif /* IMTC_BPF_PARSE_H */
