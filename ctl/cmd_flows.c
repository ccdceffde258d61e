// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl flows: the flow table, with the owners that the module knows.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "ends.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "names.h"
#include "need.h"
#include "nl.h"
#include "out.h"
#include "stats.h"

struct filter {
	const char *service;	/* NULL: any */
	uint64_t pid;		/* 0: any */
	bool im;		/* only flows found to be IM */
};

/* --- owners ------------------------------------------------------------------------ */

static int by_handle(const void *one, const void *other)
{
	struct json_object *const *a = one, *const *b = other;
	uint64_t left = json_number(*a, "handle"), right = json_number(*b, "handle");

	return left < right ? -1 : left > right;
}

static struct json_object *find_owner(struct json_object *processes, uint64_t handle)
{
	struct json_object *key = json_object_new_object(), *found;

	json_add_number(key, "handle", handle);
	found = json_object_array_bsearch(key, processes, by_handle);
	json_object_put(key);
	return found;
}

/* "pid", "comm", "exe" of the owner; absent where none is known. */
static void add_owners(struct json_object *flows, struct json_object *processes)
{
	json_object_array_sort(processes, by_handle);
	for (size_t i = 0; i < json_object_array_length(flows); i++) {
		struct json_object *flow = json_object_array_get_idx(flows, i);
		uint64_t handle = json_number(flow, "owner");
		struct json_object *owner = handle ? find_owner(processes, handle) : NULL;

		if (!owner)
			continue;
		json_add_number(flow, "pid", json_number(owner, "pid"));
		json_add_text(flow, "comm", json_text(owner, "comm"));
		json_add_text(flow, "exe", json_text(owner, "exe"));
	}
}

/* --- choosing ---------------------------------------------------------------------- */

static bool is_wanted(struct json_object *flow, const struct filter *filter)
{
	if (filter->service && strcmp(json_text(flow, "service"), filter->service))
		return false;
	if (filter->im && !strcmp(json_text(flow, "service"), service_name(0)))
		return false;
	return !filter->pid || json_number(flow, "pid") == filter->pid;
}

static struct json_object *choose(struct json_object *flows, const struct filter *filter)
{
	struct json_object *some = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(flows); i++) {
		struct json_object *flow = json_object_array_get_idx(flows, i);

		if (is_wanted(flow, filter))
			json_object_array_add(some, json_object_get(flow));
	}
	return some;
}

/* The newest first. */
static int by_age(const void *one, const void *other)
{
	struct json_object *const *a = one, *const *b = other;
	uint64_t left = json_number(*a, "age_ns"), right = json_number(*b, "age_ns");

	return left < right ? -1 : left > right;
}

/* --- showing ----------------------------------------------------------------------- */

static void format_rule(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	if (json_object_get_uint64(value))
		snprintf(text, size, "%s", json_object_get_string(value));
	else
		snprintf(text, size, "%s", json_text(row, "reason"));
}

static void format_owner(struct json_object *row, struct json_object *value, char *text,
			 size_t size)
{
	if (value)
		snprintf(text, size, "%s[%ju]", json_text(row, "comm"),
			 json_object_get_uint64(value));
	else
		snprintf(text, size, "-");
}

static void format_software(struct json_object *row, struct json_object *value, char *text,
			    size_t size)
{
	(void)row;
	snprintf(text, size, "%s", value ? json_object_get_string(value) : "-");
}

static void show(struct json_object *flows)
{
	static const struct out_column columns[] = {
		{ "l4", "L4", 0, NULL },
		{ "client", "CLIENT", 0, ends_format_client },
		{ "server", "SERVER", 0, ends_format_server },
		{ "service", "SERVICE", 0, NULL },
		{ "feature", "FEATURE", 0, NULL },
		{ "verdict", "VERDICT", 0, out_format_verdict },
		{ "rule", "RULE", 0, format_rule },
		{ "pid", "OWNER", 0, format_owner },
		{ "packets", "PACKETS", 1, out_format_count },
		{ "bytes", "BYTES", 1, out_format_bytes },
		{ "age_ns", "AGE", 1, out_format_age_ns },
		{ "client_name", "SOFTWARE", 0, format_software },
	};

	out_table(flows, columns, sizeof(columns) / sizeof(columns[0]));
}

static int list(const struct filter *filter)
{
	struct json_object *flows, *processes = NULL, *chosen;
	struct imtc_nl *nl;
	int err = stats_engine(&nl);

	if (err)
		return say_failure(err);
	if (!nl && filter->pid) {
		out_error("--process needs the module: without it no owner is known");
		return EXIT_UNSUPPORTED;
	}
	err = flows_get(&flows);
	if (!err && nl && !nl_processes_get(nl, &processes))
		add_owners(flows, processes);
	nl_session_close(nl);
	json_object_put(processes);
	if (err)
		return say_failure(err);
	chosen = choose(flows, filter);
	json_object_array_sort(chosen, by_age);
	show(chosen);
	json_object_put(chosen);
	json_object_put(flows);
	return EXIT_OK;
}

static int take_service(struct filter *filter, const char *word)
{
	const char *near;

	if (service_number(word) >= 0) {
		filter->service = word;
		return EXIT_OK;
	}
	near = service_nearest(word);
	return near ? args_usage("unknown service \"%s\"; did you mean \"%s\"?", word, near) :
	       args_usage("unknown service \"%s\"", word);
}

static int take_pid(struct filter *filter, const char *word)
{
	char *end;
	unsigned long pid;

	errno = 0;
	pid = strtoul(word, &end, 10);
	if (errno || *end || end == word || word[0] == '-' || !pid || pid > 0x7fffffff)
		return args_usage("--process takes a process number, not \"%s\"", word);
	filter->pid = pid;
	return EXIT_OK;
}

static int run_flows(int argc, char **argv)
{
	static const struct option words[] = {
		{ "service", required_argument, NULL, 's' },
		{ "process", required_argument, NULL, 'p' },
		{ "im", no_argument, NULL, 'i' },
		{ 0 }
	};
	struct filter filter = { 0 };
	int option, status = EXIT_OK;

	while (!status && (option = args_option(argc, argv, "", words)) != -1) {
		if (option == 's')
			status = take_service(&filter, optarg);
		else if (option == 'p')
			status = take_pid(&filter, optarg);
		else if (option == 'i')
			filter.im = true;
		else
			status = EXIT_USAGE;
	}
	if (status)
		return status;
	if (optind < argc)
		return args_usage("too many words: \"%s\" is not expected", argv[optind]);
	status = need_loaded();
	return status ? status : list(&filter);
}

const struct command command_flows = {
	.name = "flows",
	.arguments = "[--im] [--service SERVICE] [--process PID]",
	.summary = "The table of flows: ends, service, verdict, owner.",
	.help =
		"Options:\n"
		"  --im               only flows found to be instant messaging\n"
		"  --service SERVICE  only flows of this service\n"
		"  --process PID      only flows of this process (needs the module)\n"
		"\n"
		"RULE is the number of the rule that decided, or why there is none.\n",
	.run = run_flows,
};
