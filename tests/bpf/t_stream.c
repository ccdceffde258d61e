// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stream prefixes: however a first message is cut, delayed, repeated or
 * overlapped, the label is that of the bytes as the receiver has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib_datapath.h"
#include "vectors/hello.h"

#define SERVICE IMTC_SERVICE_DISCORD
#define PADDING 200		/* of no meaning, from byte 60 to 259 */
#define BASE 0xffffff80U	/* so that the numbers wrap inside the message */

static const u8 junk[64];
static u8 message[HELLO_BYTES];
static u32 message_len;
static struct pkt client;
static enum hook hook;

/* A ClientHello for a name that the signatures know, of about `len` bytes. */
static void make_hello(u32 padding)
{
	struct hello hello = { .name = "gateway.chat.test", .before = padding };

	message_len = hello_build(&hello, message);
}

static void begin(int family)
{
	datapath_reset(NULL);
	domain_set("chat.test", SERVICE, 0, 0);
	policy_set(NULL, 0, IMTC_VERDICT_DROP);
	client = (struct pkt){ .family = family, .flags = PKT_SYN, .seq = BASE - 1 };
	run(hook, &client);
	client.flags = 0;
}

static u32 segment(u32 from, u32 len, const u8 *bytes)
{
	client.seq = BASE + from;
	client.payload = bytes;
	client.payload_len = len;
	return run(hook, &client);
}

static u32 piece(u32 from, u32 len)
{
	if (from + len > message_len)
		len = message_len - from;
	return segment(from, len, message + from);
}

static bool is_labelled(void)
{
	struct imtc_flow flow;

	assert_true(flow_get(&client, &flow));
	if (flow.label.service) {
		assert_int_equal(flow.label.service, SERVICE);
		assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
		assert_int_equal(flow.label.confidence, IMTC_CONFIDENCE_NAME);
	}
	return flow.label.service;
}

/* Labelled, by the last piece and no other, and nothing is left of the stream. */
static void expect_label(u32 answer)
{
	assert_true(is_labelled());
	assert_true(drops(hook, answer));
	assert_int_equal(stream_count(), 0);
}

static void for_all(void (*test)(int family))
{
	for (hook = XDP; hook <= INGRESS; hook++)
		for (int family = 4; family <= 6; family += 2)
			test(family);
}

static void whole(int family)
{
	make_hello(0);
	begin(family);
	expect_label(piece(0, message_len));
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_NEW), 0);
}

static void whole_needs_no_stream(void **state)
{
	(void)state;
	for_all(whole);
}

static void bytes_forward(int family)
{
	u32 answer = 0, last = 0;

	make_hello(0);
	begin(family);
	for (u32 i = 0; i < message_len && !is_labelled(); i++, last = i)
		answer = piece(i, 1);
	expect_label(answer);
	/* The name is there before the end: no later than its last byte. */
	assert_true(last <= message_len);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_NEW), 1);
}

static void one_byte_a_segment(void **state)
{
	(void)state;
	for_all(bytes_forward);
}

static void bytes_backward(int family)
{
	u32 answer = 0;

	make_hello(0);
	begin(family);
	for (u32 i = message_len; i > 0; i--) {
		assert_false(is_labelled());
		answer = piece(i - 1, 1);
		assert_true(i == 1 || passes(hook, answer));
	}
	expect_label(answer);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 0);
}

static void one_byte_a_segment_backwards(void **state)
{
	(void)state;
	for_all(bytes_backward);
}

static void two_pieces(int family)
{
	u32 answer;

	make_hello(1800);	/* a post-quantum key share */
	for (u32 cut = 1; cut < message_len; cut += 97) {
		begin(family);
		piece(0, cut);
		answer = is_labelled() ? piece(0, 1) : piece(cut, message_len);
		assert_true(is_labelled());
		assert_true(drops(hook, answer));
		begin(family);
		assert_true(passes(hook, piece(cut, message_len)));
		assert_false(is_labelled());
		expect_label(piece(0, cut));
	}
}

static void two_pieces_in_both_orders(void **state)
{
	(void)state;
	for_all(two_pieces);
}

/* Any order, any size, some twice: with a fixed seed. */
static void shuffled(int family)
{
	u32 order[64], n, size;

	srandom(1);
	make_hello(700);
	for (int round = 0; round < 20; round++) {
		size = 16 + (u32)random() % 200;
		n = (message_len + size - 1) / size;
		for (u32 i = 0; i < n; i++)
			order[i] = i;
		for (u32 i = n - 1; i > 0; i--) {
			u32 k = (u32)random() % (i + 1), other = order[i];

			order[i] = order[k];
			order[k] = other;
		}
		begin(family);
		for (u32 i = 0; i < n; i++) {
			piece(order[i] * size, size);
			if (random() % 3 == 0)
				piece(order[i] * size, size);
		}
		assert_true(is_labelled());
		assert_int_equal(stream_count(), 0);
		assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 0);
	}
}

static void any_order_and_repetitions(void **state)
{
	(void)state;
	for_all(shuffled);
}

/* Segments overlap by half, with the same content: nothing to count. */
static void half_overlaps(int family)
{
	make_hello(900);
	begin(family);
	for (u32 i = 0; i < message_len; i += 50)
		piece(i, 100);
	assert_true(is_labelled());
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 0);
}

static void overlap_with_same_content(void **state)
{
	(void)state;
	for_all(half_overlaps);
}

/*
 * The middle twice, with different bytes: the first copy is what the receiver
 * keeps, whether it is the true or the false one.
 */
static void first_copy(int family)
{
	make_hello(PADDING);
	begin(family);
	piece(0, 70);
	piece(120, 64);
	segment(120, 64, junk);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 1);
	segment(100, 64, junk);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 2);
	/* Bytes 100 to 119 are junk now, where it does not matter: the rest is true. */
	piece(70, 30);
	piece(164, message_len);
	assert_true(is_labelled());

	begin(family);
	piece(0, 20);
	segment(message_len - 20, 20, junk);
	piece(20, message_len);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 1);
	assert_false(is_labelled());
}

static void first_copy_wins(void **state)
{
	(void)state;
	for_all(first_copy);
}

/* Once more, with other content, after it has been seen in order. */
static void late_copy(int family)
{
	make_hello(PADDING);
	begin(family);
	piece(0, 80);
	segment(0, 60, junk);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 1);
	segment(40, 64, junk);	/* 24 bytes of it are new, and junk */
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 2);
	assert_true(passes(hook, piece(104, 20)));
	expect_label(piece(124, message_len));
}

static void retransmission_with_other_content(void **state)
{
	(void)state;
	for_all(late_copy);
}

static void far_ahead(int family)
{
	struct imtc_flow flow;

	make_hello(0);
	begin(family);
	assert_true(passes(hook, segment(4096, 100, message)));
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_GAP), 1);
	assert_int_equal(stream_count(), 0);
	/* The last byte that fits is kept, what is behind it is cut off. */
	assert_true(passes(hook, segment(4095, 100, message)));
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_GAP), 1);
	assert_int_equal(stream_count(), 1);
	expect_label(piece(0, message_len));

	/* A hole that is never filled: after a while on from behind it. */
	begin(family);
	for (u32 i = 0; i < 63; i++)
		segment(8000 + i, 1, message + 100);
	assert_true(flow_get(&client, &flow));
	assert_false(flow.flags & IMTC_FLOW_MIDDLE);
	expect_label(segment(9000, message_len, message));
	assert_true(flow_get(&client, &flow));
	assert_true(flow.flags & IMTC_FLOW_MIDDLE);
}

static void gaps(void **state)
{
	(void)state;
	for_all(far_ahead);
}

/* A message that does not fit: the direction is given up when the prefix is full. */
static void too_long(int family)
{
	struct imtc_flow flow;

	make_hello(6000);
	begin(family);
	for (u32 i = 0; i < 4096; i += 512) {
		assert_true(flow_get(&client, &flow));
		assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
		piece(i, 512);
	}
	assert_true(flow_get(&client, &flow));
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
	assert_int_equal(stream_count(), 0);
}

static void full_prefix_is_the_end(void **state)
{
	(void)state;
	for_all(too_long);
}

/* A FIN ends it: what said "more" says no. */
static void ended(int family)
{
	struct imtc_flow flow;

	make_hello(0);
	begin(family);
	piece(0, 30);
	client.flags = PKT_FIN | PKT_ACK;
	piece(30, 10);
	assert_true(flow_get(&client, &flow));
	assert_int_equal(flow.candidates[IMTC_DIR_CLIENT], 0);
	assert_int_equal(stream_count(), 0);
}

static void fin_ends_it(void **state)
{
	(void)state;
	for_all(ended);
}

/* Keep-alives repeat the byte before the base; nothing of them is new. */
static void before_base(int family)
{
	make_hello(0);
	begin(family);
	segment((u32)-1, 1, (const u8 *)"x");
	segment((u32)-10, 5, (const u8 *)"xxxxx");
	assert_int_equal(stream_count(), 0);
	piece(0, 10);
	segment((u32)-1, 1, (const u8 *)"x");
	expect_label(piece(10, message_len));
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_GAP), 0);
}

static void old_bytes_are_cut_off(void **state)
{
	(void)state;
	for_all(before_base);
}

/* Both directions of many flows have their own. */
static void directions_are_apart(void **state)
{
	struct pkt server = { .from_server = true, .seq = 5000, .payload = message };

	(void)state;
	hook = XDP;
	make_hello(PADDING);
	begin(4);
	piece(0, 100);
	/* Looks like the beginning of a stream of XMPP: kept for more. */
	server.payload = "<?xml version='1.0'?>";
	server.payload_len = 21;
	run(XDP, &server);
	assert_int_equal(stream_count(), 2);
	expect_label(piece(100, message_len));
}

static void full_map_goes_on(void **state)
{
	struct pkt p = { .family = 4 };
	u32 labels = 0;

	(void)state;
	hook = XDP;
	make_hello(0);
	begin(4);
	for (u32 port = 1; port <= 2000; port++) {
		p.client_port = (u16)(10000 + port);
		p.seq = 1;
		p.payload = message;
		p.payload_len = 50;
		run(XDP, &p);
	}
	assert_true(stream_count() <= 256);
	assert_true(stream_count() > 0);
	for (u32 port = 2000; port > 0; port--) {
		struct imtc_flow flow;

		p.client_port = (u16)(10000 + port);
		p.seq = 51;
		p.payload = message + 50;
		p.payload_len = message_len - 50;
		run(XDP, &p);
		assert_true(flow_get(&p, &flow));
		labels += flow.label.service == SERVICE;
	}
	assert_true(labels > 0);
	assert_int_equal(stream_count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_needs_no_stream),
		cmocka_unit_test(one_byte_a_segment),
		cmocka_unit_test(one_byte_a_segment_backwards),
		cmocka_unit_test(two_pieces_in_both_orders),
		cmocka_unit_test(any_order_and_repetitions),
		cmocka_unit_test(overlap_with_same_content),
		cmocka_unit_test(first_copy_wins),
		cmocka_unit_test(retransmission_with_other_content),
		cmocka_unit_test(gaps),
		cmocka_unit_test(full_prefix_is_the_end),
		cmocka_unit_test(fin_ends_it),
		cmocka_unit_test(old_bytes_are_cut_off),
		cmocka_unit_test(directions_are_apart),
		cmocka_unit_test(full_map_goes_on),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
