/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XMPP: RFC 6120 4 (streams), 5 (STARTTLS), 6 (SASL), RFC 7395, XEP-0047, 0065,
 * 0095, 0096, 0167, 0220, 0234, 0114.
 */
static const struct dissect_vector xmpp_vectors[] = {
	{ "client to server", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "im.example.com",
	  BYTES("<?xml version='1.0'?><stream:stream from='juliet@im.example.com' "
		"to='im.example.com' version='1.0' xml:lang='en' xmlns='jabber:client' "
		"xmlns:stream='http://etherx.jabber.org/streams'>") },
	{ "no declaration, double quotes, xmlns first", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH),
	  .domain = "example.org",
	  BYTES("<stream:stream xmlns=\"jabber:client\" "
		"xmlns:stream=\"http://etherx.jabber.org/streams\" to=\"Example.ORG\">") },
	{ "white space and newlines between", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH),
	  .domain = "a.example",
	  BYTES(" \r\n<?xml version=\"1.0\" encoding='UTF-8' ?>\n\t<stream:stream\n to = 'a.example'\n"
		" xmlns='jabber:client'\n xmlns:stream='http://etherx.jabber.org/streams' >") },
	{ "another prefix", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "b.example",
	  BYTES("<flash:stream to='b.example' "
		"xmlns:flash='http://etherx.jabber.org/streams'>") },
	{ "byte order mark", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "c.example",
	  BYTES("\xef\xbb\xbf<?xml version='1.0'?><stream:stream to='c.example' "
		"xmlns='jabber:client'>") },
	{ "server to server", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "capulet.lit",
	  BYTES("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
		"xmlns='jabber:server' xmlns:db='jabber:server:dialback' "
		"to='capulet.lit' from='montague.lit'>") },
	{ "external component", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH),
	  .domain = "plays.shakespeare.lit",
	  BYTES("<stream:stream xmlns='jabber:component:accept' "
		"xmlns:stream='http://etherx.jabber.org/streams' to='plays.shakespeare.lit'>") },
	{ "server's answer", SERVER, IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "im.example.com",
	  BYTES("<?xml version='1.0'?><stream:stream from='im.example.com' "
		"id='++TR84Sm6A3hnt3Q065SnAbbk3Y=' to='juliet@im.example.com' version='1.0' "
		"xml:lang='en' xmlns='jabber:client' "
		"xmlns:stream='http://etherx.jabber.org/streams'>") },
	{ "server's answer with STARTTLS in one segment", SERVER,
	  IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "d.example",
	  BYTES("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
		" from='d.example' id='1' version='1.0'><stream:features>"
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
		"</stream:features>") },
	{ "no domain", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH),
	  BYTES("<stream:stream xmlns='jabber:client' version='1.0'>") },
	{ "address in place of a domain", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH),
	  BYTES("<stream:stream to='10.0.0.1' xmlns='jabber:client' version='1.0'>") },
	{ "WebSocket framing", CLIENT, IS(XMPP, PRESENCE, PENDING, WATCH), .domain = "example.com",
	  BYTES("<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" to=\"example.com\" "
		"version=\"1.0\" />") },
	{ "password without TLS in the first segment", CLIENT,
	  IS(XMPP, PRESENCE, CLEAR, WATCH | PASSWORD), .domain = "e.example",
	  BYTES("<stream:stream to='e.example' xmlns='jabber:client'>"
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGoAcA==</auth>") },

	{ "Google Talk", CLIENT, IS(GTALK, PRESENCE, PENDING, WATCH), .domain = "gmail.com",
	  BYTES("<stream:stream to='gmail.com' xmlns='jabber:client' "
		"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>") },
	{ "Facebook's chat", CLIENT, IS(MESSENGER, PRESENCE, PENDING, WATCH),
	  .domain = "chat.facebook.com",
	  BYTES("<stream:stream to='chat.facebook.com' xmlns='jabber:client'>") },
	{ "WhatsApp as it began", CLIENT, IS(WHATSAPP, PRESENCE, PENDING, 0),
	  .domain = "s.whatsapp.net",
	  BYTES("<stream:stream to=\"s.whatsapp.net\" xmlns=\"jabber:client\">") },
	{ "Bonjour", CLIENT, IS(BONJOUR, PRESENCE, PENDING, WATCH),
	  BYTES("<?xml version='1.0' encoding='UTF-8'?><stream:stream xmlns='jabber:client' "
		"xmlns:stream='http://etherx.jabber.org/streams' from='juliet@pronto' "
		"to='romeo@forza'>") },
	{ "Bonjour, answered", SERVER, IS(BONJOUR, PRESENCE, PENDING, WATCH),
	  BYTES("<stream:stream xmlns='jabber:client' "
		"xmlns:stream='http://etherx.jabber.org/streams' from='romeo@forza' "
		"to='juliet@pronto'>") },
	{ "BOSH", CLIENT, IS(XMPP, PRESENCE, CLEAR, WATCH), .domain = "example.com",
	  BYTES("<body content='text/xml; charset=utf-8' hold='1' rid='1573741820' "
		"to='example.com' xmlns='http://jabber.org/protocol/httpbind'/>") },
	{ "body of HTML", CLIENT, IS_NONE, BYTES("<body class='x'>") },

	{ "other XML", CLIENT, IS_NONE, BYTES("<?xml version='1.0'?><note><to>x</to></note>") },
	{ "XML of Flash", CLIENT, IS_NONE, BYTES("<policy-file-request/>") },
	{ "stream of another namespace", CLIENT, IS_NONE,
	  BYTES("<stream xmlns='urn:example:video' to='a.example'>") },
	{ "HTML", SERVER, IS_NONE, BYTES("<!DOCTYPE html><html>") },
	{ "processing instruction that is no declaration", CLIENT, IS_NONE, BYTES("<?php echo 1;") },
	{ "blank, then text", CLIENT, IS_NONE, BYTES("  hello\r\n") },
	{ "a tag that is a list", CLIENT, IS_NONE, BYTES("<stream:streams xmlns='jabber:client'>") },

	{ "stanza in the middle", CLIENT, .middle = 1, IS(XMPP, CHAT, CLEAR, WATCH),
	  BYTES("<message to='romeo@example.net' type='chat'><body>hi</body></message>") },
	{ "stream closed in the middle", CLIENT, .middle = 1, IS(XMPP, PRESENCE, CLEAR, WATCH),
	  BYTES("</stream:stream>") },
	{ "stanza at the start of a new flow", CLIENT, IS_NONE,
	  BYTES("<message to='romeo@example.net' type='chat'><body>hi</body></message>") },

	{ "STARTTLS asked for", CLIENT, WATCHED(XMPP, PRESENCE, PENDING), IS_NOTHING_NEW,
	  BYTES("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") },
	{ "STARTTLS agreed", SERVER, WATCHED(XMPP, PRESENCE, PENDING), IS_NOTHING_NEW,
	  BYTES("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") },
	{ "TLS begins", CLIENT, WATCHED(XMPP, PRESENCE, PENDING), IN_LAYER(STARTTLS),
	  IS(XMPP, CHAT, ENCRYPTED, 0),
	  BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03") },
	{ "a stream again, under another prefix", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS_NOTHING_NEW, BYTES("<?xml version='1.0'?><foo:stream xmlns:foo='http://etherx.jabber.org/"
		"streams' xmlns='jabber:client' to='b.example'></foo:stream>") },
	{ "a tag cut that may be STARTTLS", CLIENT, WATCHED(XMPP, PRESENCE, PENDING), IS_NOTHING_NEW,
	  BYTES("<start") },
	{ "a tag cut that is not", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS(XMPP, PRESENCE, CLEAR, WATCH), BYTES("<a ") },
	{ "SASL2 in clear", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS(XMPP, PRESENCE, CLEAR, WATCH),
	  BYTES("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'>") },
	{ "a stanza without attributes", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS(XMPP, PRESENCE, CLEAR, WATCH), BYTES("<message>") },
	{ "features of the server", SERVER, WATCHED(XMPP, PRESENCE, PENDING), IS_NOTHING_NEW,
	  BYTES("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
		"</starttls><sm xmlns='urn:xmpp:sm:3'/></stream:features>") },
	{ "SCRAM in clear", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS(XMPP, PRESENCE, CLEAR, WATCH),
	  BYTES("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biws</auth>") },
	{ "PLAIN in clear", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS(XMPP, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES("<auth mechanism=\"PLAIN\" xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGoAcA==</auth>") },
	{ "mechanisms offered are no password", SERVER, WATCHED(XMPP, PRESENCE, PENDING),
	  IS_NOTHING_NEW,
	  BYTES("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
		"<mechanism>PLAIN</mechanism></mechanisms></stream:features>") },
	{ "password of jabber:iq:auth", CLIENT, WATCHED(XMPP, PRESENCE, PENDING),
	  IS(XMPP, PRESENCE, CLEAR, WATCH | PASSWORD),
	  BYTES("<iq type='set'><query xmlns='jabber:iq:auth'><username>bill</username>"
		"<password>Calli0pe</password></query></iq>") },
	{ "chat", CLIENT, WATCHED(XMPP, PRESENCE, CLEAR), IS(XMPP, CHAT, CLEAR, WATCH),
	  BYTES("<message to='romeo@example.net'><body>Wherefore art thou?</body></message>") },
	{ "typing is not yet a message", CLIENT, WATCHED(XMPP, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  BYTES("<message to='a@b'><composing xmlns='http://jabber.org/protocol/chatstates'/>"
		"</message>") },
	{ "file by stream initiation", CLIENT, WATCHED(XMPP, CHAT, CLEAR),
	  IS(XMPP, FILE, CLEAR, WATCH),
	  BYTES("<iq type='set' id='offer1' to='receiver@jabber.org/resource'>"
		"<si xmlns='http://jabber.org/protocol/si' id='a0' "
		"profile='http://jabber.org/protocol/si/profile/file-transfer'>") },
	{ "file by Jingle", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS(XMPP, FILE, CLEAR, WATCH),
	  BYTES("<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'>") },
	{ "file in band", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS(XMPP, FILE, CLEAR, WATCH),
	  BYTES("<open xmlns='http://jabber.org/protocol/ibb' block-size='4096' sid='i781hf64'/>") },
	{ "file through SOCKS5", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS(XMPP, FILE, CLEAR, WATCH),
	  BYTES("<query xmlns='http://jabber.org/protocol/bytestreams' sid='vxf9n471bn46'>") },
	{ "a proxy is asked where it is", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("<iq type='get' to='proxy.example'>"
		"<query xmlns='http://jabber.org/protocol/bytestreams'/></iq>") },
	{ "call by Jingle", CLIENT, WATCHED(XMPP, PRESENCE, CLEAR), IS(XMPP, VOICE, CLEAR, WATCH),
	  BYTES("<content creator='initiator' name='voice'>"
		"<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>") },
	{ "video by Jingle", CLIENT, WATCHED(XMPP, VOICE, CLEAR), IS(XMPP, VIDEO, CLEAR, WATCH),
	  BYTES("<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>") },
	{ "Google's call", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS(XMPP, VOICE, CLEAR, WATCH),
	  BYTES("<description xmlns='http://www.google.com/session/phone'>") },
	{ "being able to is not doing", SERVER, WATCHED(XMPP, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
		"<feature var='http://jabber.org/protocol/si/profile/file-transfer'/>"
		"<feature var='urn:xmpp:jingle:apps:file-transfer:5'/></query></iq>") },
	{ "bytes of a SOCKS5 host", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS(XMPP, FILE, CLEAR, WATCH),
	  .expect = { { "192.168.4.1", 5086, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES("<query xmlns='http://jabber.org/protocol/bytestreams' sid='vxf9n471bn46'>"
		"<streamhost jid='a@b/c' host='192.168.4.1' port='5086'/>") },
	{ "candidates of a call", CLIENT, WATCHED(XMPP, VOICE, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "10.0.1.1", 8998, IMTC_L4_UDP, IMTC_FEATURE_VOICE },
		      { "2001:db8::9:1", 45664, IMTC_L4_TCP, IMTC_FEATURE_VOICE } },
	  BYTES("<candidate component='1' foundation='1' ip='10.0.1.1' network='1' port='8998' "
		"priority='2130706431' protocol='udp' type='host'/>"
		"<candidate port='45664' protocol='tcp' ip='2001:db8::9:1'/>") },
	{ "candidate of Google's", CLIENT, WATCHED(GTALK, VIDEO, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "203.0.113.4", 1234, IMTC_L4_UDP, IMTC_FEATURE_VIDEO } },
	  BYTES("<candidate name='rtp' address='203.0.113.4' port='1234' protocol='udp'/>") },
	{ "host by name is not known", CLIENT, WATCHED(XMPP, FILE, CLEAR), IS_NOTHING_NEW,
	  BYTES("<streamhost jid='p' host='proxy.example.com' port='7777'/>") },
	{ "Google's own namespace", SERVER, WATCHED(XMPP, PRESENCE, CLEAR),
	  IS(GTALK, PRESENCE, CLEAR, WATCH),
	  BYTES("<iq type='result'><query xmlns='google:jingleinfo'><stun>") },
	{ "what client it is", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS_NOTHING_NEW,
	  .client = "Exodus 0.7.0.4",
	  BYTES("<iq type='result'><query xmlns='jabber:iq:version'><name>Exodus</name>"
		"<version>0.7.0.4</version><os>Windows</os></query></iq>") },
	{ "client by its capabilities", CLIENT, WATCHED(XMPP, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  .client = "http://gajim.org",
	  BYTES("<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
		"node='http://gajim.org' ver='a='/></presence>") },
	{ "client by its resource", CLIENT, WATCHED(XMPP, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  .client = "Psi",
	  BYTES("<iq type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
		"<resource>Psi</resource></bind></iq>") },
	{ "file for a web server", CLIENT, WATCHED(XMPP, CHAT, CLEAR), IS(XMPP, FILE, CLEAR, WATCH),
	  BYTES("<request xmlns='urn:xmpp:http:upload:0' filename='a.jpg' size='23456'/>") },
	{ "chat does not undo a file", CLIENT, WATCHED(XMPP, FILE, CLEAR), IS_NOTHING_NEW,
	  BYTES("<message to='a@b'><body>got it?</body></message>") },
};
