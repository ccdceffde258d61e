/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The evaluator of include/imtc/policy.h: the written vectors, and random rules
 * against another way to say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vectors/policy.h"

#define RANDOM_QUESTIONS 500000

static void check_vector(const struct policy_vector *v, void *context)
{
	int got = imtc_rules_first(v->rules, v->count, &v->facts);

	(void)context;
	if (got != v->first)
		fail_msg("line %d, policy %s: rule %d, not %d", v->line, v->name, got, v->first);
}

static void test_vectors(void **state)
{
	int asked = policy_vectors_read(POLICY_VECTORS, check_vector, NULL);

	(void)state;
	if (asked < 0)
		fail_msg("%s: line %d cannot be read", POLICY_VECTORS, -asked);
	assert_true(asked >= 80);
}

static u64 random_state = 1978;

static u32 random_below(u32 n)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % n;
}

/* Few values each, so that rules and questions meet often. */
static void random_address(u8 bytes[16])
{
	memset(bytes, 0, 16);
	bytes[random_below(16)] = (u8)random_below(2);
	bytes[15] = (u8)random_below(4);
}

static int random_prefix(struct imtc_prefix *p, u8 bytes[16])
{
	int len = random_below(2) ? (int)random_below(129) : 0;
	u8 mask[16] = { 0 };

	random_address(bytes);
	for (int i = 0; i < 128; i++) {
		if (i < len)
			mask[i / 8] |= (u8)(0x80 >> i % 8);
		else
			bytes[i / 8] &= (u8)~(0x80 >> i % 8);
	}
	memcpy(p->addr, bytes, 16);
	memcpy(p->mask, mask, 16);
	return len;
}

/* Bit by bit, as one would by hand. */
static int naive_prefix(const u8 prefix[16], int len, const u8 address[16])
{
	for (int i = 0; i < len; i++)
		if ((prefix[i / 8] ^ address[i / 8]) & (0x80 >> i % 8))
			return 0;
	return 1;
}

struct naive {
	u32 service, feature, direction, encryption, proc;	/* 0: any, else value + 1 */
	int local_len, remote_len;
	u8 local[16], remote[16];
};

static void random_rule(struct imtc_rule *r, struct naive *n)
{
	memset(r, 0, sizeof(*r));
	n->service = random_below(2) ? 1 + random_below(IMTC_SERVICE_MAX) : 0;
	n->feature = random_below(2) ? 1 + random_below(IMTC_FEATURE_MAX) : 0;
	n->direction = random_below(3);
	n->encryption = random_below(2) ? 1 + random_below(4) : 0;
	n->proc = random_below(2) ? 2 + random_below(IMTC_PROCS_MAX - 1) : 0;
	if (n->service)
		r->services[(n->service - 1) / 64] = 1ULL << (n->service - 1) % 64;
	if (n->feature)
		r->features = (u16)(1 << (n->feature - 1));
	r->directions = (u8)n->direction;
	if (n->encryption)
		r->encryptions = (u8)(1 << (n->encryption - 1));
	r->proc = n->proc ? (u16)(n->proc - 1) : 0;
	n->local_len = random_prefix(&r->local, n->local);
	n->remote_len = random_prefix(&r->remote, n->remote);
}

static void test_random(void **state)
{
	u32 matches = 0;

	(void)state;
	for (u32 i = 0; i < RANDOM_QUESTIONS; i++) {
		struct imtc_facts f = { 0 };
		struct imtc_rule r;
		struct naive n;
		u8 local[16], remote[16];
		int want;

		random_rule(&r, &n);
		random_address(local);
		random_address(remote);
		memcpy(f.local, local, 16);
		memcpy(f.remote, remote, 16);
		/* Half of the time what the rule asks for. */
		f.service = (u16)(n.service && random_below(2) ? n.service - 1 :
				  random_below(IMTC_SERVICE_MAX));
		f.feature = (u8)(n.feature && random_below(2) ? n.feature - 1 :
				 random_below(IMTC_FEATURE_MAX));
		f.direction = (u8)(1 + random_below(2));
		f.encryption = (u8)(n.encryption && random_below(2) ? n.encryption - 1 :
				    random_below(4));
		if (n.proc && random_below(2))
			f.procs[(n.proc - 1) / 64] = 1ULL << (n.proc - 1) % 64;
		want = (!n.service || n.service - 1 == f.service) &&
		       (!n.feature || n.feature - 1 == f.feature) &&
		       (!n.direction || n.direction == f.direction) &&
		       (!n.encryption || n.encryption - 1 == f.encryption) &&
		       (!n.proc || f.procs[(n.proc - 1) / 64]) &&
		       naive_prefix(n.local, n.local_len, local) &&
		       naive_prefix(n.remote, n.remote_len, remote);
		matches += (u32)want;
		if (imtc_rule_matches(&r, &f) != want)
			fail_msg("question %u: %d expected", i, want);
	}
	/* Both answers were asked for, or the test says nothing. */
	assert_true(matches > RANDOM_QUESTIONS / 200 && matches < RANDOM_QUESTIONS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("evaluator", tests, NULL, NULL);
}
