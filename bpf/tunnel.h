/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands around an IP packet: Ethernet with its tags, PPPoE and MPLS below
 * it, and the tunnels that carry IP in IP: GRE, IP in IP, VXLAN, GENEVE, GTP-U.
 * Each opener moves p->l3 to what is inside and says what it is, an Ethernet type
 * in network byte order; 0: nothing that can be looked into.
 *
 * A tunnel over UDP has no mark but its port. So a flow with such a port is never
 * taken for "not IM" (flow_gives_up()): the fast path would then pass all that the
 * tunnel carries.
 */
#ifndef IMTC_BPF_TUNNEL_H
#define IMTC_BPF_TUNNEL_H

#include "network.h"

#define ETHERTYPE_PPPOE 0x8864		/* session stage, RFC 2516 4 */
#define ETHERTYPE_MPLS 0x8847		/* RFC 3032 5 */
#define PPPOE_VERSION_TYPE 0x11
#define PPP_IP4 0x0021			/* RFC 1332 2 */
#define PPP_IP6 0x0057			/* RFC 5072 3 */

#define VXLAN_PORT 4789			/* RFC 7348 8 */
#define GENEVE_PORT 6081		/* RFC 8926 3.3 */
#define GTPU_PORT 2152			/* 3GPP TS 29.281 4.4.2 */

/* --- below IP ------------------------------------------------------------------ */

static __always_inline bool is_vlan(u16 type)
{
	return type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD);
}

/* Labels do not say what they are in front of: IP is told by its version (RFC 4928 2). */
static __always_inline u16 ip_type(u8 first)
{
	if (first >> 4 == 4)
		return bpf_htons(ETH_P_IP);
	return first >> 4 == 6 ? bpf_htons(ETH_P_IPV6) : 0;
}

/* A label is four bytes, the last one has the bit S (RFC 3032 2.1). */
static __always_inline u16 open_mpls(void *ctx, const enum imtc_context kind,
				     struct imtc_packet *p)
{
	u8 label[4] = {}, first;

	for (int i = 0; i < IMTC_MPLS_LABELS_MAX && !(label[2] & 1); i++) {
		if (packet_load(ctx, kind, p->l3, label, sizeof(label)))
			return 0;
		p->l3 += sizeof(label);
	}
	if (!(label[2] & 1) || packet_load(ctx, kind, p->l3, &first, sizeof(first)))
		return 0;
	p->is_inner = 1;
	return ip_type(first);
}

/* Version and type, code 0, session, length (RFC 2516 4), then PPP's protocol. */
static __always_inline u16 open_pppoe(void *ctx, const enum imtc_context kind,
				      struct imtc_packet *p)
{
	u8 head[8];

	if (packet_load(ctx, kind, p->l3, head, sizeof(head)) || head[0] != PPPOE_VERSION_TYPE ||
	    head[1])
		return 0;
	p->l3 += sizeof(head);
	p->is_inner = 1;
	p->via |= IMTC_LAYER_PPPOE;
	switch (head[6] << 8 | head[7]) {
	case PPP_IP4:
		return bpf_htons(ETH_P_IP);
	case PPP_IP6:
		return bpf_htons(ETH_P_IPV6);
	}
	return 0;
}

/* What follows the Ethernet type at p->l3: tags, then IP or what leads to it. */
static __always_inline u16 open_tags(void *ctx, const enum imtc_context kind,
				     struct imtc_packet *p, u16 type)
{
	u16 tag[2];

	for (int i = 0; i < IMTC_VLAN_TAGS_MAX && is_vlan(type); i++) {
		if (packet_load(ctx, kind, p->l3, tag, sizeof(tag)))
			return 0;
		type = tag[1];
		p->l3 += sizeof(tag);
	}
	if (type == bpf_htons(ETHERTYPE_PPPOE))
		return open_pppoe(ctx, kind, p);
	if (type == bpf_htons(ETHERTYPE_MPLS))
		return open_mpls(ctx, kind, p);
	return type;
}

static __always_inline u16 open_ethernet(void *ctx, const enum imtc_context kind,
					 struct imtc_packet *p)
{
	struct ethhdr eth;

	if (packet_load(ctx, kind, p->l3, &eth, sizeof(eth)))
		return 0;
	p->l3 += sizeof(eth);
	return open_tags(ctx, kind, p, eth.h_proto);
}

/* By the Ethernet type that GRE and GENEVE name. */
static __always_inline u16 open_type(void *ctx, const enum imtc_context kind,
				     struct imtc_packet *p, u16 type)
{
	return type == bpf_htons(ETH_P_TEB) ? open_ethernet(ctx, kind, p) : type;
}

/* --- IP in IP ------------------------------------------------------------------ */

/* RFC 2784 2.1, RFC 2890 2. */
#define GRE_CHECKSUM 0x8000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
/* Routing (RFC 1701), bits 4 and 5, version: receivers discard them (RFC 2784 2.3). */
#define GRE_REFUSED 0x4c07

static __always_inline u16 open_gre(void *ctx, const enum imtc_context kind,
				    struct imtc_packet *p)
{
	u16 head[2], flags;

	if (packet_load(ctx, kind, p->l4, head, sizeof(head)))
		return 0;
	flags = bpf_ntohs(head[0]);
	if (flags & GRE_REFUSED)
		return 0;
	p->l3 = p->l4 + sizeof(head) + (flags & GRE_CHECKSUM ? 4 : 0) +
		(flags & GRE_KEY ? 4 : 0) + (flags & GRE_SEQUENCE ? 4 : 0);
	p->via |= IMTC_LAYER_GRE;
	return open_type(ctx, kind, p, head[1]);
}

/* The flag I, reserved bits that receivers ignore, the network's number (RFC 7348 5). */
static __always_inline u16 open_vxlan(void *ctx, const enum imtc_context kind,
				      struct imtc_packet *p, u32 at)
{
	u8 head[8];

	if (packet_load(ctx, kind, at, head, sizeof(head)) || !(head[0] & 0x08))
		return 0;
	p->l3 = at + sizeof(head);
	p->via |= IMTC_LAYER_VXLAN;
	return open_ethernet(ctx, kind, p);
}

/* Version and length of the options, flags, Ethernet type (RFC 8926 3.4). */
static __always_inline u16 open_geneve(void *ctx, const enum imtc_context kind,
				       struct imtc_packet *p, u32 at)
{
	u16 head[4];
	u8 *bytes = (u8 *)head;

	/* O: a control message, which is no packet. */
	if (packet_load(ctx, kind, at, head, sizeof(head)) || bytes[0] & 0xc0 || bytes[1] & 0x80)
		return 0;
	p->l3 = at + sizeof(head) + (bytes[0] & 0x3f) * 4;
	p->via |= IMTC_LAYER_GENEVE;
	return open_type(ctx, kind, p, head[1]);
}

/* 3GPP TS 29.281 5.1: version 1, GTP and not GTP'; E, S, PN; G-PDU. */
#define GTPU_VERSION 0x30
#define GTPU_VERSION_MASK 0xf0
#define GTPU_OPTIONAL 0x07
#define GTPU_EXTENSION 0x04
#define GTPU_PDU 0xff

/* Extension headers: length in words, content, type of the next (TS 29.281 5.2.1). */
static __always_inline u32 gtpu_extensions(void *ctx, const enum imtc_context kind, u32 at,
					   u8 next)
{
	u8 words;

	for (int i = 0; i < IMTC_GTPU_EXTENSIONS_MAX && next; i++) {
		if (packet_load(ctx, kind, at, &words, sizeof(words)) || !words)
			return 0;
		at += words * 4;
		if (packet_load(ctx, kind, at - 1, &next, sizeof(next)))
			return 0;
	}
	return next ? 0 : at;
}

static __always_inline u16 open_gtpu(void *ctx, const enum imtc_context kind,
				     struct imtc_packet *p, u32 at)
{
	u8 head[8], more[4], first;

	if (packet_load(ctx, kind, at, head, sizeof(head)) ||
	    (head[0] & GTPU_VERSION_MASK) != GTPU_VERSION || head[1] != GTPU_PDU)
		return 0;
	at += sizeof(head);
	if (head[0] & GTPU_OPTIONAL) {
		if (packet_load(ctx, kind, at, more, sizeof(more)))
			return 0;
		at += sizeof(more);
		if (head[0] & GTPU_EXTENSION)
			at = gtpu_extensions(ctx, kind, at, more[3]);
	}
	if (!at || packet_load(ctx, kind, at, &first, sizeof(first)))
		return 0;
	p->l3 = at;
	p->via |= IMTC_LAYER_GTP;
	return ip_type(first);
}

static __always_inline bool is_tunnel_port(u16 port)
{
	return port == bpf_htons(VXLAN_PORT) || port == bpf_htons(GENEVE_PORT) ||
	       port == bpf_htons(GTPU_PORT);
}

static __always_inline u16 open_udp(void *ctx, const enum imtc_context kind,
				    struct imtc_packet *p)
{
	u32 at = p->l4 + sizeof(struct udphdr);
	u16 ports[2];

	if (packet_load(ctx, kind, p->l4, ports, sizeof(ports)))
		return 0;
	switch (bpf_ntohs(ports[1])) {
	case VXLAN_PORT:
		return open_vxlan(ctx, kind, p, at);
	case GENEVE_PORT:
		return open_geneve(ctx, kind, p, at);
	case GTPU_PORT:
		return open_gtpu(ctx, kind, p, at);
	}
	return 0;
}

static __always_inline u16 open_protocol(void *ctx, const enum imtc_context kind,
					 struct imtc_packet *p)
{
	switch (p->protocol) {
	case IPPROTO_UDP:
		return open_udp(ctx, kind, p);
	case IPPROTO_GRE:
		return open_gre(ctx, kind, p);
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		p->l3 = p->l4;
		p->via |= IMTC_LAYER_IPIP;
		return p->protocol == IPPROTO_IPIP ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);
	}
	return 0;
}

/*
 * Opens the tunnel that the IP packet in hand is; 0 and the packet as it was,
 * where it is none. Fragments are not opened: what is inside is not whole.
 */
static __always_inline u16 tunnel_open(void *ctx, const enum imtc_context kind,
				       struct imtc_packet *p)
{
	u32 l3 = p->l3;
	u16 via = p->via, type;
	u8 is_inner = p->is_inner;

	if (p->fragment)
		return 0;
	type = open_protocol(ctx, kind, p);
	if (!type) {
		p->l3 = l3;
		p->via = via;
		p->is_inner = is_inner;
		return 0;
	}
	p->depth++;
	p->is_inner = 1;
	return type;
}

#endif /* IMTC_BPF_TUNNEL_H */
