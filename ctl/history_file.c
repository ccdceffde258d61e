// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are whole or not there: written under another name, put on the
 * disk, renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history_file.h"
#include "json.h"
#include "source.h"

#define NUMBER_DIGITS 8
#define PATH_BYTES (HISTORY_PATH_BYTES + 32)
/* Of any file here: a policy's text with a newline at the end of each included file. */
#define FILE_BYTES_MAX (SOURCE_BYTES_MAX + (1 << 20))

int history_folder(const char *dir, char folder[HISTORY_PATH_BYTES])
{
	int len = snprintf(folder, HISTORY_PATH_BYTES, "%s/policies", dir);

	return len < 0 || len >= HISTORY_PATH_BYTES ? -ENAMETOOLONG : 0;
}

static void path_of(char path[PATH_BYTES], const char *folder, u32 number, const char *ending)
{
	snprintf(path, PATH_BYTES, "%s/%0*u.%s", folder, NUMBER_DIGITS, number, ending);
}

bool history_name_parse(const char *name, u32 *ret_number, char ending[8])
{
	u32 number = 0;

	if (strspn(name, "0123456789") != NUMBER_DIGITS || name[NUMBER_DIGITS] != '.' ||
	    strlen(name + NUMBER_DIGITS + 1) >= 8 || strchr(name + NUMBER_DIGITS + 1, '.'))
		return false;
	for (int i = 0; i < NUMBER_DIGITS; i++)
		number = number * 10 + (u32)(name[i] - '0');
	strcpy(ending, name + NUMBER_DIGITS + 1);
	*ret_number = number;
	return number > 0;
}

bool history_exists(const char *folder, u32 number, const char *ending)
{
	char path[PATH_BYTES];
	struct stat status;

	path_of(path, folder, number, ending);
	return !lstat(path, &status);
}

static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return -errno;
	if (fsync(fd))
		error = -errno;
	close(fd);
	return error;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	ssize_t put;

	while (len) {
		put = write(fd, bytes, len);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			bytes += put;
			len -= (size_t)put;
		}
	}
	return fsync(fd) ? -errno : 0;
}

int history_write(const char *folder, u32 number, const char *ending, const char *bytes,
		  size_t len)
{
	char path[PATH_BYTES], part[PATH_BYTES + 8];
	int fd, error;

	path_of(path, folder, number, ending);
	snprintf(part, sizeof(part), "%s.part", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	error = write_all(fd, bytes, len);
	if (close(fd) && !error)
		error = -errno;
	if (!error && rename(part, path))
		error = -errno;
	if (error)
		unlink(part);
	return error ? error : sync_folder(folder);
}

int history_load(const char *folder, u32 number, const char *ending, char **ret_bytes,
		 size_t *ret_len)
{
	char path[PATH_BYTES], *bytes;
	struct stat status;
	size_t len;
	FILE *file;

	path_of(path, folder, number, ending);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (fstat(fileno(file), &status) || !S_ISREG(status.st_mode) ||
	    status.st_size > FILE_BYTES_MAX) {
		fclose(file);
		return -EFBIG;
	}
	bytes = malloc((size_t)status.st_size + 1);
	len = bytes ? fread(bytes, 1, (size_t)status.st_size, file) : 0;
	fclose(file);
	if (!bytes)
		return -ENOMEM;
	bytes[len] = '\0';
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
}

int history_rename(const char *folder, u32 number, const char *from, const char *to)
{
	char old[PATH_BYTES], new[PATH_BYTES];

	path_of(old, folder, number, from);
	path_of(new, folder, number, to);
	return rename(old, new) ? -errno : sync_folder(folder);
}

void history_unlink(const char *folder, u32 number, const char *ending)
{
	char path[PATH_BYTES];

	path_of(path, folder, number, ending);
	unlink(path);
}

struct json_object *history_record_read(const char *folder, u32 number, const char *ending)
{
	struct json_object *record;
	char *bytes;
	size_t len;

	if (history_load(folder, number, ending, &bytes, &len))
		return NULL;
	record = json_tokener_parse(bytes);
	free(bytes);
	if (json_object_is_type(record, json_type_object) &&
	    json_number(record, "number") == number)
		return record;
	json_object_put(record);
	return NULL;
}
