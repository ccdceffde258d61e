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

/* A prefix of a rule or a set as the addresses it holds, two numbers each. */
struct imtc_index_prefix {
	u64 first[2];
	u64 last[2];
	u32 rule;	/* where set is 0 */
	u32 set;
};

/* The row of prefixes of these sets within a prefix of that row. */
#define IMTC_ROWS_KNOWN 1024
struct imtc_known_row {
	u64 sets;
	u32 around;
	u32 row;	/* 0: free */
};

struct imtc_bound {
	u64 start[2];
	u64 sets;
	u32 row;
};

struct imtc_index_build {
	struct imtc_index *index;
	const struct imtc_rule *rules;
	u32 n;
	const struct imtc_set_entry *entries;
	u32 entries_count;
	int error;		/* the first one; nothing is done after it */
	u32 at;			/* where the next row goes */
	u32 limit;		/* pages there may be now */
	bool has_rows;		/* of addresses; no: they would be too many */
	u32 none;
	/* A row as it is made, and bits of each of a criterion's values. */
	u64 row[IMTC_RULE_WORDS];
	u64 values[IMTC_SERVICE_MAX][IMTC_RULE_WORDS];
	u64 hashes[IMTC_MANNERS];
	/* Rules by process pattern: 1 + the first, and 1 + the next of each. */
	u32 first[IMTC_PROCS_MAX];
	u32 next[IMTC_RULES_MAX];
	/* Of one end: rules by the set they ask for, and prefixes in their order. */
	u64 of_set[IMTC_SETS_MAX][IMTC_RULE_WORDS];
	u64 sets;		/* that a rule asks for */
	struct imtc_known_row known[IMTC_ROWS_KNOWN];
	struct imtc_index_prefix *prefixes;
	/* Bounds as they are found. */
	struct imtc_bound *bounds;
	u32 bounds_count;
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

/* Where from `start` on all is so. The last word on a start is the one that holds. */
static inline void imtc_build_bound(struct imtc_index_build *b, const u64 start[2], u32 row,
				    u64 sets)
{
	u32 i = b->bounds_count;
	struct imtc_bound *last = i ? &b->bounds[i - 1] : NULL;

	if (last && last->start[0] == start[0] && last->start[1] == start[1])
		i--;
	b->bounds[i] = (struct imtc_bound){ { start[0], start[1] }, sets, row };
	b->bounds_count = i + 1;
}

struct imtc_open_prefix {
	u64 last[2];
	u64 sets;
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
	imtc_build_bound(b, after, open[*depth].row, open[*depth].sets);
}

static inline bool imtc_is_before(const u64 a[2], const u64 b[2])
{
	return a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
}

/* The row in b->row, which is that of prefixes of `sets` alone within `around`. */
static inline u32 imtc_build_set_row(struct imtc_index_build *b, u32 around, u64 sets)
{
	u32 slot = (u32)((sets ^ around) * 0x9e3779b97f4a7c15ULL >> 54);
	struct imtc_known_row *known = &b->known[slot % IMTC_ROWS_KNOWN];

	if (known->row && known->sets == sets && known->around == around)
		return known->row;
	*known = (struct imtc_known_row){ sets, around, imtc_build_row(b, b->row) };
	return known->row;
}

/* Opens the prefix number `from`, that of several rules and sets; returns the next one's number. */
static inline u32 imtc_build_open(struct imtc_index_build *b, u32 from, u32 count,
				  const struct imtc_open_prefix *around,
				  struct imtc_open_prefix *ret_open)
{
	const struct imtc_index_prefix *p = &b->prefixes[from];
	u64 sets = 0;
	bool has_rule = false;
	u32 next;

	imtc_build_read(b, around->row, b->row);
	for (next = from; next < count && imtc_same_prefix(p, &b->prefixes[next]); next++) {
		const struct imtc_index_prefix *same = &b->prefixes[next];

		if (same->set) {
			sets |= 1ULL << same->set;
			for (u32 k = 0; k < IMTC_RULE_WORDS; k++)
				b->row[k] |= b->of_set[same->set][k];
		} else {
			has_rule = true;
			imtc_set_bit(b->row, same->rule);
		}
	}
	ret_open->last[0] = p->last[0];
	ret_open->last[1] = p->last[1];
	ret_open->sets = around->sets | sets;
	if (!b->has_rows)
		ret_open->row = b->none;
	else if (has_rule)
		ret_open->row = imtc_build_row(b, b->row);
	else
		ret_open->row = imtc_build_set_row(b, around->row, sets);
	return next;
}

/*
 * Of two prefixes one is within the other, or they have nothing in common: in their
 * order, those around the next one are a stack.
 */
static inline void imtc_build_bounds(struct imtc_index_build *b, u32 count,
				     struct imtc_open_prefix open[IMTC_PREFIX_DEPTH])
{
	static const u64 zero[2];
	u32 depth = 0, i = 0;

	open[0] = (struct imtc_open_prefix){ { ~0ULL, ~0ULL }, 0, b->none };
	b->bounds_count = 0;
	memset(b->known, 0, sizeof(b->known));
	imtc_build_bound(b, zero, b->none, 0);
	while (i < count && !b->error) {
		const struct imtc_index_prefix *p = &b->prefixes[i];

		while (depth && imtc_is_before(open[depth].last, p->first))
			imtc_build_close(b, open, &depth);
		i = imtc_build_open(b, i, count, &open[depth], &open[depth + 1]);
		depth++;
		imtc_build_bound(b, p->first, open[depth].row, open[depth].sets);
	}
	while (depth)
		imtc_build_close(b, open, &depth);
}

static inline void imtc_put_prefix(struct imtc_index_prefix *to, const struct imtc_prefix *from)
{
	for (u32 k = 0; k < 2; k++) {
		u64 mask = imtc_number64(from->mask[k]);

		to->first[k] = imtc_number64(from->addr[k]) & mask;
		to->last[k] = to->first[k] | ~mask;
	}
}

/* Prefixes that rules ask for at an end; b->row: those rules, and those that ask for a set. */
static inline u32 imtc_gather_rules(struct imtc_index_build *b, enum imtc_index_end end)
{
	u32 count = 0;

	memset(b->row, 0, sizeof(b->row));
	memset(b->of_set, 0, sizeof(b->of_set));
	b->sets = 0;
	for (u32 i = 0; i < b->n; i++) {
		const struct imtc_rule *r = &b->rules[i];
		const struct imtc_prefix *from = end == IMTC_END_LOCAL ? &r->local : &r->remote;
		u32 set = end == IMTC_END_LOCAL ? r->local_set : r->remote_set;

		if (set) {
			imtc_set_bit(b->row, i);
			imtc_set_bit(b->of_set[set % IMTC_SETS_MAX], i);
			b->sets |= 1ULL << set % IMTC_SETS_MAX;
		} else if ((from->mask[0] | from->mask[1]) && imtc_mask_is_prefix(from->mask)) {
			imtc_set_bit(b->row, i);
			b->prefixes[count].rule = i;
			b->prefixes[count].set = 0;
			imtc_put_prefix(&b->prefixes[count++], from);
		}
	}
	return count;
}

static inline u32 imtc_gather_sets(struct imtc_index_build *b, u32 count)
{
	for (u32 i = 0; i < b->entries_count; i++) {
		const struct imtc_set_entry *e = &b->entries[i];

		if (!(b->sets >> e->set % IMTC_SETS_MAX & 1))
			continue;
		b->prefixes[count].set = e->set % IMTC_SETS_MAX;
		imtc_put_prefix(&b->prefixes[count++], &e->prefix);
	}
	return count;
}

/* The first bounds of pages from `from` on, the so-manieth each, to pages of tops. */
static inline u32 imtc_build_tops(struct imtc_index_build *b, u32 step)
{
	u32 count = (b->bounds_count + step - 1) / step;
	u32 first = imtc_build_pages(b, (count + IMTC_PAGE_TOPS - 1) / IMTC_PAGE_TOPS);

	for (u32 i = 0; i < count && !b->error; i++)
		memcpy(imtc_build_words(b, first * IMTC_PAGE_WORDS + 2 * i), b->bounds[i * step].start,
		       sizeof(b->bounds[0].start));
	return first;
}

static inline u32 imtc_build_bound_pages(struct imtc_index_build *b)
{
	u32 first = imtc_build_pages(b, (b->bounds_count + IMTC_PAGE_BOUNDS - 1) /
				     IMTC_PAGE_BOUNDS);

	for (u32 i = 0; i < b->bounds_count && !b->error; i++) {
		u32 page = first + i / IMTC_PAGE_BOUNDS, at = i % IMTC_PAGE_BOUNDS;
		struct imtc_index_bounds *to =
			(void *)imtc_build_words(b, page * IMTC_PAGE_WORDS);

		memcpy(to->start[at], b->bounds[i].start, sizeof(to->start[at]));
		to->sets[at] = b->bounds[i].sets;
		to->row[at] = b->bounds[i].row;
	}
	return first;
}

/* Rows of prefixes; too many: none, and bounds for the sets alone. */
static inline u32 imtc_build_rows(struct imtc_index_build *b, enum imtc_index_end end,
				  struct imtc_open_prefix *open)
{
	u32 before = b->index->count, count;

	b->limit = before + IMTC_INDEX_ROW_PAGES;
	b->has_rows = true;
	count = imtc_gather_sets(b, imtc_gather_rules(b, end));
	imtc_index_sort(b->prefixes, count, sizeof(b->prefixes[0]), imtc_prefix_order);
	imtc_build_bounds(b, count, open);
	if (b->error == -E2BIG) {
		memset(b->index->pages + (size_t)before * IMTC_PAGE_WORDS, 0,
		       (size_t)(b->index->count - before) * IMTC_PAGE_BYTES);
		b->index->count = before;
		b->at = b->error = 0;
		b->has_rows = false;
		count = imtc_gather_sets(b, 0);
		memset(b->row, 0, sizeof(b->row));
		imtc_index_sort(b->prefixes, count, sizeof(b->prefixes[0]), imtc_prefix_order);
		imtc_build_bounds(b, count, open);
	}
	b->limit = IMTC_INDEX_PAGES_MAX;
	return count;
}

static inline void imtc_build_end(struct imtc_index_build *b, enum imtc_index_end end,
				  struct imtc_open_prefix *open)
{
	u32 count = imtc_build_rows(b, end, open), any, roots = 0, tops = 0, bounds = 0;
	struct imtc_index_head *head;

	if (count) {
		roots = imtc_build_tops(b, IMTC_PAGE_BOUNDS * IMTC_PAGE_TOPS);
		tops = imtc_build_tops(b, IMTC_PAGE_BOUNDS);
		bounds = imtc_build_bound_pages(b);
	}
	if (b->has_rows)
		imtc_gather_rules(b, end);
	else
		memset(b->row, 0, sizeof(b->row));
	for (u32 i = 0; i < b->n; i++)
		b->row[i / 64] ^= 1ULL << i % 64;
	any = imtc_build_row(b, b->row);
	if (b->error)
		return;
	head = (void *)b->index->pages;
	head->roots[end] = roots;
	head->tops[end] = tops;
	head->bounds[end] = bounds;
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

static inline int imtc_build_allocate(struct imtc_index_build *b)
{
	b->prefixes = imtc_index_alloc(b->n + b->entries_count + 1, sizeof(*b->prefixes));
	b->bounds = imtc_index_alloc(2 * (b->n + b->entries_count) + 1, sizeof(*b->bounds));
	return b->prefixes && b->bounds ? 0 : -ENOMEM;
}

/*
 * 0, or -ENOMEM and nothing. n is at most IMTC_RULES_MAX; count, of the prefixes of
 * all sets in any order, IMTC_SET_ENTRIES_MAX.
 */
static inline int imtc_index_build(struct imtc_index *ret_index, const struct imtc_rule *rules,
				   u32 n, const struct imtc_set_entry *entries, u32 count)
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
		b->entries = entries;
		b->entries_count = count;
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
