/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that a payload announces, into view.expect: addresses as binary or
 * text (IPv4, IPv6), ports as text. Nothing that knows a protocol.
 */
#ifndef IMTC_DISSECT_EXPECT_H
#define IMTC_DISSECT_EXPECT_H

#include "scan.h"

/* An address that somebody can be reached at: not 0.x, not loopback, not multicast. */
static __always_inline int imtc_is_reachable4(u32 address)
{
	u32 first = address >> 24;

	return first != 0 && first != 127 && first < 224;
}

/*
 * The next entry of view.expect, its address yet to be written; NULL where there
 * is no room. The compiler must not know that n is small: it would leave out the
 * mask, by which the verifier knows it.
 */
static __always_inline struct imtc_expect *imtc_expect_next(struct imtc_view *v, u32 port, u32 l4,
							    u32 feature)
{
	u32 n = v->expects;
	struct imtc_expect *e;

	if (n >= IMTC_EXPECTS_MAX || !port || port > 65535)
		return 0;
	v->expects = (u8)(n + 1);
	__asm__ volatile("" : "+r"(n));
	e = &v->expect[n & (IMTC_EXPECTS_MAX - 1)];
	e->port = imtc_to_be16(port);
	e->l4 = (u8)l4;
	e->feature = (u8)feature;
	return e;
}

/*
 * Adds an expectation at an IPv4 address (a host number). Port 0, and addresses
 * that nobody is reached at, announce nothing.
 */
IMTC_GLOBAL int imtc_expect4(struct imtc_view *v, u32 address, u32 port, u32 l4, u32 feature)
{
	struct imtc_expect *e;

	if (!v || !imtc_is_reachable4(address))
		return 0;
	e = imtc_expect_next(v, port, l4, feature);
	if (!e)
		return 0;
	e->addr[0] = 0;
	e->addr[1] = 0;
	e->addr[2] = imtc_to_be32(0xffff);
	e->addr[3] = imtc_to_be32(address);
	return 1;
}

/*
 * A request for the feature at i, which is of no meaning when `len` bytes of it are
 * `fill`. What there is no room for is said to be lost.
 */
IMTC_GLOBAL int imtc_scrub_add(struct imtc_view *v, u32 i, u32 len, u32 fill_feature)
{
	struct imtc_scrub *scrub;
	u32 n;

	if (!v)
		return 0;
	n = v->scrubs;
	if (n >= IMTC_SCRUBS_MAX || !len || len > IMTC_SCRUB_BYTES) {
		v->scrub_lost |= (u16)(1 << (fill_feature & 15));
		return 0;
	}
	v->scrubs = (u8)(n + 1);
	__asm__ volatile("" : "+r"(n));
	scrub = &v->scrub[n & (IMTC_SCRUBS_MAX - 1)];
	scrub->at = i;
	scrub->len = (u8)len;
	scrub->fill = (u8)(fill_feature >> 8);
	scrub->feature = (u8)fill_feature;
	scrub->reserved = 0;
	return 1;
}

/* Fill byte and feature, in one. */
#define IMTC_SCRUB_WITH(fill, feature) ((u32)(u8)(fill) << 8 | (feature))

/* --- addresses as text ------------------------------------------------------------ */

/*
 * An address as read from text, in the inner scratch words: what a dissector
 * takes over at once, for the next reader writes over it.
 */
struct imtc_address {
	u16 part[8];	/* host numbers; IPv4 as ::ffff:a.b.c.d */
	u32 from;
	u8 len;		/* of the text, 0: no address */
	u8 colons;
	u8 gap;		/* where "::" stood: parts before it, + 1; 0: none */
	u8 parts;
	u8 dots;
	u8 digits;	/* of the part that is being read */
	u8 bad;
	u8 decimal;	/* the part has decimal digits alone */
} IMTC_WALK;
IMTC_STATIC_ASSERT(sizeof(struct imtc_address) <= 32);

/* Longest text of an address: eight groups of four and seven colons, or with IPv4 at its end. */
#define IMTC_ADDRESS_TEXT 46

/* A group's number is kept as the hexadecimal digits it has, decimal ones too. */
static __always_inline u32 imtc_address_octet(u32 hex)
{
	return (hex >> 8 & 15) * 100 + (hex >> 4 & 15) * 10 + (hex & 15);
}

static __always_inline void imtc_address_group(struct imtc_address *a)
{
	if (!a->digits)
		return;
	if (a->parts < 255)
		a->parts++;
	a->digits = 0;
	a->decimal = 1;
}

static __always_inline void imtc_address_colon(struct imtc_address *a)
{
	if (!a->digits) {
		/* "::", once; a lone colon begins nothing. */
		if (a->colons && a->gap)
			a->bad = 1;
		if (a->colons)
			a->gap = a->parts + 1;
	}
	imtc_address_group(a);
	a->colons++;
	if (a->colons > 8)
		a->bad = 1;
}

static long imtc_address_step(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct imtc_address *a = imtc_walk_inner(v);
	u8 byte = imtc_byte(v, a->from + i), digit = imtc_hex_digit(byte);

	if (a->bad)
		return 1;
	if (digit != 0xff) {
		if (a->digits == 4 || a->parts >= 8) {
			a->bad = 1;
			return 1;
		}
		a->part[a->parts & 7] = (u16)(a->digits ? a->part[a->parts & 7] << 4 | digit :
							  digit);
		a->digits++;
		a->decimal &= digit < 10;
	} else if (byte == ':' && !a->dots) {
		imtc_address_colon(a);
	} else if (byte == '.') {
		if (!a->digits || a->digits > 3 || !a->decimal)
			a->bad = 1;
		a->dots++;
		imtc_address_group(a);
	} else {
		return 1;
	}
	a->len = (u8)(i + 1);
	return 0;
}

/* Four groups with dots between them: the last two parts of an address. */
static __always_inline int imtc_address_dotted(struct imtc_address *a)
{
	u32 one = imtc_address_octet(a->part[0]), two = imtc_address_octet(a->part[1]);
	u32 three = imtc_address_octet(a->part[2]), four = imtc_address_octet(a->part[3]);

	if (a->dots != 3 || a->parts != 4 || a->colons || !a->decimal || one > 255 || two > 255 ||
	    three > 255 || four > 255)
		return 0;
	a->part[0] = a->part[1] = a->part[2] = a->part[3] = a->part[4] = 0;
	a->part[5] = 0xffff;
	a->part[6] = (u16)(one << 8 | two);
	a->part[7] = (u16)(three << 8 | four);
	return 1;
}

/* The part i of an address with "::": those behind the gap stand at the end. */
static __always_inline u16 imtc_address_part(const struct imtc_address *a, u32 i)
{
	u32 before = a->gap - 1U, behind = a->parts - before, zeros = 8 - a->parts;

	if (i < before)
		return a->part[i & 7];
	if (i < before + zeros || behind > 8)
		return 0;
	return a->part[(i - zeros) & 7];
}

/*
 * Reads the address at `from`. Its length as text, 0 where none is there; the
 * parts are in the inner scratch words. IPv4 within IPv6 text is not read.
 */
IMTC_GLOBAL int imtc_address_read(struct imtc_view *v, u32 from)
{
	struct imtc_address *a;

	if (!v)
		return 0;
	a = imtc_walk_inner(v);
	*a = (struct imtc_address){ .from = from, .decimal = 1 };
	imtc_loop(v, IMTC_ADDRESS_TEXT, imtc_address_step);
	if (a->bad || !a->len)
		return 0;
	if (a->dots) {
		a->decimal &= a->digits > 0 && a->digits <= 3;
		if (a->digits)
			a->parts++;
		return imtc_address_dotted(a) ? a->len : 0;
	}
	if (a->digits)
		a->parts++;
	if (a->colons < 2 || (a->gap ? a->parts > 7 : a->parts != 8))
		return 0;
	if (a->gap) {
		for (u32 i = 8; i-- > 0;)
			a->part[i] = imtc_address_part(a, i);
	}
	return a->len;
}

/* Two parts of the address that was read last, as they stand in an expectation. */
static __always_inline u32 imtc_address_word(const struct imtc_address *a, u32 i)
{
	return imtc_to_be32((u32)a->part[(2 * i) & 7] << 16 | a->part[(2 * i + 1) & 7]);
}

/* Global and local unicast alone: fc00::/7, fe80::/10, 2000::/3 (RFC 4291, RFC 4193). */
static __always_inline int imtc_is_reachable6(u32 first)
{
	return (first & 0xe000) == 0x2000 || (first & 0xfe00) == 0xfc00 ||
	       (first & 0xffc0) == 0xfe80;
}

/* Adds an expectation at the address that imtc_address_read() has just read. */
IMTC_GLOBAL int imtc_expect_read(struct imtc_view *v, u32 port, u32 l4, u32 feature)
{
	const struct imtc_address *a;
	struct imtc_expect *e;

	if (!v)
		return 0;
	a = imtc_walk_inner(v);
	if (a->part[5] == 0xffff && !a->part[4] && !a->part[0])
		return imtc_expect4(v, (u32)a->part[6] << 16 | a->part[7], port, l4, feature);
	if (!imtc_is_reachable6(a->part[0]))
		return 0;
	e = imtc_expect_next(v, port, l4, feature);
	if (!e)
		return 0;
	e->addr[0] = imtc_address_word(a, 0);
	e->addr[1] = imtc_address_word(a, 1);
	e->addr[2] = imtc_address_word(a, 2);
	e->addr[3] = imtc_address_word(a, 3);
	return 1;
}

/* --- numbers as text -------------------------------------------------------------- */

struct imtc_decimal {
	u32 value;
	u32 from;
	u32 len;
} IMTC_WALK;

static long imtc_decimal_step(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct imtc_decimal *d = imtc_walk_inner(v);
	u8 byte = imtc_byte(v, d->from + i);

	if (!imtc_is_digit(byte))
		return 1;
	d->value = d->value * 10 + (byte - '0');
	d->len = i + 1;
	return 0;
}

/*
 * Reads the decimal number at `from`, of up to ten digits: its length as text.
 * The value, modulo 2^32, in imtc_decimal_value().
 */
IMTC_GLOBAL int imtc_decimal_read(struct imtc_view *v, u32 from)
{
	struct imtc_decimal *d;

	if (!v)
		return 0;
	d = imtc_walk_inner(v);
	d->value = 0;
	d->from = from;
	d->len = 0;
	imtc_loop(v, 10, imtc_decimal_step);
	return (int)d->len;
}

static __always_inline u32 imtc_decimal_value(struct imtc_view *v)
{
	const struct imtc_decimal *d = imtc_walk_inner(v);

	return d->value;
}

/* The port written at `from`: 1 to 65535, 0 where none is. */
static __always_inline u32 imtc_port_read(struct imtc_view *v, u32 from)
{
	u32 len = (u32)imtc_decimal_read(v, from), value = imtc_decimal_value(v);

	return len && len <= 5 && value <= 65535 ? value : 0;
}

#endif /* IMTC_DISSECT_EXPECT_H */
