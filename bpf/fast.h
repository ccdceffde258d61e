/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decided path, which nearly all packets take: plain headers, one look-up,
 * compare the epoch, count, act. Whatever is not plain, not known or not
 * settled answers "slow" and is parsed again there.
 */
#ifndef IMTC_BPF_FAST_H
#define IMTC_BPF_FAST_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "count.h"
#include "ident.h"

#define FAST_SLOW -1	/* not an enum imtc_verdict */

#define IPV4_PLAIN 0x45			/* version 4, no options */
#define IPV4_FRAGMENT_MASK 0x3fff	/* more fragments, offset */
#define IPV4_MORE 0x2000
#define TCP_FLAGS_AT 13

/* A settled flow's state and flags, as one load and one compare see them. */
struct imtc_settled {
	u8 state;
	u8 verdict;
	u8 flags;
	u8 reason;
};

struct imtc_fast {
	u32 ifindex;
	u32 out;	/* 1: egress */
	u32 sender;
	u32 bytes;
};

/* SYNs begin flows: they go the slow way, for a flow may be there from earlier. */
static __always_inline bool fast_is_plain(const void *l4, const void *end, u8 protocol)
{
	if (protocol == IPPROTO_UDP)
		return true;
	if (protocol != IPPROTO_TCP || l4 + TCP_FLAGS_AT + 1 > end)
		return false;
	return !(*(const u8 *)(l4 + TCP_FLAGS_AT) & TCP_SYN);
}

static __always_inline u32 fast_zone_l4(const struct imtc_control *settings, u32 ifindex,
					u8 protocol)
{
	u32 zone = ifindex;

	if (settings->has_zones) {
		u32 *named = bpf_map_lookup_elem(&zones, &ifindex);

		if (named)
			zone = *named;
	}
	return zone << 8 | protocol;
}

static __always_inline struct imtc_flow *fast_find4(const void *l3, const void *end,
						    const struct imtc_control *settings,
						    struct imtc_fast *fast)
{
	const struct iphdr *ip = l3;
	const u16 *ports = l3 + sizeof(*ip);
	struct imtc_flow_key4 key;
	u32 swap;

	if (l3 + sizeof(*ip) + 8 > end || *(const u8 *)l3 != IPV4_PLAIN ||
	    ip->frag_off & bpf_htons(IPV4_FRAGMENT_MASK) ||
	    !fast_is_plain(ports, end, ip->protocol))
		return NULL;
	swap = ip->saddr > ip->daddr || (ip->saddr == ip->daddr && ports[0] > ports[1]);
	if (swap) {
		key.addr[0] = ip->daddr;
		key.addr[1] = ip->saddr;
		key.port[0] = ports[1];
		key.port[1] = ports[0];
	} else {
		key.addr[0] = ip->saddr;
		key.addr[1] = ip->daddr;
		key.port[0] = ports[0];
		key.port[1] = ports[1];
	}
	key.zone_l4 = fast_zone_l4(settings, fast->ifindex, ip->protocol);
	fast->sender = swap;
	fast->bytes = bpf_ntohs(ip->tot_len);
	return bpf_map_lookup_elem(&flows4, &key);
}

/* Ends of the key in the order of include/imtc/flow.h: words as they lie in memory. */
static __always_inline u32 key6_swaps(const u32 source[4], const u32 destination[4],
				      u16 source_port, u16 destination_port)
{
	for (int i = 0; i < 4; i++)
		if (source[i] != destination[i])
			return source[i] > destination[i];
	return source_port > destination_port;
}

static __always_inline void key6_set(struct imtc_flow_key6 *key, u32 end, const u32 address[4],
				     u16 port)
{
	key->addr[end][0] = address[0];
	key->addr[end][1] = address[1];
	key->addr[end][2] = address[2];
	key->addr[end][3] = address[3];
	key->port[end] = port;
}

static __always_inline struct imtc_flow *fast_find6(const void *l3, const void *end,
						    const struct imtc_control *settings,
						    struct imtc_fast *fast)
{
	const struct ipv6hdr *ip = l3;
	const u16 *ports = l3 + sizeof(*ip);
	const u32 *source = (const u32 *)&ip->saddr, *destination = (const u32 *)&ip->daddr;
	struct imtc_flow_key6 key;

	/* Without a length: a jumbogram. */
	if (l3 + sizeof(*ip) + 8 > end || *(const u8 *)l3 >> 4 != 6 || !ip->payload_len ||
	    !fast_is_plain(ports, end, ip->nexthdr))
		return NULL;
	fast->sender = key6_swaps(source, destination, ports[0], ports[1]);
	if (fast->sender) {
		key6_set(&key, 1, source, ports[0]);
		key6_set(&key, 0, destination, ports[1]);
	} else {
		key6_set(&key, 0, source, ports[0]);
		key6_set(&key, 1, destination, ports[1]);
	}
	key.zone_l4 = fast_zone_l4(settings, fast->ifindex, ip->nexthdr);
	fast->bytes = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	return bpf_map_lookup_elem(&flows6, &key);
}

static __always_inline struct imtc_flow *fast_find(const void *data, const void *end,
						   const struct imtc_control *settings,
						   struct imtc_fast *fast)
{
	const struct ethhdr *eth = data;
	const void *l3 = data + ETH_HLEN;
	u16 type;

	if (l3 + sizeof(struct iphdr) > end)
		return NULL;
	type = eth->h_proto;
	if (type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD)) {
		type = *(const u16 *)(l3 + 2);
		l3 += 4;
	}
	if (type == bpf_htons(ETH_P_IP))
		return fast_find4(l3, end, settings, fast);
	if (type == bpf_htons(ETH_P_IPV6))
		return fast_find6(l3, end, settings, fast);
	return NULL;
}

/* Verdict of the flow, or FAST_SLOW where it is not settled under this epoch. */
static __always_inline int fast_verdict(const struct imtc_flow *flow, u32 epoch)
{
	struct imtc_settled settled;

	*(u32 *)&settled = *(const volatile u32 *)&flow->state;
	if (settled.state != IMTC_FLOW_DECIDED || settled.flags & IMTC_FLOW_AGAIN)
		return FAST_SLOW;
	if (flow->epoch != epoch && settled.reason != IMTC_REASON_NOT_IM)
		return FAST_SLOW;
	return settled.verdict;
}

/*
 * The whole decided path. PASS or DROP is the answer for the packet, and it has
 * been counted. Everything else is slow.
 */
static __always_inline int fast_run(const void *data, const void *end, struct imtc_fast *fast,
				    u32 segments)
{
	struct imtc_control *settings;
	struct imtc_flow *flow;
	u32 zero = 0;
	int verdict;

	settings = bpf_map_lookup_elem(&control, &zero);
	if (!settings)
		return FAST_SLOW;
	flow = fast_find(data, end, settings, fast);
	if (!flow)
		return FAST_SLOW;
	verdict = fast_verdict(flow, ident_epoch(settings));
	if (verdict != IMTC_VERDICT_PASS && verdict != IMTC_VERDICT_DROP)
		return FAST_SLOW;
	count_packet(flow, fast->sender, fast->out, segments, fast->bytes);
	return verdict;
}

#endif /* IMTC_BPF_FAST_H */
