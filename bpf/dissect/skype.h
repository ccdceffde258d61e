/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Skype between peers, up to 2014. All is encrypted; what shows (Biondi and
 * Desclaux, "Silver Needle in the Skype", 2006): a datagram begins with a number,
 * counted up over all peers of a client, and a kind, 02 for one that is encrypted.
 * One proves nothing; several of one port, in order, do.
 *
 * Over TCP a client that must pass for a browser begins with a TLS record of no
 * bytes, a handshake's, and is answered with one of data: TLS forbids the former
 * (RFC 5246 6.2.1).
 */
#ifndef IMTC_DISSECT_SKYPE_H
#define IMTC_DISSECT_SKYPE_H

#include "scan.h"

/* Probes of a peer; longer ones are only sent to who has answered. */
#define SKYPE_PROBE_MIN 18
#define SKYPE_PROBE_MAX 64

IMTC_DISSECTOR(skype_peer)(struct imtc_view *v)
{
	if (!v || v->len < SKYPE_PROBE_MIN || v->len > SKYPE_PROBE_MAX || imtc_byte(v, 2) != 0x02)
		return IMTC_NO;
	/* SNMP and LDAP: a sequence of that length, whose first is a number (X.690 8.1). */
	if (imtc_byte(v, 0) == 0x30 && v->len == 2U + imtc_byte(v, 1))
		return IMTC_NO;
	v->claim = (struct imtc_claim){
		.serial = imtc_be16(v, 0), .step = 64, .needed = 3,
		.service = IMTC_SERVICE_SKYPE, .encryption = IMTC_ENCRYPTION_ENCRYPTED };
	return IMTC_NO;
}

static __always_inline int skype_tcp(const struct imtc_view *v)
{
	if (v->middle)
		return IMTC_NO;
	if (v->direction == IMTC_DIR_CLIENT)
		return imtc_match(v, 0, "\x16\x03\x01\0\0");
	return imtc_match(v, 0, "\x17\x03\x01\0\0");
}

IMTC_DISSECTOR(skype)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	answer = skype_tcp(v);
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_SKYPE, IMTC_FEATURE_NONE,
			       IMTC_ENCRYPTION_ENCRYPTED, 0);
	return answer;
}

#endif /* IMTC_DISSECT_SKYPE_H */
