/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words for the numbers of include/imtc, made from the same lists, and back.
 */
#ifndef IMCTL_NAMES_H
#define IMCTL_NAMES_H

#include <imtc/label.h>
#include <imtc/verdict.h>

/* Never NULL: "service-77" for a number that has no word. Static storage a call. */
const char *service_name(unsigned int service);
const char *service_title(unsigned int service);	/* "Internet Relay Chat" */
const char *feature_name(unsigned int feature);
const char *verdict_name(unsigned int verdict);	/* what became of packets: "pass" */
/* The same as a policy says it: what a rule does with PASS is "allow". */
const char *action_name(unsigned int verdict);
/* Of a policy's on_failure, a verdict: "open" or "closed". */
const char *failure_name(unsigned int verdict);
const char *mode_name(int observe);	/* of a policy or a rule: "enforce", "observe" */
const char *log_name(unsigned int level);	/* enum imtc_log: "warning" */
const char *reason_name(unsigned int reason);
const char *outcome_name(unsigned int outcome);	/* NULL past the end */
const char *outcome_sentence(unsigned int outcome);
const char *encryption_name(unsigned int encryption);
const char *confidence_name(unsigned int confidence);

/* -1 where there is no such word. */
int service_number(const char *name);
int feature_number(const char *name);
int verdict_number(const char *name);
int log_number(const char *name);
int group_number(const char *name);	/* enum imtc_group */

/* enum imtc_group; 0 where no such service is known. */
unsigned int service_group(unsigned int service);
/* Services of a group word without its @ ("public"); false where unknown. */
int group_services(const char *group, __u64 services[IMTC_SERVICE_MAX / 64]);
/* Group words, from 0: "public"; NULL past the last. */
const char *group_name(unsigned int index);
/* The known word nearest to a misspelt one, or NULL; for suggestions. */
const char *service_nearest(const char *name);
const char *feature_nearest(const char *name);
const char *group_nearest(const char *name);

#endif /* IMCTL_NAMES_H */
