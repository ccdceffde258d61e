// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP by bpf_link, and what all links have in common.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <string.h>

#include "attach.h"

/* enum bpf_link_type; newer than the headers of the oldest build host. */
#define LINK_TYPE_TCX 11

const char *attach_word(enum attach_how how)
{
	static const char *const words[] = {
		[HOW_NONE] = "none",
		[HOW_XDP_NATIVE] = "xdp-native",
		[HOW_XDP_GENERIC] = "xdp-generic",
		[HOW_TCX] = "tcx",
		[HOW_CLSACT] = "clsact",
	};

	return how < sizeof(words) / sizeof(words[0]) ? words[how] : words[HOW_NONE];
}

int xdp_attach(int prog, u32 ifindex, enum attach_how how, int *ret_link)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts,
		.flags = how == HOW_XDP_NATIVE ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
	int link = bpf_link_create(prog, (int)ifindex, BPF_XDP, &opts);

	if (link < 0)
		return -errno;
	*ret_link = link;
	return 0;
}

int link_replace(int link, int prog)
{
	return bpf_link_update(link, prog, NULL) ? -errno : 0;
}

int link_look(int link, u32 *ret_ifindex, u32 *ret_prog_id)
{
	/* Of the union only the ifindex is read: first for XDP and for tcx alike. */
	struct bpf_link_info info;
	u32 bytes = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (bpf_obj_get_info_by_fd(link, &info, &bytes))
		return -errno;
	if (info.type != BPF_LINK_TYPE_XDP && info.type != LINK_TYPE_TCX)
		return -EINVAL;
	*ret_ifindex = info.xdp.ifindex;
	*ret_prog_id = info.prog_id;
	return 0;
}

enum attach_how xdp_look(u32 ifindex, u32 prog_id)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, found);

	if (!prog_id || bpf_xdp_query((int)ifindex, 0, &found))
		return HOW_NONE;
	if (found.drv_prog_id == prog_id)
		return HOW_XDP_NATIVE;
	if (found.skb_prog_id == prog_id)
		return HOW_XDP_GENERIC;
	return HOW_NONE;
}
