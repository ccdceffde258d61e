/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SIP: RFC 3261 (requests, responses), RFC 3428 (MESSAGE), RFC 3856, 3903
 * (presence), RFC 4566 (SDP), RFC 4975 (MSRP), RFC 5547 (files).
 */
#define SIP_INVITE(len, sdp) \
	"INVITE sip:bob@biloxi.example.com SIP/2.0\r\n" \
	"Via: SIP/2.0/TCP pc33.atlanta.example.com;branch=z9hG4bKnashds8\r\n" \
	"CSeq: 314159 INVITE\r\nContent-Type: application/sdp\r\n" \
	"Content-Length: " len "\r\n\r\n" sdp

static const struct dissect_vector sip_vectors[] = {
	{ "MESSAGE over UDP", UDP, CLIENT, IS(SIP, CHAT, CLEAR, WATCH), .domain = "domain.com",
	  BYTES("MESSAGE sip:user2@domain.com SIP/2.0\r\nVia: SIP/2.0/UDP user1pc.domain.com\r\n"
		"CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 18\r\n\r\n"
		"Watson, come here.") },
	{ "MESSAGE over TCP", CLIENT, IS(SIP, CHAT, CLEAR, WATCH), .domain = "domain.com",
	  BYTES("MESSAGE sip:user2@domain.com SIP/2.0\r\nCSeq: 1 MESSAGE\r\n"
		"Content-Length: 18\r\n\r\nWatson, come here.") },
	{ "blank lines before", CLIENT, IS(SIP, CHAT, CLEAR, WATCH), .domain = "domain.com",
	  BYTES("\r\n\r\nMESSAGE sip:user2@domain.com SIP/2.0\r\nl: 2\r\n\r\nhi") },
	{ "REGISTER", UDP, CLIENT, IS(SIP, LOGIN, CLEAR, WATCH), .domain = "registrar.biloxi.com",
	  BYTES("REGISTER sip:registrar.biloxi.com:5060 SIP/2.0\r\nCSeq: 1826 REGISTER\r\n"
		"Content-Length: 0\r\n\r\n") },
	{ "REGISTER with Basic", UDP, CLIENT, IS(SIP, LOGIN, CLEAR, WATCH | PASSWORD),
	  .domain = "a.example",
	  BYTES("REGISTER sip:a.example SIP/2.0\r\nAuthorization: Basic YTpi\r\n\r\n") },
	{ "REGISTER with Digest", UDP, CLIENT, IS(SIP, LOGIN, CLEAR, WATCH),
	  .domain = "a.example",
	  BYTES("REGISTER sip:a.example SIP/2.0\r\nAuthorization: Digest username=\"a\"\r\n\r\n") },
	{ "SUBSCRIBE", UDP, CLIENT, IS(SIP, PRESENCE, CLEAR, WATCH), .domain = "example.com",
	  BYTES("SUBSCRIBE sip:resource@example.com;transport=udp SIP/2.0\r\nEvent: presence\r\n"
		"Content-Length: 0\r\n\r\n") },
	{ "PUBLISH", UDP, CLIENT, IS(SIP, PRESENCE, CLEAR, WATCH), .domain = "example.com",
	  BYTES("PUBLISH sip:presentity@example.com SIP/2.0\r\nEvent: presence\r\n\r\n") },
	{ "call", CLIENT, IS(SIP, VOICE, CLEAR, WATCH), .domain = "biloxi.example.com",
	  BYTES(SIP_INVITE("34", "v=0\r\nm=audio 49172 RTP/AVP 0\r\n\r\n\r\n")) },
	{ "video call", CLIENT, IS(SIP, VIDEO, CLEAR, WATCH), .domain = "biloxi.example.com",
	  BYTES(SIP_INVITE("58", "v=0\r\nm=audio 49172 RTP/AVP 0\r\n"
				 "m=video 51372 RTP/AVP 31\r\n\r\n")) },
	{ "call that refuses video", CLIENT, IS(SIP, VOICE, CLEAR, WATCH),
	  .domain = "biloxi.example.com",
	  BYTES(SIP_INVITE("52", "v=0\r\nm=audio 49172 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n")) },
	{ "MSRP session", CLIENT, IS(SIP, CHAT, CLEAR, WATCH), .domain = "biloxi.example.com",
	  BYTES(SIP_INVITE("56", "v=0\r\nm=message 7394 TCP/MSRP *\r\na=accept-types:*\r\n\r\n\r\n\r\n")) },
	{ "file over MSRP", CLIENT, IS(SIP, FILE, CLEAR, WATCH), .domain = "biloxi.example.com",
	  BYTES(SIP_INVITE("78", "v=0\r\nm=message 7654 TCP/MSRP *\r\n"
				 "a=file-selector:name:\"a.jpg\" type:image/jpeg\r\n")) },
	{ "response", UDP, SERVER, IS(SIP, LOGIN, CLEAR, WATCH),
	  BYTES("SIP/2.0 200 OK\r\nCSeq: 1826 REGISTER\r\nContent-Length: 0\r\n\r\n") },
	{ "response over TCP", SERVER, IS(SIP, CHAT, CLEAR, WATCH),
	  BYTES("SIP/2.0 202 Accepted\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n") },
	{ "call that offers no media yet", UDP, CLIENT, IS(SIP, VOICE, CLEAR, WATCH),
	  .domain = "c.example",
	  BYTES("INVITE sip:b@c.example SIP/2.0\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n") },
	{ "call of media unknown", UDP, CLIENT, IS(SIP, NONE, CLEAR, WATCH), .domain = "c.example",
	  BYTES("INVITE sip:b@c.example SIP/2.0\r\nContent-Length: 5\r\n\r\nv=0\r\n") },
	{ "call that is ringing", SERVER, IS(SIP, VOICE, CLEAR, WATCH),
	  BYTES("SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n") },
	{ "call that is given up", UDP, CLIENT, IS(SIP, VOICE, CLEAR, WATCH), .domain = "c.example",
	  BYTES("CANCEL sip:b@c.example SIP/2.0\r\nCSeq: 1 CANCEL\r\n\r\n") },
	{ "to an address", UDP, CLIENT, IS(SIP, NONE, CLEAR, WATCH),
	  BYTES("OPTIONS sip:100@192.0.2.7 SIP/2.0\r\nContent-Length: 0\r\n\r\n") },
	{ "to a telephone", UDP, CLIENT, IS(SIP, NONE, CLEAR, WATCH),
	  BYTES("BYE tel:+358-555-1234567 SIP/2.0\r\nContent-Length: 0\r\n\r\n") },

	{ "HTTP OPTIONS", UDP, CLIENT, IS_NONE, BYTES("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "RTSP OPTIONS", CLIENT, IS_NONE, BYTES("OPTIONS rtsp://a.example/x RTSP/1.0\r\nCSeq: 1\r\n\r\n") },
	{ "RTSP answer", SERVER, IS_NONE, BYTES("RTSP/1.0 200 OK\r\n\r\n") },
	{ "SSDP", UDP, CLIENT, IS_NONE, BYTES("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n") },
	{ "a sentence", UDP, CLIENT, IS_NONE, BYTES("MESSAGE of the day\r\n") },
	{ "another version", UDP, CLIENT, IS_NONE, BYTES("INVITE sip:a@b.c SIP/3.0\r\n\r\n") },
	{ "cut datagram", UDP, CLIENT, IS_NONE, BYTES("INVITE sip:a@b.c SI") },

	{ "message", CLIENT, WATCHED(SIP, PRESENCE, CLEAR), IS(SIP, CHAT, CLEAR, WATCH),
	  BYTES("MESSAGE sip:a@b.example SIP/2.0\r\nContent-Length: 2\r\n\r\nhi") },
	{ "call", CLIENT, WATCHED(SIP, PRESENCE, CLEAR), IS(SIP, VOICE, CLEAR, WATCH),
	  BYTES(SIP_INVITE("34", "v=0\r\nm=audio 49172 RTP/AVP 0\r\n\r\n\r\n")) },
	{ "call that offers no media yet", CLIENT, WATCHED(SIP, LOGIN, CLEAR),
	  IS(SIP, VOICE, CLEAR, WATCH),
	  BYTES("INVITE sip:b@c.example SIP/2.0\r\nContent-Length: 0\r\n\r\n") },
	{ "chat session that is ringing", SERVER, WATCHED(SIP, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n") },
	{ "answer with video", UDP, SERVER, WATCHED(SIP, VOICE, CLEAR), IS(SIP, VIDEO, CLEAR, WATCH),
	  BYTES("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\nm=audio 1 RTP/AVP 0\r\n"
		"m=video 2 RTP/AVP 31\r\n") },
	{ "rest of a message", CLIENT, WATCHED(SIP, NONE, CLEAR), IS(SIP, VOICE, CLEAR, WATCH),
	  BYTES("m=audio 49172 RTP/AVP 0\r\n") },
	{ "call, and where to", UDP, CLIENT, WATCHED(SIP, PRESENCE, CLEAR),
	  IS(SIP, VIDEO, CLEAR, WATCH), .client = "Linphone/3.6.1 (eXosip2/4.1.0)",
	  .expect = { { "192.0.2.7", 49172, IMTC_L4_UDP, IMTC_FEATURE_VOICE },
		      { "192.0.2.8", 51372, IMTC_L4_UDP, IMTC_FEATURE_VIDEO },
		      { "192.0.2.7", 49173, IMTC_L4_UDP, IMTC_FEATURE_VOICE },
		      { "192.0.2.8", 51373, IMTC_L4_UDP, IMTC_FEATURE_VIDEO } },
	  BYTES("INVITE sip:b@c.example SIP/2.0\r\nUser-Agent: Linphone/3.6.1 (eXosip2/4.1.0)\r\n\r\n"
		"v=0\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 49172 RTP/AVP 0\r\n"
		"m=video 51372 RTP/AVP 31\r\nc=IN IP4 192.0.2.8\r\n") },
	{ "call over IPv6, answered", CLIENT, WATCHED(SIP, VOICE, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "2001:db8::9", 30000, IMTC_L4_UDP, IMTC_FEATURE_VOICE },
		      { "2001:db8::9", 30001, IMTC_L4_UDP, IMTC_FEATURE_VOICE } },
	  BYTES("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\nContent-Length: 48\r\n\r\n"
		"c=IN IP6 2001:db8::9\r\nm=audio 30000 RTP/AVP 0\r\n\r\n") },
	{ "file over MSRP, and where to", SERVER, WATCHED(SIP, PRESENCE, CLEAR),
	  IS(SIP, FILE, CLEAR, WATCH),
	  .expect = { { "198.51.100.4", 7654, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES("INVITE sip:b@c.example SIP/2.0\r\nContent-Length: 85\r\n\r\n"
		"c=IN IP4 198.51.100.4\r\nm=message 7654 TCP/MSRP *\r\n"
		"a=file-selector:name:\"a\" size:9\r\n\r\n") },
	{ "file over HTTP", CLIENT, WATCHED(SIP, CHAT, CLEAR), IS(SIP, FILE, CLEAR, WATCH),
	  BYTES("MESSAGE sip:b@c.example SIP/2.0\r\n"
		"Content-Type: application/vnd.gsma.rcs-ft-http+xml\r\nContent-Length: 0\r\n\r\n") },
	{ "two messages in a segment", CLIENT, WATCHED(SIP, PRESENCE, CLEAR),
	  IS(SIP, CHAT, CLEAR, WATCH),
	  BYTES("OPTIONS sip:b@c.example SIP/2.0\r\nContent-Length: 0\r\n\r\n"
		"MESSAGE sip:b@c.example SIP/2.0\r\nContent-Length: 2\r\n\r\nhi") },
	{ "keep-alive", CLIENT, WATCHED(SIP, CHAT, CLEAR), IS_NOTHING_NEW, BYTES("\r\n\r\n") },
};
#undef SIP_INVITE
