// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the module answers, as JSON for the commands. Lengths are checked here
 * as well: a module of another version may answer otherwise.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "names.h"
#include "nl_internal.h"
#include "policy.h"

#define DUMP_TRIES 8	/* of a dump that a change keeps interrupting */

static void add_string(struct json_object *object, const char *key, const struct nlattr *attr)
{
	const char *text;
	int len;

	if (!attr)
		return;
	text = nla_data(attr);
	len = (int)strnlen(text, (size_t)nla_len(attr));
	json_object_object_add(object, key, json_object_new_string_len(text, len));
}

u64 nl_number(const struct nlattr *attr)
{
	u64 wide;

	switch (nla_len(attr)) {
	case 1:
		return nla_get_u8(attr);
	case 2:
		return nla_get_u16(attr);
	case 4:
		return nla_get_u32(attr);
	case 8:
		memcpy(&wide, nla_data(attr), sizeof(wide));
		return wide;
	}
	return 0;
}

/* Absent attributes add nothing. */
static void add_attr(struct json_object *object, const char *key, const struct nlattr *attr)
{
	if (attr)
		json_add_number(object, key, nl_number(attr));
}

/* --- the policy ------------------------------------------------------------- */

static struct nla_policy policy_attrs[IMTC_POLICY_A_MAX + 1] = {
	[IMTC_POLICY_A_DEFAULT] = { .type = NLA_U8 },
	[IMTC_POLICY_A_ON_FAILURE] = { .type = NLA_U8 },
	[IMTC_POLICY_A_DIGEST] = { .minlen = 32 },
	[IMTC_POLICY_A_LOADED_NS] = { .minlen = 8 },
	[IMTC_POLICY_A_LOADER_UID] = { .type = NLA_U32 },
	[IMTC_POLICY_A_RULES] = { .type = NLA_U32 },
	[IMTC_POLICY_A_INSIDE] = { .type = NLA_UNSPEC },
	[IMTC_POLICY_A_SCHEDULES] = { .type = NLA_UNSPEC },
	[IMTC_POLICY_A_OPEN] = { .type = NLA_U32 },
	[IMTC_POLICY_A_UNTIL] = { .type = NLA_U32 },
};

static void add_digest(struct json_object *object, const struct nlattr *attr)
{
	const unsigned char *digest = attr ? nla_data(attr) : NULL;
	char hex[65] = "";

	if (!digest)
		return;
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	json_object_object_add(object, "digest", json_object_new_string(hex));
}

/* RFC 3339, UTC. */
static void add_time(struct json_object *object, const char *key, const struct nlattr *attr)
{
	time_t seconds;
	struct tm when;
	char text[32];

	if (!attr)
		return;
	seconds = (time_t)(nl_number(attr) / 1000000000);
	if (!gmtime_r(&seconds, &when) || !strftime(text, sizeof(text), "%FT%TZ", &when))
		return;
	json_object_object_add(object, key, json_object_new_string(text));
}

static void add_inside(struct json_object *object, const struct nlattr *attr)
{
	struct imtc_prefix prefixes[IMTC_INSIDE_MAX] = { 0 };
	size_t count = attr ? (size_t)nla_len(attr) / IMTC_INSIDE_BYTES : 0;
	const u8 *bytes = attr ? nla_data(attr) : NULL;

	if (count > IMTC_INSIDE_MAX)
		count = IMTC_INSIDE_MAX;
	for (size_t i = 0; i < count; i++, bytes += IMTC_INSIDE_BYTES)
		nl_prefix_make(&prefixes[i], bytes, bytes[16]);
	policy_add_inside(object, prefixes, count);
}

static void add_schedules(struct json_object *object, struct nlattr **attrs)
{
	const struct nlattr *attr = attrs[IMTC_POLICY_A_SCHEDULES];
	char names[IMTC_SCHEDULES_MAX][IMTC_NAME_BYTES];
	size_t left = attr ? (size_t)nla_len(attr) : 0, count = 0, n;
	const char *name = attr ? nla_data(attr) : NULL;

	if (!attr || !attrs[IMTC_POLICY_A_OPEN] || !attrs[IMTC_POLICY_A_UNTIL])
		return;
	for (; left && count < IMTC_SCHEDULES_MAX; name += n + 1, left -= n + 1) {
		n = strnlen(name, left);
		if (n == left)
			break;
		snprintf(names[count++], IMTC_NAME_BYTES, "%s", name);
	}
	policy_add_schedules(object, names, count, nla_get_u32(attrs[IMTC_POLICY_A_OPEN]),
			     nla_get_u32(attrs[IMTC_POLICY_A_UNTIL]));
}

struct json_object *nl_policy_json(struct nlattr *nest)
{
	struct nlattr *attrs[IMTC_POLICY_A_MAX + 1];
	struct json_object *object;

	if (nla_parse_nested(attrs, IMTC_POLICY_A_MAX, nest, policy_attrs) < 0)
		return NULL;
	object = json_object_new_object();
	if (!object)
		return NULL;
	add_string(object, "name", attrs[IMTC_POLICY_A_NAME]);
	if (attrs[IMTC_POLICY_A_DEFAULT])
		json_object_object_add(object, "default", json_object_new_string(
			action_name(nla_get_u8(attrs[IMTC_POLICY_A_DEFAULT]))));
	if (attrs[IMTC_POLICY_A_ON_FAILURE])
		json_object_object_add(object, "on_failure", json_object_new_string(
			failure_name(nla_get_u8(attrs[IMTC_POLICY_A_ON_FAILURE]))));
	json_object_object_add(object, "mode", json_object_new_string(
		mode_name(attrs[IMTC_POLICY_A_OBSERVE] != NULL)));
	add_digest(object, attrs[IMTC_POLICY_A_DIGEST]);
	add_time(object, "loaded", attrs[IMTC_POLICY_A_LOADED_NS]);
	add_attr(object, "loader_uid", attrs[IMTC_POLICY_A_LOADER_UID]);
	add_attr(object, "rules", attrs[IMTC_POLICY_A_RULES]);
	add_inside(object, attrs[IMTC_POLICY_A_INSIDE]);
	add_schedules(object, attrs);
	return object;
}

/* --- status ----------------------------------------------------------------- */

static struct nla_policy status_attrs[IMTC_STATUS_A_MAX + 1];

struct json_object *nl_status_json(struct nlattr *nest)
{
	static const char *const keys[IMTC_STATUS_A_MAX + 1] = {
		[IMTC_STATUS_A_EPOCH] = "epoch",
		[IMTC_STATUS_A_SOCKETS] = "sockets",
		[IMTC_STATUS_A_SOCKETS_MAX] = "sockets_max",
		[IMTC_STATUS_A_PROCESSES] = "processes",
		[IMTC_STATUS_A_PROCESSES_MAX] = "processes_max",
		[IMTC_STATUS_A_ASKED] = "asked",
		[IMTC_STATUS_A_UNOWNED] = "unowned",
		[IMTC_STATUS_A_LOST_FULL] = "lost_full",
		[IMTC_STATUS_A_LOST_MEMORY] = "lost_memory",
		[IMTC_STATUS_A_EVENTS] = "events",
		[IMTC_STATUS_A_EVENTS_LOST] = "events_lost",
		[IMTC_STATUS_A_HOOKS] = "hooks",
		[IMTC_STATUS_A_POLICIES] = "policies",
	};
	struct nlattr *attrs[IMTC_STATUS_A_MAX + 1];
	struct json_object *object;

	if (nla_parse_nested(attrs, IMTC_STATUS_A_MAX, nest, status_attrs) < 0)
		return NULL;
	object = json_object_new_object();
	if (!object)
		return NULL;
	add_string(object, "version", attrs[IMTC_STATUS_A_VERSION]);
	for (int i = 0; i <= IMTC_STATUS_A_MAX; i++)
		if (keys[i])
			add_attr(object, keys[i], attrs[i]);
	return object;
}

/* --- decisions and processes ------------------------------------------------ */

static struct nla_policy service_attrs[IMTC_SERVICE_A_MAX + 1] = {
	[IMTC_SERVICE_A_SERVICE] = { .type = NLA_U16 },
	[IMTC_SERVICE_A_VERDICT] = { .type = NLA_U8 },
	[IMTC_SERVICE_A_COUNT] = { .minlen = 8 },
};

struct json_object *nl_service_json(struct nlattr *nest)
{
	struct nlattr *attrs[IMTC_SERVICE_A_MAX + 1];
	struct json_object *object;

	if (nla_parse_nested(attrs, IMTC_SERVICE_A_MAX, nest, service_attrs) < 0)
		return NULL;
	if (!attrs[IMTC_SERVICE_A_SERVICE] || !attrs[IMTC_SERVICE_A_VERDICT] ||
	    !attrs[IMTC_SERVICE_A_COUNT])
		return NULL;
	object = json_object_new_object();
	if (!object)
		return NULL;
	json_object_object_add(object, "service", json_object_new_string(
		service_name(nla_get_u16(attrs[IMTC_SERVICE_A_SERVICE]))));
	json_object_object_add(object, "verdict", json_object_new_string(
		verdict_name(nla_get_u8(attrs[IMTC_SERVICE_A_VERDICT]))));
	add_attr(object, "count", attrs[IMTC_SERVICE_A_COUNT]);
	return object;
}

static struct nla_policy process_attrs[IMTC_PROCESS_A_MAX + 1] = {
	[IMTC_PROCESS_A_HANDLE] = { .minlen = 8 },
	[IMTC_PROCESS_A_PID] = { .type = NLA_U32 },
	[IMTC_PROCESS_A_START_NS] = { .minlen = 8 },
	[IMTC_PROCESS_A_UID] = { .type = NLA_U32 },
	[IMTC_PROCESS_A_GID] = { .type = NLA_U32 },
};

/* DECISIONS repeats, which a table of attributes cannot hold: walk the nest. */
static int add_decisions(struct json_object *object, struct nlattr *nest)
{
	struct json_object *list = json_object_new_array(), *decision;
	struct nlattr *attr;
	int remaining;

	if (!list)
		return -ENOMEM;
	json_object_object_add(object, "decisions", list);
	nla_for_each_nested(attr, nest, remaining) {
		if (nla_type(attr) != IMTC_PROCESS_A_DECISIONS)
			continue;
		decision = nl_service_json(attr);
		if (!decision)
			return -EBADMSG;
		json_object_array_add(list, decision);
	}
	return 0;
}

/* UNDER repeats too. */
static void add_ancestors(struct json_object *object, struct nlattr *nest)
{
	struct json_object *list = json_object_new_array();
	struct nlattr *attr;
	int remaining;

	nla_for_each_nested(attr, nest, remaining)
		if (nla_type(attr) == IMTC_PROCESS_A_UNDER)
			json_object_array_add(list, json_object_new_string_len(nla_data(attr),
				(int)strnlen(nla_data(attr), (size_t)nla_len(attr))));
	if (json_object_array_length(list))
		json_object_object_add(object, "under", list);
	else
		json_object_put(list);
}

struct json_object *nl_process_json(struct nlattr *nest)
{
	struct nlattr *attrs[IMTC_PROCESS_A_MAX + 1];
	struct json_object *object;

	if (nla_parse_nested(attrs, IMTC_PROCESS_A_MAX, nest, process_attrs) < 0)
		return NULL;
	object = json_object_new_object();
	if (!object)
		return NULL;
	add_attr(object, "handle", attrs[IMTC_PROCESS_A_HANDLE]);
	add_attr(object, "pid", attrs[IMTC_PROCESS_A_PID]);
	add_attr(object, "start_ns", attrs[IMTC_PROCESS_A_START_NS]);
	add_attr(object, "uid", attrs[IMTC_PROCESS_A_UID]);
	add_attr(object, "gid", attrs[IMTC_PROCESS_A_GID]);
	add_string(object, "comm", attrs[IMTC_PROCESS_A_COMM]);
	add_string(object, "exe", attrs[IMTC_PROCESS_A_EXE]);
	add_string(object, "cgroup", attrs[IMTC_PROCESS_A_CGROUP]);
	add_ancestors(object, nest);
	json_object_object_add(object, "alive",
			       json_object_new_boolean(attrs[IMTC_PROCESS_A_ALIVE] != NULL));
	if (!add_decisions(object, nest))
		return object;
	json_object_put(object);
	return NULL;
}

/* --- requests --------------------------------------------------------------- */

static int take_policy(struct nlattr **attrs, void *data)
{
	struct json_object **policy = data, *object;

	object = attrs[IMTC_A_POLICY] ? nl_policy_json(attrs[IMTC_A_POLICY]) : NULL;
	if (!object)
		return -EBADMSG;
	if (attrs[IMTC_A_EPOCH])
		add_attr(object, "epoch", attrs[IMTC_A_EPOCH]);
	json_object_put(*policy);
	*policy = object;
	return 0;
}

static int take_status(struct nlattr **attrs, void *data)
{
	struct json_object **status = data, *object;

	object = attrs[IMTC_A_STATUS] ? nl_status_json(attrs[IMTC_A_STATUS]) : NULL;
	if (!object)
		return -EBADMSG;
	json_object_put(*status);
	*status = object;
	return 0;
}

static int get_one(struct imtc_nl *nl, u8 command, nl_reply reply, struct json_object **ret)
{
	struct json_object *object = NULL;
	int error = nl_call(nl, nl_request(nl, command, 0), reply, &object);

	if (!error && !object)
		error = -EBADMSG;
	if (error)
		json_object_put(object);
	else
		*ret = object;
	return error;
}

int nl_policy_get(struct imtc_nl *nl, struct json_object **ret_policy)
{
	return get_one(nl, IMTC_CMD_POLICY_GET, take_policy, ret_policy);
}

int nl_status_get(struct imtc_nl *nl, struct json_object **ret_status)
{
	return get_one(nl, IMTC_CMD_STATUS_GET, take_status, ret_status);
}

/* What a dump gathers: one kind of nest, a list. */
struct dump {
	int attr;
	struct json_object *(*to_json)(struct nlattr *nest);
	struct json_object *list;
};

static int take_element(struct nlattr **attrs, void *data)
{
	struct dump *dump = data;
	struct json_object *object;

	object = attrs[dump->attr] ? dump->to_json(attrs[dump->attr]) : NULL;
	if (!object)
		return -EBADMSG;
	json_object_array_add(dump->list, object);
	return 0;
}

/* A dump that a change interrupted is of no one state: asked for again. */
static int get_list(struct imtc_nl *nl, u8 command, struct dump *dump, struct json_object **ret)
{
	int error = -EAGAIN;

	for (int i = 0; i < DUMP_TRIES && error == -EAGAIN; i++) {
		dump->list = json_object_new_array();
		if (!dump->list)
			return -ENOMEM;
		error = nl_call(nl, nl_request(nl, command, NLM_F_DUMP), take_element, dump);
		if (error)
			json_object_put(dump->list);
	}
	if (!error)
		*ret = dump->list;
	return error;
}

int nl_rules_get(struct imtc_nl *nl, struct json_object **ret_rules)
{
	struct dump dump = { .attr = IMTC_A_RULE, .to_json = nl_rule_json };

	return get_list(nl, IMTC_CMD_RULE_GET, &dump, ret_rules);
}

int nl_processes_get(struct imtc_nl *nl, struct json_object **ret_processes)
{
	struct dump dump = { .attr = IMTC_A_PROCESS, .to_json = nl_process_json };

	return get_list(nl, IMTC_CMD_PROCESS_GET, &dump, ret_processes);
}

int nl_services_get(struct imtc_nl *nl, struct json_object **ret_services)
{
	struct dump dump = { .attr = IMTC_A_SERVICE, .to_json = nl_service_json };

	return get_list(nl, IMTC_CMD_SERVICE_GET, &dump, ret_services);
}
