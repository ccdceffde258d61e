/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSN Messenger (MSNP2 to MSNP21): the first command of a notification or
 * switchboard session, either side's; MSNFTP's file sessions; direct
 * connections of MSNSLP.
 *
 * Watched: msn_watch.h.
 */
#ifndef IMTC_DISSECT_MSN_H
#define IMTC_DISSECT_MSN_H

#include "msn_watch.h"

/* Where the number at i ends; i itself where there is none. */
static __always_inline u32 msn_number(struct imtc_view *v, u32 i)
{
	return i + (u32)imtc_decimal_read(v, i);
}

struct msn_mail {
	u32 from;
	u8 at;		/* '@' was seen */
	u8 host;	/* and letters behind it */
	u8 answer;
} IMTC_WALK;

/* Behind '@': letters and a dot, as all hosts of these addresses have. */
static __always_inline u8 msn_mail_host(struct msn_mail *m, u8 byte)
{
	if (byte == '.' && m->host)
		return IMTC_MATCH;
	if (!imtc_is_letter(byte) && !imtc_is_digit(byte) && byte != '-')
		return IMTC_NO;
	m->host = 1;
	return IMTC_MORE;
}

static long msn_mail_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msn_mail *m = imtc_walk(v);
	u8 byte = imtc_byte(v, m->from + i);

	if (m->from + i >= v->len)
		return 1;
	if (m->at)
		m->answer = msn_mail_host(m, byte);
	else if (byte == '@' && i)
		m->at = 1;
	else if (byte <= ' ' || (byte == ':' && i > 2))	/* "1:alice@..." since MSNP18 */
		m->answer = IMTC_NO;
	return m->answer != IMTC_MORE;
}

/* Does an address begin at i? */
static __always_inline int msn_is_mail(struct imtc_view *v, u32 i)
{
	struct msn_mail *m = imtc_walk(v);

	*m = (struct msn_mail){ .from = i, .answer = IMTC_MORE };
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

/* Words of a command in the middle of a connection, as msn_shape has them. */
enum msn_shape {
	MSN_MAIL,		/* an address */
	MSN_STATUS_MAIL,	/* "NLN alice@..." */
	MSN_NUMBER_STATUS_MAIL,	/* "12 NLN alice@..." */
	MSN_NUMBER_STATUS,	/* "12 NLN 0" */
	MSN_NUMBERS_MAIL,	/* "4 1 2 bob@..." */
	MSN_NUMBER_ADDRESS,	/* "11752013 192.0.2.5:1863" */
	MSN_NUMBER,		/* "45\r\n" */
};

/* What a connection older than imtc may begin with: a verb, as an IMTC_WORD of its shape. */
IMTC_GLOBAL int imtc_msn_middle(struct imtc_view *v)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
#define MSN_WORD(literal, shape) (best = IMTC_TRY(imtc_match, v, 0, literal, shape, best))
	switch (imtc_byte(v, 0)) {
	case 'B':
		MSN_WORD("BYE ", MSN_MAIL);
		break;
	case 'C':
		MSN_WORD("CHG ", MSN_NUMBER_STATUS);
		break;
	case 'F':
		MSN_WORD("FLN ", MSN_MAIL);
		break;
	case 'I':
		MSN_WORD("ILN ", MSN_NUMBER_STATUS_MAIL);
		MSN_WORD("IRO ", MSN_NUMBERS_MAIL);
		break;
	case 'J':
		MSN_WORD("JOI ", MSN_MAIL);
		break;
	case 'N':
		MSN_WORD("NLN ", MSN_STATUS_MAIL);
		break;
	case 'Q':
		MSN_WORD("QNG ", MSN_NUMBER);
		break;
	case 'R':
		MSN_WORD("RNG ", MSN_NUMBER_ADDRESS);
		break;
	case 'U':
		MSN_WORD("UBX ", MSN_MAIL);
		break;
	}
#undef MSN_WORD
	return best;
}

/* The eight states of presence (draft-movva 7.7): three capitals and a blank. */
static __always_inline int msn_status(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

#define MSN_WORD(literal) (best = IMTC_TRY(imtc_match, v, i, literal, 0, best))
	MSN_WORD("NLN ");
	MSN_WORD("FLN ");
	MSN_WORD("BSY ");
	MSN_WORD("IDL ");
	MSN_WORD("BRB ");
	MSN_WORD("AWY ");
	MSN_WORD("PHN ");
	MSN_WORD("LUN ");
	MSN_WORD("HDN ");
#undef MSN_WORD
	return imtc_word_answer(best);
}

/* A number at i and the byte behind it: where what follows begins, 0: no, ~0: it is cut. */
static __always_inline u32 msn_behind_number(struct imtc_view *v, u32 i, u8 byte)
{
	u32 end = msn_number(v, i);

	if (end >= v->len)
		return ~0U;
	return end == i || imtc_byte(v, end) != byte ? 0 : end + 1;
}

static __always_inline int msn_shape(struct imtc_view *v, int shape)
{
	u32 at = 4;
	int answer;

	if (shape == MSN_NUMBER_STATUS_MAIL || shape == MSN_NUMBER_STATUS ||
	    shape == MSN_NUMBERS_MAIL || shape == MSN_NUMBER_ADDRESS || shape == MSN_NUMBER)
		at = msn_behind_number(v, at, shape == MSN_NUMBER ? '\r' : ' ');
	if (shape == MSN_NUMBERS_MAIL && at && at != ~0U)
		at = msn_behind_number(v, at, ' ');
	if (shape == MSN_NUMBERS_MAIL && at && at != ~0U)
		at = msn_behind_number(v, at, ' ');
	if (!at || at == ~0U)
		return at ? IMTC_MORE : IMTC_NO;
	if (shape == MSN_NUMBER)
		return IMTC_MATCH;
	if (shape == MSN_NUMBER_ADDRESS) {
		u32 end = at + (u32)imtc_address_read(v, at);

		if (end == at)
			return v->len > at + 15 ? IMTC_NO : IMTC_MORE;
		return imtc_match(v, end, ":");
	}
	if (shape != MSN_MAIL && shape != MSN_NUMBERS_MAIL) {
		answer = msn_status(v, at);
		if (answer != IMTC_MATCH || shape == MSN_NUMBER_STATUS)
			return answer;
		at += 4;
	}
	return msn_is_mail(v, at);
}

static __always_inline int msn_middle(struct imtc_view *v)
{
	int word;

	if (imtc_byte(v, 0) == 'M')
		return msn_message(v);
	if (imtc_byte(v, 0) == 'P')
		return imtc_match(v, 0, "PNG\r\n");
	word = imtc_msn_middle(v);
	if (imtc_word_answer(word) != IMTC_MATCH)
		return imtc_word_answer(word);
	return msn_shape(v, (int)imtc_word_meaning(word));
}

/* Those of a switchboard are about a talk, all others about who is there. */
static __always_inline u8 msn_middle_feature(const struct imtc_view *v)
{
	switch (imtc_byte(v, 0)) {
	case 'M':
	case 'J':
	case 'B':
		return IMTC_FEATURE_CHAT;
	case 'I':
		return imtc_byte(v, 1) == 'R' ? IMTC_FEATURE_CHAT : IMTC_FEATURE_PRESENCE;
	}
	return IMTC_FEATURE_PRESENCE;
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
		feature = msn_middle_feature(v);
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
	if (feature != IMTC_FEATURE_FILE) {
		imtc_msn_look(v);
		msn_said(v);
	}
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_MSN_H */
