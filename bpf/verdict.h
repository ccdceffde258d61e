/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asks for the verdict - the module, or the evaluator where there is none - and
 * keeps it in the flow with its epoch, reason and rule.
 */
#ifndef IMTC_BPF_VERDICT_H
#define IMTC_BPF_VERDICT_H

#include "classify.h"
#include "ident.h"
#include "rate.h"

/* The question; its domain is there already where this packet has told it. */
IMTC_GLOBAL int verdict_prepare(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_query *q;
	struct imtc_packet *p;
	bool from_client;

	if (!s || !flow)
		return 0;
	q = &s->event.query;
	p = &s->packet;
	from_client = p->direction == IMTC_DIR_CLIENT;
	q->client[0] = from_client ? p->source[0] : p->destination[0];
	q->client[1] = from_client ? p->source[1] : p->destination[1];
	q->server[0] = from_client ? p->destination[0] : p->source[0];
	q->server[1] = from_client ? p->destination[1] : p->source[1];
	q->client_port = from_client ? p->source_port : p->destination_port;
	q->server_port = from_client ? p->destination_port : p->source_port;
	q->l4 = p->protocol;
	q->family = p->family;
	q->hook = p->hook;
	q->flow_flags = flow->flags;
	q->ifindex = p->ifindex;
	q->first_ifindex = flow->ifindex;
	q->label = flow->label;
	q->label.flags &= (u8)~IMTC_LABEL_OPEN;
	name_recall(s, flow);
	q->owner = flow->owner;
	q->first_ns = flow->first_ns;
	q->answer_owner = 0;
	q->epoch = q->argument = q->rule = q->answer_zero = 0;
	__builtin_memset(q->parameters, 0, sizeof(q->parameters));
	q->verdict = q->reason = q->answer_flags = q->answer_reserved = 0;
	return 0;
}

/* --- the evaluator, BPF-only --------------------------------------------------- */

struct rule_walk {
	struct imtc_rows rows;
	struct imtc_pick *pick;
	const struct imtc_facts *facts;
	u32 slot;
	u32 hook;
	u32 found;	/* entry of the rule that matches; 0: none */
};

static __always_inline void *policy_entry(u32 slot, u32 entry)
{
	void *rules = bpf_map_lookup_elem(&policies, &slot);

	return rules ? bpf_map_lookup_elem(rules, &entry) : NULL;
}

/* The sets that have the flow's name. */
struct name_walk {
	struct imtc_pick *pick;
	struct imtc_facts *facts;
	u32 slot;
};

static long name_labels(u32 i, void *context)
{
	struct name_walk *walk = context;
	const struct imtc_index *index = bpf_map_lookup_elem(&indexes, &walk->slot);
	const struct imtc_index_head *head = index ? (const void *)imtc_index_page(index, 0) : NULL;

	if (!head)
		return 1;
	return imtc_index_labels(index, head, walk->pick, walk->facts, i + 1) != 0;
}

/* Do the rates of a rule that fits hold? */
static __always_inline bool rates_match(const struct imtc_rule *rule, u32 hook)
{
	for (u32 i = 0; i < IMTC_RATES; i++) {
		u32 rate = rule->rates[i];

		if (rate && !imtc_rate_exceeds(rate_number(rule->id, rate, i, hook), rate))
			return false;
	}
	return true;
}

/* One step towards the first rule that matches. */
static long rule_step(u32 i, void *context)
{
	struct rule_walk *walk = context;
	const struct imtc_rule *rule;
	u32 number = 0;
	int answer;

	(void)i;
	answer = imtc_pick_step(walk->pick, &walk->rows, &number);
	if (answer != IMTC_PICK_RULE)
		return answer == IMTC_PICK_END;
	rule = policy_entry(walk->slot, number + 1);
	if (!rule)
		return 1;
	if (!imtc_rule_fits(rule, walk->facts) || !rates_match(rule, walk->hook))
		return 0;
	walk->found = number + 1;
	return 1;
}

/* The entry of the first rule that matches, 0: none. -1: the index cannot be read. */
static __always_inline int rule_find(struct imtc_scratch *s, u32 slot)
{
	struct rule_walk walk = { .pick = &s->pick, .facts = &s->facts, .slot = slot,
				  .hook = s->packet.hook };
	const struct imtc_index *index = bpf_map_lookup_elem(&indexes, &slot);

	if (!index || imtc_pick_begin(index, &s->facts, &s->pick, &walk.rows))
		return -1;
	bpf_loop(IMTC_PICK_STEPS, rule_step, &walk, 0);
	return walk.found;
}

static __always_inline void rule_hit(u32 epoch, u32 id)
{
	u32 slot = imtc_hit_slot(epoch, id);
	u64 *hits = bpf_map_lookup_elem(&rule_hits, &slot);

	if (hits)
		*hits += 1;
}

/* The inside prefixes, which stand behind the rules. */
struct inside_walk {
	const struct imtc_facts *facts;
	u32 slot;
	u32 entry;	/* of the first */
	u32 found;
};

static long inside_try(u32 i, void *context)
{
	struct inside_walk *walk = context;
	const struct imtc_rule *entry = policy_entry(walk->slot, walk->entry + i);

	if (!entry)
		return 1;
	walk->found = imtc_prefix_matches(&entry->remote, walk->facts->remote);
	return walk->found;
}

static __always_inline void facts_from(struct imtc_facts *f, const struct imtc_query *q)
{
	bool out = q->flow_flags & IMTC_FLOW_OUT;

	f->local[0] = out ? q->client[0] : q->server[0];
	f->local[1] = out ? q->client[1] : q->server[1];
	f->remote[0] = out ? q->server[0] : q->client[0];
	f->remote[1] = out ? q->server[1] : q->client[1];
	f->service = q->label.service;
	f->feature = q->label.feature;
	f->encryption = q->label.encryption;
	f->confidence = q->label.confidence;
	f->direction = out ? IMTC_DIRECTION_OUT : IMTC_DIRECTION_IN;
	if (q->flow_flags & IMTC_FLOW_FORWARD)
		f->direction |= IMTC_DIRECTION_FORWARD;
	f->local_port = bpf_ntohs(out ? q->client_port : q->server_port);
	f->remote_port = bpf_ntohs(out ? q->server_port : q->client_port);
	f->ifindex = q->first_ifindex;
}

struct domain_walk {
	struct imtc_domain_key key;
	struct imtc_facts *facts;
	const char *text;
	u32 len;
};

static long domain_count(u32 i, void *context)
{
	struct domain_walk *walk = context;

	walk->len = i;
	return !walk->text[i & IMTC_DOMAIN_MASK];
}

static long domain_byte(u32 i, void *context)
{
	struct domain_walk *walk = context;

	if (i >= walk->len)
		return 1;
	imtc_facts_byte(walk->facts, &walk->key,
			(u8)walk->text[(walk->len - 1 - i) & IMTC_DOMAIN_MASK]);
	return 0;
}

/* What rules ask of the domain. */
static __always_inline void facts_domain(struct imtc_scratch *s, u32 slot)
{
	u64 seed[2] = { control.domain_seed[0], control.domain_seed[1] };
	struct domain_walk walk = { .facts = &s->facts, .text = s->event.query.domain };
	struct name_walk sets = { .pick = &s->pick, .facts = &s->facts, .slot = slot };

	__builtin_memset(s->facts.domain, 0, sizeof(s->facts.domain));
	s->facts.domain_labels = 0;
	s->facts.domain_sets = 0;
	if (!walk.text[0])
		return;
	imtc_domain_start(&walk.key, seed);
	bpf_loop(IMTC_DOMAIN_BYTES, domain_count, &walk, 0);
	bpf_loop(IMTC_DOMAIN_BYTES, domain_byte, &walk, 0);
	imtc_facts_label(&s->facts, &walk.key);
	bpf_loop(IMTC_LABELS_MAX - 1, name_labels, &sets, 0);
}

/* Is the other end in one of the policy's inside prefixes? */
static __always_inline void facts_peer(struct imtc_facts *f, const struct imtc_policy_head *head,
				       u32 slot)
{
	struct inside_walk walk = { .facts = f, .slot = slot, .entry = head->count + 1 };
	u32 inside = head->inside;

	if (inside)
		bpf_loop(inside < IMTC_INSIDE_MAX ? inside : IMTC_INSIDE_MAX, inside_try, &walk, 0);
	f->peer = walk.found ? IMTC_PEER_INSIDE : IMTC_PEER_OUTSIDE;
}

/*
 * Answers the query by the policy in force. 0, or -1 where none can be read:
 * imctl is writing that slot again, two policies later.
 */
IMTC_GLOBAL int evaluate(u32 epoch, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_policy_head *head;
	struct imtc_rule *rule;
	struct imtc_query *q;
	u32 observed;
	int found;

	if (!s)
		return -1;
	q = &s->event.query;
	q->epoch = epoch;
	if (!epoch) {
		q->verdict = IMTC_VERDICT_PASS;
		q->reason = IMTC_REASON_NO_POLICY;
		return 0;
	}
	head = policy_entry(epoch & 1, 0);
	if (!head || head->epoch != epoch)
		return -1;
	observed = head->flags & IMTC_POLICY_OBSERVE;
	q->verdict = head->default_verdict;
	q->reason = IMTC_REASON_DEFAULT;
	facts_from(&s->facts, q);
	facts_peer(&s->facts, head, epoch & 1);
	if (head->flags & IMTC_POLICY_DOMAINS)
		facts_domain(s, epoch & 1);
	rate_begin(s, head->loaded_ns);
	found = rule_find(s, epoch & 1);
	if (found < 0)
		return -1;
	rule = found ? policy_entry(epoch & 1, found) : NULL;
	if (rule) {
		q->verdict = imtc_verdict_of(rule->verdict, &q->label);
		q->reason = IMTC_REASON_RULE;
		q->rule = rule->id;
		q->argument = rule->argument;
		__builtin_memcpy(q->parameters, rule->parameters, sizeof(q->parameters));
		q->answer_flags = (rule->flags & IMTC_RULE_LOG) << 1;
		observed |= rule->flags & IMTC_RULE_OBSERVE;
		rule_hit(epoch, rule->id);
	}
	q->verdict = imtc_carried_out(q->verdict, observed, &q->argument);
	/* Overwritten while it was read? The epoch was taken back first. */
	head = policy_entry(epoch & 1, 0);
	return head && head->epoch == epoch ? 0 : -1;
}

static __always_inline void event_send(struct imtc_scratch *s)
{
	s->event.size = sizeof(s->event);
	s->event.reserved = 0;
	s->event.time_ns = bpf_ktime_get_ns();
	if (bpf_ringbuf_output(&events, &s->event, sizeof(s->event), 0))
		count_outcome(IMTC_OUTCOME_EVENT_LOST);
}

/* --- asking -------------------------------------------------------------------- */

static __always_inline int verdict_ask(void *ctx, const enum imtc_context kind,
				       struct imtc_scratch *s, u32 epoch)
{
	if (!imtc_with_module)
		return evaluate(epoch, s->packet.hook);
	if (kind == IMTC_CONTEXT_XDP)
		return imtc_verdict_xdp(ctx, &s->event.query, sizeof(s->event.query));
	return imtc_verdict_skb(ctx, &s->event.query, sizeof(s->event.query));
}

/* The answer when there is none: asked again with the next payload. */
static __always_inline void verdict_failed(struct imtc_query *q, u32 epoch)
{
	count_outcome(IMTC_OUTCOME_ASK_FAILED);
	q->verdict = control.on_failure == IMTC_VERDICT_DROP ? IMTC_VERDICT_DROP :
							       IMTC_VERDICT_PASS;
	q->reason = IMTC_REASON_FAILURE;
	q->epoch = epoch;
	q->argument = q->rule = 0;
	q->answer_flags = IMTC_ANSWER_AGAIN;
}

/* Puts the answer, or the lack of one, into the flow. */
IMTC_GLOBAL int verdict_settle(struct imtc_flow *flow, int error, u32 epoch, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_query *q;
	u8 flags;

	if (!s || !flow)
		return 0;
	q = &s->event.query;
	count_outcome(IMTC_OUTCOME_ASKED);
	if (error || !imtc_verdict_is_answer(q->verdict))
		verdict_failed(q, epoch);
	flow->epoch = q->epoch;
	flow->argument = q->argument;
	__builtin_memcpy(flow->parameters, q->parameters, sizeof(flow->parameters));
	flow->rule = q->rule;
	if (q->answer_owner)
		flow->owner = q->answer_owner;
	if (flow->asked < 0xff)
		flow->asked++;
	flags = flow->flags & (u8)~IMTC_FLOW_AGAIN;
	if (q->answer_flags & IMTC_ANSWER_AGAIN && flow->asked < 0xff)
		flags |= IMTC_FLOW_AGAIN;
	flow->slot = imtc_counter_slot(flow->label.service, flow->label.feature,
				       imtc_counted_as(q->verdict, q->argument));
	flow_settle(flow, flow_state_of(&flow->label), q->verdict, flags, q->reason);
	if (!imtc_with_module)
		event_send(s);
	return 0;
}

#endif /* IMTC_BPF_VERDICT_H */
