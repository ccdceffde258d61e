// SPDX-License-Identifier: GPL-2.0-only
/*
 * What imctl remembers of each device it attached.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpffs.h"
#include "devices.h"
#include "mapread.h"

#define MAP_NAME "devices"

u64 devices_netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : st.st_ino;
}

int devices_open(bool make)
{
	int fd = map_open(MAP_NAME, sizeof(u32), sizeof(struct device_note));
	int err;

	if (fd != -ENOENT || !make)
		return fd;
	fd = bpf_map_create(BPF_MAP_TYPE_HASH, "imtc_devices", sizeof(u32),
			    sizeof(struct device_note), DEVICES_MAX, NULL);
	if (fd < 0)
		return -errno;
	err = bpffs_pin(fd, BPFFS_MAPS, MAP_NAME);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int devices_get(int fd, u32 ifindex, struct device_note *ret_note)
{
	struct device_note note;

	if (bpf_map_lookup_elem(fd, &ifindex, &note))
		return -errno;
	*ret_note = note;
	return 0;
}

int devices_put(int fd, u32 ifindex, const struct device_note *note)
{
	return bpf_map_update_elem(fd, &ifindex, note, BPF_ANY) ? -errno : 0;
}

int devices_delete(int fd, u32 ifindex)
{
	return bpf_map_delete_elem(fd, &ifindex) && errno != ENOENT ? -errno : 0;
}

struct list {
	u32 *ifindexes;
	int count;
};

static int list_one(const void *key, const void *value, void *data)
{
	struct list *list = data;

	(void)value;
	if (list->count == DEVICES_MAX)
		return 0;
	memcpy(&list->ifindexes[list->count++], key, sizeof(u32));
	return 0;
}

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

int devices_list(int fd, u32 **ret_ifindexes)
{
	struct list list = { .ifindexes = calloc(DEVICES_MAX, sizeof(u32)) };
	int err;

	if (!list.ifindexes)
		return -ENOMEM;
	err = map_each(fd, list_one, &list);
	if (err) {
		free(list.ifindexes);
		return err;
	}
	qsort(list.ifindexes, (size_t)list.count, sizeof(*list.ifindexes), by_number);
	*ret_ifindexes = list.ifindexes;
	return list.count;
}
