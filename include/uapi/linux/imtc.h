/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Generic netlink family "imtc": the interface between imtc.ko and user space.
 *
 * Every request is strictly validated; each refusal carries extack text and,
 * where one attribute is at fault, its offset. All commands need
 * CAP_NET_ADMIN. Strings are NUL-terminated. Numbers are in host byte order,
 * addresses in network byte order (16 bytes, IPv4 as ::ffff:a.b.c.d).
 */
#ifndef _UAPI_LINUX_IMTC_H
#define _UAPI_LINUX_IMTC_H

#define IMTC_GENL_NAME "imtc"
#define IMTC_GENL_VERSION 1
#define IMTC_GENL_MCGRP_EVENTS "events"

/*
 * STATUS_GET	do. Reply: STATUS nest.
 * POLICY_BEGIN	do. POLICY nest (NAME, DEFAULT, ON_FAILURE, DIGEST, LOADER). Without
 *		one the transaction changes sets of the running policy alone: those
 *		that come in POLICY_SET get what comes in place of their own, and
 *		COUNT of the commit is the number of prefixes and words. -ENOENT where
 *		no policy runs, or it has no such set.
 *		Reply: TRANSACTION. One transaction at a time a socket; it is
 *		dropped when the socket closes. -EBUSY while another socket has
 *		one open.
 * POLICY_RULE	do. TRANSACTION and one or more RULE nests, in order.
 * POLICY_SET	do. TRANSACTION and one or more SET nests: what is in sets, before
 *		the rules that ask for them. A set may come in many parts.
 * POLICY_COMMIT do. TRANSACTION, COUNT (compiled rules sent; -EINVAL where it
 *		differs). Reply: EPOCH. The running policy is replaced in one step.
 * POLICY_ABORT	do. TRANSACTION.
 * POLICY_FLUSH	do. No policy from here on: everything passes. Reply: EPOCH.
 * POLICY_GET	do. Reply: POLICY nest and EPOCH; -ENOENT where none runs.
 * RULE_GET	dump. A message a compiled rule: RULE nest with HITS, and EPOCH
 *		(-EAGAIN ends the dump, by NLM_F_DUMP_INTR, when the epoch moved).
 * SET_GET	dump. SET nests of the running policy, NAME and PREFIXES, or KIND and
 *		WORDS, a set in as many messages as it takes, and EPOCH (as RULE_GET).
 * PROCESS_GET	dump. A message a process with decisions: PROCESS nest.
 * SERVICE_GET	dump. A message a service with decisions: SERVICE_COUNTER nest.
 * EVENT	multicast to group "events": EVENT nest.
 */
enum imtc_cmd {
	IMTC_CMD_UNSPEC,
	IMTC_CMD_STATUS_GET,
	IMTC_CMD_POLICY_BEGIN,
	IMTC_CMD_POLICY_RULE,
	IMTC_CMD_POLICY_COMMIT,
	IMTC_CMD_POLICY_ABORT,
	IMTC_CMD_POLICY_FLUSH,
	IMTC_CMD_POLICY_GET,
	IMTC_CMD_RULE_GET,
	IMTC_CMD_PROCESS_GET,
	IMTC_CMD_SERVICE_GET,
	IMTC_CMD_EVENT,
	IMTC_CMD_POLICY_SET,
	IMTC_CMD_SET_GET,
	__IMTC_CMD_MAX,
};
#define IMTC_CMD_MAX (__IMTC_CMD_MAX - 1)

/* Top-level attributes. */
enum imtc_attr {
	IMTC_A_UNSPEC,
	IMTC_A_TRANSACTION,	/* u32, not 0 */
	IMTC_A_COUNT,		/* u32 */
	IMTC_A_EPOCH,		/* u32 */
	IMTC_A_POLICY,		/* nest of imtc_policy_attr */
	IMTC_A_RULE,		/* nest of imtc_rule_attr; may repeat in POLICY_RULE */
	IMTC_A_STATUS,		/* nest of imtc_status_attr */
	IMTC_A_PROCESS,		/* nest of imtc_process_attr */
	IMTC_A_SERVICE,		/* nest of imtc_service_attr */
	IMTC_A_EVENT,		/* nest of imtc_event_attr */
	IMTC_A_SET,		/* nest of imtc_set_attr; may repeat in POLICY_SET */
	__IMTC_A_MAX,
};
#define IMTC_A_MAX (__IMTC_A_MAX - 1)

#define IMTC_INSIDE_BYTES 17	/* of one prefix in IMTC_POLICY_A_INSIDE */

enum imtc_policy_attr {
	IMTC_POLICY_A_UNSPEC,
	IMTC_POLICY_A_NAME,		/* string, up to 63 bytes */
	IMTC_POLICY_A_DEFAULT,		/* u8, enum imtc_verdict: PASS, DROP or REJECT */
	IMTC_POLICY_A_ON_FAILURE,	/* u8, enum imtc_verdict: PASS or DROP */
	IMTC_POLICY_A_DIGEST,		/* binary, 32: SHA-256 of the policy file */
	IMTC_POLICY_A_LOADED_NS,	/* u64, CLOCK_REALTIME; replies only */
	IMTC_POLICY_A_LOADER_UID,	/* u32; replies only */
	IMTC_POLICY_A_RULES,		/* u32, compiled rules; replies only */
	IMTC_POLICY_A_OBSERVE,		/* flag: nothing of it is carried out */
	IMTC_POLICY_A_INSIDE,		/* binary, up to 64 prefixes: 16 bytes of address, u8 length */
	/* binary: names of schedules, 1 to 63 bytes and a NUL each, up to 32; with TURNS */
	IMTC_POLICY_A_SCHEDULES,
	/*
	 * binary: up to 4096 pairs of u32, a second of UTC and the schedules that are open
	 * from it on (bit 0: the first). Rising, over a week at least. With SCHEDULES
	 */
	IMTC_POLICY_A_TURNS,
	IMTC_POLICY_A_OPEN,		/* u32, the schedules that are open; replies only */
	IMTC_POLICY_A_UNTIL,		/* u32, the second at which TURNS end; replies only */
	__IMTC_POLICY_A_MAX,
};
#define IMTC_POLICY_A_MAX (__IMTC_POLICY_A_MAX - 1)

/* A compiled rule (imtc/policy.h). Absent criteria match anything. */
enum imtc_rule_attr {
	IMTC_RULE_A_UNSPEC,
	IMTC_RULE_A_ID,			/* u32, rule of the policy file, from 1; needed */
	IMTC_RULE_A_NAME,		/* string, up to 63 bytes; needed */
	IMTC_RULE_A_VERDICT,		/* u8, enum imtc_verdict; needed */
	IMTC_RULE_A_ARGUMENT,		/* u32: ifindex, mark or rate (imtc_rule.argument) */
	IMTC_RULE_A_LOG,		/* u8, enum imtc_log, from 1 */
	IMTC_RULE_A_SERVICES,		/* binary, 16: two u64 words, bit a service */
	IMTC_RULE_A_FEATURES,		/* u16, bit a feature */
	IMTC_RULE_A_DIRECTIONS,		/* u8, IMTC_DIRECTION_* */
	IMTC_RULE_A_ENCRYPTIONS,	/* u8, bit an enum imtc_encryption */
	IMTC_RULE_A_LOCAL,		/* binary, 16: address */
	IMTC_RULE_A_LOCAL_LEN,		/* u8, prefix length 0..128; with LOCAL */
	IMTC_RULE_A_REMOTE,		/* binary, 16 */
	IMTC_RULE_A_REMOTE_LEN,		/* u8, 0..128; with REMOTE */
	IMTC_RULE_A_EXE,		/* string, absolute path or pattern up to 255 bytes */
	IMTC_RULE_A_COMM,		/* string, up to 15 bytes */
	IMTC_RULE_A_UID,		/* u32 */
	IMTC_RULE_A_GID,		/* u32 */
	IMTC_RULE_A_CGROUP,		/* string, path or pattern up to 255 bytes, begins with / */
	IMTC_RULE_A_HITS,		/* u64, decisions; replies only */
	IMTC_RULE_A_PAD,
	IMTC_RULE_A_OBSERVE,		/* flag: decided and told, not carried out */
	IMTC_RULE_A_LOCAL_SET,		/* string, name of the set that the address is in */
	IMTC_RULE_A_REMOTE_SET,		/* string; each in place of an address of that end */
	IMTC_RULE_A_PARAMETERS,		/* binary, 12: three u32; needed with MARK and LIMIT alone */
	IMTC_RULE_A_IFINDEX,		/* u32, not 0: device of the flow's first packet */
	IMTC_RULE_A_LOCAL_PORTS,	/* u32, first << 16 | last, neither 0 */
	IMTC_RULE_A_REMOTE_PORTS,	/* u32, as LOCAL_PORTS */
	IMTC_RULE_A_CONFIDENCE,		/* u8, at least this enum imtc_confidence */
	IMTC_RULE_A_PEERS,		/* u8, IMTC_PEER_*; INSIDE needs the policy's */
	IMTC_RULE_A_UNIT,		/* string, name or pattern up to 255 bytes, without / */
	IMTC_RULE_A_CONTAINER,		/* string, 12 to 64 hexadecimal digits, small letters */
	IMTC_RULE_A_UNDER,		/* string, as EXE: an ancestor's */
	IMTC_RULE_A_DOMAIN,		/* string, up to 255 bytes: "example.org", "*.", "=" */
	IMTC_RULE_A_SCHEDULE,		/* string, one of the policy's, or "!" and its name */
	IMTC_RULE_A_DOMAIN_SET,		/* string, name of a set of domains; not with DOMAIN */
	IMTC_RULE_A_EXE_SET,		/* string, name of a set of programs; not with EXE */
	IMTC_RULE_A_USER_SET,		/* string, name of a set of users; not with UID */
	IMTC_RULE_A_NEW_FLOWS,		/* u32: more than 1 to 1000000 a second; with bit 31: a minute */
	IMTC_RULE_A_NEW_PEERS,		/* u32, as NEW_FLOWS */
	IMTC_RULE_A_EXE_SHA256,		/* string, 64 hexadecimal digits, small letters */
	__IMTC_RULE_A_MAX,
};
#define IMTC_RULE_A_MAX (__IMTC_RULE_A_MAX - 1)

/* A set of addresses or of words, or a part of it. All its parts are of one kind. */
enum imtc_set_attr {
	IMTC_SET_A_UNSPEC,
	IMTC_SET_A_NAME,		/* string, 1 to 63 bytes; needed */
	IMTC_SET_A_PREFIXES,		/* binary: 17 bytes each, an address and its length 1..128 */
	IMTC_SET_A_KIND,		/* u8, enum imtc_set_kind; absent: addresses */
	/* binary: words, each with its NUL, as the kind has them; not of addresses */
	IMTC_SET_A_WORDS,
	__IMTC_SET_A_MAX,
};
#define IMTC_SET_A_MAX (__IMTC_SET_A_MAX - 1)

/* Counters of the module and the fill of its tables. */
enum imtc_status_attr {
	IMTC_STATUS_A_UNSPEC,
	IMTC_STATUS_A_VERSION,		/* string, the module's */
	IMTC_STATUS_A_EPOCH,		/* u32 */
	IMTC_STATUS_A_SOCKETS,		/* u32, sockets with an owner */
	IMTC_STATUS_A_SOCKETS_MAX,	/* u32 */
	IMTC_STATUS_A_PROCESSES,	/* u32, identities alive */
	IMTC_STATUS_A_PROCESSES_MAX,	/* u32 */
	IMTC_STATUS_A_ASKED,		/* u64, verdicts asked */
	IMTC_STATUS_A_UNOWNED,		/* u64, of these without an owner: forwarded, or lost */
	IMTC_STATUS_A_LOST_FULL,	/* u64, owners not noted: the table was full */
	IMTC_STATUS_A_LOST_MEMORY,	/* u64, owners not noted: no memory */
	IMTC_STATUS_A_EVENTS,		/* u64, events sent */
	IMTC_STATUS_A_EVENTS_LOST,	/* u64 */
	IMTC_STATUS_A_HOOKS,		/* u32, imtc_register_hook() users */
	IMTC_STATUS_A_POLICIES,		/* u32, policy objects alive (1 when quiet) */
	IMTC_STATUS_A_PAD,
	__IMTC_STATUS_A_MAX,
};
#define IMTC_STATUS_A_MAX (__IMTC_STATUS_A_MAX - 1)

enum imtc_process_attr {
	IMTC_PROCESS_A_UNSPEC,
	IMTC_PROCESS_A_HANDLE,		/* u64, as in imtc_flow.owner */
	IMTC_PROCESS_A_PID,		/* u32, tgid in the initial pid namespace */
	IMTC_PROCESS_A_START_NS,	/* u64, CLOCK_BOOTTIME */
	IMTC_PROCESS_A_UID,		/* u32 */
	IMTC_PROCESS_A_GID,		/* u32 */
	IMTC_PROCESS_A_COMM,		/* string */
	IMTC_PROCESS_A_EXE,		/* string */
	IMTC_PROCESS_A_CGROUP,		/* string */
	IMTC_PROCESS_A_ALIVE,		/* flag */
	IMTC_PROCESS_A_DECISIONS,	/* nest, repeats: imtc_service_attr SERVICE, VERDICT, COUNT */
	IMTC_PROCESS_A_PAD,
	IMTC_PROCESS_A_UNDER,		/* string, repeats: exe of a process it descends from */
	__IMTC_PROCESS_A_MAX,
};
#define IMTC_PROCESS_A_MAX (__IMTC_PROCESS_A_MAX - 1)

/* Decision counters. */
enum imtc_service_attr {
	IMTC_SERVICE_A_UNSPEC,
	IMTC_SERVICE_A_SERVICE,		/* u16, enum imtc_service */
	IMTC_SERVICE_A_VERDICT,		/* u8, enum imtc_verdict */
	IMTC_SERVICE_A_COUNT,		/* u64 */
	IMTC_SERVICE_A_PAD,
	__IMTC_SERVICE_A_MAX,
};
#define IMTC_SERVICE_A_MAX (__IMTC_SERVICE_A_MAX - 1)

/* One decision. */
enum imtc_event_attr {
	IMTC_EVENT_A_UNSPEC,
	IMTC_EVENT_A_TIME_NS,		/* u64, CLOCK_REALTIME */
	IMTC_EVENT_A_L4,		/* u8, 6 or 17 */
	IMTC_EVENT_A_CLIENT,		/* binary, 16 */
	IMTC_EVENT_A_CLIENT_PORT,	/* u16, host byte order */
	IMTC_EVENT_A_SERVER,		/* binary, 16 */
	IMTC_EVENT_A_SERVER_PORT,	/* u16 */
	IMTC_EVENT_A_IFINDEX,		/* u32 */
	IMTC_EVENT_A_HOOK,		/* u8, enum imtc_hook */
	IMTC_EVENT_A_FLOW_FLAGS,	/* u8, IMTC_FLOW_* */
	IMTC_EVENT_A_SERVICE,		/* u16 */
	IMTC_EVENT_A_FEATURE,		/* u8 */
	IMTC_EVENT_A_CONFIDENCE,	/* u8 */
	IMTC_EVENT_A_ENCRYPTION,	/* u8 */
	IMTC_EVENT_A_DOMAIN,		/* string, where seen */
	IMTC_EVENT_A_VERDICT,		/* u8 */
	IMTC_EVENT_A_REASON,		/* u8, enum imtc_reason */
	IMTC_EVENT_A_RULE,		/* u32, rule id; absent without one */
	IMTC_EVENT_A_RULE_NAME,		/* string */
	IMTC_EVENT_A_LOG,		/* u8, enum imtc_log: the rule says log */
	IMTC_EVENT_A_EPOCH,		/* u32 */
	IMTC_EVENT_A_PROCESS,		/* nest of imtc_process_attr, where known */
	IMTC_EVENT_A_PAD,
	IMTC_EVENT_A_OBSERVED,		/* u8, the verdict that was not carried out */
	__IMTC_EVENT_A_MAX,
};
#define IMTC_EVENT_A_MAX (__IMTC_EVENT_A_MAX - 1)

#endif /* _UAPI_LINUX_IMTC_H */
