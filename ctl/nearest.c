// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suggestions for misspelt words: edit distance where swapping two neighbours
 * is one edit, as that is what fingers do.
 */
#include <ctype.h>
#include <string.h>

#include "nearest.h"

#define WORD_MAX 32	/* longer words get no suggestion */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Edits between two words of at most WORD_MAX bytes, letter case aside. */
static unsigned int edits(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned int cost[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= a_len; i++)
		cost[i][0] = i;
	for (size_t j = 0; j <= b_len; j++)
		cost[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		for (size_t j = 1; j <= b_len; j++) {
			int x = tolower((unsigned char)a[i - 1]);
			int y = tolower((unsigned char)b[j - 1]);
			unsigned int best = cost[i - 1][j - 1] + (x != y);

			best = least(best, cost[i - 1][j] + 1);
			best = least(best, cost[i][j - 1] + 1);
			if (i > 1 && j > 1 && x != y &&
			    x == tolower((unsigned char)b[j - 2]) &&
			    tolower((unsigned char)a[i - 2]) == y)
				best = least(best, cost[i - 2][j - 2] + 1);
			cost[i][j] = best;
		}
	}
	return cost[a_len][b_len];
}

/* An edit in three letters is a slip of the finger; more is another word. */
static unsigned int tolerance(size_t len)
{
	return len < 3 ? 1 : (len + 2) / 3;
}

void nearest_offer(struct nearest *search, const char *candidate)
{
	size_t word_len = strlen(search->word), len = strlen(candidate);
	unsigned int distance;

	if (!word_len || word_len > WORD_MAX || len > WORD_MAX)
		return;
	distance = edits(search->word, word_len, candidate, len);
	/* As many edits as letters is no likeness at all. */
	if (distance > tolerance(len) || distance >= len)
		return;
	if (!search->best || distance < search->distance) {
		search->best = candidate;
		search->distance = distance;
	}
}

const char *nearest_of(const char *word, const char *const *candidates)
{
	struct nearest search = { .word = word };

	for (; *candidates; candidates++)
		nearest_offer(&search, *candidates);
	return search.best;
}
