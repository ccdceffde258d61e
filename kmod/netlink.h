/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the netlink files share: the family, its messages' parts, the handlers
 * that netlink.c's table names.
 */
#ifndef IMTC_NETLINK_H
#define IMTC_NETLINK_H

#include <net/genetlink.h>

#include <linux/imtc.h>

#include "imtc.h"

extern struct genl_family imtc_family;

/* netlink_attr.c: the attributes a command may carry */

#define IMTC_NO_ATTRS_MAX 1
extern const struct nla_policy imtc_attrs_none[IMTC_NO_ATTRS_MAX + 1];
extern const struct nla_policy imtc_attrs_begin[IMTC_A_POLICY + 1];
extern const struct nla_policy imtc_attrs_rule[IMTC_A_RULE + 1];
extern const struct nla_policy imtc_attrs_commit[IMTC_A_COUNT + 1];
extern const struct nla_policy imtc_attrs_abort[IMTC_A_TRANSACTION + 1];
extern const struct nla_policy imtc_attrs_in_policy[IMTC_POLICY_A_MAX + 1];
extern const struct nla_policy imtc_attrs_in_rule[IMTC_RULE_A_MAX + 1];

extern const struct nla_policy imtc_attrs_set[IMTC_A_SET + 1];
extern const struct nla_policy imtc_attrs_in_set[IMTC_SET_A_MAX + 1];

/* 0, or -EINVAL where a type other than may_repeat comes twice. */
int imtc_attrs_unique(const struct nlattr *head, int len, int may_repeat,
		      struct netlink_ext_ack *extack);

/* netlink_rule.c: a rule to and from its attributes */

/* The set of that kind that the attribute names; NULL: nothing, and none. */
int imtc_rule_set_parse(const struct imtc_policy *policy, const struct nlattr *attr, u8 kind,
			u8 *ret_set, struct netlink_ext_ack *extack);
int imtc_rule_parse(const struct nlattr *nest, const struct imtc_policy *policy,
		    struct imtc_new_rule *ret_rule,
		    struct netlink_ext_ack *extack);
/* The bits past the length are cleared; length at most 128. */
void imtc_prefix_make(const u8 addr[16], unsigned int length, struct imtc_prefix *ret_prefix);
unsigned int imtc_prefix_length(const struct imtc_prefix *prefix);
int imtc_rule_put(struct sk_buff *msg, const struct imtc_policy *policy, u32 i);

/* netlink_process.c: a rule's process pattern to and from its attributes */

int imtc_proc_parse(struct nlattr *const tb[], const struct imtc_policy *policy,
		    struct imtc_proc *proc, struct netlink_ext_ack *extack);
int imtc_proc_put(struct sk_buff *msg, const struct imtc_policy *policy,
		  const struct imtc_proc *proc);

/* netlink_schedule.c: schedules of a policy and of a rule; attributes may be NULL */

int imtc_schedules_parse(const struct nlattr *names, const struct nlattr *turns,
			 struct imtc_policy *policy, struct netlink_ext_ack *extack);
int imtc_schedules_put(struct sk_buff *msg, const struct imtc_policy *policy);
/* The number of the schedule of that name, 0: none. */
u32 imtc_policy_schedule(const struct imtc_policy *policy, const char *name);
int imtc_rule_schedule_parse(const struct nlattr *attr, const struct imtc_policy *policy,
			     u8 *ret_schedule, struct netlink_ext_ack *extack);
int imtc_rule_schedule_put(struct sk_buff *msg, const struct imtc_policy *policy, u8 schedule);

/* netlink_set.c: sets */

int imtc_nl_policy_set(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_set_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_policy.c: the commands that change, and POLICY_GET */

int imtc_nl_policy_begin(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_policy_rule(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_policy_commit(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_policy_abort(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_policy_flush(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_policy_get(struct sk_buff *skb, struct genl_info *info);

/* netlink_show.c: STATUS_GET and the dumps */

int imtc_nl_status_get(struct sk_buff *skb, struct genl_info *info);
int imtc_nl_rule_dump(struct sk_buff *skb, struct netlink_callback *cb);
int imtc_nl_process_dump(struct sk_buff *skb, struct netlink_callback *cb);
int imtc_nl_service_dump(struct sk_buff *skb, struct netlink_callback *cb);
/* The attributes of a process, without its decisions. */
int imtc_process_put(struct sk_buff *msg, const struct imtc_identity *id);

#endif /* IMTC_NETLINK_H */
