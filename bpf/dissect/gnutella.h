/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gnutella over TCP (protocol 0.4, 0.6; Gnutella2 begins as 0.6 does): the
 * handshake of two nodes, the line that begins a pushed transfer, a request for
 * a file by its hash (RFC 2169 as "HUGE" uses it).
 */
#ifndef IMTC_DISSECT_GNUTELLA_H
#define IMTC_DISSECT_GNUTELLA_H

#include "scan.h"

#define GNUTELLA_FIELDS 1024	/* the handshake's fields that are looked at */

static long gnutella_field_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);

	if (i >= v->len)
		return 1;
	if (imtc_byte(v, i) != '\n' || !imtc_has_nocase(v, i + 1, "user-agent: "))
		return 0;
	imtc_client_take(v, i + 13, IMTC_CLIENT_BYTES);
	return 1;
}

struct gnutella_walk {
	u32 digits;	/* of the file's number, then of the node's id */
	u8 colon;
	u8 answer;
} IMTC_WALK;

/* "GIV number:id/name": a number, the id as 32 hexadecimal digits. */
static long gnutella_giv_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct gnutella_walk *w = imtc_walk(v);
	u8 byte = imtc_byte(v, 4 + i);

	if (4 + i >= v->len)
		return 1;
	if (!w->colon && byte == ':' && w->digits) {
		w->colon = 1;
		w->digits = 0;
		return 0;
	}
	if (w->colon && w->digits == 32) {
		w->answer = byte == '/' ? IMTC_MATCH : IMTC_NO;
		return 1;
	}
	if (w->colon ? imtc_hex_digit(byte) < 16 : imtc_is_digit(byte) && w->digits < 10) {
		w->digits++;
		return 0;
	}
	w->answer = IMTC_NO;
	return 1;
}

static __always_inline int gnutella_giv(struct imtc_view *v)
{
	struct gnutella_walk *w = imtc_walk(v);
	int answer = imtc_match(v, 0, "GIV ");

	if (answer != IMTC_MATCH)
		return answer;
	*w = (struct gnutella_walk){ .answer = IMTC_MORE };
	imtc_loop(v, 48, gnutella_giv_byte);
	return w->answer;
}

static __always_inline int gnutella_node(struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "GNUTELLA CONNECT/0."), other;

	other = imtc_match(v, 0, "GNUTELLA/0.6 ");
	if (other > answer)
		answer = other;
	other = imtc_match(v, 0, "GNUTELLA OK\n\n");
	if (other > answer)
		answer = other;
	if (answer == IMTC_MATCH)
		imtc_loop(v, GNUTELLA_FIELDS, gnutella_field_byte);
	return answer;
}

IMTC_DISSECTOR(gnutella)(struct imtc_view *v)
{
	u8 feature = IMTC_FEATURE_FILE;
	int answer;

	if (!v)
		return IMTC_NO;
	if (imtc_byte(v, 0) == 'H') {
		answer = imtc_match(v, 0, "HEAD /uri-res/N2R?urn:");
	} else if (imtc_byte(v, 1) == 'E') {
		answer = imtc_match(v, 0, "GET /uri-res/N2R?urn:");
	} else if (imtc_byte(v, 1) == 'I') {
		answer = gnutella_giv(v);
	} else {
		answer = v->len == 1 ? IMTC_MORE : gnutella_node(v);
		feature = IMTC_FEATURE_NONE;
	}
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_GNUTELLA, feature, IMTC_ENCRYPTION_CLEAR, 0);
	return answer;
}

#endif /* IMTC_DISSECT_GNUTELLA_H */
