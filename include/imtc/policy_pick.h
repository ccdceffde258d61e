/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking the index of a policy (imtc/policy_index.h): the rows that a flow's facts
 * have, and the rules that are in all of them, in order.
 */
#ifndef IMTC_POLICY_PICK_H
#define IMTC_POLICY_PICK_H

#include <imtc/policy_index.h>

/* With more patterns that match, processes are left to imtc_rule_matches(). */
#define IMTC_ROW_PROCS 32

/* The pages that the rows of one question are in. On the stack, as it holds pointers. */
struct imtc_rows {
	const u64 *page[IMTC_ROWS];
#ifndef __bpf__
	const u64 *proc[IMTC_ROW_PROCS];	/* the rows themselves */
	u32 procs;	/* of them; more than fit: any rule may match */
#endif
};

/* --- rows ------------------------------------------------------------------------ */

static __always_inline u64 imtc_row_summary(const u64 *page, u32 at, u32 group)
{
	return page[(at + group) & IMTC_PAGE_MASK];
}

/* Word number `bit` of the group. Without a branch: it would double the ways to verify. */
static __always_inline u64 imtc_row_word(const u64 *page, u32 at, u32 group, u32 bit)
{
	u64 summary = imtc_row_summary(page, at, group);
	u32 rank = (page[(at + IMTC_GROUPS) & IMTC_PAGE_MASK] >> (group & 3) * 16) & 0xffff;

	rank += imtc_popcount(summary & ((1ULL << (bit & 63)) - 1));
	return page[(at + IMTC_ROW_HEAD + rank) & IMTC_PAGE_MASK] &
	       -(summary >> (bit & 63) & 1);
}

#ifndef __bpf__
static inline u64 imtc_procs_summary(const struct imtc_rows *rows, u32 group)
{
	u64 bits = rows->procs > IMTC_ROW_PROCS ? ~0ULL : 0;

	for (u32 i = 0; i < rows->procs && i < IMTC_ROW_PROCS; i++)
		bits |= imtc_row_summary(rows->proc[i], 0, group);
	return bits;
}

static inline u64 imtc_procs_word(const struct imtc_rows *rows, u32 group, u32 bit)
{
	u64 bits = rows->procs > IMTC_ROW_PROCS ? ~0ULL : 0;

	for (u32 i = 0; i < rows->procs && i < IMTC_ROW_PROCS; i++)
		bits |= imtc_row_word(rows->proc[i], 0, group, bit);
	return bits;
}
#else
/* No process is known. */
#define imtc_procs_summary(rows, group) 0
#define imtc_procs_word(rows, group, bit) 0
#endif

/* Words of the group in which a rule may match. */
static __always_inline u64 imtc_rows_summary(const struct imtc_rows *rows,
					     const struct imtc_pick *pick, u32 group)
{
	u64 bits, any;

#define SUMMARY(number) imtc_row_summary(rows->page[number], pick->at[number], group)
	bits = SUMMARY(IMTC_ROW_SERVICE);
	bits &= SUMMARY(IMTC_ROW_MANNER);
	any = SUMMARY(IMTC_ROW_LOCAL_ANY);
	bits &= any | SUMMARY(IMTC_ROW_LOCAL);
	IMTC_SETTLE(bits);
	any = SUMMARY(IMTC_ROW_REMOTE_ANY);
	bits &= any | SUMMARY(IMTC_ROW_REMOTE);
	any = SUMMARY(IMTC_ROW_PROC_ANY);
	return bits & (any | imtc_procs_summary(rows, group));
#undef SUMMARY
}

/* Rules of a word that may match. */
static __always_inline u64 imtc_rows_word(const struct imtc_rows *rows,
					  const struct imtc_pick *pick, u32 group, u32 bit)
{
	u64 bits, any;

#define WORD(number) imtc_row_word(rows->page[number], pick->at[number], group, bit)
	bits = WORD(IMTC_ROW_SERVICE);
	IMTC_SETTLE(bits);
	bits &= WORD(IMTC_ROW_MANNER);
	IMTC_SETTLE(bits);
	any = WORD(IMTC_ROW_LOCAL_ANY);
	IMTC_SETTLE(any);
	bits &= any | WORD(IMTC_ROW_LOCAL);
	IMTC_SETTLE(bits);
	any = WORD(IMTC_ROW_REMOTE_ANY);
	IMTC_SETTLE(any);
	bits &= any | WORD(IMTC_ROW_REMOTE);
	IMTC_SETTLE(bits);
	any = WORD(IMTC_ROW_PROC_ANY);
	return bits & (any | imtc_procs_word(rows, group, bit));
#undef WORD
}

/* --- a question ------------------------------------------------------------------ */

enum imtc_pick_answer {
	IMTC_PICK_END,		/* no candidate is left */
	IMTC_PICK_AGAIN,	/* take another step */
	IMTC_PICK_RULE,		/* *ret_rule may match */
};

/* Candidates come in the order of the rules. Steps: IMTC_PICK_STEPS at most. */
#define IMTC_PICK_STEPS (IMTC_RULES_MAX + IMTC_RULE_WORDS + IMTC_GROUPS + 1)

static __always_inline int imtc_pick_step(struct imtc_pick *pick, const struct imtc_rows *rows,
					  u32 *ret_rule)
{
	u32 bit, group = pick->group;

	if (pick->bits) {
		*ret_rule = pick->word * 64 + imtc_lowest(pick->bits);
		pick->bits &= pick->bits - 1;
		return IMTC_PICK_RULE;
	}
	if (pick->left) {
		bit = imtc_lowest(pick->left);
		pick->left &= pick->left - 1;
		pick->word = (group - 1) * 64 + bit;
		pick->bits = imtc_rows_word(rows, pick, group - 1, bit);
		return IMTC_PICK_AGAIN;
	}
	if (group >= IMTC_GROUPS)
		return IMTC_PICK_END;
	pick->left = imtc_rows_summary(rows, pick, group);
	pick->group = group + 1;
	return IMTC_PICK_AGAIN;
}

/* Notes where a row is; -1 where it is not. */
static __always_inline int imtc_rows_set(const struct imtc_index *index, struct imtc_rows *rows,
					 struct imtc_pick *pick, const enum imtc_rows_number number,
					 u32 row)
{
	rows->page[number] = imtc_index_page(index, row / IMTC_PAGE_WORDS);
	pick->at[number] = row & IMTC_PAGE_MASK;
	return rows->page[number] ? 0 : -1;
}

/*
 * Finds the rows of a question, and which sets hold its addresses. -1: the index is
 * not whole; BPF: it is overwritten.
 */
static __always_inline int imtc_pick_begin(const struct imtc_index *index, struct imtc_facts *f,
					   struct imtc_pick *pick, struct imtc_rows *rows)
{
	const struct imtc_index_head *head = (const void *)imtc_index_page(index, 0);
	u32 local, remote, manner = imtc_manner(f->feature, f->encryption, f->direction);

	if (!head)
		return -1;
	/* What it was made of is not known to be small to the verifier of 6.1. */
	IMTC_SETTLE(manner);
	manner &= IMTC_MANNERS - 1;
	pick->left = pick->bits = 0;
	pick->group = 0;
	if (imtc_index_address(index, head, pick, f->local, IMTC_END_LOCAL, &local,
			       &f->local_sets) ||
	    imtc_index_address(index, head, pick, f->remote, IMTC_END_REMOTE, &remote,
			       &f->remote_sets))
		return -1;
	if (imtc_rows_set(index, rows, pick, IMTC_ROW_SERVICE,
			  head->service[f->service & (IMTC_SERVICE_MAX - 1)]) ||
	    imtc_rows_set(index, rows, pick, IMTC_ROW_MANNER, head->manner[manner]) ||
	    imtc_rows_set(index, rows, pick, IMTC_ROW_LOCAL_ANY,
			  head->any_address[IMTC_END_LOCAL]) ||
	    imtc_rows_set(index, rows, pick, IMTC_ROW_LOCAL, local) ||
	    imtc_rows_set(index, rows, pick, IMTC_ROW_REMOTE_ANY,
			  head->any_address[IMTC_END_REMOTE]) ||
	    imtc_rows_set(index, rows, pick, IMTC_ROW_REMOTE, remote) ||
	    imtc_rows_set(index, rows, pick, IMTC_ROW_PROC_ANY, head->any_proc))
		return -1;
	return 0;
}

#ifndef __bpf__
/* The rows of the patterns that the owner matches. */
static inline void imtc_rows_procs(const struct imtc_index *index, const struct imtc_facts *f,
				   struct imtc_rows *rows)
{
	const struct imtc_index_head *head = (const void *)index->pages;
	const u32 *row = (const u32 *)imtc_index_page(index, head->procs);

	rows->procs = 0;
	for (u32 i = 0; i < IMTC_PROC_WORDS; i++) {
		for (u64 bits = f->procs[i]; bits; bits &= bits - 1) {
			u32 at = row[i * 64 + imtc_lowest(bits)];

			if (!at)
				continue;
			if (rows->procs++ == IMTC_ROW_PROCS)
				return;
			rows->proc[rows->procs - 1] = index->pages + at;
		}
	}
}

/* Fills in the facts' rates for a rule that asks for them. */
typedef void (*imtc_count_rates)(void *context, const struct imtc_rule *rule,
				 struct imtc_facts *facts);

/*
 * The first of n compiled rules that matches, or -1: as imtc_rules_first(), by the
 * index, which also tells the facts' sets. count: NULL where the rates are there.
 */
static inline int imtc_index_first(const struct imtc_index *index, const struct imtc_rule *rules,
				   u32 n, struct imtc_facts *f, imtc_count_rates count,
				   void *context)
{
	struct imtc_pick pick;
	struct imtc_rows rows;
	u32 rule;
	int answer;

	if (!index->count)
		return -1;
	f->domain_sets = 0;
	for (u32 labels = 1; labels < IMTC_LABELS_MAX; labels++)
		if (imtc_index_labels(index, (const void *)index->pages, &pick, f, labels))
			break;
	if (imtc_pick_begin(index, f, &pick, &rows))
		return -1;
	imtc_rows_procs(index, f, &rows);
	do {
		answer = imtc_pick_step(&pick, &rows, &rule);
		if (answer != IMTC_PICK_RULE || rule >= n || !imtc_rule_fits(&rules[rule], f))
			continue;
		if (count && imtc_rule_has_rates(&rules[rule]))
			count(context, &rules[rule], f);
		if (imtc_rates_match(&rules[rule], f))
			return (int)rule;
	} while (answer != IMTC_PICK_END);
	return -1;
}
#endif

#endif /* IMTC_POLICY_PICK_H */
