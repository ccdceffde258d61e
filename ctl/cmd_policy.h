/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of "imctl policy": its verbs, and what they say alike.
 */
#ifndef IMCTL_CMD_POLICY_H
#define IMCTL_CMD_POLICY_H

#include <json-c/json.h>
#include <stdbool.h>

#include "diag.h"
#include "policy.h"

struct imtc_nl;

/* Verbs that have a file of their own. Return enum imctl_exit. */
int policy_run_load(int argc, char **argv);
int policy_run_show(int argc, char **argv);
int policy_run_flush(int argc, char **argv);

/* "" for one, "s" for any other number. */
const char *policy_plural(unsigned long n);
void policy_add_text(struct json_object *object, const char *key, const char *text);
void policy_add_number(struct json_object *object, const char *key, unsigned long number);
/* NULL where there is no such key. */
struct json_object *policy_member(struct json_object *object, const char *key);

bool may_administer(void);
/* These say what was refused, and why, and return the exit status. */
int refuse_unprivileged(const char *what);
int policy_say_module(const struct imtc_nl *nl, const char *what, int error);
int policy_say_bpf(const char *what, int error);

/*
 * All errors and warnings: text on stderr, or with --json one document on
 * stdout, to which the members of document (NULL allowed) are added.
 */
void policy_report(struct diag *diag, const char *file, struct json_object *document);
/* The same, and how many there are. Returns the exit status. */
int policy_fail(struct diag *diag, const char *file);
/* {"policy","rules","compiled"} and, if asked, "compiled_rules". */
struct json_object *policy_summary(const struct policy *policy, bool with_rules);

#endif /* IMCTL_CMD_POLICY_H */
