// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters: exact, a direction and a verdict each, the same by the fast and
 * the slow path.
 */
#include "lib_datapath.h"
#include "vectors/hello.h"

static u8 message[HELLO_BYTES];

/* A decided flow (by name, nothing to watch) of that verdict; *p is its next packet. */
static void decided(struct pkt *p, u8 verdict)
{
	struct hello hello = { .name = "im.test" };

	domain_set("im.test", IMTC_SERVICE_SLACK, IMTC_FEATURE_VOICE, 0);
	policy_set(NULL, 0, verdict);
	p->seq = 1;
	p->payload = message;
	p->payload_len = hello_build(&hello, message);
	run(XDP, p);
}

static void packets_and_bytes(void **state)
{
	static const struct pkt shapes[] = {
		{ .family = 4 }, { .family = 6 }, { .family = 4, .vlans = 1 },
		{ .family = 4, .ip_options = 8 }, { .family = 6, .vlans = 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		for (u8 verdict = IMTC_VERDICT_PASS; verdict <= IMTC_VERDICT_DROP; verdict++) {
			struct pkt p = shapes[i], back;
			struct imtc_counter c;
			u64 first, bytes;

			datapath_reset(NULL);
			decided(&p, verdict);
			first = pkt_l4(&p) - pkt_l3(&p) + 20 + p.payload_len;
			c = counter(IMTC_SERVICE_SLACK, IMTC_FEATURE_VOICE, verdict);
			assert_int_equal(c.packets[0], 1);
			assert_int_equal(c.bytes[0], first);
			p.payload_len = 33;
			bytes = pkt_l4(&p) - pkt_l3(&p) + 20 + 33;
			back = p;
			back.from_server = true;
			for (int k = 0; k < 3; k++)
				run(XDP, &p);
			for (int k = 0; k < 4; k++)
				run(EGRESS, &back);
			run(INGRESS, &back);
			c = counter(IMTC_SERVICE_SLACK, IMTC_FEATURE_VOICE, verdict);
			assert_int_equal(c.packets[0], 5);
			assert_int_equal(c.bytes[0], first + 4 * bytes);
			assert_int_equal(c.packets[1], 4);
			assert_int_equal(c.bytes[1], 4 * bytes);
			assert_int_equal(counter(0, 0, 0).packets[0], 0);
		}
	}
}

/* Before the label they are nobody's. */
static void undecided_is_slot_none(void **state)
{
	struct pkt p = { .flags = PKT_SYN };

	(void)state;
	run(XDP, &p);
	run(EGRESS, &p);
	assert_int_equal(counter(0, 0, 0).packets[0], 1);
	assert_int_equal(counter(0, 0, 0).packets[1], 1);
	assert_int_equal(counter(0, 0, 0).bytes[1], 40);
}

/* A new verdict counts in its own slot from its first packet on. */
static void slot_moves_with_verdict(void **state)
{
	struct pkt p = { .family = 4 };

	(void)state;
	decided(&p, IMTC_VERDICT_PASS);
	run(XDP, &p);
	policy_set(NULL, 0, IMTC_VERDICT_DROP);
	run(XDP, &p);
	assert_int_equal(counter(IMTC_SERVICE_SLACK, IMTC_FEATURE_VOICE,
				 IMTC_VERDICT_PASS).packets[0], 2);
	assert_int_equal(counter(IMTC_SERVICE_SLACK, IMTC_FEATURE_VOICE,
				 IMTC_VERDICT_DROP).packets[0], 1);
}

static void not_im_counts_as_none(void **state)
{
	struct pkt c = { .payload = "SSH-", .payload_len = 4, .seq = 1 }, s = c;

	(void)state;
	s.from_server = true;
	run(XDP, &c);
	run(XDP, &s);
	c.seq = 5;
	run(XDP, &c);
	/* The second decided it: that one and the third. */
	assert_int_equal(counter(0, 0, 0).packets[0], 1);
	assert_int_equal(counter(0, 0, IMTC_VERDICT_PASS).packets[0], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(packets_and_bytes, datapath_reset),
		cmocka_unit_test_setup(undecided_is_slot_none, datapath_reset),
		cmocka_unit_test_setup(slot_moves_with_verdict, datapath_reset),
		cmocka_unit_test_setup(not_im_counts_as_none, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
