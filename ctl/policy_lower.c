// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a checked tree to compiled rules: lists become several rules with one
 * id, process criteria become numbered patterns. The same tree always gives the
 * same rules in the same order.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <imtc/policy_domain.h>

#include "policy_domain.h"
#include "policy_sets.h"
#include "policy_tree.h"

/* Patterns by their content; a power of two, twice what can be in it. */
#define PROC_SLOTS (2 * IMTC_PROCS_MAX)
/* Number 0 means any process. */
#define PROC_COUNT_MAX (IMTC_PROCS_MAX - 1)

struct lowering {
	struct policy_tree *tree;
	struct policy *policy;
	struct diag *diag;
	u16 slots[PROC_SLOTS];
	size_t compiled_size;
};

static bool fail(struct lowering *low, const struct diag_at *at, const char *message)
{
	diag_message(low->diag, DIAG_ERROR, at, "%s", message);
	return false;
}

static bool no_memory(struct lowering *low)
{
	struct diag_at at = { .file = low->policy->file ? low->policy->file : "policy" };

	diag_message(low->diag, DIAG_SYSTEM, &at, "out of memory");
	return false;
}

/* --- process patterns ------------------------------------------------------- */

/* FNV-1a; both sides of a compare are zeroed before they are filled. */
static u32 hash_bytes(const void *data, size_t len)
{
	const unsigned char *byte = data;
	u32 hash = 2166136261u;

	while (len--)
		hash = (hash ^ *byte++) * 16777619u;
	return hash;
}

static bool number_proc(struct lowering *low, const struct tree_rule *rule,
			const struct imtc_proc *proc, u16 *ret_number)
{
	struct policy *policy = low->policy;
	u32 slot = hash_bytes(proc, sizeof(*proc)) % PROC_SLOTS;

	for (; low->slots[slot]; slot = (slot + 1) % PROC_SLOTS) {
		if (memcmp(&policy->procs[low->slots[slot] - 1], proc, sizeof(*proc)))
			continue;
		*ret_number = low->slots[slot];
		return true;
	}
	if (policy->proc_count == PROC_COUNT_MAX)
		return fail(low, &rule->at,
			    "more than 1023 different processes in the policy, from this rule on");
	policy->procs[policy->proc_count++] = *proc;
	low->slots[slot] = *ret_number = (u16)policy->proc_count;
	return true;
}

static void copy_text(char *to, size_t size, const char *from)
{
	/* Lengths were checked; the rest stays zero, for hash and compare. */
	memcpy(to, from, strnlen(from, size - 1));
}

/* --- compiled rules --------------------------------------------------------- */

static bool is_ipv4(const struct imtc_prefix *prefix)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	/* Of those checked, no other prefix begins so and is as long. */
	return !memcmp(prefix->addr, mapped, sizeof(mapped)) && prefix->mask[0] == ~0ULL;
}

/* A flow has one family: both ends IPv4 or both IPv6. */
static bool may_meet(const struct imtc_prefix *local, const struct imtc_prefix *remote)
{
	return !local || !remote || is_ipv4(local) == is_ipv4(remote);
}

/* domain: NULL where the rule asks for none. */
static bool add_compiled(struct lowering *low, const struct imtc_rule *rule, const char *domain)
{
	struct policy *policy = low->policy;
	struct imtc_rule *compiled;
	char **domains;
	size_t size;

	if (policy->compiled_count == low->compiled_size) {
		size = low->compiled_size ? low->compiled_size * 2 : 64;
		compiled = reallocarray(policy->compiled, size, sizeof(*compiled));
		if (!compiled)
			return no_memory(low);
		policy->compiled = compiled;
		domains = reallocarray(policy->domains, size, sizeof(*domains));
		if (!domains)
			return no_memory(low);
		policy->domains = domains;
		low->compiled_size = size;
	}
	policy->compiled[policy->compiled_count] = *rule;
	policy->domains[policy->compiled_count] = NULL;
	if (domain) {
		policy->domains[policy->compiled_count] = strdup(domain);
		if (!policy->domains[policy->compiled_count])
			return no_memory(low);
		/* Of the checker's words none is refused. */
		imtc_rule_domain(&policy->compiled[policy->compiled_count], domain,
				 policy_no_seed);
	}
	policy->compiled_count++;
	return true;
}

/* Alternative number i of an end: one of its prefixes, else one of its sets; or any. */
static const struct imtc_prefix *choose(const struct prefix_list *prefixes,
					const struct number_list *sets, size_t i,
					struct imtc_prefix *ret_prefix, u8 *ret_set)
{
	if (i < prefixes->count) {
		*ret_prefix = prefixes->items[i];
		return &prefixes->items[i];
	}
	if (i - prefixes->count < sets->count)
		*ret_set = (u8)sets->items[i - prefixes->count];
	return NULL;
}

/* The number of a device in the policy, from 1; made where it has none. 0: no memory. */
static u32 number_interface(struct lowering *low, const char *name, u32 rule)
{
	struct policy *policy = low->policy;
	struct policy_interface *interfaces;

	for (size_t i = 0; i < policy->interface_count; i++)
		if (!strcmp(policy->interfaces[i].name, name))
			return (u32)i + 1;
	interfaces = reallocarray(policy->interfaces, policy->interface_count + 1,
				  sizeof(*interfaces));
	if (!interfaces)
		return 0;
	policy->interfaces = interfaces;
	interfaces = &interfaces[policy->interface_count++];
	memset(interfaces, 0, sizeof(*interfaces));
	copy_text(interfaces->name, sizeof(interfaces->name), name);
	interfaces->rule = rule;
	return (u32)policy->interface_count;
}

/* The lists of where and when a flow is, each with what number i of their product takes of it. */
enum spot { SPOT_REMOTE, SPOT_LOCAL, SPOT_REMOTE_PORT, SPOT_LOCAL_PORT, SPOT_INTERFACE,
	    SPOT_DOMAIN, SPOT_SCHEDULE, SPOT_COUNT };

static void place_counts(const struct tree_rule *rule, size_t counts[SPOT_COUNT])
{
	counts[SPOT_REMOTE] = rule->remote.count + rule->remote_sets.count;
	counts[SPOT_LOCAL] = rule->local.count + rule->local_sets.count;
	counts[SPOT_REMOTE_PORT] = rule->remote_ports.count;
	counts[SPOT_LOCAL_PORT] = rule->local_ports.count;
	counts[SPOT_INTERFACE] = rule->interfaces.count;
	counts[SPOT_DOMAIN] = rule->domains.count + rule->domain_sets.count;
	counts[SPOT_SCHEDULE] = rule->schedules.count;
}

/* Number i of the product of the rule's places, the first list the fastest. */
static bool add_place(struct lowering *low, const struct tree_rule *rule,
		      const struct imtc_rule *base, size_t i)
{
	const struct imtc_prefix *local, *remote;
	size_t counts[SPOT_COUNT], at[SPOT_COUNT];
	struct imtc_rule compiled = *base;

	place_counts(rule, counts);
	for (int spot = 0; spot < SPOT_COUNT; spot++) {
		at[spot] = i % list_choices(counts[spot]);
		i /= list_choices(counts[spot]);
	}
	local = choose(&rule->local, &rule->local_sets, at[SPOT_LOCAL], &compiled.local,
		       &compiled.local_set);
	remote = choose(&rule->remote, &rule->remote_sets, at[SPOT_REMOTE], &compiled.remote,
			&compiled.remote_set);
	if (!may_meet(local, remote))
		return true;
	if (rule->local_ports.count)
		compiled.local_port = rule->local_ports.items[at[SPOT_LOCAL_PORT]];
	if (rule->remote_ports.count)
		compiled.remote_port = rule->remote_ports.items[at[SPOT_REMOTE_PORT]];
	if (rule->schedules.count)
		compiled.schedule = (u8)rule->schedules.items[at[SPOT_SCHEDULE]];
	if (rule->interfaces.count) {
		compiled.ifindex = number_interface(
			low, rule->interfaces.items[at[SPOT_INTERFACE]], compiled.id);
		if (!compiled.ifindex)
			return no_memory(low);
	}
	if (at[SPOT_DOMAIN] < rule->domains.count)
		return add_compiled(low, &compiled, rule->domains.items[at[SPOT_DOMAIN]]);
	if (rule->domain_sets.count)
		compiled.domain_set =
			(u8)rule->domain_sets.items[at[SPOT_DOMAIN] - rule->domains.count];
	return add_compiled(low, &compiled, NULL);
}

static size_t count_places(const struct tree_rule *rule)
{
	size_t counts[SPOT_COUNT];

	place_counts(rule, counts);
	return list_product(counts, SPOT_COUNT);
}

static bool lower_rule(struct lowering *low, const struct tree_rule *rule)
{
	struct policy *policy = low->policy;
	size_t before = policy->compiled_count;
	size_t both[] = { pattern_count(rule), count_places(rule) };
	struct imtc_rule base = rule->criteria;
	struct imtc_proc proc;

	if (list_product(both, 2) > IMTC_RULES_MAX - before)
		return fail(low, &rule->at, "more than 16384 compiled rules in the policy, from "
			    "this rule on: its lists multiply");
	for (size_t i = 0; i < both[0]; i++) {
		base.proc = 0;
		if (pattern_is_asked(rule)) {
			pattern_build(rule, i, &proc);
			if (!number_proc(low, rule, &proc, &base.proc))
				return false;
		}
		for (size_t k = 0; k < both[1]; k++)
			if (!add_place(low, rule, &base, k))
				return false;
	}
	if (policy->compiled_count == before)
		diag_message(low->diag, DIAG_WARNING, &rule->at, "rule \"%s\" can never match: of "
			     "local and remote one is IPv4 and the other IPv6", rule->name);
	return true;
}

/* --- the policy ------------------------------------------------------------- */

static char *copy_files(char **files, char ***ret_copy)
{
	size_t count = 0;
	char **copy;

	while (files[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	if (!copy)
		return NULL;
	*ret_copy = copy;
	for (size_t i = 0; i < count; i++) {
		copy[i] = strdup(files[i]);
		if (!copy[i])
			return NULL;
	}
	return copy[0];
}

/* The policy's own copy of a file name that the source holds. */
static const char *own_file(const struct policy *policy, const char *file)
{
	for (char **own = policy->files; *own; own++)
		if (!strcmp(*own, file))
			return *own;
	return policy->file;
}

static bool fill_head(struct lowering *low)
{
	struct policy_tree *tree = low->tree;
	const struct source *source = tree->document->source;
	struct policy *policy = low->policy;

	policy->file = copy_files(source->files, &policy->files);
	policy->rules = calloc(tree->rule_count ? tree->rule_count : 1, sizeof(*policy->rules));
	policy->procs = calloc(IMTC_PROCS_MAX, sizeof(*policy->procs));
	policy->text = malloc(source->whole_len + 1);
	if (!policy->file || !policy->rules || !policy->procs || !policy->text)
		return no_memory(low);
	memcpy(policy->text, source->whole, source->whole_len + 1);
	policy->text_len = source->whole_len;
	snprintf(policy->name, sizeof(policy->name), "%s", tree->name);
	memcpy(policy->contact, tree->contact, sizeof(policy->contact));
	memcpy(policy->digest, source->digest, sizeof(policy->digest));
	policy->default_verdict = tree->default_verdict;
	policy->on_failure = tree->on_failure;
	policy->sets = tree->sets;
	memset(&tree->sets, 0, sizeof(tree->sets));
	policy->schedules = tree->schedules;
	memset(&tree->schedules, 0, sizeof(tree->schedules));
	policy->observe = tree->observe;
	return true;
}

/* Nobody need work out which end is where when no rule asks for it. */
static bool lower_inside(struct lowering *low)
{
	const struct prefix_list *inside = &low->tree->inside;
	struct policy *policy = low->policy;
	bool is_asked = false;

	for (size_t i = 0; i < policy->compiled_count; i++)
		is_asked |= policy->compiled[i].peers != 0;
	if (!is_asked)
		return true;
	policy->inside = calloc(inside->count + 1, sizeof(*policy->inside));
	if (!policy->inside)
		return no_memory(low);
	memcpy(policy->inside, inside->items, inside->count * sizeof(*policy->inside));
	policy->inside_count = inside->count;
	return true;
}

/* From now on: a policy is made anew from its text by each load. */
static bool lower_schedules(struct lowering *low)
{
	struct policy *policy = low->policy;
	struct diag_at at = { .file = policy->file };
	time_t now = time(NULL);
	bool is_asked = false;
	int error;

	for (size_t i = 0; i < policy->compiled_count; i++)
		is_asked |= policy->compiled[i].schedule != 0;
	if (!is_asked)
		return true;
	error = schedules_compile(&policy->schedules, now - SCHEDULE_BACK_SECONDS,
				  now + SCHEDULE_AHEAD_SECONDS, &policy->turns,
				  &policy->turn_count);
	if (error == -E2BIG)
		return fail(low, &at, "the schedules open and close too often: 4096 times do "
			    "not last four weeks");
	return !error || no_memory(low);
}

static const char *needs_module(const struct tree_rule *rule)
{
	if (pattern_is_asked(rule))
		return "it is about a process, which the module alone can tell";
	return rule->schedules.count ? "it has a schedule, which the module alone keeps" : NULL;
}

static bool lower_rules(struct lowering *low)
{
	const struct policy_tree *tree = low->tree;
	struct policy *policy = low->policy;

	for (size_t i = 0; i < tree->rule_count; i++) {
		const struct tree_rule *rule = &tree->rules[i];
		struct policy_rule *to = &policy->rules[i];

		snprintf(to->name, sizeof(to->name), "%s", rule->name);
		snprintf(to->redirect, sizeof(to->redirect), "%s", rule->redirect);
		to->file = own_file(policy, rule->at.file);
		to->line = rule->at.line;
		to->needs_module = needs_module(rule);
		to->tags = json_object_get(rule->tags);
		policy->rule_count++;
		if (!lower_rule(low, rule))
			return false;
	}
	return lower_inside(low) && lower_schedules(low);
}

struct policy *policy_lower(struct policy_tree *tree, struct diag *diag)
{
	struct lowering *low = calloc(1, sizeof(*low));
	struct policy *policy = calloc(1, sizeof(*policy));
	struct diag_at at = { .file = tree->document->source->files[0] };
	bool fine = false;

	if (low && policy) {
		low->tree = tree;
		low->policy = policy;
		low->diag = diag;
		fine = fill_head(low) && lower_rules(low);
	} else {
		diag_message(diag, DIAG_SYSTEM, &at, "out of memory");
	}
	free(low);
	if (fine)
		return policy;
	policy_free(policy);
	return NULL;
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (char **file = policy->files; file && *file; file++)
		free(*file);
	free(policy->files);
	free(policy->text);
	for (size_t i = 0; i < policy->rule_count; i++)
		json_object_put(policy->rules[i].tags);
	free(policy->rules);
	for (size_t i = 0; policy->domains && i < policy->compiled_count; i++)
		free(policy->domains[i]);
	free(policy->domains);
	free(policy->compiled);
	free(policy->procs);
	policy_sets_free(&policy->sets);
	free(policy->interfaces);
	free(policy->inside);
	schedules_free(&policy->schedules);
	free(policy->turns);
	free(policy);
}
