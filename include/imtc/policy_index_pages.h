/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the builder of an index (imtc/policy_index_build.h) works with: its pages and
 * its rows.
 */
#ifndef IMTC_POLICY_INDEX_PAGES_H
#define IMTC_POLICY_INDEX_PAGES_H

#include <imtc/policy_pick.h>

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
	const struct imtc_index_sets *sets_given;
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

#endif /* IMTC_POLICY_INDEX_PAGES_H */
