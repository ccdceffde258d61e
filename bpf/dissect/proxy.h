/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PROXY protocol (HAProxy's proxy-protocol.txt): a line or a header in front
 * of what the client says, put there by a load balancer. Peeled.
 */
#ifndef IMTC_DISSECT_PROXY_H
#define IMTC_DISSECT_PROXY_H

#include "scan.h"

/* The longest line of version 1, with CRLF (2.1). */
#define PROXY_LINE_BYTES 107

struct proxy_walk {
	u32 end;
	u8 bad;
} IMTC_WALK;

static long proxy_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct proxy_walk *w = imtc_walk(v);
	u8 byte = imtc_byte(v, i);

	if (i >= v->len)
		return 1;
	if (byte == '\n')
		w->end = i + 1;
	w->bad = byte != '\r' && byte != '\n' && (byte < ' ' || byte > '~');
	return w->end || w->bad;
}

static __always_inline int proxy_best(int a, int b)
{
	return a > b ? a : b;
}

/* "PROXY TCP4 source destination port port" */
static __always_inline int proxy_line(struct imtc_view *v)
{
	struct proxy_walk *w = imtc_walk(v);
	int answer = imtc_match(v, 0, "PROXY TCP4 ");

	answer = proxy_best(answer, imtc_match(v, 0, "PROXY TCP6 "));
	answer = proxy_best(answer, imtc_match(v, 0, "PROXY UNKNOWN"));
	if (answer != IMTC_MATCH)
		return answer;
	w->end = 0;
	w->bad = 0;
	imtc_loop(v, PROXY_LINE_BYTES, proxy_byte);
	if (w->bad || (!w->end && v->len >= PROXY_LINE_BYTES))
		return IMTC_NO;
	if (!w->end)
		return IMTC_MORE;
	v->layer = IMTC_LAYER_PROXY;
	v->skip = w->end;
	return IMTC_PEEL;
}

/* Twelve bytes, version and command, family, length (2.2). */
static __always_inline int proxy_header(struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\r\n\r\n\0\r\nQUIT\n");

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len > 12 && imtc_byte(v, 12) >> 4 != 2)
		return IMTC_NO;
	if (v->len < 16)
		return IMTC_MORE;
	if ((imtc_byte(v, 12) & 15) > 1 || imtc_byte(v, 13) >> 4 > 3)
		return IMTC_NO;
	v->layer = IMTC_LAYER_PROXY;
	v->skip = 16 + imtc_be16(v, 14);
	return v->skip > v->len ? IMTC_MORE : IMTC_PEEL;
}

IMTC_DISSECTOR(proxy)(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	return imtc_byte(v, 0) == 'P' ? proxy_line(v) : proxy_header(v);
}

#endif /* IMTC_DISSECT_PROXY_H */
