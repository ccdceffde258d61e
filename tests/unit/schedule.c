// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules: days and hours to moments, held against the C library's local time,
 * and how the kernel reads them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "schedule.h"
#include "timestamp.h"

#define YEAR (366 * 24 * 3600)
#define STEP 600	/* seconds between questions */

static struct imtc_turn *turns;
static u32 count;

static int64_t at(const char *text)
{
	int64_t seconds = 0;

	if (!time_parse(text, &seconds))
		fail_msg("%s is no time", text);
	return seconds;
}

static struct schedule_span span(const char *zone, u8 days, int from, int to)
{
	struct schedule_span s = { .from = (u16)from, .to = (u16)to, .days = days };

	snprintf(s.zone, sizeof(s.zone), "%s", zone);
	return s;
}

static void compile(const struct schedules *schedules, const char *begin, int64_t seconds)
{
	free(turns);
	turns = NULL;
	assert_int_equal(schedules_compile(schedules, at(begin), at(begin) + seconds, &turns,
					   &count), 0);
	assert_true(imtc_turns_are_valid(turns, count, (u32)schedules->count));
}

static u32 open_at(int64_t when)
{
	u32 left;

	return imtc_schedule_open(turns, count, (u32)when, &left);
}

/* Opens at the second, and not a second before. */
static void edge(const char *when, u32 before, u32 after)
{
	if (open_at(at(when) - 1) != before || open_at(at(when)) != after)
		fail_msg("%s: %u to %u, not %u to %u", when, open_at(at(when) - 1),
			 open_at(at(when)), before, after);
}

/* --- another way to say it --------------------------------------------------------- */

static int is_holiday(const struct schedule_span *s, const struct tm *tm)
{
	for (size_t i = 0; i < s->holiday_count; i++)
		if (s->holidays[i].day == tm->tm_mday && s->holidays[i].month == tm->tm_mon + 1 &&
		    (!s->holidays[i].year || s->holidays[i].year == tm->tm_year + 1900))
			return 1;
	return 0;
}

static int is_day(const struct schedule_span *s, const struct tm *tm)
{
	static const int bits[] = { 6, 0, 1, 2, 3, 4, 5 };	/* Sunday is tm's first */

	return s->days >> bits[tm->tm_wday] & 1 && !is_holiday(s, tm);
}

/* In the zone of TZ. */
static int naive_open(const struct schedule_span *s, time_t when)
{
	struct tm now, before;
	int minute;

	localtime_r(&when, &now);
	minute = now.tm_hour * 60 + now.tm_min;
	if (s->from < s->to)
		return is_day(s, &now) && minute >= s->from && minute < s->to;
	before = now;
	before.tm_mday--;
	before.tm_hour = 12;
	before.tm_isdst = -1;
	mktime(&before);
	return (is_day(s, &now) && minute >= s->from) ||
	       (is_day(s, &before) && minute < s->to);
}

static void check_zone(const char *zone, u8 days, int from, int to)
{
	struct schedule_date holidays[] = { { 2026, 12, 25 }, { 0, 1, 1 }, { 0, 2, 29 } };
	struct schedule one = { .name = "one", .span_count = 1 };
	struct schedules all = { &one, 1 };
	int64_t begin = at("2027-01-25T00:00Z");

	one.spans[0] = span(zone, days, from, to);
	one.spans[0].holidays = holidays;
	one.spans[0].holiday_count = 3;
	compile(&all, "2027-01-25T00:00Z", 2 * YEAR);
	setenv("TZ", zone, 1);
	tzset();
	for (int64_t t = begin; t < begin + 2 * YEAR; t += STEP)
		if (open_at(t) != (u32)naive_open(&one.spans[0], t))
			fail_msg("%s %d-%d: at %lld", zone, from, to, (long long)t);
	for (u32 i = 0; i < count - 1; i++)
		for (int64_t t = turns[i].at - (i > 0); t <= turns[i].at; t++)
			if (open_at(t) != (u32)naive_open(&one.spans[0], t))
				fail_msg("%s %d-%d: turn at %lld", zone, from, to, (long long)t);
	unsetenv("TZ");
	tzset();
}

static void test_local_time(void **state)
{
	(void)state;
	check_zone("Europe/Berlin", 0x1f, 540, 1050);
	check_zone("Europe/Berlin", 0x7f, 150, 155);	/* in the hour that is skipped and done twice */
	check_zone("America/New_York", 0x60, 1320, 360);	/* over midnight */
	check_zone("Asia/Kolkata", 0x55, 0, 1440);
	check_zone("Australia/Lord_Howe", 0x7f, 90, 110);	/* clocks change by half an hour */
	check_zone("Pacific/Apia", 0x10, 1, 1439);
	check_zone("UTC", 0x01, 1439, 1);
}

/* --- edges that are known ------------------------------------------------------------ */

static void test_berlin(void **state)
{
	struct schedule_date holidays[] = { { 2026, 12, 25 } };
	struct schedule office = { .name = "office", .span_count = 1 };
	struct schedules all = { &office, 1 };

	(void)state;
	office.spans[0] = span("Europe/Berlin", 0x1f, 540, 1050);
	office.spans[0].holidays = holidays;
	office.spans[0].holiday_count = 1;
	compile(&all, "2026-03-20T00:00Z", YEAR);
	edge("2026-03-27T08:00Z", 0, 1);	/* Friday, UTC+1 */
	edge("2026-03-27T16:30Z", 1, 0);
	edge("2026-03-30T07:00Z", 0, 1);	/* Monday, UTC+2 */
	edge("2026-03-30T15:30Z", 1, 0);
	edge("2026-10-23T07:00Z", 0, 1);
	edge("2026-10-26T08:00Z", 0, 1);
	edge("2026-12-24T08:00Z", 0, 1);
	edge("2026-12-25T08:00Z", 0, 0);	/* a Friday */
	edge("2026-12-28T08:00Z", 0, 1);
	assert_int_equal(schedules_open(&all, at("2026-12-24T10:00+01:00")), 1);
	assert_int_equal(schedules_open(&all, at("2026-12-25T10:00+01:00")), 0);
	assert_int_equal(schedules_open(&all, at("2041-01-01T10:00+01:00")), 1);	/* Tuesday */
}

/* 02:30 to 02:45: not on 2026-03-29, twice on 2026-10-25. */
static void test_clock_changes(void **state)
{
	struct schedule night = { .name = "night", .span_count = 1 };
	struct schedules all = { &night, 1 };

	(void)state;
	night.spans[0] = span("Europe/Berlin", 0x7f, 150, 165);
	compile(&all, "2026-03-01T00:00Z", YEAR);
	edge("2026-03-28T01:30Z", 0, 1);
	for (int64_t t = at("2026-03-28T01:45Z"); t < at("2026-03-30T00:30Z"); t += 60)
		assert_int_equal(open_at(t), 0);
	edge("2026-03-30T00:30Z", 0, 1);
	edge("2026-10-25T00:30Z", 0, 1);
	edge("2026-10-25T00:45Z", 1, 0);
	edge("2026-10-25T01:30Z", 0, 1);
	edge("2026-10-25T01:45Z", 1, 0);
	edge("2026-10-26T01:30Z", 0, 1);
}

static void test_several(void **state)
{
	struct schedule two[2] = { { .name = "shop", .span_count = 2 },
				   { .name = "night", .span_count = 1 } };
	struct schedules all = { two, 2 };

	(void)state;
	two[0].spans[0] = span("UTC", 0x1f, 480, 720);
	two[0].spans[1] = span("America/New_York", 0x01, 480, 540);
	two[1].spans[0] = span("UTC", 0x7f, 1320, 360);
	compile(&all, "2026-11-20T00:00Z", YEAR);
	edge("2026-11-23T06:00Z", 2, 0);	/* Monday */
	edge("2026-11-23T08:00Z", 0, 1);
	edge("2026-11-23T12:00Z", 1, 0);
	edge("2026-11-23T13:00Z", 0, 1);
	edge("2026-11-23T14:00Z", 1, 0);
	edge("2026-11-23T22:00Z", 0, 2);
	edge("2026-11-24T13:00Z", 0, 0);
	assert_int_equal(schedules_find(&all, "night"), 2);
	assert_int_equal(schedules_find(&all, "nigh"), 0);
}

static void test_leap_day(void **state)
{
	struct schedule_date feasts[] = { { 2028, 2, 29 }, { 0, 3, 1 } };
	struct schedule day = { .name = "day", .span_count = 1 };
	struct schedules all = { &day, 1 };

	(void)state;
	day.spans[0] = span("UTC", 0x7f, 0, 1440);
	day.spans[0].holidays = feasts;
	day.spans[0].holiday_count = 2;
	compile(&all, "2027-02-01T00:00Z", 2 * YEAR);
	edge("2027-03-01T00:00Z", 1, 0);
	edge("2027-03-02T00:00Z", 0, 1);
	edge("2028-02-29T00:00Z", 1, 0);
	edge("2028-03-02T00:00Z", 0, 1);
	assert_int_equal(open_at(at("2028-02-28T23:59Z")), 1);
}

/* --- limits ---------------------------------------------------------------------------- */

/* Beyond its list a schedule keeps hours and days of the week, on both sides. */
static void test_beyond(void **state)
{
	struct schedule office = { .name = "office", .span_count = 1 };
	struct schedules all = { &office, 1 };
	u32 left;

	(void)state;
	office.spans[0] = span("UTC", 0x1f, 540, 1050);
	compile(&all, "2026-11-20T00:00Z", YEAR);
	for (int64_t t = at("2035-06-04T00:00Z"); t < at("2035-06-11T00:00Z"); t += 60)
		assert_int_equal(open_at(t), schedules_open(&all, t));
	for (int64_t t = at("1970-01-05T00:00Z"); t < at("1970-01-12T00:00Z"); t += 60)
		assert_int_equal(open_at(t), schedules_open(&all, t));
	edge("2035-06-04T09:00Z", 0, 1);
	assert_int_equal(imtc_schedule_open(turns, count, (u32)at("2035-06-04T08:59:50Z"), &left),
			 0);
	assert_int_equal(left, 10);
	imtc_schedule_open(turns, count, 0, &left);
	imtc_schedule_open(turns, count, 0xffffffff, &left);
	assert_true(left > 0);
}

/* What does not fit ends with a whole week; too much is refused. */
static void test_many_turns(void **state)
{
	struct schedule many[IMTC_SCHEDULES_MAX] = { 0 };
	struct schedules all = { many, 16 };

	(void)state;
	for (int i = 0; i < IMTC_SCHEDULES_MAX; i++) {
		snprintf(many[i].name, sizeof(many[i].name), "s%d", i);
		many[i].span_count = SCHEDULE_SPANS_MAX;
		for (int k = 0; k < SCHEDULE_SPANS_MAX; k++)
			many[i].spans[k] = span("UTC", 0x7f, 60 * k + 2 * i,
						60 * k + 2 * i + (k ? 1 : 3));
	}
	all.count = 4;
	compile(&all, "2026-11-20T00:00Z", 2 * YEAR);
	assert_int_equal((turns[count - 1].at - turns[0].at) % IMTC_WEEK_SECONDS, 0);
	assert_true(turns[count - 1].at - turns[0].at < 2u * YEAR);
	edge("2026-12-20T05:02Z", 0, 2);
	all.count = IMTC_SCHEDULES_MAX;
	free(turns);
	turns = NULL;
	assert_int_equal(schedules_compile(&all, at("2026-11-20T00:00Z"),
					   at("2026-11-20T00:00Z") + YEAR, &turns, &count), -7);
}

/* Clocks that were never set, and such that are far ahead. */
static void test_clocks(void **state)
{
	struct schedule office = { .name = "office", .span_count = 1 };
	struct schedules all = { &office, 1 };
	static const int64_t begins[] = { -YEAR, 0, 0xffffffffLL - YEAR, 0x1ffffffffLL };

	(void)state;
	office.spans[0] = span("Europe/Berlin", 0x1f, 540, 1050);
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		free(turns);
		turns = NULL;
		assert_int_equal(schedules_compile(&all, begins[i], begins[i] + 2 * YEAR, &turns,
						   &count), 0);
		assert_true(imtc_turns_are_valid(turns, count, 1));
	}
}

static void test_valid(void **state)
{
	const struct imtc_turn good[] = { { 100, 1 }, { 200, 0 }, { 100 + IMTC_WEEK_SECONDS, 3 } };
	struct imtc_turn bad[3];

	(void)state;
	assert_true(imtc_turns_are_valid(good, 3, 2));
	assert_true(imtc_turns_are_valid(good, 3, 32));
	assert_false(imtc_turns_are_valid(good, 3, 1));	/* opens the second of one */
	assert_false(imtc_turns_are_valid(good, 2, 2));	/* 100 seconds */
	assert_false(imtc_turns_are_valid(good, 1, 2));
	assert_false(imtc_turns_are_valid(good, 0, 2));
	memcpy(bad, good, sizeof(bad));
	bad[1].at = 100;
	assert_false(imtc_turns_are_valid(bad, 3, 2));
	memcpy(bad, good, sizeof(bad));
	bad[2].at = 150;
	assert_false(imtc_turns_are_valid(bad, 3, 2));
}

/* --- words -------------------------------------------------------------------------------- */

static void test_times(void **state)
{
	static const char *const wrong[] = {
		"", "2026-12-24", "2026-12-24T10:00", "2026-12-24 10:00Z", "2026-02-30T10:00Z",
		"2026-13-01T10:00Z", "2026-12-24T24:00Z", "2026-12-24T10:60Z", "26-12-24T10:00Z",
		"2026-12-24T10:00+1", "2026-12-24T10:00ZZ", "2026-00-24T10:00Z",
	};
	char text[32];
	int64_t seconds;

	(void)state;
	assert_int_equal(at("1970-01-01T00:00Z"), 0);
	assert_int_equal(at("2026-12-24T10:00+01:00"), at("2026-12-24T09:00:00Z"));
	assert_int_equal(at("2026-12-24T10:00-05:30"), at("2026-12-24T15:30Z"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (time_parse(wrong[i], &seconds))
			fail_msg("%s was taken", wrong[i]);
	time_text(at("2028-02-29T23:59:59Z"), text, sizeof(text));
	assert_string_equal(text, "2028-02-29T23:59:59Z");
}

static void test_zones(void **state)
{
	static const char *const unknown[] = {
		"Europe/Atlantis", "/etc/localtime", "../../../etc/passwd", "Europe", "Berlin;",
		"Europe/Berlin\n", "CET-1CEST,M3.5.0,M10.5.0/3",
	};

	(void)state;
	assert_true(zone_is_known("Europe/Berlin"));
	assert_true(zone_is_known("UTC"));
	assert_true(zone_is_known(""));
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (zone_is_known(unknown[i]))
			fail_msg("%s is known", unknown[i]);
}

/* The process's own zone is as it was. */
static void test_own_zone(void **state)
{
	struct zone_changes changes;

	(void)state;
	setenv("TZ", "Asia/Tokyo", 1);
	assert_true(zone_read("Europe/Berlin", at("2026-01-01T00:00Z"), at("2027-01-01T00:00Z"),
			      &changes));
	assert_int_equal(changes.count, 3);
	assert_int_equal(zone_offset(&changes, at("2026-03-29T00:59:59Z")), 3600);
	assert_int_equal(zone_offset(&changes, at("2026-03-29T01:00:00Z")), 7200);
	assert_int_equal(zone_offset(&changes, at("2026-10-25T01:00:00Z")), 3600);
	assert_string_equal(getenv("TZ"), "Asia/Tokyo");
	zone_free(&changes);
	unsetenv("TZ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_time), cmocka_unit_test(test_berlin),
		cmocka_unit_test(test_clock_changes), cmocka_unit_test(test_several),
		cmocka_unit_test(test_leap_day), cmocka_unit_test(test_beyond),
		cmocka_unit_test(test_many_turns), cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_valid), cmocka_unit_test(test_times),
		cmocka_unit_test(test_zones), cmocka_unit_test(test_own_zone),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(turns);
	return failed;
}
