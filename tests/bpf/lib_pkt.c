// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames for the tests; see pkt_build.h.
 */
#include <string.h>

#include "pkt_build.h"

#define ETH_BYTES 14
#define VLAN_BYTES 4

static void put16(u8 *at, u32 value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

static void put32(u8 *at, u32 value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* Adds bytes as big-endian words; an odd end is padded with zero. */
static u32 sum_add(u32 sum, const u8 *at, u32 len)
{
	for (u32 i = 0; i + 1 < len; i += 2)
		sum += pkt_be16(at + i);
	if (len & 1)
		sum += (u32)at[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

u16 pkt_sum(const void *data, u32 len)
{
	return (u16)~sum_add(0, data, len);
}

u16 pkt_ip4_sum(const u8 *ip)
{
	return pkt_sum(ip, (ip[0] & 15) * 4U);
}

u16 pkt_l4_sum(const u8 *ip, u8 protocol, u32 l4, u32 len)
{
	bool is6 = ip[0] >> 4 == 6;
	u32 sum = sum_add(0, ip + (is6 ? 8 : 12), is6 ? 32 : 8);

	sum = sum_add(sum + protocol + len, ip + l4, len);
	return (u16)~sum;
}

static int is6(const struct pkt *p)
{
	return p->family == 6;
}

static u8 protocol_of(const struct pkt *p)
{
	return p->l4 ? (u8)p->l4 : 6;
}

static u32 extension_bytes(u8 type)
{
	return type == 51 ? 24 : 8;	/* AH with a check value of 12 bytes */
}

static u32 n_extensions(const struct pkt *p)
{
	u32 n = 0;

	if (!p->has_extensions)
		return 0;
	while (n < PKT_EXTENSIONS && p->extensions[n] != 0xff)
		n++;
	return n;
}

u32 pkt_l3(const struct pkt *p)
{
	return ETH_BYTES + (u32)p->vlans * VLAN_BYTES;
}

u32 pkt_l4(const struct pkt *p)
{
	u32 at = pkt_l3(p);

	if (!is6(p))
		return at + 20 + p->ip_options;
	at += 40;
	for (u32 i = 0; i < n_extensions(p); i++)
		at += extension_bytes(p->extensions[i]);
	return at;
}

static u32 put_eth(const struct pkt *p, u8 *frame)
{
	static const u8 client[6] = { 2, 0, 0, 0, 0, 1 }, server[6] = { 2, 0, 0, 0, 0, 2 };
	u32 at = 12;

	memcpy(frame, p->from_server ? client : server, 6);
	memcpy(frame + 6, p->from_server ? server : client, 6);
	for (int i = 0; i < p->vlans; i++, at += VLAN_BYTES) {
		put16(frame + at, i + 1 < p->vlans ? 0x88a8 : 0x8100);
		put16(frame + at + 2, 100 + (u32)i);
	}
	put16(frame + at, is6(p) ? 0x86dd : 0x0800);
	return at + 2;
}

static void put_ip4(const struct pkt *p, u8 *ip, u32 len)
{
	u8 client = p->host ? p->host : 1;

	ip[0] = (u8)(0x40 | (5 + p->ip_options / 4));
	put16(ip + 2, len);
	put16(ip + 4, p->frag_id);
	put16(ip + 6, (p->frag_more ? 0x2000 : 0) | p->frag_offset / 8);
	ip[8] = 61;
	ip[9] = protocol_of(p);
	put32(ip + 12, 0x0a000000U | (p->from_server ? 2 : client));
	put32(ip + 16, 0x0a000000U | (p->from_server ? client : 2));
	memset(ip + 20, 1, p->ip_options);	/* no operation */
	put16(ip + 10, pkt_ip4_sum(ip));
}

static void put_ip6(const struct pkt *p, u8 *ip, u32 len)
{
	u8 client = p->host ? p->host : 1, *next = ip + 6, *at = ip + 40;

	ip[0] = 0x60;
	put16(ip + 4, len - 40);
	ip[7] = 61;
	ip[8] = ip[24] = 0xfd;
	ip[23] = p->from_server ? 2 : client;
	ip[39] = p->from_server ? client : 2;
	for (u32 i = 0; i < n_extensions(p); i++) {
		u8 type = p->extensions[i];

		*next = type;
		next = at;
		memset(at, 0, extension_bytes(type));
		if (type == 44) {
			put16(at + 2, p->frag_offset | (p->frag_more ? 1 : 0));
			put32(at + 4, p->frag_id);
		} else if (type == 51) {
			at[1] = 4;
		} else {
			at[2] = 1;	/* PadN over the rest */
			at[3] = 4;
		}
		at += extension_bytes(type);
	}
	*next = protocol_of(p);
}

static u32 put_transport(const struct pkt *p, u8 *l4)
{
	u16 client = p->client_port ? p->client_port : 40000;
	u16 server = p->server_port ? p->server_port : 443;
	u32 header = protocol_of(p) == 6 ? 20 + p->tcp_options : protocol_of(p) == 17 ? 8 : 0;

	/* A later fragment has no header. */
	if (p->frag_offset)
		header = 0;
	if (header) {
		put16(l4, p->from_server ? server : client);
		put16(l4 + 2, p->from_server ? client : server);
	}
	if (header >= 20) {
		put32(l4 + 4, p->seq);
		put32(l4 + 8, p->ack);
		l4[12] = (u8)(header / 4 << 4);
		l4[13] = p->flags ? p->flags : PKT_ACK;
		put16(l4 + 14, 64240);
		memset(l4 + 20, 1, p->tcp_options);
	} else if (header == 8) {
		put16(l4 + 4, 8 + p->payload_len);
	}
	if (p->payload_len)
		memcpy(l4 + header, p->payload, p->payload_len);
	return header + p->payload_len;
}

u32 pkt_build(const struct pkt *p, u8 frame[PKT_BYTES])
{
	u32 l3 = pkt_l3(p), l4 = pkt_l4(p), len;
	u8 protocol = protocol_of(p);

	memset(frame, 0, PKT_BYTES);
	put_eth(p, frame);
	len = put_transport(p, frame + l4);
	if (is6(p))
		put_ip6(p, frame + l3, l4 - l3 + len);
	else
		put_ip4(p, frame + l3, l4 - l3 + len);
	if (!p->frag_offset && (protocol == 6 || protocol == 17))
		put16(frame + l4 + (protocol == 6 ? 16 : 6),
		      pkt_l4_sum(frame + l3, protocol, l4 - l3, len));
	return l4 + len + p->padding;
}
