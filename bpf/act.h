/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carrying out a verdict, what both kinds of hook share: the headers of a RST,
 * made in the scratch. The hooks put them into the packet.
 */
#ifndef IMTC_BPF_ACT_H
#define IMTC_BPF_ACT_H

#include "verdict.h"

#define IMTC_TTL 64

/* Is the checksum in the packet whole, or only the pseudo-header's sum, as the
 * sending stack leaves it to the device (CHECKSUM_PARTIAL)? */
enum imtc_checksum {
	IMTC_CHECKSUM_WHOLE,
	IMTC_CHECKSUM_PARTIAL,
};

static __always_inline u32 csum_fold_once(u32 sum)
{
	return (sum & 0xffff) + (sum >> 16);
}

/* Sixteen bits, not complemented. */
static __always_inline u16 csum_fold(u32 sum)
{
	return csum_fold_once(csum_fold_once(sum));
}

/* The pseudo-header's sum (RFC 9293 3.1, RFC 8200 8.1). ::ffff: adds nothing. */
static __always_inline u32 csum_pseudo(struct imtc_scratch *s, const u64 from[2], const u64 to[2],
				       u32 len, u8 protocol)
{
	__builtin_memcpy(&s->pseudo[0], from, 16);
	__builtin_memcpy(&s->pseudo[4], to, 16);
	s->pseudo[8] = bpf_htonl(len);
	s->pseudo[9] = bpf_htonl(protocol);
	return bpf_csum_diff(NULL, 0, s->pseudo, sizeof(s->pseudo), 0);
}

/* Is the packet a reset of the flow that is rejected? Those go on. */
static __always_inline bool is_reset(const struct imtc_packet *p)
{
	return p->protocol == IPPROTO_TCP && p->tcp_flags & TCP_RST;
}

enum imtc_reset {
	IMTC_RESET_ONWARD,	/* in the packet's place, to its receiver */
	IMTC_RESET_BACK,	/* to its sender */
};

/* Sequence numbers that the packet takes up (RFC 9293 3.4). */
static __always_inline u32 sequence_len(const struct imtc_packet *p)
{
	return p->payload_len + !!(p->tcp_flags & TCP_FIN) + !!(p->tcp_flags & TCP_SYN);
}

/*
 * The TCP header. Onward it has the packet's own numbers, which its receiver
 * expects next; back those that the packet acknowledges. A receiver takes no
 * other (RFC 5961 3.2).
 */
static __always_inline void reset_transport(struct imtc_scratch *s, const enum imtc_reset which,
					    const enum imtc_checksum kind)
{
	struct imtc_packet *p = &s->packet;
	struct tcphdr *tcp = (struct tcphdr *)s->transport;
	const bool back = which == IMTC_RESET_BACK;
	bool has_ack = p->tcp_flags & TCP_ACK;
	u32 sum;

	__builtin_memset(s->transport, 0, sizeof(s->transport));
	tcp->source = back ? p->destination_port : p->source_port;
	tcp->dest = back ? p->source_port : p->destination_port;
	if (back) {
		tcp->seq = has_ack ? bpf_htonl(p->ack) : 0;
		tcp->ack_seq = bpf_htonl(p->seq + sequence_len(p));
	} else {
		tcp->seq = bpf_htonl(p->seq);
		tcp->ack_seq = has_ack ? bpf_htonl(p->ack) : 0;
	}
	tcp->doff = sizeof(*tcp) / 4;
	tcp->rst = 1;
	tcp->ack = back || has_ack;
	sum = csum_pseudo(s, back ? p->destination : p->source, back ? p->source : p->destination,
			  sizeof(*tcp), IPPROTO_TCP);
	if (kind == IMTC_CHECKSUM_WHOLE) {
		sum = bpf_csum_diff(NULL, 0, s->transport, sizeof(s->transport), csum_fold(sum));
		tcp->check = ~csum_fold(sum);
	} else {
		tcp->check = csum_fold(sum);
	}
}

/* The first 20 bytes of the IPv4 header, from s->old_ip to s->new_ip; options stay. */
static __always_inline void reset_ip4(struct imtc_scratch *s, const enum imtc_reset which)
{
	struct imtc_packet *p = &s->packet;
	struct iphdr *old = (struct iphdr *)s->old_ip, *ip = (struct iphdr *)s->new_ip;
	u16 check = old->check;
	u32 sum;

	*ip = *old;
	ip->tot_len = bpf_htons(p->l4 - p->l3 + sizeof(struct tcphdr));
	if (which == IMTC_RESET_BACK) {
		ip->saddr = old->daddr;
		ip->daddr = old->saddr;
		ip->ttl = IMTC_TTL;
	}
	/* Incremental (RFC 1624), for the options are not here. */
	old->check = ip->check = 0;
	sum = bpf_csum_diff(s->old_ip, sizeof(*ip), s->new_ip, sizeof(*ip), (u16)~check);
	old->check = check;
	ip->check = ~csum_fold(sum);
}

static __always_inline void reset_ip6(struct imtc_scratch *s, const enum imtc_reset which)
{
	struct imtc_packet *p = &s->packet;
	struct ipv6hdr *old = (struct ipv6hdr *)s->old_ip, *ip = (struct ipv6hdr *)s->new_ip;

	*ip = *old;
	ip->payload_len = bpf_htons(p->l4 - p->l3 - sizeof(*ip) + sizeof(struct tcphdr));
	if (which == IMTC_RESET_BACK) {
		ip->saddr = old->daddr;
		ip->daddr = old->saddr;
		ip->hop_limit = IMTC_TTL;
	}
}

/*
 * Makes the headers of a reset in s->new_ip and s->transport. s->old_ip is the
 * packet's, as parse() left it.
 */
static __always_inline void reset_make(struct imtc_scratch *s, const enum imtc_reset which,
				       const enum imtc_checksum kind)
{
	if (s->packet.family == 4)
		reset_ip4(s, which);
	else
		reset_ip6(s, which);
	reset_transport(s, which, kind);
}

/* May a RST stand in the packet's place? Not in a fragment's, nor inside a tunnel. */
static __always_inline bool may_reset(const struct imtc_packet *p)
{
	return p->protocol == IPPROTO_TCP && p->fragment == IMTC_FRAGMENT_NONE && !p->is_inner;
}

#endif /* IMTC_BPF_ACT_H */
