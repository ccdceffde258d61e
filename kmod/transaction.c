// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy in force, and the one transaction that may replace it. Nothing in
 * force changes before a commit; a commit is one pointer, then the epoch.
 *
 * "No policy" is a policy too, an empty one: so that each decision reads its
 * epoch and its rules from one object, and never the rules of one and the
 * epoch of another.
 */
#include <linux/cred.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/ktime.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>

#include "imtc.h"

struct imtc_policy __rcu *imtc_policy;
u32 imtc_policy_epoch;

static DEFINE_SPINLOCK(epoch_lock);	/* the two above */
static DEFINE_MUTEX(imtc_policy_mutex);	/* the three below, and the swap */
static struct imtc_policy *pending;	/* NULL: no transaction */
static u32 pending_owner;
static u32 pending_number;

static struct workqueue_struct *reaper;

static void reap(struct work_struct *work)
{
	imtc_policy_free(container_of(to_rcu_work(work), struct imtc_policy, rcu_work));
}

/* 0 is "never decided" to programs. */
static u32 next_epoch(void)
{
	u32 epoch = imtc_policy_epoch + 1;

	return epoch ? epoch : 1;
}

/*
 * Phase one is the pointer, phase two the grace period: decisions hold a policy
 * under rcu_read_lock() alone, dumps as well.
 */
static u32 put_in_force(struct imtc_policy *policy)
{
	struct imtc_policy *old;
	u32 epoch;

	lockdep_assert_held(&imtc_policy_mutex);
	spin_lock(&epoch_lock);
	epoch = next_epoch();
	policy->head.epoch = epoch;
	policy->open = imtc_schedules_open(policy);
	WRITE_ONCE(imtc_digests_wanted, policy->asks_digests);
	old = rcu_replace_pointer(imtc_policy, policy, lockdep_is_held(&imtc_policy_mutex));
	/* Whoever sees the epoch sees the policy: BPF asks again after it. */
	smp_store_release(&imtc_policy_epoch, epoch);
	spin_unlock(&epoch_lock);
	if (policy->turns_count)
		imtc_schedules_watch();
	INIT_RCU_WORK(&old->rcu_work, reap);
	queue_rcu_work(reaper, &old->rcu_work);
	return epoch;
}

/* What waits for its grace period is bounded by waiting for it. */
static void await_reaper(void)
{
	if (imtc_policies_count() <= IMTC_POLICIES_MAX &&
	    imtc_indexes_count() <= IMTC_POLICIES_MAX)
		return;
	rcu_barrier();
	flush_workqueue(reaper);
}

static void stamp(struct imtc_policy *policy)
{
	policy->loaded_ns = ktime_get_real_ns();
	policy->head.loaded_ns = ktime_get_ns();
	policy->loader_uid = from_kuid(&init_user_ns, current_uid());
}

int imtc_transaction_begin(struct imtc_policy *policy, u32 owner, u32 *ret_transaction,
			   struct netlink_ext_ack *extack)
{
	int error = 0;

	mutex_lock(&imtc_policy_mutex);
	if (!pending) {
		pending = policy;
		pending_owner = owner;
		if (!++pending_number)
			pending_number = 1;
		*ret_transaction = pending_number;
	} else if (pending_owner == owner) {
		NL_SET_ERR_MSG(extack, "This socket has a transaction open: commit or abort it");
		error = -EBUSY;
	} else {
		NL_SET_ERR_MSG(extack, "Another socket has a transaction open");
		error = -EBUSY;
	}
	mutex_unlock(&imtc_policy_mutex);
	return error;
}

static void reap_index(struct work_struct *work)
{
	imtc_policy_index_free(container_of(to_rcu_work(work), struct imtc_policy_index,
					    rcu_work));
}

/* The running policy under another epoch: the new one, then what made it new. */
static u32 move_epoch(struct imtc_policy *policy)
{
	u32 epoch = next_epoch();

	lockdep_assert_held(&epoch_lock);
	/* Pairs with the acquire in decide.c. */
	smp_store_release(&policy->head.epoch, epoch);
	smp_store_release(&imtc_policy_epoch, epoch);
	return epoch;
}

/* Sets of the running policy get other prefixes; flows are asked again. */
static int change_running(const struct imtc_policy *update, u32 *ret_epoch,
			  struct netlink_ext_ack *extack)
{
	struct imtc_policy_index *old;
	struct imtc_policy *policy;
	int error;

	policy = rcu_dereference_protected(imtc_policy, lockdep_is_held(&imtc_policy_mutex));
	if (policy->is_empty) {
		NL_SET_ERR_MSG(extack, "No policy is loaded");
		return -ENOENT;
	}
	error = imtc_policy_change(policy, update, &old, extack);
	if (error)
		return error;
	spin_lock(&epoch_lock);
	*ret_epoch = move_epoch(policy);
	spin_unlock(&epoch_lock);
	INIT_RCU_WORK(&old->rcu_work, reap_index);
	queue_rcu_work(reaper, &old->rcu_work);
	return 0;
}

static int check_transaction(u32 owner, u32 transaction, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&imtc_policy_mutex);
	if (!pending || pending_owner != owner) {
		NL_SET_ERR_MSG(extack, "This socket has no transaction open");
		return -ENOENT;
	}
	if (pending_number != transaction) {
		NL_SET_ERR_MSG(extack, "TRANSACTION is not the number of the open one");
		return -ESTALE;
	}
	return 0;
}

int imtc_transaction_lock(u32 owner, u32 transaction, struct imtc_policy **ret_policy,
			  struct netlink_ext_ack *extack)
{
	int error;

	mutex_lock(&imtc_policy_mutex);
	error = check_transaction(owner, transaction, extack);
	if (error) {
		mutex_unlock(&imtc_policy_mutex);
		return error;
	}
	*ret_policy = pending;
	return 0;
}

void imtc_transaction_unlock(void)
{
	mutex_unlock(&imtc_policy_mutex);
}

int imtc_transaction_commit(u32 owner, u32 transaction, u32 count, u32 *ret_epoch,
			    struct netlink_ext_ack *extack)
{
	struct imtc_policy *done = NULL;
	int error;

	mutex_lock(&imtc_policy_mutex);
	error = check_transaction(owner, transaction, extack);
	if (!error && pending->is_update &&
	    count != pending->entries_count + pending->words_count) {
		NL_SET_ERR_MSG(extack,
			       "COUNT differs from the number of prefixes and words received");
		error = -EINVAL;
	} else if (!error && !pending->is_update && count != pending->head.count) {
		NL_SET_ERR_MSG(extack, "COUNT differs from the number of rules received");
		error = -EINVAL;
	}
	if (!error && pending->is_update) {
		error = change_running(pending, ret_epoch, extack);
		if (!error)
			swap(done, pending);
	} else if (!error) {
		error = imtc_policy_index(pending, extack);
		if (!error && imtc_rates_make(pending)) {
			NL_SET_ERR_MSG(extack, "No memory to count what begins");
			error = -ENOMEM;
		}
		if (!error) {
			stamp(pending);
			*ret_epoch = put_in_force(pending);
			pending = NULL;
		}
	}
	mutex_unlock(&imtc_policy_mutex);
	imtc_policy_free(done);
	await_reaper();
	return error;
}

int imtc_transaction_abort(u32 owner, u32 transaction, struct netlink_ext_ack *extack)
{
	struct imtc_policy *dropped = NULL;
	int error;

	mutex_lock(&imtc_policy_mutex);
	error = check_transaction(owner, transaction, extack);
	if (!error)
		swap(dropped, pending);
	mutex_unlock(&imtc_policy_mutex);
	imtc_policy_free(dropped);
	return error;
}

void imtc_transaction_drop(u32 owner)
{
	struct imtc_policy *dropped = NULL;

	mutex_lock(&imtc_policy_mutex);
	if (pending && pending_owner == owner)
		swap(dropped, pending);
	mutex_unlock(&imtc_policy_mutex);
	imtc_policy_free(dropped);
}

static struct imtc_policy *new_empty(void)
{
	struct imtc_policy *policy = imtc_policy_new();

	if (policy) {
		policy->is_empty = true;
		policy->head.default_verdict = IMTC_VERDICT_PASS;
		policy->head.on_failure = IMTC_VERDICT_PASS;
	}
	return policy;
}

int imtc_transaction_flush(u32 *ret_epoch, struct netlink_ext_ack *extack)
{
	struct imtc_policy *policy = new_empty();

	if (!policy) {
		NL_SET_ERR_MSG(extack, "No memory");
		return -ENOMEM;
	}
	mutex_lock(&imtc_policy_mutex);
	*ret_epoch = put_in_force(policy);
	mutex_unlock(&imtc_policy_mutex);
	await_reaper();
	return 0;
}

void imtc_transaction_renew(void)
{
	spin_lock(&epoch_lock);
	move_epoch(rcu_dereference_protected(imtc_policy, lockdep_is_held(&epoch_lock)));
	spin_unlock(&epoch_lock);
}

/* What is open first, then the epoch: decisions read them the other way round. */
void imtc_transaction_turn(void)
{
	struct imtc_policy *policy;
	u32 open;

	spin_lock(&epoch_lock);
	policy = rcu_dereference_protected(imtc_policy, lockdep_is_held(&epoch_lock));
	open = imtc_schedules_open(policy);
	if (open != policy->open) {
		WRITE_ONCE(policy->open, open);
		move_epoch(policy);
	}
	spin_unlock(&epoch_lock);
}

void imtc_transaction_running(void (*look)(struct imtc_policy *policy, void *data), void *data)
{
	mutex_lock(&imtc_policy_mutex);
	look(rcu_dereference_protected(imtc_policy, lockdep_is_held(&imtc_policy_mutex)), data);
	mutex_unlock(&imtc_policy_mutex);
}

/*
 * The first epoch is drawn by lot: flows in pinned maps may bear epochs of an
 * earlier load of the module, and must not be taken for decided.
 */
int imtc_transaction_start(void)
{
	struct imtc_policy *policy = new_empty();

	reaper = alloc_workqueue("imtc", WQ_UNBOUND, 0);
	if (!policy || !reaper) {
		if (reaper)
			destroy_workqueue(reaper);
		imtc_policy_free(policy);
		return -ENOMEM;
	}
	get_random_bytes(imtc_domain_seed, sizeof(imtc_domain_seed));
	imtc_policy_epoch = (get_random_u32() >> 1) + 1;
	policy->head.epoch = imtc_policy_epoch;
	rcu_assign_pointer(imtc_policy, policy);
	return 0;
}

/* Netlink is gone, and no program that could ask is left. */
void imtc_transaction_stop(void)
{
	rcu_barrier();
	destroy_workqueue(reaper);
	imtc_policy_free(pending);
	imtc_policy_free(rcu_dereference_protected(imtc_policy, 1));
}
