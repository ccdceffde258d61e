/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two services whose connection begins with the byte of an MQTT CONNECT (MQTT
 * 3.1.1, 2.2): Messenger (and Instagram) with the protocol name MQTToT, DingTalk
 * with a header of its own. Plain MQTT is no messenger: it stays unnamed.
 */
#ifndef IMTC_DISSECT_MQTT_H
#define IMTC_DISSECT_MQTT_H

#include "scan.h"

/* Remaining length in one to four bytes, seven bits each; then the name. */
static __always_inline int mqtt_messenger(const struct imtc_view *v)
{
	u32 at = 1;

	IMTC_UNROLL
	for (u32 k = 0; k < 3; k++)
		if (imtc_byte(v, at) & 0x80)
			at++;
	return v->len > at + 1 ? imtc_match(v, at + 1, "\0\6MQTToT") : IMTC_MORE;
}

static __always_inline int mqtt_dingtalk(const struct imtc_view *v)
{
	return v->len > 2 ? imtc_match(v, 2, "\x87\x80\1\0\1\0\2\0\2\x64\x6b\3\0\x20") : IMTC_MORE;
}

IMTC_DISSECTOR(mqtt)(struct imtc_view *v)
{
	int messenger, dingtalk;

	if (!v)
		return IMTC_NO;
	messenger = mqtt_messenger(v);
	dingtalk = mqtt_dingtalk(v);
	if (messenger != IMTC_MATCH && dingtalk != IMTC_MATCH)
		return messenger > dingtalk ? messenger : dingtalk;
	imtc_label_set(v, messenger == IMTC_MATCH ? IMTC_SERVICE_MESSENGER : IMTC_SERVICE_DINGTALK,
		       IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_ENCRYPTED, 0);
	if (messenger == IMTC_MATCH)
		v->label.encryption = IMTC_ENCRYPTION_CLEAR;
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_MQTT_H */
