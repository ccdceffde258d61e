// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy: its rules, their names and the process patterns they share. Built
 * aside, rule by rule; it does not change once it is in force, save its hits.
 */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "imtc.h"

u64 imtc_domain_seed[2];

static atomic_t policies_count = ATOMIC_INIT(0);

struct imtc_policy *imtc_policy_new(void)
{
	struct imtc_policy *policy = kzalloc(sizeof(*policy), GFP_KERNEL_ACCOUNT);

	if (policy)
		atomic_inc(&policies_count);
	return policy;
}

void imtc_policy_free(struct imtc_policy *policy)
{
	if (!policy)
		return;
	kvfree(policy->rules);
	kvfree(policy->extras);
	kvfree(policy->names);
	kvfree(policy->procs);
	kfree(policy->set_names);
	kvfree(policy->entries);
	kvfree(policy->words);
	imtc_policy_index_free(rcu_dereference_protected(policy->index, true));
	imtc_rates_free(policy);
	kfree(policy->inside);
	kfree(policy->schedule_names);
	kvfree(policy->turns);
	kfree(policy);
	atomic_dec(&policies_count);
}

u32 imtc_policies_count(void)
{
	return atomic_read(&policies_count);
}

/* A larger copy of an array; the old one is freed. NULL, and nothing done, without memory. */
static void *enlarge(void *old, u32 used, u32 room, size_t size)
{
	void *fresh = kvcalloc(room, size, GFP_KERNEL_ACCOUNT);

	if (fresh && used)
		memcpy(fresh, old, array_size(used, size));
	if (fresh)
		kvfree(old);
	return fresh;
}

static int reserve_rule(struct imtc_policy *policy)
{
	u32 used = policy->head.count;
	u32 room = max_t(u32, 16, used * 2);
	void *fresh;

	if (used < policy->rules_room)
		return 0;
	fresh = enlarge(policy->rules, used, room, sizeof(*policy->rules));
	if (!fresh)
		return -ENOMEM;
	policy->rules = fresh;
	fresh = enlarge(policy->extras, used, room, sizeof(*policy->extras));
	if (!fresh)
		return -ENOMEM;
	policy->extras = fresh;
	policy->rules_room = room;
	return 0;
}

/* Appends a text to the policy's. */
static int add_text(struct imtc_policy *policy, const char *text, u32 *ret_at)
{
	u32 bytes = strlen(text) + 1;
	void *fresh;

	if (policy->names_bytes + bytes > policy->names_room) {
		u32 room = max_t(u32, 1024, policy->names_room * 2);

		fresh = enlarge(policy->names, policy->names_bytes, room, 1);
		if (!fresh)
			return -ENOMEM;
		policy->names = fresh;
		policy->names_room = room;
	}
	*ret_at = policy->names_bytes;
	memcpy(policy->names + policy->names_bytes, text, bytes);
	policy->names_bytes += bytes;
	return 0;
}

/* Rules of one number share one name and follow each other. */
static int add_name(struct imtc_policy *policy, const struct imtc_new_rule *add, u32 *ret_name,
		    struct netlink_ext_ack *extack)
{
	const struct imtc_rule *last =
		policy->head.count ? &policy->rules[policy->head.count - 1] : NULL;

	if (last && add->rule.id < last->id) {
		NL_SET_ERR_MSG(extack, "Rule numbers must not fall");
		return -EINVAL;
	}
	if (last && add->rule.id == last->id) {
		*ret_name = policy->extras[policy->head.count - 1].name;
		if (!strcmp(policy->names + *ret_name, add->name))
			return 0;
		NL_SET_ERR_MSG(extack, "Rules of one number must have one name");
		return -EINVAL;
	}
	return add_text(policy, add->name, ret_name);
}

/* Records are zeroed before they are filled, so bytes tell whether they are the same. */
static int add_proc(struct imtc_policy *policy, const struct imtc_proc *proc, u16 *ret_proc,
		    struct netlink_ext_ack *extack)
{
	void *fresh;
	u32 i;

	*ret_proc = 0;
	if (!proc->flags)
		return 0;
	for (i = 0; i < policy->procs_count; i++) {
		if (!memcmp(&policy->procs[i], proc, sizeof(*proc))) {
			*ret_proc = i + 1;
			return 0;
		}
	}
	if (policy->procs_count >= IMTC_PROCS_MAX - 1) {
		NL_SET_ERR_MSG(extack, "A policy names at most 1023 different processes");
		return -E2BIG;
	}
	if (policy->procs_count == policy->procs_room) {
		u32 room = max_t(u32, 4, policy->procs_room * 2);

		fresh = enlarge(policy->procs, policy->procs_count, room, sizeof(*policy->procs));
		if (!fresh)
			return -ENOMEM;
		policy->procs = fresh;
		policy->procs_room = room;
	}
	policy->procs[policy->procs_count++] = *proc;
	policy->asks_digests |= proc->flags & IMTC_PROC_EXE_SHA256;
	*ret_proc = policy->procs_count;
	return 0;
}

int imtc_policy_add(struct imtc_policy *policy, const struct imtc_new_rule *add,
		    struct netlink_ext_ack *extack)
{
	struct imtc_policy_mark mark = imtc_policy_mark(policy);
	struct imtc_rule *rule;
	u32 name, domain = 0;
	u16 proc;
	int error;

	BUILD_BUG_ON(IMTC_RULES_MAX != 16384 || IMTC_PROCS_MAX != 1024); /* as the sentences say */
	if (policy->head.count >= IMTC_RULES_MAX) {
		NL_SET_ERR_MSG(extack, "A policy has at most 16384 compiled rules");
		return -E2BIG;
	}
	error = reserve_rule(policy);
	if (!error)
		error = add_name(policy, add, &name, extack);
	if (!error)
		error = add_proc(policy, &add->proc, &proc, extack);
	if (!error && add->rule.domain_labels)
		error = add_text(policy, add->domain, &domain);
	if (error) {
		imtc_policy_cut(policy, mark);
		if (error == -ENOMEM)
			NL_SET_ERR_MSG(extack, "No memory for another rule");
		return error;
	}
	rule = &policy->rules[policy->head.count];
	*rule = add->rule;
	rule->proc = proc;
	policy->extras[policy->head.count].name = name;
	policy->extras[policy->head.count].domain = domain;
	if (rule->domain_labels || rule->domain_set)
		policy->head.flags |= IMTC_POLICY_DOMAINS;
	policy->head.count++;
	return 0;
}

struct imtc_policy_mark imtc_policy_mark(const struct imtc_policy *policy)
{
	return (struct imtc_policy_mark) {
		.rules = policy->head.count,
		.names_bytes = policy->names_bytes,
		.procs = policy->procs_count,
	};
}

void imtc_policy_cut(struct imtc_policy *policy, struct imtc_policy_mark mark)
{
	policy->head.count = mark.rules;
	policy->names_bytes = mark.names_bytes;
	policy->procs_count = mark.procs;
}
