// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the history: its records, what an entry keeps, and who loads now.
 */
#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <imtc/sha256_bytes.h>

#include "history.h"
#include "history_file.h"
#include "json.h"

#define DIGEST_DIGITS 64
#define DIGEST_DIGITS_LEAST 8	/* of one that is abbreviated */

/* --- the list ------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	uint64_t one = json_number(*(struct json_object *const *)a, "number");
	uint64_t other = json_number(*(struct json_object *const *)b, "number");

	return (one > other) - (one < other);
}

int history_list(const char *dir, struct json_object **ret_records)
{
	char path[HISTORY_PATH_BYTES], ending[8];
	struct json_object *records, *record;
	struct dirent *file;
	DIR *folder;
	u32 number;
	int error = history_folder(dir, path);

	if (error)
		return error;
	folder = opendir(path);
	if (!folder)
		return -errno;
	records = json_object_new_array();
	while ((file = readdir(folder))) {
		if (!history_name_parse(file->d_name, &number, ending) || strcmp(ending, "json"))
			continue;
		record = history_record_read(path, number, "json");
		if (record)
			json_object_array_add(records, record);
	}
	closedir(folder);
	json_object_array_sort(records, by_number);
	*ret_records = records;
	return 0;
}

void history_hex(const u8 digest[32], char hex[65])
{
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static bool has_digest(const struct history_text *text, const char *wanted)
{
	struct imtc_sha256_bytes hash;
	char hex[DIGEST_DIGITS + 1];
	u8 digest[32];

	imtc_sha256_bytes_start(&hash);
	imtc_sha256_bytes_add(&hash, text->text, text->len);
	imtc_sha256_bytes_finish(&hash, digest);
	history_hex(digest, hex);
	return !strcmp(hex, wanted);
}

int history_read(const char *dir, struct json_object *record, struct history_text *ret_text)
{
	struct history_text text = { 0 };
	u32 number = (u32)json_number(record, "number");
	char folder[HISTORY_PATH_BYTES];
	int error = history_folder(dir, folder);

	if (error)
		return error;
	error = history_load(folder, number, "conf", &text.text, &text.len);
	if (error)
		return error == -ENOENT ? -EBADMSG : error;
	if (!has_digest(&text, json_text(record, "digest"))) {
		history_text_free(&text);
		return -EBADMSG;
	}
	error = history_load(folder, number, "sig", &text.signature, &text.signature_len);
	if (error && error != -ENOENT) {
		history_text_free(&text);
		return error;
	}
	*ret_text = text;
	return 0;
}

void history_text_free(struct history_text *text)
{
	free(text->text);
	free(text->signature);
	memset(text, 0, sizeof(*text));
}

/* --- which entry ------------------------------------------------------------------ */

static bool has_text(struct json_object *record)
{
	return json_text(record, "digest")[0];
}

static int find_digest(struct json_object *records, const char *word,
		       struct json_object **ret_record)
{
	struct json_object *found = NULL, *record;

	for (size_t i = json_object_array_length(records); i-- > 0;) {
		record = json_object_array_get_idx(records, i);
		if (strncasecmp(json_text(record, "digest"), word, strlen(word)))
			continue;
		if (found && strcmp(json_text(found, "digest"), json_text(record, "digest")))
			return -ENOTUNIQ;
		/* The newest of those that say the same. */
		if (!found)
			found = record;
	}
	if (!found)
		return -ENOENT;
	*ret_record = found;
	return 0;
}

int history_find(struct json_object *records, const char *word, struct json_object **ret_record)
{
	size_t len = strlen(word);
	struct json_object *record;

	if (len && len < DIGEST_DIGITS_LEAST && strspn(word, "0123456789") == len) {
		for (size_t i = 0; i < json_object_array_length(records); i++) {
			record = json_object_array_get_idx(records, i);
			if (json_number(record, "number") != strtoul(word, NULL, 10) ||
			    !has_text(record))
				continue;
			*ret_record = record;
			return 0;
		}
		return -ENOENT;
	}
	if (len < DIGEST_DIGITS_LEAST || len > DIGEST_DIGITS ||
	    strspn(word, "0123456789abcdefABCDEF") != len)
		return -EINVAL;
	return find_digest(records, word, ret_record);
}

/* Index of the newest entry of this digest; count where there is none. */
static size_t newest_of(struct json_object *records, const char *digest)
{
	size_t count = json_object_array_length(records);

	for (size_t i = count; i-- > 0;)
		if (!strcmp(json_text(json_object_array_get_idx(records, i), "digest"), digest))
			return i;
	return count;
}

/* Where an entry that is a rollback goes on: at the one that it brought back. */
static size_t origin_of(struct json_object *records, size_t i)
{
	uint64_t of = json_number(json_object_array_get_idx(records, i), "of");

	for (size_t k = 0; of && k < i; k++)
		if (json_number(json_object_array_get_idx(records, k), "number") == of)
			return k;
	return i;
}

int history_before(struct json_object *records, const char *running,
		   struct json_object **ret_record)
{
	size_t i = running[0] ? newest_of(records, running) : json_object_array_length(records);

	if (running[0] && i < json_object_array_length(records))
		i = origin_of(records, i);
	while (i-- > 0) {
		struct json_object *record = json_object_array_get_idx(records, i);

		if (!has_text(record) || !strcmp(json_text(record, "digest"), running))
			continue;
		*ret_record = record;
		return 0;
	}
	return -ENOENT;
}

/* --- who ----------------------------------------------------------------------------- */

static void add_caller(struct json_object *record)
{
	char link[64], exe[256];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)getppid());
	len = readlink(link, exe, sizeof(exe) - 1);
	if (len <= 0)
		return;
	exe[len] = '\0';
	json_add_text(record, "exe", exe);
}

struct json_object *history_record(void)
{
	struct json_object *record = json_object_new_object();
	const struct passwd *user = getpwuid(getuid());
	const char *sudo = getenv("SUDO_USER");
	time_t now = time(NULL);
	char text[32] = "";
	struct tm when;

	if (gmtime_r(&now, &when))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &when);
	json_add_text(record, "time", text);
	json_add_number(record, "uid", getuid());
	if (user)
		json_add_text(record, "user", user->pw_name);
	if (sudo && sudo[0])
		json_add_text(record, "sudo_user", sudo);
	add_caller(record);
	return record;
}
