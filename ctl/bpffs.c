// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bpf file system: mount, folders, lock, pins.
 */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <imtc/control.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bpffs.h"

#define BPFFS_ROOT "/sys/fs/bpf"
#define ASIDE "new-pin"

static const char *const folders[] = {
	[BPFFS_TOP] = IMTC_PIN_DIR,
	[BPFFS_MAPS] = IMTC_PIN_DIR "/maps",
	[BPFFS_LINKS] = IMTC_PIN_DIR "/links",
	[BPFFS_PROGRAMS] = IMTC_PIN_DIR "/programs",
	[BPFFS_POLICY] = IMTC_PIN_DIR "/policy",
};
#define N_FOLDERS (sizeof(folders) / sizeof(folders[0]))

static bool mounted_now;

bool bpffs_is_mounted(void)
{
	struct statfs st;

	return statfs(BPFFS_ROOT, &st) == 0 && (unsigned long)st.f_type == BPF_FS_MAGIC;
}

bool bpffs_mounted_now(void)
{
	return mounted_now;
}

static int lock_root(void)
{
	/*
	 * The root and not imtc's own folder: that one is removed by
	 * `detach --all`, and a lock on a removed folder locks nothing.
	 */
	int fd = open(BPFFS_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX)) {
		if (errno != EINTR) {
			int err = -errno;

			close(fd);
			return err;
		}
	}
	return fd;
}

int bpffs_lock(void)
{
	int fd;

	if (!bpffs_is_mounted())
		return -ENOENT;
	fd = lock_root();
	if (fd < 0)
		return fd;
	/* What one that was killed between its pin and its rename left. */
	for (size_t i = 0; i < N_FOLDERS; i++)
		bpffs_unpin(i, ASIDE);
	return fd;
}

int bpffs_prepare(void)
{
	int fd;

	if (!bpffs_is_mounted()) {
		if (mount("bpf", BPFFS_ROOT, "bpf", 0, "mode=0700"))
			return -errno;
		mounted_now = true;
	}
	fd = bpffs_lock();
	if (fd < 0)
		return fd;
	for (size_t i = 0; i < N_FOLDERS; i++) {
		if (mkdir(folders[i], 0700) && errno != EEXIST) {
			int err = -errno;

			close(fd);
			return err;
		}
	}
	return fd;
}

void bpffs_path(char path[BPFFS_PATH_BYTES], enum bpffs_dir dir, const char *name)
{
	snprintf(path, BPFFS_PATH_BYTES, "%s/%s", folders[dir], name);
}

int bpffs_open(enum bpffs_dir dir, const char *name)
{
	char path[BPFFS_PATH_BYTES];
	int fd;

	bpffs_path(path, dir, name);
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

int bpffs_pin(int fd, enum bpffs_dir dir, const char *name)
{
	char path[BPFFS_PATH_BYTES], aside[BPFFS_PATH_BYTES];

	bpffs_path(path, dir, name);
	/* Made aside and renamed: the name asked for is never absent. */
	bpffs_path(aside, dir, ASIDE);
	if (unlink(aside) && errno != ENOENT)
		return -errno;
	if (bpf_obj_pin(fd, aside))
		return -errno;
	if (rename(aside, path)) {
		int err = -errno;

		unlink(aside);
		return err;
	}
	return 0;
}

int bpffs_unpin(enum bpffs_dir dir, const char *name)
{
	char path[BPFFS_PATH_BYTES];

	bpffs_path(path, dir, name);
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

int bpffs_each(enum bpffs_dir dir, int (*visit)(const char *name, void *data), void *data)
{
	DIR *d = opendir(folders[dir]);
	struct dirent *entry;
	int err = 0;

	if (!d)
		return errno == ENOENT ? 0 : -errno;
	while (!err && (entry = readdir(d)))
		if (entry->d_name[0] != '.' && entry->d_type != DT_DIR)
			err = visit(entry->d_name, data);
	closedir(d);
	return err;
}

static int unpin_one(const char *name, void *dir)
{
	return bpffs_unpin(*(enum bpffs_dir *)dir, name);
}

int bpffs_empty(enum bpffs_dir dir)
{
	return bpffs_each(dir, unpin_one, &dir);
}

void bpffs_remove(void)
{
	for (size_t i = N_FOLDERS; i-- > 0;)
		rmdir(folders[i]);
}
