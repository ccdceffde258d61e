// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every number that imtc keeps, gathered as JSON.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"
#include "mapread.h"
#include "names.h"
#include "nl.h"
#include "sentence.h"
#include "stats.h"

#define COUNTER_WORDS (sizeof(struct imtc_counter) / sizeof(u64))

int stats_engine(struct imtc_nl **ret_nl)
{
	struct imtc_nl *nl = NULL;
	int err;

	*ret_nl = NULL;
	if (loader_is_loaded() && !loader_with_module())
		return 0;
	err = nl_session_open(&nl);
	if (err == -ENOENT)
		return 0;
	if (err)
		return fail(err, "cannot ask for the module");
	*ret_nl = nl;
	return 0;
}

static int nl_failed(struct imtc_nl *nl, int err)
{
	if (err == -ENOENT)
		return err;
	if (nl_sentence(nl)[0])
		fail(0, "the module refuses: %s", nl_sentence(nl));
	else
		fail(err, "the module refuses");
	return err;
}

/* --- per-CPU arrays ----------------------------------------------------------------- */

/* The sums of a pinned per-CPU array, for free(). */
static int read_sums(const char *map, u32 count, u32 words, u64 **ret_sums)
{
	int fd = map_open(map, sizeof(u32), words * sizeof(u64));
	u64 *sums;
	int err;

	if (fd < 0)
		return fd == -ENOENT ? fd : fail(fd, "cannot open the map \"%s\"", map);
	sums = calloc(count, words * sizeof(u64));
	err = sums ? map_sums(fd, count, words, sums) : -ENOMEM;
	close(fd);
	if (err) {
		free(sums);
		return fail(err, "cannot read the map \"%s\"", map);
	}
	*ret_sums = sums;
	return 0;
}

/* Backwards from imtc_counter_slot(). */
static struct json_object *counter_json(u32 slot, const struct imtc_counter *c)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "service",
		      service_name(slot / IMTC_VERDICT_MAX / IMTC_FEATURE_MAX));
	json_add_text(o, "feature", feature_name(slot / IMTC_VERDICT_MAX % IMTC_FEATURE_MAX));
	json_add_text(o, "verdict", verdict_name(slot % IMTC_VERDICT_MAX));
	json_add_number(o, "packets_in", c->packets[0]);
	json_add_number(o, "packets_out", c->packets[1]);
	json_add_number(o, "bytes_in", c->bytes[0]);
	json_add_number(o, "bytes_out", c->bytes[1]);
	return o;
}

int stats_services(struct json_object **ret_list)
{
	struct json_object *list;
	u64 *sums;
	int err = read_sums("counters", IMTC_COUNTER_SLOTS, COUNTER_WORDS, &sums);

	if (err)
		return err;
	list = json_object_new_array();
	for (u32 slot = 0; slot < IMTC_COUNTER_SLOTS; slot++) {
		struct imtc_counter c;

		memcpy(&c, sums + (size_t)slot * COUNTER_WORDS, sizeof(c));
		if (c.packets[0] | c.packets[1])
			json_object_array_add(list, counter_json(slot, &c));
	}
	free(sums);
	*ret_list = list;
	return 0;
}

int stats_outcomes(struct json_object **ret_list)
{
	struct json_object *list;
	u64 *sums;
	int err = read_sums("outcomes", IMTC_OUTCOME_MAX, 1, &sums);

	if (err)
		return err;
	list = json_object_new_array();
	for (u32 i = 0; i < IMTC_OUTCOME_MAX && outcome_name(i); i++) {
		struct json_object *o = json_object_new_object();

		json_add_text(o, "outcome", outcome_name(i));
		json_add_number(o, "count", sums[i]);
		json_add_text(o, "meaning", outcome_sentence(i));
		json_object_array_add(list, o);
	}
	free(sums);
	*ret_list = list;
	return 0;
}

/* --- decisions ------------------------------------------------------------------------ */

/* A rule says "allow" as policies do; counters have one word for a verdict. */
static const char *verdict_word(const char *action)
{
	return strcmp(action, action_name(IMTC_VERDICT_PASS)) ? action :
	       verdict_name(IMTC_VERDICT_PASS);
}

/* Compiled rules follow each other under the rule they are of: sums by that. */
static struct json_object *by_rule(struct json_object *compiled)
{
	struct json_object *list = json_object_new_array(), *rule = NULL;

	for (size_t i = 0; i < json_object_array_length(compiled); i++) {
		struct json_object *part = json_object_array_get_idx(compiled, i);

		if (!rule || json_number(rule, "id") != json_number(part, "id")) {
			rule = json_object_new_object();
			json_add_number(rule, "id", json_number(part, "id"));
			json_add_text(rule, "name", json_text(part, "name"));
			json_add_text(rule, "verdict", verdict_word(json_text(part, "verdict")));
			json_object_array_add(list, rule);
		}
		json_add_number(rule, "decisions",
				json_number(rule, "decisions") + json_number(part, "hits"));
	}
	return list;
}

int stats_rules(struct imtc_nl *nl, struct json_object **ret_list)
{
	struct json_object *compiled;
	int err = nl ? nl_rules_get(nl, &compiled) : bpf_rules_get(&compiled);

	if (err)
		return nl ? nl_failed(nl, err) : err;
	*ret_list = by_rule(compiled);
	json_object_put(compiled);
	return 0;
}

int stats_decisions(struct imtc_nl *nl, struct json_object **ret_list)
{
	int err;

	if (!nl) {
		*ret_list = json_object_new_array();
		return 0;
	}
	err = nl_services_get(nl, ret_list);
	return err ? nl_failed(nl, err) : 0;
}

int stats_policy(struct imtc_nl *nl, struct json_object **ret_policy)
{
	int err;

	if (!nl)
		return bpf_policy_get(ret_policy);
	err = nl_policy_get(nl, ret_policy);
	return err ? nl_failed(nl, err) : 0;
}

/* --- tables ------------------------------------------------------------------------------ */

static void add_table(struct json_object *list, const char *table, u64 entries, u64 max)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "table", table);
	json_add_number(o, "entries", entries);
	json_add_number(o, "max", max);
	json_object_array_add(list, o);
}

static int add_map_table(struct json_object *list, const char *name)
{
	u32 entries = 0, max = 0;
	int fd = map_open_any(name);
	int err;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fail(fd, "cannot open the map \"%s\"", name);
	err = map_max_entries(fd, &max);
	if (!err)
		err = map_count(fd, &entries);
	close(fd);
	if (err)
		return fail(err, "cannot read the map \"%s\"", name);
	add_table(list, name, entries, max);
	return 0;
}

int stats_tables(struct imtc_nl *nl, struct json_object **ret_list)
{
	static const char *const maps[] = {
		"flows4", "flows6", "streams4", "streams6", "names", "fragments", "domains", "zones",
	};
	struct json_object *list = json_object_new_array(), *status;
	int err = 0;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]) && !err; i++)
		err = add_map_table(list, maps[i]);
	if (!err && nl) {
		err = nl_status_get(nl, &status);
		if (err)
			nl_failed(nl, err);
	}
	if (!err && nl) {
		add_table(list, "sockets", json_number(status, "sockets"),
			  json_number(status, "sockets_max"));
		add_table(list, "processes", json_number(status, "processes"),
			  json_number(status, "processes_max"));
		json_object_put(status);
	}
	if (err)
		json_object_put(list);
	else
		*ret_list = list;
	return err;
}

/* --- losses ------------------------------------------------------------------------------- */

static void add_lost(struct json_object *list, const char *what, u64 count, const char *meaning)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "what", what);
	json_add_number(o, "count", count);
	json_add_text(o, "meaning", meaning);
	json_object_array_add(list, o);
}

static int add_lost_outcomes(struct json_object *list)
{
	static const u32 losses[] = {
		IMTC_OUTCOME_FLOW_FULL, IMTC_OUTCOME_STREAM_FULL, IMTC_OUTCOME_STREAM_GAP,
		IMTC_OUTCOME_ASK_FAILED, IMTC_OUTCOME_ACT_FAILED, IMTC_OUTCOME_EVENT_LOST,
	};
	u64 *sums;
	int err = read_sums("outcomes", IMTC_OUTCOME_MAX, 1, &sums);

	if (err)
		return err == -ENOENT ? 0 : err;
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		add_lost(list, outcome_name(losses[i]), sums[losses[i]],
			 outcome_sentence(losses[i]));
	free(sums);
	return 0;
}

int stats_lost(struct imtc_nl *nl, struct json_object **ret_list)
{
	struct json_object *list = json_object_new_array(), *status;
	int err = add_lost_outcomes(list);

	if (!err && nl) {
		err = nl_status_get(nl, &status);
		if (err)
			nl_failed(nl, err);
	}
	if (!err && nl) {
		add_lost(list, "owner-full", json_number(status, "lost_full"),
			 "owners not noted: the module's table was full");
		add_lost(list, "owner-memory", json_number(status, "lost_memory"),
			 "owners not noted: no memory");
		add_lost(list, "module-events", json_number(status, "events_lost"),
			 "events that the module could not send");
		json_object_put(status);
	}
	if (err)
		json_object_put(list);
	else
		*ret_list = list;
	return err;
}
