// SPDX-License-Identifier: GPL-2.0-only
/*
 * What datagrams prove together: claims of one address and port count over all its
 * flows, in order; others do not profit; and one that both ends must make.
 */
#include <string.h>

#include "lib_datapath.h"

/* UDP from the client's port to a port of the server. */
static struct pkt datagram(u16 client_port, u16 server_port, const void *payload, u32 len)
{
	return (struct pkt){ .family = 4, .l4 = 17, .client_port = client_port,
			     .server_port = server_port, .payload = payload, .payload_len = len };
}

/* The service of the packet's flow once it has run. */
static u16 service_after(const struct pkt *p)
{
	struct imtc_flow flow;

	assert_true(passes(XDP, run(XDP, p)));
	assert_true(flow_get(p, &flow));
	return flow.label.service;
}

/* Skype's probe with that number. */
static u16 probe(u16 client_port, u16 server_port, u16 number, u8 host)
{
	static u8 bytes[24] = { [2] = 0x02, [3] = 0x77 };
	struct pkt p = datagram(client_port, server_port, bytes, sizeof(bytes));

	bytes[0] = (u8)(number >> 8);
	bytes[1] = (u8)number;
	p.host = host;
	return service_after(&p);
}

static void order_proves(void **state)
{
	(void)state;
	assert_int_equal(probe(13021, 40001, 0x9b90, 0), IMTC_SERVICE_NONE);
	assert_int_equal(probe(13021, 40002, 0x9b92, 0), IMTC_SERVICE_NONE);
	assert_int_equal(probe(13021, 40003, 0x9b94, 0), IMTC_SERVICE_SKYPE);
	/* What the end is, is known from now on. */
	assert_int_equal(probe(13021, 40004, 0x9bf0, 0), IMTC_SERVICE_SKYPE);
	assert_int_equal(probe(13021, 40005, 0x1000, 0), IMTC_SERVICE_SKYPE);
	/* Of that end alone. */
	assert_int_equal(probe(13022, 40006, 0x9bf2, 0), IMTC_SERVICE_NONE);
	assert_int_equal(probe(13021, 40007, 0x9bf4, 9), IMTC_SERVICE_NONE);
}

static void number_wraps(void **state)
{
	(void)state;
	assert_int_equal(probe(13021, 40001, 0xfffe, 0), IMTC_SERVICE_NONE);
	assert_int_equal(probe(13021, 40002, 0x0000, 0), IMTC_SERVICE_NONE);
	assert_int_equal(probe(13021, 40003, 0x0002, 0), IMTC_SERVICE_SKYPE);
}

static void disorder_proves_nothing(void **state)
{
	(void)state;
	for (u16 i = 0; i < 200; i++) {
		/* Too far ahead, then back: never three in a row. */
		assert_int_equal(probe(13021, 40000 + 2 * i, (u16)(i * 100), 0), IMTC_SERVICE_NONE);
		assert_int_equal(probe(13021, 40001 + 2 * i, (u16)(i * 100 + 65), 0),
				 IMTC_SERVICE_NONE);
	}
	for (u16 i = 0; i < 200; i++)
		assert_int_equal(probe(13023, 40000 + i, 7, 0), IMTC_SERVICE_NONE);
}

/* --- RTP ------------------------------------------------------------------------- */

static u16 rtp(bool from_server, u16 number)
{
	u8 bytes[32] = { 0x80, 0, (u8)(number >> 8), (u8)number, [8] = 1, [9] = from_server, 7, 7 };
	struct pkt p = datagram(16384, 16386, bytes, sizeof(bytes));

	p.from_server = from_server;
	return service_after(&p);
}

static void one_way_is_no_call(void **state)
{
	(void)state;
	for (u16 i = 0; i < 20; i++)
		assert_int_equal(rtp(false, i), IMTC_SERVICE_NONE);
}

static void both_ways_are_a_call(void **state)
{
	(void)state;
	for (u16 i = 0; i < 3; i++)
		assert_int_equal(rtp(false, 100 + i), IMTC_SERVICE_NONE);
	assert_int_equal(rtp(true, 5000), IMTC_SERVICE_NONE);
	assert_int_equal(rtp(true, 5001), IMTC_SERVICE_NONE);
	assert_int_equal(rtp(true, 5002), IMTC_SERVICE_VOIP);
}

/* --- a match that proves an end ----------------------------------------------------- */

static void match_proves_end(void **state)
{
	static const char plain[] = "\xed\xf6\x19\x00" "0123456789abcdef0123456789abcd";
	static const char timed[] = "\xed\xf6\x09\x00" "\xb3\x39\x92\x91\x63\x01\x00\x00"
		"01234567";
	static const char other[] = "\xed\xf7\x19\x00" "0123456789abcdef0123456789abcd";
	struct pkt p = datagram(47171, 7987, plain, sizeof(plain) - 1);

	(void)state;
	for (int i = 0; i < 300; i++) {
		p.server_port = (u16)(20000 + i);
		assert_int_equal(service_after(&p), IMTC_SERVICE_NONE);
	}
	p = datagram(47171, 7985, timed, sizeof(timed) - 1);
	assert_int_equal(service_after(&p), IMTC_SERVICE_VIBER);
	/* Another socket's are still nothing; this one's are the call's, whatever they say. */
	p = datagram(47172, 7988, other, sizeof(other) - 1);
	assert_int_equal(service_after(&p), IMTC_SERVICE_NONE);
	p = datagram(47171, 7987, plain, sizeof(plain) - 1);
	assert_int_equal(service_after(&p), IMTC_SERVICE_VIBER);
}

/* --- a call, and whose it is ---------------------------------------------------------- */

#define COOKIE "\x21\x12\xa4\x42" "transaction1"
#define INTEGRITY "\x00\x08\x00\x14" "0123456789abcdefghij"

static void call_gets_its_service(void **state)
{
	static const char check[] = "\x00\x01\x00\x30" COOKIE "\x00\x06\x00\x09" "user:name\0\0\0"
		"\x00\x24\x00\x04" "prio" INTEGRITY;
	static const char echo[] = "\x01\x01\x00\x34" COOKIE "\x00\x06\x00\x09" "user:name\0\0\0"
		"\x00\x20\x00\x08" "\x00\x01\x0e\x97\x7c\x3d\x45\x04" INTEGRITY;
	struct pkt p = datagram(49153, 3478, check, sizeof(check) - 1);
	struct imtc_flow flow;

	(void)state;
	assert_int_equal(service_after(&p), IMTC_SERVICE_VOIP);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
	p = datagram(49153, 3478, echo, sizeof(echo) - 1);
	p.from_server = true;
	assert_int_equal(service_after(&p), IMTC_SERVICE_GOOGLEMEET);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
	/* One that nobody names stays a call, and is decided in the end. */
	p = datagram(49154, 3478, check, sizeof(check) - 1);
	for (int i = 0; i < 10; i++)
		assert_int_equal(service_after(&p), IMTC_SERVICE_VOIP);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
}

/* --- anything --------------------------------------------------------------------------- */

/* Random datagrams, most of which begin as some claim does, of one port to many. */
static void random_proves_nothing(void **state)
{
	static const u8 first[] = { 0x80, 0x01, 0x02, 0x05, 0x0f, 0x10, 0xd0, 0xd1, 0xb6, 0x21 };
	u64 random = 20150707;
	u8 bytes[160];

	(void)state;
	for (u32 i = 0; i < 20000; i++) {
		struct pkt p = datagram(50000, (u16)(1 + i / 4), bytes, 1);

		for (u32 k = 0; k < sizeof(bytes); k++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			bytes[k] = (u8)(random >> 40);
		}
		if (i & 1)
			bytes[0] = first[bytes[3] % sizeof(first)];
		if (i & 2)
			bytes[2] = 0x02;
		p.payload_len = 1 + (random >> 33) % (sizeof(bytes) - 1);
		if (service_after(&p) != IMTC_SERVICE_NONE)
			fail_msg("datagram %u of %u bytes", i, p.payload_len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(order_proves, datapath_reset),
		cmocka_unit_test_setup(number_wraps, datapath_reset),
		cmocka_unit_test_setup(disorder_proves_nothing, datapath_reset),
		cmocka_unit_test_setup(one_way_is_no_call, datapath_reset),
		cmocka_unit_test_setup(both_ways_are_a_call, datapath_reset),
		cmocka_unit_test_setup(match_proves_end, datapath_reset),
		cmocka_unit_test_setup(call_gets_its_service, datapath_reset),
		cmocka_unit_test_setup(random_proves_nothing, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
