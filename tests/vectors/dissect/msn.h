/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSN: MSNP (draft-movva-msn-messenger-protocol-00 and the later dialects'
 * first lines), switchboard sessions, invitations, MSNSLP, MSNFTP.
 */
#define MSN_INVITE(guid) \
	"MSG 4 N 90\r\nMIME-Version: 1.0\r\n" \
	"Content-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n" \
	"Application-Name: x\r\nApplication-GUID: {" guid "}\r\nInvitation-Command: INVITE\r\n"
#define MSN_SLP(guid) \
	"INVITE MSNMSGR:bob@example.com MSNSLP/1.0\r\nTo: <msnmsgr:bob@example.com>\r\n" \
	"Content-Type: application/x-msnmsgr-sessionreqbody\r\n\r\nEUF-GUID: {" guid "}\r\n"

static const struct dissect_vector msn_vectors[] = {
	{ "version", CLIENT, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("VER 1 MSNP18 MSNP17 CVR0\r\n") },
	{ "old version", CLIENT, IS(MSN, PRESENCE, CLEAR, WATCH), BYTES("VER 0 MSNP7 MSNP6 CVR0\r\n") },
	{ "server's version", SERVER, IS(MSN, PRESENCE, CLEAR, WATCH), BYTES("VER 1 MSNP18\r\n") },
	{ "client's version first", CLIENT, IS(MSN, PRESENCE, CLEAR, WATCH),
	  .client = "MSNMSGR 8.5.1302",
	  BYTES("CVR 2 0x0409 winnt 6.0.0 i386 MSNMSGR 8.5.1302 BC01 alice@example.com\r\n") },
	{ "login", CLIENT, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("USR 3 TWN I alice@example.com\r\n") },
	{ "referral", SERVER, IS(MSN, PRESENCE, CLEAR, WATCH),
	  .expect = { { "207.46.106.118", 1863, IMTC_L4_TCP, IMTC_FEATURE_PRESENCE } },
	  BYTES("XFR 3 NS 207.46.106.118:1863 0 207.46.104.20:1863\r\n") },
	{ "switchboard, opened", CLIENT, IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("USR 1 alice@example.com 1876433.1078446\r\n") },
	{ "switchboard, answered", CLIENT, IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("ANS 1 bob@example.com 849102291.520491113 11752013\r\n") },
	{ "MSNFTP", CLIENT, IS(MSN, FILE, CLEAR, 0), BYTES("VER MSNFTP\r\n") },
	{ "MSNFTP, answered", SERVER, IS(MSN, FILE, CLEAR, 0), BYTES("VER MSNFTP\r\n") },
	{ "direct connection", CLIENT, IS(MSN, FILE, CLEAR, 0), BYTES("\4\0\0\0foo\0") },
	{ "ping in the middle", CLIENT, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("PNG\r\n") },

	{ "message in the middle", CLIENT, .middle = 1, IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("MSG 77 U 89\r\nMIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\n") },
	{ "message of the server in the middle", SERVER, .middle = 1, IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("MSG bob@example.com Bob 133\r\nMIME-Version: 1.0\r\n") },
	{ "friend comes, in the middle", SERVER, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("NLN NLN bob@example.com Bob 0\r\n") },
	{ "friend was there, in the middle", SERVER, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("ILN 9 AWY 1:bob@example.com Bob 268435456\r\n") },
	{ "friend goes, in the middle", SERVER, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("FLN bob@example.com\r\n") },
	{ "state changed, in the middle", CLIENT, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("CHG 10 BSY 268435500\r\n") },
	{ "join, in the middle", SERVER, .middle = 1, IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("JOI bob@example.com Bob\r\n") },
	{ "roster, in the middle", SERVER, .middle = 1, IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("IRO 1 1 2 bob@example.com Bob\r\n") },
	{ "called, in the middle", SERVER, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  .expect = { { "192.0.2.5", 1863, IMTC_L4_TCP, IMTC_FEATURE_CHAT } },
	  BYTES("RNG 11752013 192.0.2.5:1863 CKI 849102291.520491113 bob@example.com Bob\r\n") },
	{ "ping answered, in the middle", SERVER, .middle = 1, IS(MSN, PRESENCE, CLEAR, WATCH),
	  BYTES("QNG 45\r\n") },
	{ "a sentence in the middle", CLIENT, .middle = 1, IS_NONE, BYTES("BYE for now\r\n") },
	{ "no state in the middle", CLIENT, .middle = 1, IS_NONE, BYTES("NLN all bob@a.b\r\n") },
	{ "SMTP's answer in the middle", SERVER, .middle = 1, IS_NONE, BYTES("250 OK\r\n") },
	{ "ping at the start of a new flow", CLIENT, IS_NONE, BYTES("PNG\r\n") },
	{ "version of something else", CLIENT, IS_NONE, BYTES("VER 1 FOO2\r\n") },
	{ "no number", CLIENT, IS_NONE, BYTES("VER one MSNP18\r\n") },
	{ "FTP login", CLIENT, IS_NONE, BYTES("USER alice\r\n") },
	{ "no address", CLIENT, IS_NONE, BYTES("USR 1 alice ticket\r\n") },
	{ "four bytes of length", CLIENT, IS_NONE, BYTES("\4\0\0\0abcd") },
	{ "answer without an address", CLIENT, IS_NONE, BYTES("ANS 1 42\r\n") },

	{ "chat", CLIENT, WATCHED(MSN, PRESENCE, CLEAR), IS(MSN, CHAT, CLEAR, WATCH),
	  BYTES("MSG 2 N 130\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		"X-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=22\r\n\r\nHello!") },
	{ "typing", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES("MSG 2 U 91\r\nMIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\n") },
	{ "file, old", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, FILE, CLEAR, WATCH),
	  BYTES(MSN_INVITE("5D3E02AB-6190-11d3-BBBB-00C04F795683")) },
	{ "voice", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, VOICE, CLEAR, WATCH),
	  BYTES(MSN_INVITE("02D3C01F-BF30-4825-A83A-DE7AF41648AA")) },
	{ "application sharing", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, SCREEN, CLEAR, WATCH),
	  BYTES(MSN_INVITE("F1B1920C-6A3C-4ce7-B18C-AFAB305FD03D")) },
	{ "remote assistance", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, REMOTE, CLEAR, WATCH),
	  BYTES(MSN_INVITE("56b994a7-380f-410b-9985-c809d78c1bdc")) },
	{ "game", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, GAME, CLEAR, WATCH),
	  BYTES(MSN_INVITE("8DAE4336-2B71-11D4-9A6C-006067325E47")) },
	{ "file by MSNSLP", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, FILE, CLEAR, WATCH),
	  BYTES(MSN_SLP("5D3E02AB-6190-11D3-BBBB-00C04F795683")) },
	{ "picture by MSNSLP", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, IMAGE, CLEAR, WATCH),
	  BYTES(MSN_SLP("A4268EEC-FEC5-49E5-95C3-F126696BDBF6")) },
	{ "webcam by MSNSLP", SERVER, WATCHED(MSN, CHAT, CLEAR), IS(MSN, VIDEO, CLEAR, WATCH),
	  BYTES(MSN_SLP("4BD96FC0-AB17-4425-A14A-439185962DC8")) },
	{ "whiteboard", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS(MSN, WHITEBOARD, CLEAR, WATCH),
	  BYTES("MSG 4 N 120\r\nMIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite\r\n\r\n"
		"Application-Name: Whiteboard\r\n"
		"Application-GUID: {F1B1920C-6A3C-4ce7-B18C-AFAB305FD03D}\r\n") },
	{ "behind a message without a line's end", CLIENT, WATCHED(MSN, PRESENCE, CLEAR),
	  IS(MSN, CHAT, CLEAR, WATCH), .client = "MSNMSGR 7.0",
	  BYTES("MSG 2 N 28\r\nContent-Type: text/plain\r\n\r\n"
		"CVR 3 0x0409 winnt 5.1 i386 MSNMSGR 7.0 MSMSGS a@b.c\r\n") },
	{ "switchboard", SERVER, WATCHED(MSN, PRESENCE, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "207.46.108.37", 1863, IMTC_L4_TCP, IMTC_FEATURE_CHAT } },
	  BYTES("XFR 15 SB 207.46.108.37:1863 CKI 17262740.1050826919.32308\r\n") },
	{ "MSNFTP's sender", SERVER, WATCHED(MSN, FILE, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "203.0.113.4", 6891, IMTC_L4_TCP, IMTC_FEATURE_FILE } },
	  BYTES("MSG a@b.c A 69\r\nInvitation-Command: ACCEPT\r\nIP-Address: 203.0.113.4\r\n"
		"Port: 6891\r\n\r\n\r\n") },
	{ "direct connection, both ends", CLIENT, WATCHED(MSN, VIDEO, CLEAR), IS_NOTHING_NEW,
	  .expect = { { "192.168.1.2", 3345, 0, IMTC_FEATURE_VIDEO },
		      { "203.0.113.4", 6891, 0, IMTC_FEATURE_VIDEO } },
	  BYTES("IPv4Internal-Addrs: 192.168.1.2 10.0.0.1\r\nIPv4Internal-Port: 3345\r\n"
		"IPv4External-Addrs: 203.0.113.4\r\nIPv4External-Port: 6891\r\n") },
	{ "unknown application", CLIENT, WATCHED(MSN, CHAT, CLEAR), IS_NOTHING_NEW,
	  BYTES(MSN_INVITE("00000000-0000-0000-0000-000000000000")) },
};
#undef MSN_INVITE
#undef MSN_SLP
