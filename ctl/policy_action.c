// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule of a policy does: its verdict with what belongs to it, how it is
 * logged, and whether it is carried out.
 */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy_checker.h"

/* --- log and mode ----------------------------------------------------------- */

/* true is "info". */
void action_read_log(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "debug", "info", "notice", "warning", "error",
					     "critical", "alert", NULL };
	struct tree_rule *rule = target;
	int index;

	if (config_setting_type(setting) == CONFIG_TYPE_BOOL) {
		if (config_setting_get_bool(setting))
			rule->criteria.flags |= IMTC_LOG_INFO;
		return;
	}
	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		check_wrong_type(checker, setting, "log",
				 "true, false or a level such as \"warning\"");
		return;
	}
	index = check_choice(checker, setting, words, "level");
	if (index >= 0)
		rule->criteria.flags |= (u8)log_number(words[index]);
}

void action_read_mode(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	bool observe = false;

	check_mode(checker, setting, &observe);
	if (observe)
		rule->criteria.flags |= IMTC_RULE_OBSERVE;
}

/* --- the verdict ------------------------------------------------------------ */

void action_read_verdict(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "allow", "drop", "reject", "redirect", "mirror",
					     "mark", "limit", "require-encryption", "ask",
					     "scrub", NULL };
	static const u8 verdicts[] = { IMTC_VERDICT_PASS, IMTC_VERDICT_DROP, IMTC_VERDICT_REJECT,
				       IMTC_VERDICT_REDIRECT, IMTC_VERDICT_MIRROR,
				       IMTC_VERDICT_MARK, IMTC_VERDICT_LIMIT,
				       IMTC_VERDICT_ENCRYPT, IMTC_VERDICT_ASK, IMTC_VERDICT_SCRUB };
	struct tree_rule *rule = target;
	int index = check_choice(checker, setting, words, "verdict");

	if (index >= 0)
		rule->criteria.verdict = verdicts[index];
}

void action_read_device(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	const char *device = check_string(checker, setting);
	struct value_error error = { 0 };

	if (!device)
		return;
	if (value_device(device, &error))
		snprintf(rule->redirect, sizeof(rule->redirect), "%s", device);
	else
		check_say_value(checker, setting, &error);
}

#define WORD_MAX 0xffffffffLL

void action_read_mark(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_number(checker, setting, 0, WORD_MAX, &rule->mark);
}

void action_read_mask(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	rule->has_mask = check_number(checker, setting, 1, WORD_MAX, &rule->mask);
}

/* A number, or a class as tc writes it: "1:10", both parts hexadecimal. */
void action_read_priority(struct checker *checker, config_setting_t *setting, void *target)
{
	struct value_error error = { .expected = "a class such as \"1:10\", or a number" };
	struct tree_rule *rule = target;
	unsigned int major, minor;
	const char *text;
	int end = 0;

	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		rule->has_priority = check_number(checker, setting, 0, WORD_MAX, &rule->priority);
		return;
	}
	text = config_setting_get_string(setting);
	if (strspn(text, "0123456789abcdefABCDEF:") == strlen(text) &&
	    sscanf(text, "%4x:%4x%n", &major, &minor, &end) == 2 && !text[end]) {
		rule->priority = major << 16 | minor;
		rule->has_priority = true;
		return;
	}
	snprintf(error.message, sizeof(error.message), "\"%.40s\" is no class", text);
	check_say_value(checker, setting, &error);
}

/* A number, or a class by its name (RFC 2474, 2597, 3246, 5865, 8622). */
void action_read_dscp(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = {
		"cs0", "cs1", "cs2", "cs3", "cs4", "cs5", "cs6", "cs7", "af11", "af12", "af13",
		"af21", "af22", "af23", "af31", "af32", "af33", "af41", "af42", "af43", "ef",
		"va", "le", NULL,
	};
	static const u8 values[] = { 0, 8, 16, 24, 32, 40, 48, 56, 10, 12, 14, 18, 20, 22,
				     26, 28, 30, 34, 36, 38, 46, 44, 1 };
	struct tree_rule *rule = target;
	struct value_error error = { 0 };
	u32 number = 0;
	int index;

	if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
		index = value_word(config_setting_get_string(setting), words, "DSCP", &error);
		if (index < 0) {
			/* All the words would be more than a line. */
			snprintf(error.expected, sizeof(error.expected),
				 "0 to 63, or cs0 to cs7, af11 to af43, ef, va, le");
			check_say_value(checker, setting, &error);
			return;
		}
		number = values[index];
	} else if (!check_number(checker, setting, 0, IMTC_MARK_DSCP, &number)) {
		return;
	}
	rule->dscp = (u8)number;
	rule->has_dscp = true;
}

void action_read_rate(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_number(checker, setting, 1, WORD_MAX, &rule->rate);
}

void action_read_burst(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_number(checker, setting, 1, WORD_MAX, &rule->burst);
}

void action_read_unit(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "packets", "bytes", NULL };
	struct tree_rule *rule = target;

	rule->in_bytes = check_choice(checker, setting, words, "unit") == 1;
}

void action_read_per(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	rule->a_minute = check_choice(checker, setting, check_periods, "period") == 1;
}

/* A client of TCP gives up after a quarter of an hour at the latest, most much earlier. */
#define ASK_SECONDS_DEFAULT 60
#define ASK_SECONDS_MAX 3600

void action_read_timeout(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_number(checker, setting, 1, ASK_SECONDS_MAX, &rule->timeout);
}

void action_read_otherwise(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "allow", "drop", "reject", NULL };
	static const u8 verdicts[] = { IMTC_VERDICT_PASS, IMTC_VERDICT_DROP, IMTC_VERDICT_REJECT };
	struct tree_rule *rule = target;
	int index = check_choice(checker, setting, words, "verdict");

	if (index >= 0)
		rule->otherwise = verdicts[index];
}

/* --- what must stand together ----------------------------------------------- */

/* Of each key the verdicts that take it. */
static const struct {
	const char *key;
	u32 verdicts;	/* bit an enum imtc_verdict */
	const char *words;
} belongs[] = {
	{ "device", 1 << IMTC_VERDICT_REDIRECT | 1 << IMTC_VERDICT_MIRROR,
	  "verdicts \"redirect\" and \"mirror\" take" },
	{ "mark", 1 << IMTC_VERDICT_MARK, "verdict \"mark\" takes" },
	{ "mask", 1 << IMTC_VERDICT_MARK, "verdict \"mark\" takes" },
	{ "priority", 1 << IMTC_VERDICT_MARK, "verdict \"mark\" takes" },
	{ "dscp", 1 << IMTC_VERDICT_MARK, "verdict \"mark\" takes" },
	{ "rate", 1 << IMTC_VERDICT_LIMIT, "verdict \"limit\" takes" },
	{ "unit", 1 << IMTC_VERDICT_LIMIT, "verdict \"limit\" takes" },
	{ "per", 1 << IMTC_VERDICT_LIMIT, "verdict \"limit\" takes" },
	{ "burst", 1 << IMTC_VERDICT_LIMIT, "verdict \"limit\" takes" },
	{ "timeout", 1 << IMTC_VERDICT_ASK, "verdict \"ask\" takes" },
	{ "otherwise", 1 << IMTC_VERDICT_ASK, "verdict \"ask\" takes" },
};

static void check_belongs(struct checker *checker, config_setting_t *setting, u8 verdict)
{
	char message[96], expected[96];

	for (size_t i = 0; verdict && i < sizeof(belongs) / sizeof(belongs[0]); i++) {
		config_setting_t *key = config_setting_get_member(setting, belongs[i].key);
		struct diag_at at;

		if (!key || belongs[i].verdicts >> verdict & 1)
			continue;
		at = document_name_at(checker->document, key);
		snprintf(message, sizeof(message), "only the %s \"%s\"", belongs[i].words,
			 belongs[i].key);
		snprintf(expected, sizeof(expected), "such a verdict, or no \"%s\"",
			 belongs[i].key);
		check_say(checker, &at, message, expected, NULL);
	}
}

/* What the verdict cannot do without. */
static void check_needs(struct checker *checker, config_setting_t *setting,
			const struct tree_rule *rule)
{
	config_setting_t *verdict = config_setting_get_member(setting, "verdict");
	struct diag_at at = document_value_at(checker->document, verdict);

	switch (rule->criteria.verdict) {
	case IMTC_VERDICT_REDIRECT:
	case IMTC_VERDICT_MIRROR:
		if (!config_setting_get_member(setting, "device"))
			check_say(checker, &at,
				  rule->criteria.verdict == IMTC_VERDICT_MIRROR ?
					  "\"mirror\" needs a device" :
					  "\"redirect\" needs a device",
				  "device = \"NAME\" in this rule", NULL);
		break;
	case IMTC_VERDICT_MARK:
		if (!config_setting_get_member(setting, "mark") &&
		    !config_setting_get_member(setting, "priority") &&
		    !config_setting_get_member(setting, "dscp"))
			check_say(checker, &at, "\"mark\" sets nothing",
				  "mark, priority or dscp in this rule", NULL);
		else if (rule->has_mask && !config_setting_get_member(setting, "mark"))
			check_say(checker, &at, "\"mask\" without \"mark\"",
				  "mark = NUMBER in this rule", NULL);
		else if (rule->has_mask && rule->mark & ~rule->mask)
			check_say(checker, &at, "\"mark\" has bits that \"mask\" leaves out",
				  "bits of the mask alone", NULL);
		break;
	case IMTC_VERDICT_LIMIT:
		if (!config_setting_get_member(setting, "rate"))
			check_say(checker, &at, "\"limit\" needs a rate",
				  "rate = NUMBER in this rule, of a second where it says no \"per\"", NULL);
		break;
	case IMTC_VERDICT_SCRUB:
		if (!imtc_scrub_is_valid(rule->criteria.features))
			check_say(checker, &at,
				  "\"scrub\" needs the features whose requests it makes nothing of",
				  "feature = of voice, video, file, image, screen, game, remote, "
				  "whiteboard in this rule", NULL);
		break;
	}
}

/* Into the compiled rule's argument and parameters; the device is found at load. */
static void action_compile(struct tree_rule *rule, bool has_mark)
{
	struct imtc_rule *to = &rule->criteria;

	if (to->verdict == IMTC_VERDICT_MARK) {
		to->argument = rule->mark;
		to->parameters[IMTC_MARK_MASK] = rule->has_mask ? rule->mask :
						 has_mark ? (u32)WORD_MAX : 0;
		to->parameters[IMTC_MARK_PRIORITY] = rule->priority;
		to->parameters[IMTC_MARK_SET] =
			(rule->has_priority ? IMTC_MARK_SETS_PRIORITY : 0) |
			(rule->has_dscp ? IMTC_MARK_SETS_DSCP | rule->dscp : 0u);
	} else if (to->verdict == IMTC_VERDICT_LIMIT) {
		to->argument = rule->rate;
		to->parameters[IMTC_LIMIT_BURST] = rule->burst ? rule->burst : rule->rate;
		to->parameters[IMTC_LIMIT_BYTES] = rule->in_bytes;
		to->parameters[IMTC_LIMIT_MINUTE] = rule->a_minute;
	} else if (to->verdict == IMTC_VERDICT_ASK) {
		to->argument = rule->timeout ? rule->timeout : ASK_SECONDS_DEFAULT;
		to->parameters[IMTC_ASK_OTHERWISE] =
			rule->otherwise ? rule->otherwise : IMTC_VERDICT_REJECT;
	} else if (to->verdict == IMTC_VERDICT_SCRUB) {
		to->argument = to->features;
	}
}

void action_check(struct checker *checker, config_setting_t *setting, struct tree_rule *rule)
{
	if (!config_setting_get_member(setting, "verdict"))
		check_say(checker, &rule->at, "the rule has no verdict",
			  "verdict = \"allow\", \"drop\", \"reject\", \"redirect\", \"mirror\", "
			  "\"mark\", \"limit\", \"require-encryption\", \"ask\" or \"scrub\"", NULL);
	else
		check_needs(checker, setting, rule);
	check_belongs(checker, setting, rule->criteria.verdict);
	action_compile(rule, config_setting_get_member(setting, "mark"));
}
