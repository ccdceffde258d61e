/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's netlink family, as the commands use it (libnl). Returns negative
 * errno and prints nothing; the kernel's own sentence (extack) is in
 * nl_sentence() until the next call.
 */
#ifndef IMCTL_NL_H
#define IMCTL_NL_H

#include <json-c/json.h>
#include <stdbool.h>
#include <imtc/types.h>

struct policy;
struct policy_sets;
struct imtc_nl;

/* Not nl_open(): libnl has nl_close() itself. -ENOENT: no such family (no module). */
int nl_session_open(struct imtc_nl **ret_nl);
void nl_session_close(struct imtc_nl *nl);
const char *nl_sentence(const struct imtc_nl *nl);
/* Rule of the policy file (from 1) that a refused message was about; 0: none. */
unsigned int nl_refused_rule(const struct imtc_nl *nl);

int nl_policy_load(struct imtc_nl *nl, const struct policy *policy, u32 *ret_epoch);
/* The running policy's sets of these names get what these have alone. -ENOENT: it has none such. */
int nl_sets_replace(struct imtc_nl *nl, const struct policy_sets *sets, u32 *ret_epoch);
/* All sets of the running policy; for policy_sets_free(), also on failure. */
int nl_sets_get(struct imtc_nl *nl, struct policy_sets *ret_sets);
int nl_policy_flush(struct imtc_nl *nl, u32 *ret_epoch);
/* {"name","epoch","default","on_failure","digest","loaded","loader_uid","rules"} */
int nl_policy_get(struct imtc_nl *nl, struct json_object **ret_policy);
/* [{"id","name","verdict",criteria...,"hits"}], compiled rules in order */
int nl_rules_get(struct imtc_nl *nl, struct json_object **ret_rules);
/* the module's STATUS, keys as the attributes in lower case */
int nl_status_get(struct imtc_nl *nl, struct json_object **ret_status);
/* [{"handle","pid","start_ns","uid","gid","comm","exe","cgroup","alive",
 *   "decisions":[{"service","verdict","count"}]}] */
int nl_processes_get(struct imtc_nl *nl, struct json_object **ret_processes);
/* [{"service","verdict","count"}] */
int nl_services_get(struct imtc_nl *nl, struct json_object **ret_services);

#endif /* IMCTL_NL_H */
