// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that a rule is about: the keys of its group "process".
 */
#include "policy_checker.h"
#include "policy_sets.h"

/* --- words ------------------------------------------------------------------ */

static bool take_exe(const char *word, void *target, struct value_error *error)
{
	struct set_target *to = target;

	if (word[0] == '@')
		return policy_sets_take(word + 1, to->known, IMTC_SET_PROGRAMS,
					&to->rule->exe_sets, error);
	return value_exe(word, error) && list_add_string(&to->rule->exe, word, error);
}

static bool take_under(const char *word, void *target, struct value_error *error)
{
	return value_under(word, error) && list_add_string(target, word, error);
}

static bool take_comm(const char *word, void *target, struct value_error *error)
{
	return value_comm(word, error) && list_add_string(target, word, error);
}

static bool take_cgroup(const char *word, void *target, struct value_error *error)
{
	return value_cgroup(word, error) && list_add_string(target, word, error);
}

static bool take_unit(const char *word, void *target, struct value_error *error)
{
	return value_unit(word, error) && list_add_string(target, word, error);
}

static bool take_container(const char *word, void *target, struct value_error *error)
{
	return value_container(word, error) && list_add_string(target, word, error);
}

static bool take_sha256(const char *word, void *target, struct value_error *error)
{
	return value_sha256(word, error) && list_add_string(target, word, error);
}

static bool take_user(const char *word, void *target, struct value_error *error)
{
	struct set_target *to = target;
	u32 uid;

	if (word[0] == '@')
		return policy_sets_take(word + 1, to->known, IMTC_SET_USERS,
					&to->rule->user_sets, error);
	return value_user(word, &uid, error) && list_add_number(&to->rule->users, uid, error);
}

static bool take_group(const char *word, void *target, struct value_error *error)
{
	u32 gid;

	return value_group(word, &gid, error) && list_add_number(target, gid, error);
}

/* --- keys ------------------------------------------------------------------- */

static void read_exe(struct checker *checker, config_setting_t *setting, void *target)
{
	struct set_target to = { .rule = target, .known = &checker->tree->sets };

	check_words(checker, setting, STRINGS, take_exe, &to);
}

static void read_under(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_under, &rule->under);
}

static void read_comm(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_comm, &rule->comm);
}

static void read_cgroup(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_cgroup, &rule->cgroup);
}

static void read_unit(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_unit, &rule->unit);
}

static void read_container(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_container, &rule->container);
}

static void read_user(struct checker *checker, config_setting_t *setting, void *target)
{
	struct set_target to = { .rule = target, .known = &checker->tree->sets };

	check_words(checker, setting, STRINGS_AND_NUMBERS, take_user, &to);
}

static void read_group(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS_AND_NUMBERS, take_group, &rule->groups);
}

static void read_sha256(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_sha256, &rule->exe_sha256);
}

static const struct key process_keys[] = {
	{ "exe", read_exe },	 { "under", read_under },   { "comm", read_comm },
	{ "user", read_user },	 { "group", read_group },   { "cgroup", read_cgroup },
	{ "unit", read_unit },	 { "container", read_container },
	{ "exe_sha256", read_sha256 }, { NULL, NULL },
};

void read_process(struct checker *checker, config_setting_t *setting, void *target)
{
	struct diag_at at = document_value_at(checker->document, setting);

	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "process",
				 "a group such as { exe = \"/usr/bin/irssi\"; }");
		return;
	}
	if (!config_setting_length(setting))
		check_say(checker, &at, "\"process\" names no process",
			  "at least one of exe, under, comm, user, group, cgroup, unit, "
			  "container, exe_sha256", NULL);
	check_keys(checker, setting, "\"process\"", process_keys, target);
}
