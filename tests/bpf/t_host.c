// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path on the host against the same source as BPF: conversations made of
 * the dissectors' vectors, cut, reordered, repeated and mutated, frame by frame.
 * After each frame the flow must be the same in all that tells of the payload.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib_both.h"
#include "vectors/dissect_all.h"

#define MUTATIONS 100000
/* Between two looks at the tables: they must not fill up, or flows come and go. */
#define CONVERSATIONS 64
#define SEGMENTS_MAX 8

static u32 conversations;

static void both_run(const struct pkt *p, const char *name)
{
	u8 frame[PKT_BYTES];
	char what[160];
	u32 len = pkt_build(p, frame);

	snprintf(what, sizeof(what), "%s, conversation %u, %u bytes of payload", name,
		 conversations, p->payload_len);
	both_frame(frame, len, what);
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
	talk.pkt.server_port = (u16)(1 + both_random(65000));
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
	const struct dissect_list *list = &dissect_lists[both_random(COUNT_OF(dissect_lists))];
	const struct dissect_vector *next = &list->vectors[both_random(list->count)];

	for (u32 k = both_random(4); k && talk.len; k--)
		talk.bytes[both_random(talk.len)] = (u8)both_random(256);
	if (both_random(4) == 0 && next->len <= sizeof(talk.bytes) - talk.len) {
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
	talk.segments = 1 + both_random(SEGMENTS_MAX);
	for (u32 i = 1; i < talk.segments; i++)
		talk.cuts[i] = both_random(talk.len);
	talk.cuts[talk.segments] = talk.len;
	qsort(talk.cuts + 1, talk.segments - 1, sizeof(talk.cuts[0]), by_number);
}

/* In some order, some of it twice, some of it never, some with the rest behind it. */
static void send_somehow(void)
{
	u32 n = talk.segments + both_random(3);

	for (u32 i = 0; i < n; i++) {
		u32 k = both_random(3) ? i % talk.segments : both_random(talk.segments);
		u32 to = both_random(8) ? talk.cuts[k + 1] : talk.len;

		send_payload(talk.cuts[k], to, both_random(16) == 0);
	}
}

static void mutated_agree(void **state)
{
	(void)state;
	for (u32 i = 0; i < MUTATIONS; i++) {
		const struct dissect_list *list =
			&dissect_lists[both_random(COUNT_OF(dissect_lists))];

		talk_begin(&list->vectors[both_random(list->count)], both_random(4) ? 4 : 6);
		mutate();
		cut();
		talk.pkt.vlans = both_random(8) ? 0 : 1;
		if (both_random(8))
			send_handshake();
		if (both_random(2))
			send_segments();
		else
			send_somehow();
	}
	/* They agree on something. */
	printf("# %u packets of flows with a label\n", both_labelled());
	assert_true(both_labelled() > MUTATIONS / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_agree),
		cmocka_unit_test(mutated_agree),
	};

	both_seed(20070115);
	return cmocka_run_group_tests_name("host and BPF", tests, both_load, both_unload);
}
