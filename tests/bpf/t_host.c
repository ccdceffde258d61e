// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path on the host against the same source as BPF: conversations made of
 * the dissectors' vectors, cut, reordered, repeated and mutated, frame by frame.
 * After each frame the flow must be the same in all that tells of the payload.
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "classify/engine.h"
#include "lib_datapath.h"
#include "signature.h"
#include "vectors/dissect_all.h"

#define MUTATIONS 100000
/* Between two looks at the tables: they must not fill up, or flows come and go. */
#define CONVERSATIONS 64
#define SEGMENTS_MAX 8

/* A name that tells a service, one that tells only encryption and feature. */
static struct signature names[] = {
	{ .text = "chat.example.org", .value = { .service = IMTC_SERVICE_SLACK } },
	{ .text = "example.net",
	  .value = { .service = IMTC_SERVICE_WEBEX, .feature = IMTC_FEATURE_VOICE,
		     .encryption = IMTC_ENCRYPTION_ENCRYPTED } },
};
static const struct signatures signatures = { .entries = names, .count = COUNT_OF(names) };

/* IMTC_SEED says another; a difference says which it was. */
static u64 seed = 20070115, random_state;
static u32 conversations, labelled;

static u32 random_next(u32 below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % below;
}

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000ULL + (u64)now.tv_nsec;
}

/* --- both at once ------------------------------------------------------------------ */

static void empty(const char *name)
{
	u8 key[64];

	while (!bpf_map_get_next_key(map_fd(name), NULL, key))
		bpf_map_delete_elem(map_fd(name), key);
}

static void both_begin(void)
{
	static const char *const filled[] = {
		"flows4", "flows6", "streams4", "streams6", "clients4", "clients6",
		"fragments", "hints",
	};
	struct engine_setup setup = { .signatures = &signatures };

	for (size_t i = 0; i < COUNT_OF(filled); i++)
		empty(filled[i]);
	engine_end();
	assert_int_equal(engine_start(&setup), 0);
}

/* What differs by nature: clocks, epochs, and what only a verdict fills in. */
static struct imtc_flow comparable(const struct imtc_flow *flow)
{
	struct imtc_flow c = *flow;

	c.epoch = c.slot = c.argument = c.rule = c.ifindex = 0;
	c.owner = c.first_ns = 0;
	c.asked = c.verdict = c.reason = 0;
	return c;
}

static void show(const char *who, const struct imtc_flow *f)
{
	printf("# %s: state %u flags %#x service %u feature %u confidence %u encryption %u "
	       "label flags %#x candidates %#llx %#llx payloads %u prefix %#x seq %u %u "
	       "gaps %u layers %#x via %#x packets %llu %llu\n", who, f->state, f->flags,
	       f->label.service, f->label.feature, f->label.confidence, f->label.encryption,
	       f->label.flags, (unsigned long long)f->candidates[0],
	       (unsigned long long)f->candidates[1], f->payload_packets, f->prefix, f->seq[0],
	       f->seq[1], f->gaps, f->layers, f->via, (unsigned long long)f->packets[0],
	       (unsigned long long)f->packets[1]);
}

static void both_run(const struct pkt *p, const char *name)
{
	u8 frame[PKT_BYTES];
	u32 len = pkt_build(p, frame);
	struct imtc_flow bpf, host, one, other;
	struct ran ran;
	bool has_bpf, has_host;

	run_frame(XDP, frame, len, &ran);
	engine_frame(frame, len, now_ns());
	has_bpf = flow_get(p, &bpf);
	has_host = engine_last() != NULL;
	if (has_bpf != has_host)
		fail_msg("%s: a flow %s alone", name, has_bpf ? "in BPF" : "on the host");
	if (!has_bpf)
		return;
	host = *engine_last();
	labelled += host.label.service != 0;
	one = comparable(&bpf);
	other = comparable(&host);
	if (!memcmp(&one, &other, sizeof(one)))
		return;
	show("bpf ", &bpf);
	show("host", &host);
	fail_msg("%s: the flows differ, %u bytes of payload; conversation %u of IMTC_SEED=%llu",
		 name, p->payload_len, conversations, (unsigned long long)seed);
}

/* --- conversations ------------------------------------------------------------------- */

struct talk {
	const struct dissect_vector *vector;
	u8 bytes[IMTC_VIEW_BYTES * 2];
	u32 len;
	u32 cuts[SEGMENTS_MAX + 1];	/* where segments begin; the last is the end */
	u32 segments;
	struct pkt pkt;			/* what all its packets have in common */
};

static struct talk talk;

static void talk_begin(const struct dissect_vector *vector, u32 family)
{
	if (conversations++ % CONVERSATIONS == 0)
		both_begin();
	memset(&talk, 0, sizeof(talk));
	talk.vector = vector;
	talk.len = vector->len < sizeof(talk.bytes) ? vector->len : sizeof(talk.bytes);
	memcpy(talk.bytes, vector->bytes, talk.len);
	talk.pkt.family = (int)family;
	talk.pkt.l4 = vector->l4 ? vector->l4 : 6;
	talk.pkt.client_port = (u16)(1024 + conversations % 60000);
	talk.pkt.host = (u8)(10 + conversations / 60000);
	talk.pkt.server_port = (u16)(1 + random_next(65000));
	talk.segments = 1;
	talk.cuts[1] = talk.len;
}

static void send_payload(u32 from, u32 to, bool fin)
{
	struct pkt p = talk.pkt;

	p.from_server = talk.vector->direction == IMTC_DIR_SERVER;
	p.seq = (p.from_server ? 5000U : 1000U) + 1 + from;
	p.ack = 1;
	p.flags = fin ? PKT_ACK | PKT_FIN : PKT_ACK;
	p.payload = talk.bytes + from;
	p.payload_len = to - from;
	both_run(&p, talk.vector->name);
}

static void send_handshake(void)
{
	struct pkt p = talk.pkt;

	if (talk.pkt.l4 != 6 || talk.vector->middle)
		return;
	p.flags = PKT_SYN;
	p.seq = 1000;
	both_run(&p, talk.vector->name);
	p.flags = PKT_SYN | PKT_ACK;
	p.from_server = true;
	p.seq = 5000;
	p.ack = 1001;
	both_run(&p, talk.vector->name);
}

static void send_segments(void)
{
	for (u32 i = 0; i < talk.segments; i++)
		send_payload(talk.cuts[i], talk.cuts[i + 1], false);
}

/* Every vector, whole and in two at every cut of its first bytes; both families. */
static void vectors_agree(void **state)
{
	(void)state;
	for (u32 l = 0; l < COUNT_OF(dissect_lists); l++) {
		for (u32 i = 0; i < dissect_lists[l].count; i++) {
			const struct dissect_vector *v = &dissect_lists[l].vectors[i];

			for (u32 cut = 0; cut < v->len && cut < 24; cut++) {
				talk_begin(v, cut & 1 ? 6 : 4);
				if (cut) {
					talk.segments = 2;
					talk.cuts[1] = cut;
					talk.cuts[2] = talk.len;
				}
				send_handshake();
				send_segments();
			}
		}
	}
}

/* A few bytes changed; and now and then another vector behind it. */
static void mutate(void)
{
	const struct dissect_list *list = &dissect_lists[random_next(COUNT_OF(dissect_lists))];
	const struct dissect_vector *next = &list->vectors[random_next(list->count)];

	for (u32 k = random_next(4); k && talk.len; k--)
		talk.bytes[random_next(talk.len)] = (u8)random_next(256);
	if (random_next(4) == 0 && next->len <= sizeof(talk.bytes) - talk.len) {
		memcpy(talk.bytes + talk.len, next->bytes, next->len);
		talk.len += next->len;
	}
}

static int by_number(const void *one, const void *other)
{
	const u32 *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

static void cut(void)
{
	talk.segments = 1 + random_next(SEGMENTS_MAX);
	for (u32 i = 1; i < talk.segments; i++)
		talk.cuts[i] = random_next(talk.len);
	talk.cuts[talk.segments] = talk.len;
	qsort(talk.cuts + 1, talk.segments - 1, sizeof(talk.cuts[0]), by_number);
}

/* In some order, some of it twice, some of it never, some with the rest behind it. */
static void send_somehow(void)
{
	u32 n = talk.segments + random_next(3);

	for (u32 i = 0; i < n; i++) {
		u32 k = random_next(3) ? i % talk.segments : random_next(talk.segments);
		u32 to = random_next(8) ? talk.cuts[k + 1] : talk.len;

		send_payload(talk.cuts[k], to, random_next(16) == 0);
	}
}

static void mutated_agree(void **state)
{
	(void)state;
	for (u32 i = 0; i < MUTATIONS; i++) {
		const struct dissect_list *list =
			&dissect_lists[random_next(COUNT_OF(dissect_lists))];

		talk_begin(&list->vectors[random_next(list->count)], random_next(4) ? 4 : 6);
		mutate();
		cut();
		talk.pkt.vlans = random_next(8) ? 0 : 1;
		if (random_next(8))
			send_handshake();
		if (random_next(2))
			send_segments();
		else
			send_somehow();
	}
	/* They agree on something. */
	printf("# %u packets of flows with a label\n", labelled);
	assert_true(labelled > MUTATIONS / 4);
}

static int load(void **state)
{
	if (datapath_load(state))
		return -1;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		domain_set(names[i].text, names[i].value.service, names[i].value.feature,
			   names[i].value.encryption);
	return 0;
}

static int unload(void **state)
{
	engine_end();
	return datapath_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_agree),
		cmocka_unit_test(mutated_agree),
	};
	const char *wanted = getenv("IMTC_SEED");

	random_state = seed = wanted ? strtoull(wanted, NULL, 10) : seed;
	return cmocka_run_group_tests_name("host and BPF", tests, load, unload);
}
