/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The known word that a misspelt one was probably meant to be.
 */
#ifndef IMCTL_NEAREST_H
#define IMCTL_NEAREST_H

/* Words are offered one by one to the search; start with .best = NULL. */
struct nearest {
	const char *word;	/* what was written */
	const char *best;	/* the nearest so far that is near enough, or NULL */
	unsigned int distance;	/* of best */
};

/* Keeps the candidate where it is nearer than those before; ties: the first. */
void nearest_offer(struct nearest *search, const char *candidate);
/* Of a list that ends with NULL; NULL where none is near enough. */
const char *nearest_of(const char *word, const char *const *candidates);

#endif /* IMCTL_NEAREST_H */
