/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the reading of QUIC Initials. The first byte says how the rest is shown:
 * as a datagram, of which nothing may be believed; or as frames, sealed as a client
 * would, which must come out as they went in and be put together as a simple
 * reader of them does it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include "quic/crypto_frames.h"
#include "quic/initial.h"
#include "vectors/quic.h"

/* Bits of the first byte; the lower ones are lengths in the header. */
#define FUZZ_FRAMES 0x80
#define FUZZ_VERSION_2 0x40

static struct imtc_quic quic;
static struct imtc_stream stream;
static struct imtc_view view;
static u8 model[IMTC_VIEW_BYTES + 64];
static u8 has[IMTC_VIEW_BYTES + 64];

static void must(int holds)
{
	if (!holds)
		abort();
}

static void show(const u8 *bytes, u32 len)
{
	memset(&view, 0, offsetof(struct imtc_view, scratch));
	view.len = len;
	memcpy(view.data, bytes, len);
	quic.packet.at = 0;
}

/* Opens what is at quic.packet.at with the keys of its own connection ID. */
static int open_packet(void)
{
	if (quic_header(&view, &quic.packet, view.len) != QUIC_KIND_INITIAL)
		return 0;
	must(quic.packet.end <= view.len && quic.packet.number_at <= quic.packet.end);
	quic.keys.version = quic.packet.version;
	quic.keys.dcid_len = quic.packet.dcid_len;
	memcpy(quic.keys.dcid, quic.packet.dcid, sizeof(quic.keys.dcid));
	quic_derive(&quic.hkdf, &quic.keys);
	return quic_open(&view, &quic, &quic.keys);
}

/* A datagram of anybody's: read to its end or refused, and refused unchanged. */
static void try_datagram(const u8 *data, u32 len)
{
	static u8 before[IMTC_VIEW_BYTES];
	int kind;

	show(data, len);
	memcpy(before, view.data, sizeof(before));
	if (!open_packet())
		must(!memcmp(before, view.data, sizeof(before)));
	for (u32 i = 0; i < 32; i++) {
		kind = quic_header(&view, &quic.packet, view.len);
		if (kind == QUIC_KIND_END)
			break;
		must(quic.packet.end > quic.packet.at);
		quic.packet.at = quic.packet.end;
	}
}

/* --- a simple reader of frames ----------------------------------------------------- */

static const u8 *at, *end;

static u64 model_number(void)
{
	u32 bytes = at < end ? 1U << (*at >> 6) : 1;
	u64 value = 0;

	if ((size_t)(end - at) < bytes) {
		at = NULL;
		return 0;
	}
	value = *at++ & 0x3f;
	while (--bytes)
		value = value << 8 | *at++;
	return value;
}

static bool model_crypto(void)
{
	u64 offset, len = 0;

	offset = model_number();
	if (at)
		len = model_number();
	if (!at || len > (u64)(end - at))
		return false;
	for (u64 i = 0; i < len; i++, at++) {
		if (offset > QUIC_HELLO_BYTES || offset + i >= sizeof(model) || has[offset + i])
			continue;
		has[offset + i] = 1;
		model[offset + i] = *at;
	}
	return true;
}

static bool model_numbers(u64 count)
{
	while (at && count--)
		model_number();
	return at;
}

static bool model_ack(u8 type)
{
	u64 ranges;

	if (!model_numbers(2))
		return false;
	ranges = model_number();
	if (!at || !model_numbers(1) || ranges > quic.frames.len)
		return false;
	return model_numbers(2 * ranges + (type == 3 ? 3 : 0));
}

static void model_read(const u8 *frames, u32 len)
{
	bool goes_on = true;

	at = frames;
	end = frames + len;
	while (goes_on && at < end) {
		u8 type = *at++;

		goes_on = type <= 1 || (type == 6 && model_crypto()) ||
			  ((type == 2 || type == 3) && model_ack(type));
	}
}

static void compare(void)
{
	u32 whole = 0;

	while (whole < QUIC_HELLO_BYTES && has[whole])
		whole++;
	must(stream.view.len >= whole && stream.view.len < whole + 64);
	if (whole < QUIC_HELLO_BYTES)
		must(stream.view.len == whole);
	for (u32 i = 0; i < QUIC_HELLO_BYTES; i++) {
		must((stream.have[i / 64] >> (i % 64) & 1) == has[i]);
		if (has[i])
			must(stream.view.data[i] == model[i]);
	}
}

/* Frames, in one packet, and once more with what they were in another. */
static void try_frames(const u8 *frames, u32 len, u8 how)
{
	struct quic_initial initial = {
		.version = how & FUZZ_VERSION_2 ? QUIC_V2 : QUIC_V1, .dcid = "imtc fuzzes QUIC",
		.dcid_len = how & 15, .number_len = 1 + (how >> 4 & 3), .number = how,
		.token_len = how & 3 ? how : 0,
	};
	static u8 packet[QUIC_PACKET_BYTES + IMTC_VIEW_BYTES];
	u32 total = quic_seal(&initial, frames, len, packet);

	memset(stream.have, 0, sizeof(stream.have));
	stream.view.len = 0;
	memset(has, 0, sizeof(has));
	show(packet, total);
	must(open_packet());
	must(quic.frames.len == len && !memcmp(quic.plain, frames, len));
	quic_take_frames(&quic, &stream);
	model_read(frames, len);
	compare();
	show(packet, total);
	must(open_packet());
	quic.frames.differs = 0;
	must(!quic_take_frames(&quic, &stream));
	compare();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 5 || size > 1600)
		return 0;
	if (data[0] & FUZZ_FRAMES)
		try_frames(data + 1, (u32)size - 1, data[0]);
	else
		try_datagram(data + 1, (u32)size - 1);
	return 0;
}
