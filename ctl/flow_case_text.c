// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of a flow, as JSON and as a line.
 */
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "flow_case.h"
#include "json.h"
#include "names.h"
#include "timestamp.h"

static void add_address(struct json_object *object, const char *key, const u64 address[2])
{
	char text[ADDRESS_BYTES];

	if (!address[0] && !address[1])
		return;
	address_text(address, text);
	json_add_text(object, key, text);
}

static void add_port(struct json_object *object, const char *key, u16 port)
{
	if (port)
		json_add_number(object, key, port);
}

static struct json_object *owner_json(const struct flow_case *flow)
{
	const struct imtc_owner *owner = &flow->owner;
	struct json_object *object = json_object_new_object();

	if (owner->exe[0])
		json_add_text(object, "exe", owner->exe);
	if (owner->exe_sha256[0])
		json_add_text(object, "exe_sha256", owner->exe_sha256);
	/* The nearest; "ps" has all. */
	if (flow->ancestor_count)
		json_add_text(object, "under", flow->ancestors[0].exe);
	if (owner->comm[0])
		json_add_text(object, "comm", owner->comm);
	if (owner->uid != FLOW_CASE_NO_ID)
		json_add_number(object, "uid", owner->uid);
	if (owner->gid != FLOW_CASE_NO_ID)
		json_add_number(object, "gid", owner->gid);
	if (owner->cgroup[0])
		json_add_text(object, "cgroup", owner->cgroup);
	return object;
}

struct json_object *flow_case_json(const struct flow_case *flow)
{
	const struct imtc_facts *facts = &flow->facts;
	struct json_object *object = json_object_new_object();
	char when[32];

	json_add_text(object, "service", service_name(facts->service));
	json_add_text(object, "feature", feature_name(facts->feature));
	json_add_text(object, "direction", facts->direction & IMTC_DIRECTION_FORWARD ? "forward" :
		      facts->direction & IMTC_DIRECTION_IN ? "in" : "out");
	json_add_text(object, "encryption", encryption_name(facts->encryption));
	json_add_text(object, "confidence", confidence_name(facts->confidence));
	add_address(object, "local", facts->local);
	add_port(object, "local_port", facts->local_port);
	add_address(object, "remote", facts->remote);
	add_port(object, "remote_port", facts->remote_port);
	if (flow->shows_peer)
		json_add_text(object, "peer",
			      facts->peer == IMTC_PEER_INSIDE ? "inside" : "outside");
	if (flow->device[0])
		json_add_text(object, "interface", flow->device);
	if (flow->domain[0])
		json_add_text(object, "domain", flow->domain);
	if (flow->has_time) {
		time_text(flow->time, when, sizeof(when));
		json_add_text(object, "time", when);
	}
	if (facts->rates[IMTC_RATE_FLOWS])
		json_add_number(object, "new_flows", facts->rates[IMTC_RATE_FLOWS]);
	if (facts->rates[IMTC_RATE_PEERS])
		json_add_number(object, "new_peers", facts->rates[IMTC_RATE_PEERS]);
	if (flow->has_owner)
		json_object_object_add(object, "owner", owner_json(flow));
	return object;
}

void flow_case_text(struct json_object *flow, char *text, size_t size)
{
	size_t used = 0;

	json_object_object_foreach(flow, key, value) {
		if (used >= size)
			return;
		if (json_object_is_type(value, json_type_object)) {
			used += (size_t)snprintf(text + used, size - used, ", ");
			if (used < size)
				flow_case_text(value, text + used, size - used);
			used = strlen(text);
			continue;
		}
		used += (size_t)snprintf(text + used, size - used, "%s%s %s", used ? ", " : "", key,
					 json_object_get_string(value));
	}
}
