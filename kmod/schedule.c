// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules of the running policy: which are open is a word of bits, which this
 * timer keeps. It runs while the policy has schedules, from turn to turn and
 * at least each second: the kernel tells modules nothing of a clock that is set.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "imtc.h"

/* Of its own: what waits in a shared queue must not make an edge late. */
static struct workqueue_struct *clock_queue;

static void tick(struct work_struct *work);
static DECLARE_DELAYED_WORK(clock_work, tick);

/* As much as 32 bits hold: what is beyond is folded like all that is not in the list. */
static u32 clamp_seconds(time64_t seconds)
{
	return clamp_t(time64_t, seconds, 0, U32_MAX);
}

/* The schedules that are open, and the time until that may change. */
static u32 open_now(const struct imtc_policy *policy, unsigned long *ret_wait)
{
	struct timespec64 now;
	u32 open, left;

	ktime_get_real_ts64(&now);
	open = imtc_schedule_open(policy->turns, policy->turns_count, clamp_seconds(now.tv_sec),
				  &left);
	/* A second is the most. The jiffy more: never just before the edge. */
	*ret_wait = HZ;
	if (left == 1)
		*ret_wait = nsecs_to_jiffies(NSEC_PER_SEC - now.tv_nsec) + 1;
	return open;
}

u32 imtc_schedules_open(const struct imtc_policy *policy)
{
	unsigned long wait;

	return policy->turns_count ? open_now(policy, &wait) : 0;
}

static void tick(struct work_struct *work)
{
	const struct imtc_policy *policy;
	unsigned long wait = 0;
	bool is_turn = false;

	rcu_read_lock();
	policy = rcu_dereference(imtc_policy);
	if (policy->turns_count)
		is_turn = open_now(policy, &wait) != READ_ONCE(policy->open);
	rcu_read_unlock();
	if (is_turn)
		imtc_transaction_turn();
	/* A policy that is put in force meanwhile starts the clock itself. */
	if (wait)
		queue_delayed_work(clock_queue, &clock_work, wait);
}

void imtc_schedules_watch(void)
{
	mod_delayed_work(clock_queue, &clock_work, 0);
}

int imtc_schedules_start(void)
{
	clock_queue = alloc_workqueue("imtc_clock", WQ_UNBOUND | WQ_HIGHPRI, 1);
	return clock_queue ? 0 : -ENOMEM;
}

void imtc_schedules_stop(void)
{
	cancel_delayed_work_sync(&clock_work);
	destroy_workqueue(clock_queue);
}
