/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For other kernel modules: a say in each verdict of imtc.ko. Unstable; for
 * modules built against the same tree (KBUILD_EXTRA_SYMBOLS).
 *
 * Hooks run after the policy, in order of priority (least first; of equals, the
 * one registered first), each seeing what those before it left. They run in
 * packet processing, under rcu_read_lock(), with bottom halves off: they must
 * not sleep, and should be quick. A verdict is asked once a flow, label and
 * policy, not once a packet.
 */
#ifndef IMTC_HOOK_H
#define IMTC_HOOK_H

#include <linux/list.h>

#include <imtc/kfunc.h>
#include <imtc/process.h>

/* What a verdict is about. For reading, and only during the call. */
struct imtc_subject {
	const struct imtc_query *query;	/* what was asked; the answer is not in it */
	const struct imtc_owner *owner;	/* NULL: none is known */
	u32 rule;			/* rule that matched, 0: none */
	u8 reason;			/* enum imtc_reason, as it stands */
};

/* The verdict as it stands, and as the hook leaves it. */
struct imtc_ruling {
	u8 verdict;	/* PASS, DROP, REJECT or REDIRECT; anything else is ignored */
	u32 argument;	/* ifindex for REDIRECT */
};

struct imtc_verdict_hook {
	/* Changes *ruling or leaves it. A change gives the verdict the reason "hook". */
	void (*decide)(const struct imtc_verdict_hook *hook, const struct imtc_subject *subject,
		       struct imtc_ruling *ruling);
	int priority;
	struct list_head list;	/* imtc's */
};

/* 0, or -EINVAL without decide(). Sleeps. Flows already decided are asked again. */
int imtc_register_hook(struct imtc_verdict_hook *hook);
/* When it returns, decide() runs nowhere. Sleeps. Flows are asked again. */
void imtc_unregister_hook(struct imtc_verdict_hook *hook);

#endif /* IMTC_HOOK_H */
