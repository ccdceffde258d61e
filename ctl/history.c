// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing the history: entries are put aside before a load and stand after it.
 * Each file has its name only once it is whole and on the disk, so that whatever
 * ends this program leaves a history that can be read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history.h"
#include "history_file.h"
#include "json.h"

struct history {
	char folder[HISTORY_PATH_BYTES];
	int lock;
	u32 number;	/* of the entry put aside; 0: none */
};

/* --- entries ------------------------------------------------------------------ */

static const char *const endings[] = { "json", "new", "conf", "sig" };

static void forget(const struct history *history, u32 number)
{
	/* The record first: without it the rest is no entry. */
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		history_unlink(history->folder, number, endings[i]);
}

static bool is_repeated(struct json_object *records, size_t i)
{
	struct json_object *record = json_object_array_get_idx(records, i);

	for (size_t k = i + 1; k < json_object_array_length(records); k++)
		if (!strcmp(json_text(record, "digest"),
			    json_text(json_object_array_get_idx(records, k), "digest")))
			return true;
	return false;
}

static void prune(struct history *history, struct json_object *records)
{
	size_t count = json_object_array_length(records), victim;

	for (; count > HISTORY_MAX; count--) {
		for (victim = 0; victim < count && !is_repeated(records, victim); victim++)
			;
		if (victim == count)
			victim = 0;
		forget(history, (u32)json_number(json_object_array_get_idx(records, victim),
						 "number"));
		json_object_array_del_idx(records, victim, 1);
	}
}

/* --- what was cut short --------------------------------------------------------- */

/* A load between its two steps: it is finished where the policy runs and is new. */
static void settle_new(struct history *history, u32 number, const char *running,
		       const char *newest)
{
	struct json_object *record = history_record_read(history->folder, number, "new");
	const char *digest = json_text(record, "digest");

	if (record && !strcmp(digest, running) && strcmp(digest, newest))
		history_rename(history->folder, number, "new", "json");
	else
		forget(history, number);
	json_object_put(record);
}

static bool stands(struct json_object *records, u32 number)
{
	for (size_t i = 0; i < json_object_array_length(records); i++)
		if (json_number(json_object_array_get_idx(records, i), "number") == number)
			return true;
	return false;
}

static void settle(struct history *history, struct json_object *records, const char *running)
{
	size_t count = json_object_array_length(records);
	const char *newest = count ? json_text(json_object_array_get_idx(records, count - 1),
					       "digest") : "none yet";
	DIR *folder = opendir(history->folder);
	struct dirent *file;
	char ending[8];
	u32 number;

	while (folder && (file = readdir(folder))) {
		if (!history_name_parse(file->d_name, &number, ending)) {
			if (strstr(file->d_name, ".part"))
				unlinkat(dirfd(folder), file->d_name, 0);
		} else if (!strcmp(ending, "new")) {
			settle_new(history, number, running, newest);
		} else if (!stands(records, number) &&
			   !history_exists(history->folder, number, "new") &&
			   !history_exists(history->folder, number, "json")) {
			forget(history, number);
		}
	}
	if (folder)
		closedir(folder);
}

/* --- open and close --------------------------------------------------------------- */

static int make_folders(const char *dir, const char *folder)
{
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -errno;
	/* What is forbidden to whom is not for everybody to read. */
	if (mkdir(folder, 0700) && errno != EEXIST)
		return -errno;
	return 0;
}

static int take_lock(const char *folder)
{
	char path[HISTORY_PATH_BYTES + 8];
	int fd;

	snprintf(path, sizeof(path), "%s/lock", folder);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX)) {
		int error = -errno;

		if (error == -EINTR)
			continue;
		close(fd);
		return error;
	}
	return fd;
}

int history_open(const char *dir, const char *running, struct history **ret_history)
{
	struct history *history = calloc(1, sizeof(*history));
	struct json_object *records = NULL;
	int error;

	if (!history)
		return -ENOMEM;
	error = history_folder(dir, history->folder);
	if (!error)
		error = make_folders(dir, history->folder);
	history->lock = error ? error : take_lock(history->folder);
	if (history->lock < 0)
		error = history->lock;
	if (!error)
		error = history_list(dir, &records);
	if (error) {
		history_close(history);
		return error;
	}
	settle(history, records, running);
	json_object_put(records);
	*ret_history = history;
	return 0;
}

void history_close(struct history *history)
{
	if (!history)
		return;
	if (history->lock >= 0)
		close(history->lock);
	free(history);
}

/* --- one load ---------------------------------------------------------------------- */

static u32 next_number(const struct history *history)
{
	DIR *folder = opendir(history->folder);
	struct dirent *file;
	u32 number, last = 0;
	char ending[8];

	while (folder && (file = readdir(folder)))
		if (history_name_parse(file->d_name, &number, ending) && number > last)
			last = number;
	if (folder)
		closedir(folder);
	return last + 1;
}

static int put_aside(struct history *history, struct json_object *record,
		     const struct history_text *text)
{
	const char *json = json_object_to_json_string_ext(record, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	int error = 0;

	if (text->text)
		error = history_write(history->folder, history->number, "conf", text->text,
				      text->len);
	if (!error && text->signature)
		error = history_write(history->folder, history->number, "sig", text->signature,
				      text->signature_len);
	if (!error)
		error = history_write(history->folder, history->number, "new", json,
				      strlen(json));
	return error;
}

int history_begin(struct history *history, struct json_object *record,
		  const struct history_text *text)
{
	int error;

	history->number = next_number(history);
	json_add_number(record, "number", history->number);
	error = put_aside(history, record, text);
	if (error)
		history_cancel(history);
	return error;
}

int history_commit(struct history *history)
{
	struct json_object *records;
	char *slash = strrchr(history->folder, '/');
	int error;

	if (!history->number)
		return 0;
	error = history_rename(history->folder, history->number, "new", "json");
	history->number = 0;
	if (error)
		return error;
	*slash = '\0';
	error = history_list(history->folder, &records);
	*slash = '/';
	if (error)
		return error;
	prune(history, records);
	json_object_put(records);
	return 0;
}

void history_cancel(struct history *history)
{
	if (history->number)
		forget(history, history->number);
	history->number = 0;
}
