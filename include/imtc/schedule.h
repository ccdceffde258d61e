/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which schedules of a policy are open at a moment: a list of turns, made by
 * imctl, which knows days and time zones, and read in the kernel, which does not.
 */
#ifndef IMTC_SCHEDULE_H
#define IMTC_SCHEDULE_H

#include <imtc/types.h>

#define IMTC_SCHEDULES_MAX 32	/* a policy; their numbers are from 1 */
#define IMTC_SCHEDULE_TURNS_MAX 4096	/* of all schedules of a policy */
/* imtc_rule.schedule: a number, and whether the schedule must be closed. */
#define IMTC_SCHEDULE_NUMBER 0x3f
#define IMTC_SCHEDULE_NOT 0x80

#define IMTC_WEEK_SECONDS (7 * 24 * 3600u)
#define IMTC_SCHEDULE_WEEKS 52	/* that are done again where a list has ended */

/*
 * From `at` on these schedules are open. Turns rise; the first and the last say how
 * far the list goes, a week at least.
 */
struct imtc_turn {
	u32 at;		/* seconds of UTC since 1970 */
	u32 open;	/* bit n - 1: schedule n is open */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_turn) == 8);

/*
 * Before its list and after it a schedule keeps the week days: what is asked for is
 * moved into the list by whole weeks, up to 52 at a time.
 */
static __always_inline u32 imtc_schedule_fold(u32 begin, u32 end, u32 now)
{
	u32 weeks = (end - begin) / IMTC_WEEK_SECONDS, period;

	if (!weeks)
		return begin;
	period = (weeks < IMTC_SCHEDULE_WEEKS ? weeks : IMTC_SCHEDULE_WEEKS) * IMTC_WEEK_SECONDS;
	if (now >= end)
		return end - period + (now - end) % period;
	if (now < begin)
		return begin + period - 1 - (begin - now - 1) % period;
	return now;
}

#ifndef __bpf__
/*
 * The schedules that are open now, and in how many seconds that may change. The list
 * has two turns at least. BPF looks into its map instead.
 */
static inline u32 imtc_schedule_open(const struct imtc_turn *turns, u32 count, u32 now,
				     u32 *ret_left)
{
	u32 low = 0, high = count - 1;	/* the turn is at low or after it, and before high */

	now = imtc_schedule_fold(turns[0].at, turns[count - 1].at, now);
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (turns[middle].at <= now)
			low = middle;
		else
			high = middle;
	}
	*ret_left = turns[high].at - now;
	return turns[low].open;
}

/* What both ends of netlink hold of a list, of n schedules. */
static inline int imtc_turns_are_valid(const struct imtc_turn *turns, u32 count, u32 n)
{
	u32 known = n >= 32 ? ~0u : (1u << n) - 1;

	if (count < 2 || count > IMTC_SCHEDULE_TURNS_MAX || turns[0].open & ~known)
		return 0;
	for (u32 i = 1; i < count; i++)
		if (turns[i].at <= turns[i - 1].at || turns[i].open & ~known)
			return 0;
	return turns[count - 1].at - turns[0].at >= IMTC_WEEK_SECONDS;
}
#endif

#endif /* IMTC_SCHEDULE_H */
