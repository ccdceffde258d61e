// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that are right in form and make no sense: that can never match, whatever
 * stands before them, or that change nothing. Each is a warning, and is only given
 * where it is certain.
 */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy_known.h"
#include "policy_tree.h"

/* What the signature files say, read when the first rule needs it. */
struct sense {
	const struct policy_tree *tree;
	const struct policy *policy;
	struct diag *diag;
	struct known known[IMTC_SERVICE_MAX];
	bool was_read;		/* they are in known */
	bool is_certain;	/* there are some */
};

/* --- services, and what can be told of them -------------------------------------- */

/* False where there are none on this host: then nothing is certain. */
static bool read_signatures(struct sense *sense)
{
	struct signatures *signatures = NULL;
	struct diag *errors;

	if (sense->was_read)
		return sense->is_certain;
	sense->was_read = true;
	/* Errors in them are said by "imctl signatures check" and by attach. */
	errors = diag_new();
	if (errors)
		signatures = signatures_read(signature_folders(NULL), errors);
	diag_free(errors);
	sense->is_certain = signatures && signatures->count;
	known_fill(sense->known, signatures);
	signatures_free(signatures);
	return sense->is_certain;
}

/* What the rule asks of a flow that no flow of the service has; bits. */
enum { LACKS_FEATURE = 1, LACKS_ENCRYPTION = 2, LACKS_PAYLOAD = 4 };

static unsigned int lacks(const struct imtc_rule *rule, const struct known *known)
{
	unsigned int what = 0;

	if (rule->features && !(rule->features & known->features))
		what |= LACKS_FEATURE;
	if (rule->encryptions == 1 << IMTC_ENCRYPTION_ENCRYPTED && !known->is_encrypted)
		what |= LACKS_ENCRYPTION;
	if (rule->confidence == IMTC_CONFIDENCE_PAYLOAD && !known->has_payload)
		what |= LACKS_PAYLOAD;
	return what;
}

static bool asks_for(const struct imtc_rule *rule, unsigned int service)
{
	return rule->services[service / 64] >> service % 64 & 1;
}

/* Does each of the rule's services lack something? *ret_all: what they all do. */
static bool each_lacks(const struct sense *sense, const struct imtc_rule *rule,
		       unsigned int *ret_all)
{
	unsigned int all = ~0u, one;

	for (unsigned int i = 1; i < IMTC_SERVICE_MAX; i++) {
		if (!asks_for(rule, i))
			continue;
		one = lacks(rule, &sense->known[i]);
		if (!one)
			return false;
		all &= one;
	}
	*ret_all = all;
	return rule->services[0] | rule->services[1];
}

static const char *sentence_of(unsigned int lacking)
{
	if (lacking & LACKS_FEATURE)
		return "of none of its services is such a feature ever told";
	if (lacking & LACKS_ENCRYPTION)
		return "its services are only told where they are in clear";
	if (lacking & LACKS_PAYLOAD)
		return "its services are told by names and addresses, never by payload";
	return "of none of its services is that told together";
}

static void check_services(struct sense *sense, const struct tree_rule *rule)
{
	unsigned int lacking;

	/* The files are only read where their word is needed. */
	if (each_lacks(sense, &rule->criteria, &lacking) && read_signatures(sense) &&
	    each_lacks(sense, &rule->criteria, &lacking))
		diag_message(sense->diag, DIAG_WARNING, &rule->at,
			     "rule \"%s\" can never match: %s", rule->name, sentence_of(lacking));
}

/* --- the peer and its addresses --------------------------------------------------- */

static bool is_within(const struct imtc_prefix *inner, const struct imtc_prefix *outer)
{
	for (int i = 0; i < 2; i++)
		if ((outer->mask[i] & ~inner->mask[i]) ||
		    ((outer->addr[i] ^ inner->addr[i]) & outer->mask[i]))
			return false;
	return true;
}

static bool may_be_peer(const struct imtc_prefix *remote, u8 peers, const struct prefix_list *inside)
{
	for (size_t i = 0; i < inside->count; i++) {
		bool is_in = is_within(remote, &inside->items[i]);

		if (peers == IMTC_PEER_OUTSIDE && is_in)
			return false;
		/* Two prefixes either hold one another or are apart. */
		if (peers == IMTC_PEER_INSIDE && (is_in || is_within(&inside->items[i], remote)))
			return true;
	}
	return peers == IMTC_PEER_OUTSIDE;
}

static void check_peer(struct sense *sense, const struct tree_rule *rule)
{
	u8 peers = rule->criteria.peers;

	/* A set may change while the policy runs. */
	if (!peers || peers == IMTC_PEER_ALL || !rule->remote.count || rule->remote_sets.count)
		return;
	for (size_t i = 0; i < rule->remote.count; i++)
		if (may_be_peer(&rule->remote.items[i], peers, &sense->tree->inside))
			return;
	diag_message(sense->diag, DIAG_WARNING, &rule->at,
		     "rule \"%s\" can never match: no remote address of it is %s", rule->name,
		     peers == IMTC_PEER_INSIDE ? "inside" : "outside");
}

static void check_inside(struct sense *sense)
{
	const struct document *document = sense->tree->document;
	config_setting_t *root = config_root_setting(&document->config);
	config_setting_t *inside = config_setting_get_member(root, "inside");
	struct diag_at at;

	if (!inside || sense->policy->inside_count)
		return;
	at = document_name_at(document, inside);
	diag_message(sense->diag, DIAG_WARNING, &at,
		     "\"inside\" changes nothing: no rule asks for the peer");
}

/* --- rules that other rules take all from ------------------------------------------- */

/* The first compiled rule of a rule, and how many there are. */
static const struct imtc_rule *compiled_of(const struct policy *policy, u32 id, size_t *ret_count)
{
	size_t low = 0, high = policy->compiled_count, count = 0;

	/* They are in the order of the rules. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (policy->compiled[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + count < policy->compiled_count && policy->compiled[low + count].id == id)
		count++;
	*ret_count = count;
	return &policy->compiled[low];
}

static struct imtc_rule criteria_of(const struct imtc_rule *compiled)
{
	struct imtc_rule criteria = *compiled;

	criteria.id = criteria.argument = 0;
	criteria.verdict = criteria.flags = 0;
	memset(criteria.parameters, 0, sizeof(criteria.parameters));
	return criteria;
}

static bool has_same_criteria(const struct policy *policy, u32 one, u32 other)
{
	size_t count, other_count;
	const struct imtc_rule *a = compiled_of(policy, one, &count);
	const struct imtc_rule *b = compiled_of(policy, other, &other_count);

	if (count != other_count)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct imtc_rule left = criteria_of(&a[i]), right = criteria_of(&b[i]);

		if (memcmp(&left, &right, sizeof(left)))
			return false;
	}
	return true;
}

static bool has_same_action(const struct tree_rule *a, const struct tree_rule *b)
{
	return a->criteria.verdict == b->criteria.verdict &&
	       a->criteria.flags == b->criteria.flags &&
	       a->criteria.argument == b->criteria.argument &&
	       !memcmp(a->criteria.parameters, b->criteria.parameters,
		       sizeof(a->criteria.parameters)) &&
	       !strcmp(a->redirect, b->redirect);
}

/* "a" (line 3), "b" (line 4) and more */
static void name_takers(const struct policy_tree *tree, const struct shadow *shadow, char *text,
			size_t size)
{
	size_t used = 0, named = sizeof(shadow->by) / sizeof(shadow->by[0]);

	if (shadow->count < named)
		named = shadow->count;
	for (size_t k = 0; k < named && used < size; k++) {
		const struct tree_rule *earlier = &tree->rules[shadow->by[k] - 1];

		used += (size_t)snprintf(text + used, size - used, "%s\"%s\" (line %d)",
					 k ? ", " : "", earlier->name, earlier->at.line);
	}
	if (shadow->count > named && used < size)
		snprintf(text + used, size - used, " and more");
}

static void warn_shadow(struct sense *sense, const struct shadow *shadow, size_t i)
{
	const struct policy_tree *tree = sense->tree;
	const struct tree_rule *rule = &tree->rules[i], *earlier = &tree->rules[shadow->by[0] - 1];
	char by[512] = "";

	if (shadow->count == 1 && has_same_criteria(sense->policy, shadow->by[0], (u32)i + 1)) {
		diag_message(sense->diag, DIAG_WARNING, &rule->at,
			     "rule \"%s\" can never match: \"%s\" (line %d) asks for the same and "
			     "%s", rule->name, earlier->name, earlier->at.line,
			     has_same_action(rule, earlier) ? "does the same" :
			     "contradicts it");
		return;
	}
	name_takers(tree, shadow, by, sizeof(by));
	diag_message(sense->diag, DIAG_WARNING, &rule->at,
		     "rule \"%s\" can never match: all it could is taken by %s", rule->name, by);
}

/* Does the rule do what is done where no rule matches? */
static bool is_default(const struct policy *policy, const struct tree_rule *rule)
{
	u8 flags = rule->criteria.flags;

	/* Who gives it tags or has it logged wants to hear of it. */
	if (flags & IMTC_RULE_LOG || rule->tags ||
	    rule->criteria.verdict != policy->default_verdict)
		return false;
	return policy->observe || !(flags & IMTC_RULE_OBSERVE);
}

/* The last rules, as far as they do what the default does: a name and a count is all they give. */
static void warn_default(struct sense *sense, const struct shadow *shadows)
{
	const struct policy_tree *tree = sense->tree;

	for (size_t i = tree->rule_count; i-- > 0;) {
		const struct tree_rule *rule = &tree->rules[i];

		if (shadows[i].count)
			continue;
		if (!is_default(sense->policy, rule))
			return;
		diag_message(sense->diag, DIAG_WARNING, &rule->at,
			     "rule \"%s\" changes no verdict: the default, \"%s\", does the same",
			     rule->name, action_name(sense->policy->default_verdict));
	}
}

/* --- all ------------------------------------------------------------------------------ */

static void check_order(struct sense *sense)
{
	const struct policy *policy = sense->policy;
	struct shadow *shadows = calloc(policy->rule_count + 1, sizeof(*shadows));

	if (shadows && !policy_find_shadows(policy, shadows)) {
		for (size_t i = 0; i < policy->rule_count; i++)
			if (shadows[i].count)
				warn_shadow(sense, &shadows[i], i);
		warn_default(sense, shadows);
	}
	free(shadows);
}

void policy_check_sense(const struct policy_tree *tree, const struct policy *policy,
			struct diag *diag)
{
	struct sense *sense = calloc(1, sizeof(*sense));

	/* Without memory for it, a policy without these warnings is still right. */
	if (!sense)
		return;
	sense->tree = tree;
	sense->policy = policy;
	sense->diag = diag;
	known_fill(sense->known, NULL);
	for (size_t i = 0; i < tree->rule_count; i++) {
		check_services(sense, &tree->rules[i]);
		check_peer(sense, &tree->rules[i]);
	}
	check_inside(sense);
	check_order(sense);
	free(sense);
}
