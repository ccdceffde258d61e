/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What OSCAR's frames carry: SNACs (family, subtype), the TLVs of a login, and
 * ICBM's channel 2, which proposes a rendezvous by the UUID of a capability and
 * says where it will be listened. The walk over the frames is oscar.h's.
 *
 * Sources: AOL's OSCAR documents of 2008 (dev.aol.com/aim/oscar: FLAP, SNAC,
 * ICBM, BART, rendezvous), A. Shutko's "OSCAR (ICQ v7/v8/v9) protocol".
 */
#ifndef IMTC_DISSECT_OSCAR_SNAC_H
#define IMTC_DISSECT_OSCAR_SNAC_H

#include "client.h"
#include "expect.h"

#define OSCAR_FLAP_BYTES 6
#define OSCAR_SNAC_BYTES 10
/* A rendezvous block before its TLVs: status, cookie, UUID. */
#define OSCAR_RENDEZVOUS_BYTES 26
#define OSCAR_UUID_AT 10
#define OSCAR_UUID_BYTES 16
/* The relay (rendezvous proxy) listens here, whatever port the proposal names. */
#define OSCAR_RELAY_PORT 5190

enum oscar_step {
	OSCAR_FRAME,	/* at a FLAP header */
	OSCAR_TLV,	/* at a TLV of the frame */
	OSCAR_FAMILY,	/* at a family of the client's list */
};

/* oscar_walk.where: whose TLVs these are */
enum oscar_where {
	OSCAR_IN_LOGIN,
	OSCAR_IN_ICBM,
	OSCAR_IN_RENDEZVOUS,
};

struct oscar_walk {
	u32 pos;
	u32 end;	/* of the frame */
	u32 limit;	/* of the TLVs that are read */
	u32 name;	/* the client's name: where it stands */
	u32 address[3];	/* of the rendezvous: the relay's, the proposer's own, as the server saw it */
	u16 port;
	u16 name_len;
	u16 version[4];	/* the client's */
	u8 versions;	/* a bit a number that is there */
	u8 relay;	/* the rendezvous is at the relay */
	u8 offer;	/* feature of the rendezvous that is proposed */
	u8 icq_family;	/* the client lists ICQ's family */
	u8 step;
	u8 where;
	u8 service;	/* told by the strongest sign so far */
	u8 sure;	/* of the service: 1 a screen name, 2 the client's name or family */
	u8 feature;
	u8 password;
	u8 frames;	/* sign-ons and SNACs, whole and valid, so far */
	u8 answer;	/* NO: not FLAP; MORE: a frame is cut; MATCH: frames end with the view */
	u32 whole;	/* where the last whole frame ends */
} IMTC_WALK;
IMTC_WALK_FITS(struct oscar_walk);

static __always_inline void oscar_service(struct oscar_walk *w, u8 service, u8 sure)
{
	if (sure > w->sure) {
		w->service = service;
		w->sure = sure;
	}
}

static __always_inline void oscar_feature(struct oscar_walk *w, u8 feature)
{
	w->feature = imtc_feature_grow(w->feature, feature);
}

/* Screen names of ICQ are numbers. */
static __always_inline u8 oscar_screen_name(const struct imtc_view *v, u32 i, u32 len)
{
	for (u32 k = 0; k < 16 && k < len; k++) {
		if (!imtc_is_digit(imtc_byte(v, i + k)))
			return IMTC_SERVICE_AIM;
	}
	return IMTC_SERVICE_ICQ;
}

static __always_inline void oscar_tlvs_at(struct oscar_walk *w, u32 pos, u32 limit, u8 where)
{
	w->pos = pos;
	w->limit = limit;
	w->where = where;
	w->step = OSCAR_TLV;
}

static __always_inline void oscar_next_frame(struct oscar_walk *w)
{
	w->pos = w->end;
	w->step = OSCAR_FRAME;
}

/* --- login ------------------------------------------------------------------------ */

/* The client's own name: "ICQ Inc. - Product of ICQ (TM)...", "AOL Instant Messenger". */
static __always_inline void oscar_client(const struct imtc_view *v, struct oscar_walk *w, u32 i,
					 u32 len)
{
	w->name = i;
	w->name_len = (u16)len;
	if (imtc_has_nocase(v, i, "icq"))
		oscar_service(w, IMTC_SERVICE_ICQ, 2);
	else if (imtc_has_nocase(v, i, "aol") || imtc_has_nocase(v, i, "aim"))
		oscar_service(w, IMTC_SERVICE_AIM, 2);
}

static __always_inline void oscar_login_tlv(const struct imtc_view *v, struct oscar_walk *w,
					    u32 type, u32 i, u32 len)
{
	if (type == 1 && len > 0) {
		oscar_service(w, oscar_screen_name(v, i, len), 1);
	} else if (type == 2 && len > 0) {
		w->password = 1;	/* XORed with a fixed text: as good as clear */
	} else if (type == 3 && len > 0) {
		oscar_client(v, w, i, len);
	} else if (type >= 0x17 && type <= 0x1a && len == 2) {
		w->version[(type - 0x17) & 3] = imtc_be16(v, i);
		w->versions |= (u8)(1 << (type - 0x17));
	}
}

/* Name, then the numbers of TLVs 17 to 1a where the name has none of its own. */
static __always_inline void oscar_client_put(struct imtc_view *v, struct oscar_walk *w)
{
	if (!w->name_len)
		return;
	imtc_client_take(v, w->name, w->name_len);
	if (w->versions != 0xf || imtc_client_has_digit(v))
		return;
	imtc_client_put(v, ' ');
	imtc_client_number(v, w->version[0]);
	imtc_client_put(v, '.');
	imtc_client_number(v, w->version[1]);
	imtc_client_put(v, '.');
	imtc_client_number(v, w->version[2]);
	imtc_client_put(v, '.');
	imtc_client_number(v, w->version[3]);
}

/* --- rendezvous ------------------------------------------------------------------- */

/* The feature of a capability 0946xxxx-4c7f-11d1-8222-444553540000. */
static __always_inline u8 oscar_capability(u32 number)
{
	switch (number) {
	case 0x0100:
	case 0x0101:
	case 0x0102:
		return IMTC_FEATURE_VIDEO;
	case 0x0103:
	case 0x0104:
	case 0x0105:
	case 0x1341:
		return IMTC_FEATURE_VOICE;
	case 0x1343:	/* send a file */
	case 0x1348:	/* get files out of a shared folder */
		return IMTC_FEATURE_FILE;
	case 0x1345:
	case 0x1346:
		return IMTC_FEATURE_IMAGE;
	case 0x010b:	/* see as I type */
	case 0x1344:	/* ICQ's direct connection, which carries messages first */
		return IMTC_FEATURE_CHAT;
	case 0x1347:	/* add-ins */
	case 0x134a:
		return IMTC_FEATURE_GAME;
	case 0x134b:	/* send buddy list */
		return IMTC_FEATURE_PRESENCE;
	case 0xf004:
		return IMTC_FEATURE_SCREEN;
	}
	return IMTC_FEATURE_NONE;
}

/* TLV 5 of a channel 2 ICBM: status 0 (propose), cookie, capability, then TLVs. */
static __always_inline void oscar_rendezvous(struct imtc_view *v, struct oscar_walk *w,
					     u32 i, u32 len)
{
	w->offer = IMTC_FEATURE_NONE;
	if (imtc_be16(v, i) != 0)
		return;
	if (imtc_be16(v, i + 10) == 0x0946 && imtc_be32(v, i + 14) == 0x4c7f11d1)
		w->offer = oscar_capability(imtc_be16(v, i + 12));
	else if (imtc_be32(v, i + 10) == 0x748f2420 && imtc_be32(v, i + 14) == 0x628711d1)
		w->offer = IMTC_FEATURE_CHAT;	/* invitation to a room */
	oscar_feature(w, w->offer);
	/* A capability that nobody has is proposed to nobody. */
	if (w->offer != IMTC_FEATURE_NONE)
		imtc_scrub_add(v, i + OSCAR_UUID_AT, OSCAR_UUID_BYTES,
			       IMTC_SCRUB_WITH(0, w->offer));
	w->address[0] = w->address[1] = w->address[2] = 0;
	w->port = 0;
	w->relay = 0;
	oscar_tlvs_at(w, i + OSCAR_RENDEZVOUS_BYTES, i + len, OSCAR_IN_RENDEZVOUS);
}

/* ICQ's message as extension data: what it is stands behind two blocks of fixed length. */
static __always_inline void oscar_icq_message(struct imtc_view *v, struct oscar_walk *w,
					      u32 i, u32 len)
{
	u8 type = imtc_byte(v, i + 45);

	if (len < 46 || imtc_be16(v, i) != 0x1b00 || imtc_be16(v, i + 29) != 0x0e00)
		return;
	if (type == 3) {
		oscar_feature(w, IMTC_FEATURE_FILE);
		v->scrub_lost |= 1 << IMTC_FEATURE_FILE;
	} else if (type == 1 || type == 2)
		oscar_feature(w, IMTC_FEATURE_CHAT);
}

static __always_inline void oscar_rendezvous_tlv(struct imtc_view *v, struct oscar_walk *w,
						 u32 type, u32 i, u32 len)
{
	if (type >= 2 && type <= 4 && len == 4)
		w->address[type - 2] = imtc_be32(v, i);
	else if (type == 5 && len == 2)
		w->port = imtc_be16(v, i);
	else if (type == 0x10)
		w->relay = 1;
	else if (type == 0x2711)
		oscar_icq_message(v, w, i, len);
}

/* The proposal has been read: who will connect where. */
static __always_inline void oscar_rendezvous_end(struct imtc_view *v, struct oscar_walk *w)
{
	if (!w->offer || !w->port)
		return;
	if (w->relay) {
		imtc_expect4(v, w->address[0], OSCAR_RELAY_PORT, IMTC_L4_TCP, w->offer);
		return;
	}
	imtc_expect4(v, w->address[1], w->port, IMTC_L4_TCP, w->offer);
	if (w->address[2] != w->address[1])
		imtc_expect4(v, w->address[2], w->port, IMTC_L4_TCP, w->offer);
}

/* --- TLVs ------------------------------------------------------------------------- */

static __always_inline void oscar_tlvs_end(struct imtc_view *v, struct oscar_walk *w)
{
	if (w->where == OSCAR_IN_LOGIN)
		oscar_client_put(v, w);
	if (w->where != OSCAR_IN_RENDEZVOUS) {
		oscar_next_frame(w);	/* what is no TLV is not read */
		return;
	}
	oscar_rendezvous_end(v, w);
	oscar_tlvs_at(w, w->limit, w->end, OSCAR_IN_ICBM);
}

static __always_inline long oscar_tlv(struct imtc_view *v, struct oscar_walk *w)
{
	u32 type = imtc_be16(v, w->pos), len = imtc_be16(v, w->pos + 2), i = w->pos + 4;

	if (w->pos + 4 > w->limit || i + len > w->limit) {
		oscar_tlvs_end(v, w);
		return 0;
	}
	w->pos = i + len;
	if (w->where == OSCAR_IN_LOGIN)
		oscar_login_tlv(v, w, type, i, len);
	else if (w->where == OSCAR_IN_RENDEZVOUS)
		oscar_rendezvous_tlv(v, w, type, i, len);
	else if (type == 5 && len >= OSCAR_RENDEZVOUS_BYTES)
		oscar_rendezvous(v, w, i, len);
	return 0;
}

/* --- SNACs ------------------------------------------------------------------------ */

/* Client ready: families with their versions. Only clients of ICQ list ICQ's own. */
static __always_inline long oscar_family(const struct imtc_view *v, struct oscar_walk *w)
{
	if (w->pos + 8 > w->end) {
		oscar_service(w, w->icq_family ? IMTC_SERVICE_ICQ : IMTC_SERVICE_AIM, 1);
		oscar_next_frame(w);
		return 0;
	}
	if (imtc_be16(v, w->pos) == 0x15)
		w->icq_family = 1;
	w->pos += 8;	/* family, version, tool, its version */
	return 0;
}

/* ICBM: cookie, channel, screen name; from the server also warning level and a count. */
static __always_inline void oscar_icbm(const struct imtc_view *v, struct oscar_walk *w, u32 i,
				       u32 subtype)
{
	u32 name_len = imtc_byte(v, i + 10), tlvs = i + 11 + name_len;

	if (subtype != 6 && subtype != 7)
		return;
	/* A number may be an ICQ user of an AIM one; letters are never ICQ's. */
	if (name_len && oscar_screen_name(v, i + 11, name_len) == IMTC_SERVICE_AIM)
		oscar_service(w, IMTC_SERVICE_AIM, 1);
	if (imtc_be16(v, i + 8) == 1)
		oscar_feature(w, IMTC_FEATURE_CHAT);
	if (imtc_be16(v, i + 8) == 2)
		oscar_tlvs_at(w, subtype == 7 ? tlvs + 4 : tlvs, w->end, OSCAR_IN_ICBM);
}

static __always_inline void oscar_general(const struct imtc_view *v, struct oscar_walk *w, u32 i,
					  u32 subtype)
{
	oscar_feature(w, IMTC_FEATURE_PRESENCE);
	if (subtype == 0x0f) {		/* about oneself: length, screen name */
		oscar_service(w, oscar_screen_name(v, i + 1, imtc_byte(v, i)), 1);
	} else if (subtype == 0x02) {	/* client ready */
		w->pos = i;
		w->icq_family = 0;
		w->step = OSCAR_FAMILY;
	}
}

/* A SNAC; i is where its data begins. */
static __always_inline void oscar_snac(const struct imtc_view *v, struct oscar_walk *w, u32 i,
				       u32 family, u32 subtype)
{
	switch (family) {
	case 0x01:
		oscar_general(v, w, i, subtype);
		break;
	case 0x02:	/* who is who */
	case 0x03:	/* buddies */
	case 0x09:	/* privacy */
	case 0x13:	/* stored lists */
		oscar_feature(w, IMTC_FEATURE_PRESENCE);
		break;
	case 0x04:
		oscar_icbm(v, w, i, subtype);
		break;
	case 0x0d:	/* rooms, and what is said in them */
	case 0x0e:
		oscar_feature(w, IMTC_FEATURE_CHAT);
		break;
	case 0x10:	/* BART: icons, wallpapers, sounds */
		oscar_feature(w, IMTC_FEATURE_IMAGE);
		break;
	case 0x15:
		oscar_service(w, IMTC_SERVICE_ICQ, 2);
		break;
	case 0x17:
		oscar_feature(w, IMTC_FEATURE_PRESENCE);
		if (subtype == 2 || subtype == 6)
			oscar_tlvs_at(w, i, w->end, OSCAR_IN_LOGIN);
		break;
	}
}

/* SNAC families that any client or server uses. */
static __always_inline int oscar_is_family(u32 family)
{
	return (family > 0 && family <= 0x18) || family == 0x22 || family == 0x25;
}

#endif /* IMTC_DISSECT_OSCAR_SNAC_H */
