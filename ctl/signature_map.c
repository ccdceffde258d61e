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

struct imtc_domain_key signature_key(const char *domain, const u64 seed[2])
{
	struct imtc_domain_key key;

	imtc_domain_start(&key, seed);
	for (size_t i = strlen(domain); i-- > 0;)
		imtc_domain_step(&key, (u8)domain[i]);
	return key;
}

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
	for (size_t i = 0; i < s->count; i++) {
		w->keys[i] = signature_key(s->entries[i].domain, seed);
		if (bpf_map_update_elem(fd, &w->keys[i], &s->entries[i].value, BPF_ANY))
			return -errno;
	}
	w->count = s->count;
	qsort(w->keys, w->count, sizeof(*w->keys), by_key);
	return 0;
}

static int delete_surplus(int fd, struct wanted *w)
{
	int err = map_each(fd, note_surplus, w);

	for (size_t i = 0; i < w->surplus_count && !err; i++)
		if (bpf_map_delete_elem(fd, &w->surplus[i]) && errno != ENOENT)
			err = -errno;
	return err;
}

static int fill(int fd, const struct signatures *s, const u64 seed[2])
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
		w.count = s->count;
		for (size_t i = 0; i < s->count; i++)
			w.keys[i] = signature_key(s->entries[i].domain, seed);
		qsort(w.keys, w.count, sizeof(*w.keys), by_key);
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

static int map_domains(void)
{
	return map_open("domains", sizeof(struct imtc_domain_key),
			sizeof(struct imtc_domain_value));
}

int signature_map_load(const struct signatures *signatures)
{
	struct imtc_control control;
	int lock = bpffs_lock();
	int fd = lock < 0 ? lock : map_domains();
	int err = fd < 0 ? fd : map_control(&control);

	if (!err)
		err = fill(fd, signatures, control.domain_seed);
	if (fd >= 0)
		close(fd);
	if (lock >= 0)
		close(lock);
	if (err == -ENOENT)
		return fail(err, "no programs are loaded");
	return err ? fail(err, "cannot write the signatures") : 0;
}

int signature_map_count(u32 *ret_count)
{
	int fd = map_domains();
	int err;

	if (fd < 0)
		return fd;
	err = map_count(fd, ret_count);
	close(fd);
	return err;
}
