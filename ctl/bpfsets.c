// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of the running BPF-only policy, changed alone: the same policy is put in
 * force again with another index. Its rules keep their hits.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpfpolicy.h"
#include "policy.h"
#include "policy_sets.h"
#include "sentence.h"

int bpf_sets_get(struct policy_sets *ret_sets)
{
	struct policy_before before;
	struct policy *policy;
	int err = bpf_policy_read(&policy, &before);

	memset(ret_sets, 0, sizeof(*ret_sets));
	if (err)
		return err;
	*ret_sets = policy->sets;
	memset(&policy->sets, 0, sizeof(policy->sets));
	free(before.hits);
	policy_free(policy);
	return 0;
}

/* The words of other sets, then those of `fresh`. */
static int merge_words(struct policy_sets *sets, const struct policy_sets *fresh, u64 changed,
		       const u32 number[IMTC_SETS_MAX])
{
	struct policy_sets merged = { 0 };
	int err = 0;

	memcpy(merged.kinds, sets->kinds, sizeof(merged.kinds));
	for (u32 set = 1; set <= sets->count && !err; set++) {
		const char *word;
		size_t at = 0;

		while (!(changed >> set & 1) && !err && (word = policy_sets_word(sets, set, &at)))
			err = policy_sets_add_word(&merged, set, word);
	}
	for (u32 set = 1; set <= fresh->count && !err; set++) {
		const char *word;
		size_t at = 0;

		while (!err && (word = policy_sets_word(fresh, set, &at)))
			err = policy_sets_add_word(&merged, number[set], word);
	}
	free(sets->words);
	sets->words = merged.words;
	sets->word_count = merged.word_count;
	sets->words_bytes = merged.words_bytes;
	sets->words_room = merged.words_room;
	return !err ? 0 : fail(err, "%s", err == -E2BIG ? policy_sets_full(IMTC_SET_DOMAINS) :
							  "no memory for the set");
}

/* What the sets have is replaced by what they have in `fresh`. */
static int merge(struct policy_sets *sets, const struct policy_sets *fresh)
{
	u32 number[IMTC_SETS_MAX] = { 0 };
	u64 changed = 0;
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; i < fresh->count; i++) {
		number[i + 1] = policy_sets_find(sets, fresh->names[i]);
		if (!number[i + 1] || sets->kinds[number[i + 1] - 1] != fresh->kinds[i])
			return fail(-ENOENT, "the running policy has no set \"%s\"",
				    fresh->names[i]);
		changed |= 1ULL << number[i + 1];
	}
	err = merge_words(sets, fresh, changed, number);
	if (err)
		return err;
	for (size_t i = 0; i < sets->entry_count; i++)
		if (!(changed >> sets->entries[i].set & 1))
			sets->entries[kept++] = sets->entries[i];
	sets->entry_count = kept;
	/* policy_sets_add() goes by powers of two: room for what is there. */
	sets->entries = reallocarray(sets->entries, IMTC_SET_ENTRIES_MAX, sizeof(*sets->entries));
	if (!sets->entries)
		return fail(-ENOMEM, "no memory for the set");
	for (size_t i = 0; i < fresh->entry_count && !err; i++) {
		if (sets->entry_count == IMTC_SET_ENTRIES_MAX)
			err = fail(-E2BIG, "more than 262144 prefixes in all sets");
		else
			sets->entries[sets->entry_count++] = (struct imtc_set_entry){
				.prefix = fresh->entries[i].prefix,
				.set = number[fresh->entries[i].set],
			};
	}
	return err;
}

int bpf_sets_replace(const struct policy_sets *sets, u32 *ret_epoch)
{
	struct policy_before before;
	struct policy *policy;
	int err = bpf_policy_read(&policy, &before);

	if (err)
		return err;
	err = merge(&policy->sets, sets);
	if (!err)
		err = bpf_policy_renew(policy, &before, ret_epoch);
	free(before.hits);
	policy_free(policy);
	return err;
}
