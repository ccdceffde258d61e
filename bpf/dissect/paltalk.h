/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paltalk's chat connection: packets of kind (negative from the client), version,
 * length. The client says hello with nothing in it, the server with its name.
 */
#ifndef IMTC_DISSECT_PALTALK_H
#define IMTC_DISSECT_PALTALK_H

#include "scan.h"

#define PALTALK_HELLO 0xff9c	/* -100, the client's */
#define PALTALK_GREETING 0xfb96	/* -1130, sent first by other versions */
#define PALTALK_VERSION_MAX 99

/* A packet without content is 6 bytes, of which one, the version, may vary. */
static __always_inline int paltalk_client(const struct imtc_view *v)
{
	u32 kind = imtc_be16(v, 0);

	if (v->len < 2)
		return IMTC_MORE;
	if (kind != PALTALK_HELLO && kind != PALTALK_GREETING)
		return IMTC_NO;
	if (v->len > 2 && imtc_byte(v, 2))
		return IMTC_NO;
	if (v->len > 3 && (!imtc_byte(v, 3) || imtc_byte(v, 3) > PALTALK_VERSION_MAX))
		return IMTC_NO;
	return v->len > 4 ? imtc_match(v, 4, "\0\0") : IMTC_MORE;
}

static __always_inline int paltalk_server(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\xff\x8b");

	if (answer != IMTC_MATCH)
		return answer;
	return v->len > 4 ? imtc_match(v, 4, "\0\x12Hello-From:P") : IMTC_MORE;
}

IMTC_DISSECTOR(paltalk)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	answer = v->direction == IMTC_DIR_CLIENT ? paltalk_client(v) : paltalk_server(v);
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_PALTALK, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_CLEAR,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_PALTALK_H */
