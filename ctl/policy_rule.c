// SPDX-License-Identifier: GPL-2.0-only
/*
 * One rule of a policy: its keys, and what a rule must have.
 */
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_checker.h"
#include "policy_sets.h"

/* --- words ------------------------------------------------------------------ */

static bool take_feature(const char *word, void *target, struct value_error *error)
{
	struct imtc_rule *rule = target;

	return value_feature(word, &rule->features, error);
}

/* --- a rule ----------------------------------------------------------------- */

static void read_service(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_services(checker, setting, rule->criteria.services);
}

static void read_feature(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_feature, &rule->criteria);
}

static void read_encrypted(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	bool encrypted;

	if (check_bool(checker, setting, &encrypted))
		rule->criteria.encryptions =
			encrypted ? 1 << IMTC_ENCRYPTION_ENCRYPTED : 1 << IMTC_ENCRYPTION_CLEAR;
}

static void read_confidence(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "address", "port", "dns", "name", "payload", NULL };
	struct tree_rule *rule = target;
	int index = check_choice(checker, setting, words, "confidence");

	/* In the order of enum imtc_confidence, from the least sure. */
	if (index >= 0)
		rule->criteria.confidence = (u8)(IMTC_CONFIDENCE_ADDRESS + index);
}

static void read_rule_name(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_name(checker, setting, rule->name);
	rule->at = document_value_at(checker->document, setting);
}

static const struct key rule_keys[] = {
	{ "name", read_rule_name },
	{ "service", read_service },
	{ "feature", read_feature },
	{ "direction", read_direction },
	{ "process", read_process },
	{ "local", read_local },
	{ "local_port", read_local_port },
	{ "remote", read_remote },
	{ "remote_port", read_remote_port },
	{ "peer", read_peer },
	{ "interface", read_interface },
	{ "domain", read_domain },
	{ "encrypted", read_encrypted },
	{ "schedule", read_rule_schedule },
	{ "confidence", read_confidence },
	{ "new_flows", read_new_flows },
	{ "new_peers", read_new_peers },
	{ "verdict", action_read_verdict },
	{ "device", action_read_device },
	{ "log", action_read_log },
	{ "mode", action_read_mode },
	{ "tags", read_tags },
	{ "mark", action_read_mark },
	{ "mask", action_read_mask },
	{ "priority", action_read_priority },
	{ "dscp", action_read_dscp },
	{ "rate", action_read_rate },
	{ "unit", action_read_unit },
	{ "per", action_read_per },
	{ "timeout", action_read_timeout },
	{ "otherwise", action_read_otherwise },
	{ "burst", action_read_burst },
	{ NULL, NULL },
};

void check_rule_group(struct checker *checker, config_setting_t *setting, struct tree_rule *rule,
		      size_t number)
{
	rule->at = document_value_at(checker->document, setting);
	rule->criteria.id = (u32)number;
	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "rules", "a rule, { ... }");
		return;
	}
	check_keys(checker, setting, "a rule", rule_keys, rule);
	action_check(checker, setting, rule);
	if (!rule->name[0])
		snprintf(rule->name, sizeof(rule->name), "rule %zu", number);
}
