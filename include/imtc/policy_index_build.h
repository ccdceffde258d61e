/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the index of a policy (imtc/policy_index.h) from its compiled rules: in the
 * module at a commit, in imctl before the maps are filled. May sleep.
 */
#ifndef IMTC_POLICY_INDEX_BUILD_H
#define IMTC_POLICY_INDEX_BUILD_H

#include <imtc/policy_index.h>

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#define imtc_index_alloc(count, size) kvcalloc(count, size, GFP_KERNEL_ACCOUNT)
#define imtc_index_release(memory) kvfree(memory)
#define imtc_index_sort(base, count, size, compare) sort(base, count, size, compare, NULL)
#else
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define imtc_index_alloc(count, size) calloc(count, size)
#define imtc_index_release(memory) free(memory)
#define imtc_index_sort(base, count, size, compare) qsort(base, count, size, compare)
#endif

#define IMTC_PREFIX_DEPTH 130	/* prefixes of one address, and none */

/* A rule's prefix as the addresses it holds, two numbers each. */
struct imtc_index_prefix {
	u64 first[2];
	u64 last[2];
	u32 rule;
};

struct imtc_index_build {
	struct imtc_index *index;
	const struct imtc_rule *rules;
	u32 n;
	int error;		/* the first one; nothing is done after it */
	u32 at;			/* where the next row goes */
	u32 limit;		/* pages there may be now */
	u32 none;
	/* A row as it is made, and bits of each of a criterion's values. */
	u64 row[IMTC_RULE_WORDS];
	u64 values[IMTC_SERVICE_MAX][IMTC_RULE_WORDS];
	u64 hashes[IMTC_MANNERS];
	/* Rules by process pattern: 1 + the first, and 1 + the next of each. */
	u32 first[IMTC_PROCS_MAX];
	u32 next[IMTC_RULES_MAX];
	struct imtc_index_prefix prefixes[IMTC_RULES_MAX];
	/* Bounds as they are found. */
	u32 bounds_count;
	u64 starts[IMTC_BOUNDS_MAX][2];
	u32 starts_row[IMTC_BOUNDS_MAX];
};

static inline void imtc_index_free(struct imtc_index *index)
{
	imtc_index_release(index->pages);
	memset(index, 0, sizeof(*index));
}

static inline u64 *imtc_build_words(struct imtc_index_build *b, u32 position)
{
	return b->index->pages + position;
}

/* So many zeroed pages behind the others; their first number, 0 where that is not to be had. */
static inline u32 imtc_build_pages(struct imtc_index_build *b, u32 count)
{
	struct imtc_index *index = b->index;
	u32 first = index->count, room = index->room;
	u64 *fresh;

	if (b->error)
		return 0;
	if (first + count > b->limit) {
		b->error = -E2BIG;
		return 0;
	}
	if (first + count > room) {
		room = first + count + room / 2 + 4;
		fresh = imtc_index_alloc(room, IMTC_PAGE_BYTES);
		if (!fresh) {
			b->error = -ENOMEM;
			return 0;
		}
		if (first)
			memcpy(fresh, index->pages, (size_t)first * IMTC_PAGE_BYTES);
		imtc_index_release(index->pages);
		index->pages = fresh;
		index->room = room;
	}
	index->count += count;
	return first;
}

static inline void imtc_set_bit(u64 *row, u32 rule)
{
	row[rule / 64] |= 1ULL << rule % 64;
}

/* Writes a row of bits; its position, 0 on error. */
static inline u32 imtc_build_row(struct imtc_index_build *b, const u64 row[IMTC_RULE_WORDS])
{
	u64 *to;
	u32 words = 0, position;

	for (u32 i = 0; i < IMTC_RULE_WORDS; i++)
		words += row[i] != 0;
	words += IMTC_ROW_HEAD;
	if (!b->at || b->at % IMTC_PAGE_WORDS + words > IMTC_PAGE_WORDS ||
	    b->at / IMTC_PAGE_WORDS + 1 != b->index->count)
		b->at = imtc_build_pages(b, 1) * IMTC_PAGE_WORDS;
	if (b->error)
		return 0;
	position = b->at;
	b->at += words;
	/* A full page is not gone on with: the next row would begin on no page. */
	if (b->at % IMTC_PAGE_WORDS == 0)
		b->at = 0;
	to = imtc_build_words(b, position);
	words = 0;
	for (u32 i = 0; i < IMTC_RULE_WORDS; i++) {
		if (i % 64 == 0)
			to[IMTC_GROUPS] |= (u64)words << i / 64 * 16;
		if (!row[i])
			continue;
		to[i / 64] |= 1ULL << i % 64;
		to[IMTC_ROW_HEAD + words++] = row[i];
	}
	return position;
}

/* The bits of a row that was written, into `row`. */
static inline void imtc_build_read(struct imtc_index_build *b, u32 position,
				   u64 row[IMTC_RULE_WORDS])
{
	const u64 *from = imtc_build_words(b, position);
	u32 words = 0;

	for (u32 i = 0; i < IMTC_RULE_WORDS; i++)
		row[i] = from[i / 64] >> i % 64 & 1 ? from[IMTC_ROW_HEAD + words++] : 0;
}

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

/* --- addresses ------------------------------------------------------------------- */

static inline int imtc_compare64(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

/* By the first address, the wider before the narrower, then by rule. */
static inline int imtc_prefix_order(const void *left, const void *right)
{
	const struct imtc_index_prefix *a = left, *b = right;
	int order = imtc_compare64(a->first[0], b->first[0]);

	if (!order)
		order = imtc_compare64(a->first[1], b->first[1]);
	if (!order)
		order = imtc_compare64(b->last[0], a->last[0]);
	if (!order)
		order = imtc_compare64(b->last[1], a->last[1]);
	return order ? order : imtc_compare64(a->rule, b->rule);
}

static inline bool imtc_same_prefix(const struct imtc_index_prefix *a,
				    const struct imtc_index_prefix *b)
{
	return a->first[0] == b->first[0] && a->first[1] == b->first[1] &&
	       a->last[0] == b->last[0] && a->last[1] == b->last[1];
}

/* Ones, then zeroes. */
static inline bool imtc_mask_is_prefix(const u64 mask[2])
{
	u64 high = ~imtc_number64(mask[0]), low = ~imtc_number64(mask[1]);

	return !(high & (high + 1)) && !(low & (low + 1)) && (!high || low == ~0ULL);
}

/* Where from `start` on the row is that. The last word on a start is the one that holds. */
static inline void imtc_build_bound(struct imtc_index_build *b, const u64 start[2], u32 row)
{
	u32 i = b->bounds_count;

	if (i && b->starts[i - 1][0] == start[0] && b->starts[i - 1][1] == start[1])
		i--;
	b->starts[i][0] = start[0];
	b->starts[i][1] = start[1];
	b->starts_row[i] = row;
	b->bounds_count = i + 1;
}

struct imtc_open_prefix {
	u64 last[2];
	u32 row;
};

/* The end of the innermost prefix; behind it is the one around it. */
static inline void imtc_build_close(struct imtc_index_build *b, struct imtc_open_prefix *open,
				    u32 *depth)
{
	u64 after[2] = { open[*depth].last[0], open[*depth].last[1] + 1 };

	--*depth;
	if (!after[1] && !++after[0])
		return;		/* nothing is behind the last address */
	imtc_build_bound(b, after, open[*depth].row);
}

static inline bool imtc_is_before(const u64 a[2], const u64 b[2])
{
	return a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
}

/*
 * Of two prefixes one is within the other, or they have nothing in common: in their
 * order, those around the next one are a stack.
 */
static inline void imtc_build_bounds(struct imtc_index_build *b, u32 count,
				     struct imtc_open_prefix open[IMTC_PREFIX_DEPTH])
{
	static const u64 zero[2];
	u32 depth = 0, next;

	open[0] = (struct imtc_open_prefix){ { ~0ULL, ~0ULL }, b->none };
	b->bounds_count = 0;
	imtc_build_bound(b, zero, b->none);
	for (u32 i = 0; i < count && !b->error; i = next) {
		const struct imtc_index_prefix *p = &b->prefixes[i];

		while (depth && imtc_is_before(open[depth].last, p->first))
			imtc_build_close(b, open, &depth);
		imtc_build_read(b, open[depth].row, b->row);
		for (next = i; next < count && imtc_same_prefix(p, &b->prefixes[next]); next++)
			imtc_set_bit(b->row, b->prefixes[next].rule);
		open[++depth] = (struct imtc_open_prefix){ { p->last[0], p->last[1] },
							   imtc_build_row(b, b->row) };
		imtc_build_bound(b, p->first, open[depth].row);
	}
	while (depth)
		imtc_build_close(b, open, &depth);
}

static inline u32 imtc_gather_prefixes(struct imtc_index_build *b, enum imtc_index_end end)
{
	u32 count = 0;

	for (u32 i = 0; i < b->n; i++) {
		const struct imtc_rule *r = &b->rules[i];
		const struct imtc_prefix *from = end == IMTC_END_LOCAL ? &r->local : &r->remote;
		struct imtc_index_prefix *to = &b->prefixes[count];

		if (!(from->mask[0] | from->mask[1]) || !imtc_mask_is_prefix(from->mask))
			continue;
		for (u32 k = 0; k < 2; k++) {
			u64 mask = imtc_number64(from->mask[k]);

			to->first[k] = imtc_number64(from->addr[k]) & mask;
			to->last[k] = to->first[k] | ~mask;
		}
		to->rule = i;
		count++;
	}
	imtc_index_sort(b->prefixes, count, sizeof(b->prefixes[0]), imtc_prefix_order);
	return count;
}

/* Bounds as they were found to pages of them, and the first ones of these to another. */
static inline void imtc_build_bound_pages(struct imtc_index_build *b, u32 *ret_tops,
					  u32 *ret_first)
{
	u32 pages = (b->bounds_count + IMTC_PAGE_BOUNDS - 1) / IMTC_PAGE_BOUNDS;
	u32 tops = imtc_build_pages(b, 1), first = imtc_build_pages(b, pages);

	for (u32 i = 0; i < b->bounds_count && !b->error; i++) {
		u32 page = i / IMTC_PAGE_BOUNDS, at = i % IMTC_PAGE_BOUNDS;
		struct imtc_index_bounds *to =
			(void *)imtc_build_words(b, (first + page) * IMTC_PAGE_WORDS);

		memcpy(to->start[at], b->starts[i], sizeof(to->start[at]));
		to->row[at] = b->starts_row[i];
		if (!at)
			memcpy(imtc_build_words(b, tops * IMTC_PAGE_WORDS + 2 * page), b->starts[i],
			       sizeof(b->starts[i]));
	}
	*ret_tops = tops;
	*ret_first = first;
}

/* Too large: as if no rule asked for an address of that end. */
static inline void imtc_build_end(struct imtc_index_build *b, enum imtc_index_end end,
				  struct imtc_open_prefix *open)
{
	u32 before = b->index->count, count, tops = 0, first = 0, any;
	struct imtc_index_head *head;

	b->limit = before + IMTC_INDEX_ADDRESS_PAGES;
	count = imtc_gather_prefixes(b, end);
	if (count) {
		imtc_build_bounds(b, count, open);
		imtc_build_bound_pages(b, &tops, &first);
	}
	if (b->error == -E2BIG) {
		memset(b->index->pages + (size_t)before * IMTC_PAGE_WORDS, 0,
		       (size_t)(b->index->count - before) * IMTC_PAGE_BYTES);
		b->index->count = before;
		b->at = b->error = count = tops = first = 0;
	}
	b->limit = IMTC_INDEX_PAGES_MAX;
	memset(b->row, 0, sizeof(b->row));
	for (u32 i = 0; i < b->n; i++)
		imtc_set_bit(b->row, i);
	for (u32 i = 0; i < count; i++)
		b->row[b->prefixes[i].rule / 64] &= ~(1ULL << b->prefixes[i].rule % 64);
	any = imtc_build_row(b, b->row);
	if (b->error)
		return;
	head = (void *)b->index->pages;
	head->tops[end] = tops;
	head->bounds[end] = first;
	head->bounds_count[end] = count ? b->bounds_count : 0;
	head->any_address[end] = any;
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

/* 0, or -ENOMEM and nothing. n is at most IMTC_RULES_MAX. */
static inline int imtc_index_build(struct imtc_index *ret_index, const struct imtc_rule *rules,
				   u32 n)
{
	struct imtc_index_build *b = imtc_index_alloc(1, sizeof(*b));
	struct imtc_index_head *head = imtc_index_alloc(1, sizeof(*head));
	struct imtc_open_prefix *open = imtc_index_alloc(IMTC_PREFIX_DEPTH, sizeof(*open));
	int error = -ENOMEM;

	memset(ret_index, 0, sizeof(*ret_index));
	if (b && head && open) {
		b->index = ret_index;
		b->rules = rules;
		b->n = n;
		imtc_build_all(b, head, open);
		error = b->error ? b->error : imtc_build_trim(ret_index);
	}
	imtc_index_release(open);
	imtc_index_release(head);
	imtc_index_release(b);
	if (error)
		imtc_index_free(ret_index);
	return error;
}

#endif /* IMTC_POLICY_INDEX_BUILD_H */
