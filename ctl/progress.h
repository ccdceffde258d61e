/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far something long has come, as a bar on the terminal.
 */
#ifndef IMCTL_PROGRESS_H
#define IMCTL_PROGRESS_H

/*
 * Draws `what` with a bar and the time that is left, ten times a second at most; with
 * done >= total the bar is full, and ends. On stderr; nothing at all where that is no
 * terminal, with --quiet and with --json.
 */
void progress_show(const char *what, unsigned long done, unsigned long total);
/* Something else will be written to stderr: not into the bar. */
void progress_break(void);

#endif /* IMCTL_PROGRESS_H */
