// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stages of bpf/imtc.bpf.c up to the label, on the host; and beside each
 * flow of theirs a record of what a report says and a flow has no room for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/shim.h"
#include "compat.bpf.h"
#include "config.h"
#include "packet.h"
#include "maps.h"
#include "count.h"
#include "fast.h"

/* The dissectors tell what they said: it explains the label. */
static void hear(const struct imtc_view *v, unsigned int dissector, int answer);
#define imtc_said(v, dissector, answer) hear(v, dissector, answer)

#include "parse.h"
#include "stream.h"
#include "flow.h"
#include "classify.h"
#include "classify/judge.h"
#include "slow.h"

#include "classify/engine.h"
#include "names.h"
#include "signature.h"

#define HOOK IMTC_HOOK_XDP
#define IFINDEX 1
/* One flow in so many has a stream prefix: only while it is undecided. */
#define STREAM_FLOWS 16

u64 host_now_ns;

/* Any will do: no hostile name is prepared for a seed of one's own capture. */
static const u64 seed[2] = { 0x0123456789abcdefULL, 0xfedcba9876543210ULL };

/* What is known of a flow beside the source's own record. */
struct note {
	struct imtc_flow flow;	/* as after its last packet */
	struct engine_flow seen;
};

static struct engine_setup setup;
static struct imtc_flow *last;	/* flow of the last frame; NULL: none */

/* --- what the dissectors say ---------------------------------------------------- */

static const char *const dissectors[] = {
#define DISSECTOR_NAME(name, transports, directions, first, t) #name,
	IMTC_DISSECTORS(DISSECTOR_NAME, 0, 0)
};

static struct saying {
	int answer;		/* the last one that was not NO or MORE */
	unsigned int dissector;
	u32 start, len;
	u16 domain_len;
	u8 direction;
	char domain[IMTC_DOMAIN_BYTES];
} said;

static void hear(const struct imtc_view *v, unsigned int dissector, int answer)
{
	if (answer < IMTC_MATCH)
		return;
	said.answer = answer;
	said.dissector = dissector;
	said.start = v->start;
	said.len = v->len;
	said.direction = v->direction;
	said.domain_len = v->domain_len;
	memcpy(said.domain, v->domain, sizeof(said.domain));
}

/* How the label came about, for people. */
static void explain(struct engine_flow *seen, const struct imtc_label *label)
{
	static const char *const sides[] = { "client", "server" };
	const char *how = confidence_name(label->confidence);

	if (said.answer)
		snprintf(seen->clue, sizeof(seen->clue),
			 "%s: dissector %s, bytes %u to %u of the %s's payload, packet %ju", how,
			 dissectors[said.dissector], said.start, said.start + said.len,
			 sides[said.direction & 1], (uintmax_t)seen->payload_packets);
	else if (label->confidence == IMTC_CONFIDENCE_PAYLOAD)
		snprintf(seen->clue, sizeof(seen->clue),
			 "%s: later payload of a flow already labelled, packet %ju", how,
			 (uintmax_t)seen->payload_packets);
	else
		snprintf(seen->clue, sizeof(seen->clue), "%s: a hint, packet %ju", how,
			 (uintmax_t)seen->payload_packets);
}

static void take_label(struct note *note, const struct imtc_flow *flow)
{
	const struct imtc_label *old = &note->flow.label;

	if (old->service == flow->label.service && old->feature == flow->label.feature &&
	    old->confidence == flow->label.confidence)
		return;
	if (old->service != flow->label.service)
		note->seen.payload_packets_to_label = note->seen.payload_packets;
	if (flow->label.service)
		explain(&note->seen, &flow->label);
}

/* A name that no signature knows is not in the label, but was read. */
static void take_texts(struct engine_flow *seen, const char *domain)
{
	if (!domain[0] && !seen->domain[0] && said.domain_len)
		domain = said.domain;
	if (domain[0])
		memcpy(seen->domain, domain, sizeof(seen->domain));
}

static void take_client(struct engine_flow *seen, const struct imtc_flow *flow,
			const struct imtc_packet *p)
{
	const struct imtc_client *client;

	if (!flow->label.service || !p->payload_len)
		return;
	if (p->family == 4)
		client = bpf_map_lookup_elem(&clients4, &p->key4);
	else
		client = bpf_map_lookup_elem(&clients6, &p->key6);
	if (client && client->first_ns == flow->first_ns)
		memcpy(seen->client_name, client->text, sizeof(client->text));
}

/* --- flows ------------------------------------------------------------------------ */

static void take_ends(struct note *note, const struct imtc_packet *p)
{
	bool is_client = !!(note->flow.flags & IMTC_FLOW_CLIENT_1) == p->sender;
	struct engine_flow *seen = &note->seen;

	memcpy(seen->client, is_client ? p->source : p->destination, sizeof(seen->client));
	memcpy(seen->server, is_client ? p->destination : p->source, sizeof(seen->server));
	seen->client_port = bpf_ntohs(is_client ? p->source_port : p->destination_port);
	seen->server_port = bpf_ntohs(is_client ? p->destination_port : p->source_port);
	seen->l4 = p->protocol;
}

static void report(struct note *note)
{
	struct engine_flow *seen = &note->seen;

	seen->label = note->flow.label;
	seen->via = note->flow.via;
	seen->packets = note->flow.packets[0] + note->flow.packets[1];
	seen->bytes = note->flow.bytes[0] + note->flow.bytes[1];
	if (setup.report)
		setup.report(seen, setup.context);
}

static void flow_gone(const void *key, void *value, void *note)
{
	(void)key, (void)value;
	if (note)
		report(note);
	free(note);
}

/* The flow's note; a new one where the flow is new, or has begun anew with this packet. */
static struct note *note_of(struct imtc_flow *flow, const struct imtc_packet *p)
{
	struct host_map *map = p->family == 4 ? host_map_of(&flows4) : host_map_of(&flows6);
	struct note **at = (struct note **)host_map_note(map, flow);
	struct note *note = *at;

	if (note && flow->packets[0] + flow->packets[1] >
		    note->flow.packets[0] + note->flow.packets[1])
		return note;
	if (note)
		report(note);
	else
		note = *at = malloc(sizeof(*note));
	if (!note)
		return NULL;
	memset(note, 0, sizeof(*note));
	note->flow.flags = flow->flags;
	note->seen.first_ns = host_now_ns;
	take_ends(note, p);
	return note;
}

/* The stages of the slow path, one after another: there is no fast path here. */
static void run(struct host_frame *host, struct imtc_scratch *s)
{
	int stage = slow_begin(host, IMTC_CONTEXT_XDP, HOOK, s);
	u32 argument;

	if (stage == STAGE_TCP)
		slow_inspect(host, IMTC_CONTEXT_XDP, s, STAGE_TCP);
	else if (stage == STAGE_UDP)
		slow_inspect(host, IMTC_CONTEXT_XDP, s, STAGE_UDP);
	if (stage != STAGE_NO_FLOW)
		slow_end(host, IMTC_CONTEXT_XDP, s, &argument);
}

void engine_frame(const u8 *frame, u32 len, u64 now_ns)
{
	struct host_frame host = {
		.xdp = { .ingress_ifindex = IFINDEX }, .data = frame, .len = len,
	};
	struct imtc_scratch *s = imtc_scratch(HOOK);
	struct note *note;

	host_now_ns = now_ns;
	said.answer = 0;
	said.domain_len = 0;
	s->event.query.domain[0] = '\0';
	run(&host, s);
	/* Where the parser was not content there is no key, and so no flow. */
	last = flow_find(&s->packet);
	note = last ? note_of(last, &s->packet) : NULL;
	if (!note)
		return;
	note->seen.last_ns = now_ns;
	note->seen.payload_packets += !!s->packet.payload_len;
	take_label(note, last);
	take_texts(&note->seen, s->event.query.domain);
	take_client(&note->seen, last, &s->packet);
	note->flow = *last;
}

/* --- begin and end ------------------------------------------------------------------ */

static long take_signature(const struct signature *entry)
{
	struct imtc_domain_key key;
	u32 n = control.patterns;

	switch (entry->kind) {
	case SIGNATURE_PREFIX:
		return bpf_map_update_elem(&prefixes, &entry->prefix, &entry->value, BPF_ANY);
	case SIGNATURE_PATTERN:
		control.patterns = (u16)(n + 1);
		return bpf_map_update_elem(&patterns, &n, &entry->pattern, BPF_ANY);
	default:
		key = signature_key(entry->kind, entry->text, seed);
		return bpf_map_update_elem(&domains, &key, &entry->value, BPF_ANY);
	}
}

static int take_signatures(const struct signatures *signatures)
{
	long err = 0;

	control.patterns = 0;
	host_map_set_entries(host_map_of(&domains), (u32)signatures->count);
	for (size_t i = 0; i < signatures->count && !err; i++)
		err = take_signature(&signatures->entries[i]);
	return (int)err;
}

int engine_start(const struct engine_setup *how)
{
	u32 n = how->flows ? how->flows : ENGINE_FLOWS_DEFAULT;

	setup = *how;
	control.domain_seed[0] = seed[0];
	control.domain_seed[1] = seed[1];
	host_map_set_entries(host_map_of(&flows4), n);
	host_map_set_entries(host_map_of(&flows6), n);
	host_map_set_entries(host_map_of(&streams4), n / STREAM_FLOWS + 1);
	host_map_set_entries(host_map_of(&streams6), n / STREAM_FLOWS + 1);
	/* Nobody reads them here. */
	host_map_set_entries(host_map_of(&counters), 1);
	host_map_set_gone(host_map_of(&flows4), flow_gone);
	host_map_set_gone(host_map_of(&flows6), flow_gone);
	return how->signatures ? take_signatures(how->signatures) : 0;
}

const struct imtc_flow *engine_last(void)
{
	return last;
}

const void *engine_last_key(u8 *ret_family)
{
	const struct imtc_packet *p = &imtc_scratch(HOOK)->packet;

	*ret_family = p->family;
	return p->family == 6 ? (const void *)&p->key6 : &p->key4;
}

void engine_end(void)
{
	last = NULL;
	host_maps_free();
}

u64 engine_outcome(u32 outcome)
{
	u64 *count = bpf_map_lookup_elem(&outcomes, &outcome);

	return count ? *count : 0;
}
