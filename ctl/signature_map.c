// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where signature files are, and their way into the map that programs read.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpffs.h"
#include "control.h"
#include "mapread.h"
#include "own.h"
#include "sentence.h"
#include "signature.h"

#define LOCAL_FOLDER "/etc/imtc/signatures.d"
#define SHIPPED_FOLDER "/usr/share/imtc/signatures"

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* Beside this program: below the prefix it is installed in, or in its source tree. */
static const char *shipped_folder(void)
{
	static const char *const beside[] = { "../share/imtc/signatures", "../signatures" };
	static char real[PATH_MAX];
	char exe[PATH_MAX], path[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", exe, beside[i]);
		if (is_folder(path) && realpath(path, real))
			return real;
	}
	return SHIPPED_FOLDER;
}

const char *const *signature_folders(const char *folder)
{
	static const char *folders[3];

	if (!folder)
		folder = secure_getenv("IMTC_SIGNATURES");
	folders[0] = folder ? folder : shipped_folder();
	folders[1] = folder ? NULL : LOCAL_FOLDER;
	return folders;
}

struct imtc_domain_key signature_key(enum signature_kind kind, const char *text,
				     const u64 seed[2])
{
	struct imtc_domain_key key;
	size_t len = strlen(text);

	imtc_domain_start(&key, seed);
	if (kind != SIGNATURE_DOMAIN)
		imtc_domain_step(&key, kind == SIGNATURE_ALPN ? IMTC_NAME_ALPN : IMTC_NAME_AGENT);
	for (size_t i = 0; i < len; i++)
		imtc_domain_step(&key, (u8)text[kind == SIGNATURE_DOMAIN ? len - 1 - i : i]);
	return key;
}

/* --- names ------------------------------------------------------------------------ */

static int by_key(const void *one, const void *other)
{
	return memcmp(one, other, sizeof(struct imtc_domain_key));
}

/* The keys that the map shall hold, sorted, and those it should not. */
struct wanted {
	struct imtc_domain_key *keys;
	size_t count;
	struct imtc_domain_key *surplus;
	size_t surplus_count, surplus_room;
};

static int note_surplus(const void *key, const void *value, void *data)
{
	struct wanted *w = data;

	(void)value;
	if (w->count && bsearch(key, w->keys, w->count, sizeof(*w->keys), by_key))
		return 0;
	if (w->surplus_count < w->surplus_room)
		memcpy(&w->surplus[w->surplus_count++], key, sizeof(*w->surplus));
	return 0;
}

static int put_all(int fd, const struct signatures *s, const u64 seed[2], struct wanted *w)
{
	w->count = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct signature *entry = &s->entries[i];

		if (entry->kind > SIGNATURE_AGENT)
			continue;
		w->keys[w->count] = signature_key(entry->kind, entry->text, seed);
		if (bpf_map_update_elem(fd, &w->keys[w->count++], &entry->value, BPF_ANY))
			return -errno;
	}
	qsort(w->keys, w->count, sizeof(*w->keys), by_key);
	return 0;
}

static void list_all(const struct signatures *s, const u64 seed[2], struct wanted *w)
{
	w->count = 0;
	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].kind <= SIGNATURE_AGENT)
			w->keys[w->count++] = signature_key(s->entries[i].kind,
							    s->entries[i].text, seed);
	qsort(w->keys, w->count, sizeof(*w->keys), by_key);
}

static int delete_surplus(int fd, struct wanted *w)
{
	int err = map_each(fd, note_surplus, w);

	for (size_t i = 0; i < w->surplus_count && !err; i++)
		if (bpf_map_delete_elem(fd, &w->surplus[i]) && errno != ENOENT)
			err = -errno;
	return err;
}

static int fill_names(int fd, const struct signatures *s, const u64 seed[2])
{
	struct wanted w = { 0 };
	u32 max = 0;
	int err = map_max_entries(fd, &max);

	w.keys = calloc(s->count + 1, sizeof(*w.keys));
	w.surplus = calloc((size_t)max + 1, sizeof(*w.surplus));
	w.surplus_room = max;
	if (!err && (!w.keys || !w.surplus))
		err = -ENOMEM;
	if (!err)
		err = put_all(fd, s, seed, &w);
	/* A full map has no room before the old ones go: then those go first. */
	if (err == -E2BIG) {
		list_all(s, seed, &w);
		err = delete_surplus(fd, &w);
		if (!err)
			err = put_all(fd, s, seed, &w);
	} else if (!err) {
		err = delete_surplus(fd, &w);
	}
	free(w.keys);
	free(w.surplus);
	return err;
}

/* --- prefixes ----------------------------------------------------------------------- */

static const struct signature *wanted_prefix(const struct signatures *s,
					     const struct imtc_prefix_key *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].kind == SIGNATURE_PREFIX &&
		    !memcmp(&s->entries[i].prefix, key, sizeof(*key)))
			return &s->entries[i];
	return NULL;
}

/* A trie is not read in batches: key by key. At most `room` keys. */
static size_t read_prefixes(int fd, struct imtc_prefix_key *keys, size_t room)
{
	size_t n = 0;

	while (n < room && !bpf_map_get_next_key(fd, n ? &keys[n - 1] : NULL, &keys[n]))
		n++;
	return n;
}

static int fill_prefixes(int fd, const struct signatures *s)
{
	struct imtc_prefix_key *keys = calloc(SIGNATURE_PREFIXES_MAX, sizeof(*keys));
	size_t n = keys ? read_prefixes(fd, keys, SIGNATURE_PREFIXES_MAX) : 0;
	bool full = n + s->counts[SIGNATURE_PREFIX] > SIGNATURE_PREFIXES_MAX;
	int err = keys ? 0 : -ENOMEM;

	/* What is to go goes last, but where there is no room for both. */
	for (int turn = 0; turn < 2 && !err; turn++) {
		for (size_t i = 0; i < n && turn != full && !err; i++)
			if (!wanted_prefix(s, &keys[i]) && bpf_map_delete_elem(fd, &keys[i]) &&
			    errno != ENOENT)
				err = -errno;
		for (size_t i = 0; i < s->count && turn == full && !err; i++)
			if (s->entries[i].kind == SIGNATURE_PREFIX &&
			    bpf_map_update_elem(fd, &s->entries[i].prefix, &s->entries[i].value,
						BPF_ANY))
				err = -errno;
	}
	free(keys);
	return err;
}

/* --- patterns ------------------------------------------------------------------------ */

/* Into the half that is not in use, which then is. */
static int fill_patterns(int fd, const struct signatures *s, struct imtc_control *control)
{
	u16 upper = control->patterns & IMTC_PATTERNS_UPPER ? 0 : IMTC_PATTERNS_UPPER;
	u32 first = upper ? IMTC_PATTERNS_MAX : 0, n = 0;

	for (size_t i = 0; i < s->count; i++) {
		u32 entry = first + n;

		if (s->entries[i].kind != SIGNATURE_PATTERN)
			continue;
		if (n == IMTC_PATTERNS_MAX)
			return -E2BIG;
		if (bpf_map_update_elem(fd, &entry, &s->entries[i].pattern, BPF_ANY))
			return -errno;
		n++;
	}
	control_set_patterns(control, (u16)(upper | n));
	return 0;
}

/* --- all ------------------------------------------------------------------------------ */

static int map_names(void)
{
	return map_open("domains", sizeof(struct imtc_domain_key),
			sizeof(struct imtc_domain_value));
}

static int map_prefixes(void)
{
	return map_open("prefixes", sizeof(struct imtc_prefix_key),
			sizeof(struct imtc_domain_value));
}

static int map_patterns(void)
{
	return map_open("patterns", sizeof(u32), sizeof(struct imtc_pattern));
}

static int fill(const struct signatures *s, struct imtc_control *control)
{
	const u64 seed[2] = { control->domain_seed[0], control->domain_seed[1] };
	int names = map_names(), prefixes = map_prefixes(), patterns = map_patterns();
	int err = names < 0 ? names : prefixes < 0 ? prefixes : patterns < 0 ? patterns : 0;

	/* Before anything has their numbers. */
	if (!err)
		err = own_keep();
	if (!err)
		err = fill_names(names, s, seed);
	if (!err)
		err = fill_prefixes(prefixes, s);
	if (!err)
		err = fill_patterns(patterns, s, control);
	if (names >= 0)
		close(names);
	if (prefixes >= 0)
		close(prefixes);
	if (patterns >= 0)
		close(patterns);
	return err;
}

int signature_map_load(const struct signatures *signatures)
{
	struct imtc_control *control = NULL;
	int lock = bpffs_lock();
	int err = lock < 0 ? lock : control_map(&control);

	if (!err) {
		err = fill(signatures, control);
		control_unmap(control);
	}
	if (lock >= 0)
		close(lock);
	if (err == -ENOENT)
		return fail(err, "no programs are loaded");
	return err ? fail(err, "cannot write the signatures") : 0;
}

static u32 count_prefixes(void)
{
	struct imtc_prefix_key key, next;
	int fd = map_prefixes();
	u32 n = 0;

	if (fd < 0)
		return 0;
	while (n < SIGNATURE_PREFIXES_MAX && !bpf_map_get_next_key(fd, n ? &key : NULL, &next)) {
		key = next;
		n++;
	}
	close(fd);
	return n;
}

int signature_map_count(u32 *ret_count)
{
	struct imtc_control control;
	int fd = map_names();
	int err;

	if (fd < 0)
		return fd;
	err = map_count(fd, ret_count);
	close(fd);
	if (!err)
		err = map_control(&control);
	if (!err)
		*ret_count += count_prefixes() +
			      (control.patterns & (u16)~IMTC_PATTERNS_UPPER);
	return err;
}
