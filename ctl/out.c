// SPDX-License-Identifier: GPL-2.0-only
/*
 * The single output layer: text for people, JSON for programs, from the same
 * values. Strings may come from a packet or from a process that names itself:
 * nothing but printable UTF-8 reaches a terminal or a JSON document.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imctl.h"
#include "out.h"
#include "progress.h"
#include "utf8.h"

#define CELL_BYTES 512

struct imctl_options options;

/* --- text that is safe to show ------------------------------------------- */

void out_printable(const char *from, char *text, size_t size)
{
	const char *s = from;
	size_t used = 0;

	if (!size)
		return;
	while (*s) {
		size_t n = utf8_bytes(s);
		bool shown = n && !utf8_is_control(s, n);
		size_t wide = shown ? n : 4;

		if (used + wide >= size)
			break;
		if (shown)
			memcpy(text + used, s, n);
		else
			/* The NUL falls within size: wide bytes and one more fit. */
			snprintf(text + used, 5, "\\x%02x", (unsigned char)*s);
		used += wide;
		s += shown ? n : 1;
	}
	text[used] = '\0';
}

/* json-c escapes control bytes but passes on what is not UTF-8. */
static void scrub(struct json_object *value)
{
	char text[4096];

	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, inner) {
			(void)key;
			scrub(inner);
		}
	} else if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			scrub(json_object_array_get_idx(value, i));
	} else if (json_object_is_type(value, json_type_string) &&
		   !utf8_is_valid(json_object_get_string(value))) {
		out_printable(json_object_get_string(value), text, sizeof(text));
		json_object_set_string(value, text);
	}
}

static void print_json(FILE *file, struct json_object *value, int flags)
{
	scrub(value);
	fprintf(file, "%s\n", json_object_to_json_string_ext(value, flags |
							     JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* --- formats ---------------------------------------------------------------- */

void out_format_bytes(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double bytes = value ? (double)json_object_get_uint64(value) : 0;
	size_t unit = 0;

	(void)row;
	for (; bytes >= 1024 && unit < 6; unit++)
		bytes /= 1024;
	if (!value)
		snprintf(text, size, "-");
	else if (unit)
		snprintf(text, size, "%.1f %s", bytes, units[unit]);
	else
		snprintf(text, size, "%.0f B", bytes);
}

void out_format_count(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	char digits[24];
	size_t len, used = 0;

	(void)row;
	if (!value) {
		snprintf(text, size, "-");
		return;
	}
	len = (size_t)snprintf(digits, sizeof(digits), "%llu",
			       (unsigned long long)json_object_get_uint64(value));
	for (size_t i = 0; i < len && used + 2 < size; i++) {
		if (i && (len - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
}

void out_format_verdict(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	struct json_object *observed;

	if (json_object_object_get_ex(row, "observed", &observed))
		snprintf(text, size, "observe:%s", json_object_get_string(observed));
	else
		snprintf(text, size, "%s", value ? json_object_get_string(value) : "-");
}

void out_format_age_ns(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	unsigned long long ns, s;

	(void)row;
	if (!value) {
		snprintf(text, size, "-");
		return;
	}
	ns = json_object_get_uint64(value);
	s = ns / 1000000000;
	if (s < 1)
		snprintf(text, size, "%llu ms", ns / 1000000);
	else if (s < 60)
		snprintf(text, size, "%llu.%llu s", s, ns / 100000000 % 10);
	else if (s < 3600)
		snprintf(text, size, "%llu min %02llu s", s / 60, s % 60);
	else if (s < 86400)
		snprintf(text, size, "%llu h %02llu min", s / 3600, s / 60 % 60);
	else
		snprintf(text, size, "%llu d %02llu h", s / 86400, s / 3600 % 24);
}

void out_format_list(struct json_object *row, struct json_object *value, char *text, size_t size)
{
	size_t used = 0, n;

	(void)row;
	n = json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
	snprintf(text, size, "-");
	for (size_t i = 0; i < n && used < size; i++) {
		struct json_object *item = json_object_array_get_idx(value, i);

		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
					 item ? json_object_get_string(item) : "-");
	}
}

static void format_plain(struct json_object *value, char *text, size_t size)
{
	if (!value)
		snprintf(text, size, "-");
	else if (json_object_is_type(value, json_type_boolean))
		snprintf(text, size, "%s", json_object_get_boolean(value) ? "yes" : "no");
	else if (json_object_is_type(value, json_type_array))
		out_format_list(NULL, value, text, size);
	else
		snprintf(text, size, "%s", json_object_get_string(value));
}

/* The cell of a column, safe to print. */
static void cell(struct json_object *row, const struct out_column *column, char *text)
{
	struct json_object *value = NULL;
	char raw[CELL_BYTES] = "";

	json_object_object_get_ex(row, column->key, &value);
	if (column->format)
		column->format(row, value, raw, sizeof(raw));
	else
		format_plain(value, raw, sizeof(raw));
	out_printable(raw, text, CELL_BYTES);
}

/* --- tables, records, events ------------------------------------------------ */

static void pad(size_t columns)
{
	while (columns--)
		putchar(' ');
}

/* The last column is not padded: no blanks at the ends of lines. */
static void print_cell(const char *text, size_t width, bool right, bool last)
{
	size_t blank = width - utf8_columns(text);

	if (right)
		pad(blank);
	fputs(text, stdout);
	if (!right && !last)
		pad(blank);
	if (!last)
		pad(2);
}

static void print_table(struct json_object *rows, const struct out_column *columns,
			size_t n, size_t *widths)
{
	size_t count = json_object_array_length(rows);
	char text[CELL_BYTES];

	for (size_t c = 0; c < n; c++) {
		widths[c] = utf8_columns(columns[c].title);
		for (size_t i = 0; i < count; i++) {
			cell(json_object_array_get_idx(rows, i), &columns[c], text);
			if (utf8_columns(text) > widths[c])
				widths[c] = utf8_columns(text);
		}
	}
	fputs(options.color ? "\033[1m" : "", stdout);
	for (size_t c = 0; c < n; c++)
		print_cell(columns[c].title, widths[c], columns[c].right, c + 1 == n);
	fputs(options.color ? "\033[0m\n" : "\n", stdout);
	for (size_t i = 0; i < count; i++) {
		for (size_t c = 0; c < n; c++) {
			cell(json_object_array_get_idx(rows, i), &columns[c], text);
			print_cell(text, widths[c], columns[c].right, c + 1 == n);
		}
		putchar('\n');
	}
}

void out_table(struct json_object *rows, const struct out_column *columns, size_t n)
{
	size_t *widths;

	if (options.json) {
		print_json(stdout, rows, JSON_C_TO_STRING_PRETTY);
		return;
	}
	widths = calloc(n ? n : 1, sizeof(*widths));
	if (!widths) {
		out_error("out of memory");
		return;
	}
	print_table(rows, columns, n, widths);
	free(widths);
}

void out_record(struct json_object *record, const struct out_column *fields, size_t n)
{
	char text[CELL_BYTES];
	size_t width = 0;

	if (options.json) {
		print_json(stdout, record, JSON_C_TO_STRING_PRETTY);
		return;
	}
	for (size_t f = 0; f < n; f++)
		if (utf8_columns(fields[f].title) > width)
			width = utf8_columns(fields[f].title);
	for (size_t f = 0; f < n; f++) {
		cell(record, &fields[f], text);
		printf("%s:", fields[f].title);
		pad(width - utf8_columns(fields[f].title) + 1);
		printf("%s\n", text);
	}
}

void out_event(struct json_object *event, out_format line)
{
	char raw[4 * CELL_BYTES] = "", text[4 * CELL_BYTES];

	if (options.json) {
		print_json(stdout, event, JSON_C_TO_STRING_PLAIN);
	} else {
		line(event, event, raw, sizeof(raw));
		out_printable(raw, text, sizeof(text));
		puts(text);
	}
	fflush(stdout);
}

void out_done(struct json_object *record, const char *format, ...)
{
	char raw[4 * CELL_BYTES], text[4 * CELL_BYTES];
	va_list list;

	if (options.json) {
		print_json(stdout, record, JSON_C_TO_STRING_PRETTY);
		return;
	}
	va_start(list, format);
	vsnprintf(raw, sizeof(raw), format, list);
	va_end(list);
	out_printable(raw, text, sizeof(text));
	puts(text);
}

/* --- errors, warnings ----------------------------------------------------- */

static void say(const char *key, const char *prefix, const char *format, va_list list)
{
	char raw[4 * CELL_BYTES], text[4 * CELL_BYTES];
	struct json_object *object, *value;

	/* What was printed so far comes first where both go to one place. */
	fflush(stdout);
	progress_break();
	vsnprintf(raw, sizeof(raw), format, list);
	out_printable(raw, text, sizeof(text));
	if (!options.json) {
		fprintf(stderr, "imctl: %s%s\n", prefix, text);
		return;
	}
	object = json_object_new_object();
	value = json_object_new_string(text);
	if (object && value && !json_object_object_add(object, key, value))
		print_json(stderr, object, JSON_C_TO_STRING_PLAIN);
	json_object_put(object);
}

void out_error(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say("error", "", format, list);
	va_end(list);
}

void out_warning(const char *format, ...)
{
	va_list list;

	if (options.quiet)
		return;
	va_start(list, format);
	say("warning", "warning: ", format, list);
	va_end(list);
}
