/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IP and what it carries, read into struct imtc_packet: IPv4 with options, IPv6
 * with extension headers, fragments, TCP and UDP. Reads through the load helpers,
 * so that it does not matter what part of the packet is linear. Knows neither what
 * is around the IP packet (parse.h) nor a flow.
 */
#ifndef IMTC_BPF_NETWORK_H
#define IMTC_BPF_NETWORK_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "count.h"

/* Answer of a parser that is content; otherwise it is the enum imtc_outcome to count. */
#define PARSED IMTC_OUTCOME_MAX

#define IPPROTO_MOBILITY 135	/* RFC 6275 */
#define IPPROTO_HOST_IDENTITY 139 /* RFC 7401 */
#define IPPROTO_SHIM6 140	/* RFC 5533 */

static __always_inline long packet_load(void *ctx, const enum imtc_context kind, u32 offset,
					void *to, u32 len)
{
	if (kind == IMTC_CONTEXT_XDP)
		return bpf_xdp_load_bytes(ctx, offset, to, len);
	return bpf_skb_load_bytes(ctx, offset, to, len);
}

static __always_inline u32 packet_frame_len(void *ctx, const enum imtc_context kind)
{
	if (kind == IMTC_CONTEXT_XDP)
		return bpf_xdp_get_buff_len(ctx);
	return ((struct __sk_buff *)ctx)->len;
}

static __always_inline u64 mapped_low(u32 address)
{
	u32 words[2] = { bpf_htonl(0xffff), address };
	u64 low;

	__builtin_memcpy(&low, words, sizeof(low));
	return low;
}

/*
 * A fragment as reassembly tells it: remembered with its ports when it is the
 * first, found again when it is a later one.
 */
static __always_inline void fragment_key(struct imtc_scratch *s, u32 id)
{
	struct imtc_packet *p = &s->packet;
	struct imtc_fragment_key *key = &s->fragment_key;

	__builtin_memcpy(key->source, p->source, sizeof(key->source));
	__builtin_memcpy(key->destination, p->destination, sizeof(key->destination));
	key->id = id;
	key->zone_l4 = p->ifindex << 8 | p->protocol;
}

static __always_inline u32 parse_ip4(void *ctx, const enum imtc_context kind,
				     struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	struct iphdr *ip = (struct iphdr *)s->old_ip;
	u32 header, fragment;

	if (packet_load(ctx, kind, p->l3, ip, sizeof(*ip)))
		return IMTC_OUTCOME_MALFORMED;
	header = ip->ihl * 4;
	/* Without a length: longer than it can say (GSO). */
	p->bytes = ip->tot_len ? bpf_ntohs(ip->tot_len) :
				 packet_frame_len(ctx, kind) - p->l3;
	if (ip->version != 4 || header < sizeof(*ip) || p->bytes < header ||
	    p->l3 + p->bytes > packet_frame_len(ctx, kind))
		return IMTC_OUTCOME_MALFORMED;
	p->family = 4;
	p->protocol = ip->protocol;
	p->source[0] = p->destination[0] = 0;
	p->source[1] = mapped_low(ip->saddr);
	p->destination[1] = mapped_low(ip->daddr);
	p->l4 = p->l3 + header;
	fragment = bpf_ntohs(ip->frag_off) & IPV4_FRAGMENT_MASK;
	if (fragment) {
		p->fragment = fragment & ~IPV4_MORE ? IMTC_FRAGMENT_LATER : IMTC_FRAGMENT_FIRST;
		fragment_key(s, ip->id);
	}
	return PARSED;
}

/* Bytes of an extension header, 0: this is none. */
static __always_inline u32 extension_len(u8 type, u8 units)
{
	switch (type) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
	case IPPROTO_MOBILITY:
	case IPPROTO_HOST_IDENTITY:
	case IPPROTO_SHIM6:
		return (units + 1) * 8;
	case IPPROTO_FRAGMENT:
		return 8;
	case IPPROTO_AH:
		return (units + 2) * 4;
	}
	return 0;
}

/* Walks the extension headers from p->l4 on; p->protocol is the first's type. */
static __always_inline u32 parse_extensions(void *ctx, const enum imtc_context kind,
					    struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	u32 words[2], len;
	u8 *header = (u8 *)words;

	for (int i = 0; i < IMTC_EXTENSIONS_MAX; i++) {
		if (!extension_len(p->protocol, 0))
			return PARSED;
		if (packet_load(ctx, kind, p->l4, words, sizeof(words)))
			return IMTC_OUTCOME_MALFORMED;
		len = extension_len(p->protocol, header[1]);
		if (p->protocol == IPPROTO_FRAGMENT) {
			u16 offset = header[2] << 8 | header[3];

			p->protocol = header[0];
			if (offset & 0xfff8)
				p->fragment = IMTC_FRAGMENT_LATER;
			else if (offset & 1)
				p->fragment = IMTC_FRAGMENT_FIRST;
			if (p->fragment)
				fragment_key(s, words[1]);
			/* What follows in a later fragment is not a header. */
			if (p->fragment == IMTC_FRAGMENT_LATER)
				return PARSED;
		} else {
			p->protocol = header[0];
		}
		p->l4 += len;
	}
	return IMTC_OUTCOME_MALFORMED;
}

static __always_inline u32 parse_ip6(void *ctx, const enum imtc_context kind,
				     struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	struct ipv6hdr *ip = (struct ipv6hdr *)s->old_ip;

	if (packet_load(ctx, kind, p->l3, ip, sizeof(*ip)))
		return IMTC_OUTCOME_MALFORMED;
	p->bytes = ip->payload_len ? sizeof(*ip) + bpf_ntohs(ip->payload_len) :
				     packet_frame_len(ctx, kind) - p->l3;
	if (ip->version != 6 || p->l3 + p->bytes > packet_frame_len(ctx, kind))
		return IMTC_OUTCOME_MALFORMED;
	p->family = 6;
	p->protocol = ip->nexthdr;
	__builtin_memcpy(p->source, &ip->saddr, sizeof(p->source));
	__builtin_memcpy(p->destination, &ip->daddr, sizeof(p->destination));
	p->l4 = p->l3 + sizeof(*ip);
	return parse_extensions(ctx, kind, s);
}

static __always_inline u32 parse_tcp(void *ctx, const enum imtc_context kind,
				     struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	struct tcphdr *tcp = (struct tcphdr *)s->transport;

	if (packet_load(ctx, kind, p->l4, tcp, sizeof(*tcp)) || tcp->doff < 5)
		return IMTC_OUTCOME_MALFORMED;
	p->source_port = tcp->source;
	p->destination_port = tcp->dest;
	p->payload = p->l4 + tcp->doff * 4;
	p->seq = bpf_ntohl(tcp->seq);
	p->ack = bpf_ntohl(tcp->ack_seq);
	p->tcp_flags = ((u8 *)tcp)[TCP_FLAGS_AT];
	return PARSED;
}

static __always_inline u32 parse_udp(void *ctx, const enum imtc_context kind,
				     struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	struct udphdr *udp = (struct udphdr *)s->transport;

	if (packet_load(ctx, kind, p->l4, udp, sizeof(*udp)))
		return IMTC_OUTCOME_MALFORMED;
	p->source_port = udp->source;
	p->destination_port = udp->dest;
	p->payload = p->l4 + sizeof(*udp);
	return PARSED;
}

/* A later fragment has the ports of its first. */
static __always_inline u32 parse_later_fragment(struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	u32 *ports = bpf_map_lookup_elem(&fragments, &s->fragment_key);
	u16 both[2];

	if (!ports)
		return IMTC_OUTCOME_FRAGMENT;
	__builtin_memcpy(both, ports, sizeof(both));
	p->source_port = both[0];
	p->destination_port = both[1];
	p->payload = p->l3 + p->bytes;
	return PARSED;
}

static __always_inline void remember_fragment(struct imtc_scratch *s)
{
	u16 both[2] = { s->packet.source_port, s->packet.destination_port };

	__builtin_memcpy(&s->fragment_ports, both, sizeof(both));
	bpf_map_update_elem(&fragments, &s->fragment_key, &s->fragment_ports, BPF_ANY);
}

static __always_inline u32 parse_transport(void *ctx, const enum imtc_context kind,
					   struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	u32 outcome;

	if (p->protocol != IPPROTO_TCP && p->protocol != IPPROTO_UDP)
		return IMTC_OUTCOME_NOT_L4;
	if (p->fragment == IMTC_FRAGMENT_LATER)
		return parse_later_fragment(s);
	outcome = p->protocol == IPPROTO_TCP ? parse_tcp(ctx, kind, s) : parse_udp(ctx, kind, s);
	if (outcome != PARSED)
		return outcome;
	if (p->payload > p->l3 + p->bytes)
		return IMTC_OUTCOME_MALFORMED;
	p->payload_len = p->l3 + p->bytes - p->payload;
	p->data = p->payload;
	p->take = p->payload_len;
	/* Payload of a SYN begins behind it (RFC 7413). */
	p->data_seq = p->seq + !!(p->tcp_flags & TCP_SYN);
	if (p->fragment == IMTC_FRAGMENT_FIRST)
		remember_fragment(s);
	return PARSED;
}

#endif /* IMTC_BPF_NETWORK_H */
