/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the readers of single words (policy_tree.h, value_*) share: saying what is wrong.
 */
#ifndef IMCTL_POLICY_VALUE_H
#define IMCTL_POLICY_VALUE_H

#include "policy_tree.h"

/* False, with the message and what was expected, NULL: nothing to say of that. */
bool value_wrong(struct value_error *error, const char *expected, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* False, with: unknown service "xmmp"; did you mean "xmpp"? best: what was meant, or NULL. */
bool value_unknown(struct value_error *error, const char *expected, const char *what,
		   const char *word, const char *best);

#endif /* IMCTL_POLICY_VALUE_H */
