// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl set: sets of the policy that runs, changed without it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "bpfpolicy.h"
#include "cmd_policy.h"
#include "imctl.h"
#include "json.h"
#include "nl.h"
#include "out.h"
#include "policy_sets.h"
#include "policy_tree.h"

/* The running policy's sets, and who holds them. */
struct running_sets {
	struct imtc_nl *nl;	/* NULL: the BPF programs */
	struct policy_sets sets;
};

static int running_open(struct running_sets *r)
{
	int status = policy_open_engine("read the sets", &r->nl), error;

	if (status)
		return status;
	if (r->nl) {
		struct json_object *policy = NULL;

		/* Without a policy there are no sets to be had, and nothing would say so. */
		error = nl_policy_get(r->nl, &policy);
		json_object_put(policy);
		if (!error)
			error = nl_sets_get(r->nl, &r->sets);
		return error ? policy_say_module(r->nl, "read the sets", error) : EXIT_OK;
	}
	error = bpf_sets_get(&r->sets);
	return error ? policy_say_bpf("read the sets", error) : EXIT_OK;
}

static void running_close(struct running_sets *r)
{
	policy_sets_free(&r->sets);
	nl_session_close(r->nl);
}

static int running_put(struct running_sets *r, const struct policy_sets *fresh, u32 *ret_epoch)
{
	int error;

	if (r->nl) {
		error = nl_sets_replace(r->nl, fresh, ret_epoch);
		return error ? policy_say_module(r->nl, "change the set", error) : EXIT_OK;
	}
	error = bpf_sets_replace(fresh, ret_epoch);
	return error ? policy_say_bpf("change the set", error) : EXIT_OK;
}

/* --- list ------------------------------------------------------------------------ */

static void list_sets(const struct policy_sets *sets)
{
	static const struct out_column columns[] = {
		{ "set", "SET", 0, NULL }, { "kind", "KIND", 0, NULL },
		{ "entries", "ENTRIES", 1, NULL },
	};
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < sets->count; i++) {
		struct json_object *object = json_object_new_object();
		size_t size = policy_sets_size(sets, (u32)i + 1);

		json_add_text(object, "set", sets->names[i]);
		json_add_text(object, "kind", set_kinds[sets->kinds[i]].name);
		json_add_number(object, "entries", size);
		/* As it was before there were other kinds. */
		if (sets->kinds[i] == IMTC_SET_ADDRESSES)
			json_add_number(object, "prefixes", size);
		json_object_array_add(list, object);
	}
	out_table(list, columns, 3);
	json_object_put(list);
}

static void list_one(struct json_object *list, const char *text)
{
	if (options.json)
		json_object_array_add(list, json_object_new_string(text));
	else
		puts(text);
}

static void list_members(const struct policy_sets *sets, u32 set)
{
	struct json_object *list = json_object_new_array();
	const char *word;
	char text[64];
	size_t at = 0;

	for (size_t i = 0; i < sets->entry_count; i++) {
		if (sets->entries[i].set != set)
			continue;
		prefix_text(&sets->entries[i].prefix, text, sizeof(text));
		list_one(list, text);
	}
	while ((word = policy_sets_word(sets, set, &at)))
		list_one(list, word);
	if (options.json)
		out_table(list, NULL, 0);
	json_object_put(list);
}

static int with_sets(int (*run)(struct running_sets *r, int argc, char **argv), int argc,
		     char **argv)
{
	struct running_sets r = { 0 };
	int status = running_open(&r);

	if (!status)
		status = run(&r, argc, argv);
	running_close(&r);
	return status;
}

/* The number of the set, or 0, and said. */
static u32 find_set(const struct running_sets *r, const char *name)
{
	u32 set = policy_sets_find(&r->sets, name);

	if (!set)
		out_error("the running policy has no set \"%s\"", name);
	return set;
}

static int list(struct running_sets *r, int argc, char **argv)
{
	u32 set;

	if (argc == 1) {
		list_sets(&r->sets);
		return EXIT_OK;
	}
	set = find_set(r, argv[1]);
	if (!set)
		return EXIT_REFUSED;
	list_members(&r->sets, set);
	return EXIT_OK;
}

static int run_list(int argc, char **argv)
{
	return args_plain(argc, argv, 0, 1) ? with_sets(list, argc - optind + 1, argv + optind - 1) :
					      EXIT_USAGE;
}

/* --- changes --------------------------------------------------------------------- */

static bool same_prefix(const struct imtc_prefix *a, const struct imtc_prefix *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool is_prefix_of(const struct imtc_prefix *prefix, const struct set_member *members,
			 size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_prefix(prefix, &members[i].prefix))
			return true;
	return false;
}

static bool is_word_of(const char *word, const struct set_member *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(word, members[i].word))
			return true;
	return false;
}

/*
 * What is in the set but for these members, as a set of its own. False: no memory.
 */
static bool take_apart(const struct policy_sets *sets, u32 set, const struct set_member *without,
		       size_t count, struct policy_sets *ret_fresh)
{
	const char *word;
	size_t at = 0;
	u32 number;

	memset(ret_fresh, 0, sizeof(*ret_fresh));
	if (policy_sets_name(ret_fresh, sets->names[set - 1], sets->kinds[set - 1], &number))
		return false;
	for (size_t i = 0; i < sets->entry_count; i++)
		if (sets->entries[i].set == set &&
		    !is_prefix_of(&sets->entries[i].prefix, without, count) &&
		    policy_sets_add(ret_fresh, 1, &sets->entries[i].prefix))
			return false;
	while ((word = policy_sets_word(sets, set, &at)))
		if (!is_word_of(word, without, count) && policy_sets_add_word(ret_fresh, 1, word))
			return false;
	return true;
}

static int commit(struct running_sets *r, struct policy_sets *fresh, const char *did, size_t count)
{
	const struct set_kind *kind = &set_kinds[fresh->kinds[0]];
	size_t size = policy_sets_size(fresh, 1);
	struct json_object *object;
	u32 epoch = 0;
	int status = running_put(r, fresh, &epoch);

	if (status)
		return status;
	object = json_object_new_object();
	json_add_text(object, "set", fresh->names[0]);
	json_add_number(object, did, count);
	json_add_number(object, kind->many, size);
	json_add_number(object, "epoch", epoch);
	out_done(object, "set \"%s\": %zu %s, %zu %s, epoch %u", fresh->names[0], count, did,
		 size, size == 1 ? kind->one : kind->many, epoch);
	json_object_put(object);
	return EXIT_OK;
}

/* Words to what they stand for, all before anything is changed. -1: wrong, and said. */
static int parse_words(int argc, char **argv, u8 kind, struct set_member *members)
{
	struct value_error error = { 0 };

	for (int i = 0; i < argc; i++) {
		if (value_member(argv[i], kind, &members[i], &error))
			continue;
		out_error("%s%s%s", error.message, error.expected[0] ? "; expected: " : "",
			  error.expected);
		return -1;
	}
	return 0;
}

static bool has_member(const struct policy_sets *fresh, const struct set_member *member)
{
	const char *word;
	size_t at = 0;

	for (size_t i = 0; i < fresh->entry_count; i++)
		if (same_prefix(&fresh->entries[i].prefix, &member->prefix))
			return true;
	while ((word = policy_sets_word(fresh, 1, &at)))
		if (!strcmp(word, member->word))
			return true;
	return false;
}

static bool add_member(struct policy_sets *fresh, const struct set_member *member, size_t *count)
{
	if (has_member(fresh, member))
		return true;
	++*count;
	return !policy_sets_add_member(fresh, 1, member);
}

/* argv: the verb, the set, what is added or deleted. */
static int change(struct running_sets *r, int argc, char **argv)
{
	struct set_member *members = calloc((size_t)argc, sizeof(*members));
	bool adds = !strcmp(argv[0], "add"), fine;
	u32 set = find_set(r, argv[1]);
	struct policy_sets fresh = { 0 };
	int status = EXIT_REFUSED;
	size_t count = 0;

	if (!set || !members ||
	    parse_words(argc - 2, argv + 2, r->sets.kinds[set - 1], members)) {
		free(members);
		return status;
	}
	fine = take_apart(&r->sets, set, members, adds ? 0 : (size_t)(argc - 2), &fresh);
	if (!adds && fine)
		count = policy_sets_size(&r->sets, set) - policy_sets_size(&fresh, 1);
	for (int i = 0; i < argc - 2 && fine && adds; i++)
		fine = add_member(&fresh, &members[i], &count);
	if (fine)
		status = commit(r, &fresh, adds ? "added" : "deleted", count);
	else
		out_error("the set cannot be held in memory, or has too many entries");
	policy_sets_free(&fresh);
	free(members);
	return status;
}

static int run_change(int argc, char **argv)
{
	const char *verb = argv[0];

	if (!args_plain(argc, argv, 2, argc))
		return EXIT_USAGE;
	argv[optind - 1] = (char *)verb;
	return with_sets(change, argc - optind + 1, argv + optind - 1);
}

/* argv: the verb, the set, the file. */
static int replace(struct running_sets *r, int argc, char **argv)
{
	struct policy_sets fresh = { 0 };
	struct diag *diag = diag_new();
	u32 number, set = find_set(r, argv[1]);
	int status = EXIT_REFUSED;

	(void)argc;
	if (!set)
		status = EXIT_REFUSED;
	else if (!diag || policy_sets_name(&fresh, argv[1], r->sets.kinds[set - 1], &number))
		out_error("out of memory");
	else if (!policy_sets_read(&fresh, number, argv[2], diag))
		status = policy_fail(diag, argv[2]);
	else
		status = commit(r, &fresh, "read", policy_sets_size(&fresh, number));
	diag_free(diag);
	policy_sets_free(&fresh);
	return status;
}

static int run_replace(int argc, char **argv)
{
	return args_plain(argc, argv, 2, 2) ?
		       with_sets(replace, argc - optind + 1, argv + optind - 1) : EXIT_USAGE;
}

static const struct command verbs[] = {
	{
		.name = "list",
		.arguments = "[NAME]",
		.summary = "List the sets of the running policy, or what is in one.",
		.run = run_list,
	},
	{
		.name = "add",
		.arguments = "NAME ENTRY...",
		.summary = "Add addresses or prefixes, domains, users or programs to a set, as its "
			   "kind is.",
		.run = run_change,
	},
	{
		.name = "del",
		.arguments = "NAME ENTRY...",
		.summary = "Take entries out of a set, written as they are in it.",
		.run = run_change,
	},
	{
		.name = "replace",
		.arguments = "NAME FILE",
		.summary = "Give a set what is in a file, one entry a line, in place of its own.",
		.run = run_replace,
	},
	{ 0 },
};

const struct command command_set = {
	.name = "set",
	.arguments = "list|add|del|replace",
	.summary = "Show and change the policy's sets of addresses, domains, users and programs.",
	.verbs = verbs,
	.help = "A change is made in one step and lasts until the policy is loaded again, which\n"
		"reads the files. Flows that are open are judged anew.\n",
};
