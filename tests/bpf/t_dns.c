// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is learnt from DNS, from messages of every shape; and what is not: answers
 * nobody asked for, names nobody knows, anything malformed.
 */
#include <stdio.h>
#include <string.h>

#include "dns_talk.h"

/* 2001:db8::7, as ADDRESS. */
static const u8 address6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 };

/* --- what is learnt ---------------------------------------------------------------------- */

static void address_of_a_name(void **state)
{
	struct pkt p = { .client_port = 5000, .server_port = 444, .seq = 1,
			 .payload = "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", .payload_len = 8 };
	struct imtc_flow flow;
	struct imtc_hint h;

	(void)state;
	/* Where the tests' servers are. */
	resolve("www.Chat.TEST", 300, 0x0a000002);
	assert_true(hint_get("10.0.0.2", 0, 0, &h));
	assert_int_equal(h.service, IMTC_SERVICE_SLACK);
	assert_int_equal(h.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(h.confidence, IMTC_CONFIDENCE_DNS);
	assert_int_equal(h.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	run(XDP, &p);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_SLACK);
	assert_int_equal(flow.label.confidence, IMTC_CONFIDENCE_DNS);
	assert_int_equal(flow.label.encryption, IMTC_ENCRYPTION_ENCRYPTED);
}

static void every_kind_of_record(void **state)
{
	struct dns_out o;

	(void)state;
	ask(++next_port, 5, "chat.test");
	dns_begin(&o, bytes, 5, ANSWER, "chat.test", 255, 5);
	/* A record of a type of no interest first. */
	dns_record_begin(&o, DNS_TEST_QUESTION, 16, 60, 5);
	dns_put_bytes(&o, "\x04" "text", 5);
	dns_put_a(&o, DNS_TEST_QUESTION, 60, 0xc0000201);
	dns_put_aaaa(&o, "chat.test", 60, address6);
	dns_put_https(&o, DNS_TEST_QUESTION, 60, "", 0xc0000202,
		      (const u8 *)"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x08");
	dns_put_a(&o, DNS_TEST_QUESTION, 60, 0xc0000203);
	say_udp(next_port, true, &o);
	assert_int_equal(learnt("192.0.2.1"), IMTC_SERVICE_SLACK);
	assert_int_equal(learnt("2001:db8::7"), IMTC_SERVICE_SLACK);
	assert_int_equal(learnt("192.0.2.2"), IMTC_SERVICE_SLACK);
	assert_int_equal(learnt("2001:db8::8"), IMTC_SERVICE_SLACK);
	assert_int_equal(learnt("192.0.2.3"), IMTC_SERVICE_SLACK);
}

/* Any name on the way may be the one that is known. */
static void chain_of_aliases(void **state)
{
	struct dns_out o;

	(void)state;
	ask(++next_port, 5, "my.company.test");
	dns_begin(&o, bytes, 5, ANSWER, "my.company.test", 1, 3);
	dns_put_cname(&o, DNS_TEST_QUESTION, 60, "edge.talk.test");
	dns_put_cname(&o, "edge.talk.test", 60, "a.cdn.test");
	dns_put_a(&o, "a.cdn.test", 60, ADDRESS);
	say_udp(next_port, true, &o);
	assert_int_equal(learnt("192.0.2.7"), IMTC_SERVICE_SIGNAL);
	/* And the first of them counts. */
	ask(++next_port, 6, "chat.test");
	dns_begin(&o, bytes, 6, ANSWER, "chat.test", 1, 2);
	dns_put_cname(&o, DNS_TEST_QUESTION, 60, "edge.talk.test");
	dns_put_a(&o, "edge.talk.test", 60, 0xc0000208);
	say_udp(next_port, true, &o);
	assert_int_equal(learnt("192.0.2.8"), IMTC_SERVICE_SLACK);
}

/* A pointer into the middle of a name, and one to a pointer. */
static void pointers(void **state)
{
	struct dns_out o;
	u32 owner;

	(void)state;
	ask(++next_port, 5, "x.other.test");
	dns_begin(&o, bytes, 5, ANSWER, "x.other.test", 1, 2);
	/* The alias "talk" and a pointer to the question's "test". */
	dns_record_begin(&o, DNS_TEST_QUESTION, 5, 60, 7);
	owner = o.len;
	dns_put_bytes(&o, "\x04talk\xc0\x14", 7);
	dns_put(&o, 0xc000 | owner, 2);
	dns_put(&o, 1, 2);
	dns_put(&o, 1, 2);
	dns_put(&o, 60, 4);
	dns_put(&o, 4, 2);
	dns_put(&o, ADDRESS, 4);
	say_udp(next_port, true, &o);
	assert_int_equal(learnt("192.0.2.7"), IMTC_SERVICE_SIGNAL);
}

static void time_to_live(void **state)
{
	struct imtc_hint h;

	(void)state;
	resolve("chat.test", 0, 0xc0000201);
	resolve("chat.test", 3600, 0xc0000202);
	resolve("chat.test", 0xffffffff, 0xc0000203);
	assert_true(hint_get("192.0.2.1", 0, 0, &h));
	assert_in_range(h.expires_ns - ktime_ns(), IMTC_HINT_MIN_NS - 5000000000ULL,
			IMTC_HINT_MIN_NS);
	assert_true(hint_get("192.0.2.2", 0, 0, &h));
	assert_in_range(h.expires_ns - ktime_ns(), 3595000000000ULL, 3600000000000ULL);
	assert_true(hint_get("192.0.2.3", 0, 0, &h));
	assert_in_range(h.expires_ns - ktime_ns(), IMTC_HINT_MAX_NS - 5000000000ULL,
			IMTC_HINT_MAX_NS);
}

/* Two of a service's names at one address: the service is told, what for is not. */
static void names_of_one_service(void **state)
{
	struct imtc_hint h;

	(void)state;
	resolve("chat.test", 60, ADDRESS);
	resolve("files.chat.test", 60, ADDRESS);
	assert_true(hint_get("192.0.2.7", 0, 0, &h));
	assert_int_equal(h.service, IMTC_SERVICE_SLACK);
	assert_int_equal(h.feature, IMTC_FEATURE_NONE);
}

static void shared_addresses(void **state)
{
	(void)state;
	resolve("chat.test", 60, ADDRESS);
	resolve("shop.test", 60, ADDRESS);
	assert_int_equal(learnt("192.0.2.7"), 0);
	/* And stays so. */
	resolve("chat.test", 60, ADDRESS);
	assert_int_equal(learnt("192.0.2.7"), 0);
	resolve("chat.test", 60, 0xc0000208);
	resolve("talk.test", 60, 0xc0000208);
	assert_int_equal(learnt("192.0.2.8"), 0);
}

/* --- what is not ---------------------------------------------------------------------------- */

static void unknown_names(void **state)
{
	struct imtc_hint h;

	(void)state;
	resolve("shop.test", 60, ADDRESS);
	assert_false(hint_get("192.0.2.7", 0, 0, &h));
	domain_set("part.chat.test", IMTC_SERVICE_NONE, 0, 0);
	resolve("part.chat.test", 60, ADDRESS);
	assert_false(hint_get("192.0.2.7", 0, 0, &h));
	domain_set("bad.test", IMTC_SERVICE_MAX, 0, 0);
	resolve("bad.test", 60, ADDRESS);
	assert_false(hint_get("192.0.2.7", 0, 0, &h));
	/* Bytes that no host's name has. */
	resolve("a b.chat.test", 60, ADDRESS);
	assert_false(hint_get("192.0.2.7", 0, 0, &h));
}

static void nobody_asked(void **state)
{
	struct dns_out o;

	(void)state;
	/* Another id than asked. */
	ask(++next_port, 5, "chat.test");
	dns_begin(&o, bytes, 6, ANSWER, "chat.test", 1, 1);
	dns_put_a(&o, DNS_TEST_QUESTION, 60, ADDRESS);
	say_udp(next_port, true, &o);
	assert_int_equal(learnt("192.0.2.7"), 0);
	/* The client answers. */
	dns_begin(&o, bytes, 5, ANSWER, "chat.test", 1, 1);
	dns_put_a(&o, DNS_TEST_QUESTION, 60, ADDRESS);
	say_udp(next_port, false, &o);
	assert_int_equal(learnt("192.0.2.7"), 0);
	/* No query at all: the first packet is the server's. */
	say_udp(++next_port, true, &o);
	assert_int_equal(learnt("192.0.2.7"), 0);
}

/* Both of two queries that wait at once; resolvers ask for A and AAAA together. */
static void two_at_once(void **state)
{
	struct dns_out o;

	(void)state;
	ask(++next_port, 5, "chat.test");
	ask(next_port, 6, "chat.test");
	for (u16 id = 5; id <= 6; id++) {
		dns_begin(&o, bytes, id, ANSWER, "chat.test", 1, 1);
		dns_put_a(&o, DNS_TEST_QUESTION, 60, 0xc0000200 + id);
		say_udp(next_port, true, &o);
	}
	assert_int_equal(learnt("192.0.2.5"), IMTC_SERVICE_SLACK);
	assert_int_equal(learnt("192.0.2.6"), IMTC_SERVICE_SLACK);
}

static void failures(void **state)
{
	struct dns_out o;

	(void)state;
	for (u16 code = 1; code < 16; code++) {
		ask(++next_port, 5, "chat.test");
		dns_begin(&o, bytes, 5, ANSWER | code, "chat.test", 1, 1);
		dns_put_a(&o, DNS_TEST_QUESTION, 60, ADDRESS);
		say_udp(next_port, true, &o);
	}
	/* What stands in the additional section is not the answer. */
	ask(++next_port, 5, "chat.test");
	dns_begin(&o, bytes, 5, ANSWER, "chat.test", 1, 0);
	bytes[11] = 1;
	dns_put_a(&o, DNS_TEST_QUESTION, 60, ADDRESS);
	say_udp(next_port, true, &o);
	assert_int_equal(learnt("192.0.2.7"), 0);
}

static void other_ports(void **state)
{
	struct pkt p = { .l4 = 17, .client_port = 900, .server_port = 5353, .payload = bytes };
	struct dns_out o;

	(void)state;
	dns_begin(&o, bytes, 5, QUERY, "chat.test", 1, 0);
	p.payload_len = o.len;
	run(XDP, &p);
	dns_begin(&o, bytes, 5, ANSWER, "chat.test", 1, 1);
	dns_put_a(&o, DNS_TEST_QUESTION, 60, ADDRESS);
	p.payload_len = o.len;
	p.from_server = true;
	run(XDP, &p);
	assert_int_equal(learnt("192.0.2.7"), 0);
}

/* Cut anywhere, lengths that lie, pointers that lead forward or in a circle. */
static void malformed(void **state)
{
	static u8 copy[DNS_TEST_BYTES];
	struct dns_out o;
	u32 whole;

	(void)state;
	dns_begin(&o, copy, 5, ANSWER, "www.chat.test", 1, 1);
	dns_put_a(&o, DNS_TEST_QUESTION, 60, ADDRESS);
	whole = o.len;
	for (u32 cut = 1; cut < whole; cut++) {
		ask(++next_port, 5, "chat.test");
		say(17, next_port, true, copy, cut);
	}
	assert_int_equal(learnt("192.0.2.7"), 0);
	for (u32 at = 12; at < whole; at++) {
		for (u32 value = 0xbf; value <= 0xff; value += 16) {
			u8 saved = copy[at];

			ask(++next_port, 5, "chat.test");
			copy[at] = (u8)value;
			say(17, next_port, true, copy, whole);
			copy[at] = saved;
		}
	}
	/* A name that points to itself; one that points ahead. */
	dns_begin(&o, copy, 5, ANSWER, "\xc0\x0c", 1, 1);
	dns_put_a(&o, "\xc0\x0c", 60, 0xc0000209);
	ask(++next_port, 5, "chat.test");
	say(17, next_port, true, copy, o.len);
	dns_begin(&o, copy, 5, ANSWER, "\xc0\x12", 1, 1);
	dns_put_a(&o, "chat.test", 60, 0xc0000209);
	ask(++next_port, 5, "chat.test");
	say(17, next_port, true, copy, o.len);
	assert_int_equal(learnt("192.0.2.9"), 0);
	assert_int_equal(stream_count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(address_of_a_name, setup),
		cmocka_unit_test_setup(every_kind_of_record, setup),
		cmocka_unit_test_setup(chain_of_aliases, setup),
		cmocka_unit_test_setup(pointers, setup),
		cmocka_unit_test_setup(time_to_live, setup),
		cmocka_unit_test_setup(names_of_one_service, setup),
		cmocka_unit_test_setup(shared_addresses, setup),
		cmocka_unit_test_setup(unknown_names, setup),
		cmocka_unit_test_setup(nobody_asked, setup),
		cmocka_unit_test_setup(two_at_once, setup),
		cmocka_unit_test_setup(failures, setup),
		cmocka_unit_test_setup(other_ports, setup),
		cmocka_unit_test_setup(malformed, setup),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
