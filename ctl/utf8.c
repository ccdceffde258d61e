// SPDX-License-Identifier: GPL-2.0-only
/*
 * Well-formed UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#include "utf8.h"

size_t utf8_bytes(const char *text)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	unsigned int point;

	if (n == 1)
		return s[0] ? 1 : 0;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	point = s[0] & (0x7f >> n);
	/* A NUL is no continuation: nothing past it is read. */
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (s[i] & 0x3f);
	}
	if (point < least[n] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return n;
}

bool utf8_is_control(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;

	return (n == 1 && (s[0] < 0x20 || s[0] == 0x7f)) ||
	       (n == 2 && s[0] == 0xc2 && s[1] < 0xa0);
}

bool utf8_is_valid(const char *text)
{
	size_t n;

	while ((n = utf8_bytes(text)))
		text += n;
	return *text == '\0';
}

size_t utf8_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += (*text & 0xc0) != 0x80;
	return columns;
}
