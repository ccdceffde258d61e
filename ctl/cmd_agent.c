// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl agent: shows the flows that a rule with "ask" holds, and answers for them by
 * the lines that it reads.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <imtc/held.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent_rule.h"
#include "args.h"
#include "ends.h"
#include "held.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "names.h"
#include "need.h"
#include "nl.h"
#include "out.h"
#include "stats.h"

#define LOOK_MS 200	/* how long a held flow may go unseen */
#define LINE_BYTES 256

/* Flows that were shown and still wait; numbers are not used again. */
struct shown {
	struct held_flow flow;
	struct json_object *facts;
	u64 number;
};

struct agent {
	struct shown *shown;
	size_t count, room;
	u64 numbers;
	u64 left;		/* flows to see the end of yet; 0: no end */
	const char *write;	/* file of the answers for ever; NULL: none */
	const char *policy;	/* loaded again after such an answer; NULL: none */
	struct imtc_nl *nl;	/* NULL: no processes are known */
	char line[LINE_BYTES];
	size_t used;
	bool ended;
};

extern char **environ;

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000ULL + (u64)now.tv_nsec;
}

/* --- what is shown --------------------------------------------------------------------- */

static void add_process(struct json_object *facts, struct imtc_nl *nl, u64 handle)
{
	struct json_object *processes;

	if (!nl || !handle || nl_processes_get(nl, &processes))
		return;
	for (size_t i = 0; i < json_object_array_length(processes); i++) {
		struct json_object *process = json_object_array_get_idx(processes, i);

		if (json_number(process, "handle") != handle)
			continue;
		json_add_number(facts, "pid", json_number(process, "pid"));
		json_add_number(facts, "uid", json_number(process, "uid"));
		json_add_text(facts, "comm", json_text(process, "comm"));
		json_add_text(facts, "exe", json_text(process, "exe"));
	}
	json_object_put(processes);
}

/* {"event": "held", "number", ends, "l4", "service", "feature", "direction", "domain", "rule",
 *  "seconds", "pid", "uid", "comm", "exe"} */
static struct json_object *describe(const struct agent *agent, const struct held_flow *flow,
				    u64 number)
{
	const struct imtc_query *q = &flow->held.query;
	struct json_object *facts = json_object_new_object();
	char domain[IMTC_DOMAIN_BYTES];
	u64 now = now_ns();

	json_add_text(facts, "event", "held");
	json_add_number(facts, "number", number);
	ends_add(facts, q->client, ntohs(q->client_port), q->server, ntohs(q->server_port));
	json_add_text(facts, "l4", q->l4 == IMTC_L4_TCP ? "tcp" : "udp");
	json_add_text(facts, "service", service_name(q->label.service));
	json_add_text(facts, "feature", feature_name(q->label.feature));
	json_add_text(facts, "direction", q->flow_flags & IMTC_FLOW_OUT ? "out" : "in");
	snprintf(domain, sizeof(domain), "%.*s", (int)sizeof(domain) - 1, q->domain);
	if (domain[0])
		json_add_text(facts, "domain", domain);
	json_add_number(facts, "rule", q->rule);
	json_add_number(facts, "seconds", flow->held.deadline_ns > now ?
			(flow->held.deadline_ns - now + 999999999) / 1000000000 : 0);
	add_process(facts, agent->nl, q->answer_owner);
	return facts;
}

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

static void show_end(struct agent *agent, struct shown *shown, const char *event, u8 verdict,
		     const char *scope)
{
	struct json_object *row = json_object_new_object();

	json_add_text(row, "event", event);
	json_add_number(row, "number", shown->number);
	json_add_text(row, "verdict", action_name(verdict));
	if (scope)
		json_add_text(row, "scope", scope);
	out_event(row, format_line);
	json_object_put(row);
	json_object_put(shown->facts);
	*shown = agent->shown[--agent->count];
	if (agent->left && !--agent->left)
		agent->ended = true;
}

/* --- looking --------------------------------------------------------------------------- */

static bool is_same(const struct held_flow *one, const struct held_flow *other)
{
	return one->held.first_ns == other->held.first_ns &&
	       !memcmp(&one->key, &other->key, sizeof(one->key));
}

static bool is_shown(const struct agent *agent, const struct held_flow *flow)
{
	for (size_t i = 0; i < agent->count; i++)
		if (is_same(&agent->shown[i].flow, flow))
			return true;
	return false;
}

static int show(struct agent *agent, const struct held_flow *flow)
{
	struct shown *shown;

	if (agent->count == agent->room) {
		size_t room = agent->room ? agent->room * 2 : 16;

		shown = reallocarray(agent->shown, room, sizeof(*shown));
		if (!shown)
			return -ENOMEM;
		agent->shown = shown;
		agent->room = room;
	}
	shown = &agent->shown[agent->count++];
	shown->flow = *flow;
	shown->number = ++agent->numbers;
	shown->facts = describe(agent, flow, shown->number);
	out_event(shown->facts, format_line);
	return 0;
}

/* What another agent has answered, or what nobody has in time. */
static void look_at_shown(struct agent *agent, const struct held_flow *flows, size_t count, u64 now)
{
	for (size_t i = agent->count; i-- > 0;) {
		struct shown *shown = &agent->shown[i];
		const struct held_flow *flow = NULL;

		for (size_t j = 0; !flow && j < count; j++)
			if (is_same(&shown->flow, &flows[j]))
				flow = &flows[j];
		if (flow && flow->held.answer)
			show_end(agent, shown, "answered", (u8)flow->held.answer, "elsewhere");
		else if (now >= shown->flow.held.deadline_ns)
			show_end(agent, shown, "over", (u8)
				 shown->flow.held.query.parameters[IMTC_ASK_OTHERWISE], NULL);
	}
}

static int look(struct agent *agent)
{
	struct held_flow *flows = NULL;
	u64 now = now_ns();
	size_t count = 0;
	int err = held_read(&flows, &count);

	for (size_t i = 0; !err && i < count; i++)
		if (held_waits(&flows[i].held, now) && !is_shown(agent, &flows[i]))
			err = show(agent, &flows[i]);
	if (!err)
		look_at_shown(agent, flows, count, now);
	free(flows);
	return err;
}

/* --- answering ------------------------------------------------------------------------- */

/* As an administrator would: through a load, with all that it checks. */
static int load_policy(const char *path)
{
	char *const words[] = { "imctl", "--quiet", "policy", "load", (char *)path, NULL };
	posix_spawn_file_actions_t actions;
	int status = 0, err;
	pid_t pid;

	/* The answers that are yet to be read are not its own. */
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	err = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}

static int answer_always(const struct agent *agent, const struct shown *shown, u8 verdict)
{
	int err = agent_rule_write(agent->write, shown->facts, verdict);

	if (!err && agent->policy && load_policy(agent->policy))
		out_warning("the rule is in %s, but %s does not load", agent->write,
			    agent->policy);
	return err ? err : held_answer(&shown->flow, verdict);
}

static int answer(const struct agent *agent, const struct shown *shown, u8 verdict,
		  const char *scope)
{
	if (!strcmp(scope, "once"))
		return held_answer(&shown->flow, verdict);
	if (!strcmp(scope, "process"))
		return held_answer_process(&shown->flow, verdict);
	return answer_always(agent, shown, verdict);
}

/* NUMBER allow|deny [once|process|always] */
static void take_line(struct agent *agent, const char *line)
{
	static const char expected[] = "NUMBER allow|deny [once|process|always]";
	char word[16], scope[16] = "once", rest[2];
	struct shown *shown = NULL;
	unsigned long long number;
	u8 verdict;
	int n = sscanf(line, "%llu %15s %15s %1s", &number, word, scope, rest);

	if (n < 1 && !line[strspn(line, " \t\r")])
		return;
	if (n < 2 || n > 3 || (strcmp(word, "allow") && strcmp(word, "deny")) ||
	    (strcmp(scope, "once") && strcmp(scope, "process") && strcmp(scope, "always"))) {
		out_error("\"%s\" is no answer; expected: %s", line, expected);
		return;
	}
	for (size_t i = 0; i < agent->count; i++)
		if (agent->shown[i].number == number)
			shown = &agent->shown[i];
	if (!shown) {
		out_error("no flow %llu waits", number);
		return;
	}
	if (!strcmp(scope, "always") && !agent->write) {
		out_error("\"always\" needs --write FILE");
		return;
	}
	verdict = strcmp(word, "allow") ? IMTC_VERDICT_REJECT : IMTC_VERDICT_PASS;
	if (answer(agent, shown, verdict, scope))
		out_error("%s", loader_sentence());
	else
		show_end(agent, shown, "answered", verdict, scope);
}

/* What there is to read, line by line; false at its end. */
static bool take_input(struct agent *agent)
{
	ssize_t n = read(STDIN_FILENO, agent->line + agent->used,
			 sizeof(agent->line) - 1 - agent->used);
	char *line = agent->line, *end;

	if (n <= 0)
		return n < 0 && errno == EINTR;
	agent->used += (size_t)n;
	agent->line[agent->used] = '\0';
	while ((end = memchr(line, '\n', agent->used - (size_t)(line - agent->line)))) {
		*end = '\0';
		take_line(agent, line);
		line = end + 1;
	}
	agent->used -= (size_t)(line - agent->line);
	memmove(agent->line, line, agent->used);
	if (agent->used == sizeof(agent->line) - 1) {
		out_error("a line is too long");
		agent->used = 0;
	}
	return true;
}

/* --- the command ----------------------------------------------------------------------- */

static int run_agent_loop(struct agent *agent, u64 end_ns)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	int err = 0;

	while (!agent->ended && (!end_ns || now_ns() < end_ns)) {
		err = look(agent);
		if (err || agent->ended)
			break;
		if (poll(&input, 1, LOOK_MS) > 0 && !take_input(agent))
			break;
	}
	return err ? say_failure(err) : EXIT_OK;
}

static int run_forget(void)
{
	struct json_object *record;
	size_t count;
	int err = held_forget(&count);

	if (err)
		return say_failure(err);
	record = json_object_new_object();
	json_add_number(record, "forgotten", count);
	out_done(record, "%zu answer%s forgotten", count, count == 1 ? "" : "s");
	json_object_put(record);
	return EXIT_OK;
}

static bool parse_positive(const char *text, u64 *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoul(text, &end, 10);
	return !errno && !*end && end != text && text[0] != '-' && *ret_number &&
	       *ret_number <= 0x7fffffff;
}

static int run_agent(int argc, char **argv)
{
	static const struct option words[] = {
		{ "count", required_argument, NULL, 'n' },
		{ "timeout", required_argument, NULL, 't' },
		{ "write", required_argument, NULL, 'w' },
		{ "policy", required_argument, NULL, 'p' },
		{ 0 }
	};
	struct agent agent = { 0 };
	u64 seconds = 0;
	int option, status;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 'n' && !parse_positive(optarg, &agent.left))
			return args_usage("--count takes a number, not \"%s\"", optarg);
		if (option == 't' && !parse_positive(optarg, &seconds))
			return args_usage("--timeout takes seconds, not \"%s\"", optarg);
		if (option == 'w')
			agent.write = optarg;
		if (option == 'p')
			agent.policy = optarg;
	}
	if (agent.policy && !agent.write)
		return args_usage("--policy needs --write");
	if (argc - optind > 1 || (optind < argc && strcmp(argv[optind], "forget")))
		return args_usage("\"%s\" is not expected", argv[argc - 1]);
	status = need_root();
	if (!status)
		status = need_loaded();
	if (status || optind < argc)
		return status ? status : run_forget();
	status = stats_engine(&agent.nl);
	if (status)
		return say_failure(status);
	status = run_agent_loop(&agent, seconds ? now_ns() + seconds * 1000000000ULL : 0);
	while (agent.count)
		json_object_put(agent.shown[--agent.count].facts);
	free(agent.shown);
	nl_session_close(agent.nl);
	return status;
}

const struct command command_agent = {
	.name = "agent",
	.arguments = "[forget] [--count N] [--timeout SECONDS] [--write FILE [--policy FILE]]",
	.summary = "Answers for flows that a rule with \"ask\" holds.",
	.help =
		"A line for each flow that waits:\n"
		"  NUMBER SERVICE/FEATURE CLIENT -> SERVER PROGRAM[PID] rule N, SECONDS DOMAIN\n"
		"and it is answered by a line on the standard input:\n"
		"  NUMBER allow|deny [once|process|always]\n"
		"once (without a word): this flow. process: all flows of this process with this\n"
		"service, until the process ends or \"imctl agent forget\". always: a rule is\n"
		"written. \"deny\" rejects. What nobody answers is decided by its rule.\n"
		"\n"
		"Options:\n"
		"  --count N          end after N flows were answered, or their time was over\n"
		"  --timeout SECONDS  end after so long\n"
		"  --write FILE       rules for \"always\" are added to FILE, which the policy\n"
		"                     includes in its list of rules\n"
		"  --policy FILE      the policy to load again then\n",
	.run = run_agent,
};
