/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells users on their desktops what was refused to their programs, by which rule and
 * whom to ask.
 */
#ifndef IMCTL_AGENT_NOTIFY_H
#define IMCTL_AGENT_NOTIFY_H

#include "agent.h"

struct notify_options {
	const char *state_dir;	/* of the history, which has the policy's contact */
	bool has_user;		/* all is for this one; else for the process' own */
	u32 user;
	u64 end_ns;		/* as in agent_lines() */
	u64 count;		/* notifications */
};

/* nl: NULL without the module. 0, or negative errno with loader_sentence(). */
int agent_notify(struct imtc_nl *nl, const struct notify_options *options);

#endif /* IMCTL_AGENT_NOTIFY_H */
