/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers that hold for ever, as rules of a policy: a file that the policy includes
 * in its list of rules, before those that ask.
 */
#ifndef IMCTL_AGENT_RULE_H
#define IMCTL_AGENT_RULE_H

#include <imtc/held.h>
#include <json-c/json.h>

/*
 * Appends a rule to the file, which is made where it is not there: for the flow's
 * service and its program (flow's "exe"), or the other end's address where no program
 * is known. verdict: PASS or REJECT. Negative errno; loader_sentence() says more.
 * -EINVAL: the program's path cannot stand in a rule.
 */
int agent_rule_write(const char *path, struct json_object *flow, u8 verdict);

#endif /* IMCTL_AGENT_RULE_H */
