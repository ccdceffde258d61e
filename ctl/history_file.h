/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of the history: names, and writing one so that it is there whole or
 * not at all. Internal to history*.c. Returns negative errno.
 */
#ifndef IMCTL_HISTORY_FILE_H
#define IMCTL_HISTORY_FILE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <imtc/types.h>

#define HISTORY_PATH_BYTES 512

/* The folder of the entries under dir. -ENAMETOOLONG. */
int history_folder(const char *dir, char folder[HISTORY_PATH_BYTES]);
/* "00000012.conf" into number and ending; false: no such name. */
bool history_name_parse(const char *name, u32 *ret_number, char ending[8]);
bool history_exists(const char *folder, u32 number, const char *ending);
int history_write(const char *folder, u32 number, const char *ending, const char *bytes,
		  size_t len);
/* -EFBIG for more than a policy may have. For free(); ends with a NUL that is not counted. */
int history_load(const char *folder, u32 number, const char *ending, char **ret_bytes,
		 size_t *ret_len);
int history_rename(const char *folder, u32 number, const char *from, const char *to);
void history_unlink(const char *folder, u32 number, const char *ending);
/* NULL where it cannot be read, or is no record of this number. */
struct json_object *history_record_read(const char *folder, u32 number, const char *ending);

#endif /* IMCTL_HISTORY_FILE_H */
