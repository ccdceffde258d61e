/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedules as a policy says them - days, hours, a time zone, holidays - and as
 * the kernel reads them: the moments at which they open and close.
 */
#ifndef IMCTL_SCHEDULE_H
#define IMCTL_SCHEDULE_H

#include <imtc/policy.h>
#include <imtc/schedule.h>

#include "zone.h"

#define SCHEDULE_SPANS_MAX 8	/* a schedule */
#define SCHEDULE_HOLIDAYS_MAX 128	/* a span */
#define SCHEDULE_DAY_MINUTES (24 * 60)
#define SCHEDULE_ALL_DAYS 0x7f
/* How far ahead turns are made: two years, and a week back. */
#define SCHEDULE_AHEAD_SECONDS (2 * 366 * 24 * 3600)
#define SCHEDULE_BACK_SECONDS (8 * 24 * 3600)

struct schedule_date {
	u16 year;	/* 0: each year */
	u8 month;
	u8 day;
};

/*
 * Open while the wall clock of the zone is at `from` or later and before `to`, on these
 * days; where `to` is not after `from`, it is of the next day. A holiday is not one of
 * the days. An hour that is skipped is in no span, one that is done twice is in it twice.
 */
struct schedule_span {
	u16 from, to;		/* minutes of the day; to: up to 1440 */
	u8 days;		/* bit a day, Monday is bit 0 */
	char zone[ZONE_BYTES];
	struct schedule_date *holidays;
	size_t holiday_count;
};

/* Open while one of its spans is. */
struct schedule {
	char name[IMTC_NAME_BYTES];
	struct schedule_span spans[SCHEDULE_SPANS_MAX];
	size_t span_count;
};

/* Number n is items[n - 1]. */
struct schedules {
	struct schedule *items;
	size_t count;
};

void schedules_free(struct schedules *schedules);
/* The number of the schedule of that name, 0: none. */
u32 schedules_find(const struct schedules *schedules, const char *name);
/* Which are open at a moment, as in imtc_turn; all where there is no memory. */
u32 schedules_open(const struct schedules *schedules, int64_t at);
/*
 * The turns from `begin` on, as far as IMTC_SCHEDULE_TURNS_MAX of them reach and no further than
 * `end`, for free(); of seconds that 32 bits hold. -ENOMEM; -E2BIG: they do not reach
 * four weeks far.
 */
int schedules_compile(const struct schedules *schedules, int64_t begin, int64_t end,
		      struct imtc_turn **ret_turns, u32 *ret_count);
/* "mon-fri 09:00-17:30 Europe/Berlin, holidays 2026-12-25; ..." */
void schedule_text(const struct schedule *schedule, char *text, size_t size);

#endif /* IMCTL_SCHEDULE_H */
