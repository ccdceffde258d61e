// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy test: does a policy say what is expected of it?
 */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "cmd_policy.h"
#include "explain.h"
#include "imctl.h"
#include "json.h"
#include "out.h"
#include "policy_tests.h"

struct run {
	const char *policy_file;	/* of --policy; NULL: the tests' own */
	struct diag *diag;
	struct policy *policy;
	struct json_object *results;
	size_t number, failed;		/* of all files */
};

/* --- one test --------------------------------------------------------------------- */

static bool holds(const struct policy_test *test, struct json_object *answer)
{
	char verdict[64];

	out_format_verdict(answer, json_member(answer, "verdict"), verdict, sizeof(verdict));
	return (!test->rule || !strcmp(test->rule, json_text(answer, "rule_name"))) &&
	       (!test->verdict || !strcmp(test->verdict, verdict));
}

static void say_side(const char *what, const char *rule, const char *verdict)
{
	char raw[512], text[1024];

	snprintf(raw, sizeof(raw), "%s: %s%s%s%s%s", what, verdict ? verdict : "",
		 verdict && rule ? ", " : "", !rule ? "" : rule[0] ? "by \"" : "by no rule",
		 rule ? rule : "", rule && rule[0] ? "\"" : "");
	out_printable(raw, text, sizeof(text));
	printf("# %s\n", text);
}

static void print_result(const struct run *run, const struct policy_test *test,
			 struct json_object *answer, bool good)
{
	char name[4 * IMTC_NAME_BYTES], verdict[64];

	out_format_verdict(answer, json_member(answer, "verdict"), verdict, sizeof(verdict));
	out_printable(test->name, name, sizeof(name));
	printf("%sok %zu - %s\n", good ? "" : "not ", run->number, name);
	if (good)
		return;
	printf("# %s:%d\n", test->at.file, test->at.line);
	say_side("expected", test->rule, test->verdict);
	say_side("got", json_text(answer, "rule_name"), verdict);
}

static void run_test(struct run *run, const struct policy_test *test)
{
	struct json_object *answer = explain(run->policy, &test->flow);
	bool good = holds(test, answer);

	run->number++;
	run->failed += !good;
	if (!options.json) {
		print_result(run, test, answer, good);
		json_object_put(answer);
		return;
	}
	json_add_text(answer, "name", test->name);
	json_add_text(answer, "tests_file", test->at.file);
	json_add_number(answer, "tests_line", (uint64_t)test->at.line);
	json_add_bool(answer, "passed", good);
	json_add_text(answer, "expected_rule", test->rule);
	json_add_text(answer, "expected_verdict", test->verdict);
	json_object_array_add(run->results, answer);
}

/* --- files -------------------------------------------------------------------------- */

/* What holds in office hours alone is no test. */
static bool knows_time(struct run *run, const struct policy_tests *tests)
{
	bool knows = true;

	if (!run->policy->turn_count)
		return true;
	for (size_t i = 0; i < tests->count; i++) {
		if (tests->tests[i].flow.has_time)
			continue;
		diag_message(run->diag, DIAG_ERROR, &tests->tests[i].at,
			     "a flow without \"time\", and the policy has rules with schedules");
		knows = false;
	}
	return knows;
}

static int run_tests(struct run *run, const struct policy_tests *tests)
{
	const char *file = run->policy_file ? run->policy_file : tests->policy;
	int status = EXIT_OK;

	if (!file)
		return args_usage("%s names no policy: give --policy FILE", tests->file);
	run->policy = policy_read(file, run->diag);
	if (!run->policy)
		return policy_fail(run->diag, file);
	if (knows_time(run, tests)) {
		for (size_t i = 0; i < tests->count; i++)
			run_test(run, &tests->tests[i]);
	} else {
		status = policy_fail(run->diag, tests->file);
	}
	policy_free(run->policy);
	return status;
}

static int run_file(struct run *run, const char *file)
{
	struct policy_tests *tests;
	int status;

	run->diag = diag_new();
	if (!run->diag) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	tests = policy_tests_read(file, run->diag);
	status = tests ? run_tests(run, tests) : policy_fail(run->diag, file);
	policy_tests_free(tests);
	diag_free(run->diag);
	return status;
}

static void say_end(const struct run *run)
{
	struct json_object *whole;

	if (!options.json) {
		printf("1..%zu\n", run->number);
		return;
	}
	whole = json_object_new_object();
	json_add_number(whole, "passed", run->number - run->failed);
	json_add_number(whole, "failed", run->failed);
	json_object_object_add(whole, "tests", json_object_get(run->results));
	out_record(whole, NULL, 0);
	json_object_put(whole);
}

int policy_run_test(int argc, char **argv)
{
	static const struct option words[] = {
		{ "policy", required_argument, NULL, 'p' }, { 0 },
	};
	struct run run = { 0 };
	int letter, status = EXIT_OK;

	while ((letter = args_option(argc, argv, "", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		run.policy_file = optarg;
	}
	if (optind == argc)
		return args_usage("a file of tests is expected");
	run.results = json_object_new_array();
	for (int i = optind; i < argc && !status; i++)
		status = run_file(&run, argv[i]);
	if (!status)
		say_end(&run);
	json_object_put(run.results);
	return status ? status : run.failed ? EXIT_POLICY : EXIT_OK;
}
