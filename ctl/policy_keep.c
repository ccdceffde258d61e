// SPDX-License-Identifier: GPL-2.0-only
/*
 * A change of the running policy and its entry in the history. The entry is put
 * aside before the change and stands after it: whatever ends this between the two,
 * what runs is in the history once the next change looks at it.
 */
#include <string.h>

#include "cmd_policy.h"
#include "history.h"
#include "out.h"

/* A host whose disk is full or read-only must still be able to change its policy. */
static void say_unkept(const struct policy_keep *keep, int error)
{
	out_warning("the history in %s does not keep this: %s", keep->dir, strerror(-error));
}

void policy_keep_begin(struct policy_keep *keep, struct json_object *record,
		       const struct history_text *text)
{
	char running[65];
	int error;

	policy_running_digest(keep->nl, running);
	error = history_open(keep->dir, running, &keep->history);
	if (!error)
		error = history_begin(keep->history, record, text);
	json_object_put(record);
	if (!error)
		return;
	say_unkept(keep, error);
	history_close(keep->history);
	keep->history = NULL;
}

void policy_keep_end(struct policy_keep *keep, bool done)
{
	int error = 0;

	if (keep->history && done)
		error = history_commit(keep->history);
	else if (keep->history)
		history_cancel(keep->history);
	if (error)
		say_unkept(keep, error);
	history_close(keep->history);
	keep->history = NULL;
}
