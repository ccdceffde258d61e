// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a flow: whose it is, when it is given up, decided, watched, asked
 * again and begun anew.
 */
#include "lib_datapath.h"

static const char banner[] = "SSH-2.0-nothing\r\n";
static const char xmpp[] = "<stream:stream to='im.test' xmlns='jabber:client' "
			   "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

static u32 say(enum hook hook, struct pkt *p, const char *text, u32 len)
{
	u32 answer;

	p->payload = text;
	p->payload_len = len;
	answer = run(hook, p);
	p->seq += len;
	p->payload_len = 0;
	return answer;
}

#define SAY(hook, p, literal) say(hook, p, literal, sizeof(literal) - 1)

static struct imtc_flow flow_of(const struct pkt *p)
{
	struct imtc_flow flow;

	assert_true(flow_get(p, &flow));
	return flow;
}

/* Which end of the key has the client's address, which is the lesser one. */
static bool client_is_1(const struct imtc_flow *flow)
{
	return flow->flags & IMTC_FLOW_CLIENT_1;
}

static void sender_of_syn_is_client(void **state)
{
	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct pkt syn = { .family = family, .flags = PKT_SYN, .seq = 99 };
		struct imtc_flow flow;

		datapath_reset(NULL);
		run(EGRESS, &syn);
		flow = flow_of(&syn);
		assert_false(client_is_1(&flow));
		/* Out of this host: the local end is the client. */
		assert_int_equal(flow.flags, IMTC_FLOW_OUT);
		assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
		assert_int_equal(flow.seq[IMTC_DIR_CLIENT], 100);
		assert_int_equal(outcome(IMTC_OUTCOME_FLOW_NEW), 1);
	}
}

static void syn_coming_in(void **state)
{
	struct pkt syn = { .flags = PKT_SYN };
	struct imtc_flow flow;

	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook += 2) {
		datapath_reset(NULL);
		run(hook, &syn);
		flow = flow_of(&syn);
		assert_int_equal(flow.flags, IMTC_FLOW_LOCAL_1);
	}
}

static void syn_ack_comes_from_server(void **state)
{
	struct pkt p = { .flags = PKT_SYN | PKT_ACK, .from_server = true, .seq = 500, .ack = 100 };
	struct imtc_flow flow;

	(void)state;
	run(XDP, &p);
	flow = flow_of(&p);
	assert_int_equal(flow.flags, IMTC_FLOW_OUT);
	assert_int_equal(flow.seq[IMTC_DIR_CLIENT], 100);
	assert_int_equal(flow.seq[IMTC_DIR_SERVER], 501);
}

static void middle_has_higher_port_as_client(void **state)
{
	struct pkt p = { .from_server = true };
	struct imtc_flow flow;

	(void)state;
	run(XDP, &p);
	flow = flow_of(&p);
	assert_int_equal(flow.flags, IMTC_FLOW_MIDDLE | IMTC_FLOW_OUT);
}

static void udp_sender_is_client(void **state)
{
	struct pkt p = { .l4 = 17, .from_server = true };
	struct imtc_flow flow;

	(void)state;
	run(EGRESS, &p);
	flow = flow_of(&p);
	assert_int_equal(flow.flags, IMTC_FLOW_CLIENT_1 | IMTC_FLOW_LOCAL_1 | IMTC_FLOW_OUT);
}

static void both_say_no(void **state)
{
	struct pkt c = { .flags = PKT_SYN, .seq = 10 }, s = { .from_server = true, .seq = 20 };
	struct imtc_flow flow;

	(void)state;
	policy_set(NULL, 0, IMTC_VERDICT_DROP);
	run(XDP, &c);
	c.flags = 0;
	c.seq++;
	s.seq++;
	assert_true(passes(XDP, SAY(XDP, &c, "SSH-2.0-x\r\n")));
	flow = flow_of(&c);
	assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
	assert_int_equal(flow.candidates[IMTC_DIR_CLIENT], 0);
	assert_true(passes(XDP, SAY(XDP, &s, "SSH-2.0-y\r\n")));
	flow = flow_of(&c);
	assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
	assert_int_equal(flow.verdict, IMTC_VERDICT_PASS);
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
	assert_int_equal(flow.label.service, IMTC_SERVICE_NONE);
	/* Never asked, whatever the policy. */
	policy_set(NULL, 0, IMTC_VERDICT_DROP);
	assert_true(passes(XDP, SAY(XDP, &c, "more")));
	flow = flow_of(&c);
	assert_int_equal(flow.asked, 0);
	assert_int_equal(flow.packets[0], 3);
	assert_int_equal(outcome(IMTC_OUTCOME_ASKED), 0);
}

/* One side talks, the other says nothing at all. */
static void silent_side_is_given_up(void **state)
{
	struct pkt c = { .flags = PKT_SYN, .seq = 0xfffff000 };
	struct imtc_flow flow;
	char data[1000] = { 0 };
	u32 sent = 0;

	(void)state;
	run(XDP, &c);
	c.flags = 0;
	c.seq++;
	do {
		say(XDP, &c, data, sizeof(data));
		sent += sizeof(data);
		flow = flow_of(&c);
		assert_int_equal(flow.state, sent < 4096 ? IMTC_FLOW_UNDECIDED :
							   IMTC_FLOW_DECIDED);
	} while (sent < 6000);
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
}

static void udp_is_given_up(void **state)
{
	struct pkt c = { .l4 = 17, .payload = banner, .payload_len = sizeof(banner) - 1 };
	struct imtc_flow flow;

	(void)state;
	for (int i = 1; i <= 8; i++) {
		run(XDP, &c);
		flow = flow_of(&c);
		assert_int_equal(flow.state, i < 8 ? IMTC_FLOW_UNDECIDED : IMTC_FLOW_DECIDED);
	}
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
	assert_int_equal(flow.payload_packets, 8);
}

static void datagram_after_others(void **state)
{
	static const char sip[] = "MESSAGE sip:bob@im.test SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@im.test>;tag=1\r\n"
		"To: <sip:b@im.test>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n"
		"Content-Length: 0\r\n\r\n";
	struct pkt c = { .l4 = 17, .payload = "\0\0\0\0", .payload_len = 4 };
	struct imtc_flow flow;

	(void)state;
	for (int i = 0; i < 5; i++)
		run(XDP, &c);
	c.payload = sip;
	c.payload_len = sizeof(sip) - 1;
	run(XDP, &c);
	flow = flow_of(&c);
	assert_int_equal(flow.label.service, IMTC_SERVICE_SIP);
}

static void watched_flow(struct pkt *c)
{
	*c = (struct pkt){ .flags = PKT_SYN, .seq = 10 };
	run(XDP, c);
	c->flags = 0;
	c->seq++;
	say(XDP, c, xmpp, sizeof(xmpp) - 1);
}

static void label_and_verdict(void **state)
{
	struct imtc_event event;
	struct imtc_flow flow;
	struct pkt c;
	u32 epoch;

	(void)state;
	epoch = policy_set(NULL, 0, IMTC_VERDICT_PASS);
	watched_flow(&c);
	flow = flow_of(&c);
	assert_int_equal(flow.state, IMTC_FLOW_WATCHED);
	assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
	assert_int_equal(flow.label.confidence, IMTC_CONFIDENCE_PAYLOAD);
	assert_int_equal(flow.verdict, IMTC_VERDICT_PASS);
	assert_int_equal(flow.reason, IMTC_REASON_DEFAULT);
	assert_int_equal(flow.epoch, epoch);
	assert_int_equal(flow.asked, 1);
	assert_int_equal(flow.slot, imtc_counter_slot(IMTC_SERVICE_XMPP, flow.label.feature,
						      IMTC_VERDICT_PASS));
	assert_int_equal(events_take(&event), 1);
	assert_int_equal(event.size, sizeof(event));
	assert_int_equal(event.query.label.service, IMTC_SERVICE_XMPP);
	assert_string_equal(event.query.domain, "im.test");
	assert_int_equal(event.query.verdict, IMTC_VERDICT_PASS);
	assert_int_equal(pkt_be32((u8 *)event.query.client + 12), 0x0a000001);
	assert_int_equal(pkt_be16((u8 *)&event.query.server_port), 443);
	assert_int_equal(event.query.hook, IMTC_HOOK_XDP);
}

/* STARTTLS: the label changes, and the verdict with it. */
static void watched_flow_turns_encrypted(void **state)
{
	struct imtc_rule rule = {
		.id = 1, .verdict = IMTC_VERDICT_DROP,
		.encryptions = 1 << IMTC_ENCRYPTION_ENCRYPTED,
	};
	struct pkt c, s = { .from_server = true, .seq = 77 };
	struct imtc_flow flow;

	(void)state;
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
	watched_flow(&c);
	assert_true(passes(XDP, SAY(XDP, &c, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")));
	assert_true(passes(XDP, SAY(XDP, &s, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")));
	SAY(XDP, &c, "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00");
	flow = flow_of(&c);
	assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
	assert_int_equal(flow.label.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	assert_int_equal(flow.verdict, IMTC_VERDICT_DROP);
	assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
	assert_int_equal(flow.rule, 1);
	assert_true(drops(XDP, SAY(XDP, &c, "\x17\x03\x03")));
}

static void epoch_moves(void **state)
{
	struct imtc_flow flow;
	struct pkt c;
	u32 epoch;

	(void)state;
	watched_flow(&c);
	flow = flow_of(&c);
	assert_int_equal(flow.reason, IMTC_REASON_NO_POLICY);
	epoch = policy_set(NULL, 0, IMTC_VERDICT_DROP);
	/* Also by a packet without payload, which has nothing to inspect. */
	assert_true(drops(XDP, run(XDP, &c)));
	flow = flow_of(&c);
	assert_int_equal(flow.epoch, epoch);
	assert_int_equal(flow.asked, 2);
	policy_set(NULL, 0, IMTC_VERDICT_PASS);
	assert_true(passes(XDP, run(XDP, &c)));
	assert_int_equal(flow_of(&c).asked, 3);
	assert_true(passes(XDP, run(XDP, &c)));
	assert_int_equal(flow_of(&c).asked, 3);
}

/* The slot of the epoch holds another policy: none can be asked. */
static void no_answer(void **state)
{
	struct imtc_flow flow;
	struct pkt c;

	(void)state;
	policy_set(NULL, 0, IMTC_VERDICT_PASS);
	control_get()->epoch += 2;
	control_get()->on_failure = IMTC_VERDICT_DROP;
	watched_flow(&c);
	flow = flow_of(&c);
	assert_int_equal(flow.verdict, IMTC_VERDICT_DROP);
	assert_int_equal(flow.reason, IMTC_REASON_FAILURE);
	assert_true(flow.flags & IMTC_FLOW_AGAIN);
	assert_int_equal(outcome(IMTC_OUTCOME_ASK_FAILED), 1);
	/* Without payload nothing is asked; with it again, and now there is an answer. */
	assert_true(drops(XDP, run(XDP, &c)));
	assert_int_equal(outcome(IMTC_OUTCOME_ASK_FAILED), 1);
	control_get()->epoch -= 2;
	assert_true(passes(XDP, SAY(XDP, &c, "<presence/>")));
	flow = flow_of(&c);
	assert_int_equal(flow.reason, IMTC_REASON_DEFAULT);
	assert_false(flow.flags & IMTC_FLOW_AGAIN);
}

static void asking_again_ends(void **state)
{
	struct imtc_flow flow;
	struct pkt c;

	(void)state;
	policy_set(NULL, 0, IMTC_VERDICT_PASS);
	control_get()->epoch += 2;
	watched_flow(&c);
	for (int i = 0; i < 400; i++)
		SAY(XDP, &c, " ");
	flow = flow_of(&c);
	assert_int_equal(flow.asked, 255);
	assert_false(flow.flags & IMTC_FLOW_AGAIN);
	assert_int_equal(outcome(IMTC_OUTCOME_ASKED), 255);
}

/* The same ports once more: the old verdict is not the new connection's. */
static void syn_begins_anew(void **state)
{
	struct imtc_flow flow;
	struct pkt c, syn;

	(void)state;
	policy_set(NULL, 0, IMTC_VERDICT_DROP);
	watched_flow(&c);
	assert_true(drops(XDP, run(XDP, &c)));
	syn = (struct pkt){ .flags = PKT_SYN, .seq = 100000 };
	assert_true(passes(XDP, run(XDP, &syn)));
	flow = flow_of(&c);
	assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
	assert_int_equal(flow.label.service, IMTC_SERVICE_NONE);
	assert_int_equal(flow.seq[IMTC_DIR_CLIENT], 100001);
	/* Its own repetition changes nothing. */
	run(XDP, &syn);
	flow = flow_of(&c);
	assert_int_equal(flow.packets[0], 2);
	assert_int_equal(outcome(IMTC_OUTCOME_FLOW_NEW), 1);
}

static void fast_open(void **state)
{
	struct pkt syn = {
		.flags = PKT_SYN, .seq = 9, .payload = xmpp, .payload_len = sizeof(xmpp) - 1,
	};
	struct imtc_flow flow;

	(void)state;
	policy_set(NULL, 0, IMTC_VERDICT_DROP);
	assert_true(drops(XDP, run(XDP, &syn)));
	flow = flow_of(&syn);
	assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sender_of_syn_is_client, datapath_reset),
		cmocka_unit_test_setup(syn_coming_in, datapath_reset),
		cmocka_unit_test_setup(syn_ack_comes_from_server, datapath_reset),
		cmocka_unit_test_setup(middle_has_higher_port_as_client, datapath_reset),
		cmocka_unit_test_setup(udp_sender_is_client, datapath_reset),
		cmocka_unit_test_setup(both_say_no, datapath_reset),
		cmocka_unit_test_setup(silent_side_is_given_up, datapath_reset),
		cmocka_unit_test_setup(udp_is_given_up, datapath_reset),
		cmocka_unit_test_setup(datagram_after_others, datapath_reset),
		cmocka_unit_test_setup(label_and_verdict, datapath_reset),
		cmocka_unit_test_setup(watched_flow_turns_encrypted, datapath_reset),
		cmocka_unit_test_setup(epoch_moves, datapath_reset),
		cmocka_unit_test_setup(no_answer, datapath_reset),
		cmocka_unit_test_setup(asking_again_ends, datapath_reset),
		cmocka_unit_test_setup(syn_begins_anew, datapath_reset),
		cmocka_unit_test_setup(fast_open, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
