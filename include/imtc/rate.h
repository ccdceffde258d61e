/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much begins: criteria that are met by the flows, or the peers, that come after
 * the first so many of a second or a minute. What is counted are flows that are new to
 * the policy and that a rule's other criteria match, of each rule, device, local
 * address and - where the module knows it - program.
 *
 * A count is one word: the time at which its period began, and how many came since.
 * The next period begins with the first that comes after a period's end. A flow keeps
 * the word that it found, so that it is counted once and its number stays when its
 * verdict is asked again; so does a peer until the period is over.
 */
#ifndef IMTC_RATE_H
#define IMTC_RATE_H

#include <imtc/types.h>

enum imtc_rate {
	IMTC_RATE_FLOWS,	/* new flows */
	IMTC_RATE_PEERS,	/* remote addresses of new flows, each counted once a period */
	IMTC_RATES,
};

/* imtc_rule.rates: 0, or a number from 1, and whether it is of a minute, else of a second. */
#define IMTC_RATE_MINUTE 0x80000000u
#define IMTC_RATE_MAX 1000000u

/* A word: milliseconds of CLOCK_MONOTONIC above, the number below; 0: none. */
#define IMTC_RATE_SHIFT 24
#define IMTC_RATE_NUMBER 0xffffffu

/* Whose word it is: a count's (remote and what is below it are zero), a peer's, a flow's. */
struct imtc_rate_key {
	u64 local[2];		/* as in imtc_facts */
	u64 remote[2];
	u64 first_ns;		/* of a flow: as in imtc_query */
	u32 ports;		/* of a flow: remote << 16 | local; 0: of a peer */
	u32 l4;			/* of a flow */
	u64 program;		/* a hash of it, 0: not known */
	u64 loaded_ns;		/* imtc_policy_head.loaded_ns */
	u32 rule;		/* imtc_rule.id */
	u32 ifindex;		/* as in imtc_facts */
	u32 which;		/* enum imtc_rate */
	u32 zero;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_rate_key) == 80);

/* Of a flow's key what makes it one, put aside. */
struct imtc_rate_flow {
	u64 remote[2];
	u64 first_ns;
	u32 ports;
	u32 l4;
};

static __always_inline int imtc_rate_is_valid(u32 rate)
{
	u32 number = rate & ~IMTC_RATE_MINUTE;

	return number ? number <= IMTC_RATE_MAX : !rate;
}

/* Is a flow or peer of this number one of those that the criterion is about? */
static __always_inline int imtc_rate_exceeds(u32 number, u32 rate)
{
	return number > (rate & ~IMTC_RATE_MINUTE);
}

static __always_inline u32 imtc_rate_number(u64 word)
{
	return word & IMTC_RATE_NUMBER;
}

/* Does the word's period still go on? A CPU may be a little behind the one that began it. */
static __always_inline int imtc_rate_is_current(u64 word, u32 rate, u64 now_ms)
{
	long long period = rate & IMTC_RATE_MINUTE ? 60000 : 1000;

	return word && (long long)(now_ms - (word >> IMTC_RATE_SHIFT)) < period;
}

/* A count's word with one more. */
static __always_inline u64 imtc_rate_more(u64 word, u32 rate, u64 now_ms)
{
	if (!imtc_rate_is_current(word, rate, now_ms))
		return now_ms << IMTC_RATE_SHIFT | 1;
	return imtc_rate_number(word) == IMTC_RATE_NUMBER ? word : word + 1;
}

#endif /* IMTC_RATE_H */
