// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads moments of RFC 3339 (section 5.6), seconds may be left out; and clocks.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "timestamp.h"

/* As many digits, of a number of at most `most`. */
static const char *take_number(const char *text, int digits, int most, int *ret_number)
{
	int number = 0;

	for (int i = 0; text && i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return NULL;
		number = number * 10 + text[i] - '0';
	}
	if (!text || number > most)
		return NULL;
	*ret_number = number;
	return text + digits;
}

static const char *take_letter(const char *text, char letter)
{
	return text && *text == letter ? text + 1 : NULL;
}

/* "Z", "+01:00": seconds east of Greenwich. */
static const char *take_offset(const char *text, int *ret_seconds)
{
	int hours = 0, minutes = 0, sign;

	*ret_seconds = 0;
	if (text && *text == 'Z')
		return text + 1;
	if (!text || (*text != '+' && *text != '-'))
		return NULL;
	sign = *text == '-' ? -1 : 1;
	text = take_number(text + 1, 2, 23, &hours);
	text = take_number(take_letter(text, ':'), 2, 59, &minutes);
	*ret_seconds = sign * (hours * 60 + minutes) * 60;
	return text;
}

bool time_parse(const char *text, int64_t *ret_seconds)
{
	struct tm when = { 0 }, same;
	int offset = 0;
	time_t seconds;

	text = take_number(text, 4, 9999, &when.tm_year);
	text = take_number(take_letter(text, '-'), 2, 12, &when.tm_mon);
	text = take_number(take_letter(text, '-'), 2, 31, &when.tm_mday);
	text = take_number(take_letter(text, 'T'), 2, 23, &when.tm_hour);
	text = take_number(take_letter(text, ':'), 2, 59, &when.tm_min);
	if (text && *text == ':')
		text = take_number(text + 1, 2, 59, &when.tm_sec);
	text = take_offset(text, &offset);
	if (!text || *text)
		return false;
	when.tm_year -= 1900;
	when.tm_mon -= 1;
	same = when;
	seconds = timegm(&when);
	/* A day that the month does not have was counted on from. */
	if (same.tm_mday != when.tm_mday || same.tm_mon != when.tm_mon)
		return false;
	*ret_seconds = seconds - offset;
	return true;
}

void time_text(int64_t seconds, char *text, size_t size)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&when, &tm) || !strftime(text, size, "%FT%TZ", &tm))
		snprintf(text, size, "?");
}

uint64_t time_now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}
