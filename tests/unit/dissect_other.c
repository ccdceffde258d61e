// SPDX-License-Identifier: GPL-2.0-only
/*
 * All dissectors against what else a network carries: no first payload of another
 * protocol is taken for IM, whichever end sent it and whenever imtc began to look.
 */
#include "dissect.h"
#include "vectors/dissect/other.h"

static void test_vectors(void **state)
{
	(void)state;
	check_vectors(other_vectors, COUNT_OF(other_vectors));
}

/* A flow of which the first packets were not seen may be shown from the wrong end. */
static void test_ends(void **state)
{
	struct dissect_vector d;
	int answer;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(other_vectors); i++) {
		for (u32 how = 0; how < 8; how++) {
			d = other_vectors[i];
			d.direction ^= how & 1;
			d.middle = how >> 1 & 1;
			view_set(&d, d.len);
			view.complete |= how >> 2 & 1;
			answer = imtc_dissect(&view);
			if (answer == IMTC_MATCH || answer == IMTC_NAMED)
				fail_msg("%s: direction %u, middle %u: %s, service %u, \"%s\"",
					 d.name, d.direction, d.middle, answer_word(answer),
					 view.label.service, view.domain);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests_name("dissect_other", tests, NULL, NULL);
}
