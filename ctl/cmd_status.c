// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl status: what runs, on what, how full it is, and what is missing.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>

#include "args.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "need.h"
#include "nl.h"
#include "out.h"
#include "probe.h"
#include "signature.h"
#include "stats.h"
#include "timestamp.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* --- gathering --------------------------------------------------------------------- */

static const char *mode_word(void)
{
	if (!loader_is_loaded())
		return "not loaded";
	return loader_with_module() ? "module" : "bpf-only";
}

static struct json_object *gather_module(void)
{
	struct json_object *o = json_object_new_object(), *status;
	enum module_state state = probe_module();
	struct imtc_nl *nl;

	json_add_bool(o, "loaded", state != MODULE_ABSENT);
	json_add_bool(o, "btf", state == MODULE_READY);
	if (nl_session_open(&nl))
		return o;
	if (!nl_status_get(nl, &status)) {
		json_object_object_foreach(status, key, value)
			json_object_object_add(o, key, json_object_get(value));
		json_object_put(status);
	}
	nl_session_close(nl);
	return o;
}

static void add_missing(struct json_object *list, const char *what, const char *without,
			const char *get)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "what", what);
	json_add_text(o, "without", without);
	json_add_text(o, "get", get);
	json_object_array_add(list, o);
}

static struct json_object *gather_missing(struct json_object *attachments)
{
	struct json_object *list = json_object_new_array();
	size_t count;
	const struct probe *probes = probe_all(&count);

	for (size_t i = 0; i < count; i++)
		if (!probes[i].there)
			add_missing(list, probes[i].what, probes[i].without, probes[i].get);
	if (probe_module() == MODULE_READY && loader_is_loaded() && !loader_with_module())
		add_missing(list, "use of the module",
			    "the programs were loaded without it: its policy is not asked",
			    "imctl attach DEVICE");
	if (!json_object_array_length(attachments))
		add_missing(list, "attachments", "no packet is looked at",
			    "imctl attach DEVICE");
	return list;
}

/* From a month before the end on, and after it. */
#define SCHEDULES_LEAST_SECONDS (30 * 24 * 3600)

static void add_schedules_missing(struct json_object *missing, struct json_object *policy)
{
	struct json_object *until = json_member(policy, "schedules_until");
	int64_t end;

	if (!until || !time_parse(json_object_get_string(until), &end) ||
	    end - time(NULL) > SCHEDULES_LEAST_SECONDS)
		return;
	add_missing(missing, "schedules", "holidays and changes of clocks are not known from "
		    "the end of their list on", "imctl restore, or load the policy again");
}

/* Every part that can be told; a part that cannot is left out, and that is an error. */
static int gather(struct imtc_nl *nl, struct json_object *o)
{
	struct json_object *part = NULL;
	u32 signatures = 0;
	int err = loader_attachments(&part);

	if (err)
		return err;
	json_object_object_add(o, "attachments", part);
	json_object_object_add(o, "missing", gather_missing(part));
	err = stats_policy(nl, &part);
	if (err && err != -ENOENT)
		return err;
	if (!err)
		add_schedules_missing(json_member(o, "missing"), part);
	json_object_object_add(o, "policy", err ? NULL : part);
	err = stats_tables(nl, &part);
	if (err)
		return err;
	json_object_object_add(o, "tables", part);
	err = stats_lost(nl, &part);
	if (err)
		return err;
	json_object_object_add(o, "lost", part);
	signature_map_count(&signatures);
	json_add_number(o, "signatures", signatures);
	return 0;
}

/* --- showing ------------------------------------------------------------------------ */

static void format_module(struct json_object *row, struct json_object *value, char *text,
			  size_t size)
{
	(void)row;
	if (!json_object_get_boolean(json_member(value, "loaded")))
		snprintf(text, size, "not loaded");
	else if (!json_object_get_boolean(json_member(value, "btf")))
		snprintf(text, size, "loaded, without BTF");
	else
		snprintf(text, size, "loaded, version %s", json_text(value, "version"));
}

static void format_policy(struct json_object *row, struct json_object *value, char *text,
			  size_t size)
{
	(void)row;
	if (!value)
		snprintf(text, size, "none");
	else
		snprintf(text, size, "\"%s\", epoch %ju, compiled rules %ju, default %s",
			 json_text(value, "name"), json_number(value, "epoch"),
			 json_number(value, "rules"), json_text(value, "default"));
}

static void show_missing(struct json_object *list)
{
	size_t count = json_object_array_length(list);

	if (count)
		printf("\nMissing:\n");
	for (size_t i = 0; i < count; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		printf("  %s: %s; to have it: %s\n", json_text(o, "what"),
		       json_text(o, "without"), json_text(o, "get"));
	}
}

static void show_tables(struct json_object *o)
{
	static const struct out_column attachments[] = {
		{ "device", "DEVICE", 0, NULL },
		{ "ifindex", "IFINDEX", 1, NULL },
		{ "ingress", "IN", 0, NULL },
		{ "egress", "OUT", 0, NULL },
		{ "zone", "ZONE", 1, NULL },
	};
	static const struct out_column tables[] = {
		{ "table", "TABLE", 0, NULL },
		{ "entries", "ENTRIES", 1, out_format_count },
		{ "max", "MAX", 1, out_format_count },
	};
	static const struct out_column lost[] = {
		{ "what", "LOST", 0, NULL },
		{ "count", "COUNT", 1, out_format_count },
		{ "meaning", "MEANING", 0, NULL },
	};
	struct json_object *losses = json_counted(json_member(o, "lost"));

	if (json_object_array_length(json_member(o, "attachments"))) {
		putchar('\n');
		out_table(json_member(o, "attachments"), attachments, N(attachments));
	}
	if (json_object_array_length(json_member(o, "tables"))) {
		putchar('\n');
		out_table(json_member(o, "tables"), tables, N(tables));
	}
	if (json_object_array_length(losses)) {
		putchar('\n');
		out_table(losses, lost, N(lost));
	}
	json_object_put(losses);
	show_missing(json_member(o, "missing"));
}

static void show(struct json_object *o)
{
	static const struct out_column fields[] = {
		{ "version", "imtc", 0, NULL },
		{ "kernel", "kernel", 0, NULL },
		{ "mode", "mode", 0, NULL },
		{ "module", "module", 0, format_module },
		{ "policy", "policy", 0, format_policy },
		{ "signatures", "signatures", 0, out_format_count },
	};

	out_record(o, fields, N(fields));
	if (!options.json)
		show_tables(o);
}

static int run_status(int argc, char **argv)
{
	struct json_object *o;
	struct utsname host;
	struct imtc_nl *nl;
	int status, err;

	if (!args_plain(argc, argv, 0, 0))
		return EXIT_USAGE;
	status = need_root();
	if (status)
		return status;
	err = stats_engine(&nl);
	if (err)
		return say_failure(err);
	uname(&host);
	o = json_object_new_object();
	json_add_text(o, "version", IMTC_VERSION);
	json_add_text(o, "kernel", host.release);
	json_add_text(o, "mode", mode_word());
	json_object_object_add(o, "module", gather_module());
	err = gather(nl, o);
	if (!err)
		show(o);
	json_object_put(o);
	nl_session_close(nl);
	return err ? say_failure(err) : EXIT_OK;
}

const struct command command_status = {
	.name = "status",
	.arguments = "",
	.summary = "What runs, on which devices, how full its tables are, and what is missing.",
	.help =
		"Mode \"module\": verdicts are imtc.ko's, which knows the process behind a flow.\n"
		"Mode \"bpf-only\": verdicts are the programs' own; rules about processes\n"
		"or with schedules cannot be loaded.\n",
	.run = run_status,
};
