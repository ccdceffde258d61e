// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl monitor: decisions as they are made, a line each.
 */
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "args.h"
#include "ends.h"
#include "events.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "names.h"
#include "need.h"
#include "loader.h"
#include "nl.h"
#include "out.h"
#include "policy_tags.h"
#include "stats.h"
#include "text.h"

#define LOSS_INTERVAL_MS 1000

struct monitor {
	u64 left;		/* events to show yet; 0: no end */
	u64 end_ms;		/* CLOCK_MONOTONIC; 0: no end */
	unsigned int level;	/* enum imtc_log: at least; NONE: also what is not marked */
	bool ended;
	struct imtc_nl *nl;	/* NULL: the programs decide */
	const char *state_dir;	/* of the history, where tags are */
	struct json_object *tags;
	u64 tags_epoch;		/* of the policy that they are of */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* --- a line ------------------------------------------------------------------------ */

static void append_process(char *text, size_t size, struct json_object *process)
{
	struct passwd *user;
	const char *exe;

	if (!process) {
		text_append(text, size, " -");
		return;
	}
	exe = json_text(process, "exe");
	text_append(text, size, " %s[%ju]", exe[0] ? exe : json_text(process, "comm"),
		    json_number(process, "pid"));
	user = getpwuid((uid_t)json_number(process, "uid"));
	if (user)
		text_append(text, size, " %s", user->pw_name);
	else
		text_append(text, size, " uid=%ju", json_number(process, "uid"));
}

/* TIME VERDICT SERVICE/FEATURE CLIENT -> SERVER EXE[PID] USER RULE [TAGS] DOMAIN */
static void format_line(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	char client[ADDRESS_BYTES + 8], server[ADDRESS_BYTES + 8];
	char verdict[64], tags[1024];

	(void)value;
	text[0] = '\0';
	ends_format_client(row, NULL, client, sizeof(client));
	ends_format_server(row, NULL, server, sizeof(server));
	out_format_verdict(row, json_member(row, "verdict"), verdict, sizeof(verdict));
	text_append(text, size, "%s %s %s/%s %s -> %s", json_text(row, "time"), verdict,
		    json_text(row, "service"), json_text(row, "feature"),
		    client, server);
	append_process(text, size, json_member(row, "process"));
	if (json_member(row, "rule_name"))
		text_append(text, size, " rule \"%s\"", json_text(row, "rule_name"));
	else if (json_member(row, "rule"))
		text_append(text, size, " rule %ju", json_number(row, "rule"));
	else
		text_append(text, size, " (%s)", json_text(row, "reason"));
	tags_text(row, tags, sizeof(tags));
	if (tags[0])
		text_append(text, size, " [%s]", tags);
	if (json_member(row, "domain"))
		text_append(text, size, " %s", json_text(row, "domain"));
}

/* --- tags -------------------------------------------------------------------------- */

/* Those of the policy that decided; none where another one runs by now. */
static void read_tags(struct monitor *m, u64 epoch)
{
	struct json_object *policy = NULL;
	int err = m->nl ? nl_policy_get(m->nl, &policy) : bpf_policy_get(&policy);

	json_object_put(m->tags);
	m->tags = NULL;
	m->tags_epoch = epoch;
	if (!err && json_number(policy, "epoch") == epoch)
		m->tags = tags_of_digest(json_text(policy, "digest"), m->state_dir);
	json_object_put(policy);
}

static void add_tags(struct monitor *m, struct json_object *event)
{
	u64 epoch = json_number(event, "epoch");

	if (!json_member(event, "rule"))
		return;
	if (epoch != m->tags_epoch)
		read_tags(m, epoch);
	tags_add(event, m->tags, json_number(event, "rule"));
}

/* --- the stream -------------------------------------------------------------------- */

static int show_event(struct json_object *event, void *data)
{
	struct monitor *m = data;

	if (m->level && (!json_member(event, "level") ||
			 log_number(json_text(event, "level")) < (int)m->level))
		return 0;
	add_tags(m, event);
	out_event(event, format_line);
	/* A reader that went away (a closed pipe) ends it too. */
	if (ferror(stdout) || (m->left && !--m->left))
		m->ended = true;
	return m->ended;
}

static void format_lost(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	(void)value;
	snprintf(text, size, "*** %ju or more events were lost", json_number(row, "lost"));
}

static int show_lost(struct events *events)
{
	struct json_object *o;
	u64 lost = 0;
	int err = events_lost(events, &lost);

	if (err || !lost)
		return err;
	o = json_object_new_object();
	json_add_number(o, "lost", lost);
	out_event(o, format_lost);
	json_object_put(o);
	return 0;
}

static u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

/* Waits for an event, the end, or a look at what was lost; signals come in here alone. */
static void wait_event(const struct events *events, const struct monitor *m,
		       const sigset_t *unblocked)
{
	struct pollfd wait = { .fd = events_fd(events), .events = POLLIN };
	u64 ms = LOSS_INTERVAL_MS, now = now_ms();
	struct timespec limit;

	if (m->end_ms && m->end_ms < now + ms)
		ms = m->end_ms > now ? m->end_ms - now : 0;
	limit.tv_sec = (time_t)(ms / 1000);
	limit.tv_nsec = (long)(ms % 1000) * 1000000;
	ppoll(&wait, 1, &limit, unblocked);
}

static int run_stream(struct events *events, struct monitor *m, const sigset_t *unblocked)
{
	int err = 0;

	while (!err && !m->ended && !interrupted) {
		wait_event(events, m, unblocked);
		err = events_read(events, show_event, m);
		if (err >= 0)
			err = show_lost(events);
		if (m->end_ms && now_ms() >= m->end_ms)
			break;
	}
	return err < 0 ? say_failure(err) : EXIT_OK;
}

static int listen_to(struct monitor *m)
{
	struct sigaction action = { .sa_handler = interrupt };
	sigset_t blocked, unblocked;
	struct events *events;
	int err = stats_engine(&m->nl), status;

	if (err)
		return say_failure(err);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	err = events_open(m->nl != NULL, &events);
	if (err)
		return say_failure(err);
	if (options.verbose)
		fprintf(stderr, "listening to %s\n", m->nl ? "the module" : "the programs");
	status = run_stream(events, m, &unblocked);
	events_close(events);
	return status;
}

static int run_monitor(int argc, char **argv)
{
	static const struct option words[] = {
		{ "count", required_argument, NULL, 'n' },
		{ "timeout", required_argument, NULL, 't' },
		{ "log", no_argument, NULL, 'l' },
		{ "level", required_argument, NULL, 'v' },
		{ "state-dir", required_argument, NULL, 's' },
		{ 0 }
	};
	struct monitor m = { .state_dir = HISTORY_DIR };
	u64 seconds;
	int option, status, level;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 'n' && !args_positive(optarg, &m.left))
			return args_usage("--count takes a number, not \"%s\"", optarg);
		if (option == 't' && !args_positive(optarg, &seconds))
			return args_usage("--timeout takes seconds, not \"%s\"", optarg);
		if (option == 't')
			m.end_ms = now_ms() + seconds * 1000;
		if (option == 's')
			m.state_dir = optarg;
		if (option == 'l' && !m.level)
			m.level = IMTC_LOG_DEBUG;
		if (option == 'v') {
			level = log_number(optarg);
			if (level <= IMTC_LOG_NONE)
				return args_usage("--level takes debug, info, notice, warning, "
						  "error, critical or alert, not \"%s\"", optarg);
			m.level = (unsigned int)level;
		}
	}
	if (optind < argc)
		return args_usage("too many words: \"%s\" is not expected", argv[optind]);
	status = need_root();
	if (!status)
		status = listen_to(&m);
	nl_session_close(m.nl);
	json_object_put(m.tags);
	return status;
}

const struct command command_monitor = {
	.name = "monitor",
	.arguments = "[--count N] [--timeout SECONDS] [--log] [--level LEVEL] "
		     "[--state-dir DIR]",
	.summary = "Decisions as they are made, a line each.",
	.help =
		"Options:\n"
		"  --count N          end after N events\n"
		"  --timeout SECONDS  end after so long\n"
		"  --log              only what a rule with \"log\" decided\n"
		"  --level LEVEL      only what such a rule marked so or higher: debug, info,\n"
		"                     notice, warning, error, critical, alert\n"
		"  --state-dir DIR    the history is in DIR, not in /var/lib/imtc\n"
		"\n"
		"TIME VERDICT SERVICE/FEATURE CLIENT -> SERVER PROGRAM[PID] USER RULE [TAGS] DOMAIN\n"
		"Tags of rules are those that the history has.\n"
		"Events that were lost are said. Without the module there is one reader at a\n"
		"time.\n",
	.run = run_monitor,
};
