// SPDX-License-Identifier: GPL-2.0-only
/*
 * A compiled rule: from its attributes, and back to them.
 */
#include <linux/bits.h>
#include <linux/string.h>

#include "netlink.h"

static int refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *sentence)
{
	extack->bad_attr = attr;
	extack->_msg = sentence;
	return -EINVAL;
}

static int require(struct nlattr *const tb[], const struct nlattr *nest, int type,
		   struct netlink_ext_ack *extack, const char *sentence)
{
	if (tb[type])
		return 0;
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
	return refuse(extack, nest, sentence);
}

/* The bits of an address that a prefix length keeps, in network byte order. */
static void make_mask(unsigned int length, u64 mask[2])
{
	u8 *bytes = (u8 *)mask;
	unsigned int i;

	memset(mask, 0, 16);
	for (i = 0; i < length / 8; i++)
		bytes[i] = 0xff;
	if (length % 8)
		bytes[i] = 0xff << (8 - length % 8);
}

void imtc_prefix_make(const u8 addr[16], unsigned int length, struct imtc_prefix *ret_prefix)
{
	struct imtc_prefix *p = ret_prefix;

	make_mask(length, p->mask);
	memcpy(p->addr, addr, sizeof(p->addr));
	p->addr[0] &= p->mask[0];
	p->addr[1] &= p->mask[1];
}

unsigned int imtc_prefix_length(const struct imtc_prefix *prefix)
{
	return hweight64(prefix->mask[0]) + hweight64(prefix->mask[1]);
}

static int parse_prefix(const struct nlattr *addr, const struct nlattr *length,
			struct imtc_prefix *ret_prefix, struct netlink_ext_ack *extack)
{
	if (!addr && !length)
		return 0;
	if (!length)
		return refuse(extack, addr, "An address needs its prefix length");
	if (!addr)
		return refuse(extack, length, "A prefix length needs its address");
	imtc_prefix_make(nla_data(addr), nla_get_u8(length), ret_prefix);
	return 0;
}

static int parse_argument(struct nlattr *const tb[], struct imtc_rule *rule,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *argument = tb[IMTC_RULE_A_ARGUMENT];
	u8 verdict = rule->verdict;

	if (verdict == IMTC_VERDICT_OBSERVE)
		return refuse(extack, tb[IMTC_RULE_A_VERDICT],
			      "Verdict observe is counted, and no rule's");
	if (imtc_verdict_has_device(verdict) && !argument)
		return refuse(extack, tb[IMTC_RULE_A_VERDICT],
			      "Verdicts redirect and mirror need ARGUMENT, the index of a device");
	if (verdict == IMTC_VERDICT_LIMIT && !argument)
		return refuse(extack, tb[IMTC_RULE_A_VERDICT],
			      "Verdict limit needs ARGUMENT, units a second or minute");
	if (verdict == IMTC_VERDICT_ASK && !argument)
		return refuse(extack, tb[IMTC_RULE_A_VERDICT],
			      "Verdict ask needs ARGUMENT, seconds until it is over");
	if (argument && (verdict < IMTC_VERDICT_REDIRECT || verdict == IMTC_VERDICT_ENCRYPT))
		return refuse(extack, argument,
			      "ARGUMENT is not for pass, drop, reject and require-encryption");
	if (argument)
		rule->argument = nla_get_u32(argument);
	if (verdict == IMTC_VERDICT_SCRUB && !imtc_scrub_is_valid(rule->argument))
		return refuse(extack, argument ? argument : tb[IMTC_RULE_A_VERDICT],
			      "Verdict scrub needs ARGUMENT, features that are asked for in a talk");
	return 0;
}

static int parse_parameters(struct nlattr *const tb[], struct imtc_rule *rule,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *parameters = tb[IMTC_RULE_A_PARAMETERS];

	if (!imtc_verdict_has_parameters(rule->verdict))
		return parameters ? refuse(extack, parameters,
					   "PARAMETERS are for verdicts mark, limit and ask alone") : 0;
	if (!parameters)
		return refuse(extack, tb[IMTC_RULE_A_VERDICT],
			      "Verdicts mark, limit and ask need PARAMETERS");
	nla_memcpy(rule->parameters, parameters, sizeof(rule->parameters));
	if (rule->verdict == IMTC_VERDICT_MARK && !imtc_mark_is_valid(rule->parameters))
		return refuse(extack, parameters, "PARAMETERS are no mark, priority or DSCP");
	if (rule->verdict == IMTC_VERDICT_LIMIT && !imtc_limit_is_valid(rule->parameters))
		return refuse(extack, parameters,
			      "PARAMETERS are no burst, unit and period of a limit");
	if (rule->verdict == IMTC_VERDICT_ASK && !imtc_ask_is_valid(rule->parameters))
		return refuse(extack, parameters, "PARAMETERS are no answer of an ask");
	return 0;
}

static int parse_ports(const struct nlattr *attr, struct imtc_ports *ret_ports,
		       struct netlink_ext_ack *extack)
{
	u32 value = attr ? nla_get_u32(attr) : 0;

	if (!attr)
		return 0;
	ret_ports->first = value >> 16;
	ret_ports->last = value & 0xffff;
	if (!ret_ports->first)
		return refuse(extack, attr, "No port is 0");
	if (ret_ports->first > ret_ports->last)
		return refuse(extack, attr, "The first port is greater than the last");
	return 0;
}

static int parse_place(struct nlattr *const tb[], struct imtc_rule *rule,
		       struct netlink_ext_ack *extack)
{
	int error;

	error = parse_prefix(tb[IMTC_RULE_A_LOCAL], tb[IMTC_RULE_A_LOCAL_LEN], &rule->local,
			     extack);
	if (!error)
		error = parse_prefix(tb[IMTC_RULE_A_REMOTE], tb[IMTC_RULE_A_REMOTE_LEN],
				     &rule->remote, extack);
	if (!error)
		error = parse_ports(tb[IMTC_RULE_A_LOCAL_PORTS], &rule->local_port, extack);
	if (!error)
		error = parse_ports(tb[IMTC_RULE_A_REMOTE_PORTS], &rule->remote_port, extack);
	if (tb[IMTC_RULE_A_IFINDEX])
		rule->ifindex = nla_get_u32(tb[IMTC_RULE_A_IFINDEX]);
	if (tb[IMTC_RULE_A_PEERS])
		rule->peers = nla_get_u8(tb[IMTC_RULE_A_PEERS]);
	return error;
}

static int parse_verdict(struct nlattr *const tb[], struct imtc_rule *rule,
			 struct netlink_ext_ack *extack)
{
	int error;

	rule->verdict = nla_get_u8(tb[IMTC_RULE_A_VERDICT]);
	error = parse_argument(tb, rule, extack);
	if (!error)
		error = parse_parameters(tb, rule, extack);
	if (error)
		return error;
	if (tb[IMTC_RULE_A_LOG])
		rule->flags |= nla_get_u8(tb[IMTC_RULE_A_LOG]);
	if (tb[IMTC_RULE_A_OBSERVE])
		rule->flags |= IMTC_RULE_OBSERVE;
	return 0;
}

int imtc_rule_set_parse(const struct imtc_policy *policy, const struct nlattr *attr, u8 kind,
			u8 *ret_set, struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	*ret_set = imtc_policy_set(policy, nla_data(attr));
	if (!*ret_set)
		return refuse(extack, attr, "There is no set of this name before the rule");
	return policy->set_kinds[*ret_set - 1] == kind ? 0 :
	       refuse(extack, attr, "The set of this name is of another kind");
}

/* The set that stands in place of an address. */
static int parse_set(const struct imtc_policy *policy, const struct nlattr *attr,
		     const struct nlattr *address, u8 *ret_set, struct netlink_ext_ack *extack)
{
	if (attr && address)
		return refuse(extack, attr, "An address and a set of one end exclude each other");
	return imtc_rule_set_parse(policy, attr, IMTC_SET_ADDRESSES, ret_set, extack);
}

static int parse_sets(const struct imtc_policy *policy, struct nlattr *const tb[],
		      struct imtc_rule *rule, struct netlink_ext_ack *extack)
{
	int error = parse_set(policy, tb[IMTC_RULE_A_LOCAL_SET], tb[IMTC_RULE_A_LOCAL],
			      &rule->local_set, extack);

	if (!error)
		error = parse_set(policy, tb[IMTC_RULE_A_REMOTE_SET], tb[IMTC_RULE_A_REMOTE],
				  &rule->remote_set, extack);
	if (error)
		return error;
	if (tb[IMTC_RULE_A_DOMAIN] && tb[IMTC_RULE_A_DOMAIN_SET])
		return refuse(extack, tb[IMTC_RULE_A_DOMAIN_SET],
			      "DOMAIN and DOMAIN_SET exclude each other");
	return imtc_rule_set_parse(policy, tb[IMTC_RULE_A_DOMAIN_SET], IMTC_SET_DOMAINS,
				   &rule->domain_set, extack);
}

static int parse_flow(struct nlattr *const tb[], struct imtc_rule *rule,
		      struct netlink_ext_ack *extack)
{
	if (tb[IMTC_RULE_A_SERVICES]) {
		nla_memcpy(rule->services, tb[IMTC_RULE_A_SERVICES], sizeof(rule->services));
		if (!(rule->services[0] | rule->services[1]))
			return refuse(extack, tb[IMTC_RULE_A_SERVICES],
				      "SERVICES is empty: leave it out to match any");
	}
	if (tb[IMTC_RULE_A_FEATURES]) {
		rule->features = nla_get_u16(tb[IMTC_RULE_A_FEATURES]);
		if (!rule->features)
			return refuse(extack, tb[IMTC_RULE_A_FEATURES],
				      "FEATURES is empty: leave it out to match any");
	}
	if (tb[IMTC_RULE_A_DIRECTIONS])
		rule->directions = nla_get_u8(tb[IMTC_RULE_A_DIRECTIONS]);
	if (tb[IMTC_RULE_A_ENCRYPTIONS])
		rule->encryptions = nla_get_u8(tb[IMTC_RULE_A_ENCRYPTIONS]);
	if (tb[IMTC_RULE_A_CONFIDENCE])
		rule->confidence = nla_get_u8(tb[IMTC_RULE_A_CONFIDENCE]);
	return 0;
}

static int parse_rate(const struct nlattr *attr, u32 *ret_rate, struct netlink_ext_ack *extack)
{
	if (attr)
		*ret_rate = nla_get_u32(attr);
	return imtc_rate_is_valid(*ret_rate) ? 0 :
	       refuse(extack, attr, "A rate is a number from 1 to 1000000");
}

static int parse_domain(const struct nlattr *attr, struct imtc_new_rule *new,
			struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	nla_strscpy(new->domain, attr, sizeof(new->domain));
	if (imtc_rule_domain(&new->rule, new->domain, imtc_domain_seed))
		return refuse(extack, attr, "DOMAIN is no domain in lower case, of 1 to 15 labels");
	return 0;
}

int imtc_rule_parse(const struct nlattr *nest, const struct imtc_policy *policy,
		    struct imtc_new_rule *ret_rule, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IMTC_RULE_A_MAX + 1];
	int error;

	memset(ret_rule, 0, sizeof(*ret_rule));
	error = imtc_attrs_unique(nla_data(nest), nla_len(nest), -1, extack);
	if (error)
		return error;
	error = nla_parse_nested(tb, IMTC_RULE_A_MAX, nest, imtc_attrs_in_rule, extack);
	if (error)
		return error;
	if (require(tb, nest, IMTC_RULE_A_ID, extack, "A rule needs ID") ||
	    require(tb, nest, IMTC_RULE_A_NAME, extack, "A rule needs NAME") ||
	    require(tb, nest, IMTC_RULE_A_VERDICT, extack, "A rule needs VERDICT"))
		return -EINVAL;
	ret_rule->rule.id = nla_get_u32(tb[IMTC_RULE_A_ID]);
	nla_strscpy(ret_rule->name, tb[IMTC_RULE_A_NAME], sizeof(ret_rule->name));
	if (!ret_rule->name[0])
		return refuse(extack, tb[IMTC_RULE_A_NAME], "NAME is empty");
	error = parse_verdict(tb, &ret_rule->rule, extack);
	if (!error)
		error = parse_flow(tb, &ret_rule->rule, extack);
	if (!error)
		error = parse_place(tb, &ret_rule->rule, extack);
	if (!error)
		error = parse_sets(policy, tb, &ret_rule->rule, extack);
	if (!error)
		error = parse_domain(tb[IMTC_RULE_A_DOMAIN], ret_rule, extack);
	if (!error)
		error = imtc_rule_schedule_parse(tb[IMTC_RULE_A_SCHEDULE], policy,
						 &ret_rule->rule.schedule, extack);
	if (!error)
		error = parse_rate(tb[IMTC_RULE_A_NEW_FLOWS],
				   &ret_rule->rule.rates[IMTC_RATE_FLOWS], extack);
	if (!error)
		error = parse_rate(tb[IMTC_RULE_A_NEW_PEERS],
				   &ret_rule->rule.rates[IMTC_RATE_PEERS], extack);
	if (!error)
		error = imtc_proc_parse(tb, policy, &ret_rule->proc, extack);
	return error;
}

static int put_prefix(struct sk_buff *msg, const struct imtc_prefix *p, int addr, int length)
{
	unsigned int bits = imtc_prefix_length(p);

	if (!bits)
		return 0;
	return nla_put(msg, addr, sizeof(p->addr), p->addr) || nla_put_u8(msg, length, bits);
}

static int put_ports(struct sk_buff *msg, const struct imtc_ports *ports, int type)
{
	return ports->last ? nla_put_u32(msg, type, (u32)ports->first << 16 | ports->last) : 0;
}

static int put_place(struct sk_buff *msg, const struct imtc_rule *r)
{
	return put_prefix(msg, &r->local, IMTC_RULE_A_LOCAL, IMTC_RULE_A_LOCAL_LEN) ||
	       put_prefix(msg, &r->remote, IMTC_RULE_A_REMOTE, IMTC_RULE_A_REMOTE_LEN) ||
	       put_ports(msg, &r->local_port, IMTC_RULE_A_LOCAL_PORTS) ||
	       put_ports(msg, &r->remote_port, IMTC_RULE_A_REMOTE_PORTS) ||
	       (r->ifindex && nla_put_u32(msg, IMTC_RULE_A_IFINDEX, r->ifindex)) ||
	       (r->peers && nla_put_u8(msg, IMTC_RULE_A_PEERS, r->peers));
}

static int put_criteria(struct sk_buff *msg, const struct imtc_rule *r)
{
	if ((r->services[0] | r->services[1]) &&
	    nla_put(msg, IMTC_RULE_A_SERVICES, sizeof(r->services), r->services))
		return -EMSGSIZE;
	if ((r->features && nla_put_u16(msg, IMTC_RULE_A_FEATURES, r->features)) ||
	    (r->directions && nla_put_u8(msg, IMTC_RULE_A_DIRECTIONS, r->directions)) ||
	    (r->encryptions && nla_put_u8(msg, IMTC_RULE_A_ENCRYPTIONS, r->encryptions)) ||
	    (r->confidence && nla_put_u8(msg, IMTC_RULE_A_CONFIDENCE, r->confidence)))
		return -EMSGSIZE;
	return put_place(msg, r) ? -EMSGSIZE : 0;
}

static int put_rates(struct sk_buff *msg, const u32 rates[IMTC_RATES])
{
	return (rates[IMTC_RATE_FLOWS] &&
		nla_put_u32(msg, IMTC_RULE_A_NEW_FLOWS, rates[IMTC_RATE_FLOWS])) ||
	       (rates[IMTC_RATE_PEERS] &&
		nla_put_u32(msg, IMTC_RULE_A_NEW_PEERS, rates[IMTC_RATE_PEERS]));
}

static int put_sets(struct sk_buff *msg, const struct imtc_policy *policy,
		    const struct imtc_rule *r)
{
	return (r->local_set && nla_put_string(msg, IMTC_RULE_A_LOCAL_SET,
					       policy->set_names[r->local_set - 1])) ||
	       (r->remote_set && nla_put_string(msg, IMTC_RULE_A_REMOTE_SET,
						policy->set_names[r->remote_set - 1])) ||
	       (r->domain_set && nla_put_string(msg, IMTC_RULE_A_DOMAIN_SET,
						policy->set_names[r->domain_set - 1]));
}

int imtc_rule_put(struct sk_buff *msg, const struct imtc_policy *policy, u32 i)
{
	const struct imtc_rule *r = &policy->rules[i];
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_RULE);

	if (!nest || nla_put_u32(msg, IMTC_RULE_A_ID, r->id) ||
	    nla_put_string(msg, IMTC_RULE_A_NAME, imtc_policy_rule_name(policy, i)) ||
	    nla_put_u8(msg, IMTC_RULE_A_VERDICT, r->verdict) ||
	    (r->argument && nla_put_u32(msg, IMTC_RULE_A_ARGUMENT, r->argument)) ||
	    (memchr_inv(r->parameters, 0, sizeof(r->parameters)) &&
	     nla_put(msg, IMTC_RULE_A_PARAMETERS, sizeof(r->parameters), r->parameters)) ||
	    ((r->flags & IMTC_RULE_LOG) &&
	     nla_put_u8(msg, IMTC_RULE_A_LOG, r->flags & IMTC_RULE_LOG)) ||
	    ((r->flags & IMTC_RULE_OBSERVE) && nla_put_flag(msg, IMTC_RULE_A_OBSERVE)) ||
	    put_criteria(msg, r) || put_sets(msg, policy, r) || put_rates(msg, r->rates) ||
	    (r->domain_labels && nla_put_string(msg, IMTC_RULE_A_DOMAIN,
						imtc_policy_rule_domain(policy, i))) ||
	    imtc_rule_schedule_put(msg, policy, r->schedule) ||
	    (r->proc && imtc_proc_put(msg, policy, &policy->procs[r->proc - 1])) ||
	    nla_put_u64_64bit(msg, IMTC_RULE_A_HITS, atomic64_read(&policy->extras[i].hits),
			      IMTC_RULE_A_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}
