/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds frames of any shape that the parser has to know, with right checksums,
 * and checks those of frames that programs made.
 */
#ifndef IMTC_TESTS_BPF_PKT_BUILD_H
#define IMTC_TESTS_BPF_PKT_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <imtc/types.h>

#define PKT_BYTES 16384
#define PKT_EXTENSIONS 16

#define PKT_FIN 0x01
#define PKT_SYN 0x02
#define PKT_RST 0x04
#define PKT_PSH 0x08
#define PKT_ACK 0x10

/*
 * Zero means usual: IPv4, TCP, client 10.0.0.1 / fd00::1 port 40000, server
 * 10.0.0.2 / fd00::2 port 443. The client sends unless from_server.
 */
struct pkt {
	int family;		/* 4 or 6 */
	int l4;			/* 6, 17, or anything else */
	bool from_server;
	u16 client_port;
	u16 server_port;
	u8 flags;		/* PKT_*; 0: ACK */
	u32 seq;
	u32 ack;
	const void *payload;
	u32 payload_len;
	int vlans;		/* 1: 802.1Q; 2: QinQ; more: more of them */
	u32 ip_options;		/* bytes, multiple of 4 */
	u32 tcp_options;	/* bytes, multiple of 4 */
	u8 extensions[PKT_EXTENSIONS];	/* IPv6 header types in order; 0xff ends, 0: hop-by-hop */
	bool has_extensions;
	u32 frag_offset;	/* bytes */
	bool frag_more;
	u32 frag_id;
	u32 padding;		/* bytes behind the IP packet */
	u8 host;		/* of the client: the last byte of its address; 0: 1 */
};

/* The frame of p. Returns its length. */
u32 pkt_build(const struct pkt *p, u8 frame[PKT_BYTES]);
/* Where the IP header and the transport header begin. */
u32 pkt_l3(const struct pkt *p);
u32 pkt_l4(const struct pkt *p);

/* Sum of the IPv4 header at ip (0 when right), and of what stands behind the
 * pseudo-header: 0 when the checksum in it is right. */
u16 pkt_ip4_sum(const u8 *ip);
u16 pkt_l4_sum(const u8 *ip, u8 protocol, u32 l4, u32 len);
u16 pkt_sum(const void *data, u32 len);

static inline u16 pkt_be16(const u8 *at)
{
	return (u16)(at[0] << 8 | at[1]);
}

static inline u32 pkt_be32(const u8 *at)
{
	return (u32)pkt_be16(at) << 16 | pkt_be16(at + 2);
}

#endif /* IMTC_TESTS_BPF_PKT_BUILD_H */
