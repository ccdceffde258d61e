/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bpf file system: where pins lie, the lock that keeps two imctl apart, and
 * opening what is pinned. Knows no map and no program. Returns negative errno.
 */
#ifndef IMCTL_BPFFS_H
#define IMCTL_BPFFS_H

#include <stdbool.h>

#define BPFFS_PATH_BYTES 256

enum bpffs_dir { BPFFS_TOP, BPFFS_MAPS, BPFFS_LINKS, BPFFS_PROGRAMS, BPFFS_POLICY };

/* Is a bpf file system mounted where the pins are? */
bool bpffs_is_mounted(void);
/*
 * Takes the lock: one writer at a time; waits. Returns a descriptor to close
 * (>= 0). The lock ends with the process, however that ends. -ENOENT: there is
 * no bpf file system.
 */
int bpffs_lock(void);
/* As bpffs_lock, after mounting the file system and making imtc's folders. */
int bpffs_prepare(void);
/* Was it this process that mounted it? */
bool bpffs_mounted_now(void);

void bpffs_path(char path[BPFFS_PATH_BYTES], enum bpffs_dir dir, const char *name);
/* The descriptor of a pinned object; -ENOENT where there is none. */
int bpffs_open(enum bpffs_dir dir, const char *name);
/* Pins, in one step taking the place of what had the name. */
int bpffs_pin(int fd, enum bpffs_dir dir, const char *name);
/* 0 also where nothing was pinned. */
int bpffs_unpin(enum bpffs_dir dir, const char *name);
/* Calls back for each name in a folder; a non-zero answer ends it and is returned. */
int bpffs_each(enum bpffs_dir dir, int (*visit)(const char *name, void *data), void *data);
/* Removes every pin in a folder. */
int bpffs_empty(enum bpffs_dir dir);
/* Removes the folders (they must be empty). */
void bpffs_remove(void);

#endif /* IMCTL_BPFFS_H */
