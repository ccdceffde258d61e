// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tunnels: the flow is that of the packet inside, whatever is around it, also
 * twice; what cannot be opened is judged as itself, and never ends the look into
 * what the same tunnel carries. Verdicts hold for the packet inside alone.
 */
#include <bpf/bpf.h>
#include <string.h>

#include "lib_datapath.h"

#define ROOM 512	/* in front of the inner packet */

/* A packet as it is wrapped, from the inside out. */
struct wrapped {
	u8 bytes[ROOM + PKT_BYTES];
	u32 at;		/* the packet begins here */
	u32 end;
	u16 type;	/* Ethernet type of what is at `at`; 0: an Ethernet frame */
};

static u8 *push(struct wrapped *w, u32 len)
{
	assert_true(w->at >= len);
	w->at -= len;
	memset(w->bytes + w->at, 0, len);
	return w->bytes + w->at;
}

static void put16(u8 *at, u32 value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

/* The inner packet, without its Ethernet header. */
static void wrap_begin(struct wrapped *w, const struct pkt *p)
{
	static u8 frame[PKT_BYTES];
	u32 len = pkt_build(p, frame), l3 = pkt_l3(p);

	w->at = ROOM;
	w->end = ROOM + len - l3;
	memcpy(w->bytes + ROOM, frame + l3, len - l3);
	w->type = p->family == 6 ? 0x86dd : 0x0800;
}

static void wrap_ethernet(struct wrapped *w)
{
	u8 *eth;

	if (!w->type)
		return;
	eth = push(w, 14);
	eth[0] = eth[6] = 2;
	put16(eth + 12, w->type);
	w->type = 0;
}

static void wrap_ip4(struct wrapped *w, u8 protocol)
{
	u8 *ip = push(w, 20);

	ip[0] = 0x45;
	put16(ip + 2, w->end - w->at);
	ip[8] = 64;
	ip[9] = protocol;
	memcpy(ip + 12, "\xc0\x00\x02\x01\xc0\x00\x02\x02", 8);
	put16(ip + 10, pkt_ip4_sum(ip));
	w->type = 0x0800;
}

static void wrap_ip6(struct wrapped *w, u8 protocol)
{
	u8 *ip = push(w, 40);

	ip[0] = 0x60;
	put16(ip + 4, w->end - w->at - 40);
	ip[6] = protocol;
	ip[7] = 64;
	memcpy(ip + 8, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	memcpy(ip + 24, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16);
	w->type = 0x86dd;
}

static void wrap_udp(struct wrapped *w, u16 port)
{
	u32 len = w->end - w->at + 8;
	u8 *udp = push(w, 8);

	put16(udp, 51000);
	put16(udp + 2, port);
	put16(udp + 4, len);
	wrap_ip4(w, 17);
}

/* --- the layers ----------------------------------------------------------------- */

static u8 ip_in_ip(const struct wrapped *w)
{
	return w->type == 0x86dd ? 41 : 4;
}

static void in_ip4(struct wrapped *w)
{
	wrap_ip4(w, ip_in_ip(w));
}

static void in_ip6(struct wrapped *w)
{
	wrap_ip6(w, ip_in_ip(w));
}

static void put_gre(struct wrapped *w, u16 flags, u32 len)
{
	u16 type = w->type ? w->type : 0x6558;
	u8 *gre = push(w, len);

	put16(gre, flags);
	put16(gre + 2, type);
}

static void in_gre(struct wrapped *w)
{
	put_gre(w, 0, 4);
	wrap_ip4(w, 47);
}

static void in_gre_key(struct wrapped *w)
{
	put_gre(w, 0x2000, 8);
	wrap_ip6(w, 47);
}

/* Checksum, key, sequence number, and reserved bits that receivers ignore. */
static void in_gre_full(struct wrapped *w)
{
	put_gre(w, 0xb3f8, 16);
	wrap_ip4(w, 47);
}

static void in_gre_ethernet(struct wrapped *w)
{
	wrap_ethernet(w);
	in_gre_key(w);
}

static void in_vxlan(struct wrapped *w)
{
	u8 *head;

	wrap_ethernet(w);
	head = push(w, 8);
	head[0] = 0x08;
	head[6] = 42;
	wrap_udp(w, 4789);
}

static void in_geneve(struct wrapped *w)
{
	u8 *head;

	wrap_ethernet(w);
	head = push(w, 8 + 12);
	head[0] = 3;	/* options: three words */
	put16(head + 2, 0x6558);
	wrap_udp(w, 6081);
}

static void in_geneve_ip(struct wrapped *w)
{
	u16 type = w->type;
	u8 *head = push(w, 8);

	put16(head + 2, type);
	wrap_udp(w, 6081);
}

static void in_gtpu(struct wrapped *w)
{
	u32 len = w->end - w->at;
	u8 *head = push(w, 8);

	head[0] = 0x30;
	head[1] = 0xff;
	put16(head + 2, len);
	wrap_udp(w, 2152);
}

/* A sequence number and two extension headers, of one word and of two. */
static void in_gtpu_extended(struct wrapped *w)
{
	u32 len = w->end - w->at + 4 + 12;
	u8 *head = push(w, 8 + 4 + 12);

	head[0] = 0x36;
	head[1] = 0xff;
	put16(head + 2, len);
	head[11] = 0x85;
	head[12] = 1;
	head[15] = 0xc0;
	head[16] = 2;
	wrap_udp(w, 2152);
}

static void in_pppoe(struct wrapped *w)
{
	u16 protocol = w->type == 0x86dd ? 0x57 : 0x21;
	u32 len = w->end - w->at + 2;
	u8 *head = push(w, 8);

	head[0] = 0x11;
	put16(head + 2, 7);
	put16(head + 4, len);
	put16(head + 6, protocol);
	w->type = 0x8864;
}

static void in_mpls(struct wrapped *w)
{
	u8 *labels = push(w, 8);

	put16(labels, 99);
	labels[3] = labels[7] = 64;
	labels[6] = 0x11;
	w->type = 0x8847;
}

static void in_vlan(struct wrapped *w)
{
	u16 type = w->type;
	u8 *tag = push(w, 4);

	put16(tag, 17);
	put16(tag + 2, type);
	w->type = 0x8100;
}

#define LAYERS_MAX 4
struct shape {
	const char *name;
	void (*layers[LAYERS_MAX])(struct wrapped *w);	/* from the inside out */
	u16 via;
};

#define VIA(name) IMTC_LAYER_##name
static const struct shape shapes[] = {
	{ "IP in IPv4", { in_ip4 }, VIA(IPIP) },
	{ "IP in IPv6", { in_ip6 }, VIA(IPIP) },
	{ "GRE", { in_gre }, VIA(GRE) },
	{ "GRE with a key over IPv6", { in_gre_key }, VIA(GRE) },
	{ "GRE with all", { in_gre_full }, VIA(GRE) },
	{ "Ethernet in GRE", { in_gre_ethernet }, VIA(GRE) },
	{ "VXLAN", { in_vxlan }, VIA(VXLAN) },
	{ "a VLAN in VXLAN", { in_vlan, in_vxlan }, VIA(VXLAN) },
	{ "GENEVE", { in_geneve }, VIA(GENEVE) },
	{ "IP in GENEVE", { in_geneve_ip }, VIA(GENEVE) },
	{ "GTP-U", { in_gtpu }, VIA(GTP) },
	{ "GTP-U with extensions", { in_gtpu_extended }, VIA(GTP) },
	{ "PPPoE", { in_pppoe }, VIA(PPPOE) },
	{ "PPPoE in a VLAN", { in_pppoe, in_vlan }, VIA(PPPOE) },
	{ "MPLS", { in_mpls }, 0 },
	{ "GRE in MPLS", { in_gre, in_mpls }, VIA(GRE) },
	{ "GRE in IP", { in_gre, in_ip4 }, VIA(GRE) | VIA(IPIP) },
	{ "GTP-U in VXLAN", { in_gtpu, in_vxlan }, VIA(GTP) | VIA(VXLAN) },
	{ "VXLAN in GTP-U in PPPoE", { in_vxlan, in_gtpu, in_pppoe },
	  VIA(VXLAN) | VIA(GTP) | VIA(PPPOE) },
	{ "IP in IP in IP", { in_ip6, in_ip4 }, VIA(IPIP) },
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static const struct pkt inner[] = {
	{ .family = 4 },
	{ .family = 6 },
	{ .family = 4, .l4 = 17 },
	{ .family = 6, .l4 = 17 },
};

#define N_INNER (sizeof(inner) / sizeof(inner[0]))

static const char text[] = "SSH-2.0-nothing\r\n";

static struct pkt with_payload(struct pkt p, const char *payload, u32 len)
{
	p.payload = payload;
	p.payload_len = len;
	p.seq = 1000;
	return p;
}

static void wrap(struct wrapped *w, const struct shape *shape, const struct pkt *p)
{
	wrap_begin(w, p);
	for (int i = 0; i < LAYERS_MAX && shape->layers[i]; i++)
		shape->layers[i](w);
	wrap_ethernet(w);
}

static u32 run_wrapped(enum hook hook, const struct wrapped *w)
{
	static struct ran ran;

	run_frame(hook, w->bytes + w->at, w->end - w->at, &ran);
	return ran.answer;
}

static u32 run_shape(enum hook hook, const struct shape *shape, const struct pkt *p)
{
	static struct wrapped w;

	wrap(&w, shape, p);
	return run_wrapped(hook, &w);
}

/* --- tests ---------------------------------------------------------------------- */

static void inner_is_flow(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES * N_INNER; i++) {
			const struct shape *shape = &shapes[i / N_INNER];
			struct pkt p = with_payload(inner[i % N_INNER], text, sizeof(text) - 1);
			u32 ip_bytes = pkt_l4(&p) - pkt_l3(&p) + (p.l4 == 17 ? 8 : 20) +
				       p.payload_len;
			struct pkt back = p;
			struct imtc_flow flow;
			u8 client;

			datapath_reset(NULL);
			back.from_server = true;
			assert_true(passes(hook, run_shape(hook, shape, &p)));
			assert_true(passes(hook, run_shape(hook, shape, &back)));
			assert_true(passes(hook, run_shape(hook, shape, &p)));
			if (!flow_get(&p, &flow))
				fail_msg("%s, shape %zu at hook %d: no flow", shape->name,
					 i % N_INNER, hook);
			assert_int_equal(flow_count(), 1);
			assert_int_equal(flow.via, shape->via);
			client = flow.flags & IMTC_FLOW_CLIENT_1 ? 1 : 0;
			assert_int_equal(flow.packets[client], 2);
			assert_int_equal(flow.packets[!client], 1);
			assert_int_equal(flow.bytes[client], 2 * ip_bytes);
		}
	}
}

/* A frame cut anywhere passes, and is not taken for the whole. */
static void cut_frames_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct pkt p = with_payload(inner[i % N_INNER], text, sizeof(text) - 1);
		static struct wrapped w;
		struct imtc_flow flow;

		datapath_reset(NULL);
		wrap(&w, &shapes[i], &p);
		for (u32 len = 14; len < w.end - w.at; len++) {
			static struct ran ran;

			run_frame(XDP, w.bytes + w.at, len, &ran);
			assert_true(passes(XDP, ran.answer));
		}
		assert_false(flow_get(&p, &flow));
	}
}

/* One byte of the outermost or the next header, counted from the end of the inner packet. */
struct lie {
	const char *name;
	struct shape shape;
	u32 before;	/* bytes in front of the inner packet */
	u8 value;
	bool is_udp;	/* the tunnel itself is a flow */
};

static const struct lie lies[] = {
	{ "GRE version 1", { "", { in_gre }, 0 }, 3, 0x01, false },
	{ "GRE with routing", { "", { in_gre }, 0 }, 4, 0x40, false },
	{ "GRE of something else", { "", { in_gre }, 0 }, 2, 0x88, false },
	{ "VXLAN without a network", { "", { in_vxlan }, 0 }, 22, 0x00, true },
	{ "ARP in VXLAN", { "", { in_vxlan }, 0 }, 1, 0x06, true },
	{ "GENEVE version 1", { "", { in_geneve_ip }, 0 }, 8, 0x40, true },
	{ "GENEVE control", { "", { in_geneve_ip }, 0 }, 7, 0x80, true },
	{ "GENEVE with options over the end", { "", { in_geneve_ip }, 0 }, 8, 0x3f, true },
	{ "GTP version 2", { "", { in_gtpu }, 0 }, 8, 0x50, true },
	{ "GTP'", { "", { in_gtpu }, 0 }, 8, 0x20, true },
	{ "GTP echo", { "", { in_gtpu }, 0 }, 7, 0x01, true },
	{ "a GTP extension of no length", { "", { in_gtpu_extended }, 0 }, 12, 0, true },
	{ "a GTP extension over the end", { "", { in_gtpu_extended }, 0 }, 8, 0xff, true },
	{ "PPPoE version 2", { "", { in_pppoe }, 0 }, 8, 0x21, false },
	{ "PPPoE discovery", { "", { in_pppoe }, 0 }, 7, 0x09, false },
	{ "PPP link control", { "", { in_pppoe }, 0 }, 2, 0xc0, false },
	{ "MPLS without a last label", { "", { in_mpls }, 0 }, 2, 0x10, false },
};

static void lies_are_themselves(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
			const struct lie *lie = &lies[i];
			struct pkt p = with_payload(inner[0], text, sizeof(text) - 1);
			static struct wrapped w;
			struct imtc_flow flow;

			datapath_reset(NULL);
			wrap(&w, &lie->shape, &p);
			w.bytes[ROOM - lie->before] = lie->value;
			assert_true(passes(hook, run_wrapped(hook, &w)));
			if (flow_get(&p, &flow) || flow_count() != lie->is_udp)
				fail_msg("%s at hook %d: %u flows", lie->name, hook, flow_count());
		}
	}
}

/* What lies inside lies: the outer packet stands for itself. */
static void bad_inner_is_outer(void **state)
{
	static const struct shape gre = { "", { in_gre }, 0 }, vxlan = { "", { in_vxlan }, 0 };
	struct pkt icmp = with_payload((struct pkt){ .family = 4, .l4 = 1 }, text, 17);
	struct pkt p = with_payload(inner[0], text, sizeof(text) - 1);
	static struct wrapped w;

	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		datapath_reset(NULL);
		assert_true(passes(hook, run_shape(hook, &gre, &icmp)));
		assert_int_equal(flow_count(), 0);
		assert_int_equal(outcome(IMTC_OUTCOME_NOT_L4), 1);
		wrap(&w, &vxlan, &p);
		w.bytes[ROOM] = 0x55;
		assert_true(passes(hook, run_wrapped(hook, &w)));
		assert_int_equal(flow_count(), 1);
		assert_int_equal(outcome(IMTC_OUTCOME_MALFORMED), 0);
	}
}

/* Deeper than two: the second's own packet, which has no ports. */
static void three_are_too_deep(void **state)
{
	static const struct shape deep = { "", { in_gre, in_ip4, in_ip4 }, 0 };
	struct pkt p = with_payload(inner[0], text, sizeof(text) - 1);

	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		datapath_reset(NULL);
		assert_true(passes(hook, run_shape(hook, &deep, &p)));
		assert_int_equal(flow_count(), 0);
		assert_int_equal(outcome(IMTC_OUTCOME_NOT_L4), 1);
	}
}

static const char xmpp[] = "<?xml version='1.0'?><stream:stream to='im.test' xmlns='jabber:client' "
	"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

static void drop_xmpp(u8 verdict)
{
	struct imtc_rule rule = { .id = 1, .verdict = verdict };

	rule.services[IMTC_SERVICE_XMPP / 64] |= 1ULL << IMTC_SERVICE_XMPP % 64;
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
}

/* However much else the tunnel carried before: it is never settled as a whole. */
static void carrier_never_settles(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct pkt icmp = with_payload((struct pkt){ .family = 4, .l4 = 1 }, text, 17);
		struct pkt ssh = with_payload(inner[0], text, sizeof(text) - 1);
		struct pkt p = with_payload(inner[0], xmpp, sizeof(xmpp) - 1);
		struct imtc_flow flow;

		datapath_reset(NULL);
		drop_xmpp(IMTC_VERDICT_DROP);
		p.client_port = 40001;
		for (int n = 0; n < 20; n++) {
			assert_true(passes(INGRESS, run_shape(INGRESS, &shapes[i], &icmp)));
			assert_true(passes(INGRESS, run_shape(INGRESS, &shapes[i], &ssh)));
		}
		assert_true(drops(INGRESS, run_shape(INGRESS, &shapes[i], &p)));
		assert_true(drops(INGRESS, run_shape(INGRESS, &shapes[i], &p)));
		assert_true(passes(INGRESS, run_shape(INGRESS, &shapes[i], &ssh)));
		assert_true(flow_get(&p, &flow));
		assert_int_equal(flow.label.service, IMTC_SERVICE_XMPP);
		assert_int_equal(flow.packets[0] + flow.packets[1], 2);
	}
}

/* Nobody can be answered through a tunnel: dropped, and counted as such. */
static void reject_is_drop(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = with_payload(inner[i & 1], xmpp, sizeof(xmpp) - 1);
			struct pkt reset = p;

			datapath_reset(NULL);
			drop_xmpp(IMTC_VERDICT_REJECT);
			assert_true(drops(hook, run_shape(hook, &shapes[i], &p)));
			assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
			reset.payload_len = 0;
			reset.flags = PKT_RST;
			assert_true(passes(hook, run_shape(hook, &shapes[i], &reset)));
			assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
		}
	}
}

/* Inside out: fragments of the inner packet follow their first one. */
static void inner_fragments(void **state)
{
	static const struct shape gtpu = { "", { in_gtpu }, 0 };
	struct pkt first = with_payload((struct pkt){ .family = 4, .l4 = 17, .frag_more = true,
						      .frag_id = 5 }, text, 16), later = first;
	struct imtc_flow flow;

	(void)state;
	later.frag_offset = 24;
	later.frag_more = false;
	assert_true(passes(XDP, run_shape(XDP, &gtpu, &first)));
	assert_true(passes(XDP, run_shape(XDP, &gtpu, &later)));
	assert_true(flow_get(&first, &flow));
	assert_int_equal(flow_count(), 1);
	assert_int_equal(flow.packets[0] + flow.packets[1], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(inner_is_flow, datapath_reset),
		cmocka_unit_test_setup(cut_frames_pass, datapath_reset),
		cmocka_unit_test_setup(lies_are_themselves, datapath_reset),
		cmocka_unit_test_setup(bad_inner_is_outer, datapath_reset),
		cmocka_unit_test_setup(three_are_too_deep, datapath_reset),
		cmocka_unit_test_setup(carrier_never_settles, datapath_reset),
		cmocka_unit_test_setup(reject_is_drop, datapath_reset),
		cmocka_unit_test_setup(inner_fragments, datapath_reset),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
