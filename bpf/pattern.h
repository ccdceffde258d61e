/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Byte patterns of the signature files (imtc/signature.h): asked after the
 * dissectors, of flows that have no label.
 */
#ifndef IMTC_BPF_PATTERN_H
#define IMTC_BPF_PATTERN_H

#include "count.h"

struct pattern_walk {
	const struct imtc_view *view;
	u32 first;	/* entry of the half in use */
	u32 answer;	/* enum imtc_answer */
	struct imtc_domain_value means;
};

/* Lengths are a datagram's: a stream may be cut anywhere. */
static __always_inline bool pattern_is_for(const struct imtc_pattern *p,
					   const struct imtc_view *v)
{
	if (!(p->directions & 1 << (v->direction & 1)) || (p->l4 && p->l4 != v->l4))
		return false;
	if (v->l4 != IMTC_L4_UDP)
		return true;
	return v->len >= p->min && (!p->max || v->len <= p->max);
}

static __always_inline int pattern_match(const struct imtc_pattern *p, const struct imtc_view *v)
{
	IMTC_UNROLL
	for (u32 k = 0; k < IMTC_PATTERN_BYTES; k++) {
		if (k >= p->len)
			break;
		if (p->offset + k >= v->len)
			return IMTC_MORE;
		if ((imtc_byte(v, p->offset + k) ^ p->value[k]) & p->mask[k])
			return IMTC_NO;
	}
	return IMTC_MATCH;
}

static long pattern_try(u32 i, void *context)
{
	struct pattern_walk *walk = context;
	u32 entry = walk->first + i;
	const struct imtc_pattern *p = bpf_map_lookup_elem(&patterns, &entry);
	int answer;

	if (!p)
		return 1;
	if (!pattern_is_for(p, walk->view))
		return 0;
	answer = pattern_match(p, walk->view);
	if (answer == IMTC_NO)
		return 0;
	walk->answer = answer;
	if (answer == IMTC_MORE)
		return 0;
	walk->means = p->means;
	return 1;
}

/*
 * MATCH: the view has the label of the first pattern that fits; MORE: one may
 * still fit. The middle of a stream has no offsets.
 */
IMTC_GLOBAL int pattern_find(struct imtc_view *v)
{
	u32 set = control.patterns, count = set & (u32)~IMTC_PATTERNS_UPPER;
	struct pattern_walk walk = {};

	if (!v || !count || (v->middle && v->l4 == IMTC_L4_TCP))
		return IMTC_NO;
	walk.view = v;
	walk.first = set & IMTC_PATTERNS_UPPER ? IMTC_PATTERNS_MAX : 0;
	bpf_loop(count < IMTC_PATTERNS_MAX ? count : IMTC_PATTERNS_MAX, pattern_try, &walk, 0);
	if (walk.answer == IMTC_MORE && v->complete)
		return IMTC_NO;
	if (walk.answer != IMTC_MATCH)
		return (int)walk.answer;
	v->label.service = walk.means.service;
	v->label.feature = walk.means.feature;
	v->label.confidence = IMTC_CONFIDENCE_PAYLOAD;
	v->label.encryption = walk.means.encryption;
	v->label.flags = 0;
	v->label.reserved = 0;
	return IMTC_MATCH;
}

#endif /* IMTC_BPF_PATTERN_H */
