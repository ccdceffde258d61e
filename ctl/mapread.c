// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the pinned maps: open by name, whole tables in batches, sums over the
 * CPUs.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpffs.h"
#include "mapread.h"

/* Entries asked for at once; a hash bucket that holds more makes it double. */
#define BATCH_ENTRIES 1024
#define BATCH_ENTRIES_MAX (1024 * 64)
/* Entries of a per-CPU array asked for at once: each is as wide as the host has CPUs. */
#define PERCPU_ENTRIES 128

static int map_info(int fd, struct bpf_map_info *info)
{
	u32 bytes = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return bpf_obj_get_info_by_fd(fd, info, &bytes) ? -errno : 0;
}

int map_open(const char *name, u32 key_bytes, u32 value_bytes)
{
	struct bpf_map_info info;
	int fd = bpffs_open(BPFFS_MAPS, name);
	int err;

	if (fd < 0)
		return fd;
	err = map_info(fd, &info);
	/* Pinned by another version: what it holds cannot be read as ours. */
	if (!err && (info.key_size != key_bytes || info.value_size != value_bytes))
		err = -EPROTO;
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int map_open_any(const char *name)
{
	return bpffs_open(BPFFS_MAPS, name);
}

int map_max_entries(int fd, u32 *ret_max)
{
	struct bpf_map_info info;
	int err = map_info(fd, &info);

	if (!err)
		*ret_max = info.max_entries;
	return err;
}

int map_control(struct imtc_control *ret_control)
{
	struct imtc_control control;
	u32 zero = 0;
	int fd = map_open("control", sizeof(zero), sizeof(control));
	int err = 0;

	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, &control))
		err = -errno;
	close(fd);
	if (!err)
		*ret_control = control;
	return err;
}

struct batch {
	int fd;
	u32 key_bytes, value_bytes;
	u32 room;	/* entries that keys and values hold */
	u32 got;
	u32 position;	/* the kernel's: the next bucket */
	bool begun;
	char *keys, *values;
};

static int batch_room(struct batch *b, u32 room)
{
	char *keys = realloc(b->keys, (size_t)room * b->key_bytes);
	char *values;

	if (!keys)
		return -ENOMEM;
	b->keys = keys;
	values = realloc(b->values, (size_t)room * b->value_bytes);
	if (!values)
		return -ENOMEM;
	b->values = values;
	b->room = room;
	return 0;
}

/* The next entries; 0, 1 at the end (got may be more than 0 then too), or an error. */
static int batch_next(struct batch *b)
{
	for (;;) {
		u32 next = b->position;
		int err;

		b->got = b->room;
		err = bpf_map_lookup_batch(b->fd, b->begun ? &b->position : NULL, &next,
					   b->keys, b->values, &b->got, NULL);
		if (!err || errno == ENOENT) {
			b->position = next;
			b->begun = true;
			return err ? 1 : 0;
		}
		if (errno != ENOSPC)
			return -errno;
		if (b->room >= BATCH_ENTRIES_MAX)
			return -E2BIG;
		err = batch_room(b, b->room * 2);
		if (err)
			return err;
	}
}

int map_each(int fd, map_visit visit, void *data)
{
	struct bpf_map_info info;
	struct batch b = { .fd = fd };
	u64 seen = 0;
	int err = map_info(fd, &info), end = 0;

	if (err)
		return err;
	b.key_bytes = info.key_size;
	b.value_bytes = info.value_size;
	err = batch_room(&b, BATCH_ENTRIES);
	while (!err && !end && seen <= info.max_entries) {
		end = batch_next(&b);
		if (end < 0) {
			err = end;
			break;
		}
		for (u32 i = 0; i < b.got && !err; i++)
			err = visit(b.keys + (size_t)i * b.key_bytes,
				    b.values + (size_t)i * b.value_bytes, data);
		seen += b.got;
	}
	free(b.keys);
	free(b.values);
	return err;
}

static int count_one(const void *key, const void *value, void *data)
{
	(void)key;
	(void)value;
	++*(u32 *)data;
	return 0;
}

int map_count(int fd, u32 *ret_count)
{
	u32 count = 0;
	int err = map_each(fd, count_one, &count);

	if (!err)
		*ret_count = count;
	return err;
}

static void add_cpus(const u64 *values, u32 entries, u32 words, int cpus, u64 *sums)
{
	for (u32 i = 0; i < entries; i++)
		for (int cpu = 0; cpu < cpus; cpu++)
			for (u32 w = 0; w < words; w++)
				sums[i * words + w] += values[((u64)i * cpus + cpu) * words + w];
}

int map_sums(int fd, u32 count, u32 words, u64 *sums)
{
	int cpus = libbpf_num_possible_cpus();
	u32 keys[PERCPU_ENTRIES], position = 0, done = 0;
	u64 *values;
	int err = 0;

	if (cpus < 0)
		return cpus;
	values = calloc((size_t)PERCPU_ENTRIES * cpus, words * sizeof(u64));
	if (!values)
		return -ENOMEM;
	memset(sums, 0, (size_t)count * words * sizeof(u64));
	while (done < count) {
		u32 got = count - done < PERCPU_ENTRIES ? count - done : PERCPU_ENTRIES;
		int end = bpf_map_lookup_batch(fd, done ? &position : NULL, &position,
					       keys, values, &got, NULL);

		if (end && errno != ENOENT) {
			err = -errno;
			break;
		}
		add_cpus(values, got, words, cpus, sums + (size_t)done * words);
		done += got;
		if (end || !got)
			break;
	}
	free(values);
	return err;
}
