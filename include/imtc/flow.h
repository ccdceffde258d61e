/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flow keys, the flow record and the counters, as stored in the BPF maps that
 * imctl reads. Fixed widths, explicit padding.
 */
#ifndef IMTC_FLOW_H
#define IMTC_FLOW_H

#include <imtc/label.h>
#include <imtc/verdict.h>

/*
 * One key for both directions: end 0 is the lesser (address, then port, as
 * unsigned numbers in the byte order they lie in memory). Addresses and ports
 * are in network byte order. zone_l4 is zone << 8 | protocol; the zone is the
 * device's ifindex or the number that `attach --zone` gave a group of devices.
 */
struct imtc_flow_key4 {
	u32 addr[2];	/* __be32 */
	u16 port[2];	/* __be16 */
	u32 zone_l4;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_flow_key4) == 16);

struct imtc_flow_key6 {
	u32 addr[2][4];	/* __be32 */
	u16 port[2];	/* __be16 */
	u32 zone_l4;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_flow_key6) == 40);

enum imtc_flow_state {
	IMTC_FLOW_UNDECIDED = 0,	/* dissectors still have candidates; may have a verdict */
	IMTC_FLOW_DECIDED = 1,		/* verdict holds until the epoch moves */
	IMTC_FLOW_WATCHED = 2,		/* has a verdict, payload is still looked at */
};

/* imtc_flow.flags */
#define IMTC_FLOW_CLIENT_1 0x01	/* the client is end 1 of the key, not end 0 */
#define IMTC_FLOW_LOCAL_1 0x02	/* this host's side (or the inner side) is end 1 */
#define IMTC_FLOW_OUT 0x04	/* opened from this host's side; else towards it */
#define IMTC_FLOW_MIDDLE 0x08	/* no SYN was seen: older than imtc */
#define IMTC_FLOW_AGAIN 0x10	/* the owner is not settled: ask again (kfunc.h) */
#define IMTC_FLOW_FORWARD 0x20	/* passes through: neither end is this host's, as the hook saw it */

/* imtc_flow.prefix, for the client's direction; the server's is the next bit */
#define IMTC_PREFIX_SEQ 0x01	/* seq[] of the direction is known */
#define IMTC_PREFIX_STREAM 0x04	/* the direction has an entry in streams4 or streams6 */
#define IMTC_PREFIX_HELLO 0x10	/* UDP: a QUIC ClientHello was read to its end */
/* imtc_flow.prefix, of the flow as a whole */
#define IMTC_PREFIX_NAMED 0x40	/* a host's name was read that no signature knows */
#define IMTC_PREFIX_ASKED 0x80	/* to port 53: a DNS query was seen */

/* Written by BPF alone; the counters are shared between CPUs: atomic adds. */
struct imtc_flow {
	u32 epoch;	/* policy epoch the verdict was taken under */
	u8 state;	/* enum imtc_flow_state */
	u8 verdict;	/* enum imtc_verdict */
	u8 flags;	/* IMTC_FLOW_* */
	u8 reason;	/* enum imtc_reason */
	u32 slot;	/* imtc_counter_slot() of label and verdict */
	/* As in imtc_rule. PASS: the verdict that is only observed, or 0. */
	u32 argument;
	u64 packets[2];	/* from end 0, from end 1 */
	u64 bytes[2];	/* IP bytes: headers from IP on, and payload */
	/* The decided path reads nothing below this line. */
	struct imtc_label label;
	u64 candidates[2];	/* dissectors left, from client, from server */
	u64 owner;	/* identity handle of the module, 0: none known */
	u64 first_ns;	/* CLOCK_MONOTONIC at the first packet */
	u32 rule;	/* rule number in the policy, counted from 1; 0: none */
	u32 ifindex;	/* device of the first packet */
	u16 payload_packets;	/* with payload, until the label was final */
	u8 asked;	/* verdicts asked; saturates */
	u8 gaps;	/* segments too far ahead of the prefix; saturates */
	u8 prefix;	/* IMTC_PREFIX_*, shifted left by enum imtc_direction */
	u8 layers;	/* peeled: low half from the client, high half from the server */
	u16 via;	/* enum imtc_layer bits */
	/*
	 * TCP: where the bytes not yet seen begin, from client, from server. UDP: [0]
	 * is the low half of the cookie of this host's socket that sent last, [1] the
	 * ids of the last two DNS queries to port 53.
	 */
	u32 seq[2];
	u32 parameters[IMTC_PARAMETERS];	/* of the verdict, as in imtc_rule */
	u32 zero;
	u64 name;	/* of what the flow names, in the map "names"; 0: none was seen */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_flow) == 136);

/*
 * Per-packet counters, per CPU, map "counters": one a service, feature and
 * verdict, each with two directions: [0] in (ingress), [1] out (egress).
 */
struct imtc_counter {
	u64 packets[2];
	u64 bytes[2];
};

#define IMTC_COUNTER_SLOTS (IMTC_SERVICE_MAX * IMTC_FEATURE_MAX * IMTC_VERDICT_MAX)

static __always_inline u32 imtc_counter_slot(u32 service, u32 feature, u32 verdict)
{
	return ((service % IMTC_SERVICE_MAX) * IMTC_FEATURE_MAX + feature % IMTC_FEATURE_MAX) *
	       IMTC_VERDICT_MAX + verdict % IMTC_VERDICT_MAX;
}

/*
 * What a flow's client calls itself, maps "clients4" and "clients6" by the flow's
 * key. It is that flow's where first_ns is: the ports may have been used before.
 */
struct imtc_client {
	u64 first_ns;	/* imtc_flow.first_ns */
	char text[48];	/* IMTC_CLIENT_BYTES (view.h); printable ASCII and a NUL */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_client) == 56);

/*
 * A host or domain that flows name, map "names" by a hash of it under a seed that
 * nobody outside knows: flows of one name share it.
 */
struct imtc_name {
	char text[256];	/* IMTC_DOMAIN_BYTES (view.h); ends with a NUL */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_name) == 256);

#endif /* IMTC_FLOW_H */
