/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Maps that imctl and the BPF programs share besides flows and counters, and
 * where they are pinned.
 *
 * Pinned under IMTC_PIN_DIR/maps (by map name), IMTC_PIN_DIR/links (one a
 * device and hook: "<ifindex>-xdp", "<ifindex>-ingress", "<ifindex>-egress",
 * where a link could be made) and IMTC_PIN_DIR/programs ("xdp", "tc_ingress",
 * "tc_egress", "tc_act", and the arrays "stages_xdp",
 * "stages_tc" of those that they jump to: an array of programs that nobody holds
 * is emptied by the kernel).
 *
 * map		type			key -> value
 * flows4	LRU_HASH		imtc_flow_key4 -> imtc_flow
 * flows6	LRU_HASH		imtc_flow_key6 -> imtc_flow
 * streams4	LRU_HASH		imtc_stream_key4 -> imtc_stream (bpf/stream.h)
 * streams6	LRU_HASH		imtc_stream_key6 -> imtc_stream
 * clients4	LRU_HASH		imtc_flow_key4 -> imtc_client
 * clients6	LRU_HASH		imtc_flow_key6 -> imtc_client
 * names	LRU_HASH		imtc_flow.name -> imtc_name
 * counters	PERCPU_ARRAY		imtc_counter_slot() -> imtc_counter
 * outcomes	PERCPU_ARRAY		enum imtc_outcome -> u64
 * control	ARRAY, one, mmapable	0 -> imtc_control; ".data.control" in the object
 * zones	HASH			ifindex -> zone (u32); absent: the ifindex
 * domains	HASH			imtc_domain_key -> imtc_domain_value: domain suffixes,
 *					ALPN values, user agents (imtc/signature.h)
 * prefixes	LPM_TRIE		imtc_prefix_key -> imtc_domain_value
 * patterns	ARRAY, two halves	0 .. 2 * IMTC_PATTERNS_MAX - 1 -> imtc_pattern
 * hints	LRU_HASH		imtc_hint_key -> imtc_hint
 * claims	LRU_HASH		imtc_claim_key (bpf/packet.h) -> imtc_claimed
 * fragments	LRU_HASH		imtc_fragment_key (bpf/parse.h) -> ports
 * policies	ARRAY_OF_MAPS, two	epoch & 1 -> ARRAY of imtc_rule, made with
 *					BPF_F_INNER_MAP; entry 0 is
 *					imtc_policy_head, compiled rule i is entry
 *					1 + i; the inside prefixes follow. BPF-only.
 * indexes	ARRAY_OF_MAPS, two	epoch & 1 -> ARRAY of pages of the policy's
 *					index (imtc/policy_index.h). BPF-only.
 * limits	LRU_HASH		imtc_limit_key (bpf/packet.h) -> u64
 * rates	LRU_HASH		imtc_rate_key -> u64 word (imtc/rate.h). BPF-only.
 * counted	LRU_HASH		imtc_rate_key -> u64 word. BPF-only.
 * held		LRU_HASH		imtc_held_key -> imtc_held (imtc/held.h)
 * answers	LRU_HASH		imtc_answer_key -> u32, enum imtc_verdict
 * scrubs	LRU_HASH		imtc_scrub_key (bpf/packet.h) -> imtc_scrubbed
 * rule_hits	PERCPU_ARRAY		imtc_hit_slot() -> u64 decisions. BPF-only.
 * events	RINGBUF			imtc_event. BPF-only.
 */
#ifndef IMTC_CONTROL_H
#define IMTC_CONTROL_H

#include <imtc/policy_index.h>

#define IMTC_PIN_DIR "/sys/fs/bpf/imtc"

/*
 * epoch: BPF-only: the policy in force, policies[epoch & 1]; 0: none. One
 * aligned store by imctl is the commit: the other slot is filled before it.
 * With the module the epoch is the module's. The other fields are written, one
 * store each, in both modes.
 */
struct imtc_control {
	u32 epoch;
	u8 on_failure;		/* enum imtc_verdict when none can be asked; NONE: pass */
	u8 has_zones;		/* the map "zones" is not empty: look devices up in it */
	u16 patterns;		/* how many; with IMTC_PATTERNS_UPPER in the upper half */
	u64 domain_seed[2];	/* for imtc_domain_start() */
};

/*
 * Each of the two policies counts in its own half of rule_hits: imctl clears the
 * idle half before the commit, so that no decision is counted for another rule.
 */
#define IMTC_HIT_SLOTS (2 * (IMTC_RULES_MAX + 1))

static __always_inline u32 imtc_hit_slot(u32 epoch, u32 id)
{
	return (epoch & 1) * (IMTC_RULES_MAX + 1) + id;
}

#endif /* IMTC_CONTROL_H */
