// SPDX-License-Identifier: GPL-2.0-only
/*
 * The groups of services that a policy makes for itself. The kernel knows nothing of
 * them: a rule gets the services that its groups stand for.
 */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "nearest.h"
#include "policy_checker.h"

enum group_state { GROUP_UNREAD, GROUP_BEING_READ, GROUP_READ };

struct service_group {
	const char *name;		/* the document's */
	config_setting_t *setting;
	enum group_state state;
	u64 services[IMTC_SERVICE_MAX / 64];
};

struct member_target {
	struct checker *checker;
	u64 *services;
};

static void read_group(struct checker *checker, struct service_group *group);

static struct service_group *find_group(const struct policy_tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->group_count; i++)
		if (!strcmp(tree->groups[i].name, name))
			return &tree->groups[i];
	return NULL;
}

/* --- words ------------------------------------------------------------------ */

/* What was meant may be one of the policy's own groups, also without its @. */
static void suggest_own(const struct policy_tree *tree, const char *word,
			struct value_error *error)
{
	bool has_at = word[0] == '@';
	struct nearest search = { .word = word + has_at };

	for (size_t i = 0; i < tree->group_count; i++)
		if (has_at || !strcmp(tree->groups[i].name, word))
			nearest_offer(&search, tree->groups[i].name);
	for (unsigned int i = 0; has_at && group_name(i); i++)
		nearest_offer(&search, group_name(i));
	if (search.best)
		snprintf(error->message, sizeof(error->message),
			 "unknown %s \"%.80s\"; did you mean \"@%.80s\"?",
			 has_at ? "group of services" : "service", word, search.best);
}

static bool take_group(struct checker *checker, struct service_group *group, u64 *services,
		       struct value_error *error)
{
	if (group->state == GROUP_BEING_READ) {
		snprintf(error->message, sizeof(error->message),
			 "the group \"@%.80s\" is a part of itself", group->name);
		snprintf(error->expected, sizeof(error->expected),
			 "groups that do not lead back to it");
		return false;
	}
	if (group->state == GROUP_UNREAD)
		read_group(checker, group);
	for (int i = 0; i < IMTC_SERVICE_MAX / 64; i++)
		services[i] |= group->services[i];
	return true;
}

static bool take_member(const char *word, void *target, struct value_error *error)
{
	struct member_target *to = target;
	struct policy_tree *tree = to->checker->tree;
	struct service_group *group = word[0] == '@' ? find_group(tree, word + 1) : NULL;

	if (group)
		return take_group(to->checker, group, to->services, error);
	if (value_services(word, to->services, error))
		return true;
	suggest_own(tree, word, error);
	return false;
}

void check_services(struct checker *checker, config_setting_t *setting, u64 *services)
{
	struct member_target target = { checker, services };

	check_words(checker, setting, STRINGS, take_member, &target);
}

/* --- "groups" of the policy ------------------------------------------------- */

/* Not deeper than there are groups, and syntax.c bounds the settings of a group. */
static void read_group(struct checker *checker, struct service_group *group)
{
	group->state = GROUP_BEING_READ;
	check_services(checker, group->setting, group->services);
	group->state = GROUP_READ;
}

/* The services of imtc's own groups are what its reference says, in every policy. */
static void check_group_name(struct checker *checker, config_setting_t *setting)
{
	const char *name = config_setting_name(setting);
	struct diag_at at = document_name_at(checker->document, setting);
	char message[128];

	if (strlen(name) >= IMTC_NAME_BYTES) {
		snprintf(message, sizeof(message), "the name of a group is %zu bytes long",
			 strlen(name));
		check_say(checker, &at, message, "at most 63 bytes", NULL);
	} else if (group_number(name) >= 0) {
		snprintf(message, sizeof(message), "the group \"@%s\" is there already", name);
		check_say(checker, &at, message, "another name: this one cannot be changed", NULL);
	}
}

void check_groups(struct checker *checker, config_setting_t *root)
{
	config_setting_t *setting = config_setting_get_member(root, "groups");
	struct policy_tree *tree = checker->tree;
	struct diag_at at;
	int count;

	if (!setting)
		return;
	at = document_value_at(checker->document, setting);
	count = config_setting_length(setting);
	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "groups",
				 "a group such as { calls = [ \"sip\", \"zoom\" ]; }");
		return;
	}
	tree->groups = calloc((size_t)count + 1, sizeof(*tree->groups));
	if (!tree->groups) {
		check_say(checker, &at, "out of memory", NULL, NULL);
		return;
	}
	for (int i = 0; i < count; i++) {
		config_setting_t *member = config_setting_get_elem(setting, (unsigned int)i);

		check_group_name(checker, member);
		tree->groups[i].name = config_setting_name(member);
		tree->groups[i].setting = member;
		tree->group_count++;
	}
	for (int i = 0; i < count; i++)
		if (tree->groups[i].state == GROUP_UNREAD)
			read_group(checker, &tree->groups[i]);
}
