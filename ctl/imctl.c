// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global options, the table of commands, help, and the exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "imctl.h"
#include "nearest.h"
#include "out.h"

static const struct command *const commands[] = {
	&command_policy,
	&command_set,
	&command_attach,
	&command_detach,
	&command_restore,
	&command_status,
	&command_stats,
	&command_flows,
	&command_ps,
	&command_monitor,
	&command_agent,
	&command_metrics,
	&command_signatures,
	&command_classify,
	NULL
};

static const struct {
	const char *letter, *word, *summary;
} global_options[] = {
	{ "", "--json", "print JSON, errors too" },
	{ "-q", "--quiet", "no progress, no warnings" },
	{ "-v", "--verbose", "say more; may repeat" },
	{ "-h", "--help", "help for imctl, or for the command" },
	{ "-V", "--version", "the version" },
};

struct requests {
	bool help, version;
};

/* --- help ------------------------------------------------------------------- */

static const char *const exit_codes =
	"Exit status: 0 done; 1 the system refused it or it failed; 2 wrong usage;\n"
	"3 the policy or signature file has errors; 4 this host lacks something it needs;\n"
	"5 the policy is not signed by a key that this host trusts.\n";

static void print_global_options(void)
{
	printf("\nGlobal options, anywhere on the line:\n");
	for (size_t i = 0; i < sizeof(global_options) / sizeof(global_options[0]); i++)
		printf("  %-2s %-12s  %s\n", global_options[i].letter, global_options[i].word,
		       global_options[i].summary);
}

static void print_usage(FILE *file)
{
	fprintf(file, "Usage: imctl [OPTION]... COMMAND [ARGUMENT]...\n"
		"Instant-messaging traffic control: policies, programs, and what they saw.\n\n"
		"Commands:\n");
	for (const struct command *const *c = commands; *c; c++)
		fprintf(file, "  %-12s  %s\n", (*c)->name, (*c)->summary);
	fprintf(file, "\n\"imctl COMMAND --help\" says more.\n");
}

static void print_help(const struct command *command)
{
	const char *space = command->arguments[0] ? " " : "";

	if (command->verbs && !command->run) {
		printf("Usage: imctl %s VERB [ARGUMENT]...\n%s\n\nVerbs:\n", options.command,
		       command->summary);
		for (const struct command *v = command->verbs; v->name; v++)
			printf("  %-12s  %s\n", v->name, v->summary);
	} else {
		printf("Usage: imctl %s%s%s\n%s\n", options.command, space, command->arguments,
		       command->summary);
	}
	if (command->help)
		printf("\n%s", command->help);
	print_global_options();
}

static void add_string(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

/* The table itself, for completion and for the check that manuals list every word. */
static struct json_object *describe(const struct command *command)
{
	struct json_object *object = json_object_new_object();
	struct json_object *verbs = json_object_new_array();

	add_string(object, "name", command->name);
	add_string(object, "arguments", command->arguments);
	add_string(object, "summary", command->summary);
	add_string(object, "help", command->help);
	for (const struct command *v = command->verbs; v && v->name; v++)
		json_object_array_add(verbs, describe(v));
	json_object_object_add(object, "verbs", verbs);
	return object;
}

static int show_help(const struct command *command)
{
	struct json_object *list;

	if (!options.json) {
		if (command) {
			print_help(command);
		} else {
			print_usage(stdout);
			print_global_options();
			printf("\n%s", exit_codes);
		}
		return EXIT_OK;
	}
	list = json_object_new_array();
	for (const struct command *const *c = commands; !command && *c; c++)
		json_object_array_add(list, describe(*c));
	if (command)
		json_object_array_add(list, describe(command));
	out_table(list, NULL, 0);
	json_object_put(list);
	return EXIT_OK;
}

static int show_version(void)
{
	struct json_object *object = json_object_new_object();

	add_string(object, "version", IMTC_VERSION);
	out_done(object, "imctl %s", IMTC_VERSION);
	json_object_put(object);
	return EXIT_OK;
}

/* --- the command line ------------------------------------------------------- */

static bool take_global(const char *word, struct requests *requests)
{
	if (!strcmp(word, "--json"))
		options.json = true;
	else if (!strcmp(word, "-q") || !strcmp(word, "--quiet"))
		options.quiet = true;
	else if (!strcmp(word, "-v") || !strcmp(word, "--verbose"))
		options.verbose++;
	else if (!strcmp(word, "-vv"))
		options.verbose += 2;
	else if (!strcmp(word, "-h") || !strcmp(word, "--help"))
		requests->help = true;
	else if (!strcmp(word, "-V") || !strcmp(word, "--version"))
		requests->version = true;
	else
		return false;
	return true;
}

/* Global options stand anywhere before "--"; commands never see them. */
static int take_globals(int argc, char **argv, struct requests *requests)
{
	int kept = 1, i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!take_global(argv[i], requests))
			argv[kept++] = argv[i];
	while (i < argc)
		argv[kept++] = argv[i++];
	argv[kept] = NULL;
	return kept;
}

static const struct command *find_command(const char *word)
{
	struct nearest search = { .word = word };

	for (const struct command *const *c = commands; *c; c++) {
		if (!strcmp((*c)->name, word))
			return *c;
		nearest_offer(&search, (*c)->name);
	}
	if (word[0] == '-')
		args_usage("unknown option %s", word);
	else if (search.best)
		args_usage("unknown command \"%s\"; did you mean \"%s\"?", word, search.best);
	else
		args_usage("unknown command \"%s\"", word);
	return NULL;
}

static const struct command *find_verb(const struct command *noun, const char *word)
{
	struct nearest search = { .word = word };

	for (const struct command *v = noun->verbs; v->name; v++) {
		if (!strcmp(v->name, word))
			return v;
		nearest_offer(&search, v->name);
	}
	if (search.best)
		args_usage("\"imctl %s\" has no \"%s\"; did you mean \"%s\"?", noun->name, word,
			   search.best);
	else
		args_usage("\"imctl %s\" has no \"%s\"", noun->name, word);
	return NULL;
}

static void name_command(const char *noun, const char *verb)
{
	snprintf(options.command, sizeof(options.command), "%s%s%s", noun, verb ? " " : "",
		 verb ? verb : "");
}

/* argv[0] is the noun. */
static int run_noun(int argc, char **argv, const struct requests *requests)
{
	const struct command *command = find_command(argv[0]);
	bool has_verb = false;

	if (!command)
		return EXIT_USAGE;
	name_command(command->name, NULL);
	if (command->verbs && argc > 1 && argv[1][0] != '-') {
		command = find_verb(command, argv[1]);
		if (!command)
			return EXIT_USAGE;
		name_command(argv[0], command->name);
		has_verb = true;
	}
	if (requests->help)
		return show_help(command);
	if (!command->run)
		return args_usage("\"imctl %s\" needs a verb", command->name);
	return command->run(argc - has_verb, argv + has_verb);
}

static int run_command(int argc, char **argv, struct requests *requests)
{
	if (requests->version || (argc == 1 && !strcmp(argv[0], "version")))
		return show_version();
	if (argc && !strcmp(argv[0], "help")) {
		requests->help = true;
		argv++;
		argc--;
	}
	if (argc)
		return run_noun(argc, argv, requests);
	if (requests->help)
		return show_help(NULL);
	if (options.json)
		return args_usage("a command is missing");
	print_usage(stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct requests requests = { 0 };
	int status;

	if (argc < 1)
		return EXIT_USAGE;
	argc = take_globals(argc, argv, &requests);
	options.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	status = run_command(argc - 1, argv + 1, &requests);
	/* A full disk or a closed pipe must not look like success. */
	if ((fflush(stdout) || ferror(stdout)) && status == EXIT_OK) {
		out_error("cannot write the output: %m");
		return EXIT_REFUSED;
	}
	return status;
}
