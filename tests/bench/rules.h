/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies of many rules for the bench. */
#ifndef BENCH_RULES_H
#define BENCH_RULES_H

#include <stdint.h>

#define RULES_EPOCH 1	/* of a policy in the maps; its slot is RULES_EPOCH & 1 */

/*
 * Puts a policy of count rules in force, of which the last alone matches a flow of
 * IRC: into these outer maps, or with policies -1 into the module. 0 or -1.
 */
int rules_load(uint32_t count, int policies, int indexes);

#endif
