// SPDX-License-Identifier: GPL-2.0-only
/*
 * TAP results for the module's test programs.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libtap.h"

static int results, failures;

bool tap_result(bool good, const char *format, ...)
{
	va_list args;

	results++;
	failures += !good;
	printf("%sok %d - ", good ? "" : "not ", results);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	return good;
}

void tap_note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

int tap_done(void)
{
	printf("1..%d\n", results);
	return failures != 0;
}

void tap_die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	fflush(stdout);
	exit(2);
}
