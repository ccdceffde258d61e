/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The server's certificate (TLS 1.2 and before, RFC 5246 7.4.2): the name it is
 * for, where the client named nobody. The subject's common name where that is a
 * host's, else the first host of subjectAltName (RFC 5280 4.1, 4.2.1.6). TLS 1.3
 * encrypts certificates. Answers NAMED; "*.example.com" is answered as
 * example.com.
 */
#ifndef IMTC_DISSECT_CERTIFICATE_H
#define IMTC_DISSECT_CERTIFICATE_H

#include "scan.h"

/* A turn takes a record's, a message's or an element's head; certificates have fewer. */
#define CERTIFICATE_TURNS 96
#define CERTIFICATE_TRIES 4	/* names that are none of a host, until one is */
#define CERTIFICATE_RECORD 0x16
#define CERTIFICATE_HELLO 2
#define CERTIFICATE_MESSAGE 11
#define DER_SEQUENCE 0x30
#define DER_SET 0x31
#define DER_INTEGER 0x02
#define DER_DNS_NAME 0x82	/* [2], in GeneralName */
#define DER_VERSION 0xa0	/* [0], of the certificate */
#define DER_EXTENSIONS 0xa3	/* [3] */

enum certificate_step {
	CERTIFICATE_IN_RECORD,
	CERTIFICATE_IN_MESSAGE,
	CERTIFICATE_WHOLE,	/* the elements of a certificate, in their order */
	CERTIFICATE_TBS,
	CERTIFICATE_SERIAL,	/* or the version, before it */
	CERTIFICATE_ALGORITHM,
	CERTIFICATE_ISSUER,
	CERTIFICATE_VALIDITY,
	CERTIFICATE_SUBJECT,
	CERTIFICATE_SUBJECT_PART, /* or the key, behind it */
	CERTIFICATE_OPTIONAL,
	CERTIFICATE_LIST,
	CERTIFICATE_EXTENSION,
	CERTIFICATE_NAME,
};

struct certificate_walk {
	u32 pos;
	u32 record_end;
	u32 limit;	/* the certificate is looked at up to here */
	u32 part_end;	/* of the subject, of subjectAltName */
	u32 tag;	/* of the element at pos */
	u32 body;	/* where its content begins */
	u32 end;	/* and ends */
	u32 name;	/* what may be a name: where it begins */
	u32 name_len;
	u8 step;
	u8 dotted;	/* the view's domain has a dot */
	u8 answer;	/* NAMED: at a name */
} IMTC_WALK;
IMTC_WALK_FITS(struct certificate_walk);

static __always_inline long certificate_end(struct certificate_walk *w, u8 answer)
{
	w->answer = answer;
	return 1;
}

static __always_inline long certificate_record(struct imtc_view *v, struct certificate_walk *w)
{
	u32 len = imtc_be16(v, w->pos + 3);

	if (w->pos + 5 > v->len)
		return certificate_end(w, IMTC_MORE);
	if (imtc_byte(v, w->pos) != CERTIFICATE_RECORD || imtc_byte(v, w->pos + 1) != 3 || !len)
		return certificate_end(w, IMTC_NO);
	w->pos += 5;
	w->record_end = w->pos + len;
	w->step = CERTIFICATE_IN_MESSAGE;
	return 0;
}

/* Messages before the certificate are passed over; none may go on in another record. */
static __always_inline long certificate_message(struct imtc_view *v, struct certificate_walk *w)
{
	u32 len = imtc_be24(v, w->pos + 1), one = imtc_be24(v, w->pos + 7);
	u8 type = imtc_byte(v, w->pos);

	if (w->pos + 4 > v->len)
		return certificate_end(w, IMTC_MORE);
	if (type == CERTIFICATE_HELLO) {
		w->pos += 4 + len;
		if (len > IMTC_VIEW_BYTES || w->pos > w->record_end)
			return certificate_end(w, IMTC_NO);
		if (w->pos == w->record_end)
			w->step = CERTIFICATE_IN_RECORD;
		return 0;
	}
	if (type != CERTIFICATE_MESSAGE || len < 6)
		return certificate_end(w, IMTC_NO);
	if (w->pos + 10 > v->len)
		return certificate_end(w, IMTC_MORE);
	if (one > len - 6)
		return certificate_end(w, IMTC_NO);
	w->pos += 10;
	w->limit = w->pos + one < w->record_end ? w->pos + one : w->record_end;
	w->step = CERTIFICATE_WHOLE;
	return 0;
}

/* Tag and length of the element at w->pos (X.690 8.1); true where it is there and fits. */
static __always_inline int certificate_head(struct imtc_view *v, struct certificate_walk *w)
{
	u32 len = imtc_byte(v, w->pos + 1), head = 2;

	if (len == 0x81) {
		len = imtc_byte(v, w->pos + 2);
		head = 3;
	} else if (len == 0x82) {
		len = imtc_be16(v, w->pos + 2);
		head = 4;
	} else if (len > 0x7f) {
		w->answer = IMTC_NO;
		return 0;
	}
	w->tag = imtc_byte(v, w->pos);
	w->body = w->pos + head;
	w->end = w->body + len;
	if (w->pos + 4 <= v->len && w->pos + 4 <= w->limit)
		return 1;
	w->answer = w->pos + 4 > w->limit ? IMTC_NO : IMTC_MORE;
	return 0;
}

/* Stops the walk at what may be a name: it is read outside of the loop. */
static __always_inline long certificate_offer(const struct imtc_view *v,
					      struct certificate_walk *w, u32 i, u32 len)
{
	if (i + len > v->len)
		return certificate_end(w, i + len > w->limit ? IMTC_NO : IMTC_MORE);
	w->name = i;
	w->name_len = len;
	return certificate_end(w, IMTC_NAMED);
}

/* A set with a common name (2.5.4.3) in it. */
static __always_inline long certificate_subject(const struct imtc_view *v,
						struct certificate_walk *w)
{
	u32 at = w->body;

	if (at + 9 > v->len)
		return certificate_end(w, at + 9 > w->limit ? IMTC_NO : IMTC_MORE);
	w->pos = w->end;
	if (!imtc_has(v, at + 2, "\x06\x03\x55\x04\x03") || imtc_byte(v, at + 8) > 0x7f)
		return 0;
	return certificate_offer(v, w, at + 9, imtc_byte(v, at + 8));
}

/* subjectAltName (2.5.29.17), critical or not: an octet string with a sequence in it. */
static __always_inline long certificate_extension(struct imtc_view *v, struct certificate_walk *w)
{
	u32 at = w->body + 5;

	w->pos = w->end;
	if (w->body + 16 > v->len)
		return w->body + 16 > w->limit ? 0 : certificate_end(w, IMTC_MORE);
	if (!imtc_has(v, w->body, "\x06\x03\x55\x1d\x11"))
		return 0;
	if (imtc_has(v, at, "\x01\x01"))
		at += 3;
	/* Two heads, of two to four bytes each: 04 len 30 len. */
	at += imtc_byte(v, at + 1) < 0x80 ? 2 : imtc_byte(v, at + 1) == 0x81 ? 3 : 4;
	at += imtc_byte(v, at + 1) < 0x80 ? 2 : imtc_byte(v, at + 1) == 0x81 ? 3 : 4;
	w->part_end = w->end;
	w->pos = at;
	w->step = CERTIFICATE_NAME;
	return 0;
}

static __always_inline long certificate_name(struct imtc_view *v, struct certificate_walk *w)
{
	if (w->pos >= w->part_end)
		return certificate_end(w, IMTC_NO);
	w->pos = w->end;
	if (w->tag != DER_DNS_NAME)
		return 0;
	return certificate_offer(v, w, w->body, w->end - w->body);
}

/* Goes into an element, or over it, and on to the next step. */
static __always_inline long certificate_next(struct certificate_walk *w, u32 tag, int into)
{
	if (w->tag != tag)
		return certificate_end(w, IMTC_NO);
	w->pos = into ? w->body : w->end;
	w->step++;
	return 0;
}

static __always_inline long certificate_element(struct imtc_view *v, struct certificate_walk *w)
{
	switch (w->step) {
	case CERTIFICATE_WHOLE:
	case CERTIFICATE_TBS:
	case CERTIFICATE_LIST:
		return certificate_next(w, DER_SEQUENCE, 1);
	case CERTIFICATE_SERIAL:
		if (w->tag != DER_VERSION)
			return certificate_next(w, DER_INTEGER, 0);
		w->pos = w->end;
		return 0;
	case CERTIFICATE_SUBJECT:
		w->part_end = w->end;
		return certificate_next(w, DER_SEQUENCE, 1);
	case CERTIFICATE_SUBJECT_PART:
		if (w->pos < w->part_end && w->tag == DER_SET)
			return certificate_subject(v, w);
		return certificate_next(w, DER_SEQUENCE, 0);
	case CERTIFICATE_OPTIONAL:
		if (w->tag == DER_EXTENSIONS)
			return certificate_next(w, DER_EXTENSIONS, 1);
		w->pos = w->end;
		return 0;
	case CERTIFICATE_EXTENSION:
		return w->tag == DER_SEQUENCE ? certificate_extension(v, w) :
						certificate_end(w, IMTC_NO);
	case CERTIFICATE_NAME:
		return certificate_name(v, w);
	}
	return certificate_next(w, DER_SEQUENCE, 0);
}

static long certificate_turn(u32 turn, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct certificate_walk *w = imtc_walk(v);

	(void)turn;
	if (w->step == CERTIFICATE_IN_RECORD)
		return certificate_record(v, w);
	if (w->step == CERTIFICATE_IN_MESSAGE)
		return certificate_message(v, w);
	return certificate_head(v, w) ? certificate_element(v, w) : 1;
}

static long certificate_dot(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct certificate_walk *w = imtc_walk(v);

	w->dotted |= v->domain[i & IMTC_DOMAIN_MASK] == '.';
	return 0;
}

/* Takes what was offered, without "*."; a host's name has a dot in it. */
static __always_inline int certificate_take(struct imtc_view *v, struct certificate_walk *w)
{
	u32 skip = imtc_has(v, w->name, "*.") ? 2 : 0;

	if (w->name_len <= skip || !imtc_domain_take(v, w->name + skip, w->name_len - skip))
		return 0;
	w->dotted = 0;
	imtc_loop(v, v->domain_len, certificate_dot);
	return w->dotted;
}

IMTC_DISSECTOR(certificate)(struct imtc_view *v)
{
	struct certificate_walk *w;

	if (!v)
		return IMTC_NO;
	if ((v->len > 1 && imtc_byte(v, 1) != 3) ||
	    (v->len > 5 && imtc_byte(v, 5) != CERTIFICATE_HELLO))
		return IMTC_NO;
	w = imtc_walk(v);
	*w = (struct certificate_walk){ .answer = IMTC_NO };
	for (u32 tries = 0; tries < CERTIFICATE_TRIES; tries++) {
		imtc_loop(v, CERTIFICATE_TURNS, certificate_turn);
		if (w->answer != IMTC_NAMED)
			break;
		if (certificate_take(v, w)) {
			v->label.encryption = IMTC_ENCRYPTION_ENCRYPTED;
			v->label.confidence = IMTC_CONFIDENCE_NAME;
			v->layer = IMTC_LAYER_TLS;
			return IMTC_NAMED;
		}
		w->answer = IMTC_NO;
	}
	imtc_domain_clear(v);
	return w->answer;
}

#endif /* IMTC_DISSECT_CERTIFICATE_H */
