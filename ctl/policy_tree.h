/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A policy between checking and lowering: every value known to be right, lists
 * still lists. Internal to policy_*.c.
 */
#ifndef IMCTL_POLICY_TREE_H
#define IMCTL_POLICY_TREE_H

#include "document.h"
#include "policy.h"

/* Strings belong to the document. */
struct string_list {
	const char **items;
	size_t count;
};

struct number_list {
	u32 *items;
	size_t count;
};

struct prefix_list {
	struct imtc_prefix *items;
	size_t count;
};

struct ports_list {
	struct imtc_ports *items;
	size_t count;
};

struct service_group;	/* policy_groups.c */

/* One rule of the file. An empty list: any. */
struct tree_rule {
	char name[IMTC_NAME_BYTES];
	struct diag_at at;		/* of the name, else of the rule */
	struct imtc_rule criteria;	/* all that no list below holds, but proc and argument */
	char redirect[16];		/* device of redirect and mirror */
	u32 mark, mask, priority, rate, burst, timeout;
	u8 dscp, otherwise;
	bool has_mask, has_priority, has_dscp, in_bytes, a_minute;
	struct prefix_list local, remote;
	struct number_list local_sets, remote_sets;
	struct ports_list local_ports, remote_ports;	/* sorted, apart */
	struct string_list interfaces;
	struct string_list domains;	/* the tree's own */
	struct number_list domain_sets;
	struct number_list schedules;	/* as imtc_rule.schedule */
	struct string_list exe, under, comm, cgroup, unit, container, exe_sha256;
	struct number_list users, groups;
	struct number_list exe_sets, user_sets;
	struct json_object *tags;	/* array of text; NULL: none */
};

struct policy_tree {
	struct document *document;
	char name[IMTC_NAME_BYTES];
	char contact[IMTC_CONTACT_BYTES];
	u8 default_verdict;
	u8 on_failure;
	bool observe;
	struct policy_sets sets;	/* lowering takes them over */
	struct prefix_list inside;
	struct schedules schedules;	/* lowering takes them over, too */
	struct service_group *groups;	/* of services, the policy's own */
	size_t group_count;
	struct tree_rule *rules;
	size_t rule_count;
};

/* policy_check.c: fills the tree from the document. False: errors were said. */
bool policy_check(struct policy_tree *tree, struct document *document, struct diag *diag);
void policy_tree_free(struct policy_tree *tree);	/* not the document */

/* policy_lower.c: NULL where an error was said. */
struct policy *policy_lower(struct policy_tree *tree, struct diag *diag);

/*
 * policy_shadow.c: for each rule of the file that can never win, the rules that
 * win in its place. Never wrong when it says so; it does not find every one.
 */
struct shadow {
	u32 by[4];	/* rule ids, the first few, in order */
	u32 count;	/* 0: the rule may win */
};
/* shadows: one for each of policy->rules. -ENOMEM. */
int policy_find_shadows(const struct policy *policy, struct shadow *shadows);

/* policy_host.c: warns of programs that this host's kernel knows by another name. */
void policy_check_host(const struct policy_tree *tree, struct diag *diag);

/* policy_sense.c: warns of rules that can never match, or that change nothing. */
void policy_check_sense(const struct policy_tree *tree, const struct policy *policy,
			struct diag *diag);

/* policy_value.c: the values of single words. */

struct value_error {
	char message[320];
	char expected[192];	/* "" where the message says it all */
};

bool value_prefix(const char *text, struct imtc_prefix *ret_prefix, struct value_error *error);
/* "5222", "1000-2000" */
bool value_ports(const char *text, struct imtc_ports *ret_ports, struct value_error *error);
bool value_services(const char *word, u64 services[IMTC_SERVICE_MAX / 64],
		    struct value_error *error);
bool value_feature(const char *word, u16 *features, struct value_error *error);
bool value_user(const char *word, u32 *ret_uid, struct value_error *error);
bool value_group(const char *word, u32 *ret_gid, struct value_error *error);
bool value_exe(const char *path, struct value_error *error);
bool value_under(const char *path, struct value_error *error);
bool value_comm(const char *comm, struct value_error *error);
bool value_cgroup(const char *path, struct value_error *error);
bool value_unit(const char *name, struct value_error *error);
bool value_sha256(const char *digest, struct value_error *error);
bool value_container(const char *id, struct value_error *error);
bool value_name(const char *name, struct value_error *error);
bool value_tag(const char *tag, struct value_error *error);
bool value_device(const char *device, struct value_error *error);
/* One of the words, as an index; -1 with an error. what: "a verdict". */
int value_word(const char *word, const char *const *words, const char *what,
	       struct value_error *error);

/* policy_pattern.c: a rule's process patterns, the product of its lists. */
bool pattern_is_asked(const struct tree_rule *rule);
/* More than IMTC_RULES_MAX: too many. */
size_t pattern_count(const struct tree_rule *rule);
void pattern_build(const struct tree_rule *rule, size_t number, struct imtc_proc *proc);

/* How many items a list stands for: one, "any", where it is empty. */
static inline size_t list_choices(size_t count)
{
	return count ? count : 1;
}
/* policy_list.c: the product of such numbers; one more than IMTC_RULES_MAX: too many. */
size_t list_product(const size_t *counts, size_t n);

/* policy_list.c: false, and said in error, without memory. */
bool list_add_string(struct string_list *list, const char *word, struct value_error *error);
bool list_add_number(struct number_list *list, u32 number, struct value_error *error);
bool list_add_prefix(struct prefix_list *list, const struct imtc_prefix *prefix,
		     struct value_error *error);
bool list_add_ports(struct ports_list *list, const struct imtc_ports *ports,
		    struct value_error *error);
/* Sorts ranges, and makes one of those that touch. */
void list_merge_ports(struct ports_list *list);

#endif /* IMCTL_POLICY_TREE_H */
