/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path on this host: the source of the BPF programs, from the parser to
 * the label, fed with frames and asked for nothing but what it found. It takes no
 * verdict. One at a time: the maps are the source's own.
 */
#ifndef IMCTL_CLASSIFY_ENGINE_H
#define IMCTL_CLASSIFY_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <imtc/flow.h>
#include <imtc/view.h>

struct signatures;

#define ENGINE_CLUE_BYTES 160

/* A flow that has ended, or is as the capture leaves it. */
struct engine_flow {
	u8 client[16];		/* IPv4 as ::ffff:a.b.c.d */
	u8 server[16];
	u16 client_port;
	u16 server_port;
	u8 l4;			/* enum imtc_l4 */
	u16 via;		/* enum imtc_layer */
	struct imtc_label label;
	u64 packets, bytes;	/* both directions */
	u64 payload_packets;
	u64 payload_packets_to_label;	/* with the one that decided; 0: no label */
	u64 first_ns, last_ns;	/* of the capture's clock */
	char domain[IMTC_DOMAIN_BYTES];
	char client_name[IMTC_CLIENT_BYTES + 1];
	char clue[ENGINE_CLUE_BYTES];	/* what told the label, in words */
};

typedef void (*engine_report)(const struct engine_flow *flow, void *context);

/* How many flows are held at once; the one not seen for longest is reported and goes. */
#define ENGINE_FLOWS_DEFAULT (1U << 18)

struct engine_setup {
	const struct signatures *signatures;	/* NULL: none */
	u32 flows;		/* 0: ENGINE_FLOWS_DEFAULT */
	engine_report report;
	void *context;
};

/* Negative errno where the signatures do not fit. */
int engine_start(const struct engine_setup *setup);
/*
 * A frame with an Ethernet header, at its time. Where the capture cut it short,
 * its IP length has been made to fit (classify/link.h).
 */
void engine_frame(const u8 *frame, u32 len, u64 now_ns);
/*
 * The flow of the last frame as the programs keep it, until the next frame; NULL
 * where it has none. For tests, which compare it with the programs' own.
 */
const struct imtc_flow *engine_last(void);
/* Its key: struct imtc_flow_key4 or, where *ret_family is 6, imtc_flow_key6. */
const void *engine_last_key(u8 *ret_family);
/* Reports what flows are left, and forgets everything. */
void engine_end(void);

/* Packets that were no part of a flow, by enum imtc_outcome. */
u64 engine_outcome(u32 outcome);

#endif /* IMCTL_CLASSIFY_ENGINE_H */
