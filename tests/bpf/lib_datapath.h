/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path under test: loaded BPF-only with its own maps, fed with frames
 * by BPF_PROG_TEST_RUN, and its maps read back.
 */
#ifndef IMTC_TESTS_BPF_LIB_DATAPATH_H
#define IMTC_TESTS_BPF_LIB_DATAPATH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <imtc/control.h>
#include <imtc/event.h>
#include <imtc/flow.h>
#include <imtc/policy.h>
#include <imtc/signature.h>
#include <imtc/view.h>

#include "pkt_build.h"

enum hook { XDP, EGRESS, INGRESS };

/* The hook's answer to a frame, and the frame as it left the program. */
struct ran {
	u32 answer;
	u8 frame[PKT_BYTES];
	u32 len;
};

/*
 * Group fixtures: loads once; own network namespace, lo up. With IMTC_TEST_MODULE
 * in the environment imtc.ko judges, which must be loaded.
 */
int datapath_load(void **state);
int datapath_unload(void **state);
/* Test fixture: no flow, no policy, no counts. */
int datapath_reset(void **state);

void run_frame(enum hook hook, const u8 *frame, u32 len, struct ran *ret_ran);
/* Builds, runs, returns the answer. */
u32 run(enum hook hook, const struct pkt *p);
bool passes(enum hook hook, u32 answer);
bool drops(enum hook hook, u32 answer);

/* The flow of a packet, by its own key; false where there is none. */
bool flow_get(const struct pkt *p, struct imtc_flow *ret_flow);
u32 flow_count(void);
u32 stream_count(void);
u64 outcome(enum imtc_outcome which);
struct imtc_counter counter(u32 service, u32 feature, u32 verdict);

bool judged_by_module(void);
/* imtc_policy_head.flags of policies that are put in force from now on. */
extern u8 policy_flags;
/* The sets of the policies that are set from here on; NULL: none. */
struct policy_sets;
void policy_sets_use(const struct policy_sets *sets);
/* What each rule of policies from now on asks for, NULL: any; for the module, which hashes them. */
void policy_domains_use(char **domains);
/* The domain seed of the programs. */
void domain_seed_get(u64 seed[2]);
/* Puts a policy in force, with a new epoch, which is returned. */
u32 policy_set(const struct imtc_rule *rules, u32 n, u8 default_verdict);
/* The same with prefixes that are inside. */
u32 policy_set_inside(const struct imtc_rule *rules, u32 n, u8 default_verdict,
		      const struct imtc_prefix *inside, u16 inside_count);
void domain_set(const char *suffix, u32 service, u32 feature, u32 encryption);
/* An ALPN value or user agent: kind is IMTC_NAME_ALPN or IMTC_NAME_AGENT. */
void word_set(u8 kind, const char *word, u32 service, u32 feature);
void prefix_set(const char *address, u32 bits, u32 service, u32 feature);
/* Port and l4 as in imtc/hint.h, the port in host byte order. */
void hint_set(const char *address, u16 port, u8 l4, const struct imtc_hint *hint);
bool hint_get(const char *address, u16 port, u8 l4, struct imtc_hint *ret_hint);
u64 ktime_ns(void);	/* CLOCK_MONOTONIC, as programs see it */
/* Entry of the map "patterns"; control.patterns says how many are in use. */
void pattern_set(u32 entry, const struct imtc_pattern *pattern);
void zone_set(u32 ifindex, u32 zone);
volatile struct imtc_control *control_get(void);
/* Takes the events that wait; the last in *ret_event. Returns how many. */
int events_take(struct imtc_event *ret_event);
/* Decisions by the rule, of the policy that was set last. */
u64 hits_of_rule(u32 id);
int map_fd(const char *name);
int program_fd(enum hook hook);

#endif /* IMTC_TESTS_BPF_LIB_DATAPATH_H */
