// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes of one file; see source_file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"
#include "source_file.h"
#include "utf8.h"

static char *read_all(int fd, size_t *ret_len)
{
	size_t size = 64 << 10, len = 0;
	char *bytes = malloc(size), *larger;
	ssize_t got;

	while (bytes) {
		got = read(fd, bytes + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (size_t)got;
		if (len > SOURCE_BYTES_MAX) {
			got = -1;
			errno = EFBIG;
			break;
		}
		if (len < size)
			continue;
		size *= 2;
		larger = realloc(bytes, size);
		if (!larger)
			free(bytes);
		bytes = larger;
	}
	if (!bytes) {
		errno = ENOMEM;
		return NULL;
	}
	if (got < 0) {
		free(bytes);
		return NULL;
	}
	*ret_len = len;
	return bytes;
}

char *source_file_read(const char *name, bool included, size_t *ret_len)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | (included ? O_NONBLOCK : 0));
	char *bytes = NULL;
	struct stat status;
	int error;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status))
		error = errno;
	else if (S_ISDIR(status.st_mode))
		error = EISDIR;
	else if (included && !S_ISREG(status.st_mode))
		error = EINVAL;
	else {
		bytes = read_all(fd, ret_len);
		error = errno;
	}
	close(fd);
	errno = error;
	return bytes;
}

const char *source_file_reason(int error)
{
	if (error == EISDIR)
		return "it is a directory";
	if (error == EFBIG)
		return "it is larger than 16 MiB";
	if (error == EINVAL)
		return "it is not a regular file";
	return strerror(error);
}

const char *source_file_bad_byte(const char *bytes, size_t len)
{
	const char *end = bytes + len;
	char padded[5];
	size_t n;

	for (; bytes < end; bytes += n) {
		/* A character cut off by the end must not be read past it. */
		size_t left = (size_t)(end - bytes) < 4 ? (size_t)(end - bytes) : 4;

		memset(padded, 0, sizeof(padded));
		memcpy(padded, bytes, left);
		n = utf8_bytes(padded);
		if (!n)
			return bytes;
	}
	return NULL;
}
