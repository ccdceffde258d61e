/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The texts that a process pattern can hold, for those who send, read and show them
 * all alike.
 */
#ifndef IMCTL_PATTERN_H
#define IMCTL_PATTERN_H

#include <imtc/process.h>
#include <stdbool.h>

struct pattern_text {
	u32 flag;		/* IMTC_PROC_* */
	int attribute;		/* IMTC_RULE_A_* */
	const char *key;	/* in JSON */
	size_t offset;		/* in struct imtc_proc */
	size_t bytes;
};

/* In the order that rules are shown in; ends with a flag of 0. */
extern const struct pattern_text pattern_texts[];

static inline const char *pattern_text_of(const struct pattern_text *text,
					  const struct imtc_proc *proc)
{
	return (const char *)proc + text->offset;
}

/* Every process that narrow matches, wide matches too. False where that is not seen. */
bool pattern_covers(const struct imtc_proc *wide, const struct imtc_proc *narrow);

#endif /* IMCTL_PATTERN_H */
