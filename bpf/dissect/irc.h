/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IRC (RFC 1459, RFC 2812, IRCv3): the lines of a registration, a client's or
 * another server's, and what a server says first. USER and PASS alone are FTP's
 * and POP3's too: they wait for a line that is IRC's alone.
 *
 * Watched: irc_watch.h.
 */
#ifndef IMTC_DISSECT_IRC_H
#define IMTC_DISSECT_IRC_H

#include "irc_watch.h"

/* IRCv3 lets tags add 8191 bytes to a line of 512; before registration few do. */
#define IRC_LINE_BYTES 1024

enum irc_command {
	IRC_NOTHING,
	IRC_NICK,
	IRC_USER,
	IRC_PASS,
	IRC_CAP,
	IRC_SERVER,
	IRC_ERROR,
	IRC_NEUTRAL,	/* fits, and proves nothing */
	IRC_TALK,	/* seen in the middle of a connection */
	IRC_CHANNEL,	/* so is this, where it names a channel */
};

struct irc_walk {
	u32 start;	/* of the line */
	u32 word[4];	/* where the second to fifth word begin */
	u8 words;	/* that have begun */
	u8 blank;	/* the last byte was a space */
	u8 odd;		/* the first word holds what no prefix does */
	u8 password;
	u8 early;	/* what decided is said before STARTTLS too */
	u8 answer;
} IMTC_WALK;
IMTC_WALK_FITS(struct irc_walk);

/* The command at i, as an IMTC_WORD of enum irc_command. */
IMTC_GLOBAL int imtc_irc_command(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define IRC_WORD(literal, command) \
	(best = IMTC_TRY(imtc_match_nocase, v, i, literal, command, best))
	switch (imtc_lower(imtc_byte(v, i))) {
	case 'n':
		IRC_WORD("nick ", IRC_NICK);
		IRC_WORD("notice ", IRC_TALK);
		break;
	case 'u':
		IRC_WORD("user ", IRC_USER);
		break;
	case 'p':
		IRC_WORD("pass ", IRC_PASS);
		IRC_WORD("privmsg ", IRC_TALK);
		IRC_WORD("ping ", IRC_NEUTRAL);
		IRC_WORD("pong ", IRC_NEUTRAL);
		IRC_WORD("protoctl ", IRC_NEUTRAL);
		break;
	case 'c':
		IRC_WORD("cap ", IRC_CAP);
		IRC_WORD("capab ", IRC_NEUTRAL);
		break;
	case 's':
		IRC_WORD("server ", IRC_SERVER);
		IRC_WORD("starttls", IRC_NEUTRAL);
		break;
	case 'a':
		IRC_WORD("authenticate ", IRC_NEUTRAL);
		break;
	case 'w':
		IRC_WORD("webirc ", IRC_PASS);
		break;
	case 'e':
		IRC_WORD("error :", IRC_ERROR);
		break;
	case 'j':
		IRC_WORD("join ", IRC_CHANNEL);
		break;
	case 'k':
		IRC_WORD("kick ", IRC_CHANNEL);
		break;
	case 'm':
		IRC_WORD("mode ", IRC_CHANNEL);
		break;
	case 't':
		IRC_WORD("topic ", IRC_CHANNEL);
		break;
	}
#undef IRC_WORD
	return best;
}

/* Does the prefix behind the colon at i begin as the name of a server or a user may? */
static __always_inline int irc_is_prefix(const struct imtc_view *v, u32 i)
{
	u8 c = imtc_byte(v, i + 1);

	return imtc_is_letter(c) || imtc_is_digit(c) || (c >= '[' && c <= '`') ||
	       (c >= '{' && c <= '}');
}

/* What a server or a relayed user says after its prefix. */
static __always_inline int irc_is_reply(const struct imtc_view *v, u32 i)
{
	if (imtc_is_digit(imtc_byte(v, i)))	/* of three digits; none is 1xx */
		return imtc_is_digit(imtc_byte(v, i + 1)) && imtc_is_digit(imtc_byte(v, i + 2)) &&
		       imtc_byte(v, i + 3) == ' ' && imtc_byte(v, i) != '1';
	return imtc_has(v, i, "NOTICE ") || imtc_has(v, i, "CAP ") || imtc_has(v, i, "PRIVMSG ") ||
	       imtc_has(v, i, "JOIN ") || imtc_has(v, i, "MODE ") || imtc_has(v, i, "NICK ") ||
	       imtc_has(v, i, "PART ") || imtc_has(v, i, "QUIT ") || imtc_has(v, i, "TOPIC ") ||
	       imtc_has(v, i, "KICK ") || imtc_has(v, i, "PONG ") || imtc_has(v, i, "PING ");
}

/* Is that reply one of those before a registration, when TLS may still begin (IRCv3 tls)? */
static __always_inline int irc_is_early(const struct imtc_view *v, u32 i)
{
	return (imtc_is_digit(imtc_byte(v, i)) && !imtc_has(v, i, "00")) ||
	       imtc_has(v, i, "NOTICE ") || imtc_has(v, i, "CAP ") || imtc_has(v, i, "PING ");
}

static __always_inline int irc_is_cap(const struct imtc_view *v, u32 i)
{
	return imtc_has_nocase(v, i, "ls") || imtc_has_nocase(v, i, "req") ||
	       imtc_has_nocase(v, i, "end") || imtc_has_nocase(v, i, "list");
}

/* One whole line; true when the walk is over. */
static __always_inline long irc_line(struct imtc_view *v, struct irc_walk *w, u32 end)
{
	u8 answer = IMTC_NO;
	int word;

	if (imtc_byte(v, end - 1) == '\r')
		end--;
	if (end == w->start)
		return 0;	/* an empty line is passed over, as servers do */
	if (imtc_byte(v, w->start) == ':') {
		if (w->words >= 3 && !w->odd && irc_is_prefix(v, w->start) &&
		    irc_is_reply(v, w->word[0])) {
			answer = IMTC_MATCH;
			w->early = (u8)irc_is_early(v, w->word[0]);
		}
		w->answer = answer;
		return 1;
	}
	if (imtc_byte(v, w->start) == '@' && imtc_byte(v, w->word[0]) == ':') {
		if (w->words >= 4 && irc_is_prefix(v, w->word[0]) && irc_is_reply(v, w->word[1])) {
			answer = IMTC_MATCH;
			w->early = (u8)irc_is_early(v, w->word[1]);
		}
		w->answer = answer;
		return 1;
	}
	word = imtc_irc_command(v, w->start);
	switch (imtc_word_answer(word) == IMTC_MATCH ? imtc_word_meaning(word) : IRC_NOTHING) {
	case IRC_NICK:
		if (w->words >= 2 && imtc_byte(v, w->word[0]) > ' ')
			answer = IMTC_MATCH;
		break;
	case IRC_USER:
		/* user, mode, unused, real name; FTP's has one parameter */
		if (w->words >= 5)
			answer = IMTC_MORE;
		break;
	case IRC_PASS:
		w->password = 1;
		answer = IMTC_MORE;
		break;
	case IRC_CAP:
		if (irc_is_cap(v, w->word[0])) {
			answer = IMTC_MATCH;
			w->early = 1;
		}
		break;
	case IRC_SERVER:
		if (w->words >= 4 && imtc_is_digit(imtc_byte(v, w->word[1])))
			answer = IMTC_MATCH;
		break;
	case IRC_ERROR:
		if (imtc_is_letter(imtc_byte(v, w->start + 7)))
			answer = IMTC_MATCH;
		break;
	case IRC_NEUTRAL:
		answer = IMTC_MORE;
		break;
	case IRC_TALK:
		/* "NOTICE AUTH :*** Looking up"; "PRIVMSG #c :hello" where it is older */
		if (w->words >= 3 && imtc_byte(v, w->word[1]) == ':' &&
		    (v->middle || imtc_lower(imtc_byte(v, w->start)) == 'n')) {
			answer = IMTC_MATCH;
			w->early = v->direction == IMTC_DIR_SERVER;
		}
		break;
	case IRC_CHANNEL:
		if (v->middle && w->words >= 2 && imtc_byte(v, w->word[0]) == '#')
			answer = IMTC_MATCH;
		break;
	}
	w->answer = answer;
	return answer != IMTC_MORE;
}

static long irc_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct irc_walk *w = imtc_walk(v);
	u8 byte = imtc_byte(v, i);

	if (byte == '\n') {
		if (irc_line(v, w, i))
			return 1;
		w->start = i + 1;
		w->words = 1;
		w->odd = 0;
		return 0;
	}
	if (byte == 0 || i - w->start > IRC_LINE_BYTES) {
		w->answer = IMTC_NO;
		return 1;
	}
	if (w->words == 1 && (byte == '<' || byte == '>' || byte == '"' || byte == '(' ||
			      byte == ',' || byte == '\r' || byte >= 0x7f))
		w->odd = 1;
	if (w->blank && byte != ' ') {
		if (w->words < 5)
			w->word[(w->words - 1) & 3] = i;
		if (w->words < 255)
			w->words++;
	}
	w->blank = byte == ' ';
	return 0;
}

/* Does the view's first line begin as one of IRC may? Settles most that is none. */
static __always_inline int irc_may_begin(struct imtc_view *v)
{
	switch (imtc_byte(v, 0)) {
	case ':':
	case '@':
	case '\r':
	case '\n':
		return v->len < 2 || imtc_byte(v, 1) > ' ' || imtc_byte(v, 1) == '\n';
	}
	return imtc_irc_command(v, 0) != IMTC_NO;
}

IMTC_DISSECTOR(irc)(struct imtc_view *v)
{
	struct irc_walk *w;

	if (!v || !irc_may_begin(v))
		return IMTC_NO;
	w = imtc_walk(v);
	*w = (struct irc_walk){ .words = 1, .answer = IMTC_MORE };
	imtc_loop(v, v->len, irc_byte);
	/* IRCv3 WebSocket: a message is a line, without its end. */
	if (w->answer == IMTC_MORE && v->body && v->len > w->start)
		irc_line(v, w, v->len);
	if (w->answer != IMTC_MATCH)
		return w->answer;
	imtc_label_set(v, IMTC_SERVICE_IRC, IMTC_FEATURE_CHAT,
		       w->early && !w->password && !v->middle ? IMTC_ENCRYPTION_PENDING :
								IMTC_ENCRYPTION_CLEAR,
		       IMTC_LABEL_WATCH | (w->password ? IMTC_LABEL_CREDENTIALS : 0));
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_IRC_H */
