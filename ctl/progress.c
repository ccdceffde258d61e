// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bar is drawn over itself in one line, with a carriage return; what it is of comes
 * from the command line, and is made safe to show.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "imctl.h"
#include "out.h"
#include "progress.h"
#include "utf8.h"

#define REDRAW_MS 100
#define NAME_BYTES 160
/* Beside name and bar: brackets, blanks, per cent, time. */
#define REST_COLUMNS 26
#define BAR_COLUMNS_MIN 10
#define BAR_COLUMNS_MAX 60

/* The bar that is on the screen. */
static struct {
	bool open;
	unsigned long began_ms, drawn_ms;
} bar;

static unsigned long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long)now.tv_sec * 1000 + (unsigned long)now.tv_nsec / 1000000;
}

/* What the terminal has room for beside the name. */
static unsigned long bar_columns(const char *name)
{
	struct winsize size = { 0 };
	unsigned long columns, used = utf8_columns(name) + REST_COLUMNS;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		size.ws_col = 80;
	columns = size.ws_col > used ? size.ws_col - used : 0;
	if (columns < BAR_COLUMNS_MIN)
		return BAR_COLUMNS_MIN;
	return columns < BAR_COLUMNS_MAX ? columns : BAR_COLUMNS_MAX;
}

static void draw(const char *what, unsigned long done, unsigned long total)
{
	char name[NAME_BYTES], filled[BAR_COLUMNS_MAX + 1];
	double part = total ? (double)done / (double)total : 1;
	unsigned long columns, full, left_s = 0;

	out_printable(what, name, sizeof(name));
	columns = bar_columns(name);
	full = (unsigned long)(part * (double)columns);
	memset(filled, '#', full);
	filled[full] = '\0';
	if (part > 0)
		left_s = (unsigned long)((double)(bar.drawn_ms - bar.began_ms) * (1 - part) /
					 part / 1000);
	/* The last blanks cover what a longer time has left there. */
	fprintf(stderr, "\r%s [%-*s] %3d%% %3lu:%02lu left  ", name, (int)columns, filled,
		(int)(part * 100), left_s / 60, left_s % 60);
}

void progress_show(const char *what, unsigned long done, unsigned long total)
{
	unsigned long now;
	bool ends = done >= total;

	if (options.quiet || options.json || !isatty(STDERR_FILENO))
		return;
	now = now_ms();
	/* What is over before a bar could be seen has none. */
	if (ends ? !bar.open : bar.open && now - bar.drawn_ms < REDRAW_MS)
		return;
	if (!bar.open)
		bar.began_ms = now;
	bar.drawn_ms = now;
	draw(what, ends ? total : done, total);
	bar.open = !ends;
	if (ends)
		fputc('\n', stderr);
	fflush(stderr);
}

void progress_break(void)
{
	if (bar.open)
		fputc('\n', stderr);
	bar.open = false;
}
