// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for the numbers of include/imtc, made from the lists there, and back.
 */
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "nearest.h"
#include "own.h"

static const char *const services[IMTC_SERVICE_MAX] = {
	[IMTC_SERVICE_NONE] = "none",
#define IMTC_SERVICE(number, name, word, title, group) [number] = word,
#include <imtc/services.def>
#undef IMTC_SERVICE
};

static const char *const titles[IMTC_SERVICE_MAX] = {
	[IMTC_SERVICE_NONE] = "not instant messaging, or not told yet",
#define IMTC_SERVICE(number, name, word, title, group) [number] = title,
#include <imtc/services.def>
#undef IMTC_SERVICE
};

static const unsigned char groups[IMTC_SERVICE_MAX] = {
#define IMTC_SERVICE(number, name, word, title, group) [number] = IMTC_GROUP_##group,
#include <imtc/services.def>
#undef IMTC_SERVICE
};

static const char *const features[IMTC_FEATURE_MAX] = {
#define IMTC_FEATURE(number, name, word, title) [number] = word,
#include <imtc/features.def>
#undef IMTC_FEATURE
};

static const char *const verdicts[IMTC_VERDICT_MAX] = {
	[IMTC_VERDICT_NONE] = "none",
	[IMTC_VERDICT_PASS] = "pass",
	[IMTC_VERDICT_DROP] = "drop",
	[IMTC_VERDICT_REJECT] = "reject",
	[IMTC_VERDICT_REDIRECT] = "redirect",
	[IMTC_VERDICT_OBSERVE] = "observe",
	[IMTC_VERDICT_MIRROR] = "mirror",
	[IMTC_VERDICT_MARK] = "mark",
	[IMTC_VERDICT_LIMIT] = "limit",
	[IMTC_VERDICT_ENCRYPT] = "require-encryption",
	[IMTC_VERDICT_ASK] = "ask",
	[IMTC_VERDICT_SCRUB] = "scrub",
};

static const char *const logs[IMTC_LOG_MAX] = {
#define IMTC_LOG(number, name, word) [number] = word,
	IMTC_LOGS
#undef IMTC_LOG
};

static const char *const reasons[IMTC_REASON_MAX] = {
#define IMTC_REASON(number, name, word, sentence) [number] = word,
	IMTC_REASONS
#undef IMTC_REASON
};

static const char *const outcomes[IMTC_OUTCOME_MAX] = {
#define IMTC_OUTCOME(number, name, word, sentence) [number] = word,
	IMTC_OUTCOMES
#undef IMTC_OUTCOME
};

static const char *const outcome_sentences[IMTC_OUTCOME_MAX] = {
#define IMTC_OUTCOME(number, name, word, sentence) [number] = sentence,
	IMTC_OUTCOMES
#undef IMTC_OUTCOME
};

static const char *const encryptions[] = {
	[IMTC_ENCRYPTION_UNKNOWN] = "unknown",
	[IMTC_ENCRYPTION_CLEAR] = "clear",
	[IMTC_ENCRYPTION_PENDING] = "pending",
	[IMTC_ENCRYPTION_ENCRYPTED] = "encrypted",
};

static const char *const confidences[] = {
	[IMTC_CONFIDENCE_NONE] = "none",
	[IMTC_CONFIDENCE_ADDRESS] = "address",
	[IMTC_CONFIDENCE_PORT] = "port",
	[IMTC_CONFIDENCE_DNS] = "dns",
	[IMTC_CONFIDENCE_NAME] = "name",
	[IMTC_CONFIDENCE_PAYLOAD] = "payload",
};

static const char *const group_names[] = { "public", "corporate", "federated", "sharing", NULL };
static const unsigned char group_numbers[] = {
	IMTC_GROUP_PUBLIC, IMTC_GROUP_CORPORATE, IMTC_GROUP_FEDERATED, IMTC_GROUP_SHARING,
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A number that has no word is shown, never hidden. Two may stand in one line. */
static const char *numbered(const char *what, unsigned int number)
{
	static __thread char text[4][32];
	static __thread unsigned int next;
	char *slot = text[next++ % COUNT_OF(text)];

	snprintf(slot, sizeof(text[0]), "%s-%u", what, number);
	return slot;
}

static const char *word_of(const char *const *words, size_t n, const char *what,
			   unsigned int number)
{
	if (number < n && words[number])
		return words[number];
	return numbered(what, number);
}

const char *service_name(unsigned int service)
{
	const struct own_service *own = own_get(service);

	if (own)
		return own->name;
	return word_of(services, COUNT_OF(services), "service", service);
}

const char *service_title(unsigned int service)
{
	const struct own_service *own = own_get(service);

	if (own)
		return own->title;
	return word_of(titles, COUNT_OF(titles), "service", service);
}

const char *feature_name(unsigned int feature)
{
	return word_of(features, COUNT_OF(features), "feature", feature);
}

const char *verdict_name(unsigned int verdict)
{
	return word_of(verdicts, COUNT_OF(verdicts), "verdict", verdict);
}

const char *action_name(unsigned int verdict)
{
	return verdict == IMTC_VERDICT_PASS ? "allow" : verdict_name(verdict);
}

const char *failure_name(unsigned int verdict)
{
	return verdict == IMTC_VERDICT_DROP ? "closed" : "open";
}

const char *mode_name(int observe)
{
	return observe ? "observe" : "enforce";
}

const char *log_name(unsigned int level)
{
	return word_of(logs, COUNT_OF(logs), "level", level);
}

const char *reason_name(unsigned int reason)
{
	return word_of(reasons, COUNT_OF(reasons), "reason", reason);
}

const char *encryption_name(unsigned int encryption)
{
	return word_of(encryptions, COUNT_OF(encryptions), "encryption", encryption);
}

const char *confidence_name(unsigned int confidence)
{
	return word_of(confidences, COUNT_OF(confidences), "confidence", confidence);
}

const char *outcome_name(unsigned int outcome)
{
	return outcome < IMTC_OUTCOME_MAX ? outcomes[outcome] : NULL;
}

const char *outcome_sentence(unsigned int outcome)
{
	return outcome < IMTC_OUTCOME_MAX ? outcome_sentences[outcome] : NULL;
}

int group_number(const char *name)
{
	for (size_t i = 0; group_names[i]; i++)
		if (!strcmp(group_names[i], name))
			return group_numbers[i];
	return -1;
}

static int number_of(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (words[i] && !strcmp(words[i], word))
			return (int)i;
	return -1;
}

int service_number(const char *name)
{
	int number = number_of(services, COUNT_OF(services), name);

	return number < 0 ? own_number(name) : number;
}

int feature_number(const char *name)
{
	return number_of(features, COUNT_OF(features), name);
}

int verdict_number(const char *name)
{
	return number_of(verdicts, COUNT_OF(verdicts), name);
}

int log_number(const char *name)
{
	return number_of(logs, COUNT_OF(logs), name);
}

unsigned int service_group(unsigned int service)
{
	const struct own_service *own = own_get(service);

	if (own)
		return own->group;
	return service < COUNT_OF(groups) ? groups[service] : 0;
}

int group_services(const char *group, __u64 set[IMTC_SERVICE_MAX / 64])
{
	size_t i;

	for (i = 0; group_names[i] && strcmp(group_names[i], group); i++)
		;
	if (!group_names[i])
		return 0;
	memset(set, 0, IMTC_SERVICE_MAX / 8);
	for (size_t s = 0; s < IMTC_SERVICE_MAX; s++)
		if (service_group((unsigned int)s) == group_numbers[i])
			set[s / 64] |= 1ULL << (s % 64);
	return 1;
}

const char *group_name(unsigned int index)
{
	return index < COUNT_OF(group_names) ? group_names[index] : NULL;
}

static const char *nearest_in(const char *const *words, size_t n, const char *name)
{
	struct nearest search = { .word = name };

	/* 0 is "none": nothing a policy can ask for. */
	for (size_t i = 1; i < n; i++)
		if (words[i])
			nearest_offer(&search, words[i]);
	return search.best;
}

const char *service_nearest(const char *name)
{
	struct nearest search = { .word = name };

	for (unsigned int i = 1; i < COUNT_OF(services); i++) {
		const struct own_service *own = own_get(i);

		if (services[i])
			nearest_offer(&search, services[i]);
		else if (own)
			nearest_offer(&search, own->name);
	}
	return search.best;
}

const char *feature_nearest(const char *name)
{
	return nearest_in(features, COUNT_OF(features), name);
}

const char *group_nearest(const char *name)
{
	return nearest_of(name, group_names);
}
