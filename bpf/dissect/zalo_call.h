/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zalo's calls (lengths after libprotoident's "ZaloVideoCall"): 1 or 2, 1, two
 * zeros, and few lengths, of which RIP (RFC 1058 3.1), which begins alike, has
 * none that is meant here. Two of each side are taken for proof.
 */
#ifndef IMTC_DISSECT_ZALO_CALL_H
#define IMTC_DISSECT_ZALO_CALL_H

#include "scan.h"

/* RIP's are 4 and a multiple of 20. */
static __always_inline int zalo_fits(u8 kind, u32 len)
{
	if (kind == 2)
		return len >= 52 && len <= 56;
	return len == 26 || len == 27 || len == 34 || len == 42 ||
	       (len >= 180 && len <= 185 && len != 184);
}

IMTC_DISSECTOR(zalo_call)(struct imtc_view *v)
{
	if (!v || imtc_be24(v, 1) != 0x010000 || !zalo_fits(imtc_byte(v, 0), v->len))
		return IMTC_NO;
	v->claim = (struct imtc_claim){
		.needed = 2, .is_mutual = 1, .service = IMTC_SERVICE_ZALO,
		.feature = IMTC_FEATURE_VOICE, .encryption = IMTC_ENCRYPTION_ENCRYPTED };
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_ZALO_CALL_H */
