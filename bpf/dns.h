/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DNS (RFC 1035) to and from port 53: whose addresses are they? Where the name
 * that is asked for, or one it is an alias of (CNAME, HTTPS: RFC 9460), is one
 * that the signatures know, the addresses in the answer become hints for as long
 * as the answer may be kept. Multicast DNS and other ports are not looked at.
 */
#ifndef IMTC_BPF_DNS_H
#define IMTC_BPF_DNS_H

#include "dns_name.h"
#include "hints.h"

/* Answer of dns_show(). */
#define DNS_OTHER 0	/* no DNS: for the dissectors */
#define DNS_MORE 1	/* a message that is not all there */
#define DNS_SEEN 2	/* messages, v->skip bytes: learnt from, or of no interest */

#define DNS_PORT 53

/* --- addresses ------------------------------------------------------------------ */

static __always_inline u64 dns_keep_ns(u32 ttl)
{
	u64 ns = (u64)ttl * 1000000000ULL;

	return ns < IMTC_HINT_MIN_NS ? IMTC_HINT_MIN_NS :
	       ns > IMTC_HINT_MAX_NS ? IMTC_HINT_MAX_NS : ns;
}

/*
 * The hint for an address that a name leads to, given the one that is there. An
 * address that names of others lead to as well, an IM service's and any other's,
 * tells nothing: it is kept as shared.
 */
static __always_inline void dns_merge(struct imtc_hint *hint, const struct imtc_hint *known)
{
	if (known->service != hint->service)
		hint->service = 0;
	else if (known->feature != hint->feature)
		hint->feature = IMTC_FEATURE_NONE;
	if (hint->expires_ns < known->expires_ns)
		hint->expires_ns = known->expires_ns;
}

/*
 * Learns the address of `len` bytes at `at`: 4 or 16. A global function, so that
 * its stack is not that of the loops around it.
 */
IMTC_GLOBAL int dns_learn(struct imtc_view *v, u32 at, u32 len)
{
	struct imtc_hint_key key = {};
	u8 *bytes = (u8 *)key.addr;
	struct imtc_scratch *s;
	struct imtc_hint *known;
	struct dns_walk *d;
	u64 now;

	if (!v)
		return 0;
	d = imtc_walk(v);
	s = imtc_scratch(d->hook);
	if (!s)
		return 0;
	if (len == 4)
		key.addr[2] = bpf_htonl(0xffff);
	IMTC_UNROLL
	for (u32 i = 0; i < 16; i++) {
		if (len == 16)
			bytes[i] = dns_byte(v, d, at + i);
		else if (i >= 12)
			bytes[i] = dns_byte(v, d, at + i - 12);
	}
	known = bpf_map_lookup_elem(&hints, &key);
	now = bpf_ktime_get_ns();
	if (known && known->expires_ns <= now)
		known = NULL;
	if (!known && !d->means.service)
		return 0;
	s->hint = (struct imtc_hint){
		.expires_ns = now + dns_keep_ns(d->ttl), .service = d->means.service,
		.feature = d->means.feature, .confidence = IMTC_CONFIDENCE_DNS,
		.encryption = d->means.encryption,
	};
	if (known)
		dns_merge(&s->hint, known);
	bpf_map_update_elem(&hints, &key, &s->hint, BPF_ANY);
	return 0;
}

/* One parameter of an HTTPS record; of several addresses the first two. */
static long dns_param(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct dns_walk *d = imtc_walk(v);
	u32 at = d->param, key = dns_be16(v, d, at), len = dns_be16(v, d, at + 2);

	(void)i;
	if (at + 4 > d->params_end || at + 4 + len > d->params_end)
		return 1;
	d->param = at + 4 + len;
	if (key == DNS_PARAM_IPV4HINT && len >= 4) {
		dns_learn(v, at + 4, 4);
		if (len >= 8)
			dns_learn(v, at + 8, 4);
	} else if (key == DNS_PARAM_IPV6HINT && len >= 16) {
		dns_learn(v, at + 4, 16);
		if (len >= 32)
			dns_learn(v, at + 20, 16);
	}
	return 0;
}

/* RFC 9460 2.2: priority, target, parameters. "." stands for the owner's own name. */
static __always_inline void dns_service(struct imtc_view *v, struct dns_walk *d, u32 at, u32 len)
{
	int params = dns_name(v, at + 2);

	if (!params)
		return;
	dns_take_name(v, d);
	d->param = (u32)params;
	d->params_end = at + len;
	imtc_loop(v, DNS_PARAMS_MAX, dns_param);
}

/* --- messages ------------------------------------------------------------------- */

static __always_inline void dns_record_data(struct imtc_view *v, struct dns_walk *d, u32 type,
					    u32 at, u32 len)
{
	if (type == DNS_A && len == 4)
		dns_learn(v, at, 4);
	else if (type == DNS_AAAA && len == 16)
		dns_learn(v, at, 16);
	else if (type == DNS_CNAME && dns_name(v, at))
		dns_take_name(v, d);
	else if (type == DNS_SVCB || type == DNS_HTTPS)
		dns_service(v, d, at, len);
}

/* RFC 1035 4.1.3. The owner is the name asked for, or in the chain from it: not checked. */
static long dns_record(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct dns_walk *d = imtc_walk(v);
	u32 at, len, type, class;

	(void)i;
	if (!d->records)
		return 1;
	d->records--;
	at = (u32)dns_name(v, d->at);
	len = dns_be16(v, d, at + 8);
	if (!at || at + 10 + len > d->end)
		return 1;
	type = dns_be16(v, d, at);
	class = dns_be16(v, d, at + 2);
	d->ttl = (u32)dns_be16(v, d, at + 4) << 16 | dns_be16(v, d, at + 6);
	d->at = at + 10 + len;
	if (class == 1)
		dns_record_data(v, d, type, at + 10, len);
	return 0;
}

/*
 * Is it a query, or the answer to one? RFC 1035 4.1.1: one question, and no
 * operation but the standard one. Goes on to behind the question.
 */
static __always_inline bool dns_is_message(struct imtc_view *v, struct dns_walk *d)
{
	u32 flags = dns_be16(v, d, 2);
	u32 others = dns_be16(v, d, 8) | dns_be16(v, d, 6);
	int after;

	if (d->end < DNS_HEAD_BYTES || flags & DNS_NOT_STANDARD || dns_be16(v, d, 4) != 1)
		return false;
	d->answers = flags >> 15;
	if (!d->answers && (others || dns_be16(v, d, 10) > DNS_ADDITIONAL_MAX))
		return false;
	after = dns_name(v, DNS_HEAD_BYTES);
	d->at = (u32)after + 4;
	if (!after || d->at > d->end)
		return false;
	d->id = dns_be16(v, d, 0);
	/* Only of an answer that came out well there is something to learn. */
	d->records = d->answers && !(flags & 15) ? dns_be16(v, d, 6) : 0;
	return true;
}

/* Was this asked? Of a datagram anybody may be the sender, who does not see the queries. */
static __always_inline bool dns_is_answer(const struct imtc_flow *flow, const struct imtc_view *v,
					  const struct dns_walk *d)
{
	if (v->direction != IMTC_DIR_SERVER || !d->answers || !(flow->prefix & IMTC_PREFIX_ASKED))
		return false;
	return v->l4 == IMTC_L4_TCP || (flow->seq[1] & 0xffff) == d->id ||
	       flow->seq[1] >> 16 == d->id;
}

static __always_inline void dns_note_query(struct imtc_flow *flow, const struct imtc_view *v,
					   const struct dns_walk *d)
{
	bool first = !(flow->prefix & IMTC_PREFIX_ASKED);

	if (v->direction != IMTC_DIR_CLIENT || d->answers)
		return;
	flow->prefix |= IMTC_PREFIX_ASKED;
	if (v->l4 == IMTC_L4_UDP)
		flow->seq[1] = (first ? d->id : flow->seq[1] & 0xffff) << 16 | d->id;
}

/* The message at d->base with d->end bytes. */
static __always_inline int dns_message(struct imtc_view *v, struct imtc_flow *flow,
				       struct dns_walk *d)
{
	d->means = (struct imtc_domain_value){};
	if (!dns_is_message(v, d))
		return DNS_OTHER;
	dns_note_query(flow, v, d);
	if (d->records && dns_is_answer(flow, v, d)) {
		dns_take_name(v, d);
		imtc_loop(v, DNS_RECORDS_MAX, dns_record);
	}
	return DNS_SEEN;
}

static __always_inline bool is_dns_port(const struct imtc_packet *p)
{
	return (p->direction == IMTC_DIR_CLIENT ? p->destination_port : p->source_port) ==
	       bpf_htons(DNS_PORT);
}

/* What the first bytes can settle: whatever else runs on this port is not held up. */
static __always_inline bool dns_may_be_stream(const struct imtc_view *v, u32 len)
{
	if (v->len >= 2 && (len <= DNS_HEAD_BYTES || len > IMTC_VIEW_BYTES - 2))
		return false;
	if (v->len >= 6 && imtc_be16(v, 4) & DNS_NOT_STANDARD)
		return false;
	return v->len < 8 || imtc_be16(v, 6) == 1;
}

/*
 * A datagram, or what a TCP connection has said so far: messages with their length
 * in front (RFC 1035 4.2.2), of which the first is taken; v->skip says how much it is.
 */
IMTC_GLOBAL int dns_show(struct imtc_view *v, struct imtc_flow *flow, u32 hook)
{
	struct dns_walk *d;
	int answer;

	if (!v || !flow)
		return DNS_OTHER;
	d = imtc_walk(v);
	*d = (struct dns_walk){ .hook = hook, .end = v->len };
	if (v->l4 == IMTC_L4_TCP) {
		d->base = 2;
		d->end = imtc_be16(v, 0);
		if (!dns_may_be_stream(v, d->end))
			return DNS_OTHER;
		if (v->len < 2 + d->end)
			return v->complete ? DNS_OTHER : DNS_MORE;
	}
	answer = dns_message(v, flow, d);
	imtc_domain_clear(v);
	if (answer == DNS_SEEN)
		v->skip = d->base + d->end;
	return answer;
}

#endif /* IMTC_BPF_DNS_H */
