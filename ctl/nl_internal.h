/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the nl_*.c files: the socket, one call, and what the kernel said.
 */
#ifndef IMCTL_NL_INTERNAL_H
#define IMCTL_NL_INTERNAL_H

#include <linux/imtc.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "nl.h"
#include "policy.h"

#define NL_SENTENCE_BYTES 256

/* What the kernel says about a refusal, besides its number. */
struct nl_extack {
	char sentence[NL_SENTENCE_BYTES];	/* "" where it gave none */
	u32 offset;	/* of the attribute at fault, from the message's header; 0: none */
};

struct imtc_nl {
	struct nl_sock *sock;
	int family;
	struct nl_extack extack;
	unsigned int refused_rule;
};

/* Reads a reply of the family; negative errno ends the call with it. */
typedef int (*nl_reply)(struct nlattr **attrs, void *data);

/* A new message of the family; flags as NLM_F_DUMP. NULL: no memory. */
struct nl_msg *nl_request(const struct imtc_nl *nl, u8 command, int flags);
/*
 * Sends, and reads replies until the acknowledgement or the end of the dump.
 * Frees the message. -EAGAIN: the dump was of a state that changed meanwhile.
 */
int nl_call(struct imtc_nl *nl, struct nl_msg *msg, nl_reply reply, void *data);

/* From an NLMSG_ERROR that is known to hold a whole struct nlmsgerr. */
void nl_read_extack(const struct nlmsghdr *header, struct nl_extack *ret_extack);

/* nl_policy.c: where in a message each rule is. */
struct nl_span {
	u32 start, end;	/* bytes from the message's header */
	u32 rule;	/* imtc_rule.id */
};

#define NL_SPANS_MAX 512	/* rules a message */

struct nl_batch {
	struct nl_span spans[NL_SPANS_MAX];
	size_t count;
};

int nl_put_head(struct nl_msg *msg, const struct policy *policy);
/* Puts rules from *next on until the message or the policy is full; notes where. */
int nl_put_rules(struct nl_msg *msg, const struct policy *policy, size_t *next,
		 struct nl_batch *batch);
/* The rule that an offset in the message falls into, 0: none. */
unsigned int nl_rule_at(const struct nl_batch *batch, u32 offset);

/* nl_set.c */
int nl_send_sets(struct imtc_nl *nl, const struct policy_sets *sets, u32 transaction);

/* nl_show.c: nests to JSON; NULL: malformed, or no memory. */
struct json_object *nl_policy_json(struct nlattr *nest);
struct json_object *nl_process_json(struct nlattr *nest);
struct json_object *nl_status_json(struct nlattr *nest);
struct json_object *nl_service_json(struct nlattr *nest);
/* A number of 1, 2, 4 or 8 bytes; of another length 0. */
u64 nl_number(const struct nlattr *attr);

/* nl_rule.c: the same of a rule. */
struct json_object *nl_rule_json(struct nlattr *nest);
/* bits: at most 128, of the 16 bytes at addr. */
void nl_prefix_make(struct imtc_prefix *prefix, const void *addr, unsigned int bits);

#endif /* IMCTL_NL_INTERNAL_H */
