/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What datagrams prove together: claims (imtc/view.h) are counted for the end that
 * sends, over all its flows, in the map "claims".
 */
#ifndef IMTC_BPF_CLAIM_H
#define IMTC_BPF_CLAIM_H

#include "count.h"
#include "dissect/dissect.h"

/* imtc_claimed.hits once nothing more is needed; and the most without that. */
#define CLAIM_PROVEN 0xff
#define CLAIM_HITS_MAX 0xfe

/* The key of an end of the packet in s->claim_key. */
static __always_inline void claim_key(struct imtc_scratch *s, const u64 address[2], u16 port,
				      u16 service, u32 id)
{
	struct imtc_claim_key *key = &s->claim_key;

	__builtin_memcpy(key->addr, address, sizeof(key->addr));
	key->port = port;
	key->service = service;
	key->id = id;
	key->ifindex = s->packet.ifindex;
}

/* How many claims in a row this one is the last of. */
static __always_inline u8 claim_hits(const struct imtc_claimed *before,
				     const struct imtc_claim *claim, u64 now)
{
	u16 grown = claim->serial - before->serial;

	if (!claim->needed || before->hits == CLAIM_PROVEN)
		return CLAIM_PROVEN;
	if (now > before->expires_ns)
		return 1;
	/* The same datagram again, or another that says as much. */
	if (!grown && (claim->step || claim->serial))
		return before->hits;
	if (claim->step && grown > claim->step)
		return 1;
	if (claim->needed != IMTC_CLAIM_NEVER && before->hits + 1 >= claim->needed)
		return CLAIM_PROVEN;
	return before->hits < CLAIM_HITS_MAX ? before->hits + 1 : CLAIM_HITS_MAX;
}

static __always_inline void claim_put(struct imtc_scratch *s, u8 hits, u16 serial, u64 now)
{
	s->claimed.expires_ns = now + IMTC_CLAIM_NS;
	s->claimed.serial = serial;
	s->claimed.hits = hits;
	bpf_map_update_elem(&claims, &s->claim_key, &s->claimed, BPF_ANY);
}

static __always_inline bool claim_is_proven(struct imtc_scratch *s, u64 now)
{
	struct imtc_claimed *known = bpf_map_lookup_elem(&claims, &s->claim_key);

	return known && known->hits == CLAIM_PROVEN && now <= known->expires_ns;
}

/*
 * One end has proven what it is. Where both have to: the mark of this end, without
 * an id, for ends do not know each other's; and is the other's there?
 */
static __always_inline bool claim_of_both(struct imtc_scratch *s, u16 service, u64 now)
{
	struct imtc_packet *p = &s->packet;

	claim_key(s, p->source, p->source_port, service, 0);
	claim_put(s, CLAIM_PROVEN, 0, now);
	claim_key(s, p->destination, p->destination_port, service, 0);
	return claim_is_proven(s, now);
}

/* Counts the view's claim. Is it proven with this datagram? */
IMTC_GLOBAL int claim_count(const struct imtc_view *v, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_claimed *known;
	struct imtc_claim claim;
	u64 now;
	u8 hits = 1;

	if (!v || !s)
		return 0;
	claim = v->claim;
	now = bpf_ktime_get_ns();
	claim_key(s, s->packet.source, s->packet.source_port, claim.service, claim.id);
	known = bpf_map_lookup_elem(&claims, &s->claim_key);
	if (known)
		hits = claim_hits(known, &claim, now);
	else if (!claim.needed)
		hits = CLAIM_PROVEN;
	claim_put(s, hits, claim.serial, now);
	if (hits != CLAIM_PROVEN)
		return 0;
	return !claim.is_mutual || claim_of_both(s, claim.service, now);
}

/*
 * The answer to a datagram once its claim is counted: MATCH where that proves it.
 * A match of the dissectors stands; what it says of the end is kept. A global
 * function, so that the answer has one state for the verifier and not one a way
 * to it.
 */
IMTC_GLOBAL int claim_take(struct imtc_view *v, int answer, u32 hook)
{
	if (!v || v->l4 != IMTC_L4_UDP || !v->claim.service ||
	    v->claim.service >= IMTC_SERVICE_MAX ||
	    (answer >= IMTC_MATCH && v->claim.needed))
		return answer;
	if (!claim_count(v, hook) || answer >= IMTC_MATCH)
		return answer;
	imtc_label_set(v, v->claim.service, v->claim.feature, v->claim.encryption, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_BPF_CLAIM_H */
