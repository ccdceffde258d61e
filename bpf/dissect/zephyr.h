/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zephyr's notices, which are datagrams: the version, the number of fields and the
 * kind stand first, each as text that ends with a NUL ("ZEPH0.2", "0x00000011").
 */
#ifndef IMTC_DISSECT_ZEPHYR_H
#define IMTC_DISSECT_ZEPHYR_H

#include "scan.h"

IMTC_DISSECTOR(zephyr)(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	if (!imtc_has(v, 0, "ZEPH0.") || !imtc_is_digit(imtc_byte(v, 6)) || imtc_byte(v, 7) ||
	    !imtc_has(v, 8, "0x0000"))
		return IMTC_NO;
	imtc_label_set(v, IMTC_SERVICE_ZEPHYR, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_CLEAR, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_ZEPHYR_H */
