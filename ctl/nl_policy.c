// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy to the module: one transaction, rules in as few messages as fit. It
 * is remembered where in each message a rule stands, as the kernel names what
 * it refuses by offset.
 */
#include <errno.h>
#include <string.h>

#include "nl_internal.h"
#include "pattern.h"
#include "policy.h"

/* Of a message's rules. Half of what is allocated: a rule never fails to fit. */
#define BATCH_BYTES (32 << 10)

/* --- messages --------------------------------------------------------------- */

static int prefix_bits(const struct imtc_prefix *prefix)
{
	return __builtin_popcountll(prefix->mask[0]) + __builtin_popcountll(prefix->mask[1]);
}

static int put_inside(struct nl_msg *msg, const struct policy *policy)
{
	u8 bytes[IMTC_INSIDE_MAX][IMTC_INSIDE_BYTES];

	if (!policy->inside_count)
		return 0;
	for (size_t i = 0; i < policy->inside_count; i++) {
		memcpy(bytes[i], policy->inside[i].addr, sizeof(policy->inside[i].addr));
		bytes[i][16] = (u8)prefix_bits(&policy->inside[i]);
	}
	return nla_put(msg, IMTC_POLICY_A_INSIDE, (int)policy->inside_count * IMTC_INSIDE_BYTES,
		       bytes);
}

/* Names one after the other, each with its NUL; and the turns. */
static int put_schedules(struct nl_msg *msg, const struct policy *policy)
{
	char names[IMTC_SCHEDULES_MAX * IMTC_NAME_BYTES];
	size_t used = 0;

	if (!policy->turn_count)
		return 0;
	for (size_t i = 0; i < policy->schedules.count; i++) {
		size_t bytes = strlen(policy->schedules.items[i].name) + 1;

		memcpy(names + used, policy->schedules.items[i].name, bytes);
		used += bytes;
	}
	return nla_put(msg, IMTC_POLICY_A_SCHEDULES, (int)used, names) ||
	       nla_put(msg, IMTC_POLICY_A_TURNS,
		       (int)(policy->turn_count * sizeof(*policy->turns)), policy->turns);
}

int nl_put_head(struct nl_msg *msg, const struct policy *policy)
{
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_POLICY);

	if (!nest || nla_put_string(msg, IMTC_POLICY_A_NAME, policy->name) ||
	    nla_put_u8(msg, IMTC_POLICY_A_DEFAULT, policy->default_verdict) ||
	    nla_put_u8(msg, IMTC_POLICY_A_ON_FAILURE, policy->on_failure) ||
	    (policy->observe && nla_put_flag(msg, IMTC_POLICY_A_OBSERVE)) ||
	    nla_put(msg, IMTC_POLICY_A_DIGEST, sizeof(policy->digest), policy->digest) ||
	    put_inside(msg, policy) || put_schedules(msg, policy))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_prefix(struct nl_msg *msg, const struct imtc_prefix *prefix, int addr_type,
		      int len_type)
{
	int bits = prefix_bits(prefix);

	if (!bits)
		return 0;
	return nla_put(msg, addr_type, sizeof(prefix->addr), prefix->addr) ||
	       nla_put_u8(msg, len_type, (u8)bits);
}

static int put_proc(struct nl_msg *msg, const struct imtc_proc *proc)
{
	for (const struct pattern_text *text = pattern_texts; text->flag; text++)
		if ((proc->flags & text->flag) &&
		    nla_put_string(msg, text->attribute, pattern_text_of(text, proc)))
			return -EMSGSIZE;
	if ((proc->flags & IMTC_PROC_UID) && nla_put_u32(msg, IMTC_RULE_A_UID, proc->uid))
		return -EMSGSIZE;
	if ((proc->flags & IMTC_PROC_GID) && nla_put_u32(msg, IMTC_RULE_A_GID, proc->gid))
		return -EMSGSIZE;
	return 0;
}

static int put_ports(struct nl_msg *msg, const struct imtc_ports *ports, int type)
{
	return ports->last ? nla_put_u32(msg, type, (u32)ports->first << 16 | ports->last) : 0;
}

static int put_place(struct nl_msg *msg, const struct policy *policy,
		     const struct imtc_rule *rule)
{
	if (put_prefix(msg, &rule->local, IMTC_RULE_A_LOCAL, IMTC_RULE_A_LOCAL_LEN) ||
	    put_prefix(msg, &rule->remote, IMTC_RULE_A_REMOTE, IMTC_RULE_A_REMOTE_LEN) ||
	    put_ports(msg, &rule->local_port, IMTC_RULE_A_LOCAL_PORTS) ||
	    put_ports(msg, &rule->remote_port, IMTC_RULE_A_REMOTE_PORTS))
		return -EMSGSIZE;
	/* A device that is not there is 0, which the module refuses. */
	if (rule->ifindex &&
	    nla_put_u32(msg, IMTC_RULE_A_IFINDEX, policy_ifindex(policy, rule)))
		return -EMSGSIZE;
	return rule->peers ? nla_put_u8(msg, IMTC_RULE_A_PEERS, rule->peers) : 0;
}

static int put_criteria(struct nl_msg *msg, const struct policy *policy,
			const struct imtc_rule *rule)
{
	if ((rule->services[0] | rule->services[1]) &&
	    nla_put(msg, IMTC_RULE_A_SERVICES, sizeof(rule->services), rule->services))
		return -EMSGSIZE;
	if (rule->features && nla_put_u16(msg, IMTC_RULE_A_FEATURES, rule->features))
		return -EMSGSIZE;
	if (rule->directions && nla_put_u8(msg, IMTC_RULE_A_DIRECTIONS, rule->directions))
		return -EMSGSIZE;
	if (rule->encryptions && nla_put_u8(msg, IMTC_RULE_A_ENCRYPTIONS, rule->encryptions))
		return -EMSGSIZE;
	if (rule->confidence && nla_put_u8(msg, IMTC_RULE_A_CONFIDENCE, rule->confidence))
		return -EMSGSIZE;
	return put_place(msg, policy, rule);
}

static int put_sets(struct nl_msg *msg, const struct rule_words *words)
{
	return (words->local_set &&
		nla_put_string(msg, IMTC_RULE_A_LOCAL_SET, words->local_set)) ||
	       (words->remote_set &&
		nla_put_string(msg, IMTC_RULE_A_REMOTE_SET, words->remote_set)) ||
	       (words->domain_set &&
		nla_put_string(msg, IMTC_RULE_A_DOMAIN_SET, words->domain_set)) ||
	       (words->exe_set && nla_put_string(msg, IMTC_RULE_A_EXE_SET, words->exe_set)) ||
	       (words->user_set && nla_put_string(msg, IMTC_RULE_A_USER_SET, words->user_set));
}

static int put_rates(struct nl_msg *msg, const u32 rates[IMTC_RATES])
{
	return (rates[IMTC_RATE_FLOWS] &&
		nla_put_u32(msg, IMTC_RULE_A_NEW_FLOWS, rates[IMTC_RATE_FLOWS])) ||
	       (rates[IMTC_RATE_PEERS] &&
		nla_put_u32(msg, IMTC_RULE_A_NEW_PEERS, rates[IMTC_RATE_PEERS]));
}

static int put_schedule(struct nl_msg *msg, u8 schedule, const char *name)
{
	char text[IMTC_NAME_BYTES + 1];

	if (!name)
		return 0;
	snprintf(text, sizeof(text), "%s%s", schedule & IMTC_SCHEDULE_NOT ? "!" : "", name);
	return nla_put_string(msg, IMTC_RULE_A_SCHEDULE, text);
}

static int put_rule(struct nl_msg *msg, const struct policy *policy, const struct imtc_rule *rule)
{
	struct rule_words words = policy_words(policy, rule);
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_RULE);

	if (!nest || nla_put_u32(msg, IMTC_RULE_A_ID, rule->id) ||
	    nla_put_string(msg, IMTC_RULE_A_NAME, words.name) ||
	    nla_put_u8(msg, IMTC_RULE_A_VERDICT, rule->verdict) ||
	    put_criteria(msg, policy, rule) || put_sets(msg, &words) ||
	    (words.domain && nla_put_string(msg, IMTC_RULE_A_DOMAIN, words.domain)) ||
	    put_schedule(msg, rule->schedule, words.schedule) || put_rates(msg, rule->rates) ||
	    (words.proc && put_proc(msg, words.proc)))
		return -EMSGSIZE;
	if (rule->argument && nla_put_u32(msg, IMTC_RULE_A_ARGUMENT, rule->argument))
		return -EMSGSIZE;
	if (imtc_verdict_has_parameters(rule->verdict) &&
	    nla_put(msg, IMTC_RULE_A_PARAMETERS, sizeof(rule->parameters), rule->parameters))
		return -EMSGSIZE;
	if ((rule->flags & IMTC_RULE_LOG) &&
	    nla_put_u8(msg, IMTC_RULE_A_LOG, rule->flags & IMTC_RULE_LOG))
		return -EMSGSIZE;
	if ((rule->flags & IMTC_RULE_OBSERVE) && nla_put_flag(msg, IMTC_RULE_A_OBSERVE))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int nl_put_rules(struct nl_msg *msg, const struct policy *policy, size_t *next,
		 struct nl_batch *batch)
{
	batch->count = 0;
	while (*next < policy->compiled_count && batch->count < NL_SPANS_MAX &&
	       nlmsg_hdr(msg)->nlmsg_len < BATCH_BYTES) {
		const struct imtc_rule *rule = &policy->compiled[*next];
		struct nl_span *span = &batch->spans[batch->count];

		span->start = nlmsg_hdr(msg)->nlmsg_len;
		if (put_rule(msg, policy, rule))
			return -EMSGSIZE;
		span->end = nlmsg_hdr(msg)->nlmsg_len;
		span->rule = rule->id;
		batch->count++;
		(*next)++;
	}
	return 0;
}

unsigned int nl_rule_at(const struct nl_batch *batch, u32 offset)
{
	for (size_t i = 0; i < batch->count; i++)
		if (offset >= batch->spans[i].start && offset < batch->spans[i].end)
			return batch->spans[i].rule;
	/* Without an offset a message of one rule leaves no doubt. */
	return batch->count == 1 && !offset ? batch->spans[0].rule : 0;
}

/* --- the transaction -------------------------------------------------------- */

static int take_transaction(struct nlattr **attrs, void *data)
{
	u32 *transaction = data;

	if (!attrs[IMTC_A_TRANSACTION] || nla_len(attrs[IMTC_A_TRANSACTION]) < 4)
		return -EBADMSG;
	*transaction = nla_get_u32(attrs[IMTC_A_TRANSACTION]);
	return 0;
}

static int take_epoch(struct nlattr **attrs, void *data)
{
	u32 *epoch = data;

	if (!attrs[IMTC_A_EPOCH] || nla_len(attrs[IMTC_A_EPOCH]) < 4)
		return -EBADMSG;
	*epoch = nla_get_u32(attrs[IMTC_A_EPOCH]);
	return 0;
}

/* Without a policy: to change sets of the running one. */
static int begin(struct imtc_nl *nl, const struct policy *policy, u32 *ret_transaction)
{
	struct nl_msg *msg = nl_request(nl, IMTC_CMD_POLICY_BEGIN, 0);

	if (!msg)
		return -ENOMEM;
	if (policy && nl_put_head(msg, policy)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	return nl_call(nl, msg, take_transaction, ret_transaction);
}

static int send_rules(struct imtc_nl *nl, const struct policy *policy, u32 transaction)
{
	struct nl_batch batch;
	size_t next = 0;
	int error = 0;

	while (!error && next < policy->compiled_count) {
		struct nl_msg *msg = nl_request(nl, IMTC_CMD_POLICY_RULE, 0);

		if (!msg)
			return -ENOMEM;
		error = nla_put_u32(msg, IMTC_A_TRANSACTION, transaction);
		if (!error)
			error = nl_put_rules(msg, policy, &next, &batch);
		if (error) {
			nlmsg_free(msg);
			return -EMSGSIZE;
		}
		error = nl_call(nl, msg, NULL, NULL);
		if (error)
			nl->refused_rule = nl_rule_at(&batch, nl->extack.offset);
	}
	return error;
}

static int commit(struct imtc_nl *nl, u32 count, u32 transaction, u32 *ret_epoch)
{
	struct nl_msg *msg = nl_request(nl, IMTC_CMD_POLICY_COMMIT, 0);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, IMTC_A_TRANSACTION, transaction) ||
	    nla_put_u32(msg, IMTC_A_COUNT, count)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	return nl_call(nl, msg, take_epoch, ret_epoch);
}

/* Best effort; the module drops what is left open when the socket closes. */
static void abort_transaction(struct imtc_nl *nl, u32 transaction)
{
	struct nl_extack kept = nl->extack;
	unsigned int rule = nl->refused_rule;
	struct nl_msg *msg = nl_request(nl, IMTC_CMD_POLICY_ABORT, 0);

	if (msg && !nla_put_u32(msg, IMTC_A_TRANSACTION, transaction))
		nl_call(nl, msg, NULL, NULL);
	else
		nlmsg_free(msg);
	/* What is told is why it was aborted. */
	nl->extack = kept;
	nl->refused_rule = rule;
}

int nl_policy_load(struct imtc_nl *nl, const struct policy *policy, u32 *ret_epoch)
{
	u32 transaction = 0, epoch = 0;
	int error = begin(nl, policy, &transaction);

	if (error)
		return error;
	error = nl_send_sets(nl, &policy->sets, transaction);
	if (!error)
		error = send_rules(nl, policy, transaction);
	if (!error)
		error = commit(nl, (u32)policy->compiled_count, transaction, &epoch);
	if (error) {
		abort_transaction(nl, transaction);
		return error;
	}
	*ret_epoch = epoch;
	return 0;
}

int nl_sets_replace(struct imtc_nl *nl, const struct policy_sets *sets, u32 *ret_epoch)
{
	u32 transaction = 0;
	int error = begin(nl, NULL, &transaction);

	if (error)
		return error;
	error = nl_send_sets(nl, sets, transaction);
	if (!error)
		error = commit(nl, (u32)(sets->entry_count + sets->word_count), transaction,
			       ret_epoch);
	if (error)
		abort_transaction(nl, transaction);
	return error;
}

int nl_policy_flush(struct imtc_nl *nl, u32 *ret_epoch)
{
	u32 epoch = 0;
	int error = nl_call(nl, nl_request(nl, IMTC_CMD_POLICY_FLUSH, 0), take_epoch, &epoch);

	if (!error)
		*ret_epoch = epoch;
	return error;
}
