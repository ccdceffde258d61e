/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of words: domains, users, programs. Their words stand one behind the other, in
 * no order: the number of the set, one byte; its kind, one byte; the word and a NUL.
 * Whoever puts them there has checked each with imtc_word_wrong().
 *
 * The index (imtc/policy_index.h) has a key of each word: its hash, under the seed of
 * imtc/policy_domain.h, and what it is asked as.
 */
#ifndef IMTC_POLICY_WORDS_H
#define IMTC_POLICY_WORDS_H

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#include <imtc/policy_domain.h>
#include <imtc/process.h>

#define IMTC_WORD_HEAD 2	/* bytes before the word */

/* The one way to write a number; 4294967295 is no user. */
static inline int imtc_is_user(const char *word)
{
	u64 number = 0;
	u32 i;

	for (i = 0; word[i] >= '0' && word[i] <= '9' && i < 10; i++)
		number = number * 10 + (u64)(word[i] - '0');
	return i && !word[i] && (word[0] != '0' || i == 1) && number < 0xffffffff;
}

static inline int imtc_is_program(const char *word)
{
	return word[0] == '/' && strnlen(word, IMTC_PATH_BYTES) < IMTC_PATH_BYTES &&
	       imtc_glob_is_plain(word);
}

/* What is wrong with a word of a set of that kind; NULL: nothing. */
static inline const char *imtc_word_wrong(u8 kind, const char *word)
{
	static const u64 no_seed[2];
	struct imtc_rule rule;

	if (kind == IMTC_SET_DOMAINS)
		return imtc_rule_domain(&rule, word, no_seed) ?
			"A domain of a set is one in lower case, of 1 to 15 labels" : NULL;
	if (kind == IMTC_SET_USERS)
		return imtc_is_user(word) ? NULL :
			"A user of a set is a number from 0 to 4294967294";
	if (kind == IMTC_SET_PROGRAMS)
		return imtc_is_program(word) ? NULL :
			"A program of a set is a path that begins with /, of 255 bytes, no pattern";
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

/* Of all but domains, which are read from their end. */
static inline u64 imtc_word_hash(const char *word, const u64 seed[2])
{
	struct imtc_domain_key key;

	imtc_domain_start(&key, seed);
	while (*word)
		imtc_domain_step(&key, (u8)*word++);
	return imtc_domain_fold(&key);
}

/* The keys of a word. Returns how many: 1 or 2. */
static inline u32 imtc_word_keys(const char *entry, const u64 seed[2], u64 keys[2][2])
{
	struct imtc_rule rule;
	u32 count = 0;

	if (entry[1] != IMTC_SET_DOMAINS) {
		keys[0][0] = imtc_word_hash(entry + IMTC_WORD_HEAD, seed);
		keys[0][1] = entry[1] == IMTC_SET_USERS ? IMTC_WORD_USER : IMTC_WORD_PROGRAM;
		return 1;
	}
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
