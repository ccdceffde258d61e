/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's netlink family lives in the host's network namespace alone, and
 * judges the devices of all. A socket stays in the namespace it was made in: so
 * imctl, run in another, makes that one socket there.
 */
#ifndef IMCTL_HOSTNET_H
#define IMCTL_HOSTNET_H

/*
 * Moves this thread to the host's network namespace; a descriptor for
 * hostnet_leave(), or -1 where it is there already or may not go. errno is kept.
 */
int hostnet_enter(void);
void hostnet_leave(int fd);

#endif /* IMCTL_HOSTNET_H */
