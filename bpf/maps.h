/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every map: key, value, who writes it, and what happens when it is full.
 * include/imtc/control.h is the list that imctl goes by.
 */
#ifndef IMTC_BPF_MAPS_H
#define IMTC_BPF_MAPS_H

#include <imtc/control.h>

#include "config.h"
#include "packet.h"
#include "quic/state.h"

/* Flows. Full: the one not used for longest goes, and begins anew if it comes again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_FLOWS_DEFAULT);
	__type(key, struct imtc_flow_key4);
	__type(value, struct imtc_flow);
} flows4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_FLOWS_DEFAULT);
	__type(key, struct imtc_flow_key6);
	__type(value, struct imtc_flow);
} flows6 SEC(".maps");

/* Stream prefixes. Full: the oldest goes, its flow goes on with what follows. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_STREAMS_DEFAULT);
	__type(key, struct imtc_stream_key4);
	__type(value, struct imtc_stream);
} streams4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_STREAMS_DEFAULT);
	__type(key, struct imtc_stream_key6);
	__type(value, struct imtc_stream);
} streams6 SEC(".maps");

/* What the clients of flows call themselves. Full: the oldest is forgotten. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_CLIENTS_DEFAULT);
	__type(key, struct imtc_flow_key4);
	__type(value, struct imtc_client);
} clients4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_CLIENTS_DEFAULT);
	__type(key, struct imtc_flow_key6);
	__type(value, struct imtc_client);
} clients6 SEC(".maps");

/* What flows name. Full: the one not asked about for longest goes (IMTC_OUTCOME_NAME_LOST). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_NAMES_DEFAULT);
	__type(key, u64);
	__type(value, struct imtc_name);
} names SEC(".maps");

/* Ports of fragmented packets, by their first fragment. Full: the oldest goes. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_FRAGMENTS_DEFAULT);
	__type(key, struct imtc_fragment_key);
	__type(value, u32);
} fragments SEC(".maps");

/* What ends are said to speak (claim.h). Full: the oldest begins anew. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_CLAIMS_DEFAULT);
	__type(key, struct imtc_claim_key);
	__type(value, struct imtc_claimed);
} claims SEC(".maps");

/* Packets and bytes by imtc_counter_slot(); per CPU, no atomics. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, IMTC_COUNTER_SLOTS);
	__type(key, u32);
	__type(value, struct imtc_counter);
} counters SEC(".maps");

/* Events by enum imtc_outcome; per CPU, no atomics. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, IMTC_OUTCOME_MAX);
	__type(key, u32);
	__type(value, u64);
} outcomes SEC(".maps");

/*
 * Written by imctl, read for each packet: a variable, for its address is then
 * part of the instruction and no look-up is needed. As a map it is an array of one
 * entry, in the object called ".data.control", pinned as "control".
 */
volatile struct imtc_control control SEC(".data.control") = {};

/* ifindex -> zone, written by imctl. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, IMTC_ZONES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, u32);
} zones SEC(".maps");

/* Domain suffixes, ALPN values and user agents of the signature files, written by imctl. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, IMTC_DOMAINS_DEFAULT);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct imtc_domain_key);
	__type(value, struct imtc_domain_value);
} domains SEC(".maps");

/* Address prefixes of the signature files, written by imctl. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, IMTC_PREFIXES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct imtc_prefix_key);
	__type(value, struct imtc_domain_value);
} prefixes SEC(".maps");

/* Byte patterns of the signature files, written by imctl: two halves, one in use. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * IMTC_PATTERNS_MAX);
	__type(key, u32);
	__type(value, struct imtc_pattern);
} patterns SEC(".maps");

/* What is known of addresses. Full: the one not used for longest goes. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_HINTS_DEFAULT);
	__type(key, struct imtc_hint_key);
	__type(value, struct imtc_hint);
} hints SEC(".maps");

/*
 * Two policies, the running one and the one being written; BPF-only. Sizes, not
 * types: clang 14 leaves a type that only an inner map names without its body.
 */
struct rules {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_INNER_MAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct imtc_rule));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, u32);
	__array(values, struct rules);
} policies SEC(".maps");

/* The index of each, in the same slots: an entry a page of it. */
struct index {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_INNER_MAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, IMTC_PAGE_BYTES);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, u32);
	__array(values, struct index);
} indexes SEC(".maps");

/*
 * By rule and peer: the time (CLOCK_MONOTONIC) by which all that went through would
 * have, one after another at the rule's rate. Full: the oldest begins anew.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_LIMITS_DEFAULT);
	__type(key, struct imtc_limit_key);
	__type(value, u64);
} limits SEC(".maps");

/*
 * How much begins, by rule and local address (imtc/rate.h). Full: the oldest begins
 * anew. BPF-only.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_RATES_DEFAULT);
	__type(key, struct imtc_rate_key);
	__type(value, u64);
} rates SEC(".maps");

/* The flows and peers that were counted so. Full: the oldest is counted again. BPF-only. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_COUNTED_DEFAULT);
	__type(key, struct imtc_rate_key);
	__type(value, u64);
} counted SEC(".maps");

/* Flows that wait for an answer, and those that had one. Full: the oldest waits anew. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_HELD_DEFAULT);
	__type(key, struct imtc_held_key);
	__type(value, struct imtc_held);
} held SEC(".maps");

/* What was answered for processes, by imctl. Full: the oldest is forgotten, and asked again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_ANSWERS_DEFAULT);
	__type(key, struct imtc_answer_key);
	__type(value, u32);
} answers SEC(".maps");

/* What SCRUB has written over. Full: the oldest goes, and what is sent again is as it was. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMTC_SCRUBS_DEFAULT);
	__type(key, struct imtc_scrub_key);
	__type(value, struct imtc_scrubbed);
} scrubs SEC(".maps");

/* Decisions by imtc_hit_slot(); per CPU, no atomics. BPF-only. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, IMTC_HIT_SLOTS);
	__type(key, u32);
	__type(value, u64);
} rule_hits SEC(".maps");

/* Decisions as they are made. Full: lost and counted. BPF-only. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, IMTC_EVENT_RING_BYTES);
} events SEC(".maps");

/*
 * One for what comes in and one for what goes out: a packet that an ingress
 * program sends back runs the egress program before the first has ended.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct imtc_scratch);
} scratch SEC(".maps");

/* What reading a datagram of QUIC takes, apart as most never do; two as of "scratch". */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct imtc_quic);
} quic SEC(".maps");

static __always_inline struct imtc_scratch *imtc_scratch(u32 hook)
{
	u32 out = hook == IMTC_HOOK_TC_EGRESS;

	return bpf_map_lookup_elem(&scratch, &out);
}

#endif /* IMTC_BPF_MAPS_H */
