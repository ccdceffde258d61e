/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk over a DNS message (RFC 1035 4.1), and the names in it: labels, pointers to
 * other names of the message, and what the signatures say of the whole.
 */
#ifndef IMTC_BPF_DNS_NAME_H
#define IMTC_BPF_DNS_NAME_H

#include "dissect/scan.h"
#include "names.h"

#define DNS_NOT_STANDARD 0x7840	/* flags: another operation than a query, the bit that is 0 */
#define DNS_HEAD_BYTES 12
#define DNS_RECORDS_MAX 64	/* of an answer; more are not looked at */
#define DNS_ADDITIONAL_MAX 4	/* of a query: OPT (RFC 6891), TSIG, SIG(0) */
/* A name has 255 bytes at most (RFC 1035 3.1), pointers come on top. */
#define DNS_NAME_TURNS 384
/* Parameters of an HTTPS record; more than are defined. */
#define DNS_PARAMS_MAX 16

enum dns_type {
	DNS_A = 1,
	DNS_CNAME = 5,
	DNS_AAAA = 28,
	DNS_SVCB = 64,
	DNS_HTTPS = 65,
};

/* RFC 9460 14.3.2 */
#define DNS_PARAM_IPV4HINT 4
#define DNS_PARAM_IPV6HINT 6

/* In the view's scratch words; offsets are from the message's first byte. */
struct dns_walk {
	struct imtc_domain_value means;	/* of the name; service 0: not known */
	u32 base;	/* where in the view the message begins */
	u32 end;	/* bytes of the message */
	u32 at;		/* the next record */
	u32 hook;
	u32 ttl;	/* of the record in hand */
	u32 param, params_end;
	u16 id;
	u16 records;
	u8 answers;	/* the message is an answer */
} IMTC_WALK;
IMTC_WALK_FITS(struct dns_walk);

static __always_inline u8 dns_byte(const struct imtc_view *v, const struct dns_walk *d, u32 at)
{
	return at < d->end ? imtc_byte(v, d->base + at) : 0;
}

static __always_inline u16 dns_be16(const struct imtc_view *v, const struct dns_walk *d, u32 at)
{
	return (u16)dns_byte(v, d, at) << 8 | dns_byte(v, d, at + 1);
}

/* --- names --------------------------------------------------------------------- */

struct dns_name {
	u32 at;
	u32 low;	/* pointers lead to before here: each further back than the last */
	u32 after;	/* where the name ends in its own place; 0: not yet known */
	u16 left;	/* bytes of the label in hand */
	u8 odd;		/* a byte that no host's name has */
	u8 whole;
} IMTC_WALK;
IMTC_STATIC_ASSERT(sizeof(struct dns_name) <= 4 * sizeof(u64));

static __always_inline long dns_name_length(struct imtc_view *v, const struct dns_walk *d,
					    struct dns_name *n, u8 byte)
{
	u32 to;

	if (!byte || byte >= 0xc0) {
		if (!n->after)
			n->after = n->at + (byte ? 2 : 1);
		if (!byte) {
			n->whole = 1;
			return 1;
		}
		to = (u32)(byte & 0x3f) << 8 | dns_byte(v, d, n->at + 1);
		if (to >= n->low)
			return 1;
		n->low = n->at = to;
		return 0;
	}
	if (byte > 63)
		return 1;
	if (v->domain_len && !imtc_domain_put(v, '.'))
		n->odd = 1;
	n->left = byte;
	n->at++;
	return 0;
}

static long dns_name_byte(u32 i, void *context)
{
	struct imtc_view *v = imtc_loop_view(context);
	struct dns_walk *d = imtc_walk(v);
	struct dns_name *n = imtc_walk_inner(v);
	u8 byte;

	(void)i;
	if (n->at >= d->end)
		return 1;
	byte = dns_byte(v, d, n->at);
	if (!n->left)
		return dns_name_length(v, d, n, byte);
	if (!imtc_domain_put(v, byte))
		n->odd = 1;
	n->left--;
	n->at++;
	return 0;
}

/*
 * Reads the name at `at` into v->domain, empty where it is no host's. Returns
 * where it ends; 0: it does not, or not within the message.
 */
IMTC_GLOBAL int dns_name(struct imtc_view *v, u32 at)
{
	struct dns_walk *d;
	struct dns_name *n;

	if (!v)
		return 0;
	d = imtc_walk(v);
	n = imtc_walk_inner(v);
	*n = (struct dns_name){ .at = at, .low = at };
	imtc_domain_clear(v);
	imtc_loop(v, DNS_NAME_TURNS, dns_name_byte);
	if (!n->whole || n->after > d->end) {
		imtc_domain_clear(v);
		return 0;
	}
	if (n->odd)
		imtc_domain_clear(v);
	return (int)n->after;
}

/* What the name in the view means, where the signatures know it and none before. */
static __always_inline void dns_take_name(struct imtc_view *v, struct dns_walk *d)
{
	struct imtc_scratch *s = imtc_scratch(d->hook);

	if (d->means.service || !s || !name_find(v, d->hook))
		return;
	if (s->named.service < IMTC_SERVICE_MAX && s->named.feature < IMTC_FEATURE_MAX)
		d->means = s->named;
}

#endif /* IMTC_BPF_DNS_NAME_H */
