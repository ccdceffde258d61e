// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy diff: what a load of a file would change of the policy that runs.
 */
#include <errno.h>
#include <string.h>

#include "args.h"
#include "cmd_policy.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "policy_diff.h"

#define CONTEXT 3	/* unchanged rules shown on each side of a change */

struct diff {
	const char *file, *state_dir;
	struct json_object *running;	/* NULL: no policy runs */
	struct json_object *old_rules;
	struct policy *policy;
	bool head_differs;
	size_t changes;
};

/* --- text --------------------------------------------------------------------------- */

static void head_line(char *text, size_t size, const char *name, const char *verdict,
		      const char *failure, const char *mode)
{
	bool enforced = !strcmp(mode, mode_name(false));

	snprintf(text, size, "policy \"%s\", default %s, on failure %s%s%s", name, verdict,
		 failure, enforced ? "" : ", ", enforced ? "" : mode);
}

static void heads(const struct diff *diff, char old[256], char new[256])
{
	old[0] = '\0';
	if (diff->running)
		head_line(old, 256, json_text(diff->running, "name"),
			  json_text(diff->running, "default"),
			  json_text(diff->running, "on_failure"),
			  json_text(diff->running, "mode"));
	head_line(new, 256, diff->policy->name, action_name(diff->policy->default_verdict),
		  failure_name(diff->policy->on_failure), mode_name(diff->policy->observe));
}

static void print_line(char mark, const char *line)
{
	char text[4096];
	const char *color = !options.color ? "" : mark == '-' ? "\033[31m" :
			    mark == '+' ? "\033[32m" : "";

	out_printable(line, text, sizeof(text));
	printf("%s%c%s%s\n", color, mark, text, color[0] ? "\033[0m" : "");
}

static void print_lines(char mark, struct json_object *lines)
{
	for (size_t i = 0; lines && i < json_object_array_length(lines); i++)
		print_line(mark, json_object_get_string(json_object_array_get_idx(lines, i)));
}

static bool is_change(struct json_object *items, size_t i)
{
	return strcmp(json_text(json_object_array_get_idx(items, i), "change"), "same");
}

static bool is_near_change(struct json_object *items, size_t i)
{
	size_t from = i < CONTEXT ? 0 : i - CONTEXT, count = json_object_array_length(items);

	for (size_t k = from; k <= i + CONTEXT && k < count; k++)
		if (is_change(items, k))
			return true;
	return false;
}

static void print_rules(struct json_object *items)
{
	bool skipped = false;

	for (size_t i = 0; i < json_object_array_length(items); i++) {
		struct json_object *item = json_object_array_get_idx(items, i);

		if (!is_near_change(items, i)) {
			if (!skipped)
				puts("@@");
			skipped = true;
			continue;
		}
		skipped = false;
		if (!is_change(items, i)) {
			print_lines(' ', json_member(item, "old"));
			continue;
		}
		print_lines('-', json_member(item, "old"));
		print_lines('+', json_member(item, "new"));
	}
}

static void print_diff(const struct diff *diff, struct json_object *items)
{
	char old[256], new[256], line[512];

	if (!diff->head_differs && !diff->changes) {
		out_done(NULL, "%s says what runs", diff->file);
		return;
	}
	heads(diff, old, new);
	if (diff->running)
		snprintf(line, sizeof(line), "--- running, epoch %llu",
			 (unsigned long long)json_number(diff->running, "epoch"));
	else
		snprintf(line, sizeof(line), "--- no policy");
	puts(line);
	snprintf(line, sizeof(line), "++ %s", diff->file);
	print_line('+', line);
	if (diff->head_differs && old[0])
		print_line('-', old);
	print_line(diff->head_differs ? '+' : ' ', new);
	print_rules(items);
}

/* --- JSON ------------------------------------------------------------------------------ */

static void print_json(const struct diff *diff, struct json_object *items)
{
	struct json_object *object = json_object_new_object();
	struct json_object *changed = json_object_new_array();
	char old[256], new[256];

	heads(diff, old, new);
	json_add_text(object, "file", diff->file);
	json_add_bool(object, "differs", diff->head_differs || diff->changes);
	json_add_text(object, "old", diff->running ? old : NULL);
	json_add_text(object, "new", new);
	for (size_t i = 0; i < json_object_array_length(items); i++)
		if (is_change(items, i))
			json_object_array_add(changed, json_object_get(
						      json_object_array_get_idx(items, i)));
	json_object_object_add(object, "rules", changed);
	out_record(object, NULL, 0);
	json_object_put(object);
}

/* --- the whole --------------------------------------------------------------------------- */

static int compare(struct diff *diff)
{
	struct json_object *new_rules, *summary = policy_summary(diff->policy, true), *items;
	char old[256], new[256];

	new_rules = json_member(summary, "compiled_rules");
	items = policy_diff(diff->old_rules, new_rules);
	json_object_put(summary);
	if (!items) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	heads(diff, old, new);
	diff->head_differs = strcmp(old, new);
	for (size_t i = 0; i < json_object_array_length(items); i++)
		diff->changes += is_change(items, i);
	if (options.json)
		print_json(diff, items);
	else
		print_diff(diff, items);
	json_object_put(items);
	return EXIT_OK;
}

static int read_and_compare(struct diff *diff)
{
	struct diag *diag = diag_new();
	int status = EXIT_REFUSED;

	if (!diag)
		return status;
	diff->policy = policy_read(diff->file, diag);
	if (diff->policy) {
		policy_find_devices(diff->policy, false, diag);
		status = compare(diff);
	} else {
		status = policy_fail(diag, diff->file);
	}
	policy_free(diff->policy);
	diag_free(diag);
	return status;
}

/* Without a file: the one that the newest load was of, as it is now. */
static int find_file(struct diff *diff, struct json_object **ret_records)
{
	int error = history_list(diff->state_dir, ret_records);
	size_t i = error ? 0 : json_object_array_length(*ret_records);

	while (i-- > 0 && !diff->file) {
		struct json_object *record = json_object_array_get_idx(*ret_records, i);

		if (json_text(record, "file")[0])
			diff->file = json_text(record, "file");
	}
	return diff->file ? EXIT_OK : args_usage("the history knows no file: name one");
}

static int diff_running(struct diff *diff)
{
	struct json_object *records = NULL;
	struct imtc_nl *nl;
	int status = policy_open_engine("showing the policy", &nl), error;

	if (status)
		return status;
	error = policy_get_running(nl, &diff->running, &diff->old_rules);
	if (error && error != -ENOENT)
		status = nl ? policy_say_module(nl, "show the policy", error)
			    : policy_say_bpf("show the policy", error);
	if (!status && !diff->file)
		status = find_file(diff, &records);
	if (!status)
		status = read_and_compare(diff);
	json_object_put(diff->running);
	json_object_put(diff->old_rules);
	json_object_put(records);
	nl_session_close(nl);
	return status;
}

int policy_run_diff(int argc, char **argv)
{
	struct diff diff = { 0 };
	int status = policy_take_state_dir(argc, argv, &diff.state_dir);

	if (status)
		return status;
	if (argc - optind > 1)
		return args_usage("one policy file is expected");
	diff.file = argv[optind];
	return diff_running(&diff);
}
