/* SPDX-License-Identifier: GPL-2.0-only */
/* What begins as MQTT does: Messenger's MQTToT, DingTalk's header, plain MQTT (3.1, 3.1.1). */
static const struct dissect_vector mqtt_vectors[] = {
	{ "Messenger", CLIENT, IS(MESSENGER, CHAT, CLEAR, 0),
	  BYTES("\x10\xb2\x04\x00\x06MQTToT\x03\xc2\x00\x3c") },
	{ "Messenger, short", CLIENT, IS(MESSENGER, CHAT, CLEAR, 0),
	  BYTES("\x10\x32\x00\x06MQTToT") },
	{ "DingTalk", CLIENT, IS(DINGTALK, CHAT, ENCRYPTED, 0),
	  BYTES("\x10\x5e\x87\x80\1\0\1\0\2\0\2\x64\x6b\3\0\x20" "0123456789abcdef") },

	{ "MQTT 3.1", CLIENT, IS_NONE, BYTES("\x10\x25\x00\x06MQIsdp\x03\x02\x00\x05\x00\x03pub") },
	{ "MQTT 3.1.1", CLIENT, IS_NONE, BYTES("\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x03pub") },
	{ "DingTalk, cut short by another byte", CLIENT, IS_NONE,
	  BYTES("\x10\x5e\x87\x80\1\0\1\0\2\0\2\x64\x6c\3\0\x20") },
};
