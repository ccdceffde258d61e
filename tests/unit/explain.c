// SPDX-License-Identifier: GPL-2.0-only
/*
 * What explains a verdict, held against what takes it: the criterion that is told
 * and the rule that is said to decide.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <imtc/policy_why.h>

#include "explain.h"
#include "json.h"
#include "names.h"

#define RULES 8
#define QUESTIONS 300000
#define POLICIES 20000

static u64 state = 2004;

static u32 below(u32 n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(state >> 33) % n;
}

/*
 * Every byte of a rule at random, and half of the criteria then set to "any". One
 * that imtc_rule_matches() learns and imtc_rule_failing() does not is never set
 * so, and is told as "another criterion".
 */
static void draw_rule(struct imtc_rule *rule)
{
	u8 *bytes = (u8 *)rule;

	for (size_t i = 0; i < sizeof(*rule); i++)
		bytes[i] = (u8)below(256);
	rule->proc %= IMTC_PROCS_MAX;
	if (below(2))
		memset(rule->services, 0, sizeof(rule->services));
	if (below(2))
		rule->features = 0;
	if (below(2))
		rule->directions = 0;
	if (below(2))
		rule->encryptions = 0;
	if (below(2))
		rule->proc = 0;
	if (below(2))
		rule->confidence = 0;
	if (below(2))
		rule->local_port.last = 0;
	if (below(2))
		rule->remote_port.last = 0;
	if (below(2))
		rule->peers = 0;
	if (below(2))
		rule->ifindex = 0;
	/* A name matches a rule's domain by chance in no question. */
	if (below(8))
		rule->domain_labels = 0;
	if (below(8))
		rule->domain_set = 0;
	if (below(8))
		rule->schedule = 0;
	for (int i = 0; i < IMTC_RATES; i++)
		rule->rates[i] = below(8) ? 0 : rule->rates[i];
	for (int i = 0; i < 2; i++) {
		rule->local.mask[i] = below(2) ? 0 : 1ULL << below(64);
		rule->remote.mask[i] = below(2) ? 0 : 1ULL << below(64);
	}
}

static void draw_facts(struct imtc_facts *facts)
{
	u8 *bytes = (u8 *)facts;

	for (size_t i = 0; i < sizeof(*facts); i++)
		bytes[i] = (u8)below(256);
	facts->service %= IMTC_SERVICE_MAX;
	facts->feature %= IMTC_FEATURE_MAX;
	facts->encryption %= 4;
	facts->direction = (u8)(1 + below(2));
	facts->confidence = (u8)(1 + below(IMTC_CONFIDENCE_PAYLOAD));
	facts->peer = (u8)(1 + below(2));
}

/* Sets a criterion to "any". */
static void lift(struct imtc_rule *rule, enum imtc_criterion criterion)
{
	switch (criterion) {
	case IMTC_CRITERION_SERVICE:
		memset(rule->services, 0, sizeof(rule->services));
		break;
	case IMTC_CRITERION_FEATURE:
		rule->features = 0;
		break;
	case IMTC_CRITERION_DIRECTION:
		rule->directions = 0;
		break;
	case IMTC_CRITERION_ENCRYPTED:
		rule->encryptions = 0;
		break;
	case IMTC_CRITERION_CONFIDENCE:
		rule->confidence = 0;
		break;
	case IMTC_CRITERION_LOCAL_PORT:
		memset(&rule->local_port, 0, sizeof(rule->local_port));
		break;
	case IMTC_CRITERION_REMOTE_PORT:
		memset(&rule->remote_port, 0, sizeof(rule->remote_port));
		break;
	case IMTC_CRITERION_PEER:
		rule->peers = 0;
		break;
	case IMTC_CRITERION_INTERFACE:
		rule->ifindex = 0;
		break;
	case IMTC_CRITERION_DOMAIN:
		rule->domain_labels = 0;
		rule->domain_set = 0;
		break;
	case IMTC_CRITERION_SCHEDULE:
		rule->schedule = 0;
		break;
	case IMTC_CRITERION_LOCAL:
		memset(&rule->local, 0, sizeof(rule->local));
		rule->local_set = 0;
		break;
	case IMTC_CRITERION_REMOTE:
		memset(&rule->remote, 0, sizeof(rule->remote));
		rule->remote_set = 0;
		break;
	case IMTC_CRITERION_PROCESS:
		rule->proc = 0;
		break;
	case IMTC_CRITERION_NEW_FLOWS:
		rule->rates[IMTC_RATE_FLOWS] = 0;
		break;
	case IMTC_CRITERION_NEW_PEERS:
		rule->rates[IMTC_RATE_PEERS] = 0;
		break;
	default:
		fail_msg("a rule fails by a criterion that has no name (%d)", criterion);
	}
}

/* Lifting what is told, one after the other, ends with a rule that matches. */
static void test_criteria(void **unused)
{
	u32 matches = 0;

	(void)unused;
	for (u32 i = 0; i < QUESTIONS; i++) {
		enum imtc_criterion failing, last = IMTC_CRITERION_NONE;
		struct imtc_facts facts;
		struct imtc_rule rule;

		draw_rule(&rule);
		draw_facts(&facts);
		failing = imtc_rule_failing(&rule, &facts);
		assert_int_equal(failing == IMTC_CRITERION_NONE, imtc_rule_matches(&rule, &facts));
		matches += failing == IMTC_CRITERION_NONE;
		while (failing != IMTC_CRITERION_NONE) {
			assert_true(failing > last);
			last = failing;
			lift(&rule, failing);
			failing = imtc_rule_failing(&rule, &facts);
		}
		assert_true(imtc_rule_matches(&rule, &facts));
	}
	assert_true(matches > QUESTIONS / 2000);
}

/* --- whole policies ------------------------------------------------------------------- */

struct drawn {
	struct policy policy;
	struct policy_rule rules[RULES];
	struct imtc_rule compiled[3 * RULES];
	struct imtc_proc procs[4];
};

static void draw_criteria(struct imtc_rule *rule, u32 id)
{
	memset(rule, 0, sizeof(*rule));
	rule->id = id;
	rule->verdict = below(2) ? IMTC_VERDICT_PASS : IMTC_VERDICT_DROP;
	if (below(2))
		rule->services[0] = 2ULL << below(4);
	if (below(3) == 0)
		rule->features = (u16)(1 << (1 + below(3)));
	if (below(4) == 0)
		rule->encryptions = (u8)(1 << below(4));
	if (below(3) == 0)
		rule->proc = (u16)(1 + below(4));
}

static void draw_policy(struct drawn *d)
{
	memset(d, 0, sizeof(*d));
	d->policy.rules = d->rules;
	d->policy.compiled = d->compiled;
	d->policy.procs = d->procs;
	d->policy.proc_count = 4;
	d->policy.default_verdict = IMTC_VERDICT_REJECT;
	for (u32 i = 0; i < 4; i++) {
		d->procs[i].flags = IMTC_PROC_UID | (i % 2 ? IMTC_PROC_COMM : 0);
		d->procs[i].uid = below(3);
		strcpy(d->procs[i].comm, i % 2 ? "x" : "");
	}
	for (u32 id = 1; id <= RULES; id++) {
		snprintf(d->rules[id - 1].name, IMTC_NAME_BYTES, "r%u", id);
		d->rules[id - 1].file = "drawn";
		d->policy.rule_count++;
		for (u32 n = below(4); n; n--)
			draw_criteria(&d->compiled[d->policy.compiled_count++], id);
	}
}

static void draw_flow(struct flow_case *flow)
{
	flow_case_start(flow);
	flow->facts.service = (u16)(1 + below(4));
	flow->facts.feature = (u8)(1 + below(3));
	flow->facts.encryption = (u8)below(4);
	flow->has_owner = below(2);
	flow->owner.uid = below(3);
	strcpy(flow->owner.comm, below(2) ? "x" : "y");
}

static void check_answer(const struct drawn *d, const struct flow_case *flow)
{
	struct flow_case copy = *flow;
	struct json_object *answer = explain(&d->policy, flow);
	struct json_object *tried = json_member(answer, "rules");
	int first;

	flow_case_policy_facts(&copy, &d->policy);
	first = imtc_rules_first(d->compiled, (u32)d->policy.compiled_count, &copy.facts);
	assert_string_equal(json_text(answer, "verdict"),
			    action_name(first < 0 ? IMTC_VERDICT_REJECT : d->compiled[first].verdict));
	assert_int_equal(json_number(answer, "rule"), first < 0 ? 0 : d->compiled[first].id);
	/* Only the last that was tried can match, and does so where a rule decides. */
	for (size_t i = 0; i < json_object_array_length(tried); i++) {
		struct json_object *item = json_object_array_get_idx(tried, i);
		bool matches = json_object_get_boolean(json_member(item, "matches"));

		assert_int_equal(matches, first >= 0 && i + 1 == json_object_array_length(tried));
		assert_true(matches || json_text(item, "wanted")[0]);
	}
	json_object_put(answer);
}

static void test_answers(void **unused)
{
	struct drawn d;
	struct flow_case flow;

	(void)unused;
	for (u32 i = 0; i < POLICIES; i++) {
		draw_policy(&d);
		draw_flow(&flow);
		check_answer(&d, &flow);
	}
}

/* --- attributes ------------------------------------------------------------------------ */

static void refused(const char *key, const char *value, const char *message)
{
	struct value_error error = { 0 };
	struct flow_case flow;

	flow_case_start(&flow);
	assert_false(flow_case_set(&flow, key, value, &error));
	if (!strstr(error.message, message))
		fail_msg("%s=%s: \"%s\", not \"%s\"", key, value, error.message, message);
}

static void test_attributes(void **unused)
{
	struct value_error error = { 0 };
	struct flow_case flow;

	(void)unused;
	flow_case_start(&flow);
	assert_int_equal(flow.facts.direction, IMTC_DIRECTION_OUT);
	assert_true(flow_case_set(&flow, "service", "irc", &error));
	assert_int_equal(flow.facts.service, service_number("irc"));
	assert_true(flow_case_set(&flow, "feature", "file", &error));
	assert_int_equal(flow.facts.feature, feature_number("file"));
	assert_true(flow_case_set(&flow, "encrypted", "no", &error));
	assert_int_equal(flow.facts.encryption, IMTC_ENCRYPTION_CLEAR);
	assert_false(flow.has_owner);
	assert_true(flow_case_set(&flow, "user", "0", &error));
	assert_true(flow.has_owner);
	for (u32 i = 0; i <= IMTC_ANCESTORS_MAX; i++)
		assert_true(flow_case_set(&flow, "under", i ? "/bin/sh" : "/opt/a", &error));
	assert_int_equal(flow.ancestor_count, IMTC_ANCESTORS_MAX);
	assert_true(flow_case_set(&flow, "new_flows", "21", &error));
	assert_true(flow_case_set(&flow, "new_peers", "16777215", &error));
	assert_int_equal(flow.facts.rates[IMTC_RATE_FLOWS], 21);
	assert_int_equal(flow.facts.rates[IMTC_RATE_PEERS], 16777215);
	refused("exe_sha256", "0123456789abcdef", "no SHA-256");
	refused("new_flows", "", "no number");
	refused("new_flows", "-1", "no number");
	refused("new_flows", "2x", "no number");
	refused("new_peers", "16777216", "no number");
	refused("new_peers", "18446744073709551617", "no number");
	refused("under", "relative", "under");
	refused("service", "irk", "did you mean");
	refused("service", "@public", "a group is no service");
	refused("service", "", "unknown service");
	refused("remote", "10.0.0.0/8", "a prefix is no address");
	refused("remote_port", "80-90", "a range is no port");
	refused("peer", "beside", "peer");
	refused("time", "2026-12-24", "no time");
	refused("time", "2026-02-29T10:00Z", "no time");
	refused("exe", "relative", "exe");
	refused("encrypted", "maybe", "encrypted cannot be");
	refused("colour", "red", "a flow has no \"colour\"");
	refused("servce", "irc", "did you mean \"service\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_criteria),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
