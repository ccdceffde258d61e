/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of sets for the builder of an index (imtc/policy_index_build.h): their keys in
 * order, in pages like those of addresses, of which each bound is one key.
 */
#ifndef IMTC_POLICY_INDEX_WORDS_H
#define IMTC_POLICY_INDEX_WORDS_H

#include <imtc/policy_index_ends.h>
#include <imtc/policy_words.h>

static inline u32 imtc_count_words(const struct imtc_index_sets *sets)
{
	u32 count = 0;

	for (u32 at = 0; at < sets->words_bytes; count++)
		at += imtc_word_bytes(sets->words + at + IMTC_WORD_HEAD);
	return count;
}

static inline int imtc_bound_order(const void *left, const void *right)
{
	const struct imtc_bound *a = left, *b = right;
	int order = imtc_compare64(a->start[0], b->start[0]);

	return order ? order : imtc_compare64(a->start[1], b->start[1]);
}

/* A key that several sets have is there once. */
static inline void imtc_merge_words(struct imtc_index_build *b, u32 count)
{
	b->bounds_count = 0;
	for (u32 i = 0; i < count; i++) {
		struct imtc_bound *last = b->bounds_count ? &b->bounds[b->bounds_count - 1] : NULL;

		if (last && !imtc_bound_order(last, &b->bounds[i]))
			last->sets |= b->bounds[i].sets;
		else
			b->bounds[b->bounds_count++] = b->bounds[i];
	}
}

static inline void imtc_build_named(struct imtc_index_build *b)
{
	const struct imtc_index_sets *sets = b->sets_given;
	u32 count = 0;

	for (u32 at = 0; at < sets->words_bytes;) {
		const char *entry = sets->words + at;
		u64 keys[2][2];
		u32 n = imtc_word_keys(entry, sets->seed, keys);

		for (u32 i = 0; i < n; i++)
			b->bounds[count++] = (struct imtc_bound){
				.start = { keys[i][0], keys[i][1] },
				.sets = 1ULL << (u8)entry[0] % IMTC_SETS_MAX,
				.row = b->none,
			};
		at += imtc_word_bytes(entry + IMTC_WORD_HEAD);
	}
	imtc_index_sort(b->bounds, count, sizeof(b->bounds[0]), imtc_bound_order);
	imtc_merge_words(b, count);
	imtc_build_sorted(b, IMTC_END_WORDS, b->bounds_count);
}

#endif /* IMTC_POLICY_INDEX_WORDS_H */
