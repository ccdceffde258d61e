// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a file of expectations to tests; every mistake is said with its place.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_checker.h"
#include "policy_tests.h"

/* --- one test ---------------------------------------------------------------------- */

static void read_name(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_test *test = target;

	check_name(checker, setting, test->name);
}

static void read_rule(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_test *test = target;
	const char *word = check_string(checker, setting);

	test->rule = word ? strdup(word) : NULL;
}

static void read_verdict(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_test *test = target;
	const char *word = check_string(checker, setting);

	test->verdict = word ? strdup(word) : NULL;
}

/* The word of a value; false where it is neither string, number nor boolean. */
static bool word_of(const config_setting_t *setting, char *number, size_t size, const char **ret)
{
	*ret = number;
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		*ret = config_setting_get_string(setting);
		return true;
	case CONFIG_TYPE_BOOL:
		snprintf(number, size, "%s", config_setting_get_bool(setting) ? "true" : "false");
		return true;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(number, size, "%lld", config_setting_get_int64(setting));
		return true;
	default:
		return false;
	}
}

static void read_attribute(struct checker *checker, config_setting_t *setting,
			   struct flow_case *flow)
{
	const char *key = config_setting_name(setting), *word;
	struct value_error error = { 0 };
	char number[32];

	if (!word_of(setting, number, sizeof(number), &word))
		check_wrong_type(checker, setting, key, "a string, a number, or true or false");
	else if (!flow_case_set(flow, key, word, &error))
		check_say_value(checker, setting, &error);
}

static void read_flow(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_test *test = target;

	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "flow", "a group { } of attributes");
		return;
	}
	for (int i = 0; i < config_setting_length(setting); i++)
		read_attribute(checker, config_setting_get_elem(setting, (unsigned int)i),
			       &test->flow);
}

static void read_test(struct checker *checker, config_setting_t *setting,
		      struct policy_test *test, size_t number)
{
	static const struct key keys[] = {
		{ "name", read_name }, { "flow", read_flow }, { "rule", read_rule },
		{ "verdict", read_verdict }, { 0 },
	};

	test->at = document_name_at(checker->document, setting);
	snprintf(test->name, sizeof(test->name), "test %zu", number);
	flow_case_start(&test->flow);
	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "tests", "a group { flow = ...; }");
		return;
	}
	check_keys(checker, setting, "a test", keys, test);
	if (!config_setting_get_member(setting, "flow"))
		check_say(checker, &test->at, "a test without a flow",
			  "flow = { service = \"irc\"; }", NULL);
	if (!config_setting_get_member(setting, "rule") &&
	    !config_setting_get_member(setting, "verdict"))
		check_say(checker, &test->at, "a test that expects nothing",
			  "rule, verdict, or both", NULL);
}

/* --- the file -------------------------------------------------------------------------- */

static void read_tests(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_tests *tests = target;
	size_t count = config_setting_is_list(setting) ? (size_t)config_setting_length(setting)
						       : 0;

	if (!count) {
		check_wrong_type(checker, setting, "tests", "a list ( { flow = ...; } )");
		return;
	}
	/* A key that stands twice ends the parser: it is not read again. */
	tests->tests = calloc(count, sizeof(*tests->tests));
	for (; tests->tests && tests->count < count; tests->count++)
		read_test(checker, config_setting_get_elem(setting, (unsigned int)tests->count),
			  &tests->tests[tests->count], tests->count + 1);
}

/* Relative to the file, as an include is. */
static void read_policy(struct checker *checker, config_setting_t *setting, void *target)
{
	const char *word = check_string(checker, setting), *slash;
	struct policy_tests *tests = target;
	size_t folder, size;

	if (!word)
		return;
	slash = strrchr(tests->file, '/');
	folder = slash && word[0] != '/' ? (size_t)(slash - tests->file) + 1 : 0;
	size = folder + strlen(word) + 1;
	tests->policy = malloc(size);
	if (tests->policy)
		snprintf(tests->policy, size, "%.*s%s", (int)folder, tests->file, word);
}

/* Positions point into the document, which goes. */
static void keep_places(struct policy_tests *tests)
{
	for (size_t i = 0; i < tests->count; i++) {
		tests->tests[i].at.text = NULL;
		tests->tests[i].at.file = tests->file;
	}
}

static void read_document(struct policy_tests *tests, struct checker *checker)
{
	static const struct key keys[] = {
		{ "policy", read_policy }, { "tests", read_tests }, { 0 },
	};
	config_setting_t *root = config_root_setting(&checker->document->config);
	struct diag_at at = { .file = tests->file };

	check_keys(checker, root, "a file of tests", keys, tests);
	if (!config_setting_get_member(root, "tests"))
		check_say(checker, &at, "there are no tests", "tests = ( { flow = ...; } );", NULL);
	keep_places(tests);
}

struct policy_tests *policy_tests_read(const char *file, struct diag *diag)
{
	struct source *source = source_read(file, diag);
	struct checker checker = { .diag = diag };
	struct policy_tests *tests;

	checker.document = source ? document_parse(source, diag) : NULL;
	if (!checker.document)
		return NULL;
	tests = calloc(1, sizeof(*tests));
	if (tests)
		tests->file = strdup(file);
	if (tests && tests->file)
		read_document(tests, &checker);
	document_free(checker.document);
	if (tests && tests->file && !checker.failed)
		return tests;
	policy_tests_free(tests);
	return NULL;
}

void policy_tests_free(struct policy_tests *tests)
{
	if (!tests)
		return;
	for (size_t i = 0; i < tests->count; i++) {
		free(tests->tests[i].rule);
		free(tests->tests[i].verdict);
	}
	free(tests->tests);
	free(tests->policy);
	free(tests->file);
	free(tests);
}
