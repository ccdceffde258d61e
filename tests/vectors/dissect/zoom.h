/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zoom: the hello is a match; media and probes are claims, as bpf/dissect/zoom.h
 * describes them.
 */
#define TOKEN "token-of-16-byte"
#define RTP "\x90\x62\x12\x34" "time" "\x01\x00\x09\x01" "payload"
#define PROBE(kind, zeros) kind zeros "\x12" "time" "\x00\x27\x2e\xc9" "\x01\x05" \
	"0123456789012345678901234567890123456789012345678901234567890123" "45"

static const struct dissect_vector zoom_vectors[] = {
	{ "hello", UDP, CLIENT, IS(ZOOM, VIDEO, ENCRYPTED, 0),
	  BYTES("\x01\x00\x02" TOKEN "\x00\x00\x00\x00\x00\x00\x00\x02"
		"\x00\x7a\x00\x2a\x00\x7a\x00\x2a\x00\x00\x00\x40" "0123456789abcdef01234567") },
	{ "audio to a server", UDP, CLIENT, CLAIMS(ZOOM, 3),
	  BYTES("\x05\x0f\x31\x00\x27\x2e\xc9\x00" "\x0f" "23456789012345678." RTP) },
	{ "video from a server", UDP, SERVER, CLAIMS(ZOOM, 3),
	  BYTES("\x05\x0f\x31\x00\x27\x2e\xc9\x04" "\x10" "2345678901234567890123." RTP) },
	{ "a screen between peers", UDP, CLIENT, CLAIMS(ZOOM, 3),
	  BYTES("\x1e" "234567890123456789." RTP) },
	{ "between peers", UDP, CLIENT, CLAIMS(ZOOM, 3), BYTES("\x1f\x02\x01\x00" "0123456789") },
	{ "probe", UDP, CLIENT, CLAIMS(ZOOM, 3), BYTES(PROBE("\x03", "\0\0\0")) },

	{ "a hello too short", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x00\x03" TOKEN "\x00\x00\x00\x00\x00\x00\x00\x02" "01234567") },
	{ "another kind of hello", UDP, CLIENT, IS_NONE,
	  BYTES("\x01\x00\x04" TOKEN "\x00\x00\x00\x00\x00\x00\x00\x02"
		"\x00\x7a\x00\x2a\x00\x7a\x00\x2a\x00\x00\x00\x40" "0123456789abcdef01234567") },
	{ "no RTP where it should be", UDP, CLIENT, IS_NONE,
	  BYTES("\x05\x0f\x31\x00\x27\x2e\xc9\x00" "\x0f" "234567890123456789012" RTP) },
	{ "a direction there is not", UDP, CLIENT, IS_NONE,
	  BYTES("\x05\x0f\x31\x00\x27\x2e\xc9\x01" "\x0f" "23456789012345678." RTP) },
	{ "RTP cut", UDP, CLIENT, IS_NONE,
	  BYTES("\x05\x0f\x31\x00\x27\x2e\xc9\x00" "\x0f" "23456789012345678." "\x90\x62\x12") },
	{ "a probe without zeros", UDP, CLIENT, IS_NONE, BYTES(PROBE("\x03", "\0\1\0")) },
};
#undef TOKEN
#undef RTP
#undef PROBE
