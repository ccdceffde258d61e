// SPDX-License-Identifier: GPL-2.0-only
/* Packets for the bench; see packet.h. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "packet.h"
#include "vectors/quic.h"

#define CLIENT_PORT 40000
#define SERVER_PORT 8443

static size_t put_l4(const struct packet *p, uint8_t *at)
{
	uint16_t from = htons(p->from_server ? SERVER_PORT : CLIENT_PORT);
	uint16_t to = htons(p->from_server ? CLIENT_PORT : SERVER_PORT);

	if (p->l4 == IPPROTO_UDP) {
		struct udphdr udp = {
			.source = from, .dest = to,
			.len = htons(sizeof(udp) + p->payload_len),
		};

		memcpy(at, &udp, sizeof(udp));
		return sizeof(udp);
	}
	struct tcphdr tcp = {
		.source = from, .dest = to, .seq = htonl(p->seq), .ack_seq = htonl(1),
		.doff = sizeof(tcp) / 4, .syn = p->syn, .ack = !p->syn || p->from_server,
		.psh = p->payload_len != 0, .window = htons(64240),
	};

	memcpy(at, &tcp, sizeof(tcp));
	return sizeof(tcp);
}

static size_t put_ip4(const struct packet *p, size_t l4_len, uint8_t *at)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = p->l4,
		.tot_len = htons(sizeof(ip) + l4_len),
		.saddr = htonl(p->from_server ? 0x0a580002 : 0x0a580001),
		.daddr = htonl(p->from_server ? 0x0a580001 : 0x0a580002),
	};

	memcpy(at, &ip, sizeof(ip));
	return sizeof(ip);
}

static size_t put_ip6(const struct packet *p, size_t l4_len, uint8_t *at)
{
	struct ipv6hdr ip = {
		.version = 6, .hop_limit = 64, .nexthdr = p->l4,
		.payload_len = htons(l4_len),
	};

	ip.saddr.s6_addr[0] = ip.daddr.s6_addr[0] = 0xfd;
	ip.saddr.s6_addr[15] = p->from_server ? 2 : 1;
	ip.daddr.s6_addr[15] = p->from_server ? 1 : 2;
	memcpy(at, &ip, sizeof(ip));
	return sizeof(ip);
}

size_t packet_build(const struct packet *p, uint8_t frame[PACKET_MAX])
{
	struct ethhdr eth = { .h_proto = htons(p->family == 4 ? ETH_P_IP : ETH_P_IPV6) };
	size_t header = p->l4 == IPPROTO_UDP ? sizeof(struct udphdr) : sizeof(struct tcphdr);
	size_t at = sizeof(eth), l4_len = header + p->payload_len;

	memcpy(frame, &eth, sizeof(eth));
	at += p->family == 4 ? put_ip4(p, l4_len, frame + at) : put_ip6(p, l4_len, frame + at);
	at += put_l4(p, frame + at);
	memcpy(frame + at, p->payload, p->payload_len);
	return at + p->payload_len;
}

static uint8_t *put16(uint8_t *at, size_t number)
{
	at[0] = number >> 8;
	at[1] = number;
	return at + 2;
}

/* RFC 6066 3 (server_name), RFC 7301 3.1 (ALPN), RFC 8446 4.1.2 (the hello). */
size_t packet_client_hello(const char *name, const char *alpn, uint8_t *out, size_t size)
{
	size_t name_len = strlen(name), alpn_len = alpn ? strlen(alpn) : 0;
	uint8_t *at = out + 9, *extensions;

	if (size < 128 + name_len + alpn_len)
		return 0;
	at = put16(at, 0x0303);
	memset(at, 0x5a, 32);
	at += 32;
	*at++ = 0;				/* no session id */
	at = put16(put16(at, 2), 0x1301);	/* one cipher suite */
	at = put16(at, 0x0100);			/* one compression: null */
	extensions = at;
	at += 2;
	at = put16(put16(put16(at, 0), name_len + 5), name_len + 3);
	*at++ = 0;				/* host_name */
	at = put16(at, name_len);
	memcpy(at, name, name_len);
	at += name_len;
	if (alpn) {
		at = put16(put16(put16(at, 16), alpn_len + 3), alpn_len + 1);
		*at++ = alpn_len;
		memcpy(at, alpn, alpn_len);
		at += alpn_len;
	}
	put16(extensions, at - extensions - 2);
	out[0] = 0x16;				/* record: handshake */
	put16(out + 1, 0x0301);
	put16(out + 3, at - out - 5);
	out[5] = 1;				/* ClientHello */
	out[6] = 0;
	put16(out + 7, at - out - 9);
	return at - out;
}

size_t packet_quic_initial(const char *name, uint32_t number, uint8_t *out, size_t size)
{
	uint8_t hello[512], frames[640], packet[QUIC_PACKET_BYTES];
	uint32_t dcid[2] = { htonl(0x696d7463), htonl(number) };
	struct quic_initial initial = { .version = QUIC_V1, .dcid = dcid, .dcid_len = 8 };
	size_t record = packet_client_hello(name, "h3", hello, sizeof(hello)), len;

	/* Without the header of the record (RFC 9001 4). */
	if (record < 5)
		return 0;
	len = quic_crypto(frames, 0, hello + 5, record - 5);
	len = quic_seal_padded(&initial, frames, len, 1200, packet);
	if (len > size)
		return 0;
	memcpy(out, packet, len);
	return len;
}
