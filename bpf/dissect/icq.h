/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICQ before OSCAR, over UDP: versions 2, 3 and 5. Numbers are little-endian. The
 * client's packets of version 5 are scrambled with a key that lies in the packet:
 * a command that is known comes out of them, or they are none.
 *
 * Sources: M. Ihse, "The ICQ Protocol" (versions 2 and 3); H. Isaksson, "ICQ
 * Protocol version 5".
 */
#ifndef IMTC_DISSECT_ICQ_H
#define IMTC_DISSECT_ICQ_H

#include "scan.h"

#define ICQ_CLIENT5_BYTES 24
#define ICQ_SERVER5_BYTES 21
/* Behind the user's number of versions 2 and 3, in commands that hold no text; with room. */
#define ICQ_NUMBERS_BYTES 20

/* Numbers of users began at 1001 and never reached 2^31. */
static __always_inline int icq_is_user(u32 number)
{
	return number > 1000 && number < 0x80000000;
}

/* The feature of a client's command; PRESENCE where it is known, NONE where not. */
static __always_inline u8 icq_command(u32 command)
{
	switch (command) {
	case 0x010e:	/* message */
	case 0x0456:
		return IMTC_FEATURE_CHAT;
	case 0x000a:	/* acknowledged */
	case 0x03e8:	/* login */
	case 0x03fc:	/* new user */
	case 0x0406:	/* contacts */
	case 0x041a:	/* search */
	case 0x0424:
	case 0x042e:	/* keep-alive */
	case 0x0438:	/* text: disconnect */
	case 0x0442:	/* messages acknowledged */
	case 0x044c:	/* login, second part */
	case 0x0460:	/* information */
	case 0x046a:
	case 0x049c:	/* password changed */
	case 0x04ba:
	case 0x04d8:	/* state */
	case 0x051e:	/* keep-alive */
	case 0x0528:	/* login, second part */
	case 0x053c:	/* contact added */
	case 0x056e:	/* somebody at random */
	case 0x064a:	/* about users */
	case 0x06a4:	/* lists of who may see */
	case 0x06ae:
	case 0x06b8:
		return IMTC_FEATURE_PRESENCE;
	}
	return IMTC_FEATURE_NONE;
}

static __always_inline u8 icq_answer(u32 command)
{
	switch (command) {
	case 0x00dc:	/* message, of now and of before */
	case 0x0104:
		return IMTC_FEATURE_CHAT;
	case 0x000a:
	case 0x0028:	/* go away */
	case 0x0046:	/* new number */
	case 0x005a:	/* login */
	case 0x0064:	/* wrong password */
	case 0x006e:	/* on-line, off-line */
	case 0x0078:
	case 0x00e6:	/* no more messages */
	case 0x00f0:	/* not connected */
	case 0x01a4:	/* state */
	case 0x0212:	/* several in one */
	case 0x021c:	/* no more contacts */
	case 0x03de:	/* about users */
		return IMTC_FEATURE_PRESENCE;
	}
	return IMTC_FEATURE_NONE;
}

/*
 * The command of version 5: its two bytes are XORed with the sum of a key and the
 * 14th byte of a fixed table (5b). The key is made of the packet's length and of
 * the check code, whose bits are moved about.
 */
static __always_inline u32 icq_command5(const struct imtc_view *v)
{
	u32 code = imtc_le32(v, 20), key;

	key = (code & 0x0001f000) >> 12 | (code & 0x07c007c0) >> 1 | (code & 0x003e0001) << 10 |
	      (code & 0xf8000000) >> 16 | (code & 0x0000083e) << 15;
	key += v->len * 0x68656c6c + 0x5b;
	return (imtc_le16(v, 14) ^ key) & 0xffff;
}

/*
 * Versions 2 and 3 have no check code: of random datagrams one in 170 million looks
 * like a command. Those of a few numbers are short, which takes a third of them away.
 */
static __always_inline int icq_is_too_long(u32 command, u32 rest)
{
	switch (command) {
	case 0x042e:
	case 0x0442:
	case 0x044c:
	case 0x0460:
	case 0x04d8:
	case 0x051e:
	case 0x0528:
	case 0x053c:
	case 0x056e:
		return rest > ICQ_NUMBERS_BYTES;
	}
	return 0;
}

/* *ret_command is what the client asks for, 0 of the server. */
static __always_inline u8 icq_read(const struct imtc_view *v, u32 *ret_command)
{
	u32 version = imtc_le16(v, 0), at = version == 2 ? 6 : 8;

	*ret_command = 0;
	if (v->direction == IMTC_DIR_SERVER) {
		/* Earlier versions' answers have too little that others have not. */
		if (version != 5 || v->len < ICQ_SERVER5_BYTES || imtc_byte(v, 2) ||
		    !icq_is_user(imtc_le32(v, 13)))
			return IMTC_FEATURE_NONE;
		return icq_answer(imtc_le16(v, 7));
	}
	if (version == 5) {
		if (v->len < ICQ_CLIENT5_BYTES || imtc_le32(v, 2) || !icq_is_user(imtc_le32(v, 6)))
			return IMTC_FEATURE_NONE;
		*ret_command = icq_command5(v);
		return icq_command(*ret_command);
	}
	if (version != 2 && version != 3)
		return IMTC_FEATURE_NONE;
	if (v->len < at + 4 || !icq_is_user(imtc_le32(v, at)))
		return IMTC_FEATURE_NONE;
	*ret_command = imtc_le16(v, 2);
	/* An acknowledgement is a header and no more. */
	if (*ret_command == 0x000a && v->len != (version == 2 ? 10 : 16))
		return IMTC_FEATURE_NONE;
	if (icq_is_too_long(*ret_command, v->len - at - 4))
		return IMTC_FEATURE_NONE;
	return icq_command(*ret_command);
}

/* A login holds the password: as it is, or under a key that is beside it. */
static __always_inline int icq_has_password(u32 command)
{
	return command == 0x03e8 || command == 0x03fc || command == 0x049c;
}

IMTC_DISSECTOR(icq)(struct imtc_view *v)
{
	u32 command;
	u8 feature;

	if (!v)
		return IMTC_NO;
	feature = icq_read(v, &command);
	if (feature == IMTC_FEATURE_NONE)
		return IMTC_NO;
	imtc_label_set(v, IMTC_SERVICE_ICQ, feature, IMTC_ENCRYPTION_CLEAR, IMTC_LABEL_WATCH |
		       (icq_has_password(command) ? IMTC_LABEL_CREDENTIALS : 0));
	return IMTC_MATCH;
}

/* Later datagrams. */
IMTC_GLOBAL int imtc_watch_icq(struct imtc_view *v)
{
	struct imtc_label before;
	u32 command;

	if (!v)
		return IMTC_NO;
	before = v->label;
	v->label.feature = imtc_feature_grow(v->label.feature, icq_read(v, &command));
	if (icq_has_password(command))
		v->label.flags |= IMTC_LABEL_CREDENTIALS;
	return imtc_label_changed(v, &before);
}

#endif /* IMTC_DISSECT_ICQ_H */
