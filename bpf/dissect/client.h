/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The client's name and version put together in view.client from more than one
 * place of a payload: printable ASCII, cut to fit. Where all of it stands in one
 * place, imtc_client_take() (scan.h) is enough. Nothing that knows a protocol.
 */
#ifndef IMTC_DISSECT_CLIENT_H
#define IMTC_DISSECT_CLIENT_H

#include "scan.h"

/* The last byte stays 0, so that the field is a string as well. */
#define IMTC_CLIENT_MAX (IMTC_CLIENT_BYTES - 1)

/* Appends a byte; false once there is no room. What is not printable becomes '?'. */
static __always_inline int imtc_client_put(struct imtc_view *v, u8 c)
{
	u32 n = v->client_len;

	if (n >= IMTC_CLIENT_MAX)
		return 0;
	v->client[n] = c >= ' ' && c < 0x7f ? (char)c : '?';
	v->client_len = (u8)(n + 1);
	return 1;
}

/* Appends a literal, as the name of a product that the payload gives only a number of. */
#define imtc_client_add(v, literal) imtc_client_add_bytes(v, literal, sizeof(literal) - 1)

static __always_inline void imtc_client_add_bytes(struct imtc_view *v, const char *bytes,
						  const u32 len)
{
	IMTC_UNROLL
	for (u32 k = 0; k < len; k++)
		imtc_client_put(v, (u8)bytes[k]);
}

struct imtc_client_walk {
	u32 from;
	u8 stop;	/* a byte that ends the text, besides those below ' ' */
} IMTC_WALK;

static long imtc_client_step(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct imtc_client_walk *r = imtc_walk_inner(v);
	u8 byte = imtc_byte(v, r->from + i);

	if (r->from + i >= v->len || byte < ' ' || byte == r->stop)
		return 1;
	return !imtc_client_put(v, byte);
}

/*
 * Appends the text at `from`, of no more than len bytes, up to a control byte or
 * to `stop`. Uses the inner scratch words.
 */
IMTC_GLOBAL int imtc_client_text(struct imtc_view *v, u32 from, u32 len, u8 stop)
{
	struct imtc_client_walk *r;

	if (!v)
		return 0;
	r = imtc_walk_inner(v);
	r->from = from;
	r->stop = stop;
	imtc_loop(v, len < IMTC_CLIENT_MAX ? len : IMTC_CLIENT_MAX, imtc_client_step);
	return 0;
}

static long imtc_client_digit_at(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	u32 *found = imtc_walk_inner(v);

	if (i >= IMTC_CLIENT_BYTES)
		return 1;
	*found = (u32)imtc_is_digit((u8)v->client[i]);
	return *found;
}

/* Does view.client hold a number already? Uses the inner scratch words. */
IMTC_GLOBAL int imtc_client_has_digit(struct imtc_view *v)
{
	u32 *found;

	if (!v)
		return 0;
	found = imtc_walk_inner(v);
	*found = 0;
	imtc_loop(v, IMTC_CLIENT_MAX, imtc_client_digit_at);
	return (int)*found;
}

static long imtc_client_digit(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	u32 *number = imtc_walk_inner(v);
	u32 power = number[1];

	(void)i;
	number[1] = power / 10;
	if (!power)
		return 1;
	if (number[0] >= power || power == 1 || number[2]) {
		number[2] = 1;
		imtc_client_put(v, (u8)('0' + number[0] / power % 10));
	}
	return 0;
}

/* Appends a number in decimal. Uses the inner scratch words. */
IMTC_GLOBAL int imtc_client_number(struct imtc_view *v, u32 value)
{
	u32 *number;

	if (!v)
		return 0;
	number = imtc_walk_inner(v);
	number[0] = value % 100000;	/* versions have no more */
	number[1] = 10000;
	number[2] = 0;
	imtc_loop(v, 5, imtc_client_digit);
	return 0;
}

#endif /* IMTC_DISSECT_CLIENT_H */
