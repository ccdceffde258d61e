/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WebSocket frames (RFC 6455 5.2), once an upgrade was seen (http.h): the frame's
 * header is peeled and its payload a message of its own, unmasked in place. The
 * parts of a fragmented message are taken for messages; what a frame that is
 * compressed (RFC 7692) says is passed over, as are control frames.
 */
#ifndef IMTC_DISSECT_WEBSOCKET_H
#define IMTC_DISSECT_WEBSOCKET_H

#include "scan.h"

#define WEBSOCKET_FIN 0x80
#define WEBSOCKET_COMPRESSED 0x40
#define WEBSOCKET_RESERVED 0x30
#define WEBSOCKET_MASKED 0x80
/* Opcodes: continuation, text, binary; close, ping, pong. */
#define WEBSOCKET_DATA_MAX 2
#define WEBSOCKET_CONTROL 8
#define WEBSOCKET_CONTROL_MAX 10
#define WEBSOCKET_CONTROL_BYTES 125
/* Frames that are longer are files; they are passed over to their end. */
#define WEBSOCKET_BYTES_MAX (1U << 19)
/* Of a payload so much is waited for. */
#define WEBSOCKET_ENOUGH_BYTES 2048

struct websocket_walk {
	u32 from;	/* of the payload */
	u32 key;	/* where the masking key is */
} IMTC_WALK;

/* RFC 6455 5.3: byte i of the payload is XORed with byte i mod 4 of the key. */
static long websocket_unmask(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct websocket_walk *w = imtc_walk(v);
	u32 at = v->start + w->from + i;

	v->data[at & IMTC_VIEW_MASK] ^= imtc_byte(v, w->key + (i & 3));
	return 0;
}

/* Bytes of the header; 0: it is cut. */
static __always_inline u32 websocket_header(const struct imtc_view *v)
{
	u32 size = imtc_byte(v, 1) & 0x7f, header = 2;

	if (size == 126)
		header = 4;
	else if (size == 127)
		header = 10;
	if (imtc_byte(v, 1) & WEBSOCKET_MASKED)
		header += 4;
	return v->len < header ? 0 : header;
}

static __always_inline u32 websocket_size(const struct imtc_view *v)
{
	u32 size = imtc_byte(v, 1) & 0x7f;

	if (size == 126)
		return imtc_be16(v, 2);
	if (size == 127)
		return imtc_be32(v, 2) ? ~0U : imtc_be32(v, 6);
	return size;
}

/* What the first two bytes of a frame can be. The client masks, the server does not (5.1). */
static __always_inline int websocket_may_begin(const struct imtc_view *v)
{
	u8 first = imtc_byte(v, 0), opcode = first & 15;

	if (first & WEBSOCKET_RESERVED)
		return 0;
	if (opcode > WEBSOCKET_DATA_MAX &&
	    (opcode < WEBSOCKET_CONTROL || opcode > WEBSOCKET_CONTROL_MAX ||
	     !(first & WEBSOCKET_FIN) || first & WEBSOCKET_COMPRESSED))
		return 0;
	return v->len < 2 ||
	       !(imtc_byte(v, 1) & WEBSOCKET_MASKED) == (v->direction == IMTC_DIR_SERVER);
}

/* A frame; PEEL with the payload as v->body. Also the first thing second faces need. */
IMTC_GLOBAL int imtc_websocket_frame(struct imtc_view *v)
{
	struct websocket_walk *w;
	u32 header, size, here;

	if (!v || !websocket_may_begin(v))
		return IMTC_NO;
	header = websocket_header(v);
	if (v->len < 2 || !header)
		return IMTC_MORE;
	size = websocket_size(v);
	if (size > WEBSOCKET_BYTES_MAX)
		return IMTC_NO;
	v->layer = IMTC_LAYER_WEBSOCKET;
	v->skip = header + size;
	v->body = 0;
	if (imtc_byte(v, 0) & WEBSOCKET_COMPRESSED || imtc_byte(v, 0) & WEBSOCKET_CONTROL || !size)
		return imtc_byte(v, 0) & WEBSOCKET_CONTROL && size > WEBSOCKET_CONTROL_BYTES ?
		       IMTC_NO : IMTC_PEEL;
	here = v->len - header;
	if (here < size && here < WEBSOCKET_ENOUGH_BYTES && !v->complete)
		return IMTC_MORE;
	if (here > size)
		here = size;
	if (imtc_byte(v, 1) & WEBSOCKET_MASKED) {
		w = imtc_walk(v);
		w->from = header;
		w->key = header - 4;
		imtc_loop(v, here < IMTC_VIEW_BYTES ? here : IMTC_VIEW_BYTES, websocket_unmask);
	}
	v->skip = header;
	v->body = size;
	return IMTC_PEEL;
}

IMTC_DISSECTOR(websocket)(struct imtc_view *v)
{
	if (!v || !(v->via & IMTC_LAYER_WEBSOCKET))
		return IMTC_NO;
	return imtc_websocket_frame(v);
}

#endif /* IMTC_DISSECT_WEBSOCKET_H */
