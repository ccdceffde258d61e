/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sets that a process is in: of users by its user, of programs by its path. Asked
 * once a process and policy, in the module.
 */
#ifndef IMTC_POLICY_OWNER_H
#define IMTC_POLICY_OWNER_H

#include <imtc/policy_index.h>
#include <imtc/policy_words.h>

#define IMTC_USER_BYTES 12	/* a user's number and the NUL */

static inline void imtc_user_text(u32 uid, char text[IMTC_USER_BYTES])
{
	u32 digits = 1, rest;

	for (rest = uid; rest >= 10; rest /= 10)
		digits++;
	text[digits] = '\0';
	do
		text[--digits] = (char)('0' + uid % 10);
	while (uid /= 10);
}

/* Bit a set; under the seed that the index was made with. */
static inline u64 imtc_owner_sets(const struct imtc_index *index, const struct imtc_owner *owner,
				  const u64 seed[2])
{
	const struct imtc_index_head *head = (const void *)imtc_index_page(index, 0);
	char user[IMTC_USER_BYTES];
	struct imtc_pick pick;
	u64 sets = 0;

	if (!head || !head->bounds_count[IMTC_END_WORDS])
		return 0;
	imtc_user_text(owner->uid, user);
	imtc_index_word(index, head, &pick, imtc_word_hash(user, seed), IMTC_WORD_USER, &sets);
	imtc_index_word(index, head, &pick, imtc_word_hash(owner->exe, seed), IMTC_WORD_PROGRAM,
			&sets);
	return sets;
}

#endif /* IMTC_POLICY_OWNER_H */
