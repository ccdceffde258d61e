// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows of one payload; see lib_label.h.
 */
#include "lib_label.h"
#include "vectors/hello.h"

static u8 message[HELLO_BYTES];
u16 next_port = 2000;

struct pkt flow_of(int l4, const void *payload, u32 len)
{
	return (struct pkt){ .l4 = l4, .client_port = next_port++, .server_port = 777, .seq = 1,
			     .payload = payload, .payload_len = len };
}

struct pkt hello_of(const char *name, const char *alpn)
{
	struct hello hello = { .name = name, .alpn = { alpn } };

	return flow_of(6, message, hello_build(&hello, message));
}

struct imtc_flow run_flow(const struct pkt *p)
{
	struct pkt syn = *p;
	struct imtc_flow flow;

	syn.flags = PKT_SYN;
	syn.seq = 0;
	syn.payload_len = 0;
	if (p->l4 == 6 && p->seq == 1 && !p->from_server)
		run(XDP, &syn);
	run(XDP, p);
	assert_true(flow_get(p, &flow));
	return flow;
}

struct imtc_label label_of(struct pkt p)
{
	return run_flow(&p).label;
}
