// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be told of a service at all.
 */
#include <string.h>

#include "names.h"
#include "policy_known.h"

/*
 * A call of which the payload says no service is given that of its ends
 * (bpf/hints.h): any service may have one. Chat and presence are what a service
 * is found for where nothing tells more.
 */
#define COMMON_FEATURES (1 << IMTC_FEATURE_CHAT | 1 << IMTC_FEATURE_PRESENCE | \
			 1 << IMTC_FEATURE_VOICE | 1 << IMTC_FEATURE_VIDEO | \
			 1 << IMTC_FEATURE_SCREEN)

struct mark {
	const char *told, *features;
};

static const struct mark marks[IMTC_SERVICE_MAX] = {
#define IMTC_QUALITY(name, told, features, layers, how, mistaken, hidden) \
	[IMTC_SERVICE_##name] = { told, features },
#include <imtc/quality.def>
#undef IMTC_QUALITY
};

/*
 * Services whose dissectors only ever say "in clear", and whose connections no
 * other one announces, as what was announced may turn out to be TLS.
 */
static bool is_clear_alone(unsigned int service)
{
	switch (service) {
	case IMTC_SERVICE_SAMETIME:
	case IMTC_SERVICE_GROUPWISE:
	case IMTC_SERVICE_ZEPHYR:
	case IMTC_SERVICE_PALTALK:
	case IMTC_SERVICE_BITTORRENT:
	case IMTC_SERVICE_GNUTELLA:
	case IMTC_SERVICE_EDONKEY:
		return true;
	}
	return false;
}

/* Is it one of the words, which blanks part? */
static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *words; words += strspn(words, " ")) {
		size_t part = strcspn(words, " ");

		if (part == len && !memcmp(words, word, len))
			return true;
		words += part;
	}
	return false;
}

/* A name in TLS or QUIC makes the flow encrypted, and so does an address that is said to be. */
static void add_signature(struct known *known, const struct signature *signature)
{
	known->features |= (u16)(1 << signature->value.feature % IMTC_FEATURE_MAX);
	known->is_encrypted = true;
	known->has_payload |= signature->kind == SIGNATURE_PATTERN;
}

static struct known of_mark(unsigned int service)
{
	const struct mark *mark = &marks[service];
	struct known known = {
		.features = COMMON_FEATURES,
		.is_encrypted = mark->told && !is_clear_alone(service),
		.has_payload = mark->told && has_word(mark->told, "payload"),
	};

	for (unsigned int i = 1; mark->told && i < IMTC_FEATURE_MAX; i++)
		if (has_word(mark->features, feature_name(i)))
			known.features |= (u16)(1 << i);
	return known;
}

void known_fill(struct known known[IMTC_SERVICE_MAX], const struct signatures *signatures)
{
	for (unsigned int i = 0; i < IMTC_SERVICE_MAX; i++)
		known[i] = of_mark(i);
	for (size_t i = 0; signatures && i < signatures->count; i++) {
		const struct signature *signature = &signatures->entries[i];

		add_signature(&known[signature->value.service % IMTC_SERVICE_MAX], signature);
	}
}
