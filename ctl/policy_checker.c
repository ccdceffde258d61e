// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading libconfig's tree by type, and saying what is wrong where.
 */
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_checker.h"

/* --- saying ----------------------------------------------------------------- */

void check_say(struct checker *checker, const struct diag_at *at, const char *message,
	       const char *expected, const char *found)
{
	struct diag_say text = { message, expected, found };

	checker->failed = true;
	diag_add(checker->diag, DIAG_ERROR, at, &text);
}

void check_say_value(struct checker *checker, const config_setting_t *setting,
		     const struct value_error *error)
{
	struct diag_at at = document_value_at(checker->document, setting);

	check_say(checker, &at, error->message, error->expected[0] ? error->expected : NULL, NULL);
}

void check_wrong_type(struct checker *checker, const config_setting_t *setting, const char *name,
		      const char *expected)
{
	struct diag_at at = document_value_at(checker->document, setting);
	char message[128], found[320];

	snprintf(message, sizeof(message), "wrong type of value for \"%s\"", name);
	document_describe(setting, found, sizeof(found));
	check_say(checker, &at, message, expected, found);
}

static void unknown_key(struct checker *checker, const config_setting_t *setting, const char *where,
			const struct key *keys)
{
	struct diag_at at = document_name_at(checker->document, setting);
	struct nearest search = { .word = config_setting_name(setting) };
	char message[160], expected[640] = "one of ";
	size_t used;

	for (const struct key *key = keys; key->name; key++) {
		nearest_offer(&search, key->name);
		used = strlen(expected);
		snprintf(expected + used, sizeof(expected) - used, "%s%s", key == keys ? "" : ", ",
			 key->name);
	}
	if (search.best)
		snprintf(message, sizeof(message),
			 "unknown key \"%.40s\" in %s; did you mean \"%s\"?", search.word, where,
			 search.best);
	else
		snprintf(message, sizeof(message), "unknown key \"%.40s\" in %s", search.word,
			 where);
	check_say(checker, &at, message, expected, NULL);
}

/* --- reading by type -------------------------------------------------------- */

void check_keys(struct checker *checker, config_setting_t *group, const char *where,
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
const char *check_string(struct checker *checker, config_setting_t *setting)
{
	if (config_setting_type(setting) == CONFIG_TYPE_STRING)
		return config_setting_get_string(setting);
	check_wrong_type(checker, setting, config_setting_name(setting), "a string in quotes");
	return NULL;
}

bool check_bool(struct checker *checker, config_setting_t *setting, bool *ret_value)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
		check_wrong_type(checker, setting, config_setting_name(setting), "true or false");
		return false;
	}
	*ret_value = config_setting_get_bool(setting);
	return true;
}

static void read_word(struct checker *checker, config_setting_t *setting, const char *name,
		      enum word_types types, take_word take, void *target)
{
	static const char *const expected[] = {
		[STRINGS] = "a string, or a list of strings",
		[STRINGS_AND_NUMBERS] = "a name in quotes, a number, or a list of these",
		[PORTS] = "a number, a range such as \"1000-2000\", or a list of these",
	};
	bool is_int = config_setting_type(setting) == CONFIG_TYPE_INT ||
		      config_setting_type(setting) == CONFIG_TYPE_INT64;
	struct value_error error = { 0 };
	char number[32];
	const char *word;

	if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
		word = config_setting_get_string(setting);
	} else if (is_int && types != STRINGS) {
		snprintf(number, sizeof(number), "%lld", config_setting_get_int64(setting));
		word = number;
	} else {
		check_wrong_type(checker, setting, name, expected[types]);
		return;
	}
	if (!take(word, target, &error))
		check_say_value(checker, setting, &error);
}

/* One word, or a list of them; an empty list would match nothing. */
void check_words(struct checker *checker, config_setting_t *setting, enum word_types types,
		 take_word take, void *target)
{
	const char *name = config_setting_name(setting);
	struct diag_at at;
	char message[128];

	if (!config_setting_is_list(setting) && !config_setting_is_array(setting)) {
		read_word(checker, setting, name, types, take, target);
		return;
	}
	for (int i = 0; i < config_setting_length(setting); i++)
		read_word(checker, config_setting_get_elem(setting, (unsigned int)i), name, types,
			  take, target);
	if (config_setting_length(setting))
		return;
	at = document_value_at(checker->document, setting);
	snprintf(message, sizeof(message), "\"%s\" is an empty list, which nothing matches", name);
	check_say(checker, &at, message, "at least one element, or no such key for any", NULL);
}

/* A string that is one of the words; its index, or -1 and said. */
int check_choice(struct checker *checker, config_setting_t *setting, const char *const *words,
		 const char *what)
{
	const char *word = check_string(checker, setting);
	struct value_error error = { 0 };
	int index = word ? value_word(word, words, what, &error) : -1;

	if (word && index < 0)
		check_say_value(checker, setting, &error);
	return index;
}

/* A name, into IMTC_NAME_BYTES bytes: of the policy and of rules. */
void check_name(struct checker *checker, config_setting_t *setting, char *name)
{
	const char *text = check_string(checker, setting);
	struct value_error error = { 0 };

	if (!text)
		return;
	if (value_name(text, &error))
		snprintf(name, IMTC_NAME_BYTES, "%s", text);
	else
		check_say_value(checker, setting, &error);
}

bool check_number(struct checker *checker, config_setting_t *setting, long long least,
		  long long most, u32 *ret_number)
{
	struct diag_at at = document_value_at(checker->document, setting);
	const char *name = config_setting_name(setting);
	char expected[96], message[96];
	long long number;

	snprintf(expected, sizeof(expected), "a number from %lld to %lld", least, most);
	if (config_setting_type(setting) != CONFIG_TYPE_INT &&
	    config_setting_type(setting) != CONFIG_TYPE_INT64) {
		check_wrong_type(checker, setting, name, expected);
		return false;
	}
	number = config_setting_get_int64(setting);
	if (number < least || number > most) {
		snprintf(message, sizeof(message), "\"%s\" is out of range", name);
		check_say(checker, &at, message, expected, NULL);
		return false;
	}
	*ret_number = (u32)number;
	return true;
}

const char *const check_periods[] = { "second", "minute", NULL };

void check_mode(struct checker *checker, config_setting_t *setting, bool *observe)
{
	static const char *const words[] = { "enforce", "observe", NULL };
	int index = check_choice(checker, setting, words, "mode");

	if (index >= 0)
		*observe = index;
}
