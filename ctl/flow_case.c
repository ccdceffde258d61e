// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of a flow, from words to facts and back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <imtc/policy_owner.h>
#include <time.h>

#include "address.h"
#include "flow_case.h"
#include "json.h"
#include "names.h"
#include "nearest.h"
#include "policy_domain.h"
#include "policy_sets.h"
#include "text.h"
#include "timestamp.h"

/* An id that no process has (uid_t's "none"): what is not known matches no rule. */
#define UNKNOWN_ID 0xffffffffU

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

/* Pointers into the flow itself, which may have been copied. */
static void link_ancestors(struct flow_case *flow)
{
	struct imtc_owner *below = &flow->owner;

	for (u32 i = 0; i < flow->ancestor_count; i++) {
		below->above = &flow->ancestors[i];
		below = &flow->ancestors[i];
	}
	below->above = NULL;
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
	flow->owner.uid = flow->owner.gid = UNKNOWN_ID;
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

/* One question needs no index. */
static u64 sets_holding(const struct policy_sets *sets, const u64 address[2])
{
	u64 bits = 0;

	for (size_t i = 0; i < sets->entry_count; i++)
		if (imtc_prefix_matches(&sets->entries[i].prefix, address))
			bits |= 1ULL << sets->entries[i].set;
	return bits;
}

/* Without a seed, as the flow's facts are. */
static bool is_named(const struct flow_case *flow, u8 kind, const char *word)
{
	struct imtc_rule rule = { 0 };
	char user[IMTC_USER_BYTES];

	if (kind == IMTC_SET_DOMAINS)
		return !imtc_rule_domain(&rule, word, policy_no_seed) &&
		       imtc_domain_matches(&rule, &flow->facts);
	if (kind == IMTC_SET_PROGRAMS)
		return !strcmp(word, flow->owner.exe);
	imtc_user_text(flow->owner.uid, user);
	return !strcmp(word, user);
}

/* The sets of words that have its name, its owner's user or its owner's program. */
static u64 sets_naming(const struct policy_sets *sets, const struct flow_case *flow)
{
	u64 bits = 0;

	for (u32 set = 1; set <= sets->count; set++) {
		const char *word;
		size_t at = 0;

		while ((word = policy_sets_word(sets, set, &at)))
			if (is_named(flow, sets->kinds[set - 1], word))
				bits |= 1ULL << set;
	}
	return bits;
}

static u8 peer_of(const struct policy *policy, const u64 remote[2])
{
	for (size_t i = 0; i < policy->inside_count; i++)
		if (imtc_prefix_matches(&policy->inside[i], remote))
			return IMTC_PEER_INSIDE;
	return IMTC_PEER_OUTSIDE;
}

/* As imtc_rule.ifindex of a policy that was read; one that no rule names has no number. */
static u32 device_number(const struct policy *policy, const char *device)
{
	for (size_t i = 0; i < policy->interface_count; i++)
		if (!strcmp(policy->interfaces[i].name, device))
			return (u32)i + 1;
	return 0;
}

void flow_case_policy_facts(struct flow_case *flow, const struct policy *policy)
{
	flow->facts.local_sets = sets_holding(&policy->sets, flow->facts.local);
	flow->facts.remote_sets = sets_holding(&policy->sets, flow->facts.remote);
	flow->owner_sets = flow->facts.domain_sets = sets_naming(&policy->sets, flow);
	flow->facts.ifindex = device_number(policy, flow->device);
	flow->facts.schedules = schedules_open(&policy->schedules,
					       flow->has_time ? flow->time : time(NULL));
	flow->shows_peer |= policy->inside_count != 0;
	if (!flow->facts.peer)
		flow->facts.peer = peer_of(policy, flow->facts.remote);
	link_ancestors(flow);
	memset(flow->facts.procs, 0, sizeof(flow->facts.procs));
	for (size_t i = 0; flow->has_owner && i < policy->proc_count; i++)
		if (imtc_proc_matches(&policy->procs[i], &flow->owner, flow->owner_sets))
			flow->facts.procs[(i + 1) / 64] |= 1ULL << ((i + 1) % 64);
}

/* --- words again ----------------------------------------------------------------------- */

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
	if (owner->uid != UNKNOWN_ID)
		json_add_number(object, "uid", owner->uid);
	if (owner->gid != UNKNOWN_ID)
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
