/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of expectations: flows, and what a policy should say of each.
 */
#ifndef IMCTL_POLICY_TESTS_H
#define IMCTL_POLICY_TESTS_H

#include "flow_case.h"

struct policy_test {
	char name[IMTC_NAME_BYTES];	/* "test N" where none is given */
	struct diag_at at;		/* file and line */
	struct flow_case flow;
	char *rule;	/* name of the rule that decides; "": none does; NULL: any */
	char *verdict;	/* as a policy says it; NULL: any */
};

struct policy_tests {
	char *policy;		/* path of the policy, NULL: the file names none */
	char *file;
	struct policy_test *tests;
	size_t count;
};

/* Errors go to diag. NULL where there was one. Freed by policy_tests_free (NULL allowed). */
struct policy_tests *policy_tests_read(const char *file, struct diag *diag);
void policy_tests_free(struct policy_tests *tests);

#endif /* IMCTL_POLICY_TESTS_H */
