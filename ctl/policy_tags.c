// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags of rules: words for those who sort what rules decide. The kernel does not
 * know them. A load puts them into its entry of the history, where commands find
 * those of the policy that runs.
 */
#include <stdio.h>
#include <string.h>

#include "cmd_policy.h"
#include "history.h"
#include "json.h"
#include "policy_checker.h"
#include "policy_tags.h"

#define TAGS_MAX 16	/* a rule */

/* --- in a rule -------------------------------------------------------------- */

static bool take_tag(const char *word, void *target, struct value_error *error)
{
	struct tree_rule *rule = target;

	if (!value_tag(word, error))
		return false;
	for (size_t i = 0; i < json_object_array_length(rule->tags); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(rule->tags, i)), word))
			return true;
	json_object_array_add(rule->tags, json_object_new_string(word));
	return true;
}

void read_tags(struct checker *checker, config_setting_t *setting, void *target)
{
	struct diag_at at = document_value_at(checker->document, setting);
	struct tree_rule *rule = target;
	char message[64];
	size_t count;

	rule->tags = json_object_new_array();
	if (!rule->tags) {
		check_say(checker, &at, "out of memory", NULL, NULL);
		return;
	}
	if (config_setting_is_aggregate(setting) && !config_setting_length(setting)) {
		check_say(checker, &at, "\"tags\" holds no tag", "one at least, or no such key",
			  NULL);
		return;
	}
	check_words(checker, setting, STRINGS, take_tag, rule);
	count = json_object_array_length(rule->tags);
	if (count <= TAGS_MAX)
		return;
	snprintf(message, sizeof(message), "%zu tags are too many", count);
	check_say(checker, &at, message, "at most 16 a rule", NULL);
}

/* --- of all rules ----------------------------------------------------------- */

struct json_object *tags_of_policy(const struct policy *policy)
{
	struct json_object *tags = NULL;
	char id[24];

	for (size_t i = 0; i < policy->rule_count; i++) {
		if (!policy->rules[i].tags)
			continue;
		if (!tags)
			tags = json_object_new_object();
		snprintf(id, sizeof(id), "%zu", i + 1);
		json_object_object_add(tags, id, json_object_get(policy->rules[i].tags));
	}
	return tags;
}

struct json_object *tags_of_digest(const char *digest, const char *state_dir)
{
	struct json_object *records = NULL, *record, *tags = NULL;

	if (digest[0] && !history_list(state_dir, &records) &&
	    !history_find(records, digest, &record))
		tags = json_object_get(json_member(record, "tags"));
	json_object_put(records);
	return tags;
}

void tags_add(struct json_object *object, struct json_object *tags, u64 rule)
{
	struct json_object *list;
	char id[24];

	snprintf(id, sizeof(id), "%llu", (unsigned long long)rule);
	list = json_member(tags, id);
	/* The history is a file of the host's: anything may stand there. */
	if (json_object_is_type(list, json_type_array))
		json_object_object_add(object, "tags", json_object_get(list));
}

void tags_text(struct json_object *object, char *text, size_t size)
{
	struct json_object *list = json_member(object, "tags");
	size_t used = 0;

	if (!size)
		return;
	text[0] = '\0';
	if (!json_object_is_type(list, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(list) && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
					 json_object_get_string(json_object_array_get_idx(list, i)));
}
