/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gnutella's datagrams: messages with the header that they have over TCP
 * (protocol 0.4), and Gnutella2's packets.
 */
#ifndef IMTC_DISSECT_GNUTELLA_UDP_H
#define IMTC_DISSECT_GNUTELLA_UDP_H

#include "scan.h"

#define GNUTELLA_HEADER 23

static __always_inline int gnutella_is_type(u8 type)
{
	/* ping, pong, push, query, answer, the vendors' two */
	return type == 0x00 || type == 0x01 || type == 0x40 || type == 0x80 || type == 0x81 ||
	       type == 0x31 || type == 0x32;
}

/*
 * An id of 16 bytes, whose byte 8 is ff and whose last is 0 in all nodes but the
 * first ones; type, hops to go, hops gone, length (LE) of what follows.
 */
static __always_inline int gnutella_message(const struct imtc_view *v)
{
	u32 rest = v->len - GNUTELLA_HEADER;

	if (v->len < GNUTELLA_HEADER || imtc_byte(v, 8) != 0xff || imtc_byte(v, 15) != 0)
		return IMTC_NO;
	if (!gnutella_is_type(imtc_byte(v, 16)))
		return IMTC_NO;
	if (imtc_byte(v, 17) > 10 || imtc_byte(v, 18) > 10)
		return IMTC_NO;
	if (imtc_byte(v, 19) != (rest & 0xff) || imtc_byte(v, 20) != rest >> 8)
		return IMTC_NO;
	return imtc_be16(v, 21) == 0 ? IMTC_MATCH : IMTC_NO;
}

/* "GND", flags, number, part, parts; an acknowledgement is of 0 parts and ends there. */
static __always_inline int gnutella_g2(const struct imtc_view *v)
{
	u8 part = imtc_byte(v, 6), parts = imtc_byte(v, 7);

	if (v->len < 8 || imtc_match(v, 0, "GND") != IMTC_MATCH || imtc_byte(v, 3) > 3)
		return IMTC_NO;
	if (parts == 0)
		return v->len == 8 ? IMTC_MATCH : IMTC_NO;
	return part >= 1 && part <= parts && v->len > 8 ? IMTC_MATCH : IMTC_NO;
}

IMTC_DISSECTOR(gnutella_udp)(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	if (gnutella_message(v) != IMTC_MATCH && gnutella_g2(v) != IMTC_MATCH)
		return IMTC_NO;
	imtc_label_set(v, IMTC_SERVICE_GNUTELLA, IMTC_FEATURE_NONE, IMTC_ENCRYPTION_CLEAR, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_GNUTELLA_UDP_H */
