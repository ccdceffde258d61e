// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family "imtc": its table of commands. The interface is
 * described in include/uapi/linux/imtc.h; the handlers are in netlink_policy.c
 * and netlink_show.c.
 *
 * The family is the initial network namespace's alone, for the policy rules
 * the whole host.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/netlink.h>
#include <linux/notifier.h>

#include "netlink.h"

#define ATTRS(table) .policy = table, .maxattr = ARRAY_SIZE(table) - 1

static const struct genl_ops ops[] = {
	{
		.cmd = IMTC_CMD_STATUS_GET,
		.doit = imtc_nl_status_get,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
	{
		.cmd = IMTC_CMD_POLICY_BEGIN,
		.doit = imtc_nl_policy_begin,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_begin),
	},
	{
		.cmd = IMTC_CMD_POLICY_RULE,
		.doit = imtc_nl_policy_rule,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_rule),
	},
	{
		.cmd = IMTC_CMD_POLICY_SET,
		.doit = imtc_nl_policy_set,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_set),
	},
	{
		.cmd = IMTC_CMD_SET_GET,
		.dumpit = imtc_nl_set_dump,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
	{
		.cmd = IMTC_CMD_POLICY_COMMIT,
		.doit = imtc_nl_policy_commit,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_commit),
	},
	{
		.cmd = IMTC_CMD_POLICY_ABORT,
		.doit = imtc_nl_policy_abort,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_abort),
	},
	{
		.cmd = IMTC_CMD_POLICY_FLUSH,
		.doit = imtc_nl_policy_flush,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
	{
		.cmd = IMTC_CMD_POLICY_GET,
		.doit = imtc_nl_policy_get,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
	{
		.cmd = IMTC_CMD_RULE_GET,
		.dumpit = imtc_nl_rule_dump,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
	{
		.cmd = IMTC_CMD_PROCESS_GET,
		.dumpit = imtc_nl_process_dump,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
	{
		.cmd = IMTC_CMD_SERVICE_GET,
		.dumpit = imtc_nl_service_dump,
		.flags = GENL_ADMIN_PERM,
		ATTRS(imtc_attrs_none),
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = IMTC_GENL_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family imtc_family __ro_after_init = {
	.name = IMTC_GENL_NAME,
	.version = IMTC_GENL_VERSION,
	.maxattr = IMTC_A_MAX,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
	/* Headers are checked strictly from the first command on. */
	.resv_start_op = IMTC_CMD_STATUS_GET,
};

/* A loader that dies leaves no transaction behind. */
static int on_release(struct notifier_block *block, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC &&
	    net_eq(notify->net, &init_net))
		imtc_transaction_drop(notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block release_notifier = {
	.notifier_call = on_release,
};

int imtc_netlink_start(void)
{
	int error;

	error = netlink_register_notifier(&release_notifier);
	if (error)
		return error;
	error = genl_register_family(&imtc_family);
	if (error) {
		netlink_unregister_notifier(&release_notifier);
		pr_err("cannot register the netlink family: %d\n", error);
	}
	return error;
}

void imtc_netlink_stop(void)
{
	genl_unregister_family(&imtc_family);
	netlink_unregister_notifier(&release_notifier);
}
