// SPDX-License-Identifier: GPL-2.0-only
/*
 * What signature files say of a payload: ALPN values, user agents, byte patterns; and
 * what goes before them.
 */
#include <bpf/bpf.h>
#include <string.h>

#include "lib_label.h"

/* --- words ------------------------------------------------------------------------------ */

static void agent_of_http(void **state)
{
	static const char request[] = "GET /chat HTTP/1.1\r\nHost: some.test\r\n"
				      "User-Agent: Talker/2.1 (linux)\r\nAccept: */*\r\n\r\n";
	struct imtc_label label;

	(void)state;
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service, 0);
	word_set(IMTC_NAME_AGENT, "Talk", IMTC_SERVICE_ZULIP, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service, 0);
	word_set(IMTC_NAME_ALPN, "Talker", IMTC_SERVICE_ZULIP, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service, 0);
	word_set(IMTC_NAME_AGENT, "Talker", IMTC_SERVICE_WIRE, IMTC_FEATURE_CHAT);
	label = label_of(flow_of(6, request, sizeof(request) - 1));
	assert_int_equal(label.service, IMTC_SERVICE_WIRE);
	assert_int_equal(label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(label.confidence, IMTC_CONFIDENCE_NAME);
	/* The longer beginning. */
	word_set(IMTC_NAME_AGENT, "Talker/2.1", IMTC_SERVICE_LARK, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service,
			 IMTC_SERVICE_LARK);
	/* The host's name is before it. */
	domain_set("some.test", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service,
			 IMTC_SERVICE_SLACK);
}

static void alpn_value(void **state)
{
	(void)state;
	word_set(IMTC_NAME_ALPN, "talk/1", IMTC_SERVICE_IRC, 0);
	assert_int_equal(label_of(hello_of("some.test", "talk/1")).service, IMTC_SERVICE_IRC);
	assert_int_equal(label_of(hello_of(NULL, "talk/1")).service, IMTC_SERVICE_IRC);
	assert_int_equal(label_of(hello_of("some.test", "talk/2")).service, 0);
	assert_int_equal(label_of(hello_of("some.test", "talk/")).service, 0);
	assert_int_equal(label_of(hello_of("talk/1", "h2")).service, 0);
	domain_set("some.test", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of(hello_of("some.test", "talk/1")).service, IMTC_SERVICE_SLACK);
}

/* --- bytes ------------------------------------------------------------------------------ */

static struct imtc_pattern pattern(const char *bytes, u8 len, u16 offset)
{
	struct imtc_pattern p = { .offset = offset, .len = len, .directions = 3,
				  .means = { .service = IMTC_SERVICE_KIK } };

	memcpy(p.value, bytes, len);
	memset(p.mask, 0xff, len);
	return p;
}

static void patterns_are(const struct imtc_pattern *p, u32 n, u32 half)
{
	for (u32 i = 0; i < n; i++)
		pattern_set((half ? IMTC_PATTERNS_MAX : 0) + i, &p[i]);
	control_get()->patterns = (u16)(half | n);
}

static void pattern_matches(void **state)
{
	struct imtc_pattern p[2] = { pattern("\xfd\xfc\xfb", 3, 2), pattern("zzz", 3, 0) };

	(void)state;
	patterns_are(p, 2, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(17, NOTHING, 8)).confidence, IMTC_CONFIDENCE_PAYLOAD);
	assert_int_equal(label_of(flow_of(6, "zzzz", 4)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(6, "\xff\xfe\xfd\xfc\xfa", 5)).service, 0);
	/* The other half, with nothing in it. */
	control_get()->patterns = IMTC_PATTERNS_UPPER;
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	p[0].mask[1] = 0xf0;
	p[0].value[1] = 0xf0;
	patterns_are(p, 1, IMTC_PATTERNS_UPPER);
	assert_int_equal(label_of(flow_of(6, "\xff\xfe\xfd\xf1\xfb", 5)).service, IMTC_SERVICE_KIK);
}

static void pattern_knows_its_place(void **state)
{
	struct imtc_pattern p = pattern("\xff\xfe\xfd", 3, 0);
	struct pkt reply = flow_of(17, "x", 1);

	(void)state;
	p.directions = 1 << IMTC_DIR_SERVER;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	run(XDP, &reply);
	reply.from_server = true;
	reply.payload = NOTHING;
	reply.payload_len = 8;
	assert_int_equal(label_of(reply).service, IMTC_SERVICE_KIK);
	p = pattern("\xff\xfe\xfd", 3, 0);
	p.l4 = IMTC_L4_UDP;
	p.min = 7;
	p.max = 8;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	assert_int_equal(label_of(flow_of(17, NOTHING, 8)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(17, NOTHING, 7)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(17, NOTHING, 6)).service, 0);
	assert_int_equal(label_of(flow_of(17, NOTHING "x", 9)).service, 0);
}

/* Cut anywhere; and bytes that agree so far do not hold what cannot become a match. */
static void pattern_is_put_together(void **state)
{
	struct imtc_pattern p = pattern("\xfc\xfb\xfa\xf9", 4, 3);

	(void)state;
	patterns_are(&p, 1, 0);
	for (u32 cut = 1; cut < 8; cut++) {
		struct pkt a = flow_of(6, NOTHING, 8);
		struct imtc_flow flow;

		a.payload_len = cut;
		flow = run_flow(&a);
		assert_int_equal(flow.label.service, cut == 7 ? IMTC_SERVICE_KIK : 0);
		assert_int_equal(flow.state == IMTC_FLOW_DECIDED, cut == 7);
		a.seq += cut;
		a.payload = NOTHING + cut;
		a.payload_len = 8 - cut;
		assert_int_equal(label_of(a).service, IMTC_SERVICE_KIK);
	}
	assert_int_equal(stream_count(), 0);
}

/* The dissectors come first. */
static void dissector_before_pattern(void **state)
{
	static const char login[] = "NICK bob\r\nUSER bob 0 * :Bob\r\n";
	struct imtc_pattern p = pattern("NICK", 4, 0);

	(void)state;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, login, sizeof(login) - 1)).service, IMTC_SERVICE_IRC);
	assert_int_equal(label_of(flow_of(6, "NICK", 4)).service, 0);
	assert_int_equal(label_of(flow_of(6, "NICKEL!", 7)).service, IMTC_SERVICE_KIK);
}

/* Out of bounds in any way a map may be filled. */
static void bad_pattern_is_harmless(void **state)
{
	struct imtc_pattern p = pattern("\xff\xfe\xfd", 3, 0);

	(void)state;
	p.len = 255;
	p.offset = 0xffff;
	patterns_are(&p, 1, 0);
	label_of(flow_of(6, NOTHING, 8));
	p = pattern("\xff\xfe\xfd", 3, 0);
	p.means.service = IMTC_SERVICE_MAX;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	control_get()->patterns = 0xffff;
	label_of(flow_of(6, NOTHING, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(agent_of_http, datapath_reset),
		cmocka_unit_test_setup(alpn_value, datapath_reset),
		cmocka_unit_test_setup(pattern_matches, datapath_reset),
		cmocka_unit_test_setup(pattern_knows_its_place, datapath_reset),
		cmocka_unit_test_setup(pattern_is_put_together, datapath_reset),
		cmocka_unit_test_setup(dissector_before_pattern, datapath_reset),
		cmocka_unit_test_setup(bad_pattern_is_harmless, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
