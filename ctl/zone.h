/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time zones, as the C library's tzdata knows them: when their clocks change.
 */
#ifndef IMCTL_ZONE_H
#define IMCTL_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONE_BYTES 64

/* From `at` (seconds of UTC) on, local time is UTC and so many seconds. */
struct zone_change {
	int64_t at;
	int32_t offset;
};

/* The first change stands at the beginning of what was asked for. */
struct zone_changes {
	struct zone_change *items;
	size_t count;
};

/* "Europe/Berlin", "UTC"; "" is this host's own zone. */
bool zone_is_known(const char *name);
/* How the zone's clocks go from begin until end. False: no memory. */
bool zone_read(const char *name, int64_t begin, int64_t end, struct zone_changes *ret_changes);
void zone_free(struct zone_changes *changes);
/* The offset at a moment that is not before the first change. */
int32_t zone_offset(const struct zone_changes *changes, int64_t at);

#endif /* IMCTL_ZONE_H */
