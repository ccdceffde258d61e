/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a flow: created, undecided, decided or watched. What its state
 * asks for with this packet; no packet is read here and no verdict taken.
 */
#ifndef IMTC_BPF_FLOW_H
#define IMTC_BPF_FLOW_H

#include "count.h"
#include "dissect/dissect.h"
#include "stream.h"

/* Answer of flow_step(): what is to be done before the packet is acted upon. */
#define STEP_INSPECT 0x1	/* show p->take bytes at p->payload to the dissectors */
#define STEP_ASK 0x2		/* ask for the verdict */

static __always_inline struct imtc_flow *flow_find(struct imtc_packet *p)
{
	if (p->family == 4)
		return bpf_map_lookup_elem(&flows4, &p->key4);
	return bpf_map_lookup_elem(&flows6, &p->key6);
}

static __always_inline bool is_first(const struct imtc_packet *p)
{
	return p->protocol == IPPROTO_UDP || p->tcp_flags & TCP_SYN;
}

/* The end of the key that is the client. A TCP flow from its middle: the higher port. */
static __always_inline u32 client_end(const struct imtc_packet *p)
{
	bool sender;

	if (is_first(p))
		sender = !(p->tcp_flags & TCP_SYN && p->tcp_flags & TCP_ACK);
	else
		sender = bpf_ntohs(p->source_port) >= bpf_ntohs(p->destination_port);
	return sender ? p->sender : !p->sender;
}

static __always_inline u32 flow_direction(const struct imtc_flow *flow, u32 sender)
{
	u32 client = flow->flags & IMTC_FLOW_CLIENT_1 ? 1 : 0;

	return sender == client ? IMTC_DIR_CLIENT : IMTC_DIR_SERVER;
}

/* SYNs tell where the bytes of both directions begin. */
static __always_inline void flow_note_syn(struct imtc_flow *flow, const struct imtc_packet *p)
{
	u32 direction = flow_direction(flow, p->sender) & 1;

	flow->seq[direction] = p->seq + 1;
	flow->prefix |= IMTC_PREFIX_SEQ << direction;
	if (p->tcp_flags & TCP_ACK) {
		flow->seq[!direction] = p->ack;
		flow->prefix |= IMTC_PREFIX_SEQ << !direction;
	}
}

/* A flow that begins with this packet, whatever `flow` was. */
static __always_inline void flow_begin(struct imtc_flow *flow, const struct imtc_packet *p)
{
	u32 local = p->hook == IMTC_HOOK_TC_EGRESS ? p->sender : !p->sender;
	u32 client = client_end(p);

	__builtin_memset(flow, 0, sizeof(*flow));
	flow->flags = (client ? IMTC_FLOW_CLIENT_1 : 0) | (local ? IMTC_FLOW_LOCAL_1 : 0) |
		      (client == local ? IMTC_FLOW_OUT : 0) |
		      (is_first(p) ? 0 : IMTC_FLOW_MIDDLE) |
		      (p->forward ? IMTC_FLOW_FORWARD : 0);
	flow->candidates[0] = flow->candidates[1] = IMTC_CANDIDATES_ALL;
	flow->first_ns = bpf_ktime_get_ns();
	flow->ifindex = p->ifindex;
	flow->via = p->via;
	if (p->tcp_flags & TCP_SYN)
		flow_note_syn(flow, p);
}

/* Makes the packet's flow; 0, or -1 where the map takes none. */
IMTC_GLOBAL int flow_create(u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_packet *p;
	long error;

	if (!s)
		return -1;
	p = &s->packet;
	flow_begin(&s->fresh, p);
	/* Another CPU may have made it meanwhile: then that one holds. */
	if (p->family == 4)
		error = bpf_map_update_elem(&flows4, &p->key4, &s->fresh, BPF_NOEXIST);
	else
		error = bpf_map_update_elem(&flows6, &p->key6, &s->fresh, BPF_NOEXIST);
	if (!error)
		count_outcome(IMTC_OUTCOME_FLOW_NEW);
	else if (error != -EEXIST)
		count_outcome(IMTC_OUTCOME_FLOW_FULL);
	return error && error != -EEXIST ? -1 : 0;
}

/*
 * Stores what the fast path reads in one store, after all that it goes with. A
 * reader that sees the new word sees fields of the same verdict.
 */
static __always_inline void flow_settle(struct imtc_flow *flow, u8 state, u8 verdict, u8 flags,
					u8 reason)
{
	struct imtc_settled settled = {
		.state = state, .verdict = verdict, .flags = flags, .reason = reason,
	};

	barrier();
	*(volatile u32 *)&flow->state = *(u32 *)&settled;
}

/* Of a flow with this label and a verdict: may later payload still change the label? */
static __always_inline u8 flow_state_of(const struct imtc_label *label)
{
	if (label->flags & IMTC_LABEL_OPEN)
		return IMTC_FLOW_UNDECIDED;
	return label->flags & IMTC_LABEL_WATCH && label->encryption != IMTC_ENCRYPTION_ENCRYPTED ?
	       IMTC_FLOW_WATCHED : IMTC_FLOW_DECIDED;
}

/* The flow's state once its verdict has been asked, by the label it has now. */
static __always_inline u8 flow_state_ahead(const struct imtc_flow *flow)
{
	return flow->label.service ? flow_state_of(&flow->label) : flow->state;
}

/* The dissectors have nothing more to say: a label that was open holds, else it is not IM. */
static __always_inline void flow_is_not_im(struct imtc_scratch *s, struct imtc_flow *flow)
{
	stream_forget(s, flow);
	if (flow->label.service) {
		flow->label.flags &= (u8)~IMTC_LABEL_OPEN;
		flow_settle(flow, flow_state_of(&flow->label), flow->verdict, flow->flags,
			    flow->reason);
		return;
	}
	flow->slot = imtc_counter_slot(IMTC_SERVICE_NONE, IMTC_FEATURE_NONE, IMTC_VERDICT_PASS);
	flow_settle(flow, IMTC_FLOW_DECIDED, IMTC_VERDICT_PASS,
		    flow->flags & (u8)~IMTC_FLOW_AGAIN, IMTC_REASON_NOT_IM);
}

static __always_inline u32 udp_payloads_max(const struct imtc_flow *flow)
{
	if (!(flow->via & IMTC_LAYER_QUIC))
		return IMTC_UDP_PAYLOADS_MAX;
	return flow->prefix & (IMTC_PREFIX_HELLO | IMTC_PREFIX_HELLO << 1) ?
	       IMTC_QUIC_PAYLOADS_MAX : IMTC_QUIC_HELLO_PAYLOADS_MAX;
}

/* Does the flow end undecided with what this packet has shown? */
static __always_inline bool flow_gives_up(const struct imtc_flow *flow,
					  const struct imtc_packet *p)
{
	u32 direction = p->direction & 1;

	if (!flow->candidates[0] && !flow->candidates[1])
		return true;
	/* A tunnel's port: what it carries would pass with it (tunnel.h). */
	if (p->protocol == IPPROTO_UDP)
		return flow->payload_packets >= udp_payloads_max(flow) && !p->is_carrier;
	/* A prefix's worth of bytes has gone by, and none of them was IM. */
	return !flow->candidates[direction] &&
	       flow->prefix & IMTC_PREFIX_SEQ << direction &&
	       p->data_seq + p->take - flow->seq[direction] >= IMTC_VIEW_BYTES &&
	       p->data_seq + p->take - flow->seq[direction] < 1U << 31;
}

/* A flow with a verdict: may it still hold? */
static __always_inline u32 step_verdict(struct imtc_flow *flow, const struct imtc_packet *p,
					u32 epoch)
{
	if (flow->epoch != epoch)
		return STEP_ASK;
	return flow->flags & IMTC_FLOW_AGAIN && p->payload_len ? STEP_ASK : 0;
}

static __always_inline u32 step_undecided(struct imtc_scratch *s, struct imtc_flow *flow,
					  u32 epoch)
{
	struct imtc_packet *p = &s->packet;
	u32 step = flow->verdict != IMTC_VERDICT_NONE ? step_verdict(flow, p, epoch) : 0;

	if (!p->take)
		return step;
	if (flow->payload_packets < 0xffff)
		flow->payload_packets++;
	if (p->is_carrier && flow->payload_packets > IMTC_UDP_PAYLOADS_MAX)
		return 0;
	if (flow->candidates[p->direction & 1])
		return step | STEP_INSPECT;
	if (flow_gives_up(flow, p))
		flow_is_not_im(s, flow);
	return step;
}

static __always_inline u32 step_decided(struct imtc_flow *flow, const struct imtc_packet *p,
					u32 epoch)
{
	u32 step;

	if (flow->reason == IMTC_REASON_NOT_IM)
		return 0;
	step = step_verdict(flow, p, epoch);
	if (flow->state == IMTC_FLOW_WATCHED && p->take)
		step |= STEP_INSPECT;
	return step;
}

/*
 * What the packet means for its flow. A SYN on a flow that has seen more than
 * SYNs is a new connection between the same ports: judged anew.
 */
IMTC_GLOBAL int flow_step(struct imtc_flow *flow, u32 epoch, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_packet *p;

	if (!s || !flow)
		return 0;
	p = &s->packet;
	if (p->tcp_flags & TCP_SYN) {
		if (!(p->tcp_flags & TCP_ACK) &&
		    (flow->state != IMTC_FLOW_UNDECIDED || flow->payload_packets)) {
			stream_forget(s, flow);
			flow_begin(flow, p);
		} else if (flow->state == IMTC_FLOW_UNDECIDED) {
			flow_note_syn(flow, p);
		}
	}
	p->direction = flow_direction(flow, p->sender);
	if (flow->state == IMTC_FLOW_UNDECIDED)
		return step_undecided(s, flow, epoch);
	return step_decided(flow, p, epoch);
}

#endif /* IMTC_BPF_FLOW_H */
