/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of a file the user wrote, what it includes put in its place, and the
 * way back from a place in that text to file, line and column.
 *
 * Includes are put in here and not by libconfig, whose versions differ in how
 * they find the file, and which says neither that one is missing nor where.
 */
#ifndef IMCTL_SOURCE_H
#define IMCTL_SOURCE_H

#include "diag.h"
#include <imtc/types.h>

#define SOURCE_BYTES_MAX (16 << 20)	/* of all files together */
#define SOURCE_DEPTH_MAX 10		/* of includes */

struct source_line {
	size_t offset;	/* of the line's first byte in text */
	u32 file;	/* index into files */
	u32 line;	/* in that file, from 1 */
};

struct source {
	char *text;	/* UTF-8 without NUL bytes, ends with a newline and a NUL */
	size_t len;	/* without the NUL */
	char **files;	/* as named; ends with NULL */
	size_t file_count;
	struct source_line *lines;
	size_t line_count;
	char *whole;	/* what says all of it: the file's bytes, or with includes the text */
	size_t whole_len;
	u8 digest[32];	/* SHA-256 of it */
};

/* NULL where it could not be read; that was said to diag. */
struct source *source_read(const char *file, struct diag *diag);
struct source *source_from(const char *file, const char *bytes, size_t len, struct diag *diag);
void source_free(struct source *source);	/* NULL allowed */

/* The position of length bytes at an offset of the text. */
struct diag_at source_at(const struct source *source, size_t offset, size_t length);
/* Of a line of the whole text, from 1, as libconfig counts. */
struct diag_at source_at_line(const struct source *source, unsigned int line);

#endif /* IMCTL_SOURCE_H */
