// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kfuncs, callable from tc (sched_cls) and XDP programs; contract in
 * include/imtc/kfunc.h. Unstable: programs and module come from one tree.
 *
 * Programs that call them hold the module: BPF takes a reference with the
 * module's BTF. There is no flag: nothing is acquired, released or may be NULL.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/filter.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

#include "imtc.h"
#include "compat/btf.h"

/* Nobody calls them by these: BPF finds them by name, in BTF. */
u32 imtc_epoch(void);
int imtc_verdict_skb(struct __sk_buff *skb, struct imtc_query *q, u32 q__sz);
int imtc_verdict_xdp(struct xdp_md *xdp, struct imtc_query *q, u32 q__sz);

/* The epoch of the running policy, never 0. Called for each decided packet. */
__bpf_kfunc notrace u32 imtc_epoch(void)
{
	return READ_ONCE(imtc_policy_epoch);
}

/*
 * skb: the program's context. q, q__sz: the question; filled with the answer.
 * 0, or -EINVAL: the size is another tree's, or a field is out of range.
 */
__bpf_kfunc int imtc_verdict_skb(struct __sk_buff *skb, struct imtc_query *q, u32 q__sz)
{
	struct sk_buff *packet = (struct sk_buff *)skb;
	struct imtc_origin from = { .skb = packet };

	if (q__sz != sizeof(*q) || !packet->dev || q->hook == IMTC_HOOK_XDP)
		return -EINVAL;
	from.net = dev_net(packet->dev);
	from.ifindex = packet->dev->ifindex;
	return imtc_decide(&from, q);
}

/* As above, from XDP: there is no socket on the packet, only its tuple. */
__bpf_kfunc int imtc_verdict_xdp(struct xdp_md *xdp, struct imtc_query *q, u32 q__sz)
{
	const struct xdp_buff *packet = (const struct xdp_buff *)xdp;
	struct imtc_origin from = {};

	if (q__sz != sizeof(*q) || q->hook != IMTC_HOOK_XDP)
		return -EINVAL;
	from.net = dev_net(packet->rxq->dev);
	from.ifindex = packet->rxq->dev->ifindex;
	return imtc_decide(&from, q);
}

BTF_KFUNCS_START(imtc_kfunc_ids)
BTF_ID_FLAGS(func, imtc_epoch)
BTF_ID_FLAGS(func, imtc_verdict_skb)
BTF_ID_FLAGS(func, imtc_verdict_xdp)
BTF_KFUNCS_END(imtc_kfunc_ids)

static const struct btf_kfunc_id_set imtc_kfunc_set = {
	.owner = THIS_MODULE,
	.set = &imtc_kfunc_ids,
};

int imtc_kfuncs_start(void)
{
	int error;

	error = register_btf_kfunc_id_set(BPF_PROG_TYPE_SCHED_CLS, &imtc_kfunc_set);
	if (!error)
		error = register_btf_kfunc_id_set(BPF_PROG_TYPE_XDP, &imtc_kfunc_set);
	if (error)
		pr_err("cannot register kfuncs: %d%s\n", error,
		       error == -ENOENT ? " (the module was built without BTF)" : "");
	return error;
}
