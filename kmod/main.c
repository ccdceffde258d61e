// SPDX-License-Identifier: GPL-2.0-only
/*
 * imtc.ko: policy and process identity for instant-messaging traffic control.
 * This file is the order of start and stop, nothing else.
 */
#include <linux/init.h>
#include <linux/module.h>

#include "imtc.h"

#ifdef CONFIG_PREEMPT_RT
#error "imtc's probes take locks that sleep on PREEMPT_RT"
#endif

/*
 * Tables before those who fill them, the sweep after the probes, netlink and
 * kfuncs last: nobody meets a half-started module. Kfuncs cannot be taken back,
 * so nothing that may fail comes after them; they go with the module's BTF,
 * which each program that calls them holds.
 */
static int __init imtc_start(void)
{
	int error;

	error = imtc_transaction_start();
	if (error)
		return error;
	error = imtc_schedules_start();
	if (error)
		goto stop_transaction;
	error = imtc_identities_start();
	if (error)
		goto stop_schedules;
	error = imtc_digests_start();
	if (error)
		goto stop_identities;
	error = imtc_linger_start();
	if (error)
		goto stop_digests;
	error = imtc_sockets_start();
	if (error)
		goto stop_linger;
	error = imtc_probes_start();
	if (error)
		goto stop_sockets;
	imtc_sweep();
	error = imtc_netlink_start();
	if (error)
		goto stop_probes;
	error = imtc_kfuncs_start();
	if (error)
		goto stop_netlink;
	return 0;

stop_netlink:
	imtc_netlink_stop();
stop_probes:
	imtc_probes_stop();
stop_sockets:
	imtc_sockets_stop();
stop_linger:
	imtc_linger_stop();
stop_digests:
	imtc_digests_stop();
stop_identities:
	imtc_identities_stop();
stop_schedules:
	imtc_schedules_stop();
stop_transaction:
	imtc_transaction_stop();
	return error;
}

static void __exit imtc_stop(void)
{
	imtc_netlink_stop();
	imtc_probes_stop();
	imtc_sockets_stop();
	imtc_linger_stop();
	imtc_digests_stop();
	imtc_identities_stop();
	imtc_schedules_stop();
	imtc_transaction_stop();
}

module_init(imtc_start);
module_exit(imtc_stop);
MODULE_LICENSE("GPL");
MODULE_VERSION(IMTC_VERSION);
MODULE_DESCRIPTION("Instant-messaging traffic control: policy and process identity");
