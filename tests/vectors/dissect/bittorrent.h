/* SPDX-License-Identifier: GPL-2.0-only */
/* BitTorrent over TCP: the peers' handshake (BEP 3, BEP 20), trackers over HTTP (BEP 3, BEP 48). */
#define BT_HASH "0123456789abcdef0123"

static const struct dissect_vector bittorrent_vectors[] = {
	{ "handshake", CLIENT, IS(BITTORRENT, FILE, CLEAR, 0), .client = "UT3550",
	  BYTES("\x13" "BitTorrent protocol\0\0\0\0\0\x10\0\x05" BT_HASH "-UT3550-abcdefghijkl") },
	{ "handshake of a client without Azureus' style", SERVER, IS(BITTORRENT, FILE, CLEAR, 0),
	  .client = "",
	  BYTES("\x13" "BitTorrent protocol\0\0\0\0\0\0\0\0" BT_HASH "M7-10-0--abcdefghijk") },
	{ "handshake without the rest", CLIENT, IS(BITTORRENT, FILE, CLEAR, 0), .client = "",
	  BYTES("\x13" "BitTorrent protocol") },
	{ "announce", CLIENT, IS(BITTORRENT, FILE, CLEAR, 0),
	  BYTES("GET /announce?info_hash=%124Vx%9A%BC&peer_id=-TR3000-") },
	{ "announce with a key in the path", CLIENT, IS(BITTORRENT, FILE, CLEAR, 0),
	  BYTES("GET /0123456789abcdef/announce?compact=1&info_hash=") },
	{ "scrape", CLIENT, IS(BITTORRENT, FILE, CLEAR, 0), BYTES("GET /scrape?info_hash=") },

	{ "another name", CLIENT, IS_NONE, BYTES("\x13" "BitTorrent protocoL") },
	{ "another length", CLIENT, IS_NONE, BYTES("\x12" "BitTorrent protocol") },
	{ "the hash is no part of the target", CLIENT, IS_NAMED("example.com", CLEAR),
	  BYTES("GET / HTTP/1.1\r\nHost: example.com\r\nX: info_hash=\r\n\r\n") },
};
#undef BT_HASH
