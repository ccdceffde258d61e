/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two policies compared rule by rule. Rules are the same by their name; the order
 * counts, since the first that matches wins.
 */
#ifndef IMCTL_POLICY_DIFF_H
#define IMCTL_POLICY_DIFF_H

#include <json-c/json.h>

/*
 * Each side: an array of compiled rules as policy_rule_json() makes them, those
 * of one rule together. The answer, for people and programs: one object a rule in
 * the order of the new side, what is removed before what stands where it stood:
 * {"name","change":"same"|"changed"|"moved"|"added"|"removed","old":[lines],
 * "new":[lines]}; a rule that moved is said twice, "removed" and "moved".
 * NULL: no memory.
 */
struct json_object *policy_diff(struct json_object *old_rules, struct json_object *new_rules);

#endif /* IMCTL_POLICY_DIFF_H */
