/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BPF maps in memory, for the data path's source compiled for the host: the
 * kinds it uses, with the kernel's answers. Knows no map's content.
 */
#ifndef IMCTL_CLASSIFY_MAP_H
#define IMCTL_CLASSIFY_MAP_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <imtc/types.h>

struct host_map;

/* A map's shape, as its declaration in bpf/maps.h says. */
struct host_map_shape {
	const char *name;
	u32 type;	/* enum bpf_map_type */
	u32 key_size;
	u32 value_size;
	u32 entries;
};

/*
 * Never NULL: the program ends where there is no memory for a map, as a label
 * from half of a capture would be no label. `slot` is where the caller keeps the
 * pointer: host_maps_free() makes it NULL.
 */
struct host_map *host_map_new(const struct host_map_shape *shape, void *slot);

/*
 * As the helpers of the kernel: a value or NULL, 0 or a negative errno. A hash
 * that is full takes no more; an LRU hash lets go of what was not used longest.
 */
void *host_map_lookup(struct host_map *map, const void *key);
long host_map_update(struct host_map *map, const void *key, const void *value, u64 flags);
long host_map_delete(struct host_map *map, const void *key);

/*
 * Notes: a pointer of the caller's own beside a value that host_map_lookup()
 * returned, of a map of hash type; NULL at first.
 */
void **host_map_note(struct host_map *map, void *value);
/* Called for each value that leaves the map; at host_maps_free() in the order they came. */
typedef void (*host_map_gone)(const void *key, void *value, void *note);
void host_map_set_gone(struct host_map *map, host_map_gone gone);
/* How many the map may hold from now on; of an array, before it is first used. */
void host_map_set_entries(struct host_map *map, u32 entries);

/* Every map that was made, the first first. */
void host_maps_free(void);

#endif /* IMCTL_CLASSIFY_MAP_H */
