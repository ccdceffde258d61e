/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How dissectors walk over the bytes of a view: one loop whose body the
 * verifier checks once (not once a turn), text comparisons, host names. Nothing
 * that knows a protocol.
 */
#ifndef IMTC_DISSECT_SCAN_H
#define IMTC_DISSECT_SCAN_H

#include <imtc/view.h>

/*
 * imtc_loop(v, n, step): calls step(0, c) .. step(n - 1, c) until one returns 1;
 * imtc_loop_view(c) is v. As a plain loop, a body that runs over thousands of
 * bytes would cost the verifier its budget; as a callback it is checked once.
 *
 * What a body keeps from turn to turn stands in the view's scratch words, never
 * on the stack: the verifier tells apart all values that the stack may hold,
 * and would check a state machine once a path.
 */
#ifdef __bpf__
#include <bpf/bpf_helpers.h>
static __always_inline void imtc_loop(struct imtc_view *v, u32 n, long (*step)(u32 i, void *c))
{
	bpf_loop(n, step, &v, 0);
}
#else
static __always_inline void imtc_loop(struct imtc_view *v, u32 n, long (*step)(u32 i, void *c))
{
	for (u32 i = 0; i < n; i++)
		if (step(i, &v))
			return;
}
#endif
#define imtc_loop_view(c) (*(struct imtc_view **)(c))

/*
 * The scratch words as a struct. The last four are for the functions of this
 * file, the rest for the dissector.
 */
#define IMTC_WALK __attribute__((may_alias))
#define IMTC_WALK_FITS(type) \
	IMTC_STATIC_ASSERT(sizeof(type) <= 8 * (IMTC_SCRATCH_WORDS - 4))
#define imtc_walk(v) ((void *)(v)->scratch)
#define imtc_walk_inner(v) ((void *)&(v)->scratch[IMTC_SCRATCH_WORDS - 4])

static __always_inline int imtc_is_digit(u8 c)
{
	return c >= '0' && c <= '9';
}

static __always_inline u8 imtc_lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static __always_inline int imtc_is_letter(u8 c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* What a hexadecimal digit is worth; 0xff: it is none. */
static __always_inline u8 imtc_hex_digit(u8 c)
{
	if (imtc_is_digit(c))
		return (u8)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (u8)(c - 'a' + 10) : 0xff;
}

static __always_inline int imtc_is_space(u8 c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* imtc_match() for a literal in lower case, whatever the case of the view. */
#define imtc_match_nocase(v, i, literal) \
	imtc_match_nocase_bytes(v, i, literal, sizeof(literal) - 1)

static __always_inline int imtc_match_nocase_bytes(const struct imtc_view *v, u32 i,
						   const char *bytes, const u32 len)
{
	IMTC_UNROLL
	for (u32 k = 0; k < len; k++) {
		if (i + k >= v->len)
			return IMTC_MORE;
		if (imtc_lower(v->data[(v->start + i + k) & IMTC_VIEW_MASK]) != (u8)bytes[k])
			return IMTC_NO;
	}
	return IMTC_MATCH;
}

/*
 * A word out of a list, found by a global function: the verifier knows nothing
 * of what it returns, so that the words do not multiply what it must follow
 * behind it. Answer, length of the word, and what it means.
 */
#define IMTC_WORD(answer, len, meaning) ((answer) | (int)(len) << 8 | (meaning) << 16)
#define imtc_word_answer(word) ((word) & 0xff)
#define imtc_word_len(word) ((u32)(word) >> 8 & 0xff)
#define imtc_word_meaning(word) ((u32)(word) >> 16 & 0xff)

/* One try of such a function: `best` becomes the surest of its answers. */
#define IMTC_TRY(match, v, i, literal, meaning, best) \
	imtc_try(best, match(v, i, literal), sizeof(literal) - 1, meaning)

static __always_inline int imtc_try(int best, int answer, u32 len, int meaning)
{
	if (answer == IMTC_MATCH)
		return IMTC_WORD(IMTC_MATCH, len, meaning);
	return answer > imtc_word_answer(best) ? answer : best;
}

/* Is the whole literal at i? For places where a cut literal means nothing. */
#define imtc_has(v, i, literal) (imtc_match(v, i, literal) == IMTC_MATCH)
#define imtc_has_nocase(v, i, literal) (imtc_match_nocase(v, i, literal) == IMTC_MATCH)

/* May c stand in a host name? Underscores are seen in those of services. */
static __always_inline int imtc_is_host_byte(u8 c)
{
	return imtc_is_letter(c) || imtc_is_digit(c) || c == '-' || c == '.' || c == '_';
}

static __always_inline void imtc_domain_clear(struct imtc_view *v)
{
	__builtin_memset(v->domain, 0, sizeof(v->domain));
	v->domain_len = 0;
	v->label.flags &= (u8)~IMTC_LABEL_DOMAIN;
}

/* Appends a byte of a host name; false where no name can have it there. */
static __always_inline int imtc_domain_put(struct imtc_view *v, u8 c)
{
	u32 n = v->domain_len;

	if (!imtc_is_host_byte(c) || n >= IMTC_DOMAIN_BYTES - 1)
		return 0;
	if (c == '.' && (n == 0 || v->domain[(n - 1) & IMTC_DOMAIN_MASK] == '.'))
		return 0;
	v->domain[n & IMTC_DOMAIN_MASK] = (char)imtc_lower(c);
	v->domain_len = (u16)(n + 1);
	return 1;
}

/* Ends a host name: drops the trailing dot. Returns whether the view has a name now. */
static __always_inline int imtc_domain_end(struct imtc_view *v)
{
	u32 n = v->domain_len;

	if (n && v->domain[(n - 1) & IMTC_DOMAIN_MASK] == '.') {
		n--;
		v->domain[n & IMTC_DOMAIN_MASK] = 0;
		v->domain_len = (u16)n;
	}
	if (!n)
		return 0;
	v->label.flags |= IMTC_LABEL_DOMAIN;
	return 1;
}

struct imtc_domain_read {
	u32 from;
	u32 len;
	u8 bad;
	u8 letters;	/* an IPv4 address has none */
} IMTC_WALK;

static long imtc_domain_read_step(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct imtc_domain_read *r = imtc_walk_inner(v);
	u8 byte = imtc_byte(v, r->from + i);

	r->letters |= (u8)imtc_is_letter(byte);
	if (imtc_domain_put(v, byte))
		return 0;
	r->bad = 1;
	return 1;
}

/*
 * Takes len bytes at `from` as the view's domain; returns whether they are a
 * name (an address is none).
 */
IMTC_GLOBAL int imtc_domain_take(struct imtc_view *v, u32 from, u32 len)
{
	struct imtc_domain_read *r;

	if (!v)
		return 0;
	r = imtc_walk_inner(v);
	r->from = from;
	r->bad = len >= IMTC_DOMAIN_BYTES;
	r->letters = 0;
	imtc_domain_clear(v);
	if (!r->bad)
		imtc_loop(v, len, imtc_domain_read_step);
	if (!r->bad && r->letters && imtc_domain_end(v))
		return 1;
	imtc_domain_clear(v);
	return 0;
}

static long imtc_domain_find_step(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct imtc_domain_read *r = imtc_walk_inner(v);

	if (!imtc_is_host_byte(imtc_byte(v, r->from + i)))
		return 1;
	r->len = i + 1;
	return 0;
}

/* imtc_domain_take() of the bytes at `from` up to whatever no name has (port, path). */
static __always_inline int imtc_domain_find(struct imtc_view *v, u32 from)
{
	struct imtc_domain_read *r = imtc_walk_inner(v);

	r->from = from;
	r->len = 0;
	imtc_loop(v, IMTC_DOMAIN_BYTES, imtc_domain_find_step);
	return imtc_domain_take(v, from, r->len);
}

struct imtc_client_read {
	u32 from;
	u32 max;
} IMTC_WALK;

static long imtc_client_read_step(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct imtc_client_read *r = imtc_walk_inner(v);
	u32 n = v->client_len;
	u8 byte = imtc_byte(v, r->from + i);

	if (i >= r->max || n >= IMTC_CLIENT_BYTES - 1 || byte < ' ' || byte > '~')
		return 1;
	v->client[n] = (char)byte;
	v->client_len = (u8)(n + 1);
	return 0;
}

/*
 * Takes what stands at `from`, up to the first byte that is not printable or `max`
 * bytes, as the client's name and version. Returns its length.
 */
IMTC_GLOBAL int imtc_client_take(struct imtc_view *v, u32 from, u32 max)
{
	struct imtc_client_read *r;

	if (!v)
		return 0;
	r = imtc_walk_inner(v);
	r->from = from;
	r->max = max;
	__builtin_memset(v->client, 0, sizeof(v->client));
	v->client_len = 0;
	imtc_loop(v, IMTC_CLIENT_BYTES, imtc_client_read_step);
	return v->client_len;
}

/*
 * Sets the label of a match and keeps what is known beside it (the domain flag,
 * a password seen earlier).
 */
static __always_inline void imtc_label_set(struct imtc_view *v, u16 service, u8 feature,
					   u8 encryption, u8 flags)
{
	v->label.service = service;
	v->label.feature = feature;
	v->label.confidence = IMTC_CONFIDENCE_PAYLOAD;
	v->label.encryption = encryption;
	v->label.flags = (v->label.flags & (u8)~IMTC_LABEL_WATCH) | flags;
}

/*
 * The feature of a watched flow once `found` was seen: what was once told is
 * kept against lesser findings (a file offer is not forgotten for the next
 * line of chat), so that a flow's label settles.
 */
static __always_inline u8 imtc_feature_grow(u8 now, u8 found)
{
	if (found == IMTC_FEATURE_NONE || now == found)
		return now;
	if (found == IMTC_FEATURE_LOGIN)
		return now == IMTC_FEATURE_NONE ? found : now;
	if (found == IMTC_FEATURE_PRESENCE)
		return now == IMTC_FEATURE_NONE || now == IMTC_FEATURE_LOGIN ? found : now;
	if (found == IMTC_FEATURE_CHAT)
		return now == IMTC_FEATURE_NONE || now == IMTC_FEATURE_LOGIN ||
		       now == IMTC_FEATURE_PRESENCE ? found : now;
	return found;
}

/*
 * The payload of a watched flow where an upgrade is PENDING: MATCH, final, where it
 * is TLS, for what is said in there is not seen.
 */
static __always_inline int imtc_watch_tls(struct imtc_view *v)
{
	if (imtc_byte(v, 0) != 0x16 || (v->len > 1 && imtc_byte(v, 1) != 3))
		return IMTC_NO;
	if (v->len < 2) {
		v->skip = 0;
		return IMTC_MORE;
	}
	v->layer = IMTC_LAYER_STARTTLS;
	v->label.encryption = IMTC_ENCRYPTION_ENCRYPTED;
	v->label.flags &= (u8)~IMTC_LABEL_WATCH;
	return IMTC_MATCH;
}

/* MATCH where the label differs from what it was, else MORE. */
static __always_inline int imtc_label_changed(const struct imtc_view *v,
					      const struct imtc_label *before)
{
	return v->label.service != before->service || v->label.feature != before->feature ||
	       v->label.encryption != before->encryption || v->label.flags != before->flags ?
	       IMTC_MATCH : IMTC_MORE;
}

#endif /* IMTC_DISSECT_SCAN_H */
