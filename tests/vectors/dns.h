/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds DNS messages (RFC 1035 4) of any shape, right and wrong ones: names whole
 * or by pointers, addresses, aliases, HTTPS records (RFC 9460).
 */
#ifndef IMTC_TESTS_VECTORS_DNS_H
#define IMTC_TESTS_VECTORS_DNS_H

#include <string.h>

#include <imtc/types.h>

#define DNS_TEST_BYTES 4096
/* A name that is a pointer to the question's. */
#define DNS_TEST_QUESTION "\xc0\x0c"

struct dns_out {
	u8 *at;
	u32 len;
};

static inline void dns_put(struct dns_out *o, u32 value, u32 bytes)
{
	while (bytes--)
		o->at[o->len++] = (u8)(value >> 8 * bytes);
}

static inline void dns_put_bytes(struct dns_out *o, const void *bytes, u32 n)
{
	memcpy(o->at + o->len, bytes, n);
	o->len += n;
}

/* "a.example", or a pointer; "" is the root. */
static inline void dns_put_name(struct dns_out *o, const char *name)
{
	if ((u8)name[0] >= 0xc0) {
		dns_put_bytes(o, name, 2);
		return;
	}
	while (*name) {
		u32 n = (u32)strcspn(name, ".");

		dns_put(o, n, 1);
		dns_put_bytes(o, name, n);
		name += n + (name[n] == '.');
	}
	dns_put(o, 0, 1);
}

/* Header and question; answers: how many records follow. flags 0x0100: a query. */
static inline void dns_begin(struct dns_out *o, u8 *at, u16 id, u16 flags, const char *name,
			     u16 type, u16 answers)
{
	o->at = at;
	o->len = 0;
	dns_put(o, id, 2);
	dns_put(o, flags, 2);
	dns_put(o, 1, 2);
	dns_put(o, answers, 2);
	dns_put(o, 0, 4);
	dns_put_name(o, name);
	dns_put(o, type, 2);
	dns_put(o, 1, 2);
}

static inline void dns_record_begin(struct dns_out *o, const char *owner, u16 type, u32 ttl,
				    u32 len)
{
	dns_put_name(o, owner);
	dns_put(o, type, 2);
	dns_put(o, 1, 2);
	dns_put(o, ttl, 4);
	dns_put(o, len, 2);
}

static inline void dns_put_a(struct dns_out *o, const char *owner, u32 ttl, u32 address)
{
	dns_record_begin(o, owner, 1, ttl, 4);
	dns_put(o, address, 4);
}

static inline void dns_put_aaaa(struct dns_out *o, const char *owner, u32 ttl, const u8 address[16])
{
	dns_record_begin(o, owner, 28, ttl, 16);
	dns_put_bytes(o, address, 16);
}

/* Bytes of the name as dns_put_name() writes it. */
static inline u32 dns_name_len(const char *name)
{
	return (u8)name[0] >= 0xc0 ? 2 : name[0] ? (u32)strlen(name) + 2 : 1;
}

static inline void dns_put_cname(struct dns_out *o, const char *owner, u32 ttl, const char *target)
{
	dns_record_begin(o, owner, 5, ttl, dns_name_len(target));
	dns_put_name(o, target);
}

/* ALPN, then an IPv4 and an IPv6 hint. */
static inline void dns_put_https(struct dns_out *o, const char *owner, u32 ttl, const char *target,
				 u32 address, const u8 address6[16])
{
	dns_record_begin(o, owner, 65, ttl, 2 + dns_name_len(target) + 7 + 8 + 20);
	dns_put(o, 1, 2);
	dns_put_name(o, target);
	dns_put(o, 1, 2);
	dns_put(o, 3, 2);
	dns_put_bytes(o, "\x02h2", 3);
	dns_put(o, 4, 2);
	dns_put(o, 4, 2);
	dns_put(o, address, 4);
	dns_put(o, 6, 2);
	dns_put(o, 16, 2);
	dns_put_bytes(o, address6, 16);
}

#endif /* IMTC_TESTS_VECTORS_DNS_H */
