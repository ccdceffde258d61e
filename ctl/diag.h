/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors and warnings about files a user wrote: records with a position, put on
 * a list and shown at the end, so that one run tells all there is to tell.
 */
#ifndef IMCTL_DIAG_H
#define IMCTL_DIAG_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

struct diag;

enum diag_kind {
	DIAG_ERROR,
	DIAG_WARNING,
	DIAG_SYSTEM,	/* an error not of the file's text: it cannot be read, no memory */
};

/* Where in a file. line 0: the file as a whole; column 0: the line as a whole. */
struct diag_at {
	const char *file;
	int line;
	int column;	/* in bytes, from 1 */
	int length;	/* in bytes, for the caret's tail */
	const char *text;	/* the line, up to a newline or NUL; NULL: read from the file */
};

/* What is said. expected and found may be NULL; they must not repeat the message. */
struct diag_say {
	const char *message;
	const char *expected;
	const char *found;
};

struct diag *diag_new(void);
void diag_free(struct diag *diag);

/* Everything is copied. Beyond a bound records are counted and not kept. */
void diag_add(struct diag *diag, enum diag_kind kind, const struct diag_at *at,
	      const struct diag_say *say);
/* As diag_add, with a message alone. */
void diag_message(struct diag *diag, enum diag_kind kind, const struct diag_at *at,
		  const char *format, ...) __attribute__((format(printf, 4, 5)));

unsigned int diag_errors(const struct diag *diag);	/* DIAG_SYSTEM too */
unsigned int diag_warnings(const struct diag *diag);
bool diag_is_system(const struct diag *diag);		/* one is DIAG_SYSTEM */

/* All records in the order of files and lines, with source line and caret. */
void diag_print(struct diag *diag, FILE *file);
/* {"file","errors":[{"file","line","column","message","expected","found"}],"warnings"} */
struct json_object *diag_json(struct diag *diag, const char *file);

#endif /* IMCTL_DIAG_H */
