/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a flow's client calls itself: from the view into the maps that imctl
 * shows. The last that was said holds.
 */
#ifndef IMTC_BPF_CLIENT_H
#define IMTC_BPF_CLIENT_H

#include "maps.h"

IMTC_STATIC_ASSERT(sizeof(((struct imtc_client *)0)->text) == IMTC_CLIENT_BYTES);

/* Before the dissectors are asked. */
static __always_inline void client_reset(struct imtc_view *v)
{
	v->client_len = 0;
	__builtin_memset(v->client, 0, sizeof(v->client));
}

/* After they were: keeps view.client for the packet's flow. */
IMTC_GLOBAL int client_note(const struct imtc_view *v, const struct imtc_flow *flow, u32 hook)
{
	struct imtc_scratch *s = imtc_scratch(hook);
	struct imtc_client client = {};

	if (!v || !s || !flow)
		return 0;
	client.first_ns = flow->first_ns;
	__builtin_memcpy(client.text, v->client, IMTC_CLIENT_BYTES - 1);
	if (s->packet.family == 4)
		bpf_map_update_elem(&clients4, &s->packet.key4, &client, BPF_ANY);
	else
		bpf_map_update_elem(&clients6, &s->packet.key6, &client, BPF_ANY);
	return 0;
}

#endif /* IMTC_BPF_CLIENT_H */
