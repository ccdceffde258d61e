// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the data path as a whole: parser, flows, stream prefixes, layers,
 * dissectors, names. The input is a list of packets of a few flows, each with its
 * place in the stream, or of raw frames. What must hold for any of them is
 * checked, not only that nothing crashes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/pkt_build.h"
#include "classify/engine.h"
#include "dissect/scan.h"
#include "signature.h"

/* The first byte of a packet: bits of what it is. */
#define OP_SERVER 0x01
#define OP_UDP 0x02
#define OP_IPV6 0x04
#define OP_SYN 0x08
#define OP_FIN 0x10
#define OP_RAW 0x20	/* a frame as it is */
#define OP_BACK 0x40	/* begins before where it belongs, by the next byte */
#define OP_AHEAD 0x80	/* and behind; with both: the next byte is the port */

#define PACKETS_MAX 64

struct input {
	const uint8_t *data;
	size_t left;
};

/* The stream of one direction: where the next byte belongs. */
static u32 next_seq[2][2][2];	/* by family, transport, direction */

static u32 packets, reported;

static void must(int holds)
{
	if (!holds)
		abort();
}

static u8 take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* --- what must hold ------------------------------------------------------------------- */

static void check_text(const char *text, size_t size, int host)
{
	must(memchr(text, 0, size) != NULL);
	for (; *text; text++)
		must(host ? imtc_is_host_byte((u8)*text) && imtc_lower((u8)*text) == (u8)*text :
			    *text >= 0x20 && *text < 0x7f);
}

static void check_label(const struct imtc_label *label)
{
	must(label->service < IMTC_SERVICE_MAX && label->feature < IMTC_FEATURE_MAX);
	must(label->confidence <= IMTC_CONFIDENCE_PAYLOAD);
	must(label->encryption <= IMTC_ENCRYPTION_ENCRYPTED);
	must(!label->confidence == !label->service);
}

static void on_flow(const struct engine_flow *flow, void *context)
{
	(void)context;
	check_label(&flow->label);
	check_text(flow->domain, sizeof(flow->domain), 1);
	check_text(flow->client_name, sizeof(flow->client_name), 0);
	must(flow->l4 == IMTC_L4_TCP || flow->l4 == IMTC_L4_UDP);
	must(flow->payload_packets_to_label <= flow->payload_packets);
	must(!flow->payload_packets_to_label == !flow->label.service);
	must(flow->payload_packets <= flow->packets);
	must(flow->first_ns <= flow->last_ns);
	reported += flow->packets;
}

static void check_last(void)
{
	const struct imtc_flow *flow = engine_last();

	if (!flow)
		return;
	packets++;
	check_label(&flow->label);
	must(flow->state <= IMTC_FLOW_WATCHED);
}

/* --- packets ------------------------------------------------------------------------------ */

static void run_raw(struct input *in, u64 now_ns)
{
	u8 frame[256];
	u32 len = take(in);

	if (len > in->left)
		len = (u32)in->left;
	memcpy(frame, in->data, len);
	in->data += len;
	in->left -= len;
	engine_frame(frame, len, now_ns);
	check_last();
}

static u32 payload_len(struct input *in)
{
	u32 len = take(in);

	/* The upper half of the lengths is in steps: a stream prefix has 4 KiB. */
	if (len >= 128)
		len = 128 + (len - 128) * 10;
	return len < in->left ? len : (u32)in->left;
}

static void run_built(struct input *in, u8 op, u64 now_ns)
{
	struct pkt p = { .family = op & OP_IPV6 ? 6 : 4, .l4 = op & OP_UDP ? 17 : 6 };
	u32 *seq = &next_seq[!!(op & OP_IPV6)][!!(op & OP_UDP)][op & OP_SERVER];
	u8 frame[PKT_BYTES], shift = op & (OP_BACK | OP_AHEAD) ? take(in) : 0;
	bool is_port = (op & OP_BACK) && (op & OP_AHEAD);

	p.from_server = op & OP_SERVER;
	p.client_port = 40000;
	p.server_port = is_port ? shift : 443;
	p.flags = (op & OP_SYN ? PKT_SYN : 0) | (op & OP_FIN ? PKT_FIN : 0) |
		  (op & OP_SYN && !p.from_server ? 0 : PKT_ACK);
	p.seq = *seq + (is_port ? 0 : op & OP_AHEAD ? shift * 16U : op & OP_BACK ? -(u32)shift : 0);
	p.payload_len = payload_len(in);
	p.payload = in->data;
	in->data += p.payload_len;
	in->left -= p.payload_len;
	if (!is_port)
		*seq = p.seq + p.payload_len + !!(op & OP_SYN);
	engine_frame(frame, pkt_build(&p, frame), now_ns);
	must(engine_last() != NULL);
	check_last();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct signature names[] = {
		{ .text = "org", .value = { .service = IMTC_SERVICE_SLACK } },
		{ .text = "example.net", .value = { .service = IMTC_SERVICE_WEBEX } },
	};
	static const struct signatures signatures = { .entries = names, .count = 2 };
	struct engine_setup setup = { .signatures = &signatures, .report = on_flow };
	struct input in = { .data = data, .left = size };
	u64 now_ns = 1000000000;

	memset(next_seq, 0, sizeof(next_seq));
	packets = reported = 0;
	must(!engine_start(&setup));
	for (int i = 0; i < PACKETS_MAX && in.left; i++, now_ns += 1000000) {
		u8 op = take(&in);

		if (op & OP_RAW)
			run_raw(&in, now_ns);
		else
			run_built(&in, op, now_ns);
	}
	engine_end();
	/* Each packet is in one flow that was told. */
	must(reported == packets);
	return 0;
}
