/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SOCKS4, SOCKS4A (the protocol's documents by NEC and by Ying-Da Lee) and SOCKS5
 * (RFC 1928, with the user name and password of RFC 1929): each message of either
 * side is a layer by itself, peeled when it is whole. A request's host name is
 * what the flow leads to; or a digest, by which XMPP's peers find each other.
 *
 * What is said after a greeting means something only there: v->via tells. A
 * password is one in clear.
 */
#ifndef IMTC_DISSECT_SOCKS_H
#define IMTC_DISSECT_SOCKS_H

#include "scan.h"

#define SOCKS_CONNECT 1
#define SOCKS_COMMANDS 3	/* CONNECT, BIND, UDP ASSOCIATE */
/* Clients offer a few methods of the ten that IANA knows. */
#define SOCKS_METHODS 10
#define SOCKS_DIGEST 40		/* SHA-1 in hexadecimal */
#define SOCKS_ADDRESS4 1
#define SOCKS_NAME 3
#define SOCKS_ADDRESS6 4

static __always_inline int socks_peel(struct imtc_view *v, u16 layer, u32 skip)
{
	v->layer = layer;
	v->skip = skip;
	return IMTC_PEEL;
}

/*
 * Bytes of the address at i (type, address, port), as an IMTC_WORD: of RFC 1928 5,
 * with the length in its meaning.
 */
static __always_inline int socks_address(const struct imtc_view *v, u32 i)
{
	u32 len = imtc_byte(v, i + 1);

	if (i >= v->len)
		return IMTC_MORE;
	switch (imtc_byte(v, i)) {
	case SOCKS_ADDRESS4:
		return IMTC_WORD(IMTC_MATCH, 7, 0);
	case SOCKS_ADDRESS6:
		return IMTC_WORD(IMTC_MATCH, 19, 0);
	case SOCKS_NAME:
		if (i + 1 >= v->len)
			return IMTC_MORE;
		/* With the length of a name: at most 251, so that the sum is a byte. */
		return len && len < 252 ? IMTC_WORD(IMTC_MATCH, len + 4, 1) : IMTC_NO;
	}
	return IMTC_NO;
}

/*
 * version, count, methods (RFC 1928 3). Those who do not wait for the choice go on
 * with a password or a request.
 */
static __always_inline int socks5_greeting(struct imtc_view *v)
{
	u32 n = imtc_byte(v, 1);
	u8 next = imtc_byte(v, 2 + n);

	if (v->len < 2)
		return IMTC_MORE;
	if (v->len > 2 + n && next != 5 && next != 1)
		return IMTC_NO;
	if (n < 1 || n > SOCKS_METHODS)
		return IMTC_NO;
	IMTC_UNROLL
	for (u32 k = 0; k < SOCKS_METHODS; k++) {
		u8 method = imtc_byte(v, 2 + k);

		/* Assigned, or for private use. */
		if (k < n && method > 9 && method < 0x80)
			return IMTC_NO;
	}
	if (v->len < 2 + n)
		return IMTC_MORE;
	return socks_peel(v, IMTC_LAYER_SOCKS5, 2 + n);
}

struct socks_digest {
	u32 from;
	u8 bad;
} IMTC_WALK;

static long socks_digest_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct socks_digest *d = imtc_walk(v);
	u8 byte = imtc_byte(v, d->from + i);

	d->bad = !imtc_is_digit(byte) && (byte < 'a' || byte > 'f');
	return d->bad;
}

/*
 * Is the name of SOCKS_DIGEST bytes at `from` one that XMPP's peers agree on? The
 * digest of both their names stands for a host, and the port is 0 (XEP-0065 5.3.2).
 */
static __always_inline int socks_is_digest(struct imtc_view *v, u32 from)
{
	struct socks_digest *d = imtc_walk(v);

	*d = (struct socks_digest){ .from = from };
	if (imtc_be16(v, from + SOCKS_DIGEST))
		return 0;
	imtc_loop(v, SOCKS_DIGEST, socks_digest_byte);
	return !d->bad;
}

/* version, command, reserved, address (RFC 1928 4). */
static __always_inline int socks5_request(struct imtc_view *v)
{
	u8 command = imtc_byte(v, 1);
	int address;

	if (v->len < 2)
		return IMTC_MORE;
	if (command < 1 || command > SOCKS_COMMANDS || imtc_byte(v, 2))
		return IMTC_NO;
	if (v->len < 4)
		return IMTC_MORE;
	address = socks_address(v, 3);
	if (imtc_word_answer(address) != IMTC_MATCH)
		return address;
	if (v->len < 3 + imtc_word_len(address))
		return IMTC_MORE;
	if (command == SOCKS_CONNECT && imtc_byte(v, 4) == SOCKS_DIGEST && socks_is_digest(v, 5))
		imtc_label_set(v, IMTC_SERVICE_XMPP, IMTC_FEATURE_FILE, IMTC_ENCRYPTION_UNKNOWN, 0);
	else if (command == SOCKS_CONNECT && imtc_word_meaning(address))
		imtc_domain_take(v, 5, imtc_byte(v, 4));
	return socks_peel(v, IMTC_LAYER_SOCKS5, 3 + imtc_word_len(address));
}

/* version, length, user name, length, password (RFC 1929 2); then nothing, or the request. */
static __always_inline int socks5_password(struct imtc_view *v)
{
	u32 user = imtc_byte(v, 1), end = 3 + user + imtc_byte(v, 2 + user);

	if (v->len < 2)
		return IMTC_MORE;
	if (!user)
		return IMTC_NO;
	if (v->len < 3 + user)
		return IMTC_MORE;
	if (!imtc_byte(v, 2 + user))
		return IMTC_NO;
	if (v->len < end)
		return IMTC_MORE;
	if (v->len > end && imtc_byte(v, end) != 5)
		return IMTC_NO;
	v->label.flags |= IMTC_LABEL_CREDENTIALS;
	return socks_peel(v, IMTC_LAYER_SOCKS5, end);
}

static __always_inline int socks_max(int a, int b)
{
	return a > b ? a : b;
}

static __always_inline int socks5_client(struct imtc_view *v)
{
	int answer = IMTC_NO;

	if (v->via & IMTC_LAYER_SOCKS5) {
		answer = socks5_request(v);
		if (answer == IMTC_PEEL)
			return answer;
	}
	/* The first, or one that goes on to another proxy. */
	return socks_max(answer, answer == IMTC_MORE ? IMTC_NO : socks5_greeting(v));
}

/* version, reply, reserved, address (RFC 1928 6). */
static __always_inline int socks5_reply(struct imtc_view *v)
{
	int address;

	if (v->len > 1 && imtc_byte(v, 1) > 8)
		return IMTC_NO;
	if (v->len > 2 && imtc_byte(v, 2))
		return IMTC_NO;
	if (v->len < 4)
		return IMTC_MORE;
	address = socks_address(v, 3);
	if (imtc_word_answer(address) != IMTC_MATCH)
		return address;
	if (v->len < 3 + imtc_word_len(address))
		return IMTC_MORE;
	return socks_peel(v, IMTC_LAYER_SOCKS5, 3 + imtc_word_len(address));
}

/*
 * The choice of a method has two bytes that may begin a reply as well; then what
 * follows tells, and until then nothing is lost. Of a password's choice its answer
 * is a part (RFC 1929 2): alone, it could be anybody's two bytes.
 */
static __always_inline int socks5_server(struct imtc_view *v)
{
	int answer;

	if (v->len > 1 && imtc_byte(v, 1) == 2) {
		if (v->len < 3)
			return IMTC_MORE;
		if (imtc_byte(v, 2) == 1)
			return v->len < 4 ? IMTC_MORE : socks_peel(v, IMTC_LAYER_SOCKS5, 4);
	}
	answer = socks5_reply(v);
	if (answer != IMTC_NO)
		return answer;
	return socks_peel(v, IMTC_LAYER_SOCKS5, 2);
}

struct socks_text {
	u32 from;
	u32 end;	/* where the NUL stands, 0: not seen */
	u8 bad;
} IMTC_WALK;

static long socks_text_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct socks_text *t = imtc_walk(v);
	u8 byte = imtc_byte(v, t->from + i);

	if (t->from + i >= v->len)
		return 1;
	if (!byte) {
		t->end = t->from + i;
		return 1;
	}
	t->bad = byte < ' ' || byte == 0x7f;
	return t->bad;
}

/* Where the text at `from` ends, with the NUL; 0 where it is cut or none. */
static __always_inline int socks_text(struct imtc_view *v, u32 from, u32 *ret_end)
{
	struct socks_text *t = imtc_walk(v);

	t->from = from;
	t->end = 0;
	t->bad = 0;
	imtc_loop(v, 256, socks_text_byte);
	*ret_end = t->end + 1;
	if (t->bad)
		return IMTC_NO;
	if (t->end)
		return IMTC_MATCH;
	return v->len - from < 256 ? IMTC_MORE : IMTC_NO;
}

/* version, command, port, address, user, NUL; with an address 0.0.0.x a name and NUL. */
static __always_inline int socks4_client(struct imtc_view *v)
{
	u32 address = imtc_be32(v, 4), user, end;
	int answer;

	if (v->len > 1 && imtc_byte(v, 1) != 1 && imtc_byte(v, 1) != 2)
		return IMTC_NO;
	if (v->len > 3 && !imtc_be16(v, 2))
		return IMTC_NO;
	if (v->len <= 8)
		return IMTC_MORE;
	if (!address || address >> 28 == 0xf)
		return IMTC_NO;
	answer = socks_text(v, 8, &user);
	if (answer != IMTC_MATCH)
		return answer;
	if (address > 255)
		return socks_peel(v, IMTC_LAYER_SOCKS4, user);
	if (user >= v->len)
		return IMTC_MORE;
	answer = socks_text(v, user, &end);
	if (answer != IMTC_MATCH || end < user + 2)
		return answer == IMTC_MORE ? IMTC_MORE : IMTC_NO;
	imtc_domain_take(v, user, end - 1 - user);
	return socks_peel(v, IMTC_LAYER_SOCKS4, end);
}

/* 0, a code from 90 to 93, port, address. */
static __always_inline int socks4_server(struct imtc_view *v)
{
	if (v->len > 1 && (imtc_byte(v, 1) < 90 || imtc_byte(v, 1) > 93))
		return IMTC_NO;
	return v->len < 8 ? IMTC_MORE : socks_peel(v, IMTC_LAYER_SOCKS4, 8);
}

IMTC_DISSECTOR(socks)(struct imtc_view *v)
{
	u8 first;

	if (!v)
		return IMTC_NO;
	first = imtc_byte(v, 0);
	if (v->direction == IMTC_DIR_CLIENT) {
		if (first == 5)
			return socks5_client(v);
		if (first == 4)
			return socks4_client(v);
		return first == 1 && v->via & IMTC_LAYER_SOCKS5 ? socks5_password(v) : IMTC_NO;
	}
	if (v->via & IMTC_LAYER_SOCKS5 && first == 5)
		return socks5_server(v);
	return first == 0 && v->via & IMTC_LAYER_SOCKS4 ? socks4_server(v) : IMTC_NO;
}

/*
 * A datagram by way of a SOCKS5 proxy (RFC 1928 7): reserved, fragment, address.
 * Nothing before it tells, so the address has to be one.
 */
IMTC_DISSECTOR(socks_udp)(struct imtc_view *v)
{
	u32 end, top;
	int address;

	if (!v || imtc_be24(v, 0) || v->len < 8)
		return IMTC_NO;
	address = socks_address(v, 3);
	if (imtc_word_answer(address) != IMTC_MATCH)
		return IMTC_NO;
	top = imtc_byte(v, 4);
	end = 3 + imtc_word_len(address);
	if (end >= v->len || !imtc_be16(v, end - 2))
		return IMTC_NO;
	if (imtc_byte(v, 3) == SOCKS_ADDRESS4 && (!top || top == 127 || top >= 224))
		return IMTC_NO;
	if (imtc_byte(v, 3) == SOCKS_ADDRESS6 && top >> 5 != 1 && top >> 1 != 0x7e)
		return IMTC_NO;
	if (imtc_byte(v, 3) == SOCKS_NAME && !imtc_domain_take(v, 5, imtc_byte(v, 4)))
		return IMTC_NO;
	return socks_peel(v, IMTC_LAYER_SOCKS5, end);
}

#endif /* IMTC_DISSECT_SOCKS_H */
