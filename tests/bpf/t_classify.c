// SPDX-License-Identifier: GPL-2.0-only
/*
 * From payload to label: names in the signatures, the candidates of each
 * direction, and what a packet's payload is.
 */
#include <bpf/bpf.h>
#include <string.h>

#include <imtc/policy_domain.h>

#include "lib_datapath.h"
#include "vectors/dissect.h"
#include "vectors/dissect/certificate.h"
#include "vectors/hello.h"

static const char xmpp[] = "<stream:stream to='im.test' xmlns='jabber:client' "
			   "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

static u8 message[HELLO_BYTES];

static struct pkt hello_to(const char *name, const char *alpn)
{
	struct hello hello = { .name = name, .alpn = { alpn } };

	return (struct pkt){ .seq = 1, .payload = message,
			     .payload_len = hello_build(&hello, message) };
}

/* The label that a ClientHello for the name gives its flow. */
static struct imtc_label label_of(const char *name)
{
	struct pkt p = hello_to(name, "h2");
	struct imtc_flow flow;
	u8 key[64];

	while (!bpf_map_get_next_key(map_fd("flows4"), NULL, key))
		bpf_map_delete_elem(map_fd("flows4"), key);
	run(XDP, &p);
	assert_true(flow_get(&p, &flow));
	return flow.label;
}

static void longest_suffix_wins(void **state)
{
	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, IMTC_FEATURE_CHAT, 0);
	domain_set("voice.chat.test", IMTC_SERVICE_DISCORD, IMTC_FEATURE_VOICE, 0);
	assert_int_equal(label_of("chat.test").service, IMTC_SERVICE_SLACK);
	assert_int_equal(label_of("a.chat.test").service, IMTC_SERVICE_SLACK);
	assert_int_equal(label_of("a.b.c.d.e.chat.test").feature, IMTC_FEATURE_CHAT);
	assert_int_equal(label_of("voice.chat.test").service, IMTC_SERVICE_DISCORD);
	assert_int_equal(label_of("x.voice.chat.test").feature, IMTC_FEATURE_VOICE);
	assert_int_equal(label_of("x.voice.chat.test").confidence, IMTC_CONFIDENCE_NAME);
	assert_int_equal(label_of("x.voice.chat.test").encryption, IMTC_ENCRYPTION_ENCRYPTED);
	assert_int_equal(label_of("CHAT.Test").service, IMTC_SERVICE_SLACK);
}

static void labels_are_whole(void **state)
{
	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of("notchat.test").service, 0);
	assert_int_equal(label_of("chat.test.evil").service, 0);
	assert_int_equal(label_of("hat.test").service, 0);
	assert_int_equal(label_of("test").service, 0);
}

static void longest_name(void **state)
{
	char name[254];

	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, 0);
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	memcpy(name + 243, ".chat.test", 11);
	assert_int_equal(strlen(name), 253);
	assert_int_equal(label_of(name).service, IMTC_SERVICE_SLACK);
}

static void encryption_of_signature(void **state)
{
	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, IMTC_ENCRYPTION_CLEAR);
	assert_int_equal(label_of("chat.test").encryption, IMTC_ENCRYPTION_CLEAR);
}

static void bad_signature_is_no_label(void **state)
{
	(void)state;
	domain_set("chat.test", IMTC_SERVICE_MAX, 0, 0);
	domain_set("talk.test", IMTC_SERVICE_SLACK, IMTC_FEATURE_MAX, 0);
	assert_int_equal(label_of("chat.test").service, 0);
	assert_int_equal(label_of("talk.test").service, 0);
}

/* The event has the name that was seen, and none of a flow before. */
static void name_in_event(void **state)
{
	struct imtc_rule rule = { .id = 1, .verdict = IMTC_VERDICT_DROP };
	struct imtc_event event;
	struct imtc_flow flow;
	u64 seed[2];
	struct pkt p;

	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, 0);
	label_of("a.long.name.in.front.of.chat.test");
	assert_int_equal(events_take(&event), 1);
	assert_string_equal(event.query.domain, "a.long.name.in.front.of.chat.test");
	assert_true(event.query.label.flags & IMTC_LABEL_DOMAIN);
	label_of("chat.test");
	assert_int_equal(events_take(&event), 1);
	assert_string_equal(event.query.domain, "chat.test");
	for (size_t i = strlen("chat.test"); i < IMTC_DOMAIN_BYTES; i++)
		assert_int_equal(event.query.domain[i], 0);
	/* Asked again for another reason: what the flow has named is known. */
	domain_seed_get(seed);
	assert_int_equal(imtc_rule_domain(&rule, "=chat.test", seed), 0);
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
	p = hello_to("chat.test", NULL);
	p.payload_len = 0;
	assert_true(drops(XDP, run(XDP, &p)));
	assert_int_equal(events_take(&event), 1);
	assert_string_equal(event.query.domain, "chat.test");
	/* No rule matches by a name that was lost; it is counted. */
	assert_true(flow_get(&p, &flow));
	assert_int_equal(bpf_map_delete_elem(map_fd("names"), &flow.name), 0);
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
	assert_true(passes(XDP, run(XDP, &p)));
	assert_int_equal(events_take(&event), 1);
	assert_string_equal(event.query.domain, "");
	assert_int_equal(outcome(IMTC_OUTCOME_NAME_LOST), 1);
}

/* A server that speaks first: its direction decides alone. */
static void server_speaks(void **state)
{
	struct pkt p = { .from_server = true, .seq = 1, .payload = xmpp,
			 .payload_len = sizeof(xmpp) - 1 };
	struct imtc_flow flow;

	(void)state;
	run(XDP, &p);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
}

/* The client's bytes are not IM, the server's are: the client's no is not the flow's. */
static void other_direction_may_still_match(void **state)
{
	struct pkt c = { .flags = PKT_SYN, .seq = 0 }, s = { .from_server = true, .seq = 1 };
	struct imtc_flow flow;

	(void)state;
	run(XDP, &c);
	c.flags = 0;
	c.seq = 1;
	c.payload = "\xff\xff\xff\xff";
	c.payload_len = 4;
	run(XDP, &c);
	s.payload = xmpp;
	s.payload_len = sizeof(xmpp) - 1;
	run(XDP, &s);
	assert_true(flow_get(&c, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
}

/* What lies behind the IP packet in the frame is not payload. */
static void padding_is_not_payload(void **state)
{
	struct pkt p = { .seq = 1, .padding = 46 };
	struct imtc_flow flow;
	u8 frame[PKT_BYTES];
	struct ran ran;
	u32 len = pkt_build(&p, frame);

	(void)state;
	memcpy(frame + len - 46, "<stream:stream xmlns='jabber:client' xmlns:st", 46);
	for (enum hook hook = XDP; hook <= INGRESS; hook++)
		run_frame(hook, frame, len, &ran);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.payload_packets, 0);
}

/* Behind tags, options and extension headers the payload is found as well. */
static void payload_is_found(void **state)
{
	static const struct pkt shapes[] = {
		{ .family = 4, .vlans = 2, .ip_options = 40, .tcp_options = 40 },
		{ .family = 6, .vlans = 1, .tcp_options = 12, .has_extensions = true,
		  .extensions = { 0, 43, 60, 0xff } },
	};

	(void)state;
	domain_set("chat.test", IMTC_SERVICE_SLACK, 0, 0);
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
			struct pkt p = shapes[i], hello = hello_to("chat.test", NULL);
			struct imtc_flow flow;

			p.client_port = (u16)(1000 + hook);
			p.payload = hello.payload;
			p.payload_len = hello.payload_len;
			run(hook, &p);
			assert_true(flow_get(&p, &flow));
			assert_int_equal(flow.label.service, IMTC_SERVICE_SLACK);
		}
	}
}

/* Longer than a view: its first 4 KiB are looked at. */
static void longer_than_view(void **state)
{
	static u8 long_payload[8000];
	struct pkt p = { .seq = 1, .payload = long_payload };
	struct imtc_flow flow;

	(void)state;
	memset(long_payload, 'x', sizeof(long_payload));
	memcpy(long_payload, xmpp, sizeof(xmpp) - 1);
	p.payload_len = sizeof(long_payload);
	run(XDP, &p);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
}

/* The label of a flow whose client named `name` and whose server sent its certificate. */
static struct imtc_label label_of_certificate(const char *name, u16 port)
{
	const struct dissect_vector *certificate = &certificate_vectors[0];
	struct pkt p = hello_to(name, "h2");
	struct imtc_flow flow;

	p.client_port = port;
	run(XDP, &p);
	p.from_server = true;
	p.payload = certificate->bytes;
	p.payload_len = certificate->len;
	run(XDP, &p);
	assert_true(flow_get(&p, &flow));
	return flow.label;
}

/* A certificate names the flow where the client named nobody. */
static void certificate_of_server(void **state)
{
	(void)state;
	domain_set("example.org", IMTC_SERVICE_SLACK, 0, 0);
	assert_int_equal(label_of_certificate(NULL, 2001).service, IMTC_SERVICE_SLACK);
	assert_int_equal(label_of_certificate("shop.test", 2002).service, 0);
	domain_set("shop.test", IMTC_SERVICE_DISCORD, 0, 0);
	assert_int_equal(label_of_certificate("shop.test", 2003).service, IMTC_SERVICE_DISCORD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(longest_suffix_wins, datapath_reset),
		cmocka_unit_test_setup(labels_are_whole, datapath_reset),
		cmocka_unit_test_setup(longest_name, datapath_reset),
		cmocka_unit_test_setup(encryption_of_signature, datapath_reset),
		cmocka_unit_test_setup(bad_signature_is_no_label, datapath_reset),
		cmocka_unit_test_setup(name_in_event, datapath_reset),
		cmocka_unit_test_setup(server_speaks, datapath_reset),
		cmocka_unit_test_setup(other_direction_may_still_match, datapath_reset),
		cmocka_unit_test_setup(padding_is_not_payload, datapath_reset),
		cmocka_unit_test_setup(payload_is_found, datapath_reset),
		cmocka_unit_test_setup(longer_than_view, datapath_reset),
		cmocka_unit_test_setup(certificate_of_server, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
