// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a rule's lists of programs, users and cgroups to process patterns: one for
 * each way to take something from every list.
 */
#include <stddef.h>
#include <string.h>

#include "policy_tree.h"

/*
 * Of the lists that are texts: where each stands in a rule, and in a pattern. exe, which
 * is the first, goes on with its sets.
 */
static const struct {
	u32 flag;
	size_t list;	/* in struct tree_rule */
	size_t text;	/* in struct imtc_proc */
} texts[] = {
#define TEXT(flag, field) \
	{ flag, offsetof(struct tree_rule, field), offsetof(struct imtc_proc, field) }
	TEXT(IMTC_PROC_EXE, exe), TEXT(IMTC_PROC_UNDER, under), TEXT(IMTC_PROC_COMM, comm),
	TEXT(IMTC_PROC_CGROUP, cgroup), TEXT(IMTC_PROC_UNIT, unit),
	TEXT(IMTC_PROC_CONTAINER, container), TEXT(IMTC_PROC_EXE_SHA256, exe_sha256),
#undef TEXT
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define LISTS (TEXTS + 2)

static const struct string_list *text_list(const struct tree_rule *rule, size_t i)
{
	return (const struct string_list *)((const char *)rule + texts[i].list);
}

static void list_counts(const struct tree_rule *rule, size_t counts[LISTS])
{
	for (size_t i = 0; i < TEXTS; i++)
		counts[i] = text_list(rule, i)->count;
	counts[0] += rule->exe_sets.count;
	counts[TEXTS] = rule->users.count + rule->user_sets.count;
	counts[TEXTS + 1] = rule->groups.count;
}

bool pattern_is_asked(const struct tree_rule *rule)
{
	size_t counts[LISTS], all = 0;

	list_counts(rule, counts);
	for (size_t i = 0; i < LISTS; i++)
		all |= counts[i];
	return all;
}

size_t pattern_count(const struct tree_rule *rule)
{
	size_t counts[LISTS];

	list_counts(rule, counts);
	return list_product(counts, LISTS);
}

/* Number `number` of the product, the first list the fastest. */
void pattern_build(const struct tree_rule *rule, size_t number, struct imtc_proc *proc)
{
	size_t counts[LISTS], at[LISTS];

	list_counts(rule, counts);
	for (size_t i = 0; i < LISTS; i++) {
		at[i] = number % list_choices(counts[i]);
		number /= list_choices(counts[i]);
	}
	/* What is not filled stays zero, for hash and compare. Lengths were checked. */
	memset(proc, 0, sizeof(*proc));
	for (size_t i = 0; i < TEXTS; i++) {
		const struct string_list *list = text_list(rule, i);

		if (at[i] >= list->count)
			continue;
		proc->flags |= texts[i].flag;
		memcpy((char *)proc + texts[i].text, list->items[at[i]],
		       strlen(list->items[at[i]]));
	}
	if (counts[0] && at[0] >= rule->exe.count) {
		proc->flags |= IMTC_PROC_EXE_SET;
		proc->exe_set = (u8)rule->exe_sets.items[at[0] - rule->exe.count];
	}
	if (at[TEXTS] < rule->users.count) {
		proc->flags |= IMTC_PROC_UID;
		proc->uid = rule->users.items[at[TEXTS]];
	} else if (counts[TEXTS]) {
		proc->flags |= IMTC_PROC_USER_SET;
		proc->user_set = (u8)rule->user_sets.items[at[TEXTS] - rule->users.count];
	}
	if (rule->groups.count) {
		proc->flags |= IMTC_PROC_GID;
		proc->gid = rule->groups.items[at[TEXTS + 1]];
	}
}
