/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flows that wait for an answer, and answering for them. Negative errno;
 * loader_sentence() says more.
 */
#ifndef IMCTL_AGENT_H
#define IMCTL_AGENT_H

#include <json-c/json.h>

#include "held.h"

struct imtc_nl;

/*
 * facts: {"event": "held", "number", ends (ends.h), "l4", "service", "feature",
 * "direction", "domain", "rule", "seconds" (left then), "pid", "uid", "comm", "exe"};
 * domain and the process only where known.
 */
struct agent_flow {
	struct held_flow flow;
	struct json_object *facts;
	u64 number;		/* from 1, not used again */
};

struct agent {
	struct agent_flow *flows;	/* those that wait */
	size_t count, room;
	u64 numbers;
	u64 ended;		/* flows that were answered, or whose time was over */
	const char *write;	/* file of the answers for ever; NULL: none */
	const char *policy;	/* loaded again after such an answer; NULL: none */
	struct imtc_nl *nl;	/* NULL: no processes are known */
	/*
	 * Told of a flow that waits (its facts), and of what became of it: {"event":
	 * "answered" or "over", "number", "verdict", "scope"}. Keeps no reference.
	 */
	void (*tell)(struct agent *agent, struct json_object *row);
	char said[160];		/* tell's own: the last thing that happened */
};

enum agent_scope { AGENT_ONCE, AGENT_PROCESS, AGENT_ALWAYS };

/* Finds flows that wait now, and those that do no more. */
int agent_look(struct agent *agent);
/* NULL: no flow of this number waits. */
struct agent_flow *agent_find(struct agent *agent, u64 number);
/* verdict: PASS or REJECT. The flow waits no more, if it succeeds. */
int agent_answer(struct agent *agent, struct agent_flow *flow, u8 verdict,
		 enum agent_scope scope);
void agent_close(struct agent *agent);

/* The two ways of showing it; 0, or negative errno. end_ns 0, count 0: no end. */
int agent_lines(struct agent *agent, u64 end_ns, u64 count);
int agent_screen(struct agent *agent, u64 end_ns, u64 count);

#endif /* IMCTL_AGENT_H */
