/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The single output layer. A command makes a json-c value and says how people
 * read it; with --json the value itself is printed. JSON keys are lower-case
 * with underscores and stable.
 */
#ifndef IMCTL_OUT_H
#define IMCTL_OUT_H

#include <json-c/json.h>
#include <stddef.h>

/*
 * How a value is shown to people. NULL: as it is ("-" where absent or null,
 * "yes"/"no" for booleans). The row is the whole object, for columns made of
 * two keys. Writes at most size bytes with the NUL.
 */
typedef void (*out_format)(struct json_object *row, struct json_object *value,
			   char *text, size_t size);

struct out_column {
	const char *key;
	const char *title;
	int right;		/* numbers: aligned to the right */
	out_format format;
};

/* Formats for counts, bytes (1.2 MiB), durations given in ns, lists. */
void out_format_bytes(struct json_object *, struct json_object *, char *, size_t);
void out_format_count(struct json_object *, struct json_object *, char *, size_t);
void out_format_age_ns(struct json_object *, struct json_object *, char *, size_t);
/* A row's verdict; "observe:drop" where "observed" says that it was not carried out. */
void out_format_verdict(struct json_object *, struct json_object *, char *, size_t);
void out_format_list(struct json_object *, struct json_object *, char *, size_t);

/* An array of objects: a table, or one JSON array. Keeps the reference. */
void out_table(struct json_object *rows, const struct out_column *columns, size_t n);
/* One object: "title: value" lines, or one JSON object. */
void out_record(struct json_object *record, const struct out_column *fields, size_t n);
/* One event of a stream: a line of text, or one JSON object on a line; flushed. */
void out_event(struct json_object *event, out_format line);
/* An error, once: "imctl: ..." on stderr; with --json {"error": "..."} there. */
void out_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* As out_error, of what does not stop the command; not with --quiet. */
void out_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The result of a command that does something: a sentence, or with --json the record. */
void out_done(struct json_object *record, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A copy with everything but printable UTF-8 written as \xNN; what does not fit is cut. */
void out_printable(const char *from, char *text, size_t size);

#endif /* IMCTL_OUT_H */
