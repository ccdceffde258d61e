// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: one message a decision, to the listeners of the multicast group. Not
 * made without listeners. More than event_rate a second are not sent, and
 * counted as lost; so are those there is no memory for.
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/ktime.h>

#include "netlink.h"

/* Two paths, a domain, names and numbers. */
#define EVENT_BYTES 2048

static unsigned int event_rate = 10000;
module_param(event_rate, uint, 0644);
MODULE_PARM_DESC(event_rate,
		 "netlink events a second, at most; a burst may be as many (default 10000)");

static DEFINE_SPINLOCK(bucket_lock);	/* the two below */
static u64 bucket_tokens;
static unsigned long bucket_filled;	/* jiffies */

/* A bucket that holds one second's worth. */
static bool may_send(void)
{
	u64 rate = READ_ONCE(event_rate);
	unsigned long now = jiffies;
	unsigned long flags;
	bool may;

	spin_lock_irqsave(&bucket_lock, flags);
	if (now - bucket_filled >= HZ) {
		bucket_tokens = rate;
		bucket_filled = now;
	} else {
		u64 gained = div_u64(rate * (now - bucket_filled), HZ);

		if (gained) {
			bucket_tokens = min(rate, bucket_tokens + gained);
			bucket_filled = now;
		}
	}
	may = bucket_tokens;
	if (may)
		bucket_tokens--;
	spin_unlock_irqrestore(&bucket_lock, flags);
	return may;
}

static int put_flow(struct sk_buff *msg, const struct imtc_query *q)
{
	return nla_put_u8(msg, IMTC_EVENT_A_L4, q->l4) ||
	       nla_put(msg, IMTC_EVENT_A_CLIENT, sizeof(q->client), q->client) ||
	       nla_put_u16(msg, IMTC_EVENT_A_CLIENT_PORT,
			   ntohs((__force __be16)q->client_port)) ||
	       nla_put(msg, IMTC_EVENT_A_SERVER, sizeof(q->server), q->server) ||
	       nla_put_u16(msg, IMTC_EVENT_A_SERVER_PORT,
			   ntohs((__force __be16)q->server_port)) ||
	       nla_put_u32(msg, IMTC_EVENT_A_IFINDEX, q->ifindex) ||
	       nla_put_u8(msg, IMTC_EVENT_A_HOOK, q->hook) ||
	       nla_put_u8(msg, IMTC_EVENT_A_FLOW_FLAGS, q->flow_flags);
}

static int put_label(struct sk_buff *msg, const struct imtc_query *q)
{
	char domain[IMTC_DOMAIN_BYTES];

	/* A copy: the program's memory is not ours to hold still. */
	strscpy(domain, q->domain, sizeof(domain));
	return nla_put_u16(msg, IMTC_EVENT_A_SERVICE, q->label.service) ||
	       nla_put_u8(msg, IMTC_EVENT_A_FEATURE, q->label.feature) ||
	       nla_put_u8(msg, IMTC_EVENT_A_CONFIDENCE, q->label.confidence) ||
	       nla_put_u8(msg, IMTC_EVENT_A_ENCRYPTION, q->label.encryption) ||
	       (domain[0] && nla_put_string(msg, IMTC_EVENT_A_DOMAIN, domain));
}

static int put_decision(struct sk_buff *msg, const struct imtc_decision *d)
{
	return nla_put_u8(msg, IMTC_EVENT_A_VERDICT, d->verdict) ||
	       nla_put_u8(msg, IMTC_EVENT_A_REASON, d->reason) ||
	       (d->rule && nla_put_u32(msg, IMTC_EVENT_A_RULE, d->rule)) ||
	       (d->rule_name && nla_put_string(msg, IMTC_EVENT_A_RULE_NAME, d->rule_name)) ||
	       (d->log && nla_put_u8(msg, IMTC_EVENT_A_LOG, d->log)) ||
	       (imtc_counted_as(d->verdict, d->argument) == IMTC_VERDICT_OBSERVE &&
		nla_put_u8(msg, IMTC_EVENT_A_OBSERVED, d->argument)) ||
	       nla_put_u32(msg, IMTC_EVENT_A_EPOCH, d->epoch);
}

static int put_process(struct sk_buff *msg, const struct imtc_identity *id)
{
	struct nlattr *nest = nla_nest_start(msg, IMTC_EVENT_A_PROCESS);

	if (!nest || imtc_process_put(msg, id))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_event(struct sk_buff *msg, const struct imtc_query *q,
		     const struct imtc_decision *decision, const struct imtc_identity *id)
{
	void *header = genlmsg_put(msg, 0, 0, &imtc_family, 0, IMTC_CMD_EVENT);
	struct nlattr *nest = header ? nla_nest_start(msg, IMTC_A_EVENT) : NULL;

	if (!nest ||
	    nla_put_u64_64bit(msg, IMTC_EVENT_A_TIME_NS, ktime_get_real_ns(), IMTC_EVENT_A_PAD) ||
	    put_flow(msg, q) || put_label(msg, q) || put_decision(msg, decision) ||
	    (id && put_process(msg, id)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	genlmsg_end(msg, header);
	return 0;
}

void imtc_notify(const struct imtc_query *q, const struct imtc_decision *decision,
		 struct imtc_identity *id)
{
	struct sk_buff *msg;
	int error;

	if (!genl_has_listeners(&imtc_family, &init_net, 0))
		return;
	msg = may_send() ? genlmsg_new(EVENT_BYTES, GFP_ATOMIC | __GFP_NOWARN) : NULL;
	if (!msg) {
		imtc_count(events_lost);
		return;
	}
	if (put_event(msg, q, decision, id)) {
		nlmsg_free(msg);
		imtc_count(events_lost);
		return;
	}
	error = genlmsg_multicast(&imtc_family, msg, 0, 0, GFP_ATOMIC);
	if (!error)
		imtc_count(events);
	else if (error != -ESRCH)	/* the last listener left meanwhile */
		imtc_count(events_lost);
}
