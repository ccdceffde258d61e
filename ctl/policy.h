/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A policy as imctl holds it once it has been lowered: what is sent to the
 * module, written to the BPF maps, printed and explained.
 */
#ifndef IMCTL_POLICY_H
#define IMCTL_POLICY_H

#include <imtc/policy.h>
#include <imtc/process.h>
#include <stdbool.h>
#include <stddef.h>

/* One rule of the policy file; number i + 1 is imtc_rule.id. */
struct policy_rule {
	char name[IMTC_NAME_BYTES];
	const char *file;	/* owned by the policy */
	int line;
	bool needs_module;	/* has a criterion that only imtc.ko can judge */
	char redirect[16];	/* device name, "" */
};

struct policy {
	char name[IMTC_NAME_BYTES];
	char *file;
	u8 digest[32];		/* SHA-256 of the file's bytes */
	u8 default_verdict;
	u8 on_failure;
	struct policy_rule *rules;
	size_t rule_count;
	struct imtc_rule *compiled;	/* .proc indexes procs, from 1 */
	size_t compiled_count;
	struct imtc_proc *procs;	/* procs[0] is number 1 */
	size_t proc_count;
};

struct diag;	/* diag.h: the list of errors and warnings */

/*
 * Reads, checks and lowers a policy file. Errors and warnings go to diag. NULL
 * where there was an error. Freed by policy_free (NULL allowed).
 */
struct policy *policy_read(const char *file, struct diag *diag);
void policy_free(struct policy *policy);

#endif /* IMCTL_POLICY_H */
