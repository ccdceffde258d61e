/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decided path, which nearly all packets take: plain headers, one look-up,
 * compare the epoch, count, act. Whatever is not plain, not known or not
 * settled goes the slow way and is parsed again there.
 *
 * Each instruction here is paid for every packet: the two orders of the key have
 * their own copy of what follows, one compare stands for several, and what is not
 * needed yet is not read yet, for it would take another's register.
 */
#ifndef IMTC_BPF_FAST_H
#define IMTC_BPF_FAST_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "count.h"
#include "ident.h"

#define IPV4_PLAIN 0x45			/* version 4, no options */
#define IPV4_FRAGMENT_MASK 0x3fff	/* more fragments, offset */
#define IPV4_MORE 0x2000
#define TCP_FLAGS_AT 13
/* Bytes of the transport header that are looked at: as far as TCP's flags. */
#define FAST_TRANSPORT_BYTES (TCP_FLAGS_AT + 1)

/* What a settled flow's state and flags are, in one load and one compare. */
struct imtc_settled {
	u8 state;
	u8 verdict;
	u8 flags;
	u8 reason;
};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SETTLED_WORD(state, verdict, flags) ((state) | (verdict) << 8 | (flags) << 16)
#else
#define SETTLED_WORD(state, verdict, flags) \
	((u32)(state) << 24 | (verdict) << 16 | (flags) << 8)
#endif
#define SETTLED_MASK SETTLED_WORD(0xff, 0xff, IMTC_FLOW_AGAIN)
#define SETTLED_PASS SETTLED_WORD(IMTC_FLOW_DECIDED, IMTC_VERDICT_PASS, 0)
#define SETTLED_DROP SETTLED_WORD(IMTC_FLOW_DECIDED, IMTC_VERDICT_DROP, 0)

struct imtc_fast {
	void *ctx;
	const void *end;	/* of the packet */
	/* Constants of the hook. */
	u32 hook;		/* enum imtc_hook */
	int pass;		/* its answers */
	int drop;
};

int xdp_slow(struct xdp_md *ctx);
int tc_slow(struct __sk_buff *skb, u32 hook);

/*
 * The slow way, from where it turns out to be needed: were it told by an answer, each packet
 * would pay for looking at that.
 */
static __always_inline int fast_slow(const struct imtc_fast *fast)
{
	return fast->hook == IMTC_HOOK_XDP ? xdp_slow(fast->ctx) : tc_slow(fast->ctx, fast->hook);
}

/* A packet no longer than any host takes (RFC 791 3.1) is one segment. */
#define FAST_GSO_MIN_BYTES 576

static __noinline u32 zone_of(u32 ifindex)
{
	u32 *zone = bpf_map_lookup_elem(&zones, &ifindex);

	return zone ? *zone : ifindex;
}

/* As __sync_fetch_and_add(), for which the compiler copies what is added. */
static __always_inline void fast_add(struct imtc_flow *flow, const u32 offset, u64 n)
{
	asm volatile("lock *(u64 *)(%0 + %1) += %2" : : "r"(flow), "i"(offset), "r"(n) : "memory");
}

/* count_packet() of a sender that is known when this is compiled. */
static __always_inline void fast_count(struct imtc_flow *flow, const struct imtc_fast *fast,
				       const u32 sender, u64 bytes)
{
	u32 segments = 1;

	if (fast->hook != IMTC_HOOK_XDP && bytes > FAST_GSO_MIN_BYTES)
		segments = ((struct __sk_buff *)fast->ctx)->gso_segs ?: 1;
	fast_add(flow, offsetof(struct imtc_flow, packets) + sender * sizeof(u64), segments);
	fast_add(flow, offsetof(struct imtc_flow, bytes) + sender * sizeof(u64), bytes);
	count_service(flow, fast->hook == IMTC_HOOK_TC_EGRESS, segments, bytes);
}

/* Apart, so that what passes need not remember which of both it is. */
static __noinline int fast_drop(struct imtc_flow *flow, u32 ends, u64 bytes)
{
	count_packet(flow, ends & 1, ends >> 1, 1, bytes);
	return 0;
}

/*
 * The answer for a packet of a settled flow, which is counted; else of the slow way.
 * Only a flow that is not IM outlives the epoch. The length is the header's, in
 * network byte order, `more` what it leaves out.
 */
static __always_inline int fast_flow(struct imtc_flow *flow, const struct imtc_fast *fast,
				     u32 epoch, const u32 sender, const u16 *len, const u32 more)
{
	u32 settled;

	if (!flow)
		return fast_slow(fast);
	settled = *(const volatile u32 *)&flow->state & SETTLED_MASK;
	if (flow->epoch != epoch && flow->reason != IMTC_REASON_NOT_IM)
		return fast_slow(fast);
	if (settled == SETTLED_PASS) {
		fast_count(flow, fast, sender, (u64)bpf_ntohs(*len) + more);
		return fast->pass;
	}
	if (settled != SETTLED_DROP)
		return fast_slow(fast);
	fast_drop(flow, sender | (fast->hook == IMTC_HOOK_TC_EGRESS) << 1,
		  (u64)bpf_ntohs(*len) + more);
	return fast->drop;
}

/* SYNs begin flows: they go the slow way, for a flow may be there from earlier. */
static __always_inline bool fast_is_plain(const u8 *l4, u8 protocol)
{
	return protocol == IPPROTO_TCP ? !(l4[TCP_FLAGS_AT] & TCP_SYN) : protocol == IPPROTO_UDP;
}

static __always_inline u32 fast_zone_l4(const struct imtc_fast *fast, u8 protocol)
{
	u32 zone = fast->hook == IMTC_HOOK_XDP ? ((struct xdp_md *)fast->ctx)->ingress_ifindex :
						 ((struct __sk_buff *)fast->ctx)->ifindex;

	if (control.has_zones)
		zone = zone_of(zone);
	return zone << 8 | protocol;
}

static __always_inline int fast_run4(const void *l3, const struct imtc_fast *fast)
{
	const struct iphdr *ip = l3;
	const u16 *ports = l3 + sizeof(*ip);
	struct imtc_flow_key4 key;
	u32 epoch;

	if (l3 + sizeof(*ip) + FAST_TRANSPORT_BYTES > fast->end ||
	    *(const u8 *)l3 != IPV4_PLAIN || ip->frag_off & bpf_htons(IPV4_FRAGMENT_MASK) ||
	    !fast_is_plain((const u8 *)ports, ip->protocol))
		return fast_slow(fast);
	epoch = ident_epoch();
	key.zone_l4 = fast_zone_l4(fast, ip->protocol);
	if (ip->saddr < ip->daddr || (ip->saddr == ip->daddr && ports[0] <= ports[1])) {
		key.addr[0] = ip->saddr;
		key.addr[1] = ip->daddr;
		*(u32 *)key.port = *(const u32 *)ports;
		return fast_flow(bpf_map_lookup_elem(&flows4, &key), fast, epoch, 0, &ip->tot_len, 0);
	}
	key.addr[0] = ip->daddr;
	key.addr[1] = ip->saddr;
	key.port[0] = ports[1];
	key.port[1] = ports[0];
	return fast_flow(bpf_map_lookup_elem(&flows4, &key), fast, epoch, 1, &ip->tot_len, 0);
}

/*
 * An IPv6 address as two words. In a packet it is not aligned for them: the JITs
 * of machines that cannot read it so anyway refuse the program.
 */
struct address6 {
	u64 word[2];
};

/* Ends of the key in the order of include/imtc/flow.h: words as they lie in memory. */
static __always_inline bool key6_swaps(const struct address6 *source,
				       const struct address6 *destination,
				       u16 source_port, u16 destination_port)
{
	if (source->word[0] != destination->word[0])
		return source->word[0] > destination->word[0];
	if (source->word[1] != destination->word[1])
		return source->word[1] > destination->word[1];
	return source_port > destination_port;
}

static __always_inline void key6_set(struct imtc_flow_key6 *key, u32 end,
				     const struct address6 *address, u16 port)
{
	struct address6 *to = (struct address6 *)key->addr[end];

	to->word[0] = address->word[0];
	to->word[1] = address->word[1];
	key->port[end] = port;
}

static __always_inline int fast_run6(const void *l3, const struct imtc_fast *fast)
{
	const struct ipv6hdr *ip = l3;
	const u16 *ports = l3 + sizeof(*ip);
	const struct address6 *source = (const void *)&ip->saddr;
	const struct address6 *destination = (const void *)&ip->daddr;
	struct imtc_flow_key6 key __attribute__((aligned(8)));
	u32 epoch;

	/* Without a length: a jumbogram. */
	if (l3 + sizeof(*ip) + FAST_TRANSPORT_BYTES > fast->end ||
	    (*(const u8 *)l3 & 0xf0) != 0x60 || !ip->payload_len ||
	    !fast_is_plain((const u8 *)ports, ip->nexthdr))
		return fast_slow(fast);
	epoch = ident_epoch();
	key.zone_l4 = fast_zone_l4(fast, ip->nexthdr);
	if (!key6_swaps(source, destination, ports[0], ports[1])) {
		key6_set(&key, 0, source, ports[0]);
		key6_set(&key, 1, destination, ports[1]);
		return fast_flow(bpf_map_lookup_elem(&flows6, &key), fast, epoch, 0, &ip->payload_len,
				 sizeof(*ip));
	}
	key6_set(&key, 0, destination, ports[1]);
	key6_set(&key, 1, source, ports[0]);
	return fast_flow(bpf_map_lookup_elem(&flows6, &key), fast, epoch, 1, &ip->payload_len,
			 sizeof(*ip));
}

/* The hook's answer; the whole decided path is here. */
static __always_inline int fast_run(const void *data, const struct imtc_fast *fast)
{
	const void *l3 = data + ETH_HLEN;
	u16 type;

	/* Whatever is shorter is no TCP: one compare for all headers of most packets. */
	if (l3 + sizeof(struct iphdr) + FAST_TRANSPORT_BYTES > fast->end)
		return fast_slow(fast);
	/* Not by struct ethhdr: that is packed, and would be read byte by byte. */
	type = *(const u16 *)(data + offsetof(struct ethhdr, h_proto));
	if (likely(type == bpf_htons(ETH_P_IP)))
		return fast_run4(l3, fast);
	if (likely(type == bpf_htons(ETH_P_IPV6)))
		return fast_run6(l3, fast);
	if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD))
		return fast_slow(fast);
	type = *(const u16 *)(l3 + 2);
	l3 += 4;
	if (type == bpf_htons(ETH_P_IP))
		return fast_run4(l3, fast);
	if (type == bpf_htons(ETH_P_IPV6))
		return fast_run6(l3, fast);
	return fast_slow(fast);
}

#endif /* IMTC_BPF_FAST_H */
