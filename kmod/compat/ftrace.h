/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments of a traced function. ftrace_regs_get_argument() came with 6.2
 * (94d095ffa0e1); the fall-back may go when 6.1 is no longer supported.
 */
#ifndef IMTC_COMPAT_FTRACE_H
#define IMTC_COMPAT_FTRACE_H

#include <linux/ftrace.h>
#include <linux/ptrace.h>

#ifndef ftrace_regs_get_argument
#define ftrace_regs_get_argument(fregs, n) regs_get_kernel_argument(&(fregs)->regs, n)
#endif

#endif /* IMTC_COMPAT_FTRACE_H */
