// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: of the module per CPU, and of decisions by service and verdict.
 */
#include "imtc.h"

DEFINE_PER_CPU(struct imtc_counters, imtc_counters);

/* Decisions are rare beside packets: shared and atomic is cheap enough. */
static atomic64_t services[IMTC_SERVICE_MAX][IMTC_VERDICT_MAX];

void imtc_counters_sum(struct imtc_counters *ret_sum)
{
	int cpu;

	memset(ret_sum, 0, sizeof(*ret_sum));
	for_each_possible_cpu(cpu) {
		const struct imtc_counters *c = per_cpu_ptr(&imtc_counters, cpu);

		ret_sum->asked += READ_ONCE(c->asked);
		ret_sum->unowned += READ_ONCE(c->unowned);
		ret_sum->lost_full += READ_ONCE(c->lost_full);
		ret_sum->lost_memory += READ_ONCE(c->lost_memory);
		ret_sum->events += READ_ONCE(c->events);
		ret_sum->events_lost += READ_ONCE(c->events_lost);
	}
}

void imtc_service_count(u16 service, u8 verdict)
{
	if (service < IMTC_SERVICE_MAX && verdict < IMTC_VERDICT_MAX)
		atomic64_inc(&services[service][verdict]);
}

u64 imtc_service_counted(u16 service, u8 verdict)
{
	return atomic64_read(&services[service][verdict]);
}
