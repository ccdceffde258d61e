// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl agent: answers for the flows that a rule with "ask" holds.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "agent_notify.h"
#include "args.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "need.h"
#include "out.h"
#include "stats.h"
#include "timestamp.h"

static int run_forget(void)
{
	struct json_object *record;
	size_t count;
	int err = held_forget(&count);

	if (err)
		return say_failure(err);
	record = json_object_new_object();
	json_add_number(record, "forgotten", count);
	out_done(record, "%zu answer%s forgotten", count, count == 1 ? "" : "s");
	json_object_put(record);
	return EXIT_OK;
}

static bool parse_user(const char *text, u32 *ret_uid)
{
	struct passwd *user = getpwnam(text);
	char *end;

	if (user) {
		*ret_uid = user->pw_uid;
		return true;
	}
	*ret_uid = (u32)strtoul(text, &end, 10);
	return *text && !*end && text[0] != '-';
}

static int run_agent(int argc, char **argv)
{
	static const struct option words[] = {
		{ "count", required_argument, NULL, 'n' },
		{ "timeout", required_argument, NULL, 't' },
		{ "lines", no_argument, NULL, 'l' },
		{ "write", required_argument, NULL, 'w' },
		{ "policy", required_argument, NULL, 'p' },
		{ "notify", no_argument, NULL, 'm' },
		{ "user", required_argument, NULL, 'u' },
		{ "state-dir", required_argument, NULL, 's' },
		{ 0 }
	};
	struct notify_options notify = { .state_dir = HISTORY_DIR };
	struct agent agent = { 0 };
	bool is_notifier = false;
	u64 seconds = 0, count = 0, end_ns;
	bool lines = options.json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO);
	int option, status;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 'n' && !args_positive(optarg, &count))
			return args_usage("--count takes a number, not \"%s\"", optarg);
		if (option == 't' && !args_positive(optarg, &seconds))
			return args_usage("--timeout takes seconds, not \"%s\"", optarg);
		if (option == 'l')
			lines = true;
		if (option == 'u' && !parse_user(optarg, &notify.user))
			return args_usage("--user takes a user, not \"%s\"", optarg);
		if (option == 'u')
			notify.has_user = true;
		if (option == 'm')
			is_notifier = true;
		if (option == 's')
			notify.state_dir = optarg;
		if (option == 'w')
			agent.write = optarg;
		if (option == 'p')
			agent.policy = optarg;
	}
	if (agent.policy && !agent.write)
		return args_usage("--policy needs --write");
	if (is_notifier && (agent.write || optind < argc))
		return args_usage("--notify answers nothing");
	if (notify.has_user && !is_notifier)
		return args_usage("--user needs --notify");
	if (argc - optind > 1 || (optind < argc && strcmp(argv[optind], "forget")))
		return args_usage("\"%s\" is not expected", argv[argc - 1]);
	status = need_root();
	if (!status)
		status = need_loaded();
	if (status || optind < argc)
		return status ? status : run_forget();
	status = stats_engine(&agent.nl);
	if (status)
		return say_failure(status);
	end_ns = seconds ? time_now_ns(CLOCK_MONOTONIC) + seconds * 1000000000ULL : 0;
	if (is_notifier) {
		notify.end_ns = end_ns;
		notify.count = count;
		status = agent_notify(agent.nl, &notify);
		agent_close(&agent);
		return status ? say_failure(status) : EXIT_OK;
	}
	status = lines ? agent_lines(&agent, end_ns, count) : agent_screen(&agent, end_ns, count);
	agent_close(&agent);
	return status ? say_failure(status) : EXIT_OK;
}

const struct command command_agent = {
	.name = "agent",
	.arguments = "[forget] [--lines] [--count N] [--timeout SECONDS] "
		     "[--write FILE [--policy FILE]] "
		     "[--notify [--user USER] [--state-dir DIR]]",
	.summary = "Answers for flows that a rule with \"ask\" holds.",
	.help =
		"On a terminal the flows that wait, and keys to answer for the one that is chosen:\n"
		"a, d: allow, deny this flow. p, x: its process. A, D: for ever. q: quit.\n"
		"Else, or with --lines, a line for each flow that waits:\n"
		"  NUMBER SERVICE/FEATURE CLIENT -> SERVER PROGRAM[PID] rule N, SECONDS DOMAIN\n"
		"and it is answered by a line on the standard input:\n"
		"  NUMBER allow|deny [once|process|always]\n"
		"once (without a word): this flow. process: all flows of this process with this\n"
		"service, until the process ends or \"imctl agent forget\". always: a rule is\n"
		"written. \"deny\" rejects. What nobody answers is decided by its rule.\n"
		"\n"
		"Options:\n"
		"  --lines            by lines on a terminal too\n"
		"  --count N          end after N flows were answered, or their time was over\n"
		"  --timeout SECONDS  end after so long\n"
		"  --write FILE       rules for \"always\" are added to FILE, which the policy\n"
		"                     includes in its list of rules\n"
		"  --policy FILE      the policy to load again then\n"
		"  --notify           answer nothing; show a notification on the desktop of the\n"
		"                     user whose program was refused something, with the rule and\n"
		"                     the policy's contact, the same at most once a minute\n"
		"  --user USER        with --notify: on this user's desktop, whoever it was; without\n"
		"                     the module no other is known\n"
		"  --state-dir DIR    the history is in DIR, not in /var/lib/imtc\n",
	.run = run_agent,
};
