// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layers: what is behind proxies, upgrades and frames is found as if it stood
 * alone, however the bytes of the layers are cut, delayed or repeated.
 */
#include <stdio.h>
#include <string.h>

#include "lib_datapath.h"
#include "vectors/hello.h"

#define BASE 0xffffff00U	/* so that the numbers wrap between the layers */
#define ALL_BYTES 16000

struct talk {
	u8 bytes[ALL_BYTES];
	u32 len;
};

static struct talk talk;
static struct pkt client, server;
static enum hook hook;

static void add(const void *bytes, u32 len)
{
	assert_true(talk.len + len <= ALL_BYTES);
	memcpy(talk.bytes + talk.len, bytes, len);
	talk.len += len;
}

#define ADD(literal) add(literal, sizeof(literal) - 1)

static void add_hello(const char *name, u32 padding)
{
	static u8 bytes[HELLO_BYTES];
	struct hello hello = { .name = name, .before = padding };

	add(bytes, hello_build(&hello, bytes));
}

/* RFC 6455 5.3: a masked frame of a text. */
static void add_frame(const char *text)
{
	static const u8 key[4] = { 0x37, 0xfa, 0x21, 0x3d };
	u32 len = (u32)strlen(text);
	u8 frame[4 + 4 + 1024] = { 0x81, 0x80 | (u8)len }, *at = frame + 2;

	if (len > 125) {
		frame[1] = 0x80 | 126;
		*at++ = (u8)(len >> 8);
		*at++ = (u8)len;
	}
	memcpy(at, key, 4);
	at += 4;
	for (u32 i = 0; i < len; i++)
		*at++ = (u8)text[i] ^ key[i & 3];
	add(frame, (u32)(at - frame));
}

static void begin(int family)
{
	datapath_reset(NULL);
	domain_set("chat.test", IMTC_SERVICE_DISCORD, 0, 0);
	domain_set("proxied.test", IMTC_SERVICE_SLACK, 0, 0);
	policy_set(NULL, 0, IMTC_VERDICT_PASS);
	client = (struct pkt){ .family = family, .flags = PKT_SYN, .seq = BASE - 1 };
	server = (struct pkt){ .family = family, .flags = PKT_SYN | PKT_ACK, .from_server = true,
			       .seq = BASE - 1, .ack = BASE };
	run(hook, &client);
	run(hook, &server);
	client.flags = server.flags = 0;
	talk.len = 0;
}

/* Bytes from..from+len of the talk, where they belong. */
static u32 piece_of(struct pkt *side, u32 from, u32 len)
{
	if (from + len > talk.len)
		len = talk.len - from;
	side->seq = BASE + from;
	side->payload = talk.bytes + from;
	side->payload_len = len;
	return run(hook, side);
}

static u32 piece(u32 from, u32 len)
{
	return piece_of(&client, from, len);
}

static struct imtc_flow flow_now(void)
{
	struct imtc_flow flow;

	assert_true(flow_get(&client, &flow));
	return flow;
}

static void expect_inside(u32 service, u16 via)
{
	struct imtc_flow flow = flow_now();

	if (flow.label.service != service || (flow.via & via) != via)
		fail_msg("service %u, via %#x, state %u", flow.label.service, flow.via, flow.state);
}

static void expect_settled(u32 service, u16 via)
{
	expect_inside(service, via);
	assert_int_equal(flow_now().state, IMTC_FLOW_DECIDED);
	assert_int_equal(stream_count(), 0);
}

#define PROXIES (IMTC_LAYER_SOCKS5 | IMTC_LAYER_CONNECT)

/* CONNECT inside of SOCKS5 with a password, TLS in that, the name in that. */
static void nested(u32 padding)
{
	ADD("\5\2\0\2");
	ADD("\1\3bob\6secret");
	ADD("\5\1\0\3\12proxy.test\x0c\x38");
	ADD("CONNECT far.test:443 HTTP/1.1\r\nHost: far.test:443\r\n\r\n");
	add_hello("gateway.chat.test", padding);
}

static void one_packet(void **state)
{
	(void)state;
	for (hook = XDP; hook <= INGRESS; hook++) {
		for (int family = 4; family <= 6; family += 2) {
			begin(family);
			nested(0);
			piece(0, talk.len);
			expect_settled(IMTC_SERVICE_DISCORD, PROXIES | IMTC_LAYER_TLS);
			assert_int_equal(outcome(IMTC_OUTCOME_STREAM_NEW), 0);
			assert_true(flow_now().label.flags & IMTC_LABEL_CREDENTIALS);
		}
	}
	hook = XDP;
}

static void every_cut(void **state)
{
	(void)state;
	begin(4);
	nested(0);
	for (u32 cut = 1, len = talk.len; cut < len; cut++) {
		begin(cut & 1 ? 4 : 6);
		nested(0);
		piece(0, cut);
		piece(cut, len);
		expect_settled(IMTC_SERVICE_DISCORD, PROXIES);
	}
}

static void every_cut_backwards(void **state)
{
	(void)state;
	begin(4);
	nested(0);
	for (u32 cut = 1, len = talk.len; cut < len; cut++) {
		begin(cut & 1 ? 4 : 6);
		nested(0);
		piece(cut, len);
		assert_int_equal(flow_now().label.service, IMTC_SERVICE_NONE);
		piece(0, cut);
		expect_settled(IMTC_SERVICE_DISCORD, PROXIES);
	}
}

static void byte_by_byte(void **state)
{
	(void)state;
	begin(4);
	nested(0);
	for (u32 i = 0; i < talk.len; i++)
		piece(i, 1);
	expect_settled(IMTC_SERVICE_DISCORD, PROXIES);
	begin(6);
	nested(0);
	for (u32 i = talk.len; i > 0; i--)
		piece(i - 1, 1);
	expect_settled(IMTC_SERVICE_DISCORD, PROXIES);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 0);
}

/* Three pieces, the middle one last: what came early is still there behind the layers. */
static void middle_last(void **state)
{
	(void)state;
	begin(4);
	nested(0);
	for (u32 a = 3, len = talk.len; a < len - 40; a += 11) {
		for (u32 b = a + 1; b < len; b += 83) {
			begin(4);
			nested(0);
			piece(0, a);
			piece(b, len);
			piece(a, b - a);
			expect_settled(IMTC_SERVICE_DISCORD, PROXIES);
		}
	}
}

/* Each layer has the whole room: 3 KB of fields, then a hello of 2 KB. */
static void long_layers(void **state)
{
	static char padding[3000];

	(void)state;
	memset(padding, 'x', sizeof(padding));
	for (u32 size = 500; size <= 8000; size += 750) {
		begin(4);
		ADD("CONNECT far.test:443 HTTP/1.1\r\nX: ");
		add(padding, sizeof(padding));
		ADD("\r\n\r\n");
		add_hello("gateway.chat.test", 1900);
		for (u32 i = 0; i < talk.len; i += size)
			piece(i, size);
		expect_settled(IMTC_SERVICE_DISCORD, IMTC_LAYER_CONNECT | IMTC_LAYER_TLS);
	}
}

static void server_say(const void *bytes, u32 len)
{
	static u32 sent;

	if (!talk.len)
		sent = 0;
	server.seq = BASE + sent;
	server.payload = bytes;
	server.payload_len = len;
	run(hook, &server);
	sent += len;
	talk.len += len;
}

#define SERVER_SAY(literal) server_say(literal, sizeof(literal) - 1)

static void client_say(const char *bytes, u32 len)
{
	client.payload = bytes;
	client.payload_len = len;
	run(hook, &client);
	client.seq += len;
}

#define CLIENT_SAY(literal) client_say(literal, sizeof(literal) - 1)

/* Replies are peeled as well: the server inside says who it is. */
static void server_inside(void **state)
{
	(void)state;
	begin(4);
	client.seq = BASE;
	CLIENT_SAY("\5\1\0");
	SERVER_SAY("\5\0");
	CLIENT_SAY("\5\1\0\1\x0a\0\0\x09\x1a\x0b");
	SERVER_SAY("\5\0\0\1\0\0\0\0\0\0");
	assert_int_equal(flow_now().label.service, IMTC_SERVICE_NONE);
	SERVER_SAY(":irc.test NOTICE * :*** Looking up your hostname\r\n");
	expect_inside(IMTC_SERVICE_IRC, IMTC_LAYER_SOCKS5);

	begin(4);
	client.seq = BASE;
	CLIENT_SAY("CONNECT 10.0.0.9:6667 HTTP/1.0\r\n\r\n");
	SERVER_SAY("HTTP/1.0 407 Who are you\r\nContent-Length: 9\r\n\r\n<html>");
	SERVER_SAY("..\n");
	CLIENT_SAY("CONNECT 10.0.0.9:6667 HTTP/1.0\r\nProxy-Authorization: Basic eDp5\r\n\r\n");
	SERVER_SAY("HTTP/1.0 200 OK\r\n\r\n:irc.test NOTICE * :*** Looking up\r\n");
	expect_inside(IMTC_SERVICE_IRC, IMTC_LAYER_CONNECT);
	assert_true(flow_now().label.flags & IMTC_LABEL_CREDENTIALS);
}

/* The same without a request before it is nothing of the kind. */
static void replies_alone(void **state)
{
	(void)state;
	begin(4);
	SERVER_SAY("HTTP/1.0 200 OK\r\n\r\n:irc.test NOTICE * :*** Looking up\r\n");
	assert_int_equal(flow_now().label.service, IMTC_SERVICE_NONE);
	assert_int_equal(flow_now().via, 0);
	begin(4);
	SERVER_SAY("\5\0\0\1\0\0\0\0\0\0:irc.test NOTICE * :*** Looking up\r\n");
	assert_int_equal(flow_now().label.service, IMTC_SERVICE_NONE);
	assert_int_equal(flow_now().via, 0);
}

/* A known host in the request gives a verdict; what is inside may give another. */
static void request_names_host(void **state)
{
	struct imtc_rule rule = {
		.id = 1, .verdict = IMTC_VERDICT_DROP,
		.services = { 1ULL << IMTC_SERVICE_DISCORD },
	};
	struct imtc_flow flow;
	u32 requested;

	(void)state;
	for (int known = 0; known < 2; known++) {
		begin(4);
		policy_set(&rule, 1, IMTC_VERDICT_PASS);
		ADD("CONNECT proxied.test:443 HTTP/1.1\r\n\r\n");
		requested = talk.len;
		add_hello(known ? "gateway.chat.test" : "unknown.test", 0);
		assert_true(passes(hook, piece(0, requested)));
		flow = flow_now();
		assert_int_equal(flow.label.service, IMTC_SERVICE_SLACK);
		assert_int_equal(flow.verdict, IMTC_VERDICT_PASS);
		assert_int_equal(flow.state, IMTC_FLOW_UNDECIDED);
		assert_int_equal(flow.asked, 1);
		/* A policy that comes now is asked as well. */
		policy_set(&rule, 1, IMTC_VERDICT_PASS);
		assert_int_equal(known, drops(hook, piece(requested, talk.len)));
		flow = flow_now();
		assert_int_equal(flow.label.service,
				 known ? IMTC_SERVICE_DISCORD : IMTC_SERVICE_SLACK);
		talk.len = 0;
		SERVER_SAY("HTTP/1.1 200 OK\r\n\r\n\x15\3\3\0\2\2\x28");
		flow = flow_now();
		assert_int_equal(flow.state, IMTC_FLOW_DECIDED);
		assert_false(flow.label.flags & IMTC_LABEL_OPEN);
		assert_int_equal(flow.verdict, known ? IMTC_VERDICT_DROP : IMTC_VERDICT_PASS);
	}
}

static void endless_layers(void **state)
{
	(void)state;
	begin(4);
	for (u32 i = 0; i < 40; i++)
		ADD("\5\1\0\5\1\0\1\x0a\0\0\x09\x1a\x0b");
	ADD("NICK me\r\n");
	for (u32 i = 0; i < talk.len; i += 100)
		piece(i, 100);
	assert_int_equal(flow_now().label.service, IMTC_SERVICE_NONE);
	assert_int_equal(flow_now().candidates[IMTC_DIR_CLIENT], 0);
	assert_int_equal(stream_count(), 0);
}

static void balancers(void **state)
{
	(void)state;
	begin(4);
	ADD("PROXY TCP4 192.0.2.1 198.51.100.2 40000 5222\r\n");
	ADD("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\1\xc6\x33\x64\2\x9c\x40\x14\x66");
	add_hello("gateway.chat.test", 0);
	for (u32 cut = 1; cut < 100; cut++) {
		u32 len = talk.len;

		piece(0, cut);
		piece(cut, len);
		expect_settled(IMTC_SERVICE_DISCORD, IMTC_LAYER_PROXY | IMTC_LAYER_TLS);
		begin(6);
		talk.len = len;
	}
}

static void datagrams(void **state)
{
	static const char inside[] = "\0\0\0\1\x0a\0\0\x09\x13\xc4"
		"MESSAGE sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
		"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>\r\nCall-ID: 1\r\n"
		"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";
	struct pkt p = { .l4 = 17, .payload = inside, .payload_len = sizeof(inside) - 1 };
	struct imtc_flow flow;

	(void)state;
	begin(4);
	run(hook, &p);
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.label.service, IMTC_SERVICE_SIP);
	assert_int_equal(flow.via, IMTC_LAYER_SOCKS5);
}

/* --- messages in frames -------------------------------------------------------- */

static void upgrade(void)
{
	ADD("GET /chat HTTP/1.1\r\nHost: web.test\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	    "Sec-WebSocket-Version: 13\r\n\r\n");
}

static void frames_are_unmasked(void **state)
{
	(void)state;
	for (u32 size = 1; size < 400; size += size < 10 ? 1 : 37) {
		begin(4);
		upgrade();
		add_frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='im.test' "
			  "version='1.0'/>");
		for (u32 i = 0; i < talk.len; i += size)
			piece(i, size);
		expect_inside(IMTC_SERVICE_XMPP, IMTC_LAYER_WEBSOCKET);
	}
}

/* IRCv3 WebSocket: a frame is a line, without its end. */
static void lines_in_frames(void **state)
{
	(void)state;
	for (u32 size = 1; size < 400; size += 29) {
		begin(4);
		upgrade();
		add_frame("PASS secret");
		add_frame("NICK me");
		add_frame("PRIVMSG bob :\001DCC SEND a.txt 167772163 5000 1234\001");
		for (u32 i = 0; i < talk.len; i += size)
			piece(i, size);
		expect_inside(IMTC_SERVICE_IRC, IMTC_LAYER_WEBSOCKET);
		assert_int_equal(flow_now().label.feature, IMTC_FEATURE_FILE);
	}
}

/* Frames that nobody knows are passed over, also one that is longer than the room. */
static void later_frames(void **state)
{
	static char text[1000];

	(void)state;
	memset(text, '{', sizeof(text) - 1);
	begin(4);
	upgrade();
	add_frame("{}");
	ADD("\x89\x80\0\0\0\0");
	add_frame(text);
	ADD("\x82\xfe\x27\x10\0\0\0\0");	/* 10,000 bytes */
	for (u32 i = 0; i < 10; i++)
		add(text, 1000);
	add_frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='im.test'/>");
	for (u32 i = 0; i < talk.len; i += 1400)
		piece(i, 1400);
	expect_inside(IMTC_SERVICE_XMPP, IMTC_LAYER_WEBSOCKET);
}

/* What follows the label is unmasked too. */
static void watched_through_frames(void **state)
{
	(void)state;
	for (u32 size = 1; size < 300; size += 23) {
		begin(4);
		upgrade();
		add_frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='im.test'/>");
		add_frame("<iq type='set' id='1' to='b@im.test'><si "
			  "xmlns='http://jabber.org/protocol/si' profile="
			  "'http://jabber.org/protocol/si/profile/file-transfer'/></iq>");
		for (u32 i = 0; i < talk.len; i += size)
			piece(i, size);
		expect_inside(IMTC_SERVICE_XMPP, IMTC_LAYER_WEBSOCKET);
		assert_int_equal(flow_now().label.feature, IMTC_FEATURE_FILE);
		assert_int_equal(flow_now().state, IMTC_FLOW_WATCHED);
	}
}

static void gateways(void **state)
{
	(void)state;
	begin(4);
	ADD("POST /notify HTTP/1.1\r\nHost: shttp.test\r\nContent-Length: 20\r\n\r\n"
	    "YMSG\0\x0a\0\0\0\0\0\x57\0\0\0\0\0\0\0\0");
	for (u32 cut = 1, len = talk.len; cut < len; cut++) {
		piece(0, cut);
		piece(cut, len);
		expect_inside(IMTC_SERVICE_YAHOO, IMTC_LAYER_HTTP);
		begin(4);
		talk.len = len;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_packet),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(every_cut_backwards),
		cmocka_unit_test(byte_by_byte),
		cmocka_unit_test(middle_last),
		cmocka_unit_test(long_layers),
		cmocka_unit_test(server_inside),
		cmocka_unit_test(replies_alone),
		cmocka_unit_test(request_names_host),
		cmocka_unit_test(endless_layers),
		cmocka_unit_test(balancers),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(frames_are_unmasked),
		cmocka_unit_test(lines_in_frames),
		cmocka_unit_test(later_frames),
		cmocka_unit_test(watched_through_frames),
		cmocka_unit_test(gateways),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
