/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One program at one hook of one device: attach, replace, look, detach. The
 * order in which a device's hooks are taken, and the undoing, is loader.c's.
 * Returns negative errno and prints nothing.
 */
#ifndef IMCTL_ATTACH_H
#define IMCTL_ATTACH_H

#include <stdbool.h>
#include <imtc/types.h>

/* How a program hangs at a hook; the words of `status` are attach_word(). */
enum attach_how {
	HOW_NONE = 0,
	HOW_XDP_NATIVE = 1,
	HOW_XDP_GENERIC = 2,
	HOW_TCX = 3,
	HOW_CLSACT = 4,
};

enum attach_side { SIDE_INGRESS = 0, SIDE_EGRESS = 1 };

const char *attach_word(enum attach_how how);

/*
 * Both leave a descriptor of the new link in ret_link: the attachment lives
 * while it is open or pinned. -EBUSY, -EEXIST: another program has the device.
 */
int xdp_attach(int prog, u32 ifindex, enum attach_how how, int *ret_link);
int tcx_attach(int prog, u32 ifindex, enum attach_side side, int *ret_link);
/* The next packet meets the new program; none meets neither. */
int link_replace(int link, int prog);
/*
 * The device a link hangs at (0: the device is gone) and its program's id.
 * -EINVAL: a link of a kind that is not ours.
 */
int link_look(int link, u32 *ret_ifindex, u32 *ret_prog_id);

/* Is this program in the device's XDP hook, and how? HOW_NONE: it is not. */
enum attach_how xdp_look(u32 ifindex, u32 prog_id);

/*
 * clsact filters carry a fixed priority and handle, imtc's own: attaching over
 * one of ours replaces it in one step. -EEXIST: the place is taken by a program
 * that is not imtc's. ret_made: the device had no clsact before.
 */
int clsact_attach(int prog, u32 ifindex, enum attach_side side, bool *ret_made);
int clsact_detach(u32 ifindex, enum attach_side side);
/* The id of imtc's program there; 0: none. */
u32 clsact_look(u32 ifindex, enum attach_side side);
/* Removes the clsact qdisc unless a filter hangs there. */
int clsact_remove_unused(u32 ifindex);

#endif /* IMCTL_ATTACH_H */
