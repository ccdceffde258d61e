/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place that knows the module's kfuncs. They are weak: an object that
 * names them loads on a host without the module as long as imtc_with_module is
 * false, for then no call is left when the verifier has done with dead code. (A
 * test of the function's own address is not possible for a module's kfunc on
 * 6.1.)
 */
#ifndef IMTC_BPF_IDENT_H
#define IMTC_BPF_IDENT_H

#include <imtc/control.h>
#include <imtc/kfunc.h>

#include "maps.h"

extern u32 imtc_epoch(void) __ksym __weak;
extern int imtc_verdict_skb(struct __sk_buff *skb, struct imtc_query *q, u32 q__sz) __ksym __weak;
extern int imtc_verdict_xdp(struct xdp_md *xdp, struct imtc_query *q, u32 q__sz) __ksym __weak;

static __always_inline u32 ident_epoch(void)
{
	return imtc_with_module ? imtc_epoch() : control.epoch;
}

#endif /* IMTC_BPF_IDENT_H */
