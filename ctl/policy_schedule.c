// SPDX-License-Identifier: GPL-2.0-only
/*
 * The schedules of a policy: reading and checking them, and naming them in rules.
 */
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_checker.h"

static const char *const day_words[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

/* --- days ------------------------------------------------------------------------ */

static int day_number(const char *word, size_t len, struct value_error *error)
{
	char day[32];

	snprintf(day, sizeof(day), "%.*s", len < sizeof(day) ? (int)len : 31, word);
	return value_word(day, day_words, "day", error);
}

/* "mon", or "fri-mon", which goes on over the end of the week. */
static bool take_range(const char *word, size_t len, u8 *days, struct value_error *error)
{
	const char *dash = memchr(word, '-', len);
	int first = day_number(word, dash ? (size_t)(dash - word) : len, error), last = first;

	if (first >= 0 && dash)
		last = day_number(dash + 1, len - (size_t)(dash + 1 - word), error);
	if (first < 0 || last < 0)
		return false;
	for (int day = first;; day = (day + 1) % 7) {
		*days |= (u8)(1 << day);
		if (day == last)
			return true;
	}
}

/* "mon-thu,sat" */
static bool take_days(const char *word, void *target, struct value_error *error)
{
	struct schedule_span *span = target;

	for (;; word++) {
		size_t len = strcspn(word, ",");

		if (!take_range(word, len, &span->days, error))
			return false;
		word += len;
		if (!*word)
			return true;
	}
}

static void read_days(struct checker *checker, config_setting_t *setting, void *target)
{
	check_words(checker, setting, STRINGS, take_days, target);
}

/* --- hours ----------------------------------------------------------------------- */

static bool is_digits(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static unsigned int two_digits(const char *text)
{
	return (unsigned int)((text[0] - '0') * 10 + text[1] - '0');
}

static void read_hour(struct checker *checker, config_setting_t *setting, u16 *ret_minutes,
		      unsigned int most)
{
	const char *word = check_string(checker, setting);
	struct value_error error = { 0 };
	unsigned int minutes;

	if (!word)
		return;
	if (strlen(word) == 5 && is_digits(word, 2) && word[2] == ':' && is_digits(word + 3, 2) &&
	    two_digits(word + 3) < 60) {
		minutes = two_digits(word) * 60 + two_digits(word + 3);
		if (minutes <= most) {
			*ret_minutes = (u16)minutes;
			return;
		}
	}
	snprintf(error.message, sizeof(error.message), "\"%.40s\" is no time of day", word);
	snprintf(error.expected, sizeof(error.expected), "hours and minutes, \"00:00\" to \"%s\"",
		 most == SCHEDULE_DAY_MINUTES ? "24:00" : "23:59");
	check_say_value(checker, setting, &error);
}

static void read_from(struct checker *checker, config_setting_t *setting, void *target)
{
	struct schedule_span *span = target;

	read_hour(checker, setting, &span->from, SCHEDULE_DAY_MINUTES - 1);
}

static void read_to(struct checker *checker, config_setting_t *setting, void *target)
{
	struct schedule_span *span = target;

	read_hour(checker, setting, &span->to, SCHEDULE_DAY_MINUTES);
}

/* --- zone and holidays ------------------------------------------------------------- */

static void read_zone(struct checker *checker, config_setting_t *setting, void *target)
{
	const char *word = check_string(checker, setting);
	struct schedule_span *span = target;
	struct value_error error = { 0 };

	if (!word)
		return;
	if (word[0] && strlen(word) < ZONE_BYTES && zone_is_known(word)) {
		snprintf(span->zone, sizeof(span->zone), "%s", word);
		return;
	}
	snprintf(error.message, sizeof(error.message), "unknown time zone \"%.80s\"", word);
	snprintf(error.expected, sizeof(error.expected), "a zone of tzdata such as "
		 "\"Europe/Berlin\", \"UTC\", or no such key for this host's");
	check_say_value(checker, setting, &error);
}

/* February has a 29th in leap years, and where no year is said. */
static bool is_date(const struct schedule_date *date)
{
	static const u8 days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = !date->year || (!(date->year % 4) && (date->year % 100 || !(date->year % 400)));

	if (date->month < 1 || date->month > 12 || date->day < 1)
		return false;
	return date->day <= days[date->month - 1] - (date->month == 2 && !leap);
}

/* "2026-12-25", and "12-25" of each year. */
static bool parse_date(const char *word, struct schedule_date *ret_date)
{
	struct schedule_date date = { 0 };

	if (strlen(word) == 10 && is_digits(word, 4) && word[4] == '-') {
		date.year = (u16)(two_digits(word) * 100 + two_digits(word + 2));
		if (date.year < 1970)
			return false;
		word += 5;
	}
	if (strlen(word) != 5 || !is_digits(word, 2) || word[2] != '-' || !is_digits(word + 3, 2))
		return false;
	date.month = (u8)two_digits(word);
	date.day = (u8)two_digits(word + 3);
	*ret_date = date;
	return is_date(&date);
}

static bool take_holiday(const char *word, void *target, struct value_error *error)
{
	struct schedule_span *span = target;
	struct schedule_date date, *holidays;

	if (!parse_date(word, &date)) {
		snprintf(error->message, sizeof(error->message), "\"%.40s\" is no date", word);
		snprintf(error->expected, sizeof(error->expected),
			 "\"2026-12-25\", or \"12-25\" for each year");
		return false;
	}
	if (span->holiday_count == SCHEDULE_HOLIDAYS_MAX) {
		snprintf(error->message, sizeof(error->message), "a holiday too many");
		snprintf(error->expected, sizeof(error->expected), "at most 128");
		return false;
	}
	holidays = reallocarray(span->holidays, span->holiday_count + 1, sizeof(*holidays));
	if (!holidays) {
		snprintf(error->message, sizeof(error->message), "out of memory");
		return false;
	}
	span->holidays = holidays;
	holidays[span->holiday_count++] = date;
	return true;
}

static void read_holidays(struct checker *checker, config_setting_t *setting, void *target)
{
	check_words(checker, setting, STRINGS, take_holiday, target);
}

/* --- a schedule ---------------------------------------------------------------------- */

static const struct key span_keys[] = {
	{ "days", read_days }, { "from", read_from }, { "to", read_to },
	{ "zone", read_zone }, { "holidays", read_holidays }, { NULL, NULL },
};

static void read_span(struct checker *checker, config_setting_t *setting, const char *name,
		      struct schedule *schedule)
{
	struct schedule_span *span = &schedule->spans[schedule->span_count++];
	struct diag_at at = document_value_at(checker->document, setting);
	bool failed = checker->failed;

	span->to = SCHEDULE_DAY_MINUTES;
	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, name,
				 "a group such as { days = \"mon-fri\"; from = \"09:00\"; "
				 "to = \"17:30\"; }, or a list of these");
		return;
	}
	checker->failed = false;
	if (!config_setting_length(setting))
		check_say(checker, &at, "an empty span of a schedule",
			  "at least one of days, from, to, zone, holidays", NULL);
	check_keys(checker, setting, "a schedule", span_keys, span);
	if (!span->days)
		span->days = SCHEDULE_ALL_DAYS;
	/* Of what was misspelt nothing is known. */
	if (!checker->failed && span->from == span->to)
		check_say(checker, &at, "\"from\" and \"to\" are the same time",
			  "two times; all day is from \"00:00\" to \"24:00\"", NULL);
	checker->failed |= failed;
}

static void read_schedule(struct checker *checker, config_setting_t *setting,
			  struct schedule *schedule)
{
	struct diag_at at = document_name_at(checker->document, setting);
	const char *name = config_setting_name(setting);
	int count = config_setting_length(setting);
	struct value_error error = { 0 };

	if (!value_name(name, &error)) {
		check_say(checker, &at, error.message, error.expected, NULL);
		return;
	}
	snprintf(schedule->name, sizeof(schedule->name), "%s", name);
	if (!config_setting_is_list(setting)) {
		read_span(checker, setting, name, schedule);
		return;
	}
	for (int i = 0; i < count && count <= SCHEDULE_SPANS_MAX; i++)
		read_span(checker, config_setting_get_elem(setting, (unsigned int)i), name,
			  schedule);
	if (count >= 1 && count <= SCHEDULE_SPANS_MAX)
		return;
	snprintf(error.message, sizeof(error.message), "a schedule of %d spans", count);
	check_say(checker, &at, error.message, "1 to 8 spans", NULL);
}

/* Before the rules that name them, wherever they stand. */
void check_schedules(struct checker *checker, config_setting_t *root)
{
	config_setting_t *setting = config_setting_get_member(root, "schedules");
	struct schedules *schedules = &checker->tree->schedules;
	struct diag_at at;
	int count;

	if (!setting)
		return;
	at = document_value_at(checker->document, setting);
	if (!config_setting_is_group(setting)) {
		check_wrong_type(checker, setting, "schedules",
				 "a group of schedules, { office = { ... }; }");
		return;
	}
	count = config_setting_length(setting);
	if (count > IMTC_SCHEDULES_MAX) {
		check_say(checker, &at, "too many schedules", "at most 32", NULL);
		return;
	}
	schedules->items = calloc((size_t)count + 1, sizeof(*schedules->items));
	if (!schedules->items) {
		check_say(checker, &at, "out of memory", NULL, NULL);
		return;
	}
	schedules->count = (size_t)count;
	for (int i = 0; i < count; i++)
		read_schedule(checker, config_setting_get_elem(setting, (unsigned int)i),
			      &schedules->items[i]);
}

/* --- the criterion of a rule ------------------------------------------------------------ */

struct rule_target {
	const struct schedules *schedules;
	struct number_list *list;
};

/* "office", or "!office" while it is not. Once each. */
static bool take_schedule(const char *word, void *target, struct value_error *error)
{
	const struct rule_target *rule = target;
	const char *name = word + (word[0] == '!');
	struct nearest search = { .word = name };
	u32 number = schedules_find(rule->schedules, name);

	if (number) {
		number |= word[0] == '!' ? IMTC_SCHEDULE_NOT : 0;
		for (size_t i = 0; i < rule->list->count; i++)
			if (rule->list->items[i] == number)
				return true;
		return list_add_number(rule->list, number, error);
	}
	for (size_t i = 0; i < rule->schedules->count; i++)
		nearest_offer(&search, rule->schedules->items[i].name);
	if (search.best)
		snprintf(error->message, sizeof(error->message),
			 "unknown schedule \"%.64s\"; did you mean \"%s\"?", name, search.best);
	else
		snprintf(error->message, sizeof(error->message), "unknown schedule \"%.64s\"",
			 name);
	snprintf(error->expected, sizeof(error->expected),
		 "a schedule of the policy's \"schedules\", or \"!\" and its name");
	return false;
}

void read_rule_schedule(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	struct rule_target words = { &checker->tree->schedules, &rule->schedules };

	check_words(checker, setting, STRINGS, take_schedule, &words);
}
