/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Process patterns of a policy and the facts about a process that they are
 * asked about. For the module and imctl; BPF never sees a process.
 */
#ifndef IMTC_PROCESS_H
#define IMTC_PROCESS_H

#include <imtc/glob.h>
#include <imtc/policy.h>

#define IMTC_COMM_BYTES 16	/* TASK_COMM_LEN */
#define IMTC_PATH_BYTES 256	/* exe and cgroup paths, with the NUL; longer ones never match */
#define IMTC_CONTAINER_HEX 64	/* digits of a container's id, and the fewest that name one */
#define IMTC_CONTAINER_HEX_MIN 12
#define IMTC_SHA256_HEX 64	/* digits */
#define IMTC_ANCESTORS_MAX 32	/* different programs that a process is known to descend from */

/* imtc_proc.flags: which criteria are set; all set ones must hold */
#define IMTC_PROC_EXE 0x01
#define IMTC_PROC_COMM 0x02
#define IMTC_PROC_UID 0x04
#define IMTC_PROC_GID 0x08
#define IMTC_PROC_CGROUP 0x10	/* the cgroup or one below it */
#define IMTC_PROC_UNIT 0x20
#define IMTC_PROC_CONTAINER 0x40
#define IMTC_PROC_UNDER 0x80	/* an ancestor's exe */
#define IMTC_PROC_EXE_SET 0x100
#define IMTC_PROC_USER_SET 0x200
#define IMTC_PROC_EXE_SHA256 0x400

struct imtc_proc {
	u32 flags;
	u32 uid;	/* in the initial user namespace */
	u32 gid;
	char comm[IMTC_COMM_BYTES];
	char exe[IMTC_PATH_BYTES];	/* this and the next three: patterns as in imtc/glob.h */
	char under[IMTC_PATH_BYTES];
	char cgroup[IMTC_PATH_BYTES];	/* without a trailing slash */
	char unit[IMTC_PATH_BYTES];	/* a part of the cgroup's path */
	char container[IMTC_CONTAINER_HEX + 4];	/* how its id begins, in small letters */
	char exe_sha256[IMTC_SHA256_HEX + 4];	/* of what the exe holds, in small letters */
	u8 exe_set;	/* numbers of sets that have the exe, the user */
	u8 user_set;
	u8 reserved[2];
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
	char exe_sha256[IMTC_SHA256_HEX + 4];	/* as in imtc_proc; "": it is not known */
	/*
	 * Who it descends from, the nearest first, of those of one exe only one; NULL: no
	 * more is known. As they were when the process first acted on a socket.
	 */
	const struct imtc_owner *above;
};

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* The next part of a path, from a slash or the end of the one before on; NULL: none. */
static inline const char *imtc_path_part(const char *path)
{
	while (*path == '/')
		path++;
	return *path ? path : NULL;
}

static inline size_t imtc_path_part_bytes(const char *part)
{
	size_t n = 0;

	while (part[n] && part[n] != '/')
		n++;
	return n;
}

/*
 * Is one of the path's parts a unit of that name? systemd puts "_" before a name that
 * could be a file of the kernel's in a cgroup (cg_escape() of its cgroup-util.c).
 */
static inline int imtc_unit_matches(const char *unit, const char *cgroup)
{
	for (const char *part = imtc_path_part(cgroup); part;
	     part = imtc_path_part(part + imtc_path_part_bytes(part)))
		if (imtc_glob_matches(unit, part, IMTC_GLOB_ABOVE) ||
		    (*part == '_' && imtc_glob_matches(unit, part + 1, IMTC_GLOB_ABOVE)))
			return 1;
	return 0;
}

static inline int imtc_is_hex(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

/*
 * Is the part of a path a container's, whose id begins so? Those that run containers
 * write "ID" or "NAME-ID", and ".scope" behind it where systemd makes the cgroup.
 * NAME-conmon-ID is what watches the container from outside.
 */
static inline int imtc_container_part_matches(const char *id, const char *part, size_t bytes)
{
	static const char scope[] = ".scope", watcher[] = "conmon-";
	const size_t scope_bytes = sizeof(scope) - 1, watcher_bytes = sizeof(watcher) - 1;
	size_t name;

	if (bytes > scope_bytes && !memcmp(part + bytes - scope_bytes, scope, scope_bytes))
		bytes -= scope_bytes;
	if (bytes < IMTC_CONTAINER_HEX)
		return 0;
	name = bytes - IMTC_CONTAINER_HEX;
	for (size_t i = name; i < bytes; i++)
		if (!imtc_is_hex(part[i]))
			return 0;
	if (name && part[name - 1] != '-')
		return 0;
	if (name >= watcher_bytes && !memcmp(part + name - watcher_bytes, watcher, watcher_bytes))
		return 0;
	return !strncmp(id, part + name, strnlen(id, IMTC_CONTAINER_HEX));
}

static inline int imtc_container_matches(const char *id, const char *cgroup)
{
	for (const char *part = imtc_path_part(cgroup); part;
	     part = imtc_path_part(part + imtc_path_part_bytes(part)))
		if (imtc_container_part_matches(id, part, imtc_path_part_bytes(part)))
			return 1;
	return 0;
}

static inline int imtc_under_matches(const char *pattern, const struct imtc_owner *owner)
{
	const struct imtc_owner *above = owner->above;

	for (u32 i = 0; above && i < IMTC_ANCESTORS_MAX; i++, above = above->above)
		if (imtc_glob_matches(pattern, above->exe, IMTC_GLOB_WHOLE))
			return 1;
	return 0;
}

/* sets: bit a set that has its user or its exe (imtc/policy_owner.h). */
static inline int imtc_proc_matches(const struct imtc_proc *p, const struct imtc_owner *o,
				    u64 sets)
{
	if ((p->flags & IMTC_PROC_EXE_SET) && !(sets >> (p->exe_set & 63) & 1))
		return 0;
	if ((p->flags & IMTC_PROC_USER_SET) && !(sets >> (p->user_set & 63) & 1))
		return 0;
	if ((p->flags & IMTC_PROC_UID) && p->uid != o->uid)
		return 0;
	if ((p->flags & IMTC_PROC_GID) && p->gid != o->gid)
		return 0;
	if ((p->flags & IMTC_PROC_COMM) && strncmp(p->comm, o->comm, IMTC_COMM_BYTES))
		return 0;
	if ((p->flags & IMTC_PROC_EXE) && !imtc_glob_matches(p->exe, o->exe, IMTC_GLOB_WHOLE))
		return 0;
	if ((p->flags & IMTC_PROC_EXE_SHA256) &&
	    strncmp(p->exe_sha256, o->exe_sha256, IMTC_SHA256_HEX))
		return 0;
	if ((p->flags & IMTC_PROC_UNDER) && !imtc_under_matches(p->under, o))
		return 0;
	if ((p->flags & IMTC_PROC_CGROUP) &&
	    !imtc_glob_matches(p->cgroup, o->cgroup, IMTC_GLOB_ABOVE))
		return 0;
	if ((p->flags & IMTC_PROC_UNIT) && !imtc_unit_matches(p->unit, o->cgroup))
		return 0;
	return !(p->flags & IMTC_PROC_CONTAINER) ||
	       imtc_container_matches(p->container, o->cgroup);
}

#endif /* IMTC_PROCESS_H */
