/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/icq.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/icq.h"

DISSECT_TESTS(icq, IMTC_L4_UDP)

/* A keep-alive of version 2, with so many bytes behind it. */
static int keep_alive(u32 more)
{
	static const char bytes[64] = "\x02\x00\x2e\x04\x01\x00\x87\xd6\x12";
	const struct dissect_vector d = { .bytes = bytes, .len = 10 + more, .l4 = IMTC_L4_UDP };

	view_set(&d, d.len);
	return imtc_dissect(&view);
}

static void test_too_long(void **state)
{
	(void)state;
	assert_int_equal(keep_alive(0), IMTC_MATCH);
	assert_int_equal(keep_alive(ICQ_NUMBERS_BYTES), IMTC_MATCH);
	assert_int_equal(keep_alive(ICQ_NUMBERS_BYTES + 1), IMTC_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests_name("dissect_icq", tests, NULL, NULL);
}
