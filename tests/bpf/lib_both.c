// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both data paths at once; see lib_both.h.
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/engine.h"
#include "lib_both.h"
#include "signature.h"

/* A name that tells a service, one that tells all of a label, one of tests/captures. */
static struct signature names[] = {
	{ .text = "chat.example.org", .value = { .service = IMTC_SERVICE_SLACK } },
	{ .text = "example.net",
	  .value = { .service = IMTC_SERVICE_WEBEX, .feature = IMTC_FEATURE_VOICE,
		     .encryption = IMTC_ENCRYPTION_ENCRYPTED } },
	{ .text = "discord.gg",
	  .value = { .service = IMTC_SERVICE_DISCORD, .feature = IMTC_FEATURE_CHAT,
		     .encryption = IMTC_ENCRYPTION_ENCRYPTED } },
};
#define NAMES (sizeof(names) / sizeof(names[0]))
static const struct signatures signatures = { .entries = names, .count = NAMES };

static u64 seed, random_state;
static u32 labelled;
static u32 held;	/* flows that the host's path reports */

void both_seed(u64 usual)
{
	const char *wanted = getenv("IMTC_SEED");

	random_state = seed = wanted ? strtoull(wanted, NULL, 10) : usual;
}

u32 both_random(u32 below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % below;
}

u32 both_labelled(void)
{
	return labelled;
}

static void empty(const char *name)
{
	u8 key[64];

	while (!bpf_map_get_next_key(map_fd(name), NULL, key))
		bpf_map_delete_elem(map_fd(name), key);
}

static void on_flow(const struct engine_flow *flow, void *context)
{
	(void)flow, (void)context;
	held++;
}

void both_begin(void)
{
	static const char *const filled[] = {
		"flows4", "flows6", "streams4", "streams6", "clients4", "clients6",
		"fragments", "hints", "claims",
	};
	struct engine_setup setup = { .signatures = &signatures, .report = on_flow };

	/* What it reports as it ends is what it holds. */
	held = 0;
	engine_end();
	assert_int_equal(held, flow_count());
	for (size_t i = 0; i < sizeof(filled) / sizeof(filled[0]); i++)
		empty(filled[i]);
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

void both_frame(const u8 *frame, u32 len, const char *what)
{
	struct imtc_flow bpf, host, one, other;
	const void *key;
	struct ran ran;
	u8 family;

	run_frame(XDP, frame, len, &ran);
	engine_frame(frame, len, ktime_ns());
	if (!engine_last())
		return;
	host = *engine_last();
	key = engine_last_key(&family);
	if (bpf_map_lookup_elem(map_fd(family == 6 ? "flows6" : "flows4"), key, &bpf))
		fail_msg("%s: a flow on the host alone; IMTC_SEED=%llu", what,
			 (unsigned long long)seed);
	labelled += host.label.service != 0;
	one = comparable(&bpf);
	other = comparable(&host);
	if (!memcmp(&one, &other, sizeof(one)))
		return;
	show("bpf ", &bpf);
	show("host", &host);
	fail_msg("%s: the flows differ; IMTC_SEED=%llu", what, (unsigned long long)seed);
}

int both_load(void **state)
{
	if (datapath_load(state))
		return -1;
	for (size_t i = 0; i < NAMES; i++)
		domain_set(names[i].text, names[i].value.service, names[i].value.feature,
			   names[i].value.encryption);
	return 0;
}

int both_unload(void **state)
{
	engine_end();
	return datapath_unload(state);
}
