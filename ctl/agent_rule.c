// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the rules that an agent's answers for ever are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "agent_rule.h"
#include "json.h"
#include "sentence.h"

/* What would be a pattern, or end the string, or not be text. */
static bool is_plain(const char *path)
{
	for (; *path; path++)
		if ((unsigned char)*path < ' ' || *path == 0x7f || strchr("\"\\*?[]", *path))
			return false;
	return true;
}

static int format_rule(struct json_object *flow, u8 verdict, char *text, size_t size)
{
	const char *exe = json_text(flow, "exe");
	char when[32];
	time_t now = time(NULL);
	struct tm parts;

	if (!is_plain(exe))
		return fail(-EINVAL, "the path of the program cannot stand in a rule");
	gmtime_r(&now, &parts);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &parts);
	snprintf(text, size, "{ name = \"answered %s, %s\"; service = \"%s\"; ", when,
		 json_text(flow, "service"), json_text(flow, "service"));
	if (exe[0])
		snprintf(text + strlen(text), size - strlen(text), "process = { exe = \"%s\"; }; ",
			 exe);
	else
		snprintf(text + strlen(text), size - strlen(text), "remote = \"%s\"; ",
			 json_text(flow, strcmp(json_text(flow, "direction"), "out") ? "client" :
								      "server"));
	snprintf(text + strlen(text), size - strlen(text), "verdict = \"%s\"; },\n",
		 verdict == IMTC_VERDICT_PASS ? "allow" : "reject");
	return 0;
}

int agent_rule_write(const char *path, struct json_object *flow, u8 verdict)
{
	char text[IMTC_DOMAIN_BYTES + 4096 + 512];
	int err = format_rule(flow, verdict, text, sizeof(text));
	ssize_t n;
	int fd;

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(-errno, "cannot open %s", path);
	/* Two agents take turns; one write is one rule. */
	flock(fd, LOCK_EX);
	n = write(fd, text, strlen(text));
	err = n < 0 ? -errno : n != (ssize_t)strlen(text) ? -EIO : fsync(fd) ? -errno : 0;
	close(fd);
	return err ? fail(err, "cannot write %s", path) : 0;
}
