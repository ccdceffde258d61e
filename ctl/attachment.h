/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All hooks of one device: which program hangs where, changed from one
 * arrangement to another without a gap. Under the lock of bpffs.h only.
 */
#ifndef IMCTL_ATTACHMENT_H
#define IMCTL_ATTACHMENT_H

#include <stdbool.h>

#include "devices.h"
#include "object.h"

struct attachment {
	u32 ifindex;
	int programs[PROGRAM_MAX];	/* descriptors */
	struct device_note note;
};

/*
 * Makes the device's ingress what is asked: an XDP program with tc_act beside
 * it, or for HOW_NONE the tc program alone; and egress. Where it was arranged
 * otherwise the tc program stands in while XDP changes. On failure what was
 * done stays done: the caller arranges again, or removes.
 */
int attachment_arrange(struct attachment *a, enum attach_how xdp);
/* Puts the attachment's programs where others hang now. */
int attachment_replace(struct attachment *a);
/* Takes everything off the device. */
int attachment_remove(struct attachment *a);
/* Does nothing of the attachment hang any more: its device is gone? Changes nothing. */
bool attachment_is_gone(const struct attachment *a);

#endif /* IMCTL_ATTACHMENT_H */
