// SPDX-License-Identifier: GPL-2.0-only
/*
 * One verdict: check the question, find the owner, ask the policy, then the
 * other modules, count, answer, tell. Called from packet processing: it never
 * sleeps.
 */
#include <linux/netdevice.h>

#include <imtc/policy_owner.h>

#include "imtc.h"
#include "trace.h"

#define FLOW_FLAGS (IMTC_FLOW_CLIENT_1 | IMTC_FLOW_LOCAL_1 | IMTC_FLOW_OUT | \
		    IMTC_FLOW_MIDDLE | IMTC_FLOW_AGAIN | IMTC_FLOW_FORWARD)
#define LABEL_FLAGS (IMTC_LABEL_WATCH | IMTC_LABEL_DOMAIN | IMTC_LABEL_CREDENTIALS)

static bool is_mapped(const u64 addr[2])
{
	const u8 *bytes = (const u8 *)addr;
	static const u8 prefix[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(bytes, prefix, sizeof(prefix));
}

static bool is_label_valid(const struct imtc_label *label)
{
	return label->service < IMTC_SERVICE_MAX && label->feature < IMTC_FEATURE_MAX &&
	       label->confidence <= IMTC_CONFIDENCE_PAYLOAD &&
	       label->encryption <= IMTC_ENCRYPTION_ENCRYPTED &&
	       !(label->flags & ~LABEL_FLAGS) && !label->reserved;
}

/* Nothing the program says is taken on trust. */
static bool is_query_valid(const struct imtc_query *q)
{
	if (q->l4 != IMTC_L4_TCP && q->l4 != IMTC_L4_UDP)
		return false;
	if (q->family != 4 && q->family != 6)
		return false;
	if (q->family == 4 && (!is_mapped(q->client) || !is_mapped(q->server)))
		return false;
	if (q->hook < IMTC_HOOK_XDP || q->hook > IMTC_HOOK_TC_EGRESS)
		return false;
	if (q->flow_flags & ~FLOW_FLAGS)
		return false;
	return is_label_valid(&q->label) && memchr(q->domain, 0, sizeof(q->domain));
}

/*
 * Which patterns of the policy the process matches: worked out once for a
 * process and policy, then remembered with it.
 */
static void match_procs(const struct imtc_policy *policy, u32 epoch, struct imtc_identity *id,
			u64 ret_procs[IMTC_PROC_WORDS])
{
	const struct imtc_policy_index *index = rcu_dereference(policy->index);
	unsigned long flags;
	bool is_known;
	u64 sets;
	u32 i;

	spin_lock_irqsave(&id->lock, flags);
	is_known = id->has_procs && id->procs_epoch == epoch;
	if (is_known)
		memcpy(ret_procs, id->procs, sizeof(id->procs));
	spin_unlock_irqrestore(&id->lock, flags);
	if (is_known)
		return;

	sets = imtc_owner_sets(&index->index, &id->owner, imtc_domain_seed);
	for (i = 0; i < policy->procs_count; i++)
		if (imtc_proc_matches(&policy->procs[i], &id->owner, sets))
			ret_procs[(i + 1) >> 6] |= 1ULL << ((i + 1) & 63);

	spin_lock_irqsave(&id->lock, flags);
	memcpy(id->procs, ret_procs, sizeof(id->procs));
	id->procs_epoch = epoch;
	id->has_procs = true;
	spin_unlock_irqrestore(&id->lock, flags);
}

static u8 peer_of(const struct imtc_policy *policy, const u64 remote[2])
{
	u32 i;

	for (i = 0; i < policy->head.inside; i++)
		if (imtc_prefix_matches(&policy->inside[i], remote))
			return IMTC_PEER_INSIDE;
	return IMTC_PEER_OUTSIDE;
}

static void gather_facts(const struct imtc_policy *policy, const struct imtc_query *q,
			 struct imtc_facts *ret_facts)
{
	bool is_out = q->flow_flags & IMTC_FLOW_OUT;
	struct imtc_facts *f = ret_facts;

	memset(f, 0, sizeof(*f));
	memcpy(f->local, is_out ? q->client : q->server, sizeof(f->local));
	memcpy(f->remote, is_out ? q->server : q->client, sizeof(f->remote));
	f->service = q->label.service;
	f->feature = q->label.feature;
	f->encryption = q->label.encryption;
	f->confidence = q->label.confidence;
	f->direction = is_out ? IMTC_DIRECTION_OUT : IMTC_DIRECTION_IN;
	if (q->flow_flags & IMTC_FLOW_FORWARD)
		f->direction |= IMTC_DIRECTION_FORWARD;
	f->local_port = ntohs((__force __be16)(is_out ? q->client_port : q->server_port));
	f->remote_port = ntohs((__force __be16)(is_out ? q->server_port : q->client_port));
	f->ifindex = q->first_ifindex;
	f->peer = peer_of(policy, f->remote);
	if (policy->head.flags & IMTC_POLICY_DOMAINS)
		imtc_facts_domain(f, q->domain, strnlen(q->domain, sizeof(q->domain)),
				  imtc_domain_seed);
	/* After the epoch: whoever sees that of a turn sees what it opened. */
	f->schedules = READ_ONCE(policy->open);
}

static void apply_rule(const struct imtc_policy *policy, int i, const struct imtc_label *label,
		       struct imtc_decision *decision)
{
	const struct imtc_rule *rule = &policy->rules[i];

	atomic64_inc(&policy->extras[i].hits);
	decision->verdict = imtc_verdict_of(rule->verdict, label);
	decision->argument = rule->argument;
	memcpy(decision->parameters, rule->parameters, sizeof(decision->parameters));
	decision->reason = IMTC_REASON_RULE;
	decision->rule = rule->id;
	decision->rule_name = imtc_policy_rule_name(policy, i);
	decision->log = rule->flags & IMTC_RULE_LOG;
}

/* First match wins; the default is for IM alone. */
static void ask_policy(const struct imtc_policy *policy, const struct imtc_query *q,
		       struct imtc_found *found, struct imtc_decision *decision)
{
	struct imtc_identity *id = found->id;
	struct imtc_asked asked = {
		.policy = policy, .q = q, .owner = id ? &id->owner : NULL,
	};
	struct imtc_facts facts;
	bool observed = policy->head.flags & IMTC_POLICY_OBSERVE;
	int i;

	memset(decision, 0, sizeof(*decision));
	/* Before the hooks are read: see imtc_transaction_renew(). */
	decision->epoch = smp_load_acquire(&policy->head.epoch);
	decision->verdict = IMTC_VERDICT_PASS;
	decision->reason = IMTC_REASON_NO_POLICY;
	if (policy->is_empty)
		return;
	decision->reason = IMTC_REASON_NOT_IM;
	if (q->label.service == IMTC_SERVICE_NONE)
		return;
	if (id && policy->asks_digests && !imtc_digest_is_there(id)) {
		decision->reason = IMTC_REASON_DIGEST;
		decision->verdict = imtc_carried_out(IMTC_VERDICT_DROP, observed,
						     &decision->argument);
		found->again = true;
		return;
	}
	gather_facts(policy, q, &facts);
	if (id && policy->procs_count)
		match_procs(policy, decision->epoch, id, facts.procs);
	i = imtc_index_first(&rcu_dereference(policy->index)->index, policy->rules,
			     policy->head.count, &facts, imtc_rates_count, &asked);
	if (i >= 0) {
		apply_rule(policy, i, &q->label, decision);
		observed |= policy->rules[i].flags & IMTC_RULE_OBSERVE;
	} else {
		decision->reason = IMTC_REASON_DEFAULT;
		decision->verdict = policy->head.default_verdict;
	}
	decision->verdict = imtc_carried_out(decision->verdict, observed, &decision->argument);
}

static void answer(struct imtc_query *q, const struct imtc_decision *decision,
		   const struct imtc_found *found)
{
	q->answer_owner = found->id ? found->id->owner.handle : 0;
	q->epoch = decision->epoch;
	q->argument = decision->argument;
	q->rule = decision->rule;
	q->verdict = decision->verdict;
	q->reason = decision->reason;
	q->answer_flags = (found->again ? IMTC_ANSWER_AGAIN : 0) |
			  (decision->log << 1 & IMTC_ANSWER_LOG);
	q->answer_reserved = 0;
	memcpy(q->parameters, decision->parameters, sizeof(q->parameters));
	q->answer_zero = 0;
}

static void count_decision(const struct imtc_query *q, const struct imtc_decision *decision,
			   struct imtc_identity *id)
{
	u8 verdict = imtc_counted_as(decision->verdict, decision->argument);

	imtc_count(asked);
	imtc_service_count(q->label.service, verdict);
	if (id)
		imtc_identity_decided(id, q->label.service, verdict);
	else
		imtc_count(unowned);
}

int imtc_decide(const struct imtc_origin *from, struct imtc_query *q)
{
	struct imtc_decision decision;
	struct imtc_found found;

	if (!is_query_valid(q))
		return -EINVAL;
	rcu_read_lock();
	imtc_owner_find(from, q, &found);
	ask_policy(rcu_dereference(imtc_policy), q, &found, &decision);
	imtc_hooks_run(q, found.id ? &found.id->owner : NULL, &decision);
	answer(q, &decision, &found);
	count_decision(q, &decision, found.id);
	trace_imtc_verdict(q, &decision, found.id ? &found.id->owner : NULL);
	imtc_notify(q, &decision, found.id);
	rcu_read_unlock();
	imtc_identity_put(found.id);
	return 0;
}
