/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSN Messenger (MSNP2 to MSNP21): the first command of a notification or
 * switchboard session, either side's; MSNFTP's file sessions; direct
 * connections of MSNSLP.
 *
 * Watched: messages, and invitations told apart by Application-GUID (old) or
 * EUF-GUID (MSNSLP).
 */
#ifndef IMTC_DISSECT_MSN_H
#define IMTC_DISSECT_MSN_H

#include "scan.h"

/* Where the number at i ends; i itself where there is none. */
static __always_inline u32 msn_number(const struct imtc_view *v, u32 i)
{
	IMTC_UNROLL
	for (u32 k = 0; k < 10; k++)
		if (imtc_is_digit(imtc_byte(v, i)))
			i++;
	return i;
}

struct msn_mail {
	u32 from;
	u8 answer;
} IMTC_WALK;

static long msn_mail_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msn_mail *m = imtc_walk(v);
	u8 byte = imtc_byte(v, m->from + i);

	if (m->from + i >= v->len)
		return 1;
	if (byte == '@' && i)
		m->answer = IMTC_MATCH;
	else if (byte <= ' ' || byte == ':')
		m->answer = IMTC_NO;
	return m->answer != IMTC_MORE;
}

/* Does an address begin at i? */
static __always_inline int msn_is_mail(struct imtc_view *v, u32 i)
{
	struct msn_mail *m = imtc_walk(v);

	m->from = i;
	m->answer = IMTC_MORE;
	imtc_loop(v, 96, msn_mail_byte);
	return m->answer;
}

/*
 * The command at 0 with what must follow its number at i, as an IMTC_WORD of
 * what the session is for.
 */
IMTC_GLOBAL int imtc_msn_command(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define MSN_WORD(literal, use) (best = IMTC_TRY(imtc_match, v, i, literal, use, best))
	switch (imtc_byte(v, 0)) {
	case 'V':
		MSN_WORD("MSNP", IMTC_FEATURE_PRESENCE);
		break;
	case 'C':	/* locale, system, client: "0x0409 winnt 6.0 i386 MSNMSGR ..." */
		MSN_WORD("0x", IMTC_FEATURE_PRESENCE);
		break;
	case 'X':
		MSN_WORD("SB ", IMTC_FEATURE_PRESENCE);
		MSN_WORD("NS ", IMTC_FEATURE_PRESENCE);
		break;
	case 'U':
		MSN_WORD("OK ", IMTC_FEATURE_PRESENCE);
		MSN_WORD("TWN ", IMTC_FEATURE_PRESENCE);
		MSN_WORD("SSO ", IMTC_FEATURE_PRESENCE);
		MSN_WORD("MD5 ", IMTC_FEATURE_PRESENCE);
		break;
	case 'A':
		MSN_WORD("OK\r\n", IMTC_FEATURE_CHAT);
		break;
	}
#undef MSN_WORD
	/* To a switchboard one goes with an address. */
	if (best == IMTC_NO && (imtc_byte(v, 0) == 'U' || imtc_byte(v, 0) == 'A'))
		return IMTC_WORD(msn_is_mail(v, i), 0, IMTC_FEATURE_CHAT);
	return best;
}

/* The first line: a verb, a number, a word. An IMTC_WORD. */
static __always_inline int msn_line(struct imtc_view *v)
{
	u32 end = msn_number(v, 4);

	if (end >= v->len)
		return IMTC_MORE;
	if (end == 4 || imtc_byte(v, end) != ' ')
		return IMTC_NO;
	return end + 1 >= v->len ? IMTC_MORE : imtc_msn_command(v, end + 1);
}

static __always_inline int msn_verb(const struct imtc_view *v)
{
	switch (imtc_byte(v, 0)) {
	case 'V':
		return imtc_match(v, 0, "VER ");
	case 'C':
		return imtc_match(v, 0, "CVR ");
	case 'X':
		return imtc_match(v, 0, "XFR ");
	case 'U':
		return imtc_match(v, 0, "USR ");
	case 'A':
		return imtc_match(v, 0, "ANS ");
	}
	return IMTC_NO;
}

/* A peer's direct connection: length 4, "foo", then the length of a handshake. */
static __always_inline int msn_direct(const struct imtc_view *v)
{
	int answer = imtc_match(v, 0, "\4\0\0\0foo\0");

	if (answer == IMTC_MATCH && v->len > 8)
		return imtc_match(v, 8, "\x30\0\0\0");
	return answer;
}

/* --- invitations ---------------------------------------------------------------- */

struct msn_look {
	u8 feature;
	u8 message;	/* a command MSG was seen */
	u8 line;	/* the next byte begins a line */
} IMTC_WALK;

static __always_inline u32 msn_hex32(const struct imtc_view *v, u32 i)
{
	u32 value = 0;

	IMTC_UNROLL
	for (u32 k = 0; k < 8; k++) {
		u8 c = imtc_byte(v, i + k);

		value = value << 4 | (imtc_is_digit(c) ? c - '0' : ((c | 0x20) - 'a' + 10) & 15);
	}
	return value;
}

/* The first word of the GUID of an application or a MSNSLP session. */
static __always_inline u8 msn_guid(u32 word)
{
	switch (word) {
	case 0x5d3e02ab:
		return IMTC_FEATURE_FILE;
	case 0x02d3c01f:
		return IMTC_FEATURE_VOICE;
	case 0x2a23868e:
	case 0x4bd96fc0:
	case 0x1c9aa97e:
		return IMTC_FEATURE_VIDEO;
	case 0xa4268eec:
		return IMTC_FEATURE_IMAGE;
	case 0xf1b1920c:
	case 0x44bba842:
		return IMTC_FEATURE_SCREEN;
	case 0x56b994a7:
	case 0x703ea1a8:
		return IMTC_FEATURE_REMOTE;
	case 0x8dae4336:
		return IMTC_FEATURE_GAME;
	}
	return IMTC_FEATURE_NONE;
}

static __always_inline void msn_look_line(const struct imtc_view *v, struct msn_look *l, u32 i)
{
	u8 feature = IMTC_FEATURE_NONE;

	if (imtc_has(v, i, "Application-GUID: {"))
		feature = msn_guid(msn_hex32(v, i + sizeof("Application-GUID: {") - 1));
	else if (imtc_has(v, i, "EUF-GUID: {"))
		feature = msn_guid(msn_hex32(v, i + sizeof("EUF-GUID: {") - 1));
	else if (imtc_has(v, i, "Content-Type: text/plain"))
		feature = IMTC_FEATURE_CHAT;
	else if (imtc_has(v, i, "MSG "))
		l->message = 1;
	l->feature = imtc_feature_grow(l->feature, feature);
}

static long msn_look_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msn_look *l = imtc_walk(v);

	if (l->line)
		msn_look_line(v, l, i);
	l->line = imtc_byte(v, i) == '\n';
	return 0;
}

IMTC_GLOBAL int imtc_msn_look(struct imtc_view *v)
{
	struct msn_look *l;

	if (!v)
		return IMTC_NO;
	l = imtc_walk(v);
	*l = (struct msn_look){ .feature = v->label.feature, .line = 1 };
	imtc_loop(v, v->len, msn_look_byte);
	v->label.feature = l->feature;
	return IMTC_MORE;
}

struct msn_header {
	u32 next;	/* where the second line begins */
} IMTC_WALK;

static long msn_line_end(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msn_header *h = imtc_walk(v);

	h->next = i + 1;
	return imtc_byte(v, i) == '\n';
}

/* "MSG ..." of either side, then a MIME header. */
static __always_inline int msn_message(struct imtc_view *v)
{
	struct msn_header *h = imtc_walk(v);

	h->next = 0;
	imtc_loop(v, v->len < 512 ? v->len : 512, msn_line_end);
	if (imtc_match(v, 0, "MSG ") != IMTC_MATCH || imtc_byte(v, h->next - 1) != '\n')
		return h->next < 512 ? imtc_match(v, 0, "MSG ") == IMTC_NO ? IMTC_NO : IMTC_MORE :
				       IMTC_NO;
	return imtc_match(v, h->next, "MIME-Version: 1.0\r\n");
}

/* A connection older than imtc: commands with their usual arguments. */
static __always_inline int msn_middle(struct imtc_view *v)
{
	int answer;

	if (imtc_byte(v, 0) == 'M')
		return msn_message(v);
	if (imtc_byte(v, 0) == 'P')
		return imtc_match(v, 0, "PNG\r\n");
	answer = imtc_match(v, 0, "QNG ");
	if (answer != IMTC_MATCH || v->len == 4)
		return answer == IMTC_MATCH ? IMTC_MORE : answer;
	return imtc_is_digit(imtc_byte(v, 4)) ? IMTC_MATCH : IMTC_NO;
}

IMTC_DISSECTOR(msn)(struct imtc_view *v)
{
	u8 feature = IMTC_FEATURE_FILE;
	int answer;

	if (!v)
		return IMTC_NO;
	if (imtc_byte(v, 0) == 4) {
		answer = msn_direct(v);
	} else if (v->middle && msn_verb(v) == IMTC_NO) {
		feature = imtc_byte(v, 0) == 'M' ? IMTC_FEATURE_CHAT : IMTC_FEATURE_PRESENCE;
		answer = msn_middle(v);
	} else {
		answer = msn_verb(v);
		if (answer == IMTC_MATCH)
			answer = imtc_match(v, 4, "MSNFTP");
		if (answer == IMTC_NO && msn_verb(v) == IMTC_MATCH) {
			int word = msn_line(v);

			answer = imtc_word_answer(word);
			feature = (u8)imtc_word_meaning(word);
		}
	}
	if (answer != IMTC_MATCH)
		return answer;
	imtc_label_set(v, IMTC_SERVICE_MSN, feature, IMTC_ENCRYPTION_CLEAR,
		       feature == IMTC_FEATURE_FILE ? 0 : IMTC_LABEL_WATCH);
	if (feature != IMTC_FEATURE_FILE)
		imtc_msn_look(v);
	return IMTC_MATCH;
}

/* New payload, whose first byte is taken as that of a line. */
IMTC_GLOBAL int imtc_watch_msn(struct imtc_view *v)
{
	struct imtc_label before;

	if (!v)
		return IMTC_NO;
	before = v->label;
	imtc_msn_look(v);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_MSN_H */
