/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCRUB at tc: writes over the requests that scrub.h has found, in place, and mends
 * the checksum. Of TCP also those of earlier segments that are sent again, however
 * they are cut then.
 */
#ifndef IMTC_BPF_ACT_SCRUB_H
#define IMTC_BPF_ACT_SCRUB_H

#include "act.h"

static __always_inline u32 scrub_check_at(const struct imtc_packet *p)
{
	return p->l4 + (p->protocol == IPPROTO_TCP ? offsetof(struct tcphdr, check) :
						     offsetof(struct udphdr, check));
}

/*
 * len bytes from `from` of the payload become `fill`. The transport's checksum takes
 * up the difference, so that the sum over the packet stays (no BPF_F_RECOMPUTE_CSUM);
 * where a device is to complete it, bpf_l4_csum_replace() leaves it alone. At an odd
 * place the bytes stand in the other halves of the words that are added up (RFC 1071 2).
 */
static __always_inline long scrub_write(struct __sk_buff *skb, struct imtc_scratch *s, u32 from,
					u32 len, u8 fill)
{
	const struct imtc_packet *p = &s->packet;
	u32 at = p->payload + from, bytes = len - 1, sum;

	/* 1 to IMTC_SCRUB_BYTES in any case, and nothing else for the verifier to follow. */
	barrier_var(bytes);
	bytes = (bytes & (IMTC_SCRUB_BYTES - 1)) + 1;
	__builtin_memset(s->scrub_old, 0, sizeof(s->scrub_old));
	for (u32 i = 0; i < IMTC_SCRUB_BYTES / 4; i++)
		s->scrub_new[i] = fill * 0x01010101U;
	if (bpf_skb_load_bytes(skb, at, s->scrub_old, bytes) ||
	    bpf_skb_store_bytes(skb, at, s->scrub_new, bytes, 0))
		return -1;
	/* As it is now, with zeros behind it, which add nothing to the sum. */
	__builtin_memset(s->scrub_new, 0, sizeof(s->scrub_new));
	if (bpf_skb_load_bytes(skb, at, s->scrub_new, bytes))
		return -1;
	sum = bpf_csum_diff(s->scrub_old, sizeof(s->scrub_old), s->scrub_new,
			    sizeof(s->scrub_new), 0);
	sum = csum_fold(sum);
	if ((at - p->l4) & 1)
		sum = (sum & 0xff) << 8 | sum >> 8;
	return bpf_l4_csum_replace(skb, scrub_check_at(p), 0, sum,
				   p->protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0);
}

/* What of the range is in the packet, written over. 0, or an error. */
static __always_inline long scrub_range(struct __sk_buff *skb, struct imtc_scratch *s,
					const struct imtc_scrub *scrub)
{
	const struct imtc_packet *p = &s->packet;
	u32 from = scrub->at - scrub_base(p), len = scrub->len;

	if ((s32)from < 0) {
		if (len <= -from)
			return 0;
		len += from;
		from = 0;
	}
	if (from >= p->payload_len)
		return 0;
	if (len > p->payload_len - from)
		len = p->payload_len - from;
	return len ? scrub_write(skb, s, from, len, scrub->fill) : 0;
}

/* One range: the nth that is kept of the sender's bytes, or that was found in the datagram. */
IMTC_GLOBAL int tc_scrub_one(struct __sk_buff *skb, u32 n, u32 wanted, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_scrubbed *kept;
	struct imtc_scrub scrub;

	if (!s)
		return -1;
	if (s->packet.protocol != IPPROTO_TCP) {
		scrub = s->scrubs.range[n & (IMTC_SCRUBS_PACKET - 1)];
		if (n >= s->scrubs.count || !(wanted >> (scrub.feature & 15) & 1))
			return 0;
		count_outcome(IMTC_OUTCOME_SCRUBBED);
	} else {
		kept = bpf_map_lookup_elem(&scrubs, &s->scrub_key);
		if (!kept)
			return 0;
		scrub = kept->range[n & (IMTC_SCRUBS_KEPT - 1)];
		if (!scrub.len)
			return 0;
	}
	return scrub_range(skb, s, &scrub) ? -1 : 0;
}

/* Returns TC_ACT_*. A packet that cannot be written does not go on. */
static __always_inline int tc_scrub(struct __sk_buff *skb, u32 wanted, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	int failed = 0;

	if (!s)
		return TC_ACT_SHOT;
	scrub_key(s);
	for (u32 i = 0; i < IMTC_SCRUBS_KEPT; i++)
		failed |= tc_scrub_one(skb, i, wanted, hook);
	if (!failed)
		return TC_ACT_UNSPEC;
	count_outcome(IMTC_OUTCOME_ACT_FAILED);
	return TC_ACT_SHOT;
}

#endif /* IMTC_BPF_ACT_SCRUB_H */
