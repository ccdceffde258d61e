/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of addresses: their names and prefixes, and the files they are read from.
 */
#ifndef IMCTL_POLICY_SETS_H
#define IMCTL_POLICY_SETS_H

#include "diag.h"
#include "policy.h"

/* The number of the set of that name; 0: there is none. */
u32 policy_sets_find(const struct policy_sets *sets, const char *name);
/* The same, made where there is none. -E2BIG: too many; -ENOMEM. */
int policy_sets_name(struct policy_sets *sets, const char *name, u32 *ret_set);
int policy_sets_add(struct policy_sets *sets, u32 set, const struct imtc_prefix *prefix);
void policy_sets_free(struct policy_sets *sets);

/*
 * Adds the prefixes of a file, one a line, # for comments. False: errors were
 * said, and what is in the set is of no use.
 */
bool policy_sets_read(struct policy_sets *sets, u32 set, const char *file, struct diag *diag);
/*
 * Reads all files that the pattern finds, each into the set of the file's name
 * without folder and ending. False: errors were said; `at` is where the pattern is.
 */
bool policy_sets_glob(struct policy_sets *sets, const char *pattern, const struct diag_at *at,
		      struct diag *diag);

#endif /* IMCTL_POLICY_SETS_H */
