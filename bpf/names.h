/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a flow names - hosts, ALPN values, programs - looked up in the signatures
 * (imtc/signature.h). What is found is in s->named.
 */
#ifndef IMTC_BPF_NAMES_H
#define IMTC_BPF_NAMES_H

#include <imtc/policy_domain.h>

#include "count.h"

/* A word as it is hashed, and what the signatures say of it or of a part. */
struct word_walk {
	struct imtc_domain_key key;
	const struct imtc_view *view;
	u32 len;
	u32 found;
	struct imtc_domain_value value;
};

static __always_inline void word_start(struct word_walk *walk, const struct imtc_view *v, u32 len)
{
	u64 seed[2] = { control.domain_seed[0], control.domain_seed[1] };

	imtc_domain_start(&walk->key, seed);
	walk->view = v;
	walk->len = len;
}

static __always_inline void word_look(struct word_walk *walk)
{
	struct imtc_domain_value *value = bpf_map_lookup_elem(&domains, &walk->key);

	if (!value)
		return;
	walk->found = 1;
	walk->value = *value;
}

/* --- hosts --------------------------------------------------------------------- */

/* From the last byte to the first: at each dot, what has been walked is a suffix. */
static long name_byte(u32 i, void *context)
{
	struct word_walk *walk = context;
	u8 byte;

	if (i >= walk->len)
		return 1;
	byte = walk->view->domain[(walk->len - 1 - i) & IMTC_DOMAIN_MASK];
	if (byte == '.')
		word_look(walk);
	imtc_domain_step(&walk->key, byte);
	return 0;
}

/* The longest suffix of the view's name that the signatures know, in s->named. */
IMTC_GLOBAL int name_find(const struct imtc_view *v, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct word_walk walk = {};

	if (!v || !s)
		return 0;
	if (!v->domain_len || v->domain_len >= IMTC_DOMAIN_BYTES)
		return 0;
	word_start(&walk, v, v->domain_len);
	bpf_loop(IMTC_DOMAIN_BYTES, name_byte, &walk, 0);
	word_look(&walk);
	s->named = walk.value;
	return (int)walk.found;
}

/* --- other words --------------------------------------------------------------- */

static long alpn_byte(u32 i, void *context)
{
	struct word_walk *walk = context;

	if (i >= walk->len || i >= IMTC_ALPN_BYTES)
		return 1;
	imtc_domain_step(&walk->key, (u8)walk->view->alpn[i]);
	return 0;
}

/* Do the signatures know the view's ALPN value? */
IMTC_GLOBAL int alpn_find(const struct imtc_view *v, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct word_walk walk = {};

	if (!v || !s || !v->alpn_len)
		return 0;
	word_start(&walk, v, v->alpn_len);
	imtc_domain_step(&walk.key, IMTC_NAME_ALPN);
	bpf_loop(IMTC_ALPN_BYTES, alpn_byte, &walk, 0);
	word_look(&walk);
	s->named = walk.value;
	return (int)walk.found;
}

/* Where the name of a program may end: its version, a comment, another product follow. */
static __always_inline bool is_agent_end(u8 byte)
{
	return byte == '/' || byte == ' ' || byte == '(' || byte == ';';
}

static long agent_byte(u32 i, void *context)
{
	struct word_walk *walk = context;
	u8 byte;

	if (i >= walk->len || i >= IMTC_CLIENT_BYTES)
		return 1;
	byte = (u8)walk->view->client[i];
	if (is_agent_end(byte))
		word_look(walk);
	imtc_domain_step(&walk->key, byte);
	return 0;
}

/* The longest beginning of the client's name that the signatures know. */
IMTC_GLOBAL int agent_find(const struct imtc_view *v, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct word_walk walk = {};

	if (!v || !s || !v->client_len)
		return 0;
	word_start(&walk, v, v->client_len);
	imtc_domain_step(&walk.key, IMTC_NAME_AGENT);
	bpf_loop(IMTC_CLIENT_BYTES, agent_byte, &walk, 0);
	word_look(&walk);
	s->named = walk.value;
	return (int)walk.found;
}

/* --- the names of flows ---------------------------------------------------------- */

struct name_hash {
	struct imtc_domain_key key;
	const char *text;
};

static long name_hash_byte(u32 i, void *context)
{
	struct name_hash *walk = context;
	u8 byte = (u8)walk->text[i & IMTC_DOMAIN_MASK];

	if (!byte)
		return 1;
	imtc_domain_step(&walk->key, byte);
	return 0;
}

/*
 * The name in the query is the flow's from now on. Returns whether it had another
 * one, or none.
 */
IMTC_GLOBAL int name_note(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	u64 seed[2] = { control.domain_seed[0], control.domain_seed[1] };
	struct name_hash walk;
	u64 number;

	if (!s || !flow || !s->event.query.domain[0])
		return 0;
	imtc_domain_start(&walk.key, seed);
	walk.text = s->event.query.domain;
	bpf_loop(IMTC_DOMAIN_BYTES, name_hash_byte, &walk, 0);
	number = imtc_domain_fold(&walk.key);
	/* One that is there is the same: it has been used, and nothing more. */
	if (!bpf_map_lookup_elem(&names, &number))
		bpf_map_update_elem(&names, &number, &s->event.query.domain, BPF_ANY);
	if (flow->name == number)
		return 0;
	flow->name = number;
	return 1;
}

/* The flow's name into the query, where this packet did not bring it. */
static __always_inline void name_recall(struct imtc_scratch *s, const struct imtc_flow *flow)
{
	u64 number = flow->name;
	struct imtc_name *name;

	if (!number || s->event.query.domain[0])
		return;
	name = bpf_map_lookup_elem(&names, &number);
	if (name)
		__builtin_memcpy(s->event.query.domain, name->text, IMTC_DOMAIN_BYTES);
	else
		count_outcome(IMTC_OUTCOME_NAME_LOST);
}

#endif /* IMTC_BPF_NAMES_H */
