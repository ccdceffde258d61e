/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WeChat over TCP: mmtls, whose records look like those of TLS but for their
 * version (f103, f104), and the long connection of before mmtls, whose header is
 * that of the network library Mars with WeChat's own numbers in it.
 */
#ifndef IMTC_DISSECT_WECHAT_H
#define IMTC_DISSECT_WECHAT_H

#include "scan.h"

#define WECHAT_HEADER 16
#define WECHAT_PACKET_MAX 0x100000

/*
 * A record: kind (16 handshake, 19 its early form), version, length. Where it
 * ends, the view ends or another such record begins.
 */
static __always_inline int wechat_mmtls(const struct imtc_view *v)
{
	u32 len = imtc_be16(v, 3), next = 5 + len;

	if (v->len > 1 && imtc_byte(v, 1) != 0xf1)
		return IMTC_NO;
	if (v->len > 2 && imtc_byte(v, 2) != 3 && imtc_byte(v, 2) != 4)
		return IMTC_NO;
	if (v->len < 5)
		return IMTC_MORE;
	if (len < 16 || len > IMTC_VIEW_BYTES - 16)
		return IMTC_NO;
	if (v->len <= next)
		return v->len == next ? IMTC_MATCH : IMTC_MORE;
	if (imtc_byte(v, next) < 0x15 || imtc_byte(v, next) > 0x19)
		return IMTC_NO;
	return v->len > next + 1 ? imtc_match(v, next + 1, "\xf1") : IMTC_MORE;
}

/*
 * Length of the whole, of the header (16), version (1), what is asked, number:
 * numbers are 16 bits wide but those that count and that of a heartbeat, -1.
 */
static __always_inline int wechat_long_link(const struct imtc_view *v)
{
	u32 len = imtc_be32(v, 0), command = imtc_be32(v, 8), number = imtc_be32(v, 12);
	int answer;

	if (v->len >= 4 && (len < WECHAT_HEADER || len > WECHAT_PACKET_MAX))
		return IMTC_NO;
	answer = v->len > 4 ? imtc_match(v, 4, "\0\x10\0\1\0\0") : IMTC_MORE;
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < WECHAT_HEADER)
		return IMTC_MORE;
	if (!command || (number > 0xffffff && number != 0xffffffff))
		return IMTC_NO;
	return IMTC_MATCH;
}

IMTC_DISSECTOR(wechat)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	answer = imtc_byte(v, 0) ? wechat_mmtls(v) : wechat_long_link(v);
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_WECHAT, IMTC_FEATURE_CHAT,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
	return answer;
}

#endif /* IMTC_DISSECT_WECHAT_H */
