// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a byte of a source stands: its file, its line, its column.
 */

#include "source.h"

static struct diag_at at_index(const struct source *source, size_t index)
{
	const struct source_line *line = &source->lines[index];

	return (struct diag_at) {
		.file = source->files[line->file], .line = (int)line->line,
		.text = source->text + line->offset,
	};
}

struct diag_at source_at(const struct source *source, size_t offset, size_t length)
{
	size_t low = 0, high = source->line_count;
	struct diag_at at;

	/* The last line that begins at or before the offset. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (source->lines[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	at = at_index(source, low);
	at.column = (int)(offset - source->lines[low].offset) + 1;
	at.length = (int)length;
	return at;
}

struct diag_at source_at_line(const struct source *source, unsigned int line)
{
	if (line < 1)
		line = 1;
	if (line > source->line_count)
		line = (unsigned int)source->line_count;
	return at_index(source, line - 1);
}
