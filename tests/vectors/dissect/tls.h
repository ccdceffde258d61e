/* SPDX-License-Identifier: GPL-2.0-only */
/* TLS that is no ClientHello with a name: RFC 8446 5.1, 4.1.2. Those are built (hello.h). */
static const struct dissect_vector tls_vectors[] = {
	{ "application data", CLIENT, IS_NONE, BYTES("\x17\x03\x03\x00\x20" "0123456789") },
	{ "alert", CLIENT, IS_NONE, BYTES("\x15\x03\x01\x00\x02\x02\x28") },
	{ "another handshake", CLIENT, IS_NONE, BYTES("\x16\x03\x01\x00\x5a\x10\x00\x00\x56\x03\x03") },
	{ "another major version", CLIENT, IS_NONE, BYTES("\x16\x04\x01\x00\x5a\x01\x00\x00\x56") },
	{ "empty record", CLIENT, IS_NONE, BYTES("\x16\x03\x03\x00\x00\x01\x00\x00") },
	{ "record too long", CLIENT, IS_NONE, BYTES("\x16\x03\x01\xff\xff\x01\x00\x00\x56\x03\x03") },
	{ "hello too short", CLIENT, IS_NONE, BYTES("\x16\x03\x01\x00\x24\x01\x00\x00\x20\x03\x03") },
};
