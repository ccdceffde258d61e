/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DTLS ClientHello (RFC 6347 4.2, RFC 9147 5.3), of 1.0 to 1.3: the hello of TLS with
 * a cookie, in a handshake message that may be a fragment. Keys for SRTP (RFC 5764)
 * are asked for by calls alone: one of a service not told, an open label. A name is
 * rare; where there is one the signatures decide.
 */
#ifndef IMTC_DISSECT_DTLS_H
#define IMTC_DISSECT_DTLS_H

#include "tls.h"

/* Record: type, version, epoch, sequence, length. Message: type, length, and three more. */
#define DTLS_RECORD_BYTES 13
#define DTLS_BODY 25

/* The bytes of the hello that the datagram has; 0: it has none. */
static __always_inline u32 dtls_hello_bytes(const struct imtc_view *v)
{
	u32 record = imtc_be16(v, 11), length = imtc_be24(v, 14), fragment = imtc_be24(v, 22);

	if (v->len < DTLS_BODY || imtc_byte(v, 0) != TLS_RECORD || imtc_byte(v, 1) != 0xfe ||
	    (imtc_byte(v, 2) != 0xff && imtc_byte(v, 2) != 0xfd) || imtc_be16(v, 3))
		return 0;
	/* The first fragment of a message that is one of the first two (RFC 6347 4.2.2). */
	if (imtc_byte(v, DTLS_RECORD_BYTES) != TLS_CLIENT_HELLO || imtc_be16(v, 17) > 1 ||
	    imtc_be24(v, 19) || !fragment || fragment > length ||
	    record < fragment + DTLS_BODY - DTLS_RECORD_BYTES)
		return 0;
	return imtc_byte(v, DTLS_BODY) == 0xfe ? fragment : 0;
}

IMTC_DISSECTOR(dtls)(struct imtc_view *v)
{
	const struct tls_walk *t;
	u32 bytes;
	int answer;

	if (!v)
		return IMTC_NO;
	bytes = dtls_hello_bytes(v);
	if (!bytes)
		return IMTC_NO;
	t = imtc_walk(v);
	answer = tls_hello(v, bytes, DTLS_BODY);
	if (answer >= IMTC_MATCH)
		v->layer = IMTC_LAYER_TLS;
	if (t->answer == IMTC_NO || !t->srtp)
		return answer;
	imtc_label_set(v, IMTC_SERVICE_VOIP, IMTC_FEATURE_VOICE, IMTC_ENCRYPTION_ENCRYPTED,
		       IMTC_LABEL_OPEN);
	return answer == IMTC_NAMED ? IMTC_NAMED : IMTC_MATCH;
}

#endif /* IMTC_DISSECT_DTLS_H */
