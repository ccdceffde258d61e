// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and checks signature files. One file at a time becomes a list; lists
 * are joined, the later file having the last word on a domain.
 */
#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "names.h"
#include "nearest.h"
#include "signature.h"

#define LABEL_BYTES_MAX 63	/* RFC 1035 2.3.4 */
#define SIGNATURES_MAX 16384	/* what the map holds */

static const char *const keys[] = { "service", "feature", "encryption", "domains", NULL };
static const char *const encryptions[] = { "clear", "encrypted", NULL };

/* One file being read. */
struct reader {
	struct document *document;
	struct signatures *into;
	struct diag *diag;
	size_t room;
};

__attribute__((format(printf, 4, 5)))
static void complain(struct reader *r, const config_setting_t *setting, const char *expected,
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

/* --- domains -------------------------------------------------------------------- */

/* What is wrong with a domain; NULL where nothing is. */
static const char *domain_fault(const char *domain)
{
	size_t len = strlen(domain), label = 0;
	bool dotted = false;

	if (!len)
		return "a domain must not be empty";
	if (len > IMTC_DOMAIN_BYTES - 3)
		return "a domain has at most 253 bytes";
	if (!strncmp(domain, "*.", 2))
		return "a domain stands for all below it: leave out the \"*.\"";
	if (domain[0] == '.')
		return "a domain stands for all below it: leave out the first dot";
	for (size_t i = 0; i <= len; i++) {
		char c = domain[i];

		if (c >= 'A' && c <= 'Z')
			return "a domain is written in lower case";
		if (c == '.' || c == '\0') {
			if (!label && c == '\0')
				return "a domain has no dot at its end";
			if (!label || domain[i - 1] == '-')
				return "a label of a domain is empty or ends with \"-\"";
			dotted |= c == '.';
			label = 0;
			continue;
		}
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		      (c == '-' && label)))
			return "a domain holds letters, digits, \"-\", \"_\" and dots";
		if (++label > LABEL_BYTES_MAX)
			return "a label of a domain has at most 63 bytes";
	}
	return dotted ? NULL : "a domain has at least two labels: all of a top-level domain is "
			       "no service";
}

static int grow(struct reader *r)
{
	size_t room = r->room ? r->room * 2 : 64;
	struct signature *entries;

	if (r->into->count < r->room)
		return 0;
	entries = realloc(r->into->entries, room * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	r->into->entries = entries;
	r->room = room;
	return 0;
}

static void take_domain(struct reader *r, const config_setting_t *setting,
			const struct imtc_domain_value *value)
{
	struct diag_at at = document_value_at(r->document, setting);
	const char *domain = config_setting_get_string(setting);
	const char *fault = domain ? domain_fault(domain) : "a domain is a string";
	struct signature *entry;

	if (fault) {
		complain(r, setting, NULL, "%s", fault);
		return;
	}
	if (grow(r)) {
		diag_message(r->diag, DIAG_SYSTEM, &at, "no memory");
		return;
	}
	entry = &r->into->entries[r->into->count++];
	memset(entry, 0, sizeof(*entry));
	snprintf(entry->domain, sizeof(entry->domain), "%s", domain);
	entry->value = *value;
	entry->line = at.line;
}

static void take_domains(struct reader *r, const config_setting_t *entry,
			 const struct imtc_domain_value *value)
{
	config_setting_t *list = config_setting_get_member(entry, "domains");
	int count;

	if (!list) {
		complain(r, entry, "domains = [ \"example.org\" ]", "a service has no domains");
		return;
	}
	if (!config_setting_is_array(list) && !config_setting_is_list(list)) {
		complain(r, list, "a list of strings: [ \"example.org\" ]",
			 "domains is not a list");
		return;
	}
	count = config_setting_length(list);
	if (!count)
		complain(r, list, "at least one domain", "the list of domains is empty");
	for (int i = 0; i < count; i++)
		take_domain(r, config_setting_get_elem(list, (unsigned int)i), value);
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
	else if (number <= 0 && near)
		complain(r, setting, NULL, "unknown service \"%s\"; did you mean \"%s\"?", word,
			 near);
	else if (number <= 0)
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
	config_setting_t *setting = config_setting_get_member(entry, "encryption");
	const char *word = setting ? config_setting_get_string(setting) : NULL;

	if (!setting)
		return;
	if (word && !strcmp(word, encryptions[0]))
		value->encryption = IMTC_ENCRYPTION_CLEAR;
	else if (word && !strcmp(word, encryptions[1]))
		value->encryption = IMTC_ENCRYPTION_ENCRYPTED;
	else
		complain(r, setting, "\"clear\" or \"encrypted\"",
			 "encryption is neither of its words");
}

static void refuse_unknown(struct reader *r, const config_setting_t *group,
			   const char *const *known, const char *where)
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

static void take_entry(struct reader *r, const config_setting_t *entry)
{
	struct imtc_domain_value value = { 0 };

	if (!config_setting_is_group(entry)) {
		complain(r, entry, "{ service = \"NAME\"; domains = [ ... ]; }",
			 "an entry of services is not a group");
		return;
	}
	refuse_unknown(r, entry, keys, "of a service");
	take_service(r, entry, &value);
	take_feature(r, entry, &value);
	take_encryption(r, entry, &value);
	take_domains(r, entry, &value);
}

static void take_document(struct reader *r)
{
	static const char *const top[] = { "services", NULL };
	const config_setting_t *root = config_root_setting(&r->document->config);
	config_setting_t *list = config_setting_get_member(root, "services");
	struct diag_at at = { .file = r->document->source->files[0] };
	int count;

	refuse_unknown(r, root, top, "of a signature file");
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

/* --- lists ---------------------------------------------------------------------- */

static int by_domain(const void *one, const void *other)
{
	const struct signature *a = one, *b = other;
	int order = strcmp(a->domain, b->domain);

	if (!order)
		order = a->file < b->file ? -1 : a->file > b->file;
	return order ? order : a->line - b->line;
}

/* Within a file a domain stands once. The list is sorted. */
static void refuse_twice(const struct signatures *s, struct diag *diag)
{
	for (size_t i = 1; i < s->count; i++) {
		const struct signature *first = &s->entries[i - 1], *again = &s->entries[i];
		struct diag_at at = { .file = s->files[again->file], .line = again->line };

		if (!strcmp(first->domain, again->domain))
			diag_message(diag, DIAG_ERROR, &at,
				     "the domain \"%s\" stands here again; it is in line %d",
				     again->domain, first->line);
	}
}

/* Of a domain in several files the last stays. The list is sorted. */
static void drop_overridden(struct signatures *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++)
		if (i + 1 == s->count || strcmp(s->entries[i].domain, s->entries[i + 1].domain))
			s->entries[kept++] = s->entries[i];
	s->count = kept;
}

void signatures_free(struct signatures *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->file_count; i++)
		free(s->files[i]);
	free(s->files);
	free(s->entries);
	free(s);
}

static int add_file(struct signatures *s, const char *file)
{
	char **files = realloc(s->files, (s->file_count + 1) * sizeof(*files));

	if (!files)
		return -ENOMEM;
	s->files = files;
	files[s->file_count] = strdup(file);
	if (!files[s->file_count])
		return -ENOMEM;
	s->file_count++;
	return 0;
}

static struct signatures *read_source(const char *file, struct source *source, struct diag *diag)
{
	struct reader r = { .diag = diag };
	unsigned int errors = diag_errors(diag);

	if (!source)
		return NULL;
	r.document = document_parse(source, diag);
	if (!r.document)
		return NULL;
	r.into = calloc(1, sizeof(*r.into));
	if (r.into && !add_file(r.into, file)) {
		take_document(&r);
		if (r.into->count)
			qsort(r.into->entries, r.into->count, sizeof(*r.into->entries), by_domain);
		refuse_twice(r.into, diag);
	} else {
		diag_message(diag, DIAG_SYSTEM, &(struct diag_at){ .file = file }, "no memory");
	}
	document_free(r.document);
	if (diag_errors(diag) == errors)
		return r.into;
	signatures_free(r.into);
	return NULL;
}

struct signatures *signatures_read_file(const char *file, struct diag *diag)
{
	return read_source(file, source_read(file, diag), diag);
}

struct signatures *signatures_read_bytes(const char *file, const char *bytes, size_t len,
					 struct diag *diag)
{
	return read_source(file, source_from(file, bytes, len, diag), diag);
}

/* Adds a file's list to all; takes it. */
static int join(struct signatures *all, struct signatures *one)
{
	size_t count = all->count + one->count;
	struct signature *entries = realloc(all->entries, (count + 1) * sizeof(*entries));
	int err = entries ? add_file(all, one->files[0]) : -ENOMEM;

	if (entries)
		all->entries = entries;
	for (size_t i = 0; !err && i < one->count; i++) {
		all->entries[all->count] = one->entries[i];
		all->entries[all->count++].file = (u32)all->file_count - 1;
	}
	signatures_free(one);
	return err;
}

static void read_folder(struct signatures *all, const char *folder, struct diag *diag)
{
	struct diag_at at = { .file = folder };
	char pattern[4096];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.conf", folder);
	/* Sorted by name: 10-a.conf before 20-b.conf. */
	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct signatures *one = signatures_read_file(found.gl_pathv[i], diag);

		if (one && join(all, one))
			diag_message(diag, DIAG_SYSTEM, &at, "no memory");
	}
	globfree(&found);
}

struct signatures *signatures_read(const char *const *folders, struct diag *diag)
{
	struct signatures *all = calloc(1, sizeof(*all));
	unsigned int errors = diag_errors(diag);

	if (!all)
		return NULL;
	for (size_t i = 0; folders[i]; i++)
		read_folder(all, folders[i], diag);
	if (all->count)
		qsort(all->entries, all->count, sizeof(*all->entries), by_domain);
	drop_overridden(all);
	if (all->count > SIGNATURES_MAX)
		diag_message(diag, DIAG_ERROR, &(struct diag_at){ .file = folders[0] },
			     "%zu domains in all; there is room for %d", all->count,
			     SIGNATURES_MAX);
	if (diag_errors(diag) == errors)
		return all;
	signatures_free(all);
	return NULL;
}
