/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hints (imtc/hint.h): keeping what a payload announces, and finding what is
 * known of a flow's ends. A hint is no finding: it labels what the payload
 * leaves open, and gives way to whatever the payload tells later.
 */
#ifndef IMTC_BPF_HINTS_H
#define IMTC_BPF_HINTS_H

#include "count.h"

/* The least port that may be a client's own (RFC 6335 6). */
#define HINT_SOCKET_PORT_MIN 1024

/* What to look for; bits. */
#define HINT_EXPECTED 0x1	/* an announced end: address, port and transport */
#define HINT_ADDRESS 0x2	/* learnt from DNS, or a prefix of the signatures */
#define HINT_EITHER_END 0x4	/* HINT_ADDRESS at the client's end too */

static __always_inline void hint_put(const u32 addr[4], u16 port, u8 l4,
				     const struct imtc_hint *hint)
{
	struct imtc_hint_key key = { .port = port, .l4 = l4 };

	__builtin_memcpy(key.addr, addr, sizeof(key.addr));
	/* Full: the oldest has gone. No memory: one hint less, and nothing misjudged. */
	bpf_map_update_elem(&hints, &key, hint, BPF_ANY);
}

/* Whoever announces no address at all (::, 0.0.0.0) means its own, which it did not say. */
static __always_inline bool is_announced(const struct imtc_expect *e)
{
	return e->port && e->addr[3];
}

/*
 * Keeps the ends that a view announces, as its label's service. Called with the
 * label set; does nothing where there is none.
 */
IMTC_GLOBAL int hints_expect(const struct imtc_view *v)
{
	struct imtc_hint hint = { .confidence = IMTC_CONFIDENCE_PORT };

	if (!v || !v->expects || !v->label.service)
		return 0;
	hint.expires_ns = bpf_ktime_get_ns() + IMTC_EXPECT_NS;
	hint.service = v->label.service;
	for (u32 i = 0; i < IMTC_EXPECTS_MAX; i++) {
		const struct imtc_expect *e = &v->expect[i];

		if (i >= v->expects)
			break;
		if (!is_announced(e))
			continue;
		hint.feature = e->feature;
		if (e->l4 != IMTC_L4_UDP)
			hint_put(e->addr, e->port, IMTC_L4_TCP, &hint);
		if (e->l4 != IMTC_L4_TCP)
			hint_put(e->addr, e->port, IMTC_L4_UDP, &hint);
	}
	return 0;
}

/*
 * A call's datagrams go from one socket to relays and to the other's own addresses.
 * What told of one flow of the socket - the payload of a call, a service's own
 * network - tells of its other flows too, for as long as an announced end is
 * waited for. QUIC has a socket a connection, and ports below 1024 are no
 * client's: they are left out.
 */
static __always_inline void hints_socket(const struct imtc_scratch *s,
					 const struct imtc_flow *flow)
{
	const struct imtc_packet *p = &s->packet;
	const struct imtc_label *label = &flow->label;
	bool from_client = p->direction == IMTC_DIR_CLIENT;
	bool is_call = label->feature == IMTC_FEATURE_VOICE ||
		       label->feature == IMTC_FEATURE_VIDEO;
	u16 port = from_client ? p->source_port : p->destination_port;
	struct imtc_hint hint = {
		.service = label->service, .feature = label->feature,
		.confidence = IMTC_CONFIDENCE_PORT, .encryption = label->encryption,
	};

	if (p->protocol != IMTC_L4_UDP || flow->via & IMTC_LAYER_QUIC ||
	    label->service == IMTC_SERVICE_VOIP || bpf_ntohs(port) < HINT_SOCKET_PORT_MIN)
		return;
	if (label->confidence != IMTC_CONFIDENCE_ADDRESS &&
	    !(label->confidence == IMTC_CONFIDENCE_PAYLOAD && is_call))
		return;
	hint.expires_ns = bpf_ktime_get_ns() + IMTC_EXPECT_NS;
	hint_put((const u32 *)(from_client ? p->source : p->destination), port, IMTC_L4_UDP,
		 &hint);
}

/* --- finding ------------------------------------------------------------------- */

/* Each of these puts what it finds into s->hint. */
static __always_inline bool hint_look(struct imtc_scratch *s, const u64 addr[2], u16 port, u8 l4)
{
	struct imtc_hint_key key = { .port = port, .l4 = l4 };
	struct imtc_hint *hint;

	__builtin_memcpy(key.addr, addr, sizeof(key.addr));
	hint = bpf_map_lookup_elem(&hints, &key);
	if (!hint || !hint->service || hint->expires_ns <= bpf_ktime_get_ns())
		return false;
	s->hint = *hint;
	return true;
}

static __always_inline bool hint_look_prefix(struct imtc_scratch *s, const u64 addr[2])
{
	struct imtc_prefix_key key = { .bits = 128 };
	struct imtc_domain_value *value;

	__builtin_memcpy(key.addr, addr, sizeof(key.addr));
	value = bpf_map_lookup_elem(&prefixes, &key);
	if (!value || !value->service)
		return false;
	s->hint.service = value->service;
	s->hint.feature = value->feature;
	s->hint.encryption = value->encryption;
	s->hint.confidence = IMTC_CONFIDENCE_ADDRESS;
	return true;
}

static __always_inline bool hint_look_address(struct imtc_scratch *s, const u64 addr[2])
{
	return hint_look(s, addr, 0, 0) || hint_look_prefix(s, addr);
}

/*
 * Is there a hint for the packet's flow? It is then in s->hint. Where the flow has
 * named a host that is no service's, neither an announcement nor an address tells
 * anything: many names share an address.
 */
IMTC_GLOBAL int hint_find(const struct imtc_flow *flow, u32 what, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_packet *p;
	bool from_client;

	if (!s || !flow || flow->prefix & IMTC_PREFIX_NAMED)
		return 0;
	p = &s->packet;
	if (what & HINT_EXPECTED &&
	    (hint_look(s, p->destination, p->destination_port, p->protocol) ||
	     hint_look(s, p->source, p->source_port, p->protocol)))
		return 1;
	if (!(what & HINT_ADDRESS))
		return 0;
	from_client = p->direction == IMTC_DIR_CLIENT;
	if (hint_look_address(s, from_client ? p->destination : p->source))
		return 1;
	/* Who is the client is not known for certain of these. */
	if (!(what & HINT_EITHER_END) && p->protocol == IMTC_L4_TCP &&
	    !(flow->flags & IMTC_FLOW_MIDDLE))
		return 0;
	return hint_look_address(s, from_client ? p->source : p->destination);
}

/* --- labels -------------------------------------------------------------------- */

/* s->hint as the view's label. What looks like TLS is encrypted, whosever it is. */
static __always_inline void hint_label(struct imtc_view *v, const struct imtc_scratch *s)
{
	bool is_tls = imtc_byte(v, 0) >= 0x14 && imtc_byte(v, 0) <= 0x17 && imtc_byte(v, 1) == 3;

	v->label.service = s->hint.service;
	v->label.feature = s->hint.feature;
	v->label.confidence = s->hint.confidence;
	v->label.encryption = s->hint.encryption ? s->hint.encryption :
			      is_tls ? IMTC_ENCRYPTION_ENCRYPTED : IMTC_ENCRYPTION_UNKNOWN;
	v->label.flags = IMTC_LABEL_OPEN | (v->label.flags & IMTC_LABEL_CREDENTIALS);
	v->label.reserved = 0;
}

/*
 * A call that does not say whose it is: the ends may tell. The view's label keeps
 * the feature that the payload showed; it is as sure as the hint is.
 */
static __always_inline void hint_names_call(struct imtc_view *v, const struct imtc_flow *flow,
					    struct imtc_scratch *s)
{
	if (v->label.service != IMTC_SERVICE_VOIP ||
	    !hint_find(flow, HINT_EXPECTED | HINT_ADDRESS | HINT_EITHER_END, s->packet.hook))
		return;
	v->label.service = s->hint.service;
	v->label.confidence = s->hint.confidence;
	v->label.flags |= IMTC_LABEL_OPEN;
	if (!v->label.feature)
		v->label.feature = s->hint.feature;
}

/* Datagrams of a flow for which its addresses are looked up: what they say stays. */
#define HINT_DATAGRAMS_MAX 2

/*
 * What the payload has left open: an announced end labels the flow at its first
 * payload, an address when the direction has no candidates left (`ended`; a
 * datagram has none left at once). True: the view has a label.
 */
static __always_inline bool hint_fills_in(struct imtc_view *v, const struct imtc_flow *flow,
					  struct imtc_scratch *s, bool ended)
{
	u32 what = 0;

	if (flow->label.service)
		return false;
	if (ended || flow->payload_packets <= 1)
		what |= HINT_EXPECTED;
	if (ended && (v->l4 == IMTC_L4_TCP || flow->payload_packets <= HINT_DATAGRAMS_MAX))
		what |= HINT_ADDRESS;
	if (!what || !hint_find(flow, what, s->packet.hook))
		return false;
	hint_label(v, s);
	return true;
}

#endif /* IMTC_BPF_HINTS_H */
