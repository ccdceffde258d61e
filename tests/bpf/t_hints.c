// SPDX-License-Identifier: GPL-2.0-only
/*
 * What labels a flow whose payload tells nothing: announced connections, addresses
 * learnt from DNS, prefixes; which of them wins, and when none of them may.
 */
#include <bpf/bpf.h>
#include <string.h>

#include "lib_label.h"

static void hint(const char *address, u16 port, u8 l4, u16 service, u8 feature, u8 confidence)
{
	struct imtc_hint h = { .expires_ns = ktime_ns() + 10000000000ULL, .service = service,
			       .feature = feature, .confidence = confidence };

	hint_set(address, port, l4, &h);
}

/* --- announced connections ------------------------------------------------------------ */

static void expected_at_first_payload(void **state)
{
	struct pkt p = flow_of(6, "SSH-2.0-x", 9);
	struct imtc_flow flow;

	(void)state;
	hint("10.0.0.2", 777, 6, IMTC_SERVICE_IRC, IMTC_FEATURE_FILE, IMTC_CONFIDENCE_PORT);
	flow = run_flow(&p);
	assert_int_equal(flow.label.service, IMTC_SERVICE_IRC);
	assert_int_equal(flow.label.feature, IMTC_FEATURE_FILE);
	assert_int_equal(flow.label.confidence, IMTC_CONFIDENCE_PORT);
	assert_int_equal(flow.verdict, IMTC_VERDICT_PASS);
	assert_int_equal(flow.payload_packets, 1);
}

/* The one that was announced may be the client, too: it connects from there. */
static void either_end_is_expected(void **state)
{
	struct pkt p = flow_of(17, NOTHING, 8);

	(void)state;
	p.client_port = 4444;
	hint("10.0.0.1", 4444, 17, IMTC_SERVICE_SIP, IMTC_FEATURE_VOICE, IMTC_CONFIDENCE_PORT);
	assert_int_equal(label_of(p).service, IMTC_SERVICE_SIP);
	p.family = 6;
	hint("fd00::2", 777, 17, IMTC_SERVICE_XMPP, IMTC_FEATURE_VOICE, IMTC_CONFIDENCE_PORT);
	assert_int_equal(label_of(p).service, IMTC_SERVICE_XMPP);
}

/* What is told of one flow of a UDP socket holds for the others: a call goes to many ends. */
static void socket_of_a_call_is_expected(void **state)
{
	struct pkt relay = flow_of(17, NOTHING, 8), peer = flow_of(17, NOTHING "x", 9), other;
	struct imtc_label label;

	(void)state;
	prefix_set("10.0.0.2", 32, IMTC_SERVICE_VIBER, IMTC_FEATURE_VOICE);
	assert_int_equal(label_of(relay).confidence, IMTC_CONFIDENCE_ADDRESS);
	peer.client_port = relay.client_port;
	peer.server_port = 9999;
	prefix_set("10.0.0.2", 32, IMTC_SERVICE_NONE, 0);
	label = label_of(peer);
	assert_int_equal(label.service, IMTC_SERVICE_VIBER);
	assert_int_equal(label.feature, IMTC_FEATURE_VOICE);
	assert_int_equal(label.confidence, IMTC_CONFIDENCE_PORT);
	/* No other socket, no other host, no other transport; and it ends there. */
	other = flow_of(17, NOTHING, 8);
	assert_int_equal(label_of(other).service, 0);
	other.client_port = relay.client_port;
	other.host = 9;
	assert_int_equal(label_of(other).service, 0);
	other = flow_of(6, NOTHING, 8);
	other.client_port = relay.client_port;
	assert_int_equal(label_of(other).service, 0);
	other = flow_of(17, NOTHING, 8);
	other.server_port = 9999;
	assert_int_equal(label_of(other).service, 0);
}

/* A port that is no client's own is not taken for a socket of one. */
static void low_ports_are_not_expected(void **state)
{
	struct pkt relay = flow_of(17, NOTHING, 8), peer;

	(void)state;
	relay.client_port = 443;
	prefix_set("10.0.0.2", 32, IMTC_SERVICE_VIBER, IMTC_FEATURE_VOICE);
	assert_int_equal(label_of(relay).service, IMTC_SERVICE_VIBER);
	prefix_set("10.0.0.2", 32, IMTC_SERVICE_NONE, 0);
	peer = relay;
	peer.server_port = 9999;
	assert_int_equal(label_of(peer).service, 0);
}

static void only_what_was_announced(void **state)
{
	struct imtc_hint old = { .expires_ns = ktime_ns() - 1, .service = IMTC_SERVICE_IRC,
				 .confidence = IMTC_CONFIDENCE_PORT };

	(void)state;
	hint("10.0.0.2", 778, 6, IMTC_SERVICE_IRC, 0, IMTC_CONFIDENCE_PORT);
	hint("10.0.0.3", 777, 6, IMTC_SERVICE_IRC, 0, IMTC_CONFIDENCE_PORT);
	hint("10.0.0.2", 777, 17, IMTC_SERVICE_IRC, 0, IMTC_CONFIDENCE_PORT);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	/* Waited for no longer. */
	hint_set("10.0.0.2", 777, 6, &old);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
}

/* A web site is no file transfer, whoever announced its address. */
static void name_defies_expectation(void **state)
{
	(void)state;
	hint("10.0.0.2", 777, 6, IMTC_SERVICE_IRC, IMTC_FEATURE_FILE, IMTC_CONFIDENCE_PORT);
	assert_int_equal(label_of(hello_of("bank.test", "h2")).service, 0);
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of(hello_of("chat.test", "h2")).service, IMTC_SERVICE_SLACK);
}

/* The payload's own word replaces the hint's, and the verdict is asked again. */
static void payload_replaces_hint(void **state)
{
	static const char whole[] = "NICK bob\r\nUSER bob 0 * :Bob\r\n";
	struct pkt p = flow_of(6, whole, 5);
	struct imtc_event event;
	struct imtc_flow flow;

	(void)state;
	hint("10.0.0.2", 777, 6, IMTC_SERVICE_AIM, IMTC_FEATURE_FILE, IMTC_CONFIDENCE_PORT);
	flow = run_flow(&p);
	assert_int_equal(flow.label.service, IMTC_SERVICE_AIM);
	assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
	assert_int_equal(events_take(&event), 1);
	assert_int_equal(event.query.label.service, IMTC_SERVICE_AIM);
	p.payload = whole + 5;
	p.payload_len = sizeof(whole) - 1 - 5;
	p.seq += 5;
	flow = run_flow(&p);
	assert_int_equal(flow.label.service, IMTC_SERVICE_IRC);
	assert_int_equal(flow.label.confidence, IMTC_CONFIDENCE_PAYLOAD);
	assert_int_equal(events_take(&event), 1);
	assert_int_equal(event.query.label.service, IMTC_SERVICE_IRC);
}

/* With nobody left to say more, the hint's label is the flow's, and the flow decided. */
static void hint_is_settled(void **state)
{
	struct pkt p = flow_of(6, NOTHING, 8);
	struct imtc_flow flow;

	(void)state;
	hint("10.0.0.2", 777, 6, IMTC_SERVICE_AIM, IMTC_FEATURE_FILE, IMTC_CONFIDENCE_PORT);
	run(XDP, &p);
	p.from_server = true;
	flow = run_flow(&p);
	assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
	assert_int_equal(flow.label.service, IMTC_SERVICE_AIM);
	assert_int_equal(flow.reason, IMTC_REASON_NO_POLICY);
	assert_int_equal(stream_count(), 0);
}

/* From the offer in one flow to the label of another. */
static void dcc_is_expected(void **state)
{
	static const char login[] = "NICK bob\r\nUSER bob 0 * :Bob\r\n";
	/* 167772162 is 10.0.0.2 */
	static const char offer[] = "PRIVMSG al :\001DCC SEND \"a.txt\" 167772162 777 5\001\r\n";
	struct pkt p = flow_of(6, login, sizeof(login) - 1);
	struct imtc_label label;
	struct imtc_hint h;

	(void)state;
	assert_int_equal(label_of(flow_of(6, "hello", 5)).service, 0);
	run(XDP, &p);
	p.seq += p.payload_len;
	p.payload = offer;
	p.payload_len = sizeof(offer) - 1;
	assert_int_equal(label_of(p).feature, IMTC_FEATURE_FILE);
	assert_true(hint_get("10.0.0.2", 777, 6, &h));
	assert_true(h.expires_ns > ktime_ns() + IMTC_EXPECT_NS / 2);
	assert_true(h.expires_ns <= ktime_ns() + IMTC_EXPECT_NS);
	label = label_of(flow_of(6, "hello", 5));
	assert_int_equal(label.service, IMTC_SERVICE_IRC);
	assert_int_equal(label.feature, IMTC_FEATURE_FILE);
}

/* --- addresses -------------------------------------------------------------------------- */

static void address_when_payload_tells_nothing(void **state)
{
	/* What NICK could begin with. */
	struct pkt p = flow_of(6, "NI", 2);
	struct imtc_flow flow;

	(void)state;
	hint("10.0.0.2", 0, 0, IMTC_SERVICE_SIGNAL, IMTC_FEATURE_CHAT, IMTC_CONFIDENCE_DNS);
	assert_int_equal(label_of(p).service, 0);
	p.seq += 2;
	p.payload = "\0\0\0";
	p.payload_len = 3;
	flow = run_flow(&p);
	assert_int_equal(flow.label.service, IMTC_SERVICE_SIGNAL);
	assert_int_equal(flow.label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(flow.label.confidence, IMTC_CONFIDENCE_DNS);
	assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
}

static void prefix_when_nothing_else(void **state)
{
	(void)state;
	prefix_set("10.0.0.0", 24, IMTC_SERVICE_TELEGRAM, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, IMTC_SERVICE_TELEGRAM);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).confidence, IMTC_CONFIDENCE_ADDRESS);
	assert_int_equal(label_of(flow_of(17, NOTHING, 8)).service, IMTC_SERVICE_TELEGRAM);
	/* The longest. */
	prefix_set("10.0.0.2", 32, IMTC_SERVICE_LINE, IMTC_FEATURE_VOICE);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, IMTC_SERVICE_LINE);
	/* DNS knows better. */
	hint("10.0.0.2", 0, 0, IMTC_SERVICE_SIGNAL, 0, IMTC_CONFIDENCE_DNS);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, IMTC_SERVICE_SIGNAL);
}

static void prefix_of_ipv6(void **state)
{
	struct pkt p = flow_of(6, NOTHING, 8);

	(void)state;
	p.family = 6;
	prefix_set("10.0.0.0", 24, IMTC_SERVICE_TELEGRAM, 0);
	assert_int_equal(label_of(p).service, 0);
	prefix_set("fd00::", 16, IMTC_SERVICE_LINE, 0);
	p.client_port = next_port++;
	assert_int_equal(label_of(p).service, IMTC_SERVICE_LINE);
}

/* Of TCP the client's address is anybody's; of datagrams nobody knows who began. */
static void prefix_of_the_client(void **state)
{
	(void)state;
	prefix_set("10.0.0.1", 32, IMTC_SERVICE_TELEGRAM, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	assert_int_equal(label_of(flow_of(17, NOTHING, 8)).service, IMTC_SERVICE_TELEGRAM);
}

/* Many names share an address: DNS tells nothing of one that names another host. */
static void other_name_at_the_address(void **state)
{
	struct pkt hello;

	(void)state;
	hint("10.0.0.2", 0, 0, IMTC_SERVICE_DISCORD, 0, IMTC_CONFIDENCE_DNS);
	hello = hello_of("shop.test", "h2");
	assert_int_equal(label_of(hello).service, 0);
	/* Nor later, when the server's side has told nothing either. */
	hello.from_server = true;
	hello.payload = NOTHING;
	hello.payload_len = 8;
	assert_int_equal(label_of(hello).service, 0);
	/* Without a name it does. */
	assert_int_equal(label_of(hello_of(NULL, "h2")).service, IMTC_SERVICE_DISCORD);
	assert_int_equal(label_of(hello_of(NULL, "h2")).encryption, IMTC_ENCRYPTION_ENCRYPTED);
	/* An address for a name is none. */
	assert_int_equal(label_of(hello_of("10.0.0.2", "h2")).service, IMTC_SERVICE_DISCORD);
	/* Nor does a prefix: its owner may serve more than IM there. */
	prefix_set("10.0.0.0", 24, IMTC_SERVICE_TELEGRAM, 0);
	assert_int_equal(label_of(hello_of("shop.test", "h2")).service, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, IMTC_SERVICE_DISCORD);
}

/* A signature may say of a part that it is no IM. */
static void none_of_the_service(void **state)
{
	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, 0);
	domain_set("shop.chat.test", IMTC_SERVICE_NONE, 0, 0);
	prefix_set("10.0.0.0", 24, IMTC_SERVICE_TELEGRAM, 0);
	assert_int_equal(label_of(hello_of("www.chat.test", "h2")).service, IMTC_SERVICE_SLACK);
	assert_int_equal(label_of(hello_of("www.shop.chat.test", "h2")).service, 0);
	prefix_set("10.0.0.2", 32, IMTC_SERVICE_NONE, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
}

static void shared_address_tells_nothing(void **state)
{
	(void)state;
	hint("10.0.0.2", 0, 0, 0, 0, IMTC_CONFIDENCE_DNS);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
}

/* A flow that hints label is asked for again when the policy changes, as any. */
static void hint_obeys_the_policy(void **state)
{
	struct imtc_rule rule = { .services = { 1ULL << IMTC_SERVICE_TELEGRAM }, .id = 1,
				  .verdict = IMTC_VERDICT_DROP };
	struct pkt p = flow_of(6, NOTHING, 8);

	(void)state;
	prefix_set("10.0.0.0", 24, IMTC_SERVICE_TELEGRAM, 0);
	assert_true(passes(XDP, run(XDP, &p)));
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
	assert_true(drops(XDP, run(XDP, &p)));
	p.client_port = next_port++;
	assert_true(drops(XDP, run(XDP, &p)));
	policy_set(NULL, 0, IMTC_VERDICT_PASS);
	assert_true(passes(XDP, run(XDP, &p)));
}

/* A call's payload says that it is one, its address whose. */
static void call_gets_its_service(void **state)
{
	/* STUN Allocate (RFC 8656) of a UDP relay. */
	static const char allocate[] = "\x00\x03\x00\x08\x21\x12\xa4\x42" "abcdefghijkl"
				       "\x00\x19\x00\x04\x11\0\0\0";
	struct pkt p = flow_of(17, allocate, sizeof(allocate) - 1);
	struct imtc_label label = label_of(p);

	(void)state;
	assert_int_equal(label.service, IMTC_SERVICE_VOIP);
	hint("10.0.0.2", 777, 17, IMTC_SERVICE_XMPP, IMTC_FEATURE_VIDEO, IMTC_CONFIDENCE_PORT);
	p.client_port = next_port++;
	assert_int_equal(label_of(p).service, IMTC_SERVICE_XMPP);
	assert_int_equal(label_of(p).confidence, IMTC_CONFIDENCE_PORT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(expected_at_first_payload, datapath_reset),
		cmocka_unit_test_setup(either_end_is_expected, datapath_reset),
		cmocka_unit_test_setup(socket_of_a_call_is_expected, datapath_reset),
		cmocka_unit_test_setup(low_ports_are_not_expected, datapath_reset),
		cmocka_unit_test_setup(only_what_was_announced, datapath_reset),
		cmocka_unit_test_setup(name_defies_expectation, datapath_reset),
		cmocka_unit_test_setup(payload_replaces_hint, datapath_reset),
		cmocka_unit_test_setup(hint_is_settled, datapath_reset),
		cmocka_unit_test_setup(dcc_is_expected, datapath_reset),
		cmocka_unit_test_setup(address_when_payload_tells_nothing, datapath_reset),
		cmocka_unit_test_setup(prefix_when_nothing_else, datapath_reset),
		cmocka_unit_test_setup(prefix_of_ipv6, datapath_reset),
		cmocka_unit_test_setup(prefix_of_the_client, datapath_reset),
		cmocka_unit_test_setup(other_name_at_the_address, datapath_reset),
		cmocka_unit_test_setup(none_of_the_service, datapath_reset),
		cmocka_unit_test_setup(shared_address_tells_nothing, datapath_reset),
		cmocka_unit_test_setup(hint_obeys_the_policy, datapath_reset),
		cmocka_unit_test_setup(call_gets_its_service, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
