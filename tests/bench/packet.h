/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets for the bench: Ethernet, IPv4 or IPv6, TCP or UDP, a TLS ClientHello, a QUIC Initial. */
#ifndef BENCH_PACKET_H
#define BENCH_PACKET_H

#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 1514

struct packet {
	int family;		/* 4 or 6 */
	int l4;			/* IPPROTO_TCP or IPPROTO_UDP */
	int from_server;
	int syn;
	uint32_t seq;
	const void *payload;
	size_t payload_len;
};

/* Writes the frame, with right lengths; checksums are zero (nothing here reads them). */
size_t packet_build(const struct packet *p, uint8_t frame[PACKET_MAX]);

/* A TLS 1.2 style ClientHello with this server name and, unless NULL, this ALPN value. */
size_t packet_client_hello(const char *name, const char *alpn, uint8_t *out, size_t size);

/*
 * A client's first datagram of QUIC version 1 with such a hello; `number` makes its
 * connection ID, and so its keys, differ from those of others.
 */
size_t packet_quic_initial(const char *name, uint32_t number, uint8_t *out, size_t size);

#endif
