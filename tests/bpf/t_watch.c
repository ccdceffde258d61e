// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watched flows: what changes the label later is seen however it is cut, delayed,
 * repeated or buried, and the verdict that comes of it holds for that packet.
 */
#include <stdio.h>
#include <string.h>

#include "lib_datapath.h"

static const char login[] = "NICK me\r\nUSER me 0 * :me\r\n";
static const char offer[] = "PRIVMSG bob :\001DCC SEND a.txt 167772163 5000 1234\001\r\n";
#define OFFER_BYTES (sizeof(offer) - 1)

static struct pkt client, server;
static enum hook hook;

static void say_at(struct pkt *side, u32 at, const void *bytes, u32 len, u32 *ret_answer)
{
	u32 answer;

	side->seq = at;
	side->payload = bytes;
	side->payload_len = len;
	answer = run(hook, side);
	if (ret_answer)
		*ret_answer = answer;
}

/* A flow that has logged in to IRC; file transfers are dropped. Returns the next number. */
static u32 begin(int family)
{
	struct imtc_rule rule = {
		.id = 1, .verdict = IMTC_VERDICT_DROP, .features = 1 << IMTC_FEATURE_FILE,
	};

	datapath_reset(NULL);
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
	client = (struct pkt){ .family = family, .flags = PKT_SYN, .seq = 0xfffffff0 };
	server = (struct pkt){ .family = family, .flags = PKT_SYN | PKT_ACK, .from_server = true,
			       .seq = 999, .ack = 0xfffffff1 };
	run(hook, &client);
	run(hook, &server);
	client.flags = server.flags = 0;
	say_at(&client, 0xfffffff1, login, sizeof(login) - 1, NULL);
	return 0xfffffff1U + (u32)sizeof(login) - 1;
}

static struct imtc_flow flow_now(void)
{
	struct imtc_flow flow;

	assert_true(flow_get(&client, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_IRC);
	return flow;
}

static void expect_chat(void)
{
	assert_int_equal(flow_now().label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(flow_now().state, IMTC_FLOW_WATCHED);
}

static void expect_file(u32 answer)
{
	assert_int_equal(flow_now().label.feature, IMTC_FEATURE_FILE);
	assert_true(drops(hook, answer));
}

static void each_hook(void (*test)(int family))
{
	for (hook = XDP; hook <= INGRESS; hook++)
		for (int family = 4; family <= 6; family += 2)
			test(family);
}

static void two_pieces(int family)
{
	u32 at, answer;

	for (u32 cut = 1; cut < OFFER_BYTES; cut += 3) {
		at = begin(family);
		say_at(&client, at, offer, cut, &answer);
		expect_chat();
		assert_true(passes(hook, answer));
		say_at(&client, at + cut, offer + cut, OFFER_BYTES - cut, &answer);
		expect_file(answer);

		at = begin(family);
		say_at(&client, at + cut, offer + cut, OFFER_BYTES - cut, &answer);
		expect_chat();
		say_at(&client, at, offer, cut, &answer);
		expect_file(answer);
		assert_int_equal(stream_count(), 0);
	}
}

static void two_pieces_in_both_orders(void **state)
{
	(void)state;
	each_hook(two_pieces);
}

static void bytes(int family)
{
	u32 at = begin(family), answer = 0;

	for (u32 i = 0; i < OFFER_BYTES; i++) {
		expect_chat();
		say_at(&client, at + i, offer + i, 1, &answer);
	}
	expect_file(answer);
	at = begin(family);
	for (u32 i = OFFER_BYTES; i > 0; i--) {
		expect_chat();
		say_at(&client, at + i - 1, offer + i - 1, 1, &answer);
	}
	expect_file(answer);
}

static void one_byte_a_segment(void **state)
{
	(void)state;
	each_hook(bytes);
}

/* Half a line is left over each time: lines and segments never end together. */
static void out_of_step(int family)
{
	char text[8000];
	u32 at = begin(family), len = 0, answer = 0;

	while (len < 5000)
		len += (u32)sprintf(text + len, "PRIVMSG #c :line %u of no meaning\r\n", len);
	memcpy(text + len, offer, OFFER_BYTES);
	len += OFFER_BYTES;
	for (u32 i = 0; i < len; i += 37)
		say_at(&client, at + i, text + i, len - i < 37 ? len - i : 37, &answer);
	expect_file(answer);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_GAP), 0);
	/* Once more, as one packet of several segments; test runs of tc take none so large. */
	if (hook != XDP)
		return;
	at = begin(family);
	say_at(&client, at, text, len, &answer);
	expect_file(answer);
}

static void lines_out_of_step_with_segments(void **state)
{
	(void)state;
	each_hook(out_of_step);
}

/* The first copy is what the receiver has. */
static void copies(int family)
{
	char other[OFFER_BYTES];
	u32 at = begin(family), answer;

	memset(other, 'x', sizeof(other));
	say_at(&client, at + 10, other, 30, NULL);
	say_at(&client, at, offer, OFFER_BYTES, &answer);
	assert_int_equal(flow_now().label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 1);
	/* What has been shown is not shown again. */
	at = begin(family);
	say_at(&client, at, "PING abcdefghijklm\r\n", 20, NULL);
	say_at(&client, at, offer, 20, NULL);
	say_at(&client, at + 20, offer + 20, OFFER_BYTES - 20, NULL);
	assert_int_equal(flow_now().label.feature, IMTC_FEATURE_CHAT);
}

static void first_copy_wins(void **state)
{
	(void)state;
	each_hook(copies);
}

/* A line without an end is given up when there is no more room, and the next is read. */
static void endless(int family)
{
	static char text[9000];
	u32 at = begin(family), answer;

	memset(text, 'y', sizeof(text));
	for (u32 i = 0; i < sizeof(text); i += 1000)
		say_at(&client, at + i, text + i, 1000, NULL);
	at += sizeof(text);
	say_at(&client, at, "\r\n", 2, NULL);
	say_at(&client, at + 2, offer, 20, NULL);
	expect_chat();
	say_at(&client, at + 22, offer + 20, OFFER_BYTES - 20, &answer);
	expect_file(answer);
}

static void endless_line(void **state)
{
	(void)state;
	each_hook(endless);
}

static const char stream[] = "<stream:stream to='im.test' xmlns='jabber:client' "
			     "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
static const char starttls[] = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
static const char hello[] = "\x16\3\1\0\5\1\0\0\1\0";

/* STARTTLS and the first record, both cut: the flow turns encrypted all the same. */
static void starttls_cut(void **state)
{
	const u32 base = 0xfffffff1;
	u32 at;

	(void)state;
	hook = XDP;
	for (u32 cut = 1; cut < sizeof(starttls) - 1; cut++) {
		for (u32 first = 1; first < 6; first++) {
			struct imtc_flow flow;

			begin(4);
			client.client_port = 42000;
			client.flags = PKT_SYN;
			client.payload_len = 0;
			client.seq = base - 1;
			run(hook, &client);
			client.flags = 0;
			say_at(&client, base, stream, sizeof(stream) - 1, NULL);
			at = base + (u32)sizeof(stream) - 1;
			say_at(&client, at, starttls, cut, NULL);
			say_at(&client, at + cut, starttls + cut, sizeof(starttls) - 1 - cut, NULL);
			at += (u32)sizeof(starttls) - 1;
			say_at(&client, at, hello, first, NULL);
			say_at(&client, at + first, hello + first, sizeof(hello) - 1 - first, NULL);
			assert_true(flow_get(&client, &flow));
			assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
			if (flow.label.encryption != IMTC_ENCRYPTION_ENCRYPTED)
				fail_msg("cut at %u, hello at %u: encryption %u", cut, first,
					 flow.label.encryption);
		}
	}
}

/* A direction that was given up before the label came is followed from where it is. */
static void given_up(int family)
{
	static char text[3000];
	u32 at, answer;

	datapath_reset(NULL);
	begin(family);
	client.client_port = server.client_port = 41000;
	client.flags = PKT_SYN;
	client.payload_len = server.payload_len = 0;
	client.seq = 99;
	run(hook, &client);
	client.flags = 0;
	memset(text, '#', sizeof(text));
	say_at(&server, 1000, text, sizeof(text), NULL);
	say_at(&client, 100, login, sizeof(login) - 1, NULL);
	expect_chat();
	say_at(&server, 1000 + (u32)sizeof(text), text, sizeof(text), NULL);
	say_at(&server, 1000 + 2 * (u32)sizeof(text), "\r\n:bob!b@h ", 11, NULL);
	at = 1000 + 2 * (u32)sizeof(text) + 11;
	say_at(&server, at, offer, 30, NULL);
	expect_chat();
	say_at(&server, at + 30, offer + 30, OFFER_BYTES - 30, &answer);
	expect_file(answer);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_GAP), 0);
}

static void direction_given_up_before(void **state)
{
	(void)state;
	each_hook(given_up);
}

/* A hole that is not filled here: after a while on from behind it. */
static void hole(int family)
{
	u32 at = begin(family) + 5000, answer;

	for (u32 i = 0; i < 64; i++, at += 8)
		say_at(&client, at, "PING x\r\n", 8, NULL);
	say_at(&client, at, offer, 30, NULL);
	say_at(&client, at + 30, offer + 30, OFFER_BYTES - 30, &answer);
	expect_file(answer);
}

static void hole_is_left_behind(void **state)
{
	(void)state;
	each_hook(hole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_pieces_in_both_orders),
		cmocka_unit_test(one_byte_a_segment),
		cmocka_unit_test(lines_out_of_step_with_segments),
		cmocka_unit_test(first_copy_wins),
		cmocka_unit_test(endless_line),
		cmocka_unit_test(starttls_cut),
		cmocka_unit_test(direction_given_up_before),
		cmocka_unit_test(hole_is_left_behind),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
