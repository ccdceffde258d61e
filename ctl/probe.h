/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this host can do, found by trying, and how to get what it cannot.
 */
#ifndef IMCTL_PROBE_H
#define IMCTL_PROBE_H

#include <stdbool.h>
#include <stddef.h>

struct probe {
	const char *what;	/* "tcx" */
	bool there;
	bool needed;		/* imtc does not work without it */
	const char *without;	/* what is lost, or done instead */
	const char *get;	/* how to get it; "" where there is no way */
};

enum module_state {
	MODULE_ABSENT,		/* not loaded */
	MODULE_NO_BTF,		/* loaded, but programs cannot call it */
	MODULE_READY,
};

enum module_state probe_module(void);
/* All that was tried, the module last. Static storage. Needs root to be right. */
const struct probe *probe_all(size_t *ret_count);
/* The first that is needed and not there, or NULL. */
const struct probe *probe_needed(void);
/* May this process use bpf(2) and change devices? (CAP_SYS_ADMIN and CAP_NET_ADMIN) */
bool probe_is_privileged(void);

#endif /* IMCTL_PROBE_H */
