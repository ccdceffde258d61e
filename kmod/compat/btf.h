/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declaring kfuncs. __bpf_kfunc came with 6.3 (57e7c169cd6a), BTF_KFUNCS_START
 * with 6.9 (6f3189f38a3e); the fall-backs may go with 6.1.
 */
#ifndef IMTC_COMPAT_BTF_H
#define IMTC_COMPAT_BTF_H

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>

#ifndef __bpf_kfunc
#define __bpf_kfunc __used noinline
#endif

#ifndef BTF_KFUNCS_START
#define BTF_KFUNCS_START(name) BTF_SET8_START(name)
#define BTF_KFUNCS_END(name) BTF_SET8_END(name)
#endif

#endif /* IMTC_COMPAT_BTF_H */
