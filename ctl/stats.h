/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every number that imtc keeps, gathered as JSON for `stats`, `status` and
 * `metrics`. Returns negative errno and prints nothing; -ENOENT where what is
 * asked is not loaded. nl may be NULL: without the module.
 */
#ifndef IMCTL_STATS_H
#define IMCTL_STATS_H

#include <json-c/json.h>

struct imtc_nl;

/* [{"service","feature","verdict","packets_in","packets_out","bytes_in",
 *   "bytes_out"}], those that are not all 0 */
int stats_services(struct json_object **ret_list);
/* [{"outcome","count","meaning"}] */
int stats_outcomes(struct json_object **ret_list);
/* [{"id","name","verdict","decisions"}], by rule of the policy file */
int stats_rules(struct imtc_nl *nl, struct json_object **ret_list);
/* [{"service","verdict","count"}]: the module's; without it an empty list */
int stats_decisions(struct imtc_nl *nl, struct json_object **ret_list);
/* [{"table","entries","max"}] */
int stats_tables(struct imtc_nl *nl, struct json_object **ret_list);
/* [{"what","count","meaning"}]: what was lost anywhere; should be 0 */
int stats_lost(struct imtc_nl *nl, struct json_object **ret_list);
/* The running policy, keys as nl_policy_get. -ENOENT: none */
int stats_policy(struct imtc_nl *nl, struct json_object **ret_policy);
/*
 * The module, where it is there and the loaded programs ask it (or none are
 * loaded); else NULL and 0. For nl_session_close().
 */
int stats_engine(struct imtc_nl **ret_nl);

#endif /* IMCTL_STATS_H */
