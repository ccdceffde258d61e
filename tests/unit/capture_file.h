/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Captures that a test writes, frame by frame, with any link layer's head in front;
 * and what is read back of them: the flows.
 */
#ifndef IMTC_TESTS_UNIT_CAPTURE_FILE_H
#define IMTC_TESTS_UNIT_CAPTURE_FILE_H

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

static inline struct writer writer_open(int dlt)
{
	struct writer w = { .now_ns = FIRST_NS, .snaplen = 65535 };

	w.dead = pcap_open_dead_with_tstamp_precision(dlt, 65535, PCAP_TSTAMP_PRECISION_NANO);
	assert_non_null(w.dead);
	w.dumper = pcap_dump_open(w.dead, path);
	assert_non_null(w.dumper);
	return w;
}

static inline void write_frame(struct writer *w, const u8 *frame, u32 len)
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

static inline void writer_close(struct writer *w)
{
	pcap_dump_close(w->dumper);
	pcap_close(w->dead);
}

/* --- reading ------------------------------------------------------------------------- */

static inline void on_flow(const struct engine_flow *flow, void *context)
{
	(void)context;
	assert_true(flow_count < FLOWS_MAX);
	flows[flow_count++] = *flow;
}

/* Reads the file; the answer of the last capture_next(). */
static inline int read_back(u32 flows_at_once)
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

/* The packet behind the head of the link layer; NULL: as Ethernet. */
static inline void write_pkt(struct writer *w, const struct pkt *p, const struct link_case *link)
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
static inline void write_login(struct writer *w, int family, u16 port, const struct link_case *link)
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

static inline void assert_irc(const struct engine_flow *flow)
{
	assert_int_equal(flow->label.service, IMTC_SERVICE_IRC);
	assert_int_equal(flow->label.feature, IMTC_FEATURE_CHAT);
	assert_int_equal(flow->label.confidence, IMTC_CONFIDENCE_PAYLOAD);
}

/* --- fixtures ------------------------------------------------------------------------ */

static inline int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	return fd < 0 ? -1 : 0;
}

static inline int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

#endif /* IMTC_TESTS_UNIT_CAPTURE_FILE_H */
