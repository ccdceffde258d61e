// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy show and flush: the policy that runs.
 */
#include <errno.h>
#include <string.h>

#include "args.h"
#include "cmd_policy.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "nl.h"
#include "out.h"
#include "policy_tags.h"

/* --- show ------------------------------------------------------------------- */

/* What the rule does, beside its verdict. */
static const char *const said[] = { "device", "log", "level", "mode", "mark", "mask", "priority",
				    "dscp", "rate", "unit", "burst" };

static void copy_member(struct json_object *to, struct json_object *from, const char *key)
{
	if (policy_member(from, key))
		json_object_object_add(to, key, json_object_get(policy_member(from, key)));
}

/*
 * Compiled rules under the rule of the file that they are of. The module counts
 * hits of each compiled rule, the programs those of the rule.
 */
static struct json_object *group_rules(struct json_object *compiled, bool hits_of_rule)
{
	struct json_object *rules = json_object_new_array(), *rule = NULL;

	for (size_t i = 0; i < json_object_array_length(compiled); i++) {
		struct json_object *part = json_object_array_get_idx(compiled, i);
		uint64_t id = json_object_get_uint64(policy_member(part, "id"));
		uint64_t hits = json_object_get_uint64(policy_member(part, "hits"));

		if (!rule || json_object_get_uint64(policy_member(rule, "id")) != id) {
			rule = json_object_new_object();
			json_object_array_add(rules, rule);
			json_object_object_add(rule, "id",
					       json_object_get(policy_member(part, "id")));
			json_object_object_add(rule, "name",
					       json_object_get(policy_member(part, "name")));
			json_object_object_add(rule, "verdict",
					       json_object_get(policy_member(part, "verdict")));
			for (size_t f = 0; f < sizeof(said) / sizeof(said[0]); f++)
				copy_member(rule, part, said[f]);
			policy_add_number(rule, "hits", hits);
			json_object_object_add(rule, "compiled", json_object_new_array());
		} else if (!hits_of_rule) {
			policy_add_number(rule, "hits",
					  json_object_get_uint64(policy_member(rule, "hits")) +
						  hits);
		}
		json_object_array_add(policy_member(rule, "compiled"), json_object_get(part));
	}
	return rules;
}

/* One line a compiled rule; what is the whole rule's stands on its first. */
static struct json_object *show_rows(struct json_object *rules)
{
	struct json_object *rows = json_object_new_array(), *row;
	static const char *const first[] = { "id", "name", "hits" };
	char text[2048];

	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		struct json_object *parts = policy_member(rule, "compiled");

		for (size_t k = 0; k < json_object_array_length(parts); k++) {
			row = json_object_new_object();
			for (size_t f = 0; f < sizeof(first) / sizeof(first[0]); f++)
				json_object_object_add(
					row, first[f],
					k ? json_object_new_string("")
					  : json_object_get(policy_member(rule, first[f])));
			policy_rule_criteria(json_object_array_get_idx(parts, k), text,
					     sizeof(text));
			policy_add_text(row, "criteria", text);
			policy_rule_action(rule, text, sizeof(text));
			policy_add_text(row, "action", k ? "" : text);
			json_object_array_add(rows, row);
		}
	}
	return rows;
}

/* Counts of the first line; the blank of those after it stays one. */
static void format_hits(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	if (json_object_is_type(value, json_type_string))
		text[0] = '\0';
	else
		out_format_count(row, value, text, size);
}

static void format_schedules(struct json_object *row, struct json_object *value, char *text,
			     size_t size)
{
	size_t used = 0, count = value ? json_object_array_length(value) : 0;

	(void)row;
	snprintf(text, size, "-");
	for (size_t i = 0; i < count && used < size; i++) {
		struct json_object *one = json_object_array_get_idx(value, i);
		bool open = json_object_get_boolean(policy_member(one, "open"));

		used += (size_t)snprintf(text + used, size - used, "%s%s %s", i ? ", " : "",
					 json_object_get_string(policy_member(one, "name")),
					 open ? "open" : "closed");
	}
}

static void print_policy(struct json_object *policy, struct json_object *rules)
{
	static const struct out_column fields[] = {
		{ "name", "policy", 0, NULL },		 { "engine", "judged by", 0, NULL },
		{ "epoch", "epoch", 0, NULL },		 { "default", "default", 0, NULL },
		{ "on_failure", "on failure", 0, NULL }, { "rules", "compiled rules", 0, NULL },
		{ "loaded", "loaded", 0, NULL },	 { "loader_uid", "by uid", 0, NULL },
		{ "mode", "mode", 0, NULL },
		{ "schedules", "schedules", 0, format_schedules },
		{ "schedules_until", "known until", 0, NULL },
		{ "digest", "sha256", 0, NULL },
	};
	static const struct out_column columns[] = {
		{ "id", "RULE", 1, NULL },	    { "name", "NAME", 0, NULL },
		{ "criteria", "MATCHES", 0, NULL }, { "action", "VERDICT", 0, NULL },
		{ "hits", "HITS", 1, format_hits },
	};
	struct json_object *rows = show_rows(rules);

	out_record(policy, fields, sizeof(fields) / sizeof(fields[0]));
	if (json_object_array_length(rows)) {
		putchar('\n');
		out_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
	}
	json_object_put(rows);
}

/* The kernel does not know them: as the history has them. */
static void add_tags(struct json_object *policy, struct json_object *rules, const char *state_dir)
{
	struct json_object *tags = tags_of_digest(json_text(policy, "digest"), state_dir);

	for (size_t i = 0; tags && i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);

		tags_add(rule, tags, json_number(rule, "id"));
	}
	json_object_put(tags);
}

static void show(struct json_object *policy, struct json_object *compiled, bool module,
		 const char *state_dir)
{
	struct json_object *rules = group_rules(compiled, !module), *whole;

	policy_add_text(policy, "engine", module ? "module" : "bpf");
	add_tags(policy, rules, state_dir);
	if (options.json) {
		whole = json_object_new_object();
		json_object_object_add(whole, "policy", json_object_get(policy));
		json_object_object_add(whole, "rules", json_object_get(rules));
		out_record(whole, NULL, 0);
		json_object_put(whole);
	} else {
		print_policy(policy, rules);
	}
	json_object_put(rules);
}

static int show_running(struct imtc_nl *nl, const char *state_dir)
{
	struct json_object *policy, *compiled;
	int error = policy_get_running(nl, &policy, &compiled);

	if (!error) {
		show(policy, compiled, nl != NULL, state_dir);
		json_object_put(policy);
		json_object_put(compiled);
		return EXIT_OK;
	}
	if (error != -ENOENT)
		return nl ? policy_say_module(nl, "show the policy", error)
			  : policy_say_bpf("show the policy", error);
	out_error("no policy is loaded");
	return EXIT_REFUSED;
}

int policy_run_show(int argc, char **argv)
{
	struct imtc_nl *nl;
	const char *dir;
	int status = policy_take_state_dir(argc, argv, &dir);

	if (status)
		return status;
	if (optind != argc)
		return args_usage("\"%s\" is not expected", argv[optind]);
	status = policy_open_engine("showing the policy", &nl);
	if (!status)
		status = show_running(nl, dir);
	nl_session_close(nl);
	return status;
}

/* --- flush ------------------------------------------------------------------ */

static int flush(struct imtc_nl *nl, u32 *ret_epoch)
{
	int error = nl ? nl_policy_flush(nl, ret_epoch) : bpf_policy_flush(ret_epoch);

	if (error)
		return nl ? policy_say_module(nl, "flush the policy", error)
			  : policy_say_bpf("flush the policy", error);
	return EXIT_OK;
}

static int flush_and_keep(struct imtc_nl *nl, const char *dir, u32 *ret_epoch)
{
	const struct history_text nothing = { 0 };
	struct policy_keep keep = { .dir = dir, .nl = nl };
	struct json_object *record = history_record();
	int status;

	policy_add_text(record, "action", "flush");
	policy_add_text(record, "engine", nl ? "module" : "bpf");
	policy_keep_begin(&keep, record, &nothing);
	status = flush(nl, ret_epoch);
	policy_keep_end(&keep, !status);
	return status;
}

int policy_run_flush(int argc, char **argv)
{
	struct json_object *record;
	struct imtc_nl *nl;
	const char *dir;
	u32 epoch = 0;
	int status = policy_take_state_dir(argc, argv, &dir);

	if (status)
		return status;
	if (optind != argc)
		return args_usage("\"%s\" is not expected", argv[optind]);
	status = policy_open_engine("flushing the policy", &nl);
	if (!status)
		status = flush_and_keep(nl, dir, &epoch);
	nl_session_close(nl);
	if (status)
		return status;
	record = json_object_new_object();
	policy_add_number(record, "epoch", epoch);
	out_done(record, "no policy from epoch %u on: everything passes", epoch);
	json_object_put(record);
	return EXIT_OK;
}
