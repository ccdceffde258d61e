/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * imtc's metrics as OpenMetrics text, and the ways it leaves imctl. Returns
 * negative errno and prints nothing; the sentence is loader_sentence()'s.
 */
#ifndef IMCTL_METRICS_H
#define IMCTL_METRICS_H

#include "openmetrics.h"

/* Gathers all of them now. The text is for openmetrics_free(). */
int metrics_gather(struct openmetrics *ret_metrics);
/* Beside the file and renamed: a collector never reads half of it. */
int metrics_write(const struct openmetrics *metrics, const char *file);
/*
 * Serves GET /metrics at "ADDR:PORT" or "[ADDR]:PORT" until SIGINT or SIGTERM.
 * ready is called once it listens. -EINVAL: no such address.
 */
int metrics_serve(const char *address, void (*ready)(const char *address));

#endif /* IMCTL_METRICS_H */
