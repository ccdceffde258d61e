// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows that were classified, as JSON objects and as a table; see rows.h.
 */
#include <stdio.h>
#include <string.h>

#include "classify/engine.h"
#include "classify/rows.h"
#include "ends.h"
#include "json.h"
#include "layers.h"
#include "names.h"
#include "out.h"

/* Seconds since 1970, all nine digits behind the point. */
static void add_time(struct json_object *row, const char *key, u64 ns)
{
	char text[40];

	snprintf(text, sizeof(text), "%llu.%09llu", (unsigned long long)(ns / 1000000000),
		 (unsigned long long)(ns % 1000000000));
	json_object_object_add(row, key, json_object_new_double_s((double)ns / 1e9, text));
}

static void add_encrypted(struct json_object *row, unsigned int encryption)
{
	if (encryption == IMTC_ENCRYPTION_UNKNOWN)
		json_object_object_add(row, "encrypted", NULL);
	else
		json_add_bool(row, "encrypted", encryption == IMTC_ENCRYPTION_ENCRYPTED);
}

static void add_label(struct json_object *row, const struct engine_flow *flow)
{
	const struct imtc_label *label = &flow->label;
	const char *word = label->service ? service_name(label->service) : NULL;
	/* Beside IM, and none. */
	bool sharing = service_group(label->service) == IMTC_GROUP_SHARING;

	json_add_text(row, "service", sharing ? NULL : word);
	json_add_text(row, "sharing", sharing ? word : NULL);
	json_add_text(row, "feature",
		      word && label->feature ? feature_name(label->feature) : NULL);
	json_add_text(row, "confidence", word ? confidence_name(label->confidence) : NULL);
	add_encrypted(row, label->encryption);
	json_add_bool(row, "credentials", label->flags & IMTC_LABEL_CREDENTIALS);
}

struct json_object *row_of_flow(const struct engine_flow *flow, bool explain)
{
	struct json_object *row = json_object_new_object();

	json_add_text(row, "l4", flow->l4 == IMTC_L4_TCP ? "tcp" : "udp");
	ends_add(row, flow->client, flow->client_port, flow->server, flow->server_port);
	add_label(row, flow);
	json_add_text(row, "domain", flow->domain[0] ? flow->domain : NULL);
	json_add_text(row, "client_name", flow->client_name[0] ? flow->client_name : NULL);
	json_object_object_add(row, "via", layer_words(flow->via));
	json_add_number(row, "packets", flow->packets);
	json_add_number(row, "bytes", flow->bytes);
	if (flow->payload_packets_to_label)
		json_add_number(row, "packets_to_label", flow->payload_packets_to_label);
	else
		json_object_object_add(row, "packets_to_label", NULL);
	add_time(row, "first_ts", flow->first_ns);
	add_time(row, "last_ts", flow->last_ns);
	if (explain)
		json_add_text(row, "explain", flow->clue[0] ? flow->clue : NULL);
	return row;
}

/* --- the table ------------------------------------------------------------------------- */

static void format_service(struct json_object *row, struct json_object *value, char *text,
			   size_t size)
{
	const char *sharing = json_text(row, "sharing");

	snprintf(text, size, "%s", value ? json_object_get_string(value) :
				   *sharing ? sharing : "-");
}

static void format_encrypted(struct json_object *row, struct json_object *value, char *text,
			     size_t size)
{
	(void)row;
	snprintf(text, size, "%s", !value ? "-" : json_object_get_boolean(value) ? "yes" : "no");
}

static void format_via(struct json_object *row, struct json_object *value, char *text,
		       size_t size)
{
	if (json_object_array_length(value))
		out_format_list(row, value, text, size);
	else
		snprintf(text, size, "-");
}

static int by_first(const void *one, const void *other)
{
	struct json_object *const *a = one, *const *b = other;
	double left = json_object_get_double(json_member(*a, "first_ts"));
	double right = json_object_get_double(json_member(*b, "first_ts"));

	return left < right ? -1 : left > right;
}

void rows_show(struct json_object *rows, bool explain)
{
	static const struct out_column columns[] = {
		{ "l4", "L4", 0, NULL },
		{ "client", "CLIENT", 0, ends_format_client },
		{ "server", "SERVER", 0, ends_format_server },
		{ "service", "SERVICE", 0, format_service },
		{ "feature", "FEATURE", 0, NULL },
		{ "confidence", "BY", 0, NULL },
		{ "encrypted", "ENCRYPTED", 0, format_encrypted },
		{ "domain", "NAME", 0, NULL },
		{ "via", "VIA", 0, format_via },
		{ "packets", "PACKETS", 1, out_format_count },
		{ "bytes", "BYTES", 1, out_format_bytes },
		{ "packets_to_label", "TO LABEL", 1, NULL },
		{ "explain", "WHY", 0, NULL },
	};
	size_t n = sizeof(columns) / sizeof(columns[0]);

	json_object_array_sort(rows, by_first);
	out_table(rows, columns, explain ? n : n - 1);
}
