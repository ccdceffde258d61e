// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sentence for the last failure, and what libbpf said on the way to it.
 */
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "sentence.h"

#define SAID_BYTES 512

static char sentence[1024];
static char first_warning[SAID_BYTES];	/* what went wrong first is why the rest did */
static char program_failed[SAID_BYTES];
static char verifier_end[SAID_BYTES];
static int verbose;

const char *loader_sentence(void)
{
	return sentence;
}

void loader_set_verbose(int level)
{
	verbose = level;
}

int fail(int err, const char *format, ...)
{
	char text[sizeof(sentence) - 128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (err)
		snprintf(sentence, sizeof(sentence), "%s: %s", text, strerror(-err));
	else
		snprintf(sentence, sizeof(sentence), "%s", text);
	return err;
}

/* Copies one line, without "libbpf: " and the line's end. */
static void keep_line(char *to, const char *line, size_t n)
{
	static const char prefix[] = "libbpf: ";

	if (n > sizeof(prefix) - 1 && !strncmp(line, prefix, sizeof(prefix) - 1)) {
		line += sizeof(prefix) - 1;
		n -= sizeof(prefix) - 1;
	}
	snprintf(to, SAID_BYTES, "%.*s", (int)n, line);
}

/* The verifier's complaint is the last line before its statistics. */
static void keep_verifier(const char *log)
{
	const char *last = NULL;
	size_t last_n = 0;

	for (const char *line = log; line && *line; ) {
		const char *end = strchr(line, '\n');
		size_t n = end ? (size_t)(end - line) : strlen(line);

		if (!strncmp(line, "processed ", 10) || !strncmp(line, "-- END", 6))
			break;
		if (n && !memmem(line, n, "PROG LOAD LOG", 13)) {
			last = line;
			last_n = n;
		}
		line = end ? end + 1 : NULL;
	}
	if (last)
		keep_line(verifier_end, last, last_n);
}

static void keep_said(const char *text)
{
	if (strstr(text, "BEGIN PROG LOAD LOG")) {
		keep_verifier(text);
		return;
	}
	if (strstr(text, "BPF program load failed") && !program_failed[0])
		keep_line(program_failed, text, strcspn(text, "\n"));
	if (!first_warning[0])
		keep_line(first_warning, text, strcspn(text, "\n"));
}

static int listen_to(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text;

	if (level == LIBBPF_DEBUG && verbose < 2)
		return 0;
	if (vasprintf(&text, format, args) < 0)
		return 0;
	if (verbose)
		fputs(text, stderr);
	if (level == LIBBPF_WARN)
		keep_said(text);
	free(text);
	return 0;
}

void libbpf_listen(void)
{
	first_warning[0] = program_failed[0] = verifier_end[0] = '\0';
	libbpf_set_print(listen_to);
}

const char *libbpf_said(void)
{
	static char said[2 * SAID_BYTES + 8];

	if (!program_failed[0])
		return first_warning;
	if (!verifier_end[0])
		return program_failed;
	snprintf(said, sizeof(said), "%s: %s", program_failed, verifier_end);
	return said;
}
