/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is carried from stage to stage of the slow path: offsets, numbers and
 * results, never a pointer into the packet. Lives in the per-CPU scratch, for
 * the BPF stack is 512 bytes. Global functions look the scratch up themselves:
 * 6.1 takes no map key from memory that came as an argument.
 */
#ifndef IMTC_BPF_PACKET_H
#define IMTC_BPF_PACKET_H

#include <imtc/event.h>
#include <imtc/flow.h>
#include <imtc/held.h>
#include <imtc/policy_pick.h>
#include <imtc/signature.h>
#include <imtc/view.h>

#include "quic/keys.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* Which kind of context a program has; always a constant. */
enum imtc_context {
	IMTC_CONTEXT_XDP,
	IMTC_CONTEXT_SKB,
};

struct imtc_packet {
	union {
		struct imtc_flow_key4 key4;
		struct imtc_flow_key6 key6;
	};
	u64 source[2];		/* as in imtc_query: IPv4 as ::ffff:a.b.c.d */
	u64 destination[2];
	u16 source_port;	/* __be16 */
	u16 destination_port;	/* __be16 */
	u32 ifindex;
	u32 l3;			/* offsets from the frame's first byte */
	u32 l4;
	u32 payload;
	u32 payload_len;	/* in the packet, bytes behind the transport header */
	u32 data;		/* what of it is for the dissectors: offset, bytes, and */
	u32 take;		/* the sequence number they begin at */
	u32 data_seq;
	u32 left;		/* payload behind those, for which there was no room */
	u32 rest;		/* bytes shown that have to be shown again */
	u32 bytes;		/* IP bytes */
	u32 segments;		/* on the wire: more than one for GSO */
	u32 seq;		/* TCP, host byte order */
	u32 ack;
	u8 family;		/* 4 or 6 */
	u8 protocol;		/* enum imtc_l4 */
	u8 tcp_flags;
	u8 sender;		/* the end of the key that sent it */
	u8 hook;		/* enum imtc_hook */
	u8 has_mac;		/* the frame begins with an Ethernet header */
	u8 fragment;		/* enum imtc_fragment */
	u8 direction;		/* enum imtc_direction, once the flow is known */
	u16 via;		/* enum imtc_layer: tunnels around it */
	u16 type;		/* __be16 Ethernet type of what is to be parsed next, 0: none */
	u8 depth;		/* tunnels opened */
	u8 is_inner;		/* inside a tunnel or below one: cannot be answered */
	u8 is_carrier;		/* to or from a port of tunnels, and judged as itself */
	u8 moved;		/* bytes shown were done with: there is room again */
	u8 forward;		/* passes through this host; known where a flow may begin */
};

enum imtc_fragment {
	IMTC_FRAGMENT_NONE = 0,
	IMTC_FRAGMENT_FIRST = 1,
	IMTC_FRAGMENT_LATER = 2,
};

/* Value of streams4 and streams6: one direction of an undecided or watched flow. */
struct imtc_stream {
	u32 busy;		/* 1: a CPU works on it */
	u32 base;		/* sequence number of view.data[0]: the flow's seq[] */
	u32 end;		/* offset of the FIN; ~0: none seen */
	u32 pieces;		/* bytes in `have` beyond view.len may exist */
	u64 have[IMTC_VIEW_BYTES / 64];	/* a bit a byte that came out of order; QUIC: that came */
	struct quic_keys keys;	/* QUIC: the stream is the connection's handshake */
	struct imtc_view view;	/* view.len: bytes without a hole from the start */
};

struct imtc_stream_key4 {
	struct imtc_flow_key4 flow;
	u32 direction;		/* enum imtc_direction */
};

struct imtc_stream_key6 {
	struct imtc_flow_key6 flow;
	u32 direction;
};

/* Of the sender alone: reassembly is a matter of one direction (RFC 791, RFC 8200 4.5). */
struct imtc_fragment_key {
	u32 source[4];
	u32 destination[4];
	u32 id;
	u32 zone_l4;
};

/* An ICMP message; half of it is the most that is quoted of a packet. */
#define IMTC_QUOTE_BYTES 256

/* One end of flows, and what it is said to speak. */
struct imtc_claim_key {
	u32 addr[4];
	u32 ifindex;
	u32 id;
	u16 port;	/* __be16 */
	u16 service;
};

struct imtc_claimed {
	u64 expires_ns;	/* CLOCK_MONOTONIC */
	u16 serial;	/* of the last one */
	u8 hits;	/* claims in a row, or CLAIM_PROVEN */
	u8 reserved[5];
};

/* What showing a view turn by turn has come to (classify.h). */
struct imtc_turns {
	u32 answer;	/* INSPECT_LABEL and INSPECT_MORE */
	u32 body;	/* bytes of the message that the view is cut down to, 0: it is no message */
	u32 behind;	/* bytes of the view behind that message */
	u32 watched;	/* the flow was watched when the turn began */
};

/* What a rule with a limit lets through of one peer. */
struct imtc_limit_key {
	u64 peer[2];	/* address of the flow's other end */
	u32 epoch;	/* rules are numbered anew by each policy */
	u32 rule;
};

/* Requests in the packet in hand (scrub.h); `at` is a sequence number, or an offset (UDP). */
#define IMTC_SCRUBS_PACKET 8
#define IMTC_SCRUBS_KEPT 8	/* a direction */

struct imtc_scrubs {
	u32 count;
	u16 feature;	/* that the packet has made the flow's; as bits, as those below */
	u16 covered;	/* features of the ranges */
	u16 lost;	/* features asked for in a way that cannot be written over */
	u16 reserved;
	struct imtc_scrub range[IMTC_SCRUBS_PACKET];
};

/* Of one direction of a TCP flow: what was written over, the last of it. */
struct imtc_scrub_key {
	union {
		struct imtc_flow_key4 flow4;
		struct imtc_flow_key6 flow6;
	};
	u32 sender;	/* end of the key */
};

struct imtc_scrubbed {
	u32 next;
	struct imtc_scrub range[IMTC_SCRUBS_KEPT];	/* len 0: none */
};

struct imtc_scratch {
	struct imtc_packet packet;
	struct imtc_turns turns;
	u32 step;			/* what flow_step() has found to do */
	u32 cb;				/* the skb's own word, see stages.h */
	struct imtc_event event;	/* event.query is the query in hand */
	struct imtc_facts facts;
	struct imtc_pick pick;		/* the search for the rule that answers it */
	struct bpf_fib_lookup fib;	/* forward.h */
	struct imtc_flow fresh;		/* a flow before it is in the map */
	union {
		struct imtc_stream_key4 stream_key4;
		struct imtc_stream_key6 stream_key6;
	};
	struct imtc_fragment_key fragment_key;
	u32 fragment_ports;		/* source and destination as in the packet */
	struct imtc_domain_value named;	/* what name_find() and its like have found */
	struct imtc_hint hint;		/* what hint_find() has found */
	struct imtc_claim_key claim_key;
	struct imtc_claimed claimed;
	struct imtc_limit_key limit_key;
	struct imtc_rate_key rate_key;
	struct imtc_rate_flow rate_flow;
	struct imtc_held_key held_key;
	struct imtc_answer_key answer_key;
	struct imtc_held held;
	struct imtc_scrubs scrubs;
	struct imtc_scrub_key scrub_key;
	struct imtc_scrubbed scrubbed;	/* one before it is in the map */
	u32 scrub_old[IMTC_SCRUB_BYTES / 4];	/* words, for bpf_csum_diff() */
	u32 scrub_new[IMTC_SCRUB_BYTES / 4];
	/* Headers while they are parsed or made; words, for bpf_csum_diff(). */
	u32 old_ip[10];
	u32 new_ip[10];
	u32 transport[5];
	u32 pseudo[10];
	u8 mac[16];
	u8 quote[IMTC_QUOTE_BYTES];
	/* The payload, and the template of a new stream: its `have` stays zero. */
	struct imtc_stream stream;
};

#endif /* IMTC_BPF_PACKET_H */
