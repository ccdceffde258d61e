// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl signatures: check, list, show, load.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "diag.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "names.h"
#include "need.h"
#include "out.h"
#include "signature.h"

static const struct option words[] = {
	{ "signatures", required_argument, NULL, 's' },
	{ 0 }
};

/* The one option these verbs have; false: wrong, and said. */
static bool take_folder(int argc, char **argv, const char **ret_folder)
{
	int option;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option != 's')
			return false;
		*ret_folder = optarg;
	}
	return true;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static struct signatures *read_path(const char *path, struct diag *diag)
{
	if (path && !is_folder(path))
		return signatures_read_file(path, diag);
	return signatures_read(signature_folders(path), diag);
}

/* NULL: said, and status says how it ends. */
static struct signatures *read_or_say(const char *folder, int *status)
{
	struct diag *diag = diag_new();
	struct signatures *s = diag ? read_path(folder, diag) : NULL;

	*status = diag ? say_diag(diag) : EXIT_REFUSED;
	if (!s && !*status) {
		out_error("no memory");
		*status = EXIT_REFUSED;
	}
	diag_free(diag);
	return s;
}

/* How many of each kind. */
static void add_counts(struct json_object *o, const struct signatures *s)
{
	static const char *const keys[SIGNATURE_KINDS] = { "domains", "alpn", "user_agents",
							   "prefixes", "patterns" };

	json_add_number(o, "signatures", s->count);
	for (int kind = 0; kind < SIGNATURE_KINDS; kind++)
		json_add_number(o, keys[kind], s->counts[kind]);
	json_add_number(o, "files", s->file_count);
}

/* --- check -------------------------------------------------------------------------- */

static int say_check(const struct signatures *s, struct diag *diag, const char *path)
{
	bool errors = diag_errors(diag) > 0;
	struct json_object *o = diag_json(diag, path);

	if (s)
		add_counts(o, s);
	if (options.json)
		out_record(o, NULL, 0);
	else if (!errors)
		printf("%zu signatures in %zu files: no errors\n", s ? s->count : 0,
		       s ? s->file_count : 0);
	json_object_put(o);
	if (!errors)
		return EXIT_OK;
	return diag_is_system(diag) ? EXIT_REFUSED : EXIT_POLICY;
}

static int run_check(int argc, char **argv)
{
	struct signatures *s;
	struct diag *diag;
	const char *path;
	int status;

	if (!args_plain(argc, argv, 0, 1))
		return EXIT_USAGE;
	path = optind < argc ? argv[optind] : NULL;
	diag = diag_new();
	if (!diag) {
		out_error("no memory");
		return EXIT_REFUSED;
	}
	s = read_path(path, diag);
	if (!options.json)
		say_diag(diag);
	status = say_check(s, diag, path ? path : signature_folders(NULL)[0]);
	signatures_free(s);
	diag_free(diag);
	return status;
}

/* --- list, show ----------------------------------------------------------------------- */

static struct json_object *describe(const struct signatures *s, size_t i)
{
	static const char *const encryptions[] = { "as seen", "clear", "clear", "encrypted" };
	const struct signature *entry = &s->entries[i];
	struct json_object *o = json_object_new_object();

	json_add_text(o, "kind", signature_kind_name(entry->kind));
	json_add_text(o, "signature", entry->text);
	json_add_text(o, "service", service_name(entry->value.service));
	json_add_text(o, "feature", feature_name(entry->value.feature));
	json_add_text(o, "encryption", encryptions[entry->value.encryption & 3]);
	json_add_text(o, "file", s->files[entry->file]);
	json_add_number(o, "line", (uint64_t)entry->line);
	return o;
}

static void show_rows(struct json_object *rows)
{
	static const struct out_column columns[] = {
		{ "kind", "KIND", 0, NULL },
		{ "signature", "SIGNATURE", 0, NULL },
		{ "service", "SERVICE", 0, NULL },
		{ "feature", "FEATURE", 0, NULL },
		{ "encryption", "ENCRYPTION", 0, NULL },
		{ "file", "FILE", 0, NULL },
		{ "line", "LINE", 1, NULL },
	};

	out_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
}

static int run_list(int argc, char **argv)
{
	const char *folder = NULL;
	struct json_object *rows;
	struct signatures *s;
	int status;

	if (!take_folder(argc, argv, &folder))
		return EXIT_USAGE;
	if (optind < argc)
		return args_usage("too many words: \"%s\" is not expected", argv[optind]);
	s = read_or_say(folder, &status);
	if (!s)
		return status;
	rows = json_object_new_array();
	for (size_t i = 0; i < s->count; i++)
		json_object_array_add(rows, describe(s, i));
	show_rows(rows);
	json_object_put(rows);
	signatures_free(s);
	return EXIT_OK;
}

/* Of a service all; of anything else what programs would find for it. */
static void add_found(struct json_object *rows, const struct signatures *s, const char *word)
{
	static const enum signature_kind kinds[] = {
		SIGNATURE_PREFIX, SIGNATURE_DOMAIN, SIGNATURE_ALPN, SIGNATURE_AGENT,
	};
	int service = service_number(word);
	const struct signature *entry = NULL;

	for (size_t i = 0; service > 0 && i < s->count; i++)
		if (s->entries[i].value.service == service)
			json_object_array_add(rows, describe(s, i));
	if (service > 0)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		entry = signatures_find(s, kinds[i], word);
		if (entry)
			json_object_array_add(rows, describe(s, (size_t)(entry - s->entries)));
	}
}

static int run_show(int argc, char **argv)
{
	const char *folder = NULL;
	struct json_object *rows;
	struct signatures *s;
	int status;

	if (!take_folder(argc, argv, &folder))
		return EXIT_USAGE;
	if (argc - optind != 1)
		return args_usage("one service, name or address is expected");
	s = read_or_say(folder, &status);
	if (!s)
		return status;
	rows = json_object_new_array();
	add_found(rows, s, argv[optind]);
	if (json_object_array_length(rows)) {
		show_rows(rows);
	} else {
		out_error("no signature for \"%s\"", argv[optind]);
		status = EXIT_REFUSED;
	}
	json_object_put(rows);
	signatures_free(s);
	return status;
}

/* --- load ------------------------------------------------------------------------------ */

static int run_load(int argc, char **argv)
{
	const char *folder = NULL;
	struct json_object *o;
	struct signatures *s;
	int status, err;

	if (!take_folder(argc, argv, &folder))
		return EXIT_USAGE;
	if (optind < argc)
		return args_usage("too many words: \"%s\" is not expected", argv[optind]);
	s = read_or_say(folder, &status);
	if (!s)
		return status;
	status = need_loaded();
	err = status ? 0 : signature_map_load(s);
	if (err)
		status = say_failure(err);
	if (!status) {
		o = json_object_new_object();
		add_counts(o, s);
		out_done(o, "%zu signatures of %zu files are loaded", s->count, s->file_count);
		json_object_put(o);
	}
	signatures_free(s);
	return status;
}

static const struct command verbs[] = {
	{
		.name = "check",
		.arguments = "[FILE | DIR]",
		.summary = "Check signature files; says file and line of each error.",
		.help = "Without an argument the files that attach would load. Needs no root.\n",
		.run = run_check,
	}, {
		.name = "list",
		.arguments = "[--signatures DIR]",
		.summary = "Every signature, its service, and the file it is from.",
		.help = "Options:\n"
			"  --signatures DIR  files from here alone\n",
		.run = run_list,
	}, {
		.name = "show",
		.arguments = "SERVICE | NAME | ADDRESS [--signatures DIR]",
		.summary = "The signatures of a service, or what is found for a host's name, an "
			   "address, an ALPN value or a user agent.",
		.help = "Options:\n"
			"  --signatures DIR  files from here alone\n",
		.run = run_show,
	}, {
		.name = "load",
		.arguments = "[--signatures DIR]",
		.summary = "Read the files again, for the programs that are loaded.",
		.help = "Options:\n"
			"  --signatures DIR  files from here alone\n",
		.run = run_load,
	},
	{ 0 }
};

const struct command command_signatures = {
	.name = "signatures",
	.arguments = "VERB",
	.summary = "Files that say by what names, addresses and bytes services are told.",
	.help =
		"Files *.conf in /usr/share/imtc/signatures, then in /etc/imtc/signatures.d; with\n"
		"IMTC_SIGNATURES in the environment, in that folder alone. A later file overrides\n"
		"an earlier one.\n",
	.verbs = verbs,
};
