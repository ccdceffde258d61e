// SPDX-License-Identifier: GPL-2.0-only
/*
 * Criteria of how much begins: { more_than = 20; per = "minute"; }.
 */
#include "policy_checker.h"

static void read_more_than(struct checker *checker, config_setting_t *setting, void *target)
{
	u32 *rate = target, number;

	if (check_number(checker, setting, 1, IMTC_RATE_MAX, &number))
		*rate |= number;
}

static void read_per(struct checker *checker, config_setting_t *setting, void *target)
{
	u32 *rate = target;

	if (check_choice(checker, setting, check_periods, "period") == 1)
		*rate |= IMTC_RATE_MINUTE;
}

static const struct key rate_keys[] = {
	{ "more_than", read_more_than },
	{ "per", read_per },
	{ NULL, NULL },
};

static void read_rate(struct checker *checker, config_setting_t *setting, const char *name,
		      u32 *rate)
{
	struct diag_at at = document_value_at(checker->document, setting);

	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, name,
				 "a rate, { more_than = 20; per = \"minute\"; }");
		return;
	}
	check_keys(checker, setting, "a rate", rate_keys, rate);
	if (!config_setting_get_member(setting, "more_than"))
		check_say(checker, &at, "the rate has no number", "more_than = NUMBER", NULL);
}

void read_new_flows(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_rate(checker, setting, "new_flows", &rule->criteria.rates[IMTC_RATE_FLOWS]);
}

void read_new_peers(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	read_rate(checker, setting, "new_peers", &rule->criteria.rates[IMTC_RATE_PEERS]);
}
