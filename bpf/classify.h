/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From payload to label: shows bytes to the dissectors, looks names up in the
 * signatures, and puts what comes of it into the flow. Takes no verdict.
 */
#ifndef IMTC_BPF_CLASSIFY_H
#define IMTC_BPF_CLASSIFY_H

#include "client.h"
#include "flow.h"

/* Answer of inspect(). */
#define INSPECT_NOTHING 0	/* nothing that calls for a verdict */
#define INSPECT_MORE 1		/* the bytes must be kept: more are to follow */
#define INSPECT_LABEL 2		/* the flow has a label, or another one than before */

/* --- names --------------------------------------------------------------------- */

struct name_walk {
	struct imtc_domain_key key;
	const struct imtc_view *view;
	u32 len;
	u32 found;
	struct imtc_domain_value value;
};

static __always_inline void name_look(struct name_walk *walk)
{
	struct imtc_domain_value *value = bpf_map_lookup_elem(&domains, &walk->key);

	if (!value)
		return;
	walk->found = 1;
	walk->value = *value;
}

/* From the last byte to the first: at each dot, what has been walked is a suffix. */
static long name_byte(u32 i, void *context)
{
	struct name_walk *walk = context;
	u8 byte;

	if (i >= walk->len)
		return 1;
	byte = walk->view->domain[(walk->len - 1 - i) & IMTC_DOMAIN_MASK];
	if (byte == '.')
		name_look(walk);
	imtc_domain_step(&walk->key, byte);
	return 0;
}

/* The longest suffix of the view's name that the signatures know, in s->named. */
IMTC_GLOBAL int name_find(const struct imtc_view *v, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u64 seed[2] = { control.domain_seed[0], control.domain_seed[1] };
	struct name_walk walk = {};

	if (!v || !s)
		return 0;
	if (!v->domain_len || v->domain_len >= IMTC_DOMAIN_BYTES)
		return 0;
	imtc_domain_start(&walk.key, seed);
	walk.view = v;
	walk.len = v->domain_len;
	bpf_loop(IMTC_DOMAIN_BYTES, name_byte, &walk, 0);
	name_look(&walk);
	s->named = walk.value;
	return walk.found;
}

/* A name's label where the signatures know it; else what the dissector left open. */
static __always_inline int name_label(struct imtc_view *v, struct imtc_scratch *s)
{
	if (!name_find(v, s->packet.hook)) {
		if (v->label.service)
			return IMTC_MATCH;
		return v->candidates ? IMTC_MORE : IMTC_NO;
	}
	v->label.service = s->named.service;
	v->label.feature = s->named.feature;
	v->label.confidence = IMTC_CONFIDENCE_NAME;
	if (s->named.encryption)
		v->label.encryption = s->named.encryption;
	v->label.flags |= IMTC_LABEL_DOMAIN;
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
	       a->encryption != b->encryption;
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

	if (!may_be_label(&v->label) || v->label.confidence < flow->label.confidence)
		return false;
	flow->label = v->label;
	if (v->label.flags & IMTC_LABEL_DOMAIN)
		__builtin_memcpy(s->event.query.domain, v->domain, IMTC_DOMAIN_BYTES);
	if (!changes && !open && !(v->label.flags & IMTC_LABEL_WATCH))
		flow_settle(flow, IMTC_FLOW_DECIDED, flow->verdict, flow->flags, flow->reason);
	return changes;
}

/*
 * Shows a view to the dissectors. An undecided flow's direction keeps the
 * candidates that are left; a datagram stands alone, so UDP begins anew.
 */
IMTC_GLOBAL int inspect(struct imtc_view *v, struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_packet *p;
	u32 direction;
	int answer;

	if (!v || !s || !flow)
		return INSPECT_NOTHING;
	p = &s->packet;
	direction = p->direction & 1;
	v->direction = direction;
	v->l4 = p->protocol;
	v->middle = !!(flow->flags & IMTC_FLOW_MIDDLE);
	/* What an open label says is nothing that a dissector could build on. */
	v->label = flow->label;
	if (v->label.flags & IMTC_LABEL_OPEN)
		v->label = (struct imtc_label){
			.flags = flow->label.flags & IMTC_LABEL_CREDENTIALS };
	v->domain_len = 0;
	__builtin_memset(v->domain, 0, sizeof(v->domain));
	v->candidates = flow->candidates[direction];
	client_reset(v);
	answer = imtc_dissect(v);
	if (v->client_len && (answer == IMTC_MATCH || flow->label.service))
		client_note(v, flow, hook);
	if (answer == IMTC_NAMED)
		answer = name_label(v, s);
	if (answer == IMTC_MATCH)
		return label_take(s, flow, v) ? INSPECT_LABEL : INSPECT_NOTHING;
	if (flow->state != IMTC_FLOW_UNDECIDED || p->protocol == IPPROTO_UDP)
		return INSPECT_NOTHING;
	if (answer == IMTC_MORE && !v->complete) {
		flow->candidates[direction] = v->candidates;
		return INSPECT_MORE;
	}
	flow->candidates[direction] = 0;
	return INSPECT_NOTHING;
}

/*
 * After inspect(): keeps the packet's bytes where more must follow, and lets go
 * of what is of no more use.
 */
IMTC_GLOBAL int inspected(struct imtc_flow *flow, u32 fed, u32 answer, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u32 direction;

	if (!s || !flow)
		return 0;
	direction = s->packet.direction & 1;
	if (answer == INSPECT_LABEL) {
		stream_forget(s, flow);
		return 0;
	}
	if (flow->state != IMTC_FLOW_UNDECIDED)
		return 0;
	if (answer == INSPECT_MORE && fed == FEED_PACKET && stream_begin(flow, hook)) {
		/* Not to be kept: on with what follows. */
		flow->seq[direction] += s->stream.view.len;
		flow->flags |= IMTC_FLOW_MIDDLE;
	}
	if (answer == INSPECT_NOTHING && !flow->candidates[direction])
		stream_delete(s, flow, direction);
	if (flow_gives_up(flow, &s->packet))
		flow_is_not_im(s, flow);
	return 0;
}

#endif /* IMTC_BPF_CLASSIFY_H */
