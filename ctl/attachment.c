// SPDX-License-Identifier: GPL-2.0-only
/*
 * All hooks of one device.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

#include "attachment.h"
#include "bpffs.h"
#include "sentence.h"

#define PIN_BYTES 32

static const char *const side_word[] = {
	[SIDE_INGRESS] = "ingress",
	[SIDE_EGRESS] = "egress",
};

static void pin_name(char name[PIN_BYTES], u32 ifindex, const char *hook)
{
	snprintf(name, PIN_BYTES, "%u-%s", ifindex, hook);
}

/*
 * The pinned link of a hook, if it still hangs at this device; one whose device
 * is gone is unpinned. A descriptor, or -ENOENT.
 */
static int link_open(u32 ifindex, const char *hook)
{
	char name[PIN_BYTES];
	u32 where, prog_id;
	int link, err;

	pin_name(name, ifindex, hook);
	link = bpffs_open(BPFFS_LINKS, name);
	if (link < 0)
		return link;
	err = link_look(link, &where, &prog_id);
	if (!err && where == ifindex)
		return link;
	close(link);
	err = bpffs_unpin(BPFFS_LINKS, name);
	return err ? err : -ENOENT;
}

static int link_keep(int link, u32 ifindex, const char *hook)
{
	char name[PIN_BYTES];
	int err;

	pin_name(name, ifindex, hook);
	err = bpffs_pin(link, BPFFS_LINKS, name);
	/* Pinned it lives on without us; else it is gone with this. */
	close(link);
	return err;
}

static int link_drop(u32 ifindex, const char *hook)
{
	char name[PIN_BYTES];
	int link;

	pin_name(name, ifindex, hook);
	link = bpffs_open(BPFFS_LINKS, name);
	if (link >= 0) {
		/*
		 * A pin's reference goes a grace period after the pin: until then the
		 * hook would be taken. Of a device that is gone there is none to detach.
		 */
		bpf_link_detach(link);
		close(link);
	}
	return bpffs_unpin(BPFFS_LINKS, name);
}

/* --- tc ----------------------------------------------------------------------- */

static int side_attach(struct attachment *a, enum attach_side side, int program)
{
	bool made = false;
	int link, err;

	err = tcx_attach(program, a->ifindex, side, &link);
	if (!err) {
		err = link_keep(link, a->ifindex, side_word[side]);
		if (!err)
			a->note.side[side] = HOW_TCX;
		return err;
	}
	/* Before 6.6 there is no tcx; then as any other error, clsact may still do. */
	err = clsact_attach(program, a->ifindex, side, &made);
	if (err)
		return err;
	a->note.side[side] = HOW_CLSACT;
	a->note.made_clsact |= made;
	return 0;
}

static int side_put(struct attachment *a, enum attach_side side, enum object_program program)
{
	int link = link_open(a->ifindex, side_word[side]);
	bool made;
	int err;

	if (link >= 0) {
		err = link_replace(link, a->programs[program]);
		close(link);
		if (!err)
			a->note.side[side] = HOW_TCX;
	} else if (link != -ENOENT) {
		err = link;
	} else if (clsact_look(a->ifindex, side)) {
		err = clsact_attach(a->programs[program], a->ifindex, side, &made);
		if (!err)
			a->note.side[side] = HOW_CLSACT;
	} else {
		err = side_attach(a, side, a->programs[program]);
	}
	return err ? fail(err, "cannot attach to tc %s", side_word[side]) : 0;
}

static int side_drop(struct attachment *a, enum attach_side side)
{
	int err = link_drop(a->ifindex, side_word[side]);

	if (!err && a->note.netns == devices_netns() && a->note.side[side] != HOW_TCX)
		err = clsact_detach(a->ifindex, side);
	if (!err)
		a->note.side[side] = HOW_NONE;
	return err;
}

/* --- XDP ---------------------------------------------------------------------- */

static int xdp_hang(struct attachment *a, enum attach_how how)
{
	int link;
	int err = xdp_attach(a->programs[PROGRAM_XDP], a->ifindex, how, &link);

	return err ? err : link_keep(link, a->ifindex, "xdp");
}

static int xdp_put(struct attachment *a, enum attach_how how)
{
	int link = link_open(a->ifindex, "xdp");
	u32 where, prog_id = 0;
	int err = link < 0 && link != -ENOENT ? link : 0;

	/* One that was left half-way may hang the other way. */
	if (link >= 0 && (link_look(link, &where, &prog_id) ||
			  xdp_look(a->ifindex, prog_id) != how)) {
		close(link);
		link = -ENOENT;
		err = link_drop(a->ifindex, "xdp");
	}
	if (!err && link >= 0)
		err = link_replace(link, a->programs[PROGRAM_XDP]);
	else if (!err)
		err = xdp_hang(a, how);
	if (link >= 0)
		close(link);
	if (err)
		return fail(err, "cannot attach to %s XDP",
			    how == HOW_XDP_NATIVE ? "native" : "generic");
	a->note.xdp = how;
	return 0;
}

static int xdp_drop(struct attachment *a)
{
	int err = link_drop(a->ifindex, "xdp");

	if (!err)
		a->note.xdp = HOW_NONE;
	return err;
}

/* --- the device --------------------------------------------------------------- */

int attachment_arrange(struct attachment *a, enum attach_how xdp)
{
	/* Native and generic exclude each other: the tc program stands in between. */
	bool changes = a->note.xdp != HOW_NONE && a->note.xdp != xdp;
	int err;

	err = side_put(a, SIDE_EGRESS, PROGRAM_EGRESS);
	if (!err)
		err = side_put(a, SIDE_INGRESS,
			       xdp == HOW_NONE || changes ? PROGRAM_INGRESS : PROGRAM_ACT);
	if (!err && (changes || xdp == HOW_NONE))
		err = xdp_drop(a);
	if (!err && xdp != HOW_NONE)
		err = xdp_put(a, xdp);
	if (!err && xdp != HOW_NONE && changes)
		err = side_put(a, SIDE_INGRESS, PROGRAM_ACT);
	return err;
}

static int replace_link(u32 ifindex, const char *hook, int program)
{
	int link = link_open(ifindex, hook);
	int err;

	if (link < 0)
		return link == -ENOENT ? 0 : link;
	err = link_replace(link, program);
	close(link);
	return err;
}

static int replace_side(struct attachment *a, enum attach_side side, int program)
{
	bool made;

	if (a->note.side[side] == HOW_TCX)
		return replace_link(a->ifindex, side_word[side], program);
	/* A filter can be reached from its own network namespace alone. */
	if (a->note.netns != devices_netns() || !clsact_look(a->ifindex, side))
		return 0;
	return clsact_attach(program, a->ifindex, side, &made);
}

int attachment_replace(struct attachment *a)
{
	int ingress = a->programs[a->note.xdp ? PROGRAM_ACT : PROGRAM_INGRESS];
	int err = replace_side(a, SIDE_EGRESS, a->programs[PROGRAM_EGRESS]);

	/* tc first: what the new XDP program marks, the new tc_act must understand. */
	if (!err)
		err = replace_side(a, SIDE_INGRESS, ingress);
	if (!err && a->note.xdp)
		err = replace_link(a->ifindex, "xdp", a->programs[PROGRAM_XDP]);
	return err ? fail(err, "cannot replace the programs of device %u", a->ifindex) : 0;
}

int attachment_remove(struct attachment *a)
{
	int err = xdp_drop(a), side_err;

	/* On with the rest whatever fails: less stays behind. */
	side_err = side_drop(a, SIDE_INGRESS);
	err = err ? err : side_err;
	side_err = side_drop(a, SIDE_EGRESS);
	err = err ? err : side_err;
	if (!err && a->note.made_clsact && a->note.netns == devices_netns())
		err = clsact_remove_unused(a->ifindex);
	return err ? fail(err, "cannot detach device %u", a->ifindex) : 0;
}

static bool has_link(u32 ifindex, const char *hook)
{
	char name[PIN_BYTES];
	u32 where = 0, prog_id;
	int link;

	pin_name(name, ifindex, hook);
	link = bpffs_open(BPFFS_LINKS, name);
	if (link < 0)
		return false;
	/* The link of a device that was removed names none. */
	if (link_look(link, &where, &prog_id))
		where = 0;
	close(link);
	return where == ifindex;
}

bool attachment_is_gone(const struct attachment *a)
{
	if (has_link(a->ifindex, "xdp") || has_link(a->ifindex, "ingress") ||
	    has_link(a->ifindex, "egress"))
		return false;
	/* No link holds: only filters may, and those can be looked for here alone. */
	if (a->note.netns != devices_netns())
		return a->note.side[SIDE_EGRESS] == HOW_TCX;
	return !clsact_look(a->ifindex, SIDE_INGRESS) && !clsact_look(a->ifindex, SIDE_EGRESS);
}
