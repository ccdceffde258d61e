// SPDX-License-Identifier: GPL-2.0-only
/*
 * What "policy check" holds for impossible is never found: everything that the
 * vectors of the dissectors and the shipped signatures say is known to be possible.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "diag.h"
#include "names.h"
#include "policy_known.h"
#include "vectors/dissect_all.h"

static struct known known[IMTC_SERVICE_MAX];

static void expect_known(const char *where, unsigned int service, unsigned int feature,
			 unsigned int encryption)
{
	if (feature && !(known[service].features >> feature & 1))
		fail_msg("%s: \"%s\" is said to have no \"%s\"", where, service_name(service),
			 feature_name(feature));
	if (encryption == IMTC_ENCRYPTION_ENCRYPTED && !known[service].is_encrypted)
		fail_msg("%s: \"%s\" is said to be in clear", where, service_name(service));
}

static void test_vectors(void **state)
{
	unsigned int labels = 0;

	(void)state;
	known_fill(known, NULL);
	for (u32 l = 0; l < COUNT_OF(dissect_lists); l++) {
		for (u32 i = 0; i < dissect_lists[l].count; i++) {
			const struct dissect_vector *d = &dissect_lists[l].vectors[i];

			if (d->answer != IMTC_MATCH || !d->service)
				continue;
			labels++;
			expect_known(d->name, d->service, d->feature, d->encryption);
			for (int k = 0; k < IMTC_EXPECTS_MAX && d->expect[k].addr; k++)
				expect_known(d->name, d->service, d->expect[k].feature, 0);
			if (!known[d->service].has_payload)
				fail_msg("%s: \"%s\" is said to have no payload", d->name,
					 service_name(d->service));
		}
	}
	assert_true(labels > 300);
}

static void test_signatures(void **state)
{
	const char *const folders[] = { "signatures", NULL };
	struct diag *diag = diag_new();
	struct signatures *signatures = signatures_read(folders, diag);
	struct known without[IMTC_SERVICE_MAX];
	unsigned int more = 0;

	(void)state;
	assert_non_null(signatures);
	assert_true(signatures->count > 100);
	known_fill(without, NULL);
	known_fill(known, signatures);
	for (size_t i = 0; i < signatures->count; i++) {
		const struct signature *one = &signatures->entries[i];

		if (one->value.service)
			expect_known(one->text, one->value.service, one->value.feature,
				     IMTC_ENCRYPTION_ENCRYPTED);
	}
	/* They only ever add. */
	for (int i = 0; i < IMTC_SERVICE_MAX; i++) {
		assert_int_equal(without[i].features & ~known[i].features, 0);
		assert_false(without[i].is_encrypted && !known[i].is_encrypted);
		assert_false(without[i].has_payload && !known[i].has_payload);
		more += known[i].features != without[i].features;
	}
	assert_true(more > 3);
	signatures_free(signatures);
	diag_free(diag);
}

/* And something is impossible: else nothing was ever warned of. */
static void test_impossible(void **state)
{
	(void)state;
	known_fill(known, NULL);
	assert_false(known[IMTC_SERVICE_THREEMA].features >> IMTC_FEATURE_GAME & 1);
	assert_false(known[IMTC_SERVICE_THREEMA].has_payload);
	assert_false(known[IMTC_SERVICE_ZEPHYR].is_encrypted);
	assert_true(known[IMTC_SERVICE_XMPP].is_encrypted);
	assert_true(known[IMTC_SERVICE_MSN].features >> IMTC_FEATURE_REMOTE & 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
