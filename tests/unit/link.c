// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl classify over every link layer that it reads, in captures that the test writes.
 */
#include "capture_file.h"

#define HEAD(...) .head = { __VA_ARGS__ }, .len = sizeof((u8[]){ __VA_ARGS__ })
#define WLAN_DATA 0x08, 0x01, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0, 0
#define WLAN_QOS_DATA 0x88, 0x01, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0, 0, \
	0, 0
#define WLAN_4_ADDRESSES 0x08, 0x03, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, \
	0, 0, 2, 0, 0, 0, 0, 4
#define SNAP 0xaa, 0xaa, 3, 0, 0, 0
#define IP4 0x08, 0x00
#define IP6 0x86, 0xdd

static const struct link_case links[] = {
	{ "raw", DLT_RAW, 4, .len = 0 },
	{ "raw, IPv6", DLT_RAW, 6, .len = 0 },
	{ "IPv4", DLT_IPV4, 4, .len = 0 },
	{ "IPv6", DLT_IPV6, 6, .len = 0 },
	{ "null, little endian", DLT_NULL, 4, HEAD(2, 0, 0, 0) },
	{ "null, big endian", DLT_NULL, 6, HEAD(0, 0, 0, 30) },
	{ "loop", DLT_LOOP, 4, HEAD(0, 0, 0, 2) },
	{ "cooked", DLT_LINUX_SLL, 4, HEAD(0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, IP4) },
	{ "cooked, VLAN", DLT_LINUX_SLL, 6,
	  HEAD(0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x81, 0, 0, 7, IP6) },
	{ "cooked 2", 276, 4, HEAD(IP4, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0) },
	{ "PPP", DLT_PPP, 4, HEAD(0xff, 3, 0, 0x21) },
	{ "PPP, all compressed", DLT_PPP, 4, HEAD(0x21) },
	{ "PPP, serial", DLT_PPP_SERIAL, 6, HEAD(0xff, 3, 0, 0x57) },
	{ "PPP with direction", DLT_PPP_PPPD, 4, HEAD(1, 0xff, 3, 0, 0x21) },
	{ "Cisco HDLC", DLT_C_HDLC, 4, HEAD(0x0f, 0, IP4) },
	{ "frame relay", DLT_FRELAY, 4, HEAD(0x18, 0x41, 3, 0xcc) },
	{ "frame relay, SNAP", DLT_FRELAY, 6, HEAD(0x18, 0x41, 3, 0, 0x80, 0, 0, 0, IP6) },
	{ "frame relay, Cisco's", DLT_FRELAY, 4, HEAD(0x18, 0x41, IP4) },
	{ "802.11", DLT_IEEE802_11, 4, HEAD(WLAN_DATA, SNAP, IP4) },
	{ "802.11, QoS", DLT_IEEE802_11, 6, HEAD(WLAN_QOS_DATA, SNAP, IP6) },
	{ "802.11, four addresses", DLT_IEEE802_11, 4, HEAD(WLAN_4_ADDRESSES, SNAP, IP4) },
	{ "radiotap", DLT_IEEE802_11_RADIO, 4, HEAD(0, 0, 9, 0, 0, 0, 0, 0, 7, WLAN_DATA, SNAP, IP4) },
	{ "PPI", DLT_PPI, 4, HEAD(0, 0, 8, 0, 105, 0, 0, 0, WLAN_DATA, SNAP, IP4) },
	{ "AVS", DLT_IEEE802_11_RADIO_AVS, 4,
	  HEAD(0x80, 0x21, 0x10, 1, 0, 0, 0, 8, WLAN_DATA, SNAP, IP4) },
	{ "switch tag of four", 281, 4,
	  HEAD(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0, 0, 0, 1, IP4) },
	{ "switch tag of eight", 285, 4,
	  HEAD(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0xda, 0xda, 0, 0, 0xc0, 1, 0, 0, IP4) },
};

/* --- link layers --------------------------------------------------------------------- */

static void reads_link_layers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct writer w = writer_open(links[i].dlt);

		write_login(&w, links[i].family, 40000, &links[i]);
		writer_close(&w);
		assert_int_equal(read_back(0), 0);
		if (flow_count != 1)
			fail_msg("%s: %u flows", links[i].name, flow_count);
		assert_irc(&flows[0]);
		assert_int_equal(flows[0].packets, 5);
	}
}

/* What of a link layer's head is cut off, or is no IP, is passed over. */
static void survives_short_frames(void **state)
{
	u8 frame[PKT_BYTES];
	struct pkt p = { .payload = NICK, .payload_len = sizeof(NICK) - 1 };
	u32 len = pkt_build(&p, frame) - ETH_BYTES;

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct writer w = writer_open(links[i].dlt);
		u8 all[PKT_BYTES];

		memcpy(all, links[i].head, links[i].len);
		memcpy(all + links[i].len, frame + ETH_BYTES, len);
		for (u32 n = 0; n < links[i].len + len; n++)
			write_frame(&w, all, n);
		memset(all, 0xff, sizeof(all));
		write_frame(&w, all, 200);
		memset(all, 0, sizeof(all));
		write_frame(&w, all, 200);
		writer_close(&w);
		assert_int_equal(read_back(0), 0);
		for (u32 k = 0; k < flow_count; k++)
			assert_int_equal(flows[k].label.service, 0);
	}
}

static void says_which_link_layers_it_has_not(void **state)
{
	struct writer w = writer_open(DLT_USB_LINUX);
	struct capture *capture;
	char sentence[256];

	(void)state;
	write_frame(&w, (const u8 *)NICK, 20);
	writer_close(&w);
	assert_int_equal(read_back(0), 0);
	assert_int_equal(flow_count, 0);
	capture = capture_open(path, sentence, sizeof(sentence));
	assert_false(capture_link_is_known(capture));
	assert_string_equal(capture_link_name(capture), "USB_LINUX");
	capture_close(capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_link_layers),
		cmocka_unit_test(survives_short_frames),
		cmocka_unit_test(says_which_link_layers_it_has_not),
	};

	return cmocka_run_group_tests_name("link layers", tests, make_path, remove_path);
}
