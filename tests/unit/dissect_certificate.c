/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dissector of bpf/dissect/certificate.h against its vectors, random payloads,
 * and certificates of which any byte is another.
 */
#include "dissect.h"
#include "vectors/dissect/certificate.h"

DISSECT_TESTS(certificate, IMTC_L4_TCP)

/* No crash, no name beyond its bounds, whatever a length says. */
static void test_mutated(void **state)
{
	u64 random = 5246;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(certificate_vectors); i++) {
		const struct dissect_vector *d = &certificate_vectors[i];

		for (u32 at = 0; at < d->len; at++) {
			for (u32 k = 0; k < 8; k++) {
				view_set(d, d->len);
				view.data[at] = (u8)random_next(&random);
				imtc_dissect(&view);
				assert_true(view.domain_len < IMTC_DOMAIN_BYTES);
				assert_int_equal(strlen(view.domain), view.domain_len);
			}
		}
	}
}

/* A client sends no certificate as its first message. */
static void test_client(void **state)
{
	struct dissect_vector d = certificate_vectors[0];

	(void)state;
	d.direction = IMTC_DIR_CLIENT;
	view_set(&d, d.len);
	assert_int_equal(imtc_dissect(&view), IMTC_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_client),
	};

	return cmocka_run_group_tests_name("dissect_certificate", tests, NULL, NULL);
}
