/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record that BPF puts on the ring "events" where there is no module: the
 * same facts that the module's netlink event carries as attributes.
 */
#ifndef IMTC_EVENT_H
#define IMTC_EVENT_H

#include <imtc/kfunc.h>

struct imtc_event {
	u32 size;	/* sizeof(struct imtc_event): the version of the record */
	u32 reserved;
	u64 time_ns;	/* CLOCK_MONOTONIC */
	struct imtc_query query;	/* asked and answered */
};

#endif /* IMTC_EVENT_H */
