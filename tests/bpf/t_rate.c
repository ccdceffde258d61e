// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that ask how much begins: who is counted, how often, and who is not. The
 * arithmetic is in tests/unit/rate.c. With IMTC_TEST_MODULE the module counts.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "lib_datapath.h"

#define MINUTE(n) (IMTC_RATE_MINUTE | (n))

static const char irc[] = "NICK alice\r\nUSER alice 0 * :Alice\r\n";

/* What came of a flow's first message. */
enum came { PASSED, DROPPED };

/*
 * A flow of this end to a server of the network's port, told by what it says. `host` is
 * the last byte of the client's address; of what comes in that is the peer.
 */
static enum came flow_begins(enum hook hook, u8 host, u16 port)
{
	struct pkt p = { .family = 4, .host = host, .client_port = port, .flags = PKT_SYN,
			 .server_port = 6667, .seq = 100 };

	assert_true(passes(hook, run(hook, &p)));
	p.flags = PKT_ACK;
	p.seq = 101;
	p.payload = irc;
	p.payload_len = sizeof(irc) - 1;
	return passes(hook, run(hook, &p)) ? PASSED : DROPPED;
}

/* Another message of it. */
static enum came flow_goes_on(enum hook hook, u8 host, u16 port)
{
	struct pkt p = { .family = 4, .host = host, .client_port = port, .flags = PKT_ACK,
			 .server_port = 6667, .seq = 101 + sizeof(irc) - 1,
			 .payload = "PING 1\r\n", .payload_len = 8 };

	return passes(hook, run(hook, &p)) ? PASSED : DROPPED;
}

static void policy_rate(u32 flows, u32 peers)
{
	struct imtc_rule rule = { .id = 1, .verdict = IMTC_VERDICT_DROP,
				  .services = { 1ULL << IMTC_SERVICE_IRC },
				  .rates = { flows, peers } };

	policy_set(&rule, 1, IMTC_VERDICT_PASS);
}

/* The first ten of a minute pass, and go on; those of another address have their own count. */
static void flows_above_the_rate(void **state)
{
	(void)state;
	policy_rate(MINUTE(10), 0);
	for (u16 i = 0; i < 25; i++)
		assert_int_equal(flow_begins(EGRESS, 3, 2000 + i), i < 10 ? PASSED : DROPPED);
	for (u16 i = 0; i < 25; i++)
		assert_int_equal(flow_goes_on(EGRESS, 3, 2000 + i), i < 10 ? PASSED : DROPPED);
	for (u16 i = 0; i < 12; i++)
		assert_int_equal(flow_begins(EGRESS, 4, 2000 + i), i < 10 ? PASSED : DROPPED);
}

/* As they are asked about again - another address set, another epoch - nothing is counted anew. */
static void asked_again(void **state)
{
	struct imtc_flow flow;
	struct pkt p = { .family = 4, .host = 3, .client_port = 2000, .server_port = 6667 };
	u8 asked;

	(void)state;
	if (judged_by_module())
		return;	/* What is loaded there is another policy. */
	policy_rate(MINUTE(5), 0);
	for (u16 i = 0; i < 8; i++)
		flow_begins(EGRESS, 3, 2000 + i);
	assert_true(flow_get(&p, &flow));
	asked = flow.asked;
	for (int round = 0; round < 3; round++) {
		policy_rate(MINUTE(5), 0);
		for (u16 i = 0; i < 8; i++)
			assert_int_equal(flow_goes_on(EGRESS, 3, 2000 + i),
					 i < 5 ? PASSED : DROPPED);
	}
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.asked, asked + 3);
	assert_int_equal(flow_begins(EGRESS, 3, 3000), DROPPED);
}

/* A second, of what comes in: the next one begins with none. (A slow machine drops none before.) */
static void next_period(void **state)
{
	int dropped = 0;

	(void)state;
	policy_rate(3, 0);
	for (u16 i = 0; i < 4; i++)
		dropped += flow_begins(XDP, 3, 2000 + i) == DROPPED;
	assert_in_range(dropped, 0, 1);
	for (u64 end = ktime_ns() + 1100000000ULL; ktime_ns() < end;)
		;
	assert_int_equal(flow_begins(XDP, 3, 3000), PASSED);
}

/* Many flows to few peers are within the rate, one flow to each of many is not. */
static void peers_above_the_rate(void **state)
{
	(void)state;
	policy_rate(0, MINUTE(4));
	/* Of what comes in, the client is the peer, and the address here always the same. */
	for (u16 i = 0; i < 40; i++)
		assert_int_equal(flow_begins(XDP, (u8)(10 + i % 4), 2000 + i), PASSED);
	for (u8 host = 20; host < 30; host++)
		assert_int_equal(flow_begins(XDP, host, 2000), DROPPED);
	/* Those that were within it stay so, with new flows too. */
	for (u8 host = 10; host < 14; host++)
		assert_int_equal(flow_begins(XDP, host, 4000), PASSED);
	assert_int_equal(flow_begins(XDP, 20, 4000), DROPPED);
	/* Others of this host's addresses: none here, but what goes out is of its clients. */
	assert_int_equal(flow_begins(EGRESS, 20, 4001), PASSED);
}

/* Both: more flows, to more peers. */
static void both_rates(void **state)
{
	(void)state;
	policy_rate(MINUTE(6), MINUTE(2));
	for (u16 i = 0; i < 10; i++)
		assert_int_equal(flow_begins(XDP, (u8)(10 + i % 2), 2000 + i), PASSED);
	assert_int_equal(flow_begins(XDP, 12, 2000), DROPPED);
}

/* What the rule is not about is not counted: the next rule has it. */
static void others_are_not_counted(void **state)
{
	struct imtc_rule rules[2] = {
		{ .id = 1, .verdict = IMTC_VERDICT_PASS, .services = { 1ULL << IMTC_SERVICE_IRC },
		  .remote_port = { 6667, 6667 }, .local_port = { 1, 2009 } },
		{ .id = 2, .verdict = IMTC_VERDICT_DROP, .services = { 1ULL << IMTC_SERVICE_IRC },
		  .rates = { MINUTE(3) } },
	};

	(void)state;
	policy_set(rules, 2, IMTC_VERDICT_PASS);
	for (u16 i = 0; i < 20; i++)
		assert_int_equal(flow_begins(EGRESS, 3, 2000 + i), i < 13 ? PASSED : DROPPED);
	if (judged_by_module())
		return;
	assert_int_equal(hits_of_rule(1), 10);
	assert_int_equal(hits_of_rule(2), 7);
}

/* Compiled rules of one rule count together: a list is no way to begin twice as much. */
static void one_rule_counts_once(void **state)
{
	struct imtc_rule rules[2] = {
		{ .id = 1, .verdict = IMTC_VERDICT_DROP, .local_port = { 1, 2004 },
		  .rates = { MINUTE(6) } },
		{ .id = 1, .verdict = IMTC_VERDICT_DROP, .local_port = { 2002, 9000 },
		  .rates = { MINUTE(6) } },
	};

	(void)state;
	policy_set(rules, 2, IMTC_VERDICT_PASS);
	for (u16 i = 0; i < 10; i++)
		assert_int_equal(flow_begins(EGRESS, 3, 2000 + i), i < 6 ? PASSED : DROPPED);
}

/* Flows that nobody saw begin are not new, whatever there are of them. */
static void older_flows(void **state)
{
	(void)state;
	policy_rate(MINUTE(1), 0);
	for (u16 i = 0; i < 10; i++) {
		struct pkt p = { .family = 4, .host = 3, .client_port = 2000 + i, .seq = 101,
				 .server_port = 6667, .payload = irc,
				 .payload_len = sizeof(irc) - 1 };

		assert_true(passes(EGRESS, run(EGRESS, &p)));
	}
	assert_int_equal(flow_begins(EGRESS, 3, 3000), PASSED);
	assert_int_equal(flow_begins(EGRESS, 3, 3001), DROPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(flows_above_the_rate, datapath_reset),
		cmocka_unit_test_setup(asked_again, datapath_reset),
		cmocka_unit_test_setup(next_period, datapath_reset),
		cmocka_unit_test_setup(peers_above_the_rate, datapath_reset),
		cmocka_unit_test_setup(both_rates, datapath_reset),
		cmocka_unit_test_setup(others_are_not_counted, datapath_reset),
		cmocka_unit_test_setup(one_rule_counts_once, datapath_reset),
		cmocka_unit_test_setup(older_flows, datapath_reset),
	};

	if (unshare(CLONE_NEWNET))
		return 1;
	return cmocka_run_group_tests_name("rate", tests, datapath_load, datapath_unload);
}
