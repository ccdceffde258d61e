/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BitTorrent over TCP: the peers' handshake (BEP 3) and the requests to a tracker
 * over HTTP (BEP 3, BEP 48). An obfuscated handshake (MSE) looks like random
 * bytes and is not told.
 */
#ifndef IMTC_DISSECT_BITTORRENT_H
#define IMTC_DISSECT_BITTORRENT_H

#include "scan.h"

#define BITTORRENT_HANDSHAKE "\x13" "BitTorrent protocol"
#define BITTORRENT_PEER_ID 48	/* behind the name, 8 bytes of flags, the hash of 20 */
/* A tracker's request has its hash among the first of its words. */
#define BITTORRENT_TARGET 512

/* "-UT3550-" and 12 bytes of the peer's own (BEP 20): the client is "UT3550". */
static __always_inline void bittorrent_client(struct imtc_view *v, u32 id)
{
	if (imtc_byte(v, id) == '-' && imtc_byte(v, id + 7) == '-')
		imtc_client_take(v, id + 1, 6);
}

struct bittorrent_walk {
	u8 answer;
} IMTC_WALK;

/* Along the target of a request, which ends with a blank. */
static long bittorrent_target_byte(u32 i, void *c)
{
	struct imtc_view *v = imtc_loop_view(c);
	struct bittorrent_walk *w = imtc_walk(v);
	u8 byte = imtc_byte(v, 4 + i);

	if (4 + i >= v->len)
		return 1;
	if (byte <= ' ' || imtc_has(v, 4 + i, "info_hash=")) {
		w->answer = byte <= ' ' ? IMTC_NO : IMTC_MATCH;
		return 1;
	}
	return 0;
}

static __always_inline int bittorrent_tracker(struct imtc_view *v)
{
	struct bittorrent_walk *w = imtc_walk(v);
	int answer = imtc_match(v, 0, "GET /");

	if (answer != IMTC_MATCH)
		return answer;
	w->answer = v->len < BITTORRENT_TARGET ? IMTC_MORE : IMTC_NO;
	imtc_loop(v, BITTORRENT_TARGET, bittorrent_target_byte);
	return w->answer;
}

IMTC_DISSECTOR(bittorrent)(struct imtc_view *v)
{
	int answer;

	if (!v)
		return IMTC_NO;
	if (imtc_byte(v, 0) == 'G') {
		answer = v->direction == IMTC_DIR_CLIENT ? bittorrent_tracker(v) : IMTC_NO;
	} else {
		answer = imtc_match(v, 0, BITTORRENT_HANDSHAKE);
		if (answer == IMTC_MATCH)
			bittorrent_client(v, BITTORRENT_PEER_ID);
	}
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_BITTORRENT, IMTC_FEATURE_FILE,
			       IMTC_ENCRYPTION_CLEAR, 0);
	return answer;
}

#endif /* IMTC_DISSECT_BITTORRENT_H */
