/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sametime's community protocol (VP), by the handshake of client and server, as the
 * libraries "meanwhile" speak it: length, kind, options, channel 0, the version of
 * the protocol, whose major number is 30.
 */
#ifndef IMTC_DISSECT_SAMETIME_H
#define IMTC_DISSECT_SAMETIME_H

#include "scan.h"

#define SAMETIME_MESSAGE_MIN 26
#define SAMETIME_MESSAGE_MAX 1024

/* Kind 0, no options; behind the minor number the channel again. */
static __always_inline int sametime_client(const struct imtc_view *v)
{
	int answer = v->len > 4 ? imtc_match(v, 4, "\0\0\0\0\0\0\0\0\0\x1e") : IMTC_MORE;

	if (answer != IMTC_MATCH)
		return answer;
	return v->len > 16 ? imtc_match(v, 16, "\0\0\0\0") : IMTC_MORE;
}

/* Kind 8000, the acknowledgement. */
static __always_inline int sametime_server(const struct imtc_view *v)
{
	return v->len > 4 ? imtc_match(v, 4, "\x80\0\0\0\0\0\0\0\0\x1e") : IMTC_MORE;
}

IMTC_DISSECTOR(sametime)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	if (v->len >= 4 && (imtc_be32(v, 0) < SAMETIME_MESSAGE_MIN ||
			    imtc_be32(v, 0) > SAMETIME_MESSAGE_MAX))
		return IMTC_NO;
	answer = v->direction == IMTC_DIR_CLIENT ? sametime_client(v) : sametime_server(v);
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_SAMETIME, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_CLEAR,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_SAMETIME_H */
