/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TAP results for the module's test programs whose cases are tables.
 */
#ifndef TESTS_KMOD_LIBTAP_H
#define TESTS_KMOD_LIBTAP_H

#include <stdbool.h>

/* One result line; returns good. */
bool tap_result(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A comment line. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The plan, at the end. The exit status: 0, or 1 where a result was bad. */
int tap_done(void);
/* The test cannot go on: the program ends with status 2, which the runner counts as a failure. */
void tap_die(const char *what) __attribute__((noreturn));

#endif /* TESTS_KMOD_LIBTAP_H */
