/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SILC (draft-riikonen-silc-pp, -ke-auth): the packet by which the key exchange
 * begins, on either side, with the version of the protocol as text.
 */
#ifndef IMTC_DISSECT_SILC_H
#define IMTC_DISSECT_SILC_H

#include "scan.h"

#define SILC_HEADER 12		/* without the ids and the padding */
#define SILC_KEY_EXCHANGE 13
#define SILC_ID_MAX 28
#define SILC_VERSION_AT 22	/* in the payload: flags, length, a cookie, the text's length */

/* Length, flags, type, padding, 0, lengths of two ids; ids and padding stand before the payload. */
static __always_inline int silc_start(const struct imtc_view *v)
{
	u32 source = imtc_be16(v, 6), destination = imtc_be16(v, 8);

	if (v->len > 2 && imtc_byte(v, 2))
		return IMTC_NO;
	if (v->len > 3 && imtc_byte(v, 3) != SILC_KEY_EXCHANGE)
		return IMTC_NO;
	if (v->len < 10)
		return IMTC_MORE;
	if (imtc_byte(v, 5) || source > SILC_ID_MAX || destination > SILC_ID_MAX ||
	    imtc_byte(v, 4) > 128)
		return IMTC_NO;
	source += SILC_HEADER + destination + imtc_byte(v, 4) + SILC_VERSION_AT;
	return v->len > source ? imtc_match(v, source, "SILC-1.") : IMTC_MORE;
}

IMTC_DISSECTOR(silc)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	answer = silc_start(v);
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_SILC, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_ENCRYPTED,
			       0);
	return answer;
}

#endif /* IMTC_DISSECT_SILC_H */
