/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A policy as imctl holds it once it has been lowered: what is sent to the
 * module, written to the BPF maps, printed and explained.
 */
#ifndef IMCTL_POLICY_H
#define IMCTL_POLICY_H

#include <imtc/policy.h>
#include <imtc/process.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "schedule.h"

/* One rule of the policy file; number i + 1 is imtc_rule.id. */
struct policy_rule {
	char name[IMTC_NAME_BYTES];
	const char *file;	/* owned by the policy */
	int line;
	/* Why only imtc.ko can judge it, "it is about a process, ..."; NULL: the programs can */
	const char *needs_module;
	char redirect[16];	/* device of redirect and mirror, "" */
	struct json_object *tags;	/* array of text; NULL: none */
};

/* Sets, each of one kind; number i + 1 is imtc_set_entry.set. */
struct policy_sets {
	char (*names)[IMTC_NAME_BYTES];
	u8 kinds[IMTC_SETS_MAX];	/* enum imtc_set_kind, one a name */
	size_t count;
	struct imtc_set_entry *entries;
	size_t entry_count;
	char *words;		/* of all others, as in imtc/policy_words.h */
	size_t word_count, words_bytes, words_room;
	bool is_full;		/* a file had more than fits: said once */
};

/* A device that a rule asks for; number i + 1 is imtc_rule.ifindex here. */
struct policy_interface {
	char name[16];
	u32 rule;	/* the first that does, from 1 */
	u32 ifindex;	/* found by policy_find_devices(); 0: not there */
};

/* Whom those may ask to whom something was refused, with the NUL. */
#define IMTC_CONTACT_BYTES 128

struct policy {
	char name[IMTC_NAME_BYTES];
	char contact[IMTC_CONTACT_BYTES];	/* whom to ask; "": nobody is named */
	char *file;
	char **files;		/* every file read, the first is file; ends with NULL */
	char *text;		/* the file's bytes; with what it includes in place, if any */
	size_t text_len;
	u8 digest[32];		/* SHA-256 of the text */
	u64 first_ns;		/* read back: imtc_policy_head.loaded_ns; else 0 */
	u8 default_verdict;
	u8 on_failure;
	bool observe;		/* mode = "observe": nothing of it is carried out */
	struct policy_rule *rules;
	size_t rule_count;
	/* .proc indexes procs, and .ifindex interfaces, from 1 */
	struct imtc_rule *compiled;
	size_t compiled_count;
	char **domains;		/* one a compiled rule: what it asks for, NULL: none */
	struct imtc_proc *procs;	/* procs[0] is number 1 */
	size_t proc_count;
	struct policy_sets sets;
	struct policy_interface *interfaces;
	size_t interface_count;
	struct imtc_prefix *inside;	/* none where no rule asks for the peer */
	size_t inside_count;
	struct schedules schedules;
	/* What the kernel is given of them; none where no rule asks for a schedule. */
	struct imtc_turn *turns;
	u32 turn_count;
};

struct diag;	/* diag.h: the list of errors and warnings */

/*
 * Reads, checks and lowers a policy file. Errors and warnings go to diag. NULL
 * where there was an error. Freed by policy_free (NULL allowed).
 */
struct policy *policy_read(const char *file, struct diag *diag);
/* As policy_read, of bytes in memory that may be anything; file names them. */
struct policy *policy_read_bytes(const char *file, const char *bytes, size_t len,
				 struct diag *diag);
void policy_free(struct policy *policy);

/*
 * Finds each redirect's device and puts its ifindex into the compiled rules, and
 * each interface's. One that is not there is an error where there must be one, else a warning.
 * Returns how many are not there.
 */
unsigned int policy_find_devices(struct policy *policy, bool must_exist, struct diag *diag);
/* The ifindex that a compiled rule asks for, 0: any. */
u32 policy_ifindex(const struct policy *policy, const struct imtc_rule *rule);
/* The process pattern of a compiled rule, NULL where it has none. */
const struct imtc_proc *policy_proc(const struct policy *policy, const struct imtc_rule *rule);

/* What of a compiled rule has words elsewhere; NULL where there is none. */
struct rule_words {
	const struct imtc_proc *proc;
	const char *name;
	const char *local_set, *remote_set;
	const char *domain, *domain_set;
	const char *exe_set, *user_set;
	const char *schedule;
};

struct rule_words policy_words(const struct policy *policy, const struct imtc_rule *rule);

/*
 * A compiled rule as commands show it, the same from the file, the module and
 * the BPF maps: {"id","name","verdict","log"}, "level"
 * with log, "mode":"observe" where it is not carried out and, of these, the criteria that
 * are set: "services","features","directions","encryptions","peers" (lists of words),
 * "local","remote" ("10.0.0.0/8", "@set"),"local_port","remote_port" ("1000-2000"),
 * "interface","domain" (or "@set"),"schedule" ("office", "!office"),"confidence","new_flows",
 * "new_peers" ("more than 20 a minute"),"exe" (or "@set"),"under",
 * "comm","uid","user" ("@set"),"gid","cgroup","systemd_unit","container","exe_sha256";
 * "device" and "ifindex" for redirect and mirror, "mark","mask","priority","dscp" for mark,
 * "rate","unit","per","burst" for limit. NULL: no memory.
 */
struct json_object *policy_rule_json(const struct imtc_rule *rule, const struct rule_words *words);
/* The same of a compiled rule of a policy that was read. */
struct json_object *policy_compiled_json(const struct policy *policy,
					 const struct imtc_rule *rule);
/* "inside" of a policy as commands show it; nothing where it has none. */
void policy_add_inside(struct json_object *policy, const struct imtc_prefix *prefixes,
		       size_t count);
/*
 * "schedules" of a policy as commands show them, [{"name","open"}], and the time that
 * they are known until, "schedules_until"; nothing where it has none.
 */
void policy_add_schedules(struct json_object *policy, char (*names)[IMTC_NAME_BYTES],
			  size_t count, u32 open, u32 until);
/* The criteria of such an object as one line: "service irc, direction out"; "any". */
void policy_rule_criteria(struct json_object *rule, char *text, size_t size);
/* What such an object does, as text: "redirect to cap0, observe, log info, tags hr". */
void policy_rule_action(struct json_object *rule, char *text, size_t size);
/* The normalised policy, for golden tests: one line a compiled rule. */
void policy_print(FILE *file, const struct policy *policy);
/* "10.0.0.0/8", "2001:db8::1"; "any" for a mask of zero. size: at least 64. */
void prefix_text(const struct imtc_prefix *prefix, char *text, size_t size);

#endif /* IMCTL_POLICY_H */
