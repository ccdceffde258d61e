/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bytes of one file that a source is made of, and whether they are text.
 */
#ifndef IMCTL_SOURCE_FILE_H
#define IMCTL_SOURCE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * All of the file, to be freed. An included file must be a regular one: nothing that an
 * include could name by mistake may block. The first file may be a pipe. NULL with errno.
 */
char *source_file_read(const char *name, bool included, size_t *ret_len);
/* That errno in words. */
const char *source_file_reason(int error);
/* The first byte that is no UTF-8 or is NUL; NULL where all is well. */
const char *source_file_bad_byte(const char *bytes, size_t len);

#endif /* IMCTL_SOURCE_FILE_H */
