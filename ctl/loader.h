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

/* Which half takes verdicts. DETECT: the module where it is there, with BTF. */
enum loader_engine { ENGINE_DETECT, ENGINE_BPF };

const char *loader_sentence(void);
/* libbpf's messages and the verifier's log to stderr (1), its debug lines too (2). */
void loader_set_verbose(int level);

/*
 * Loads and pins programs and maps where that is not done yet, or where they
 * were made from other object code or for the other engine (programs are then
 * replaced in place on each device; maps and so flows stay). Nothing is
 * attached to a new device. ret_loaded (NULL allowed): programs were loaded.
 */
int loader_load(enum loader_engine engine, bool *ret_loaded);
/*
 * Attaches the pinned programs to the device, or makes its attachment what is
 * asked. All or nothing: what this call did is undone on failure. zone 0: the
 * device's own.
 */
int loader_attach(const char *device, enum attach_mode mode, u32 zone);
/* -ENODEV: no such device; -ENOENT: it has no attachment. */
int loader_detach(const char *device);
int loader_detach_all(void);	/* and unpins everything */
bool loader_is_loaded(void);
bool loader_with_module(void);	/* the pinned programs call imtc.ko */
/*
 * What programs do when no verdict can be asked: a policy's on_failure. For a
 * policy that runs in the module, after it is loaded and after programs are;
 * bpf_policy_load does it itself. -ENOENT: nothing is loaded.
 */
int loader_set_on_failure(u8 verdict);
/* [{"device","ifindex","ingress":"xdp-native"|"xdp-generic"|"tcx"|"clsact",
 *   "egress":"tcx"|"clsact","zone","here"}]; here: false where the device is in
 * another network namespace (device is then null). */
int loader_attachments(struct json_object **ret_list);

/* BPF-only policy: fill the idle slot, then move the epoch. */
int bpf_policy_load(const struct policy *policy, u32 *ret_epoch);
int bpf_policy_flush(u32 *ret_epoch);
/* -ENOENT: no policy is loaded. */
int bpf_policy_get(struct json_object **ret_policy);	/* keys as nl_policy_get */
int bpf_rules_get(struct json_object **ret_rules);	/* keys as nl_rules_get */

/*
 * One object a flow, for `flows` and `ps`: {"client","client_port","server",
 * "server_port" (numbers), "l4":"tcp"|"udp","family":4|6,"zone","ifindex",
 * "direction":"in"|"out","forward","state","service","feature","confidence","encryption",
 * "credentials" (a password crossed in clear),"verdict","reason","rule" (0: none),
 * "owner" (the module's handle, 0: none),"packets","bytes" (both directions),
 * "packets_client","bytes_client" (sent by the client),"first_ns" (CLOCK_MONOTONIC),
 * "age_ns","epoch","via" (an array: the layers it was found inside of),"client_name"
 * (what the client calls itself; absent where it has not said),"domain" (what it names; the same)}
 */
int flows_get(struct json_object **ret_flows);

#endif /* IMCTL_LOADER_H */
