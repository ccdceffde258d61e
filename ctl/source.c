// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading files with includes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <imtc/sha256_bytes.h>

#include "source.h"
#include "source_file.h"

/* Where a scan over the text is: an @include counts between settings alone. */
enum lexical { BETWEEN, STRING, LINE_COMMENT, BLOCK_COMMENT };

struct reader {
	struct source *source;
	struct diag *diag;
	size_t text_size, lines_size;	/* allocated */
	enum lexical state;
};

/* A file being read into the source. */
struct input {
	u32 file;
	const char *bytes;
	size_t len;
	unsigned int depth;
};

static bool append_file(struct reader *reader, const struct input *input);

/* --- growing ---------------------------------------------------------------- */

static bool no_memory(struct reader *reader, const char *file)
{
	struct diag_at at = { .file = file };

	diag_message(reader->diag, DIAG_SYSTEM, &at, "out of memory");
	return false;
}

static bool add_text(struct reader *reader, const char *bytes, size_t len)
{
	struct source *source = reader->source;
	size_t need = source->len + len + 1;
	char *text;

	if (need > reader->text_size) {
		text = realloc(source->text, need * 2);
		if (!text)
			return no_memory(reader, source->files[0]);
		source->text = text;
		reader->text_size = need * 2;
	}
	memcpy(source->text + source->len, bytes, len);
	source->len += len;
	source->text[source->len] = '\0';
	return true;
}

static bool add_line(struct reader *reader, u32 file, u32 line)
{
	struct source *source = reader->source;
	struct source_line *lines;
	size_t size;

	if (source->line_count == reader->lines_size) {
		size = reader->lines_size ? reader->lines_size * 2 : 256;
		lines = realloc(source->lines, size * sizeof(*lines));
		if (!lines)
			return no_memory(reader, source->files[0]);
		source->lines = lines;
		reader->lines_size = size;
	}
	source->lines[source->line_count++] = (struct source_line) {
		.offset = source->len, .file = file, .line = line,
	};
	return true;
}

static bool add_name(struct reader *reader, const char *name)
{
	struct source *source = reader->source;
	char **files = realloc(source->files, (source->file_count + 2) * sizeof(*files));
	char *copy = strdup(name);

	if (files)
		source->files = files;
	if (!files || !copy) {
		free(copy);
		return no_memory(reader, name);
	}
	files[source->file_count++] = copy;
	files[source->file_count] = NULL;
	return true;
}

/* --- includes --------------------------------------------------------------- */

/* The name as seen from where imctl runs: relative to the including file. */
static char *resolve(const char *from, const char *name, size_t name_len)
{
	const char *slash = strrchr(from, '/');
	size_t folder = name[0] == '/' || !slash ? 0 : (size_t)(slash - from) + 1;
	char *path = malloc(folder + name_len + 1);

	if (!path)
		return NULL;
	memcpy(path, from, folder);
	memcpy(path + folder, name, name_len);
	path[folder + name_len] = '\0';
	return path;
}

static bool include(struct reader *reader, const struct input *outer, const char *path,
		    const struct diag_at *at)
{
	struct input inner = { .depth = outer->depth + 1 };
	char *bytes;
	bool fine;

	if (inner.depth > SOURCE_DEPTH_MAX) {
		diag_message(reader->diag, DIAG_ERROR, at,
			     "includes nest deeper than %d files; does one include itself?",
			     SOURCE_DEPTH_MAX);
		return false;
	}
	bytes = source_file_read(path, true, &inner.len);
	if (!bytes) {
		diag_message(reader->diag, DIAG_ERROR, at, "cannot include \"%s\": %s", path,
			     source_file_reason(errno));
		return false;
	}
	inner.bytes = bytes;
	inner.file = (u32)reader->source->file_count;
	fine = add_name(reader, path) && append_file(reader, &inner);
	free(bytes);
	return fine;
}

/* Is this line an @include? As in libconfig's grammar: alone at the line's start. */
static const char *include_name(const char *line, size_t len)
{
	const char *end = line + len, *c = line;

	while (c < end && (*c == ' ' || *c == '\t'))
		c++;
	if ((size_t)(end - c) < strlen("@include") || memcmp(c, "@include", strlen("@include")))
		return NULL;
	return c + strlen("@include");
}

static struct diag_at place(const struct reader *reader, const struct input *input, u32 line,
			    const char *start, const char *where)
{
	return (struct diag_at) {
		.file = reader->source->files[input->file], .line = (int)line,
		.column = (int)(where - start) + 1, .length = 1, .text = start,
	};
}

/* The rest of an @include line: a name in quotes, then nothing but a comment. */
static bool include_line(struct reader *reader, const struct input *input, u32 line,
			 const char *start, size_t len)
{
	const char *end = start + len, *name = include_name(start, len), *close;
	struct diag_at at;
	char *path;
	bool fine;

	while (name < end && (*name == ' ' || *name == '\t'))
		name++;
	at = place(reader, input, line, start, name);
	close = name < end && *name == '"' ? memchr(name + 1, '"', (size_t)(end - name - 1)) :
					     NULL;
	if (!close || close == name + 1) {
		diag_message(reader->diag, DIAG_ERROR, &at,
			     "@include needs a file name in quotes");
		return false;
	}
	for (const char *c = close + 1; c < end && *c != '#'; c++) {
		if (*c == '/' && c + 1 < end && c[1] == '/')
			break;
		if (*c == ' ' || *c == '\t' || *c == '\r')
			continue;
		at = place(reader, input, line, start, c);
		diag_message(reader->diag, DIAG_ERROR, &at,
			     "nothing may follow @include on its line");
		return false;
	}
	at.length = (int)(close - name) + 1;
	path = resolve(reader->source->files[input->file], name + 1, (size_t)(close - name - 1));
	if (!path)
		return no_memory(reader, reader->source->files[0]);
	fine = include(reader, input, path, &at);
	free(path);
	return fine;
}

/* --- lines ------------------------------------------------------------------ */

/* Follows strings and comments, so that an @include inside one is left alone. */
static void follow(struct reader *reader, const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char next = i + 1 < len ? line[i + 1] : '\0';

		switch (reader->state) {
		case BETWEEN:
			if (line[i] == '"')
				reader->state = STRING;
			else if (line[i] == '#' || (line[i] == '/' && next == '/'))
				reader->state = LINE_COMMENT;
			else if (line[i] == '/' && next == '*' && ++i)
				reader->state = BLOCK_COMMENT;
			break;
		case STRING:
			if (line[i] == '\\')
				i++;
			else if (line[i] == '"')
				reader->state = BETWEEN;
			break;
		case BLOCK_COMMENT:
			if (line[i] == '*' && next == '/' && ++i)
				reader->state = BETWEEN;
			break;
		case LINE_COMMENT:
			break;
		}
	}
	if (reader->state == LINE_COMMENT)
		reader->state = BETWEEN;
}

static bool check_bytes(struct reader *reader, const struct input *input)
{
	const char *bad = source_file_bad_byte(input->bytes, input->len), *start = input->bytes;
	struct diag_at at;
	u32 line = 1;

	if (!bad)
		return true;
	for (const char *c = input->bytes; c < bad; c++) {
		if (*c != '\n')
			continue;
		line++;
		start = c + 1;
	}
	at = place(reader, input, line, start, bad);
	/* The bytes end without a NUL: the line cannot be shown from them. */
	at.text = NULL;
	diag_message(reader->diag, DIAG_ERROR, &at,
		     *bad ? "not UTF-8: byte 0x%02x" : "a NUL byte (0x%02x) in a text file",
		     (unsigned char)*bad);
	return false;
}

static bool append_lines(struct reader *reader, const struct input *input)
{
	const char *start = input->bytes, *end = input->bytes + input->len;
	bool fine = true;

	/* A byte order mark, as some editors write. */
	if (input->len >= 3 && !memcmp(start, "\xef\xbb\xbf", 3))
		start += 3;
	for (u32 line = 1; start < end; line++) {
		const char *newline = memchr(start, '\n', (size_t)(end - start));
		size_t len = newline ? (size_t)(newline - start) : (size_t)(end - start);

		if (reader->state == BETWEEN && include_name(start, len)) {
			fine = include_line(reader, input, line, start, len) && fine;
		} else {
			follow(reader, start, len);
			if (!add_line(reader, input->file, line) ||
			    !add_text(reader, start, len) || !add_text(reader, "\n", 1))
				return false;
		}
		start = newline ? newline + 1 : end;
	}
	return fine;
}

static bool append_file(struct reader *reader, const struct input *input)
{
	struct diag_at at = { .file = reader->source->files[input->file] };
	char *terminated;
	struct input copy = *input;
	bool fine;

	if (reader->source->len + input->len > SOURCE_BYTES_MAX) {
		diag_message(reader->diag, DIAG_ERROR, &at,
			     "with what it includes it is larger than 16 MiB");
		return false;
	}
	if (!check_bytes(reader, input))
		return false;
	/* Positions show lines up to a newline or NUL: see that there is one. */
	terminated = malloc(input->len + 1);
	if (!terminated)
		return no_memory(reader, at.file);
	memcpy(terminated, input->bytes, input->len);
	terminated[input->len] = '\0';
	copy.bytes = terminated;
	fine = append_lines(reader, &copy);
	free(terminated);
	return fine;
}

/* --- the whole -------------------------------------------------------------- */

/*
 * What is kept and signed says everything that is parsed: a file alone by its own
 * bytes, as sha256sum(1) names it; one that includes others with these in place,
 * for to know the bytes of all is not to know where each stood.
 */
static bool keep_whole(struct reader *reader, const char *bytes, size_t len)
{
	struct source *source = reader->source;
	struct imtc_sha256_bytes hash;

	if (source->file_count > 1) {
		bytes = source->text;
		len = source->len;
	}
	source->whole = malloc(len + 1);
	if (!source->whole)
		return no_memory(reader, source->files[0]);
	memcpy(source->whole, bytes, len);
	source->whole[len] = '\0';
	source->whole_len = len;
	imtc_sha256_bytes_start(&hash);
	imtc_sha256_bytes_add(&hash, bytes, len);
	imtc_sha256_bytes_finish(&hash, source->digest);
	return true;
}

struct source *source_from(const char *file, const char *bytes, size_t len, struct diag *diag)
{
	struct reader reader = { .diag = diag };
	struct input input = { .bytes = bytes, .len = len };

	reader.source = calloc(1, sizeof(*reader.source));
	if (!reader.source) {
		no_memory(&reader, file);
		return NULL;
	}
	/* An empty file is a text too: a NUL and one line to point at. */
	if (!add_name(&reader, file) || !add_text(&reader, "", 0) ||
	    !append_file(&reader, &input) ||
	    (!reader.source->line_count && !add_line(&reader, 0, 1)) ||
	    !keep_whole(&reader, bytes, len)) {
		source_free(reader.source);
		return NULL;
	}
	return reader.source;
}

struct source *source_read(const char *file, struct diag *diag)
{
	struct diag_at at = { .file = file };
	struct source *source;
	size_t len = 0;
	char *bytes = source_file_read(file, false, &len);

	if (!bytes) {
		diag_message(diag, DIAG_SYSTEM, &at, "cannot read it: %s", source_file_reason(errno));
		return NULL;
	}
	source = source_from(file, bytes, len, diag);
	free(bytes);
	return source;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->file_count; i++)
		free(source->files[i]);
	free(source->files);
	free(source->lines);
	free(source->text);
	free(source->whole);
	free(source);
}
