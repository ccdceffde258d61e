// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ed25519 keys and signatures.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "signing.h"

#define KEYS_MAX 256

struct signing_keys {
	size_t count;
	EVP_PKEY *keys[KEYS_MAX];
	char names[KEYS_MAX][SIGNING_NAME_BYTES];
};

/* --- the trusted keys ------------------------------------------------------------ */

static bool is_pem(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 4 && len < SIGNING_NAME_BYTES &&
	       !strcmp(name + len - 4, ".pem");
}

/* Of an open file; closes it. */
static EVP_PKEY *take_key(int fd, bool is_private)
{
	FILE *file = fdopen(fd, "r");
	EVP_PKEY *key;

	if (!file) {
		close(fd);
		return NULL;
	}
	key = is_private ? PEM_read_PrivateKey(file, NULL, NULL, NULL)
			 : PEM_read_PUBKEY(file, NULL, NULL, NULL);
	fclose(file);
	if (key && EVP_PKEY_base_id(key) == EVP_PKEY_ED25519)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static int add_key(struct signing_keys *keys, int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (keys->count == KEYS_MAX) {
		close(fd);
		return -E2BIG;
	}
	keys->keys[keys->count] = take_key(fd, false);
	if (!keys->keys[keys->count])
		return -EINVAL;
	snprintf(keys->names[keys->count], SIGNING_NAME_BYTES, "%.*s", (int)strlen(name) - 4,
		 name);
	keys->count++;
	return 0;
}

static int add_keys(struct signing_keys *keys, DIR *folder, char what[SIGNING_NAME_BYTES])
{
	struct dirent *file;
	int error;

	while ((file = readdir(folder))) {
		if (!is_pem(file->d_name))
			continue;
		error = add_key(keys, dirfd(folder), file->d_name);
		if (!error)
			continue;
		snprintf(what, SIGNING_NAME_BYTES, "%s", file->d_name);
		return error;
	}
	return 0;
}

int signing_keys_read(const char *path, struct signing_keys **ret_keys,
		      char what[SIGNING_NAME_BYTES])
{
	DIR *folder = opendir(path);
	struct signing_keys *keys;
	int error;

	what[0] = '\0';
	*ret_keys = NULL;
	if (!folder)
		return errno == ENOENT ? 0 : -errno;
	keys = calloc(1, sizeof(*keys));
	error = keys ? add_keys(keys, folder, what) : -ENOMEM;
	closedir(folder);
	if (!error && keys->count) {
		*ret_keys = keys;
		return 0;
	}
	signing_keys_free(keys);
	return error;
}

void signing_keys_free(struct signing_keys *keys)
{
	for (size_t i = 0; keys && i < keys->count; i++)
		EVP_PKEY_free(keys->keys[i]);
	free(keys);
}

/* --- signatures -------------------------------------------------------------------- */

const char *signing_verify(const struct signing_keys *keys, const char *text, size_t len,
			   const char *signature, size_t signature_len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const char *name = NULL;

	if (!signature || signature_len != SIGNING_BYTES)
		return NULL;
	for (size_t i = 0; i < keys->count && !name; i++) {
		EVP_MD_CTX *context = EVP_MD_CTX_new();

		if (context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, keys->keys[i]) == 1 &&
		    EVP_DigestVerify(context, (const unsigned char *)signature, signature_len, bytes,
				     len) == 1)
			name = keys->names[i];
		EVP_MD_CTX_free(context);
	}
	return name;
}

int signing_sign(const char *key_file, const char *text, size_t len,
		 unsigned char ret_signature[SIGNING_BYTES])
{
	int fd = open(key_file, O_RDONLY | O_CLOEXEC), error = -EINVAL;
	size_t signature_len = SIGNING_BYTES;
	EVP_MD_CTX *context;
	EVP_PKEY *key;

	if (fd < 0)
		return -errno;
	key = take_key(fd, true);
	if (!key)
		return -EINVAL;
	context = EVP_MD_CTX_new();
	if (context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestSign(context, ret_signature, &signature_len, (const unsigned char *)text,
			   len) == 1 && signature_len == SIGNING_BYTES)
		error = 0;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return error;
}

/* --- the file beside the policy -------------------------------------------------------- */

int signing_read_beside(const char *file, char **ret_signature, size_t *ret_len)
{
	char path[PATH_MAX], *bytes;
	ssize_t got;
	int fd;

	if (snprintf(path, sizeof(path), "%s.sig", file) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	/* One byte more: a longer file is none. */
	bytes = malloc(SIGNING_BYTES + 1);
	got = bytes ? read(fd, bytes, SIGNING_BYTES + 1) : -1;
	close(fd);
	if (got < 0) {
		free(bytes);
		return -EIO;
	}
	*ret_signature = bytes;
	*ret_len = (size_t)got;
	return 0;
}

int signing_write_beside(const char *file, const unsigned char signature[SIGNING_BYTES])
{
	char path[PATH_MAX], part[PATH_MAX];
	int fd, error = 0;

	if (snprintf(path, sizeof(path), "%s.sig", file) >= (int)sizeof(path) ||
	    snprintf(part, sizeof(part), "%s.sig.part", file) >= (int)sizeof(part))
		return -ENAMETOOLONG;
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, signature, SIGNING_BYTES) != SIGNING_BYTES || fsync(fd))
		error = errno ? -errno : -EIO;
	if (close(fd) && !error)
		error = -errno;
	if (!error && rename(part, path))
		error = -errno;
	if (error)
		unlink(part);
	return error;
}
