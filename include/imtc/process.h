/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Process patterns of a policy and the facts about a process that they are
 * asked about. For the module and imctl; BPF never sees a process.
 */
#ifndef IMTC_PROCESS_H
#define IMTC_PROCESS_H

#include <imtc/policy.h>

#define IMTC_COMM_BYTES 16	/* TASK_COMM_LEN */
#define IMTC_PATH_BYTES 256	/* exe and cgroup paths, with the NUL; longer ones never match */

/* imtc_proc.flags: which criteria are set; all set ones must hold */
#define IMTC_PROC_EXE 0x01
#define IMTC_PROC_COMM 0x02
#define IMTC_PROC_UID 0x04
#define IMTC_PROC_GID 0x08
#define IMTC_PROC_CGROUP 0x10	/* the cgroup or one below it */

struct imtc_proc {
	u32 flags;
	u32 uid;	/* in the initial user namespace */
	u32 gid;
	char comm[IMTC_COMM_BYTES];
	char exe[IMTC_PATH_BYTES];
	char cgroup[IMTC_PATH_BYTES];	/* without a trailing slash */
};

struct imtc_owner {
	u64 handle;
	u64 start_ns;	/* CLOCK_BOOTTIME at the start of the process */
	u32 pid;	/* tgid in the initial pid namespace */
	u32 uid;
	u32 gid;
	u32 reserved;
	char comm[IMTC_COMM_BYTES];
	char exe[IMTC_PATH_BYTES];
	char cgroup[IMTC_PATH_BYTES];
};

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Is path the same as, or below, the cgroup named by prefix? */
static inline int imtc_cgroup_matches(const char *prefix, const char *path)
{
	size_t n = strnlen(prefix, IMTC_PATH_BYTES);

	if (strncmp(prefix, path, n))
		return 0;
	return n == 0 || path[n] == '\0' || path[n] == '/';
}

static inline int imtc_proc_matches(const struct imtc_proc *p, const struct imtc_owner *o)
{
	if ((p->flags & IMTC_PROC_UID) && p->uid != o->uid)
		return 0;
	if ((p->flags & IMTC_PROC_GID) && p->gid != o->gid)
		return 0;
	if ((p->flags & IMTC_PROC_COMM) && strncmp(p->comm, o->comm, IMTC_COMM_BYTES))
		return 0;
	if ((p->flags & IMTC_PROC_EXE) && strncmp(p->exe, o->exe, IMTC_PATH_BYTES))
		return 0;
	if ((p->flags & IMTC_PROC_CGROUP) && !imtc_cgroup_matches(p->cgroup, o->cgroup))
		return 0;
	return 1;
}

#endif /* IMTC_PROCESS_H */
