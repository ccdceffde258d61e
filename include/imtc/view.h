/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dissector may see and say. A dissector includes this header and
 * nothing else of imtc; it compiles unchanged for BPF and for the host.
 *
 * Shape of every dissector:
 *
 *	IMTC_DISSECTOR(xmpp)(struct imtc_view *v) { ... return IMTC_NO; }
 *
 * It reads v->data[0 .. v->len-1] through imtc_byte() and friends (always in
 * bounds, for the verifier too), writes v->label and, where it read a name,
 * v->domain, and answers one of enum imtc_answer. It keeps no state: when it
 * said MORE it is called again with the same bytes and those that followed.
 *
 * In BPF a dissector is a global function: the verifier checks each once and
 * alone, so that the cost of many dissectors is a sum and not a product.
 */
#ifndef IMTC_VIEW_H
#define IMTC_VIEW_H

#include <imtc/hint.h>
#include <imtc/layer.h>

/* Bytes of one direction that may be held while undecided. A power of two. */
#define IMTC_VIEW_BYTES 4096
#define IMTC_VIEW_MASK (IMTC_VIEW_BYTES - 1)
/* A DNS name without its trailing dot (RFC 1035 2.3.4), and a NUL. */
#define IMTC_DOMAIN_BYTES 256
#define IMTC_DOMAIN_MASK (IMTC_DOMAIN_BYTES - 1)

#define IMTC_SCRATCH_WORDS 16
/* Client name and version, as the protocol states them: "Pidgin 2.14", cut to fit. */
#define IMTC_CLIENT_BYTES 48
#define IMTC_EXPECTS_MAX 4
/* An ALPN value (RFC 7301 3.1 allows 255 bytes; those registered are shorter). */
#define IMTC_ALPN_BYTES 32

enum imtc_answer {
	IMTC_NO = 0,	/* never this protocol: not asked again for the flow */
	IMTC_MORE = 1,	/* may be: ask again with more bytes */
	IMTC_MATCH = 2,	/* v->label is set */
	IMTC_NAMED = 3,	/* v->domain is set (SNI, Host): the signatures decide */
	/*
	 * The first v->skip bytes are a layer, v->layer: what follows them in this
	 * direction is classified anew, with no memory of what came before. v->domain
	 * may name the host that the layer leads to: where the signatures know it, that
	 * is the label, else v->label where its service is set; and surer findings
	 * inside may still replace it. Where v->body
	 * is set, the next v->body bytes are a message of their own: shown alone, as a
	 * datagram is, and passed over where nobody knows it (frames, chunks). A
	 * dissector may rewrite in place what it leaves behind v->skip (unmask).
	 */
	IMTC_PEEL = 4,
};

enum imtc_direction {
	IMTC_DIR_CLIENT = 0,	/* from the side that opened the flow */
	IMTC_DIR_SERVER = 1,
};

enum imtc_l4 {
	IMTC_L4_TCP = 6,
	IMTC_L4_UDP = 17,
};

/* A connection that the payload announces: flows to or from that end are the service's. */
struct imtc_expect {
	u32 addr[4];	/* __be32; IPv4 as ::ffff:a.b.c.d */
	u16 port;	/* __be16 */
	u8 l4;		/* enum imtc_l4; 0: either */
	u8 feature;	/* enum imtc_feature */
};

/*
 * What a datagram alone cannot prove, but several of the same sender can: that an
 * address and port speak a service. They are counted over all flows of that end,
 * by service and id; `needed` of them are proof, for each flow that claims again.
 * With `step`, serial must grow from one to the next, by no more than that. The
 * same serial twice, unless 0, is the same datagram again, and counts once.
 */
#define IMTC_CLAIM_NEVER 0xff	/* needed: no number of these is proof, another claim is */

struct imtc_claim {
	u32 id;		/* what stays the same in all of them, or 0 */
	u16 serial;
	u16 service;	/* enum imtc_service; 0: no claim */
	u8 step;	/* 0: the serial need not grow */
	u8 needed;	/* 0: proven already, by a MATCH: what else the end claims is true */
	u8 is_mutual;	/* and the other end must have proven the same */
	u8 feature;	/* enum imtc_feature */
	u8 encryption;	/* enum imtc_encryption */
	u8 reserved[3];
};

/* A request that the payload makes, and how to make nothing of it. */
#define IMTC_SCRUBS_MAX 4
#define IMTC_SCRUB_BYTES 16	/* at most; a power of two */

struct imtc_scrub {
	u32 at;		/* in the view */
	u8 len;		/* bytes from there, 1 to IMTC_SCRUB_BYTES, */
	u8 fill;	/* that become this */
	u8 feature;	/* enum imtc_feature */
	u8 reserved;
};

struct imtc_view {
	u64 candidates;	/* dissectors that have not said NO; the dispatcher's own */
	u32 len;	/* bytes that can be seen, from `start` on */
	u32 start;	/* where in data they begin: behind the layers peeled; the caller's own */
	/*
	 * out, PEEL: bytes of the layer, > 0; may be more than len. Second faces, on TCP:
	 * bytes that need not be shown again, set to len before they are asked. What
	 * lies behind comes again, with what follows it: a message that is cut.
	 */
	u32 skip;
	u32 body;	/* out, PEEL: bytes behind skip that are one message, 0: a stream */
	u16 layer;	/* out, PEEL: enum imtc_layer; MATCH, NAMED: layers it was found in */
	u16 via;	/* in: layers the flow is known to be inside of, either direction */
	u8 direction;	/* enum imtc_direction: whose bytes these are */
	u8 l4;		/* enum imtc_l4 */
	u8 complete;	/* no more will come (full buffer, FIN, datagram): MORE means NO */
	u8 middle;	/* the flow is older than imtc: data may begin anywhere */
	struct imtc_label label;	/* in: what is known; out: on MATCH */
	u16 domain_len;	/* bytes in domain, without the NUL */
	u8 client_len;	/* out: bytes in client; 0: the payload does not say */
	u8 expects;	/* out: entries in expect */
	/*
	 * out: bytes in alpn, 0: none. NAMED may be answered with an ALPN value and no
	 * domain: the signatures know such values too.
	 */
	u8 alpn_len;
	u8 scrubs;	/* out: entries in scrub */
	u16 scrub_lost;	/* out: features asked for by what is not in scrub; bits */
	struct imtc_scrub scrub[IMTC_SCRUBS_MAX];
	struct imtc_expect expect[IMTC_EXPECTS_MAX];
	struct imtc_claim claim;	/* out, UDP; with MATCH, only one that is proven */
	/* The first value offered that is not HTTP's (h2, h3, http/1.1); then zeroes. */
	char alpn[IMTC_ALPN_BYTES];
	char client[IMTC_CLIENT_BYTES];	/* printable ASCII; what follows client_len is 0 */
	char domain[IMTC_DOMAIN_BYTES];	/* lower-case, no trailing dot, NUL-padded */
	/*
	 * A dissector's own while it runs, with any content before and after: what
	 * it keeps here the verifier does not follow value by value.
	 */
	u64 scratch[IMTC_SCRATCH_WORDS];
	u8 data[IMTC_VIEW_BYTES];
};

#ifdef __bpf__
#define IMTC_GLOBAL __attribute__((noinline))
#else
#define IMTC_GLOBAL static __attribute__((unused))
#endif

#ifdef __clang__
#define IMTC_UNROLL _Pragma("clang loop unroll(full)")
#else
#define IMTC_UNROLL
#endif

/* The compiler knows nothing of the value from here on: what is computed of it stays arithmetic. */
#define IMTC_OPAQUE(value) asm volatile("" : "+r"(value))

/* Declares dissector NAME; returns enum imtc_answer. */
#define IMTC_DISSECTOR(name) IMTC_GLOBAL int imtc_dissect_##name

/*
 * Byte at offset i; 0 past the end. Never out of bounds. Without a branch: the verifier would
 * follow both of its ways through all that comes after, for each byte that is read.
 */
static __always_inline u8 imtc_byte(const struct imtc_view *v, u32 i)
{
	s64 inside = (s64)i - v->len;

	IMTC_OPAQUE(inside);
	return v->data[(v->start + i) & IMTC_VIEW_MASK] & (u8)(inside >> 63);
}

/* Two bytes at i, network byte order, as a host number; 0 past the end. */
static __always_inline u16 imtc_be16(const struct imtc_view *v, u32 i)
{
	return (u16)imtc_byte(v, i) << 8 | imtc_byte(v, i + 1);
}

static __always_inline u32 imtc_be24(const struct imtc_view *v, u32 i)
{
	return (u32)imtc_byte(v, i) << 16 | imtc_be16(v, i + 1);
}

static __always_inline u32 imtc_be32(const struct imtc_view *v, u32 i)
{
	return (u32)imtc_be16(v, i) << 16 | imtc_be16(v, i + 2);
}

/* The same, least byte first, as protocols born on x86 have it. */
static __always_inline u32 imtc_le16(const struct imtc_view *v, u32 i)
{
	return imtc_byte(v, i) | (u32)imtc_byte(v, i + 1) << 8;
}

static __always_inline u32 imtc_le32(const struct imtc_view *v, u32 i)
{
	return imtc_le16(v, i) | imtc_le16(v, i + 2) << 16;
}

/* Host numbers, as the accessors of a view give them, to the order on the wire. */
static __always_inline u32 imtc_to_be32(u32 value)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(value) : value;
}

static __always_inline u16 imtc_to_be16(u32 value)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap16((u16)value) :
							   (u16)value;
}

static __always_inline u64 imtc_to_be64(u64 value)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(value) : value;
}

/*
 * Compares the view from offset i with a literal as far as both go:
 * IMTC_MATCH when all of it is there, IMTC_MORE when the view ends inside it
 * (and agrees so far), IMTC_NO otherwise. Literals are short: the loop is
 * unrolled.
 */
#define imtc_match(v, i, literal) \
	imtc_match_bytes(v, i, literal, sizeof(literal) - 1)

static __always_inline int imtc_match_bytes(const struct imtc_view *v, u32 i,
					    const char *bytes, const u32 len)
{
	IMTC_UNROLL
	for (u32 k = 0; k < len; k++) {
		if (i + k >= v->len)
			return IMTC_MORE;
		if (v->data[(v->start + i + k) & IMTC_VIEW_MASK] != (u8)bytes[k])
			return IMTC_NO;
	}
	return IMTC_MATCH;
}

#endif /* IMTC_VIEW_H */
