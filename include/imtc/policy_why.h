/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a compiled rule does not match: the first of its criteria that fails, for
 * people who ask. Never decides anything; imtc_rule_matches() does.
 */
#ifndef IMTC_POLICY_WHY_H
#define IMTC_POLICY_WHY_H

#include <imtc/policy.h>

/* In the order they are told. IMTC_CRITERION(ENUM, "word"), the word as in a policy file. */
#define IMTC_CRITERIA \
	IMTC_CRITERION(NONE, "") \
	IMTC_CRITERION(SERVICE, "service") \
	IMTC_CRITERION(FEATURE, "feature") \
	IMTC_CRITERION(DIRECTION, "direction") \
	IMTC_CRITERION(ENCRYPTED, "encrypted") \
	IMTC_CRITERION(CONFIDENCE, "confidence") \
	IMTC_CRITERION(LOCAL, "local") \
	IMTC_CRITERION(REMOTE, "remote") \
	IMTC_CRITERION(LOCAL_PORT, "local_port") \
	IMTC_CRITERION(REMOTE_PORT, "remote_port") \
	IMTC_CRITERION(PEER, "peer") \
	IMTC_CRITERION(INTERFACE, "interface") \
	IMTC_CRITERION(DOMAIN, "domain") \
	IMTC_CRITERION(SCHEDULE, "schedule") \
	IMTC_CRITERION(PROCESS, "process") \
	IMTC_CRITERION(NEW_FLOWS, "new_flows") \
	IMTC_CRITERION(NEW_PEERS, "new_peers") \
	IMTC_CRITERION(OTHER, "another criterion")

enum imtc_criterion {
#define IMTC_CRITERION(name, word) IMTC_CRITERION_##name,
	IMTC_CRITERIA
#undef IMTC_CRITERION
};

static inline enum imtc_criterion imtc_label_failing(const struct imtc_rule *r,
						     const struct imtc_facts *f)
{
	if ((r->services[0] | r->services[1]) &&
	    !(r->services[(f->service >> 6) & 1] >> (f->service & 63) & 1))
		return IMTC_CRITERION_SERVICE;
	if (r->features && !(r->features >> (f->feature & 15) & 1))
		return IMTC_CRITERION_FEATURE;
	if (r->directions && !(r->directions & f->direction))
		return IMTC_CRITERION_DIRECTION;
	if (r->encryptions && !(r->encryptions >> (f->encryption & 7) & 1))
		return IMTC_CRITERION_ENCRYPTED;
	return r->confidence > f->confidence ? IMTC_CRITERION_CONFIDENCE : IMTC_CRITERION_NONE;
}

static inline enum imtc_criterion imtc_place_failing(const struct imtc_rule *r,
						     const struct imtc_facts *f)
{
	if (!imtc_end_matches(&r->local, r->local_set, f->local, f->local_sets))
		return IMTC_CRITERION_LOCAL;
	if (!imtc_end_matches(&r->remote, r->remote_set, f->remote, f->remote_sets))
		return IMTC_CRITERION_REMOTE;
	if (!imtc_port_matches(&r->local_port, f->local_port))
		return IMTC_CRITERION_LOCAL_PORT;
	if (!imtc_port_matches(&r->remote_port, f->remote_port))
		return IMTC_CRITERION_REMOTE_PORT;
	if (r->peers && !(r->peers & f->peer))
		return IMTC_CRITERION_PEER;
	return r->ifindex && r->ifindex != f->ifindex ? IMTC_CRITERION_INTERFACE :
							IMTC_CRITERION_NONE;
}

/*
 * IMTC_CRITERION_NONE exactly where imtc_rule_matches() says yes: that is asked
 * first, so that this can name a wrong criterion but never another answer.
 */
static inline enum imtc_criterion imtc_rule_failing(const struct imtc_rule *r,
						    const struct imtc_facts *f)
{
	enum imtc_criterion failing;

	if (imtc_rule_matches(r, f))
		return IMTC_CRITERION_NONE;
	failing = imtc_label_failing(r, f);
	if (failing == IMTC_CRITERION_NONE)
		failing = imtc_place_failing(r, f);
	if (failing != IMTC_CRITERION_NONE)
		return failing;
	if (!imtc_domain_matches(r, f))
		return IMTC_CRITERION_DOMAIN;
	if (!imtc_time_matches(r->schedule, f->schedules))
		return IMTC_CRITERION_SCHEDULE;
	if (r->proc &&
	    !(f->procs[(r->proc >> 6) % IMTC_PROC_WORDS] >> (r->proc & 63) & 1))
		return IMTC_CRITERION_PROCESS;
	if (r->rates[IMTC_RATE_FLOWS] &&
	    !imtc_rate_exceeds(f->rates[IMTC_RATE_FLOWS], r->rates[IMTC_RATE_FLOWS]))
		return IMTC_CRITERION_NEW_FLOWS;
	return r->rates[IMTC_RATE_PEERS] &&
	       !imtc_rate_exceeds(f->rates[IMTC_RATE_PEERS], r->rates[IMTC_RATE_PEERS]) ?
	       IMTC_CRITERION_NEW_PEERS : IMTC_CRITERION_OTHER;
}

#endif /* IMTC_POLICY_WHY_H */
