// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other modules' say in a verdict: include/imtc/hook.h.
 */
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rculist.h>

#include <imtc/hook.h>

#include "imtc.h"

static DEFINE_MUTEX(hooks_mutex);	/* writers of the list; taken before nothing */
static LIST_HEAD(hooks);
static u32 hooks_count;

u32 imtc_hooks_count(void)
{
	return READ_ONCE(hooks_count);
}

int imtc_register_hook(struct imtc_verdict_hook *hook)
{
	struct imtc_verdict_hook *after;
	struct list_head *at = &hooks;

	if (!hook || !hook->decide)
		return -EINVAL;
	mutex_lock(&hooks_mutex);
	/* Before the first of a greater priority, else at the end. */
	list_for_each_entry(after, &hooks, list) {
		if (after->priority > hook->priority) {
			at = &after->list;
			break;
		}
	}
	list_add_tail_rcu(&hook->list, at);
	WRITE_ONCE(hooks_count, hooks_count + 1);
	mutex_unlock(&hooks_mutex);
	imtc_transaction_renew();
	return 0;
}
EXPORT_SYMBOL_GPL(imtc_register_hook);

void imtc_unregister_hook(struct imtc_verdict_hook *hook)
{
	mutex_lock(&hooks_mutex);
	list_del_rcu(&hook->list);
	WRITE_ONCE(hooks_count, hooks_count - 1);
	mutex_unlock(&hooks_mutex);
	/* Waits for verdicts that are within decide(). */
	synchronize_rcu();
	imtc_transaction_renew();
}
EXPORT_SYMBOL_GPL(imtc_unregister_hook);

static bool is_ruling_valid(const struct imtc_ruling *ruling)
{
	switch (ruling->verdict) {
	case IMTC_VERDICT_PASS:
	case IMTC_VERDICT_DROP:
	case IMTC_VERDICT_REJECT:
		return true;
	case IMTC_VERDICT_REDIRECT:
		return ruling->argument;
	default:
		return false;
	}
}

void imtc_hooks_run(const struct imtc_query *q, const struct imtc_owner *owner,
		    struct imtc_decision *decision)
{
	const struct imtc_verdict_hook *hook;

	list_for_each_entry_rcu(hook, &hooks, list) {
		const struct imtc_subject subject = {
			.query = q,
			.owner = owner,
			.rule = decision->rule,
			.reason = decision->reason,
		};
		struct imtc_ruling ruling = {
			.verdict = decision->verdict,
			.argument = decision->argument,
		};

		hook->decide(hook, &subject, &ruling);
		if ((ruling.verdict == decision->verdict &&
		     ruling.argument == decision->argument) || !is_ruling_valid(&ruling))
			continue;
		decision->verdict = ruling.verdict;
		decision->argument = ruling.verdict == IMTC_VERDICT_REDIRECT ? ruling.argument : 0;
		decision->reason = IMTC_REASON_HOOK;
	}
}
