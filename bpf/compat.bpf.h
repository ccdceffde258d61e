/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What older verifiers need to be told. Each with the kernel that can do
 * without it.
 */
#ifndef IMTC_BPF_COMPAT_H
#define IMTC_BPF_COMPAT_H

#define likely(condition) __builtin_expect(!!(condition), 1)

/*
 * A length in 1 .. max, max a power of two, as the verifier believes it; 0 when it
 * is not in that range. Before 6.8 the verifier learns nothing
 * from "is not 0", and clang makes one unsigned compare of two bounds: the mask
 * cannot be misunderstood.
 */
#define bounded_len(len, max) ({ \
	u32 less_ = (len) - 1; \
	_Static_assert(((max) & ((max) - 1)) == 0, "not a power of two"); \
	bool in_range_ = less_ < (max); \
	barrier_var(less_); \
	in_range_ ? (less_ & ((max) - 1)) + 1 : 0; })

#endif /* IMTC_BPF_COMPAT_H */
