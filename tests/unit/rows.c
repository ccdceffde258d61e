// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of imctl classify: each member of a flow's object, to the byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "classify/engine.h"
#include "classify/rows.h"

/* A time with digits in all places. */
#define FIRST_NS 1700000000123456789ULL

static void assert_row(const struct engine_flow *flow, bool explain, const char *text)
{
	struct json_object *row = row_of_flow(flow, explain);

	assert_string_equal(json_object_to_json_string_ext(row, JSON_C_TO_STRING_PLAIN), text);
	json_object_put(row);
}

static void makes_rows(void **state)
{
	struct engine_flow flow = {
		.client = { [10] = 0xff, 0xff, 192, 0, 2, 1 }, .server = { 0x20, 1, [15] = 1 },
		.client_port = 1, .server_port = 65535, .l4 = 17, .packets = 3, .bytes = 300,
		.first_ns = FIRST_NS, .last_ns = FIRST_NS + 1,
	};

	(void)state;
	assert_row(&flow, false,
		   "{\"l4\":\"udp\",\"client\":\"192.0.2.1\",\"client_port\":1,"
		   "\"server\":\"2001::1\",\"server_port\":65535,\"service\":null,"
		   "\"sharing\":null,\"feature\":null,\"confidence\":null,\"encrypted\":null,"
		   "\"credentials\":false,\"domain\":null,\"client_name\":null,\"via\":[],"
		   "\"packets\":3,\"bytes\":300,\"packets_to_label\":null,"
		   "\"first_ts\":1700000000.123456789,\"last_ts\":1700000000.123456790}");
	flow.l4 = 6;
	flow.label = (struct imtc_label){
		.service = IMTC_SERVICE_XMPP, .feature = IMTC_FEATURE_FILE,
		.confidence = IMTC_CONFIDENCE_PAYLOAD, .encryption = IMTC_ENCRYPTION_PENDING,
		.flags = IMTC_LABEL_CREDENTIALS,
	};
	flow.payload_packets_to_label = 2;
	flow.via = IMTC_LAYER_CONNECT | IMTC_LAYER_SOCKS5;
	strcpy(flow.domain, "xmpp.example");
	strcpy(flow.client_name, "Gajim 1.7");
	strcpy(flow.clue, "because");
	assert_row(&flow, true,
		   "{\"l4\":\"tcp\",\"client\":\"192.0.2.1\",\"client_port\":1,"
		   "\"server\":\"2001::1\",\"server_port\":65535,\"service\":\"xmpp\","
		   "\"sharing\":null,\"feature\":\"file\",\"confidence\":\"payload\","
		   "\"encrypted\":false,\"credentials\":true,\"domain\":\"xmpp.example\","
		   "\"client_name\":\"Gajim 1.7\",\"via\":[\"socks5\",\"connect\"],"
		   "\"packets\":3,\"bytes\":300,\"packets_to_label\":2,"
		   "\"first_ts\":1700000000.123456789,\"last_ts\":1700000000.123456790,"
		   "\"explain\":\"because\"}");
}

/* File sharing stands beside IM: not a service, but said. */
static void tells_sharing_apart(void **state)
{
	struct engine_flow flow = { .label = { .service = IMTC_SERVICE_BITTORRENT } };
	struct json_object *row = row_of_flow(&flow, false), *value;

	(void)state;
	assert_true(json_object_object_get_ex(row, "service", &value));
	assert_null(value);
	assert_true(json_object_object_get_ex(row, "sharing", &value));
	assert_string_equal(json_object_get_string(value), "bittorrent");
	json_object_put(row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_rows),
		cmocka_unit_test(tells_sharing_apart),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
