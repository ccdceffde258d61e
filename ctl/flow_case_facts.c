// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy knows of a flow that it is asked about: its sets, its process patterns,
 * its schedules, what is inside.
 */
#include <string.h>
#include <time.h>

#include <imtc/policy_owner.h>

#include "flow_case.h"
#include "policy_domain.h"
#include "policy_sets.h"

/* One question needs no index. */
static u64 sets_holding(const struct policy_sets *sets, const u64 address[2])
{
	u64 bits = 0;

	for (size_t i = 0; i < sets->entry_count; i++)
		if (imtc_prefix_matches(&sets->entries[i].prefix, address))
			bits |= 1ULL << sets->entries[i].set;
	return bits;
}

/* Without a seed, as the flow's facts are. */
static bool is_named(const struct flow_case *flow, u8 kind, const char *word)
{
	struct imtc_rule rule = { 0 };
	char user[IMTC_USER_BYTES];

	if (kind == IMTC_SET_DOMAINS)
		return !imtc_rule_domain(&rule, word, policy_no_seed) &&
		       imtc_domain_matches(&rule, &flow->facts);
	if (kind == IMTC_SET_PROGRAMS)
		return !strcmp(word, flow->owner.exe);
	imtc_user_text(flow->owner.uid, user);
	return !strcmp(word, user);
}

/* The sets of words that have its name, its owner's user or its owner's program. */
static u64 sets_naming(const struct policy_sets *sets, const struct flow_case *flow)
{
	u64 bits = 0;

	for (u32 set = 1; set <= sets->count; set++) {
		const char *word;
		size_t at = 0;

		while ((word = policy_sets_word(sets, set, &at)))
			if (is_named(flow, sets->kinds[set - 1], word))
				bits |= 1ULL << set;
	}
	return bits;
}

static u8 peer_of(const struct policy *policy, const u64 remote[2])
{
	for (size_t i = 0; i < policy->inside_count; i++)
		if (imtc_prefix_matches(&policy->inside[i], remote))
			return IMTC_PEER_INSIDE;
	return IMTC_PEER_OUTSIDE;
}

/* As imtc_rule.ifindex of a policy that was read; one that no rule names has no number. */
static u32 device_number(const struct policy *policy, const char *device)
{
	for (size_t i = 0; i < policy->interface_count; i++)
		if (!strcmp(policy->interfaces[i].name, device))
			return (u32)i + 1;
	return 0;
}

/* Pointers into the flow itself, which may have been copied. */
static void link_ancestors(struct flow_case *flow)
{
	struct imtc_owner *below = &flow->owner;

	for (u32 i = 0; i < flow->ancestor_count; i++) {
		below->above = &flow->ancestors[i];
		below = &flow->ancestors[i];
	}
	below->above = NULL;
}

void flow_case_policy_facts(struct flow_case *flow, const struct policy *policy)
{
	flow->facts.local_sets = sets_holding(&policy->sets, flow->facts.local);
	flow->facts.remote_sets = sets_holding(&policy->sets, flow->facts.remote);
	flow->owner_sets = flow->facts.domain_sets = sets_naming(&policy->sets, flow);
	flow->facts.ifindex = device_number(policy, flow->device);
	flow->facts.schedules = schedules_open(&policy->schedules,
					       flow->has_time ? flow->time : time(NULL));
	flow->shows_peer |= policy->inside_count != 0;
	if (!flow->facts.peer)
		flow->facts.peer = peer_of(policy, flow->facts.remote);
	link_ancestors(flow);
	memset(flow->facts.procs, 0, sizeof(flow->facts.procs));
	for (size_t i = 0; flow->has_owner && i < policy->proc_count; i++)
		if (imtc_proc_matches(&policy->procs[i], &flow->owner, flow->owner_sets))
			flow->facts.procs[(i + 1) / 64] |= 1ULL << ((i + 1) % 64);
}
