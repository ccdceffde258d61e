/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TLS ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2): the server's name (SNI,
 * RFC 6066 3) and ALPN (RFC 7301). One walk that copes with a hello in any
 * number of records (each handshake byte may stand in a record of its own) and
 * with a hello of which only the beginning has come.
 *
 * Answers NAMED for a name or an ALPN value that is not HTTP's; with
 * IMTC_LABEL_WATCH set where the hello is not all there, so that the other may still
 * come. ALPN of XMPP (XEP-0368) is a MATCH: the name alone
 * is any domain.
 */
#ifndef IMTC_DISSECT_TLS_H
#define IMTC_DISSECT_TLS_H

#include "scan.h"

/* A turn takes a field or a record header: 4096 bytes hold no more than this. */
#define TLS_TURNS IMTC_VIEW_BYTES
#define TLS_RECORD 0x16
#define TLS_CLIENT_HELLO 1
#define TLS_EXT_NAME 0
#define TLS_EXT_SRTP 14		/* RFC 5764 4.1.1 */
#define TLS_EXT_ALPN 16

enum tls_step {
	TLS_HEAD,		/* handshake type and length */
	TLS_FIXED,		/* version, random */
	TLS_SESSION_LEN,
	TLS_SESSION,
	TLS_COOKIE_LEN,		/* of DTLS alone */
	TLS_COOKIE,
	TLS_CIPHERS_LEN,
	TLS_CIPHERS,
	TLS_METHODS_LEN,
	TLS_METHODS,
	TLS_EXTENSIONS_LEN,
	TLS_EXTENSION,		/* type and length */
	TLS_BODY,		/* of an extension of no interest, or the rest of one */
	TLS_NAME_LIST,		/* length of the list */
	TLS_NAME_HEAD,		/* type and length of the name */
	TLS_NAME,
	TLS_ALPN_LIST,
	TLS_ALPN_LEN,
	TLS_ALPN,
};

struct tls_walk {
	u64 text[2];		/* the last 16 bytes of an ALPN value */
	u32 pos;
	u32 record;		/* bytes left in the record */
	u32 want;		/* bytes left in the field */
	u32 value;		/* the field as a number */
	u32 body;		/* bytes left in the extension, after the field */
	u32 extensions;		/* bytes left in the extensions, after this one */
	u32 alpn_len;
	u32 hello;		/* bytes left in the hello, after its head */
	u8 step;
	u8 named;		/* the view's domain is whole */
	u8 xmpp;		/* ALPN says so */
	u8 offered;		/* the view's alpn is whole */
	u8 datagram;		/* DTLS: a cookie behind the session, and no record follows */
	u8 srtp;		/* keys for SRTP are asked for: a call */
	u8 answer;		/* NO: malformed; MORE: cut; MATCH: the hello ended */
} IMTC_WALK;
IMTC_WALK_FITS(struct tls_walk);

static __always_inline void tls_field(struct tls_walk *t, u8 step, u32 want)
{
	t->step = step;
	t->want = want;
	t->value = 0;
}

static __always_inline long tls_end(struct tls_walk *t, u8 answer)
{
	t->answer = answer;
	return 1;
}

static __always_inline long tls_record(struct imtc_view *v, struct tls_walk *t)
{
	u32 len = imtc_be16(v, t->pos + 3);

	if (t->datagram || t->pos + 5 > v->len)
		return tls_end(t, IMTC_MORE);
	if (imtc_byte(v, t->pos) != TLS_RECORD || imtc_byte(v, t->pos + 1) != 3 ||
	    len == 0 || len > 16384 + 256)
		return tls_end(t, IMTC_NO);
	t->pos += 5;
	t->record = len;
	return 0;
}

/* The next extension, or the end. */
static __always_inline long tls_next_extension(struct tls_walk *t)
{
	if (t->extensions < 4)
		return tls_end(t, IMTC_MATCH);
	t->extensions -= 4;
	tls_field(t, TLS_EXTENSION, 4);
	return 0;
}

/* What is left of the extension's body is skipped. */
static __always_inline long tls_skip(struct tls_walk *t)
{
	if (!t->body)
		return tls_next_extension(t);
	tls_field(t, TLS_BODY, t->body);
	t->body = 0;
	return 0;
}

/* Begins a field inside the extension's body; one that does not fit ends the walk. */
static __always_inline long tls_inner(struct tls_walk *t, u8 step, u32 want)
{
	if (want == 0 || want > t->body)
		return tls_skip(t);
	t->body -= want;
	tls_field(t, step, want);
	return 0;
}

static __always_inline long tls_extension(struct tls_walk *t)
{
	u32 type = t->value >> 16, len = t->value & 0xffff;

	if (len > t->extensions)
		return tls_end(t, IMTC_NO);
	t->extensions -= len;
	t->body = len;
	if (type == TLS_EXT_NAME && !t->named)
		return tls_inner(t, TLS_NAME_LIST, 2);
	if (type == TLS_EXT_ALPN)
		return tls_inner(t, TLS_ALPN_LIST, 2);
	if (type == TLS_EXT_SRTP)
		t->srtp = 1;
	return tls_skip(t);
}

static __always_inline void tls_alpn_clear(struct imtc_view *v)
{
	__builtin_memset(v->alpn, 0, sizeof(v->alpn));
	v->alpn_len = 0;
}

/* Takes a byte of a value for the view, until one is whole. */
static __always_inline void tls_alpn_put(struct imtc_view *v, const struct tls_walk *t, u8 c)
{
	u32 n = v->alpn_len;

	if (t->offered || n >= IMTC_ALPN_BYTES)
		return;
	v->alpn[n] = (char)c;
	v->alpn_len = (u8)(n + 1);
}

/* What browsers offer says nothing: h2, h3, http/1.0, http/1.1. */
static __always_inline int tls_alpn_is_http(const struct tls_walk *t)
{
	if (t->alpn_len == 2)
		return t->text[1] == 0x6832 || t->text[1] == 0x6833;
	return t->alpn_len == 8 && (t->text[1] | 1) == 0x687474702f312e31ULL;
}

static __always_inline long tls_alpn_end(struct imtc_view *v, struct tls_walk *t)
{
	if (!t->offered) {
		if (t->alpn_len > IMTC_ALPN_BYTES || tls_alpn_is_http(t))
			tls_alpn_clear(v);
		else
			t->offered = 1;
	}
	/* "xmpp-client", "xmpp-server": XEP-0368 */
	if (t->alpn_len == 11 && t->text[0] == 0x786d70ULL &&
	    (t->text[1] == 0x702d636c69656e74ULL || t->text[1] == 0x702d736572766572ULL))
		t->xmpp = 1;
	return tls_inner(t, TLS_ALPN_LEN, 1);
}

/* What comes behind the session. */
static __always_inline long tls_session_end(struct tls_walk *t)
{
	if (t->datagram)
		tls_field(t, TLS_COOKIE_LEN, 1);
	else
		tls_field(t, TLS_CIPHERS_LEN, 2);
	return 0;
}

/* The field is whole: what comes next? */
static __always_inline long tls_advance(struct imtc_view *v, struct tls_walk *t)
{
	switch (t->step) {
	case TLS_HEAD:
		if (t->value >> 24 != TLS_CLIENT_HELLO || (t->value & 0xffffff) < 38)
			return tls_end(t, IMTC_NO);
		t->hello = t->value & 0xffffff;
		tls_field(t, TLS_FIXED, 34);
		return 0;
	case TLS_FIXED:
		tls_field(t, TLS_SESSION_LEN, 1);
		return 0;
	case TLS_SESSION_LEN:
		if (t->value > 32)
			return tls_end(t, IMTC_NO);
		if (!t->value)
			return tls_session_end(t);
		tls_field(t, TLS_SESSION, t->value);
		return 0;
	case TLS_SESSION:
		return tls_session_end(t);
	case TLS_COOKIE_LEN:
		if (t->value)
			tls_field(t, TLS_COOKIE, t->value);
		else
			tls_field(t, TLS_CIPHERS_LEN, 2);
		return 0;
	case TLS_COOKIE:
		tls_field(t, TLS_CIPHERS_LEN, 2);
		return 0;
	case TLS_CIPHERS_LEN:
		if (t->value < 2 || t->value & 1)
			return tls_end(t, IMTC_NO);
		tls_field(t, TLS_CIPHERS, t->value);
		return 0;
	case TLS_CIPHERS:
		tls_field(t, TLS_METHODS_LEN, 1);
		return 0;
	case TLS_METHODS_LEN:
		if (!t->value)
			return tls_end(t, IMTC_NO);
		tls_field(t, TLS_METHODS, t->value);
		return 0;
	case TLS_METHODS:
		/* RFC 5246 7.4.1.2: a hello may end here, and what follows is another message. */
		if (t->hello < 2)
			return tls_end(t, IMTC_MATCH);
		tls_field(t, TLS_EXTENSIONS_LEN, 2);
		return 0;
	case TLS_EXTENSIONS_LEN:
		t->extensions = t->value;
		return tls_next_extension(t);
	case TLS_EXTENSION:
		return tls_extension(t);
	case TLS_NAME_LIST:
		return tls_inner(t, TLS_NAME_HEAD, 3);
	case TLS_NAME_HEAD:
		if (t->value >> 16 || (t->value & 0xffff) >= IMTC_DOMAIN_BYTES)
			return tls_skip(t);
		imtc_domain_clear(v);
		return tls_inner(t, TLS_NAME, t->value & 0xffff);
	case TLS_NAME:
		t->named = (u8)imtc_domain_end(v);
		return tls_skip(t);
	case TLS_ALPN_LIST:
		return tls_inner(t, TLS_ALPN_LEN, 1);
	case TLS_ALPN_LEN:
		t->alpn_len = t->value;
		t->text[0] = t->text[1] = 0;
		return tls_inner(t, TLS_ALPN, t->value);
	case TLS_ALPN:
		return tls_alpn_end(v, t);
	}
	return tls_skip(t);
}

/* Reads `take` (1..4) bytes of a number or of text. */
static __always_inline int tls_take(struct imtc_view *v, struct tls_walk *t, u32 take)
{
	IMTC_UNROLL
	for (u32 k = 0; k < 4; k++) {
		u8 c = imtc_byte(v, t->pos + k);

		if (k >= take)
			return 1;
		t->value = t->value << 8 | c;
		if (t->step == TLS_ALPN) {
			t->text[0] = t->text[0] << 8 | t->text[1] >> 56;
			t->text[1] = t->text[1] << 8 | c;
			tls_alpn_put(v, t, c);
		} else if (t->step == TLS_NAME && !imtc_domain_put(v, c)) {
			return 0;
		}
	}
	return 1;
}

static __always_inline int tls_is_skipped(u8 step)
{
	return step == TLS_FIXED || step == TLS_SESSION || step == TLS_COOKIE ||
	       step == TLS_CIPHERS || step == TLS_METHODS || step == TLS_BODY;
}

/* One turn: a record header, or as much of a field as this record has of it. */
static long tls_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct tls_walk *t = imtc_walk(v);
	u32 take = t->want;

	(void)turn;
	if (!t->record)
		return tls_record(v, t);
	if (take > t->record)
		take = t->record;
	if (!tls_is_skipped(t->step)) {
		if (take > 4)
			take = 4;
		if (t->pos + take > v->len)
			return tls_end(t, IMTC_MORE);
		if (!tls_take(v, t, take)) {
			/* No host name: passed over, as a server would not know it. */
			imtc_domain_clear(v);
			t->body += t->want - take;
			t->want = take;
			t->step = TLS_BODY;
		}
	} else if (t->pos >= v->len) {
		return tls_end(t, IMTC_MORE);
	}
	t->pos += take;
	t->record -= take;
	t->want -= take;
	/* A length that is too short ends the hello where it says. */
	t->hello -= take < t->hello ? take : t->hello;
	return t->want ? 0 : tls_advance(v, t);
}

/* What the first bytes can settle, cheaply: most of what is not a hello ends here. */
static __always_inline int tls_may_be_hello(const struct imtc_view *v)
{
	if (imtc_byte(v, 0) != TLS_RECORD)
		return 0;
	if (v->len > 1 && imtc_byte(v, 1) != 3)
		return 0;
	if (v->len > 2 && imtc_byte(v, 2) > 4)
		return 0;
	return v->len <= 5 || imtc_byte(v, 5) == TLS_CLIENT_HELLO;
}

/*
 * Walks a hello: in records from the first byte on (`record` is 0), or with none
 * at all (`record` is TLS_NO_RECORDS), as QUIC carries it (RFC 9001 4). `body`, not 0,
 * is where that of a DTLS hello begins, of which the datagram has `record` bytes.
 */
#define TLS_NO_RECORDS (~0U)

IMTC_GLOBAL int tls_hello(struct imtc_view *v, u32 record, u32 body)
{
	struct tls_walk *t;

	if (!v)
		return IMTC_NO;
	t = imtc_walk(v);
	*t = (struct tls_walk){ .want = 4, .answer = IMTC_MORE, .record = record };
	if (body) {
		t->datagram = 1;
		t->pos = body;
		t->hello = record;
		tls_field(t, TLS_FIXED, 34);
	}
	tls_alpn_clear(v);
	imtc_loop(v, TLS_TURNS, tls_turn);
	if (!t->named || t->answer == IMTC_NO)
		imtc_domain_clear(v);
	if (!t->offered || t->answer == IMTC_NO)
		tls_alpn_clear(v);
	if (t->answer == IMTC_NO)
		return IMTC_NO;
	if (t->xmpp && (t->named || t->answer == IMTC_MATCH || v->complete)) {
		imtc_label_set(v, IMTC_SERVICE_XMPP, IMTC_FEATURE_CHAT,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
		v->label.confidence = IMTC_CONFIDENCE_NAME;
		return IMTC_MATCH;
	}
	/* A value alone is an answer once no name can come. */
	if (t->named || (t->offered && (t->answer == IMTC_MATCH || v->complete))) {
		v->label.encryption = IMTC_ENCRYPTION_ENCRYPTED;
		v->label.confidence = IMTC_CONFIDENCE_NAME;
		if (t->answer == IMTC_MORE)
			v->label.flags |= IMTC_LABEL_WATCH;
		return IMTC_NAMED;
	}
	return t->answer == IMTC_MORE ? IMTC_MORE : IMTC_NO;
}

IMTC_DISSECTOR(tls)(struct imtc_view *v)
{
	int answer;

	if (!v || !tls_may_be_hello(v))
		return IMTC_NO;
	answer = tls_hello(v, 0, 0);
	if (answer >= IMTC_MATCH)
		v->layer = IMTC_LAYER_TLS;
	return answer;
}

#endif /* IMTC_DISSECT_TLS_H */
