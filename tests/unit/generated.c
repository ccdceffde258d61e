// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the dissectors' vectors say, said by the whole data path: each vector cut at
 * every position, in both orders, over IPv4 and IPv6, on ports of no meaning, plain
 * and behind HTTP CONNECT and SOCKS5, must come to the label that it states.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bpf/pkt_build.h"
#include "classify/engine.h"
#include "signature.h"
#include "vectors/dissect_all.h"

/* Names that dissectors find have to mean something: all of them this. */
#define NAMED IMTC_SERVICE_GROUPME
#define NAMES_MAX 256
/* Flows between two beginnings: tables are made anew, and must not be what is tested. */
#define FLOWS_A_RUN 500
#define SHOWN 40	/* failures told in full */

enum carrier { PLAIN, CONNECT, SOCKS5, CARRIERS };
static const char *const carrier_names[CARRIERS] = { "plain", "CONNECT", "SOCKS5" };

/* How a vector is sent. */
struct variant {
	u32 cut;	/* where the second segment begins; 0: one segment */
	bool swapped;	/* the second comes first */
	int family;
	enum carrier carrier;
};

static struct signature names[NAMES_MAX];
static struct signatures signatures = { .entries = names };
static u64 random_state = 19880808;
static u32 flows, checked, failed;

static u32 random_next(u32 below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % below;
}

static void collect_names(void)
{
	signatures.count = 0;
	for (u32 l = 0; l < COUNT_OF(dissect_lists); l++) {
		for (u32 i = 0; i < dissect_lists[l].count; i++) {
			const struct dissect_vector *d = &dissect_lists[l].vectors[i];

			if (d->answer != IMTC_NAMED || !d->domain)
				continue;
			assert_true(signatures.count < NAMES_MAX);
			snprintf(names[signatures.count].text, IMTC_DOMAIN_BYTES, "%s",
				 d->domain);
			names[signatures.count++].value.service = NAMED;
		}
	}
}

/* --- a connection ------------------------------------------------------------------- */

struct talk {
	struct pkt pkt;
	u32 seq[2];	/* by direction */
	u64 now_ns;
};

static struct talk talk;

static void begin_run(void)
{
	struct engine_setup setup = { .signatures = &signatures };

	engine_end();
	assert_int_equal(engine_start(&setup), 0);
}

static void send_at(u32 direction, u32 seq, const void *payload, u32 len, u8 flags)
{
	struct pkt p = talk.pkt;
	u8 frame[PKT_BYTES];

	p.from_server = direction == IMTC_DIR_SERVER;
	p.seq = seq;
	p.ack = talk.seq[!direction];
	p.flags = flags;
	p.payload = payload;
	p.payload_len = len;
	talk.now_ns += 1000000;
	engine_frame(frame, pkt_build(&p, frame), talk.now_ns);
}

static void send_next(u32 direction, const void *payload, u32 len)
{
	send_at(direction, talk.seq[direction], payload, len, PKT_ACK);
	talk.seq[direction] += len;
}

#define SAYS(direction, text) send_next(direction, text, sizeof(text) - 1)

static void connect_flow(const struct dissect_vector *d, const struct variant *how)
{
	if (flows++ % FLOWS_A_RUN == 0)
		begin_run();
	memset(&talk.pkt, 0, sizeof(talk.pkt));
	talk.pkt.family = how->family;
	talk.pkt.l4 = d->l4 ? d->l4 : 6;
	talk.pkt.client_port = (u16)(1024 + flows % 60000);
	talk.pkt.server_port = (u16)(1024 + random_next(64000));
	talk.seq[0] = random_next(1U << 31) * 2;
	talk.seq[1] = random_next(1U << 31) * 2;
	if (talk.pkt.l4 != 6)
		return;
	send_at(IMTC_DIR_CLIENT, talk.seq[0]++, NULL, 0, PKT_SYN);
	send_at(IMTC_DIR_SERVER, talk.seq[1]++, NULL, 0, PKT_SYN | PKT_ACK);
}

static void open_carrier(enum carrier carrier)
{
	if (carrier == CONNECT) {
		SAYS(IMTC_DIR_CLIENT, "CONNECT 192.0.2.9:9 HTTP/1.1\r\nHost: 192.0.2.9:9\r\n\r\n");
		SAYS(IMTC_DIR_SERVER, "HTTP/1.1 200 Connection established\r\n\r\n");
	} else if (carrier == SOCKS5) {
		SAYS(IMTC_DIR_CLIENT, "\5\1\0");
		SAYS(IMTC_DIR_SERVER, "\5\0");
		SAYS(IMTC_DIR_CLIENT, "\5\1\0\1\300\0\2\11\0\11");
		SAYS(IMTC_DIR_SERVER, "\5\0\0\1\0\0\0\0\0\0");
	}
}

static void send_vector(const struct dissect_vector *d, const struct variant *how)
{
	u32 seq = talk.seq[d->direction];
	const char *second = d->bytes + how->cut;

	/* Who sends the first datagram is the client: of no service's, here. */
	if (talk.pkt.l4 != 6 && d->direction == IMTC_DIR_SERVER)
		SAYS(IMTC_DIR_CLIENT, "\377\377\377\377");
	if (how->cut && how->swapped)
		send_at(d->direction, seq + how->cut, second, d->len - how->cut, PKT_ACK);
	send_at(d->direction, seq, d->bytes, how->cut ? how->cut : d->len, PKT_ACK);
	if (how->cut && !how->swapped)
		send_at(d->direction, seq + how->cut, second, d->len - how->cut, PKT_ACK);
}

/* --- what must come of it ------------------------------------------------------------- */

/* Vectors of flows that are known already, or older than imtc, are others' matter. */
static bool is_fit(const struct dissect_vector *d)
{
	return !d->before.service && !d->middle && d->len > 1 &&
	       (d->answer == IMTC_MATCH || d->answer == IMTC_NO ||
		(d->answer == IMTC_NAMED && d->domain));
}

static void check(const struct dissect_vector *d, const struct variant *how)
{
	const struct imtc_label *label;
	u16 service = d->answer == IMTC_NAMED ? NAMED : d->answer == IMTC_MATCH ? d->service : 0;

	connect_flow(d, how);
	open_carrier(how->carrier);
	send_vector(d, how);
	assert_non_null(engine_last());
	label = &engine_last()->label;
	checked++;
	if (label->service == service &&
	    (d->answer != IMTC_MATCH || label->feature == d->feature))
		return;
	/* A name that came before the mark was known already. */
	if (d->answer == IMTC_MATCH && d->domain && label->service == NAMED)
		return;
	if (failed++ < SHOWN)
		printf("# %s: %s, IPv%d, cut at %u of %u%s: service %u feature %u, not %u %u\n",
		       d->name, carrier_names[how->carrier], how->family, how->cut, d->len,
		       how->swapped ? ", swapped" : "", label->service, label->feature,
		       service, d->feature);
}

/* Every cut, with what else varies taking turns; then each combination a few times. */
static void check_stream(const struct dissect_vector *d)
{
	struct variant how;

	for (u32 cut = 0; cut < d->len; cut++) {
		how = (struct variant){ .cut = cut, .swapped = cut & 1, .family = cut & 2 ? 6 : 4,
					.carrier = cut % CARRIERS };
		check(d, &how);
	}
	for (u32 i = 0; i < 2 * 2 * CARRIERS; i++) {
		how = (struct variant){ .cut = 1 + random_next(d->len - 1), .swapped = i & 1,
					.family = i & 2 ? 6 : 4, .carrier = i / 4 };
		check(d, &how);
	}
}

static void check_datagram(const struct dissect_vector *d)
{
	struct variant how = { .family = 4 };

	check(d, &how);
	how.family = 6;
	check(d, &how);
}

static void vectors_hold(void **state)
{
	(void)state;
	for (u32 l = 0; l < COUNT_OF(dissect_lists); l++) {
		for (u32 i = 0; i < dissect_lists[l].count; i++) {
			const struct dissect_vector *d = &dissect_lists[l].vectors[i];

			if (!is_fit(d))
				continue;
			if (d->l4 == IMTC_L4_UDP)
				check_datagram(d);
			else
				check_stream(d);
		}
	}
	printf("# %u connections\n", checked);
	assert_int_equal(failed, 0);
	assert_true(checked > 10000);
}

static int begin(void **state)
{
	(void)state;
	collect_names();
	return 0;
}

static int end(void **state)
{
	(void)state;
	engine_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(vectors_hold) };

	return cmocka_run_group_tests_name("generated", tests, begin, end);
}
