/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications on a user's desktop, by the user's own message bus (the Desktop
 * Notifications Specification 1.2, org.freedesktop.Notifications).
 */
#ifndef IMCTL_DESKTOP_H
#define IMCTL_DESKTOP_H

#include <imtc/types.h>

/*
 * Shows it to the user. -ENOENT: no bus of the user's is there, for nobody is logged
 * in. Other negative errno: nobody shows notifications there. Waits a second at most.
 */
int desktop_notify(u32 uid, const char *title, const char *text);

#endif /* IMCTL_DESKTOP_H */
