// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of words, as they are built and as they change. Guarded as those of addresses
 * are (policy_set.c).
 */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <imtc/policy_words.h>

#include "imtc.h"

/* Room for so many words more, and their bytes with all that stands before them. */
static int reserve_words(struct imtc_policy *policy, u32 count, u32 bytes,
			 struct netlink_ext_ack *extack)
{
	u64 needed = (u64)policy->words_bytes + bytes;
	u32 room = max_t(u64, needed, min_t(u64, 2ULL * policy->words_room,
					    IMTC_SET_WORD_BYTES_MAX));
	char *fresh;

	BUILD_BUG_ON(IMTC_SET_WORDS_MAX != 524288 || IMTC_SET_WORD_BYTES_MAX != 32 << 20);
	if (policy->words_count + count > IMTC_SET_WORDS_MAX) {
		NL_SET_ERR_MSG(extack, "The sets of a policy have at most 524288 words");
		return -E2BIG;
	}
	if (needed > IMTC_SET_WORD_BYTES_MAX) {
		NL_SET_ERR_MSG(extack, "The words of a policy's sets take more than 32 MiB");
		return -E2BIG;
	}
	if (needed <= policy->words_room)
		return 0;
	fresh = kvcalloc(room, 1, GFP_KERNEL_ACCOUNT);
	if (!fresh) {
		NL_SET_ERR_MSG(extack, "No memory for the words of a set");
		return -ENOMEM;
	}
	if (policy->words_bytes)
		memcpy(fresh, policy->words, policy->words_bytes);
	kvfree(policy->words);
	policy->words = fresh;
	policy->words_room = room;
	return 0;
}

static void put_word(struct imtc_policy *policy, u32 set, u8 kind, const char *word)
{
	imtc_word_put(policy->words + policy->words_bytes, set, kind, word);
	policy->words_bytes += imtc_word_bytes(word);
	policy->words_count++;
}

/* Each a right word of the kind, the last one with its NUL? How many there are. */
static int check_words(const char *words, u32 bytes, u8 kind, u32 *ret_count,
		       struct netlink_ext_ack *extack)
{
	const char *wrong;
	u32 at;

	*ret_count = 0;
	if (bytes && words[bytes - 1]) {
		NL_SET_ERR_MSG(extack, "WORDS do not end with a NUL");
		return -EINVAL;
	}
	for (at = 0; at < bytes; at += strlen(words + at) + 1) {
		wrong = imtc_word_wrong(kind, words + at);
		if (wrong) {
			extack->_msg = wrong;
			return -EINVAL;
		}
		++*ret_count;
	}
	return 0;
}

int imtc_policy_add_words(struct imtc_policy *policy, const char *name, u8 kind,
			  const char *words, u32 bytes, struct netlink_ext_ack *extack)
{
	u32 set, count, at;
	int error;

	error = check_words(words, bytes, kind, &count, extack);
	if (!error)
		error = reserve_words(policy, count, bytes + count * IMTC_WORD_HEAD, extack);
	if (!error)
		error = imtc_policy_name_set(policy, name, kind, &set, extack);
	if (error)
		return error;
	for (at = 0; at < bytes; at += strlen(words + at) + 1)
		put_word(policy, set, kind, words + at);
	return 0;
}

int imtc_policy_merge_words(const struct imtc_policy *policy, const struct imtc_policy *update,
			    u64 changed, struct imtc_policy *ret_merged,
			    struct netlink_ext_ack *extack)
{
	struct imtc_policy *to = ret_merged;
	const char *entry, *end;
	u32 kept = 0, bytes = 0;
	int error;

	end = policy->words + policy->words_bytes;
	for (entry = policy->words; entry < end;
	     entry += imtc_word_bytes(entry + IMTC_WORD_HEAD)) {
		if (changed >> (u8)entry[0] & 1)
			continue;
		kept++;
		bytes += imtc_word_bytes(entry + IMTC_WORD_HEAD);
	}
	error = reserve_words(to, kept + update->words_count, bytes + update->words_bytes, extack);
	if (error)
		return error;
	for (entry = policy->words; entry < end;
	     entry += imtc_word_bytes(entry + IMTC_WORD_HEAD))
		if (!(changed >> (u8)entry[0] & 1))
			put_word(to, entry[0], entry[1], entry + IMTC_WORD_HEAD);
	end = update->words + update->words_bytes;
	for (entry = update->words; entry < end;
	     entry += imtc_word_bytes(entry + IMTC_WORD_HEAD))
		put_word(to, imtc_policy_set(policy, update->set_names[entry[0] - 1]), entry[1],
			 entry + IMTC_WORD_HEAD);
	return 0;
}
