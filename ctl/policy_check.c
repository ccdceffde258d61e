// SPDX-License-Identifier: GPL-2.0-only
/*
 * From libconfig's tree to a policy tree: which keys there are, what types they
 * have, and that nothing is missing or said twice. Goes on after an error.
 */
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_checker.h"
#include "policy_domain.h"
#include "policy_sets.h"

struct sets_target {
	struct checker *checker;
	u8 kind;
	struct diag_at at;
};

static void read_policy_name(struct checker *checker, config_setting_t *setting, void *target)
{
	(void)target;
	check_name(checker, setting, checker->tree->name);
}

static void read_default(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "allow", "drop", "reject", NULL };
	static const u8 verdicts[] = { IMTC_VERDICT_PASS, IMTC_VERDICT_DROP, IMTC_VERDICT_REJECT };
	int index = check_choice(checker, setting, words, "default");

	(void)target;
	if (index >= 0)
		checker->tree->default_verdict = verdicts[index];
}

static void read_on_failure(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "open", "closed", NULL };
	int index = check_choice(checker, setting, words, "on_failure");

	(void)target;
	if (index >= 0)
		checker->tree->on_failure = index ? IMTC_VERDICT_DROP : IMTC_VERDICT_PASS;
}

static void read_policy_mode(struct checker *checker, config_setting_t *setting, void *target)
{
	(void)target;
	check_mode(checker, setting, &checker->tree->observe);
}

static void read_rules(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_tree *tree = checker->tree;
	struct diag_at at = document_value_at(checker->document, setting);
	int count = config_setting_length(setting);
	char message[128];

	(void)target;
	/* Brackets hold scalars alone: an empty pair may stand for an empty list. */
	if (!config_setting_is_list(setting) && !(config_setting_is_array(setting) && !count)) {
		check_wrong_type(checker, setting, "rules",
				 "a list of rules, ( { ... }, { ... } )");
		return;
	}
	if (count > IMTC_RULES_MAX) {
		snprintf(message, sizeof(message), "%d rules are too many", count);
		check_say(checker, &at, message, "at most 16384", NULL);
		return;
	}
	tree->rules = calloc(count ? (size_t)count : 1, sizeof(*tree->rules));
	if (!tree->rules) {
		check_say(checker, &at, "out of memory", NULL, NULL);
		return;
	}
	tree->rule_count = (size_t)count;
	for (int i = 0; i < count; i++)
		check_rule_group(checker, config_setting_get_elem(setting, (unsigned int)i),
				 &tree->rules[i], (size_t)i + 1);
}

static bool take_sets(const char *pattern, void *target, struct value_error *error)
{
	struct sets_target *sets = target;

	(void)error;
	if (!policy_sets_glob(&sets->checker->tree->sets, pattern, sets->kind, &sets->at,
			      sets->checker->diag))
		sets->checker->failed = true;
	return true;
}

/* Before the rules that name them, wherever it stands. */
static void read_sets(struct checker *checker, config_setting_t *root)
{
	for (u8 kind = 0; kind < IMTC_SET_KINDS; kind++) {
		config_setting_t *setting = config_setting_get_member(root, set_kinds[kind].key);
		struct sets_target target = { .checker = checker, .kind = kind };

		if (!setting)
			continue;
		target.at = document_value_at(checker->document, setting);
		check_words(checker, setting, STRINGS, take_sets, &target);
	}
}

/* Text for people, on one line. */
static void read_contact(struct checker *checker, config_setting_t *setting, void *target)
{
	const char *text = check_string(checker, setting);
	struct value_error error = { .expected = "1 to 127 bytes of text on one line" };

	(void)target;
	if (!text)
		return;
	if (text[0] && strlen(text) < IMTC_CONTACT_BYTES && !text[strcspn(text, "\n\r\t\033")]) {
		snprintf(checker->tree->contact, IMTC_CONTACT_BYTES, "%s", text);
		return;
	}
	snprintf(error.message, sizeof(error.message), "no such contact");
	check_say_value(checker, setting, &error);
}

static void was_read(struct checker *checker, config_setting_t *setting, void *target)
{
	(void)checker;
	(void)setting;
	(void)target;
}

static const struct key policy_keys[] = {
	{ "name", read_policy_name },
	{ "contact", read_contact },
	{ "default", read_default },
	{ "on_failure", read_on_failure },
	{ "mode", read_policy_mode },
	{ "sets", was_read },
	{ "domain_sets", was_read },
	{ "user_sets", was_read },
	{ "program_sets", was_read },
	{ "groups", was_read },
	{ "schedules", was_read },
	{ "inside", read_inside },
	{ "rules", read_rules },
	{ NULL, NULL },
};

static int by_name(const void *left, const void *right)
{
	const struct tree_rule *a = *(const struct tree_rule *const *)left;
	const struct tree_rule *b = *(const struct tree_rule *const *)right;
	int order = strcmp(a->name, b->name);

	return order ? order
		     : (a->criteria.id > b->criteria.id) - (a->criteria.id < b->criteria.id);
}

/* Reports and hit counts go by name: two rules of one name could not be told apart. */
static void check_names(struct checker *checker)
{
	struct policy_tree *tree = checker->tree;
	struct tree_rule **sorted = calloc(tree->rule_count + 1, sizeof(struct tree_rule *));
	char message[512];

	if (!sorted) {
		checker->failed = true;
		return;
	}
	for (size_t i = 0; i < tree->rule_count; i++)
		sorted[i] = &tree->rules[i];
	qsort(sorted, tree->rule_count, sizeof(struct tree_rule *), by_name);
	for (size_t i = 1; i < tree->rule_count; i++) {
		const struct tree_rule *first = sorted[i - 1];

		if (!first->name[0] || strcmp(first->name, sorted[i]->name))
			continue;
		snprintf(message, sizeof(message), "two rules are named \"%s\", the first in %s:%d",
			 first->name, first->at.file, first->at.line);
		check_say(checker, &sorted[i]->at, message, "a name of its own", NULL);
	}
	free(sorted);
}

/* What is only looked at stops nothing, also where no verdict can be asked. */
static void check_observed(struct checker *checker, config_setting_t *root)
{
	config_setting_t *on_failure = config_setting_get_member(root, "on_failure");
	struct diag_at at;

	if (!checker->tree->observe || checker->tree->on_failure != IMTC_VERDICT_DROP)
		return;
	at = document_value_at(checker->document, on_failure);
	check_say(checker, &at, "a policy with mode = \"observe\" cannot fail closed",
		  "on_failure = \"open\"", NULL);
}

/* A policy without a name has its file's, without folder and ending. */
static void name_by_file(struct policy_tree *tree)
{
	const char *file = tree->document->source->files[0];
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	struct value_error error;
	size_t len = strcspn(base, ".");

	if (!len)
		len = strlen(base);
	if (len >= sizeof(tree->name))
		len = sizeof(tree->name) - 1;
	memcpy(tree->name, base, len);
	tree->name[len] = '\0';
	if (!value_name(tree->name, &error))
		snprintf(tree->name, sizeof(tree->name), "policy");
}

bool policy_check(struct policy_tree *tree, struct document *document, struct diag *diag)
{
	struct checker checker = { .tree = tree, .document = document, .diag = diag };
	config_setting_t *root = config_root_setting(&document->config);
	struct diag_at whole = { .file = document->source->files[0] };

	memset(tree, 0, sizeof(*tree));
	tree->document = document;
	tree->default_verdict = IMTC_VERDICT_PASS;
	tree->on_failure = IMTC_VERDICT_PASS;
	read_sets(&checker, root);
	check_groups(&checker, root);
	check_schedules(&checker, root);
	check_keys(&checker, root, "a policy", policy_keys, NULL);
	if (!config_setting_get_member(root, "rules"))
		check_say(&checker, &whole,
			  config_setting_length(root) ? "the policy has no rules"
						      : "the file holds no policy",
			  "rules = ( { ... }, ... )", NULL);
	check_observed(&checker, root);
	check_names(&checker);
	if (!config_setting_get_member(root, "inside") && !check_inside_default(tree))
		check_say(&checker, &whole, "out of memory", NULL, NULL);
	if (!tree->name[0])
		name_by_file(tree);
	return !checker.failed;
}

void policy_tree_free(struct policy_tree *tree)
{
	for (size_t i = 0; i < tree->rule_count; i++) {
		struct tree_rule *rule = &tree->rules[i];

		free(rule->local.items);
		free(rule->remote.items);
		free(rule->local_sets.items);
		free(rule->remote_sets.items);
		free(rule->local_ports.items);
		free(rule->remote_ports.items);
		free(rule->interfaces.items);
		domains_free(&rule->domains);
		free(rule->domain_sets.items);
		free(rule->schedules.items);
		free(rule->exe.items);
		free(rule->under.items);
		free(rule->comm.items);
		free(rule->cgroup.items);
		free(rule->unit.items);
		free(rule->container.items);
		free(rule->exe_sha256.items);
		free(rule->users.items);
		free(rule->exe_sets.items);
		free(rule->user_sets.items);
		free(rule->groups.items);
		json_object_put(rule->tags);
	}
	policy_sets_free(&tree->sets);
	schedules_free(&tree->schedules);
	free(tree->inside.items);
	memset(&tree->inside, 0, sizeof(tree->inside));
	free(tree->groups);
	tree->groups = NULL;
	tree->group_count = 0;
	free(tree->rules);
	tree->rules = NULL;
	tree->rule_count = 0;
}
