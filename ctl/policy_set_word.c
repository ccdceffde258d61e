// SPDX-License-Identifier: GPL-2.0-only
/*
 * A set in a rule, "@name": which one is meant.
 */
#include <stdio.h>
#include <string.h>

#include "nearest.h"
#include "policy_sets.h"

static bool wrong_kind(const char *name, u8 is, u8 kind, struct value_error *error)
{
	snprintf(error->message, sizeof(error->message), "\"@%.63s\" is a set of %s", name,
		 set_kinds[is].name);
	snprintf(error->expected, sizeof(error->expected), "a set of %s, whose file \"%s\" finds",
		 set_kinds[kind].name, set_kinds[kind].key);
	return false;
}

bool policy_sets_take(const char *name, const struct policy_sets *known, u8 kind,
	      struct number_list *list, struct value_error *error)
{
	struct nearest search = { .word = name };
	u32 set = policy_sets_find(known, name);

	if (set && known->kinds[set - 1] != kind)
		return wrong_kind(name, known->kinds[set - 1], kind, error);
	if (set)
		return list_add_number(list, set, error);
	for (size_t i = 0; i < known->count; i++)
		if (known->kinds[i] == kind)
			nearest_offer(&search, known->names[i]);
	if (search.best)
		snprintf(error->message, sizeof(error->message),
			 "unknown set \"@%.63s\"; did you mean \"@%s\"?", name, search.best);
	else
		snprintf(error->message, sizeof(error->message), "unknown set \"@%.63s\"", name);
	snprintf(error->expected, sizeof(error->expected),
		 "the name of a file that \"%s\" of the policy finds, without its ending",
		 set_kinds[kind].key);
	return false;
}
