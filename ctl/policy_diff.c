// SPDX-License-Identifier: GPL-2.0-only
/*
 * The longest run of rules that keep their order stands still; what is not in it
 * was added, removed, or moved. Names are unique, so that this is the longest
 * increasing sequence of places: n log n, also for 16,384 rules.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "policy.h"
#include "policy_diff.h"

#define LINE_BYTES 2048
#define NOWHERE ((size_t)-1)

/* A rule of one side. */
struct side_rule {
	const char *name;
	struct json_object *lines;	/* one a compiled rule */
	size_t index;			/* in its side */
	size_t other;			/* of the other side, or NOWHERE */
	bool still;			/* keeps its place */
};

struct side {
	struct side_rule *rules;
	size_t count;
};

/* --- the sides -------------------------------------------------------------------- */

static struct json_object *line_of(struct json_object *compiled)
{
	char criteria[LINE_BYTES], action[256], line[LINE_BYTES + 512];

	policy_rule_criteria(compiled, criteria, sizeof(criteria));
	policy_rule_action(compiled, action, sizeof(action));
	snprintf(line, sizeof(line), "\"%s\": %s -> %s", json_text(compiled, "name"), criteria,
		 action);
	return json_object_new_string(line);
}

static bool side_make(struct side *side, struct json_object *compiled)
{
	size_t count = compiled ? json_object_array_length(compiled) : 0;
	struct side_rule *rule = NULL;

	side->count = 0;
	side->rules = calloc(count + 1, sizeof(*side->rules));
	for (size_t i = 0; side->rules && i < count; i++) {
		struct json_object *part = json_object_array_get_idx(compiled, i);
		const char *name = json_text(part, "name");

		if (!rule || strcmp(rule->name, name)) {
			rule = &side->rules[side->count];
			rule->name = name;
			rule->lines = json_object_new_array();
			rule->index = side->count++;
			rule->other = NOWHERE;
		}
		json_object_array_add(rule->lines, line_of(part));
	}
	return side->rules;
}

static void side_free(struct side *side)
{
	for (size_t i = 0; side->rules && i < side->count; i++)
		json_object_put(side->rules[i].lines);
	free(side->rules);
}

static int by_name(const void *a, const void *b)
{
	const struct side_rule *one = *(struct side_rule *const *)a;
	const struct side_rule *other = *(struct side_rule *const *)b;

	return strcmp(one->name, other->name);
}

static struct side_rule **sorted(struct side *side)
{
	struct side_rule **list = calloc(side->count + 1, sizeof(*list));

	for (size_t i = 0; list && i < side->count; i++)
		list[i] = &side->rules[i];
	if (list)
		qsort(list, side->count, sizeof(*list), by_name);
	return list;
}

static bool pair(struct side *old, struct side *new)
{
	struct side_rule **a = sorted(old), **b = sorted(new);
	size_t i = 0, k = 0;
	int order;

	while (a && b && i < old->count && k < new->count) {
		order = strcmp(a[i]->name, b[k]->name);
		if (!order) {
			a[i]->other = b[k]->index;
			b[k]->other = a[i]->index;
		}
		i += order <= 0;
		k += order >= 0;
	}
	free(a);
	free(b);
	return a && b;
}

/* --- what stands still --------------------------------------------------------------- */

/* tails[n]: the new rule that ends the best sequence of n + 1; best: the least old place. */
static bool find_still(struct side *old, struct side *new)
{
	size_t *tails = calloc(new->count + 1, sizeof(*tails));
	size_t *before = calloc(new->count + 1, sizeof(*before));
	size_t length = 0;

	for (size_t k = 0; tails && before && k < new->count; k++) {
		size_t low = 0, high = length, place = new->rules[k].other;

		if (place == NOWHERE)
			continue;
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (new->rules[tails[middle]].other < place)
				low = middle + 1;
			else
				high = middle;
		}
		before[k] = low ? tails[low - 1] : NOWHERE;
		tails[low] = k;
		length += low == length;
	}
	if (tails && before && length)
		for (size_t k = tails[length - 1]; k != NOWHERE; k = before[k]) {
			new->rules[k].still = true;
			old->rules[new->rules[k].other].still = true;
		}
	free(tails);
	free(before);
	return tails && before;
}

/* --- the answer ------------------------------------------------------------------------ */

static void say(struct json_object *answer, const char *change, const struct side_rule *old,
		const struct side_rule *new)
{
	struct json_object *item = json_object_new_object();

	json_add_text(item, "name", new ? new->name : old->name);
	json_add_text(item, "change", change);
	if (old)
		json_object_object_add(item, "old", json_object_get(old->lines));
	if (new)
		json_object_object_add(item, "new", json_object_get(new->lines));
	json_object_array_add(answer, item);
}

static bool is_same(const struct side_rule *old, const struct side_rule *new)
{
	size_t count = json_object_array_length(old->lines);

	if (count != json_object_array_length(new->lines))
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(json_object_get_string(json_object_array_get_idx(old->lines, i)),
			   json_object_get_string(json_object_array_get_idx(new->lines, i))))
			return false;
	return true;
}

/* What of the old side stands before the next rule that stands still. */
static size_t say_removed(const struct side *old, size_t i, struct json_object *answer)
{
	for (; i < old->count && !old->rules[i].still; i++)
		say(answer, "removed", &old->rules[i], NULL);
	return i;
}

static void compare(const struct side *old, const struct side *new, struct json_object *answer)
{
	size_t i = say_removed(old, 0, answer);

	for (size_t k = 0; k < new->count; k++) {
		const struct side_rule *rule = &new->rules[k], *was;

		if (!rule->still) {
			say(answer, rule->other == NOWHERE ? "added" : "moved", NULL, rule);
			continue;
		}
		was = &old->rules[i];
		say(answer, is_same(was, rule) ? "same" : "changed", was, rule);
		i = say_removed(old, i + 1, answer);
	}
}

struct json_object *policy_diff(struct json_object *old_rules, struct json_object *new_rules)
{
	struct json_object *answer = json_object_new_array();
	struct side old = { 0 }, new = { 0 };
	bool fine = side_make(&old, old_rules) && side_make(&new, new_rules) &&
		    pair(&old, &new) && find_still(&old, &new);

	if (fine)
		compare(&old, &new, answer);
	side_free(&old);
	side_free(&new);
	if (fine)
		return answer;
	json_object_put(answer);
	return NULL;
}
