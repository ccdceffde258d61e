/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows that the verdict "ask" holds, and answering for them (imtc/held.h). Works
 * with the module and without. Returns negative errno; loader_sentence() says more.
 */
#ifndef IMCTL_HELD_H
#define IMCTL_HELD_H

#include <imtc/held.h>
#include <stdbool.h>
#include <stddef.h>

struct held_flow {
	struct imtc_held_key key;
	struct imtc_held held;
};

/* All that the map has, answered ones and those whose time is over too; for free(). */
int held_read(struct held_flow **ret_flows, size_t *ret_count);
bool held_waits(const struct imtc_held *held, u64 now_ns);	/* now: CLOCK_MONOTONIC */
/* verdict: PASS, DROP or REJECT; holds from the flow's next packet on. */
int held_answer(const struct held_flow *flow, u8 verdict);
/* For the flow's process, and this service: this flow too. -ENOENT: no process is known. */
int held_answer_process(const struct held_flow *flow, u8 verdict);
/* Forgets what was answered for processes. *ret_count: how much that was. */
int held_forget(size_t *ret_count);

#endif /* IMCTL_HELD_H */
