// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is shown: the status, and the dumps of rules, processes and services.
 * Dumps resume where the last message was full; no lock is held between.
 */
#include "netlink.h"

#define ANCESTORS_BYTES 1024	/* of PROCESS_GET's UNDER, together */

static int put_status(struct sk_buff *msg)
{
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_STATUS);
	struct imtc_counters sum;

	imtc_counters_sum(&sum);
	if (!nest || nla_put_string(msg, IMTC_STATUS_A_VERSION, IMTC_VERSION) ||
	    nla_put_u32(msg, IMTC_STATUS_A_EPOCH, READ_ONCE(imtc_policy_epoch)) ||
	    nla_put_u32(msg, IMTC_STATUS_A_SOCKETS, imtc_sockets_count()) ||
	    nla_put_u32(msg, IMTC_STATUS_A_SOCKETS_MAX, IMTC_SOCKETS_MAX) ||
	    nla_put_u32(msg, IMTC_STATUS_A_PROCESSES, imtc_identities_count()) ||
	    nla_put_u32(msg, IMTC_STATUS_A_PROCESSES_MAX, IMTC_IDENTITIES_MAX) ||
	    nla_put_u64_64bit(msg, IMTC_STATUS_A_ASKED, sum.asked, IMTC_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, IMTC_STATUS_A_UNOWNED, sum.unowned, IMTC_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, IMTC_STATUS_A_LOST_FULL, sum.lost_full, IMTC_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, IMTC_STATUS_A_LOST_MEMORY, sum.lost_memory,
			      IMTC_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, IMTC_STATUS_A_EVENTS, sum.events, IMTC_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, IMTC_STATUS_A_EVENTS_LOST, sum.events_lost,
			      IMTC_STATUS_A_PAD) ||
	    nla_put_u32(msg, IMTC_STATUS_A_HOOKS, imtc_hooks_count()) ||
	    nla_put_u32(msg, IMTC_STATUS_A_POLICIES, imtc_policies_count()))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int imtc_nl_status_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *header;

	if (!msg) {
		info->extack->_msg = "No memory";
		return -ENOMEM;
	}
	header = genlmsg_put_reply(msg, info, &imtc_family, 0, info->genlhdr->cmd);
	if (!header || put_status(msg)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

static void *begin_entry(struct sk_buff *skb, struct netlink_callback *cb, u8 command)
{
	void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				   &imtc_family, NLM_F_MULTI, command);

	if (header)
		genl_dump_check_consistent(cb, header);
	return header;
}

/* args[0]: the next rule. A policy that came meanwhile ends the dump, marked as interrupted. */
int imtc_nl_rule_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct imtc_policy *policy;
	void *header;

	rcu_read_lock();
	policy = rcu_dereference(imtc_policy);
	cb->seq = policy->head.epoch;
	if (cb->prev_seq && cb->prev_seq != cb->seq)
		goto out;
	for (; cb->args[0] < policy->head.count; cb->args[0]++) {
		header = begin_entry(skb, cb, IMTC_CMD_RULE_GET);
		if (!header)
			break;
		if (imtc_rule_put(skb, policy, cb->args[0]) ||
		    nla_put_u32(skb, IMTC_A_EPOCH, policy->head.epoch)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
	}
out:
	rcu_read_unlock();
	return skb->len;
}

int imtc_process_put(struct sk_buff *msg, const struct imtc_identity *id)
{
	const struct imtc_owner *o = &id->owner;

	if (nla_put_u64_64bit(msg, IMTC_PROCESS_A_HANDLE, o->handle, IMTC_PROCESS_A_PAD) ||
	    nla_put_u32(msg, IMTC_PROCESS_A_PID, o->pid) ||
	    nla_put_u64_64bit(msg, IMTC_PROCESS_A_START_NS, o->start_ns, IMTC_PROCESS_A_PAD) ||
	    nla_put_u32(msg, IMTC_PROCESS_A_UID, o->uid) ||
	    nla_put_u32(msg, IMTC_PROCESS_A_GID, o->gid) ||
	    nla_put_string(msg, IMTC_PROCESS_A_COMM, o->comm) ||
	    nla_put_string(msg, IMTC_PROCESS_A_EXE, o->exe) ||
	    nla_put_string(msg, IMTC_PROCESS_A_CGROUP, o->cgroup) ||
	    (imtc_identity_is_alive(id) && nla_put_flag(msg, IMTC_PROCESS_A_ALIVE)))
		return -EMSGSIZE;
	return 0;
}

static int put_tally(struct sk_buff *msg, int type, const struct imtc_tally *tally)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest || nla_put_u16(msg, IMTC_SERVICE_A_SERVICE, tally->service) ||
	    nla_put_u8(msg, IMTC_SERVICE_A_VERDICT, tally->verdict) ||
	    nla_put_u64_64bit(msg, IMTC_SERVICE_A_COUNT, tally->count, IMTC_SERVICE_A_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* The nearest first, and no more than fit beside the rest into any buffer. */
static int put_ancestors(struct sk_buff *msg, const struct imtc_identity *id)
{
	const struct imtc_identity *above;
	size_t bytes = 0;

	for (above = id->above; above; above = above->above) {
		bytes += strlen(above->owner.exe) + 1 + NLA_HDRLEN;
		if (bytes > ANCESTORS_BYTES)
			break;
		if (nla_put_string(msg, IMTC_PROCESS_A_UNDER, above->owner.exe))
			return -EMSGSIZE;
	}
	return 0;
}

static int put_process(struct sk_buff *msg, struct imtc_identity *id)
{
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_PROCESS);
	struct imtc_tally tally;
	unsigned long flags;
	int i;

	if (!nest || imtc_process_put(msg, id) || put_ancestors(msg, id))
		return -EMSGSIZE;
	for (i = 0; i < IMTC_TALLIES; i++) {
		spin_lock_irqsave(&id->lock, flags);
		tally = id->tallies[i];
		spin_unlock_irqrestore(&id->lock, flags);
		if (tally.count && put_tally(msg, IMTC_PROCESS_A_DECISIONS, &tally))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/* args[0]: the bucket, args[1]: handles below this one, bit-inverted so that 0 is "any". */
int imtc_nl_process_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct imtc_identity *id;
	u32 bucket = cb->args[0];
	u64 below = ~(u64)cb->args[1];
	void *header;
	int error;

	while ((id = imtc_identity_next(&bucket, &below))) {
		header = begin_entry(skb, cb, IMTC_CMD_PROCESS_GET);
		error = header ? put_process(skb, id) : -EMSGSIZE;
		imtc_identity_put(id);
		if (error) {
			if (header)
				genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
		cb->args[0] = bucket;
		cb->args[1] = ~below;
	}
	return skb->len;
}

/* args[0]: service and verdict, as one number. */
int imtc_nl_service_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct imtc_tally tally;
	void *header;

	for (; cb->args[0] < IMTC_SERVICE_MAX * IMTC_VERDICT_MAX; cb->args[0]++) {
		tally.service = cb->args[0] / IMTC_VERDICT_MAX;
		tally.verdict = cb->args[0] % IMTC_VERDICT_MAX;
		tally.count = imtc_service_counted(tally.service, tally.verdict);
		if (!tally.count)
			continue;
		header = begin_entry(skb, cb, IMTC_CMD_SERVICE_GET);
		if (!header)
			break;
		if (put_tally(skb, IMTC_A_SERVICE, &tally)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
	}
	return skb->len;
}
