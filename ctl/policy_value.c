// SPDX-License-Identifier: GPL-2.0-only
/*
 * What single words of a policy may be. Each either gives the value or says
 * what is wrong with the word and, where it can, which was meant.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "nearest.h"
#include "policy_value.h"
#include "utf8.h"

bool value_wrong(struct value_error *error, const char *expected, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error->message, sizeof(error->message), format, list);
	va_end(list);
	snprintf(error->expected, sizeof(error->expected), "%s", expected ? expected : "");
	return false;
}

/* "unknown service "xmmp"; did you mean "xmpp"?" */
bool value_unknown(struct value_error *error, const char *expected, const char *what,
		   const char *word, const char *best)
{
	if (best)
		return value_wrong(error, expected, "unknown %s \"%s\"; did you mean \"%s\"?", what,
				   word, best);
	return value_wrong(error, expected, "unknown %s \"%s\"", what, word);
}

/* --- services and features -------------------------------------------------- */

#define SERVICES_EXPECTED "a service such as \"xmpp\", or @public, @corporate, @federated, @sharing"

bool value_services(const char *word, u64 services[IMTC_SERVICE_MAX / 64],
		    struct value_error *error)
{
	__u64 group[IMTC_SERVICE_MAX / 64];
	char with_at[64];
	const char *best;
	int number;

	if (word[0] == '@') {
		if (!group_services(word + 1, group)) {
			best = group_nearest(word + 1);
			snprintf(with_at, sizeof(with_at), "@%s", best ? best : "");
			return value_unknown(error, SERVICES_EXPECTED, "group of services", word,
				       best ? with_at : NULL);
		}
		for (int i = 0; i < IMTC_SERVICE_MAX / 64; i++)
			services[i] |= group[i];
		return true;
	}
	number = service_number(word);
	if (number > 0) {
		services[number / 64] |= 1ULL << (number % 64);
		return true;
	}
	if (group_services(word, group)) {
		snprintf(with_at, sizeof(with_at), "@%.60s", word);
		return value_unknown(error, SERVICES_EXPECTED, "service", word, with_at);
	}
	return value_unknown(error, SERVICES_EXPECTED, "service", word, service_nearest(word));
}

bool value_feature(const char *word, u16 *features, struct value_error *error)
{
	char expected[160] = "one of ";
	int number = feature_number(word);

	if (number > 0) {
		*features |= (u16)(1 << number);
		return true;
	}
	for (unsigned int i = 1; i < IMTC_FEATURE_MAX; i++) {
		if (feature_number(feature_name(i)) != (int)i)
			continue;
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "%s%s", i > 1 ? ", " : "", feature_name(i));
	}
	return value_unknown(error, expected, "feature", word, feature_nearest(word));
}

int value_word(const char *word, const char *const *words, const char *what,
	       struct value_error *error)
{
	char expected[160] = "one of ";

	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	for (int i = 0; words[i]; i++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "%s\"%s\"", i ? ", " : "", words[i]);
	value_unknown(error, expected, what, word, nearest_of(word, words));
	return -1;
}

/* --- names ------------------------------------------------------------------ */

/* what: "name" */
static bool check_text(const char *text, const char *what, struct value_error *error)
{
	size_t n;

	if (!text[0])
		return value_wrong(error, "1 to 63 bytes of text", "the %s is empty", what);
	if (strlen(text) >= IMTC_NAME_BYTES)
		return value_wrong(error, "at most 63 bytes", "the %s is %zu bytes long", what,
			     strlen(text));
	for (const char *c = text; *c; c += n) {
		n = utf8_bytes(c);
		if (!n || utf8_is_control(c, n))
			return value_wrong(error, "printable UTF-8", "the %s holds byte 0x%02x", what,
				     (unsigned char)*c);
	}
	return true;
}

bool value_name(const char *name, struct value_error *error)
{
	return check_text(name, "name", error);
}

bool value_tag(const char *tag, struct value_error *error)
{
	if (!check_text(tag, "tag", error))
		return false;
	/* Tags are shown in a row. */
	if (strchr(tag, ','))
		return value_wrong(error, "a list of tags, [ \"a\", \"b\" ]",
			     "the tag \"%s\" holds a comma", tag);
	return true;
}

bool value_device(const char *device, struct value_error *error)
{
	const char *expected = "the name of a network device, 1 to 15 bytes";

	if (!device[0] || strlen(device) > 15)
		return value_wrong(error, expected, "\"%s\" cannot name a device", device);
	if (!strcmp(device, ".") || !strcmp(device, "..") || strpbrk(device, "/: \t\n\r\v\f"))
		return value_wrong(error, expected, "\"%s\" cannot name a device", device);
	return true;
}
