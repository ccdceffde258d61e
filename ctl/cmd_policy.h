/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of "imctl policy": its verbs, and what they say alike.
 */
#ifndef IMCTL_CMD_POLICY_H
#define IMCTL_CMD_POLICY_H

#include <json-c/json.h>
#include <stdbool.h>

#include "diag.h"
#include "history.h"
#include "policy.h"

struct imtc_nl;

/* Verbs that have a file of their own. Return enum imctl_exit. */
int policy_run_load(int argc, char **argv);
int policy_run_show(int argc, char **argv);
int policy_run_flush(int argc, char **argv);
int policy_run_diff(int argc, char **argv);
int policy_run_history(int argc, char **argv);
int policy_run_rollback(int argc, char **argv);
int policy_run_sign(int argc, char **argv);
int policy_run_explain(int argc, char **argv);
int policy_run_test(int argc, char **argv);

/*
 * Where this host has trusted keys: is the text signed by one of them? Says what is
 * wrong. ret_signer: the key's name, for free(); NULL where none is asked for.
 */
int policy_ask_signature(const char *file, const struct history_text *text, char **ret_signer);

/* A change of what runs, and its entry in the history of dir. */
struct policy_keep {
	const char *dir;
	struct imtc_nl *nl;	/* the engine that is changed; NULL: the programs */
	struct history *history;	/* NULL: it cannot be kept; that was said */
};
/* Takes the record. Then the change, and whether it was done. */
void policy_keep_begin(struct policy_keep *keep, struct json_object *record,
		       const struct history_text *text);
void policy_keep_end(struct policy_keep *keep, bool done);
/* Reads the command line of a verb that has no other option than --state-dir. */
int policy_take_state_dir(int argc, char **argv, const char **ret_dir);

/* A load: of a file, or of a text that the history kept. */
struct policy_load {
	const char *file;
	const struct history_text *kept;	/* NULL: the file is read */
	u32 of;			/* kept: the entry's number */
	const char *state_dir;
	bool dry_run, bpf_only;
	bool is_restore;	/* kept, and no entry of its own in the history */
	struct imtc_nl *nl;	/* NULL: the module where it is there; the caller's to close */
	/* Filled in on the way. */
	struct diag *diag;
	struct policy *policy;
	struct history_text text;	/* borrowed, but for a signature that was read */
	char *signer;			/* name of the key; NULL: none was asked for */
	u32 epoch;
};
/* Reads, checks and loads it, keeps it in the history, and says so. */
int policy_load(struct policy_load *load);

/*
 * The engine that judges traffic: the module where it is there, unless the
 * programs that are loaded do without it. NULL in ret_nl: the BPF programs.
 * Returns enum imctl_exit; what is wrong is said.
 */
int policy_open_engine(const char *what, struct imtc_nl **ret_nl);
/* What runs in it: of one policy, though they are two questions. Negative errno. */
int policy_get_running(struct imtc_nl *nl, struct json_object **ret_policy,
		       struct json_object **ret_compiled);
/* In hex; "" where no policy runs, or none can be asked. */
void policy_running_digest(struct imtc_nl *nl, char digest[65]);

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
