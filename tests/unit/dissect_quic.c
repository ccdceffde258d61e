/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hello of a QUIC connection, as its CRYPTO frames give it: without records,
 * cut anywhere. Nothing but the QUIC stage leads to this dissector.
 */
#include "dissect.h"
#include "vectors/hello.h"

static u8 bytes[HELLO_BYTES];

/* The answer to the hello's first n bytes, asked as the stage does. */
static int ask(u32 n)
{
	struct dissect_vector d = { .bytes = (const char *)bytes, .len = n, .l4 = IMTC_L4_UDP };

	view_set(&d, n);
	view.complete = 0;
	view.candidates = 1ULL << IMTC_DISSECTOR_quic;
	return imtc_dissect(&view);
}

/*
 * MORE up to the end of the name, then NAMED. The candidate is left until nothing that
 * follows could tell more: what is only skipped need not have come.
 */
static void test_cuts(void **state)
{
	static const struct hello hellos[] = {
		{ .name = "chat.example.org", .alpn = { "h3" } },
		{ .name = "a.b", .before = 1300, .alpn = { "h3" } },
		{ .name = "web.example.net", .after = 1300, .alpn = { "h3" }, .alpn_first = 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hellos); i++) {
		u32 len = hello_message(&hellos[i], bytes), n, named = 0;

		for (n = 1; n < len; n++) {
			int answer = ask(n);

			if (answer == IMTC_MORE && !named) {
				assert_true(view.candidates != 0);
				continue;
			}
			assert_int_equal(answer, IMTC_NAMED);
			assert_string_equal(view.domain, hellos[i].name);
			named = n;
			if (!hellos[i].after)
				assert_true(view.candidates != 0);
		}
		assert_int_equal(ask(len), IMTC_NAMED);
		assert_int_equal(view.candidates, 0);
		assert_string_equal(view.domain, hellos[i].name);
		assert_int_equal(view.label.confidence, IMTC_CONFIDENCE_NAME);
		assert_int_equal(view.label.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	}
}

/* Neither a hello of another kind nor one in records, and none without a name. */
static void test_near_misses(void **state)
{
	struct hello h = { .name = "chat.example.org" };
	u32 len = hello_message(&h, bytes);

	(void)state;
	bytes[0] = 2;
	assert_int_equal(ask(len), IMTC_NO);
	len = hello_build(&h, bytes);
	assert_int_equal(ask(len), IMTC_NO);
	h.name = NULL;
	len = hello_message(&h, bytes);
	assert_int_equal(ask(len), IMTC_NO);
	assert_int_equal(view.candidates, 0);
}

/* A datagram that looks like one is no hello: no first byte leads here. */
static void test_datagrams(void **state)
{
	struct hello h = { .name = "chat.example.org" };
	struct dissect_vector d = { .bytes = (const char *)bytes, .l4 = IMTC_L4_UDP };

	(void)state;
	d.len = hello_message(&h, bytes);
	view_set(&d, d.len);
	assert_int_equal(imtc_dissect(&view), IMTC_NO);
	for (u32 b = 0; b < 256; b++)
		assert_false(imtc_first[b] >> IMTC_DISSECTOR_quic & 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts), cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_datagrams),
	};

	return cmocka_run_group_tests_name("dissect_quic", tests, NULL, NULL);
}
