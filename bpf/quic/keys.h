/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The versions of QUIC that can be read, and the keys of a client's Initial
 * packets: made of a salt that the version publishes and of the connection ID
 * that the client chose for the server, so that whoever sees the packet has them
 * (RFC 9001 5.2).
 */
#ifndef IMTC_BPF_QUIC_KEYS_H
#define IMTC_BPF_QUIC_KEYS_H

#include "hkdf.h"

#define QUIC_CID_BYTES 20	/* RFC 9000 17.2 */
#define QUIC_CID_WORDS (QUIC_CID_BYTES / 4)

struct quic_keys {
	u32 version;		/* 0: there are no keys */
	u32 dcid_len;
	u32 dcid[QUIC_CID_WORDS]; /* as in the packet; 0 behind its end */
	u32 key[4];		/* host order, as are these two */
	u32 iv[3];
	u32 hp[4];
	u32 next;		/* one above the highest packet number seen */
};

enum quic_version {
	QUIC_VERSION_1 = 0x00000001,		/* RFC 9000 */
	QUIC_VERSION_2 = 0x6b3343cf,		/* RFC 9369 3.1 */
	QUIC_VERSION_DRAFT_27 = 0xff00001b,	/* draft-ietf-quic-transport-27 and so on */
	QUIC_VERSION_DRAFT_28 = 0xff00001c,
	QUIC_VERSION_DRAFT_29 = 0xff00001d,
	/* The same salt, as Facebook's clients (mvfst) numbered it; an experiment of theirs. */
	QUIC_VERSION_MVFST_27 = 0xfaceb002,
	QUIC_VERSION_MVFST_EXPERIMENT = 0xfaceb00e,
};

static __always_inline int quic_is_known(u32 version)
{
	switch (version) {
	case QUIC_VERSION_1:
	case QUIC_VERSION_2:
	case QUIC_VERSION_DRAFT_27:
	case QUIC_VERSION_DRAFT_28:
	case QUIC_VERSION_DRAFT_29:
	case QUIC_VERSION_MVFST_27:
	case QUIC_VERSION_MVFST_EXPERIMENT:
		return 1;
	}
	return 0;
}

static __always_inline void quic_key_words(struct hkdf *h, const u32 *words, const u32 n)
{
	for (u32 i = 0; i < 8; i++)
		h->key[i] = i < n ? words[i] : 0;
}

/* RFC 9001 5.2, RFC 9369 3.3.1, draft-ietf-quic-tls-29 and -27 5.2. */
static __always_inline void quic_salt(struct hkdf *h, u32 version)
{
	static const u32 salts[4][5] = {
		{ 0x38762cf7, 0xf55934b3, 0x4d179ae6, 0xa4c80cad, 0xccbb7f0a },
		{ 0x0dede3de, 0xf700a6db, 0x819381be, 0x6e269dcb, 0xf9bd2ed9 },
		{ 0xafbfec28, 0x9993d24c, 0x9e9786f1, 0x9c6111e0, 0x4390a899 },
		{ 0xc3eef712, 0xc72ebb5a, 0x11a7d243, 0x2bb46365, 0xbef9f502 },
	};
	u32 salt;

	switch (version) {
	case QUIC_VERSION_1:
		salt = 0;
		break;
	case QUIC_VERSION_2:
		salt = 1;
		break;
	case QUIC_VERSION_DRAFT_29:
		salt = 2;
		break;
	default:
		salt = 3;
		break;
	}
	quic_key_words(h, salts[salt], 5);
}

static __always_inline void quic_expand_keys(struct hkdf *h, struct quic_keys *keys)
{
	/* RFC 9001 5.1; RFC 9369 3.3.2 */
	if (keys->version == QUIC_VERSION_2)
		hkdf_expand(h, "\0\x10\x10tls13 quicv2 key\0\1");
	else
		hkdf_expand(h, "\0\x10\x0etls13 quic key\0\1");
	for (u32 i = 0; i < 4; i++)
		keys->key[i] = h->result[i];
	if (keys->version == QUIC_VERSION_2)
		hkdf_expand(h, "\0\x0c\x0ftls13 quicv2 iv\0\1");
	else
		hkdf_expand(h, "\0\x0c\x0dtls13 quic iv\0\1");
	for (u32 i = 0; i < 3; i++)
		keys->iv[i] = h->result[i];
	if (keys->version == QUIC_VERSION_2)
		hkdf_expand(h, "\0\x10\x0ftls13 quicv2 hp\0\1");
	else
		hkdf_expand(h, "\0\x10\x0dtls13 quic hp\0\1");
	for (u32 i = 0; i < 4; i++)
		keys->hp[i] = h->result[i];
}

/* The client's keys for the version and connection ID in `keys`. */
IMTC_GLOBAL int quic_derive(struct hkdf *h, struct quic_keys *keys)
{
	if (!h || !keys)
		return 0;
	keys->next = 0;
	quic_salt(h, keys->version);
	hmac_key(h);
	hmac_begin(h);
	for (u32 i = 0; i < QUIC_CID_WORDS; i++)
		h->sha.block[i] = keys->dcid[i];
	hmac_end(h, keys->dcid_len);
	quic_key_words(h, h->result, 8);
	hmac_key(h);
	hkdf_expand(h, "\0\x20\x0ftls13 client in\0\1");
	quic_key_words(h, h->result, 8);
	hmac_key(h);
	quic_expand_keys(h, keys);
	return 0;
}

#endif /* IMTC_BPF_QUIC_KEYS_H */
