/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands for <bpf/bpf_helpers.h> where the data path's source is compiled for
 * the host: maps are classify/map.h's, the clock is the capture's, the packet is
 * struct host_frame. Included before any header of bpf/.
 */
#ifndef IMCTL_CLASSIFY_SHIM_H
#define IMCTL_CLASSIFY_SHIM_H

#define __BPF_HELPERS__		/* libbpf's header says no more */

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <string.h>
#include <bpf/bpf_endian.h>

#include "classify/map.h"

#define SEC(name)
#define __ksym
#define __weak __attribute__((weak))
#define __noinline __attribute__((noinline))
#define barrier() __asm__ volatile("" : : : "memory")
#define barrier_var(var) __asm__ volatile("" : "+r"(var))

/*
 * A map is declared as a struct of pointers of which only the types tell. The
 * one called "type" is given what it has room for: the map in memory.
 */
#define __uint(name, value) int (*name)[value]
#define __type(name, value) typeof(value) *name
#define __array(name, value) typeof(value) *name[]

#define host_map_of(map) ((struct host_map *)(void *)((map)->type ? (map)->type : \
	((map)->type = (void *)host_map_new(&(struct host_map_shape){ \
		.name = #map, \
		.type = sizeof(*(map)->type) / sizeof(int), \
		.key_size = sizeof(*(map)->key), \
		.value_size = sizeof(*(map)->value), \
		.entries = sizeof(*(map)->max_entries) / sizeof(int), \
	}, &(map)->type))))

#define bpf_map_lookup_elem(map, k) \
	((typeof((map)->value))host_map_lookup(host_map_of(map), k))
#define bpf_map_update_elem(map, k, v, flags) host_map_update(host_map_of(map), k, v, flags)
#define bpf_map_delete_elem(map, k) host_map_delete(host_map_of(map), k)

/* --- the packet ----------------------------------------------------------------- */

/* What a program's context points to. */
struct host_frame {
	struct xdp_md xdp;	/* first: it is the context */
	const u8 *data;
	u32 len;
};

static inline const struct host_frame *host_frame_of(const void *ctx)
{
	return (const struct host_frame *)ctx;
}

static inline u64 bpf_xdp_get_buff_len(void *ctx)
{
	return host_frame_of(ctx)->len;
}

static inline long bpf_xdp_load_bytes(void *ctx, u32 offset, void *to, u32 len)
{
	const struct host_frame *frame = host_frame_of(ctx);

	if (offset > frame->len || len > frame->len - offset)
		return -EINVAL;
	memcpy(to, frame->data + offset, len);
	return 0;
}

/* There are no skbs here; the code for them is compiled, and never run. */
static inline long bpf_skb_load_bytes(const void *skb, u32 offset, void *to, u32 len)
{
	(void)skb, (void)offset, (void)to, (void)len;
	return -EINVAL;
}

static inline u64 bpf_get_socket_cookie(void *ctx)
{
	(void)ctx;
	return 0;
}

/* --- time, loops ------------------------------------------------------------------ */

extern u64 host_now_ns;	/* of the packet in hand */

static inline u64 bpf_ktime_get_ns(void)
{
	return host_now_ns;
}

#define HOST_LOOPS_MAX (1 << 23)	/* BPF_MAX_LOOPS */

/* A capture tells no routes. */
static inline long bpf_fib_lookup(void *ctx, struct bpf_fib_lookup *fib, int size, u32 flags)
{
	(void)ctx;
	(void)fib;
	(void)size;
	(void)flags;
	return BPF_FIB_LKUP_RET_NOT_FWDED;
}

static inline long bpf_loop(u32 count, long (*step)(u32 i, void *context), void *context, u64 flags)
{
	u32 i;

	if (flags)
		return -EINVAL;
	if (count > HOST_LOOPS_MAX)
		return -E2BIG;
	for (i = 0; i < count; i++)
		if (step(i, context))
			return i + 1;
	return i;
}

#endif /* IMCTL_CLASSIFY_SHIM_H */
