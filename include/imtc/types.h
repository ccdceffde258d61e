/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-width types for the code that is built three ways: in the kernel
 * module, in BPF programs and in user space. Nothing else belongs here.
 */
#ifndef IMTC_TYPES_H
#define IMTC_TYPES_H

#include <linux/types.h>

#ifndef __KERNEL__
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

#define IMTC_STATIC_ASSERT(what) _Static_assert(what, #what)

#endif /* IMTC_TYPES_H */
