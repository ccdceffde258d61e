// SPDX-License-Identifier: GPL-2.0-only
/*
 * imtc's metrics: every number of stats.h as a family.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"
#include "metrics.h"
#include "nl.h"
#include "probe.h"
#include "sentence.h"
#include "stats.h"

/* --- packets and bytes ------------------------------------------------------------ */

static void service_sample(struct openmetrics *m, struct json_object *o, const char *direction,
			   uint64_t value)
{
	const struct openmetrics_label labels[] = {
		{ "service", json_text(o, "service") },
		{ "feature", json_text(o, "feature") },
		{ "verdict", json_text(o, "verdict") },
		{ "direction", direction },
		{ NULL, NULL },
	};

	openmetrics_sample(m, labels, value);
}

static void service_family(struct openmetrics *m, struct json_object *list, const char *in,
			   const char *out)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		service_sample(m, o, "in", json_number(o, in));
		service_sample(m, o, "out", json_number(o, out));
	}
}

static int add_services(struct openmetrics *m)
{
	struct json_object *list;
	int err = stats_services(&list);

	if (err)
		return err == -ENOENT ? 0 : err;
	openmetrics_family(m, "imtc_packets", "counter", NULL,
			   "Packets by service, feature, verdict and direction.");
	service_family(m, list, "packets_in", "packets_out");
	openmetrics_family(m, "imtc_traffic_bytes", "counter", "bytes",
			   "IP bytes by service, feature, verdict and direction.");
	service_family(m, list, "bytes_in", "bytes_out");
	json_object_put(list);
	return 0;
}

/* --- decisions and outcomes -------------------------------------------------------- */

/* What a list of stats.h becomes: up to three labels and a value. */
struct list_family {
	const char *name, *kind, *help;
	const char *value;		/* key of the number */
	struct {
		const char *label, *key;
	} labels[3];
};

static void list_family(struct openmetrics *m, const struct list_family *f,
			struct json_object *list)
{
	openmetrics_family(m, f->name, f->kind, NULL, f->help);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		struct openmetrics_label labels[4] = { { NULL, NULL } };

		for (size_t k = 0; k < 3 && f->labels[k].label; k++) {
			labels[k].name = f->labels[k].label;
			labels[k].value = json_text(o, f->labels[k].key);
		}
		openmetrics_sample(m, labels, json_number(o, f->value));
	}
}

static int add_rules(struct openmetrics *m, struct imtc_nl *nl)
{
	static const struct list_family family = {
		.name = "imtc_rule_decisions", .kind = "counter", .value = "decisions",
		.help = "Decisions by rule since its policy was loaded.",
		.labels = { { "id", "id" }, { "rule", "name" }, { "verdict", "verdict" } },
	};
	struct json_object *list;
	int err = stats_rules(nl, &list);

	if (err)
		return err == -ENOENT ? 0 : err;
	list_family(m, &family, list);
	json_object_put(list);
	return 0;
}

static int add_decisions(struct openmetrics *m, struct imtc_nl *nl)
{
	static const struct list_family family = {
		.name = "imtc_decisions", .kind = "counter", .value = "count",
		.help = "Decisions of the module by service and verdict.",
		.labels = { { "service", "service" }, { "verdict", "verdict" } },
	};
	struct json_object *list;
	int err = nl ? stats_decisions(nl, &list) : -ENOENT;

	if (err)
		return err == -ENOENT ? 0 : err;
	list_family(m, &family, list);
	json_object_put(list);
	return 0;
}

static int add_outcomes(struct openmetrics *m)
{
	static const struct list_family family = {
		.name = "imtc_outcomes", .kind = "counter", .value = "count",
		.help = "What happened to packets beside their verdict.",
		.labels = { { "outcome", "outcome" } },
	};
	struct json_object *list;
	int err = stats_outcomes(&list);

	if (err)
		return err == -ENOENT ? 0 : err;
	list_family(m, &family, list);
	json_object_put(list);
	return 0;
}

static int add_lost(struct openmetrics *m, struct imtc_nl *nl)
{
	static const struct list_family family = {
		.name = "imtc_lost", .kind = "counter", .value = "count",
		.help = "What was lost anywhere; should be 0.",
		.labels = { { "what", "what" } },
	};
	struct json_object *list;
	int err = stats_lost(nl, &list);

	if (err)
		return err;
	list_family(m, &family, list);
	json_object_put(list);
	return 0;
}

/* --- gauges -------------------------------------------------------------------------- */

static int add_tables(struct openmetrics *m, struct imtc_nl *nl)
{
	static const struct list_family entries = {
		.name = "imtc_table_entries", .kind = "gauge", .value = "entries",
		.help = "Entries that a table holds.",
		.labels = { { "table", "table" } },
	}, max = {
		.name = "imtc_table_entries_max", .kind = "gauge", .value = "max",
		.help = "Entries that a table may hold.",
		.labels = { { "table", "table" } },
	};
	struct json_object *list;
	int err = stats_tables(nl, &list);

	if (err)
		return err;
	list_family(m, &entries, list);
	list_family(m, &max, list);
	json_object_put(list);
	return 0;
}

static void gauge(struct openmetrics *m, const char *name, const char *help, uint64_t value)
{
	openmetrics_family(m, name, "gauge", NULL, help);
	openmetrics_sample(m, NULL, value);
}

static int add_policy(struct openmetrics *m, struct imtc_nl *nl)
{
	struct json_object *policy = NULL;
	int err = stats_policy(nl, &policy);

	if (err && err != -ENOENT)
		return err;
	gauge(m, "imtc_policy_epoch", "Number of the policy in force; 0: none.",
	      json_number(policy, "epoch"));
	gauge(m, "imtc_policy_rules", "Compiled rules of the policy in force.",
	      json_number(policy, "rules"));
	if (!err) {
		const struct openmetrics_label labels[] = {
			{ "name", json_text(policy, "name") },
			{ "digest", json_text(policy, "digest") },
			{ NULL, NULL },
		};

		openmetrics_family(m, "imtc_policy", "info", NULL, "The policy in force.");
		openmetrics_sample(m, labels, 1);
	}
	json_object_put(policy);
	return 0;
}

static int add_attachments(struct openmetrics *m)
{
	static const char help[] = "Devices that the programs are on: how they hang there.";
	struct json_object *list;
	int err = loader_attachments(&list);

	if (err)
		return err;
	openmetrics_family(m, "imtc_attachment", "gauge", NULL, help);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		const struct openmetrics_label labels[] = {
			{ "device", json_text(o, "device") },
			{ "ifindex", json_text(o, "ifindex") },
			{ "ingress", json_text(o, "ingress") },
			{ "egress", json_text(o, "egress") },
			{ NULL, NULL },
		};

		openmetrics_sample(m, labels, 1);
	}
	json_object_put(list);
	return 0;
}

static void add_build(struct openmetrics *m)
{
	static const struct openmetrics_label labels[] = {
		{ "version", IMTC_VERSION },
		{ NULL, NULL },
	};

	openmetrics_family(m, "imtc_build", "info", NULL, "The version of imctl.");
	openmetrics_sample(m, labels, 1);
	gauge(m, "imtc_module_loaded", "Is imtc.ko loaded? 1 or 0.",
	      probe_module() != MODULE_ABSENT);
	gauge(m, "imtc_module_used", "Do the programs ask imtc.ko? 1 or 0.",
	      loader_is_loaded() && loader_with_module());
}

static int add_all(struct openmetrics *m, struct imtc_nl *nl)
{
	int err;

	add_build(m);
	err = add_policy(m, nl);
	if (!err)
		err = add_attachments(m);
	if (!err)
		err = add_services(m);
	if (!err)
		err = add_rules(m, nl);
	if (!err)
		err = add_decisions(m, nl);
	if (!err)
		err = add_outcomes(m);
	if (!err)
		err = add_lost(m, nl);
	if (!err)
		err = add_tables(m, nl);
	return err;
}

int metrics_gather(struct openmetrics *ret_metrics)
{
	struct openmetrics m;
	struct imtc_nl *nl;
	int err = stats_engine(&nl);

	if (err)
		return err;
	err = openmetrics_begin(&m);
	if (!err) {
		err = add_all(&m, nl);
		if (!err)
			err = openmetrics_end(&m);
		if (err)
			openmetrics_free(&m);
	}
	nl_session_close(nl);
	if (!err)
		*ret_metrics = m;
	else if (err == -ENOMEM)
		fail(err, "cannot gather metrics");
	return err;
}

/* --- to a file ------------------------------------------------------------------------ */

static int write_whole(int fd, const char *text, size_t bytes)
{
	while (bytes) {
		ssize_t n = write(fd, text, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		bytes -= (size_t)n;
	}
	return fsync(fd) ? -errno : 0;
}

int metrics_write(const struct openmetrics *metrics, const char *file)
{
	char *aside;
	int fd, err;

	/* The collector takes *.prom: this is none until it is renamed. */
	if (asprintf(&aside, "%s.XXXXXX", file) < 0)
		return fail(-ENOMEM, "cannot write \"%s\"", file);
	fd = mkstemp(aside);
	err = fd < 0 ? -errno : fchmod(fd, 0644) ? -errno :
	      write_whole(fd, metrics->text, metrics->bytes);
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (!err && rename(aside, file))
		err = -errno;
	if (err && fd >= 0)
		unlink(aside);
	free(aside);
	return err ? fail(err, "cannot write \"%s\"", file) : 0;
}
