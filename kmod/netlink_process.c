// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a compiled rule asks of a process: from its attributes, and back to them.
 */
#include <linux/string.h>

#include "netlink.h"

static int refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *sentence)
{
	extack->bad_attr = attr;
	extack->_msg = sentence;
	return -EINVAL;
}

/* Lengths were checked by the attribute policy: what is copied fits, with its NUL. */
static int parse_exe(const struct nlattr *attr, struct imtc_proc *proc,
		     struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	proc->flags |= IMTC_PROC_EXE;
	nla_strscpy(proc->exe, attr, sizeof(proc->exe));
	if (proc->exe[0] != '/')
		return refuse(extack, attr, "EXE must begin with /");
	return imtc_glob_wrong(proc->exe) ?
		refuse(extack, attr, "EXE has a [class] that cannot be") : 0;
}

static int parse_under(const struct nlattr *attr, struct imtc_proc *proc,
		       struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	proc->flags |= IMTC_PROC_UNDER;
	nla_strscpy(proc->under, attr, sizeof(proc->under));
	if (proc->under[0] != '/')
		return refuse(extack, attr, "UNDER must begin with /");
	return imtc_glob_wrong(proc->under) ?
		refuse(extack, attr, "UNDER has a [class] that cannot be") : 0;
}

static int parse_cgroup(const struct nlattr *attr, struct imtc_proc *proc,
			struct netlink_ext_ack *extack)
{
	size_t n;

	if (!attr)
		return 0;
	proc->flags |= IMTC_PROC_CGROUP;
	nla_strscpy(proc->cgroup, attr, sizeof(proc->cgroup));
	if (proc->cgroup[0] != '/')
		return refuse(extack, attr, "CGROUP must begin with /");
	n = strlen(proc->cgroup);
	if (proc->cgroup[n - 1] == '/')
		proc->cgroup[n - 1] = '\0';
	return imtc_glob_wrong(proc->cgroup) ?
		refuse(extack, attr, "CGROUP has a [class] that cannot be") : 0;
}

static int parse_unit(const struct nlattr *attr, struct imtc_proc *proc,
		      struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	proc->flags |= IMTC_PROC_UNIT;
	nla_strscpy(proc->unit, attr, sizeof(proc->unit));
	if (!proc->unit[0] || strchr(proc->unit, '/'))
		return refuse(extack, attr, "UNIT is a name without /");
	return imtc_glob_wrong(proc->unit) ?
		refuse(extack, attr, "UNIT has a [class] that cannot be") : 0;
}

static int parse_container(const struct nlattr *attr, struct imtc_proc *proc,
			   struct netlink_ext_ack *extack)
{
	size_t n;

	if (!attr)
		return 0;
	proc->flags |= IMTC_PROC_CONTAINER;
	nla_strscpy(proc->container, attr, sizeof(proc->container));
	for (n = 0; imtc_is_hex(proc->container[n]); n++)
		;
	BUILD_BUG_ON(IMTC_CONTAINER_HEX_MIN != 12 || IMTC_CONTAINER_HEX != 64);
	if (proc->container[n] || n < IMTC_CONTAINER_HEX_MIN)
		return refuse(extack, attr, "CONTAINER is 12 to 64 hexadecimal digits");
	return 0;
}

/* A set in place of a path or a user. */
static int parse_sets(struct nlattr *const tb[], const struct imtc_policy *policy,
		      struct imtc_proc *proc, struct netlink_ext_ack *extack)
{
	const struct nlattr *exe = tb[IMTC_RULE_A_EXE_SET], *user = tb[IMTC_RULE_A_USER_SET];
	int error;

	if (exe && tb[IMTC_RULE_A_EXE])
		return refuse(extack, exe, "EXE and EXE_SET exclude each other");
	if (user && tb[IMTC_RULE_A_UID])
		return refuse(extack, user, "UID and USER_SET exclude each other");
	error = imtc_rule_set_parse(policy, exe, IMTC_SET_PROGRAMS, &proc->exe_set, extack);
	if (!error)
		error = imtc_rule_set_parse(policy, user, IMTC_SET_USERS, &proc->user_set, extack);
	if (exe)
		proc->flags |= IMTC_PROC_EXE_SET;
	if (user)
		proc->flags |= IMTC_PROC_USER_SET;
	return error;
}

static int parse_sha256(const struct nlattr *attr, struct imtc_proc *proc,
			struct netlink_ext_ack *extack)
{
	size_t n;

	if (!attr)
		return 0;
	proc->flags |= IMTC_PROC_EXE_SHA256;
	nla_strscpy(proc->exe_sha256, attr, sizeof(proc->exe_sha256));
	for (n = 0; imtc_is_hex(proc->exe_sha256[n]); n++)
		;
	return n == IMTC_SHA256_HEX ? 0 :
	       refuse(extack, attr, "EXE_SHA256 is 64 hexadecimal digits");
}

int imtc_proc_parse(struct nlattr *const tb[], const struct imtc_policy *policy,
		    struct imtc_proc *proc, struct netlink_ext_ack *extack)
{
	int error = parse_exe(tb[IMTC_RULE_A_EXE], proc, extack);

	if (!error)
		error = parse_sets(tb, policy, proc, extack);
	if (!error)
		error = parse_under(tb[IMTC_RULE_A_UNDER], proc, extack);
	if (!error)
		error = parse_cgroup(tb[IMTC_RULE_A_CGROUP], proc, extack);
	if (!error)
		error = parse_unit(tb[IMTC_RULE_A_UNIT], proc, extack);
	if (!error)
		error = parse_container(tb[IMTC_RULE_A_CONTAINER], proc, extack);
	if (!error)
		error = parse_sha256(tb[IMTC_RULE_A_EXE_SHA256], proc, extack);
	if (error)
		return error;
	if (tb[IMTC_RULE_A_COMM]) {
		proc->flags |= IMTC_PROC_COMM;
		nla_strscpy(proc->comm, tb[IMTC_RULE_A_COMM], sizeof(proc->comm));
		if (!proc->comm[0])
			return refuse(extack, tb[IMTC_RULE_A_COMM], "COMM is empty");
	}
	if (tb[IMTC_RULE_A_UID]) {
		proc->flags |= IMTC_PROC_UID;
		proc->uid = nla_get_u32(tb[IMTC_RULE_A_UID]);
	}
	if (tb[IMTC_RULE_A_GID]) {
		proc->flags |= IMTC_PROC_GID;
		proc->gid = nla_get_u32(tb[IMTC_RULE_A_GID]);
	}
	return 0;
}

static int put_text(struct sk_buff *msg, const struct imtc_proc *p, u32 flag, int type,
		    const char *text)
{
	return p->flags & flag ? nla_put_string(msg, type, text) : 0;
}

static int put_sets(struct sk_buff *msg, const struct imtc_policy *policy,
		    const struct imtc_proc *p)
{
	return ((p->flags & IMTC_PROC_EXE_SET) &&
		nla_put_string(msg, IMTC_RULE_A_EXE_SET, policy->set_names[p->exe_set - 1])) ||
	       ((p->flags & IMTC_PROC_USER_SET) &&
		nla_put_string(msg, IMTC_RULE_A_USER_SET, policy->set_names[p->user_set - 1]));
}

int imtc_proc_put(struct sk_buff *msg, const struct imtc_policy *policy,
		  const struct imtc_proc *p)
{
	const char *cgroup = p->cgroup[0] ? p->cgroup : "/";

	return put_text(msg, p, IMTC_PROC_EXE, IMTC_RULE_A_EXE, p->exe) ||
	       put_text(msg, p, IMTC_PROC_UNDER, IMTC_RULE_A_UNDER, p->under) ||
	       put_text(msg, p, IMTC_PROC_COMM, IMTC_RULE_A_COMM, p->comm) ||
	       put_sets(msg, policy, p) ||
	       ((p->flags & IMTC_PROC_UID) && nla_put_u32(msg, IMTC_RULE_A_UID, p->uid)) ||
	       ((p->flags & IMTC_PROC_GID) && nla_put_u32(msg, IMTC_RULE_A_GID, p->gid)) ||
	       put_text(msg, p, IMTC_PROC_CGROUP, IMTC_RULE_A_CGROUP, cgroup) ||
	       put_text(msg, p, IMTC_PROC_UNIT, IMTC_RULE_A_UNIT, p->unit) ||
	       put_text(msg, p, IMTC_PROC_CONTAINER, IMTC_RULE_A_CONTAINER, p->container) ||
	       put_text(msg, p, IMTC_PROC_EXE_SHA256, IMTC_RULE_A_EXE_SHA256, p->exe_sha256);
}
