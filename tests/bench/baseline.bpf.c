// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the bench measures against: a program that does nothing, and one that
 * does what any per-flow counter does - parse, one look-up in an LRU hash by
 * the plain 5-tuple, count - for XDP and tc.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct key4 {
	__u32 addr[2];
	__u16 port[2];
	__u32 l4;
};

struct key6 {
	__u32 addr[2][4];
	__u16 port[2];
	__u32 l4;
};

struct count {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct key4);
	__type(value, struct count);
} plain4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct key6);
	__type(value, struct count);
} plain6 SEC(".maps");

static __always_inline void count_in(void *map, const void *key, __u64 bytes)
{
	struct count *value = bpf_map_lookup_elem(map, key);

	if (value) {
		__sync_fetch_and_add(&value->packets, 1);
		__sync_fetch_and_add(&value->bytes, bytes);
	} else {
		struct count first = { 1, bytes };

		bpf_map_update_elem(map, key, &first, BPF_ANY);
	}
}

static __always_inline void count4(void *data, void *end)
{
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct key4 key = {};
	__u16 *ports;

	if ((void *)(ip + 1) > end)
		return;
	ports = (void *)ip + ip->ihl * 4;
	if ((void *)(ports + 2) > end ||
	    (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP))
		return;
	key.addr[0] = ip->saddr;
	key.addr[1] = ip->daddr;
	key.port[0] = ports[0];
	key.port[1] = ports[1];
	key.l4 = ip->protocol;
	count_in(&plain4, &key, end - data);
}

static __always_inline void count6(void *data, void *end)
{
	struct ipv6hdr *ip = data + sizeof(struct ethhdr);
	__u16 *ports = (void *)(ip + 1);
	struct key6 key = {};

	if ((void *)(ports + 2) > end ||
	    (ip->nexthdr != IPPROTO_TCP && ip->nexthdr != IPPROTO_UDP))
		return;
	__builtin_memcpy(key.addr[0], &ip->saddr, 16);
	__builtin_memcpy(key.addr[1], &ip->daddr, 16);
	key.port[0] = ports[0];
	key.port[1] = ports[1];
	key.l4 = ip->nexthdr;
	count_in(&plain6, &key, end - data);
}

static __always_inline void count_packet(void *data, void *end)
{
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		return;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		count4(data, end);
	else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		count6(data, end);
}

SEC("xdp")
int empty_xdp(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

SEC("tc")
int empty_tc(struct __sk_buff *skb)
{
	(void)skb;
	return TC_ACT_UNSPEC;
}

SEC("xdp")
int plain_xdp(struct xdp_md *xdp)
{
	count_packet((void *)(long)xdp->data, (void *)(long)xdp->data_end);
	return XDP_PASS;
}

SEC("tc")
int plain_tc(struct __sk_buff *skb)
{
	count_packet((void *)(long)skb->data, (void *)(long)skb->data_end);
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "GPL";
