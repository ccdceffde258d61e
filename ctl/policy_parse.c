// SPDX-License-Identifier: GPL-2.0-only
/*
 * The road of a policy file: source, document, tree, compiled rules, and what
 * there is to warn of. Each stage stands alone; this strings them together.
 */
#include "names.h"
#include "policy_tree.h"

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
		policy_check_sense(&tree, policy, diag);
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
