/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What names and findings make of a flow's label. Takes no verdict.
 */
#ifndef IMTC_BPF_LABEL_H
#define IMTC_BPF_LABEL_H

#include "flow.h"
#include "hints.h"
#include "names.h"

/* --- names --------------------------------------------------------------------- */

/* The label of what name_find() and its like have found. */
static __always_inline void name_means(struct imtc_view *v, const struct imtc_scratch *s)
{
	v->label.service = s->named.service;
	v->label.feature = s->named.feature;
	v->label.confidence = IMTC_CONFIDENCE_NAME;
	if (s->named.encryption)
		v->label.encryption = s->named.encryption;
	if (v->domain_len)
		v->label.flags |= IMTC_LABEL_DOMAIN;
}

/* An address, where a name should be: no top-level domain ends with a digit. */
static __always_inline bool name_is_address(const struct imtc_view *v)
{
	return imtc_is_digit((u8)v->domain[(v->domain_len - 1) & IMTC_DOMAIN_MASK]);
}

/*
 * Is the host that the view names a service's? One that is not - unknown, or a
 * part of a service that is no IM - is noted: hints go by it. A server names itself
 * by its certificate, which may be that of many hosts: it counts where the client
 * has named none, and what nobody knows says nothing.
 */
static __always_inline bool name_is_known(const struct imtc_view *v, struct imtc_scratch *s,
					  struct imtc_flow *flow)
{
	bool server = v->direction == IMTC_DIR_SERVER;

	if (!v->domain_len || (server && flow->prefix & IMTC_PREFIX_NAMED))
		return false;
	if (name_find(v, s->packet.hook) && s->named.service)
		return true;
	if (!server && !name_is_address(v))
		flow->prefix |= IMTC_PREFIX_NAMED;
	return false;
}

/* Do the other words that the view has name a service? */
static __always_inline bool word_is_known(const struct imtc_view *v, struct imtc_scratch *s)
{
	u32 hook = s->packet.hook;

	return (alpn_find(v, hook) && s->named.service) ||
	       (agent_find(v, hook) && s->named.service);
}

/*
 * A label by what the view names: host, else ALPN value, else program, where the
 * signatures know one; else what the dissector left open.
 */
static __always_inline int name_label(struct imtc_view *v, struct imtc_scratch *s,
				      struct imtc_flow *flow)
{
	if (!name_is_known(v, s, flow) && !word_is_known(v, s)) {
		if (v->label.service)
			return IMTC_MATCH;
		return v->candidates ? IMTC_MORE : IMTC_NO;
	}
	name_means(v, s);
	return IMTC_MATCH;
}

/* --- labels -------------------------------------------------------------------- */

static __always_inline bool may_be_label(const struct imtc_label *label)
{
	return label->service && label->service < IMTC_SERVICE_MAX &&
	       label->feature < IMTC_FEATURE_MAX;
}

/* What a verdict is asked about. */
static __always_inline bool label_differs(const struct imtc_label *a, const struct imtc_label *b)
{
	return a->service != b->service || a->feature != b->feature ||
	       a->encryption != b->encryption || a->confidence != b->confidence;
}

/* A call whose service is not told says less than any service. */
static __always_inline bool label_is_better(const struct imtc_label *old,
					    const struct imtc_label *label)
{
	if (old->service && (old->service == IMTC_SERVICE_VOIP) !=
			    (label->service == IMTC_SERVICE_VOIP))
		return old->service == IMTC_SERVICE_VOIP;
	return label->confidence >= old->confidence;
}

/*
 * Takes over the view's label; true where a verdict has to be asked for. An open
 * label (IMTC_LABEL_OPEN) leaves the flow undecided, any other ends that.
 */
static __always_inline bool label_take(struct imtc_scratch *s, struct imtc_flow *flow,
				       const struct imtc_view *v)
{
	bool open = v->label.flags & IMTC_LABEL_OPEN;
	bool changes = (flow->state == IMTC_FLOW_UNDECIDED && !open) ||
		       label_differs(&flow->label, &v->label);

	if (!may_be_label(&v->label) || !label_is_better(&flow->label, &v->label))
		return false;
	if (flow->label.feature != v->label.feature)
		s->scrubs.feature |= 1 << (v->label.feature & 15);
	flow->label = v->label;
	if (v->label.flags & IMTC_LABEL_DOMAIN && v->domain_len) {
		__builtin_memcpy(s->event.query.domain, v->domain, IMTC_DOMAIN_BYTES);
		changes |= name_note(flow, s->packet.hook);
	}
	if (!changes && !open && !(v->label.flags & IMTC_LABEL_WATCH))
		flow_settle(flow, IMTC_FLOW_DECIDED, flow->verdict, flow->flags, flow->reason);
	if (changes)
		hints_socket(s, flow);
	return changes;
}

#endif /* IMTC_BPF_LABEL_H */
