/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moments as users write and read them (RFC 3339).
 */
#ifndef IMCTL_TIMESTAMP_H
#define IMCTL_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* "2026-12-24T10:00+01:00", "2026-12-24T09:00:30Z": seconds of UTC since 1970. */
bool time_parse(const char *text, int64_t *ret_seconds);
/* In UTC; size: at least 21. */
void time_text(int64_t seconds, char *text, size_t size);
/* Now; of CLOCK_MONOTONIC as programs see it (bpf_ktime_get_ns()). */
uint64_t time_now_ns(clockid_t clock);

#endif /* IMCTL_TIMESTAMP_H */
