// SPDX-License-Identifier: GPL-2.0-only
/*
 * Link layers to Ethernet. What the types mean is in libpcap's list of link-layer
 * header types (pcap-linktype(7) and what it names); each taker below finds an
 * ethertype and where what it speaks of begins.
 */
#include <pcap/dlt.h>
#include <stddef.h>
#include <string.h>
#include <linux/if_ether.h>

#include "classify/link.h"

#define ETH_BYTES 14
/* Types that older headers of libpcap lack, by their numbers. */
#define LINK_SLL2 276
#define LINK_DSA_BRCM 281
#define LINK_DSA_EDSA 285

/* A frame being read: from `at` on not yet understood. */
struct reader {
	const u8 *data;
	u32 len, at;
};

/* What was found; type 0: nothing. */
struct inner {
	u16 type;	/* ethertype */
	u32 at;
};

static u16 be16(const struct reader *r, u32 at)
{
	return at + 2 <= r->len ? (u16)(r->data[at] << 8 | r->data[at + 1]) : 0;
}

static u16 le16(const struct reader *r, u32 at)
{
	return at + 2 <= r->len ? (u16)(r->data[at + 1] << 8 | r->data[at]) : 0;
}

static u8 byte(const struct reader *r, u32 at)
{
	return at < r->len ? r->data[at] : 0;
}

static struct inner take_ip(struct reader *r)
{
	switch (byte(r, r->at) >> 4) {
	case 4:
		return (struct inner){ ETH_P_IP, r->at };
	case 6:
		return (struct inner){ ETH_P_IPV6, r->at };
	}
	return (struct inner){ 0, 0 };
}

/* A protocol family of the capturing host's, in its byte order or in the network's. */
static struct inner take_null(struct reader *r)
{
	r->at = 4;
	return take_ip(r);
}

static struct inner take_sll(struct reader *r)
{
	return (struct inner){ be16(r, 14), 16 };
}

static struct inner take_sll2(struct reader *r)
{
	return (struct inner){ be16(r, 0), 20 };
}

/* RFC 1661 2, RFC 1662 3.1: address and control may be left out, so may a byte of the protocol. */
static struct inner take_ppp(struct reader *r)
{
	u16 protocol;

	if (be16(r, r->at) == 0xff03)
		r->at += 2;
	protocol = byte(r, r->at);
	r->at++;
	if (!(protocol & 1)) {
		protocol = (u16)(protocol << 8 | byte(r, r->at));
		r->at++;
	}
	if (protocol == 0x21)
		return (struct inner){ ETH_P_IP, r->at };
	if (protocol == 0x57)
		return (struct inner){ ETH_P_IPV6, r->at };
	return (struct inner){ 0, 0 };
}

/* The direction, then PPP. */
static struct inner take_ppp_pppd(struct reader *r)
{
	r->at = 1;
	return take_ppp(r);
}

/* RFC 2516 4: from the version on. */
static struct inner take_pppoe(struct reader *r)
{
	return (struct inner){ ETH_P_PPP_SES, r->at };
}

/* Address, control, ethertype; or PPP with its own address and control. */
static struct inner take_c_hdlc(struct reader *r)
{
	if (be16(r, 0) == 0xff03)
		return take_ppp(r);
	return (struct inner){ be16(r, 2), 4 };
}

/* IEEE 802.2 with SNAP: aa aa 03, organisation 0, ethertype. */
static struct inner take_llc(struct reader *r)
{
	if (be16(r, r->at) != 0xaaaa || byte(r, r->at + 2) != 3 || be16(r, r->at + 3) ||
	    byte(r, r->at + 5))
		return (struct inner){ 0, 0 };
	return (struct inner){ be16(r, r->at + 6), r->at + 8 };
}

/* RFC 2427 3 and 4: address, control 3, perhaps padding, the protocol's number. */
static struct inner take_frame_relay(struct reader *r)
{
	r->at = 0;
	while (r->at < 4 && !(byte(r, r->at) & 1))
		r->at++;
	r->at++;
	if (byte(r, r->at++) != 3) {
		/* Cisco's own: the ethertype follows the address. */
		r->at--;
		return (struct inner){ be16(r, r->at), r->at + 2 };
	}
	if (byte(r, r->at) == 0)
		r->at++;
	switch (byte(r, r->at++)) {
	case 0xcc:
		return (struct inner){ ETH_P_IP, r->at };
	case 0x8e:
		return (struct inner){ ETH_P_IPV6, r->at };
	case 0x80:
		return (struct inner){ be16(r, r->at + 3), r->at + 5 };
	}
	return (struct inner){ 0, 0 };
}

/* IEEE 802.11-2016 9.2.4 and 9.3.2: data frames that are not encrypted. */
static struct inner take_wlan(struct reader *r)
{
	u8 control = byte(r, r->at), flags = byte(r, r->at + 1);
	u32 len = 24;

	/* Type 2, and no subtype without data; one that is not protected. */
	if ((control & 0x0c) != 0x08 || control & 0x40 || flags & 0x40)
		return (struct inner){ 0, 0 };
	if ((flags & 0x03) == 0x03)
		len += 6;
	if (control & 0x80) {
		/* An A-MSDU is several frames in one. */
		if (byte(r, r->at + len) & 0x80)
			return (struct inner){ 0, 0 };
		len += flags & 0x80 ? 6 : 2;
	}
	r->at += len;
	return take_llc(r);
}

/* Version 0, padding, the header's length (radiotap.org). */
static struct inner take_radiotap(struct reader *r)
{
	r->at = le16(r, 2);
	return take_wlan(r);
}

static struct inner take_ppi(struct reader *r)
{
	if (le16(r, 4) != DLT_IEEE802_11)
		return (struct inner){ 0, 0 };
	r->at = le16(r, 2);
	return take_wlan(r);
}

/* 144 bytes of Prism's, or an AVS header, whose second word is its length. */
static struct inner take_prism(struct reader *r)
{
	bool is_avs = be16(r, 0) == 0x8021 && be16(r, 2) >= 0x1000;

	r->at = is_avs ? be16(r, 6) : 144;
	return take_wlan(r);
}

/* Tags of switch chips between the addresses and the ethertype: four bytes, eight. */
static struct inner take_dsa(struct reader *r)
{
	return (struct inner){ be16(r, 16), 18 };
}

static struct inner take_edsa(struct reader *r)
{
	return (struct inner){ be16(r, 20), 22 };
}

static const struct link_type {
	int dlt;
	struct inner (*take)(struct reader *r);	/* NULL: it is Ethernet */
} links[] = {
	{ DLT_EN10MB, NULL },
	{ DLT_RAW, take_ip },
	{ 14, take_ip },	/* DLT_RAW of OpenBSD */
	{ 101, take_ip },	/* LINKTYPE_RAW */
	{ DLT_IPV4, take_ip },
	{ DLT_IPV6, take_ip },
	{ DLT_NULL, take_null },
	{ DLT_LOOP, take_null },
	{ DLT_LINUX_SLL, take_sll },
	{ LINK_SLL2, take_sll2 },
	{ DLT_PPP, take_ppp },
	{ DLT_PPP_SERIAL, take_ppp },
	{ DLT_PPP_PPPD, take_ppp_pppd },
	{ DLT_PPP_ETHER, take_pppoe },
	{ DLT_C_HDLC, take_c_hdlc },
	{ DLT_FRELAY, take_frame_relay },
	{ DLT_IEEE802_11, take_wlan },
	{ DLT_IEEE802_11_RADIO, take_radiotap },
	{ DLT_PPI, take_ppi },
	{ DLT_PRISM_HEADER, take_prism },
	{ DLT_IEEE802_11_RADIO_AVS, take_prism },
	{ LINK_DSA_BRCM, take_dsa },
	{ LINK_DSA_EDSA, take_edsa },
};

static const struct link_type *find(int dlt)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].dlt == dlt)
			return &links[i];
	return NULL;
}

bool link_is_known(int dlt)
{
	return find(dlt);
}

/* --- frames that were cut short -------------------------------------------------- */

/* Where the IP packet of an Ethernet frame begins, and its ethertype; 0: none. */
static u32 find_ip(const struct reader *r, u16 *ret_type)
{
	u32 at = ETH_BYTES;
	u16 type = be16(r, 12);

	while ((type == ETH_P_8021Q || type == ETH_P_8021AD) && at + 4 <= r->len) {
		type = be16(r, at + 2);
		at += 4;
	}
	*ret_type = type;
	return type == ETH_P_IP || type == ETH_P_IPV6 ? at : 0;
}

/* Makes the outermost IP header say that the packet ends where the frame does. */
static void fit(u8 *frame, u32 len)
{
	struct reader r = { .data = frame, .len = len };
	u32 at, there, header;
	u16 type;
	u8 *field;

	at = find_ip(&r, &type);
	header = type == ETH_P_IPV6 ? 40 : 20;
	if (!at || len < at + header)
		return;
	field = frame + at + (type == ETH_P_IPV6 ? 4 : 2);
	there = len - at - (type == ETH_P_IPV6 ? header : 0);
	if (there > 0xffff || (u32)(field[0] << 8 | field[1]) <= there)
		return;
	field[0] = (u8)(there >> 8);
	field[1] = (u8)there;
}

/* --- all together ------------------------------------------------------------------ */

/* An Ethernet header in front of what is inside; no address is ever looked at. */
static u32 wrap(const struct reader *r, const struct inner *inner, u8 *room)
{
	u32 len = r->len - inner->at;

	memset(room, 0, ETH_BYTES - 2);
	room[12] = (u8)(inner->type >> 8);
	room[13] = (u8)inner->type;
	memcpy(room + ETH_BYTES, r->data + inner->at, len);
	return ETH_BYTES + len;
}

u32 link_to_ethernet(int dlt, const struct link_frame *frame, u8 *room, const u8 **ret_data)
{
	const struct link_type *link = find(dlt);
	struct reader r = { .data = frame->data, .len = frame->len };
	struct inner inner;
	u32 len = frame->len;

	if (!link || len > LINK_FRAME_BYTES - ETH_BYTES)
		return 0;
	*ret_data = frame->data;
	if (link->take) {
		inner = link->take(&r);
		if (!inner.type || inner.at >= len)
			return 0;
		len = wrap(&r, &inner, room);
		*ret_data = room;
	}
	if (frame->wire_len > frame->len) {
		if (!link->take)
			memcpy(room, frame->data, len);
		*ret_data = room;
		fit(room, len);
	}
	return len;
}
