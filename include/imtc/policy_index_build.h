/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the index of a policy (imtc/policy_index.h) from its compiled rules and its
 * sets: in the module at a commit, in imctl before the maps are filled. May sleep.
 */
#ifndef IMTC_POLICY_INDEX_BUILD_H
#define IMTC_POLICY_INDEX_BUILD_H

#include <imtc/policy_index_words.h>

/* --- criteria of few values ------------------------------------------------------ */

static inline u64 imtc_row_hash(const u64 row[IMTC_RULE_WORDS])
{
	u64 hash = 0;

	for (u32 i = 0; i < IMTC_RULE_WORDS; i++)
		hash = (hash ^ row[i]) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
	return hash;
}

/* Row of value number `value`; one that is the same as another value's is written once. */
static inline void imtc_build_value(struct imtc_index_build *b, u32 *positions, u32 value,
				    const u64 row[IMTC_RULE_WORDS])
{
	u64 hash = imtc_row_hash(row);
	const u64 *seen;

	b->hashes[value] = hash;
	for (u32 i = 0; i < value && !b->error; i++) {
		u32 words = 0, k;

		if (b->hashes[i] != hash)
			continue;
		seen = imtc_build_words(b, positions[i]);
		for (k = 0; k < IMTC_RULE_WORDS; k++) {
			u64 word = seen[k / 64] >> k % 64 & 1 ? seen[IMTC_ROW_HEAD + words++] : 0;

			if (word != row[k])
				break;
		}
		if (k < IMTC_RULE_WORDS)
			continue;
		positions[value] = positions[i];
		return;
	}
	positions[value] = imtc_build_row(b, row);
}

static inline void imtc_build_services(struct imtc_index_build *b, u32 *positions)
{
	memset(b->values, 0, sizeof(b->values));
	for (u32 i = 0; i < b->n; i++) {
		const u64 *set = b->rules[i].services;
		bool any = !(set[0] | set[1]);

		for (u32 v = 0; v < IMTC_SERVICE_MAX; v++)
			if (any || set[v / 64] >> v % 64 & 1)
				imtc_set_bit(b->values[v], i);
	}
	for (u32 v = 0; v < IMTC_SERVICE_MAX; v++)
		imtc_build_value(b, positions, v, b->values[v]);
}

/* Values 0 .. 15 are those of the feature, 16 .. 19 of encryption, 20 .. 27 of direction. */
static inline void imtc_build_manners(struct imtc_index_build *b, u32 *positions)
{
	memset(b->values, 0, sizeof(b->values));
	for (u32 i = 0; i < b->n; i++) {
		const struct imtc_rule *r = &b->rules[i];

		for (u32 v = 0; v < 16; v++)
			if (!r->features || r->features >> v & 1)
				imtc_set_bit(b->values[v], i);
		for (u32 v = 0; v < 4; v++)
			if (!r->encryptions || r->encryptions >> v & 1)
				imtc_set_bit(b->values[16 + v], i);
		for (u32 v = 0; v < 8; v++)
			if (!r->directions || r->directions & v)
				imtc_set_bit(b->values[20 + v], i);
	}
	for (u32 v = 0; v < IMTC_MANNERS; v++) {
		const u64 *feature = b->values[v & 15], *encryption = b->values[16 + (v >> 4 & 3)];
		const u64 *direction = b->values[20 + (v >> 6)];

		for (u32 k = 0; k < IMTC_RULE_WORDS; k++)
			b->row[k] = feature[k] & encryption[k] & direction[k];
		imtc_build_value(b, positions, v, b->row);
	}
}

static inline void imtc_build_procs(struct imtc_index_build *b, u32 *ret_any, u32 *ret_page)
{
	u32 page = imtc_build_pages(b, 1);

	memset(b->row, 0, sizeof(b->row));
	memset(b->first, 0, sizeof(b->first));
	for (u32 i = b->n; i-- > 0;) {
		u32 proc = b->rules[i].proc % IMTC_PROCS_MAX;

		if (!b->rules[i].proc)
			imtc_set_bit(b->row, i);
		b->next[i] = b->first[proc];
		b->first[proc] = i + 1;
	}
	*ret_any = imtc_build_row(b, b->row);
	for (u32 p = 1; p < IMTC_PROCS_MAX && !b->error; p++) {
		u32 row;

		if (!b->first[p])
			continue;
		memset(b->row, 0, sizeof(b->row));
		for (u32 i = b->first[p]; i; i = b->next[i - 1])
			imtc_set_bit(b->row, i - 1);
		row = imtc_build_row(b, b->row);
		if (!b->error)
			((u32 *)imtc_build_words(b, page * IMTC_PAGE_WORDS))[p] = row;
	}
	*ret_page = page;
}

/* --- all of it ------------------------------------------------------------------- */

static inline void imtc_build_all(struct imtc_index_build *b, struct imtc_index_head *head,
				  struct imtc_open_prefix *open)
{
	b->limit = IMTC_INDEX_PAGES_MAX;
	imtc_build_pages(b, 1);
	memset(b->row, 0, sizeof(b->row));
	b->none = imtc_build_row(b, b->row);
	for (u32 end = 0; end < IMTC_ENDS && !b->error; end++)
		imtc_build_end(b, end, open);
	if (!b->error)
		imtc_build_named(b);
	if (b->error)
		return;
	memcpy(head, b->index->pages, sizeof(*head));
	head->none = b->none;
	imtc_build_services(b, head->service);
	imtc_build_manners(b, head->manner);
	imtc_build_procs(b, &head->any_proc, &head->procs);
	if (!b->error)
		memcpy(b->index->pages, head, sizeof(*head));
}

/* Gives back what was allocated ahead of need. */
static inline int imtc_build_trim(struct imtc_index *index)
{
	u64 *fresh = imtc_index_alloc(index->count, IMTC_PAGE_BYTES);

	if (!fresh)
		return -ENOMEM;
	memcpy(fresh, index->pages, (size_t)index->count * IMTC_PAGE_BYTES);
	imtc_index_release(index->pages);
	index->pages = fresh;
	index->room = index->count;
	return 0;
}

static inline int imtc_build_allocate(struct imtc_index_build *b)
{
	u32 prefixes = b->n + b->sets_given->entries_count;
	u32 most = imtc_count_words(b->sets_given);

	if (most < prefixes)
		most = prefixes;
	b->prefixes = imtc_index_alloc(prefixes + 1, sizeof(*b->prefixes));
	b->bounds = imtc_index_alloc(2 * most + 1, sizeof(*b->bounds));
	return b->prefixes && b->bounds ? 0 : -ENOMEM;
}

/*
 * 0, or -ENOMEM and nothing. n is at most IMTC_RULES_MAX; of the sets (NULL: there are
 * none) the prefixes IMTC_SET_ENTRIES_MAX, the words IMTC_SET_WORDS_MAX.
 */
static inline int imtc_index_build(struct imtc_index *ret_index, const struct imtc_rule *rules,
				   u32 n, const struct imtc_index_sets *sets)
{
	struct imtc_index_build *b = imtc_index_alloc(1, sizeof(*b));
	struct imtc_index_head *head = imtc_index_alloc(1, sizeof(*head));
	struct imtc_open_prefix *open = imtc_index_alloc(IMTC_PREFIX_DEPTH, sizeof(*open));
	static const struct imtc_index_sets no_sets;
	int error = -ENOMEM;

	memset(ret_index, 0, sizeof(*ret_index));
	if (b && head && open) {
		b->index = ret_index;
		b->rules = rules;
		b->n = n;
		b->sets_given = sets ? sets : &no_sets;
		b->error = imtc_build_allocate(b);
		imtc_build_all(b, head, open);
		error = b->error ? b->error : imtc_build_trim(ret_index);
		imtc_index_release(b->bounds);
		imtc_index_release(b->prefixes);
	}
	imtc_index_release(open);
	imtc_index_release(head);
	imtc_index_release(b);
	if (error)
		imtc_index_free(ret_index);
	return error;
}

#endif /* IMTC_POLICY_INDEX_BUILD_H */
