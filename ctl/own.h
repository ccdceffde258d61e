/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Services that signature files add to the list of include/imtc/services.def, by
 * a name of the user's. They have the numbers from OWN_FIRST on; which, is kept
 * beside the programs for as long as those are loaded, since flows, counters and
 * policies hold numbers.
 */
#ifndef IMCTL_OWN_H
#define IMCTL_OWN_H

#include <imtc/label.h>

#define OWN_FIRST 96
#define OWN_MAX (IMTC_SERVICE_MAX - OWN_FIRST)

struct own_service {
	char name[32];	/* "" : the number is free */
	char title[64];
	u32 group;	/* enum imtc_group */
};

/* Adds a service, or says more of one that is there. Its number; -1: no room. */
int own_add(const struct own_service *service);
/* The number of a name; -1 where none has it. May read the signature files to know. */
int own_number(const char *name);
/* NULL where the number is free, or none of these. */
const struct own_service *own_get(unsigned int number);
/* Keeps the numbers beside the programs that are loaded. Negative errno. */
int own_keep(void);

#endif /* IMCTL_OWN_H */
