// SPDX-License-Identifier: GPL-2.0-only
/*
 * From days and hours to moments. What is open is asked of the wall clock, at each
 * moment at which the answer may change: where a span begins or ends, and where the
 * zone's clocks change.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"
#include "text.h"

#define DAY_SECONDS (24 * 3600)
#define MONDAY_OFFSET 3		/* 1970-01-01 was a Thursday */
#define LEAST_WEEKS 4

/* A zone's changes, and which spans it is of. */
struct compiling {
	const struct schedules *schedules;
	struct zone_changes (*zones)[SCHEDULE_SPANS_MAX];	/* by schedule and span */
	int64_t *moments;
	size_t moment_count, moment_size;
};

/* --- the calendar -------------------------------------------------------------- */

/* Rounds down, also below zero. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The proleptic Gregorian date of a day since 1970-01-01. */
static struct schedule_date date_of(int64_t day)
{
	static const u16 before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
	struct schedule_date date = { 0 };
	int64_t year = 1970 + floor_div(day, 366);
	bool leap;
	int64_t rest;
	u8 month = 1;

	for (;; year++) {
		int64_t past = year - 1;

		rest = day + 719162 - (past * 365 + past / 4 - past / 100 + past / 400);
		leap = !(year % 4) && (year % 100 || !(year % 400));
		if (rest < 365 + leap)
			break;
	}
	while (rest >= before[month] + (leap && month >= 2))
		month++;
	date.year = (u16)year;
	date.month = month;
	date.day = (u8)(rest - before[month - 1] - (leap && month > 2) + 1);
	return date;
}

static bool is_day_of(const struct schedule_span *span, int64_t day)
{
	struct schedule_date date;
	int64_t weekday = (day + MONDAY_OFFSET) % 7;

	if (weekday < 0)
		weekday += 7;
	if (!(span->days >> weekday & 1))
		return false;
	if (!span->holiday_count)
		return true;
	date = date_of(day);
	for (size_t i = 0; i < span->holiday_count; i++) {
		const struct schedule_date *holiday = &span->holidays[i];

		if (holiday->month == date.month && holiday->day == date.day &&
		    (!holiday->year || holiday->year == date.year))
			return false;
	}
	return true;
}

/* Is the span open while the zone's clocks show that second? */
static bool is_open_locally(const struct schedule_span *span, int64_t local)
{
	int64_t day = floor_div(local, DAY_SECONDS);
	int64_t minute = (local - day * DAY_SECONDS) / 60;

	if (span->from < span->to)
		return minute >= span->from && minute < span->to && is_day_of(span, day);
	return (minute >= span->from && is_day_of(span, day)) ||
	       (minute < span->to && is_day_of(span, day - 1));
}

/* --- all schedules -------------------------------------------------------------- */

static void compiling_end(struct compiling *c)
{
	for (size_t i = 0; c->zones && i < c->schedules->count; i++)
		for (size_t k = 0; k < SCHEDULE_SPANS_MAX; k++)
			zone_free(&c->zones[i][k]);
	free(c->zones);
	free(c->moments);
}

static bool compiling_begin(struct compiling *c, const struct schedules *schedules,
			    int64_t begin, int64_t end)
{
	memset(c, 0, sizeof(*c));
	c->schedules = schedules;
	c->zones = calloc(schedules->count + 1, sizeof(*c->zones));
	for (size_t i = 0; c->zones && i < schedules->count; i++)
		for (size_t k = 0; k < schedules->items[i].span_count; k++)
			if (!zone_read(schedules->items[i].spans[k].zone, begin, end,
				       &c->zones[i][k]))
				return false;
	return c->zones;
}

static u32 open_at(const struct compiling *c, int64_t at)
{
	u32 open = 0;

	for (size_t i = 0; i < c->schedules->count; i++) {
		const struct schedule *schedule = &c->schedules->items[i];

		for (size_t k = 0; k < schedule->span_count; k++)
			if (is_open_locally(&schedule->spans[k],
					    at + zone_offset(&c->zones[i][k], at)))
				open |= 1u << i;
	}
	return open;
}

u32 schedules_open(const struct schedules *schedules, int64_t at)
{
	struct compiling c;
	u32 open = ~0u;

	if (compiling_begin(&c, schedules, at, at))
		open = open_at(&c, at);
	compiling_end(&c);
	return open;
}

/* --- turns ------------------------------------------------------------------------ */

static bool add_moment(struct compiling *c, int64_t at)
{
	if (c->moment_count == c->moment_size) {
		size_t size = c->moment_size ? c->moment_size * 2 : 256;
		int64_t *moments = reallocarray(c->moments, size, sizeof(*moments));

		if (!moments)
			return false;
		c->moments = moments;
		c->moment_size = size;
	}
	c->moments[c->moment_count++] = at;
	return true;
}

/* Where the span may open or close while the offset stays: from begin until end. */
static bool add_even_moments(struct compiling *c, const struct schedule_span *span,
			     int32_t offset, int64_t begin, int64_t end)
{
	int64_t first = floor_div(begin + offset, DAY_SECONDS) - 1;
	int64_t last = floor_div(end + offset, DAY_SECONDS);
	bool fine = add_moment(c, begin);

	for (int64_t day = first; fine && day <= last; day++) {
		int64_t midnight = day * DAY_SECONDS - offset;
		int64_t opens = midnight + span->from * 60, closes = midnight + span->to * 60;

		if (opens >= begin && opens < end)
			fine = add_moment(c, opens);
		if (fine && closes >= begin && closes < end)
			fine = add_moment(c, closes);
	}
	return fine;
}

static bool add_span_moments(struct compiling *c, const struct schedule_span *span,
			     const struct zone_changes *zone, int64_t begin, int64_t end)
{
	for (size_t i = 0; i < zone->count; i++) {
		int64_t from = zone->items[i].at;
		int64_t until = i + 1 < zone->count ? zone->items[i + 1].at : end;

		from = from < begin ? begin : from;
		until = until > end ? end : until;
		if (from < until && !add_even_moments(c, span, zone->items[i].offset, from, until))
			return false;
	}
	return true;
}

static int compare_moments(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

static bool find_moments(struct compiling *c, int64_t begin, int64_t end)
{
	c->moment_count = 0;
	for (size_t i = 0; i < c->schedules->count; i++) {
		const struct schedule *schedule = &c->schedules->items[i];

		for (size_t k = 0; k < schedule->span_count; k++)
			if (!add_span_moments(c, &schedule->spans[k], &c->zones[i][k], begin, end))
				return false;
	}
	if (c->moment_count)
		qsort(c->moments, c->moment_count, sizeof(*c->moments), compare_moments);
	return true;
}

/*
 * The turns of one week more. False where they do not all fit, with one for the end:
 * then none of them is kept, so that lists end with a whole week.
 */
static bool add_week(struct compiling *c, struct imtc_turn *turns, u32 *count)
{
	u32 before = *count;

	for (size_t i = 0; i < c->moment_count; i++) {
		u32 open = open_at(c, c->moments[i]);

		if (*count && turns[*count - 1].open == open)
			continue;
		if (*count == IMTC_SCHEDULE_TURNS_MAX - 1) {
			*count = before;
			return false;
		}
		turns[(*count)++] = (struct imtc_turn) { (u32)c->moments[i], open };
	}
	return true;
}

/* Returns where the list ends. */
static int64_t add_weeks(struct compiling *c, int64_t begin, int64_t end, struct imtc_turn *turns,
			 u32 *count)
{
	int64_t at = begin;

	for (; at < end; at += IMTC_WEEK_SECONDS)
		if (!find_moments(c, at, at + IMTC_WEEK_SECONDS) || !add_week(c, turns, count))
			break;
	return at;
}

int schedules_compile(const struct schedules *schedules, int64_t begin, int64_t end,
		      struct imtc_turn **ret_turns, u32 *ret_count)
{
	struct imtc_turn *turns = calloc(IMTC_SCHEDULE_TURNS_MAX, sizeof(*turns));
	struct compiling c = { 0 };
	int64_t reached = begin;
	u32 count = 0;

	/* A clock that was never set, or is far ahead, gets a list all the same. */
	if (begin < 0)
		begin = 0;
	if (end > 0xffffffffLL - IMTC_WEEK_SECONDS)
		end = 0xffffffffLL - IMTC_WEEK_SECONDS;
	if (begin > end - LEAST_WEEKS * (int64_t)IMTC_WEEK_SECONDS)
		begin = end - LEAST_WEEKS * (int64_t)IMTC_WEEK_SECONDS;
	if (!turns || !compiling_begin(&c, schedules, begin, end + IMTC_WEEK_SECONDS)) {
		compiling_end(&c);
		free(turns);
		return -ENOMEM;
	}
	reached = add_weeks(&c, begin, end, turns, &count);
	compiling_end(&c);
	if (!count || reached - begin < LEAST_WEEKS * (int64_t)IMTC_WEEK_SECONDS) {
		free(turns);
		return -E2BIG;
	}
	turns[count] = (struct imtc_turn) { (u32)reached, turns[count - 1].open };
	*ret_turns = turns;
	*ret_count = count + 1;
	return 0;
}

void schedules_free(struct schedules *schedules)
{
	for (size_t i = 0; i < schedules->count; i++)
		for (size_t k = 0; k < SCHEDULE_SPANS_MAX; k++)
			free(schedules->items[i].spans[k].holidays);
	free(schedules->items);
	memset(schedules, 0, sizeof(*schedules));
}

u32 schedules_find(const struct schedules *schedules, const char *name)
{
	for (size_t i = 0; i < schedules->count; i++)
		if (!strcmp(schedules->items[i].name, name))
			return (u32)i + 1;
	return 0;
}

/* --- words -------------------------------------------------------------------------- */

/* "mon-fri,sun"; days that follow each other are told by the first and the last. */
static void append_days(char *text, size_t size, u8 days)
{
	static const char *const words[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	const char *comma = "";

	for (int first = 0; first < 7; first++) {
		int last = first;

		if (!(days >> first & 1))
			continue;
		while (last < 6 && days >> (last + 1) & 1)
			last++;
		text_append(text, size, "%s%s", comma, words[first]);
		if (last > first)
			text_append(text, size, "-%s", words[last]);
		comma = ",";
		first = last;
	}
}

void schedule_text(const struct schedule *schedule, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < schedule->span_count; i++) {
		const struct schedule_span *span = &schedule->spans[i];

		text_append(text, size, "%s", i ? "; " : "");
		append_days(text, size, span->days);
		text_append(text, size, " %02d:%02d-%02d:%02d %s", span->from / 60, span->from % 60,
			    span->to / 60, span->to % 60, span->zone[0] ? span->zone : "local time");
		for (size_t k = 0; k < span->holiday_count; k++) {
			const struct schedule_date *date = &span->holidays[k];

			text_append(text, size, "%s", k ? " " : ", holidays ");
			if (date->year)
				text_append(text, size, "%04u-", date->year);
			text_append(text, size, "%02u-%02u", date->month, date->day);
		}
	}
}
