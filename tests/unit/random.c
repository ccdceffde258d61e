// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random payloads through the whole data path, where many datagrams of one socket
 * are counted together (claims) and both directions speak: no flow gets a label.
 * What VPNs and games send looks like this, and there is a lot of it.
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

#define PAYLOADS 200000		/* a kind of talk; IMTC_RANDOM=10000000 for more */
#define FLOW_PAYLOADS 20
/* Payloads between two beginnings: tables are made anew before they are full. */
#define RUN_PAYLOADS 20000
#define STEP_NS 20000000ULL	/* 50 packets a second, as calls and games have */
#define LEN_MAX 320

static u64 random_state;
static u64 now_ns;
static u8 payload[LEN_MAX];

static u32 random_next(u32 below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % below;
}

static u32 payloads(void)
{
	const char *wanted = getenv("IMTC_RANDOM");

	return wanted ? (u32)strtoul(wanted, NULL, 10) : PAYLOADS;
}

static void fill(u32 len)
{
	for (u32 i = 0; i < len; i += 4) {
		u32 bits = random_next(0x80000000U) << 1 ^ random_next(256);

		memcpy(payload + i, &bits, 4);
	}
}

static void must_be_nothing(const char *what, u32 i, u32 len)
{
	const struct imtc_flow *flow = engine_last();

	assert_non_null(flow);
	if (!flow->label.service)
		return;
	printf("# payload %u of %u bytes:", i, len);
	for (u32 k = 0; k < len && k < 32; k++)
		printf(" %02x", payload[k]);
	printf("\n");
	fail_msg("%s: service %u, confidence %u", what, flow->label.service,
		 flow->label.confidence);
}

/* How a kind of talk sends its i-th payload. */
struct kind {
	const char *name;
	u8 l4;
	bool one_socket;	/* all flows are of one port of the client's */
	u32 counter;		/* bytes at the front that count up, as nonces do */
	u32 fixed;		/* bytes behind them that stay as they are */
	u32 len;		/* of each payload; 0: any */
};

static void count_up(const struct kind *kind, u32 i)
{
	for (u32 k = 0; k < kind->counter; k++)
		payload[k] = (u8)(i >> 8 * (kind->counter - 1 - k));
	for (u32 k = 0; k < kind->fixed; k++)
		payload[kind->counter + k] = (u8)(0x5d * (i / RUN_PAYLOADS + 1) + 0x35 * k);
}

static u32 send_one(const struct kind *kind, struct pkt *p, u32 seq[2], u32 i)
{
	u8 frame[PKT_BYTES];
	u32 len = kind->len ? kind->len : 1 + random_next(LEN_MAX);

	fill(len);
	if (len >= kind->counter + kind->fixed)
		count_up(kind, i);
	/* Who speaks first is the client. */
	p->from_server = i % FLOW_PAYLOADS && random_next(2);
	p->seq = seq[p->from_server];
	p->ack = seq[!p->from_server];
	p->payload = payload;
	p->payload_len = len;
	seq[p->from_server] += len;
	now_ns += STEP_NS;
	engine_frame(frame, pkt_build(p, frame), now_ns);
	return len;
}

static void check_kind(const struct kind *kind)
{
	struct engine_setup setup = { 0 };
	u32 seq[2] = { 0, 0 }, n = payloads(), len;
	struct pkt p = { .l4 = kind->l4 };

	random_state = 20051229;
	now_ns = 1000000000ULL;
	for (u32 i = 0; i < n; i++) {
		if (i % RUN_PAYLOADS == 0) {
			engine_end();
			assert_int_equal(engine_start(&setup), 0);
		}
		if (i % FLOW_PAYLOADS == 0) {
			u32 flow = i / FLOW_PAYLOADS;

			p.family = flow & 1 ? 6 : 4;
			p.client_port = kind->one_socket ? 40000 : (u16)(1024 + flow % 60000);
			p.server_port = (u16)(1024 + flow * 7 % 60000);
			seq[0] = random_next(1U << 30);
			seq[1] = random_next(1U << 30);
		}
		len = send_one(kind, &p, seq, i);
		must_be_nothing(kind->name, i, len);
	}
	engine_end();
}

static void random_is_nothing(void **state)
{
	static const struct kind kinds[] = {
		{ "datagrams", IMTC_L4_UDP, .len = 0 },
		{ "datagrams of one socket", IMTC_L4_UDP, .one_socket = true },
		{ "short datagrams of one socket", IMTC_L4_UDP, .one_socket = true, .len = 24 },
		{ "small datagrams of one length", IMTC_L4_UDP, .one_socket = true, .len = 60 },
		{ "datagrams of one length", IMTC_L4_UDP, .one_socket = true, .len = 200 },
		{ "streams", IMTC_L4_TCP, .len = 0 },
		{ "streams of one length", IMTC_L4_TCP, .len = 64 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		check_kind(&kinds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_is_nothing) };

	return cmocka_run_group_tests_name("random payloads", tests, NULL, NULL);
}
