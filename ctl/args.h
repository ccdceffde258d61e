/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a command line as every command reads them. Command files only:
 * what is wrong is said here.
 */
#ifndef IMCTL_ARGS_H
#define IMCTL_ARGS_H

#include <getopt.h>
#include <imtc/types.h>
#include <stdbool.h>

/*
 * As getopt_long(), with optarg and optind, but whole words only, as an
 * abbreviation accepted once can never be taken back. '?': wrong, and said; the
 * command returns EXIT_USAGE. -1: no more options. Global options never get
 * here, nor does --help.
 */
int args_option(int argc, char **argv, const char *letters, const struct option *words);

/* Says what is wrong with the usage, and where help is. Returns EXIT_USAGE. */
int args_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * For a command without options: refuses any, and counts the words that remain
 * from optind on. False: wrong, and said.
 */
bool args_plain(int argc, char **argv, int least, int most);

/* A whole number from 1 to 2^31 - 1: a count, or seconds. */
bool args_positive(const char *text, u64 *ret_number);

#endif /* IMCTL_ARGS_H */
