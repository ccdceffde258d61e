// SPDX-License-Identifier: GPL-2.0-only
/*
 * The road of a policy file: source, document, tree, compiled rules, and what
 * there is to warn of. Each stage stands alone; this strings them together.
 */
#include <errno.h>
#include <stdlib.h>

#include "names.h"
#include "policy_tree.h"

static void warn_shadow(const struct policy_tree *tree, const struct shadow *shadow, size_t i,
			struct diag *diag)
{
	const struct tree_rule *rule = &tree->rules[i];
	char by[512] = "";
	size_t used = 0, named = sizeof(shadow->by) / sizeof(shadow->by[0]);

	if (shadow->count < named)
		named = shadow->count;
	for (size_t k = 0; k < named && used < sizeof(by); k++) {
		const struct tree_rule *earlier = &tree->rules[shadow->by[k] - 1];

		used += (size_t)snprintf(by + used, sizeof(by) - used, "%s\"%s\" (line %d)",
					 k ? ", " : "", earlier->name, earlier->at.line);
	}
	if (shadow->count > named && used < sizeof(by))
		snprintf(by + used, sizeof(by) - used, " and more");
	diag_message(diag, DIAG_WARNING, &rule->at,
		     "rule \"%s\" can never match: all it could is taken by %s", rule->name, by);
}

static int warn_shadows(const struct policy_tree *tree, const struct policy *policy,
			struct diag *diag)
{
	struct shadow *shadows = calloc(policy->rule_count + 1, sizeof(*shadows));
	int error = shadows ? policy_find_shadows(policy, shadows) : -ENOMEM;

	for (size_t i = 0; !error && i < policy->rule_count; i++)
		if (shadows[i].count)
			warn_shadow(tree, &shadows[i], i, diag);
	free(shadows);
	return error;
}

static void warn_empty(const struct policy_tree *tree, struct diag *diag)
{
	struct diag_at at = { .file = tree->document->source->files[0] };

	if (!tree->rule_count)
		diag_message(diag, DIAG_WARNING, &at,
			     "there are no rules: the default, \"%s\", is all there is",
			     action_name(tree->default_verdict));
}

static struct policy *compile(struct document *document, struct diag *diag)
{
	struct policy *policy = NULL;
	struct policy_tree tree;

	if (policy_check(&tree, document, diag))
		policy = policy_lower(&tree, diag);
	if (policy) {
		warn_empty(&tree, diag);
		policy_check_host(&tree, diag);
		/* Without memory for it, a policy without these warnings is still right. */
		warn_shadows(&tree, policy, diag);
	}
	policy_tree_free(&tree);
	return policy;
}

static struct policy *compile_source(struct source *source, struct diag *diag)
{
	struct document *document = source ? document_parse(source, diag) : NULL;
	struct policy *policy = document ? compile(document, diag) : NULL;

	document_free(document);
	return policy;
}

struct policy *policy_read(const char *file, struct diag *diag)
{
	return compile_source(source_read(file, diag), diag);
}

struct policy *policy_read_bytes(const char *file, const char *bytes, size_t len,
				 struct diag *diag)
{
	return compile_source(source_from(file, bytes, len, diag), diag);
}
