/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tags of rules, which the history keeps: {"3": ["finance", "audit"]} by the
 * number of the rule.
 */
#ifndef IMCTL_POLICY_TAGS_H
#define IMCTL_POLICY_TAGS_H

#include "policy.h"

/* Those of a policy that was read; NULL where no rule has any. */
struct json_object *tags_of_policy(const struct policy *policy);
/* Those of the policy of this digest, as the history has them; NULL where it has none. */
struct json_object *tags_of_digest(const char *digest, const char *state_dir);
/* "tags" of this rule into the object, where there are any. tags: NULL allowed. */
void tags_add(struct json_object *object, struct json_object *tags, u64 rule);
/* "tags" of an object as one line: "finance, audit"; "" where it has none. */
void tags_text(struct json_object *object, char *text, size_t size);

#endif /* IMCTL_POLICY_TAGS_H */
