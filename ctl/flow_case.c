// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of a flow, from words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <imtc/policy_domain.h>

#include "address.h"
#include "flow_case.h"
#include "names.h"
#include "nearest.h"
#include "policy_domain.h"
#include "text.h"
#include "timestamp.h"

typedef bool (*take_value)(struct flow_case *flow, const char *value, struct value_error *error);

static bool wrong(struct value_error *error, const char *expected, const char *what,
		  const char *value)
{
	snprintf(error->message, sizeof(error->message), "%s \"%.80s\"", what, value);
	snprintf(error->expected, sizeof(error->expected), "%s", expected);
	return false;
}

/* --- the label ------------------------------------------------------------------- */

static bool take_service(struct flow_case *flow, const char *value, struct value_error *error)
{
	u64 services[IMTC_SERVICE_MAX / 64] = { 0 };
	int number = service_number(value);

	if (number > 0) {
		flow->facts.service = (u16)number;
		return true;
	}
	/* A flow is of one service: a group is none, and else it says what was meant. */
	if (value_services(value, services, error))
		return wrong(error, "one service", "a group is no service:", value);
	return false;
}

static bool take_feature(struct flow_case *flow, const char *value, struct value_error *error)
{
	u16 features = 0;

	if (!value_feature(value, &features, error))
		return false;
	flow->facts.feature = (u8)__builtin_ctz(features);
	return true;
}

static bool take_direction(struct flow_case *flow, const char *value, struct value_error *error)
{
	static const char *const words[] = { "out", "in", "forward", NULL };
	static const u8 bits[] = { IMTC_DIRECTION_OUT, IMTC_DIRECTION_IN,
				   IMTC_DIRECTION_FORWARD | IMTC_DIRECTION_OUT };
	int i = value_word(value, words, "a direction", error);

	if (i >= 0)
		flow->facts.direction = bits[i];
	return i >= 0;
}

static bool take_confidence(struct flow_case *flow, const char *value, struct value_error *error)
{
	static const char *const words[] = { "address", "port", "dns", "name", "payload", NULL };
	int i = value_word(value, words, "a confidence", error);

	if (i >= 0)
		flow->facts.confidence = (u8)(IMTC_CONFIDENCE_ADDRESS + i);
	return i >= 0;
}

/* As a policy says it, as a person does, and as flows are shown. */
static bool take_encrypted(struct flow_case *flow, const char *value, struct value_error *error)
{
	static const struct { const char *word; u8 value; } words[] = {
		{ "yes", IMTC_ENCRYPTION_ENCRYPTED }, { "no", IMTC_ENCRYPTION_CLEAR },
		{ "true", IMTC_ENCRYPTION_ENCRYPTED }, { "false", IMTC_ENCRYPTION_CLEAR },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, value))
			continue;
		flow->facts.encryption = words[i].value;
		return true;
	}
	for (u8 i = 0; i <= IMTC_ENCRYPTION_ENCRYPTED; i++) {
		if (strcmp(encryption_name(i), value))
			continue;
		flow->facts.encryption = i;
		return true;
	}
	return wrong(error, "yes, no, pending or unknown", "encrypted cannot be", value);
}

/* --- place ------------------------------------------------------------------------- */

static bool take_address(u64 address[2], const char *value, struct value_error *error)
{
	struct imtc_prefix prefix;

	if (!value_prefix(value, &prefix, error))
		return false;
	if (prefix.mask[0] != ~0ULL || prefix.mask[1] != ~0ULL)
		return wrong(error, "one address", "a prefix is no address:", value);
	memcpy(address, prefix.addr, sizeof(prefix.addr));
	return true;
}

static bool take_local(struct flow_case *flow, const char *value, struct value_error *error)
{
	return take_address(flow->facts.local, value, error);
}

static bool take_remote(struct flow_case *flow, const char *value, struct value_error *error)
{
	return take_address(flow->facts.remote, value, error);
}

static bool take_port(u16 *port, const char *value, struct value_error *error)
{
	struct imtc_ports ports;

	if (!value_ports(value, &ports, error))
		return false;
	if (ports.first != ports.last)
		return wrong(error, "one port", "a range is no port:", value);
	*port = ports.first;
	return true;
}

static bool take_local_port(struct flow_case *flow, const char *value, struct value_error *error)
{
	return take_port(&flow->facts.local_port, value, error);
}

static bool take_remote_port(struct flow_case *flow, const char *value, struct value_error *error)
{
	return take_port(&flow->facts.remote_port, value, error);
}

static bool take_peer(struct flow_case *flow, const char *value, struct value_error *error)
{
	static const char *const words[] = { "inside", "outside", NULL };
	int i = value_word(value, words, "a peer", error);

	if (i >= 0)
		flow->facts.peer = i ? IMTC_PEER_OUTSIDE : IMTC_PEER_INSIDE;
	flow->shows_peer = i >= 0;
	return i >= 0;
}

static bool take_interface(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!value_device(value, error))
		return false;
	snprintf(flow->device, sizeof(flow->device), "%s", value);
	return true;
}

static bool take_domain(struct flow_case *flow, const char *value, struct value_error *error)
{
	char text[IMTC_DOMAIN_PATTERN_BYTES];

	if (!value_domain(value, text, error))
		return false;
	if (text[0] == '*' || text[0] == '=')
		return wrong(error, "one name", "a pattern is no name:", value);
	memcpy(flow->domain, text, sizeof(flow->domain));
	imtc_facts_domain(&flow->facts, text, (u32)strlen(text), policy_no_seed);
	return true;
}

static bool take_time(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!time_parse(value, &flow->time))
		return wrong(error, "a time such as 2026-12-24T10:00+01:00, or Z for UTC",
			     "no time:", value);
	return flow->has_time = true;
}

/* The flow's number in its period, or its peer's. */
static bool take_rate(u32 *number, const char *value, struct value_error *error)
{
	char *end = NULL;
	unsigned long had = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end || had > IMTC_RATE_NUMBER)
		return wrong(error, "how many there were in the period, this one too", "no number:",
			     value);
	*number = (u32)had;
	return true;
}

static bool take_new_flows(struct flow_case *flow, const char *value, struct value_error *error)
{
	return take_rate(&flow->facts.rates[IMTC_RATE_FLOWS], value, error);
}

static bool take_new_peers(struct flow_case *flow, const char *value, struct value_error *error)
{
	return take_rate(&flow->facts.rates[IMTC_RATE_PEERS], value, error);
}

/* --- the owner ---------------------------------------------------------------------- */

static void take_text(char *to, size_t size, const char *value)
{
	memset(to, 0, size);
	memcpy(to, value, strnlen(value, size - 1));
}

static bool take_exe(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!value_exe(value, error))
		return false;
	take_text(flow->owner.exe, sizeof(flow->owner.exe), value);
	return flow->has_owner = true;
}

void flow_case_add_ancestor(struct flow_case *flow, const char *exe)
{
	if (flow->ancestor_count == IMTC_ANCESTORS_MAX)
		return;
	take_text(flow->ancestors[flow->ancestor_count++].exe, IMTC_PATH_BYTES, exe);
}

static bool take_sha256(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!value_sha256(value, error))
		return false;
	take_text(flow->owner.exe_sha256, sizeof(flow->owner.exe_sha256), value);
	return flow->has_owner = true;
}

static bool take_under(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!value_under(value, error))
		return false;
	flow_case_add_ancestor(flow, value);
	return flow->has_owner = true;
}

static bool take_comm(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!value_comm(value, error))
		return false;
	take_text(flow->owner.comm, sizeof(flow->owner.comm), value);
	return flow->has_owner = true;
}

static bool take_user(struct flow_case *flow, const char *value, struct value_error *error)
{
	return value_user(value, &flow->owner.uid, error) && (flow->has_owner = true);
}

static bool take_group(struct flow_case *flow, const char *value, struct value_error *error)
{
	return value_group(value, &flow->owner.gid, error) && (flow->has_owner = true);
}

static bool take_cgroup(struct flow_case *flow, const char *value, struct value_error *error)
{
	if (!value_cgroup(value, error))
		return false;
	take_text(flow->owner.cgroup, sizeof(flow->owner.cgroup), value);
	return flow->has_owner = true;
}

/* --- all of them --------------------------------------------------------------------- */

static const struct {
	const char *key;
	take_value take;
} attributes[] = {
	{ "service", take_service },	 { "feature", take_feature },
	{ "direction", take_direction }, { "encrypted", take_encrypted },
	{ "confidence", take_confidence },
	{ "local", take_local },	 { "remote", take_remote },
	{ "local_port", take_local_port }, { "remote_port", take_remote_port },
	{ "peer", take_peer },		 { "interface", take_interface },
	{ "domain", take_domain },
	{ "time", take_time },
	{ "new_flows", take_new_flows }, { "new_peers", take_new_peers },
	{ "exe", take_exe },		 { "under", take_under },
	{ "exe_sha256", take_sha256 },
	{ "comm", take_comm },
	{ "user", take_user },		 { "group", take_group },
	{ "cgroup", take_cgroup },
};

void flow_case_start(struct flow_case *flow)
{
	memset(flow, 0, sizeof(*flow));
	flow->facts.direction = IMTC_DIRECTION_OUT;
	flow->facts.confidence = IMTC_CONFIDENCE_PAYLOAD;
	flow->owner.uid = flow->owner.gid = FLOW_CASE_NO_ID;
}

bool flow_case_set(struct flow_case *flow, const char *key, const char *value,
		   struct value_error *error)
{
	struct nearest search = { .word = key };

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (!strcmp(attributes[i].key, key))
			return attributes[i].take(flow, value, error);
		nearest_offer(&search, attributes[i].key);
	}
	if (search.best)
		snprintf(error->message, sizeof(error->message), "a flow has no \"%.40s\"; did "
			 "you mean \"%s\"?", key, search.best);
	else
		snprintf(error->message, sizeof(error->message), "a flow has no \"%.40s\"", key);
	error->expected[0] = '\0';
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		text_append(error->expected, sizeof(error->expected), "%s%s", i ? ", " : "",
			    attributes[i].key);
	return false;
}
