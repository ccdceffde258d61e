/* SPDX-License-Identifier: GPL-2.0-only */
/* The vectors of all dissectors in one list. */
#ifndef IMTC_TESTS_VECTORS_DISSECT_ALL_H
#define IMTC_TESTS_VECTORS_DISSECT_ALL_H

#include "vectors/dissect.h"
#include "vectors/dissect/bittorrent.h"
#include "vectors/dissect/calls.h"
#include "vectors/dissect/certificate.h"
#include "vectors/dissect/dtls.h"
#include "vectors/dissect/edonkey.h"
#include "vectors/dissect/gadugadu.h"
#include "vectors/dissect/gnutella.h"
#include "vectors/dissect/gnutella_udp.h"
#include "vectors/dissect/http.h"
#include "vectors/dissect/icq.h"
#include "vectors/dissect/irc.h"
#include "vectors/dissect/kakaotalk.h"
#include "vectors/dissect/line.h"
#include "vectors/dissect/line_call.h"
#include "vectors/dissect/media.h"
#include "vectors/dissect/mqtt.h"
#include "vectors/dissect/msn.h"
#include "vectors/dissect/msrp.h"
#include "vectors/dissect/oscar.h"
#include "vectors/dissect/other.h"
#include "vectors/dissect/paltalk.h"
#include "vectors/dissect/proxy.h"
#include "vectors/dissect/qq.h"
#include "vectors/dissect/sametime.h"
#include "vectors/dissect/silc.h"
#include "vectors/dissect/sip.h"
#include "vectors/dissect/skype.h"
#include "vectors/dissect/skype_peer.h"
#include "vectors/dissect/socks.h"
#include "vectors/dissect/socks_udp.h"
#include "vectors/dissect/stun.h"
#include "vectors/dissect/teamspeak_query.h"
#include "vectors/dissect/telegram.h"
#include "vectors/dissect/tls.h"
#include "vectors/dissect/torrent_udp.h"
#include "vectors/dissect/tox.h"
#include "vectors/dissect/viber.h"
#include "vectors/dissect/viber_call.h"
#include "vectors/dissect/websocket.h"
#include "vectors/dissect/wechat.h"
#include "vectors/dissect/wechat_call.h"
#include "vectors/dissect/whatsapp.h"
#include "vectors/dissect/xmpp.h"
#include "vectors/dissect/yahoo.h"
#include "vectors/dissect/zalo_call.h"
#include "vectors/dissect/zephyr.h"
#include "vectors/dissect/zoom.h"

static const struct dissect_list {
	const char *name;
	const struct dissect_vector *vectors;
	u32 count;
} dissect_lists[] = {
#define LIST(name) { #name, name##_vectors, COUNT_OF(name##_vectors) }
	LIST(bittorrent), LIST(calls), LIST(certificate), LIST(dtls), LIST(edonkey), LIST(gadugadu),
	LIST(gnutella), LIST(gnutella_udp), LIST(http), LIST(icq), LIST(irc), LIST(kakaotalk), LIST(line),
	LIST(line_call), LIST(media), LIST(mqtt), LIST(msn), LIST(msrp), LIST(oscar), LIST(other),
	LIST(paltalk), LIST(proxy), LIST(qq), LIST(sametime), LIST(silc), LIST(sip),
	LIST(skype), LIST(skype_peer), LIST(socks), LIST(socks_udp), LIST(stun),
	LIST(teamspeak_query), LIST(telegram), LIST(tls), LIST(torrent_udp), LIST(tox),
	LIST(viber), LIST(viber_call), LIST(websocket), LIST(wechat), LIST(wechat_call),
	LIST(whatsapp), LIST(xmpp), LIST(yahoo), LIST(zalo_call), LIST(zephyr), LIST(zoom),
#undef LIST
};

#endif /* IMTC_TESTS_VECTORS_DISSECT_ALL_H */
