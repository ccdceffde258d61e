/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A policy's answer to one flow, with its reasons: by the evaluator of
 * imtc/policy.h, as the module and the programs give it.
 */
#ifndef IMCTL_EXPLAIN_H
#define IMCTL_EXPLAIN_H

#include "flow_case.h"

/*
 * {"flow" (flow_case_json),"rules":[{"id","name","file","line","matches",
 * "criterion","wanted"}],"verdict","observed","reason","rule","rule_name",
 * "file","line","level","device"}: rules in order, up to the one that matches; of one that does not
 * the criterion that failed, and what it wanted; of what decided, absent where no
 * rule did. "observed": what would be done, where the verdict is not carried out.
 */
struct json_object *explain(const struct policy *policy, const struct flow_case *flow);
/* For people. */
void explain_print(struct json_object *explained);

#endif /* IMCTL_EXPLAIN_H */
