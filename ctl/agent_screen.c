// SPDX-License-Identifier: GPL-2.0-only
/*
 * The agent on a terminal: the flows that wait, the longest first, and a key for each
 * answer (ncurses).
 */
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "ends.h"
#include "json.h"
#include "loader.h"
#include "out.h"
#include "timestamp.h"

#define LOOK_MS 200
#define FIRST_ROW 2
#define KEYS "a allow  p for this process  A for ever    d deny  x for this process  D for ever    q quit"

static const struct {
	int key;
	u8 verdict;
	enum agent_scope scope;
} answers[] = {
	{ 'a', IMTC_VERDICT_PASS, AGENT_ONCE },
	{ 'p', IMTC_VERDICT_PASS, AGENT_PROCESS },
	{ 'A', IMTC_VERDICT_PASS, AGENT_ALWAYS },
	{ 'd', IMTC_VERDICT_REJECT, AGENT_ONCE },
	{ 'x', IMTC_VERDICT_REJECT, AGENT_PROCESS },
	{ 'D', IMTC_VERDICT_REJECT, AGENT_ALWAYS },
};

/* What became of a flow stays at the foot until the next does. */
static void tell(struct agent *agent, struct json_object *row)
{
	if (!strcmp(json_text(row, "event"), "held"))
		beep();
	else
		snprintf(agent->said, sizeof(agent->said), "%ju %s: %s %s", json_number(row, "number"),
			 json_text(row, "event"), json_text(row, "verdict"),
			 json_text(row, "scope"));
}

/* A row of text from the wire: nothing of it may move the cursor. */
static void put(int row, const char *text)
{
	char plain[1024];

	out_printable(text, plain, sizeof(plain));
	mvaddnstr(row, 0, plain, COLS);
}

static void put_flow(int row, const struct agent_flow *flow, u64 now)
{
	char client[128], server[128], process[256] = "-", text[1024];
	u64 left = flow->flow.held.deadline_ns;
	struct json_object *facts = flow->facts;

	left = left > now ? (left - now + 999999999) / 1000000000 : 0;
	ends_format_client(facts, NULL, client, sizeof(client));
	ends_format_server(facts, NULL, server, sizeof(server));
	if (json_member(facts, "pid"))
		snprintf(process, sizeof(process), "%s[%ju]",
			 json_text(facts, json_text(facts, "exe")[0] ? "exe" : "comm"),
			 json_number(facts, "pid"));
	snprintf(text, sizeof(text), "%4ju %5ju s  %s/%s  %s  %s -> %s  rule %ju  %s",
		 (uintmax_t)flow->number, (uintmax_t)left, json_text(facts, "service"),
		 json_text(facts, "feature"), process, client, server, json_number(facts, "rule"),
		 json_text(facts, "domain"));
	put(row, text);
}

static void draw(const struct agent *agent, size_t chosen)
{
	size_t rows = LINES > FIRST_ROW + 2 ? (size_t)(LINES - FIRST_ROW - 2) : 0;
	size_t first = rows && chosen >= rows ? chosen - rows + 1 : 0;
	u64 now = time_now_ns(CLOCK_MONOTONIC);
	char title[80];

	erase();
	snprintf(title, sizeof(title), "%zu flow%s wait%s", agent->count,
		 agent->count == 1 ? "" : "s", agent->count == 1 ? "s" : "");
	put(0, title);
	for (size_t i = 0; i < rows && first + i < agent->count; i++) {
		if (first + i == chosen)
			attron(A_REVERSE);
		put_flow(FIRST_ROW + (int)i, &agent->flows[first + i], now);
		attroff(A_REVERSE);
	}
	put(LINES - 2, agent->said);
	put(LINES - 1, KEYS);
	refresh();
}

static void answer(struct agent *agent, size_t chosen, int key)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (answers[i].key != key || chosen >= agent->count)
			continue;
		if (agent_answer(agent, &agent->flows[chosen], answers[i].verdict,
				 answers[i].scope))
			snprintf(agent->said, sizeof(agent->said), "%s", loader_sentence());
	}
}

int agent_screen(struct agent *agent, u64 end_ns, u64 count)
{
	size_t chosen = 0;
	int key = ERR, err = 0;
	SCREEN *terminal;

	/* Names on the wire are UTF-8 where the terminal's are. */
	setlocale(LC_CTYPE, "");
	/* Not initscr(), which ends the program where it does not know the terminal. */
	terminal = newterm(NULL, stdout, stdin);
	if (!terminal)
		return agent_lines(agent, end_ns, count);
	agent->tell = tell;
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	timeout(LOOK_MS);
	while (key != 'q' && (!end_ns || time_now_ns(CLOCK_MONOTONIC) < end_ns)) {
		err = agent_look(agent);
		if (err || (count && agent->ended >= count))
			break;
		if (chosen && chosen >= agent->count)
			chosen = agent->count ? agent->count - 1 : 0;
		draw(agent, chosen);
		key = getch();
		if (key == KEY_UP && chosen)
			chosen--;
		else if (key == KEY_DOWN)
			chosen++;
		else
			answer(agent, chosen, key);
	}
	endwin();
	delscreen(terminal);
	return err;
}
