/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index of a policy: which compiled rules may match, so that the cost of a
 * verdict does not grow with their number. The same code in the module, in BPF and
 * in imctl; imtc/policy_index_build.h makes it.
 *
 * For each value of what a flow is asked about there is a row: a bit a compiled
 * rule that takes this value. Rows are ANDed, 64 words of rules at a time by their
 * summary (bit w: word w is not zero), then word by word; what is left are
 * candidates, in order, and imtc_rule_matches() has the last word. So a row may
 * have bits too many, never too few: a criterion that is not indexed needs nothing
 * here.
 *
 *	service		its row
 *	manner		feature, encryption and direction, one row for the three
 *	local, remote	rules that ask for no address | rules of the prefixes around it
 *	process		rules that ask for none | rules of the patterns that match
 *
 * Most rows have few words, and only those that are not zero are stored:
 *
 *	IMTC_GROUPS summaries | ranks | words
 *
 * ranks, 16 bits a group, counts the words of the groups before. A row lies within
 * one page: a map entry in BPF. Its position is counted in words from page 0,
 * which holds the head.
 *
 * Addresses are found by binary searches: among the first bounds of the pages of
 * bounds ("tops"; where these fill several pages, first among their first ones, the
 * root), then in one of the pages. There also is which sets hold the address. Words
 * of sets (imtc/policy_words.h) are found alike: a word that is there is a bound.
 */
#ifndef IMTC_POLICY_INDEX_H
#define IMTC_POLICY_INDEX_H

#include <imtc/policy.h>

#ifdef __KERNEL__
#include <linux/bitops.h>
#elif !defined(__bpf__)
#include <stddef.h>
#endif

#define IMTC_PAGE_WORDS 512
#define IMTC_PAGE_MASK (IMTC_PAGE_WORDS - 1)
#define IMTC_PAGE_BYTES (8 * IMTC_PAGE_WORDS)
#define IMTC_RULE_WORDS (IMTC_RULES_MAX / 64)
#define IMTC_GROUPS (IMTC_RULE_WORDS / 64)	/* of 64 words, one summary each */
#define IMTC_ROW_HEAD (IMTC_GROUPS + 1)
IMTC_STATIC_ASSERT(IMTC_GROUPS == 4);	/* as many as there are ranks */


enum imtc_index_end {
	IMTC_END_LOCAL,
	IMTC_END_REMOTE,
	IMTC_ENDS,
	IMTC_END_WORDS = IMTC_ENDS,	/* no end: keys of words of sets */
	IMTC_SORTED,
};

#define IMTC_MANNERS 512

/* Page 0. A row or a page of number 0 is not there. */
struct imtc_index_head {
	u32 service[IMTC_SERVICE_MAX];
	u32 manner[IMTC_MANNERS];	/* by imtc_manner() */
	u32 any_address[IMTC_ENDS];	/* rules that ask for no address of that end */
	u32 any_proc;
	u32 roots[IMTC_SORTED];		/* page: the first of each page of tops */
	u32 tops[IMTC_SORTED];		/* first page of the first bound of each page of bounds */
	u32 bounds[IMTC_SORTED];	/* first page of bounds */
	u32 bounds_count[IMTC_SORTED];
	u32 none;			/* the row without a rule */
	u32 procs;			/* page: u32, row of each process pattern */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_index_head) <= IMTC_PAGE_BYTES);
IMTC_STATIC_ASSERT(IMTC_PROCS_MAX * sizeof(u32) <= IMTC_PAGE_BYTES);

/* From `start` on, as two numbers, up to the next one's, addresses have this row. */
#define IMTC_PAGE_BOUNDS 146
struct imtc_index_bounds {
	u64 start[IMTC_PAGE_BOUNDS][2];
	u64 sets[IMTC_PAGE_BOUNDS];	/* bit a set that holds them */
	u32 row[IMTC_PAGE_BOUNDS];
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_index_bounds) <= IMTC_PAGE_BYTES);
#define IMTC_PAGE_TOPS (IMTC_PAGE_WORDS / 2)

/* Each prefix has a start and an end; the first begins at zero. */
#define IMTC_BOUNDS_MAX (2 * (IMTC_RULES_MAX + IMTC_SET_ENTRIES_MAX) + 1)
#define IMTC_BOUNDS_PAGES ((IMTC_BOUNDS_MAX + IMTC_PAGE_BOUNDS - 1) / IMTC_PAGE_BOUNDS)
#define IMTC_TOPS_PAGES ((IMTC_BOUNDS_PAGES + IMTC_PAGE_TOPS - 1) / IMTC_PAGE_TOPS)
IMTC_STATIC_ASSERT(IMTC_TOPS_PAGES <= IMTC_PAGE_TOPS);
/* A word has two keys at most. */
#define IMTC_WORDS_PAGES ((2 * IMTC_SET_WORDS_MAX + IMTC_PAGE_BOUNDS - 1) / IMTC_PAGE_BOUNDS)
#define IMTC_WORDS_TOPS ((IMTC_WORDS_PAGES + IMTC_PAGE_TOPS - 1) / IMTC_PAGE_TOPS)
IMTC_STATIC_ASSERT(IMTC_WORDS_TOPS <= IMTC_PAGE_TOPS);

/*
 * The rows of an end's addresses have so many pages at most, 12 MiB; where they
 * would need more, addresses are left to imtc_rule_matches().
 */
#define IMTC_INDEX_ROW_PAGES 3072
#define IMTC_INDEX_PAGES_MAX \
	(IMTC_ENDS * (IMTC_INDEX_ROW_PAGES + IMTC_BOUNDS_PAGES + IMTC_TOPS_PAGES + 1) + \
	 IMTC_WORDS_PAGES + IMTC_WORDS_TOPS + 1 + 1280)

/* What the sets of a policy hold, for the builder. */
struct imtc_index_sets {
	const struct imtc_set_entry *entries;	/* in no order */
	u32 entries_count;
	u32 words_bytes;
	const char *words;	/* as in imtc/policy_words.h */
	const u64 *seed;	/* two, of the words' hashes */
};

/* A policy's index outside of BPF: `count` pages that follow each other. */
struct imtc_index {
	u64 *pages;
	u32 count;
	u32 room;	/* pages there is memory for; the builder's */
};

enum imtc_rows_number {
	IMTC_ROW_SERVICE,
	IMTC_ROW_MANNER,
	IMTC_ROW_LOCAL_ANY,
	IMTC_ROW_LOCAL,
	IMTC_ROW_REMOTE_ANY,
	IMTC_ROW_REMOTE,
	IMTC_ROW_PROC_ANY,
	IMTC_ROWS,
};

/* One question under way. In BPF in a map: what lies there the verifier does not follow. */
struct imtc_pick {
	u64 left;	/* words of the group that are still to be looked at */
	u64 bits;	/* candidates of the word that are */
	u32 group;	/* the next one */
	u32 word;
	u32 at[IMTC_ROWS];	/* where in its page each row begins */
	u32 found;	/* the bound that a search has come to */
	u32 count;	/* bounds that it is among */
	u32 pages;	/* of bounds, of those that are left */
	u64 address[2];	/* as two numbers */
};

/*
 * Has the compiler read memory again. A search in registers would have the
 * verifier walk both outcomes of each compare: 2^8 ways a page.
 */
#define IMTC_FORGET() asm volatile("" : : : "memory")
/* Works a value out here: several at a time would not fit BPF's registers, nor its stack. */
#define IMTC_SETTLE(value) asm volatile("" : "+r"(value) : : "memory")

static __always_inline u64 imtc_number64(u64 network)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(network) : network;
}

static __always_inline u32 imtc_popcount(u64 bits)
{
#ifdef __KERNEL__
	return hweight64(bits);
#else
	return (u32)__builtin_popcountll(bits);
#endif
}

/* Number of the lowest bit, of bits that are not zero. BPF has no such instruction. */
static __always_inline u32 imtc_lowest(u64 bits)
{
#ifdef __bpf__
	return imtc_popcount((bits & -bits) - 1);
#else
	return (u32)__builtin_ctzll(bits);
#endif
}

static __always_inline u32 imtc_manner(u32 feature, u32 encryption, u32 directions)
{
	return (feature & 15) | (encryption & 3) << 4 | (directions & 7) << 6;
}

/* --- pages ----------------------------------------------------------------------- */

/* NULL where there is no such page. In BPF the index is the inner map of a policy. */
static __always_inline const u64 *imtc_index_page(const struct imtc_index *index, u32 page)
{
#ifdef __bpf__
	return bpf_map_lookup_elem((void *)index, &page);
#else
	return page < index->count ? index->pages + (size_t)page * IMTC_PAGE_WORDS : NULL;
#endif
}

/* --- addresses ------------------------------------------------------------------- */

/* The last of pick->count bounds, sorted, that is not above the address: pick->found. */
static __always_inline void imtc_index_search(const u64 *bounds, struct imtc_pick *pick)
{
	pick->found = 0;
	for (u32 step = 128; step; step >>= 1) {
		u32 i;
		u64 high, low;

		IMTC_FORGET();
		i = pick->found + step;
		if (i >= pick->count)
			continue;
		high = bounds[2 * i & IMTC_PAGE_MASK];
		low = bounds[(2 * i + 1) & IMTC_PAGE_MASK];
		if (high < pick->address[0] ||
		    (high == pick->address[0] && low <= pick->address[1]))
			pick->found = i;
	}
	IMTC_FORGET();
}

/*
 * The page of the last bound that is not above pick->address, and in pick->found which
 * of it that is; there must be bounds. NULL: a page is not there.
 */
static __always_inline const struct imtc_index_bounds *
imtc_index_find(const struct imtc_index *index, const struct imtc_index_head *head,
		struct imtc_pick *pick, const enum imtc_index_end end)
{
	u32 count = head->bounds_count[end], page = head->tops[end], first = head->bounds[end];
	const struct imtc_index_bounds *bounds;
	const u64 *tops;

	pick->pages = (count + IMTC_PAGE_BOUNDS - 1) / IMTC_PAGE_BOUNDS;
	pick->count = (pick->pages + IMTC_PAGE_TOPS - 1) / IMTC_PAGE_TOPS;
	pick->found = 0;
	if (pick->count > 1) {
		tops = imtc_index_page(index, head->roots[end]);
		if (!tops)
			return NULL;
		imtc_index_search(tops, pick);
	}
	page += pick->found;
	first += pick->found * IMTC_PAGE_TOPS;
	count -= pick->found * IMTC_PAGE_TOPS * IMTC_PAGE_BOUNDS;
	pick->pages -= pick->found * IMTC_PAGE_TOPS;
	pick->count = pick->pages < IMTC_PAGE_TOPS ? pick->pages : IMTC_PAGE_TOPS;
	tops = imtc_index_page(index, page);
	if (!tops)
		return NULL;
	imtc_index_search(tops, pick);
	first += pick->found;
	count -= pick->found * IMTC_PAGE_BOUNDS;
	pick->count = count < IMTC_PAGE_BOUNDS ? count : IMTC_PAGE_BOUNDS;
	bounds = (const void *)imtc_index_page(index, first);
	if (!bounds)
		return NULL;
	imtc_index_search(&bounds->start[0][0], pick);
	return bounds;
}

/*
 * The row of an address, rules that ask for none apart, and the sets that hold it.
 * -1: a page is not there.
 */
static __always_inline int imtc_index_address(const struct imtc_index *index,
					      const struct imtc_index_head *head,
					      struct imtc_pick *pick, const u64 address[2],
					      const enum imtc_index_end end, u32 *ret_row,
					      u64 *ret_sets)
{
	const struct imtc_index_bounds *bounds;
	u32 at;

	*ret_row = head->none;
	*ret_sets = 0;
	if (!head->bounds_count[end])
		return 0;
	pick->address[0] = imtc_number64(address[0]);
	pick->address[1] = imtc_number64(address[1]);
	bounds = imtc_index_find(index, head, pick, end);
	if (!bounds)
		return -1;
	at = pick->found < IMTC_PAGE_BOUNDS ? pick->found : 0;
	*ret_row = bounds->row[at];
	*ret_sets = bounds->sets[at];
	return 0;
}

/* --- words ----------------------------------------------------------------------- */

/* Adds the sets that have a word, by its key. -1: a page is not there. */
static __always_inline int imtc_index_word(const struct imtc_index *index,
					   const struct imtc_index_head *head,
					   struct imtc_pick *pick, u64 hash, u64 as, u64 *sets)
{
	const struct imtc_index_bounds *bounds;
	u32 at;

	if (!head->bounds_count[IMTC_END_WORDS])
		return 0;
	pick->address[0] = hash;
	pick->address[1] = as;
	bounds = imtc_index_find(index, head, pick, IMTC_END_WORDS);
	if (!bounds)
		return -1;
	at = pick->found < IMTC_PAGE_BOUNDS ? pick->found : 0;
	if (bounds->start[at][0] == pick->address[0] && bounds->start[at][1] == pick->address[1])
		*sets |= bounds->sets[at];
	return 0;
}

/* The same of the flow's name, its last so many labels; 0: goes on, 1: it has no more. */
static __always_inline int imtc_index_labels(const struct imtc_index *index,
					     const struct imtc_index_head *head,
					     struct imtc_pick *pick, struct imtc_facts *f,
					     u32 labels)
{
	u64 hash = f->domain[labels & (IMTC_LABELS_MAX - 1)];

	if (!hash)
		return 1;
	return imtc_index_word(index, head, pick, hash, labels == f->domain_labels ?
			       IMTC_WORD_NAME : IMTC_WORD_ABOVE, &f->domain_sets);
}

#endif /* IMTC_POLICY_INDEX_H */
