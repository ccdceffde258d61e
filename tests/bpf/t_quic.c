// SPDX-License-Identifier: GPL-2.0-only
/*
 * QUIC through the data path: Initials of every version, handshakes cut, put in
 * any order and spread over datagrams, a Retry, decoys, and what is no QUIC.
 */
#include <bpf/bpf.h>
#include <linux/in.h>
#include <string.h>

#include "lib_datapath.h"
#include "vectors/hello.h"
#include "vectors/quic.h"

#define NAME "chat.quic.test"
#define DATAGRAM 1200

static u8 hello[HELLO_BYTES];	/* the handshake message */
static u32 hello_len;
static const u8 dcid_a[8] = { 0xa1, 2, 3, 4, 5, 6, 7, 8 };
static const u8 dcid_b[8] = { 0xb1, 2, 3, 4, 5, 6, 7, 8 };

/* `after`: bytes behind the name; a post-quantum key share has 1,200. */
static void make_hello(const char *name, u32 after)
{
	struct hello h = { .name = name, .alpn = { "h3" }, .after = after };

	hello_len = hello_message(&h, hello);
	domain_set("quic.test", IMTC_SERVICE_SLACK, IMTC_FEATURE_CHAT, 0);
}

static struct quic_initial initial_of(const u8 *dcid, u32 number)
{
	return (struct quic_initial){ .version = QUIC_V1, .dcid = dcid, .dcid_len = 8,
				      .number = number, .number_len = 1 };
}

/* A datagram of the client's; what the flow is then. */
static struct imtc_flow send_to(enum hook hook, struct pkt p, const u8 *datagram, u32 len)
{
	struct imtc_flow flow;

	p.l4 = IPPROTO_UDP;
	p.payload = datagram;
	p.payload_len = len;
	assert_true(passes(hook, run(hook, &p)));
	assert_true(flow_get(&p, &flow));
	return flow;
}

static struct imtc_flow show(const u8 *datagram, u32 len)
{
	return send_to(XDP, (struct pkt){ 0 }, datagram, len);
}

/* One Initial with these frames alone in its datagram. */
static struct imtc_flow send_frames(const struct quic_initial *i, const u8 *frames, u32 len)
{
	u8 datagram[QUIC_PACKET_BYTES];

	return show(datagram, quic_seal_padded(i, frames, len, DATAGRAM, datagram));
}

/* One Initial with the hello's bytes from `from` to `to`. */
static struct imtc_flow send_part(const struct quic_initial *i, u32 from, u32 to)
{
	u8 frames[QUIC_PACKET_BYTES];

	return send_frames(i, frames, quic_crypto(frames, from, hello + from, to - from));
}

static void expect_label(const struct imtc_flow *flow)
{
	assert_int_equal(flow->label.service, IMTC_SERVICE_SLACK);
	assert_int_equal(flow->label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(flow->label.confidence, IMTC_CONFIDENCE_NAME);
	assert_int_equal(flow->label.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	assert_int_equal(flow->via, IMTC_LAYER_QUIC);
	assert_int_equal(flow->state, IMTC_FLOW_DECIDED);
	assert_int_equal(stream_count(), 0);
}

static void expect_open(const struct imtc_flow *flow)
{
	assert_int_equal(flow->label.service, IMTC_SERVICE_NONE);
	assert_int_equal(flow->state, IMTC_FLOW_UNDECIDED);
}

/* --- one datagram ------------------------------------------------------------------ */

static void first_datagram_tells(void **state)
{
	static const u32 versions[] = { QUIC_V1, QUIC_V2, QUIC_DRAFT_29, 0xfaceb00e };
	u8 frames[QUIC_PACKET_BYTES], datagram[QUIC_PACKET_BYTES];
	struct imtc_flow flow;
	struct imtc_event event;
	u32 len;

	(void)state;
	make_hello(NAME, 100);
	for (u32 i = 0; i < 24; i++) {
		struct quic_initial initial = initial_of(dcid_a, i);
		struct pkt p = { .family = i & 1 ? 6 : 4, .client_port = (u16)(20000 + i),
				 .server_port = (u16)(30000 + i) };

		initial.version = versions[i / 2 % 4];
		len = quic_crypto(frames, 0, hello, hello_len);
		len = quic_seal_padded(&initial, frames, len, DATAGRAM + i, datagram);
		flow = send_to(i / 8, p, datagram, len);
		expect_label(&flow);
		assert_int_equal(flow.payload_packets, 1);
		assert_int_equal(events_take(&event), 1);
		assert_string_equal(event.query.domain, NAME);
	}
}

/* Pieces of every size, last first, with PING and PADDING between them. */
static void pieces_in_one_datagram(void **state)
{
	u8 frames[QUIC_PACKET_BYTES];

	(void)state;
	make_hello(NAME, 20);
	for (u32 piece = 3; piece < hello_len; piece += piece < 40 ? 1 : 50) {
		struct quic_initial initial = initial_of(dcid_a, 0);
		struct imtc_flow flow;
		u32 at = (hello_len - 1) / piece * piece, n = 0;

		for (;; at -= piece) {
			u32 len = hello_len - at < piece ? hello_len - at : piece;

			n += quic_crypto(frames + n, at, hello + at, len);
			frames[n++] = at & 1;	/* PADDING, PING */
			if (!at)
				break;
		}
		datapath_reset(NULL);
		make_hello(NAME, 20);
		assert_true(n < 1150);
		flow = send_frames(&initial, frames, n);
		expect_label(&flow);
	}
}

/* RFC 9000 19.3: with gaps, and with ECN counts behind them. */
static void ack_frames_are_passed_over(void **state)
{
	u8 frames[QUIC_PACKET_BYTES] = { 2, 0x40, 200, 5, 2, 3, 1, 4, 2, 6,
					 3, 9, 0, 0, 1, 10, 0x40, 100, 12, 1 };
	struct quic_initial initial = initial_of(dcid_a, 0);
	struct imtc_flow flow;

	(void)state;
	make_hello(NAME, 100);
	flow = send_frames(&initial, frames, 20 + quic_crypto(frames + 20, 0, hello, hello_len));
	expect_label(&flow);
}

/* Behind a frame that no Initial may hold nothing is read (RFC 9000 12.4). */
static void other_frames_end_it(void **state)
{
	static const u8 types[] = { 0x04, 0x07, 0x08, 0x1c, 0x1e, 0x30, 0xff };
	u8 frames[QUIC_PACKET_BYTES];
	struct quic_initial initial = initial_of(dcid_a, 0);
	struct imtc_flow flow;

	(void)state;
	for (u32 i = 0; i < sizeof(types); i++) {
		datapath_reset(NULL);
		make_hello(NAME, 100);
		frames[0] = types[i];
		flow = send_frames(&initial, frames,
				   1 + quic_crypto(frames + 1, 0, hello, hello_len));
		expect_open(&flow);
	}
}

/* --- several datagrams ---------------------------------------------------------------- */

static void two_datagrams_in_both_orders(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_a, 1);
	struct imtc_flow flow;

	(void)state;
	for (u32 cut = 50; cut < 1100; cut += 150) {
		for (u32 late = 0; late < 2; late++) {
			datapath_reset(NULL);
			make_hello(NAME, 1500);
			/* The name stands in the part that has to be waited for. */
			flow = late ? send_part(&second, cut, cut + 1000) :
				      send_part(&first, 0, 50);
			expect_open(&flow);
			assert_int_equal(stream_count(), 1);
			flow = late ? send_part(&first, 0, cut) :
				      send_part(&second, 50, 1000);
			expect_label(&flow);
			assert_int_equal(flow.payload_packets, 2);
		}
	}
}

/* What another connection's hello has left behind says nothing of this one's. */
static void late_part_after_a_whole_hello(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_a, 1);
	struct imtc_flow flow;

	make_hello(NAME, 100);
	flow = send_part(&first, 0, hello_len);
	expect_label(&flow);
	datapath_reset(state);
	make_hello(NAME, 1500);
	flow = send_part(&second, 200, 1200);
	expect_open(&flow);
	assert_int_equal(stream_count(), 1);
	flow = send_part(&first, 0, 200);
	expect_label(&flow);
}

static void byte_a_datagram(void **state)
{
	struct imtc_flow flow = { 0 };

	(void)state;
	make_hello(NAME, 0);
	assert_true(hello_len < 127);
	for (u32 i = hello_len; i > 0; i--) {
		struct quic_initial initial = initial_of(dcid_a, hello_len - i);

		if (i < hello_len)
			expect_open(&flow);
		flow = send_part(&initial, i - 1, i);
	}
	expect_label(&flow);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_NEW), 1);
}

/* Packets without a handshake before it: the generic bound does not hold for QUIC. */
static void pings_first(void **state)
{
	static const u8 ping[] = { 1 };
	struct imtc_flow flow;
	u32 i;

	(void)state;
	make_hello(NAME, 100);
	for (i = 0; i < 100; i++) {
		struct quic_initial initial = initial_of(dcid_a, i);

		flow = send_frames(&initial, ping, sizeof(ping));
		expect_open(&flow);
	}
	struct quic_initial initial = initial_of(dcid_a, i);

	flow = send_part(&initial, 0, hello_len);
	expect_label(&flow);
}

/* A byte of the number is told, the rest is what is expected (RFC 9000 A.3). */
static void numbers_run_over(void **state)
{
	static const u8 ping[] = { 1 };
	struct quic_initial initial = initial_of(dcid_a, 120);
	struct imtc_flow flow;

	(void)state;
	make_hello(NAME, 100);
	send_frames(&initial, ping, sizeof(ping));
	initial.number = 240;
	send_frames(&initial, ping, sizeof(ping));
	initial.number = 300;
	flow = send_part(&initial, 0, hello_len);
	expect_label(&flow);
}

/* Once the server has answered, the client uses its connection ID with the first keys. */
static void server_chooses_another_id(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_b, 1);
	struct imtc_flow flow;

	(void)state;
	make_hello(NAME, 1500);
	flow = send_part(&first, 0, 40);
	expect_open(&flow);
	second.first_dcid = dcid_a;
	second.first_dcid_len = 8;
	second.dcid_len = 0;
	flow = send_part(&second, 40, 1000);
	expect_label(&flow);
}

/* After a Retry all begins anew, with keys of the new connection ID. */
static void retry_begins_anew(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_b, 1);
	struct imtc_flow flow;

	(void)state;
	make_hello(NAME, 1500);
	flow = send_part(&first, 0, 40);
	expect_open(&flow);
	second.token_len = 90;
	flow = send_part(&second, 40, 1000);
	expect_open(&flow);
	second.number = 2;
	flow = send_part(&second, 0, 40);
	expect_label(&flow);
}

static void first_copy_wins(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_a, 1);
	struct imtc_flow flow;
	u8 other[64];

	(void)state;
	make_hello(NAME, 1500);
	send_part(&first, 30, 1000);
	memset(other, 'x', sizeof(other));
	memcpy(other, hello, 30);
	flow = send_frames(&second, other, 0);
	{
		u8 frames[128];

		flow = send_frames(&second, frames, quic_crypto(frames, 0, other, sizeof(other)));
	}
	expect_label(&flow);
	assert_int_equal(outcome(IMTC_OUTCOME_STREAM_OVERLAP), 1);
}

/* --- datagrams of several packets -------------------------------------------------------- */

static void coalesced(void **state)
{
	struct quic_initial zero_rtt = initial_of(dcid_a, 7), first = initial_of(dcid_a, 0);
	struct quic_initial second = initial_of(dcid_a, 1);
	u8 frames[QUIC_PACKET_BYTES], datagram[2 * QUIC_PACKET_BYTES];
	struct imtc_flow flow;
	u32 n;

	(void)state;
	make_hello(NAME, 700);
	zero_rtt.type = 1;
	n = quic_seal_padded(&zero_rtt, frames, 0, 100, datagram);
	n += quic_seal(&first, frames, quic_crypto(frames, 50, hello + 50, hello_len - 50),
		       datagram + n);
	n += quic_seal_padded(&second, frames, quic_crypto(frames, 0, hello, 50), 400,
			      datagram + n);
	flow = show(datagram, n);
	expect_label(&flow);
}

/* A packet of another connection in the same datagram is ignored (RFC 9000 12.2). */
static void coalesced_with_another(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_b, 1);
	u8 frames[QUIC_PACKET_BYTES] = { 1, 1, 1, 1 }, datagram[2 * QUIC_PACKET_BYTES];
	struct imtc_flow flow;
	u32 n;

	(void)state;
	make_hello(NAME, 100);
	n = quic_seal(&first, frames, 4, datagram);
	n += quic_seal_padded(&second, frames, quic_crypto(frames, 0, hello, hello_len),
			      DATAGRAM, datagram + n);
	flow = show(datagram, n);
	expect_open(&flow);
}

/* Two datagrams that the sender handed to the kernel as one, the first ending in 0-RTT. */
static void segmented_by_the_kernel(void **state)
{
	struct quic_initial first = initial_of(dcid_a, 0), second = initial_of(dcid_a, 1);
	u8 frames[QUIC_PACKET_BYTES], payload[2 * DATAGRAM], frame[PKT_BYTES];
	struct __sk_buff skb = { .gso_size = DATAGRAM, .gso_segs = 2 };
	struct pkt p = { .l4 = IPPROTO_UDP, .payload = payload, .payload_len = sizeof(payload) };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .ctx_in = &skb,
		    .ctx_size_in = sizeof(skb), .repeat = 1);
	struct imtc_flow flow;
	u32 n;

	(void)state;
	make_hello(NAME, 1500);
	memset(payload, 0x55, sizeof(payload));	/* a short header to the datagram's end */
	n = quic_seal(&first, frames, quic_crypto(frames, 0, hello, 40), payload);
	assert_true(n < DATAGRAM);
	n = quic_seal_padded(&second, frames, quic_crypto(frames, 40, hello + 40, 900), DATAGRAM,
			     payload + DATAGRAM);
	assert_int_equal(n, DATAGRAM);
	opts.data_size_in = pkt_build(&p, frame);
	assert_int_equal(bpf_prog_test_run_opts(program_fd(EGRESS), &opts), 0);
	assert_true(flow_get(&p, &flow));
	expect_label(&flow);
}

/* --- what tells nothing ------------------------------------------------------------------- */

/* A hello that names no service: the flow stays open for a while, then it is not IM. */
static void unknown_name(void **state)
{
	static const u8 short_header[100] = { 0x40 };
	struct quic_initial initial = initial_of(dcid_a, 0);
	struct imtc_flow flow;
	u32 n = 1;

	(void)state;
	make_hello("www.example.org", 100);
	flow = send_part(&initial, 0, hello_len);
	assert_int_equal(flow.via, IMTC_LAYER_QUIC);
	assert_int_equal(stream_count(), 0);
	for (; flow.state == IMTC_FLOW_UNDECIDED && n < 100; n++)
		flow = show(short_header, sizeof(short_header));
	assert_int_equal(n, 16);
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
}

/* A decoy with a hello of its own in front of the real one. */
static void decoy_first(void **state)
{
	struct quic_initial decoy = initial_of(dcid_b, 0), real = initial_of(dcid_a, 0);
	struct imtc_flow flow;

	(void)state;
	make_hello("www.example.org", 100);
	for (u32 i = 0; i < 6; i++) {
		flow = send_part(&decoy, 0, hello_len);
		expect_open(&flow);
	}
	make_hello(NAME, 1500);
	flow = send_part(&real, 0, 40);
	expect_open(&flow);
	real.number = 1;
	flow = send_part(&real, 40, 1000);
	expect_label(&flow);
}

/* A packet that the server would not read gives no name. */
static void wrong_tag(void **state)
{
	struct quic_initial initial = initial_of(dcid_a, 0);
	u8 frames[QUIC_PACKET_BYTES], datagram[QUIC_PACKET_BYTES];
	struct imtc_flow flow;
	u32 n;

	(void)state;
	make_hello(NAME, 100);
	n = quic_crypto(frames, 0, hello, hello_len);
	for (u32 byte = 0; byte < DATAGRAM; byte += byte < 40 ? 1 : 61) {
		datapath_reset(NULL);
		make_hello(NAME, 100);
		quic_seal_padded(&initial, frames, n, DATAGRAM, datagram);
		datagram[byte] ^= 0x10;
		flow = show(datagram, DATAGRAM);
		expect_open(&flow);
		assert_int_equal(flow.via, 0);
	}
	initial.version = 0x1a2a3a4a;
	quic_seal_padded(&initial, frames, n, DATAGRAM, datagram);
	flow = show(datagram, DATAGRAM);
	expect_open(&flow);
}

/* Shorter than a client may send it (RFC 9000 14.1). */
static void short_datagram(void **state)
{
	struct quic_initial initial = initial_of(dcid_a, 0);
	u8 frames[QUIC_PACKET_BYTES], datagram[QUIC_PACKET_BYTES];
	struct imtc_flow flow;
	u32 n;

	(void)state;
	make_hello(NAME, 100);
	n = quic_crypto(frames, 0, hello, hello_len);
	flow = show(datagram, quic_seal_padded(&initial, frames, n, DATAGRAM - 1, datagram));
	expect_open(&flow);
	flow = show(datagram, quic_seal_padded(&initial, frames, n, DATAGRAM, datagram));
	expect_label(&flow);
}

/* Decided flows are not looked into, whatever they carry. */
static void hello_on_a_decided_flow(void **state)
{
	static const u8 nothing[100] = { 0x99 };
	struct quic_initial initial = initial_of(dcid_a, 0);
	struct imtc_flow flow;

	(void)state;
	make_hello(NAME, 100);
	for (u32 i = 0; i < 8; i++)
		flow = show(nothing, sizeof(nothing));
	assert_int_equal(flow.reason, IMTC_REASON_NOT_IM);
	flow = send_part(&initial, 0, hello_len);
	assert_int_equal(flow.label.service, IMTC_SERVICE_NONE);
	assert_int_equal(flow.via, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, datapath_reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_datagram_tells), TEST(pieces_in_one_datagram),
		TEST(ack_frames_are_passed_over), TEST(other_frames_end_it),
		TEST(two_datagrams_in_both_orders), TEST(late_part_after_a_whole_hello),
		TEST(byte_a_datagram), TEST(pings_first),
		TEST(numbers_run_over), TEST(server_chooses_another_id), TEST(retry_begins_anew),
		TEST(first_copy_wins), TEST(coalesced), TEST(coalesced_with_another),
		TEST(segmented_by_the_kernel), TEST(unknown_name), TEST(decoy_first),
		TEST(wrong_tag), TEST(short_datagram), TEST(hello_on_a_decided_flow),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
