// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts carried out: what goes on, what goes back, byte for byte, with
 * checksums that hold.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib_datapath.h"
#include "vectors/hello.h"

#define MARK_BYTES 24	/* what XDP leaves for tc */

static const char sip[] = "MESSAGE sip:bob@im.test SIP/2.0\r\n"
	"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@im.test>;tag=1\r\n"
	"To: <sip:b@im.test>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";

#define EXT(...) .has_extensions = true, .extensions = { __VA_ARGS__, 0xff }

static const struct pkt shapes[] = {
	{ .family = 4 },
	{ .family = 6 },
	{ .family = 4, .vlans = 1 },
	{ .family = 6, .vlans = 2 },
	{ .family = 4, .ip_options = 12, .tcp_options = 12 },
	{ .family = 6, .tcp_options = 40 },
	{ .family = 6, EXT(0, 60) },
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static u8 message[HELLO_BYTES];
static int lo = -1;

/* --- what lo sees ------------------------------------------------------------- */

static void lo_open(void)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = __builtin_bswap16(ETH_P_ALL),
		.sll_ifindex = 1,
	};
	int on = 1;

	lo = socket(AF_PACKET, SOCK_RAW, __builtin_bswap16(ETH_P_ALL));
	assert_true(lo >= 0);
	assert_int_equal(setsockopt(lo, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)), 0);
	assert_int_equal(bind(lo, (struct sockaddr *)&address, sizeof(address)), 0);
}

/* The tag that the kernel took out of a frame, back in its place. */
static u32 put_tag(u8 *frame, u32 len, const struct tpacket_auxdata *aux)
{
	u16 tag[2] = { __builtin_bswap16(aux->tp_vlan_tpid),
		       __builtin_bswap16(aux->tp_vlan_tci) };

	if (!(aux->tp_status & TP_STATUS_VLAN_VALID))
		return len;
	memmove(frame + 16, frame + 12, len - 12);
	memcpy(frame + 12, tag, sizeof(tag));
	return len + (u32)sizeof(tag);
}

/* The next frame on lo, or 0 bytes where none comes. */
static u32 lo_next(u8 frame[PKT_BYTES])
{
	union {
		struct cmsghdr header;
		u8 bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec bytes = { frame, PKT_BYTES - 4 };
	struct msghdr wanted = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct pollfd ready = { .fd = lo, .events = POLLIN };
	ssize_t len;

	if (poll(&ready, 1, 1000) <= 0)
		return 0;
	len = recvmsg(lo, &wanted, 0);
	assert_true(len > 0);
	assert_int_equal(control.header.cmsg_type, PACKET_AUXDATA);
	return put_tag(frame, (u32)len, (void *)CMSG_DATA(&control.header));
}

static void lo_drain(void)
{
	u8 frame[PKT_BYTES];

	while (recv(lo, frame, sizeof(frame), MSG_DONTWAIT) > 0)
		;
}

/* --- packets ------------------------------------------------------------------- */

static struct pkt tcp_packet(struct pkt p)
{
	struct hello hello = { .name = "im.test" };

	p.seq = 0xfffffff0;
	p.ack = 0x12345678;
	p.flags = PKT_ACK | PKT_PSH;
	p.payload = message;
	p.payload_len = hello_build(&hello, message);
	return p;
}

static struct pkt udp_packet(struct pkt p)
{
	p.l4 = 17;
	p.payload = sip;
	p.payload_len = sizeof(sip) - 1;
	return p;
}

static void policy_all(u8 verdict, u32 argument)
{
	struct imtc_rule rule = { .id = 1, .verdict = verdict, .argument = argument };

	datapath_reset(NULL);
	domain_set("im.test", IMTC_SERVICE_SLACK, 0, 0);
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
}

/* The same names, with parameters. */
static void policy_parameters(u8 verdict, u32 argument, const u32 parameters[IMTC_PARAMETERS])
{
	struct imtc_rule rule = { .id = 1, .verdict = verdict, .argument = argument };

	memcpy(rule.parameters, parameters, sizeof(rule.parameters));
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
}

static void macs_are(const u8 *frame, u8 to, u8 from)
{
	const u8 want[12] = { 2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from };

	assert_memory_equal(frame, want, sizeof(want));
}

/* Type, tags and all of the IP header but what must differ. */
static void ip_is(const struct pkt *p, const u8 *frame, bool back, u32 l4_bytes)
{
	struct pkt like = *p;
	u8 want[PKT_BYTES];
	const u8 *ip = frame + pkt_l3(p);
	u32 header = pkt_l4(p) - pkt_l3(p);

	like.from_server = p->from_server != back;
	pkt_build(&like, want);
	assert_memory_equal(frame + 12, want + 12, pkt_l3(p) - 12);
	if (p->family == 6) {
		assert_int_equal(pkt_be16(ip + 4), header - 40 + l4_bytes);
		assert_int_equal(ip[7], back ? 64 : 61);
		assert_memory_equal(ip + 8, want + pkt_l3(p) + 8, header - 8);
	} else {
		assert_int_equal(pkt_be16(ip + 2), header + l4_bytes);
		assert_int_equal(ip[8], back ? 64 : 61);
		assert_memory_equal(ip + 12, want + pkt_l3(p) + 12, header - 12);
		assert_int_equal(pkt_ip4_sum(ip), 0);
	}
}

/* A RST of that packet, onward or back. */
static void reset_is(const struct pkt *p, const u8 *frame, u32 len, bool back)
{
	const u8 *ip = frame + pkt_l3(p), *tcp = frame + pkt_l4(p);
	u32 occupied = p->payload_len + !!(p->flags & PKT_SYN) + !!(p->flags & PKT_FIN);
	bool to_client = p->from_server != back, has_ack = p->flags & PKT_ACK;

	assert_int_equal(len, pkt_l4(p) + 20);
	macs_are(frame, to_client ? 1 : 2, to_client ? 2 : 1);
	ip_is(p, frame, back, 20);
	assert_int_equal(pkt_be16(tcp), to_client ? 443 : 40000);
	assert_int_equal(pkt_be16(tcp + 2), to_client ? 40000 : 443);
	assert_int_equal(pkt_be32(tcp + 4), !back ? p->seq : has_ack ? p->ack : 0);
	assert_int_equal(pkt_be32(tcp + 8), back ? p->seq + occupied : has_ack ? p->ack : 0);
	assert_int_equal(tcp[12], 0x50);
	assert_int_equal(tcp[13], PKT_RST | (back || has_ack ? PKT_ACK : 0));
	assert_int_equal(pkt_be16(tcp + 14), 0);
	assert_int_equal(pkt_be16(tcp + 18), 0);
	assert_int_equal(pkt_l4_sum(ip, 6, pkt_l4(p) - pkt_l3(p), 20), 0);
}

static void run_pkt(enum hook hook, const struct pkt *p, struct ran *ret_ran)
{
	u8 frame[PKT_BYTES];

	run_frame(hook, frame, pkt_build(p, frame), ret_ran);
}

/* --- TCP ----------------------------------------------------------------------- */

static void reject_resets_both(enum hook hook, const struct pkt *p)
{
	u8 frame[PKT_BYTES];
	struct ran ran;
	u32 len;

	lo_drain();
	run_pkt(hook, p, &ran);
	assert_true(passes(hook, ran.answer));
	reset_is(p, ran.frame, ran.len, false);
	len = lo_next(frame);
	reset_is(p, frame, len, true);
	assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 0);
}

static void tcp_is_reset(void **state)
{
	(void)state;
	for (enum hook hook = EGRESS; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = tcp_packet(shapes[i]);

			policy_all(IMTC_VERDICT_REJECT, 0);
			reject_resets_both(hook, &p);
			/* What comes after: without payload, the other way, the end. */
			p.payload_len = 0;
			p.flags = PKT_ACK;
			reject_resets_both(hook, &p);
			p.from_server = true;
			reject_resets_both(hook, &p);
			p.flags = PKT_ACK | PKT_FIN;
			reject_resets_both(hook, &p);
		}
	}
}

static void syn_with_payload_is_reset(void **state)
{
	struct pkt p = tcp_packet((struct pkt){ .family = 4 });

	(void)state;
	policy_all(IMTC_VERDICT_REJECT, 0);
	p.flags = PKT_SYN;
	reject_resets_both(EGRESS, &p);
}

static void resets_pass(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		struct pkt p = tcp_packet((struct pkt){ .family = 4 });
		u8 frame[PKT_BYTES];
		struct ran ran;

		policy_all(IMTC_VERDICT_REJECT, 0);
		run_pkt(hook, &p, &ran);
		lo_drain();
		p.flags = PKT_RST | PKT_ACK;
		p.payload_len = 0;
		run_pkt(hook, &p, &ran);
		assert_true(passes(hook, ran.answer));
		assert_int_equal(ran.len, pkt_build(&p, frame));
		assert_memory_equal(ran.frame, frame, ran.len);
	}
}

/* A RST cannot stand for a piece of a packet: that is dropped. */
static void fragment_is_dropped(void **state)
{
	struct pkt p = tcp_packet((struct pkt){ .family = 4 });
	struct ran ran;

	(void)state;
	policy_all(IMTC_VERDICT_REJECT, 0);
	run_pkt(EGRESS, &p, &ran);
	p.frag_more = true;
	p.payload_len = 100;
	run_pkt(EGRESS, &p, &ran);
	assert_true(drops(EGRESS, ran.answer));
	assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
}

/* --- UDP ----------------------------------------------------------------------- */

static void unreachable_is(const struct pkt *p, const u8 *frame, u32 len)
{
	u32 l3 = pkt_l3(p), ip_len = p->family == 6 ? 40 : 20;
	u32 quoted = pkt_l4(p) - l3 + 8;
	const u8 *ip = frame + l3, *icmp = ip + ip_len;
	u8 original[PKT_BYTES];

	pkt_build(p, original);
	assert_int_equal(len, l3 + ip_len + 8 + quoted);
	macs_are(frame, p->from_server ? 2 : 1, p->from_server ? 1 : 2);
	assert_memory_equal(frame + 12, original + 12, l3 - 12);
	assert_memory_equal(icmp + 8, original + l3, quoted);
	assert_int_equal(pkt_be32(icmp + 4), 0);
	if (p->family == 6) {
		assert_int_equal(pkt_be32(ip), 0x60000000);
		assert_int_equal(pkt_be16(ip + 4), 8 + quoted);
		assert_int_equal(ip[6], 58);
		assert_memory_equal(ip + 8, original + l3 + 24, 16);
		assert_memory_equal(ip + 24, original + l3 + 8, 16);
		assert_int_equal(pkt_be16(icmp), 0x0104);
		assert_int_equal(pkt_l4_sum(ip, 58, 40, 8 + quoted), 0);
		return;
	}
	assert_int_equal(ip[0], 0x45);
	assert_int_equal(pkt_be16(ip + 2), 28 + quoted);
	assert_int_equal(ip[9], 1);
	assert_memory_equal(ip + 12, original + l3 + 16, 4);
	assert_memory_equal(ip + 16, original + l3 + 12, 4);
	assert_int_equal(pkt_ip4_sum(ip), 0);
	assert_int_equal(pkt_be16(icmp), 0x0303);
	assert_int_equal(pkt_sum(icmp, 8 + quoted), 0);
}

static void udp_is_unreachable(void **state)
{
	(void)state;
	for (enum hook hook = EGRESS; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = udp_packet(shapes[i]);
			struct ran ran;

			policy_all(IMTC_VERDICT_REJECT, 0);
			run_pkt(hook, &p, &ran);
			assert_int_equal(ran.answer, TC_ACT_REDIRECT);
			unreachable_is(&p, ran.frame, ran.len);
			/* Shorter than the answer. */
			p.payload_len = 1;
			run_pkt(hook, &p, &ran);
			assert_int_equal(ran.answer, TC_ACT_REDIRECT);
			unreachable_is(&p, ran.frame, ran.len);
			assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 0);
		}
	}
}

/* No error goes to a group's packet. */
static void groups_get_no_answer(void **state)
{
	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct pkt p = udp_packet((struct pkt){ .family = family });
		u8 frame[PKT_BYTES];
		struct ran ran;
		u32 len = pkt_build(&p, frame);

		policy_all(IMTC_VERDICT_REJECT, 0);
		if (family == 4)
			frame[pkt_l3(&p) + 16] = 239;
		else
			frame[pkt_l3(&p) + 24] = 0xff;
		run_frame(EGRESS, frame, len, &ran);
		assert_true(drops(EGRESS, ran.answer));
		assert_int_equal(flow_count(), 1);
	}
}

/* --- other verdicts -------------------------------------------------------------- */

static void redirect_is_as_it_came(void **state)
{
	(void)state;
	for (enum hook hook = EGRESS; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = tcp_packet(shapes[i]);
			u8 frame[PKT_BYTES];
			struct ran ran;

			policy_all(IMTC_VERDICT_REDIRECT, 1);
			run_pkt(hook, &p, &ran);
			assert_int_equal(ran.answer, TC_ACT_REDIRECT);
			assert_int_equal(ran.len, pkt_build(&p, frame));
			assert_memory_equal(ran.frame, frame, ran.len);
		}
	}
}

static void redirect_to_nowhere(void **state)
{
	struct pkt p = tcp_packet((struct pkt){ .family = 4 });

	(void)state;
	policy_all(IMTC_VERDICT_REDIRECT, 0);
	assert_true(drops(EGRESS, run(EGRESS, &p)));
	assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
}

static void drop_is_dropped(void **state)
{
	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		struct pkt p = tcp_packet((struct pkt){ .family = 6 });

		policy_all(IMTC_VERDICT_DROP, 0);
		for (int i = 0; i < 3; i++)
			assert_true(drops(hook, run(hook, &p)));
	}
}

/* The copy cannot be made; the packet goes on. */
static void mirror_to_nowhere(void **state)
{
	static const u32 devices[] = { 0, 1, 0x7fffffff };	/* the second: its own */

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct pkt p = tcp_packet((struct pkt){ .family = 4 });

		policy_all(IMTC_VERDICT_MIRROR, devices[i]);
		assert_true(passes(EGRESS, run(EGRESS, &p)));
		assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
	}
}

static const u32 mark_parameters[IMTC_PARAMETERS] = {
	[IMTC_MARK_MASK] = 0xff0, [IMTC_MARK_PRIORITY] = 0x10002,
	[IMTC_MARK_SET] = IMTC_MARK_SETS_PRIORITY | IMTC_MARK_SETS_DSCP | 46,
};

/* As it came but for the DSCP; ECN, version and flow label stay, checksums hold. */
static void marked_is(const struct pkt *p, const struct ran *ran)
{
	const u8 *ip = ran->frame + pkt_l3(p);
	u32 l3 = pkt_l3(p), l4 = pkt_l4(p);
	u8 want[PKT_BYTES];

	assert_int_equal(ran->len, pkt_build(p, want));
	if (p->family == 4) {
		assert_int_equal(ip[1], 46 << 2 | (want[l3 + 1] & 3));
		assert_int_equal(pkt_ip4_sum(ip), 0);
		memcpy(want + l3 + 10, ip + 10, 2);
		want[l3 + 1] = ip[1];
	} else {
		assert_int_equal((ip[0] << 8 | ip[1]) >> 6 & 0x3f, 46);
		assert_int_equal((ip[0] ^ want[l3]) & 0xf0, 0);
		assert_int_equal((ip[1] ^ want[l3 + 1]) & 0x3f, 0);
		memcpy(want + l3, ip, 2);
	}
	assert_memory_equal(ran->frame, want, ran->len);
	assert_int_equal(pkt_l4_sum(ip, 6, l4 - l3, ran->len - l4), 0);
}

static void mark_is_set(void **state)
{
	(void)state;
	for (enum hook hook = EGRESS; hook <= INGRESS; hook++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = tcp_packet(shapes[i]);
			struct __sk_buff in = { .mark = 0xabcdef }, out = { 0 };
			u8 frame[PKT_BYTES];
			struct ran ran;
			LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
				    .data_out = ran.frame, .data_size_out = sizeof(ran.frame),
				    .ctx_in = &in, .ctx_size_in = sizeof(in), .ctx_out = &out,
				    .ctx_size_out = sizeof(out), .repeat = 1);

			policy_all(IMTC_VERDICT_PASS, 0);
			policy_parameters(IMTC_VERDICT_MARK, 0x120, mark_parameters);
			opts.data_size_in = pkt_build(&p, frame);
			assert_int_equal(bpf_prog_test_run_opts(program_fd(hook), &opts), 0);
			ran.len = opts.data_size_out;
			assert_true(passes(hook, opts.retval));
			assert_int_equal(out.mark, 0xabc12f);
			assert_int_equal(out.priority, 0x10002);
			marked_is(&p, &ran);
			assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 0);
		}
	}
}

/* How many of 40 packets of a flow pass at once. */
static u32 passed_of_40(enum hook hook, const struct pkt *p)
{
	u32 passed = 0;

	for (int i = 0; i < 40; i++)
		passed += passes(hook, run(hook, p));
	return passed;
}

/* A burst passes; what is above it is dropped and counted; each peer has its own. */
static void limit_lets_a_burst_through(void **state)
{
	static const u32 packets[IMTC_PARAMETERS] = { [IMTC_LIMIT_BURST] = 10 };

	(void)state;
	for (enum hook hook = XDP; hook <= INGRESS; hook++) {
		struct pkt p = udp_packet((struct pkt){ .family = hook == XDP ? 6 : 4 });

		policy_all(IMTC_VERDICT_PASS, 0);
		policy_parameters(IMTC_VERDICT_LIMIT, 1, packets);
		assert_in_range(passed_of_40(hook, &p), 10, 12);
		assert_in_range(outcome(IMTC_OUTCOME_LIMITED), 28, 30);
		/* Another flow of the same peer finds its bucket empty. */
		p.client_port = 41000;
		assert_in_range(passed_of_40(hook, &p), 0, 2);
		/* Of what goes out the peer is the server. */
		p.host = 9;
		assert_in_range(passed_of_40(hook, &p), hook == EGRESS ? 0 : 10,
				hook == EGRESS ? 2 : 12);
		/* A new policy begins with full buckets. */
		policy_parameters(IMTC_VERDICT_LIMIT, 1, packets);
		assert_in_range(passed_of_40(hook, &p), 10, 12);
	}
}

static void limit_counts_bytes(void **state)
{
	u32 bytes[IMTC_PARAMETERS] = { [IMTC_LIMIT_BYTES] = 1 };
	struct pkt p = udp_packet((struct pkt){ .family = 4 });

	(void)state;
	bytes[IMTC_LIMIT_BURST] = 5 * (20 + 8 + p.payload_len);
	policy_all(IMTC_VERDICT_PASS, 0);
	policy_parameters(IMTC_VERDICT_LIMIT, 10, bytes);
	assert_in_range(passed_of_40(XDP, &p), 5, 6);
	/* A packet larger than the bucket passes where that is full. */
	bytes[IMTC_LIMIT_BURST] = 1;
	policy_parameters(IMTC_VERDICT_LIMIT, 10, bytes);
	assert_in_range(passed_of_40(XDP, &p), 1, 1);
}

#define LIMIT_KEY_WORDS 3	/* struct imtc_limit_key (bpf/packet.h) */

/* How far a bucket that was just filled is ahead of now, in seconds. */
static u64 bucket_seconds(void)
{
	u64 key[LIMIT_KEY_WORDS], until = 0;

	assert_int_equal(bpf_map_get_next_key(map_fd("limits"), NULL, key), 0);
	assert_int_equal(bpf_map_lookup_elem(map_fd("limits"), key, &until), 0);
	assert_int_equal(bpf_map_delete_elem(map_fd("limits"), key), 0);
	return (until - ktime_ns()) / 1000000000ULL;
}

/* A burst of 30 at 30 a minute lasts a minute, as does one of two thousand millions for one. */
static void limit_of_a_minute(void **state)
{
	u32 minute[IMTC_PARAMETERS] = { [IMTC_LIMIT_BURST] = 30, [IMTC_LIMIT_MINUTE] = 1 };
	struct pkt p = udp_packet((struct pkt){ .family = 4 });

	(void)state;
	policy_all(IMTC_VERDICT_PASS, 0);
	for (u64 key[LIMIT_KEY_WORDS]; !bpf_map_get_next_key(map_fd("limits"), NULL, key);)
		bpf_map_delete_elem(map_fd("limits"), key);
	policy_parameters(IMTC_VERDICT_LIMIT, 30, minute);
	assert_in_range(passed_of_40(XDP, &p), 30, 32);
	assert_in_range(bucket_seconds(), 50, 64);
	minute[IMTC_LIMIT_BURST] = 0xffffffff;
	policy_parameters(IMTC_VERDICT_LIMIT, 1, minute);
	assert_in_range(passed_of_40(XDP, &p), 40, 40);
	assert_in_range(bucket_seconds(), 39 * 60, 41 * 60);
}

/* XDP leaves all but pass, drop and limit to tc: a mark before the packet, which is whole. */
static void xdp_marks(void **state)
{
	static const u8 verdicts[] = { IMTC_VERDICT_REJECT, IMTC_VERDICT_REDIRECT,
				       IMTC_VERDICT_MIRROR, IMTC_VERDICT_MARK };

	(void)state;
	for (size_t v = 0; v < sizeof(verdicts); v++) {
		for (size_t i = 0; i < N_SHAPES; i++) {
			struct pkt p = tcp_packet(shapes[i]);
			u8 frame[PKT_BYTES];
			struct ran ran;
			u32 len = pkt_build(&p, frame);

			policy_all(verdicts[v], 1);
			run_pkt(XDP, &p, &ran);
			assert_true(passes(XDP, ran.answer));
			assert_int_equal(ran.len, MARK_BYTES + len);
			assert_memory_equal(ran.frame + MARK_BYTES, frame, len);
			assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 0);
		}
	}
}

/*
 * A packet whose room for metadata is taken, as by a driver that has none.
 * False where the kernel takes no metadata of that size.
 */
static bool run_without_room(const struct pkt *p, u32 taken, struct ran *ret_ran)
{
	u8 frame[PKT_BYTES], both[PKT_BYTES] = { 0 }, out[PKT_BYTES];
	u32 len = pkt_build(p, frame);
	struct xdp_md context = { .data = taken, .data_end = taken + len };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = both, .data_size_in = taken + len,
		    .data_out = out, .data_size_out = sizeof(out), .ctx_in = &context,
		    .ctx_size_in = sizeof(context), .repeat = 1);

	memcpy(both + taken, frame, len);
	if (bpf_prog_test_run_opts(program_fd(XDP), &opts)) {
		assert_int_equal(errno, EINVAL);
		return false;
	}
	ret_ran->answer = opts.retval;
	ret_ran->len = opts.data_size_out > taken ? opts.data_size_out - taken : 0;
	memcpy(ret_ran->frame, out + taken, ret_ran->len);
	return true;
}

static void xdp_without_metadata(void **state)
{
	u32 most = 252;	/* or what this kernel has for it */
	struct ran ran;

	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		struct pkt p = tcp_packet(shapes[i]);

		policy_all(IMTC_VERDICT_REJECT, 0);
		while (!run_without_room(&p, most, &ran)) {
			most -= 4;
			assert_true(most >= 32);
		}
		assert_true(passes(XDP, ran.answer));
		reset_is(&p, ran.frame, ran.len, false);
		p = udp_packet(shapes[i]);
		assert_true(run_without_room(&p, most, &ran));
		assert_true(drops(XDP, ran.answer));
		assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
		policy_all(IMTC_VERDICT_REDIRECT, 1);
		p = tcp_packet(shapes[i]);
		assert_true(run_without_room(&p, most, &ran));
		assert_true(drops(XDP, ran.answer));
		assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 1);
	}
}

static int load(void **state)
{
	int err = datapath_load(state);

	if (!err)
		lo_open();
	return err;
}

static int unload(void **state)
{
	close(lo);
	return datapath_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_is_reset),
		cmocka_unit_test(syn_with_payload_is_reset),
		cmocka_unit_test(resets_pass),
		cmocka_unit_test(fragment_is_dropped),
		cmocka_unit_test(udp_is_unreachable),
		cmocka_unit_test(groups_get_no_answer),
		cmocka_unit_test(redirect_is_as_it_came),
		cmocka_unit_test(redirect_to_nowhere),
		cmocka_unit_test(drop_is_dropped),
		cmocka_unit_test(mirror_to_nowhere),
		cmocka_unit_test(mark_is_set),
		cmocka_unit_test(limit_lets_a_burst_through),
		cmocka_unit_test(limit_counts_bytes),
		cmocka_unit_test(limit_of_a_minute),
		cmocka_unit_test(xdp_marks),
		cmocka_unit_test(xdp_without_metadata),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
