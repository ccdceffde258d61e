// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measures imtc's programs by BPF_PROG_TEST_RUN and prints a JSON object a
 * metric: {"metric","value","unit","baseline","ratio"}. The ratio is to the
 * plain LRU look-up of baseline.bpf.c, the empty program's share taken off
 * both.
 *
 *	bench bpf|kmod insns|ns
 *
 * Under qemu's -icount shift=0 a nanosecond of the guest is an instruction, so
 * the same code gives both units. Nothing of it touches a running imtc: maps
 * are the bench's own.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <imtc/control.h>
#include <imtc/flow.h>
#include <imtc/signature.h>

#include "baseline.skel.h"
#include "imtc.skel.h"
#include "packet.h"
#include "rules.h"

#define STEADY_REPEAT 10000
#define STEADY_ROUNDS 5		/* the least counts: everything above it is noise */
#define FIRST_ROUNDS 51		/* odd, for the median */

enum hook { XDP, TC, HOOKS };
static const char *const hook_names[HOOKS] = { "xdp", "tc" };

static struct imtc_baseline *plain;
static struct imtc_imtc *imtc;
static const char *mode, *unit;

struct probe {
	int program;
	uint8_t frame[PACKET_MAX];
	size_t frame_len;
};

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Mean duration of one run, ns. */
static unsigned int run(const struct probe *p, int repeat)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = p->frame,
		    .data_size_in = p->frame_len, .repeat = repeat);

	if (bpf_prog_test_run_opts(p->program, &opts))
		die("BPF_PROG_TEST_RUN");
	return opts.duration;
}

static unsigned int steady(const struct probe *p)
{
	unsigned int least = run(p, STEADY_REPEAT);

	for (int i = 1; i < STEADY_ROUNDS; i++) {
		unsigned int again = run(p, STEADY_REPEAT);

		least = again < least ? again : least;
	}
	return least;
}

static void put(struct probe *p, const struct packet *packet)
{
	p->frame_len = packet_build(packet, p->frame);
}

static int program_of(enum hook hook)
{
	return bpf_program__fd(hook == XDP ? imtc->progs.imtc_xdp : imtc->progs.imtc_tc_egress);
}

static int empty_of(enum hook hook)
{
	return bpf_program__fd(hook == XDP ? plain->progs.empty_xdp : plain->progs.empty_tc);
}

static int plain_of(enum hook hook)
{
	return bpf_program__fd(hook == XDP ? plain->progs.plain_xdp : plain->progs.plain_tc);
}

static void print(const char *metric, double value, double baseline, double empty)
{
	printf("{\"metric\":\"%s_%s\",\"value\":%.0f,\"unit\":\"%s\",\"baseline\":%.0f,"
	       "\"ratio\":%.2f}\n", metric, unit, value, unit, baseline,
	       (value - empty) / (baseline - empty));
}

/* What the same packet costs in the empty and in the plain program. */
static void baselines(enum hook hook, const struct packet *packet, double *ret_empty,
		      double *ret_plain)
{
	struct probe p = { .program = empty_of(hook) };

	put(&p, packet);
	*ret_empty = steady(&p);
	p.program = plain_of(hook);
	run(&p, 1);
	*ret_plain = steady(&p);
}

static void forget_flows(void)
{
	struct imtc_flow_key4 key4;
	struct imtc_flow_key6 key6;
	int fd = bpf_map__fd(imtc->maps.flows4);

	while (!bpf_map_get_next_key(fd, NULL, &key4))
		if (bpf_map_delete_elem(fd, &key4))
			die("flows4");
	fd = bpf_map__fd(imtc->maps.flows6);
	while (!bpf_map_get_next_key(fd, NULL, &key6))
		if (bpf_map_delete_elem(fd, &key6))
			die("flows6");
}

static bool all_flows_decided(void)
{
	struct imtc_flow_key4 key4;
	struct imtc_flow_key6 key6;
	struct imtc_flow flow;
	int fd = bpf_map__fd(imtc->maps.flows4);

	if (bpf_map_get_next_key(fd, NULL, &key4)) {
		fd = bpf_map__fd(imtc->maps.flows6);
		if (bpf_map_get_next_key(fd, NULL, &key6) ||
		    bpf_map_lookup_elem(fd, &key6, &flow))
			return false;
	} else if (bpf_map_lookup_elem(fd, &key4, &flow)) {
		return false;
	}
	return flow.state == IMTC_FLOW_DECIDED;
}

/* Opens the flow: a SYN for TCP, nothing for UDP. */
static void open_flow(struct probe *p, int family, int l4)
{
	struct packet syn = { .family = family, .l4 = l4, .syn = 1, .seq = 1000 };

	forget_flows();
	if (l4 != IPPROTO_TCP)
		return;
	put(p, &syn);
	run(p, 1);
}

static void send_payload(struct probe *p, struct packet *packet, const void *payload, size_t len)
{
	packet->payload = payload;
	packet->payload_len = len;
	put(p, packet);
	run(p, 1);
	packet->seq += len;
}

/* A flow that has its label (TCP: XMPP by ALPN) or is known not to be IM, then its packets. */
static void decided(enum hook hook, int family, int l4, bool is_im)
{
	static const char banner[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
	struct probe p = { .program = program_of(hook) };
	struct packet packet = { .family = family, .l4 = l4, .seq = 1001 };
	struct packet reply = { .family = family, .l4 = l4, .seq = 1, .from_server = 1 };
	uint8_t hello[512], data[100] = { 0 };
	double empty, baseline;
	char metric[64];
	size_t len;

	open_flow(&p, family, l4);
	if (is_im) {
		len = packet_client_hello("im.test", "xmpp-client", hello, sizeof(hello));
		send_payload(&p, &packet, hello, len);
	}
	/* Each side's first bytes; UDP is given up only after several datagrams. */
	for (int i = 0; i < 8 && !all_flows_decided(); i++) {
		send_payload(&p, &packet, banner, sizeof(banner) - 1);
		send_payload(&p, &reply, banner, sizeof(banner) - 1);
	}
	if (!all_flows_decided()) {
		fprintf(stderr, "bench: the flow is not decided\n");
		exit(1);
	}
	send_payload(&p, &packet, data, sizeof(data));
	baselines(hook, &packet, &empty, &baseline);
	snprintf(metric, sizeof(metric), "%s_%s%d_%s_%s", is_im || l4 == IPPROTO_UDP ?
		 "decided" : "not_im", l4 == IPPROTO_TCP ? "tcp" : "udp", family,
		 hook_names[hook], mode);
	print(metric, steady(&p), baseline, empty);
}

struct first {
	const char *service;
	int l4;
	const char *payload;
	size_t len;
	const char *server_name;	/* a ClientHello with this name instead; UDP: by QUIC */
};

#define BYTES(literal) literal, sizeof(literal) - 1
static const struct first firsts[] = {
	{ "xmpp", IPPROTO_TCP, BYTES("<?xml version='1.0'?><stream:stream to='im.test' "
	  "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
	  "version='1.0'>"), NULL },
	{ "irc", IPPROTO_TCP, BYTES("NICK bob\r\nUSER bob 0 * :Bob\r\n"), NULL },
	{ "oscar", IPPROTO_TCP, BYTES("\x2a\x01\x00\x01\x00\x04\x00\x00\x00\x01"), NULL },
	{ "msn", IPPROTO_TCP, BYTES("VER 1 MSNP15 MSNP14 MSNP13 CVR0\r\n"), NULL },
	{ "yahoo", IPPROTO_TCP, BYTES("YMSG\x00\x0f\x00\x00\x00\x00\x00\x4c\x00\x00\x00\x00"
	  "\x00\x00\x00\x00"), NULL },
	{ "sip", IPPROTO_UDP, BYTES("MESSAGE sip:bob@im.test SIP/2.0\r\n"
	  "Via: SIP/2.0/UDP 10.88.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@im.test>;tag=1\r\n"
	  "To: <sip:b@im.test>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n"
	  "Content-Length: 0\r\n\r\n"), NULL },
	{ "whatsapp", IPPROTO_TCP, NULL, 0, "g.whatsapp.net" },
	{ "telegram", IPPROTO_TCP, NULL, 0, "web.telegram.org" },
	{ "signal", IPPROTO_TCP, NULL, 0, "chat.signal.org" },
	{ "discord", IPPROTO_TCP, NULL, 0, "gateway.discord.gg" },
	{ "slack", IPPROTO_TCP, NULL, 0, "wss-primary.slack.com" },
	{ "teams", IPPROTO_TCP, NULL, 0, "teams.microsoft.com" },
	{ "quic_snapchat", IPPROTO_UDP, NULL, 0, "gcp.api.snapchat.com" },
};

static int by_value(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

/* The payload of round `round`, made in `made` where it is no literal. */
static void first_packet(const struct first *first, uint32_t round, uint8_t made[PACKET_MAX],
			 struct packet *packet)
{
	packet->payload = first->payload;
	packet->payload_len = first->len;
	if (!first->server_name)
		return;
	packet->payload = made;
	/* Keys are kept until others are needed: each round has its own. */
	packet->payload_len = first->l4 == IPPROTO_UDP ?
		packet_quic_initial(first->server_name, round, made, PACKET_MAX) :
		packet_client_hello(first->server_name, "h2", made, PACKET_MAX);
}

/* Single runs carry the call's own cost: measured with the empty program, and taken off. */
static unsigned int median_first(enum hook hook, const struct first *first, bool empty)
{
	unsigned int all[FIRST_ROUNDS];
	struct packet packet = { .family = 4, .l4 = first->l4, .seq = 1001 };
	uint8_t made[PACKET_MAX];

	for (int i = 0; i < FIRST_ROUNDS; i++) {
		struct probe p = { .program = program_of(hook) };

		first_packet(first, (uint32_t)i, made, &packet);
		open_flow(&p, 4, first->l4);
		if (empty)
			p.program = empty_of(hook);
		put(&p, &packet);
		all[i] = run(&p, 1);
	}
	qsort(all, FIRST_ROUNDS, sizeof(all[0]), by_value);
	return all[FIRST_ROUNDS / 2];
}

static void first_payload(enum hook hook, const struct first *first)
{
	struct packet packet = { .family = 4, .l4 = first->l4, .seq = 1001 };
	double empty, baseline, value;
	char metric[64];

	baselines(hook, &packet, &empty, &baseline);
	value = (double)median_first(hook, first, false) - median_first(hook, first, true) + empty;
	snprintf(metric, sizeof(metric), "first_%s_%s_%s", first->service, hook_names[hook], mode);
	print(metric, value, baseline, empty);
}

/* Own maps: nothing pinned, nothing shared with a running imtc. */
static void load(bool with_module)
{
	struct bpf_map *map;

	plain = imtc_baseline__open_and_load();
	imtc = imtc_imtc__open();
	if (!plain || !imtc)
		die("open");
	bpf_object__for_each_map(map, imtc->obj)
		bpf_map__set_pin_path(map, NULL);
	imtc->rodata->imtc_with_module = with_module;
	if (imtc_imtc__load(imtc))
		die("load");
}

static void put_domain(const char *name, __u16 service)
{
	struct imtc_domain_value value = { .service = service };
	struct imtc_control control = { 0 };
	struct imtc_domain_key key;
	__u32 zero = 0;

	if (bpf_map_lookup_elem(bpf_map__fd(imtc->maps.data_control), &zero, &control))
		die("control");
	imtc_domain_start(&key, control.domain_seed);
	for (size_t k = strlen(name); k > 0; k--)
		imtc_domain_step(&key, name[k - 1]);
	if (bpf_map_update_elem(bpf_map__fd(imtc->maps.domains), &key, &value, BPF_ANY))
		die("domains");
}

/* The names of `firsts`, as the signature files would have put them. */
static void add_domains(void)
{
	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (firsts[i].server_name)
			put_domain(firsts[i].server_name, IMTC_SERVICE_WHATSAPP + i);
}

/*
 * A ClientHello whose name lies below one of so many domains. The cost should be
 * that of the name's bytes, whatever the list: compare the two lines.
 */
static void name_lookup(enum hook hook, unsigned int *have, unsigned int count)
{
	struct first first = { .l4 = IPPROTO_TCP, .server_name = "www.host.n0.example" };
	char name[64];

	for (; *have < count; ++*have) {
		snprintf(name, sizeof(name), "n%u.example", *have);
		put_domain(name, IMTC_SERVICE_SLACK);
	}
	snprintf(name, sizeof(name), "name_lookup_%u", count);
	first.service = name;
	first_payload(hook, &first);
}

/* --- policies -------------------------------------------------------------------- */

static bool is_last_rule(__u32 count)
{
	struct imtc_flow_key4 key;
	struct imtc_flow flow;
	int fd = bpf_map__fd(imtc->maps.flows4);

	return !bpf_map_get_next_key(fd, NULL, &key) && !bpf_map_lookup_elem(fd, &key, &flow) &&
	       flow.reason == IMTC_REASON_RULE && flow.rule == count;
}

/* What a verdict costs: a first payload by a policy, less the same without one. */
static void verdict_rules(double without, __u32 count, double *least)
{
	bool is_bpf = !strcmp(mode, "bpf");
	char metric[64];
	double value;

	if (rules_load(count, is_bpf ? bpf_map__fd(imtc->maps.policies) : -1,
		       bpf_map__fd(imtc->maps.indexes)))
		die("rules");
	if (is_bpf)
		imtc->data_control->control.epoch = RULES_EPOCH;
	value = (double)median_first(XDP, &firsts[1], false) - without;
	if (!is_last_rule(count)) {
		fprintf(stderr, "bench: the last of %u rules did not answer\n", count);
		exit(1);
	}
	if (!*least)
		*least = value;
	snprintf(metric, sizeof(metric), "verdict_rules_%u_%s", count, mode);
	print(metric, value, *least, 0);
}

/* The cost should not grow with the rules: the ratio is to that of 10. */
static void verdicts(void)
{
	static const __u32 counts[] = { 10, 100, 1000, 10000 };
	double without = median_first(XDP, &firsts[1], false), least = 0;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		verdict_rules(without, counts[i], &least);
}

int main(int argc, char **argv)
{
	unsigned int names = 0;

	if (argc != 3 || (strcmp(argv[1], "bpf") && strcmp(argv[1], "kmod")) ||
	    (strcmp(argv[2], "insns") && strcmp(argv[2], "ns"))) {
		fprintf(stderr, "usage: bench bpf|kmod insns|ns\n");
		return 2;
	}
	mode = argv[1];
	unit = argv[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	load(!strcmp(mode, "kmod"));
	add_domains();
	for (int hook = XDP; hook < HOOKS; hook++) {
		for (int family = 4; family <= 6; family += 2) {
			decided(hook, family, IPPROTO_TCP, true);
			decided(hook, family, IPPROTO_UDP, false);
			decided(hook, family, IPPROTO_TCP, false);
		}
		for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
			first_payload(hook, &firsts[i]);
	}
	name_lookup(XDP, &names, 10);
	name_lookup(XDP, &names, 100000);
	verdicts();
	return 0;
}
