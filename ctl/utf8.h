/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is well-formed UTF-8, and how wide it is. No tables of wide characters:
 * one code point is one column.
 */
#ifndef IMCTL_UTF8_H
#define IMCTL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character at s (RFC 3629); 0 for the final NUL and for what is none. */
size_t utf8_bytes(const char *s);
/* A character of n bytes that a terminal would obey: C0, DEL, C1. */
bool utf8_is_control(const char *s, size_t n);
bool utf8_is_valid(const char *text);
size_t utf8_columns(const char *text);

#endif /* IMCTL_UTF8_H */
