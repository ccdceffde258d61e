// SPDX-License-Identifier: GPL-2.0-only
/*
 * From libconfig's tree to a policy tree: which keys there are, what types they
 * have, and that nothing is missing or said twice. Goes on after an error.
 */
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_tree.h"

struct checker {
	struct policy_tree *tree;
	struct document *document;
	struct diag *diag;
	bool failed;
};

/* A key of a group: what reads it, and into what, is the group's own. */
struct key {
	const char *name;
	void (*read)(struct checker *checker, config_setting_t *setting, void *target);
};

/* --- saying ----------------------------------------------------------------- */

static void say(struct checker *checker, const struct diag_at *at, const char *message,
		const char *expected, const char *found)
{
	struct diag_say text = { message, expected, found };

	checker->failed = true;
	diag_add(checker->diag, DIAG_ERROR, at, &text);
}

static void say_value(struct checker *checker, const config_setting_t *setting,
		      const struct value_error *error)
{
	struct diag_at at = document_value_at(checker->document, setting);

	say(checker, &at, error->message, error->expected[0] ? error->expected : NULL, NULL);
}

static void wrong_type(struct checker *checker, const config_setting_t *setting,
		       const char *name, const char *expected)
{
	struct diag_at at = document_value_at(checker->document, setting);
	char message[128], found[320];

	snprintf(message, sizeof(message), "wrong type of value for \"%s\"", name);
	document_describe(setting, found, sizeof(found));
	say(checker, &at, message, expected, found);
}

static void unknown_key(struct checker *checker, const config_setting_t *setting,
			const char *where, const struct key *keys)
{
	struct diag_at at = document_name_at(checker->document, setting);
	struct nearest search = { .word = config_setting_name(setting) };
	char message[160], expected[160] = "one of ";
	size_t used;

	for (const struct key *key = keys; key->name; key++) {
		nearest_offer(&search, key->name);
		used = strlen(expected);
		snprintf(expected + used, sizeof(expected) - used, "%s%s",
			 key == keys ? "" : ", ", key->name);
	}
	if (search.best)
		snprintf(message, sizeof(message),
			 "unknown key \"%.40s\" in %s; did you mean \"%s\"?", search.word, where,
			 search.best);
	else
		snprintf(message, sizeof(message), "unknown key \"%.40s\" in %s", search.word,
			 where);
	say(checker, &at, message, expected, NULL);
}

/* --- reading by type -------------------------------------------------------- */

static void read_keys(struct checker *checker, config_setting_t *group, const char *where,
		      const struct key *keys, void *target)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *setting = config_setting_get_elem(group, (unsigned int)i);
		const struct key *key = keys;

		while (key->name && strcmp(key->name, config_setting_name(setting)))
			key++;
		if (key->name)
			key->read(checker, setting, target);
		else
			unknown_key(checker, setting, where, keys);
	}
}

/* NULL, and said, where it is no string. */
static const char *read_string(struct checker *checker, config_setting_t *setting)
{
	if (config_setting_type(setting) == CONFIG_TYPE_STRING)
		return config_setting_get_string(setting);
	wrong_type(checker, setting, config_setting_name(setting), "a string in quotes");
	return NULL;
}

static bool read_bool(struct checker *checker, config_setting_t *setting, bool *ret_value)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
		wrong_type(checker, setting, config_setting_name(setting), "true or false");
		return false;
	}
	*ret_value = config_setting_get_bool(setting);
	return true;
}

/* Takes one word of a list; the setting is for the position. False: said in error. */
typedef bool (*take_word)(const char *word, void *target, struct value_error *error);

enum word_types { STRINGS, STRINGS_AND_NUMBERS };

static void read_word(struct checker *checker, config_setting_t *setting, const char *name,
		      enum word_types types, take_word take, void *target)
{
	bool is_int = config_setting_type(setting) == CONFIG_TYPE_INT ||
		      config_setting_type(setting) == CONFIG_TYPE_INT64;
	struct value_error error = { 0 };
	char number[32];
	const char *word;

	if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
		word = config_setting_get_string(setting);
	} else if (is_int && types == STRINGS_AND_NUMBERS) {
		snprintf(number, sizeof(number), "%lld", config_setting_get_int64(setting));
		word = number;
	} else {
		wrong_type(checker, setting, name, types == STRINGS ?
			   "a string, or a list of strings" :
			   "a name in quotes, a number, or a list of these");
		return;
	}
	if (!take(word, target, &error))
		say_value(checker, setting, &error);
}

/* One word, or a list of them; an empty list would match nothing. */
static void read_words(struct checker *checker, config_setting_t *setting,
		       enum word_types types, take_word take, void *target)
{
	const char *name = config_setting_name(setting);
	struct diag_at at;
	char message[128];

	if (!config_setting_is_list(setting) && !config_setting_is_array(setting)) {
		read_word(checker, setting, name, types, take, target);
		return;
	}
	for (int i = 0; i < config_setting_length(setting); i++)
		read_word(checker, config_setting_get_elem(setting, (unsigned int)i), name,
			  types, take, target);
	if (config_setting_length(setting))
		return;
	at = document_value_at(checker->document, setting);
	snprintf(message, sizeof(message), "\"%s\" is an empty list, which nothing matches", name);
	say(checker, &at, message, "at least one element, or no such key for any", NULL);
}

/* --- lists that grow -------------------------------------------------------- */

/* Room for one more item; NULL without memory. Doubles at powers of two. */
static void *grow(void *items, size_t count, size_t item_bytes)
{
	if (count & (count - 1))
		return items;
	return reallocarray(items, count ? count * 2 : 1, item_bytes);
}

static bool no_memory(struct value_error *error)
{
	snprintf(error->message, sizeof(error->message), "out of memory");
	return false;
}

static bool add_string(struct string_list *list, const char *word, struct value_error *error)
{
	const char **items = grow(list->items, list->count, sizeof(*items));

	if (!items)
		return no_memory(error);
	list->items = items;
	items[list->count++] = word;
	return true;
}

static bool add_number(struct number_list *list, u32 number, struct value_error *error)
{
	u32 *items = grow(list->items, list->count, sizeof(*items));

	if (!items)
		return no_memory(error);
	list->items = items;
	items[list->count++] = number;
	return true;
}

static bool take_prefix(const char *word, void *target, struct value_error *error)
{
	struct prefix_list *list = target;
	struct imtc_prefix prefix, *items;

	if (!value_prefix(word, &prefix, error))
		return false;
	items = grow(list->items, list->count, sizeof(*items));
	if (!items)
		return no_memory(error);
	list->items = items;
	items[list->count++] = prefix;
	return true;
}

static bool take_exe(const char *word, void *target, struct value_error *error)
{
	return value_exe(word, error) && add_string(target, word, error);
}

static bool take_comm(const char *word, void *target, struct value_error *error)
{
	return value_comm(word, error) && add_string(target, word, error);
}

static bool take_cgroup(const char *word, void *target, struct value_error *error)
{
	return value_cgroup(word, error) && add_string(target, word, error);
}

static bool take_user(const char *word, void *target, struct value_error *error)
{
	u32 uid;

	return value_user(word, &uid, error) && add_number(target, uid, error);
}

static bool take_group(const char *word, void *target, struct value_error *error)
{
	u32 gid;

	return value_group(word, &gid, error) && add_number(target, gid, error);
}

static bool take_service(const char *word, void *target, struct value_error *error)
{
	struct imtc_rule *rule = target;

	return value_services(word, rule->services, error);
}

static bool take_feature(const char *word, void *target, struct value_error *error)
{
	struct imtc_rule *rule = target;

	return value_feature(word, &rule->features, error);
}

/* --- process ---------------------------------------------------------------- */

static void read_exe(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_exe, &rule->exe);
}

static void read_comm(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_comm, &rule->comm);
}

static void read_cgroup(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_cgroup, &rule->cgroup);
}

static void read_user(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS_AND_NUMBERS, take_user, &rule->users);
}

static void read_group(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS_AND_NUMBERS, take_group, &rule->groups);
}

static const struct key process_keys[] = {
	{ "exe", read_exe }, { "comm", read_comm }, { "user", read_user },
	{ "group", read_group }, { "cgroup", read_cgroup }, { NULL, NULL },
};

static void read_process(struct checker *checker, config_setting_t *setting, void *target)
{
	struct diag_at at = document_value_at(checker->document, setting);

	if (!config_setting_is_group(setting)) {
		wrong_type(checker, setting, "process", "a group such as { exe = \"/usr/bin/irssi\"; }");
		return;
	}
	if (!config_setting_length(setting))
		say(checker, &at, "\"process\" names no process",
		    "at least one of exe, comm, user, group, cgroup", NULL);
	read_keys(checker, setting, "\"process\"", process_keys, target);
}

/* --- a rule ----------------------------------------------------------------- */

static void read_service(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_service, &rule->criteria);
}

static void read_feature(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_feature, &rule->criteria);
}

static void read_local(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_prefix, &rule->local);
}

static void read_remote(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_words(checker, setting, STRINGS, take_prefix, &rule->remote);
}

/* A string that is one of the words; its index, or -1 and said. */
static int read_choice(struct checker *checker, config_setting_t *setting,
		       const char *const *words, const char *what)
{
	const char *word = read_string(checker, setting);
	struct value_error error = { 0 };
	int index = word ? value_word(word, words, what, &error) : -1;

	if (word && index < 0)
		say_value(checker, setting, &error);
	return index;
}

static void read_direction(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "out", "in", NULL };
	static const u8 bits[] = { IMTC_DIRECTION_OUT, IMTC_DIRECTION_IN };
	struct tree_rule *rule = target;
	int index = read_choice(checker, setting, words, "direction");

	if (index >= 0)
		rule->criteria.directions = bits[index];
}

static void read_encrypted(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	bool encrypted;

	if (read_bool(checker, setting, &encrypted))
		rule->criteria.encryptions = encrypted ? 1 << IMTC_ENCRYPTION_ENCRYPTED :
							 1 << IMTC_ENCRYPTION_CLEAR;
}

static void read_log(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	bool log;

	if (read_bool(checker, setting, &log) && log)
		rule->criteria.flags |= IMTC_RULE_LOG;
}

static void read_verdict(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "allow", "drop", "reject", "redirect", NULL };
	static const u8 verdicts[] = { IMTC_VERDICT_PASS, IMTC_VERDICT_DROP, IMTC_VERDICT_REJECT,
				       IMTC_VERDICT_REDIRECT };
	struct tree_rule *rule = target;
	int index = read_choice(checker, setting, words, "verdict");

	if (index >= 0)
		rule->criteria.verdict = verdicts[index];
}

static void read_device(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	const char *device = read_string(checker, setting);
	struct value_error error = { 0 };

	if (!device)
		return;
	if (value_device(device, &error))
		snprintf(rule->redirect, sizeof(rule->redirect), "%s", device);
	else
		say_value(checker, setting, &error);
}

/* Of the policy and of rules. */
static void read_name(struct checker *checker, config_setting_t *setting, char *name)
{
	const char *text = read_string(checker, setting);
	struct value_error error = { 0 };

	if (!text)
		return;
	if (value_name(text, &error))
		snprintf(name, IMTC_NAME_BYTES, "%s", text);
	else
		say_value(checker, setting, &error);
}

static void read_rule_name(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_name(checker, setting, rule->name);
	rule->at = document_value_at(checker->document, setting);
}

static const struct key rule_keys[] = {
	{ "name", read_rule_name }, { "service", read_service }, { "feature", read_feature },
	{ "direction", read_direction }, { "process", read_process }, { "local", read_local },
	{ "remote", read_remote }, { "encrypted", read_encrypted }, { "verdict", read_verdict },
	{ "device", read_device }, { "log", read_log }, { NULL, NULL },
};

/* What a rule must have, beside keys that are right one by one. */
static void check_rule(struct checker *checker, config_setting_t *setting,
		       const struct tree_rule *rule)
{
	bool redirects = rule->criteria.verdict == IMTC_VERDICT_REDIRECT;
	config_setting_t *device = config_setting_get_member(setting, "device");
	config_setting_t *verdict = config_setting_get_member(setting, "verdict");
	struct diag_at at;

	if (!verdict)
		say(checker, &rule->at, "the rule has no verdict",
		    "verdict = \"allow\", \"drop\", \"reject\" or \"redirect\"", NULL);
	if (redirects && !device) {
		at = document_value_at(checker->document, verdict);
		say(checker, &at, "\"redirect\" needs a device", "device = \"NAME\" in this rule",
		    NULL);
	}
	if (!redirects && device && rule->criteria.verdict) {
		at = document_name_at(checker->document, device);
		say(checker, &at, "only the verdict \"redirect\" takes a device",
		    "verdict = \"redirect\", or no device", NULL);
	}
}

static void read_rule(struct checker *checker, config_setting_t *setting, struct tree_rule *rule,
		      size_t number)
{
	rule->at = document_value_at(checker->document, setting);
	rule->criteria.id = (u32)number;
	if (!config_setting_is_group(setting)) {
		wrong_type(checker, setting, "rules", "a rule, { ... }");
		return;
	}
	read_keys(checker, setting, "a rule", rule_keys, rule);
	check_rule(checker, setting, rule);
	if (!rule->name[0])
		snprintf(rule->name, sizeof(rule->name), "rule %zu", number);
}

/* --- the policy ------------------------------------------------------------- */

static void read_policy_name(struct checker *checker, config_setting_t *setting, void *target)
{
	(void)target;
	read_name(checker, setting, checker->tree->name);
}

static void read_default(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "allow", "drop", "reject", NULL };
	static const u8 verdicts[] = { IMTC_VERDICT_PASS, IMTC_VERDICT_DROP,
				       IMTC_VERDICT_REJECT };
	int index = read_choice(checker, setting, words, "default");

	(void)target;
	if (index >= 0)
		checker->tree->default_verdict = verdicts[index];
}

static void read_on_failure(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "open", "closed", NULL };
	int index = read_choice(checker, setting, words, "on_failure");

	(void)target;
	if (index >= 0)
		checker->tree->on_failure = index ? IMTC_VERDICT_DROP : IMTC_VERDICT_PASS;
}

static void read_rules(struct checker *checker, config_setting_t *setting, void *target)
{
	struct policy_tree *tree = checker->tree;
	struct diag_at at = document_value_at(checker->document, setting);
	int count = config_setting_length(setting);
	char message[128];

	(void)target;
	/* Brackets hold scalars alone: an empty pair may stand for an empty list. */
	if (!config_setting_is_list(setting) &&
	    !(config_setting_is_array(setting) && !count)) {
		wrong_type(checker, setting, "rules", "a list of rules, ( { ... }, { ... } )");
		return;
	}
	if (count > IMTC_RULES_MAX) {
		snprintf(message, sizeof(message), "%d rules are too many", count);
		say(checker, &at, message, "at most 16384", NULL);
		return;
	}
	tree->rules = calloc(count ? (size_t)count : 1, sizeof(*tree->rules));
	if (!tree->rules) {
		say(checker, &at, "out of memory", NULL, NULL);
		return;
	}
	tree->rule_count = (size_t)count;
	for (int i = 0; i < count; i++)
		read_rule(checker, config_setting_get_elem(setting, (unsigned int)i),
			  &tree->rules[i], (size_t)i + 1);
}

static const struct key policy_keys[] = {
	{ "name", read_policy_name }, { "default", read_default },
	{ "on_failure", read_on_failure }, { "rules", read_rules }, { NULL, NULL },
};

static int by_name(const void *left, const void *right)
{
	const struct tree_rule *a = *(const struct tree_rule *const *)left;
	const struct tree_rule *b = *(const struct tree_rule *const *)right;
	int order = strcmp(a->name, b->name);

	return order ? order : (a->criteria.id > b->criteria.id) - (a->criteria.id < b->criteria.id);
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
		say(checker, &sorted[i]->at, message, "a name of its own", NULL);
	}
	free(sorted);
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
	read_keys(&checker, root, "a policy", policy_keys, NULL);
	if (!config_setting_get_member(root, "rules"))
		say(&checker, &whole, config_setting_length(root) ? "the policy has no rules" :
		    "the file holds no policy", "rules = ( { ... }, ... )", NULL);
	check_names(&checker);
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
		free(rule->exe.items);
		free(rule->comm.items);
		free(rule->cgroup.items);
		free(rule->users.items);
		free(rule->groups.items);
	}
	free(tree->rules);
	tree->rules = NULL;
	tree->rule_count = 0;
}
