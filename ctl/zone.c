// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the C library, which knows one zone at a time: the process's own zone is
 * put back each time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "zone.h"

#define ZONES_DIR "/usr/share/zoneinfo"
/* No zone changes its clocks twice within that. */
#define STEP_SECONDS (6 * 3600)

static char *zone_enter(const char *name)
{
	const char *own = getenv("TZ");
	char *kept = own ? strdup(own) : NULL;
	char value[ZONE_BYTES + 1];

	if (!name[0])
		snprintf(value, sizeof(value), ":/etc/localtime");
	else if (!strcmp(name, "UTC"))
		snprintf(value, sizeof(value), "UTC0");
	else
		snprintf(value, sizeof(value), ":%s", name);
	setenv("TZ", value, 1);
	tzset();
	return kept;
}

static void zone_leave(char *kept)
{
	if (kept)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
}

/*
 * The library takes a zone that it does not know for UTC, and a path for a file: only
 * names that tzdata has.
 */
bool zone_is_known(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";
	char path[sizeof(ZONES_DIR) + ZONE_BYTES], magic[4];
	size_t got;
	FILE *file;

	if (!name[0] || !strcmp(name, "UTC"))
		return true;
	if (strlen(name) >= ZONE_BYTES || strspn(name, letters) != strlen(name) || name[0] == '/')
		return false;
	snprintf(path, sizeof(path), ZONES_DIR "/%s", name);
	file = fopen(path, "re");
	if (!file)
		return false;
	/* RFC 8536 section 3.1: how such a file begins. A folder has nothing to read. */
	got = fread(magic, 1, sizeof(magic), file);
	fclose(file);
	return got == sizeof(magic) && !memcmp(magic, "TZif", sizeof(magic));
}

static int32_t offset_at(int64_t at)
{
	time_t when = (time_t)at;
	struct tm local;

	return localtime_r(&when, &local) ? (int32_t)local.tm_gmtoff : 0;
}

static bool add_change(struct zone_changes *changes, int64_t at, int32_t offset)
{
	struct zone_change *items = reallocarray(changes->items, changes->count + 1,
						 sizeof(*items));

	if (!items)
		return false;
	changes->items = items;
	items[changes->count++] = (struct zone_change) { at, offset };
	return true;
}

/* The second at which the offset is no more that of low; it is another at high. */
static int64_t find_change(int64_t low, int64_t high)
{
	int32_t before = offset_at(low);

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (offset_at(middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

bool zone_read(const char *name, int64_t begin, int64_t end, struct zone_changes *ret_changes)
{
	char *kept = zone_enter(name);
	int32_t offset = offset_at(begin), next;
	bool fine;

	memset(ret_changes, 0, sizeof(*ret_changes));
	fine = add_change(ret_changes, begin, offset);
	for (int64_t at = begin; fine && at < end; at += STEP_SECONDS) {
		next = offset_at(at + STEP_SECONDS);
		if (next == offset)
			continue;
		fine = add_change(ret_changes, find_change(at, at + STEP_SECONDS), next);
		offset = next;
	}
	zone_leave(kept);
	if (!fine)
		zone_free(ret_changes);
	return fine;
}

void zone_free(struct zone_changes *changes)
{
	free(changes->items);
	memset(changes, 0, sizeof(*changes));
}

int32_t zone_offset(const struct zone_changes *changes, int64_t at)
{
	int32_t offset = 0;

	for (size_t i = 0; i < changes->count && (!i || changes->items[i].at <= at); i++)
		offset = changes->items[i].offset;
	return offset;
}
