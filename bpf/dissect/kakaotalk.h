/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KakaoTalk's LOCO: the key exchange by which its connections begin, and packets
 * in clear (a header of 22 bytes, a BSON document), as node-kakao and openkakao
 * describe them.
 */
#ifndef IMTC_DISSECT_KAKAOTALK_H
#define IMTC_DISSECT_KAKAOTALK_H

#include "scan.h"

#define LOCO_KEY 12		/* where the key of 256 bytes begins */
#define LOCO_FRAME (LOCO_KEY + 256)
#define LOCO_HEADER 22
#define LOCO_BODY_MAX 0x100000

/* A small number of 32 bits (LE) at i, from 1 to max. */
static __always_inline int loco_small(const struct imtc_view *v, u32 i, u8 max)
{
	u8 low = imtc_byte(v, i);

	if (v->len > i && (low == 0 || low > max))
		return IMTC_NO;
	return v->len > i + 1 ? imtc_match(v, i + 1, "\0\0\0") : IMTC_MORE;
}

/*
 * Bytes of an encrypted key: of eight, few are 0. A function, so that the verifier
 * does not follow each of the 256 ways in which they may be.
 */
IMTC_GLOBAL int loco_is_random(const struct imtc_view *v, u32 i)
{
	u32 zeros = 0;

	if (!v)
		return 0;
	IMTC_UNROLL
	for (u32 k = 0; k < 8; k++)
		zeros += imtc_byte(v, i + k) == 0;
	return zeros < 3;
}

/* Length of the key, how it is encrypted, what it is for, the key; then a frame. */
static __always_inline int loco_handshake(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\0\1\0\0");
	u32 len = imtc_le32(v, LOCO_FRAME);

	if (answer != IMTC_MATCH)
		return answer;
	answer = loco_small(v, 4, 32);
	if (answer != IMTC_MATCH)
		return answer;
	answer = loco_small(v, 8, 8);
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len >= LOCO_KEY + 8 && !loco_is_random(v, LOCO_KEY))
		return IMTC_NO;
	if (v->len >= LOCO_FRAME && !loco_is_random(v, LOCO_FRAME - 8))
		return IMTC_NO;
	if (v->len < LOCO_FRAME + 4)
		return IMTC_MORE;
	return len >= 16 && len <= LOCO_BODY_MAX ? IMTC_MATCH : IMTC_NO;
}

/* The method, with NULs up to its 11 bytes. */
IMTC_GLOBAL int loco_method(const struct imtc_view *v)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define LOCO_TRY(text) do { \
		int answer = imtc_match(v, 6, text); \
		\
		if (answer > best) \
			best = answer; \
	} while (0)
	LOCO_TRY("CHECKIN\0\0\0\0");
	LOCO_TRY("GETCONF\0\0\0\0");
	LOCO_TRY("LOGINLIST\0\0");
	LOCO_TRY("PING\0\0\0\0\0\0\0");
#undef LOCO_TRY
	return best;
}

/* Number, status, method, kind of body (0 or 8), length; BSON begins with its length. */
static __always_inline int loco_clear(const struct imtc_view *v)
{
	u32 len = imtc_le32(v, 18);
	int answer;

	if (v->len > 4 && imtc_match(v, 4, "\0\0") == IMTC_NO)
		return IMTC_NO;
	if (v->len <= 6)
		return IMTC_MORE;
	answer = loco_method(v);
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < LOCO_HEADER + 4)
		return IMTC_MORE;
	if (len < 5 || len > LOCO_BODY_MAX || imtc_le32(v, LOCO_HEADER) != len)
		return IMTC_NO;
	return IMTC_MATCH;
}

IMTC_DISSECTOR(kakaotalk)(struct imtc_view *v)
{
	u8 encryption = IMTC_ENCRYPTION_ENCRYPTED;
	int answer = IMTC_NO;

	if (!v)
		return IMTC_NO;
	if (imtc_byte(v, 0) == 0 && v->direction == IMTC_DIR_CLIENT)
		answer = loco_handshake(v);
	if (answer == IMTC_NO) {
		answer = loco_clear(v);
		encryption = IMTC_ENCRYPTION_CLEAR;
	}
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_KAKAOTALK, IMTC_FEATURE_CHAT, encryption, 0);
	return answer;
}

#endif /* IMTC_DISSECT_KAKAOTALK_H */
