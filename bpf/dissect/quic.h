/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ClientHello of a QUIC connection: what its CRYPTO frames carry, in order,
 * is a TLS handshake without records (RFC 9001 4). No payload looks so by itself:
 * only the data path's QUIC stage (bpf/quic) asks, with what it has put together.
 */
#ifndef IMTC_DISSECT_QUIC_H
#define IMTC_DISSECT_QUIC_H

#include "tls.h"

IMTC_DISSECTOR(quic)(struct imtc_view *v)
{
	if (!v)
		return IMTC_NO;
	return tls_hello(v, TLS_NO_RECORDS, 0);
}

#endif /* IMTC_DISSECT_QUIC_H */
