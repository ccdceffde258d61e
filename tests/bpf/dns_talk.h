/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client and a name server, packet by packet through the loaded data path; and what
 * it has learnt of them.
 */
#ifndef IMTC_TESTS_BPF_DNS_TALK_H
#define IMTC_TESTS_BPF_DNS_TALK_H

#include <arpa/inet.h>
#include <bpf/bpf.h>

#include "lib_datapath.h"
#include "vectors/dns.h"

#define QUERY 0x0100
#define ANSWER 0x8180
/* 192.0.2.7: where the name leads to. */
#define ADDRESS 0xc0000207

static u8 bytes[DNS_TEST_BYTES];
static u16 next_port = 1000;
static u32 seq[2];

/* A payload of the client's or server's on the flow of that port. */
static inline void say(int l4, u16 port, bool from_server, const void *data, u32 len)
{
	struct pkt p = { .l4 = l4, .client_port = port, .server_port = 53, .payload = data,
			 .payload_len = len, .from_server = from_server };

	p.seq = seq[from_server];
	seq[from_server] += len;
	run(XDP, &p);
}

static inline void say_udp(u16 port, bool from_server, const struct dns_out *o)
{
	say(17, port, from_server, o->at, o->len);
}

static inline void open_tcp(u16 port)
{
	struct pkt syn = { .client_port = port, .server_port = 53, .flags = PKT_SYN };
	struct pkt ack = { .client_port = port, .server_port = 53, .flags = PKT_SYN | PKT_ACK,
			   .from_server = true, .ack = 1 };

	run(XDP, &syn);
	run(XDP, &ack);
	seq[0] = seq[1] = 1;
}

static inline void ask(u16 port, u16 id, const char *name)
{
	struct dns_out o;

	dns_begin(&o, bytes, id, QUERY, name, 1, 0);
	say_udp(port, false, &o);
}

/* Query and answer with one address; on a flow of its own. */
static inline void resolve(const char *name, u32 ttl, u32 address)
{
	struct dns_out o;

	ask(++next_port, 77, name);
	dns_begin(&o, bytes, 77, ANSWER, name, 1, 1);
	dns_put_a(&o, DNS_TEST_QUESTION, ttl, address);
	say_udp(next_port, true, &o);
}

static inline u16 learnt(const char *address)
{
	struct imtc_hint hint;

	return hint_get(address, 0, 0, &hint) ? hint.service : 0;
}

static inline int setup(void **state)
{
	int err = datapath_reset(state);

	domain_set("chat.test", IMTC_SERVICE_SLACK, IMTC_FEATURE_CHAT, IMTC_ENCRYPTION_ENCRYPTED);
	domain_set("files.chat.test", IMTC_SERVICE_SLACK, IMTC_FEATURE_FILE, 0);
	domain_set("talk.test", IMTC_SERVICE_SIGNAL, 0, 0);
	return err;
}

#endif /* IMTC_TESTS_BPF_DNS_TALK_H */
