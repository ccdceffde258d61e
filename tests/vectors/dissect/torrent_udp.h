/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BitTorrent's datagrams: uTP (BEP 29), the distributed hash table (BEP 5), local
 * peer discovery (BEP 14), trackers over UDP (BEP 15).
 */
#define DHT_ID "id20:0123456789abcdef0123"

static const struct dissect_vector torrent_udp_vectors[] = {
	{ "uTP: first packet", UDP, CLIENT, IS(BITTORRENT, FILE, CLEAR, 0),
	  BYTES("\x41\x00\x53\x02\x10\xee\xb2\xf0\0\0\0\0\0\0\0\0\xe7\xf5\0\0") },
	{ "uTP: first packet with a window", UDP, CLIENT, IS(BITTORRENT, FILE, CLEAR, 0),
	  BYTES("\x41\x00\x45\x67\xed\x63\x92\x96\0\0\0\0\0\x10\0\0\x23\xc6\0\0") },
	{ "uTP: first packet, extended", UDP, CLIENT, IS(BITTORRENT, FILE, CLEAR, 0),
	  BYTES("\x41\x02\x45\x67\xed\x63\x92\x96\0\0\0\0\0\x04\0\0\x00\x01\0\0"
		"\0\x08\0\0\0\0\0\0\0\0") },
	{ "uTP: handshake", UDP, CLIENT, IS(BITTORRENT, FILE, CLEAR, 0), .client = "lt0D60",
	  BYTES("\x01\x00\x53\x03\x10\xf0\x68\x76\x09\xf1\x29\x17\0\x10\0\0\xe7\xf6\x49\xc6"
		"\x13" "BitTorrent protocol\0\0\0\0\0\x18\0\x05" "0123456789abcdef0123"
		"-lt0D60-abcdefghijkl") },
	{ "uTP: handshake behind an extension", UDP, SERVER, IS(BITTORRENT, FILE, CLEAR, 0),
	  BYTES("\x01\x01\x53\x03\x10\xf0\x68\x76\x09\xf1\x29\x17\0\x10\0\0\xe7\xf6\x49\xc6"
		"\x00\x04\x01\0\0\0" "\x13" "BitTorrent protocol\0\0\0\0\0\x18\0\x05") },
	{ "DHT: query", UDP, CLIENT, IS(BITTORRENT, NONE, CLEAR, 0),
	  BYTES("d1:ad2:" DHT_ID "e1:q4:ping1:t2:aa1:y1:qe") },
	{ "DHT: answer", UDP, SERVER, IS(BITTORRENT, NONE, CLEAR, 0),
	  BYTES("d1:rd2:" DHT_ID "e1:t2:aa1:v4:UT\x01\x02" "1:y1:re") },
	{ "DHT: answer with the asker's address (BEP 42)", UDP, SERVER,
	  IS(BITTORRENT, NONE, CLEAR, 0),
	  BYTES("d2:ip6:\xc0\0\x02\x01\x1a\xe1" "1:rd2:" DHT_ID "e1:t2:aa1:y1:re") },
	{ "DHT: error", UDP, SERVER, IS(BITTORRENT, NONE, CLEAR, 0),
	  BYTES("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee") },
	{ "local discovery", UDP, CLIENT, IS(BITTORRENT, NONE, CLEAR, 0),
	  BYTES("BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\n\r\n") },
	{ "tracker", UDP, CLIENT, IS(BITTORRENT, NONE, CLEAR, 0),
	  BYTES("\0\0\x04\x17\x27\x10\x19\x80\0\0\0\0\x12\x34\x56\x78") },

	{ "uTP: an answered first packet is none", UDP, CLIENT, IS_NONE,
	  BYTES("\x41\x00\x53\x02\x10\xee\xb2\xf0\0\0\0\0\0\0\0\0\xe7\xf5\0\x01") },
	{ "uTP: first packet with payload", UDP, CLIENT, IS_NONE,
	  BYTES("\x41\x01\x53\x02\x10\xee\xb2\xf0\0\0\0\0\0\0\0\0\xe7\xf5\0\0x") },
	{ "uTP: other data", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x00\x45\x68\xed\x7a\x59\x1d\0\0\0\xa7\0\x10\0\0\x23\xc7\x45\x66" "bla\n") },
	{ "uTP: extensions without an end", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x01\x53\x03\x10\xf0\x68\x76\x09\xf1\x29\x17\0\x10\0\0\xe7\xf6\x49\xc6"
		"\x01\x00\x01\x00\x01\x00\x01\x00\x13" "BitTorrent protocol") },
	{ "another dictionary", UDP, CLIENT, IS_NONE, BYTES("d3:foo3:bar1:z1:qe") },
	{ "text", UDP, CLIENT, IS_NONE, BYTES("d1:y1:qe") },
	{ "discovery of devices", UDP, CLIENT, IS_NONE,
	  BYTES("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n") },
	{ "tracker: another number", UDP, CLIENT, IS_NONE,
	  BYTES("\0\0\x04\x17\x27\x10\x19\x81\0\0\0\0\x12\x34\x56\x78") },
};
#undef DHT_ID
