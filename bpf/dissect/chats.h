/* SPDX-License-Identifier: GPL-2.0-only */
/* Gadu-Gadu's chat connection, told by the login. */
#ifndef IMTC_DISSECT_CHATS_H
#define IMTC_DISSECT_CHATS_H

#include "scan.h"

static __always_inline u32 chats_le16(const struct imtc_view *v, u32 i)
{
	return imtc_byte(v, i) | (u32)imtc_byte(v, i + 1) << 8;
}

/* Login 8.0: type 31, length, number, "pl", the kind of hash. Login 7.0 has no language. */
static __always_inline int chats_gadugadu(const struct imtc_view *v)
{
	int answer = imtc_match(v, 1, "\0\0\0");

	if (answer != IMTC_MATCH)
		return v->len == 1 ? IMTC_MORE : answer;
	if (v->len > 5 && (chats_le16(v, 4) < 64 || chats_le16(v, 4) > 1024))
		return IMTC_NO;
	answer = v->len > 6 ? imtc_match(v, 6, "\0\0") : IMTC_MORE;
	if (answer != IMTC_MATCH)
		return answer;
	answer = v->len > 12 ? imtc_match(v, 12, "pl") : IMTC_MORE;
	if (answer != IMTC_MATCH)
		return answer;
	if (v->len < 15)
		return IMTC_MORE;
	return imtc_byte(v, 14) == 1 || imtc_byte(v, 14) == 2 ? IMTC_MATCH : IMTC_NO;
}

IMTC_DISSECTOR(chats)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	answer = imtc_byte(v, 0) == 0x31 ? chats_gadugadu(v) : IMTC_NO;
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_GADUGADU, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_CLEAR,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_CHATS_H */
