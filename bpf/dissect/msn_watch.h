/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSN once it is known: commands and the payload some of them carry. Messages,
 * invitations told apart by Application-GUID (old) or EUF-GUID (MSNSLP), the
 * addresses they name, the client's version (CVR), referrals to a switchboard.
 *
 * Sources: draft-movva-msn-messenger-protocol-00; hypothetic.org, "MSN Messenger
 * Protocol" (commands, invitations, file transfer); msnpiki (MSNSLP, MSNP11 on).
 */
#ifndef IMTC_DISSECT_MSN_WATCH_H
#define IMTC_DISSECT_MSN_WATCH_H

#include "client.h"
#include "expect.h"

/* Longest payload that a command may announce (ADL: 7500). */
#define MSN_PAYLOAD_BYTES 8192

struct msn_look {
	u32 start;	/* of the command */
	u32 end;	/* of its payload, 0: in a command's line */
	u32 whole;	/* behind the last command that is all there */
	u32 number;	/* the word as a number */
	u32 client;	/* CVR, 0: not seen; all of these are offset + 1 */
	u32 referral;	/* XFR or RNG */
	u32 address[2];	/* what the peer listens at: its own, as others see it */
	u32 port[2];
	u32 word;	/* where the wanted word begins */
	u8 wanted;	/* how many words are before it */
	u8 digits;	/* of the word; 255: it is no number */
	u8 feature;
	u8 line;	/* the next byte begins a line */
	u8 board;	/* the application calls itself a whiteboard */
} IMTC_WALK;
IMTC_WALK_FITS(struct msn_look);

/* Eight hexadecimal digits, without a branch: eight would be 256 ways to the verifier. */
static __always_inline u32 msn_hex32(const struct imtc_view *v, u32 i)
{
	u32 value = 0;

	if (i + 8 > v->len)
		return 0;
	IMTC_UNROLL
	for (u32 k = 0; k < 8; k++) {
		u32 c = v->data[(v->start + i + k) & IMTC_VIEW_MASK];

		value = value << 4 | ((c & 15) + 9 * (c >> 6 & 1));
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
	case 0xf1b1920c:	/* of NetMeeting: a whiteboard has it too */
	case 0x44bba842:
		return IMTC_FEATURE_SCREEN;
	case 0x56b994a7:
	case 0x703ea1a8:
		return IMTC_FEATURE_REMOTE;
	case 0x8dae4336:
	case 0x41fd0fa2:
	case 0x6a13af9c:	/* games and activities by MSNSLP */
		return IMTC_FEATURE_GAME;
	}
	return IMTC_FEATURE_NONE;
}

static __always_inline void msn_feature(struct msn_look *l, u8 feature)
{
	if (feature == IMTC_FEATURE_SCREEN && l->board)
		feature = IMTC_FEATURE_WHITEBOARD;
	l->feature = imtc_feature_grow(l->feature, feature);
}

/* Fields of what a peer answers to an invitation, old (MSNFTP) and new (MSNSLP). */
static __always_inline void msn_look_address(const struct imtc_view *v, struct msn_look *l, u32 i)
{
	if (imtc_has(v, i, "IP-Address: "))
		l->address[1] = i + 12 + 1;
	else if (imtc_has(v, i, "IP-Address-Internal: "))
		l->address[0] = i + 21 + 1;
	else if (imtc_has(v, i, "IPv4Internal-Addrs: "))
		l->address[0] = i + 20 + 1;
	else if (imtc_has(v, i, "IPv4External-Addrs: "))
		l->address[1] = i + 20 + 1;
	else if (imtc_has(v, i, "IPv4Internal-Port: "))
		l->port[0] = i + 19 + 1;
	else if (imtc_has(v, i, "IPv4External-Port: "))
		l->port[1] = i + 19 + 1;
}

/* At the first byte of a line. */
static __always_inline void msn_look_line(const struct imtc_view *v, struct msn_look *l, u32 i)
{
	switch (imtc_byte(v, i)) {
	case 'A':
		if (imtc_has(v, i, "Application-GUID: {"))
			msn_feature(l, msn_guid(msn_hex32(v, i + 19)));
		else if (imtc_has(v, i, "Application-Name: "))
			l->board = imtc_has_nocase(v, i + 18, "whiteboard");
		break;
	case 'C':
		if (imtc_has(v, i, "Content-Type: text/plain"))
			msn_feature(l, IMTC_FEATURE_CHAT);
		else if (imtc_has(v, i, "CVR ") && v->direction == IMTC_DIR_CLIENT)
			l->client = i + 1;
		break;
	case 'E':
		if (imtc_has(v, i, "EUF-GUID: {"))
			msn_feature(l, msn_guid(msn_hex32(v, i + 11)));
		break;
	case 'I':
		msn_look_address(v, l, i);
		break;
	case 'P':
		if (imtc_has(v, i, "Port: "))
			l->port[0] = l->port[1] = i + 6 + 1;
		break;
	case 'R':
		if (imtc_has(v, i, "RNG "))
			l->referral = i + 1;
		break;
	case 'X':
		if (imtc_has(v, i, "XFR "))
			l->referral = i + 1;
		break;
	}
}

/* Commands whose last word is the length of what follows them. */
static __always_inline int msn_has_payload(u32 verb)
{
#define MSN_VERB(a, b, c) ((u32)(a) << 16 | (b) << 8 | (c))
	switch (verb) {
	case MSN_VERB('M', 'S', 'G'):
	case MSN_VERB('U', 'U', 'X'):
	case MSN_VERB('U', 'B', 'X'):
	case MSN_VERB('U', 'U', 'N'):
	case MSN_VERB('U', 'B', 'N'):
	case MSN_VERB('U', 'U', 'M'):
	case MSN_VERB('U', 'B', 'M'):
	case MSN_VERB('A', 'D', 'L'):
	case MSN_VERB('R', 'M', 'L'):
	case MSN_VERB('F', 'Q', 'Y'):
	case MSN_VERB('Q', 'R', 'Y'):
	case MSN_VERB('N', 'O', 'T'):
	case MSN_VERB('G', 'C', 'F'):
	case MSN_VERB('S', 'D', 'G'):
	case MSN_VERB('N', 'F', 'Y'):
	case MSN_VERB('P', 'U', 'T'):
		return 1;
	}
#undef MSN_VERB
	return 0;
}

/* The end of a line: of a command, or one within a payload. */
static __always_inline void msn_look_end(const struct imtc_view *v, struct msn_look *l, u32 next)
{
	l->line = 1;
	if (l->end)
		return;
	if (l->digits && l->digits <= 4 && l->number <= MSN_PAYLOAD_BYTES && l->number &&
	    msn_has_payload(imtc_be24(v, l->start))) {
		l->end = next + l->number;
		return;
	}
	l->start = next;
	l->whole = next;
}

static __always_inline void msn_look_number(struct msn_look *l, u8 byte)
{
	if (byte == ' ') {
		l->number = 0;
		l->digits = 0;
	} else if (imtc_is_digit(byte) && l->digits < 5) {
		l->number = l->number * 10 + (byte - '0');
		l->digits++;
	} else if (byte != '\r' && byte != '\n') {
		l->digits = 255;
	}
}

static long msn_look_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msn_look *l = imtc_walk(v);
	u8 byte = imtc_byte(v, i);

	if (l->end && i >= l->end) {
		l->end = 0;
		l->line = 1;
		l->start = i;
		l->whole = i;
	}
	if (l->line) {
		msn_look_line(v, l, i);
		l->digits = 255;
	}
	msn_look_number(l, byte);
	l->line = 0;
	if (byte == '\n')
		msn_look_end(v, l, i + 1);
	return 0;
}

/* --- what was found --------------------------------------------------------------- */

/* Where the word behind that many blanks begins. */
static long msn_word_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct msn_look *l = imtc_walk(v);
	u8 byte = imtc_byte(v, l->word);

	(void)i;
	if (!l->wanted || byte == '\r' || byte == '\n')
		return 1;
	l->word++;
	if (byte == ' ')
		l->wanted--;
	return 0;
}

IMTC_GLOBAL int imtc_msn_word(struct imtc_view *v, u32 from, u32 words)
{
	struct msn_look *l;

	if (!v)
		return 0;
	l = imtc_walk(v);
	l->word = from;
	l->wanted = (u8)words;
	imtc_loop(v, 256, msn_word_byte);
	return l->wanted ? 0 : (int)l->word;
}

/* "CVR 2 0x0409 winnt 6.0.0 i386 MSNMSGR 8.5.1302 BC01 alice@example.com" */
IMTC_GLOBAL int imtc_msn_client(struct imtc_view *v, u32 from)
{
	u32 name, end;

	if (!v)
		return 0;
	name = (u32)imtc_msn_word(v, from, 6);
	if (!name)
		return 0;
	end = (u32)imtc_msn_word(v, name, 2);
	return imtc_client_take(v, name, end ? end - 1 - name : IMTC_CLIENT_BYTES);
}

/* "XFR 15 SB 192.0.2.5:1863 CKI ...", "RNG 11752013 192.0.2.5:1863 CKI ..." */
IMTC_GLOBAL int imtc_msn_referral(struct imtc_view *v, u32 from)
{
	u8 feature = IMTC_FEATURE_CHAT;
	u32 at, len, port;

	if (!v)
		return 0;
	at = (u32)imtc_msn_word(v, from, 2);
	if (at && imtc_byte(v, from) == 'X') {
		if (imtc_byte(v, at) == 'N')
			feature = IMTC_FEATURE_PRESENCE;
		at += 3;
	}
	len = at ? (u32)imtc_address_read(v, at) : 0;
	if (!len || imtc_byte(v, at + len) != ':')
		return 0;
	port = imtc_port_read(v, at + len + 1);
	/* Again: the port was read to the same words. */
	imtc_address_read(v, at);
	return imtc_expect_read(v, port, IMTC_L4_TCP, feature);
}

/* Calls go over either transport, files and pictures over TCP. */
IMTC_GLOBAL int imtc_msn_peer(struct imtc_view *v, u32 address, u32 port)
{
	u32 l4 = IMTC_L4_TCP;
	u8 feature;

	if (!v || !address || !port)
		return 0;
	feature = v->label.feature;
	if (feature == IMTC_FEATURE_VOICE || feature == IMTC_FEATURE_VIDEO)
		l4 = 0;
	else if (feature == IMTC_FEATURE_CHAT || feature == IMTC_FEATURE_PRESENCE)
		feature = IMTC_FEATURE_FILE;
	port = imtc_port_read(v, port - 1);
	return imtc_address_read(v, address - 1) ? imtc_expect_read(v, port, l4, feature) : 0;
}

/*
 * Looks over what is there and grows the label. A command that is cut is asked
 * for again, with all of its payload.
 */
IMTC_GLOBAL int imtc_msn_look(struct imtc_view *v)
{
	struct msn_look *l;

	if (!v)
		return IMTC_NO;
	l = imtc_walk(v);
	*l = (struct msn_look){ .feature = v->label.feature, .line = 1 };
	imtc_loop(v, v->len, msn_look_byte);
	if (l->end == v->len || v->complete)
		l->whole = v->len;
	v->skip = l->whole;
	v->label.feature = l->feature;
	return IMTC_MORE;
}

/* An offset + 1 that lies before the end of what is whole: a port that is cut is another one. */
static __always_inline u32 msn_known(const struct imtc_view *v, u32 at)
{
	return at <= v->skip ? at : 0;
}

/*
 * Behind imtc_msn_look(): what its findings say. Inline: a call more would be one
 * too many on the way from the hook to the reading of an address.
 */
static __always_inline void msn_said(struct imtc_view *v)
{
	struct msn_look *l = imtc_walk(v);

	if (msn_known(v, l->client))
		imtc_msn_client(v, l->client - 1);
	if (msn_known(v, l->referral))
		imtc_msn_referral(v, l->referral - 1);
	imtc_msn_peer(v, msn_known(v, l->address[0]), msn_known(v, l->port[0]));
	imtc_msn_peer(v, msn_known(v, l->address[1]), msn_known(v, l->port[1]));
}

/* New payload, whose first byte is taken as that of a command. */
IMTC_GLOBAL int imtc_watch_msn(struct imtc_view *v)
{
	struct imtc_label before;

	if (!v)
		return IMTC_NO;
	before = v->label;
	imtc_msn_look(v);
	msn_said(v);
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_MSN_WATCH_H */
