// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl stats: packets and bytes, decisions, and what else happened to packets.
 */
#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "imctl.h"
#include "json.h"
#include "need.h"
#include "nl.h"
#include "out.h"
#include "stats.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static int gather(struct imtc_nl *nl, struct json_object *o)
{
	struct json_object *list;
	int err = stats_services(&list);

	if (err)
		return err;
	json_object_object_add(o, "services", list);
	err = stats_rules(nl, &list);
	/* No policy: no rules. */
	if (err && err != -ENOENT)
		return err;
	json_object_object_add(o, "rules", err ? json_object_new_array() : list);
	err = stats_decisions(nl, &list);
	if (err)
		return err;
	json_object_object_add(o, "decisions", list);
	err = stats_outcomes(&list);
	if (err)
		return err;
	json_object_object_add(o, "outcomes", list);
	return 0;
}

static void show_list(struct json_object *list, const struct out_column *columns, size_t n,
		      int *shown)
{
	if (!json_object_array_length(list))
		return;
	if ((*shown)++)
		putchar('\n');
	out_table(list, columns, n);
}

static void show(struct json_object *o)
{
	static const struct out_column services[] = {
		{ "service", "SERVICE", 0, NULL },
		{ "feature", "FEATURE", 0, NULL },
		{ "verdict", "VERDICT", 0, NULL },
		{ "packets_in", "PACKETS IN", 1, out_format_count },
		{ "packets_out", "OUT", 1, out_format_count },
		{ "bytes_in", "BYTES IN", 1, out_format_bytes },
		{ "bytes_out", "OUT", 1, out_format_bytes },
	};
	static const struct out_column rules[] = {
		{ "id", "RULE", 1, NULL },
		{ "name", "NAME", 0, NULL },
		{ "verdict", "VERDICT", 0, NULL },
		{ "decisions", "DECISIONS", 1, out_format_count },
	};
	static const struct out_column decisions[] = {
		{ "service", "SERVICE", 0, NULL },
		{ "verdict", "VERDICT", 0, NULL },
		{ "count", "DECISIONS", 1, out_format_count },
	};
	static const struct out_column outcomes[] = {
		{ "outcome", "OUTCOME", 0, NULL },
		{ "count", "COUNT", 1, out_format_count },
		{ "meaning", "MEANING", 0, NULL },
	};
	struct json_object *counted = json_counted(json_member(o, "outcomes"));
	int shown = 0;

	show_list(json_member(o, "services"), services, N(services), &shown);
	show_list(json_member(o, "rules"), rules, N(rules), &shown);
	show_list(json_member(o, "decisions"), decisions, N(decisions), &shown);
	show_list(counted, outcomes, N(outcomes), &shown);
	if (!shown)
		printf("nothing has been counted yet\n");
	json_object_put(counted);
}

static int run_stats(int argc, char **argv)
{
	struct json_object *o;
	struct imtc_nl *nl;
	int status, err;

	if (!args_plain(argc, argv, 0, 0))
		return EXIT_USAGE;
	status = need_loaded();
	if (status)
		return status;
	err = stats_engine(&nl);
	if (err)
		return say_failure(err);
	o = json_object_new_object();
	err = gather(nl, o);
	nl_session_close(nl);
	if (!err && options.json)
		out_record(o, NULL, 0);
	else if (!err)
		show(o);
	json_object_put(o);
	return err ? say_failure(err) : EXIT_OK;
}

const struct command command_stats = {
	.name = "stats",
	.arguments = "",
	.summary = "Packets and bytes a service, decisions a rule and a service.",
	.help =
		"Packets and bytes since the programs were loaded; decisions a rule since its\n"
		"policy was. A packet is counted under what its flow was known to be when it\n"
		"passed.\n",
	.run = run_stats,
};
