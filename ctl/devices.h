/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What imctl remembers of each device it attached, in the pinned map "devices":
 * what the kernel cannot be asked for later (who made the clsact qdisc, in
 * which network namespace the number is meant). No program reads it.
 */
#ifndef IMCTL_DEVICES_H
#define IMCTL_DEVICES_H

#include <stdbool.h>
#include <imtc/types.h>

#include "attach.h"

#define DEVICES_MAX 4096

struct device_note {
	u64 netns;		/* inode of the network namespace */
	u32 xdp;		/* enum attach_how of the XDP program */
	u32 side[2];		/* of the tc programs, by enum attach_side */
	u32 zone;		/* 0: the device's own */
	u32 made_clsact;	/* the qdisc is imtc's to remove */
	u32 reserved;
};

/* The network namespace this process is in. */
u64 devices_netns(void);

/* The map's descriptor; makes and pins it where make is asked and it is absent. */
int devices_open(bool make);
/* -ENOENT: not noted. */
int devices_get(int fd, u32 ifindex, struct device_note *ret_note);
int devices_put(int fd, u32 ifindex, const struct device_note *note);
int devices_delete(int fd, u32 ifindex);
/* The numbers noted, in order, at most DEVICES_MAX, for free(); a count or an error. */
int devices_list(int fd, u32 **ret_ifindexes);

#endif /* IMCTL_DEVICES_H */
