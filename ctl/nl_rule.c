// SPDX-License-Identifier: GPL-2.0-only
/*
 * A rule as the module answers it, back to the compiled rule and its words.
 */
#include <string.h>

#include "json.h"
#include "nl_internal.h"
#include "pattern.h"
#include "policy.h"

static struct nla_policy rule_attrs[IMTC_RULE_A_MAX + 1] = {
	[IMTC_RULE_A_ID] = { .type = NLA_U32 },
	[IMTC_RULE_A_NAME] = { .type = NLA_UNSPEC },
	[IMTC_RULE_A_VERDICT] = { .type = NLA_U8 },
	[IMTC_RULE_A_ARGUMENT] = { .type = NLA_U32 },
	[IMTC_RULE_A_SERVICES] = { .minlen = IMTC_SERVICE_MAX / 8 },
	[IMTC_RULE_A_FEATURES] = { .type = NLA_U16 },
	[IMTC_RULE_A_DIRECTIONS] = { .type = NLA_U8 },
	[IMTC_RULE_A_ENCRYPTIONS] = { .type = NLA_U8 },
	[IMTC_RULE_A_LOCAL] = { .minlen = 16 },
	[IMTC_RULE_A_LOCAL_LEN] = { .type = NLA_U8 },
	[IMTC_RULE_A_REMOTE] = { .minlen = 16 },
	[IMTC_RULE_A_REMOTE_LEN] = { .type = NLA_U8 },
	[IMTC_RULE_A_UID] = { .type = NLA_U32 },
	[IMTC_RULE_A_GID] = { .type = NLA_U32 },
	[IMTC_RULE_A_HITS] = { .minlen = 8 },
	[IMTC_RULE_A_LOG] = { .type = NLA_U8 },
	[IMTC_RULE_A_PARAMETERS] = { .minlen = IMTC_PARAMETERS * sizeof(u32) },
	[IMTC_RULE_A_IFINDEX] = { .type = NLA_U32 },
	[IMTC_RULE_A_LOCAL_PORTS] = { .type = NLA_U32 },
	[IMTC_RULE_A_REMOTE_PORTS] = { .type = NLA_U32 },
	[IMTC_RULE_A_CONFIDENCE] = { .type = NLA_U8 },
	[IMTC_RULE_A_PEERS] = { .type = NLA_U8 },
	[IMTC_RULE_A_NEW_FLOWS] = { .type = NLA_U32 },
	[IMTC_RULE_A_NEW_PEERS] = { .type = NLA_U32 },
};

void nl_prefix_make(struct imtc_prefix *prefix, const void *addr, unsigned int bits)
{
	unsigned char *mask = (unsigned char *)prefix->mask;

	memcpy(prefix->addr, addr, sizeof(prefix->addr));
	for (unsigned int i = 0; i < bits && i < 128; i++)
		mask[i / 8] |= (unsigned char)(0x80 >> (i % 8));
}

static void take_prefix(struct imtc_prefix *prefix, const struct nlattr *addr,
			const struct nlattr *len)
{
	if (addr)
		nl_prefix_make(prefix, nla_data(addr), len ? nla_get_u8(len) : 0);
}

static void take_text(char *to, size_t size, const struct nlattr *attr)
{
	size_t len = strnlen(nla_data(attr), (size_t)nla_len(attr));

	if (len >= size)
		len = size - 1;
	memcpy(to, nla_data(attr), len);
	to[len] = '\0';
}

static void take_proc(struct imtc_proc *proc, struct nlattr **attrs)
{
	for (const struct pattern_text *text = pattern_texts; text->flag; text++) {
		if (!attrs[text->attribute])
			continue;
		proc->flags |= text->flag;
		take_text((char *)proc + text->offset, text->bytes, attrs[text->attribute]);
	}
	if (attrs[IMTC_RULE_A_UID]) {
		proc->flags |= IMTC_PROC_UID;
		proc->uid = nla_get_u32(attrs[IMTC_RULE_A_UID]);
	}
	if (attrs[IMTC_RULE_A_GID]) {
		proc->flags |= IMTC_PROC_GID;
		proc->gid = nla_get_u32(attrs[IMTC_RULE_A_GID]);
	}
}

static void take_ports(struct imtc_ports *ports, const struct nlattr *attr)
{
	u32 value = attr ? nla_get_u32(attr) : 0;

	ports->first = (u16)(value >> 16);
	ports->last = (u16)value;
}

static void take_place(struct imtc_rule *rule, struct nlattr **attrs)
{
	take_prefix(&rule->local, attrs[IMTC_RULE_A_LOCAL], attrs[IMTC_RULE_A_LOCAL_LEN]);
	take_prefix(&rule->remote, attrs[IMTC_RULE_A_REMOTE], attrs[IMTC_RULE_A_REMOTE_LEN]);
	take_ports(&rule->local_port, attrs[IMTC_RULE_A_LOCAL_PORTS]);
	take_ports(&rule->remote_port, attrs[IMTC_RULE_A_REMOTE_PORTS]);
	if (attrs[IMTC_RULE_A_IFINDEX])
		rule->ifindex = nla_get_u32(attrs[IMTC_RULE_A_IFINDEX]);
	if (attrs[IMTC_RULE_A_PEERS])
		rule->peers = nla_get_u8(attrs[IMTC_RULE_A_PEERS]);
}

static void take_criteria(struct imtc_rule *rule, struct nlattr **attrs)
{
	if (attrs[IMTC_RULE_A_SERVICES])
		memcpy(rule->services, nla_data(attrs[IMTC_RULE_A_SERVICES]),
		       sizeof(rule->services));
	if (attrs[IMTC_RULE_A_FEATURES])
		rule->features = nla_get_u16(attrs[IMTC_RULE_A_FEATURES]);
	if (attrs[IMTC_RULE_A_DIRECTIONS])
		rule->directions = nla_get_u8(attrs[IMTC_RULE_A_DIRECTIONS]);
	if (attrs[IMTC_RULE_A_ENCRYPTIONS])
		rule->encryptions = nla_get_u8(attrs[IMTC_RULE_A_ENCRYPTIONS]);
	if (attrs[IMTC_RULE_A_ARGUMENT])
		rule->argument = nla_get_u32(attrs[IMTC_RULE_A_ARGUMENT]);
	if (attrs[IMTC_RULE_A_PARAMETERS])
		memcpy(rule->parameters, nla_data(attrs[IMTC_RULE_A_PARAMETERS]),
		       sizeof(rule->parameters));
	if (attrs[IMTC_RULE_A_LOG])
		rule->flags |= nla_get_u8(attrs[IMTC_RULE_A_LOG]) & IMTC_RULE_LOG;
	if (attrs[IMTC_RULE_A_OBSERVE])
		rule->flags |= IMTC_RULE_OBSERVE;
	if (attrs[IMTC_RULE_A_CONFIDENCE])
		rule->confidence = nla_get_u8(attrs[IMTC_RULE_A_CONFIDENCE]);
	if (attrs[IMTC_RULE_A_NEW_FLOWS])
		rule->rates[IMTC_RATE_FLOWS] = nla_get_u32(attrs[IMTC_RULE_A_NEW_FLOWS]);
	if (attrs[IMTC_RULE_A_NEW_PEERS])
		rule->rates[IMTC_RATE_PEERS] = nla_get_u32(attrs[IMTC_RULE_A_NEW_PEERS]);
	take_place(rule, attrs);
}

static const char *take_set(const struct nlattr *attr, char name[IMTC_NAME_BYTES])
{
	if (!attr)
		return NULL;
	take_text(name, IMTC_NAME_BYTES, attr);
	return name;
}

/* "office" or "!office" */
static const char *take_schedule(const struct nlattr *attr, char text[IMTC_NAME_BYTES + 1],
				 u8 *ret_schedule)
{
	if (!attr)
		return NULL;
	take_text(text, IMTC_NAME_BYTES + 1, attr);
	*ret_schedule = text[0] == '!' ? IMTC_SCHEDULE_NOT : 0;
	return text + (text[0] == '!');
}

struct json_object *nl_rule_json(struct nlattr *nest)
{
	struct nlattr *attrs[IMTC_RULE_A_MAX + 1];
	char name[IMTC_NAME_BYTES] = "", sets[5][IMTC_NAME_BYTES], schedule[IMTC_NAME_BYTES + 1];
	char domain[IMTC_DOMAIN_PATTERN_BYTES];
	struct imtc_rule rule = { 0 };
	struct imtc_proc proc = { 0 };
	struct rule_words words = { .proc = &proc, .name = name };
	struct json_object *object;

	if (nla_parse_nested(attrs, IMTC_RULE_A_MAX, nest, rule_attrs) < 0)
		return NULL;
	if (!attrs[IMTC_RULE_A_ID] || !attrs[IMTC_RULE_A_NAME] || !attrs[IMTC_RULE_A_VERDICT])
		return NULL;
	rule.id = nla_get_u32(attrs[IMTC_RULE_A_ID]);
	rule.verdict = nla_get_u8(attrs[IMTC_RULE_A_VERDICT]);
	take_text(name, sizeof(name), attrs[IMTC_RULE_A_NAME]);
	take_criteria(&rule, attrs);
	take_proc(&proc, attrs);
	words.local_set = take_set(attrs[IMTC_RULE_A_LOCAL_SET], sets[0]);
	words.remote_set = take_set(attrs[IMTC_RULE_A_REMOTE_SET], sets[1]);
	words.domain_set = take_set(attrs[IMTC_RULE_A_DOMAIN_SET], sets[2]);
	words.exe_set = take_set(attrs[IMTC_RULE_A_EXE_SET], sets[3]);
	words.user_set = take_set(attrs[IMTC_RULE_A_USER_SET], sets[4]);
	if (attrs[IMTC_RULE_A_DOMAIN]) {
		take_text(domain, sizeof(domain), attrs[IMTC_RULE_A_DOMAIN]);
		words.domain = domain;
	}
	words.schedule = take_schedule(attrs[IMTC_RULE_A_SCHEDULE], schedule, &rule.schedule);
	object = policy_rule_json(&rule, &words);
	if (object && attrs[IMTC_RULE_A_HITS])
		json_add_number(object, "hits", nl_number(attrs[IMTC_RULE_A_HITS]));
	return object;
}
