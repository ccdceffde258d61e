// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a command's own options and words.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "imctl.h"
#include "nearest.h"
#include "out.h"

int args_usage(const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	out_error("%s (see: imctl%s%s --help)", text, options.command[0] ? " " : "",
		  options.command);
	return EXIT_USAGE;
}

static const char *nearest_option(const char *word, const struct option *words)
{
	struct nearest search = { .word = word };

	for (; words && words->name; words++)
		nearest_offer(&search, words->name);
	return search.best;
}

static void say_unknown(const char *written, const struct option *words)
{
	char word[64];
	const char *best;

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(written + 2, "="), written + 2);
	best = nearest_option(word, words);
	if (best)
		args_usage("unknown option --%s; did you mean --%s?", word, best);
	else
		args_usage("unknown option --%s", word);
}

/* Was the long option written out? getopt_long() takes any unambiguous beginning. */
static bool is_whole(const char *written, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(written, "--", 2) && !strncmp(written + 2, name, len) &&
	       (written[2 + len] == '\0' || written[2 + len] == '=');
}

static void say_wrong(int argc, char **argv, int answer, const struct option *words)
{
	const char *written = optind > 0 && optind <= argc ? argv[optind - 1] : "";

	if (answer == ':' && optopt && !strncmp(written, "--", 2))
		args_usage("option %s needs a value", written);
	else if (answer == ':')
		args_usage("option -%c needs a value", optopt);
	else if (!strncmp(written, "--", 2) && strchr(written, '=') && optopt)
		args_usage("option %.*s takes no value", (int)strcspn(written, "="), written);
	else if (!strncmp(written, "--", 2))
		say_unknown(written, words);
	else
		args_usage("unknown option -%c", isprint(optopt) ? optopt : '?');
}

int args_option(int argc, char **argv, const char *letters, const struct option *words)
{
	char quiet_letters[64];
	const char *written;
	int index = -1, answer;

	opterr = 0;
	/* A leading colon tells a missing value from an unknown option. */
	snprintf(quiet_letters, sizeof(quiet_letters), ":%s", letters);
	answer = getopt_long(argc, argv, quiet_letters, words, &index);
	if (answer == '?' || answer == ':') {
		say_wrong(argc, argv, answer, words);
		return '?';
	}
	if (answer == -1 || index < 0)
		return answer;
	/* The option is the last word read, or the one before its value. */
	written = argv[optind - 1];
	if (optarg == written && optind >= 2)
		written = argv[optind - 2];
	if (is_whole(written, words[index].name))
		return answer;
	say_unknown(written, words);
	return '?';
}

bool args_plain(int argc, char **argv, int least, int most)
{
	static const struct option none[] = { { 0 } };

	if (args_option(argc, argv, "", none) != -1)
		return false;
	if (argc - optind < least) {
		args_usage("something is missing after \"%s\"", argv[argc - 1]);
		return false;
	}
	if (argc - optind > most) {
		args_usage("too many words: \"%s\" is not expected", argv[optind + most]);
		return false;
	}
	return true;
}

bool args_positive(const char *text, u64 *ret_number)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || end == text || text[0] == '-' || !number || number > 0x7fffffff)
		return false;
	*ret_number = number;
	return true;
}
