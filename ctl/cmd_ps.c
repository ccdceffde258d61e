// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl ps: the processes that use instant messaging, one line a process and
 * service. The module knows the processes and what was decided for them, the
 * flow table what they send; the owner handle joins the two.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "imctl.h"
#include "loader.h"
#include "nl.h"
#include "out.h"

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

static uint64_t number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(member(object, key));
}

static void add_to(struct json_object *object, const char *key, uint64_t more)
{
	json_object_object_add(object, key, json_object_new_uint64(number(object, key) + more));
}

/* --- rows ------------------------------------------------------------------- */

static void add_user(struct json_object *row, struct json_object *process)
{
	struct passwd *entry;

	if (!member(process, "uid"))
		return;
	entry = getpwuid((uid_t)number(process, "uid"));
	if (entry)
		json_object_object_add(row, "user", json_object_new_string(entry->pw_name));
}

static struct json_object *new_row(struct json_object *process, struct json_object *service)
{
	static const char *const keys[] = { "pid", "exe", "comm", "uid", "gid", "cgroup",
					    "start_ns", "alive", "handle" };
	struct json_object *row = json_object_new_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_object_object_add(row, keys[i], json_object_get(member(process, keys[i])));
	if (member(process, "under"))
		json_object_object_add(row, "under", json_object_get(member(process, "under")));
	add_user(row, process);
	json_object_object_add(row, "service", json_object_get(service));
	json_object_object_add(row, "flows", json_object_new_uint64(0));
	json_object_object_add(row, "bytes", json_object_new_uint64(0));
	json_object_object_add(row, "verdicts", json_object_new_object());
	return row;
}

/* The row of a service among the process's rows, which are from `first` on. */
static struct json_object *row_of(struct json_object *rows, size_t first,
				  struct json_object *process, struct json_object *service)
{
	struct json_object *row;

	for (size_t i = first; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (json_object_equal(member(row, "service"), service))
			return row;
	}
	row = new_row(process, service);
	json_object_array_add(rows, row);
	return row;
}

static int is_im(struct json_object *service)
{
	const char *name = service ? json_object_get_string(service) : NULL;

	return name && strcmp(name, "none");
}

static void add_decisions(struct json_object *rows, size_t first, struct json_object *process)
{
	struct json_object *decisions = member(process, "decisions");

	for (size_t i = 0; i < json_object_array_length(decisions); i++) {
		struct json_object *decision = json_object_array_get_idx(decisions, i);
		struct json_object *service = member(decision, "service"), *row;

		if (!is_im(service))
			continue;
		row = row_of(rows, first, process, service);
		add_to(member(row, "verdicts"),
		       json_object_get_string(member(decision, "verdict")),
		       number(decision, "count"));
	}
}

/* --- joining ---------------------------------------------------------------- */

static int by_owner(const void *left, const void *right)
{
	uint64_t a = number(*(struct json_object *const *)left, "owner");
	uint64_t b = number(*(struct json_object *const *)right, "owner");

	return (a > b) - (a < b);
}

/* The first flow of an owner in a list that is sorted by owner. */
static size_t first_flow(struct json_object *flows, uint64_t owner)
{
	size_t low = 0, high = json_object_array_length(flows);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (number(json_object_array_get_idx(flows, middle), "owner") < owner)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_flows(struct json_object *rows, size_t first, struct json_object *process,
		      struct json_object *flows)
{
	uint64_t handle = number(process, "handle");

	for (size_t i = first_flow(flows, handle); i < json_object_array_length(flows); i++) {
		struct json_object *flow = json_object_array_get_idx(flows, i), *row;

		if (number(flow, "owner") != handle)
			return;
		if (!is_im(member(flow, "service")))
			continue;
		row = row_of(rows, first, process, member(flow, "service"));
		add_to(row, "flows", 1);
		add_to(row, "bytes", number(flow, "bytes"));
	}
}

static struct json_object *join(struct json_object *processes, struct json_object *flows)
{
	struct json_object *rows = json_object_new_array();

	json_object_array_sort(flows, by_owner);
	for (size_t i = 0; i < json_object_array_length(processes); i++) {
		struct json_object *process = json_object_array_get_idx(processes, i);
		size_t first = json_object_array_length(rows);

		/* Handle 0 is "no owner known" in a flow: no process has it. */
		if (!number(process, "handle"))
			continue;
		add_decisions(rows, first, process);
		add_flows(rows, first, process, flows);
	}
	return rows;
}

/* --- printing --------------------------------------------------------------- */

static void format_verdicts(struct json_object *row, struct json_object *value, char *text,
			    size_t size)
{
	size_t used = 0;

	(void)row;
	snprintf(text, size, "-");
	json_object_object_foreach(value, verdict, count) {
		if (used >= size)
			break;
		used += (size_t)snprintf(text + used, size - used, "%s%s %s", used ? ", " : "",
					 verdict, json_object_get_string(count));
	}
}

static void format_user(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	if (!value)
		value = member(row, "uid");
	snprintf(text, size, "%s", value ? json_object_get_string(value) : "-");
}

/* What ended is marked as ps(1) marks it. */
static void format_exe(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	const char *name = value ? json_object_get_string(value) : "";

	if (!name[0] && member(row, "comm"))
		name = json_object_get_string(member(row, "comm"));
	snprintf(text, size, "%s%s", name,
		 json_object_get_boolean(member(row, "alive")) ? "" : " <ended>");
}

static void print_rows(struct json_object *rows)
{
	static const struct out_column columns[] = {
		{ "pid", "PID", 1, NULL }, { "exe", "PROGRAM", 0, format_exe },
		{ "user", "USER", 0, format_user }, { "service", "SERVICE", 0, NULL },
		{ "flows", "FLOWS", 1, out_format_count },
		{ "bytes", "BYTES", 1, out_format_bytes },
		{ "verdicts", "VERDICTS", 0, format_verdicts },
	};

	out_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
}

/* --- the command ------------------------------------------------------------ */

static int say_module(struct imtc_nl *nl, int error)
{
	if (error == -EPERM)
		out_error("listing processes needs CAP_NET_ADMIN (run as root)");
	else
		out_error("the module refuses to list processes: %s",
			  nl_sentence(nl)[0] ? nl_sentence(nl) : strerror(-error));
	return EXIT_REFUSED;
}

static int list(struct imtc_nl *nl)
{
	struct json_object *processes = NULL, *flows = NULL, *rows;
	int error = nl_processes_get(nl, &processes);

	if (error)
		return say_module(nl, error);
	error = flows_get(&flows);
	if (error && error != -ENOENT)
		out_warning("flows cannot be read: %s", loader_sentence());
	if (error)
		flows = json_object_new_array();
	rows = join(processes, flows);
	print_rows(rows);
	json_object_put(rows);
	json_object_put(flows);
	json_object_put(processes);
	return EXIT_OK;
}

static int run_ps(int argc, char **argv)
{
	struct imtc_nl *nl = NULL;
	int error, status;

	if (!args_plain(argc, argv, 0, 0))
		return EXIT_USAGE;
	error = nl_session_open(&nl);
	if (error == -ENOENT) {
		out_error("the module imtc.ko is not loaded: without it nobody knows which "
			  "process a flow belongs to (see: imctl flows)");
		return EXIT_UNSUPPORTED;
	}
	if (error) {
		out_error("cannot ask for the module: %s", strerror(-error));
		return EXIT_REFUSED;
	}
	status = list(nl);
	nl_session_close(nl);
	return status;
}

const struct command command_ps = {
	.name = "ps", .arguments = "",
	.summary = "Processes that use instant messaging: program, user, service, flows, verdicts.",
	.help = "Needs imtc.ko. FLOWS and BYTES are of flows in the table now, VERDICTS of all\n"
		"decisions since the process was first seen.\n",
	.run = run_ps,
};
