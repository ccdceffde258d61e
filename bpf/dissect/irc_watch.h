/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IRC once it is known: DCC offers (CTCP, "DCC SEND protocol" of 1994: type,
 * argument, address as a decimal number or IPv6 text, port), the client's own
 * answer to CTCP VERSION, passwords, STARTTLS. Line by line: one that is cut is
 * shown again.
 */
#ifndef IMTC_DISSECT_IRC_WATCH_H
#define IMTC_DISSECT_IRC_WATCH_H

#include "client.h"
#include "expect.h"

#define IRC_OFFERS 2
/* RFC 2812 2.3: 512 bytes a line; a file's name may be all of it. */
#define IRC_OFFER_BYTES 512

struct irc_look {
	u32 whole;	/* behind the last whole line */
	u32 version;	/* where the answer to CTCP VERSION stands, 0: none */
	u32 offer[IRC_OFFERS];	/* behind "\001DCC " */
	u32 at;		/* the offer that is read */
	u32 word[4];	/* where its words begin: type, argument, address, port */
	u8 offers;	/* that were seen */
	u8 words;
	u8 blank;
	u8 quoted;
	u8 feature;
	u8 password;
	u8 starttls;
	u8 more;	/* offers than there is room for */
	u8 registers;	/* NICK, USER in clear */
	u8 talks;	/* what STARTTLS would have hidden */
	u8 line;	/* the next byte begins a line */
} IMTC_WALK;
IMTC_WALK_FITS(struct irc_look);

/*
 * A client's line before TLS (IRCv3 tls): capabilities, STARTTLS itself and what keeps
 * the connection say nothing. NICK and USER may stand in front of STARTTLS, once.
 */
IMTC_GLOBAL int imtc_irc_clear(struct imtc_view *v, u32 i)
{
	struct irc_look *l;
	int word;
	u8 c;

	if (!v)
		return 0;
	l = imtc_walk(v);
	c = imtc_byte(v, i);
	if (c == '\r' || c == '\n')
		return 0;
	word = IMTC_TRY(imtc_match_nocase, v, i, "cap ", 0, IMTC_NO);
	word = IMTC_TRY(imtc_match_nocase, v, i, "starttls", 0, word);
	word = IMTC_TRY(imtc_match_nocase, v, i, "ping", 0, word);
	word = IMTC_TRY(imtc_match_nocase, v, i, "pong", 0, word);
	word = IMTC_TRY(imtc_match_nocase, v, i, "quit", 0, word);
	word = IMTC_TRY(imtc_match_nocase, v, i, "nick ", 1, word);
	word = IMTC_TRY(imtc_match_nocase, v, i, "user ", 1, word);
	if (imtc_word_answer(word) == IMTC_NO)
		l->talks = 1;
	else if (imtc_word_answer(word) == IMTC_MATCH && imtc_word_meaning(word))
		l->registers = 1;
	return 0;
}

static __always_inline void irc_look_line(const struct imtc_view *v, struct irc_look *l, u32 i)
{
	if (imtc_has_nocase(v, i, "pass ") || imtc_has_nocase(v, i, "oper ") ||
	    imtc_has_nocase(v, i, "ns identify ") || imtc_has_nocase(v, i, "nickserv identify ") ||
	    imtc_has_nocase(v, i, "authenticate plain"))
		l->password = 1;
	else if (imtc_has_nocase(v, i, "starttls"))
		l->starttls = 1;
}

/* At a CTCP mark or the colon of a text. */
static __always_inline void irc_look_text(const struct imtc_view *v, struct irc_look *l, u32 i)
{
	if (imtc_has_nocase(v, i, "\001dcc ")) {
		if (l->offers >= IRC_OFFERS) {
			l->more = 1;
		} else {
			l->offer[l->offers & (IRC_OFFERS - 1)] = i + 5;
			l->offers++;
		}
	} else if (v->direction != IMTC_DIR_CLIENT) {
		return;
	} else if (imtc_has(v, i, "\001VERSION ")) {
		l->version = i + 9;
	} else if (imtc_has_nocase(v, i, ":identify ")) {
		l->password = 1;
	}
}

static long irc_look_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct irc_look *l = imtc_walk(v);
	u8 byte = imtc_byte(v, i);

	if (l->line) {
		irc_look_line(v, l, i);
		if (v->direction == IMTC_DIR_CLIENT)
			imtc_irc_clear(v, i);
	}
	if (byte == 1 || byte == ':')
		irc_look_text(v, l, i);
	l->line = byte == '\n';
	if (l->line)
		l->whole = i + 1;
	return 0;
}

/* --- DCC -------------------------------------------------------------------------- */

/* Words with blanks between them; a file's name in quotes is one word. */
static long irc_offer_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct irc_look *l = imtc_walk(v);
	u8 byte = imtc_byte(v, l->at + i);

	if (byte < ' ')
		return 1;
	if (l->blank && byte != ' ' && !l->quoted) {
		if (l->words >= 4)
			return 1;
		l->word[l->words & 3] = l->at + i;
		l->words++;
	}
	if (byte == '"')
		l->quoted ^= 1;
	l->blank = byte == ' ' && !l->quoted;
	return 0;
}

/* The type of an offer and the feature it is for; what needs no connection is none. */
static __always_inline u8 irc_offer_feature(const struct imtc_view *v, u32 i)
{
	if (imtc_has_nocase(v, i, "send ") || imtc_has_nocase(v, i, "ssend ") ||
	    imtc_has_nocase(v, i, "tsend ") || imtc_has_nocase(v, i, "xmit ") ||
	    imtc_has_nocase(v, i, "resume ") || imtc_has_nocase(v, i, "accept "))
		return IMTC_FEATURE_FILE;
	if (imtc_has_nocase(v, i, "chat ") || imtc_has_nocase(v, i, "schat "))
		return IMTC_FEATURE_CHAT;
	if (imtc_has_nocase(v, i, "wboard "))
		return IMTC_FEATURE_WHITEBOARD;
	return IMTC_FEATURE_NONE;
}

/* Reads the offer at `from` and announces its end. Returns its feature. */
IMTC_GLOBAL int imtc_irc_offer(struct imtc_view *v, u32 from)
{
	struct irc_look *l;
	u32 address = 0, port, len;
	u8 feature;

	if (!v)
		return IMTC_FEATURE_NONE;
	l = imtc_walk(v);
	l->at = from;
	l->words = 0;
	l->blank = 1;
	l->quoted = 0;
	imtc_loop(v, IRC_OFFER_BYTES, irc_offer_byte);
	feature = irc_offer_feature(v, from);
	if (feature == IMTC_FEATURE_NONE || l->words < 4)
		return feature;
	port = imtc_port_read(v, l->word[3]);
	len = (u32)imtc_decimal_read(v, l->word[2]);
	if (len)
		address = imtc_decimal_value(v);
	if (len && imtc_byte(v, l->word[2] + len) == ' ')
		imtc_expect4(v, address, port, IMTC_L4_TCP, feature);
	else if (imtc_address_read(v, l->word[2]))
		imtc_expect_read(v, port, IMTC_L4_TCP, feature);
	return feature;
}

/* "\001DCC " in front of an offer: with dashes in its place it is text like any other. */
#define IRC_MARK_BYTES 5

static __always_inline void irc_offered(struct imtc_view *v, u32 from)
{
	u8 feature = (u8)imtc_irc_offer(v, from);

	v->label.feature = imtc_feature_grow(v->label.feature, feature);
	if (feature != IMTC_FEATURE_NONE && feature != IMTC_FEATURE_CHAT)
		imtc_scrub_add(v, from - IRC_MARK_BYTES, IRC_MARK_BYTES,
			       IMTC_SCRUB_WITH('-', feature));
}

/* --- the face --------------------------------------------------------------------- */

IMTC_GLOBAL int imtc_irc_look(struct imtc_view *v)
{
	struct irc_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
	*l = (struct irc_look){ .line = 1 };
	imtc_loop(v, v->len, irc_look_byte);
	if (v->complete)
		l->whole = v->len;
	v->skip = l->whole;
	v->label.feature = imtc_feature_grow(v->label.feature, l->feature);
	if (l->password)
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	if (l->talks || (l->registers && v->label.encryption == IMTC_ENCRYPTION_PENDING))
		v->label.encryption = IMTC_ENCRYPTION_CLEAR;
	else if (l->starttls && v->direction == IMTC_DIR_CLIENT)
		v->label.encryption = IMTC_ENCRYPTION_PENDING;
	if (l->version && l->version < l->whole)
		imtc_client_take(v, l->version, IMTC_CLIENT_BYTES);
	/* A port that is cut would be another port. */
	return (l->offer[0] && l->offer[0] < l->whole) + (l->offer[1] && l->offer[1] < l->whole);
}

/* New payload, whose first byte is taken as that of a line. */
IMTC_GLOBAL int imtc_watch_irc(struct imtc_view *v)
{
	struct imtc_label before;
	struct irc_look *l;
	u32 offers, second;
	int answer;

	if (!v)
		return IMTC_NO;
	before = v->label;
	if (v->label.encryption == IMTC_ENCRYPTION_PENDING) {
		answer = imtc_watch_tls(v);
		if (answer != IMTC_NO)
			return answer;
	}
	offers = (u32)imtc_irc_look(v);
	l = imtc_walk(v);
	second = l->offer[1];
	if (l->more)
		v->scrub_lost = (u16)~0U;
	if (offers > 0)
		irc_offered(v, l->offer[0]);
	if (offers > 1)
		irc_offered(v, second);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_IRC_WATCH_H */
