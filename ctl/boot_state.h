/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What "imctl restore" does again at boot beside the policy: the attachments of
 * this host's own network namespace, as they were asked for. Kept in one file,
 * written in one step. Returns negative errno and prints nothing.
 */
#ifndef IMCTL_BOOT_STATE_H
#define IMCTL_BOOT_STATE_H

#include <json-c/json.h>

#include "cmd_attach.h"

/* Devices of other network namespaces are gone with a boot: for them nothing is kept. */
int boot_state_keep(const char *dir, const struct attach *attach);
/* device NULL: all. */
int boot_state_forget(const char *dir, const char *device);
/* [{"device","mode","zone","no_module","signatures"}]; empty where nothing is kept. */
int boot_state_read(const char *dir, struct json_object **ret_list);
/* Strings belong to the object. -EBADMSG: it is no attachment. */
int boot_state_attach(struct json_object *object, struct attach *ret_attach);

#endif /* IMCTL_BOOT_STATE_H */
