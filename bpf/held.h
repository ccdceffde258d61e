/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict ASK: the packets of a flow are dropped, which TCP and the clients'
 * own protocols send again, until somebody has answered or the rule's time is over.
 * Nothing is queued, and nobody need be there for the time to end.
 */
#ifndef IMTC_BPF_HELD_H
#define IMTC_BPF_HELD_H

#include "verdict.h"

#define HELD_SECOND_NS 1000000000ULL

static __always_inline void held_key(struct imtc_held_key *key, const struct imtc_packet *p)
{
	bool from_client = p->direction == IMTC_DIR_CLIENT;

	key->client[0] = from_client ? p->source[0] : p->destination[0];
	key->client[1] = from_client ? p->source[1] : p->destination[1];
	key->server[0] = from_client ? p->destination[0] : p->source[0];
	key->server[1] = from_client ? p->destination[1] : p->source[1];
	key->client_port = from_client ? p->source_port : p->destination_port;
	key->server_port = from_client ? p->destination_port : p->source_port;
	key->zone_l4 = p->family == 4 ? p->key4.zone_l4 : p->key6.zone_l4;
}

/* What was answered for the flow's process, 0: nothing. */
static __always_inline u32 held_remembered(struct imtc_scratch *s, const struct imtc_flow *flow)
{
	u32 *answer;

	s->answer_key.owner = flow->owner;
	s->answer_key.service = flow->label.service;
	s->answer_key.zero = 0;
	answer = flow->owner ? bpf_map_lookup_elem(&answers, &s->answer_key) : NULL;
	return answer ? *answer : 0;
}

/* A new entry, with the question that the flow's verdict answered. */
static __always_inline void held_begin(struct imtc_scratch *s, struct imtc_flow *flow)
{
	if (!(s->step & STEP_ASK)) {
		/* Its entry had to go. The name went with it. */
		verdict_prepare(flow, s->packet.hook);
		__builtin_memset(s->event.query.domain, 0, IMTC_DOMAIN_BYTES);
		s->event.query.answer_owner = flow->owner;
		s->event.query.verdict = flow->verdict;
		s->event.query.rule = flow->rule;
		s->event.query.epoch = flow->epoch;
	}
	s->held.first_ns = flow->first_ns;
	s->held.deadline_ns = bpf_ktime_get_ns() + flow->argument * HELD_SECOND_NS;
	s->held.answer = s->held.zero = 0;
	__builtin_memcpy(&s->held.query, &s->event.query, sizeof(s->held.query));
	bpf_map_update_elem(&held, &s->held_key, &s->held, BPF_ANY);
}

static __always_inline bool held_is_answer(u32 answer)
{
	return answer >= IMTC_VERDICT_PASS && answer <= IMTC_VERDICT_REJECT;
}

/* The verdict that the flow has from now on. */
static __always_inline void held_settle(struct imtc_flow *flow, u32 answer, u8 reason)
{
	flow->argument = 0;
	flow->slot = imtc_counter_slot(flow->label.service, flow->label.feature, answer);
	flow_settle(flow, flow_state_of(&flow->label), answer, flow->flags, reason);
}

/* The verdict for a packet of a flow with the verdict ASK: the answer, or ASK while it is held. */
IMTC_GLOBAL int held_verdict(struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_held *entry;
	u32 answer;

	if (!s || !flow)
		return IMTC_VERDICT_ASK;
	held_key(&s->held_key, &s->packet);
	entry = bpf_map_lookup_elem(&held, &s->held_key);
	if (entry && entry->first_ns != flow->first_ns)
		entry = NULL;
	answer = entry ? entry->answer : 0;
	if (!held_is_answer(answer))
		answer = held_remembered(s, flow);
	if (held_is_answer(answer)) {
		held_settle(flow, answer, IMTC_REASON_ANSWER);
		return answer;
	}
	if (!entry) {
		held_begin(s, flow);
	} else if (bpf_ktime_get_ns() >= entry->deadline_ns) {
		answer = flow->parameters[IMTC_ASK_OTHERWISE];
		if (!held_is_answer(answer))
			answer = IMTC_VERDICT_DROP;
		held_settle(flow, answer, IMTC_REASON_UNANSWERED);
		return answer;
	}
	count_outcome(IMTC_OUTCOME_HELD);
	return IMTC_VERDICT_ASK;
}

#endif /* IMTC_BPF_HELD_H */
