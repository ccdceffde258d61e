/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the pinned maps: open by name, whole tables in batches, sums over the
 * CPUs. Returns negative errno; -ENOENT where nothing is pinned.
 */
#ifndef IMCTL_MAPREAD_H
#define IMCTL_MAPREAD_H

#include <imtc/control.h>
#include <imtc/flow.h>

/* The descriptor of a pinned map whose key and value have these sizes. */
int map_open(const char *name, u32 key_bytes, u32 value_bytes);
/* The same, of whatever sizes: to count alone. */
int map_open_any(const char *name);
/* Entries the map may hold. */
int map_max_entries(int fd, u32 *ret_max);
/* A copy of the control block. */
int map_control(struct imtc_control *ret_control);

/*
 * Every entry of a hash map, in no order. Bounded by the map's own size, also
 * while it changes. A non-zero answer of visit ends it and is returned.
 */
typedef int (*map_visit)(const void *key, const void *value, void *data);
int map_each(int fd, map_visit visit, void *data);
/* Entries a hash map holds now. */
int map_count(int fd, u32 *ret_count);

/*
 * Sums over the CPUs of a per-CPU array of u64 words: entry i's words are at
 * sums + i * words. From 0 to count - 1.
 */
int map_sums(int fd, u32 count, u32 words, u64 *sums);

#endif /* IMCTL_MAPREAD_H */
