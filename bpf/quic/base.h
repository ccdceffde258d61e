/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the QUIC stage's arithmetic needs of its surroundings: a loop that the
 * verifier checks once, words at any address.
 */
#ifndef IMTC_BPF_QUIC_BASE_H
#define IMTC_BPF_QUIC_BASE_H

#include <imtc/view.h>

/* Calls step(0, context) .. step(n - 1, context) until one returns 1. */
#ifdef __bpf__
#include <bpf/bpf_helpers.h>
static __always_inline void quic_repeat(u32 n, long (*step)(u32 i, void *context), void *context)
{
	bpf_loop(n, step, context, 0);
}
#else
static __always_inline void quic_repeat(u32 n, long (*step)(u32 i, void *context), void *context)
{
	for (u32 i = 0; i < n; i++)
		if (step(i, context))
			return;
}
#endif

/* A word as it lies in memory, aligned or not. */
static __always_inline u64 quic_get64(const u8 *at)
{
#ifdef __bpf__
	return *(const u64 *)at;
#else
	u64 word;

	__builtin_memcpy(&word, at, sizeof(word));
	return word;
#endif
}

static __always_inline void quic_put64(u8 *at, u64 word)
{
#ifdef __bpf__
	*(u64 *)at = word;
#else
	__builtin_memcpy(at, &word, sizeof(word));
#endif
}

#endif /* IMTC_BPF_QUIC_BASE_H */
