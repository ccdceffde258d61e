/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of addresses for the builder of an index (imtc/policy_index_build.h): the
 * prefixes of rules and sets, from the first address to the last.
 */
#ifndef IMTC_POLICY_INDEX_ENDS_H
#define IMTC_POLICY_INDEX_ENDS_H

#include <imtc/policy_index_pages.h>

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
	for (u32 i = 0; i < b->sets_given->entries_count; i++) {
		const struct imtc_set_entry *e = &b->sets_given->entries[i];

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

/* The bounds to pages, unless there is nothing that they say. */
static inline void imtc_build_sorted(struct imtc_index_build *b, enum imtc_index_end end,
				     bool any)
{
	struct imtc_index_head *head;
	u32 roots, tops, bounds;

	if (!any)
		return;
	roots = imtc_build_tops(b, IMTC_PAGE_BOUNDS * IMTC_PAGE_TOPS);
	tops = imtc_build_tops(b, IMTC_PAGE_BOUNDS);
	bounds = imtc_build_bound_pages(b);
	if (b->error)
		return;
	head = (void *)b->index->pages;
	head->roots[end] = roots;
	head->tops[end] = tops;
	head->bounds[end] = bounds;
	head->bounds_count[end] = b->bounds_count;
}

static inline void imtc_build_end(struct imtc_index_build *b, enum imtc_index_end end,
				  struct imtc_open_prefix *open)
{
	u32 count = imtc_build_rows(b, end, open), any;

	imtc_build_sorted(b, end, count);
	if (b->has_rows)
		imtc_gather_rules(b, end);
	else
		memset(b->row, 0, sizeof(b->row));
	for (u32 i = 0; i < b->n; i++)
		b->row[i / 64] ^= 1ULL << i % 64;
	any = imtc_build_row(b, b->row);
	if (b->error)
		return;
	((struct imtc_index_head *)b->index->pages)->any_address[end] = any;
}

#endif /* IMTC_POLICY_INDEX_ENDS_H */
