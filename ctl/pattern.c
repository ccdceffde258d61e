// SPDX-License-Identifier: GPL-2.0-only
/*
 * The texts of process patterns, and when one pattern is as wide as another.
 */
#include <stddef.h>
#include <string.h>
#include <linux/imtc.h>

#include "pattern.h"

#define TEXT(flag, attribute, key, field) \
	{ flag, attribute, key, offsetof(struct imtc_proc, field), \
	  sizeof(((struct imtc_proc *)0)->field) }

const struct pattern_text pattern_texts[] = {
	TEXT(IMTC_PROC_EXE, IMTC_RULE_A_EXE, "exe", exe),
	TEXT(IMTC_PROC_UNDER, IMTC_RULE_A_UNDER, "under", under),
	TEXT(IMTC_PROC_COMM, IMTC_RULE_A_COMM, "comm", comm),
	TEXT(IMTC_PROC_CGROUP, IMTC_RULE_A_CGROUP, "cgroup", cgroup),
	TEXT(IMTC_PROC_UNIT, IMTC_RULE_A_UNIT, "systemd_unit", unit),
	TEXT(IMTC_PROC_CONTAINER, IMTC_RULE_A_CONTAINER, "container", container),
	TEXT(IMTC_PROC_EXE_SHA256, IMTC_RULE_A_EXE_SHA256, "exe_sha256", exe_sha256),
	{ 0 },
};

/* A pattern is as wide as itself, and as a plain text that it matches. */
static bool glob_covers(const char *wide, const char *narrow, enum imtc_glob_end end)
{
	return !strcmp(wide, narrow) ||
	       (imtc_glob_is_plain(narrow) && imtc_glob_matches(wide, narrow, end));
}

/* A plain path is also as wide as the patterns that begin with it. */
static bool cgroup_covers(const char *wide, const char *narrow)
{
	return glob_covers(wide, narrow, IMTC_GLOB_ABOVE) ||
	       (imtc_glob_is_plain(wide) && imtc_glob_matches(wide, narrow, IMTC_GLOB_ABOVE));
}

bool pattern_covers(const struct imtc_proc *wide, const struct imtc_proc *narrow)
{
	if (wide->flags & ~narrow->flags)
		return false;
	if ((wide->flags & IMTC_PROC_UID) && wide->uid != narrow->uid)
		return false;
	if ((wide->flags & IMTC_PROC_GID) && wide->gid != narrow->gid)
		return false;
	if ((wide->flags & IMTC_PROC_EXE_SET) && wide->exe_set != narrow->exe_set)
		return false;
	if ((wide->flags & IMTC_PROC_USER_SET) && wide->user_set != narrow->user_set)
		return false;
	if ((wide->flags & IMTC_PROC_COMM) && strcmp(wide->comm, narrow->comm))
		return false;
	if ((wide->flags & IMTC_PROC_EXE) &&
	    !glob_covers(wide->exe, narrow->exe, IMTC_GLOB_WHOLE))
		return false;
	if ((wide->flags & IMTC_PROC_UNDER) &&
	    !glob_covers(wide->under, narrow->under, IMTC_GLOB_WHOLE))
		return false;
	if ((wide->flags & IMTC_PROC_CGROUP) && !cgroup_covers(wide->cgroup, narrow->cgroup))
		return false;
	if ((wide->flags & IMTC_PROC_UNIT) &&
	    !glob_covers(wide->unit, narrow->unit, IMTC_GLOB_WHOLE))
		return false;
	if ((wide->flags & IMTC_PROC_EXE_SHA256) && strcmp(wide->exe_sha256, narrow->exe_sha256))
		return false;
	return !(wide->flags & IMTC_PROC_CONTAINER) ||
	       !strncmp(wide->container, narrow->container, strlen(wide->container));
}
