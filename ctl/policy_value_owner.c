// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy may say of a process: its user, its paths, its names.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "policy_value.h"

/* --- users and groups ------------------------------------------------------- */

/* A word of digits alone. 4294967295 is (uid_t)-1: no user, and refused. */
static bool is_number(const char *word)
{
	return word[0] && strspn(word, "0123456789") == strlen(word);
}

static bool id_number(const char *word, const char *what, u32 *ret_id, struct value_error *error)
{
	unsigned long long id;

	errno = 0;
	id = strtoull(word, NULL, 10);
	if (errno || id >= 0xffffffffULL)
		return value_wrong(error, "a number from 0 to 4294967294",
			     "\"%s\" is no %s number", word, what);
	*ret_id = (u32)id;
	return true;
}

static const char *nearest_user(const char *word, char *name, size_t size)
{
	struct nearest search = { .word = word };
	struct passwd *entry;

	/* The search keeps the pointer: give it one that outlives the entry. */
	setpwent();
	while ((entry = getpwent())) {
		struct nearest one = { .word = word };

		nearest_offer(&one, entry->pw_name);
		if (!one.best || (search.best && one.distance >= search.distance))
			continue;
		snprintf(name, size, "%s", entry->pw_name);
		search.best = name;
		search.distance = one.distance;
	}
	endpwent();
	return search.best;
}

static const char *nearest_group(const char *word, char *name, size_t size)
{
	struct nearest search = { .word = word };
	struct group *entry;

	setgrent();
	while ((entry = getgrent())) {
		struct nearest one = { .word = word };

		nearest_offer(&one, entry->gr_name);
		if (!one.best || (search.best && one.distance >= search.distance))
			continue;
		snprintf(name, size, "%s", entry->gr_name);
		search.best = name;
		search.distance = one.distance;
	}
	endgrent();
	return search.best;
}

bool value_user(const char *word, u32 *ret_uid, struct value_error *error)
{
	struct passwd *entry;
	char name[64];

	if (is_number(word))
		return id_number(word, "user", ret_uid, error);
	entry = word[0] ? getpwnam(word) : NULL;
	if (!entry)
		return value_unknown(error, "a user of this host, or a number", "user", word,
			       nearest_user(word, name, sizeof(name)));
	*ret_uid = entry->pw_uid;
	return true;
}

bool value_group(const char *word, u32 *ret_gid, struct value_error *error)
{
	struct group *entry;
	char name[64];

	if (is_number(word))
		return id_number(word, "group", ret_gid, error);
	entry = word[0] ? getgrnam(word) : NULL;
	if (!entry)
		return value_unknown(error, "a group of this host, or a number", "group", word,
			       nearest_group(word, name, sizeof(name)));
	*ret_gid = entry->gr_gid;
	return true;
}

/* --- paths and names -------------------------------------------------------- */

/* The path as the kernel writes it: no "//", no "/./", no "/../", no slash at the end. */
static void normalise(const char *path, char *normal, size_t size)
{
	size_t used = 0;

	while (*path) {
		size_t part;

		path += strspn(path, "/");
		part = strcspn(path, "/");
		if (part == 2 && !memcmp(path, "..", 2)) {
			while (used && normal[--used] != '/')
				;
		} else if (part && !(part == 1 && *path == '.') && used + part + 2 < size) {
			normal[used++] = '/';
			memcpy(normal + used, path, part);
			used += part;
		}
		path += part;
	}
	if (!used)
		normal[used++] = '/';
	normal[used] = '\0';
}

/* Patterns may stand there; a bracket that begins none is what is most often wrong. */
static bool check_glob(const char *text, const char *what, struct value_error *error)
{
	const char *bad = imtc_glob_wrong(text);

	return !bad || value_wrong(error, "a class such as [a-z] or [!0-9]; [[] for a bracket itself",
			     "%s \"%s\": \"%s\" begins no class of a pattern", what, text, bad);
}

static bool check_path(const char *path, const char *what, struct value_error *error)
{
	char normal[IMTC_PATH_BYTES + 2], expected[IMTC_PATH_BYTES + 8];

	if (path[0] != '/')
		return value_wrong(error, "a path from the root, beginning with /",
			     "%s \"%s\" is not an absolute path", what, path);
	if (strlen(path) >= IMTC_PATH_BYTES)
		return value_wrong(error, "at most 255 bytes", "%s is a path of %zu bytes", what,
			     strlen(path));
	normalise(path, normal, sizeof(normal));
	if (!strcmp(path, normal))
		return check_glob(path, what, error);
	snprintf(expected, sizeof(expected), "\"%s\"", normal);
	return value_wrong(error, expected, "%s \"%s\" is not written as the kernel writes it", what,
		     path);
}

bool value_exe(const char *path, struct value_error *error)
{
	return check_path(path, "exe", error);
}

bool value_under(const char *path, struct value_error *error)
{
	return check_path(path, "under", error);
}

bool value_cgroup(const char *path, struct value_error *error)
{
	if (!check_path(path, "cgroup", error))
		return false;
	if (!strcmp(path, "/"))
		return value_wrong(error, "a cgroup below it, or no cgroup",
			     "cgroup \"/\" holds every process");
	return true;
}

/* The kinds of units that have a cgroup (systemd.unit(5), systemd.scope(5) ...). */
static bool is_unit(const char *name)
{
	static const char *const kinds[] = { ".service", ".scope", ".slice", ".socket", ".mount",
					     ".swap" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (n > strlen(kinds[i]) && !strcmp(name + n - strlen(kinds[i]), kinds[i]))
			return true;
	return n && name[n - 1] == '*';
}

bool value_unit(const char *name, struct value_error *error)
{
	char expected[64] = "a unit such as \"prosody.service\"";

	if (strlen(name) >= IMTC_PATH_BYTES)
		return value_wrong(error, "at most 255 bytes", "unit is a name of %zu bytes",
			     strlen(name));
	if (!strchr(name, '/') && is_unit(name))
		return check_glob(name, "unit", error);
	if (name[0] && !strpbrk(name, "/.") && strlen(name) <= 32)
		snprintf(expected, sizeof(expected), "\"%.32s.service\", with its kind", name);
	return value_wrong(error, expected, "\"%s\" is no unit that has processes", name);
}

bool value_container(const char *id, struct value_error *error)
{
	size_t n = strlen(id), digits = 0;

	while (imtc_is_hex(id[digits]))
		digits++;
	if (digits == n && n >= IMTC_CONTAINER_HEX_MIN && n <= IMTC_CONTAINER_HEX)
		return true;
	return value_wrong(error, "its id, or 12 digits or more of it, in small letters", digits == n ?
		     "container \"%s\" has not 12 to 64 digits" :
		     "container \"%s\" is no hexadecimal id", id);
}

bool value_sha256(const char *digest, struct value_error *error)
{
	size_t digits = 0;

	while (imtc_is_hex(digest[digits]))
		digits++;
	return (digits == IMTC_SHA256_HEX && !digest[digits]) ||
	       value_wrong(error, "64 hexadecimal digits in small letters, as sha256sum says them",
		     "\"%s\" is no SHA-256", digest);
}

bool value_comm(const char *comm, struct value_error *error)
{
	char expected[64];

	if (!comm[0])
		return value_wrong(error, "the name of a command, 1 to 15 bytes", "comm is empty");
	if (strlen(comm) < IMTC_COMM_BYTES)
		return true;
	snprintf(expected, sizeof(expected), "\"%.15s\", as the kernel cuts it", comm);
	return value_wrong(error, expected, "comm \"%s\" is longer than 15 bytes", comm);
}
