// SPDX-License-Identifier: GPL-2.0-only
/*
 * What on this host makes a rule about a program miss: the kernel names a
 * program by the file it runs, not by the link or the script that was typed.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy_tree.h"

/* The interpreter of a script ("#!/usr/bin/python3 -s"); false: it is none. */
static bool interpreter_of(const char *path, char *name, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char head[256];
	const char *start;
	ssize_t got = -1;

	if (fd < 0)
		return false;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		got = read(fd, head, sizeof(head) - 1);
	close(fd);
	if (got < 3 || memcmp(head, "#!", 2))
		return false;
	head[got] = '\0';
	start = head + 2 + strspn(head + 2, " \t");
	snprintf(name, size, "%.*s", (int)strcspn(start, " \t\n"), start);
	return name[0];
}

static void check_exe(const struct tree_rule *rule, const char *exe, struct diag *diag)
{
	char real[PATH_MAX], interpreter[256];

	/* A program that is not there may be in a container, or come later. */
	if (!realpath(exe, real))
		return;
	if (strcmp(exe, real))
		diag_message(diag, DIAG_WARNING, &rule->at,
			     "rule \"%s\": %s is a link; the kernel knows the program as %s",
			     rule->name, exe, real);
	else if (interpreter_of(exe, interpreter, sizeof(interpreter)))
		diag_message(diag, DIAG_WARNING, &rule->at,
			     "rule \"%s\": %s is a script; the kernel sees what runs it, %s",
			     rule->name, exe, interpreter);
}

void policy_check_host(const struct policy_tree *tree, struct diag *diag)
{
	for (size_t i = 0; i < tree->rule_count; i++)
		for (size_t k = 0; k < tree->rules[i].exe.count; k++)
			check_exe(&tree->rules[i], tree->rules[i].exe.items[k], diag);
	for (size_t i = 0; i < tree->rule_count; i++)
		for (size_t k = 0; k < tree->rules[i].under.count; k++)
			check_exe(&tree->rules[i], tree->rules[i].under.items[k], diag);
}
