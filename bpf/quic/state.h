/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the QUIC stage works with while it reads one datagram: value of the map
 * "quic", one a CPU and way. Nothing in it outlasts the datagram but the keys
 * derived last, which are right for whoever has the same connection ID.
 */
#ifndef IMTC_BPF_QUIC_STATE_H
#define IMTC_BPF_QUIC_STATE_H

#include "../packet.h"
#include "aes.h"
#include "ghash.h"
#include "keys.h"

/* Offsets are those of the view that holds the datagram. */
struct quic_packet {
	u32 version;
	u32 dcid_len;
	u32 dcid[QUIC_CID_WORDS];
	u32 at;			/* first byte of the packet */
	u32 number_at;		/* of the packet number */
	u32 payload;		/* first byte behind the packet number */
	u32 tag;		/* the last sixteen bytes */
	u32 end;		/* one past the packet */
	u32 number;
	u32 number_len;
	u32 mask[2];		/* of the header's protection */
};

struct quic_frames {
	u32 at;
	u32 len;
	u32 skip;		/* numbers of an ACK frame still to be passed over */
	u32 differs;		/* bytes came again with other content */
};

struct imtc_quic {
	struct quic_packet packet;
	struct quic_frames frames;
	struct quic_keys keys;	/* derived last */
	struct quic_keys first;	/* connection of the datagram's first packet; no keys */
	u32 limit;		/* where the datagram ends */
	u32 nonce[3];
	struct hkdf hkdf;
	struct aes128 aes;
	struct aes_block block;
	struct ghash ghash;
	u8 plain[IMTC_VIEW_BYTES + 8];	/* a packet's payload, decrypted */
	struct imtc_stream stream;	/* the handshake, as long as one datagram is all of it */
};

#endif /* IMTC_BPF_QUIC_STATE_H */
