/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of addresses and of words: their names, what is in them, and the files they are
 * read from.
 */
#ifndef IMCTL_POLICY_SETS_H
#define IMCTL_POLICY_SETS_H

#include "diag.h"
#include "policy.h"
#include "policy_tree.h"

/* How a kind of sets is called. */
struct set_kind {
	const char *key;	/* in a policy: the key that names its files */
	const char *name;	/* "a set of domains" */
	const char *one, *many;	/* what is in it; the second also in JSON */
};

extern const struct set_kind set_kinds[IMTC_SET_KINDS];

/* What a line of a set's file, or a word of "imctl set", stands for. */
struct set_member {
	struct imtc_prefix prefix;	/* of addresses */
	char word[IMTC_PATH_BYTES];	/* of all else, as the kernel gets it */
};
IMTC_STATIC_ASSERT(IMTC_PATH_BYTES >= IMTC_DOMAIN_PATTERN_BYTES);

/* The number of the set of that name; 0: there is none. */
u32 policy_sets_find(const struct policy_sets *sets, const char *name);
/* The same, made where there is none. -E2BIG: too many; -EEXIST: of another kind; -ENOMEM. */
int policy_sets_name(struct policy_sets *sets, const char *name, u8 kind, u32 *ret_set);
/* 0, -E2BIG (as policy_sets_full() says) or -ENOMEM. Words are right, of the set's kind. */
int policy_sets_add(struct policy_sets *sets, u32 set, const struct imtc_prefix *prefix);
int policy_sets_add_word(struct policy_sets *sets, u32 set, const char *word);
int policy_sets_add_member(struct policy_sets *sets, u32 set, const struct set_member *member);
const char *policy_sets_full(u8 kind);
/* The next word of the set from *at on, which is 0 at first; NULL: no more. */
const char *policy_sets_word(const struct policy_sets *sets, u32 set, size_t *at);
/* How many prefixes or words it has. */
size_t policy_sets_size(const struct policy_sets *sets, u32 set);
void policy_sets_free(struct policy_sets *sets);

/* What may be in a set of that kind. */
bool value_member(const char *text, u8 kind, struct set_member *ret_member,
		  struct value_error *error);
/*
 * Adds what is in a file, one a line, # for comments. False: errors were said, and what
 * is in the set is of no use.
 */
bool policy_sets_read(struct policy_sets *sets, u32 set, const char *file, struct diag *diag);
/*
 * Reads all files that the pattern finds, each into the set of the file's name
 * without folder and ending. False: errors were said; `at` is where the pattern is.
 */
bool policy_sets_glob(struct policy_sets *sets, const char *pattern, u8 kind,
		      const struct diag_at *at, struct diag *diag);

/*
 * policy_set_word.c: "@name" of a set of that kind, in a rule: its number into the list,
 * once.
 */
bool policy_sets_take(const char *name, const struct policy_sets *known, u8 kind,
	      struct number_list *list, struct value_error *error);

#endif /* IMCTL_POLICY_SETS_H */
