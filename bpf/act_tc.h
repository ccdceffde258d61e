/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts at tc, where packets can be copied and sent elsewhere: a RST to both
 * ends, an ICMP error to the sender, another device.
 *
 * Checksums. A packet of this host may still have a checksum that only the
 * device (or the kernel on its way there) completes: CHECKSUM_PARTIAL. The skb
 * stays so whatever is written into it, so the field must get the unfinished
 * sum then, and the whole one otherwise.
 */
#ifndef IMTC_BPF_ACT_TC_H
#define IMTC_BPF_ACT_TC_H

#include <linux/pkt_cls.h>

#include "act_scrub.h"

/*
 * bpf_l4_csum_replace() without BPF_F_PSEUDO_HDR leaves the field of a partial
 * checksum alone, for the payload's share is not in it. Costs the field's
 * content: it is made anew by all callers.
 */
static __always_inline enum imtc_checksum checksum_kind(struct __sk_buff *skb, u32 at)
{
	u16 before = 0, after = 0;

	bpf_skb_load_bytes(skb, at, &before, sizeof(before));
	if (bpf_l4_csum_replace(skb, at, 0, 1, sizeof(before)))
		return IMTC_CHECKSUM_WHOLE;
	bpf_skb_load_bytes(skb, at, &after, sizeof(after));
	return before == after ? IMTC_CHECKSUM_PARTIAL : IMTC_CHECKSUM_WHOLE;
}

/* Swaps the Ethernet addresses: the packet turns round. */
static __always_inline long swap_mac(struct __sk_buff *skb, struct imtc_scratch *s)
{
	if (!s->packet.has_mac)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, s->mac, ETH_ALEN) ||
	    bpf_skb_load_bytes(skb, ETH_ALEN, s->mac + 8, ETH_ALEN))
		return -1;
	return bpf_skb_store_bytes(skb, 0, s->mac + 8, ETH_ALEN, 0) ||
	       bpf_skb_store_bytes(skb, ETH_ALEN, s->mac, ETH_ALEN, 0);
}

static __always_inline long store_ip(struct __sk_buff *skb, struct imtc_scratch *s)
{
	if (s->packet.family == 4)
		return bpf_skb_store_bytes(skb, s->packet.l3, s->new_ip, sizeof(struct iphdr),
					   BPF_F_RECOMPUTE_CSUM);
	return bpf_skb_store_bytes(skb, s->packet.l3, s->new_ip, sizeof(struct ipv6hdr),
				   BPF_F_RECOMPUTE_CSUM);
}

/* Back where the packet came from: out of the device, or up from it. */
static __always_inline u64 back_flags(const struct imtc_packet *p)
{
	return p->hook == IMTC_HOOK_TC_EGRESS ? BPF_F_INGRESS : 0;
}

static __always_inline int act_failed(void)
{
	count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return TC_ACT_SHOT;
}

/* --- TCP ----------------------------------------------------------------------- */

static __always_inline long reset_store(struct __sk_buff *skb, struct imtc_scratch *s,
					const enum imtc_reset which, enum imtc_checksum kind)
{
	if (kind == IMTC_CHECKSUM_PARTIAL)
		reset_make(s, which, IMTC_CHECKSUM_PARTIAL);
	else
		reset_make(s, which, IMTC_CHECKSUM_WHOLE);
	return store_ip(skb, s) ||
	       bpf_skb_store_bytes(skb, s->packet.l4, s->transport, sizeof(struct tcphdr),
				   BPF_F_RECOMPUTE_CSUM);
}

/* A RST onward alone; none back. */
static __always_inline int reset_onward(struct __sk_buff *skb, struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	enum imtc_checksum kind;

	if (!may_reset(p))
		return act_failed();
	kind = checksum_kind(skb, p->l4 + offsetof(struct tcphdr, check));
	if (bpf_skb_change_tail(skb, p->l4 + sizeof(struct tcphdr), 0) ||
	    reset_store(skb, s, IMTC_RESET_ONWARD, kind))
		return act_failed();
	return TC_ACT_UNSPEC;
}

/*
 * The packet becomes a RST to its sender, of which a copy is sent back, and
 * then one to its receiver, which goes on.
 */
static __always_inline int reset_both(struct __sk_buff *skb, struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	enum imtc_checksum kind;

	if (!may_reset(p))
		return act_failed();
	kind = checksum_kind(skb, p->l4 + offsetof(struct tcphdr, check));
	/* Also ends GSO: what is left is one segment. */
	if (bpf_skb_change_tail(skb, p->l4 + sizeof(struct tcphdr), 0))
		return act_failed();
	if (reset_store(skb, s, IMTC_RESET_BACK, kind) || swap_mac(skb, s))
		return act_failed();
	if (bpf_clone_redirect(skb, skb->ifindex, back_flags(p)))
		count_outcome(IMTC_OUTCOME_ACT_FAILED);
	if (reset_store(skb, s, IMTC_RESET_ONWARD, kind) || swap_mac(skb, s))
		return act_failed();
	return TC_ACT_UNSPEC;
}

/* --- UDP ----------------------------------------------------------------------- */

/* "Port unreachable" (RFC 792, RFC 4443 3.1); <linux/icmp.h> needs a libc. */
#define ICMP4_TYPE 3
#define ICMP4_CODE 3
#define ICMP6_TYPE 1
#define ICMP6_CODE 4

/*
 * ICMP and ICMPv6 errors begin alike: type, code, checksum, four unused bytes,
 * which receivers ignore. The last two lie where UDP has its checksum.
 */
struct unreachable {
	u8 type;
	u8 code;
	u16 check;
	u16 unused;
	u16 completed;
};

/* To groups and from nowhere no error is sent (RFC 1122 3.2.2, RFC 4443 2.4 e). */
static __always_inline bool may_answer(const struct imtc_packet *p)
{
	const u8 *to = (const u8 *)p->destination, *from = (const u8 *)p->source;

	if (p->fragment != IMTC_FRAGMENT_NONE)
		return false;
	if (p->family == 4)
		return (to[12] & 0xf0) != 0xe0 && *(u32 *)(to + 12) != ~0U &&
		       *(u32 *)(from + 12) && (from[12] & 0xf0) != 0xe0;
	return to[0] != 0xff && from[0] != 0xff && (p->source[0] | p->source[1]);
}

static __always_inline void unreachable_ip(struct imtc_scratch *s, u32 len)
{
	struct imtc_packet *p = &s->packet;

	if (p->family == 4) {
		struct iphdr *old = (struct iphdr *)s->old_ip, *ip = (struct iphdr *)s->new_ip;

		__builtin_memset(ip, 0, sizeof(*ip));
		*(u8 *)ip = IPV4_PLAIN;
		ip->tot_len = bpf_htons(sizeof(*ip) + len);
		ip->ttl = IMTC_TTL;
		ip->protocol = IPPROTO_ICMP;
		ip->saddr = old->daddr;
		ip->daddr = old->saddr;
		ip->check = ~csum_fold(bpf_csum_diff(NULL, 0, s->new_ip, sizeof(*ip), 0));
	} else {
		struct ipv6hdr *old = (struct ipv6hdr *)s->old_ip;
		struct ipv6hdr *ip = (struct ipv6hdr *)s->new_ip;

		__builtin_memset(ip, 0, sizeof(*ip));
		*(u8 *)ip = 0x60;
		ip->payload_len = bpf_htons(len);
		ip->nexthdr = IPPROTO_ICMPV6;
		ip->hop_limit = IMTC_TTL;
		ip->saddr = old->daddr;
		ip->daddr = old->saddr;
	}
}

/*
 * The checksum of s->quote[0 .. len - 1], type and code already in it.
 *
 * Where UDP's was partial, a device may yet complete it: the sum of all, ~(M + F),
 * goes where UDP's checksum was, F being what is there now and M the rest. Or
 * nobody does, on the way up or over a veth. The message is right in both cases:
 * F is the pseudo-header's sum P (IPv4: none), and the checksum makes M + F + P
 * nothing, so that ~(M + F) is P again. Nothing is 0xffff, as devices write it.
 */
static __always_inline void unreachable_check(struct imtc_scratch *s, u32 len,
					      enum imtc_checksum kind)
{
	struct unreachable *icmp = (struct unreachable *)s->quote;
	struct imtc_packet *p = &s->packet;
	u32 sum = 0;

	if (p->family == 6)
		sum = csum_fold(csum_pseudo(s, p->destination, p->source, len, IPPROTO_ICMPV6));
	if (kind == IMTC_CHECKSUM_PARTIAL)
		icmp->completed = sum ? sum : 0xffff;
	/* All of the buffer: the rest is zero. */
	sum = bpf_csum_diff(NULL, 0, (u32 *)s->quote, sizeof(s->quote), sum);
	icmp->check = ~csum_fold(sum);
}

/* The ICMP message in s->quote: header, the IP headers that it is about, ports. */
static __always_inline long unreachable_quote(struct __sk_buff *skb, struct imtc_scratch *s,
					      u32 quoted)
{
	struct unreachable *icmp = (struct unreachable *)s->quote;

	__builtin_memset(s->quote, 0, sizeof(s->quote));
	if (s->packet.family == 4) {
		icmp->type = ICMP4_TYPE;
		icmp->code = ICMP4_CODE;
	} else {
		icmp->type = ICMP6_TYPE;
		icmp->code = ICMP6_CODE;
	}
	quoted = bounded_len(quoted, IMTC_QUOTE_BYTES / 2);
	if (!quoted)
		return -1;
	return bpf_skb_load_bytes(skb, s->packet.l3, s->quote + sizeof(*icmp), quoted);
}

/*
 * Gives the packet its new length. The place where a partial checksum begins
 * cannot be moved: the ICMP header takes that of the UDP header, and the IP
 * header is moved up to it, over its own options.
 */
static __always_inline long unreachable_room(struct __sk_buff *skb, struct imtc_scratch *s,
					     u32 ip_len, u32 len, enum imtc_checksum kind)
{
	struct imtc_packet *p = &s->packet;
	u32 extra = kind == IMTC_CHECKSUM_PARTIAL ? p->l4 - p->l3 - ip_len : 0;

	if (bpf_skb_change_tail(skb, p->l3 + ip_len + len + extra, 0))
		return -1;
	return extra ? bpf_skb_adjust_room(skb, -(s32)extra, BPF_ADJ_ROOM_NET, 0) : 0;
}

/* The packet becomes "port unreachable" to its sender. */
static __always_inline int unreachable(struct __sk_buff *skb, struct imtc_scratch *s)
{
	struct imtc_packet *p = &s->packet;
	u32 ip_len = p->family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	u32 quoted = p->l4 + sizeof(struct udphdr) - p->l3;
	u32 len = sizeof(struct unreachable) + quoted;
	enum imtc_checksum kind;

	if (!may_answer(p))
		return TC_ACT_SHOT;
	/* Quoted as it came: before its checksum is tried. */
	if (unreachable_quote(skb, s, quoted))
		return act_failed();
	kind = checksum_kind(skb, p->l4 + offsetof(struct udphdr, check));
	unreachable_check(s, len, kind);
	unreachable_ip(s, len);
	if (unreachable_room(skb, s, ip_len, len, kind) || store_ip(skb, s))
		return act_failed();
	len = bounded_len(len, IMTC_QUOTE_BYTES);
	if (!len ||
	    bpf_skb_store_bytes(skb, p->l3 + ip_len, s->quote, len, BPF_F_RECOMPUTE_CSUM) ||
	    swap_mac(skb, s))
		return act_failed();
	return bpf_redirect(skb->ifindex, back_flags(p));
}

/* --- mirror and mark -------------------------------------------------------------- */

/*
 * A copy to the device. Not to the one that the packet is on: there it would be
 * judged, and copied, again.
 */
static __always_inline int tc_mirror(struct __sk_buff *skb, u32 device)
{
	if (!device || device == skb->ifindex || bpf_clone_redirect(skb, device, 0))
		count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return TC_ACT_UNSPEC;
}

/*
 * The DSCP in the IP header; the two bits beside it are ECN's (RFC 3168 5). What an
 * IPv4 header's own checksum takes up leaves the packet's sum as it was.
 */
static __always_inline long mark_dscp(struct __sk_buff *skb, struct imtc_scratch *s, u32 dscp)
{
	u32 at = s->packet.l3;
	u16 before, after;

	if (bpf_skb_load_bytes(skb, at, &before, sizeof(before)))
		return -1;
	if (s->packet.family == 4) {
		/* Version and header length, then the field. */
		after = before & bpf_htons(0xff03);
		after |= bpf_htons(dscp << 2);
		return bpf_l3_csum_replace(skb, at + offsetof(struct iphdr, check), before, after,
					   sizeof(before)) ||
		       bpf_skb_store_bytes(skb, at, &after, sizeof(after), 0);
	}
	/* Version, the field, and the first bits of the flow label (RFC 8200 3). */
	after = before & bpf_htons(0xf03f);
	after |= bpf_htons(dscp << 6);
	return bpf_skb_store_bytes(skb, at, &after, sizeof(after), BPF_F_RECOMPUTE_CSUM);
}

IMTC_GLOBAL int tc_mark(struct __sk_buff *skb, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_flow *flow = s ? flow_find(&s->packet) : NULL;
	u32 mask, set;

	if (!flow)
		return TC_ACT_UNSPEC;
	mask = flow->parameters[IMTC_MARK_MASK];
	set = flow->parameters[IMTC_MARK_SET];
	if (mask)
		skb->mark = (skb->mark & ~mask) | (flow->argument & mask);
	if (set & IMTC_MARK_SETS_PRIORITY)
		skb->priority = flow->parameters[IMTC_MARK_PRIORITY];
	if (set & IMTC_MARK_SETS_DSCP && mark_dscp(skb, s, set & IMTC_MARK_DSCP))
		count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return TC_ACT_UNSPEC;
}

/* --- the verdict --------------------------------------------------------------- */

static __always_inline int tc_reject(struct __sk_buff *skb, struct imtc_scratch *s)
{
	if (is_reset(&s->packet))
		return TC_ACT_UNSPEC;
	/* An answer would have to go back through the tunnel, of which only one end is known. */
	if (s->packet.is_inner)
		return act_failed();
	if (s->packet.protocol == IPPROTO_TCP)
		return reset_both(skb, s);
	return unreachable(skb, s);
}

/* Of an Ethernet frame without its header, what can be done. */
static __always_inline int act_headless(struct __sk_buff *skb, struct imtc_scratch *s, u32 verdict,
					u32 argument)
{
	if (verdict == IMTC_VERDICT_REJECT)
		return is_reset(&s->packet) ? TC_ACT_UNSPEC : reset_onward(skb, s);
	if (verdict == IMTC_VERDICT_REDIRECT)
		return act_failed();
	if (verdict == IMTC_VERDICT_SCRUB)
		return tc_scrub(skb, argument, IMTC_HOOK_TC_INGRESS);
	if (verdict == IMTC_VERDICT_MIRROR || verdict == IMTC_VERDICT_MARK)
		count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return verdict == IMTC_VERDICT_DROP || verdict == IMTC_VERDICT_ASK ? TC_ACT_SHOT :
									     TC_ACT_UNSPEC;
}

/*
 * A sender on this host must not be told: TCP takes what is dropped here for a lack of
 * its own host's room, tries again each half a second, and gives up after fifteen times.
 * A packet for a device that is not there is freed, and was sent for all it knows.
 */
static __always_inline int tc_hold(u32 hook)
{
	return hook == IMTC_HOOK_TC_EGRESS ? bpf_redirect(0, 0) : TC_ACT_SHOT;
}

/* Returns TC_ACT_*. The packet's description is in the scratch. */
IMTC_GLOBAL int tc_act(struct __sk_buff *skb, u32 verdict, u32 argument, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);

	if (!s)
		return TC_ACT_UNSPEC;
	switch (verdict) {
	case IMTC_VERDICT_DROP:
		return TC_ACT_SHOT;
	case IMTC_VERDICT_REJECT:
		return tc_reject(skb, s);
	case IMTC_VERDICT_REDIRECT:
		return argument ? bpf_redirect(argument, 0) : act_failed();
	case IMTC_VERDICT_MIRROR:
		return tc_mirror(skb, argument);
	case IMTC_VERDICT_MARK:
		return tc_mark(skb, hook);
	case IMTC_VERDICT_ASK:
		return tc_hold(hook);
	case IMTC_VERDICT_SCRUB:
		return tc_scrub(skb, argument, hook);
	}
	return TC_ACT_UNSPEC;
}

#endif /* IMTC_BPF_ACT_TC_H */
