/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What loading the programs and attaching devices have in common.
 */
#ifndef IMCTL_LOADER_INTERNAL_H
#define IMCTL_LOADER_INTERNAL_H

#include "loader.h"
#include "object.h"

/* One imctl at a time: a descriptor to close. `make`: the folders are made. Errors are said. */
int loader_take_lock(bool make);

/* The pinned programs, all of them, or none: -ENOENT. */
int loader_open_programs(int programs[PROGRAM_MAX]);
void loader_close_programs(int programs[PROGRAM_MAX]);

/* Puts programs on each device; on failure `before` comes back to those changed. */
int loader_replace_all(int devices, const int programs[PROGRAM_MAX],
		       const int before[PROGRAM_MAX]);

/* Nothing of imtc is pinned any more. */
void loader_unpin_all(void);

#endif /* IMCTL_LOADER_INTERNAL_H */
