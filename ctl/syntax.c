// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grammar of libconfig files, read for positions: libconfig itself keeps a
 * line for a setting, no column, and its syntax errors name neither what was
 * found nor what was expected. It still parses the values; this walk goes over
 * the same text before it, so that it meets only what it accepts.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "out.h"

#define DEPTH_MAX 16	/* of brackets; a policy needs 4 */
#define MEMBERS_MAX 64	/* of a group; libconfig searches them one by one */

enum token { END, WORD, TEXT, MARK };

struct scanner {
	const struct source *source;
	struct diag *diag;
	enum token token;
	size_t at, length;	/* of the token */
	size_t next;		/* where the token after it is looked for */
	size_t last_end;	/* where the token before it ended */
	struct place *places;
	size_t count, size;
	unsigned int depth;
};

static bool value(struct scanner *s, struct place *place);

/* --- errors ----------------------------------------------------------------- */

static bool wrong_at(struct scanner *s, size_t at, size_t length, const char *message)
{
	struct diag_at where = source_at(s->source, at, length);

	diag_message(s->diag, DIAG_ERROR, &where, "%s", message);
	return false;
}

/* The token is not what it must be. At a line's end the place is what precedes it. */
static bool unexpected(struct scanner *s, const char *message, const char *expected)
{
	char found[96] = "the end of the file";
	struct diag_say say = { message, expected, found };
	struct diag_at where = source_at(s->source, s->at, s->length);

	if (s->token != END)
		snprintf(found, sizeof(found), "%.*s",
			 s->length < 80 ? (int)s->length : 80, s->source->text + s->at);
	if (s->token == END && s->last_end)
		where = source_at(s->source, s->last_end - 1, 1);
	diag_add(s->diag, DIAG_ERROR, &where, &say);
	return false;
}

/* --- tokens ----------------------------------------------------------------- */

/* Skips blanks and comments. False: a comment does not end. */
static bool skip(struct scanner *s)
{
	const char *text = s->source->text;
	const char *end;

	for (;;) {
		s->next += strspn(text + s->next, " \t\r\n\f");
		if (text[s->next] == '#' || !strncmp(text + s->next, "//", 2)) {
			s->next += strcspn(text + s->next, "\n");
		} else if (!strncmp(text + s->next, "/*", 2)) {
			end = strstr(text + s->next + 2, "*/");
			if (!end)
				return wrong_at(s, s->next, 2, "this comment does not end");
			s->next = (size_t)(end - text) + 2;
		} else {
			return true;
		}
	}
}

static bool take_string(struct scanner *s)
{
	const char *text = s->source->text;
	size_t i = s->at + 1;

	while (text[i] && text[i] != '"' && text[i] != '\n')
		i += text[i] == '\\' && text[i + 1] && text[i + 1] != '\n' ? 2 : 1;
	/* libconfig lets a string run over lines; a forgotten quote is likelier. */
	if (text[i] != '"')
		return wrong_at(s, s->at, i - s->at, "this string does not end on its line");
	s->token = TEXT;
	s->length = i + 1 - s->at;
	return true;
}

/* Reads the next token. */
static bool advance(struct scanner *s)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-+.*";
	const char *text = s->source->text;

	s->last_end = s->at + s->length;
	if (!skip(s))
		return false;
	s->at = s->next;
	s->length = 0;
	if (!text[s->at]) {
		s->token = END;
		return true;
	}
	if (text[s->at] == '"') {
		if (!take_string(s))
			return false;
	} else if (strchr("=:,;{}[]()", text[s->at])) {
		s->token = MARK;
		s->length = 1;
	} else {
		s->token = WORD;
		s->length = strspn(text + s->at, word);
		if (!s->length)
			return wrong_at(s, s->at, 1, text[s->at] == '\'' ?
					"strings stand in double quotes" :
					"this character means nothing here");
	}
	s->next = s->at + s->length;
	return true;
}

static bool is_mark(const struct scanner *s, char mark)
{
	return s->token == MARK && s->source->text[s->at] == mark;
}

/* --- grammar ---------------------------------------------------------------- */

static struct place *add_place(struct scanner *s, size_t *ret_index)
{
	struct place *places;
	size_t size;

	if (s->count == s->size) {
		size = s->size ? s->size * 2 : 256;
		places = realloc(s->places, size * sizeof(*places));
		if (!places) {
			wrong_at(s, s->at, s->length, "out of memory");
			return NULL;
		}
		s->places = places;
		s->size = size;
	}
	*ret_index = s->count++;
	memset(&s->places[*ret_index], 0, sizeof(struct place));
	return &s->places[*ret_index];
}

static bool is_name(const struct scanner *s)
{
	unsigned char first = (unsigned char)s->source->text[s->at];

	if (s->token != WORD || !(isalpha(first) || first == '*'))
		return false;
	return !memchr(s->source->text + s->at, '+', s->length) &&
	       !memchr(s->source->text + s->at, '.', s->length);
}

/* Each member's place is known by its index: the array moves as it grows. */
static bool check_duplicate(struct scanner *s, const size_t *members, size_t count)
{
	const char *text = s->source->text;
	char message[128], earlier_name[64];
	struct diag_at earlier;

	for (size_t i = 0; i < count; i++) {
		const struct place *place = &s->places[members[i]];

		if (place->name_length != s->length ||
		    memcmp(text + place->name, text + s->at, s->length))
			continue;
		earlier = source_at(s->source, place->name, place->name_length);
		snprintf(earlier_name, sizeof(earlier_name), "%.*s", (int)s->length,
			 text + s->at);
		snprintf(message, sizeof(message), "\"%s\" is set twice, first in line %d",
			 earlier_name, earlier.line);
		return wrong_at(s, s->at, s->length, message);
	}
	return true;
}

static bool member(struct scanner *s, size_t *members, size_t count)
{
	struct place filled = { .name = s->at, .name_length = s->length };
	size_t index;

	if (!is_name(s))
		return unexpected(s, "a setting begins with its name",
				  "NAME = VALUE, or the end of the group");
	if (!check_duplicate(s, members, count) || !add_place(s, &index))
		return false;
	s->places[index] = filled;
	members[count] = index;
	if (!advance(s))
		return false;
	if (!is_mark(s, '=') && !is_mark(s, ':'))
		return unexpected(s, "a setting's name is followed by =", "=");
	if (!advance(s) || !value(s, &filled))
		return false;
	s->places[index] = filled;
	/* A semicolon may be left out, and a comma may stand for it. */
	return is_mark(s, ';') || is_mark(s, ',') ? advance(s) : true;
}

/* Up to a closing brace, or for the whole file (close 0) up to its end. */
static bool members_until(struct scanner *s, char close)
{
	size_t members[MEMBERS_MAX], count = 0, open = s->last_end;

	for (;;) {
		if (close ? is_mark(s, close) : s->token == END)
			return true;
		if (s->token == END)
			return wrong_at(s, open ? open - 1 : 0, 1, "this { is never closed");
		if (count == MEMBERS_MAX)
			return wrong_at(s, s->at, s->length, "too many settings in one group");
		if (!member(s, members, count))
			return false;
		count++;
	}
}

/* Square brackets hold strings alone, or numbers and truths alone. */
static bool check_element(struct scanner *s, enum token *type)
{
	if (s->token != TEXT && s->token != WORD)
		return unexpected(s, "square brackets hold words and numbers alone",
				  "a string or a number; lists of other things stand in ( )");
	if (*type != END && *type != s->token)
		return unexpected(s, "square brackets hold elements of one type", *type == TEXT ?
				  "another string" : "another value without quotes");
	*type = s->token;
	return true;
}

/* Elements of a list or an array, up to its closing bracket. */
static bool elements_until(struct scanner *s, char close)
{
	size_t open = s->last_end, index;
	enum token type = END;
	struct place filled;

	if (is_mark(s, close))
		return true;
	for (;;) {
		memset(&filled, 0, sizeof(filled));
		if (close == ']' && s->token != END && !check_element(s, &type))
			return false;
		if (!add_place(s, &index) || !value(s, &filled))
			return false;
		s->places[index] = filled;
		if (is_mark(s, close))
			return true;
		if (s->token == END)
			return wrong_at(s, open ? open - 1 : 0, 1, close == ')' ?
					"this ( is never closed" : "this [ is never closed");
		if (!is_mark(s, ','))
			return unexpected(s, "elements of a list are parted by commas",
					  close == ')' ? ", or )" : ", or ]");
		if (!advance(s))
			return false;
		if (is_mark(s, close))
			return unexpected(s, "a comma is followed by another element",
					  "an element, or no comma");
	}
}

static bool brackets(struct scanner *s)
{
	char open = s->source->text[s->at];
	char close = open == '{' ? '}' : open == '(' ? ')' : ']';
	bool fine;

	if (++s->depth > DEPTH_MAX)
		return wrong_at(s, s->at, 1, "brackets nest deeper than 16");
	if (!advance(s))
		return false;
	fine = close == '}' ? members_until(s, close) : elements_until(s, close);
	s->depth--;
	return fine && advance(s);
}

/*
 * All of the word is one number, decimal or hexadecimal, whole or not. What libconfig
 * takes besides ("0b101"; none of it has a use here) is no number either.
 */
static bool is_number(const char *word, size_t length)
{
	char text[64], *end;

	if (length >= sizeof(text))
		return false;
	memcpy(text, word, length);
	text[length] = '\0';
	strtod(text, &end);
	/* The suffixes of a long number. */
	end += strspn(end, "L");
	return end == text + length && end != text;
}

/* true, false, or what begins as a number does. */
static bool is_scalar_word(const struct scanner *s)
{
	const char *word = s->source->text + s->at;

	if (s->length == 4 && !strncasecmp(word, "true", 4))
		return true;
	if (s->length == 5 && !strncasecmp(word, "false", 5))
		return true;
	return isdigit((unsigned char)word[0]) || strchr("+-.", word[0]);
}

static bool value(struct scanner *s, struct place *place)
{
	place->value = s->at;
	place->value_length = s->length;
	if (is_mark(s, '{') || is_mark(s, '(') || is_mark(s, '['))
		return brackets(s);
	if (s->token == TEXT) {
		/* Strings that follow each other are one. */
		while (s->token == TEXT)
			if (!advance(s))
				return false;
		return true;
	}
	if (s->token == WORD && is_scalar_word(s)) {
		if (!isalpha((unsigned char)s->source->text[s->at]) &&
		    !is_number(s->source->text + s->at, s->length))
			return unexpected(s, "this is not a number", "a number, or a string in "
					  "quotes");
		return advance(s);
	}
	if (s->token == WORD)
		return unexpected(s, "words stand in quotes", "a string \"...\", true or false, "
				  "a number, a list ( ) or [ ], or a group { }");
	return unexpected(s, "a value is missing", "a string \"...\", true or false, a number, "
			  "a list ( ) or [ ], or a group { }");
}

bool syntax_scan(const struct source *source, struct place **ret_places, size_t *ret_count,
		 struct diag *diag)
{
	struct scanner s = { .source = source, .diag = diag };

	if (!advance(&s) || !members_until(&s, 0)) {
		free(s.places);
		return false;
	}
	*ret_places = s.places;
	*ret_count = s.count;
	return true;
}
