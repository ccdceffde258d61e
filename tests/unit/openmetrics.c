// SPDX-License-Identifier: GPL-2.0-only
/*
 * OpenMetrics text: families, suffixes, escapes; labels may hold any bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "openmetrics.h"

static void writes_families(void **state)
{
	const struct openmetrics_label labels[] = {
		{ "service", "xmpp" }, { "direction", "in" }, { NULL, NULL },
	};
	const struct openmetrics_label none[] = { { NULL, NULL } };
	struct openmetrics m;

	(void)state;
	assert_int_equal(openmetrics_begin(&m), 0);
	openmetrics_family(&m, "imtc_traffic_bytes", "counter", "bytes", "Bytes.");
	openmetrics_sample(&m, labels, UINT64_MAX);
	openmetrics_family(&m, "imtc_up", "gauge", NULL, "Up.");
	openmetrics_sample(&m, NULL, 0);
	openmetrics_family(&m, "imtc_policy", "info", NULL, "Policy.");
	openmetrics_sample(&m, none, 1);
	assert_int_equal(openmetrics_end(&m), 0);
	assert_string_equal(m.text,
		"# TYPE imtc_traffic_bytes counter\n"
		"# UNIT imtc_traffic_bytes bytes\n"
		"# HELP imtc_traffic_bytes Bytes.\n"
		"imtc_traffic_bytes_total{service=\"xmpp\",direction=\"in\"} 18446744073709551615\n"
		"# TYPE imtc_up gauge\n"
		"# HELP imtc_up Up.\n"
		"imtc_up 0\n"
		"# TYPE imtc_policy info\n"
		"# HELP imtc_policy Policy.\n"
		"imtc_policy_info 1\n"
		"# EOF\n");
	assert_int_equal(m.bytes, strlen(m.text));
	openmetrics_free(&m);
}

static void same_label(const char *value, const char *written)
{
	const struct openmetrics_label labels[] = { { "l", value }, { NULL, NULL } };
	struct openmetrics m;
	char expected[256];

	assert_int_equal(openmetrics_begin(&m), 0);
	openmetrics_family(&m, "f", "gauge", NULL, "h");
	openmetrics_sample(&m, labels, 5);
	assert_int_equal(openmetrics_end(&m), 0);
	snprintf(expected, sizeof(expected),
		 "# TYPE f gauge\n# HELP f h\nf{l=\"%s\"} 5\n# EOF\n", written);
	assert_string_equal(m.text, expected);
	openmetrics_free(&m);
}

static void escapes_labels(void **state)
{
	(void)state;
	same_label("", "");
	same_label("a \"quoted\" word", "a \\\"quoted\\\" word");
	same_label("back\\slash", "back\\\\slash");
	same_label("caf\xc3\xa9", "caf\xc3\xa9");
	/* A line's end, and what is no UTF-8, are shown by number, then escaped. */
	same_label("two\nlines", "two\\\\x0alines");
	same_label("\xff\"", "\\\\xff\\\"");
	same_label("}# EOF", "}# EOF");
}

static void escapes_help(void **state)
{
	struct openmetrics m;

	(void)state;
	assert_int_equal(openmetrics_begin(&m), 0);
	openmetrics_family(&m, "f", "gauge", NULL, "one\ntwo \\ three");
	assert_int_equal(openmetrics_end(&m), 0);
	assert_string_equal(m.text, "# TYPE f gauge\n# HELP f one\\ntwo \\\\ three\n# EOF\n");
	openmetrics_free(&m);
}

static void long_labels_end(void **state)
{
	const size_t bytes = 100000;
	char *value = malloc(bytes + 1);
	struct openmetrics_label labels[] = { { "l", value }, { NULL, NULL } };
	struct openmetrics m;

	(void)state;
	assert_non_null(value);
	memset(value, '"', bytes);
	value[bytes] = '\0';
	assert_int_equal(openmetrics_begin(&m), 0);
	openmetrics_family(&m, "f", "gauge", NULL, "h");
	openmetrics_sample(&m, labels, 1);
	assert_int_equal(openmetrics_end(&m), 0);
	assert_true(m.bytes < 4096);
	assert_non_null(strstr(m.text, "\\\"\"} 1\n# EOF\n"));
	openmetrics_free(&m);
	free(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_families),
		cmocka_unit_test(escapes_labels),
		cmocka_unit_test(escapes_help),
		cmocka_unit_test(long_labels_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
