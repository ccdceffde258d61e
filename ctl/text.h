/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text that grows piece by piece in a buffer.
 */
#ifndef IMCTL_TEXT_H
#define IMCTL_TEXT_H

#include <stddef.h>

/* Appends as printf() does to a text that ends with a NUL; what does not fit is cut. */
void text_append(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* IMCTL_TEXT_H */
