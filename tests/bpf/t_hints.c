// SPDX-License-Identifier: GPL-2.0-only
/*
 * What labels a flow whose payload tells nothing: announced connections, addresses
 * learnt from DNS, prefixes, ALPN values, user agents, byte patterns; which of them
 * wins, and when none of them may.
 */
#include <bpf/bpf.h>
#include <string.h>

#include "lib_datapath.h"
#include "vectors/hello.h"

/* No dissector begins with this byte. */
#define NOTHING "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"

static u8 message[HELLO_BYTES];
static u16 next_port = 2000;

/* A flow of its own that sends this to server_port; UDP where l4 is 17. */
static struct pkt flow_of(int l4, const void *payload, u32 len)
{
	return (struct pkt){ .l4 = l4, .client_port = next_port++, .server_port = 777, .seq = 1,
			     .payload = payload, .payload_len = len };
}

static struct pkt hello_of(const char *name, const char *alpn)
{
	struct hello hello = { .name = name, .alpn = { alpn } };

	return flow_of(6, message, hello_build(&hello, message));
}

/* The first bytes of TCP come behind a SYN. */
static struct imtc_flow run_flow(const struct pkt *p)
{
	struct pkt syn = *p;
	struct imtc_flow flow;

	syn.flags = PKT_SYN;
	syn.seq = 0;
	syn.payload_len = 0;
	if (p->l4 == 6 && p->seq == 1 && !p->from_server)
		run(XDP, &syn);
	run(XDP, p);
	assert_true(flow_get(p, &flow));
	return flow;
}

static struct imtc_label label_of(struct pkt p)
{
	return run_flow(&p).label;
}

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

/* --- words ------------------------------------------------------------------------------ */

static void agent_of_http(void **state)
{
	static const char request[] = "GET /chat HTTP/1.1\r\nHost: some.test\r\n"
				      "User-Agent: Talker/2.1 (linux)\r\nAccept: */*\r\n\r\n";
	struct imtc_label label;

	(void)state;
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service, 0);
	word_set(IMTC_NAME_AGENT, "Talk", IMTC_SERVICE_ZULIP, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service, 0);
	word_set(IMTC_NAME_ALPN, "Talker", IMTC_SERVICE_ZULIP, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service, 0);
	word_set(IMTC_NAME_AGENT, "Talker", IMTC_SERVICE_WIRE, IMTC_FEATURE_CHAT);
	label = label_of(flow_of(6, request, sizeof(request) - 1));
	assert_int_equal(label.service, IMTC_SERVICE_WIRE);
	assert_int_equal(label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(label.confidence, IMTC_CONFIDENCE_NAME);
	/* The longer beginning. */
	word_set(IMTC_NAME_AGENT, "Talker/2.1", IMTC_SERVICE_LARK, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service,
			 IMTC_SERVICE_LARK);
	/* The host's name is before it. */
	domain_set("some.test", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of(flow_of(6, request, sizeof(request) - 1)).service,
			 IMTC_SERVICE_SLACK);
}

static void alpn_value(void **state)
{
	(void)state;
	word_set(IMTC_NAME_ALPN, "talk/1", IMTC_SERVICE_IRC, 0);
	assert_int_equal(label_of(hello_of("some.test", "talk/1")).service, IMTC_SERVICE_IRC);
	assert_int_equal(label_of(hello_of(NULL, "talk/1")).service, IMTC_SERVICE_IRC);
	assert_int_equal(label_of(hello_of("some.test", "talk/2")).service, 0);
	assert_int_equal(label_of(hello_of("some.test", "talk/")).service, 0);
	assert_int_equal(label_of(hello_of("talk/1", "h2")).service, 0);
	domain_set("some.test", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of(hello_of("some.test", "talk/1")).service, IMTC_SERVICE_SLACK);
}

/* --- bytes ------------------------------------------------------------------------------ */

static struct imtc_pattern pattern(const char *bytes, u8 len, u16 offset)
{
	struct imtc_pattern p = { .offset = offset, .len = len, .directions = 3,
				  .means = { .service = IMTC_SERVICE_KIK } };

	memcpy(p.value, bytes, len);
	memset(p.mask, 0xff, len);
	return p;
}

static void patterns_are(const struct imtc_pattern *p, u32 n, u32 half)
{
	for (u32 i = 0; i < n; i++)
		pattern_set((half ? IMTC_PATTERNS_MAX : 0) + i, &p[i]);
	control_get()->patterns = (u16)(half | n);
}

static void pattern_matches(void **state)
{
	struct imtc_pattern p[2] = { pattern("\xfd\xfc\xfb", 3, 2), pattern("zzz", 3, 0) };

	(void)state;
	patterns_are(p, 2, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(17, NOTHING, 8)).confidence, IMTC_CONFIDENCE_PAYLOAD);
	assert_int_equal(label_of(flow_of(6, "zzzz", 4)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(6, "\xff\xfe\xfd\xfc\xfa", 5)).service, 0);
	/* The other half, with nothing in it. */
	control_get()->patterns = IMTC_PATTERNS_UPPER;
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	p[0].mask[1] = 0xf0;
	p[0].value[1] = 0xf0;
	patterns_are(p, 1, IMTC_PATTERNS_UPPER);
	assert_int_equal(label_of(flow_of(6, "\xff\xfe\xfd\xf1\xfb", 5)).service, IMTC_SERVICE_KIK);
}

static void pattern_knows_its_place(void **state)
{
	struct imtc_pattern p = pattern("\xff\xfe\xfd", 3, 0);
	struct pkt reply = flow_of(17, "x", 1);

	(void)state;
	p.directions = 1 << IMTC_DIR_SERVER;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	run(XDP, &reply);
	reply.from_server = true;
	reply.payload = NOTHING;
	reply.payload_len = 8;
	assert_int_equal(label_of(reply).service, IMTC_SERVICE_KIK);
	p = pattern("\xff\xfe\xfd", 3, 0);
	p.l4 = IMTC_L4_UDP;
	p.min = 7;
	p.max = 8;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	assert_int_equal(label_of(flow_of(17, NOTHING, 8)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(17, NOTHING, 7)).service, IMTC_SERVICE_KIK);
	assert_int_equal(label_of(flow_of(17, NOTHING, 6)).service, 0);
	assert_int_equal(label_of(flow_of(17, NOTHING "x", 9)).service, 0);
}

/* Cut anywhere; and bytes that agree so far do not hold what cannot become a match. */
static void pattern_is_put_together(void **state)
{
	struct imtc_pattern p = pattern("\xfc\xfb\xfa\xf9", 4, 3);

	(void)state;
	patterns_are(&p, 1, 0);
	for (u32 cut = 1; cut < 8; cut++) {
		struct pkt a = flow_of(6, NOTHING, 8);
		struct imtc_flow flow;

		a.payload_len = cut;
		flow = run_flow(&a);
		assert_int_equal(flow.label.service, cut == 7 ? IMTC_SERVICE_KIK : 0);
		assert_int_equal(flow.state == IMTC_FLOW_DECIDED, cut == 7);
		a.seq += cut;
		a.payload = NOTHING + cut;
		a.payload_len = 8 - cut;
		assert_int_equal(label_of(a).service, IMTC_SERVICE_KIK);
	}
	assert_int_equal(stream_count(), 0);
}

/* The dissectors come first. */
static void dissector_before_pattern(void **state)
{
	static const char login[] = "NICK bob\r\nUSER bob 0 * :Bob\r\n";
	struct imtc_pattern p = pattern("NICK", 4, 0);

	(void)state;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, login, sizeof(login) - 1)).service, IMTC_SERVICE_IRC);
	assert_int_equal(label_of(flow_of(6, "NICK", 4)).service, 0);
	assert_int_equal(label_of(flow_of(6, "NICKEL!", 7)).service, IMTC_SERVICE_KIK);
}

/* Out of bounds in any way a map may be filled. */
static void bad_pattern_is_harmless(void **state)
{
	struct imtc_pattern p = pattern("\xff\xfe\xfd", 3, 0);

	(void)state;
	p.len = 255;
	p.offset = 0xffff;
	patterns_are(&p, 1, 0);
	label_of(flow_of(6, NOTHING, 8));
	p = pattern("\xff\xfe\xfd", 3, 0);
	p.means.service = IMTC_SERVICE_MAX;
	patterns_are(&p, 1, 0);
	assert_int_equal(label_of(flow_of(6, NOTHING, 8)).service, 0);
	control_get()->patterns = 0xffff;
	label_of(flow_of(6, NOTHING, 8));
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
		cmocka_unit_test_setup(agent_of_http, datapath_reset),
		cmocka_unit_test_setup(alpn_value, datapath_reset),
		cmocka_unit_test_setup(pattern_matches, datapath_reset),
		cmocka_unit_test_setup(pattern_knows_its_place, datapath_reset),
		cmocka_unit_test_setup(pattern_is_put_together, datapath_reset),
		cmocka_unit_test_setup(dissector_before_pattern, datapath_reset),
		cmocka_unit_test_setup(bad_pattern_is_harmless, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
