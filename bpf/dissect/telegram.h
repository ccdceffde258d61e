/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telegram's MTProto over TCP (core.telegram.org/mtproto/mtproto-transports).
 * Told: the intermediate transports, which begin with a tag of four bytes; the
 * abridged and the full one where the first message is not encrypted, its key's
 * number 0 (a client that has no key yet). Not told from random bytes: the
 * obfuscated transport, which most clients use, and the abridged one of a client
 * that has a key. Those are left to what is known of the address.
 */
#ifndef IMTC_DISSECT_TELEGRAM_H
#define IMTC_DISSECT_TELEGRAM_H

#include "scan.h"

#define MTPROTO_MESSAGE_MAX 0x100000
#define MTPROTO_FULL_FIRST 0x34	/* 12 bytes, 20 before the message, which has 20 */

/* Tag, length (LE). Padding may be added to dddddddd's; eeeeeeee's are of whole words. */
static __always_inline int mtproto_intermediate(const struct imtc_view *v)
{
	u32 len = imtc_le32(v, 4);
	int answer = imtc_byte(v, 0) == 0xee ? imtc_match(v, 0, "\xee\xee\xee\xee") :
					       imtc_match(v, 0, "\xdd\xdd\xdd\xdd");

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < 8)
		return IMTC_MORE;
	if (len < 24 || len > MTPROTO_MESSAGE_MAX)
		return IMTC_NO;
	return imtc_byte(v, 0) == 0xdd || !(len & 3) ? IMTC_MATCH : IMTC_NO;
}

/* ef, length in words, a key of zeros. */
static __always_inline int mtproto_abridged(const struct imtc_view *v)
{
	if (v->len > 1 && (imtc_byte(v, 1) < 10 || imtc_byte(v, 1) > 0x7e))
		return IMTC_NO;
	return v->len > 2 ? imtc_match(v, 2, "\0\0\0\0\0\0\0\0") : IMTC_MORE;
}

/*
 * Length, number 0, a key of zeros, the message's number and length, then
 * req_pq_multi or req_pq, by which a client without a key begins.
 */
static __always_inline int mtproto_full(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\x34\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), old;

	if (answer != IMTC_MATCH)
		return answer;
	if (v->len <= 24)
		return IMTC_MORE;
	answer = imtc_match(v, 24, "\x14\0\0\0\xf1\x8e\x7e\xbe");
	old = imtc_match(v, 24, "\x14\0\0\0\x78\x97\x46\x60");
	return old > answer ? old : answer;
}

IMTC_DISSECTOR(telegram)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	switch (imtc_byte(v, 0)) {
	case 0xef:
		answer = mtproto_abridged(v);
		break;
	case MTPROTO_FULL_FIRST:
		answer = mtproto_full(v);
		break;
	default:
		answer = mtproto_intermediate(v);
	}
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_TELEGRAM, IMTC_FEATURE_CHAT,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
	return answer;
}

#endif /* IMTC_DISSECT_TELEGRAM_H */
