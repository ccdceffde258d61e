// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks imtc.ko about each payload packet to or from the port in "settings" and
 * keeps the answer by ports and hook, for the tests of ownership. No flow, no
 * dissector: what is tested is the module.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <imtc/kfunc.h>

extern u32 imtc_epoch(void) __ksym;
extern int imtc_verdict_skb(struct __sk_buff *skb, struct imtc_query *q, u32 q__sz) __ksym;
extern int imtc_verdict_xdp(struct xdp_md *xdp, struct imtc_query *q, u32 q__sz) __ksym;

struct answer_key {
	u16 client_port;	/* host byte order */
	u8 hook;		/* enum imtc_hook */
	u8 from_client;
};

struct answer {
	u64 owner;
	u32 epoch;
	u32 epoch_asked;	/* imtc_epoch() just before */
	int error;
	u8 verdict;
	u8 reason;
	u8 flags;
	u8 calls;
};

/* What the user sets: 0 -> the server's port, host byte order. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} settings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct answer_key);
	__type(value, struct answer);
} answers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct imtc_query);
} queries SEC(".maps");

struct packet {
	u64 source[2];
	u64 destination[2];
	u16 source_port;	/* network byte order */
	u16 destination_port;
	u8 l4;
	u8 family;
	u8 has_payload;
};

static __always_inline void map_address(u64 to[2], u32 address)
{
	to[0] = 0;
	to[1] = (u64)address << 32 | bpf_htonl(0xffff);
}

/* From the L4 header on. */
static __always_inline int parse_l4(const void *at, const void *end, struct packet *p)
{
	const struct udphdr *udp = at;
	const struct tcphdr *tcp = at;

	if (p->l4 == IPPROTO_UDP && (const void *)(udp + 1) <= end) {
		p->source_port = udp->source;
		p->destination_port = udp->dest;
		p->has_payload = (const void *)(udp + 1) < end;
		return 0;
	}
	if (p->l4 == IPPROTO_TCP && (const void *)(tcp + 1) <= end) {
		p->source_port = tcp->source;
		p->destination_port = tcp->dest;
		p->has_payload = at + tcp->doff * 4 < end;
		return 0;
	}
	return -1;
}

static __always_inline int parse(const void *data, const void *end, struct packet *p)
{
	const struct ethhdr *eth = data;
	const struct iphdr *ip4 = (const void *)(eth + 1);
	const struct ipv6hdr *ip6 = (const void *)(eth + 1);

	if ((const void *)(eth + 1) > end)
		return -1;
	if (eth->h_proto == bpf_htons(ETH_P_IP) && (const void *)(ip4 + 1) <= end) {
		map_address(p->source, ip4->saddr);
		map_address(p->destination, ip4->daddr);
		p->l4 = ip4->protocol;
		p->family = 4;
		return ip4->ihl == 5 ? parse_l4(ip4 + 1, end, p) : -1;
	}
	if (eth->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= end) {
		__builtin_memcpy(p->source, &ip6->saddr, 16);
		__builtin_memcpy(p->destination, &ip6->daddr, 16);
		p->l4 = ip6->nexthdr;
		p->family = 6;
		return parse_l4(ip6 + 1, end, p);
	}
	return -1;
}

static __always_inline struct imtc_query *make_query(const struct packet *p, u8 hook, u32 ifindex,
						     struct answer_key *key)
{
	u32 zero = 0;
	u32 *port = bpf_map_lookup_elem(&settings, &zero);
	struct imtc_query *q = bpf_map_lookup_elem(&queries, &zero);

	if (!port || !q || !p->has_payload)
		return NULL;
	key->from_client = bpf_ntohs(p->destination_port) == *port;
	if (!key->from_client && bpf_ntohs(p->source_port) != *port)
		return NULL;
	__builtin_memset(q, 0, sizeof(*q));
	if (key->from_client) {
		__builtin_memcpy(q->client, p->source, 16);
		__builtin_memcpy(q->server, p->destination, 16);
		q->client_port = p->source_port;
		q->server_port = p->destination_port;
	} else {
		__builtin_memcpy(q->client, p->destination, 16);
		__builtin_memcpy(q->server, p->source, 16);
		q->client_port = p->destination_port;
		q->server_port = p->source_port;
	}
	q->l4 = p->l4;
	q->family = p->family;
	q->hook = hook;
	q->ifindex = ifindex;
	/* Opened from here: the client's packets go out, or the server's come in. */
	if (key->from_client == (hook == IMTC_HOOK_TC_EGRESS))
		q->flow_flags = IMTC_FLOW_OUT;
	q->label.service = IMTC_SERVICE_XMPP;
	q->label.confidence = IMTC_CONFIDENCE_PAYLOAD;
	key->client_port = bpf_ntohs(q->client_port);
	key->hook = hook;
	return q;
}

static __always_inline void keep(const struct answer_key *key, const struct imtc_query *q,
				 int error, u32 epoch)
{
	struct answer *old = bpf_map_lookup_elem(&answers, key);
	struct answer a = {
		.owner = q->answer_owner,
		.epoch = q->epoch,
		.epoch_asked = epoch,
		.error = error,
		.verdict = q->verdict,
		.reason = q->reason,
		.flags = q->answer_flags,
		.calls = old ? old->calls + 1 : 1,
	};

	bpf_map_update_elem(&answers, key, &a, BPF_ANY);
}

static __always_inline int ask_skb(struct __sk_buff *skb, u8 hook)
{
	struct answer_key key = {};
	struct packet p = {};
	struct imtc_query *q;
	u32 epoch = imtc_epoch();
	int error;

	bpf_skb_pull_data(skb, skb->len);
	if (parse((void *)(long)skb->data, (void *)(long)skb->data_end, &p))
		return TC_ACT_OK;
	q = make_query(&p, hook, skb->ifindex, &key);
	if (!q)
		return TC_ACT_OK;
	error = imtc_verdict_skb(skb, q, sizeof(*q));
	keep(&key, q, error, epoch);
	return q->verdict == IMTC_VERDICT_DROP ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("tc")
int owner_egress(struct __sk_buff *skb)
{
	return ask_skb(skb, IMTC_HOOK_TC_EGRESS);
}

SEC("tc")
int owner_ingress(struct __sk_buff *skb)
{
	return ask_skb(skb, IMTC_HOOK_TC_INGRESS);
}

SEC("xdp")
int owner_xdp(struct xdp_md *xdp)
{
	struct answer_key key = {};
	struct packet p = {};
	struct imtc_query *q;
	u32 epoch = imtc_epoch();
	int error;

	if (parse((void *)(long)xdp->data, (void *)(long)xdp->data_end, &p))
		return XDP_PASS;
	q = make_query(&p, IMTC_HOOK_XDP, xdp->ingress_ifindex, &key);
	if (!q)
		return XDP_PASS;
	error = imtc_verdict_xdp(xdp, q, sizeof(*q));
	keep(&key, q, error, epoch);
	return q->verdict == IMTC_VERDICT_DROP ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
