// SPDX-License-Identifier: GPL-2.0-only
/*
 * tc: tcx by bpf_link where the kernel has it, else clsact filters.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"

/* enum bpf_attach_type; newer than the headers of the oldest build host. */
#define ATTACH_TCX_INGRESS 46
#define ATTACH_TCX_EGRESS 47

/* imtc's own place among a device's filters: late enough for others to go first. */
#define FILTER_PRIORITY 0x494d
#define FILTER_HANDLE 1

/* What the kernel fills of one answer to a dump at most. */
#define DUMP_BYTES 32768

int tcx_attach(int prog, u32 ifindex, enum attach_side side, int *ret_link)
{
	int type = side == SIDE_INGRESS ? ATTACH_TCX_INGRESS : ATTACH_TCX_EGRESS;
	int link = bpf_link_create(prog, (int)ifindex, (enum bpf_attach_type)type, NULL);

	if (link < 0)
		return -errno;
	*ret_link = link;
	return 0;
}

#define HOOK(ifindex_, side_) \
	.ifindex = (int)(ifindex_), \
	.attach_point = (side_) == SIDE_INGRESS ? BPF_TC_INGRESS : BPF_TC_EGRESS

static bool is_ours(u32 prog_id)
{
	struct bpf_prog_info info;
	u32 bytes = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(prog_id);
	bool ours;

	if (fd < 0)
		return false;
	memset(&info, 0, sizeof(info));
	/* The kernel keeps 15 bytes of a name: all of imtc's begin so. */
	ours = !bpf_obj_get_info_by_fd(fd, &info, &bytes) && !strncmp(info.name, "imtc_tc_", 8);
	close(fd);
	return ours;
}

/* The program in imtc's place, whosever it is; 0: the place is free. */
static u32 place_look(u32 ifindex, enum attach_side side)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, HOOK(ifindex, side));
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIORITY);

	return bpf_tc_query(&hook, &opts) ? 0 : opts.prog_id;
}

u32 clsact_look(u32 ifindex, enum attach_side side)
{
	u32 id = place_look(ifindex, side);

	return id && is_ours(id) ? id : 0;
}

int clsact_attach(int prog, u32 ifindex, enum attach_side side, bool *ret_made)
{
	LIBBPF_OPTS(bpf_tc_hook, both, .ifindex = (int)ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_hook, hook, HOOK(ifindex, side));
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIORITY,
		    .flags = BPF_TC_F_REPLACE, .prog_fd = prog);
	int err = bpf_tc_hook_create(&both);
	bool made = !err;
	u32 there;

	if (err && err != -EEXIST)
		return err;
	there = made ? 0 : place_look(ifindex, side);
	if (there && !is_ours(there))
		return -EEXIST;
	err = bpf_tc_attach(&hook, &opts);
	if (err) {
		if (made)
			bpf_tc_hook_destroy(&both);
		return err;
	}
	*ret_made = made;
	return 0;
}

int clsact_detach(u32 ifindex, enum attach_side side)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, HOOK(ifindex, side));
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIORITY);

	if (!clsact_look(ifindex, side))
		return 0;
	return bpf_tc_detach(&hook, &opts);
}

static int count_filter(const struct nlmsghdr *message, void *data)
{
	(void)message;
	++*(unsigned int *)data;
	return MNL_CB_OK;
}

/* Asks for the filters of one side and counts the answers. */
static int dump_filters(struct mnl_socket *socket, u32 ifindex, u32 parent, unsigned int *count)
{
	char room[DUMP_BYTES] __attribute__((aligned(8)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(room);
	struct tcmsg *tc;
	u32 sequence = (u32)time(NULL) ^ parent;
	ssize_t n;
	int more = MNL_CB_OK;

	request->nlmsg_type = RTM_GETTFILTER;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request->nlmsg_seq = sequence;
	tc = mnl_nlmsg_put_extra_header(request, sizeof(*tc));
	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = (int)ifindex;
	tc->tcm_parent = parent;
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (more == MNL_CB_OK) {
		n = mnl_socket_recvfrom(socket, room, sizeof(room));
		if (n < 0)
			return -errno;
		more = mnl_cb_run(room, (size_t)n, sequence, 0, count_filter, count);
	}
	return more == MNL_CB_ERROR ? -errno : 0;
}

static int count_filters(u32 ifindex, unsigned int *ret_count)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	unsigned int count = 0;
	int err = 0;

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		err = -errno;
	if (!err)
		err = dump_filters(socket, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
				   &count);
	if (!err)
		err = dump_filters(socket, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
				   &count);
	mnl_socket_close(socket);
	if (!err)
		*ret_count = count;
	return err;
}

int clsact_remove_unused(u32 ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, both, .ifindex = (int)ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	unsigned int filters = 0;
	int err = count_filters(ifindex, &filters);

	if (err || filters)
		return err;
	return bpf_tc_hook_destroy(&both);
}
