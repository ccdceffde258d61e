// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of a policy tree, which grow word by word.
 */
#include <stdlib.h>

#include "policy_tree.h"

/* Room for one more item; NULL, and said, without memory. Doubles at powers of two. */
static void *grow(void *items, size_t count, size_t item_bytes, struct value_error *error)
{
	void *larger = items;

	if (!(count & (count - 1)))
		larger = reallocarray(items, count ? count * 2 : 1, item_bytes);
	if (!larger)
		snprintf(error->message, sizeof(error->message), "out of memory");
	return larger;
}

bool list_add_string(struct string_list *list, const char *word, struct value_error *error)
{
	const char **items = grow(list->items, list->count, sizeof(*items), error);

	if (!items)
		return false;
	list->items = items;
	items[list->count++] = word;
	return true;
}

bool list_add_number(struct number_list *list, u32 number, struct value_error *error)
{
	u32 *items = grow(list->items, list->count, sizeof(*items), error);

	if (!items)
		return false;
	list->items = items;
	items[list->count++] = number;
	return true;
}

bool list_add_prefix(struct prefix_list *list, const struct imtc_prefix *prefix,
		     struct value_error *error)
{
	struct imtc_prefix *items = grow(list->items, list->count, sizeof(*items), error);

	if (!items)
		return false;
	list->items = items;
	items[list->count++] = *prefix;
	return true;
}

bool list_add_ports(struct ports_list *list, const struct imtc_ports *ports,
		    struct value_error *error)
{
	struct imtc_ports *items = grow(list->items, list->count, sizeof(*items), error);

	if (!items)
		return false;
	list->items = items;
	items[list->count++] = *ports;
	return true;
}

static int compare_ports(const void *left, const void *right)
{
	const struct imtc_ports *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

void list_merge_ports(struct ports_list *list)
{
	struct imtc_ports *items = list->items;
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(items, list->count, sizeof(*items), compare_ports);
	for (size_t i = 1; i < list->count; i++) {
		if (items[i].first > (u32)items[kept].last + 1)
			items[++kept] = items[i];
		else if (items[i].last > items[kept].last)
			items[kept].last = items[i].last;
	}
	list->count = kept + 1;
}

size_t list_product(const size_t *counts, size_t n)
{
	size_t all = 1;

	for (size_t i = 0; i < n; i++) {
		if (list_choices(counts[i]) > IMTC_RULES_MAX / all)
			return IMTC_RULES_MAX + 1;
		all *= list_choices(counts[i]);
	}
	return all;
}
