/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hints: what is known of an address before a flow to it says anything, for
 * flows whose payload tells nothing. Map "hints": addresses learnt from DNS
 * answers and those that a control connection announced (an expectation: DCC,
 * OSCAR rendezvous, SDP, Jingle ...); map "prefixes": the signature files'.
 * The surest wins; a finding in the payload wins over all.
 *
 * service 0 with confidence DNS: names of several owners lead to the address (a
 * CDN's): it tells nothing until the hint expires.
 */
#ifndef IMTC_HINT_H
#define IMTC_HINT_H

#include <imtc/label.h>

/* IPv4 as ::ffff:a.b.c.d. Port 0 and l4 0: any, as DNS answers say nothing of them. */
struct imtc_hint_key {
	u32 addr[4];	/* __be32 */
	u16 port;	/* __be16 */
	u8 l4;		/* enum imtc_l4 */
	u8 reserved;
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_hint_key) == 20);

struct imtc_hint {
	u64 expires_ns;	/* CLOCK_MONOTONIC */
	u16 service;
	u8 feature;
	u8 confidence;	/* enum imtc_confidence: ADDRESS, PORT (an expectation) or DNS */
	u8 encryption;	/* enum imtc_encryption, 0: as the payload shows */
	u8 reserved[3];
};

/* Key of "prefixes", an LPM trie: bits of addr that count, IPv4 from 96 on. */
struct imtc_prefix_key {
	u32 bits;
	u32 addr[4];	/* __be32 */
};

/* How long an announced connection is waited for. */
#define IMTC_EXPECT_NS (120ULL * 1000000000ULL)
/* DNS: a record's TTL is kept within these bounds. */
#define IMTC_HINT_MIN_NS (60ULL * 1000000000ULL)
#define IMTC_HINT_MAX_NS (86400ULL * 1000000000ULL)

#endif /* IMTC_HINT_H */
