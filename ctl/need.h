/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command needs before it begins. Command files only: what is missing is
 * said here, once, and the answer is enum imctl_exit.
 */
#ifndef IMCTL_NEED_H
#define IMCTL_NEED_H

#include "diag.h"

/* Root, or its capabilities. */
int need_root(void);
/* And what programs need of the kernel. */
int need_kernel(void);
/* And that programs are loaded. */
int need_loaded(void);
/* Says loader_sentence(), and gives the exit status of a failure of the loader. */
int say_failure(int err);
/* Shows errors and warnings of files; EXIT_OK where there is no error. */
int say_diag(struct diag *diag);

#endif /* IMCTL_NEED_H */
