// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an agent knows of the flows that wait, and how it answers for them; how that is
 * shown is not known here.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "agent_rule.h"
#include "ends.h"
#include "json.h"
#include "names.h"
#include "nl.h"
#include "sentence.h"
#include "timestamp.h"

extern char **environ;

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

static struct json_object *describe(const struct agent *agent, const struct held_flow *flow,
				    u64 number)
{
	const struct imtc_query *q = &flow->held.query;
	struct json_object *facts = json_object_new_object();
	char domain[IMTC_DOMAIN_BYTES];
	u64 now = time_now_ns(CLOCK_MONOTONIC);

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

/* The flow waits no more. */
static void end(struct agent *agent, struct agent_flow *flow, const char *event, u8 verdict,
		const char *scope)
{
	struct json_object *row = json_object_new_object();

	json_add_text(row, "event", event);
	json_add_number(row, "number", flow->number);
	json_add_text(row, "verdict", action_name(verdict));
	if (scope)
		json_add_text(row, "scope", scope);
	json_object_put(flow->facts);
	agent->count--;
	memmove(flow, flow + 1, (size_t)(&agent->flows[agent->count] - flow) * sizeof(*flow));
	agent->ended++;
	agent->tell(agent, row);
	json_object_put(row);
}

/* --- looking --------------------------------------------------------------------------- */

static bool is_same(const struct held_flow *one, const struct held_flow *other)
{
	return one->held.first_ns == other->held.first_ns &&
	       !memcmp(&one->key, &other->key, sizeof(one->key));
}

static bool is_known(const struct agent *agent, const struct held_flow *flow)
{
	for (size_t i = 0; i < agent->count; i++)
		if (is_same(&agent->flows[i].flow, flow))
			return true;
	return false;
}

static int add(struct agent *agent, const struct held_flow *held)
{
	struct agent_flow *flow;

	if (agent->count == agent->room) {
		size_t room = agent->room ? agent->room * 2 : 16;

		flow = reallocarray(agent->flows, room, sizeof(*flow));
		if (!flow)
			return -ENOMEM;
		agent->flows = flow;
		agent->room = room;
	}
	flow = &agent->flows[agent->count++];
	flow->flow = *held;
	flow->number = ++agent->numbers;
	flow->facts = describe(agent, held, flow->number);
	agent->tell(agent, flow->facts);
	return 0;
}

/* What another agent has answered, or what nobody has in time. */
static void look_for_ends(struct agent *agent, const struct held_flow *held, size_t count, u64 now)
{
	for (size_t i = agent->count; i-- > 0;) {
		struct agent_flow *flow = &agent->flows[i];
		const struct imtc_held *as_known = &flow->flow.held, *as_is = NULL;

		for (size_t j = 0; !as_is && j < count; j++)
			if (is_same(&flow->flow, &held[j]))
				as_is = &held[j].held;
		if (as_is && as_is->answer)
			end(agent, flow, "answered", (u8)as_is->answer, "elsewhere");
		else if (now >= as_known->deadline_ns)
			end(agent, flow, "over",
			    (u8)as_known->query.parameters[IMTC_ASK_OTHERWISE], NULL);
	}
}

int agent_look(struct agent *agent)
{
	struct held_flow *held = NULL;
	u64 now = time_now_ns(CLOCK_MONOTONIC);
	size_t count = 0;
	int err = held_read(&held, &count);

	for (size_t i = 0; !err && i < count; i++)
		if (held_waits(&held[i].held, now) && !is_known(agent, &held[i]))
			err = add(agent, &held[i]);
	if (!err)
		look_for_ends(agent, held, count, now);
	free(held);
	return err;
}

struct agent_flow *agent_find(struct agent *agent, u64 number)
{
	for (size_t i = 0; i < agent->count; i++)
		if (agent->flows[i].number == number)
			return &agent->flows[i];
	return NULL;
}

/* --- answering ------------------------------------------------------------------------- */

/* As an administrator would: through a load, with all that it checks. */
static int load_policy(const char *path)
{
	char *const words[] = { "imctl", "--quiet", "policy", "load", (char *)path, NULL };
	posix_spawn_file_actions_t actions;
	int status = 0, err;
	pid_t pid;

	/* Neither the answers that are yet to be read nor the screen are its own. */
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	err = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}

static int answer_always(const struct agent *agent, const struct agent_flow *flow, u8 verdict)
{
	int err;

	if (!agent->write)
		return fail(0, "\"always\" needs --write FILE"), -EINVAL;
	err = agent_rule_write(agent->write, flow->facts, verdict);
	if (!err)
		err = held_answer(&flow->flow, verdict);
	if (!err && agent->policy && load_policy(agent->policy))
		err = (fail(0, "the rule is in %s, but %s does not load: see \"imctl policy check\"",
			    agent->write, agent->policy), -EINVAL);
	return err;
}

int agent_answer(struct agent *agent, struct agent_flow *flow, u8 verdict,
		 enum agent_scope scope)
{
	static const char *const words[] = {
		[AGENT_ONCE] = "once", [AGENT_PROCESS] = "process", [AGENT_ALWAYS] = "always",
	};
	int err;

	if (scope == AGENT_ALWAYS)
		err = answer_always(agent, flow, verdict);
	else if (scope == AGENT_PROCESS)
		err = held_answer_process(&flow->flow, verdict);
	else
		err = held_answer(&flow->flow, verdict);
	if (!err)
		end(agent, flow, "answered", verdict, words[scope]);
	return err;
}

void agent_close(struct agent *agent)
{
	while (agent->count)
		json_object_put(agent->flows[--agent->count].facts);
	free(agent->flows);
	nl_session_close(agent->nl);
}
