// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser: each shape of frame leads to the flow of its addresses and ports,
 * and what is cut short, lies or is something else is counted and passes.
 */
#include <bpf/bpf.h>

#include "lib_datapath.h"

struct shape {
	const char *name;
	struct pkt pkt;
};

#define EXT(...) .has_extensions = true, .extensions = { __VA_ARGS__, 0xff }

static const struct shape shapes[] = {
	{ "tcp4", { .family = 4 } },
	{ "udp4", { .family = 4, .l4 = 17 } },
	{ "tcp6", { .family = 6 } },
	{ "udp6", { .family = 6, .l4 = 17 } },
	{ "vlan4", { .family = 4, .vlans = 1 } },
	{ "vlan6", { .family = 6, .vlans = 1 } },
	{ "qinq4", { .family = 4, .vlans = 2 } },
	{ "qinq6", { .family = 6, .vlans = 2, .l4 = 17 } },
	{ "ip options", { .family = 4, .ip_options = 4 } },
	{ "all ip options", { .family = 4, .ip_options = 40, .l4 = 17 } },
	{ "options in a vlan", { .family = 4, .ip_options = 12, .vlans = 1 } },
	{ "tcp options", { .family = 4, .tcp_options = 40 } },
	{ "padding", { .family = 4, .padding = 6 } },
	{ "padding6", { .family = 6, .padding = 6 } },
	{ "hop-by-hop", { .family = 6, EXT(0) } },
	{ "routing", { .family = 6, EXT(43) } },
	{ "destination options", { .family = 6, EXT(60), .l4 = 17 } },
	{ "authentication", { .family = 6, EXT(51) } },
	{ "mobility", { .family = 6, EXT(135) } },
	{ "atomic fragment", { .family = 6, EXT(44), .frag_id = 7 } },
	{ "all in order", { .family = 6, EXT(0, 60, 43, 44, 51, 60), .vlans = 1 } },
	{ "eleven", { .family = 6, EXT(60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60) } },
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* What BPF_PROG_TEST_RUN takes: for tc, recent kernels want a whole IP header. */
static u32 frame_least(enum hook hook, const struct pkt *p)
{
	if (hook == XDP)
		return 14;
	return 14 + (p->family == 6 ? 40 : 20);
}

static const char text[] = "SSH-2.0-nothing\r\n";

static struct pkt with_payload(struct pkt p)
{
	p.payload = text;
	p.payload_len = sizeof(text) - 1;
	p.seq = 1000;
	return p;
}

static void shapes_reach_flow(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = with_payload(shapes[i].pkt), back = p;
			u32 ip_bytes = pkt_l4(&p) - pkt_l3(&p) + (p.l4 == 17 ? 8 : 20 + p.tcp_options) +
				       p.payload_len;
			struct imtc_flow flow;
			u8 client;

			datapath_reset(NULL);
			back.from_server = true;
			assert_true(passes(hook, run(hook, &p)));
			assert_true(passes(hook, run(hook, &back)));
			assert_true(passes(hook, run(hook, &p)));
			if (!flow_get(&p, &flow))
				fail_msg("%s at hook %d: no flow", shapes[i].name, hook);
			assert_int_equal(flow_count(), 1);
			client = flow.flags & IMTC_FLOW_CLIENT_1 ? 1 : 0;
			assert_int_equal(flow.packets[client], 2);
			assert_int_equal(flow.packets[!client], 1);
			assert_int_equal(flow.bytes[client], 2 * ip_bytes);
			assert_int_equal(flow.bytes[!client], ip_bytes);
		}
	}
}

/* A frame that ends anywhere before its end makes no flow, and passes. */
static void cut_frames_pass(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = with_payload(shapes[i].pkt);
			u8 frame[PKT_BYTES];
			u32 len;

			p.padding = 0;
			len = pkt_build(&p, frame);
			datapath_reset(NULL);
			for (u32 cut = frame_least(hook, &p); cut < len; cut++) {
				struct ran ran;

				run_frame(hook, frame, cut, &ran);
				assert_true(passes(hook, ran.answer));
			}
			assert_int_equal(flow_count(), 0);
			assert_int_equal(outcome(IMTC_OUTCOME_MALFORMED) +
					 outcome(IMTC_OUTCOME_NOT_IP), len - frame_least(hook, &p));
		}
	}
}

struct lie {
	const char *name;
	struct pkt pkt;
	bool in_l4;
	u32 offset;
	u8 value;
	enum imtc_outcome outcome;
};

static const struct lie lies[] = {
	{ "version 5", { .family = 4 }, false, 0, 0x55, IMTC_OUTCOME_MALFORMED },
	{ "version 4 as IPv6", { .family = 6 }, false, 0, 0x40, IMTC_OUTCOME_MALFORMED },
	{ "header of 16 bytes", { .family = 4 }, false, 0, 0x44, IMTC_OUTCOME_MALFORMED },
	{ "no room for udp", { .family = 4, .l4 = 17 }, false, 3, 27,
	  IMTC_OUTCOME_MALFORMED },
	{ "total length 19", { .family = 4 }, false, 3, 19, IMTC_OUTCOME_MALFORMED },
	{ "total length too long", { .family = 4 }, false, 2, 0x40, IMTC_OUTCOME_MALFORMED },
	{ "payload length too long", { .family = 6 }, false, 4, 0x40, IMTC_OUTCOME_MALFORMED },
	{ "tcp header of 16 bytes", { .family = 4 }, true, 12, 0x40, IMTC_OUTCOME_MALFORMED },
	{ "tcp header of 60 bytes", { .family = 6 }, true, 12, 0xf0, IMTC_OUTCOME_MALFORMED },
	{ "icmp", { .family = 4, .l4 = 1 }, false, 9, 1, IMTC_OUTCOME_NOT_L4 },
	{ "esp", { .family = 6, .l4 = 50 }, false, 6, 50, IMTC_OUTCOME_NOT_L4 },
	{ "sctp", { .family = 4, .l4 = 132 }, false, 9, 132, IMTC_OUTCOME_NOT_L4 },
	{ "three vlan tags", { .family = 4, .vlans = 3 }, false, 1, 0, IMTC_OUTCOME_NOT_IP },
	{ "twelve extensions", { .family = 6, EXT(60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60) },
	  false, 7, 61, IMTC_OUTCOME_MALFORMED },
	{ "extension over the end", { .family = 6, EXT(60) }, false, 41, 255,
	  IMTC_OUTCOME_MALFORMED },
};

static void lies_pass(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
			const struct lie *lie = &lies[i];
			struct pkt p = with_payload(lie->pkt);
			u8 frame[PKT_BYTES];
			struct ran ran;
			u32 len = pkt_build(&p, frame);

			datapath_reset(NULL);
			frame[(lie->in_l4 ? pkt_l4(&p) : pkt_l3(&p)) + lie->offset] = lie->value;
			run_frame(hook, frame, len, &ran);
			assert_true(passes(hook, ran.answer));
			if (outcome(lie->outcome) != 1 || flow_count())
				fail_msg("%s at hook %d: not counted as such", lie->name, hook);
		}
	}
}

static void arp_is_not_ip(void **state)
{
	u8 frame[60] = { [12] = 0x08, [13] = 0x06 };
	struct ran ran;

	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		datapath_reset(NULL);
		run_frame(hook, frame, sizeof(frame), &ran);
		assert_true(passes(hook, ran.answer));
		assert_int_equal(outcome(IMTC_OUTCOME_NOT_IP), 1);
	}
}

static void fragments_follow_first(void **state)
{
	static const u8 data[64];

	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct pkt first = {
			.family = family, .l4 = 17, .frag_more = true, .frag_id = 99,
			.payload = data, .payload_len = 56, EXT(44),
		};
		struct pkt later = first, stranger;
		struct imtc_flow flow;

		datapath_reset(NULL);
		later.frag_offset = 64;
		later.frag_more = false;
		stranger = later;
		stranger.frag_id = 100;
		/* Before its first: not known whose it is. */
		assert_true(passes(XDP, run(XDP, &later)));
		assert_int_equal(outcome(IMTC_OUTCOME_FRAGMENT), 1);
		assert_int_equal(flow_count(), 0);
		assert_true(passes(XDP, run(XDP, &first)));
		assert_true(passes(XDP, run(XDP, &later)));
		assert_true(flow_get(&first, &flow));
		assert_int_equal(flow.packets[0] + flow.packets[1], 2);
		/* Its bytes are no beginning of a datagram. */
		assert_int_equal(flow.payload_packets, 1);
		assert_true(passes(XDP, run(XDP, &stranger)));
		assert_int_equal(outcome(IMTC_OUTCOME_FRAGMENT), 2);
		assert_int_equal(flow_count(), 1);
	}
}

static void zone_of_device(void **state)
{
	struct pkt p = with_payload((struct pkt){ .family = 4 });
	struct imtc_flow_key4 key;
	struct imtc_flow flow;

	(void)state;
	zone_set(1, 777);
	run(XDP, &p);
	run(EGRESS, &p);
	assert_int_equal(flow_count(), 1);
	assert_false(flow_get(&p, &flow));
	assert_int_equal(bpf_map_get_next_key(map_fd("flows4"), NULL, &key), 0);
	assert_int_equal(key.zone_l4, 777 << 8 | 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shapes_reach_flow, datapath_reset),
		cmocka_unit_test_setup(cut_frames_pass, datapath_reset),
		cmocka_unit_test_setup(lies_pass, datapath_reset),
		cmocka_unit_test_setup(arp_is_not_ip, datapath_reset),
		cmocka_unit_test_setup(fragments_follow_first, datapath_reset),
		cmocka_unit_test_setup(zone_of_device, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
