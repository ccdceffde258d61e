// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services of the user's own: names and numbers, in this process and in a pinned map.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "bpffs.h"
#include "diag.h"
#include "mapread.h"
#include "own.h"
#include "signature.h"

#define OWN_MAP "services"

static struct own_service services[OWN_MAX];

/* Numbers that are in use come before any that are given here. */
static void read_kept(void)
{
	static bool done;
	int fd;

	if (done)
		return;
	done = true;
	fd = map_open(OWN_MAP, sizeof(u32), sizeof(struct own_service));
	if (fd < 0)
		return;
	for (u32 i = 0; i < OWN_MAX; i++) {
		if (bpf_map_lookup_elem(fd, &i, &services[i]))
			memset(&services[i], 0, sizeof(services[i]));
		services[i].name[sizeof(services[i].name) - 1] = '\0';
		services[i].title[sizeof(services[i].title) - 1] = '\0';
	}
	close(fd);
}

static int find(const char *name)
{
	for (int i = 0; i < OWN_MAX; i++)
		if (services[i].name[0] && !strcmp(services[i].name, name))
			return i;
	return -1;
}

int own_add(const struct own_service *service)
{
	int i;

	read_kept();
	i = find(service->name);
	for (int k = 0; k < OWN_MAX && i < 0; k++)
		if (!services[k].name[0])
			i = k;
	if (i < 0)
		return -1;
	services[i] = *service;
	return OWN_FIRST + i;
}

/*
 * Who asks may not have read the signature files, which name the services: a
 * policy is checked where nothing is loaded. Errors in them are said by those who
 * load them.
 */
static void read_files(void)
{
	static bool done;
	struct diag *diag;

	if (done)
		return;
	done = true;
	diag = diag_new();
	if (diag)
		signatures_free(signatures_read(signature_folders(NULL), diag));
	diag_free(diag);
}

int own_number(const char *name)
{
	int i;

	read_kept();
	i = find(name);
	if (i < 0) {
		read_files();
		i = find(name);
	}
	return i < 0 ? -1 : OWN_FIRST + i;
}

const struct own_service *own_get(unsigned int number)
{
	if (number < OWN_FIRST || number >= IMTC_SERVICE_MAX)
		return NULL;
	read_kept();
	return services[number - OWN_FIRST].name[0] ? &services[number - OWN_FIRST] : NULL;
}

int own_keep(void)
{
	int fd = map_open(OWN_MAP, sizeof(u32), sizeof(struct own_service));
	bool made = fd == -ENOENT;
	int err = 0;

	if (made)
		fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "imtc_services", sizeof(u32),
				    sizeof(struct own_service), OWN_MAX, NULL);
	if (fd < 0)
		return made ? -errno : fd;
	for (u32 i = 0; i < OWN_MAX && !err; i++)
		if (bpf_map_update_elem(fd, &i, &services[i], BPF_ANY))
			err = -errno;
	if (!err && made)
		err = bpffs_pin(fd, BPFFS_MAPS, OWN_MAP);
	close(fd);
	return err;
}
