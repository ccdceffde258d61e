// SPDX-License-Identifier: GPL-2.0-only
/*
 * DNS on flows that last, of UDP and of TCP, cut anywhere; and what is none on its port.
 */
#include <stdio.h>

#include "dns_talk.h"

/* A resolver that keeps its port: each answer is seen, however many came before. */
static void one_port_for_long(void **state)
{
	struct pkt p = { .l4 = 17, .client_port = 999, .server_port = 53 };
	struct imtc_flow flow;
	struct dns_out o;

	(void)state;
	for (u16 id = 1; id <= 50; id++) {
		ask(999, id, "chat.test");
		dns_begin(&o, bytes, id, ANSWER, "chat.test", 1, 1);
		dns_put_a(&o, DNS_TEST_QUESTION, 60, 0xc0000200 + id);
		say_udp(999, true, &o);
	}
	assert_int_equal(learnt("192.0.2.50"), IMTC_SERVICE_SLACK);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
	assert_int_equal(flow.label.service, 0);
}

/* What is no DNS is treated as anywhere else. */
static void not_dns_on_its_port(void **state)
{
	static const char login[] = "NICK bob\r\nUSER bob 0 * :Bob\r\n";
	struct pkt tcp = { .client_port = 998, .server_port = 53 };
	struct pkt udp = { .l4 = 17, .client_port = 998, .server_port = 53 };
	struct imtc_flow flow;

	(void)state;
	open_tcp(998);
	say(6, 998, false, login, sizeof(login) - 1);
	assert_true(flow_get(&tcp, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_IRC);
	for (int i = 0; i < 10; i++)
		say(17, 998, false, "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5\xf4\xf3\xf2", 14);
	assert_true(flow_get(&udp, &flow));
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
}

static u32 tcp_query(u8 *at, const char *name)
{
	struct dns_out o;

	dns_begin(&o, at + 2, 9, QUERY, name, 1, 0);
	at[0] = (u8)(o.len >> 8);
	at[1] = (u8)o.len;
	return o.len + 2;
}

static u32 tcp_answer(u8 *at, const char *name, u32 address)
{
	struct dns_out o;

	dns_begin(&o, at + 2, 9, ANSWER, name, 1, 1);
	dns_put_a(&o, DNS_TEST_QUESTION, 60, address);
	at[0] = (u8)(o.len >> 8);
	at[1] = (u8)o.len;
	return o.len + 2;
}

static void over_tcp(void **state)
{
	u32 len;

	(void)state;
	open_tcp(++next_port);
	len = tcp_answer(bytes, "chat.test", ADDRESS);
	say(6, next_port, true, bytes, len);
	assert_int_equal(learnt("192.0.2.7"), 0);
	len = tcp_query(bytes, "chat.test");
	say(6, next_port, false, bytes, len);
	len = tcp_answer(bytes, "chat.test", ADDRESS);
	say(6, next_port, true, bytes, len);
	assert_int_equal(learnt("192.0.2.7"), IMTC_SERVICE_SLACK);
}

static void tcp_cut_anywhere(void **state)
{
	u32 len, whole = tcp_answer(bytes, "chat.test", ADDRESS);

	(void)state;
	for (u32 cut = 1; cut < whole; cut++) {
		open_tcp(++next_port);
		len = tcp_query(bytes, "chat.test");
		say(6, next_port, false, bytes, len / 2);
		say(6, next_port, false, bytes + len / 2, len - len / 2);
		tcp_answer(bytes, "chat.test", ADDRESS + cut);
		say(6, next_port, true, bytes, cut);
		say(6, next_port, true, bytes + cut, whole - cut);
	}
	for (u32 cut = 1; cut < whole; cut++) {
		char text[16];

		snprintf(text, sizeof(text), "192.0.2.%u", 7 + cut);
		assert_int_equal(learnt(text), IMTC_SERVICE_SLACK);
	}
	assert_int_equal(stream_count(), 0);
}

/* One connection for all that is ever asked, far beyond a view's bytes. */
static void tcp_for_long(void **state)
{
	u32 len;

	(void)state;
	open_tcp(++next_port);
	for (u32 i = 1; i <= 200; i++) {
		len = tcp_query(bytes, "chat.test");
		say(6, next_port, false, bytes, len);
		/* Two messages in a segment. */
		len = tcp_answer(bytes, "chat.test", 0xc6336400 + i);
		len += tcp_answer(bytes + len, "talk.test", 0xcb007100 + i);
		say(6, next_port, true, bytes, len);
	}
	assert_int_equal(learnt("198.51.100.200"), IMTC_SERVICE_SLACK);
	assert_int_equal(learnt("203.0.113.200"), IMTC_SERVICE_SIGNAL);
	assert_int_equal(learnt("203.0.113.1"), IMTC_SERVICE_SIGNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_port_for_long, setup),
		cmocka_unit_test_setup(not_dns_on_its_port, setup),
		cmocka_unit_test_setup(over_tcp, setup),
		cmocka_unit_test_setup(tcp_cut_anywhere, setup),
		cmocka_unit_test_setup(tcp_for_long, setup),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
