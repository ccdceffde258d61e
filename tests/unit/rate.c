// SPDX-License-Identifier: GPL-2.0-only
/*
 * What begins, counted (imtc/rate_count.h), against a slow count that remembers every
 * event; and the words it is made of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <imtc/rate.h>

#define ENTRIES 4096

/* A table in which everything has room. */
struct rate_table {
	struct { struct imtc_rate_key key; u64 word; } entries[ENTRIES];
	u32 used;
	u32 counts;	/* of these: periods and numbers */
};

static struct rate_table whole;

static u64 *entry_of(struct rate_table *table, const struct imtc_rate_key *key)
{
	for (u32 i = 0; i < table->used; i++)
		if (!memcmp(&table->entries[i].key, key, sizeof(*key)))
			return &table->entries[i].word;
	assert_true(table->used < ENTRIES);
	table->entries[table->used].key = *key;
	table->entries[table->used].word = 0;
	return &table->entries[table->used++].word;
}

static u64 rate_look(struct rate_table *table, const struct imtc_rate_key *key)
{
	return *entry_of(table, key);
}

static void rate_keep(struct rate_table *table, const struct imtc_rate_key *key, u64 word)
{
	*entry_of(table, key) = word;
}

static u64 rate_more(struct rate_table *table, const struct imtc_rate_key *key, u32 rate,
		     u64 now_ms)
{
	u64 *word = entry_of(table, key);

	*word = imtc_rate_more(*word, rate, now_ms);
	return *word;
}

#include <imtc/rate_count.h>

static u32 below(u32 n)
{
	static u64 state = 20261129;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(state >> 33) % n;
}

/* --- the slow count ----------------------------------------------------------------- */

#define EVENTS 400
#define LOCALS 3
#define PEERS 5
#define FLOWS 60

struct slow {
	u64 begins;		/* of the period; 0: there was none */
	u32 number;
	u32 peer[PEERS];	/* its number in that period, 0: none */
	u32 flow[FLOWS];	/* its number for good */
};

static u32 slow_number(struct slow *s, u32 which, u32 peer, u32 flow, u64 period, u64 now)
{
	if (s->flow[flow])
		return s->flow[flow];
	if (!s->begins || now >= s->begins + period)
		memset(s->peer, 0, sizeof(s->peer));
	if (which == IMTC_RATE_FLOWS || !s->peer[peer]) {
		if (!s->begins || now >= s->begins + period) {
			s->begins = now;
			s->number = 0;
		}
		s->number++;
		s->peer[peer] = s->number;
	}
	s->flow[flow] = which == IMTC_RATE_FLOWS ? s->number : s->peer[peer];
	return s->flow[flow];
}

/* Flows of a few addresses and peers, asked about again and again, over some periods. */
static void test_random(void **state)
{
	struct imtc_rate_flow room;
	u32 again = 0, highest = 0;

	(void)state;
	for (u32 round = 0; round < 200; round++) {
		u32 which = below(IMTC_RATES), minute = below(2) ? IMTC_RATE_MINUTE : 0;
		u64 period = minute ? 60000 : 1000, now = 1 + below(1000000);
		struct slow slow[LOCALS] = { 0 };

		memset(&whole, 0, sizeof(whole));
		for (u32 i = 0; i < EVENTS; i++) {
			/* A flow has one peer. */
			u32 local = below(LOCALS), flow = below(FLOWS), peer = flow % PEERS, want;
			struct imtc_rate_key key = {
				.remote = { peer + 1, peer + 1 },
				.local = { local + 1, 2 }, .first_ns = 1000 + flow,
				.ports = 5222 << 16 | (flow / 4 + 1), .l4 = 6, .rule = 7,
				.loaded_ns = 5, .which = which,
			};

			now += below(8) ? below((u32)period / 50) : below((u32)period);
			again += slow[local].flow[flow] != 0;
			want = slow_number(&slow[local], which, peer, flow, period, now);
			highest = want > highest ? want : highest;
			assert_int_equal(imtc_rate_count(&whole, &key, &room, minute | 3, now), want);
		}
	}
	/* Peers are few, flows are many. */
	assert_true(again > 10000 && highest > PEERS);
}

/* --- words -------------------------------------------------------------------------- */

static void test_words(void **state)
{
	u64 word = imtc_rate_more(0, 5, 123456789);

	(void)state;
	assert_int_equal(imtc_rate_number(word), 1);
	assert_int_equal(word >> IMTC_RATE_SHIFT, 123456789);
	word = imtc_rate_more(word, 5, 123456789 + 999);
	assert_int_equal(imtc_rate_number(word), 2);
	/* A period does not move with what comes. */
	assert_int_equal(word >> IMTC_RATE_SHIFT, 123456789);
	assert_int_equal(imtc_rate_number(imtc_rate_more(word, 5, 123456789 + 1000)), 1);
	assert_int_equal(imtc_rate_number(imtc_rate_more(word, 5 | IMTC_RATE_MINUTE,
							 123456789 + 59999)), 3);
	assert_int_equal(imtc_rate_number(imtc_rate_more(word, 5 | IMTC_RATE_MINUTE,
							 123456789 + 60000)), 1);
	/* Another CPU began it a little later than this one looked at its clock. */
	assert_int_equal(imtc_rate_number(imtc_rate_more(word, 5, 123456789 - 2)), 3);
	/* The number ends where it would run into the time. */
	word |= IMTC_RATE_NUMBER;
	assert_true(imtc_rate_more(word, 5, 123456789) == word);
	assert_true(imtc_rate_exceeds(6, 5) && !imtc_rate_exceeds(5, 5));
	assert_true(imtc_rate_exceeds(6, 5 | IMTC_RATE_MINUTE));
	assert_false(imtc_rate_exceeds(5, 5 | IMTC_RATE_MINUTE));
	assert_true(imtc_rate_is_valid(0) && imtc_rate_is_valid(1));
	assert_true(imtc_rate_is_valid(IMTC_RATE_MAX | IMTC_RATE_MINUTE));
	assert_false(imtc_rate_is_valid(IMTC_RATE_MINUTE));
	assert_false(imtc_rate_is_valid(IMTC_RATE_MAX + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
