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

/* A new entry of the list, of that setting; NULL, and said, without memory. */
static struct signature *add(struct reader *r, const config_setting_t *setting,
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
		entry = add(r, setting, kind, value);
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
		entry = add(r, setting, SIGNATURE_PREFIX, value);
		if (!entry)
			return;
		entry->prefix = prefix;
		signature_prefix_text(&prefix, entry->text, sizeof(entry->text));
	}
}

/* --- words of a setting ----------------------------------------------------------- */

/* The setting's word among words, as an index; -1 and said, `absent` where it is not there. */
static int take_word(struct reader *r, const config_setting_t *group, const char *name,
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

/* A number from least to most; false, and said, where it is none. Absent: as it was. */
static bool take_number(struct reader *r, const config_setting_t *group, const char *name,
			int least, int most, u16 *number)
{
	config_setting_t *setting = config_setting_get_member(group, name);
	char expected[64];
	int value;

	if (!setting)
		return true;
	snprintf(expected, sizeof(expected), "a number from %d to %d", least, most);
	value = config_setting_type(setting) == CONFIG_TYPE_INT ? config_setting_get_int(setting) :
								  -1;
	if (value < least || value > most) {
		complain(r, setting, expected, "%s is out of its bounds", name);
		return false;
	}
	*number = (u16)value;
	return true;
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

/* --- patterns --------------------------------------------------------------------- */

/* Fewer bits than this are met by chance. */
#define PATTERN_BITS_MIN 24

static bool take_bytes(struct reader *r, const config_setting_t *group, const char *name,
		       u8 bytes[IMTC_PATTERN_BYTES], int *ret_len)
{
	config_setting_t *setting = config_setting_get_member(group, name);
	const char *text = setting ? config_setting_get_string(setting) : NULL;

	*ret_len = text ? signature_hex(text, bytes, IMTC_PATTERN_BYTES) : 0;
	if (!setting || *ret_len > 0)
		return true;
	complain(r, setting, "1 to 16 bytes in hex: \"16 f1 03\"", "%s is not bytes", name);
	return false;
}

static bool take_pattern_bytes(struct reader *r, const config_setting_t *setting,
			       struct imtc_pattern *p)
{
	int len, mask_len, bits = 0;

	memset(p->mask, 0xff, sizeof(p->mask));
	if (!take_bytes(r, setting, "value", p->value, &len) ||
	    !take_bytes(r, setting, "mask", p->mask, &mask_len))
		return false;
	if (!len) {
		complain(r, setting, "value = \"16 f1 03\"", "a pattern has no value");
		return false;
	}
	if (mask_len && mask_len != len) {
		complain(r, setting, NULL, "mask and value have not as many bytes");
		return false;
	}
	p->len = (u8)len;
	for (int i = 0; i < IMTC_PATTERN_BYTES; i++) {
		p->mask[i] = i < len ? p->mask[i] : 0;
		p->value[i] &= p->mask[i];
		bits += __builtin_popcount(p->mask[i]);
	}
	if (bits < PATTERN_BITS_MIN)
		complain(r, setting, NULL,
			 "the pattern says %d bits; fewer than %d are met by chance", bits,
			 PATTERN_BITS_MIN);
	return bits >= PATTERN_BITS_MIN;
}

static bool take_pattern_where(struct reader *r, const config_setting_t *setting,
			       struct imtc_pattern *p)
{
	static const char *const directions[] = { "client", "server", "either", NULL };
	static const char *const transports[] = { "tcp", "udp", NULL };
	static const u8 l4[] = { IMTC_L4_TCP, IMTC_L4_UDP, 0 };
	int direction = take_word(r, setting, "direction", directions,
				  "\"client\", \"server\" or \"either\"", 2);
	int transport = take_word(r, setting, "transport", transports, "\"tcp\" or \"udp\"", 2);

	if (direction < 0 || transport < 0 ||
	    !take_number(r, setting, "offset", 0, IMTC_VIEW_BYTES - IMTC_PATTERN_BYTES,
			 &p->offset) ||
	    !take_number(r, setting, "min_length", 1, IMTC_VIEW_BYTES, &p->min) ||
	    !take_number(r, setting, "max_length", 1, IMTC_VIEW_BYTES, &p->max))
		return false;
	p->directions = (u8)(direction + 1);
	p->l4 = l4[transport];
	if ((p->min || p->max) && p->l4 != IMTC_L4_UDP) {
		complain(r, setting, "transport = \"udp\"", "only a datagram has a length");
		return false;
	}
	if (p->max && p->max < p->min) {
		complain(r, setting, NULL, "max_length is less than min_length");
		return false;
	}
	return true;
}

static void take_pattern(struct reader *r, const config_setting_t *setting,
			 const struct imtc_domain_value *value)
{
	static const char *const known[] = { "offset", "value", "mask", "direction", "transport",
					     "min_length", "max_length", NULL };
	struct imtc_pattern pattern = { .means = *value };
	struct signature *entry;

	if (!config_setting_is_group(setting)) {
		complain(r, setting, "{ offset = 0; value = \"16 f1 03\"; }",
			 "a pattern is not a group");
		return;
	}
	refuse_unknown(r, setting, known, "of a pattern");
	if (!take_pattern_bytes(r, setting, &pattern) || !take_pattern_where(r, setting, &pattern))
		return;
	entry = add(r, setting, SIGNATURE_PATTERN, value);
	if (!entry)
		return;
	entry->pattern = pattern;
	signature_pattern_text(&pattern, entry->text, sizeof(entry->text));
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
