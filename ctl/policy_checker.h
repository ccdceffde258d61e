/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading libconfig's tree with every mistake said: what policy_check.c (the
 * policy) and policy_rule.c (its rules) share.
 */
#ifndef IMCTL_POLICY_CHECKER_H
#define IMCTL_POLICY_CHECKER_H

#include "policy_tree.h"

struct checker {
	struct policy_tree *tree;
	struct document *document;
	struct diag *diag;
	bool failed;
};

/* A key of a group: what reads it, and into what, is the group's own. */
struct key {
	const char *name;
	void (*read)(struct checker *checker, config_setting_t *setting, void *target);
};

void check_say(struct checker *checker, const struct diag_at *at, const char *message,
	       const char *expected, const char *found);
void check_say_value(struct checker *checker, const config_setting_t *setting,
		     const struct value_error *error);
void check_wrong_type(struct checker *checker, const config_setting_t *setting,
		      const char *name, const char *expected);

/* Each key of a group by its reader; others are errors. where: "a rule". */
void check_keys(struct checker *checker, config_setting_t *group, const char *where,
		const struct key *keys, void *target);
/* NULL, and said, where it is no string. */
const char *check_string(struct checker *checker, config_setting_t *setting);
bool check_bool(struct checker *checker, config_setting_t *setting, bool *ret_value);
/* A string that is one of the words; its index, or -1 and said. */
int check_choice(struct checker *checker, config_setting_t *setting, const char *const *words,
		 const char *what);
/* A whole number from least to most; false, and said, where it is none. */
bool check_number(struct checker *checker, config_setting_t *setting, long long least,
		  long long most, u32 *ret_number);
/* "second", "minute": what rates are of, for check_choice(). */
extern const char *const check_periods[];
/* "enforce" or "observe"; *observe stays where it is neither. */
void check_mode(struct checker *checker, config_setting_t *setting, bool *observe);
/* A name, into IMTC_NAME_BYTES bytes. */
void check_name(struct checker *checker, config_setting_t *setting, char *name);

/* What words that may be sets go to: the rule, and the sets there are. */
struct set_target {
	struct tree_rule *rule;
	const struct policy_sets *known;
};

/* Takes one word of a list; the setting is for the position. False: said in error. */
typedef bool (*take_word)(const char *word, void *target, struct value_error *error);

enum word_types { STRINGS, STRINGS_AND_NUMBERS, PORTS };
/* One word, or a list of them; an empty list would match nothing. */
void check_words(struct checker *checker, config_setting_t *setting, enum word_types types,
		 take_word take, void *target);

/* policy_action.c: what a rule does. Readers of keys, and what must stand together. */
void action_read_verdict(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_device(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_log(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_mode(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_mark(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_mask(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_priority(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_dscp(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_rate(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_unit(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_per(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_timeout(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_otherwise(struct checker *checker, config_setting_t *setting, void *rule);
void action_read_burst(struct checker *checker, config_setting_t *setting, void *rule);
void action_check(struct checker *checker, config_setting_t *setting, struct tree_rule *rule);
/* policy_place.c: criteria of where a flow is; target is the struct tree_rule. */
void read_local(struct checker *checker, config_setting_t *setting, void *target);
void read_remote(struct checker *checker, config_setting_t *setting, void *target);
void read_local_port(struct checker *checker, config_setting_t *setting, void *target);
void read_remote_port(struct checker *checker, config_setting_t *setting, void *target);
void read_interface(struct checker *checker, config_setting_t *setting, void *target);
void read_direction(struct checker *checker, config_setting_t *setting, void *target);
void read_peer(struct checker *checker, config_setting_t *setting, void *target);
/* policy_rate.c: how much begins; target is the struct tree_rule. */
void read_new_flows(struct checker *checker, config_setting_t *setting, void *target);
void read_new_peers(struct checker *checker, config_setting_t *setting, void *target);
/* policy_domain.c */
void read_domain(struct checker *checker, config_setting_t *setting, void *target);
/* The policy's list of inside prefixes; and what it is without one (false: no memory). */
void read_inside(struct checker *checker, config_setting_t *setting, void *target);
bool check_inside_default(struct policy_tree *tree);

/*
 * policy_groups.c: the policy's own groups, before the rules that name them; and a
 * word or list of services and groups, into the mask.
 */
void check_groups(struct checker *checker, config_setting_t *root);
void check_services(struct checker *checker, config_setting_t *setting, u64 *services);
/* policy_tags.c: target is the struct tree_rule. */
void read_tags(struct checker *checker, config_setting_t *setting, void *target);
/* policy_process.c: the group of process criteria; target is the struct tree_rule. */
void read_process(struct checker *checker, config_setting_t *setting, void *target);

/* policy_schedule.c: the policy's schedules, before the rules; and a rule's. */
void check_schedules(struct checker *checker, config_setting_t *root);
void read_rule_schedule(struct checker *checker, config_setting_t *setting, void *target);

/* policy_rule.c: one rule of the list, and its number from 1. */
void check_rule_group(struct checker *checker, config_setting_t *setting, struct tree_rule *rule,
		      size_t number);

#endif /* IMCTL_POLICY_CHECKER_H */
