/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a dissector is tested: its vectors whole, cut at every byte, a byte at a
 * time, ended at every byte; random payloads that begin as the protocol does.
 */
#ifndef IMTC_TESTS_UNIT_DISSECT_H
#define IMTC_TESTS_UNIT_DISSECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "dissect/dissect.h"
#include "vectors/dissect.h"

#define DISSECT_RANDOM 1000000	/* payloads; IMTC_RANDOM=10000000 for more */

static struct imtc_view view;

/* A view of n bytes of a new flow, or of a watched one. */
static inline void view_set(const struct dissect_vector *d, u32 n)
{
	memset(&view, 0, offsetof(struct imtc_view, data));
	memset(view.scratch, 0xa5, sizeof(view.scratch));	/* holds anything */
	view.candidates = IMTC_CANDIDATES_ALL;
	view.l4 = d->l4 ? d->l4 : IMTC_L4_TCP;
	view.direction = d->direction;
	view.middle = d->middle;
	view.via = d->via;
	view.complete = view.l4 == IMTC_L4_UDP;
	view.label = d->before;
	view.len = n;
	view.skip = n;
	memset(view.data, 0xee, sizeof(view.data));	/* so is what lies past the end */
	memcpy(view.data, d->bytes, n);
}

static inline const char *answer_word(int answer)
{
	static const char *const words[] = { "no", "more", "match", "named", "peel" };

	return answer >= 0 && answer <= IMTC_PEEL ? words[answer] : "nonsense";
}

static inline void expect_client(const struct dissect_vector *d)
{
	if (d->client && (strcmp(view.client, d->client) || view.client_len != strlen(d->client)))
		fail_msg("%s: client \"%s\"", d->name, view.client);
	for (u32 i = view.client_len; i < IMTC_CLIENT_BYTES; i++)
		if (view.client[i])
			fail_msg("%s: the client is not padded", d->name);
}

/* Addresses by the C library's own reading of them. */
static inline void expect_announced(const struct dissect_vector *d)
{
	u32 n = 0;

	for (; n < IMTC_EXPECTS_MAX && d->expect[n].addr; n++) {
		const struct imtc_expect *e = &view.expect[n];
		u8 addr[16] = { [10] = 0xff, [11] = 0xff };

		if (!inet_pton(AF_INET, d->expect[n].addr, addr + 12))
			assert_int_equal(inet_pton(AF_INET6, d->expect[n].addr, addr), 1);
		if (n >= view.expects || memcmp(e->addr, addr, 16) ||
		    ntohs(e->port) != d->expect[n].port || e->l4 != d->expect[n].l4 ||
		    e->feature != d->expect[n].feature)
			fail_msg("%s: announcement %u: port %u feature %u", d->name, n,
				 ntohs(e->port), e->feature);
	}
	if (view.expects != n)
		fail_msg("%s: %u announcements", d->name, view.expects);
}

/* Beside a match only what is proven counts. */
static inline void expect_claim(const struct dissect_vector *d)
{
	if (d->answer >= IMTC_MATCH && !d->claim && view.claim.needed)
		return;
	if (view.claim.service != d->claim || (d->claim && view.claim.needed != d->needed))
		fail_msg("%s: claims service %u, needs %u", d->name, view.claim.service,
			 view.claim.needed);
}

static inline void expect_label(const struct dissect_vector *d)
{
	const char *domain = d->domain ? d->domain : "";

	if (d->answer == IMTC_MATCH &&
	    (view.label.service != d->service || view.label.feature != d->feature ||
	     view.label.flags != (d->flags | (d->domain ? IMTC_LABEL_DOMAIN : 0))))
		fail_msg("%s: service %u feature %u flags %#x", d->name, view.label.service,
			 view.label.feature, view.label.flags);
	if (d->answer == IMTC_PEEL && (view.label.service != d->service ||
				       (view.label.flags ^ d->flags) & IMTC_LABEL_CREDENTIALS))
		fail_msg("%s: service %u flags %#x", d->name, view.label.service,
			 view.label.flags);
	if (view.label.encryption != d->encryption)
		fail_msg("%s: encryption %u", d->name, view.label.encryption);
	if (strcmp(view.domain, domain) || view.domain_len != strlen(domain))
		fail_msg("%s: domain \"%s\"", d->name, view.domain);
	for (u32 i = view.domain_len; i < IMTC_DOMAIN_BYTES; i++)
		if (view.domain[i])
			fail_msg("%s: the domain is not padded", d->name);
}

static inline void expect_answer(const struct dissect_vector *d, u32 n, int answer)
{
	if (answer == IMTC_PEEL && d->answer == IMTC_PEEL &&
	    (view.layer != d->layer || view.skip != d->skip || view.body != d->body))
		fail_msg("%s: layer %#x, %u bytes, a message of %u", d->name, view.layer, view.skip,
			 view.body);
	if (answer == IMTC_MATCH && d->answer == IMTC_MATCH && d->layer && view.layer != d->layer)
		fail_msg("%s: layer %#x", d->name, view.layer);
	if (answer != d->answer)
		fail_msg("%s: %u of %u bytes: %s, not %s", d->name, n, d->len, answer_word(answer),
			 answer_word(d->answer));
}

/*
 * OSCAR is what AIM and ICQ are until they are told apart; XMPP, cut before it
 * says for whom, is whose it may be.
 */
static inline int is_service_of(const struct dissect_vector *d, u16 service)
{
	return service == d->service ||
	       (service == IMTC_SERVICE_XMPP &&
		(d->service == IMTC_SERVICE_BONJOUR || d->service == IMTC_SERVICE_GTALK ||
		 d->service == IMTC_SERVICE_MESSENGER)) ||
	       (service == IMTC_SERVICE_OSCAR &&
		(d->service == IMTC_SERVICE_AIM || d->service == IMTC_SERVICE_ICQ));
}

/* What a part may be taken for: nothing yet, or what the whole is. */
static inline void expect_part(const struct dissect_vector *d, u32 n, int answer)
{
	if (answer == IMTC_MORE)
		return;
	if (d->answer == IMTC_NO && answer == IMTC_NO)
		return;
	if (answer == IMTC_NAMED && view.candidates && d->domain &&
	    !strcmp(view.domain, d->domain))
		return;
	expect_answer(d, n, answer);
	if (answer == IMTC_MATCH)
		assert_true(is_service_of(d, view.label.service));
}

static inline void check_whole(const struct dissect_vector *d)
{
	view_set(d, d->len);
	expect_answer(d, d->len, imtc_dissect(&view));
	if (d->answer >= IMTC_MATCH)
		expect_label(d);
	expect_client(d);
	expect_announced(d);
	expect_claim(d);
	if (d->before.service)
		return;
	view_set(d, d->len);
	view.complete = 1;
	expect_answer(d, d->len, imtc_dissect(&view));
	if (d->answer >= IMTC_MATCH)
		expect_label(d);
}

/* Each prefix on its own: may go on, and when it ends there it is nothing else. */
static inline void check_cuts(const struct dissect_vector *d)
{
	int answer;

	for (u32 n = 1; n < d->len; n++) {
		if (d->l4 != IMTC_L4_UDP) {
			view_set(d, n);
			expect_part(d, n, imtc_dissect(&view));
		}
		view_set(d, n);
		view.complete = 1;
		answer = imtc_dissect(&view);
		if (answer == IMTC_MORE)
			fail_msg("%s: more after the end at %u", d->name, n);
		if (answer == IMTC_MATCH)
			assert_true(is_service_of(d, view.label.service));
	}
}

/* One byte a segment: the candidates are carried on as the programs do. */
static inline void check_bytewise(const struct dissect_vector *d)
{
	u64 candidates = IMTC_CANDIDATES_ALL;
	int answer = IMTC_MORE;

	if (d->l4 == IMTC_L4_UDP)
		return;
	for (u32 n = 1; n <= d->len; n++) {
		view_set(d, n);
		view.candidates = candidates;
		answer = imtc_dissect(&view);
		candidates = view.candidates;
		if (answer == IMTC_NO)
			break;
		if (n < d->len)
			expect_part(d, n, answer);
		if (answer == IMTC_MATCH || (answer == IMTC_NAMED && !candidates))
			break;
	}
	expect_answer(d, d->len, answer);
}

/* A watched flow's payload may be cut anywhere: the service stays what it is. */
static inline void check_watched_cuts(const struct dissect_vector *d)
{
	for (u32 n = 0; n < d->len; n++) {
		view_set(d, n);
		if (imtc_dissect(&view) == IMTC_NO)
			fail_msg("%s: no to %u bytes of a watched flow", d->name, n);
		if (view.label.service != d->service && view.label.service != d->before.service)
			fail_msg("%s: service %u at %u", d->name, view.label.service, n);
	}
	for (u32 n = 1; n < d->len; n++) {
		struct dissect_vector rest = *d;

		rest.bytes += n;
		view_set(&rest, d->len - n);
		if (imtc_dissect(&view) == IMTC_NO)
			fail_msg("%s: no to the rest from %u of a watched flow", d->name, n);
	}
}

/* Cut anywhere, and what the face has not done with shown again: found as in one piece. */
static inline void check_watched_again(const struct dissect_vector *d)
{
	struct dissect_vector rest;
	u32 skip, expects, clients;

	for (u32 n = 0; n <= d->len; n++) {
		view_set(d, n);
		imtc_dissect(&view);
		skip = view.skip;
		expects = view.expects;
		clients = view.client_len;
		if (skip > n)
			fail_msg("%s: done with %u of %u bytes", d->name, skip, n);
		rest = *d;
		rest.bytes += skip;
		rest.before = view.label;
		view_set(&rest, d->len - skip);
		imtc_dissect(&view);
		if (d->answer == IMTC_MATCH && (view.label.feature != d->feature ||
		    view.label.service != d->service || view.label.encryption != d->encryption ||
		    view.label.flags != (d->flags | (d->domain ? IMTC_LABEL_DOMAIN : 0))))
			fail_msg("%s: cut at %u: feature %u flags %#x", d->name, n,
				 view.label.feature, view.label.flags);
		if (d->expect[0].addr && !expects && !view.expects)
			fail_msg("%s: cut at %u: nothing announced", d->name, n);
		if (d->client && d->client[0] && !clients && !view.client_len)
			fail_msg("%s: cut at %u: no client", d->name, n);
	}
}

static inline void check_vectors(const struct dissect_vector *vectors, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		check_whole(&vectors[i]);
		if (vectors[i].before.service) {
			check_watched_cuts(&vectors[i]);
			if (vectors[i].l4 != IMTC_L4_UDP)
				check_watched_again(&vectors[i]);
			continue;
		}
		check_cuts(&vectors[i]);
		check_bytewise(&vectors[i]);
	}
}

/* --- random payloads ------------------------------------------------------------ */

static inline u64 random_next(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 16;
}

static inline u32 random_payloads(void)
{
	const char *wanted = getenv("IMTC_RANDOM");

	return wanted ? (u32)strtoul(wanted, NULL, 10) : DISSECT_RANDOM;
}

/* Bytes, or letters and line ends, which come nearer to the text protocols. */
static inline void random_fill(u64 *state, int text)
{
	static const char letters[16] = "aeNUPS: \r\nIOM1@<";

	view.len = 1 + (u32)random_next(state) % 160;
	for (u32 i = 0; i < view.len; i += 4) {
		u64 bits = random_next(state);

		for (u32 k = 0; k < 4; k++, bits >>= 8)
			view.data[i + k] = text ? (u8)letters[bits & 15] : (u8)bits;
	}
}

/* Payloads of which half begin with a byte that the dissector asks for: no match. */
static inline void check_random(enum imtc_dissector number, u8 l4)
{
	u8 first[256];
	u32 firsts = 0, payloads = random_payloads();
	u64 state = 20031117 + number;

	for (u32 b = 0; b < 256; b++)
		if (imtc_first[b] >> number & 1)
			first[firsts++] = (u8)b;
	assert_true(firsts > 0);
	for (u32 i = 0; i < payloads; i++) {
		int answer;

		memset(&view, 0, offsetof(struct imtc_view, scratch));
		random_fill(&state, i & 2);
		if (i & 1)
			view.data[0] = first[random_next(&state) % firsts];
		view.candidates = IMTC_CANDIDATES_ALL;
		view.l4 = l4;
		view.direction = i >> 2 & 1;
		view.complete = i >> 3 & 1 || l4 == IMTC_L4_UDP;
		view.middle = i >> 4 & 1;
		answer = imtc_dissect(&view);
		/* A layer that is taken for one costs its bytes; it is no label. */
		if (answer == IMTC_MATCH || answer == IMTC_NAMED)
			fail_msg("payload %u: %s, service %u, domain \"%s\": %.40s", i,
				 answer_word(answer), view.label.service, view.domain, view.data);
	}
}

/* The two tests every dissector has, and its main(). */
#define DISSECT_TESTS(name, l4) \
static void test_vectors(void **state) \
{ \
	(void)state; \
	check_vectors(name##_vectors, COUNT_OF(name##_vectors)); \
} \
static void test_random(void **state) \
{ \
	(void)state; \
	check_random(IMTC_DISSECTOR_##name, l4); \
}

#define DISSECT_MAIN(name) \
int main(void) \
{ \
	const struct CMUnitTest tests[] = { \
		cmocka_unit_test(test_vectors), \
		cmocka_unit_test(test_random), \
	}; \
	\
	return cmocka_run_group_tests_name("dissect_" #name, tests, NULL, NULL); \
}

#endif /* IMTC_TESTS_UNIT_DISSECT_H */
