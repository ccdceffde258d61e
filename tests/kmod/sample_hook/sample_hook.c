// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sample user of imtc_register_hook(): what the policy lets pass is dropped
 * when the process of one user speaks. Shows all that another module needs, and
 * is what the tests load.
 */
#include <linux/atomic.h>
#include <linux/module.h>

#include <imtc/hook.h>

static unsigned int uid = UINT_MAX;
module_param(uid, uint, 0444);
MODULE_PARM_DESC(uid, "the user whose flows are judged (default: nobody's)");

static unsigned int verdict = IMTC_VERDICT_DROP;
module_param(verdict, uint, 0444);
MODULE_PARM_DESC(verdict, "what becomes of them, a number of enum imtc_verdict (default 2: drop)");

static atomic_t asked = ATOMIC_INIT(0);

static int get_asked(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&asked));
}

static const struct kernel_param_ops asked_ops = { .get = get_asked };
module_param_cb(asked, &asked_ops, NULL, 0444);
MODULE_PARM_DESC(asked, "verdicts that the hook was asked about, of any user");

static void decide(const struct imtc_verdict_hook *hook, const struct imtc_subject *subject,
		   struct imtc_ruling *ruling)
{
	atomic_inc(&asked);
	if (!subject->owner || subject->owner->uid != uid)
		return;
	if (ruling->verdict == IMTC_VERDICT_PASS)
		ruling->verdict = verdict;
}

static struct imtc_verdict_hook sample = { .decide = decide };
/* Refused: it decides nothing. */
static struct imtc_verdict_hook empty;

static int __init sample_start(void)
{
	if (imtc_register_hook(&empty) != -EINVAL) {
		pr_err("a hook without decide() was taken\n");
		return -EPROTO;
	}
	return imtc_register_hook(&sample);
}

static void __exit sample_stop(void)
{
	imtc_unregister_hook(&sample);
}

module_init(sample_start);
module_exit(sample_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Sample of a verdict hook of imtc");
