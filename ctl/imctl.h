/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command file of imctl shares: the table of commands, the parsed
 * global options and the exit codes. Library files do not include this.
 */
#ifndef IMCTL_H
#define IMCTL_H

#include <stdbool.h>

enum imctl_exit {
	EXIT_OK = 0,		/* done */
	EXIT_REFUSED = 1,	/* the system refused it, or it failed */
	EXIT_USAGE = 2,		/* wrong usage */
	EXIT_POLICY = 3,	/* the policy or signature file has errors */
	EXIT_UNSUPPORTED = 4,	/* this host lacks something it needs */
	EXIT_UNSIGNED = 5,	/* the policy is not signed by a key that this host trusts */
};

struct imctl_options {
	bool json;		/* --json */
	bool quiet;		/* --quiet: no progress */
	bool color;		/* stdout is a terminal and NO_COLOR is unset */
	int verbose;		/* -v, may repeat */
	char command[64];	/* words of the command that runs, for messages */
};
extern struct imctl_options options;	/* lives in out.c, which tests link without main() */

/* One row of the command table: a noun, or a verb of a noun. */
struct command {
	const char *name;
	const char *arguments;	/* for the usage line, "" where there are none */
	const char *summary;	/* one line */
	const char *help;	/* options and details, for --help and the manual */
	/* argv[0] is the command's own word. Returns enum imctl_exit. */
	int (*run)(int argc, char **argv);
	const struct command *verbs;	/* ends with a row without a name; or NULL */
};

/* One a command file; listed in imctl.c. */
extern const struct command command_policy, command_attach, command_detach,
	command_status, command_stats, command_flows, command_ps,
	command_monitor, command_metrics, command_set, command_signatures, command_classify,
	command_restore, command_agent;

#endif /* IMCTL_H */
