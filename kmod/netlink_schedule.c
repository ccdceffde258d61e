// SPDX-License-Identifier: GPL-2.0-only
/*
 * The schedules of a policy, from their attributes and back to them.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "netlink.h"

static int refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *sentence)
{
	extack->bad_attr = attr;
	extack->_msg = sentence;
	return -EINVAL;
}

static int no_memory(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "No memory");
	return -ENOMEM;
}

u32 imtc_policy_schedule(const struct imtc_policy *policy, const char *name)
{
	u32 i;

	for (i = 0; i < policy->schedules_count; i++)
		if (!strcmp(policy->schedule_names[i], name))
			return i + 1;
	return 0;
}

/* Names, each with its NUL. */
static int parse_names(const struct nlattr *attr, struct imtc_policy *policy,
		       struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);
	size_t left = nla_len(attr), n;

	policy->schedule_names = kcalloc(IMTC_SCHEDULES_MAX, sizeof(*policy->schedule_names),
					 GFP_KERNEL_ACCOUNT);
	if (!policy->schedule_names)
		return no_memory(extack);
	for (; left; name += n + 1, left -= n + 1) {
		n = strnlen(name, left);
		if (n == left)
			return refuse(extack, attr, "A name of SCHEDULES does not end");
		if (!n || n >= IMTC_NAME_BYTES || name[0] == '!')
			return refuse(extack, attr,
				      "A name of SCHEDULES is empty, too long or begins with !");
		if (policy->schedules_count == IMTC_SCHEDULES_MAX)
			return refuse(extack, attr, "A policy has at most 32 schedules");
		if (imtc_policy_schedule(policy, name))
			return refuse(extack, attr, "A name of SCHEDULES is given twice");
		memcpy(policy->schedule_names[policy->schedules_count++], name, n);
	}
	return policy->schedules_count ? 0 : refuse(extack, attr, "SCHEDULES is empty");
}

static int parse_turns(const struct nlattr *attr, struct imtc_policy *policy,
		       struct netlink_ext_ack *extack)
{
	u32 count = nla_len(attr) / sizeof(*policy->turns);

	BUILD_BUG_ON(IMTC_SCHEDULES_MAX != 32);	/* as the sentence says */
	if (nla_len(attr) % sizeof(*policy->turns))
		return refuse(extack, attr, "TURNS is not of 8 bytes a turn");
	if (!count)
		return refuse(extack, attr, "TURNS is empty");
	policy->turns = kvmalloc_array(count, sizeof(*policy->turns), GFP_KERNEL_ACCOUNT);
	if (!policy->turns)
		return no_memory(extack);
	nla_memcpy(policy->turns, attr, count * sizeof(*policy->turns));
	if (!imtc_turns_are_valid(policy->turns, count, policy->schedules_count))
		return refuse(extack, attr, "TURNS do not rise, open a schedule that is not there, "
			      "or last less than a week");
	policy->turns_count = count;
	return 0;
}

int imtc_schedules_parse(const struct nlattr *names, const struct nlattr *turns,
			 struct imtc_policy *policy, struct netlink_ext_ack *extack)
{
	int error;

	if (!names && !turns)
		return 0;
	if (!turns)
		return refuse(extack, names, "SCHEDULES need TURNS");
	if (!names)
		return refuse(extack, turns, "TURNS need SCHEDULES");
	error = parse_names(names, policy, extack);
	return error ? error : parse_turns(turns, policy, extack);
}

int imtc_rule_schedule_parse(const struct nlattr *attr, const struct imtc_policy *policy,
			     u8 *ret_schedule, struct netlink_ext_ack *extack)
{
	const char *text = attr ? nla_data(attr) : NULL;
	u32 number;

	if (!attr)
		return 0;
	number = imtc_policy_schedule(policy, text + (text[0] == '!'));
	if (!number)
		return refuse(extack, attr, "The policy has no schedule of this name");
	*ret_schedule = number | (text[0] == '!' ? IMTC_SCHEDULE_NOT : 0);
	return 0;
}

int imtc_rule_schedule_put(struct sk_buff *msg, const struct imtc_policy *policy, u8 schedule)
{
	u32 number = schedule & IMTC_SCHEDULE_NUMBER;
	char text[IMTC_NAME_BYTES + 1];

	if (!number)
		return 0;
	snprintf(text, sizeof(text), "%s%s", schedule & IMTC_SCHEDULE_NOT ? "!" : "",
		 policy->schedule_names[number - 1]);
	return nla_put_string(msg, IMTC_RULE_A_SCHEDULE, text);
}

int imtc_schedules_put(struct sk_buff *msg, const struct imtc_policy *policy)
{
	struct nlattr *attr;
	u32 i, bytes = 0;
	char *text;

	if (!policy->turns_count)
		return 0;
	for (i = 0; i < policy->schedules_count; i++)
		bytes += strlen(policy->schedule_names[i]) + 1;
	attr = nla_reserve(msg, IMTC_POLICY_A_SCHEDULES, bytes);
	if (!attr)
		return -EMSGSIZE;
	text = nla_data(attr);
	for (i = 0; i < policy->schedules_count; i++) {
		strcpy(text, policy->schedule_names[i]);
		text += strlen(text) + 1;
	}
	return nla_put_u32(msg, IMTC_POLICY_A_OPEN, READ_ONCE(policy->open)) ||
	       nla_put_u32(msg, IMTC_POLICY_A_UNTIL, policy->turns[policy->turns_count - 1].at);
}
