/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patterns of paths, the same in the module and in imctl: "*" and "?" match within
 * one part of a path, "**" across parts too, "[a-z]" and "[!a-z]" one byte; a
 * bracket alone is "[[]". There is no escape: systemd writes backslashes into the
 * names of cgroups, and they stand for themselves.
 *
 * No recursion: of each kind of star only the last is tried again. What it stands
 * before is looked for from left to right, and a later place for an earlier star
 * could only leave less text for it.
 */
#ifndef IMTC_GLOB_H
#define IMTC_GLOB_H

#include <imtc/types.h>

enum imtc_glob_end {
	IMTC_GLOB_WHOLE,	/* the pattern is about all of the text */
	IMTC_GLOB_ABOVE,	/* or about what stands before one of its slashes */
};

/* A class from behind its bracket on: where it ends, NULL where it does not. */
static inline const char *imtc_glob_class(const char *p, unsigned char byte, int *ret_matches)
{
	int is_negated = *p == '!' || *p == '^', is_in = 0;
	const char *first = p += is_negated;

	while (*p && (*p != ']' || p == first)) {
		unsigned char low = *p++, high = low;

		if (*p == '-' && p[1] && p[1] != ']') {
			high = p[1];
			p += 2;
		}
		is_in |= low <= byte && byte <= high;
	}
	*ret_matches = byte != '/' && is_in != is_negated;
	return *p ? p + 1 : NULL;
}

/* One element of a pattern, no star: what follows it where it matches the byte, else NULL. */
static inline const char *imtc_glob_byte(const char *p, unsigned char byte)
{
	const char *end;
	int matches;

	if (*p == '[') {
		end = imtc_glob_class(p + 1, byte, &matches);
		return matches ? end : NULL;
	}
	if (*p == '?')
		return byte != '/' ? p + 1 : NULL;
	return (unsigned char)*p == byte ? p + 1 : NULL;
}

static inline int imtc_glob_matches(const char *pattern, const char *text,
				    enum imtc_glob_end end)
{
	const char *p = pattern, *t = text, *next;
	const char *star = NULL, *star_at = text;	/* behind "*", and how far it reaches */
	const char *deep = NULL, *deep_at = text;	/* the same of "**" */

	for (;;) {
		if (*p == '*' && p[1] == '*') {
			while (*p == '*')
				p++;
			deep = p;
			deep_at = t;
			star = NULL;
			continue;
		}
		if (*p == '*') {
			star = ++p;
			star_at = t;
			continue;
		}
		if (!*p && (!*t || (end == IMTC_GLOB_ABOVE && *t == '/')))
			return 1;
		next = *p && *t ? imtc_glob_byte(p, (unsigned char)*t) : NULL;
		if (next) {
			p = next;
			t++;
		} else if (star && *star_at && *star_at != '/') {
			p = star;
			t = ++star_at;
		} else if (deep && *deep_at && !(star && !*star_at)) {
			p = deep;
			t = ++deep_at;
			star = NULL;
		} else {
			return 0;
		}
	}
}

static inline int imtc_glob_is_special(char byte)
{
	return byte == '*' || byte == '?' || byte == '[';
}

/* Does the pattern stand for itself alone? */
static inline int imtc_glob_is_plain(const char *pattern)
{
	while (*pattern && !imtc_glob_is_special(*pattern))
		pattern++;
	return !*pattern;
}

/* NULL, or where a class begins that does not end, has a slash or "[:" in it, or runs backwards. */
static inline const char *imtc_glob_wrong(const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		const char *begin = p, *first;

		if (*p != '[')
			continue;
		p += p[1] == '!' || p[1] == '^';
		first = ++p;
		for (; *p && (*p != ']' || p == first); p++) {
			if (*p == '/' || (*p == '[' && (p[1] == ':' || p[1] == '.' || p[1] == '=')))
				return begin;
			if (p[1] != '-' || !p[2] || p[2] == ']')
				continue;
			if (p[2] == '/' || (unsigned char)*p > (unsigned char)p[2])
				return begin;
			p += 2;
		}
		if (!*p)
			return begin;
	}
	return NULL;
}

#endif /* IMTC_GLOB_H */
