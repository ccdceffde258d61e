/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains of rules, as words. A compiled rule has the hash of its domain: in imctl
 * under no seed, in the maps under that of the programs.
 */
#ifndef IMCTL_POLICY_DOMAIN_H
#define IMCTL_POLICY_DOMAIN_H

#include "policy_tree.h"

extern const u64 policy_no_seed[2];

/* What may stand in "domain", in lower case and without a last dot, into text. */
bool value_domain(const char *word, char text[IMTC_DOMAIN_PATTERN_BYTES],
		  struct value_error *error);
void domains_free(struct string_list *domains);
/* The domain that a rule of policy->compiled asks for; NULL: none. */
const char *policy_domain(const struct policy *policy, const struct imtc_rule *rule);
/* The hashes of a copy of policy->compiled, under another seed. */
void policy_seed_domains(const struct policy *policy, struct imtc_rule *rules, const u64 seed[2]);

#endif /* IMCTL_POLICY_DOMAIN_H */
