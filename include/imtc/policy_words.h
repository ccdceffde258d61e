/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of words: domains. Their words stand one behind the other, in no order: the
 * number of the set, one byte; its kind, one byte; the word and a NUL. Whoever puts
 * them there has checked each with imtc_word_wrong().
 *
 * The index (imtc/policy_index.h) has a key of each word: its hash, under the seed of
 * imtc/policy_domain.h, and what it is asked as.
 */
#ifndef IMTC_POLICY_WORDS_H
#define IMTC_POLICY_WORDS_H

#include <imtc/policy_domain.h>

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define IMTC_WORD_HEAD 2	/* bytes before the word */

/* What is wrong with a word of a set of that kind; NULL: nothing. */
static inline const char *imtc_word_wrong(u8 kind, const char *word)
{
	static const u64 no_seed[2];
	struct imtc_rule rule;

	if (kind == IMTC_SET_DOMAINS)
		return imtc_rule_domain(&rule, word, no_seed) ?
			"A domain of a set is one in lower case, of 1 to 15 labels" : NULL;
	return "A set has no such kind";
}

/* The bytes that a word takes. */
static inline u32 imtc_word_bytes(const char *word)
{
	return IMTC_WORD_HEAD + (u32)strlen(word) + 1;
}

static inline void imtc_word_put(char *to, u8 set, u8 kind, const char *word)
{
	to[0] = (char)set;
	to[1] = (char)kind;
	memcpy(to + IMTC_WORD_HEAD, word, strlen(word) + 1);
}

/* The keys of a word. Returns how many: 1 or 2. */
static inline u32 imtc_word_keys(const char *entry, const u64 seed[2], u64 keys[2][2])
{
	struct imtc_rule rule;
	u32 count = 0;

	if (imtc_rule_domain(&rule, entry + IMTC_WORD_HEAD, seed))
		return 0;
	if (rule.domain_kind != IMTC_DOMAIN_BELOW) {
		keys[count][0] = rule.domain;
		keys[count++][1] = IMTC_WORD_NAME;
	}
	if (rule.domain_kind != IMTC_DOMAIN_EXACT) {
		keys[count][0] = rule.domain;
		keys[count++][1] = IMTC_WORD_ABOVE;
	}
	return count;
}

#endif /* IMTC_POLICY_WORDS_H */
