// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and checks one signature file: from its settings to a list of entries.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "nearest.h"
#include "signature_read.h"
#include "signature_value.h"

void complain(struct reader *r, const config_setting_t *setting, const char *expected,
	      const char *format, ...)
{
	struct diag_at at = document_value_at(r->document, setting);
	char message[320], found[160];
	struct diag_say say = { .message = message, .expected = expected, .found = found };
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	document_describe(setting, found, sizeof(found));
	diag_add(r->diag, DIAG_ERROR, &at, &say);
}

/* --- entries -------------------------------------------------------------------- */

struct signature *signature_add(struct reader *r, const config_setting_t *setting,
				enum signature_kind kind, const struct imtc_domain_value *value)
{
	struct diag_at at = document_value_at(r->document, setting);
	struct signature *entry;

	if (r->into->count == r->room) {
		size_t room = r->room ? r->room * 2 : 64;

		entry = realloc(r->into->entries, room * sizeof(*entry));
		if (!entry) {
			diag_message(r->diag, DIAG_SYSTEM, &at, "no memory");
			return NULL;
		}
		r->into->entries = entry;
		r->room = room;
	}
	entry = &r->into->entries[r->into->count++];
	memset(entry, 0, sizeof(*entry));
	entry->kind = kind;
	entry->value = *value;
	entry->line = at.line;
	return entry;
}

static void take_name(struct reader *r, const config_setting_t *setting, enum signature_kind kind,
		      const struct imtc_domain_value *value)
{
	const char *text = config_setting_get_string(setting);
	const char *fault = text ? signature_fault(kind, text) : NULL;
	struct signature *entry;

	if (!text) {
		complain(r, setting, NULL, "%s is a string", kind == SIGNATURE_DOMAIN ? "a domain" :
			 kind == SIGNATURE_ALPN ? "an ALPN value" : "a user agent");
	} else if (fault) {
		complain(r, setting, NULL, "%s", fault);
	} else {
		entry = signature_add(r, setting, kind, value);
		if (entry)
			snprintf(entry->text, sizeof(entry->text), "%s", text);
	}
}

static void take_prefix(struct reader *r, const config_setting_t *setting,
			const struct imtc_domain_value *value)
{
	const char *text = config_setting_get_string(setting);
	struct value_error error = { 0 };
	struct imtc_prefix_key prefix;
	struct signature *entry;

	if (!text) {
		complain(r, setting, "\"192.0.2.0/24\"", "a prefix is a string");
	} else if (!signature_prefix(text, &prefix, &error)) {
		complain(r, setting, error.expected[0] ? error.expected : NULL, "%s",
			 error.message);
	} else {
		entry = signature_add(r, setting, SIGNATURE_PREFIX, value);
		if (!entry)
			return;
		entry->prefix = prefix;
		signature_prefix_text(&prefix, entry->text, sizeof(entry->text));
	}
}

/* --- words of a setting ----------------------------------------------------------- */

int take_word(struct reader *r, const config_setting_t *group, const char *name,
	      const char *const *words, const char *expected, int absent)
{
	config_setting_t *setting = config_setting_get_member(group, name);
	const char *word = setting ? config_setting_get_string(setting) : NULL;

	if (!setting)
		return absent;
	for (int i = 0; word && words[i]; i++)
		if (!strcmp(word, words[i]))
			return i;
	complain(r, setting, expected, "%s is none of its words", name);
	return -1;
}

void refuse_unknown(struct reader *r, const config_setting_t *group, const char *const *known,
		    const char *where)
{
	int count = config_setting_length(group);

	for (int i = 0; i < count; i++) {
		const config_setting_t *setting = config_setting_get_elem(group, (unsigned int)i);
		const char *name = config_setting_name(setting);
		struct diag_at at = document_name_at(r->document, setting);
		const char *near;
		size_t k = 0;

		while (known[k] && strcmp(known[k], name))
			k++;
		if (known[k])
			continue;
		near = nearest_of(name, known);
		diag_message(r->diag, DIAG_ERROR, &at, near ?
			     "unknown setting \"%s\" %s; did you mean \"%s\"?" :
			     "unknown setting \"%s\" %s", name, where, near);
	}
}

/* --- services ------------------------------------------------------------------- */

static void take_service(struct reader *r, const config_setting_t *entry,
			 struct imtc_domain_value *value)
{
	config_setting_t *setting = config_setting_get_member(entry, "service");
	const char *word = setting ? config_setting_get_string(setting) : NULL;
	int number = word ? service_number(word) : -1;
	const char *near = word ? service_nearest(word) : NULL;

	if (!setting)
		complain(r, entry, "service = \"NAME\"", "no service is named");
	else if (!word)
		complain(r, setting, "the name of a service, as a string", "service is no string");
	else if (number < 0 && near)
		complain(r, setting, NULL, "unknown service \"%s\"; did you mean \"%s\"?", word,
			 near);
	else if (number < 0)
		complain(r, setting, NULL, "unknown service \"%s\"", word);
	else
		value->service = (u16)number;
}

static void take_feature(struct reader *r, const config_setting_t *entry,
			 struct imtc_domain_value *value)
{
	config_setting_t *setting = config_setting_get_member(entry, "feature");
	const char *word = setting ? config_setting_get_string(setting) : NULL;
	int number = word ? feature_number(word) : -1;
	const char *near = word ? feature_nearest(word) : NULL;

	if (!setting)
		return;
	if (!word)
		complain(r, setting, "the name of a feature, as a string", "feature is no string");
	else if (number < 0 && near)
		complain(r, setting, NULL, "unknown feature \"%s\"; did you mean \"%s\"?", word,
			 near);
	else if (number < 0)
		complain(r, setting, NULL, "unknown feature \"%s\"", word);
	else
		value->feature = (u8)number;
}

static void take_encryption(struct reader *r, const config_setting_t *entry,
			    struct imtc_domain_value *value)
{
	static const char *const words[] = { "clear", "encrypted", NULL };
	static const u8 meanings[] = { IMTC_ENCRYPTION_CLEAR, IMTC_ENCRYPTION_ENCRYPTED, 0 };
	int word = take_word(r, entry, "encryption", words, "\"clear\" or \"encrypted\"", 2);

	if (word >= 0)
		value->encryption = meanings[word];
}

/* The lists that an entry may have, and what one of their elements is. */
static const struct list {
	const char *name;
	const char *expected;
	enum signature_kind kind;
} lists[] = {
	{ "domains", "[ \"example.org\" ]", SIGNATURE_DOMAIN },
	{ "alpn", "[ \"xmpp-client\" ]", SIGNATURE_ALPN },
	{ "user_agents", "[ \"Example\" ]", SIGNATURE_AGENT },
	{ "prefixes", "[ \"192.0.2.0/24\" ]", SIGNATURE_PREFIX },
	{ "patterns", "( { offset = 0; value = \"16 f1 03\"; } )", SIGNATURE_PATTERN },
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

static void take_element(struct reader *r, const config_setting_t *setting,
			 enum signature_kind kind, const struct imtc_domain_value *value)
{
	if (kind == SIGNATURE_PREFIX)
		take_prefix(r, setting, value);
	else if (kind == SIGNATURE_PATTERN)
		take_pattern(r, setting, value);
	else
		take_name(r, setting, kind, value);
}

/* False where the entry has no such list. */
static bool take_list(struct reader *r, const config_setting_t *entry, const struct list *which,
		      const struct imtc_domain_value *value)
{
	config_setting_t *list = config_setting_get_member(entry, which->name);
	int count;

	if (!list)
		return false;
	if (!config_setting_is_array(list) && !config_setting_is_list(list)) {
		complain(r, list, which->expected, "%s is not a list", which->name);
		return true;
	}
	count = config_setting_length(list);
	if (!count)
		complain(r, list, which->expected, "the list \"%s\" is empty", which->name);
	for (int i = 0; i < count; i++)
		take_element(r, config_setting_get_elem(list, (unsigned int)i), which->kind,
			     value);
	return true;
}

static void take_entry(struct reader *r, const config_setting_t *entry)
{
	static const char *const keys[] = { "service", "feature", "encryption", "domains", "alpn",
					    "user_agents", "prefixes", "patterns", NULL };
	struct imtc_domain_value value = { 0 };
	bool any = false;

	if (!config_setting_is_group(entry)) {
		complain(r, entry, "{ service = \"NAME\"; domains = [ ... ]; }",
			 "an entry of services is not a group");
		return;
	}
	refuse_unknown(r, entry, keys, "of a service");
	take_service(r, entry, &value);
	take_feature(r, entry, &value);
	take_encryption(r, entry, &value);
	for (size_t i = 0; i < LISTS; i++)
		any |= take_list(r, entry, &lists[i], &value);
	if (!any)
		complain(r, entry, "domains, prefixes, alpn, user_agents or patterns",
			 "a service has no domains, nor anything else to be told by");
}

static void take_document(struct reader *r)
{
	static const char *const top[] = { "services", "own_services", NULL };
	const config_setting_t *root = config_root_setting(&r->document->config);
	config_setting_t *list = config_setting_get_member(root, "services");
	struct diag_at at = { .file = r->document->source->files[0] };
	int count;

	refuse_unknown(r, root, top, "of a signature file");
	take_own_services(r, root);
	if (!list) {
		diag_message(r->diag, DIAG_ERROR, &at, "there is no list \"services\"");
		return;
	}
	if (!config_setting_is_list(list)) {
		complain(r, list, "services = ( { ... }, { ... } )", "services is not a list");
		return;
	}
	count = config_setting_length(list);
	for (int i = 0; i < count; i++)
		take_entry(r, config_setting_get_elem(list, (unsigned int)i));
}

void signature_parse(struct source *source, struct signatures *into, struct diag *diag)
{
	struct reader r = { .into = into, .diag = diag };

	r.document = document_parse(source, diag);
	if (!r.document)
		return;
	take_document(&r);
	document_free(r.document);
}
