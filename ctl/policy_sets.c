// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets, from files of one prefix or word a line.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <imtc/policy_owner.h>

#include "policy_domain.h"
#include "policy_sets.h"
#include "policy_tree.h"

#define FILE_BYTES_MAX (16 << 20)

const struct set_kind set_kinds[IMTC_SET_KINDS] = {
	[IMTC_SET_ADDRESSES] = { "sets", "addresses", "prefix", "prefixes" },
	[IMTC_SET_DOMAINS] = { "domain_sets", "domains", "domain", "domains" },
	[IMTC_SET_USERS] = { "user_sets", "users", "user", "users" },
	[IMTC_SET_PROGRAMS] = { "program_sets", "programs", "program", "programs" },
};

u32 policy_sets_find(const struct policy_sets *sets, const char *name)
{
	for (size_t i = 0; i < sets->count; i++)
		if (!strcmp(sets->names[i], name))
			return (u32)i + 1;
	return 0;
}

int policy_sets_name(struct policy_sets *sets, const char *name, u8 kind, u32 *ret_set)
{
	*ret_set = policy_sets_find(sets, name);
	if (*ret_set)
		return sets->kinds[*ret_set - 1] == kind ? 0 : -EEXIST;
	if (sets->count == IMTC_SETS_MAX - 1)
		return -E2BIG;
	if (!sets->names)
		sets->names = calloc(IMTC_SETS_MAX, sizeof(*sets->names));
	if (!sets->names)
		return -ENOMEM;
	sets->kinds[sets->count] = kind;
	snprintf(sets->names[sets->count++], IMTC_NAME_BYTES, "%s", name);
	*ret_set = (u32)sets->count;
	return 0;
}

/* Doubles at powers of two. */
int policy_sets_add(struct policy_sets *sets, u32 set, const struct imtc_prefix *prefix)
{
	size_t n = sets->entry_count;
	struct imtc_set_entry *entries = sets->entries;

	if (n == IMTC_SET_ENTRIES_MAX)
		return -E2BIG;
	if (!(n & (n - 1)))
		entries = reallocarray(entries, n ? 2 * n : 1, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	sets->entries = entries;
	entries[n] = (struct imtc_set_entry){ .prefix = *prefix, .set = set };
	sets->entry_count++;
	return 0;
}

int policy_sets_add_word(struct policy_sets *sets, u32 set, const char *word)
{
	size_t bytes = imtc_word_bytes(word), room = sets->words_room;
	char *words;

	if (sets->word_count == IMTC_SET_WORDS_MAX ||
	    sets->words_bytes + bytes > IMTC_SET_WORD_BYTES_MAX)
		return -E2BIG;
	if (sets->words_bytes + bytes > room) {
		room = 2 * room + 4096;
		words = realloc(sets->words, room);
		if (!words)
			return -ENOMEM;
		sets->words = words;
		sets->words_room = room;
	}
	imtc_word_put(sets->words + sets->words_bytes, (u8)set, sets->kinds[set - 1], word);
	sets->words_bytes += bytes;
	sets->word_count++;
	return 0;
}

const char *policy_sets_word(const struct policy_sets *sets, u32 set, size_t *at)
{
	while (*at < sets->words_bytes) {
		const char *entry = sets->words + *at;

		*at += imtc_word_bytes(entry + IMTC_WORD_HEAD);
		if ((u8)entry[0] == set)
			return entry + IMTC_WORD_HEAD;
	}
	return NULL;
}

size_t policy_sets_size(const struct policy_sets *sets, u32 set)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; i < sets->entry_count; i++)
		count += sets->entries[i].set == set;
	while (policy_sets_word(sets, set, &at))
		count++;
	return count;
}

void policy_sets_free(struct policy_sets *sets)
{
	free(sets->names);
	free(sets->entries);
	free(sets->words);
	memset(sets, 0, sizeof(*sets));
}

/* --- a file ---------------------------------------------------------------------- */

static bool system_error(const char *file, struct diag *diag, int error)
{
	struct diag_at at = { .file = file };

	diag_message(diag, DIAG_SYSTEM, &at, "cannot read the file: %s", strerror(error));
	return false;
}

/* All of a regular file, with a NUL behind it, for free(). Errors as errno. */
static int read_whole(const char *file, char **ret_text)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;
	char *text = NULL;
	ssize_t got = 0;
	size_t len = 0;
	int error = 0;

	if (fd < 0)
		return errno;
	if (fstat(fd, &stat))
		error = errno;
	else if (!S_ISREG(stat.st_mode))
		error = S_ISDIR(stat.st_mode) ? EISDIR : EINVAL;
	else if (stat.st_size > FILE_BYTES_MAX)
		error = EFBIG;
	else
		text = malloc((size_t)stat.st_size + 1);
	if (!error && !text)
		error = ENOMEM;
	while (!error && len < (size_t)stat.st_size) {
		got = read(fd, text + len, (size_t)stat.st_size - len);
		if (got < 0)
			error = errno;
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	close(fd);
	if (error) {
		free(text);
		return error;
	}
	text[len] = '\0';
	*ret_text = text;
	return 0;
}

/* Without what is behind a #, and blanks; in place. *ret_column is the word's. */
static char *trim(char *line, int *ret_column)
{
	char *word = line + strspn(line, " \t");
	size_t len;

	word[strcspn(word, "#\r")] = '\0';
	len = strlen(word);
	while (len && (word[len - 1] == ' ' || word[len - 1] == '\t'))
		word[--len] = '\0';
	*ret_column = (int)(word - line) + 1;
	return word;
}

static bool value_program(const char *text, struct set_member *member, struct value_error *error)
{
	if (!value_exe(text, error))
		return false;
	if (!imtc_glob_is_plain(text)) {
		snprintf(error->message, sizeof(error->message), "\"%.255s\" is a pattern", text);
		snprintf(error->expected, sizeof(error->expected),
			 "the path of one program; patterns stand in rules");
		return false;
	}
	/* As long as it may be. */
	memcpy(member->word, text, strlen(text) + 1);
	return true;
}

bool value_member(const char *text, u8 kind, struct set_member *ret_member,
		  struct value_error *error)
{
	u32 uid;

	if (kind == IMTC_SET_ADDRESSES)
		return value_prefix(text, &ret_member->prefix, error);
	if (kind == IMTC_SET_DOMAINS)
		return value_domain(text, ret_member->word, error);
	if (kind == IMTC_SET_PROGRAMS)
		return value_program(text, ret_member, error);
	if (!value_user(text, &uid, error))
		return false;
	imtc_user_text(uid, ret_member->word);
	return true;
}

int policy_sets_add_member(struct policy_sets *sets, u32 set, const struct set_member *member)
{
	return sets->kinds[set - 1] == IMTC_SET_ADDRESSES ?
		       policy_sets_add(sets, set, &member->prefix) :
		       policy_sets_add_word(sets, set, member->word);
}

const char *policy_sets_full(u8 kind)
{
	return kind == IMTC_SET_ADDRESSES ? "more than 262144 prefixes in all sets" :
					    "more than 524288 words, or 32 MiB of them, in all sets";
}

static bool take_line(struct policy_sets *sets, u32 set, char *line, struct diag_at *at,
		      struct diag *diag)
{
	struct value_error error = { 0 };
	struct set_member member;
	struct diag_say say;
	char *word = trim(line, &at->column);

	if (!word[0])
		return true;
	at->length = (int)strlen(word);
	if (!value_member(word, sets->kinds[set - 1], &member, &error)) {
		say = (struct diag_say){ error.message, error.expected[0] ? error.expected : NULL,
					 NULL };
		diag_add(diag, DIAG_ERROR, at, &say);
		return false;
	}
	switch (policy_sets_add_member(sets, set, &member)) {
	case 0:
		return true;
	case -E2BIG:
		diag_message(diag, DIAG_ERROR, at, "%s", policy_sets_full(sets->kinds[set - 1]));
		sets->is_full = true;
		return false;
	}
	return system_error(at->file, diag, ENOMEM);
}

bool policy_sets_read(struct policy_sets *sets, u32 set, const char *file, struct diag *diag)
{
	struct diag_at at = { .file = file };
	char *text = NULL, *rest, *line;
	int error = read_whole(file, &text);
	bool fine = true;

	if (error)
		return system_error(file, diag, error);
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		at.line++;
		if (!take_line(sets, set, line, &at, diag)) {
			fine = false;
			if (sets->is_full)
				break;
		}
	}
	free(text);
	return fine;
}

/* --- files by a pattern ---------------------------------------------------------- */

/* "/etc/imtc/sets/partners.txt" is the set "partners". */
static bool set_of_file(const char *file, char name[IMTC_NAME_BYTES])
{
	const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	struct value_error error;
	size_t len = strcspn(base, ".");

	if (!len || len >= IMTC_NAME_BYTES)
		return false;
	memcpy(name, base, len);
	name[len] = '\0';
	return value_name(name, &error);
}

static bool read_named(struct policy_sets *sets, const char *file, u8 kind,
		       const struct diag_at *at, struct diag *diag)
{
	char name[IMTC_NAME_BYTES];
	u32 set;
	int error;

	if (!set_of_file(file, name)) {
		diag_message(diag, DIAG_ERROR, at, "the name of \"%.200s\" cannot name a set", file);
		return false;
	}
	error = policy_sets_name(sets, name, kind, &set);
	if (error == -E2BIG) {
		diag_message(diag, DIAG_ERROR, at, "more than 63 sets");
		return false;
	}
	if (error == -EEXIST) {
		diag_message(diag, DIAG_ERROR, at, "\"%s\" is a set of %s already: names of sets "
			     "are of one kind", name, set_kinds[sets->kinds[set - 1]].name);
		return false;
	}
	return error ? system_error(file, diag, ENOMEM) : policy_sets_read(sets, set, file, diag);
}

/* A pattern of folders could find all there is on the host. */
static bool has_pattern_in_folder(const char *pattern)
{
	size_t special = strcspn(pattern, "*?[\\");

	return strchr(pattern + special, '/');
}

bool policy_sets_glob(struct policy_sets *sets, const char *pattern, u8 kind,
		      const struct diag_at *at, struct diag *diag)
{
	bool fine = true;
	glob_t found;

	if (pattern[0] != '/') {
		struct diag_say say = { "the files of sets must be named by an absolute path",
					"such as \"/etc/imtc/sets/*.txt\"", NULL };

		diag_add(diag, DIAG_ERROR, at, &say);
		return false;
	}
	if (has_pattern_in_folder(pattern)) {
		struct diag_say say = { "the folder of sets must be named without a pattern",
					"such as \"/etc/imtc/sets/*.txt\"", NULL };

		diag_add(diag, DIAG_ERROR, at, &say);
		return false;
	}
	switch (glob(pattern, 0, NULL, &found)) {
	case 0:
		break;
	case GLOB_NOMATCH:
		diag_message(diag, DIAG_ERROR, at, "no file is named \"%.200s\"", pattern);
		return false;
	default:
		return system_error(pattern, diag, errno ? errno : ENOMEM);
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		fine &= read_named(sets, found.gl_pathv[i], kind, at, diag);
	globfree(&found);
	return fine;
}
