// SPDX-License-Identifier: GPL-2.0-only
/*
 * Domains of rules: what may be written, and the words that compiled rules have
 * besides their hash.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <imtc/policy_domain.h>

#include "policy_checker.h"
#include "policy_domain.h"
#include "policy_sets.h"

const u64 policy_no_seed[2];

/* --- words ------------------------------------------------------------------ */

static bool wrong(struct value_error *error, const char *word, const char *what,
		  const char *expected)
{
	snprintf(error->message, sizeof(error->message), "\"%.200s\" %s", word, what);
	snprintf(error->expected, sizeof(error->expected), "%s", expected);
	return false;
}

static bool has_letter(const char *text)
{
	while (*text && !isalpha((unsigned char)*text))
		text++;
	return *text;
}

bool value_domain(const char *word, char text[IMTC_DOMAIN_PATTERN_BYTES],
		  struct value_error *error)
{
	const char *expected = "\"example.org\", \"*.example.org\" or \"=example.org\"";
	struct imtc_rule rule = { 0 };
	size_t len = strlen(word);

	for (const char *c = word; *c; c++)
		if ((unsigned char)*c >= 0x80)
			return wrong(error, word, "is not how the name is sent",
				     "its form for the wire, \"xn--...\"");
	/* Of 255 bytes and the NUL: "*." and the longest name. */
	if (len >= IMTC_DOMAIN_PATTERN_BYTES)
		return wrong(error, word, "is too long for a domain", "at most 253 bytes");
	if (len > 1 && word[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		text[i] = (char)tolower((unsigned char)word[i]);
	text[len] = '\0';
	if (!imtc_rule_domain(&rule, text, policy_no_seed)) {
		if (!has_letter(text))
			return wrong(error, word, "is no domain: it has no letter",
				     "for addresses, \"remote\" or \"local\"");
		return true;
	}
	if (imtc_domain_labels(text) >= IMTC_LABELS_MAX)
		return wrong(error, word, "has too many parts", "at most 15, with dots between");
	return wrong(error, word, "is no domain", expected);
}

/* A string of the tree's own; known once it is in the list. */
static bool take_domain(const char *word, void *target, struct value_error *error)
{
	char text[IMTC_DOMAIN_PATTERN_BYTES], *copy;
	struct set_target *domain = target;
	struct string_list *list = &domain->rule->domains;

	if (word[0] == '@')
		return policy_sets_take(word + 1, domain->known, IMTC_SET_DOMAINS,
					&domain->rule->domain_sets, error);
	if (!value_domain(word, text, error))
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], text))
			return true;
	copy = strdup(text);
	if (copy && list_add_string(list, copy, error))
		return true;
	free(copy);
	snprintf(error->message, sizeof(error->message), "out of memory");
	return false;
}

void read_domain(struct checker *checker, config_setting_t *setting, void *target)
{
	struct set_target domain = { .rule = target, .known = &checker->tree->sets };

	check_words(checker, setting, STRINGS, take_domain, &domain);
}

void domains_free(struct string_list *domains)
{
	for (size_t i = 0; i < domains->count; i++)
		free((char *)domains->items[i]);
	free(domains->items);
}

/* --- compiled rules --------------------------------------------------------- */

const char *policy_domain(const struct policy *policy, const struct imtc_rule *rule)
{
	size_t i = (size_t)(rule - policy->compiled);

	return rule->domain_labels && policy->domains && i < policy->compiled_count ?
	       policy->domains[i] : NULL;
}

void policy_seed_domains(const struct policy *policy, struct imtc_rule *rules, const u64 seed[2])
{
	for (size_t i = 0; i < policy->compiled_count; i++)
		if (rules[i].domain_labels && policy->domains && policy->domains[i])
			imtc_rule_domain(&rules[i], policy->domains[i], seed);
}
