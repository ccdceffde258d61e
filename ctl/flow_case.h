/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A flow that a policy is asked about without there being one: what a user says of
 * it, as words ("service" "xmpp"). Internal to explain and test; returns as
 * policy_tree.h's values do.
 */
#ifndef IMCTL_FLOW_CASE_H
#define IMCTL_FLOW_CASE_H

#include "policy_tree.h"

/* An id that no process has (uid_t's "none"): what is not known matches no rule. */
#define FLOW_CASE_NO_ID 0xffffffffU

struct flow_case {
	struct imtc_facts facts;	/* procs and sets: of flow_case_policy_facts() */
	struct imtc_owner owner;	/* above: set with the facts */
	u64 owner_sets;		/* of flow_case_policy_facts(), that it is in */
	struct imtc_owner ancestors[IMTC_ANCESTORS_MAX];	/* of whom exe alone is asked */
	u32 ancestor_count;
	bool has_owner;		/* a process is known; what was not said of it matches nothing */
	bool shows_peer;	/* it was said, or the policy knows what is inside */
	char domain[IMTC_DOMAIN_PATTERN_BYTES];	/* what it names, "" where that is not known */
	bool has_time;		/* it was said when */
	int64_t time;		/* seconds of UTC; else it is now */
	char device[16];	/* where it was first seen, "" where that is not known */
};

/* Nothing is known but that this host opened it, and that it is told by its content. */
void flow_case_start(struct flow_case *flow);
/*
 * One attribute: service, feature, direction (in, out, forward), encrypted (yes, no,
 * unknown), confidence, local, remote, local_port, remote_port, peer, interface, domain,
 * time ("2026-12-24T10:00+01:00"), new_flows, new_peers (how many with it), exe, exe_sha256,
 * under, comm, user, group, cgroup. False: said in error.
 */
bool flow_case_set(struct flow_case *flow, const char *key, const char *value,
		   struct value_error *error);
/* One more exe that the owner descends from; those that do not fit are left out. */
void flow_case_add_ancestor(struct flow_case *flow, const char *exe);
/*
 * Which of the policy's process patterns the owner matches, as the module finds it,
 * which of its sets hold the addresses, whether the other end is inside (where nobody
 * said it), which schedules are open, and the number that the policy gives the device.
 */
void flow_case_policy_facts(struct flow_case *flow, const struct policy *policy);
/*
 * {"service","feature","direction","encryption","confidence"} and, where they are known,
 * "local","local_port","remote","remote_port","peer","interface","domain","time",
 * "new_flows","new_peers","owner":{"exe","under","comm","uid","gid","cgroup"}.
 */
struct json_object *flow_case_json(const struct flow_case *flow);
/* The same as a line: "service xmpp, feature file, direction out, exe /usr/bin/x". */
void flow_case_text(struct json_object *flow, char *text, size_t size);

#endif /* IMCTL_FLOW_CASE_H */
