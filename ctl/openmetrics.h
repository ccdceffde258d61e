/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * OpenMetrics text (https://openmetrics.io, 1.0): families, samples, escapes.
 * Knows no metric. Text grows in memory, so that what is served is whole.
 */
#ifndef IMCTL_OPENMETRICS_H
#define IMCTL_OPENMETRICS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OPENMETRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct openmetrics {
	FILE *file;
	char *text;		/* after openmetrics_end() */
	size_t bytes;
	const char *family;
	const char *suffix;	/* of its samples */
};

struct openmetrics_label {
	const char *name;
	const char *value;	/* any bytes; what is not UTF-8 is shown as \xNN */
};

/* -ENOMEM */
int openmetrics_begin(struct openmetrics *m);
/*
 * kind: "counter", "gauge" or "info". unit: NULL, or the last word of the name.
 * Samples of a family stand together, after this.
 */
void openmetrics_family(struct openmetrics *m, const char *name, const char *kind,
			const char *unit, const char *help);
/* labels end with a row without a name; NULL: none. */
void openmetrics_sample(struct openmetrics *m, const struct openmetrics_label *labels,
			uint64_t value);
/* Writes "# EOF". -ENOMEM. m->text is for openmetrics_free(). */
int openmetrics_end(struct openmetrics *m);
void openmetrics_free(struct openmetrics *m);

#endif /* IMCTL_OPENMETRICS_H */
