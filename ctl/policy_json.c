// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiled rules back to words: the one JSON form that all commands show.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "names.h"
#include "pattern.h"
#include "policy_domain.h"

/* --- prefixes --------------------------------------------------------------- */

static unsigned int prefix_bits(const struct imtc_prefix *prefix)
{
	return (unsigned int)(__builtin_popcountll(prefix->mask[0]) +
			      __builtin_popcountll(prefix->mask[1]));
}

void prefix_text(const struct imtc_prefix *prefix, char *text, size_t size)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned int bits = prefix_bits(prefix), whole = 128;
	unsigned char addr[16];
	char address[INET6_ADDRSTRLEN];

	if (!bits) {
		snprintf(text, size, "any");
		return;
	}
	memcpy(addr, prefix->addr, sizeof(addr));
	if (bits >= 96 && !memcmp(addr, mapped, sizeof(mapped))) {
		inet_ntop(AF_INET, addr + 12, address, sizeof(address));
		bits -= 96;
		whole = 32;
	} else {
		inet_ntop(AF_INET6, addr, address, sizeof(address));
	}
	if (bits == whole)
		snprintf(text, size, "%s", address);
	else
		snprintf(text, size, "%s/%u", address, bits);
}

/* --- what has words elsewhere ----------------------------------------------- */

const struct imtc_proc *policy_proc(const struct policy *policy, const struct imtc_rule *rule)
{
	if (!rule->proc || rule->proc > policy->proc_count)
		return NULL;
	return &policy->procs[rule->proc - 1];
}

static const char *set_name(const struct policy *policy, u32 set)
{
	return set && set <= policy->sets.count ? policy->sets.names[set - 1] : NULL;
}

static const char *schedule_name(const struct policy *policy, const struct imtc_rule *rule)
{
	u32 number = rule->schedule & IMTC_SCHEDULE_NUMBER;

	return number && number <= policy->schedules.count ?
	       policy->schedules.items[number - 1].name : NULL;
}

struct rule_words policy_words(const struct policy *policy, const struct imtc_rule *rule)
{
	const struct imtc_proc *proc = policy_proc(policy, rule);

	return (struct rule_words) {
		.proc = proc,
		.exe_set = set_name(policy, proc ? proc->exe_set : 0),
		.user_set = set_name(policy, proc ? proc->user_set : 0),
		.name = policy->rules[rule->id - 1].name,
		.local_set = set_name(policy, rule->local_set),
		.remote_set = set_name(policy, rule->remote_set),
		.domain = policy_domain(policy, rule),
		.domain_set = set_name(policy, rule->domain_set),
		.schedule = schedule_name(policy, rule),
	};
}

/* --- JSON ------------------------------------------------------------------- */

typedef const char *(*name_of)(unsigned int number);

static const char *direction_name(unsigned int bit)
{
	static const char *const words[] = { "out", "in", "forward" };

	return bit < 3 ? words[bit] : "?";
}

static const char *peer_name(unsigned int bit)
{
	static const char *const words[] = { "inside", "outside" };

	return bit < 2 ? words[bit] : "?";
}

/* A list of words for the bits of a mask; bits without a word are shown too. */
static void add_bits(struct json_object *object, const char *key, const u64 *words,
		     unsigned int bits, name_of name)
{
	struct json_object *list = NULL;

	for (unsigned int i = 0; i < bits; i++) {
		if (!(words[i / 64] >> (i % 64) & 1))
			continue;
		if (!list)
			list = json_object_new_array();
		json_object_array_add(list, json_object_new_string(name(i)));
	}
	if (list)
		json_object_object_add(object, key, list);
}

static void add_mask(struct json_object *object, const char *key, u64 mask, name_of name)
{
	add_bits(object, key, &mask, 64, name);
}

static void add_prefix(struct json_object *object, const char *key,
		       const struct imtc_prefix *prefix)
{
	char text[64];

	if (!prefix_bits(prefix))
		return;
	prefix_text(prefix, text, sizeof(text));
	json_add_text(object, key, text);
}

static void add_set(struct json_object *object, const char *key, const char *name)
{
	char text[IMTC_NAME_BYTES + 1];

	if (!name)
		return;
	snprintf(text, sizeof(text), "@%s", name);
	json_add_text(object, key, text);
}

static void add_proc(struct json_object *object, const struct imtc_proc *proc)
{
	for (const struct pattern_text *text = pattern_texts; text->flag; text++) {
		const char *value = pattern_text_of(text, proc);

		if (proc->flags & text->flag)
			json_object_object_add(object, text->key, json_object_new_string_len(
				value, (int)strnlen(value, text->bytes)));
	}
	if (proc->flags & IMTC_PROC_UID)
		json_object_object_add(object, "uid", json_object_new_int64(proc->uid));
	if (proc->flags & IMTC_PROC_GID)
		json_object_object_add(object, "gid", json_object_new_int64(proc->gid));
}

static void add_ports(struct json_object *object, const char *key, const struct imtc_ports *ports)
{
	char text[16];

	if (!ports->last)
		return;
	if (ports->first == ports->last)
		snprintf(text, sizeof(text), "%u", ports->first);
	else
		snprintf(text, sizeof(text), "%u-%u", ports->first, ports->last);
	json_add_text(object, key, text);
}

/* By its number where the device is gone. */
static void add_interface(struct json_object *object, u32 ifindex)
{
	char device[IF_NAMESIZE];

	if (!ifindex)
		return;
	if (!if_indextoname(ifindex, device))
		snprintf(device, sizeof(device), "#%u", ifindex);
	json_add_text(object, "interface", device);
}

static void add_schedule(struct json_object *object, u8 schedule, const char *name)
{
	char text[IMTC_NAME_BYTES + 1];

	if (!name)
		return;
	snprintf(text, sizeof(text), "%s%s", schedule & IMTC_SCHEDULE_NOT ? "!" : "", name);
	json_add_text(object, "schedule", text);
}

static void add_rate(struct json_object *object, const char *key, u32 rate)
{
	char text[48];

	if (!rate)
		return;
	snprintf(text, sizeof(text), "more than %u a %s", rate & ~IMTC_RATE_MINUTE,
		 rate & IMTC_RATE_MINUTE ? "minute" : "second");
	json_add_text(object, key, text);
}

static void add_place(struct json_object *object, const struct imtc_rule *rule,
		      const struct rule_words *words)
{
	add_prefix(object, "local", &rule->local);
	add_set(object, "local", words->local_set);
	add_ports(object, "local_port", &rule->local_port);
	add_prefix(object, "remote", &rule->remote);
	add_set(object, "remote", words->remote_set);
	add_ports(object, "remote_port", &rule->remote_port);
	add_mask(object, "peers", rule->peers, peer_name);
	add_interface(object, rule->ifindex);
	if (words->domain)
		json_add_text(object, "domain", words->domain);
	add_set(object, "domain", words->domain_set);
	add_schedule(object, rule->schedule, words->schedule);
	add_rate(object, "new_flows", rule->rates[IMTC_RATE_FLOWS]);
	add_rate(object, "new_peers", rule->rates[IMTC_RATE_PEERS]);
}

static void add_redirect(struct json_object *object, const struct imtc_rule *rule)
{
	char device[IF_NAMESIZE];

	if (!imtc_verdict_has_device(rule->verdict))
		return;
	if (if_indextoname(rule->argument, device))
		json_add_text(object, "device", device);
	json_object_object_add(object, "ifindex", json_object_new_int64(rule->argument));
}

static void add_marks(struct json_object *object, const struct imtc_rule *rule)
{
	u32 set = rule->parameters[IMTC_MARK_SET];

	if (rule->parameters[IMTC_MARK_MASK]) {
		json_add_number(object, "mark", rule->argument);
		json_add_number(object, "mask", rule->parameters[IMTC_MARK_MASK]);
	}
	if (set & IMTC_MARK_SETS_PRIORITY)
		json_add_number(object, "priority", rule->parameters[IMTC_MARK_PRIORITY]);
	if (set & IMTC_MARK_SETS_DSCP)
		json_add_number(object, "dscp", set & IMTC_MARK_DSCP);
}

static void add_limit(struct json_object *object, const struct imtc_rule *rule)
{
	json_add_number(object, "rate", rule->argument);
	json_add_text(object, "unit", rule->parameters[IMTC_LIMIT_BYTES] ? "bytes" : "packets");
	json_add_text(object, "per", rule->parameters[IMTC_LIMIT_MINUTE] ? "minute" : "second");
	json_add_number(object, "burst", rule->parameters[IMTC_LIMIT_BURST]);
}

static void add_ask(struct json_object *object, const struct imtc_rule *rule)
{
	json_add_number(object, "timeout", rule->argument);
	json_add_text(object, "otherwise",
		      action_name((u8)rule->parameters[IMTC_ASK_OTHERWISE]));
}

struct json_object *policy_rule_json(const struct imtc_rule *rule, const struct rule_words *words)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	json_object_object_add(object, "id", json_object_new_int64(rule->id));
	if (words->name)
		json_add_text(object, "name", words->name);
	add_bits(object, "services", rule->services, IMTC_SERVICE_MAX, service_name);
	add_mask(object, "features", rule->features, feature_name);
	add_mask(object, "directions", rule->directions, direction_name);
	add_mask(object, "encryptions", rule->encryptions, encryption_name);
	if (rule->confidence)
		json_add_text(object, "confidence", confidence_name(rule->confidence));
	add_place(object, rule, words);
	if (words->proc)
		add_proc(object, words->proc);
	add_set(object, "exe", words->exe_set);
	add_set(object, "user", words->user_set);
	json_add_text(object, "verdict", action_name(rule->verdict));
	add_redirect(object, rule);
	if (rule->verdict == IMTC_VERDICT_MARK)
		add_marks(object, rule);
	if (rule->verdict == IMTC_VERDICT_LIMIT)
		add_limit(object, rule);
	if (rule->verdict == IMTC_VERDICT_ASK)
		add_ask(object, rule);
	json_object_object_add(object, "log",
			       json_object_new_boolean(rule->flags & IMTC_RULE_LOG));
	if (rule->flags & IMTC_RULE_LOG)
		json_add_text(object, "level", log_name(rule->flags & IMTC_RULE_LOG));
	if (rule->flags & IMTC_RULE_OBSERVE)
		json_add_text(object, "mode", mode_name(true));
	return object;
}

struct json_object *policy_compiled_json(const struct policy *policy,
					 const struct imtc_rule *rule)
{
	struct rule_words words = policy_words(policy, rule);
	struct imtc_rule nowhere = *rule;
	struct json_object *object;

	nowhere.ifindex = 0;
	object = policy_rule_json(&nowhere, &words);
	if (object && rule->ifindex && rule->ifindex <= policy->interface_count)
		json_add_text(object, "interface", policy->interfaces[rule->ifindex - 1].name);
	return object;
}

void policy_add_inside(struct json_object *policy, const struct imtc_prefix *prefixes,
		       size_t count)
{
	struct json_object *list = json_object_new_array();
	char text[64];

	for (size_t i = 0; i < count; i++) {
		prefix_text(&prefixes[i], text, sizeof(text));
		json_object_array_add(list, json_object_new_string(text));
	}
	if (count)
		json_object_object_add(policy, "inside", list);
	else
		json_object_put(list);
}

void policy_add_schedules(struct json_object *policy, char (*names)[IMTC_NAME_BYTES],
			  size_t count, u32 open, u32 until)
{
	struct json_object *list, *one;
	time_t seconds = (time_t)until;
	struct tm when;
	char text[32];

	if (!count)
		return;
	list = json_object_new_array();
	for (size_t i = 0; i < count; i++) {
		one = json_object_new_object();
		json_add_text(one, "name", names[i]);
		json_add_bool(one, "open", open >> i & 1);
		json_object_array_add(list, one);
	}
	json_object_object_add(policy, "schedules", list);
	if (gmtime_r(&seconds, &when) && strftime(text, sizeof(text), "%FT%TZ", &when))
		json_add_text(policy, "schedules_until", text);
}
