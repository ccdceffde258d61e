// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy history and rollback: what was loaded here, and back to it.
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

/* --- history -------------------------------------------------------------------- */

static void format_number(struct json_object *row, struct json_object *value, char *text,
			  size_t size)
{
	struct json_object *runs = json_member(row, "running");

	snprintf(text, size, "%s%s", runs && json_object_get_boolean(runs) ? "*" : "",
		 json_object_get_string(value));
}

static void format_action(struct json_object *row, struct json_object *value, char *text,
			  size_t size)
{
	uint64_t of = json_number(row, "of");

	if (of)
		snprintf(text, size, "%s to %llu", json_object_get_string(value),
			 (unsigned long long)of);
	else
		snprintf(text, size, "%s", value ? json_object_get_string(value) : "-");
}

static void format_digest(struct json_object *row, struct json_object *value, char *text,
			  size_t size)
{
	(void)row;
	snprintf(text, size, "%.12s", value ? json_object_get_string(value) : "-");
}

static void format_user(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	const char *sudo = json_text(row, "sudo_user");

	if (sudo[0])
		snprintf(text, size, "%s (sudo)", sudo);
	else if (value)
		snprintf(text, size, "%s", json_object_get_string(value));
	else
		snprintf(text, size, "%llu", (unsigned long long)json_number(row, "uid"));
}

/* The newest entry of the policy that runs; no policy runs after a flush. */
static void mark_running(struct json_object *records, const char *running)
{
	bool found = false;

	for (size_t i = json_object_array_length(records); i-- > 0;) {
		struct json_object *record = json_object_array_get_idx(records, i);
		bool runs = !found && running[0] && !strcmp(json_text(record, "digest"), running);

		found |= runs;
		json_add_bool(record, "running", runs);
	}
}

static void show_history(struct json_object *records)
{
	static const struct out_column columns[] = {
		{ "number", "N", 1, format_number },   { "time", "TIME", 0, NULL },
		{ "action", "ACTION", 0, format_action },
		{ "policy", "POLICY", 0, NULL },       { "digest", "SHA256", 0, format_digest },
		{ "user", "BY", 0, format_user },      { "exe", "WITH", 0, NULL },
		{ "file", "FILE", 0, NULL },
	};

	out_table(records, columns, sizeof(columns) / sizeof(columns[0]));
}

/* Says what is wrong. */
static int read_history(const char *dir, struct json_object **ret_records)
{
	int error = history_list(dir, ret_records);

	if (!error)
		return EXIT_OK;
	if (error == -ENOENT)
		out_error("there is no history in %s: no policy was loaded", dir);
	else
		out_error("cannot read the history in %s: %s", dir, strerror(-error));
	return EXIT_REFUSED;
}

int policy_take_state_dir(int argc, char **argv, const char **ret_dir)
{
	static const struct option words[] = {
		{ "state-dir", required_argument, NULL, 's' }, { 0 },
	};
	int letter;

	*ret_dir = HISTORY_DIR;
	while ((letter = args_option(argc, argv, "", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		*ret_dir = optarg;
	}
	return EXIT_OK;
}

int policy_run_history(int argc, char **argv)
{
	struct json_object *records;
	struct imtc_nl *nl = NULL;
	char running[65] = "";
	const char *dir;
	int status = policy_take_state_dir(argc, argv, &dir);

	if (status)
		return status;
	if (optind != argc)
		return args_usage("\"%s\" is not expected", argv[optind]);
	status = read_history(dir, &records);
	if (status)
		return status;
	/* Who may read the history, but not ask what runs, is shown it without the mark. */
	if (may_administer() && !policy_open_engine("showing the policy", &nl))
		policy_running_digest(nl, running);
	mark_running(records, running);
	show_history(records);
	nl_session_close(nl);
	json_object_put(records);
	return EXIT_OK;
}

/* --- rollback -------------------------------------------------------------------- */

static int say_missing(const char *word, int error)
{
	if (!word)
		out_error("the history has no policy before the one that runs");
	else if (error == -ENOTUNIQ)
		out_error("several policies have a digest that begins with %s", word);
	else if (error == -EINVAL)
		return args_usage("\"%s\" is neither the number of an entry nor 8 to 64 digits of "
				  "a digest", word);
	else
		out_error("the history has no policy %s (see \"imctl policy history\")", word);
	return EXIT_REFUSED;
}

static int load_entry(struct policy_load *load, struct json_object *record)
{
	struct history_text text;
	int status, error = history_read(load->state_dir, record, &text);
	unsigned long number = (unsigned long)json_number(record, "number");

	if (error) {
		out_error("cannot read policy %lu of the history: %s", number, error == -EBADMSG
			  ? "its text is not what was loaded" : strerror(-error));
		return EXIT_REFUSED;
	}
	load->kept = &text;
	load->of = (u32)number;
	load->file = json_text(record, "file");
	status = policy_load(load);
	history_text_free(&text);
	return status;
}

static int roll_back(struct policy_load *load, const char *word)
{
	struct json_object *records, *record;
	char running[65];
	int status, error;

	status = read_history(load->state_dir, &records);
	if (status)
		return status;
	policy_running_digest(load->nl, running);
	error = word ? history_find(records, word, &record)
		     : history_before(records, running, &record);
	status = error ? say_missing(word, error) : load_entry(load, record);
	json_object_put(records);
	return status;
}

int policy_run_rollback(int argc, char **argv)
{
	struct policy_load load = { 0 };
	int status = policy_take_state_dir(argc, argv, &load.state_dir);

	if (status)
		return status;
	if (argc - optind > 1)
		return args_usage("one policy of the history is expected");
	status = policy_open_engine("loading a policy", &load.nl);
	if (status)
		return status;
	status = roll_back(&load, argv[optind]);
	nl_session_close(load.nl);
	return status;
}
