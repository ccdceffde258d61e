// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of errors and warnings, and how they are shown.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "out.h"
#include "utf8.h"

#define RECORDS_MAX 100		/* more are a wall that nobody reads */
#define LINE_MAX_BYTES 4096	/* of a source line that is kept */
#define WINDOW_COLUMNS 100	/* of a source line that is shown */

struct record {
	enum diag_kind kind;
	int line, column, length;
	unsigned int order;	/* as added, for a stable sort */
	unsigned int file_order;	/* files in the order they were first named */
	char *file, *message, *expected, *found, *source;
};

struct diag {
	struct record *records;
	unsigned int count;
	unsigned int errors, warnings, system;
	unsigned int hidden;	/* counted and not kept */
};

struct diag *diag_new(void)
{
	struct diag *diag = calloc(1, sizeof(*diag));

	if (!diag)
		return NULL;
	diag->records = calloc(RECORDS_MAX, sizeof(*diag->records));
	if (diag->records)
		return diag;
	free(diag);
	return NULL;
}

void diag_free(struct diag *diag)
{
	if (!diag)
		return;
	for (unsigned int i = 0; i < diag->count; i++) {
		free(diag->records[i].file);
		free(diag->records[i].message);
		free(diag->records[i].expected);
		free(diag->records[i].found);
		free(diag->records[i].source);
	}
	free(diag->records);
	free(diag);
}

/* --- adding ----------------------------------------------------------------- */

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* A line of a file that is not in memory any more. */
static char *read_line(const char *name, int line)
{
	FILE *file = fopen(name, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t len = -1;

	if (!file)
		return NULL;
	for (int i = 0; i < line; i++) {
		len = getline(&text, &size, file);
		if (len < 0)
			break;
	}
	fclose(file);
	if (len < 0) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static char *source_line(const struct diag_at *at)
{
	char *line, *end;

	if (at->line <= 0)
		return NULL;
	line = at->text ? strndup(at->text, strcspn(at->text, "\n")) :
			  read_line(at->file, at->line);
	if (line && strlen(line) > LINE_MAX_BYTES)
		line[LINE_MAX_BYTES] = '\0';
	/* A line that ends as on other systems. */
	end = line ? strchr(line, '\0') : NULL;
	if (end && end > line && end[-1] == '\r')
		end[-1] = '\0';
	return line;
}

static unsigned int order_of_file(const struct diag *diag, const char *file)
{
	for (unsigned int i = 0; i < diag->count; i++)
		if (diag->records[i].file && !strcmp(diag->records[i].file, file))
			return diag->records[i].file_order;
	return diag->count;
}

void diag_add(struct diag *diag, enum diag_kind kind, const struct diag_at *at,
	      const struct diag_say *say)
{
	struct record *record;

	if (kind == DIAG_WARNING)
		diag->warnings++;
	else
		diag->errors++;
	diag->system += kind == DIAG_SYSTEM;
	if (diag->count == RECORDS_MAX) {
		diag->hidden++;
		return;
	}
	record = &diag->records[diag->count];
	record->file_order = order_of_file(diag, at->file);
	record->order = diag->count++;
	record->kind = kind;
	record->line = at->line;
	record->column = at->column;
	record->length = at->length;
	record->file = copy(at->file);
	record->message = copy(say->message);
	record->expected = copy(say->expected);
	record->found = copy(say->found);
	record->source = source_line(at);
}

void diag_message(struct diag *diag, enum diag_kind kind, const struct diag_at *at,
		  const char *format, ...)
{
	char text[1024];
	struct diag_say say = { .message = text };
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	diag_add(diag, kind, at, &say);
}

unsigned int diag_errors(const struct diag *diag)
{
	return diag->errors;
}

unsigned int diag_warnings(const struct diag *diag)
{
	return diag->warnings;
}

bool diag_is_system(const struct diag *diag)
{
	return diag->system;
}

/* --- showing ---------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
	const struct record *a = left, *b = right;

	if (a->file_order != b->file_order)
		return a->file_order < b->file_order ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void sort(struct diag *diag)
{
	qsort(diag->records, diag->count, sizeof(*diag->records), compare);
}

/* A part of a source line, printable. A tab is one blank: the caret stands right anywhere. */
static void window(const char *source, size_t from, size_t to, char *text, size_t size)
{
	char raw[LINE_MAX_BYTES + 1];

	memcpy(raw, source + from, to - from);
	raw[to - from] = '\0';
	for (char *c = raw; *c; c++)
		if (*c == '\t')
			*c = ' ';
	out_printable(raw, text, size);
}

static size_t shown_columns(const char *source, size_t from, size_t to)
{
	char text[4 * LINE_MAX_BYTES + 1];

	window(source, from, to, text, sizeof(text));
	return utf8_columns(text);
}

static void print_window(FILE *file, const char *source, size_t from, size_t to)
{
	char text[4 * LINE_MAX_BYTES + 1];

	window(source, from, to, text, sizeof(text));
	fputs(text, file);
}

static size_t at_character(const char *source, size_t offset)
{
	while (offset && ((unsigned char)source[offset] & 0xc0) == 0x80)
		offset--;
	return offset;
}

/* The source line, or the part of it about the column, and a caret under it. */
static void print_source(FILE *file, const struct record *record)
{
	size_t len = strlen(record->source), from = strspn(record->source, " \t");
	size_t to, at, tail, tail_columns;
	bool pointed = record->column > 0 && (size_t)record->column <= len + 1;

	at = pointed ? (size_t)record->column - 1 : from;
	if (at < from)
		from = at;
	if (len - from > WINDOW_COLUMNS && at - from > WINDOW_COLUMNS / 2)
		from = at_character(record->source, at - WINDOW_COLUMNS / 2);
	to = len - from > WINDOW_COLUMNS ? at_character(record->source, from + WINDOW_COLUMNS) :
					   len;
	if (from >= to && !pointed)
		return;
	fprintf(file, "%6d | ", record->line);
	print_window(file, record->source, from, to);
	fputs(to < len ? "...\n" : "\n", file);
	if (!pointed)
		return;
	tail = record->length > 0 ? at + (size_t)record->length : at + 1;
	if (tail > to)
		tail = to;
	fprintf(file, "       | %*s^", (int)shown_columns(record->source, from, at), "");
	tail_columns = tail > at ? shown_columns(record->source, at, tail) : 1;
	for (size_t i = 1; i < tail_columns; i++)
		fputc('~', file);
	fputc('\n', file);
}

static void print_safe(FILE *file, const char *what, const char *text)
{
	char shown[2048];

	out_printable(text, shown, sizeof(shown));
	fprintf(file, "%s%s", what, shown);
}

static void print_record(FILE *file, const struct record *record)
{
	print_safe(file, "", record->file ? record->file : "?");
	if (record->line > 0)
		fprintf(file, ":%d", record->line);
	if (record->line > 0 && record->column > 0)
		fprintf(file, ":%d", record->column);
	print_safe(file, record->kind == DIAG_WARNING ? ": warning: " : ": error: ",
		   record->message ? record->message : "out of memory");
	fputc('\n', file);
	if (record->source)
		print_source(file, record);
	if (record->expected) {
		print_safe(file, "         expected: ", record->expected);
		fputc('\n', file);
	}
	if (record->found) {
		print_safe(file, "         found: ", record->found);
		fputc('\n', file);
	}
}

void diag_print(struct diag *diag, FILE *file)
{
	sort(diag);
	for (unsigned int i = 0; i < diag->count; i++)
		print_record(file, &diag->records[i]);
	if (diag->hidden)
		fprintf(file, "and %u more, not shown\n", diag->hidden);
}

static void add(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

static struct json_object *record_json(const struct record *record)
{
	struct json_object *object = json_object_new_object();

	add(object, "file", record->file);
	json_object_object_add(object, "line", json_object_new_int(record->line));
	json_object_object_add(object, "column", json_object_new_int(record->column));
	add(object, "message", record->message);
	add(object, "expected", record->expected);
	add(object, "found", record->found);
	return object;
}

struct json_object *diag_json(struct diag *diag, const char *file)
{
	struct json_object *object = json_object_new_object();
	struct json_object *errors = json_object_new_array();
	struct json_object *warnings = json_object_new_array();

	sort(diag);
	for (unsigned int i = 0; i < diag->count; i++)
		json_object_array_add(diag->records[i].kind == DIAG_WARNING ? warnings : errors,
				      record_json(&diag->records[i]));
	add(object, "file", file);
	json_object_object_add(object, "errors", errors);
	json_object_object_add(object, "warnings", warnings);
	if (diag->hidden)
		json_object_object_add(object, "not_shown", json_object_new_int64(diag->hidden));
	return object;
}
