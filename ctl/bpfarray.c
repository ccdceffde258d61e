// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arrays in the kernel, written and read whole.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "bpfpolicy.h"

int bpf_array_make(const char *name, u32 flags, const void *values, u32 bytes, u32 count)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = flags);
	u32 *keys = calloc(count, sizeof(*keys));
	u32 done = count;
	int fd, err = 0;

	if (!keys)
		return -ENOMEM;
	for (u32 i = 0; i < count; i++)
		keys[i] = i;
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, sizeof(u32), bytes, count, &opts);
	if (fd < 0)
		err = -errno;
	else if (bpf_map_update_batch(fd, keys, values, &done, NULL))
		err = -errno;
	free(keys);
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

int bpf_array_read(int fd, u32 bytes, u32 first, u32 count, void **ret_values)
{
	char *values = calloc(count ? count : 1, bytes);

	if (!values)
		return -ENOMEM;
	for (u32 i = 0; i < count; i++) {
		u32 key = first + i;

		if (bpf_map_lookup_elem(fd, &key, values + (size_t)i * bytes)) {
			free(values);
			return -errno;
		}
	}
	*ret_values = values;
	return 0;
}
