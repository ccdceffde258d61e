// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control block, mapped for writing, and imctl's own state beside it.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "bpffs.h"
#include "control.h"
#include "mapread.h"

#define STATE_MAP "state"

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int control_map(struct imtc_control **ret_control)
{
	int fd = map_open("control", sizeof(u32), sizeof(struct imtc_control));
	void *at;
	int err = 0;

	if (fd < 0)
		return fd;
	at = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		err = -errno;
	close(fd);
	if (!err)
		*ret_control = at;
	return err;
}

void control_unmap(struct imtc_control *control)
{
	if (control)
		munmap(control, page_bytes());
}

int control_seed(struct imtc_control *control)
{
	u64 seed[2];

	if (control->domain_seed[0] | control->domain_seed[1])
		return 0;
	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return -errno;
	control->domain_seed[0] = seed[0];
	control->domain_seed[1] = seed[1];
	return 0;
}

int state_get(struct loader_state *ret_state)
{
	struct loader_state state;
	u32 zero = 0;
	int fd = map_open(STATE_MAP, sizeof(zero), sizeof(state));
	int err = 0;

	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, &state))
		err = -errno;
	close(fd);
	if (!err)
		*ret_state = state;
	return err;
}

int state_put(const struct loader_state *state)
{
	u32 zero = 0;
	int fd = map_open(STATE_MAP, sizeof(zero), sizeof(*state));
	int err = 0;

	if (fd == -ENOENT) {
		fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "imtc_state", sizeof(zero),
				    sizeof(*state), 1, NULL);
		if (fd < 0)
			return -errno;
		err = bpffs_pin(fd, BPFFS_MAPS, STATE_MAP);
	}
	if (fd < 0)
		return fd;
	if (!err && bpf_map_update_elem(fd, &zero, state, BPF_ANY))
		err = -errno;
	close(fd);
	return err;
}
