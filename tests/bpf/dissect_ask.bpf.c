// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dissectors alone, as BPF: a test puts a view into the map, runs the
 * program and finds the answer and the changed view there.
 */
#include <linux/bpf.h>
#include <imtc/types.h>
#include <bpf/bpf_helpers.h>

#include "dissect/dissect.h"

struct dissector_ask {
	struct imtc_view view;
	u32 answer;
	u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct dissector_ask);
} asks SEC(".maps");

SEC("xdp")
int dissector(struct xdp_md *xdp)
{
	u32 zero = 0;
	struct dissector_ask *ask = bpf_map_lookup_elem(&asks, &zero);

	(void)xdp;
	if (!ask)
		return XDP_ABORTED;
	ask->answer = (u32)imtc_dissect(&ask->view);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
