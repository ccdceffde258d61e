// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets, which change without the policy, and the index that is made of the rules
 * and the sets. What a set holds is guarded by imtc_policy_mutex.
 */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <imtc/policy_index_build.h>

#include "imtc.h"

static atomic_t indexes_count = ATOMIC_INIT(0);

u32 imtc_policy_set(const struct imtc_policy *policy, const char *name)
{
	u32 i;

	for (i = 0; i < policy->sets_count; i++)
		if (!strcmp(policy->set_names[i], name))
			return i + 1;
	return 0;
}

int imtc_policy_name_set(struct imtc_policy *policy, const char *name, u8 kind, u32 *ret_set,
			 struct netlink_ext_ack *extack)
{
	*ret_set = imtc_policy_set(policy, name);
	if (*ret_set && policy->set_kinds[*ret_set - 1] != kind) {
		NL_SET_ERR_MSG(extack, "The set of this name is of another kind");
		return -EINVAL;
	}
	if (*ret_set)
		return 0;
	BUILD_BUG_ON(IMTC_SETS_MAX != 64 || IMTC_SET_ENTRIES_MAX != 262144);
	if (policy->sets_count >= IMTC_SETS_MAX - 1) {
		NL_SET_ERR_MSG(extack, "A policy has at most 63 sets");
		return -E2BIG;
	}
	if (!policy->set_names)
		policy->set_names = kcalloc(IMTC_SETS_MAX, sizeof(*policy->set_names),
					    GFP_KERNEL_ACCOUNT);
	if (!policy->set_names) {
		NL_SET_ERR_MSG(extack, "No memory for another set");
		return -ENOMEM;
	}
	policy->set_kinds[policy->sets_count] = kind;
	strscpy(policy->set_names[policy->sets_count++], name, IMTC_NAME_BYTES);
	*ret_set = policy->sets_count;
	return 0;
}

static int reserve_entries(struct imtc_policy *policy, u32 count, struct netlink_ext_ack *extack)
{
	u32 room = max_t(u32, policy->entries_count + count, 2 * policy->entries_room);
	struct imtc_set_entry *fresh;

	if (policy->entries_count + count > IMTC_SET_ENTRIES_MAX) {
		NL_SET_ERR_MSG(extack, "The sets of a policy have at most 262144 prefixes");
		return -E2BIG;
	}
	if (policy->entries_count + count <= policy->entries_room)
		return 0;
	fresh = kvcalloc(room, sizeof(*fresh), GFP_KERNEL_ACCOUNT);
	if (!fresh) {
		NL_SET_ERR_MSG(extack, "No memory for the prefixes of a set");
		return -ENOMEM;
	}
	if (policy->entries_count)
		memcpy(fresh, policy->entries, array_size(policy->entries_count, sizeof(*fresh)));
	kvfree(policy->entries);
	policy->entries = fresh;
	policy->entries_room = room;
	return 0;
}

static void make_entry(struct imtc_set_entry *entry, const u8 record[IMTC_SET_RECORD], u32 set)
{
	u8 *mask = (u8 *)entry->prefix.mask;
	u32 length = record[16], i;

	memset(entry, 0, sizeof(*entry));
	memcpy(entry->prefix.addr, record, 16);
	for (i = 0; i < length / 8; i++)
		mask[i] = 0xff;
	if (length % 8)
		mask[i] = 0xff << (8 - length % 8);
	for (i = 0; i < 2; i++)
		entry->prefix.addr[i] &= entry->prefix.mask[i];
	entry->set = set;
}

int imtc_policy_add_set(struct imtc_policy *policy, const char *name, const u8 *records, u32 count,
			struct netlink_ext_ack *extack)
{
	u32 set, i;
	int error;

	for (i = 0; i < count; i++) {
		u8 length = records[i * IMTC_SET_RECORD + 16];

		if (length >= 1 && length <= 128)
			continue;
		NL_SET_ERR_MSG(extack, "A prefix of a set has a length from 1 to 128");
		return -EINVAL;
	}
	error = reserve_entries(policy, count, extack);
	if (!error)
		error = imtc_policy_name_set(policy, name, IMTC_SET_ADDRESSES, &set, extack);
	if (error)
		return error;
	for (i = 0; i < count; i++)
		make_entry(&policy->entries[policy->entries_count++],
			   records + i * IMTC_SET_RECORD, set);
	return 0;
}

/* --- the index ------------------------------------------------------------------- */

void imtc_policy_index_free(struct imtc_policy_index *index)
{
	if (!index)
		return;
	imtc_index_free(&index->index);
	kfree(index);
	atomic_dec(&indexes_count);
}

u32 imtc_indexes_count(void)
{
	return atomic_read(&indexes_count);
}

/* Of the policy's rules and what the sets of `of` hold. */
static struct imtc_policy_index *make_index(const struct imtc_policy *policy,
					    const struct imtc_policy *of,
					    struct netlink_ext_ack *extack)
{
	struct imtc_policy_index *index = kzalloc(sizeof(*index), GFP_KERNEL_ACCOUNT);
	const struct imtc_index_sets sets = {
		.entries = of->entries,
		.entries_count = of->entries_count,
		.words = of->words,
		.words_bytes = of->words_bytes,
		.seed = imtc_domain_seed,
	};

	if (index && !imtc_index_build(&index->index, policy->rules, policy->head.count, &sets)) {
		atomic_inc(&indexes_count);
		return index;
	}
	kfree(index);
	NL_SET_ERR_MSG(extack, "No memory for the index of the rules");
	return NULL;
}

int imtc_policy_index(struct imtc_policy *policy, struct netlink_ext_ack *extack)
{
	struct imtc_policy_index *index = make_index(policy, policy, extack);

	if (!index)
		return -ENOMEM;
	/* Nobody reads it yet. */
	imtc_policy_index_free(rcu_replace_pointer(policy->index, index, true));
	return 0;
}

/* In *ret_merged the prefixes of the policy's other sets, and those of the update. */
static int merge_entries(const struct imtc_policy *policy, const struct imtc_policy *update,
			 u64 changed, struct imtc_policy *ret_merged,
			 struct netlink_ext_ack *extack)
{
	size_t room = (size_t)policy->entries_count + update->entries_count;
	struct imtc_set_entry *merged;
	u32 i, n = 0;

	merged = kvcalloc(room ? room : 1, sizeof(*merged), GFP_KERNEL_ACCOUNT);
	if (!merged) {
		NL_SET_ERR_MSG(extack, "No memory for the prefixes of a set");
		return -ENOMEM;
	}
	for (i = 0; i < policy->entries_count; i++)
		if (!(changed >> policy->entries[i].set & 1))
			merged[n++] = policy->entries[i];
	for (i = 0; i < update->entries_count; i++) {
		merged[n] = update->entries[i];
		merged[n].set = imtc_policy_set(policy, update->set_names[merged[n].set - 1]);
		n++;
	}
	ret_merged->entries = merged;
	ret_merged->entries_count = ret_merged->entries_room = n;
	if (n <= IMTC_SET_ENTRIES_MAX)
		return 0;
	NL_SET_ERR_MSG(extack, "The sets of a policy have at most 262144 prefixes");
	return -E2BIG;
}

/* Which sets of the policy the update has, bit a set. */
static int changed_sets(const struct imtc_policy *policy, const struct imtc_policy *update,
			u64 *ret_changed, struct netlink_ext_ack *extack)
{
	u32 i, set;

	*ret_changed = 0;
	for (i = 0; i < update->sets_count; i++) {
		set = imtc_policy_set(policy, update->set_names[i]);
		if (!set) {
			NL_SET_ERR_MSG(extack, "The running policy has no set of this name");
			return -ENOENT;
		}
		if (policy->set_kinds[set - 1] != update->set_kinds[i]) {
			NL_SET_ERR_MSG(extack, "The set of this name is of another kind");
			return -EINVAL;
		}
		*ret_changed |= 1ULL << set;
	}
	return 0;
}

int imtc_policy_change(struct imtc_policy *policy, const struct imtc_policy *update,
		       struct imtc_policy_index **ret_old, struct netlink_ext_ack *extack)
{
	struct imtc_policy_index *index = NULL;
	struct imtc_policy *merged = kzalloc(sizeof(*merged), GFP_KERNEL_ACCOUNT);
	u64 changed;
	int error;

	if (!merged) {
		NL_SET_ERR_MSG(extack, "No memory");
		return -ENOMEM;
	}
	error = changed_sets(policy, update, &changed, extack);
	if (!error)
		error = merge_entries(policy, update, changed, merged, extack);
	if (!error)
		error = imtc_policy_merge_words(policy, update, changed, merged, extack);
	if (!error) {
		index = make_index(policy, merged, extack);
		error = index ? 0 : -ENOMEM;
	}
	if (!error) {
		/* What is swapped out goes with `merged`. */
		swap(policy->entries, merged->entries);
		policy->entries_count = policy->entries_room = merged->entries_count;
		swap(policy->words, merged->words);
		policy->words_count = merged->words_count;
		policy->words_bytes = policy->words_room = merged->words_bytes;
		*ret_old = rcu_replace_pointer(policy->index, index, true);
	}
	kvfree(merged->entries);
	kvfree(merged->words);
	kfree(merged);
	return error;
}
