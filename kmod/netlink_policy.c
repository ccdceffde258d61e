// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of a transaction, and POLICY_GET. A handler reads everything,
 * refuses with a sentence, and only then makes one call that changes something.
 */
#include <linux/string.h>

#include "netlink.h"

/* A top-level attribute that the command cannot do without. */
static int require(struct genl_info *info, int type, const char *sentence)
{
	if (info->attrs[type])
		return 0;
	info->extack->_msg = sentence;
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
	return -EINVAL;
}

static int require_transaction(struct genl_info *info)
{
	return require(info, IMTC_A_TRANSACTION, "The request needs TRANSACTION");
}

static int check_unique(struct genl_info *info, int may_repeat)
{
	return imtc_attrs_unique(genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr),
				 may_repeat, info->extack);
}

static struct sk_buff *new_reply(struct genl_info *info, void **ret_header)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*ret_header = genlmsg_put_reply(msg, info, &imtc_family, 0, info->genlhdr->cmd);
	return msg;
}

/* Made before the change it tells of, so that a change never goes untold for want of memory. */
static struct sk_buff *new_number_reply(struct genl_info *info, int type, u32 **ret_number)
{
	struct sk_buff *msg;
	struct nlattr *attr;
	void *header;

	msg = new_reply(info, &header);
	if (!msg) {
		info->extack->_msg = "No memory";
		return NULL;
	}
	attr = nla_reserve(msg, type, sizeof(u32));
	*ret_number = nla_data(attr);
	genlmsg_end(msg, header);
	return msg;
}

static int reply_or_free(struct genl_info *info, struct sk_buff *msg, int error)
{
	if (!error)
		return genlmsg_reply(msg, info);
	nlmsg_free(msg);
	return error;
}

/* 16 bytes of address and one of length, again and again. */
static int parse_inside(const struct nlattr *attr, struct imtc_policy *policy,
			struct netlink_ext_ack *extack)
{
	u32 i, count = attr ? nla_len(attr) / IMTC_INSIDE_BYTES : 0;
	const u8 *bytes = attr ? nla_data(attr) : NULL;

	if (!attr)
		return 0;
	if (!count || nla_len(attr) % IMTC_INSIDE_BYTES) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "INSIDE is not of 17 bytes a prefix");
		return -EINVAL;
	}
	policy->inside = kcalloc(count, sizeof(*policy->inside), GFP_KERNEL_ACCOUNT);
	if (!policy->inside) {
		NL_SET_ERR_MSG(extack, "No memory");
		return -ENOMEM;
	}
	for (i = 0; i < count; i++, bytes += IMTC_INSIDE_BYTES) {
		if (bytes[16] > 128) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "A prefix length of INSIDE is over 128");
			return -EINVAL;
		}
		imtc_prefix_make(bytes, bytes[16], &policy->inside[i]);
	}
	policy->head.inside = count;
	return 0;
}

static int parse_policy(struct genl_info *info, struct imtc_policy *policy)
{
	const struct nlattr *nest = info->attrs[IMTC_A_POLICY];
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr *tb[IMTC_POLICY_A_MAX + 1];
	static const struct {
		int type;
		const char *sentence;
	} needed[] = {
		{ IMTC_POLICY_A_NAME, "A policy needs NAME" },
		{ IMTC_POLICY_A_DEFAULT, "A policy needs DEFAULT" },
		{ IMTC_POLICY_A_ON_FAILURE, "A policy needs ON_FAILURE" },
	};
	int i, error;

	error = imtc_attrs_unique(nla_data(nest), nla_len(nest), -1, extack);
	if (error)
		return error;
	error = nla_parse_nested(tb, IMTC_POLICY_A_MAX, nest, imtc_attrs_in_policy, extack);
	if (error)
		return error;
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		if (tb[needed[i].type])
			continue;
		extack->_msg = needed[i].sentence;
		NL_SET_ERR_ATTR_MISS(extack, nest, needed[i].type);
		return -EINVAL;
	}
	nla_strscpy(policy->head.name, tb[IMTC_POLICY_A_NAME], sizeof(policy->head.name));
	policy->head.default_verdict = nla_get_u8(tb[IMTC_POLICY_A_DEFAULT]);
	policy->head.on_failure = nla_get_u8(tb[IMTC_POLICY_A_ON_FAILURE]);
	if (tb[IMTC_POLICY_A_OBSERVE])
		policy->head.flags |= IMTC_POLICY_OBSERVE;
	policy->has_digest = tb[IMTC_POLICY_A_DIGEST];
	if (policy->has_digest)
		nla_memcpy(policy->digest, tb[IMTC_POLICY_A_DIGEST], sizeof(policy->digest));
	error = parse_inside(tb[IMTC_POLICY_A_INSIDE], policy, extack);
	return error ? error : imtc_schedules_parse(tb[IMTC_POLICY_A_SCHEDULES],
						    tb[IMTC_POLICY_A_TURNS], policy, extack);
}

int imtc_nl_policy_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct imtc_policy *policy;
	struct sk_buff *msg;
	u32 *transaction;
	int error;

	error = check_unique(info, -1);
	if (error)
		return error;
	policy = imtc_policy_new();
	if (!policy) {
		info->extack->_msg = "No memory";
		return -ENOMEM;
	}
	policy->is_update = !info->attrs[IMTC_A_POLICY];
	error = policy->is_update ? 0 : parse_policy(info, policy);
	if (error)
		goto free_policy;
	msg = new_number_reply(info, IMTC_A_TRANSACTION, &transaction);
	if (!msg) {
		error = -ENOMEM;
		goto free_policy;
	}
	error = imtc_transaction_begin(policy, info->snd_portid, transaction, info->extack);
	if (error)
		goto free_reply;
	return genlmsg_reply(msg, info);

free_reply:
	nlmsg_free(msg);
free_policy:
	imtc_policy_free(policy);
	return error;
}

/* All rules of the message, or none: the policy is cut back to where it was. */
static int add_rules(struct genl_info *info, struct imtc_policy *policy)
{
	struct imtc_policy_mark mark = imtc_policy_mark(policy);
	struct imtc_new_rule *add;
	const struct nlattr *attr;
	int left, error = 0;

	add = kmalloc(sizeof(*add), GFP_KERNEL);
	if (!add) {
		info->extack->_msg = "No memory";
		return -ENOMEM;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) != IMTC_A_RULE)
			continue;
		error = imtc_rule_parse(attr, policy, add, info->extack);
		if (error)
			break;
		error = imtc_policy_add(policy, add, info->extack);
		if (error) {
			NL_SET_BAD_ATTR(info->extack, attr);
			break;
		}
	}
	if (error)
		imtc_policy_cut(policy, mark);
	kfree(add);
	return error;
}

int imtc_nl_policy_rule(struct sk_buff *skb, struct genl_info *info)
{
	struct imtc_policy *policy;
	int error;

	error = check_unique(info, IMTC_A_RULE);
	if (!error)
		error = require_transaction(info);
	if (!error)
		error = require(info, IMTC_A_RULE, "The request needs RULE");
	if (!error)
		error = imtc_transaction_lock(info->snd_portid,
					      nla_get_u32(info->attrs[IMTC_A_TRANSACTION]),
					      &policy, info->extack);
	if (error)
		return error;
	if (policy->is_update) {
		info->extack->_msg = "This transaction is about sets alone";
		error = -EINVAL;
	} else {
		error = add_rules(info, policy);
	}
	imtc_transaction_unlock();
	return error;
}

int imtc_nl_policy_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	u32 *epoch;
	int error;

	error = check_unique(info, -1);
	if (!error)
		error = require_transaction(info);
	if (!error)
		error = require(info, IMTC_A_COUNT, "The request needs COUNT");
	if (error)
		return error;
	msg = new_number_reply(info, IMTC_A_EPOCH, &epoch);
	if (!msg)
		return -ENOMEM;
	error = imtc_transaction_commit(info->snd_portid,
					nla_get_u32(info->attrs[IMTC_A_TRANSACTION]),
					nla_get_u32(info->attrs[IMTC_A_COUNT]), epoch,
					info->extack);
	return reply_or_free(info, msg, error);
}

int imtc_nl_policy_abort(struct sk_buff *skb, struct genl_info *info)
{
	int error = check_unique(info, -1);

	if (!error)
		error = require_transaction(info);
	if (error)
		return error;
	return imtc_transaction_abort(info->snd_portid,
				      nla_get_u32(info->attrs[IMTC_A_TRANSACTION]), info->extack);
}

int imtc_nl_policy_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	u32 *epoch;

	msg = new_number_reply(info, IMTC_A_EPOCH, &epoch);
	if (!msg)
		return -ENOMEM;
	return reply_or_free(info, msg, imtc_transaction_flush(epoch, info->extack));
}

static int put_inside(struct sk_buff *msg, const struct imtc_policy *policy)
{
	struct nlattr *attr;
	u8 *bytes;
	u32 i;

	if (!policy->head.inside)
		return 0;
	attr = nla_reserve(msg, IMTC_POLICY_A_INSIDE, policy->head.inside * IMTC_INSIDE_BYTES);
	if (!attr)
		return -EMSGSIZE;
	bytes = nla_data(attr);
	for (i = 0; i < policy->head.inside; i++, bytes += IMTC_INSIDE_BYTES) {
		memcpy(bytes, policy->inside[i].addr, sizeof(policy->inside[i].addr));
		bytes[16] = imtc_prefix_length(&policy->inside[i]);
	}
	return 0;
}

static int put_policy(struct sk_buff *msg, const struct imtc_policy *policy)
{
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_POLICY);

	if (!nest || nla_put_string(msg, IMTC_POLICY_A_NAME, policy->head.name) ||
	    nla_put_u8(msg, IMTC_POLICY_A_DEFAULT, policy->head.default_verdict) ||
	    nla_put_u8(msg, IMTC_POLICY_A_ON_FAILURE, policy->head.on_failure) ||
	    (policy->has_digest && nla_put(msg, IMTC_POLICY_A_DIGEST, sizeof(policy->digest),
					   policy->digest)) ||
	    nla_put_u64_64bit(msg, IMTC_POLICY_A_LOADED_NS, policy->loaded_ns,
			      IMTC_POLICY_A_UNSPEC) ||
	    nla_put_u32(msg, IMTC_POLICY_A_LOADER_UID, policy->loader_uid) ||
	    nla_put_u32(msg, IMTC_POLICY_A_RULES, policy->head.count) ||
	    ((policy->head.flags & IMTC_POLICY_OBSERVE) &&
	     nla_put_flag(msg, IMTC_POLICY_A_OBSERVE)) ||
	    put_inside(msg, policy) || imtc_schedules_put(msg, policy))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return nla_put_u32(msg, IMTC_A_EPOCH, policy->head.epoch);
}

int imtc_nl_policy_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct imtc_policy *policy;
	struct sk_buff *msg;
	void *header;
	int error = 0;

	msg = new_reply(info, &header);
	if (!msg) {
		info->extack->_msg = "No memory";
		return -ENOMEM;
	}
	rcu_read_lock();
	policy = rcu_dereference(imtc_policy);
	if (policy->is_empty) {
		info->extack->_msg = "No policy is loaded";
		error = -ENOENT;
	} else {
		error = put_policy(msg, policy);
	}
	rcu_read_unlock();
	if (!error)
		genlmsg_end(msg, header);
	return reply_or_free(info, msg, error);
}
