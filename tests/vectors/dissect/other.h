/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What else a network carries: first payloads of protocols that are no IM, each
 * written from its own document. No dissector may take one of them for its own.
 */
/* The text, and zeros up to n bytes. */
#define PADDED(n, text) .bytes = (const char [n]){ text }, .len = (n)
/* Bytes as keys and ciphers are: 32 of them, no two alike. */
#define NOISE "\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\xf7\x90\x58\xa4\x3d\xc9\x71" \
	"\x0d\xe6\x82\x4b\xbf\x15\x69\xda\x37\xfc\x50\xa8\x1c\xd3\x74\x8e"

static const struct dissect_vector other_vectors[] = {
	/* --- mail and news: RFC 5321 3.1, RFC 3207 4, RFC 1939 7, RFC 9051 7.1.1, RFC 3977 5.1 --- */
	{ "SMTP greeting", SERVER, IS_NONE, BYTES("220 mail.example.org ESMTP ready\r\n") },
	{ "SMTP hello", CLIENT, IS_NONE, BYTES("EHLO a.example.org\r\n") },
	{ "SMTP mail", CLIENT, IS_NONE,
	  BYTES("HELO a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n") },
	{ "SMTP extensions", SERVER, IS_NONE,
	  BYTES("250-mail.example.org\r\n250-STARTTLS\r\n250 8BITMIME\r\n") },
	{ "POP3 greeting", SERVER, IS_NONE, BYTES("+OK POP3 server ready <1896.6971@a.example>\r\n") },
	{ "POP3 login", CLIENT, IS_NONE, BYTES("USER mrose\r\nPASS secret\r\nSTAT\r\n") },
	{ "IMAP greeting", SERVER, IS_NONE, BYTES("* OK IMAP4rev2 server ready\r\n") },
	{ "IMAP login", CLIENT, IS_NONE, BYTES("a1 LOGIN mrc secret\r\na2 SELECT INBOX\r\n") },
	{ "NNTP greeting", SERVER, IS_NONE, BYTES("200 news.example.org ready\r\n") },
	{ "NNTP reader", CLIENT, IS_NONE, BYTES("MODE READER\r\nGROUP misc.test\r\n") },
	/* --- files: RFC 959 4.1 and 5.4, RFC 3659 3, RFC 1350 5; rsync's and git's daemons --- */
	{ "FTP greeting", SERVER, IS_NONE, BYTES("220 ftp.example.org FTP server ready.\r\n") },
	{ "FTP login", CLIENT, IS_NONE, BYTES("USER anonymous\r\nPASS guest@a.example\r\nTYPE I\r\n") },
	{ "FTP over TLS", CLIENT, IS_NONE, BYTES("AUTH TLS\r\n") },
	{ "FTP account", CLIENT, IS_NONE, BYTES("ACCT wiz\r\nQUIT\r\n") },
	{ "TFTP read", UDP, CLIENT, IS_NONE, BYTES("\x00\x01pxelinux.0\0octet\0") },
	{ "TFTP data", UDP, SERVER, IS_NONE, PADDED(516, "\x00\x03\x00\x01" NOISE) },
	{ "rsync", CLIENT, IS_NONE, BYTES("@RSYNCD: 31.0\nmodule\n") },
	{ "git", CLIENT, IS_NONE, BYTES("0033git-upload-pack /project.git\0host=myserver.com\0") },
	/* MS-SMB2 2.1 and 2.2.3; MS-CIFS 2.2.4.52 */
	{ "SMB 2 negotiate", CLIENT, IS_NONE,
	  PADDED(104, "\x00\x00\x00\x64\xfe" "SMB\x40\x00\x00\x00\x00\x00\x00\x00\x1f\x00") },
	{ "SMB 1 negotiate", CLIENT, IS_NONE,
	  PADDED(55, "\x00\x00\x00\x33\xff" "SMBr\x00\x00\x00\x00\x18\x53\xc8") },
	/* RFC 5531 9 and 11: NULL of NFS version 3, by TCP with its record mark */
	{ "NFS by UDP", UDP, CLIENT, IS_NONE,
	  PADDED(40, "\x5a\x1e\x00\x07\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01\x86\xa3\x00\x00\x00\x03") },
	{ "NFS by TCP", CLIENT, IS_NONE,
	  PADDED(44, "\x80\x00\x00\x28\x5a\x1e\x00\x07\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01\x86\xa3"
		 "\x00\x00\x00\x03") },
	{ "portmapper's answer", UDP, SERVER, IS_NONE,
	  PADDED(28, "\x5a\x1e\x00\x07\x00\x00\x00\x01") },
	/* --- terminals: RFC 4253 4.2, RFC 854, RFC 6143 7.1.1, MS-RDPBCGR 2.2.1.1 --- */
	{ "SSH of a server", SERVER, IS_NONE, BYTES("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n") },
	{ "SSH of a client", CLIENT, IS_NONE, BYTES("SSH-2.0-PuTTY_Release_0.78\r\n") },
	{ "telnet negotiation", SERVER, IS_NONE,
	  BYTES("\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27") },
	{ "VNC", SERVER, IS_NONE, BYTES("RFB 003.008\n") },
	{ "RDP", CLIENT, IS_NONE,
	  BYTES("\x03\x00\x00\x2b\x26\xe0\x00\x00\x00\x00\x00" "Cookie: mstshash=eltons\r\n"
		"\x01\x00\x08\x00\x00\x00") },
	{ "X11", CLIENT, IS_NONE,
	  PADDED(48, "l\x00\x0b\x00\x00\x00\x12\x00\x10\x00\x00\x00MIT-MAGIC-COOKIE-1") },
	/* --- the web: RFC 9112 3 and 4, RFC 9113 3.4, RFC 8446 4.1.2 and 4.1.3 --- */
	{ "HTTP of an address", CLIENT, IS_NONE,
	  BYTES("GET /index.html HTTP/1.1\r\nHost: 192.0.2.7\r\nAccept: */*\r\n\r\n") },
	{ "HTTP answer", SERVER, IS_NONE,
	  BYTES("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\n"
		"Content-Length: 13\r\n\r\nHello, world!") },
	{ "HTTP/2 in clear", CLIENT, IS_NONE,
	  BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00") },
	{ "TLS hello without a name", CLIENT, IS_NONE,
	  BYTES("\x16\x03\x01\x00\x43\x01\x00\x00\x3f\x03\x03" NOISE "\x00"
		"\x00\x06\x13\x01\x13\x02\xc0\x2f\x01\x00"
		"\x00\x10\x00\x0a\x00\x04\x00\x02\x00\x1d\x00\x0d\x00\x04\x00\x02\x04\x03") },
	{ "TLS hello without extensions", CLIENT, IS_NONE,
	  BYTES("\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x01" NOISE "\x00\x00\x02\x00\x2f\x01\x00") },
	{ "TLS server hello", SERVER, IS_NONE,
	  BYTES("\x16\x03\x03\x00\x5a\x02\x00\x00\x56\x03\x03" NOISE "\x20" NOISE
		"\x13\x01\x00\x00\x0e\x00\x2b\x00\x02\x03\x04\x00\x33\x00\x04\x00\x1d\x00\x00"
		"\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x20" NOISE) },
	{ "TLS alert", SERVER, IS_NONE, BYTES("\x15\x03\x03\x00\x02\x02\x28") },
	{ "TLS data", CLIENT, IS_NONE, BYTES("\x17\x03\x03\x00\x20" NOISE) },
	{ "DTLS 1.2 hello of no call", UDP, SERVER, IS_NONE,	/* RFC 6347 4.3.2 */
	  BYTES("\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x02\x28") },
	{ "SSDP search", UDP, CLIENT, IS_NONE,	/* UPnP Device Architecture 1.1, 1.3.2 */
	  BYTES("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
		"MX: 2\r\nST: ssdp:all\r\n\r\n") },
	/* RFC 7826 13.1 and 20.2.2; RTMP 1.0 5.2.2 and 5.2.3 */
	{ "RTSP options", CLIENT, IS_NONE,
	  BYTES("OPTIONS rtsp://a.example/m RTSP/1.0\r\nCSeq: 1\r\n\r\n") },
	{ "RTSP describe", CLIENT, IS_NONE,
	  BYTES("DESCRIBE rtsp://a.example/m RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n\r\n") },
	{ "RTMP", CLIENT, IS_NONE, PADDED(200, "\x03\x00\x00\x12\x34\x00\x00\x00\x00" NOISE NOISE NOISE) },
	/* --- names and time: RFC 1035 4.1, 4.2.2; RFC 6762 18; RFC 5905 7.3 --- */
	{ "DNS query", UDP, CLIENT, IS_NONE,
	  BYTES("\x5d\x21\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07" "example\x03org\x00"
		"\x00\x01\x00\x01") },
	{ "DNS answer", UDP, SERVER, IS_NONE,
	  BYTES("\x5d\x21\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x03www\x07" "example\x03org\x00"
		"\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc0\x00\x02\x07") },
	{ "DNS by TCP", CLIENT, IS_NONE,
	  BYTES("\x00\x21\x5d\x21\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07" "example\x03org\x00"
		"\x00\x01\x00\x01") },
	{ "multicast DNS", UDP, CLIENT, IS_NONE,
	  BYTES("\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05_http\x04_tcp\x05local\x00"
		"\x00\x0c\x00\x01") },
	{ "NetBIOS name query", UDP, CLIENT, IS_NONE,	/* RFC 1002 4.2.12 */
	  BYTES("\x12\x34\x01\x10\x00\x01\x00\x00\x00\x00\x00\x00\x20" "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"\x00\x00\x21\x00\x01") },
	{ "NTP 4 client", UDP, CLIENT, IS_NONE,
	  PADDED(48, "\x23\x00\x06\xec\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
		 "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
		 "\x00\x00\x00\x00\x00\x00\x00\x00\xe9\x1b\x37\x5c\x4b\x02\xd9") },
	{ "NTP 4 server", UDP, SERVER, IS_NONE,
	  PADDED(48, "\x24\x02\x06\xe9\x00\x00\x0b\xb8\x00\x00\x02\x1c\xc0\x00\x02\x01" NOISE) },
	{ "NTP 3 client", UDP, CLIENT, IS_NONE, PADDED(48, "\x1b") },
	{ "DHCP discover", UDP, CLIENT, IS_NONE,	/* RFC 2131 2 */
	  PADDED(300, "\x01\x01\x06\x00\x39\x03\xf3\x26\x00\x00\x80") },
	/* --- management: RFC 1157 4, RFC 3412 6, RFC 2865 3, RFC 4120 5.4.1 and 7.2.2 --- */
	{ "SNMP 1 get", UDP, CLIENT, IS_NONE,
	  BYTES("\x30\x26\x02\x01\x00\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e"
		"\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00") },
	{ "SNMP 2c answer", UDP, SERVER, IS_NONE,
	  BYTES("\x30\x29\x02\x01\x01\x04\x06public\xa2\x1c\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x11"
		"\x30\x0f\x06\x08\x2b\x06\x01\x02\x01\x01\x05\x00\x04\x03hub") },
	{ "SNMP 3 discovery", UDP, CLIENT, IS_NONE,
	  BYTES("\x30\x3a\x02\x01\x03\x30\x0f\x02\x02\x4a\x69\x02\x03\x00\xff\xe3\x04\x01\x04\x02\x01\x03"
		"\x04\x10\x30\x0e\x04\x00\x02\x01\x00\x02\x01\x00\x04\x00\x04\x00\x04\x00\x30\x12\x04\x00"
		"\x04\x00\xa0\x0c\x02\x02\x37\xf0\x02\x01\x00\x02\x01\x00\x30\x00") },
	{ "RADIUS access request", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x2a\x00\x26\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\xf7\x90\x58\xa4\x3d\xc9\x71"
		"\x01\x06nemo\x04\x06\xc0\xa8\x01\x10\x05\x06\x00\x00\x00\x03") },
	{ "RADIUS access accept", UDP, SERVER, IS_NONE,
	  BYTES("\x02\x2a\x00\x1a\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\xf7\x90\x58\xa4\x3d\xc9\x71"
		"\x06\x06\x00\x00\x00\x01") },
	{ "RADIUS accounting", UDP, CLIENT, IS_NONE,
	  BYTES("\x04\x07\x00\x1a\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\xf7\x90\x58\xa4\x3d\xc9\x71"
		"\x28\x06\x00\x00\x00\x01") },
	{ "Kerberos request", UDP, CLIENT, IS_NONE,
	  BYTES("\x6a\x4a\x30\x48\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\x0a\xa4\x3c\x30\x3a\xa0\x07\x03\x05"
		"\x00\x40\x81\x00\x10\xa2\x0b\x1b\x09" "EXAMPLE.C\xa5\x11\x18\x0f" "20370913024805Z\xa7\x06"
		"\x02\x04\x1d\x0a\x51\x3b\xa8\x05\x30\x03\x02\x01\x12") },
	{ "Kerberos by TCP", CLIENT, IS_NONE,
	  BYTES("\x00\x00\x00\x2c\x6a\x2a\x30\x28\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\x0a\xa4\x1c\x30\x1a"
		"\xa0\x07\x03\x05\x00\x40\x81\x00\x10\xa2\x0f\x1b\x0d" "A.EXAMPLE.ORG" "\x00\x00") },
	{ "LDAP bind", CLIENT, IS_NONE,	/* RFC 4511 4.2 */
	  BYTES("\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00") },
	{ "syslog", UDP, CLIENT, IS_NONE,	/* RFC 5424 6.5, RFC 3164 5.4, RFC 6587 3.4.1 */
	  BYTES("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed") },
	{ "syslog of BSD", UDP, CLIENT, IS_NONE,
	  BYTES("<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!") },
	{ "syslog by TCP", CLIENT, IS_NONE,
	  BYTES("57 <165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 app - - -") },
	{ "BGP open", CLIENT, IS_NONE,	/* RFC 4271 4.1 and 4.2 */
	  BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x1d\x01\x04"
		"\xfd\xe8\x00\xb4\xc0\x00\x02\x01\x00") },
	{ "CoAP", UDP, CLIENT, IS_NONE,	/* RFC 7252 3 */
	  BYTES("\x40\x01\x7d\x34\xbbtemperature") },
	/* --- data bases and queues, from the protocols' own documents --- */
	{ "MySQL", SERVER, IS_NONE,
	  BYTES("\x4a\x00\x00\x00\x0a" "8.0.36\x00\x08\x00\x00\x00" "abcdefgh\x00\xff\xff\xff\x02\x00") },
	{ "PostgreSQL", CLIENT, IS_NONE,
	  BYTES("\x00\x00\x00\x20\x00\x03\x00\x00user\0alice\0database\0a\0\0") },
	{ "PostgreSQL asks for TLS", CLIENT, IS_NONE, BYTES("\x00\x00\x00\x08\x04\xd2\x16\x2f") },
	{ "Redis", CLIENT, IS_NONE, BYTES("*2\r\n$3\r\nGET\r\n$1\r\na\r\n") },
	{ "Redis in a line", CLIENT, IS_NONE, BYTES("PING\r\n") },
	{ "memcached", CLIENT, IS_NONE, BYTES("get a b c\r\n") },
	{ "AMQP 0-9-1", CLIENT, IS_NONE, BYTES("AMQP\x00\x00\x09\x01") },
	{ "ZMTP", CLIENT, IS_NONE, PADDED(64, "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL") },
	{ "Bitcoin", CLIENT, IS_NONE,
	  PADDED(126, "\xf9\xbe\xb4\xd9version\x00\x00\x00\x00\x00\x66\x00\x00\x00\x35\x8d\x49\x32") },
	/* --- small servers: RFC 1413 3, RFC 1288 2.5, RFC 1436 2, RFC 3912 2, RFC 2229 3.1 --- */
	{ "ident", CLIENT, IS_NONE, BYTES("6193, 23\r\n") },
	{ "finger", CLIENT, IS_NONE, BYTES("/W wiz\r\n") },
	{ "whois", CLIENT, IS_NONE, BYTES("domain example.org\r\n") },
	{ "DICT", SERVER, IS_NONE, BYTES("220 dict.example.org dictd <auth.mime> <100@a.example>\r\n") },
	/* --- tunnels: wireguard.com/protocol, OpenVPN's protocol, RFC 3948 2, RFC 7296 3.1 --- */
	{ "WireGuard initiation", UDP, CLIENT, IS_NONE,
	  PADDED(148, "\x01\x00\x00\x00\x5c\xa1\x7e\x33" NOISE NOISE NOISE) },
	{ "WireGuard response", UDP, SERVER, IS_NONE,
	  PADDED(92, "\x02\x00\x00\x00\x1b\x44\xd0\x92\x5c\xa1\x7e\x33" NOISE NOISE) },
	{ "WireGuard cookie", UDP, SERVER, IS_NONE, PADDED(64, "\x03\x00\x00\x00\x5c\xa1\x7e\x33" NOISE) },
	{ "WireGuard data", UDP, CLIENT, IS_NONE,
	  PADDED(128, "\x04\x00\x00\x00\x1b\x44\xd0\x92\x00\x00\x00\x00\x00\x00\x00\x00" NOISE NOISE) },
	{ "WireGuard keep-alive", UDP, CLIENT, IS_NONE,
	  BYTES("\x04\x00\x00\x00\x1b\x44\xd0\x92\x07\x00\x00\x00\x00\x00\x00\x00"
		"\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\xf7\x90\x58\xa4\x3d\xc9\x71") },
	{ "OpenVPN reset", UDP, CLIENT, IS_NONE,
	  BYTES("\x38\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\x00\x00\x00\x00\x00") },
	{ "OpenVPN reset of a server", UDP, SERVER, IS_NONE,
	  BYTES("\x40\x69\xda\x37\xfc\x50\xa8\x1c\xd3\x01\x00\x00\x00\x00\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e"
		"\x00\x00\x00\x00") },
	{ "OpenVPN data", UDP, CLIENT, IS_NONE, BYTES("\x48\x00\x00\x05" NOISE NOISE) },
	{ "OpenVPN by TCP", CLIENT, IS_NONE,
	  BYTES("\x00\x0e\x38\x1f\xe2\x47\xd8\x03\x6c\xb5\x2e\x00\x00\x00\x00\x00") },
	{ "IPsec keep-alive", UDP, CLIENT, IS_NONE, BYTES("\xff") },
	{ "IPsec in UDP", UDP, CLIENT, IS_NONE, BYTES("\xc3\x5a\x11\x9e\x00\x00\x00\x01" NOISE NOISE) },
	{ "IKE 2 behind NAT", UDP, CLIENT, IS_NONE,
	  PADDED(300, "\x00\x00\x00\x00\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x00\x00\x00\x00\x00\x00\x00\x00"
		 "\x21\x20\x22\x08\x00\x00\x00\x00\x00\x00\x01\x28") },
	{ "IKE 2", UDP, CLIENT, IS_NONE,
	  PADDED(296, "\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5\x00\x00\x00\x00\x00\x00\x00\x00"
		 "\x21\x20\x22\x08\x00\x00\x00\x00\x00\x00\x01\x28") },
	{ "L2TP", UDP, CLIENT, IS_NONE,	/* RFC 2661 3.1 and 6.1 */
	  PADDED(60, "\xc8\x02\x00\x3c\x00\x00\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x01") },
	{ "PPTP", CLIENT, IS_NONE,	/* RFC 2637 1.4 and 2.1 */
	  PADDED(156, "\x00\x9c\x00\x01\x1a\x2b\x3c\x4d\x00\x01\x00\x00\x01\x00") },
	{ "Tor's cells inside of TLS", CLIENT, IS_NONE,
	  BYTES("\x00\x00\x07\x00\x06\x00\x03\x00\x04\x00\x05") },
	/* --- games: Quake III's and Valve's queries, RakNet, Minecraft's handshake --- */
	{ "Quake III", UDP, CLIENT, IS_NONE, BYTES("\xff\xff\xff\xffgetinfo xxx") },
	{ "Quake III's master", UDP, CLIENT, IS_NONE, BYTES("\xff\xff\xff\xffgetservers 68 empty full") },
	{ "Source engine", UDP, CLIENT, IS_NONE,
	  BYTES("\xff\xff\xff\xff\x54Source Engine Query\0") },
	{ "Source engine's players", UDP, SERVER, IS_NONE, BYTES("\xff\xff\xff\xff\x41\x4b\xa1\xd5\x22") },
	{ "RakNet ping", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x00\x00\x00\x00\x00\x12\xd6\x87\x00\xff\xff\x00\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd"
		"\x12\x34\x56\x78\x9b\x1f\xe2\x47\xd8\x03\x6c\xb5") },
	{ "RakNet open", UDP, CLIENT, IS_NONE,
	  PADDED(1464, "\x05\x00\xff\xff\x00\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd\x12\x34\x56\x78\x0b") },
	{ "Minecraft", CLIENT, IS_NONE, BYTES("\x10\x00\xfd\x05\x09localhost\x63\xdd\x01") },
	{ "Unreal Tournament", UDP, CLIENT, IS_NONE, BYTES("\\status\\") },
};

#undef NOISE
