// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl classify over captures that the test writes: every link layer, pcapng,
 * packets and files cut short, and what is counted of a flow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "bpf/pkt_build.h"
#include "classify/capture.h"
#include "classify/engine.h"
#include "classify/rows.h"

#define ETH_BYTES 14
#define FLOWS_MAX 16
#define NICK "NICK wiz\r\nUSER guest 0 * :Ronnie Reagan\r\n"
#define WELCOME ":irc.example.net 001 wiz :Welcome\r\n"

/* A time with digits in all places. */
#define FIRST_NS 1700000000123456789ULL
#define STEP_NS 1000001ULL

static char path[] = "/tmp/classify-XXXXXX";
static struct engine_flow flows[FLOWS_MAX];
static u32 flow_count;

/* --- writing ------------------------------------------------------------------------- */

struct writer {
	pcap_t *dead;
	pcap_dumper_t *dumper;
	u64 now_ns;
	u32 snaplen;
};

static struct writer writer_open(int dlt)
{
	struct writer w = { .now_ns = FIRST_NS, .snaplen = 65535 };

	w.dead = pcap_open_dead_with_tstamp_precision(dlt, 65535, PCAP_TSTAMP_PRECISION_NANO);
	assert_non_null(w.dead);
	w.dumper = pcap_dump_open(w.dead, path);
	assert_non_null(w.dumper);
	return w;
}

static void write_frame(struct writer *w, const u8 *frame, u32 len)
{
	struct pcap_pkthdr header = {
		.ts = { .tv_sec = (time_t)(w->now_ns / 1000000000),
			.tv_usec = (suseconds_t)(w->now_ns % 1000000000) },
		.caplen = len < w->snaplen ? len : w->snaplen,
		.len = len,
	};

	pcap_dump((u8 *)w->dumper, &header, frame);
	w->now_ns += STEP_NS;
}

static void writer_close(struct writer *w)
{
	pcap_dump_close(w->dumper);
	pcap_close(w->dead);
}

/* --- reading ------------------------------------------------------------------------- */

static void on_flow(const struct engine_flow *flow, void *context)
{
	(void)context;
	assert_true(flow_count < FLOWS_MAX);
	flows[flow_count++] = *flow;
}

/* Reads the file; the answer of the last capture_next(). */
static int read_back(u32 flows_at_once)
{
	struct engine_setup setup = { .flows = flows_at_once, .report = on_flow };
	char sentence[256];
	struct capture *capture = capture_open(path, sentence, sizeof(sentence));
	struct capture_packet packet;
	int got;

	flow_count = 0;
	assert_non_null(capture);
	assert_int_equal(engine_start(&setup), 0);
	while ((got = capture_next(capture, &packet)) == 1)
		engine_frame(packet.data, packet.len, packet.time_ns);
	engine_end();
	capture_close(capture);
	return got;
}

/* --- frames -------------------------------------------------------------------------- */

/* What stands before the IP packet, and how it is told whether that is IPv6. */
struct link_case {
	const char *name;
	int dlt;
	int family;
	u8 head[160];
	u32 len;
};

#define HEAD(...) .head = { __VA_ARGS__ }, .len = sizeof((u8[]){ __VA_ARGS__ })
#define WLAN_DATA 0x08, 0x01, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0, 0
#define WLAN_QOS_DATA 0x88, 0x01, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0, 0, \
	0, 0
#define WLAN_4_ADDRESSES 0x08, 0x03, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, \
	0, 0, 2, 0, 0, 0, 0, 4
#define SNAP 0xaa, 0xaa, 3, 0, 0, 0
#define IP4 0x08, 0x00
#define IP6 0x86, 0xdd

static const struct link_case links[] = {
	{ "raw", DLT_RAW, 4, .len = 0 },
	{ "raw, IPv6", DLT_RAW, 6, .len = 0 },
	{ "IPv4", DLT_IPV4, 4, .len = 0 },
	{ "IPv6", DLT_IPV6, 6, .len = 0 },
	{ "null, little endian", DLT_NULL, 4, HEAD(2, 0, 0, 0) },
	{ "null, big endian", DLT_NULL, 6, HEAD(0, 0, 0, 30) },
	{ "loop", DLT_LOOP, 4, HEAD(0, 0, 0, 2) },
	{ "cooked", DLT_LINUX_SLL, 4, HEAD(0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, IP4) },
	{ "cooked, VLAN", DLT_LINUX_SLL, 6,
	  HEAD(0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x81, 0, 0, 7, IP6) },
	{ "cooked 2", 276, 4, HEAD(IP4, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0) },
	{ "PPP", DLT_PPP, 4, HEAD(0xff, 3, 0, 0x21) },
	{ "PPP, all compressed", DLT_PPP, 4, HEAD(0x21) },
	{ "PPP, serial", DLT_PPP_SERIAL, 6, HEAD(0xff, 3, 0, 0x57) },
	{ "PPP with direction", DLT_PPP_PPPD, 4, HEAD(1, 0xff, 3, 0, 0x21) },
	{ "Cisco HDLC", DLT_C_HDLC, 4, HEAD(0x0f, 0, IP4) },
	{ "frame relay", DLT_FRELAY, 4, HEAD(0x18, 0x41, 3, 0xcc) },
	{ "frame relay, SNAP", DLT_FRELAY, 6, HEAD(0x18, 0x41, 3, 0, 0x80, 0, 0, 0, IP6) },
	{ "frame relay, Cisco's", DLT_FRELAY, 4, HEAD(0x18, 0x41, IP4) },
	{ "802.11", DLT_IEEE802_11, 4, HEAD(WLAN_DATA, SNAP, IP4) },
	{ "802.11, QoS", DLT_IEEE802_11, 6, HEAD(WLAN_QOS_DATA, SNAP, IP6) },
	{ "802.11, four addresses", DLT_IEEE802_11, 4, HEAD(WLAN_4_ADDRESSES, SNAP, IP4) },
	{ "radiotap", DLT_IEEE802_11_RADIO, 4, HEAD(0, 0, 9, 0, 0, 0, 0, 0, 7, WLAN_DATA, SNAP, IP4) },
	{ "PPI", DLT_PPI, 4, HEAD(0, 0, 8, 0, 105, 0, 0, 0, WLAN_DATA, SNAP, IP4) },
	{ "AVS", DLT_IEEE802_11_RADIO_AVS, 4,
	  HEAD(0x80, 0x21, 0x10, 1, 0, 0, 0, 8, WLAN_DATA, SNAP, IP4) },
	{ "switch tag of four", 281, 4,
	  HEAD(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0, 0, 0, 1, IP4) },
	{ "switch tag of eight", 285, 4,
	  HEAD(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0xda, 0xda, 0, 0, 0xc0, 1, 0, 0, IP4) },
};

/* The packet behind the head of the link layer; NULL: as Ethernet. */
static void write_pkt(struct writer *w, const struct pkt *p, const struct link_case *link)
{
	u8 built[PKT_BYTES], frame[PKT_BYTES];
	u32 len = pkt_build(p, built);

	if (!link) {
		write_frame(w, built, len);
		return;
	}
	memcpy(frame, link->head, link->len);
	memcpy(frame + link->len, built + ETH_BYTES, len - ETH_BYTES);
	write_frame(w, frame, link->len + len - ETH_BYTES);
}

/* A whole IRC login: three packets of handshake, one from each side. */
static void write_login(struct writer *w, int family, u16 port, const struct link_case *link)
{
	struct pkt p = { .family = family, .client_port = port, .server_port = 80 };
	struct pkt syn = p, answer = p, ack = p, nick = p, welcome = p;

	syn.flags = PKT_SYN;
	answer.flags = PKT_SYN | PKT_ACK;
	answer.from_server = welcome.from_server = true;
	ack.seq = nick.seq = answer.ack = welcome.seq = 1;
	nick.payload = NICK;
	nick.payload_len = sizeof(NICK) - 1;
	welcome.ack = sizeof(NICK);
	welcome.payload = WELCOME;
	welcome.payload_len = sizeof(WELCOME) - 1;
	write_pkt(w, &syn, link);
	write_pkt(w, &answer, link);
	write_pkt(w, &ack, link);
	write_pkt(w, &nick, link);
	write_pkt(w, &welcome, link);
}

static void assert_irc(const struct engine_flow *flow)
{
	assert_int_equal(flow->label.service, IMTC_SERVICE_IRC);
	assert_int_equal(flow->label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(flow->label.confidence, IMTC_CONFIDENCE_PAYLOAD);
}

/* --- link layers --------------------------------------------------------------------- */

static void reads_link_layers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct writer w = writer_open(links[i].dlt);

		write_login(&w, links[i].family, 40000, &links[i]);
		writer_close(&w);
		assert_int_equal(read_back(0), 0);
		if (flow_count != 1)
			fail_msg("%s: %u flows", links[i].name, flow_count);
		assert_irc(&flows[0]);
		assert_int_equal(flows[0].packets, 5);
	}
}

/* What of a link layer's head is cut off, or is no IP, is passed over. */
static void survives_short_frames(void **state)
{
	u8 frame[PKT_BYTES];
	struct pkt p = { .payload = NICK, .payload_len = sizeof(NICK) - 1 };
	u32 len = pkt_build(&p, frame) - ETH_BYTES;

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct writer w = writer_open(links[i].dlt);
		u8 all[PKT_BYTES];

		memcpy(all, links[i].head, links[i].len);
		memcpy(all + links[i].len, frame + ETH_BYTES, len);
		for (u32 n = 0; n < links[i].len + len; n++)
			write_frame(&w, all, n);
		memset(all, 0xff, sizeof(all));
		write_frame(&w, all, 200);
		memset(all, 0, sizeof(all));
		write_frame(&w, all, 200);
		writer_close(&w);
		assert_int_equal(read_back(0), 0);
		for (u32 k = 0; k < flow_count; k++)
			assert_int_equal(flows[k].label.service, 0);
	}
}

static void says_which_link_layers_it_has_not(void **state)
{
	struct writer w = writer_open(DLT_USB_LINUX);
	struct capture *capture;
	char sentence[256];

	(void)state;
	write_frame(&w, (const u8 *)NICK, 20);
	writer_close(&w);
	assert_int_equal(read_back(0), 0);
	assert_int_equal(flow_count, 0);
	capture = capture_open(path, sentence, sizeof(sentence));
	assert_false(capture_link_is_known(capture));
	assert_string_equal(capture_link_name(capture), "USB_LINUX");
	capture_close(capture);
}

/* --- files --------------------------------------------------------------------------- */

static void put32(FILE *f, u32 value)
{
	assert_int_equal(fwrite(&value, sizeof(value), 1, f), 1);
}

/* A block of the pcapng format (draft-ietf-opsawg-pcapng 3.1). */
static void put_block(FILE *f, u32 type, const void *body, u32 len)
{
	u32 padded = (len + 3) & ~3U;
	const u8 zero[4] = { 0 };

	put32(f, type);
	put32(f, padded + 12);
	assert_int_equal(fwrite(body, len, 1, f), 1);
	assert_int_equal(fwrite(zero, 1, padded - len, f), padded - len);
	put32(f, padded + 12);
}

/* One packet, an interface that counts nanoseconds (option 9), two names of no use. */
static void reads_pcapng(void **state)
{
	struct pkt p = { .payload = NICK, .payload_len = sizeof(NICK) - 1 };
	u32 section[4] = { 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff };
	u32 device[5] = { DLT_EN10MB, 65535, 9 | 1 << 16, 9, 0 };
	u32 packet[5 + PKT_BYTES / 4] = { 0 };
	FILE *f = fopen(path, "we");
	u32 len = pkt_build(&p, (u8 *)(packet + 5));

	(void)state;
	packet[1] = (u32)(FIRST_NS >> 32);
	packet[2] = (u32)FIRST_NS;
	packet[3] = packet[4] = len;
	assert_non_null(f);
	put_block(f, 0x0a0d0d0a, section, sizeof(section));
	put_block(f, 1, device, sizeof(device));
	put_block(f, 5, section, sizeof(section));	/* statistics: passed over */
	put_block(f, 6, packet, 20 + len);
	fclose(f);
	assert_int_equal(read_back(0), 0);
	assert_int_equal(flow_count, 1);
	assert_irc(&flows[0]);
	assert_int_equal(flows[0].first_ns, FIRST_NS);
}

static void reads_files_cut_short(void **state)
{
	struct writer w = writer_open(DLT_EN10MB);
	long size;
	FILE *f;

	(void)state;
	write_login(&w, 4, 40000, NULL);
	writer_close(&w);
	f = fopen(path, "r+e");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	assert_int_equal(ftruncate(fileno(f), size - 10), 0);
	fclose(f);
	assert_int_equal(read_back(0), -1);
	assert_int_equal(flow_count, 1);
	assert_irc(&flows[0]);
	assert_int_equal(flows[0].packets, 4);
}

static void refuses_what_is_no_capture(void **state)
{
	FILE *f = fopen(path, "we");
	char sentence[256] = "";

	(void)state;
	assert_non_null(f);
	fputs("no capture at all, but a text of some length\n", f);
	fclose(f);
	assert_null(capture_open(path, sentence, sizeof(sentence)));
	assert_true(strlen(sentence) > 0);
}

/* The packet says it is longer than what was kept of it. */
static void reads_packets_cut_short(void **state)
{
	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct pkt p = { .family = family };
		struct writer w = writer_open(DLT_EN10MB);

		w.snaplen = pkt_l4(&p) + 20 + sizeof(NICK) - 1;
		p.payload = NICK WELCOME;
		p.payload_len = sizeof(NICK WELCOME) - 1;
		write_pkt(&w, &p, NULL);
		writer_close(&w);
		assert_int_equal(read_back(0), 0);
		assert_int_equal(flow_count, 1);
		assert_irc(&flows[0]);
	}
}

/* --- flows --------------------------------------------------------------------------- */

static void counts_a_flow(void **state)
{
	static const u8 client[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };
	static const u8 server[16] = { [10] = 0xff, 0xff, 10, 0, 0, 2 };
	struct writer w = writer_open(DLT_EN10MB);
	const struct engine_flow *flow = &flows[0];

	(void)state;
	write_login(&w, 4, 40000, NULL);
	writer_close(&w);
	assert_int_equal(read_back(0), 0);
	assert_int_equal(flow_count, 1);
	assert_memory_equal(flow->client, client, sizeof(client));
	assert_memory_equal(flow->server, server, sizeof(server));
	assert_int_equal(flow->client_port, 40000);
	assert_int_equal(flow->server_port, 80);
	assert_int_equal(flow->l4, 6);
	assert_int_equal(flow->packets, 5);
	assert_int_equal(flow->bytes, 5 * 40 + sizeof(NICK) - 1 + sizeof(WELCOME) - 1);
	assert_int_equal(flow->payload_packets, 2);
	assert_int_equal(flow->payload_packets_to_label, 1);
	assert_int_equal(flow->first_ns, FIRST_NS);
	assert_int_equal(flow->last_ns, FIRST_NS + 4 * STEP_NS);
	assert_non_null(strstr(flow->clue, "dissector irc"));
}

/* The same ports again: a flow of its own. */
static void tells_connections_apart(void **state)
{
	struct writer w = writer_open(DLT_EN10MB);

	(void)state;
	write_login(&w, 4, 40000, NULL);
	write_login(&w, 4, 40000, NULL);
	writer_close(&w);
	assert_int_equal(read_back(0), 0);
	assert_int_equal(flow_count, 2);
	for (u32 i = 0; i < 2; i++) {
		assert_irc(&flows[i]);
		assert_int_equal(flows[i].packets, 5);
		assert_int_equal(flows[i].payload_packets_to_label, 1);
		assert_int_equal(flows[i].first_ns, FIRST_NS + i * 5 * STEP_NS);
	}
}

/* A table for two flows: none is lost, the first to be left alone is told first. */
static void reports_what_it_lets_go(void **state)
{
	struct writer w = writer_open(DLT_EN10MB);

	(void)state;
	for (u16 i = 0; i < 7; i++)
		write_login(&w, i & 1 ? 6 : 4, (u16)(40000 + i), NULL);
	writer_close(&w);
	assert_int_equal(read_back(2), 0);
	assert_int_equal(flow_count, 7);
	assert_int_equal(flows[0].client_port, 40000);
	for (u32 i = 0; i < 7; i++)
		assert_irc(&flows[i]);
}

/* Nothing of one file is left for the next. */
static void forgets(void **state)
{
	struct pkt p = { .payload = "x", .payload_len = 1 };
	struct writer w = writer_open(DLT_EN10MB);

	(void)state;
	write_login(&w, 4, 40000, NULL);
	writer_close(&w);
	read_back(0);
	w = writer_open(DLT_EN10MB);
	p.server_port = 80;
	write_pkt(&w, &p, NULL);
	writer_close(&w);
	read_back(0);
	assert_int_equal(flow_count, 1);
	assert_int_equal(flows[0].label.service, 0);
	assert_int_equal(flows[0].payload_packets_to_label, 0);
}

/* --- rows ---------------------------------------------------------------------------- */

static void assert_row(const struct engine_flow *flow, bool explain, const char *text)
{
	struct json_object *row = row_of_flow(flow, explain);

	assert_string_equal(json_object_to_json_string_ext(row, JSON_C_TO_STRING_PLAIN), text);
	json_object_put(row);
}

static void makes_rows(void **state)
{
	struct engine_flow flow = {
		.client = { [10] = 0xff, 0xff, 192, 0, 2, 1 }, .server = { 0x20, 1, [15] = 1 },
		.client_port = 1, .server_port = 65535, .l4 = 17, .packets = 3, .bytes = 300,
		.first_ns = FIRST_NS, .last_ns = FIRST_NS + 1,
	};

	(void)state;
	assert_row(&flow, false,
		   "{\"l4\":\"udp\",\"client\":\"192.0.2.1\",\"client_port\":1,"
		   "\"server\":\"2001::1\",\"server_port\":65535,\"service\":null,"
		   "\"sharing\":null,\"feature\":null,\"confidence\":null,\"encrypted\":null,"
		   "\"credentials\":false,\"domain\":null,\"client_name\":null,\"via\":[],"
		   "\"packets\":3,\"bytes\":300,\"packets_to_label\":null,"
		   "\"first_ts\":1700000000.123456789,\"last_ts\":1700000000.123456790}");
	flow.l4 = 6;
	flow.label = (struct imtc_label){
		.service = IMTC_SERVICE_XMPP, .feature = IMTC_FEATURE_FILE,
		.confidence = IMTC_CONFIDENCE_PAYLOAD, .encryption = IMTC_ENCRYPTION_PENDING,
		.flags = IMTC_LABEL_CREDENTIALS,
	};
	flow.payload_packets_to_label = 2;
	flow.via = IMTC_LAYER_CONNECT | IMTC_LAYER_SOCKS5;
	strcpy(flow.domain, "xmpp.example");
	strcpy(flow.client_name, "Gajim 1.7");
	strcpy(flow.clue, "because");
	assert_row(&flow, true,
		   "{\"l4\":\"tcp\",\"client\":\"192.0.2.1\",\"client_port\":1,"
		   "\"server\":\"2001::1\",\"server_port\":65535,\"service\":\"xmpp\","
		   "\"sharing\":null,\"feature\":\"file\",\"confidence\":\"payload\","
		   "\"encrypted\":false,\"credentials\":true,\"domain\":\"xmpp.example\","
		   "\"client_name\":\"Gajim 1.7\",\"via\":[\"socks5\",\"connect\"],"
		   "\"packets\":3,\"bytes\":300,\"packets_to_label\":2,"
		   "\"first_ts\":1700000000.123456789,\"last_ts\":1700000000.123456790,"
		   "\"explain\":\"because\"}");
}

/* File sharing stands beside IM: not a service, but said. */
static void tells_sharing_apart(void **state)
{
	struct engine_flow flow = { .label = { .service = IMTC_SERVICE_BITTORRENT } };
	struct json_object *row = row_of_flow(&flow, false), *value;

	(void)state;
	assert_true(json_object_object_get_ex(row, "service", &value));
	assert_null(value);
	assert_true(json_object_object_get_ex(row, "sharing", &value));
	assert_string_equal(json_object_get_string(value), "bittorrent");
	json_object_put(row);
}

static int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	return fd < 0 ? -1 : 0;
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_link_layers),
		cmocka_unit_test(survives_short_frames),
		cmocka_unit_test(says_which_link_layers_it_has_not),
		cmocka_unit_test(reads_pcapng),
		cmocka_unit_test(reads_files_cut_short),
		cmocka_unit_test(refuses_what_is_no_capture),
		cmocka_unit_test(reads_packets_cut_short),
		cmocka_unit_test(counts_a_flow),
		cmocka_unit_test(tells_connections_apart),
		cmocka_unit_test(reports_what_it_lets_go),
		cmocka_unit_test(forgets),
		cmocka_unit_test(makes_rows),
		cmocka_unit_test(tells_sharing_apart),
	};

	return cmocka_run_group_tests_name("classify", tests, make_path, remove_path);
}
