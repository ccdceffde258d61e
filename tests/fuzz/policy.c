// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy compiler over any bytes: it says something or compiles, and what
 * it compiles is within the contract. Errors and rules are printed too, as
 * printing reads positions that hostile text gave.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void check_rule(const struct policy *policy, const struct imtc_rule *rule)
{
	check(rule->id >= 1 && rule->id <= policy->rule_count, "rule id");
	check(rule->proc <= policy->proc_count, "process pattern");
	check(rule->verdict >= IMTC_VERDICT_PASS && rule->verdict <= IMTC_VERDICT_LAST &&
	      rule->verdict != IMTC_VERDICT_OBSERVE,
	      "verdict");
	check(rule->verdict != IMTC_VERDICT_MARK || imtc_mark_is_valid(rule->parameters), "mark");
	check(rule->verdict != IMTC_VERDICT_LIMIT ||
	      (rule->argument && imtc_limit_is_valid(rule->parameters)), "limit");
	check(rule->verdict != IMTC_VERDICT_ASK ||
	      (rule->argument && imtc_ask_is_valid(rule->parameters)), "ask");
	check(imtc_verdict_has_device(rule->verdict) ==
	      (policy->rules[rule->id - 1].redirect[0] != '\0'), "device");
	check(!rule->proc || policy->rules[rule->id - 1].needs_module, "needs_module");
	for (int i = 0; i < 2; i++) {
		check(!(rule->local.addr[i] & ~rule->local.mask[i]), "local");
		check(!(rule->remote.addr[i] & ~rule->remote.mask[i]), "remote");
	}
}

static void check_policy(const struct policy *policy)
{
	check(policy->name[0] && memchr(policy->name, 0, sizeof(policy->name)), "name");
	check(policy->compiled_count <= IMTC_RULES_MAX, "compiled rules");
	check(policy->proc_count < IMTC_PROCS_MAX, "process patterns");
	for (size_t i = 0; i < policy->compiled_count; i++) {
		check_rule(policy, &policy->compiled[i]);
		check(!i || policy->compiled[i].id >= policy->compiled[i - 1].id, "order");
	}
	for (size_t i = 0; i < policy->proc_count; i++)
		check(policy->procs[i].flags, "pattern of nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag *diag = diag_new();
	struct policy *policy = policy_read_bytes("fuzz.conf", (const char *)data, size, diag);
	static FILE *sink;

	if (!sink)
		sink = fopen("/dev/null", "we");
	check(!policy == (diag_errors(diag) > 0), "an error or a policy");
	diag_print(diag, sink);
	json_object_put(diag_json(diag, "fuzz.conf"));
	if (policy) {
		check_policy(policy);
		if (policy->compiled_count < 100)
			policy_print(sink, policy);
	}
	policy_free(policy);
	diag_free(diag);
	return 0;
}
