// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets: from their attributes, and back to them.
 */
#include <linux/bits.h>
#include <linux/string.h>

#include <imtc/policy_words.h>

#include "netlink.h"

/* Prefixes a message of a dump: it fits the smallest buffer that is read into. */
#define DUMP_PREFIXES 128
/* The same of words. */
#define DUMP_BYTES 2048

static int refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *sentence)
{
	extack->bad_attr = attr;
	extack->_msg = sentence;
	return -EINVAL;
}

static int add_entries(struct imtc_policy *policy, struct nlattr *const tb[],
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *prefixes = tb[IMTC_SET_A_PREFIXES], *words = tb[IMTC_SET_A_WORDS];
	u8 kind = tb[IMTC_SET_A_KIND] ? nla_get_u8(tb[IMTC_SET_A_KIND]) : IMTC_SET_ADDRESSES;
	const char *name = nla_data(tb[IMTC_SET_A_NAME]);

	if (kind != IMTC_SET_ADDRESSES && prefixes)
		return refuse(extack, prefixes, "PREFIXES are for sets of addresses alone");
	if (kind == IMTC_SET_ADDRESSES && words)
		return refuse(extack, words, "WORDS are not for sets of addresses");
	if (kind != IMTC_SET_ADDRESSES)
		return imtc_policy_add_words(policy, name, kind, words ? nla_data(words) : NULL,
					     words ? nla_len(words) : 0, extack);
	if (prefixes && nla_len(prefixes) % IMTC_SET_RECORD)
		return refuse(extack, prefixes, "PREFIXES are 17 bytes each");
	return imtc_policy_add_set(policy, name, prefixes ? nla_data(prefixes) : NULL,
				   prefixes ? nla_len(prefixes) / IMTC_SET_RECORD : 0, extack);
}

static int add_set(struct imtc_policy *policy, const struct nlattr *nest,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IMTC_SET_A_MAX + 1];
	const struct nlattr *name;
	int error;

	error = imtc_attrs_unique(nla_data(nest), nla_len(nest), -1, extack);
	if (error)
		return error;
	error = nla_parse_nested(tb, IMTC_SET_A_MAX, nest, imtc_attrs_in_set, extack);
	if (error)
		return error;
	name = tb[IMTC_SET_A_NAME];
	if (!name) {
		NL_SET_ERR_ATTR_MISS(extack, nest, IMTC_SET_A_NAME);
		return refuse(extack, nest, "A set needs NAME");
	}
	if (!*(const char *)nla_data(name))
		return refuse(extack, name, "NAME is empty");
	error = add_entries(policy, tb, extack);
	if (error && !extack->bad_attr)
		extack->bad_attr = nest;
	return error;
}

/* All sets of the message, or none. */
static int add_sets(struct genl_info *info, struct imtc_policy *policy)
{
	u32 entries = policy->entries_count, sets = policy->sets_count;
	u32 words = policy->words_count, words_bytes = policy->words_bytes;
	const struct nlattr *attr;
	int left, error = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) != IMTC_A_SET)
			continue;
		error = add_set(policy, attr, info->extack);
		if (error)
			break;
	}
	if (error) {
		policy->entries_count = entries;
		policy->sets_count = sets;
		policy->words_count = words;
		policy->words_bytes = words_bytes;
	}
	return error;
}

int imtc_nl_policy_set(struct sk_buff *skb, struct genl_info *info)
{
	struct imtc_policy *policy;
	int error;

	error = imtc_attrs_unique(genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr),
				  IMTC_A_SET, info->extack);
	if (error)
		return error;
	if (!info->attrs[IMTC_A_TRANSACTION]) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, IMTC_A_TRANSACTION);
		return refuse(info->extack, NULL, "The request needs TRANSACTION");
	}
	if (!info->attrs[IMTC_A_SET]) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, IMTC_A_SET);
		return refuse(info->extack, NULL, "The request needs SET");
	}
	error = imtc_transaction_lock(info->snd_portid,
				      nla_get_u32(info->attrs[IMTC_A_TRANSACTION]), &policy,
				      info->extack);
	if (error)
		return error;
	error = add_sets(info, policy);
	imtc_transaction_unlock();
	return error;
}

/* --- SET_GET --------------------------------------------------------------------- */

struct dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

/* Entries from `from` on that are of the set, in one attribute; *ret_next is behind them. */
static int put_prefixes(struct sk_buff *skb, const struct imtc_policy *policy, u32 set, u32 from,
			u32 *ret_next)
{
	u32 end, i, count = 0;
	struct nlattr *attr;
	u8 *to;

	for (end = from; end < policy->entries_count && count < DUMP_PREFIXES; end++)
		count += policy->entries[end].set == set;
	attr = nla_reserve(skb, IMTC_SET_A_PREFIXES, count * IMTC_SET_RECORD);
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	for (i = from; i < end; i++) {
		const struct imtc_prefix *p = &policy->entries[i].prefix;

		if (policy->entries[i].set != set)
			continue;
		memcpy(to, p->addr, 16);
		to[16] = hweight64(p->mask[0]) + hweight64(p->mask[1]);
		to += IMTC_SET_RECORD;
	}
	*ret_next = end;
	return 0;
}

/* Words of the set from the byte `from` on, in one attribute; *ret_next is behind them. */
static int put_words(struct sk_buff *skb, const struct imtc_policy *policy, u32 set, u32 from,
		     u32 *ret_next)
{
	u32 end = from, at, bytes = 0;
	struct nlattr *attr;
	const char *entry;
	char *to;

	while (end < policy->words_bytes) {
		entry = policy->words + end;
		if ((u8)entry[0] == set) {
			if (bytes + strlen(entry + IMTC_WORD_HEAD) + 1 > DUMP_BYTES)
				break;
			bytes += strlen(entry + IMTC_WORD_HEAD) + 1;
		}
		end += imtc_word_bytes(entry + IMTC_WORD_HEAD);
	}
	attr = nla_reserve(skb, IMTC_SET_A_WORDS, bytes);
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	for (at = from; at < end; at += imtc_word_bytes(entry + IMTC_WORD_HEAD)) {
		entry = policy->words + at;
		if ((u8)entry[0] != set)
			continue;
		bytes = strlen(entry + IMTC_WORD_HEAD) + 1;
		memcpy(to, entry + IMTC_WORD_HEAD, bytes);
		to += bytes;
	}
	*ret_next = end;
	return 0;
}

static int put_entries(struct sk_buff *skb, const struct imtc_policy *policy, u32 set, u32 from,
		       u32 *ret_next)
{
	u8 kind = policy->set_kinds[set - 1];

	if (kind == IMTC_SET_ADDRESSES)
		return put_prefixes(skb, policy, set, from, ret_next);
	return nla_put_u8(skb, IMTC_SET_A_KIND, kind) ||
	       put_words(skb, policy, set, from, ret_next);
}

/* Where put_entries() of a set is at its end. */
static u32 entries_end(const struct imtc_policy *policy, u32 set)
{
	return policy->set_kinds[set - 1] == IMTC_SET_ADDRESSES ? policy->entries_count :
								   policy->words_bytes;
}

static int put_part(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct imtc_policy *policy, u32 set, u32 from, u32 *ret_next)
{
	struct nlattr *nest;
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &imtc_family,
			     NLM_F_MULTI, IMTC_CMD_SET_GET);
	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	nest = nla_nest_start(skb, IMTC_A_SET);
	if (!nest || nla_put_string(skb, IMTC_SET_A_NAME, policy->set_names[set - 1]) ||
	    put_entries(skb, policy, set, from, ret_next)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	if (nla_put_u32(skb, IMTC_A_EPOCH, policy->head.epoch)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

/*
 * args[0]: the set, from 0; args[1]: entries, or bytes of words, looked at. A change
 * ends it, as RULE_GET.
 */
static void dump_sets(struct imtc_policy *policy, void *data)
{
	struct dump *dump = data;
	struct netlink_callback *cb = dump->cb;
	u32 next;

	cb->seq = policy->head.epoch;
	if (cb->prev_seq && cb->prev_seq != cb->seq)
		return;
	while (cb->args[0] < policy->sets_count) {
		if (put_part(dump->skb, cb, policy, cb->args[0] + 1, cb->args[1], &next))
			return;
		cb->args[1] = next;
		if (next < entries_end(policy, cb->args[0] + 1))
			continue;
		cb->args[0]++;
		cb->args[1] = 0;
	}
}

int imtc_nl_set_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump dump = { skb, cb };

	imtc_transaction_running(dump_sets, &dump);
	return skb->len;
}
