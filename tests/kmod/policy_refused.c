// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way back from the module's refusal to the rule of the file: a policy that
 * is right but for one rule, broken behind the compiler's back, is sent by
 * imctl's own code; the module's sentence and the rule's number come back, and
 * what ran before goes on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "libtap.h"
#include "nl.h"
#include "policy.h"

#define RULES 600 /* more than one message holds */

static struct policy *compile(const char *name)
{
	size_t size = RULES * 128 + 64, used;
	char *text = malloc(size);
	struct diag *diag = diag_new();
	struct policy *policy;

	used = (size_t)snprintf(text, size, "name = \"%s\"; rules = (", name);
	for (int i = 0; i < RULES; i++)
		used += (size_t)snprintf(text + used, size - used,
					 "%s{ service = \"irc\"; process = { user = %d; };"
					 " verdict = \"drop\"; }",
					 i ? ",\n" : "", i);
	snprintf(text + used, size - used, ");");
	policy = policy_read_bytes("test.conf", text, strlen(text), diag);
	diag_free(diag);
	free(text);
	return policy;
}

/* Breaks one compiled rule, sends, and mends it. */
static void refused(struct imtc_nl *nl, struct policy *policy, size_t index, const char *what,
		    void (*break_it)(struct imtc_rule *rule))
{
	struct imtc_rule whole = policy->compiled[index];
	u32 epoch = 0;
	int error;

	break_it(&policy->compiled[index]);
	error = nl_policy_load(nl, policy, &epoch);
	tap_result(error < 0, "%s: refused (%d)", what, error);
	tap_result(nl_sentence(nl)[0] != '\0', "%s: in words: %s", what, nl_sentence(nl));
	tap_result(nl_refused_rule(nl) == whole.id, "%s: of rule %u (%u)", what, whole.id,
		   nl_refused_rule(nl));
	policy->compiled[index] = whole;
}

static void break_verdict(struct imtc_rule *rule)
{
	rule->verdict = 77;
}

static void break_encryption(struct imtc_rule *rule)
{
	rule->encryptions = 0xff;
}

static void break_direction(struct imtc_rule *rule)
{
	rule->directions = 0x80;
}

static int runs(struct imtc_nl *nl, const char *name)
{
	struct json_object *policy = NULL, *value;
	int same;

	if (nl_policy_get(nl, &policy))
		return 0;
	same = json_object_object_get_ex(policy, "name", &value) &&
	       !strcmp(json_object_get_string(value), name);
	json_object_put(policy);
	return same;
}

static void refuse_all(struct imtc_nl *nl)
{
	struct policy *policy = compile("before"), *next = compile("after");
	u32 epoch = 0;

	tap_result(policy && next, "policies compile");
	if (!policy || !next)
		return;
	tap_result(nl_policy_load(nl, policy, &epoch) == 0, "the policy loads");
	refused(nl, next, 0, "verdict of the first rule", break_verdict);
	refused(nl, next, RULES / 2, "verdict of a rule in the middle", break_verdict);
	refused(nl, next, RULES - 1, "verdict of the last rule", break_verdict);
	refused(nl, next, 5, "encryption", break_encryption);
	refused(nl, next, 6, "direction", break_direction);
	tap_result(runs(nl, "before"), "the policy of before still runs");
	tap_result(nl_policy_load(nl, next, &epoch) == 0, "mended, the other loads");
	tap_result(runs(nl, "after"), "and runs");
	tap_result(nl_policy_flush(nl, &epoch) == 0, "it is flushed");
	policy_free(policy);
	policy_free(next);
}

int main(void)
{
	struct imtc_nl *nl = NULL;
	int error = nl_session_open(&nl);

	tap_result(error == 0, "the module is there (%d)", error);
	if (!error)
		refuse_all(nl);
	nl_session_close(nl);
	return tap_done();
}
