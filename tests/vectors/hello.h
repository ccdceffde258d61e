/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds TLS ClientHellos (RFC 8446 4.1.2) of any shape: names, ALPN, padding
 * before and after them, cut into records of any size.
 */
#ifndef IMTC_TESTS_VECTORS_HELLO_H
#define IMTC_TESTS_VECTORS_HELLO_H

#include <string.h>

#include <imtc/types.h>

#define HELLO_BYTES 16384

struct hello {
	const char *name;	/* NULL: no SNI */
	const char *alpn[4];	/* NULL: no more */
	u32 before;		/* bytes of an unknown extension before SNI and ALPN */
	u32 after;		/* and behind them: a post-quantum key share has 1,200 */
	u32 record;		/* handshake bytes a record; 0: all in one */
	u8 alpn_first;
	u8 session_len;
};

struct hello_out {
	u8 *at;
	u32 len;
};

static inline void hello_put(struct hello_out *o, u32 value, u32 bytes)
{
	while (bytes--)
		o->at[o->len++] = (u8)(value >> 8 * bytes);
}

static inline void hello_text(struct hello_out *o, const char *text)
{
	memcpy(o->at + o->len, text, strlen(text));
	o->len += (u32)strlen(text);
}

static inline void hello_padding(struct hello_out *o, u32 bytes)
{
	if (!bytes)
		return;
	hello_put(o, 0xfafa, 2);
	hello_put(o, bytes, 2);
	memset(o->at + o->len, 0x16, bytes);	/* looks like a record's type */
	o->len += bytes;
}

static inline void hello_name(struct hello_out *o, const char *name)
{
	u32 len = (u32)(name ? strlen(name) : 0);

	if (!name)
		return;
	hello_put(o, 0, 2);
	hello_put(o, len + 5, 2);
	hello_put(o, len + 3, 2);
	hello_put(o, 0, 1);
	hello_put(o, len, 2);
	hello_text(o, name);
}

static inline void hello_alpn(struct hello_out *o, const char *const *alpn)
{
	u32 len = 0;

	for (int i = 0; i < 4 && alpn[i]; i++)
		len += 1 + (u32)strlen(alpn[i]);
	if (!len)
		return;
	hello_put(o, 16, 2);
	hello_put(o, len + 2, 2);
	hello_put(o, len, 2);
	for (int i = 0; i < 4 && alpn[i]; i++) {
		hello_put(o, (u32)strlen(alpn[i]), 1);
		hello_text(o, alpn[i]);
	}
}

/* The handshake message; returns its length. */
static inline u32 hello_message(const struct hello *h, u8 *to)
{
	struct hello_out o = { .at = to };
	u32 extensions;

	hello_put(&o, 1, 1);
	hello_put(&o, 0, 3);
	hello_put(&o, 0x0303, 2);
	for (u32 i = 0; i < 32; i++)
		hello_put(&o, i * 7, 1);
	hello_put(&o, h->session_len, 1);
	for (u32 i = 0; i < h->session_len; i++)
		hello_put(&o, i, 1);
	hello_put(&o, 6, 2);
	hello_put(&o, 0x13011302, 4);
	hello_put(&o, 0xc02b, 2);
	hello_put(&o, 0x0100, 2);
	extensions = o.len;
	hello_put(&o, 0, 2);
	hello_padding(&o, h->before);
	if (h->alpn_first)
		hello_alpn(&o, h->alpn);
	hello_name(&o, h->name);
	if (!h->alpn_first)
		hello_alpn(&o, h->alpn);
	hello_padding(&o, h->after);
	to[extensions] = (u8)((o.len - extensions - 2) >> 8);
	to[extensions + 1] = (u8)(o.len - extensions - 2);
	to[2] = (u8)((o.len - 4) >> 8);
	to[3] = (u8)(o.len - 4);
	return o.len;
}

/* All of it, in records, into `to` of HELLO_BYTES; returns the length. */
static inline u32 hello_build(const struct hello *h, u8 *to)
{
	static u8 message[HELLO_BYTES];
	struct hello_out o = { .at = to };
	u32 len = hello_message(h, message), part;

	for (u32 i = 0; i < len; i += part) {
		part = h->record && h->record < len - i ? h->record : len - i;
		hello_put(&o, 0x16, 1);
		hello_put(&o, 0x0301, 2);
		hello_put(&o, part, 2);
		memcpy(o.at + o.len, message + i, part);
		o.len += part;
	}
	return o.len;
}

#endif /* IMTC_TESTS_VECTORS_HELLO_H */
