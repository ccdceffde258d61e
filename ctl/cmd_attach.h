/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between "imctl attach" and "imctl restore": one attachment, as it was asked for.
 */
#ifndef IMCTL_CMD_ATTACH_H
#define IMCTL_CMD_ATTACH_H

#include "loader.h"

struct attach {
	const char *device;
	const char *signature_folder;	/* NULL: the usual ones */
	enum attach_mode mode;
	u32 zone;			/* 0: the device's own */
	bool no_module;
};

/* Puts the programs on the device, and says so. Returns enum imctl_exit. */
int attach_device(const struct attach *attach);

#endif /* IMCTL_CMD_ATTACH_H */
