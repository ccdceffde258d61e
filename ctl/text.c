// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text that grows piece by piece in a buffer.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

void text_append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list list;

	va_start(list, format);
	vsnprintf(text + used, size - used, format, list);
	va_end(list);
}
