/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path on the host and the same source as BPF, fed with the same frames:
 * after each of them the flow must be the same in all that tells of the payload.
 */
#ifndef IMTC_TESTS_BPF_LIB_BOTH_H
#define IMTC_TESTS_BPF_LIB_BOTH_H

#include "lib_datapath.h"

/* Group fixtures: both know the same few names. */
int both_load(void **state);
int both_unload(void **state);

/* Ends what was, and checks that both hold as many flows; begins anew with none. */
void both_begin(void);
/* Shows it to both; `what` is said of a difference. */
void both_frame(const u8 *frame, u32 len, const char *what);
/* Packets so far of flows that had a label. */
u32 both_labelled(void);

/* Random numbers; the seed is told with a difference, IMTC_SEED says another. */
void both_seed(u64 usual);
u32 both_random(u32 below);

#endif /* IMTC_TESTS_BPF_LIB_BOTH_H */
