/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BitTorrent's datagrams: uTP (BEP 29), the distributed hash table (BEP 5), local
 * peer discovery (BEP 14), trackers over UDP (BEP 15).
 */
#ifndef IMTC_DISSECT_TORRENT_UDP_H
#define IMTC_DISSECT_TORRENT_UDP_H

#include "bittorrent.h"

/* BEP 29: type and version, extension, connection, two times, window, numbers. */
#define UTP_HEADER 20
#define UTP_DATA 0x01
#define UTP_SYN 0x41
#define UTP_EXTENSIONS 3

/*
 * The first packet of a connection: nothing has been received, so that the
 * difference of times (8) and the number acknowledged (18) are 0. It has no
 * payload; libutp adds extension 2 (8 bytes of zeros).
 */
static __always_inline int utp_syn(const struct imtc_view *v)
{
	u8 extension = imtc_byte(v, 1);

	if (imtc_be32(v, 8) != 0 || imtc_be16(v, 18) != 0 || imtc_be32(v, 4) == 0)
		return IMTC_NO;
	if (imtc_be32(v, 12) > 0x1000000)	/* a window beyond 16 MiB */
		return IMTC_NO;
	if (v->len == UTP_HEADER && extension == 0)
		return IMTC_MATCH;
	if (v->len == UTP_HEADER + 10 && extension == 2 && imtc_be16(v, UTP_HEADER) == 0x0008 &&
	    imtc_be32(v, UTP_HEADER + 2) == 0 && imtc_be32(v, UTP_HEADER + 6) == 0)
		return IMTC_MATCH;
	return IMTC_NO;
}

/* Data that begins with the peers' handshake, behind the extensions. */
static __always_inline int utp_data(struct imtc_view *v)
{
	u32 at = UTP_HEADER;
	u8 next = imtc_byte(v, 1);

	IMTC_UNROLL
	for (u32 k = 0; k < UTP_EXTENSIONS; k++) {
		if (next) {
			next = imtc_byte(v, at);
			at += 2 + imtc_byte(v, at + 1);
		}
	}
	if (next || imtc_match(v, at, BITTORRENT_HANDSHAKE) != IMTC_MATCH)
		return IMTC_NO;
	bittorrent_client(v, at + BITTORRENT_PEER_ID);
	return IMTC_MATCH;
}

/*
 * A dictionary in the order of its keys: a query's arguments or an answer's
 * values begin with the node's id of 20 bytes; "y", what it is, stands last.
 */
static __always_inline int torrent_dht(const struct imtc_view *v)
{
	u32 end = v->len;

	if (imtc_has(v, 0, "d1:ad2:id20:") || imtc_has(v, 0, "d1:rd2:id20:"))
		return IMTC_MATCH;
	if (end < 16 || imtc_byte(v, 2) != ':')
		return IMTC_NO;
	if (imtc_has(v, end - 7, "1:y1:qe") || imtc_has(v, end - 7, "1:y1:re") ||
	    imtc_has(v, end - 7, "1:y1:ee"))
		return IMTC_MATCH;
	return IMTC_NO;
}

/* Connect: the number that stands for the protocol, action 0, a transaction. */
static __always_inline int torrent_tracker(const struct imtc_view *v)
{
	return v->len == 16 ? imtc_match(v, 0, "\0\0\x04\x17\x27\x10\x19\x80\0\0\0\0") : IMTC_NO;
}

IMTC_DISSECTOR(torrent_udp)(struct imtc_view *v)
{
	u8 feature = IMTC_FEATURE_NONE;
	int answer = IMTC_NO;

	if (!v)
		return IMTC_NO;
	switch (imtc_byte(v, 0)) {
	case UTP_SYN:
		answer = utp_syn(v);
		feature = IMTC_FEATURE_FILE;
		break;
	case UTP_DATA:
		answer = utp_data(v);
		feature = IMTC_FEATURE_FILE;
		break;
	case 'd':
		answer = torrent_dht(v);
		break;
	case 'B':
		answer = imtc_match(v, 0, "BT-SEARCH * HTTP/1.1\r\n");
		break;
	case 0:
		answer = torrent_tracker(v);
		break;
	}
	if (answer != IMTC_MATCH)
		return IMTC_NO;
	imtc_label_set(v, IMTC_SERVICE_BITTORRENT, feature, IMTC_ENCRYPTION_CLEAR, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_TORRENT_UDP_H */
