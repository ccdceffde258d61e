/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compiled policy and its evaluator: the same code in the module, in BPF
 * (hosts without the module) and in imctl.
 *
 * A rule of the policy file may become several compiled rules (a list of users,
 * of prefixes): they follow each other and share the number `id`. The first
 * compiled rule that matches wins.
 */
#ifndef IMTC_POLICY_H
#define IMTC_POLICY_H

#include <imtc/label.h>
#include <imtc/rate.h>
#include <imtc/schedule.h>
#include <imtc/verdict.h>

#define IMTC_RULES_MAX 16384	/* compiled rules a policy */
#define IMTC_PROCS_MAX 1024	/* process patterns a policy; number 0 means any */
#define IMTC_PROC_WORDS (IMTC_PROCS_MAX / 64)
#define IMTC_SETS_MAX 64	/* sets a policy, of all kinds; number 0 means none */
#define IMTC_SET_ENTRIES_MAX (256 * 1024)	/* prefixes of all sets of a policy */
#define IMTC_SET_WORDS_MAX (512 * 1024)	/* words of all sets of a policy */
#define IMTC_SET_WORD_BYTES_MAX (32 << 20)	/* that these take (imtc/policy_words.h) */
#define IMTC_INSIDE_MAX 64	/* prefixes that are inside, a policy */
#define IMTC_NAME_BYTES 64	/* rule, policy and set names, with the NUL */
#define IMTC_LABELS_MAX 16	/* bound of tables by labels: a rule's domain has fewer */
#define IMTC_LABEL_LEN_MAX 63	/* RFC 1035 2.3.4 */
#define IMTC_DOMAIN_LEN_MAX 253	/* the same, as text and without the last dot */
/* A domain of a rule with what stands before it, and the NUL. */
#define IMTC_DOMAIN_PATTERN_BYTES (IMTC_DOMAIN_LEN_MAX + 3)

/*
 * imtc_rule.directions: a mask of these; 0 matches any. A flow has OUT or IN, and
 * FORWARD besides where it only passes through.
 */
#define IMTC_DIRECTION_OUT 0x01
#define IMTC_DIRECTION_IN 0x02
#define IMTC_DIRECTION_FORWARD 0x04
#define IMTC_DIRECTION_ALL 0x07

/* imtc_rule.peers: a mask of these; 0 matches any. A flow has one of them. */
#define IMTC_PEER_INSIDE 0x01	/* the other end is in one of the policy's inside prefixes */
#define IMTC_PEER_OUTSIDE 0x02
#define IMTC_PEER_ALL 0x03

/* imtc_rule.domain_kind */
enum imtc_domain_kind {
	IMTC_DOMAIN_SUFFIX,	/* the domain and all below it */
	IMTC_DOMAIN_BELOW,	/* what is below it alone */
	IMTC_DOMAIN_EXACT,	/* that name alone */
};

/* What a set is of: prefixes, or words. */
enum imtc_set_kind {
	IMTC_SET_ADDRESSES,
	IMTC_SET_DOMAINS,	/* as in rules: "example.org", "*.example.org", "=example.org" */
	IMTC_SET_USERS,		/* numbers, in the initial user namespace: "1000" */
	IMTC_SET_PROGRAMS,	/* paths as the kernel knows them: "/usr/bin/irssi", no patterns */
	IMTC_SET_KINDS,
};

/* What a word of a set is asked as. */
enum imtc_word_as {
	IMTC_WORD_NAME,		/* a domain: the flow's whole name */
	IMTC_WORD_ABOVE,	/* the same: the name is below it */
	IMTC_WORD_USER,
	IMTC_WORD_PROGRAM,
};

/* imtc_rule.flags */
#define IMTC_RULE_LOG 0x07	/* mask: enum imtc_log, how an event of a decision is marked */
#define IMTC_RULE_OBSERVE 0x08	/* decided, counted and told, not carried out */

/*
 * Addresses are two halves of an IPv6 address, each in network byte order as it
 * lies in memory; IPv4 stands as ::ffff:a.b.c.d. A mask of zero matches any.
 */
struct imtc_prefix {
	u64 addr[2];
	u64 mask[2];
};

/* From first to last, in host byte order; last 0: any. */
struct imtc_ports {
	u16 first;
	u16 last;
};

struct imtc_rule {
	u64 services[IMTC_SERVICE_MAX / 64];	/* bit a service; all zero: any */
	struct imtc_prefix local;
	struct imtc_prefix remote;
	u32 id;			/* rule of the policy file, from 1 */
	u32 argument;		/* REDIRECT, MIRROR: ifindex; MARK: mark; LIMIT: rate; ASK: seconds */
	u16 features;		/* bit a feature; 0: any */
	u16 proc;		/* process pattern, 0: any */
	u8 directions;		/* IMTC_DIRECTION_*; 0: any */
	u8 encryptions;		/* bit an enum imtc_encryption; 0: any */
	u8 verdict;		/* enum imtc_verdict */
	u8 flags;		/* IMTC_RULE_* */
	u8 local_set;		/* number of the set that the address is in, 0: any */
	u8 remote_set;
	u8 confidence;		/* at least this enum imtc_confidence */
	u8 peers;		/* IMTC_PEER_*; 0: any */
	u32 parameters[IMTC_PARAMETERS];	/* IMTC_MARK_*, _LIMIT_*, _ASK_*; else zero */
	u32 ifindex;		/* device that the flow was first seen at; 0: any */
	struct imtc_ports local_port;
	struct imtc_ports remote_port;
	u8 domain_labels;	/* of the domain; 0: any name, or none */
	u8 domain_kind;		/* enum imtc_domain_kind */
	u8 schedule;		/* its number and IMTC_SCHEDULE_NOT; 0: any time */
	u8 domain_set;		/* number of the set that the name is in, 0: any */
	u64 domain;		/* its hash (imtc/policy_domain.h) */
	u32 rates[IMTC_RATES];	/* imtc/rate.h; 0: any */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_rule) == 144);
/* Entries of a BPF array: as large as a multiple of what their words take. */
IMTC_STATIC_ASSERT(sizeof(struct imtc_rule) % 16 == 0);

/* One prefix of a set; in a policy they are in no order. */
struct imtc_set_entry {
	struct imtc_prefix prefix;
	u32 set;		/* number of the set, from 1 */
	u32 reserved;
};

/* imtc_policy_head.flags */
#define IMTC_POLICY_OBSERVE 0x01	/* all of its rules, and its default, as IMTC_RULE_OBSERVE */
#define IMTC_POLICY_DOMAINS 0x02	/* a rule asks for the domain: else nobody need hash it */

/*
 * What a policy is besides its rules. Entry 0 of the BPF rule map. The inside
 * prefixes stand there behind the rules, one an entry, as the entry's `remote`.
 */
struct imtc_policy_head {
	u32 epoch;
	u32 count;		/* compiled rules */
	u8 default_verdict;	/* for IM flows that no rule matches */
	u8 on_failure;		/* verdict when none can be asked */
	u16 inside;		/* inside prefixes; none where no rule asks for them */
	u8 flags;		/* IMTC_POLICY_* */
	u8 reserved[3];
	char name[IMTC_NAME_BYTES];
	u64 loaded_ns;		/* CLOCK_MONOTONIC: flows that began before are not new to it */
	u8 pad[56];
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_policy_head) == sizeof(struct imtc_rule));

static __always_inline int imtc_verdict_has_device(u8 verdict)
{
	return verdict == IMTC_VERDICT_REDIRECT || verdict == IMTC_VERDICT_MIRROR;
}

static __always_inline int imtc_mark_is_valid(const u32 parameters[IMTC_PARAMETERS])
{
	u32 set = parameters[IMTC_MARK_SET];

	if (set & ~(u32)(IMTC_MARK_SETS_PRIORITY | IMTC_MARK_SETS_DSCP | IMTC_MARK_DSCP))
		return 0;
	if (!(set & IMTC_MARK_SETS_PRIORITY) && parameters[IMTC_MARK_PRIORITY])
		return 0;
	if (!(set & IMTC_MARK_SETS_DSCP) && set & IMTC_MARK_DSCP)
		return 0;
	return parameters[IMTC_MARK_MASK] || set;
}

static __always_inline int imtc_limit_is_valid(const u32 parameters[IMTC_PARAMETERS])
{
	return parameters[IMTC_LIMIT_BURST] && parameters[IMTC_LIMIT_BYTES] <= 1 &&
	       parameters[IMTC_LIMIT_MINUTE] <= 1;
}

static __always_inline int imtc_ask_is_valid(const u32 parameters[IMTC_PARAMETERS])
{
	return parameters[IMTC_ASK_OTHERWISE] >= IMTC_VERDICT_PASS &&
	       parameters[IMTC_ASK_OTHERWISE] <= IMTC_VERDICT_REJECT && !parameters[1] &&
	       !parameters[2];
}

static __always_inline int imtc_verdict_has_parameters(u8 verdict)
{
	return verdict == IMTC_VERDICT_MARK || verdict == IMTC_VERDICT_LIMIT ||
	       verdict == IMTC_VERDICT_ASK;
}

/* What a rule is asked about. */
struct imtc_facts {
	u64 local[2];		/* as in imtc_prefix */
	u64 remote[2];
	u16 service;
	u8 feature;
	u8 direction;		/* IMTC_DIRECTION_* bits */
	u8 encryption;		/* enum imtc_encryption */
	u8 confidence;		/* enum imtc_confidence */
	u8 peer;		/* one IMTC_PEER_* bit */
	u8 domain_labels;	/* of the flow's name; 0: none is known; saturates */
	u64 local_sets;		/* bit a set that holds the address */
	u64 remote_sets;
	u64 domain_sets;	/* bit a set that has the name */
	u16 local_port;		/* host byte order */
	u16 remote_port;
	u32 ifindex;		/* of the flow's first packet */
	u64 domain[IMTC_LABELS_MAX];	/* [n]: hash of the name's last n labels; 0: it has fewer */
	u32 schedules;		/* that are open, as in imtc_turn */
	u32 zero;
	u32 rates[IMTC_RATES];	/* its number in the rule's period; 0: it is not new */
	u64 procs[IMTC_PROC_WORDS];	/* bit a process pattern that the owner matches */
};

static __always_inline int imtc_prefix_matches(const struct imtc_prefix *p, const u64 addr[2])
{
	return (((addr[0] ^ p->addr[0]) & p->mask[0]) |
		((addr[1] ^ p->addr[1]) & p->mask[1])) == 0;
}

/* One end of the flow: its address is in the prefix, and in the set where one is asked for. */
static __always_inline int imtc_end_matches(const struct imtc_prefix *p, u8 set,
					    const u64 addr[2], u64 sets)
{
	return imtc_prefix_matches(p, addr) && (!set || sets >> (set & 63) & 1);
}

static __always_inline int imtc_port_matches(const struct imtc_ports *ports, u16 port)
{
	return !ports->last || (port >= ports->first && port <= ports->last);
}

/* Where the flow is: its ends and the device. */
static __always_inline int imtc_place_matches(const struct imtc_rule *r,
					      const struct imtc_facts *f)
{
	if (!imtc_end_matches(&r->local, r->local_set, f->local, f->local_sets) ||
	    !imtc_end_matches(&r->remote, r->remote_set, f->remote, f->remote_sets))
		return 0;
	if (!imtc_port_matches(&r->local_port, f->local_port) ||
	    !imtc_port_matches(&r->remote_port, f->remote_port))
		return 0;
	if (r->peers && !(r->peers & f->peer))
		return 0;
	return !r->ifindex || r->ifindex == f->ifindex;
}

static __always_inline int imtc_domain_matches(const struct imtc_rule *r,
					       const struct imtc_facts *f)
{
	u32 labels = r->domain_labels & (IMTC_LABELS_MAX - 1);

	if (r->domain_set && !(f->domain_sets >> (r->domain_set & 63) & 1))
		return 0;
	if (!labels)
		return 1;
	if (f->domain[labels] != r->domain)
		return 0;
	if (r->domain_kind == IMTC_DOMAIN_SUFFIX)
		return 1;
	return (r->domain_kind == IMTC_DOMAIN_BELOW) == (f->domain_labels > labels);
}

static __always_inline int imtc_time_matches(u8 schedule, u32 open)
{
	u32 shut = schedule & IMTC_SCHEDULE_NOT ? 1 : 0;

	return !schedule || (open >> ((schedule - 1) & 31) & 1) != shut;
}

static __always_inline int imtc_rule_has_rates(const struct imtc_rule *r)
{
	return r->rates[IMTC_RATE_FLOWS] | r->rates[IMTC_RATE_PEERS] ? 1 : 0;
}

static __always_inline int imtc_rates_match(const struct imtc_rule *r, const struct imtc_facts *f)
{
	for (int i = 0; i < IMTC_RATES; i++)
		if (r->rates[i] && !imtc_rate_exceeds(f->rates[i], r->rates[i]))
			return 0;
	return 1;
}

/* Does all hold that the rule asks for but rates? Only of such a flow they are counted. */
static __always_inline int imtc_rule_fits(const struct imtc_rule *r,
					     const struct imtc_facts *f)
{
	if ((r->services[0] | r->services[1]) &&
	    !(r->services[(f->service >> 6) & 1] >> (f->service & 63) & 1))
		return 0;
	if (r->features && !(r->features >> (f->feature & 15) & 1))
		return 0;
	if (r->directions && !(r->directions & f->direction))
		return 0;
	if (r->encryptions && !(r->encryptions >> (f->encryption & 7) & 1))
		return 0;
	if (r->confidence > f->confidence || !imtc_time_matches(r->schedule, f->schedules) ||
	    !imtc_place_matches(r, f))
		return 0;
	if (!imtc_domain_matches(r, f))
		return 0;
	if (r->proc &&
	    !(f->procs[(r->proc >> 6) % IMTC_PROC_WORDS] >> (r->proc & 63) & 1))
		return 0;
	return 1;
}

/* Does this one compiled rule match? Every criterion that is set must hold. */
static __always_inline int imtc_rule_matches(const struct imtc_rule *r,
					     const struct imtc_facts *f)
{
	return imtc_rule_fits(r, f) && imtc_rates_match(r, f);
}

/* Features that are asked for in a talk: those that SCRUB may be about, its argument. */
#define IMTC_SCRUB_FEATURES \
	(1 << IMTC_FEATURE_VOICE | 1 << IMTC_FEATURE_VIDEO | 1 << IMTC_FEATURE_FILE | \
	 1 << IMTC_FEATURE_IMAGE | 1 << IMTC_FEATURE_SCREEN | 1 << IMTC_FEATURE_GAME | \
	 1 << IMTC_FEATURE_REMOTE | 1 << IMTC_FEATURE_WHITEBOARD)

static __always_inline int imtc_scrub_is_valid(u32 features)
{
	return features && !(features & ~(u32)IMTC_SCRUB_FEATURES);
}

/* Can requests within the flow be written over? Not in what is a feature's own connection. */
static __always_inline int imtc_label_can_scrub(const struct imtc_label *label)
{
	return label->flags & IMTC_LABEL_WATCH && label->encryption == IMTC_ENCRYPTION_CLEAR &&
	       (label->service == IMTC_SERVICE_IRC || label->service == IMTC_SERVICE_SIP ||
		label->service == IMTC_SERVICE_OSCAR || label->service == IMTC_SERVICE_AIM ||
		label->service == IMTC_SERVICE_ICQ);
}

/*
 * What a rule's verdict is for a flow with this label. One that may still begin TLS,
 * or of which nothing was read, is not in clear yet; it is asked about again when it
 * shows what it is.
 */
static __always_inline u8 imtc_verdict_of(u8 verdict, const struct imtc_label *label)
{
	if (verdict == IMTC_VERDICT_SCRUB && !imtc_label_can_scrub(label))
		return IMTC_VERDICT_REJECT;
	if (verdict != IMTC_VERDICT_ENCRYPT)
		return verdict;
	return label->encryption == IMTC_ENCRYPTION_CLEAR ? IMTC_VERDICT_REJECT :
							    IMTC_VERDICT_PASS;
}

/*
 * What is done where `verdict` was decided: itself, or where it is only observed
 * nothing. Then the argument of PASS says what would have been done.
 */
static __always_inline u8 imtc_carried_out(u8 verdict, int observed, u32 *argument)
{
	if (!observed && verdict != IMTC_VERDICT_PASS)
		return verdict;
	*argument = verdict == IMTC_VERDICT_PASS ? 0 : verdict;
	return IMTC_VERDICT_PASS;
}

/* The verdict that a decision is counted as. */
static __always_inline u8 imtc_counted_as(u8 verdict, u32 argument)
{
	return verdict == IMTC_VERDICT_PASS && argument ? IMTC_VERDICT_OBSERVE : verdict;
}

#ifndef __bpf__
/* The first of n compiled rules that matches, or -1. BPF walks its map instead. */
static inline int imtc_rules_first(const struct imtc_rule *rules, u32 n,
				   const struct imtc_facts *f)
{
	for (u32 i = 0; i < n; i++)
		if (imtc_rule_matches(&rules[i], f))
			return (int)i;
	return -1;
}
#endif

#endif /* IMTC_POLICY_H */
