// SPDX-License-Identifier: GPL-2.0-only
/*
 * One rule of a policy: its keys, the process it is about, and what a rule must
 * have.
 */
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_checker.h"
#include "policy_sets.h"

/* --- lists that grow -------------------------------------------------------- */

/* Room for one more item; NULL without memory. Doubles at powers of two. */
static void *grow(void *items, size_t count, size_t item_bytes)
{
	if (count & (count - 1))
		return items;
	return reallocarray(items, count ? count * 2 : 1, item_bytes);
}

static bool no_memory(struct value_error *error)
{
	snprintf(error->message, sizeof(error->message), "out of memory");
	return false;
}

static bool add_string(struct string_list *list, const char *word, struct value_error *error)
{
	const char **items = grow(list->items, list->count, sizeof(*items));

	if (!items)
		return no_memory(error);
	list->items = items;
	items[list->count++] = word;
	return true;
}

static bool add_number(struct number_list *list, u32 number, struct value_error *error)
{
	u32 *items = grow(list->items, list->count, sizeof(*items));

	if (!items)
		return no_memory(error);
	list->items = items;
	items[list->count++] = number;
	return true;
}

/* Where the addresses of a rule's end go, and the sets there are. */
struct end_target {
	struct prefix_list *prefixes;
	struct number_list *sets;
	const struct policy_sets *known;
};

static bool take_set(const char *name, const struct end_target *end, struct value_error *error)
{
	u32 set = policy_sets_find(end->known, name);
	struct nearest search = { .word = name };

	if (set)
		return add_number(end->sets, set, error);
	for (size_t i = 0; i < end->known->count; i++)
		nearest_offer(&search, end->known->names[i]);
	if (search.best)
		snprintf(error->message, sizeof(error->message),
			 "unknown set \"@%.63s\"; did you mean \"@%s\"?", name, search.best);
	else
		snprintf(error->message, sizeof(error->message), "unknown set \"@%.63s\"", name);
	snprintf(error->expected, sizeof(error->expected),
		 "the name of a file that \"sets\" of the policy finds, without its ending");
	return false;
}

static bool take_address(const char *word, void *target, struct value_error *error)
{
	struct end_target *end = target;
	struct prefix_list *list = end->prefixes;
	struct imtc_prefix prefix, *items;

	if (word[0] == '@')
		return take_set(word + 1, end, error);
	if (!value_prefix(word, &prefix, error))
		return false;
	items = grow(list->items, list->count, sizeof(*items));
	if (!items)
		return no_memory(error);
	list->items = items;
	items[list->count++] = prefix;
	return true;
}

static bool take_exe(const char *word, void *target, struct value_error *error)
{
	return value_exe(word, error) && add_string(target, word, error);
}

static bool take_comm(const char *word, void *target, struct value_error *error)
{
	return value_comm(word, error) && add_string(target, word, error);
}

static bool take_cgroup(const char *word, void *target, struct value_error *error)
{
	return value_cgroup(word, error) && add_string(target, word, error);
}

static bool take_user(const char *word, void *target, struct value_error *error)
{
	u32 uid;

	return value_user(word, &uid, error) && add_number(target, uid, error);
}

static bool take_group(const char *word, void *target, struct value_error *error)
{
	u32 gid;

	return value_group(word, &gid, error) && add_number(target, gid, error);
}

static bool take_service(const char *word, void *target, struct value_error *error)
{
	struct imtc_rule *rule = target;

	return value_services(word, rule->services, error);
}

static bool take_feature(const char *word, void *target, struct value_error *error)
{
	struct imtc_rule *rule = target;

	return value_feature(word, &rule->features, error);
}

/* --- process ---------------------------------------------------------------- */

static void read_exe(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_exe, &rule->exe);
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

static void read_user(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS_AND_NUMBERS, take_user, &rule->users);
}

static void read_group(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS_AND_NUMBERS, take_group, &rule->groups);
}

static const struct key process_keys[] = {
	{ "exe", read_exe },	 { "comm", read_comm },	    { "user", read_user },
	{ "group", read_group }, { "cgroup", read_cgroup }, { NULL, NULL },
};

static void read_process(struct checker *checker, config_setting_t *setting, void *target)
{
	struct diag_at at = document_value_at(checker->document, setting);

	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "process",
				 "a group such as { exe = \"/usr/bin/irssi\"; }");
		return;
	}
	if (!config_setting_length(setting))
		check_say(checker, &at, "\"process\" names no process",
			  "at least one of exe, comm, user, group, cgroup", NULL);
	check_keys(checker, setting, "\"process\"", process_keys, target);
}

/* --- a rule ----------------------------------------------------------------- */

static void read_service(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_service, &rule->criteria);
}

static void read_feature(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_feature, &rule->criteria);
}

static void read_local(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	struct end_target end = { &rule->local, &rule->local_sets, &checker->tree->sets };

	check_words(checker, setting, STRINGS, take_address, &end);
}

static void read_remote(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	struct end_target end = { &rule->remote, &rule->remote_sets, &checker->tree->sets };

	check_words(checker, setting, STRINGS, take_address, &end);
}

static void read_direction(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "out", "in", NULL };
	static const u8 bits[] = { IMTC_DIRECTION_OUT, IMTC_DIRECTION_IN };
	struct tree_rule *rule = target;
	int index = check_choice(checker, setting, words, "direction");

	if (index >= 0)
		rule->criteria.directions = bits[index];
}

static void read_encrypted(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	bool encrypted;

	if (check_bool(checker, setting, &encrypted))
		rule->criteria.encryptions =
			encrypted ? 1 << IMTC_ENCRYPTION_ENCRYPTED : 1 << IMTC_ENCRYPTION_CLEAR;
}

static void read_rule_name(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_name(checker, setting, rule->name);
	rule->at = document_value_at(checker->document, setting);
}

static const struct key rule_keys[] = {
	{ "name", read_rule_name },  { "service", read_service },
	{ "feature", read_feature }, { "direction", read_direction },
	{ "process", read_process }, { "local", read_local },
	{ "remote", read_remote },   { "encrypted", read_encrypted },
	{ "verdict", action_read_verdict }, { "device", action_read_device },
	{ "log", action_read_log },	     { "mode", action_read_mode },
	{ "mark", action_read_mark },
	{ "mask", action_read_mask },
	{ "priority", action_read_priority },
	{ "dscp", action_read_dscp },
	{ "rate", action_read_rate },
	{ "unit", action_read_unit },
	{ "burst", action_read_burst },
	{ NULL, NULL },
};

void check_rule_group(struct checker *checker, config_setting_t *setting, struct tree_rule *rule,
		      size_t number)
{
	rule->at = document_value_at(checker->document, setting);
	rule->criteria.id = (u32)number;
	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "rules", "a rule, { ... }");
		return;
	}
	check_keys(checker, setting, "a rule", rule_keys, rule);
	action_check(checker, setting, rule);
	if (!rule->name[0])
		snprintf(rule->name, sizeof(rule->name), "rule %zu", number);
}
