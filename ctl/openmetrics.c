// SPDX-License-Identifier: GPL-2.0-only
/*
 * OpenMetrics text: families, samples, escapes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "openmetrics.h"
#include "out.h"

#define LABEL_BYTES 1024

int openmetrics_begin(struct openmetrics *m)
{
	memset(m, 0, sizeof(*m));
	m->file = open_memstream(&m->text, &m->bytes);
	return m->file ? 0 : -ENOMEM;
}

/* Backslash, newline and (in values of labels) quotes. */
static void put_escaped(FILE *file, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			fputc('\\', file);
		if (*text == '\n')
			fputs("\\n", file);
		else
			fputc(*text, file);
	}
}

void openmetrics_family(struct openmetrics *m, const char *name, const char *kind,
			const char *unit, const char *help)
{
	m->family = name;
	m->suffix = !strcmp(kind, "counter") ? "_total" : !strcmp(kind, "info") ? "_info" : "";
	fprintf(m->file, "# TYPE %s %s\n", name, kind);
	if (unit)
		fprintf(m->file, "# UNIT %s %s\n", name, unit);
	fprintf(m->file, "# HELP %s ", name);
	put_escaped(m->file, help);
	fputc('\n', m->file);
}

void openmetrics_sample(struct openmetrics *m, const struct openmetrics_label *labels,
			uint64_t value)
{
	char printable[LABEL_BYTES];

	fprintf(m->file, "%s%s", m->family, m->suffix);
	for (size_t i = 0; labels && labels[i].name; i++) {
		fprintf(m->file, "%c%s=\"", i ? ',' : '{', labels[i].name);
		out_printable(labels[i].value, printable, sizeof(printable));
		put_escaped(m->file, printable);
		fputc('"', m->file);
	}
	if (labels && labels[0].name)
		fputc('}', m->file);
	fprintf(m->file, " %" PRIu64 "\n", value);
}

int openmetrics_end(struct openmetrics *m)
{
	int failed;

	fputs("# EOF\n", m->file);
	failed = ferror(m->file);
	failed |= fclose(m->file);
	m->file = NULL;
	return failed ? -ENOMEM : 0;
}

void openmetrics_free(struct openmetrics *m)
{
	if (m->file)
		fclose(m->file);
	free(m->text);
	m->file = NULL;
	m->text = NULL;
}
