// SPDX-License-Identifier: GPL-2.0-only
/*
 * The agent by lines: one for each flow and for what became of it, and answers by lines.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "ends.h"
#include "json.h"
#include "loader.h"
#include "out.h"
#include "timestamp.h"

#define LOOK_MS 200	/* how long a held flow may go unseen */
#define LINE_BYTES 256

struct input {
	char text[LINE_BYTES];
	size_t used;
};

/* NUMBER SERVICE/FEATURE CLIENT -> SERVER EXE[PID] RULE SECONDS DOMAIN; or what became of it */
static void format_line(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	char client[128], server[128], process[512] = "-";

	(void)value;
	if (strcmp(json_text(row, "event"), "held")) {
		snprintf(text, size, "%ju %s %s", json_number(row, "number"),
			 json_text(row, "event"), json_text(row, "verdict"));
		if (json_member(row, "scope"))
			snprintf(text + strlen(text), size - strlen(text), " %s",
				 json_text(row, "scope"));
		return;
	}
	ends_format_client(row, NULL, client, sizeof(client));
	ends_format_server(row, NULL, server, sizeof(server));
	if (json_member(row, "pid"))
		snprintf(process, sizeof(process), "%s[%ju]",
			 json_text(row, json_text(row, "exe")[0] ? "exe" : "comm"),
			 json_number(row, "pid"));
	snprintf(text, size, "%ju %s/%s %s -> %s %s rule %ju, %ju s %s", json_number(row, "number"),
		 json_text(row, "service"), json_text(row, "feature"), client, server, process,
		 json_number(row, "rule"), json_number(row, "seconds"), json_text(row, "domain"));
}

static void tell(struct agent *agent, struct json_object *row)
{
	(void)agent;
	out_event(row, format_line);
}

/* NUMBER allow|deny [once|process|always] */
static void take_line(struct agent *agent, const char *line)
{
	static const char expected[] = "NUMBER allow|deny [once|process|always]";
	static const char *const scopes[] = { "once", "process", "always" };
	char word[16], scope[16] = "once", rest[2];
	unsigned long long number;
	struct agent_flow *flow;
	size_t which = 0;
	int n = sscanf(line, "%llu %15s %15s %1s", &number, word, scope, rest);

	if (n < 1 && !line[strspn(line, " \t\r")])
		return;
	while (which < 3 && strcmp(scope, scopes[which]))
		which++;
	if (n < 2 || n > 3 || (strcmp(word, "allow") && strcmp(word, "deny")) || which == 3) {
		out_error("\"%s\" is no answer; expected: %s", line, expected);
		return;
	}
	flow = agent_find(agent, number);
	if (!flow)
		out_error("no flow %llu waits", number);
	else if (agent_answer(agent, flow, strcmp(word, "allow") ? IMTC_VERDICT_REJECT :
							      IMTC_VERDICT_PASS,
			      (enum agent_scope)which))
		out_error("%s", loader_sentence());
}

/* What there is to read, line by line; false at its end. */
static bool take_input(struct agent *agent, struct input *input)
{
	char *line = input->text, *end;
	ssize_t n = read(STDIN_FILENO, line + input->used, LINE_BYTES - 1 - input->used);

	if (n <= 0)
		return n < 0 && errno == EINTR;
	input->used += (size_t)n;
	input->text[input->used] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		take_line(agent, line);
		line = end + 1;
	}
	input->used -= (size_t)(line - input->text);
	memmove(input->text, line, input->used);
	if (input->used == LINE_BYTES - 1) {
		out_error("a line is too long");
		input->used = 0;
	}
	return true;
}

int agent_lines(struct agent *agent, u64 end_ns, u64 count)
{
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
	struct input input = { .used = 0 };
	int err = 0;

	agent->tell = tell;
	while (!err && (!end_ns || time_now_ns(CLOCK_MONOTONIC) < end_ns)) {
		err = agent_look(agent);
		if (err || (count && agent->ended >= count))
			break;
		if (poll(&wait, 1, LOOK_MS) > 0 && !take_input(agent, &input))
			break;
		if (count && agent->ended >= count)
			break;
	}
	return err;
}
