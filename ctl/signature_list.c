// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of signatures: files and folders joined into one, the later file having
 * the last word, and look-ups in it.
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "signature_read.h"
#include "signature_value.h"
#include "source.h"

static int by_text(const struct signature *a, const struct signature *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->text, b->text);
}

static int by_place(const void *one, const void *other)
{
	const struct signature *a = one, *b = other;
	int order = by_text(a, b);

	if (!order)
		order = a->file < b->file ? -1 : a->file > b->file;
	return order ? order : a->line - b->line;
}

static void sort(struct signatures *s)
{
	if (s->count)
		qsort(s->entries, s->count, sizeof(*s->entries), by_place);
}

/* Within a file each stands once. The list is sorted. */
static void refuse_twice(const struct signatures *s, struct diag *diag)
{
	for (size_t i = 1; i < s->count; i++) {
		const struct signature *first = &s->entries[i - 1], *again = &s->entries[i];
		struct diag_at at = { .file = s->files[again->file], .line = again->line };

		if (!by_text(first, again))
			diag_message(diag, DIAG_ERROR, &at,
				     "the %s \"%s\" stands here again; it is in line %d",
				     signature_kind_name(again->kind), again->text, first->line);
	}
}

/* Of what several files say of the same the last stays. The list is sorted. */
static void drop_overridden(struct signatures *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++)
		if (i + 1 == s->count || by_text(&s->entries[i], &s->entries[i + 1]))
			s->entries[kept++] = s->entries[i];
	s->count = kept;
}

static void count_kinds(struct signatures *s)
{
	memset(s->counts, 0, sizeof(s->counts));
	for (size_t i = 0; i < s->count; i++)
		s->counts[s->entries[i].kind]++;
}

static void refuse_many(struct diag *diag, const char *where, const char *what, size_t count,
			size_t most)
{
	if (count > most)
		diag_message(diag, DIAG_ERROR, &(struct diag_at){ .file = where },
			     "%zu %s in all; there is room for %zu", count, what, most);
}

/* --- files ---------------------------------------------------------------------- */

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
	unsigned int errors = diag_errors(diag);
	struct signatures *s;

	if (!source)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s && !add_file(s, file)) {
		signature_parse(source, s, diag);
		sort(s);
		refuse_twice(s, diag);
		count_kinds(s);
	} else {
		source_free(source);
		diag_message(diag, DIAG_SYSTEM, &(struct diag_at){ .file = file }, "no memory");
	}
	if (diag_errors(diag) == errors)
		return s;
	signatures_free(s);
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
	sort(all);
	drop_overridden(all);
	count_kinds(all);
	refuse_many(diag, folders[0], "names", all->counts[SIGNATURE_DOMAIN] +
		    all->counts[SIGNATURE_ALPN] + all->counts[SIGNATURE_AGENT],
		    SIGNATURE_NAMES_MAX);
	refuse_many(diag, folders[0], "prefixes", all->counts[SIGNATURE_PREFIX],
		    SIGNATURE_PREFIXES_MAX);
	refuse_many(diag, folders[0], "patterns", all->counts[SIGNATURE_PATTERN],
		    IMTC_PATTERNS_MAX);
	if (diag_errors(diag) == errors)
		return all;
	signatures_free(all);
	return NULL;
}

/* --- look-ups --------------------------------------------------------------------- */

static const struct signature *find_exact(const struct signatures *s, enum signature_kind kind,
					  const char *text)
{
	struct signature wanted = { .kind = kind };
	size_t low = 0, high = s->count;

	snprintf(wanted.text, sizeof(wanted.text), "%s", text);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = by_text(&wanted, &s->entries[middle]);

		if (!order)
			return &s->entries[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static const struct signature *find_domain(const struct signatures *s, const char *name)
{
	const struct signature *found = NULL;

	while (name && !found) {
		found = find_exact(s, SIGNATURE_DOMAIN, name);
		name = strchr(name, '.');
		if (name)
			name++;
	}
	return found;
}

static const struct signature *find_agent(const struct signatures *s, const char *agent)
{
	const struct signature *found = NULL, *longer;
	char part[IMTC_CLIENT_BYTES] = "";

	for (size_t i = 0; i <= strlen(agent) && i < sizeof(part); i++) {
		longer = i && strchr("/ (;", agent[i]) ?
			 find_exact(s, SIGNATURE_AGENT, part) : NULL;
		found = longer ? longer : found;
		part[i] = agent[i];
		if (i + 1 < sizeof(part))
			part[i + 1] = '\0';
	}
	return found;
}

static bool is_inside(const struct imtc_prefix_key *prefix, const struct imtc_prefix_key *inner)
{
	const u8 *a = (const u8 *)prefix->addr, *b = (const u8 *)inner->addr;

	if (inner->bits < prefix->bits)
		return false;
	for (u32 i = 0; i < prefix->bits; i++)
		if ((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static const struct signature *find_prefix(const struct signatures *s, const char *address)
{
	const struct signature *found = NULL;
	struct imtc_prefix_key wanted;
	struct value_error error;

	if (!signature_prefix(address, &wanted, &error))
		return NULL;
	for (size_t i = 0; i < s->count; i++) {
		const struct signature *entry = &s->entries[i];

		if (entry->kind == SIGNATURE_PREFIX && is_inside(&entry->prefix, &wanted) &&
		    (!found || entry->prefix.bits > found->prefix.bits))
			found = entry;
	}
	return found;
}

const struct signature *signatures_find(const struct signatures *s, enum signature_kind kind,
					const char *word)
{
	switch (kind) {
	case SIGNATURE_DOMAIN:
		return find_domain(s, word);
	case SIGNATURE_AGENT:
		return find_agent(s, word);
	case SIGNATURE_PREFIX:
		return find_prefix(s, word);
	default:
		return find_exact(s, kind, word);
	}
}
