/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WeChat's keep-alive of a call (libprotoident's "WeChat_UDP" names the paper it
 * goes by): d1 0a, a length, 0a. One proves nothing, two of one port do.
 */
#ifndef IMTC_DISSECT_WECHAT_CALL_H
#define IMTC_DISSECT_WECHAT_CALL_H

#include "scan.h"

IMTC_DISSECTOR(wechat_call)(struct imtc_view *v)
{
	u8 len;

	if (!v)
		return IMTC_NO;
	len = imtc_byte(v, 2);
	if (imtc_be16(v, 0) != 0xd10a || imtc_byte(v, 3) != 0x0a || len < 0x1d || len > 0x2f ||
	    v->len < len)
		return IMTC_NO;
	v->claim = (struct imtc_claim){
		.needed = 2, .service = IMTC_SERVICE_WECHAT, .feature = IMTC_FEATURE_VOICE,
		.encryption = IMTC_ENCRYPTION_ENCRYPTED };
	return IMTC_NO;
}

#endif /* IMTC_DISSECT_WECHAT_CALL_H */
