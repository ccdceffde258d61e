// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts the loaded programs on devices and takes them off, notes which devices those
 * are, and in which zone; what goes wrong half-way is undone.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attachment.h"
#include "control.h"
#include "devices.h"
#include "loader_internal.h"
#include "mapread.h"
#include "sentence.h"

/* --- zones -------------------------------------------------------------------- */

/* zone 0: the device's own, which is no entry. */
static int set_zone(u32 ifindex, u32 zone)
{
	struct imtc_control *control;
	int fd = map_open("zones", sizeof(u32), sizeof(u32));
	u32 count = 0;
	int err;

	if (fd < 0)
		return fd;
	if (zone)
		err = bpf_map_update_elem(fd, &ifindex, &zone, BPF_ANY) ? -errno : 0;
	else
		err = bpf_map_delete_elem(fd, &ifindex) && errno != ENOENT ? -errno : 0;
	if (!err)
		err = map_count(fd, &count);
	close(fd);
	if (!err)
		err = control_map(&control);
	if (err)
		return err;
	control_set_has_zones(control, count != 0);
	control_unmap(control);
	return 0;
}

/* --- devices that are attached -------------------------------------------------- */

static int note_get(int devices, u32 ifindex, struct attachment *a)
{
	a->ifindex = ifindex;
	return devices_get(devices, ifindex, &a->note);
}

static int forget(int devices, u32 ifindex)
{
	int err = set_zone(ifindex, 0);

	return err && err != -ENOENT ? err : devices_delete(devices, ifindex);
}

/* Devices that were removed while attached leave pins: those go. */
static void forget_stale(int devices)
{
	u32 *list;
	int count = devices_list(devices, &list);

	for (int i = 0; i < count; i++) {
		struct attachment a;

		if (note_get(devices, list[i], &a) || !attachment_is_gone(&a))
			continue;
		/* What has the number now may be another device: its qdisc is not ours. */
		a.note.made_clsact = 0;
		attachment_remove(&a);
		forget(devices, list[i]);
	}
	if (count >= 0)
		free(list);
}

int loader_replace_all(int devices, const int programs[PROGRAM_MAX],
		       const int before[PROGRAM_MAX])
{
	u32 *list;
	int count = devices_list(devices, &list);
	int err = 0, i;

	if (count < 0)
		return fail(count, "cannot read which devices are attached");
	for (i = 0; i < count && !err; i++) {
		struct attachment a;

		err = note_get(devices, list[i], &a);
		memcpy(a.programs, programs, sizeof(a.programs));
		if (!err)
			err = attachment_replace(&a);
	}
	while (err && i-- > 0) {
		struct attachment a;
		char why[512];

		snprintf(why, sizeof(why), "%s", loader_sentence());
		memcpy(a.programs, before, sizeof(a.programs));
		if (!note_get(devices, list[i], &a))
			attachment_replace(&a);
		fail(0, "%s", why);
	}
	free(list);
	return err;
}

/* --- attach --------------------------------------------------------------------- */

static enum attach_how wanted_xdp(enum attach_mode mode)
{
	return mode == ATTACH_GENERIC ? HOW_XDP_GENERIC :
	       mode == ATTACH_TC ? HOW_NONE : HOW_XDP_NATIVE;
}

/*
 * Native, else tc; a device that is attached stays as it is. Generic XDP is never
 * faster than tc, and where it copies a packet tc cannot reject or redirect it any
 * more (bpf/xdp.h): for those who ask for it.
 */
static int arrange_auto(struct attachment *a, bool had)
{
	int err;

	if (had)
		return attachment_arrange(a, a->note.xdp);
	err = attachment_arrange(a, HOW_XDP_NATIVE);
	if (err)
		err = attachment_arrange(a, HOW_NONE);
	return err;
}

static void undo(int devices, struct attachment *a, const struct device_note *old)
{
	char why[512];

	snprintf(why, sizeof(why), "%s", loader_sentence());
	if (old) {
		attachment_arrange(a, old->xdp);
		set_zone(a->ifindex, old->zone);
		devices_put(devices, a->ifindex, old);
	} else {
		attachment_remove(a);
		forget(devices, a->ifindex);
	}
	fail(0, "%s", why);
}

static int attach_device(int devices, struct attachment *a, enum attach_mode mode, u32 zone)
{
	struct device_note old = { 0 };
	int err = devices_get(devices, a->ifindex, &old);
	/* A note without egress is of an attach that did not come to its end. */
	bool had = !err && old.side[SIDE_EGRESS];

	if (err && err != -ENOENT)
		return fail(err, "cannot read the note of device %u", a->ifindex);
	if (!err && old.netns != devices_netns())
		return fail(-EEXIST, "a device of another network namespace is attached under the "
			    "same number, %u; use a bpf file system for each namespace",
			    a->ifindex);
	a->note = old;
	a->note.netns = devices_netns();
	a->note.zone = zone;
	/* Noted before it is done: who is killed half-way leaves nothing unknown. */
	err = devices_put(devices, a->ifindex, &a->note);
	if (!err)
		err = set_zone(a->ifindex, zone);
	if (err)
		fail(err, "cannot note the device");
	else
		err = mode == ATTACH_AUTO ? arrange_auto(a, had) :
		      attachment_arrange(a, wanted_xdp(mode));
	if (!err) {
		err = devices_put(devices, a->ifindex, &a->note);
		if (err)
			fail(err, "cannot note the device");
	}
	if (err)
		undo(devices, a, had ? &old : NULL);
	return err;
}

int loader_attach(const char *device, enum attach_mode mode, u32 zone)
{
	struct attachment a = { .ifindex = if_nametoindex(device) };
	int lock, devices, err;

	if (!a.ifindex)
		return fail(-ENODEV, "\"%s\"", device);
	lock = loader_take_lock(false);
	if (lock < 0)
		return lock;
	libbpf_listen();
	err = loader_open_programs(a.programs);
	if (err) {
		fail(err, "no programs are loaded");
		goto unlock;
	}
	devices = devices_open(false);
	if (devices < 0) {
		err = fail(devices, "cannot read which devices are attached");
		goto close;
	}
	forget_stale(devices);
	err = attach_device(devices, &a, mode, zone);
	close(devices);
close:
	loader_close_programs(a.programs);
unlock:
	close(lock);
	return err;
}

/* --- detach --------------------------------------------------------------------- */

int loader_detach(const char *device)
{
	u32 ifindex = if_nametoindex(device);
	struct attachment a;
	int lock = loader_take_lock(false);
	int devices, err;

	if (lock < 0)
		return lock == -ENOENT ? fail(lock, "\"%s\" is not attached", device) : lock;
	libbpf_listen();
	devices = devices_open(false);
	if (devices >= 0)
		forget_stale(devices);
	err = !ifindex ? -ENODEV : devices < 0 ? devices : note_get(devices, ifindex, &a);
	if (!err && a.note.netns != devices_netns())
		err = -ENOENT;
	if (err == -ENOENT)
		fail(0, "\"%s\" is not attached", device);
	else if (err)
		fail(err, "\"%s\"", device);
	else
		err = attachment_remove(&a);
	if (!err) {
		err = forget(devices, ifindex);
		if (err)
			fail(err, "cannot forget device \"%s\"", device);
	}
	if (devices >= 0)
		close(devices);
	close(lock);
	return err;
}

/* Filters hang in their own network namespace and cannot be reached from here. */
static bool is_out_of_reach(const struct attachment *a)
{
	return a->note.netns != devices_netns() &&
	       (a->note.side[SIDE_INGRESS] == HOW_CLSACT ||
		a->note.side[SIDE_EGRESS] == HOW_CLSACT);
}

static int remove_all(int devices)
{
	unsigned int left = 0;
	u32 *list;
	int count = devices_list(devices, &list);
	int err = 0;

	if (count < 0)
		return fail(count, "cannot read which devices are attached");
	for (int i = 0; i < count; i++) {
		struct attachment a;
		int one = note_get(devices, list[i], &a);

		if (!one && is_out_of_reach(&a))
			left++;
		if (!one)
			one = attachment_remove(&a);
		err = err ? err : one;
	}
	free(list);
	if (!err && left)
		err = fail(-EXDEV, "tc filters of %u devices in other network namespaces stay: "
			   "detach there", left);
	return err;
}

int loader_detach_all(void)
{
	int lock = loader_take_lock(false);
	int devices, err = 0;

	if (lock < 0)
		return lock == -ENOENT ? 0 : lock;
	libbpf_listen();
	devices = devices_open(false);
	if (devices >= 0) {
		forget_stale(devices);
		err = remove_all(devices);
		close(devices);
	} else if (devices != -ENOENT) {
		err = fail(devices, "cannot read which devices are attached");
	}
	loader_unpin_all();
	close(lock);
	return err;
}

/* --- what is attached ------------------------------------------------------------- */

static struct json_object *describe(u32 ifindex, const struct device_note *note)
{
	struct json_object *o = json_object_new_object();
	bool here = note->netns == devices_netns();
	char name[IF_NAMESIZE];
	u32 ingress = note->xdp ? note->xdp : note->side[SIDE_INGRESS];

	json_object_object_add(o, "device", here && if_indextoname(ifindex, name) ?
			       json_object_new_string(name) : NULL);
	json_object_object_add(o, "ifindex", json_object_new_int64(ifindex));
	json_object_object_add(o, "ingress", json_object_new_string(attach_word(ingress)));
	json_object_object_add(o, "egress",
			       json_object_new_string(attach_word(note->side[SIDE_EGRESS])));
	json_object_object_add(o, "zone", json_object_new_int64(note->zone ? note->zone : ifindex));
	json_object_object_add(o, "here", json_object_new_boolean(here));
	return o;
}

int loader_attachments(struct json_object **ret_list)
{
	struct json_object *array = json_object_new_array();
	int devices = devices_open(false);
	u32 *list;
	int count = devices;

	libbpf_listen();
	if (devices == -ENOENT) {
		*ret_list = array;
		return 0;
	}
	if (devices >= 0)
		count = devices_list(devices, &list);
	if (count < 0) {
		json_object_put(array);
		return fail(count, "cannot read which devices are attached");
	}
	for (int i = 0; i < count; i++) {
		struct attachment a;

		if (!note_get(devices, list[i], &a) && !attachment_is_gone(&a))
			json_object_array_add(array, describe(list[i], &a.note));
	}
	free(list);
	close(devices);
	*ret_list = array;
	return 0;
}
