// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of attachments.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot_state.h"
#include "json.h"

#define ZONE_MAX 0xffffffU
#define PATH_BYTES 512

static const char *const modes[] = {
	[ATTACH_AUTO] = "auto",
	[ATTACH_NATIVE] = "native",
	[ATTACH_GENERIC] = "generic",
	[ATTACH_TC] = "tc",
};

/* --- the file ------------------------------------------------------------------------ */

static int path_of(const char *dir, const char *name, char path[PATH_BYTES])
{
	int len = snprintf(path, PATH_BYTES, "%s/%s", dir, name);

	return len < 0 || len >= PATH_BYTES ? -ENAMETOOLONG : 0;
}

int boot_state_read(const char *dir, struct json_object **ret_list)
{
	char path[PATH_BYTES];
	struct json_object *list;
	int error = path_of(dir, "attachments.json", path);

	if (error)
		return error;
	if (access(path, F_OK)) {
		if (errno != ENOENT)
			return -errno;
		*ret_list = json_object_new_array();
		return 0;
	}
	list = json_object_from_file(path);
	if (!json_object_is_type(list, json_type_array)) {
		json_object_put(list);
		return -EBADMSG;
	}
	*ret_list = list;
	return 0;
}

static int write_file(const char *path, struct json_object *list)
{
	const char *text = json_object_to_json_string_ext(list, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	char part[PATH_BYTES + 8];
	int fd, error = 0;

	snprintf(part, sizeof(part), "%s.part", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	errno = 0;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fsync(fd))
		error = errno ? -errno : -ENOSPC;
	close(fd);
	if (!error && rename(part, path))
		error = -errno;
	if (error)
		unlink(part);
	return error;
}

/* Another imctl may read, change and write at the same time. */
static int take_lock(const char *dir)
{
	char path[PATH_BYTES];
	int fd, error = path_of(dir, "attachments.lock", path);

	if (error)
		return error;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX)) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

/* Without the device; NULL: without any. */
static struct json_object *without(struct json_object *list, const char *device)
{
	struct json_object *rest = json_object_new_array();

	for (size_t i = 0; device && i < json_object_array_length(list); i++) {
		struct json_object *item = json_object_array_get_idx(list, i);

		if (strcmp(json_text(item, "device"), device))
			json_object_array_add(rest, json_object_get(item));
	}
	return rest;
}

/* added: NULL where the device only goes; taken. */
static int change(const char *dir, const char *device, struct json_object *added)
{
	struct json_object *list = NULL, *rest;
	char path[PATH_BYTES];
	int lock = take_lock(dir), error = lock < 0 ? lock : path_of(dir, "attachments.json", path);

	if (!error)
		error = boot_state_read(dir, &list);
	/* One that cannot be read is made anew: what is asked now is known. */
	if (error == -EBADMSG)
		error = 0;
	if (!error) {
		rest = list ? without(list, device) : json_object_new_array();
		if (added)
			json_object_array_add(rest, json_object_get(added));
		error = write_file(path, rest);
		json_object_put(rest);
	}
	json_object_put(list);
	json_object_put(added);
	if (lock >= 0)
		close(lock);
	return error;
}

/* --- attachments ------------------------------------------------------------------------- */

static bool is_own_namespace(void)
{
	struct stat own, init;

	return !stat("/proc/self/ns/net", &own) && !stat("/proc/1/ns/net", &init) &&
	       own.st_ino == init.st_ino;
}

int boot_state_keep(const char *dir, const struct attach *attach)
{
	struct json_object *object;
	char *folder = NULL;

	if (!is_own_namespace())
		return 0;
	object = json_object_new_object();
	json_add_text(object, "device", attach->device);
	json_add_text(object, "mode", modes[attach->mode]);
	json_add_number(object, "zone", attach->zone);
	json_add_bool(object, "no_module", attach->no_module);
	if (attach->signature_folder)
		folder = realpath(attach->signature_folder, NULL);
	if (folder)
		json_add_text(object, "signatures", folder);
	free(folder);
	return change(dir, attach->device, object);
}

int boot_state_forget(const char *dir, const char *device)
{
	struct json_object *list;
	size_t count = 0;

	if (!is_own_namespace())
		return 0;
	if (!boot_state_read(dir, &list)) {
		count = json_object_array_length(list);
		json_object_put(list);
	}
	return count ? change(dir, device, NULL) : 0;
}

int boot_state_attach(struct json_object *object, struct attach *ret_attach)
{
	const char *mode = json_text(object, "mode"), *folder = json_text(object, "signatures");
	struct attach attach = { .device = json_text(object, "device") };
	uint64_t zone = json_number(object, "zone");
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]) && strcmp(modes[i], mode); i++)
		;
	if (i == sizeof(modes) / sizeof(modes[0]) || zone > ZONE_MAX || !attach.device[0] ||
	    strlen(attach.device) >= IFNAMSIZ)
		return -EBADMSG;
	attach.mode = (enum attach_mode)i;
	attach.zone = (u32)zone;
	attach.no_module = json_object_get_boolean(json_member(object, "no_module"));
	attach.signature_folder = folder[0] ? folder : NULL;
	*ret_attach = attach;
	return 0;
}
