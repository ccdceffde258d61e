// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF maps in memory; see map.h. Hashes are uthash's, in the order of their last
 * use; a longest-prefix trie is a hash that is asked once for each length in it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "classify/map.h"

/* Bits of the longest prefix: an IPv6 address. */
#define PREFIX_BITS_MAX 128

struct entry {
	UT_hash_handle hh;
	struct entry *prev, *next;	/* the one used last stands last */
	void *note;
	u64 bytes[];			/* the value, then the key */
};

struct host_map {
	struct host_map_shape shape;
	size_t key_at;			/* bytes from the value to the key */
	struct entry *hash;
	struct entry *used;
	u8 *array;
	host_map_gone gone;
	u32 lengths[PREFIX_BITS_MAX + 1];	/* prefixes of each length */
	void *slot;
	struct host_map *prev, *next;
};

static struct host_map *maps;

static void *need(void *memory)
{
	if (memory)
		return memory;
	fprintf(stderr, "imctl: out of memory\n");
	exit(EXIT_FAILURE);
}

static bool is_array(const struct host_map *map)
{
	return map->shape.type == BPF_MAP_TYPE_ARRAY ||
	       map->shape.type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

struct host_map *host_map_new(const struct host_map_shape *shape, void *slot)
{
	struct host_map *map = need(calloc(1, sizeof(*map)));

	map->shape = *shape;
	map->key_at = (shape->value_size + 7UL) & ~7UL;
	map->slot = slot;
	DL_APPEND(maps, map);
	return map;
}

static void *key_of(const struct host_map *map, struct entry *entry)
{
	return (u8 *)entry->bytes + map->key_at;
}

static struct entry *entry_of(void *value)
{
	return (struct entry *)((u8 *)value - offsetof(struct entry, bytes));
}

/* --- longest prefix ------------------------------------------------------------ */

/* The key's address cut to so many bits, with that length in front. */
static void prefix_cut(const struct host_map *map, const void *key, u32 bits, u8 *cut)
{
	u32 bytes = map->shape.key_size - sizeof(u32);

	memcpy(cut, &bits, sizeof(bits));
	memcpy(cut + sizeof(u32), (const u8 *)key + sizeof(u32), bytes);
	for (u32 i = bits; i < bytes * 8; i++)
		cut[sizeof(u32) + i / 8] &= (u8)~(0x80 >> i % 8);
}

static struct entry *find(struct host_map *map, const void *key)
{
	struct entry *entry;

	HASH_FIND(hh, map->hash, key, map->shape.key_size, entry);
	return entry;
}

static struct entry *find_prefix(struct host_map *map, const void *key)
{
	u8 cut[sizeof(u32) + PREFIX_BITS_MAX / 8];
	struct entry *entry;
	u32 bits;

	memcpy(&bits, key, sizeof(bits));
	for (u32 i = bits > PREFIX_BITS_MAX ? PREFIX_BITS_MAX : bits;; i--) {
		if (map->lengths[i]) {
			prefix_cut(map, key, i, cut);
			entry = find(map, cut);
			if (entry)
				return entry;
		}
		if (!i)
			return NULL;
	}
}

/* --- the helpers ---------------------------------------------------------------- */

static void *array_slot(struct host_map *map, const void *key)
{
	u32 index;

	memcpy(&index, key, sizeof(index));
	if (!map->array)
		map->array = need(calloc(map->shape.entries, map->key_at));
	return index < map->shape.entries ? map->array + index * map->key_at : NULL;
}

void *host_map_lookup(struct host_map *map, const void *key)
{
	struct entry *entry;

	if (is_array(map))
		return array_slot(map, key);
	if (map->shape.type == BPF_MAP_TYPE_LPM_TRIE)
		entry = find_prefix(map, key);
	else
		entry = find(map, key);
	if (!entry)
		return NULL;
	if (map->shape.type == BPF_MAP_TYPE_LRU_HASH && entry->next) {
		DL_DELETE(map->used, entry);
		DL_APPEND(map->used, entry);
	}
	return entry->bytes;
}

static void drop(struct host_map *map, struct entry *entry)
{
	u32 bits;

	HASH_DELETE(hh, map->hash, entry);
	DL_DELETE(map->used, entry);
	if (map->shape.type == BPF_MAP_TYPE_LPM_TRIE) {
		memcpy(&bits, key_of(map, entry), sizeof(bits));
		map->lengths[bits]--;
	}
	if (map->gone)
		map->gone(key_of(map, entry), entry->bytes, entry->note);
	free(entry);
}

static bool has_room(struct host_map *map)
{
	if (HASH_COUNT(map->hash) < map->shape.entries)
		return true;
	if (map->shape.type != BPF_MAP_TYPE_LRU_HASH)
		return false;
	drop(map, map->used);
	return true;
}

static void add(struct host_map *map, const void *key, const void *value)
{
	size_t bytes = sizeof(struct entry) + map->key_at + map->shape.key_size;
	struct entry *entry = need(calloc(1, bytes));
	void *own = key_of(map, entry);

	memcpy(entry->bytes, value, map->shape.value_size);
	memcpy(own, key, map->shape.key_size);
	HASH_ADD_KEYPTR(hh, map->hash, own, map->shape.key_size, entry);
	DL_APPEND(map->used, entry);
}

long host_map_update(struct host_map *map, const void *key, const void *value, u64 flags)
{
	u8 cut[sizeof(u32) + PREFIX_BITS_MAX / 8];
	struct entry *entry;
	void *slot;
	u32 bits = 0;

	if (is_array(map)) {
		slot = array_slot(map, key);
		if (slot)
			memcpy(slot, value, map->shape.value_size);
		return slot ? 0 : -E2BIG;
	}
	if (map->shape.type == BPF_MAP_TYPE_LPM_TRIE) {
		memcpy(&bits, key, sizeof(bits));
		if (bits > PREFIX_BITS_MAX || map->shape.key_size > sizeof(cut))
			return -EINVAL;
		prefix_cut(map, key, bits, cut);
		key = cut;
	}
	entry = find(map, key);
	if (entry && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!entry && flags == BPF_EXIST)
		return -ENOENT;
	if (entry) {
		memcpy(entry->bytes, value, map->shape.value_size);
		return 0;
	}
	if (!has_room(map))
		return -E2BIG;
	add(map, key, value);
	if (map->shape.type == BPF_MAP_TYPE_LPM_TRIE)
		map->lengths[bits]++;
	return 0;
}

long host_map_delete(struct host_map *map, const void *key)
{
	struct entry *entry;

	if (is_array(map))
		return -EINVAL;
	entry = find(map, key);
	if (!entry)
		return -ENOENT;
	drop(map, entry);
	return 0;
}

/* --- what the kernel has not ------------------------------------------------------ */

void **host_map_note(struct host_map *map, void *value)
{
	(void)map;
	return &entry_of(value)->note;
}

void host_map_set_gone(struct host_map *map, host_map_gone gone)
{
	map->gone = gone;
}

void host_map_set_entries(struct host_map *map, u32 entries)
{
	if (entries && !map->array)
		map->shape.entries = entries;
}

static void map_free(struct host_map *map)
{
	const void *none = NULL;

	/* The first of the hash is the one that came first. */
	while (map->hash)
		drop(map, map->hash);
	memcpy(map->slot, &none, sizeof(none));
	free(map->array);
	free(map);
}

void host_maps_free(void)
{
	struct host_map *map, *next;

	DL_FOREACH_SAFE(maps, map, next) {
		DL_DELETE(maps, map);
		map_free(map);
	}
}
