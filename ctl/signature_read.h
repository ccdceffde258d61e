/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the list of all signature files and the reader of one.
 */
#ifndef IMCTL_SIGNATURE_READ_H
#define IMCTL_SIGNATURE_READ_H

#include "signature.h"

struct source;

/* Adds the file's entries, in its order. Takes the source. Errors go to diag. */
void signature_parse(struct source *source, struct signatures *into, struct diag *diag);

#endif /* IMCTL_SIGNATURE_READ_H */
