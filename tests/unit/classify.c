// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl classify over captures that the test writes: pcapng, packets and files cut
 * short, and what is counted of a flow.
 */
#include "capture_file.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_pcapng),
		cmocka_unit_test(reads_files_cut_short),
		cmocka_unit_test(refuses_what_is_no_capture),
		cmocka_unit_test(reads_packets_cut_short),
		cmocka_unit_test(counts_a_flow),
		cmocka_unit_test(tells_connections_apart),
		cmocka_unit_test(reports_what_it_lets_go),
		cmocka_unit_test(forgets),
	};

	return cmocka_run_group_tests_name("classify", tests, make_path, remove_path);
}
