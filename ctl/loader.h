/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BPF side as the commands use it: load, pin, attach, policies without the
 * module, and reading the pinned maps. Returns negative errno and prints
 * nothing; a sentence for the last failure is in loader_sentence().
 */
#ifndef IMCTL_LOADER_H
#define IMCTL_LOADER_H

#include <json-c/json.h>
#include <stdbool.h>
#include <imtc/types.h>

struct policy;

enum attach_mode { ATTACH_AUTO, ATTACH_NATIVE, ATTACH_GENERIC, ATTACH_TC };

const char *loader_sentence(void);

/*
 * Loads and pins programs and maps where that is not done yet or where they
 * were made for the other mode (module came or went: programs are replaced in
 * place, maps and so flows stay), and attaches them to the device. All or
 * nothing. zone 0: the device's own.
 */
int loader_attach(const char *device, enum attach_mode mode, u32 zone);
int loader_detach(const char *device);
int loader_detach_all(void);	/* and unpins everything */
bool loader_is_loaded(void);
bool loader_with_module(void);	/* the pinned programs call imtc.ko */
/* [{"device","ifindex","ingress":"xdp-native"|"xdp-generic"|"tcx"|"clsact",
 *   "egress":"tcx"|"clsact","zone"}] */
int loader_attachments(struct json_object **ret_list);

/* BPF-only policy: fill the idle slot, then move the epoch. */
int bpf_policy_load(const struct policy *policy, u32 *ret_epoch);
int bpf_policy_flush(u32 *ret_epoch);
int bpf_policy_get(struct json_object **ret_policy);	/* keys as nl_policy_get */
int bpf_rules_get(struct json_object **ret_rules);	/* keys as nl_rules_get */

/* One object a flow, for `flows` and `ps`; "owner" is the handle. */
int flows_get(struct json_object **ret_flows);

#endif /* IMCTL_LOADER_H */
