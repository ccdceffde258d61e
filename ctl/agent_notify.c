// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads decisions as they are made, and notifies those whom they refuse something.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "agent_notify.h"
#include "desktop.h"
#include "events.h"
#include "history.h"
#include "json.h"
#include "loader.h"
#include "nl.h"
#include "out.h"
#include "timestamp.h"

#define LOOK_MS 200
/* The same again is told after a minute: a client that tries on must not fill the desktop. */
#define QUIET_NS 60000000000ULL
#define RECENT 64

struct told {
	u64 when_ns;
	u32 uid;
	u64 rule;
	char service[32];
};

struct notifier {
	const struct notify_options *options;
	struct imtc_nl *nl;
	u64 epoch;		/* of the policy that contact is of */
	char contact[128];
	struct told told[RECENT];
	size_t next;
	u64 count;
	bool ended;
};

static void read_contact(struct notifier *n, u64 epoch)
{
	struct json_object *policy = NULL, *records = NULL, *record;
	int err = n->nl ? nl_policy_get(n->nl, &policy) : bpf_policy_get(&policy);

	n->epoch = epoch;
	n->contact[0] = '\0';
	if (!err && !history_list(n->options->state_dir, &records) &&
	    !history_find(records, json_text(policy, "digest"), &record))
		out_printable(json_text(record, "contact"), n->contact, sizeof(n->contact));
	json_object_put(records);
	json_object_put(policy);
}

static bool was_told(struct notifier *n, struct json_object *event, u32 uid)
{
	const char *service = json_text(event, "service");
	u64 now = time_now_ns(CLOCK_MONOTONIC), rule = json_number(event, "rule");
	struct told *told;

	for (size_t i = 0; i < RECENT; i++) {
		told = &n->told[i];
		if (told->when_ns && now - told->when_ns < QUIET_NS && told->uid == uid &&
		    told->rule == rule && !strcmp(told->service, service))
			return true;
	}
	told = &n->told[n->next++ % RECENT];
	told->when_ns = now;
	told->uid = uid;
	told->rule = rule;
	snprintf(told->service, sizeof(told->service), "%s", service);
	return false;
}

static void format_line(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	bool shown = json_object_get_boolean(json_member(row, "shown"));

	(void)value;
	snprintf(text, size, "uid %ju: %s%s%s", json_number(row, "uid"), json_text(row, "title"),
		 shown ? "" : "; cannot be shown: ", json_text(row, "error"));
}

static void say(struct notifier *n, struct json_object *event, struct json_object *process,
		u32 uid)
{
	char title[160], text[1024], program[512], rule[80];
	struct json_object *row;
	int err;

	out_printable(json_text(process, json_text(process, "exe")[0] ? "exe" : "comm"), program,
		      sizeof(program));
	if (json_member(event, "rule_name"))
		snprintf(rule, sizeof(rule), "rule \"%s\"", json_text(event, "rule_name"));
	else
		snprintf(rule, sizeof(rule), "rule %ju", json_number(event, "rule"));
	snprintf(title, sizeof(title), "%s (%s) was refused", json_text(event, "service"),
		 json_text(event, "feature"));
	snprintf(text, sizeof(text), "%s%sThe policy of this host does not allow it: %s.%s%s",
		 program, program[0] ? "\n" : "", rule, n->contact[0] ? "\n" : "", n->contact);
	err = desktop_notify(uid, title, text);
	row = json_object_new_object();
	json_add_number(row, "uid", uid);
	json_add_text(row, "title", title);
	json_add_text(row, "text", text);
	json_add_bool(row, "shown", !err);
	if (err)
		json_add_text(row, "error", strerror(-err));
	out_event(row, format_line);
	json_object_put(row);
	if (n->options->count && ++n->count >= n->options->count)
		n->ended = true;
}

static int take_event(struct json_object *event, void *data)
{
	struct json_object *process = json_member(event, "process");
	const char *verdict = json_text(event, "verdict");
	struct notifier *n = data;
	u32 uid = n->options->user;

	if (strcmp(verdict, "reject") && strcmp(verdict, "drop"))
		return 0;
	if (!n->options->has_user && !process)
		return 0;
	if (!n->options->has_user)
		uid = (u32)json_number(process, "uid");
	if (json_number(event, "epoch") != n->epoch)
		read_contact(n, json_number(event, "epoch"));
	if (!was_told(n, event, uid))
		say(n, event, process, uid);
	return n->ended;
}

int agent_notify(struct imtc_nl *nl, const struct notify_options *options)
{
	struct notifier n = { .options = options, .nl = nl };
	struct events *events = NULL;
	int err = events_open(nl != NULL, &events);

	while (!err && !n.ended && (!options->end_ns || time_now_ns(CLOCK_MONOTONIC) < options->end_ns)) {
		struct pollfd wait = { .fd = events_fd(events), .events = POLLIN };

		if (poll(&wait, 1, LOOK_MS) > 0)
			err = events_read(events, take_event, &n);
		if (err > 0)
			err = 0;
	}
	events_close(events);
	return err;
}
