// SPDX-License-Identifier: GPL-2.0-only
/*
 * To the host's network namespace and back.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostnet.h"

static bool is_same(int one, int other)
{
	struct stat a, b;

	return !fstat(one, &a) && !fstat(other, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

int hostnet_enter(void)
{
	int saved = errno;
	/* Of this thread: the server of metrics has one of its own. */
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int host = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);

	if (own < 0 || host < 0 || is_same(own, host) || setns(host, CLONE_NEWNET)) {
		if (own >= 0)
			close(own);
		own = -1;
	}
	if (host >= 0)
		close(host);
	errno = saved;
	return own;
}

void hostnet_leave(int fd)
{
	int saved = errno;

	if (fd < 0)
		return;
	/* Left in the wrong namespace, all that follows would be about other devices. */
	if (setns(fd, CLONE_NEWNET))
		abort();
	close(fd);
	errno = saved;
}
