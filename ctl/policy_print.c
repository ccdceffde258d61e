// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a compiled rule, made from its JSON form.
 */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "names.h"
#include "policy.h"
#include "policy_tags.h"
#include "text.h"

static void append_list(char *text, size_t size, struct json_object *list)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		text_append(text, size, "%s%s", i ? "|" : "",
			    json_object_get_string(json_object_array_get_idx(list, i)));
}

/* A group of which all are there is called by its name: shorter, and it stays when it grows. */
static void append_services(char *text, size_t size, struct json_object *list)
{
	__u64 left[IMTC_SERVICE_MAX / 64] = { 0 }, group[IMTC_SERVICE_MAX / 64];
	const char *bar = "", *word;
	char groups[64] = "";

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		word = json_object_get_string(json_object_array_get_idx(list, i));
		if (service_number(word) > 0)
			left[service_number(word) / 64] |= 1ULL << (service_number(word) % 64);
	}
	for (unsigned int g = 0; (word = group_name(g)); g++) {
		group_services(word, group);
		if ((group[0] & ~left[0]) | (group[1] & ~left[1]))
			continue;
		text_append(groups, sizeof(groups), "|@%s", word);
		left[0] &= ~group[0];
		left[1] &= ~group[1];
	}
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		word = json_object_get_string(json_object_array_get_idx(list, i));
		/* One that has no word here, of another version, is shown as it came. */
		if (service_number(word) > 0 && !(left[service_number(word) / 64] >>
						  (service_number(word) % 64) & 1))
			continue;
		text_append(text, size, "%s%s", bar, word);
		bar = "|";
	}
	text_append(text, size, "%s", groups + (bar[0] == '\0' && groups[0]));
}

void policy_rule_criteria(struct json_object *rule, char *text, size_t size)
{
	static const struct { const char *key, *word; } criteria[] = {
		{ "services", "service" }, { "features", "feature" },
		{ "directions", "direction" }, { "encryptions", "encryption" },
		{ "confidence", "confidence" },
		{ "local", "local" }, { "local_port", "local port" },
		{ "remote", "remote" }, { "remote_port", "remote port" },
		{ "peers", "peer" }, { "interface", "interface" }, { "domain", "domain" },
		{ "schedule", "schedule" }, { "exe", "exe" }, { "under", "under" },
		{ "comm", "comm" }, { "uid", "uid" }, { "user", "user" }, { "gid", "gid" },
		{ "cgroup", "cgroup" }, { "systemd_unit", "unit" }, { "container", "container" },
		{ "exe_sha256", "exe sha256" },
		{ "new_flows", "new flows" }, { "new_peers", "new peers" },
	};
	struct json_object *value;

	if (!size)
		return;
	text[0] = '\0';
	for (size_t i = 0; i < sizeof(criteria) / sizeof(criteria[0]); i++) {
		if (!json_object_object_get_ex(rule, criteria[i].key, &value))
			continue;
		text_append(text, size, "%s%s ", text[0] ? ", " : "", criteria[i].word);
		if (!strcmp(criteria[i].key, "services"))
			append_services(text, size, value);
		else if (json_object_is_type(value, json_type_array))
			append_list(text, size, value);
		else
			text_append(text, size, "%s", json_object_get_string(value));
	}
	if (!text[0])
		snprintf(text, size, "any");
}

/* " 0x10/0xff, priority 1:10, dscp 46", of these what is set. */
static void append_marks(struct json_object *rule, char *text, size_t size)
{
	const char *before = "";
	struct json_object *value;

	if (json_object_object_get_ex(rule, "mark", &value)) {
		text_append(text, size, " 0x%x", (u32)json_object_get_int64(value));
		if (json_object_object_get_ex(rule, "mask", &value) &&
		    (u32)json_object_get_int64(value) != 0xffffffff)
			text_append(text, size, "/0x%x", (u32)json_object_get_int64(value));
		before = ",";
	}
	if (json_object_object_get_ex(rule, "priority", &value)) {
		u32 priority = (u32)json_object_get_int64(value);

		text_append(text, size, "%s priority %x:%x", before, priority >> 16, priority & 0xffff);
		before = ",";
	}
	if (json_object_object_get_ex(rule, "dscp", &value))
		text_append(text, size, "%s dscp %s", before, json_object_get_string(value));
}

static void append_limit(struct json_object *rule, char *text, size_t size)
{
	struct json_object *rate, *unit, *per, *burst;

	if (!json_object_object_get_ex(rule, "rate", &rate) ||
	    !json_object_object_get_ex(rule, "unit", &unit) ||
	    !json_object_object_get_ex(rule, "per", &per) ||
	    !json_object_object_get_ex(rule, "burst", &burst))
		return;
	text_append(text, size, " to %s", json_object_get_string(rate));
	text_append(text, size, " %s a %s", json_object_get_string(unit),
		    json_object_get_string(per));
	text_append(text, size, ", %s at once", json_object_get_string(burst));
}

static void append_ask(struct json_object *rule, char *text, size_t size)
{
	struct json_object *timeout, *otherwise;

	if (!json_object_object_get_ex(rule, "timeout", &timeout) ||
	    !json_object_object_get_ex(rule, "otherwise", &otherwise))
		return;
	text_append(text, size, " for %s s", json_object_get_string(timeout));
	text_append(text, size, ", then %s", json_object_get_string(otherwise));
}

static void append_tags(struct json_object *rule, char *text, size_t size)
{
	char tags[1024];

	tags_text(rule, tags, sizeof(tags));
	if (tags[0])
		text_append(text, size, ", tags %s", tags);
}

void policy_rule_action(struct json_object *rule, char *text, size_t size)
{
	struct json_object *value;

	if (!size)
		return;
	text[0] = '\0';
	if (json_object_object_get_ex(rule, "verdict", &value))
		text_append(text, size, "%s", json_object_get_string(value));
	if (json_object_object_get_ex(rule, "device", &value))
		text_append(text, size, " to %s", json_object_get_string(value));
	append_marks(rule, text, size);
	append_limit(rule, text, size);
	append_ask(rule, text, size);
	if (json_object_object_get_ex(rule, "mode", &value))
		text_append(text, size, ", %s", json_object_get_string(value));
	if (json_object_object_get_ex(rule, "level", &value))
		text_append(text, size, ", log %s", json_object_get_string(value));
	append_tags(rule, text, size);
}

static void print_rule(FILE *file, const struct policy *policy, const struct imtc_rule *rule)
{
	const struct policy_rule *origin = &policy->rules[rule->id - 1];
	struct json_object *object = policy_compiled_json(policy, rule);
	char text[2048], action[1536];

	if (!object)
		return;
	policy_rule_criteria(object, text, sizeof(text));
	/* Also one that is not there. */
	if (origin->redirect[0])
		json_add_text(object, "device", origin->redirect);
	if (origin->tags)
		json_object_object_add(object, "tags", json_object_get(origin->tags));
	policy_rule_action(object, action, sizeof(action));
	fprintf(file, "%u \"%s\": %s -> %s\n", rule->id, origin->name, text, action);
	json_object_put(object);
}

static void print_schedules(FILE *file, const struct schedules *schedules)
{
	char text[4096];

	for (size_t i = 0; i < schedules->count; i++) {
		schedule_text(&schedules->items[i], text, sizeof(text));
		fprintf(file, "schedule \"%s\": %s\n", schedules->items[i].name, text);
	}
}

void policy_print(FILE *file, const struct policy *policy)
{
	char text[64];

	fprintf(file, "policy \"%s\", default %s, on failure %s%s\n", policy->name,
		action_name(policy->default_verdict),
		failure_name(policy->on_failure), policy->observe ? ", observe" : "");
	for (size_t i = 0; i < policy->inside_count; i++) {
		prefix_text(&policy->inside[i], text, sizeof(text));
		fprintf(file, "%s%s%s", i ? " " : "inside ", text,
			i + 1 < policy->inside_count ? "" : "\n");
	}
	print_schedules(file, &policy->schedules);
	for (size_t i = 0; i < policy->compiled_count; i++)
		print_rule(file, policy, &policy->compiled[i]);
	fprintf(file, "rules %zu, compiled %zu, process patterns %zu\n", policy->rule_count,
		policy->compiled_count, policy->proc_count);
}
